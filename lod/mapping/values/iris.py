"""IRI minting: the keys of things, and how they are escaped (MODEL section 3)."""

from __future__ import annotations

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from lod.errors import BadValueError
from lod.mapping.values.identifiers import FORMS, read_doi, read_handle
from lod.mapping.values.text import folded
from lod.record import Record, Tombstone, Value
from lod.settings.rows import toml
from lod.settings.table import AUTO_KEYS, KEY_SCHEMES

LONGEST_KEY = 8_000
"""Longest key, in characters: most web servers accept no longer addresses."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OAI = re.compile(r"oai:([^:]+):(.+)")
_MEANT = re.compile(
    r"https?://hdl\.handle\.net/|https?://[^/\s]+/(?:[^?#\s]*/)?handle/|hdl:|(?!10\.)\d+(?:\.\w+)*/", re.IGNORECASE
)
_OWN_HANDLE = re.compile(r"(?:^|[/:])\d")
"""A handle of a repository, which starts with a number, in what was meant as one; "hdl:loc.music/1" is a handle elsewhere."""
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")


@lru_cache(maxsize=131_072)
def name_key(text: str) -> str:
    """Return the folded key of a name, heading or label: "Lupus, Systemic" is "lupus%2C_systemic"."""
    return "_".join(escaped(part) for part in folded(text).split(" "))


@lru_cache(maxsize=65_536)
def exact_key(text: str) -> str:
    """Return the exact key of an identifier: NFC, trimmed, case kept, percent-encoded."""
    return escaped(unicodedata.normalize("NFC", text).strip())


def escaped(text: str) -> str:
    """Return a text with all but what RFC 3986 calls unreserved percent-encoded as UTF-8: clients undo any other escape."""
    if _PLAIN.fullmatch(text):
        return text
    return quote(text, safe="-._~", errors="replace")


def handle_key(handle: str) -> str:
    """Return the path of a handle: slashes stay, unless URL normalisation would eat a segment."""
    prefix, _, suffix = unicodedata.normalize("NFC", handle).strip().partition("/")
    if any(segment in {"", ".", ".."} for segment in suffix.split("/")):
        return f"{prefix}/{escaped(suffix).replace('.', '%2E')}"
    return f"{prefix}/{'/'.join(escaped(segment) for segment in suffix.split('/'))}"


def hash16(text: str) -> str:
    """Return 16 hex digits of the SHA-256 of the folded text: key of a thing known by its name only."""
    return hashlib.sha256(folded(text).encode("utf-8", "replace")).hexdigest()[:16]


def hash8(text: str) -> str:
    """Return 8 hex digits of the SHA-256 of the folded text."""
    return hash16(text)[:8]


def item_key(record: Record | Tombstone, own_prefix: str = "", key_from: Sequence[str] = (AUTO_KEYS,)) -> str:
    """Return the key of an item: its handle, else its UUID, else its OAI identifier, else what `key_from` chooses.

    Source: MODEL sections 3.1 and 3.3; docs/adr/0013. Of several handles the first with the repository's own prefix
    counts. `key_from` is `Settings.key_from`. What a file of RDF says of a resource is keyed by both (docs/adr/0018).

    Raises:
        BadValueError: the record has none of them, or one of more than `LONGEST_KEY` characters; inventing one would give an
            IRI that breaks at the first correction.
    """
    key = _item_key(record, own_prefix, key_from)
    if len(key) > LONGEST_KEY:
        raise BadValueError(
            f"what names the record, {key[:60]}…, is {len(key):,} characters long in an IRI, and no more than {LONGEST_KEY:,} can "
            "be looked up; correct the identifier at its source"
        )
    return key


def _item_key(record: Record | Tombstone, own_prefix: str, key_from: Sequence[str]) -> str:
    if isinstance(record, Record) and record.about:
        return f"rdf/{escaped(Path(record.source).name)}/{escaped(record.about)}"
    handles = [record.handle] if record.handle else []
    if isinstance(record, Record):
        handles += _handles_among(record)
    if handles:
        own = [handle for handle in handles if own_prefix and handle.startswith(f"{own_prefix}/")]
        return handle_key((own or handles)[0])
    if record.uuid and _UUID.fullmatch(record.uuid.strip()):
        return f"uuid/{record.uuid.strip().lower()}"
    if record.oai_identifier:
        match = _OAI.fullmatch(record.oai_identifier.strip())
        host, local = (match[1], match[2]) if match else ("unknown", record.oai_identifier.strip())
        return f"oai/{exact_key(host)}/{exact_key(local)}"
    chosen = chosen_key(record, key_from)
    if chosen:
        return chosen.key
    raise BadValueError(_keyless(record, key_from))


def _keyless(record: Record | Tombstone, key_from: Sequence[str]) -> str:
    """Return why a record has no key, with what to write into lod.toml for it; alike for all records of one cause."""
    tried = (
        "nothing else that names it"
        if AUTO_KEYS in key_from
        else f"nothing that key_from names ({', '.join(key_from)})"
    )
    message = (
        f"the record has no handle, no UUID and no OAI identifier{f', and {tried}' if key_from else ''}, "
        "so it cannot be given a lasting IRI; "
    )
    offered = None if AUTO_KEYS in key_from else chosen_key(record, [*KEY_SCHEMES, AUTO_KEYS])
    if offered:
        names = [*key_from, offered.name if offered.name in KEY_SCHEMES else AUTO_KEYS]
        return f"{message}let the site make IRIs of what it has: key_from = {toml(tuple(names))} in lod.toml"
    path = Path(record.source)
    by_column = (
        ""
        if _TABLES.isdisjoint(path.suffixes)
        else f", or say which column names the records: lod coverage {shlex.quote(str(path))} --site DIR --write"
    )
    if isinstance(record, Record) and not record.origin.name and _row_id(record, "source"):
        return (
            f"{message}its own number names it only as part of a source with a name. Write into lod.toml, and publish the "
            f'source by its name: [[source]] with name = "{_source_name(path)}" and path = {toml(str(path))}{by_column}'
        )
    has_title = isinstance(record, Record) and any(value.field == "dc.title" for value in record.own_values)
    by_title = (
        ""
        if by_column or not has_title
        else f", or let titles name what has nothing else: key_from = {toml((*key_from, 'dc.title'))} in lod.toml, with which a "
        "corrected title is a new IRI"
    )
    return (
        f"{message}add its handle as dc.identifier.uri, its UUID in the column 'uuid', or its DOI as dc.identifier.doi"
        f"{by_column}{by_title}"
    )


_TABLES = frozenset({".csv", ".tsv", ".xlsx", ".ods"})
"""Endings of tables, of which a column may name the records."""


def _source_name(path: Path) -> str:
    """Return a name for a source that a file could be, such as "theses" for "Theses.csv.gz"."""
    return re.sub(r"[^a-z0-9]{1,64}", "-", path.name.partition(".")[0].lower()[:64]).strip("-") or "source"


def lesser_keys(record: Record) -> list[str]:
    """Return the keys that a record would have without its handle: by its UUID and by its OAI identifier."""
    if not record.uuid and not record.oai_identifier and not record.about:
        return []
    bare = replace(record, handle=None, values=())
    alone = (replace(bare, oai_identifier=None), replace(bare, uuid=None))
    keys = []
    for reduced in alone:
        with suppress(BadValueError):
            keys.append(item_key(reduced))
    return keys


class ChosenKey(NamedTuple):
    """The key that an identifier gives a record: the scheme or field, the key, and the identifier; its position if it is a value."""

    name: str
    key: str
    text: str
    position: int | None


def chosen_key(record: Record | Tombstone, key_from: Sequence[str]) -> ChosenKey | None:
    """Return which of the names in `key_from` gives a record its key, None where none does.

    A scheme's name takes the first identifier of that scheme ("doi/10.1136/ard.2009.123463"), a field's name the first
    value of the field ("bibtex.key/adams2001"), `AUTO_KEYS` what is natural to the format of the record.
    """
    if not isinstance(record, Record):
        return None
    for name in key_from:
        found = _natural_key(record) if name == AUTO_KEYS else _key_by(record, name)
        if found:
            return found
    return None


def other_keys(record: Record) -> Iterator[str]:
    """Yield the keys that a record may have had under other settings, or before it had its handle."""
    yield from lesser_keys(record)
    for scheme in KEY_SCHEMES:
        if found := _key_by(record, scheme):
            yield found.key
    spaces = dict.fromkeys(filter(None, (record.origin.name, file_name(record))))
    names = [(value.field, value.text) for value in record.own_values]
    for field, text in (*names, *([(_ROW, record.uuid)] if record.uuid else [])):
        if text.strip() and len(text) <= _LONGEST_NAME and not re.search(r"\s", text.strip()):
            yield f"{exact_key(field)}/{exact_key(text)}"
            yield from (f"{exact_key(field)}/{exact_key(space)}/{exact_key(text)}" for space in spaces)


def file_name(record: Record) -> str:
    """Return the name of the file that a record was read from, without the ending of a gzipped one."""
    return _file_name(record.source)


@lru_cache(maxsize=64)
def _file_name(source: str) -> str:
    return Path(source).name.removesuffix(".gz")


def is_named_by_file(key: str, record: Record) -> bool:
    """Return whether a key holds for one file only: the file's name is in it, and another of that name is another source."""
    return not record.origin.name and key.count("/") == 2 and key.split("/")[1] == exact_key(file_name(record))


