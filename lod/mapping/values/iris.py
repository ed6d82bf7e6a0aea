"""IRI minting: the keys of things, and how they are escaped (MODEL section 3)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from lod.errors import BadValueError
from lod.mapping.values.identifiers import FORMS, read_doi, read_handle
from lod.mapping.values.text import folded
from lod.record import Record, Tombstone, Value
from lod.settings.table import KEY_SCHEMES

LONGEST_KEY = 8_000
"""Longest key, in characters: most web servers accept no longer addresses."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OAI = re.compile(r"oai:([^:]+):(.+)")
_MEANT = re.compile(
    r"https?://hdl\.handle\.net/|https?://[^/\s]+/(?:[^?#\s]*/)?handle/|hdl:|(?!10\.)\d+(?:\.\w+)*/", re.IGNORECASE
)
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


def item_key(record: Record | Tombstone, own_prefix: str = "", key_from: Sequence[str] = ()) -> str:
    """Return the key of an item: its handle, else its UUID, else its OAI identifier, else what the site has chosen.

    Source: MODEL sections 3.1 and 3.3; docs/adr/0013. Of several handles the first with the repository's own prefix
    counts. `key_from` is `Settings.key_from`: nothing but handle, UUID and OAI identifier unless a site says so. What a file
    of RDF says of a resource is keyed by both (docs/adr/0018).

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
        return chosen[1]
    names = (
        [value.field for value in record.values if value.field.endswith(_NAMED)] if isinstance(record, Record) else []
    )
    offered = chosen_key(record, [*KEY_SCHEMES, *names])
    way_out = (
        f'; or let the site make IRIs of other identifiers: key_from = "{offered[0]}" in lod.toml' if offered else ""
    )
    raise BadValueError(
        "the record has no handle, no UUID and no OAI identifier, so it cannot be given a lasting IRI; "
        f"add its handle as dc.identifier.uri, or its UUID in the column 'id'{way_out}"
    )


def lesser_keys(record: Record) -> list[str]:
    """Return the keys that a record would have without its handle: by its UUID and by its OAI identifier."""
    bare = replace(record, handle=None, values=())
    alone = (replace(bare, oai_identifier=None), replace(bare, uuid=None))
    keys = []
    for reduced in alone:
        with suppress(BadValueError):
            keys.append(item_key(reduced))
    return keys


def chosen_key(record: Record | Tombstone, key_from: Sequence[str]) -> tuple[str, str, int] | None:
    """Return which of the names in `key_from` gives a record its key, the key, and the position of its value.

    A scheme's name takes the first identifier of that scheme ("doi/10.1136/ard.2009.123463"), a field's name the first
    value of the field ("bibtex.key/adams2001").
    """
    values = list(enumerate(record.values)) if isinstance(record, Record) else []
    for name in key_from:
        for index, value in values:
            if name not in KEY_SCHEMES and value.field == name and value.text.strip():
                return name, f"{exact_key(name)}/{exact_key(value.text)}", index
            if name in KEY_SCHEMES and value.field in (f"dc.identifier.{name}", *_ANY_IDENTIFIER):
                with suppress(BadValueError):
                    return name, f"{name}/{_scheme_key(name, value)}", index
    return None


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
    try:
        read_doi(text)
    except BadValueError:
        try:
            return read_handle(text, labelled=labelled)
        except BadValueError:
            return None
    return None


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
