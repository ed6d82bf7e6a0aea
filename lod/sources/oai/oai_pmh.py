"""OAI-PMH responses, saved one by one or one after the other, and records without their envelope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from lod.record import Record, Tombstone
from lod.report import INCOMPLETE
from lod.settings.table import Settings
from lod.sources.oai.payloads import KNOWN, payload_names, read_payload
from lod.sources.parsing.xml_files import FoundElement, XmlElement, iter_elements, local_name, namespace, text_of
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.payload import Payload
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, prolog_end

OAI = "http://www.openarchives.org/OAI/2.0/"

ROOT = "OAI-PMH"
"""Name of the outermost element of a response."""

NOTHING_FOUND = frozenset({"noRecordsMatch", "idDoesNotExist"})
"""Error codes that say that there is no such record, and not that the request or the provider failed."""

_ENVELOPE = frozenset({"record", "error", "ListIdentifiers"})
_PARTS = frozenset({"record", "records", "ListRecords", "GetRecord"})
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
_WITHIN = re.compile(rf"<(?:[\w.-]{{1,255}}:)?{ROOT}\s[^<>]{{0,4000}}>")
_HANDLE = re.compile(r"(?!10\.)\d+(?:\.\w+)*/\S+")
_COLLECTION = re.compile(r"(?:col|hdl)_(\d[\d.]*)_(\S+)")
_SIGNS = re.compile(
    rb"<(?:[\w.-]{1,255}:)?(?:header(?=[\s>])|resumptionToken(?P<attributes>(?:\s[^<>]*+)?)(?<!/)>"
    rb"(?:\s{0,99}+<!\[CDATA\[(?P<cdata>[^\]]{1,9999}+)\]\]>|(?P<token>[^<]++)<))"
)
_NUMBERS = re.compile(rb"(completeListSize|cursor)\s{0,99}=\s{0,99}[\"'](\d{1,18})")
_CONTINUES = re.compile(rb"<(?:[\w.-]+:)?request\s[^<>]*?resumptionToken\s*=\s*[\"']([^\"']*)")


def detect_oai_pmh(head: bytes, path: Path) -> bool:
    """Return whether a file is an OAI-PMH response, a record of one, or metadata such as a response wraps."""
    del path
    return bool(_names(head_text(head))[0])


def _names(text: str) -> tuple[frozenset[str], str]:
    """Return the names of the elements that hold the records of a file that starts so, none where it is no such file.

    Beside them `ROOT` for a whole response: a program's notices may stand before it and after it.
    """
    at = prolog_end(text)
    root = _ROOT.match(text, at)
    name = root[1] if root else ""
    if name == ROOT:
        return _ENVELOPE, ROOT
    if name in _PARTS:
        is_part = OAI in text or ("<header" in text and "<metadata" in text)
        return (_ENVELOPE if is_part else payload_names(text[at:], name)), ""
    if names := payload_names(text[at:], name) if root else frozenset():
        return names, ""
    # JSON that quotes a response is none.
    within = None if text[at : at + 1] in ("{", "[", '"') else _WITHIN.search(text, at)
    return (_ENVELOPE, ROOT) if within and OAI in within[0] else (frozenset(), "")


def read_oai_pmh(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record, a tombstone or a violation for each record of a file, and remarks about its responses.

    The form of the metadata is detected from the metadata. A deleted record is a tombstone. Sets that DSpace names after
    collections ("col_1721.1_42001") are the collections.

    Raises:
        SourceError: the file breaks off, or is not well-formed outside of its records.
    """
    names, root = _names(head_text(file.head()))
    elements = iter_elements(file, names, settings, root=root)
    ignored = Ignored(file, {})
    yield from records_of(file, elements, lambda found: [_read(file, found, ignored)], attrgetter("where"))
    yield from ignored.remark()


def _read(file: SourceFile, found: FoundElement, ignored: Ignored) -> Item:
    name = local_name(found.element)
    if name == "record":
        return _item(file, found, ignored)
    if name == "error":
        return _error(file, found)
    if name == "ListIdentifiers":
        return file.remark(
            "oai-headers",
            f"{found.where}: the response lists headers only, so that there is nothing to publish in it; harvest "
            "with the verb ListRecords",
        )
    return _record(file, found.where, found.element, None, ignored)


def _item(file: SourceFile, found: FoundElement, ignored: Ignored) -> Item:
    header = _child(found.element, "header")
    metadata = _child(found.element, "metadata")
    if header is not None and header.get("status") == "deleted":
        identifier, datestamp = _text(header, "identifier"), _text(header, "datestamp")
        handle = _handle(identifier)
        return Tombstone(
            file.source,
            file.place(found.where),
            handle=handle,
            oai_identifier=identifier or None,
            removed=datestamp or None,
        )
    # An XOAI payload is itself named "metadata"; a record file may lack the element around it.
    payload = next(iter(metadata), None) if metadata is not None else None
    if payload is None:
        return file.unreadable(
            "oai-no-metadata",
            found.where,
            f"the record {_text(header, 'identifier') or 'here'} has no metadata and is not marked as deleted; "
            "harvest it again",
        )
    if any(local_name(child) not in {"header", "metadata"} for child in found.element.iterchildren("*")):
        ignored.count("about", "what the provider says of the record, not of the item")
    return _record(file, found.where, payload, header, ignored)


