"""Classes and properties that the data of a generation uses, with their counts, from the description of the dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lod.numbers import whole_number
from lod.rdf.claims import iri_text, literal_parts, split_claim
from lod.web.reading.documents import indexed

_VOID = "http://rdfs.org/ns/void#"


@dataclass(frozen=True, slots=True)
class UsedTerms:
    """Numbers of instances by class, and of triples by property, by IRI."""

    classes: dict[str, int]
    properties: dict[str, int]


def used_terms(description: Iterable[str]) -> UsedTerms:
    """Return the partitions that the lines of a description list. Source: VoID, section 4.5."""
    about = indexed([split_claim(line) for line in description])

    def numbers(term: str, number: str) -> dict[str, int]:
        return {
            iri_text(part[f"<{_VOID}{term}>"][0]): whole_number(literal_parts(part[f"<{_VOID}{number}>"][0])[0]) or 0
            for part in about.values()
            if f"<{_VOID}{term}>" in part and f"<{_VOID}{number}>" in part
        }

    return UsedTerms(numbers("class", "entities"), numbers("property", "triples"))
