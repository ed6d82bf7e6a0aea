"""The page of the dataset: its figures as tables, since they are hundreds of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lod.numbers import whole_number
from lod.rdf.claims import iri_text, literal_parts
from lod.web.pages.values import Shown, Values
from lod.web.reading import terms

DATASET = "dataset"
"""The key of the dataset."""

_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"

# Anchors of the parts that the tables show, or the page of dumps.
_TABLED_PARTS = ("class-", "property-", "links-", "to-", "dump-", "sha256-")
TABLED_PROPERTIES = frozenset(
    {
        f"<{_VOID}classPartition>",
        f"<{_VOID}propertyPartition>",
        f"<{_VOID}subset>",
        f"<{_VOID}dataDump>",
        f"<{_DCAT}distribution>",
    }
)
"""Properties that lead to those parts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A class, a property or a target of links, with its count."""

    name: Shown
    number: int


def dataset_parts(values: Values) -> dict[str, Any]:
    """Return the tables of the page, the largest numbers first."""
    about, dataset = values.document.about, values.document.subject
    addresses, vocabulary = values.view.addresses, values.view.service.vocabulary

    def parts(predicate: str) -> list[dict[str, list[str]]]:
        return [about[node] for node in about.get(dataset, {}).get(f"<{_VOID}{predicate}>", ()) if node in about]

    def term(encoded: str) -> Shown:
        iri = iri_text(encoded)
        return Shown(values.resource_label(iri), addresses.link(iri), note=vocabulary.compact(iri))

    def link(part: dict[str, list[str]]) -> Shown:
        target = about.get(part[f"<{_VOID}objectsTarget>"][0], {})
        name = literal_parts(target[terms.TITLE][0])[0]
        predicate = vocabulary.compact(iri_text(part[f"<{_VOID}linkPredicate>"][0]))
        return Shown(name, iri_text(target["<http://xmlns.com/foaf/0.1/homepage>"][0]), note=predicate)

    return {
        "classes": _table((term(part[f"<{_VOID}class>"][0]), part, "entities") for part in parts("classPartition")),
        "properties": _table(
            (term(part[f"<{_VOID}property>"][0]), part, "triples") for part in parts("propertyPartition")
        ),
        "links": _table((link(part), part, "triples") for part in parts("subset")),
    }


def is_tabled(anchor: str) -> bool:
    """Return whether a part of the dataset, by its anchor, is in a table or on the page of dumps."""
    return anchor.startswith(_TABLED_PARTS)


def _table(rows: Iterable[tuple[Shown, dict[str, list[str]], str]]) -> list[Counted]:
    counted = [
        Counted(name, whole_number(literal_parts(part[f"<{_VOID}{unit}>"][0])[0]) or 0) for name, part, unit in rows
    ]
    return sorted(counted, key=lambda row: (-row.number, row.name.text))