def _record(file: SourceFile, where: str, root: XmlElement, header: XmlElement | None, ignored: Ignored) -> Item:
    payload = read_payload(root)
    if payload is None:
        return file.unreadable(
            "oai-payload",
            where,
            f"metadata of the form {{{namespace(root)}}}{local_name(root)} is not known; known: {', '.join(KNOWN)}. "
            "Harvest with one of these metadata prefixes",
        )
    if payload.refused:
        return file.unreadable("oai-payload", where, payload.refused)
    identifier = _text(header, "identifier")
    if not payload.values:
        return file.unreadable(
            "oai-no-metadata",
            where,
            f"the metadata of {identifier or 'the record'} is empty: no element in it has a text; look at the record in "
            "its repository",
            value=identifier,
        )
    ignored.take(payload.left_out)
    if header is not None and _child(header, "setSpec") is not None:
        ignored.count("setSpec", "how the provider groups its records; collections of DSpace are taken from it")
    return Record(
        file.source,
        file.place(where),
        payload.values,
        handle=payload.handle,
        oai_identifier=identifier or None,
        modified=_text(header, "datestamp") or None,
        collections=_collections(payload, header),
        files=payload.files,
    )


def _handle(identifier: str) -> str | None:
    """Return the handle in an OAI identifier as DSpace makes it: "oai:dspace.mit.edu:1721.1/112746"."""
    local = identifier.split(":", 2)[2] if identifier.startswith("oai:") and identifier.count(":") >= 2 else ""
    return local if _HANDLE.fullmatch(local) else None


def _collections(payload: Payload, header: XmlElement | None) -> tuple[str, ...]:
    """Return handles of collections: what the metadata says, and the sets that DSpace makes of collections."""
    sets = [text_of(child).strip() for child in header if local_name(child) == "setSpec"] if header is not None else []
    handles = [
        f"{match[1]}/{match[2]}" for name in sets if name.startswith("col_") and (match := _COLLECTION.fullmatch(name))
    ]
    return tuple(dict.fromkeys((*payload.collections, *handles)))


def _error(file: SourceFile, found: FoundElement) -> Item:
    code, text = found.element.get("code", ""), " ".join(text_of(found.element).split())
    message = f"the provider answered with the error {code}" + (f" ({text})" if text else "")
    if code in NOTHING_FOUND:
        return file.remark("oai-error", f"{found.where}: {message}, so that there is no record in it", value=code)
    return file.unreadable(
        "oai-error",
        found.where,
        f"{message}; records may be missing, so that nothing is removed. Harvest it again",
        value=code,
    )


def missing_pages(files: Sequence[SourceFile]) -> Iterator[Item]:
    """Yield a violation for each response that ends with a resumption token which no other response continues.

    Some providers send a token after the last record, too: where all records that they count are there, nothing is missing.
    """
    tokens: dict[str, tuple[SourceFile, _ListSize]] = {}
    continued: set[str] = set()
    records = 0
    for file in files:
        with file.reading() as stream:
            rest = b""
            before = records
            while chunk := stream.read1(1 << 20):
                text = rest + chunk
                continued.update(map(_token, _CONTINUES.findall(text)))
                end = 0
                for sign in _SIGNS.finditer(text):
                    end = sign.end()
                    token = sign["cdata"] or sign["token"]
                    if token is None:
                        records += 1
                    else:
                        tokens[_token(token)] = file, _list_size(sign["attributes"], records - before)
                        before = records
                rest = text[max(end, len(text) - 4096) :]
    for token, (file, size) in tokens.items():
        if token and token not in continued and not (size.records and records >= size.records <= size.reached):
            yield file.unreadable(
                INCOMPLETE,
                "the end",
                f"the response goes on under the resumption token {token[:80]!r}, and no file has "
                "that part; what is missing is not removed. Harvest the rest, or the whole set again",
            )


class _ListSize(NamedTuple):
    """How many records a provider counts in a list (completeListSize, 0 if it does not), and how many of them end with a response."""

    records: int
    reached: int


def _list_size(attributes: bytes, in_response: int) -> _ListSize:
    said = {name: int(number) for name, number in _NUMBERS.findall(attributes)}
    size = said.get(b"completeListSize", 0)
    return _ListSize(size, said[b"cursor"] + in_response if b"cursor" in said else size)


def _token(written: bytes) -> str:
    # Some providers write the characters of a token percent-encoded in one place and plain in the other.
    return unquote(unescape(written.decode("utf-8", "replace"))).strip()


def _child(element: XmlElement, name: str) -> XmlElement | None:
    return next((child for child in element if local_name(child) == name), None)


def _text(element: XmlElement | None, name: str) -> str:
    child = _child(element, name) if element is not None else None
    return text_of(child).strip() if child is not None else ""
