"""Pairs of dc:source: the title of a journal or book, and beside it its number, as LibreCat writes them."""

from __future__ import annotations

import re
from collections.abc import Callable

from lod.errors import BadValueError
from lod.mapping.unlabelled.dates import FieldReading
from lod.mapping.values.identifiers import read_isbn, read_issn
from lod.record import Record

_UNLABELLED = frozenset({"dc.source", "dcterms.source"})
_NUMBER = re.compile(r"(?P<scheme>[eE]?ISSN|ISBN):\s?(?P<number>[\dXx -]{8,20})")
_READERS: dict[str, tuple[Callable[[str], str], str]] = {
    "ISSN": (read_issn, "dc.identifier.issn"),
    "EISSN": (read_issn, "dc.identifier.eissn"),
    "ISBN": (read_isbn, "dc.relation.isbn"),
}


def read_pairs(record: Record) -> dict[int, FieldReading]:
    """Return the readings of dc:source where it is the title of a journal or book, followed by numbers "ISSN: …" or "ISBN: …".

    Source: LibreCat (the repositories of Ghent, Lund and Bielefeld), fix/to_dc.fix: the title of the publication around the
    item, then its numbers with their labels.
    """
    found: dict[int, FieldReading] = {}
    title: int | None = None
    for index, value in enumerate(record.values):
        if value.field not in _UNLABELLED:
            continue
        reading = _number(value.text)
        if reading is None:
            title = index
            continue
        found[index] = reading
        if title is not None:
            why = "the title beside an ISSN or ISBN with its label, as LibreCat writes it"
            found[title] = FieldReading("dc.relation.ispartof", f"read as dc.relation.ispartof: {why}")
    return found if any(reading.field == "dc.relation.ispartof" for reading in found.values()) else {}


def _number(text: str) -> FieldReading | None:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    read, field = _READERS[match["scheme"].upper()]
    try:
        read(match["number"])
    except BadValueError:
        return None
    return FieldReading(
        field, f"read as {field}: a number by its label, beside the title of what it is of", match["number"]
    )
