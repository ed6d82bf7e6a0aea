"""What a citation, a series or an address says beside itself, as values of the fields that it would have."""

from __future__ import annotations

from collections.abc import Iterator

from lod.mapping.publication.cited_parts import DIGITAL_COMMONS
from lod.mapping.publication.position import BOTH_NUMBERS
from lod.mapping.publication.serials import split_series
from lod.mapping.publication.series import VOLUME
from lod.mapping.values.citation_forms import Citation, read_elements_form, read_eprints_book
from lod.mapping.values.citations import CITATION_FIELDS, cited_doi, doi_behind_title, read_citation, read_note
from lod.record import Value

_SERIES = "dc.relation.ispartofseries"
_FIELDS = (
    ("dc.relation.ispartof", "journal"),
    ("dc.identifier.volume", "volume"),
    ("dc.identifier.issue", "issue"),
    ("dc.identifier.issue", "in_brackets"),
    ("dc.identifier.spage", "start"),
    ("dc.identifier.epage", "end"),
    ("dc.identifier.articlenumber", "number"),
    ("dc.identifier.articlenumber", "start"),
    ("dc.identifier.articlenumber", "in_brackets"),
    ("dc.identifier.issn", "issn"),
    ("dc.date.issued", "year"),
)
_FIELDS_OF_BOOK = (
    ("dc.relation.publication", "book"),
    (_SERIES, "series"),
    ("dc.identifier.volume", "volume"),
    ("dc.identifier.spage", "start"),
    ("dc.identifier.epage", "end"),
    ("dc.identifier.articlenumber", "article"),
    ("dc.relation.isbn", "isbn"),
)


def cited_values(value: Value, title: str) -> Iterator[Value]:
    """Yield what a value says as a citation of a record with a title, as its series, or as the address of an article."""
    if value.field in CITATION_FIELDS:
        yield from _of(read_citation(value.text, title))
        yield from _of(read_elements_form(value.text.strip()))
        if doi := doi_behind_title(value.text, title) or cited_doi(value.text):
            yield Value("dc.identifier.doi", doi)
        if book := read_eprints_book(value.text):
            yield from (Value(field, part) for field, name in _FIELDS_OF_BOOK if (part := getattr(book, name)))
            yield Value(_SERIES, f"{book.series};{book.number}")
    elif value.field in ("dc.description", "dcterms.description"):
        yield from _of(read_note(value.text))
    elif value.field == _SERIES:
        series, number = split_series(value.text)
        if match := VOLUME.fullmatch(number):
            yield Value(_SERIES, series)
            yield Value("dc.identifier.volume", match[1])
    elif (value.field == "dc.identifier.volume" and (match := BOTH_NUMBERS.fullmatch(value.text.strip()))) or (
        match := DIGITAL_COMMONS.fullmatch(value.text.strip())
    ):
        yield Value("dc.identifier.volume", match[1])
        yield Value("dc.identifier.issue", match[2])


def _of(cited: Citation | None) -> Iterator[Value]:
    return (Value(field, part) for field, name in _FIELDS if cited and (part := getattr(cited, name)))
