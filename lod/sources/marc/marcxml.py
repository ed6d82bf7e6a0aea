"""MARCXML: collections and single records, with and without a namespace, and the answers of SRU that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from lod.settings.table import Settings
from lod.sources.marc.fields import MarcField, MarcRecord, Subfield
from lod.sources.marc.records import UNIMARC, MarcFile, is_unimarc
from lod.sources.marc.values import marc_values
from lod.sources.parsing.xml_files import FoundElement, XmlElement, iter_elements, local_name, text_of
from lod.sources.reading.payload import Payload
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, prolog_end

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_FIELD = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:(?:datafield|controlfield)\s[^<>]{0,200}\btag\s*=|leader>\s{0,9}[\d ]{5}\w)"
)
_METADATA = re.compile(r"<(?:[\w.-]{1,40}:)?metadata[\s>]")
_PROTOCOL = re.compile(r"<(?:[\w.-]{1,40}:)?(?:OAI-PMH|ListRecords|GetRecord|mets)[\s>]")
_OAI = "http://www.openarchives.org/OAI/2.0/"
_PARTS = frozenset({"leader", "controlfield", "datafield"})


def detect_marcxml(head: bytes, path: Path) -> bool:
    """Return whether a file is XML with fields of MARC that no other protocol wraps."""
    del path
    text = head_text(head)
    start = prolog_end(text)
    if not text.startswith("<", start) or _PROTOCOL.match(text, start) or (_OAI in text and _METADATA.search(text)):
        return False
    return _FIELD.search(text) is not None


def read_marcxml(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each element `record` with fields.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of its records.
    """
    marc = MarcFile(file)

    def read_one(found: FoundElement) -> Iterator[Item]:
        elements = list(_records(found.element))
        if not elements:
            yield file.unreadable(
                "no-metadata",
                found.where,
                "the record is empty: it has no leader and no field; fill it in or delete it",
            )
        for element in elements:
            yield from marc.items(marc_record(element), found.where, oai_identifier=_identifier(element))

    yield from records_of(file, iter_elements(file, {"record"}, settings), read_one, attrgetter("where"))
    yield from marc.remarks()


def marc_payload(root: XmlElement) -> Payload:
    """Return what a record of MARCXML in a response says."""
    elements = list(_records(root))
    if not elements:
        return Payload(())
    record = marc_record(elements[0])
    if is_unimarc(record):
        return Payload((), refused=UNIMARC)
    values = tuple(marc_values(record))
    return Payload(values, left_out=record.left_out())


def marc_record(element: XmlElement) -> MarcRecord:
    """Return the record of an element `record`."""
    leader, fields = "", []
    for child in element:
        name, tag = local_name(child), child.get("tag", "").strip()
        if name == "leader":
            leader = text_of(child)
        elif name == "controlfield":
            fields.append(MarcField(tag, data=text_of(child)))
        elif name == "datafield":
            parts = [Subfield(part.get("code", "").strip()[:1] or "?", text_of(part)) for part in child]
            own = (child.text or "").strip()
            if own and not parts:
                parts = [Subfield("?", own)]
            fields.append(MarcField(tag, _indicator(child, "ind1") + _indicator(child, "ind2"), parts))
    return MarcRecord(leader, fields)


def _identifier(element: XmlElement) -> str | None:
    """Return the identifier of an OAI header within the record, where some harvesters put it."""
    found = element.find("{*}header/{*}identifier")
    return (text_of(found).strip() or None) if found is not None else None


def _records(element: XmlElement) -> Iterator[XmlElement]:
    """Yield the elements that hold fields: the element itself, or those within it, as SRU wraps them."""
    if any(local_name(child) in _PARTS for child in element):
        yield element
        return
    for child in element:
        yield from _records(child)


def _indicator(element: XmlElement, name: str) -> str:
    sign = element.get(name, " ")[:1] or " "
    return " " if sign in "#|\\" else sign