def is_known_worldwide(key: str) -> bool:
    """Return whether a key is an identifier that is known worldwide and that no repository gave its item, such as a DOI."""
    return key.partition("/")[0] in _WORLDWIDE.union(KEY_SCHEMES)


def _natural_key(record: Record) -> ChosenKey | None:
    if _OWN_HANDLE.search(damaged_handle(record)):
        # It has a handle, and gets its key when that is mended.
        return None
    for name in (*record.origin.keys, *KEY_SCHEMES):
        if found := _key_by(record, name, _space_of(record)):
            return found
    for name in _ADDRESSES:
        if found := _key_by(record, name, takes=_ADDRESS):
            return found
    if record.uuid and _is_worldwide(_ROW, record.uuid.strip()):
        return ChosenKey(_ROW, f"{_ROW}/{exact_key(record.uuid)}", record.uuid.strip(), None)
    return _row_id(record, record.origin.name) if record.origin.name else None


def _row_id(record: Record, space: str) -> ChosenKey | None:
    """Return the key by the id that a record has in its own source, which has a name."""
    for value in record.own_values:
        if value.field.endswith(_NAMED) and (found := _key_by(record, value.field, space)):
            return found
    if record.uuid and record.uuid.strip():
        return ChosenKey(_ROW, f"{_ROW}/{exact_key(space)}/{exact_key(record.uuid)}", record.uuid.strip(), None)
    return None


