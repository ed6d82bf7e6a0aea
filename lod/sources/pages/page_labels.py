"""Labels of item pages: the field of each, and whether a displayed text states anything new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lod.record import Value


@dataclass(frozen=True, slots=True)
class Label:
    """Meaning of a label on the page.

    Attributes:
        field: the field that its text belongs to.
        twins: starts of the names of fields that may say the same in the same words, `field` itself aside.
        renders: fields that the page shows in a form of its own ("English" for "eng", "17-May-2010" for
            "2010-05-17"); one value of them in the full table makes the shown text a mere rendering.
        listed: the text is a list, separated by semicolons or line breaks.
        pattern: what the text must hold to belong to the field; else it is kept under the label's own name.
    """

    field: str
    twins: tuple[str, ...] = ()
    renders: tuple[str, ...] = ()
    listed: bool = False
    pattern: str = ""


_AUTHORS = ("dc.contributor.author", "dc.creator")

DISPLAY: dict[str, Label] = {
    "title": Label("dc.title"),
    "other titles": Label("dc.title.alternative", listed=True),
    "authors": Label("dc.contributor.author", ("dc.contributor",), _AUTHORS, listed=True),
    "author": Label("dc.contributor.author", ("dc.contributor",), _AUTHORS, listed=True),
    "editors": Label("dc.contributor.editor", ("dc.contributor",), ("dc.contributor.editor",), listed=True),
    "advisors": Label("dc.contributor.advisor", ("dc.contributor",), ("dc.contributor.advisor",), listed=True),
    "date": Label("dc.date.issued", renders=("dc.date.issued",)),
    "issue date": Label("dc.date.issued", renders=("dc.date.issued",)),
    "publisher": Label("dc.publisher"),
    "citation": Label("dc.identifier.citation"),
    "abstract": Label("dc.description.abstract"),
    "description": Label("dc.description"),
    "keywords": Label("dc.subject", ("dc.subject",), listed=True),
    "subject": Label("dc.subject", ("dc.subject",), listed=True),
    "subjects": Label("dc.subject", ("dc.subject",), listed=True),
    "persistent identifier": Label("dc.identifier.uri"),
    "uri": Label("dc.identifier.uri"),
    "doi": Label("dc.identifier.doi", ("dc.identifier.uri",), pattern=r"10\.\d{4,}"),
    "pubmed id": Label("dc.identifier.pmid", pattern=r"\d"),
    "issn": Label("dc.identifier.issn", ("dc.identifier.eissn", "dc.identifier.issnl")),
    "isbn": Label("dc.identifier.isbn", pattern=r"\d"),
    "isi accession number id": Label("dc.identifier.isi"),
    "references": Label("dc.relation.references"),
    "journal": Label("dc.relation.ispartof"),
    "series/report no.": Label("dc.relation.ispartofseries"),
    "language": Label("dc.language", ("dc.language",), ("dc.language", "dc.language.iso")),
    "rights": Label("dc.rights", ("dc.rights",)),
    "type": Label("dc.type", renders=("dc.type",)),
}
"""Rows of the table that the page shows, by label in lower case."""

LINKS: dict[str, Label] = {
    "publisher website": Label("dc.identifier.doi", ("dc.identifier.uri",), pattern=r"10\.\d{4,}"),
    "scopus": Label("dc.identifier.scopus"),
    "pmid": Label("dc.identifier.pmid"),
    "wos": Label("dc.identifier.isi"),
    "isi": Label("dc.identifier.isi"),
}
"""Links above the title, by label in lower case."""

METRICS = {"impact factor": "journalimpactfactor", "scimago journal rankings": "scimagojournalrank"}
"""Journal metrics after the ISSN, "2023 Impact Factor: 20.3", and the names that their fields have."""

_METRIC = re.compile(r"\b(?P<year>(?:19|20)\d\d) (?P<name>[A-Za-z][A-Za-z ]*?): (?P<value>\d[\d.,]*)")
_ISSN = re.compile(r"\b\d{4}-\d{3}[\dXx]\b")
_HOW_TO_CITE = "How to Cite?"
_LIST_SEPARATOR = re.compile(r"[;\n]")
_PREFIX = re.compile(
    r"(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|hdl\.handle\.net/)|(?:doi|hdl|pmid|wos|isi|issn|isbn):\s*|eid_", re.I
)


def slug(label: str) -> str:
    """Return a label as part of a field name: "Web of Science" gives "web-of-science"."""
    return re.sub(r"[\W_]+", "-", label.casefold()).strip("-")


def take_issn(text: str) -> tuple[list[Value], list[Value]]:
    """Return the ISSNs and the metrics in the row "ISSN"; text that is neither is kept as `page.issn`."""
    metrics = [
        Value(f"page.{METRICS.get(match['name'].casefold(), slug(match['name']))}.{match['year']}", match["value"])
        for match in _METRIC.finditer(text)
    ]
    rest = _METRIC.sub(" ", text)
    issns = [Value("dc.identifier.issn", match) for match in _ISSN.findall(rest)]
    left = _ISSN.sub(" ", rest).strip().strip(" ;,\n").strip()
    return issns, metrics + ([Value("page.issn", left)] if left else [])


def read_label(name: str, text: str, labels: dict[str, Label]) -> list[Value]:
    """Return the values that a labelled text states; an unknown label gives the field `page.<slug>`."""
    label = labels.get(name.casefold().rstrip(":").strip())
    if label is None or not re.search(label.pattern, text):
        return [Value(f"page.{slug(name)}", text)]
    if label.field == "dc.identifier.citation":
        text = text.strip().removesuffix(_HOW_TO_CITE)
    pieces = _LIST_SEPARATOR.split(text) if label.listed else [text]
    return [Value(label.field, piece.strip()) for piece in pieces if piece.strip()]


def new_values(shown: Sequence[Value], table: Sequence[Value], stated: Sequence[Value]) -> list[Value]:
    """Return those values of one label that are not yet stated; the same datum shown twice is one value.

    Texts are compared without case, white space, punctuation and resolver: "https://doi.org/10.5555/ABC" is
    "10.5555/abc", and "Liang, J Zhang, H" is shown for two values.

    Args:
        shown: the values of one label, as `read_label` gives them.
        table: the values of the full table.
        stated: those of the table and of the labels before.
    """
    return [value for value in shown if not _is_rendering(value, table) and not _is_stated(value, stated)]


_LABEL_OF_FIELD = {label.field: label for label in (*LINKS.values(), *DISPLAY.values())}


def _is_rendering(value: Value, table: Sequence[Value]) -> bool:
    label = _LABEL_OF_FIELD.get(value.field)
    return label is not None and any(other.field in label.renders for other in table)


def _is_stated(value: Value, stated: Sequence[Value]) -> bool:
    label = _LABEL_OF_FIELD.get(value.field, Label(value.field))
    rivals = [other.text for other in stated if other.field == value.field or other.field.startswith(label.twins)]
    rest = folded_text(value.text)
    if not rest:
        return value.text in rivals
    for rival in sorted(map(folded_text, rivals), key=len, reverse=True):
        rest = rest.replace(rival, "") if len(rival) > 1 else rest.removeprefix(rival)
    return not rest


def twins_of(field: str) -> tuple[str, ...]:
    """Return the starts of the names of fields that may say the same as a field in the same words."""
    label = _LABEL_OF_FIELD.get(field)
    return label.twins if label else ()


def folded_text(text: str) -> str:
    """Return a text without case, white space, punctuation and resolver, to be compared."""
    return re.sub(r"[\W_]+", "", _PREFIX.sub("", text).casefold())
