"""Titles of journals and books in dc:source, told by the numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from lod.errors import BadValueError
from lod.mapping.publication.cited_parts import DIGITAL_COMMONS
from lod.mapping.unlabelled.dates import FieldReading, read_as
from lod.mapping.values.citation_forms import YEAR
from lod.mapping.values.citations import CITATION_FIELDS
from lod.mapping.values.identifiers import read_isbn, read_issn
from lod.mapping.values.text import folded
from lod.record import Record, Value

SOURCES = frozenset({"dc.source", "dcterms.source"})
RELATIONS = frozenset({"dc.relation", "dcterms.relation"})
IDENTIFIERS = frozenset({"dc.identifier", "dcterms.identifier"})
_ADDRESS = re.compile(r"\s*(?:https?://|doi:|10\.\d|hdl:|\d)", re.IGNORECASE)
_HYPHENATED = re.compile(r"(?:[ep]-?)?(?:issn:?\s?)?\d{4}-\d{3}[\dX]", re.IGNORECASE)
_NOTES = frozenset({"dc.description", "dcterms.description"})
_ISSNS = frozenset({"dc.identifier.issn", "dc.identifier.eissn", "dc.identifier.issnl"})
_TITLED = CITATION_FIELDS | {
    "dc.relation.ispartof",
    "dc.relation.ispartofjournal",
    "dc.relation.journal",
    "dc.identifier.journal",
    "dc.source.journal",
    "dc.source.title",
    "dcterms.isPartOf",
    "journal.title",
    "prism.publicationName",
}
_YEAR_BEHIND = re.compile(rf"\s?;\s?\({YEAR}\)$")
_TITLE = re.compile(r"[^\W\d_][^\d;:|@]{2,150}")
_NO_TITLE = re.compile(
    r"\b(?:scopus|web of science|wos|isi|pubmed|medline|scielo|crossref|doaj|embase|google scholar|repositor\w{1,5}|reponame|instname|https?|universi\w{1,6})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<scheme>[eE]?ISSN|ISBN):\s?(?P<number>[\dXx -]{8,20})")
_READERS: dict[str, tuple[Callable[[str], str], str]] = {
    "ISSN": (read_issn, "dc.identifier.issn"),
    "EISSN": (read_issn, "dc.identifier.eissn"),
    "ISBN": (read_isbn, "dc.relation.isbn"),
}


def read_pairs(record: Record) -> dict[int, FieldReading]:
    """Return the readings of dc:source where it is the title of a journal or book, followed by numbers "ISSN: …" or "ISBN: …".

    Source: the OAI-PMH answers of the bibliographies of Ghent and Lund, which run on LibreCat: the title of the publication around
    the item, then its numbers with their labels. (LibreCat as it comes, fixes/to_dc.fix, has a citation in the style of the AMA there.)
    """
    found: dict[int, FieldReading] = {}
    title: int | None = None
    for index, value in enumerate(record.values):
        if value.field not in SOURCES:
            continue
        reading = _number(value.text)
        if reading is None:
            title = index
            continue
        found[index] = reading
        if title is not None:
            why = "the title beside an ISSN or ISBN with its label, as LibreCat writes it"
            found[title] = read_as("dc.relation.ispartof", why)
    return found if any(reading.field == "dc.relation.ispartof" for reading in found.values()) else {}


def read_listed_citation(record: Record) -> dict[int, FieldReading]:
    """Return the readings of a citation whose parts are values of their own: the title of the journal, its ISSN, numbers, the place.

    Source: the OAI-PMH answers of CyberLeninka, dcterms:bibliographicCitation.
    """
    values = record.values
    for index, (first, second) in enumerate(pairwise(values)):
        if {first.field, second.field} <= CITATION_FIELDS and _HYPHENATED.fullmatch(second.text.strip()):
            try:
                read_issn(second.text)
            except BadValueError:
                continue
            if _TITLE.fullmatch(first.text.strip()):
                why = "the title before the ISSN in a citation of several values, as CyberLeninka writes it"
                return {
                    index: read_as("dc.relation.ispartof", why),
                    index + 1: read_as("dc.identifier.issn", "the ISSN behind the title of the journal"),
                }
    return {}


_DESCRIPTIONS = {
    "Abstract": "dc.description.abstract",
    "TableOfContents": "dc.description.tableofcontents",
    "SeriesInformation": "dc.identifier.citation",
    "Methods": "",
    "TechnicalInfo": "",
    "Other": "",
}


def read_typed_descriptions(record: Record) -> dict[int, FieldReading]:
    """Return the readings of descriptions that follow a type as a description of its own: "Abstract", then the abstract.

    Source: the OAI-PMH provider of DataCite, which writes dc:description so; the types are those of DataCite's schema.
    """
    found: dict[int, FieldReading] = {}
    for index, (first, second) in enumerate(pairwise(record.values)):
        if {first.field, second.field} <= _NOTES and index not in found and first.text.strip() in _DESCRIPTIONS:
            field = _DESCRIPTIONS[first.text.strip()]
            found[index] = FieldReading("", "the type of the description behind it; it was kept verbatim")
            if field and second.text.strip() not in _DESCRIPTIONS:
                found[index + 1] = read_as(field, "the type before it, as DataCite writes it")
    return found


def read_title_beside_issn(record: Record) -> dict[int, FieldReading]:
    """Return the reading of the one dc:relation, else the one dc:source, of a record with an ISSN and no title of a serial: a guess.

    Some repositories name a database there ("Scopus"), a publisher or themselves. Addresses do not count.
    """
    values = record.values
    fields = {value.field for value in values}
    # A catalogue says what an item is in (MARC 773): what else it relates to is something else.
    catalogued = any(name.startswith("marc.") for name in fields)
    if catalogued or fields & _TITLED or not (fields & _ISSNS or any(map(_is_issn, values))):
        return {}
    for names in (RELATIONS, SOURCES):
        texts = [
            (index, _YEAR_BEHIND.sub("", value.text.strip()))
            for index, value in enumerate(values)
            if value.field in names and not _ADDRESS.match(value.text)
        ]
        if len(texts) != 1:
            continue
        index, text = texts[0]
        known = {folded(value.text) for value in values if value.field != values[index].field}
        if _TITLE.fullmatch(text) and not _NO_TITLE.search(text) and folded(text) not in known:
            why = "a guess: the only text there of a record with an ISSN and no title of the serial"
            read = read_as("dc.relation.ispartof", why, text, guessed=True)
            return {index: read}
    return {}


def read_digital_commons(record: Record) -> dict[int, FieldReading]:
    """Return the reading of the one dc:source of an article of a journal on Digital Commons: the title of the journal.

    Source: bepress, Digital Commons: dc:source is the title of the publication, and the addresses of journals have volume and issue.
    """
    sources = [index for index, value in enumerate(record.values) if value.field in SOURCES]
    in_issue = any(
        value.field in IDENTIFIERS and DIGITAL_COMMONS.fullmatch(value.text.strip()) is not None
        for value in record.values
    )
    if len(sources) != 1 or not in_issue:
        return {}
    why = "the title of the journal, as Digital Commons writes it beside an address with volume and issue"
    return {sources[0]: read_as("dc.relation.ispartof", why)}


def _is_issn(value: Value) -> bool:
    return value.field in IDENTIFIERS and _HYPHENATED.fullmatch(value.text.strip()) is not None


def _number(text: str) -> FieldReading | None:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    read, field = _READERS[match["scheme"].upper()]
    try:
        read(match["number"])
    except BadValueError:
        return None
    return read_as(field, "a number by its label, beside the title of what it is of", match["number"])