def _space_of(record: Record) -> str:
    return record.origin.name or file_name(record)


def _key_by(
    record: Record, name: str, space: str = "", *, takes: re.Pattern[str] = re.compile(r".", re.DOTALL)
) -> ChosenKey | None:
    """Return the key by a scheme or a field; what is unique in one source only is put into its space.

    Of a field the first value counts that `takes` matches.
    """
    is_scheme = name in KEY_SCHEMES
    for index, value in enumerate(record.own_values):
        if is_scheme and value.field in (f"dc.identifier.{name}", *_ANY_IDENTIFIER):
            with suppress(BadValueError):
                return ChosenKey(name, f"{name}/{_scheme_key(name, value)}", value.text.strip(), index)
        elif not is_scheme and value.field == name and takes.match(text := value.text.strip()):
            within = f"{exact_key(space)}/" if space and not _is_worldwide(name, text) else ""
            return ChosenKey(name, f"{exact_key(name)}/{within}{exact_key(text)}", text, index)
    return None


def _is_worldwide(field: str, text: str) -> bool:
    return field in _WORLDWIDE or bool(_ADDRESS.match(text)) or (field == "marc.001" and bool(_AGENCY.match(text)))


def _scheme_key(scheme: str, value: Value) -> str:
    # In a field for identifiers of any scheme a bare number may be anything.
    if value.field in _ANY_IDENTIFIER and scheme != "doi" and not _LABELLED.match(value.text):
        raise BadValueError("no identifier of the scheme")
    identifier = FORMS[scheme](value.text)
    return handle_key(identifier) if scheme == "doi" else exact_key(identifier)


def handle_of(text: str, *, labelled: bool = False) -> str | None:
    """Return the handle in a value of dc.identifier.uri, None where it holds none (a DOI is none).

    With `labelled` only a resolver's address or "hdl:" makes a handle: "2010/11" may be anything.
    """
    # Key, identifier, source and lists of one record ask for its handle.
    return (_handle_once if len(text) <= LONGEST_KEY else _handle)(text, labelled)


def _handle(text: str, labelled: bool) -> str | None:
    try:
        read_doi(text)
    except BadValueError:
        try:
            return read_handle(text, labelled=labelled)
        except BadValueError:
            return None
    return None


_handle_once = lru_cache(maxsize=1_024)(_handle)


def damaged_handle(record: Record | Tombstone) -> str:
    """Return the value of dc.identifier.uri that was meant as a handle and is none, "" where there is none."""
    if isinstance(record, Record):
        for value in record.values:
            if (
                value.field == "dc.identifier.uri"
                and _MEANT.match(value.text.strip())
                and handle_of(value.text) is None
            ):
                return value.text.strip()
    return ""


def _handles_among(record: Record) -> list[str]:
    """Return the handles of the fields: those of dc.identifier.uri, then those that other fields label as handles."""
    uris = [handle_of(value.text) for value in record.values if value.field == "dc.identifier.uri"]
    others = [handle_of(value.text, labelled=True) for value in record.values if value.field in _OTHER_FIELDS]
    return [handle for handle in (*uris, *others) if handle]


_OTHER_FIELDS = frozenset({"dcterms.identifier", "dc.identifier"})
_ANY_IDENTIFIER = frozenset({*_OTHER_FIELDS, "dc.identifier.uri", "dc.identifier.other"})
_NAMED = (".id", ".key", ".recordIdentifier", ".local", ".pid")
_LABELLED = re.compile(r"\s*(?:https?://|pmid|pmc|arxiv)", re.IGNORECASE)
_ADDRESSES = (
    "edm.isShownAt",
    "dc.identifier.uri",
    "dcterms.identifier",
    "dc.identifier",
    "dc.identifier.other",
    "dc.identifier.urn",
)
"""Fields whose values name a record where they are web addresses or URNs, after all schemes."""
_ADDRESS = re.compile(r"(?:https?://[^/\s]{1,255}/|urn:)\S{1,2048}\Z", re.IGNORECASE)
_WORLDWIDE = frozenset({"dc.identifier.isi", "dc.identifier.scopus", "doaj.id", "lens.id", "opencitations.id"})
"""Fields whose values are known worldwide, though they are neither of a scheme nor addresses."""
_AGENCY = re.compile(r"\([A-Za-z][\w-]{1,20}\)")
"""The agency before a control number of MARC, of which it is unique."""
_ROW = "id"
_LONGEST_NAME = 300
