"""The Store protocol: what the web side asks of a store of published triples.

Terms are encoded as in `lod.rdf.claims`. Only the default graph is meant unless a method names another: the published
triples are a set and stand there once (docs/adr/0002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lod.rdf.claims import Term, Triple
from lod.report import Fate


class Store(Protocol):
    """Read access to one generation of published triples."""

    def triples_of(self, subject: str, graph: str | None = None) -> Iterator[Triple]:
        """Yield the triples whose subject is the IRI, from a named graph when one is given."""

    def triples_to(self, object_: str, limit: int, offset: int = 0) -> Iterator[Triple]:
        """Yield triples whose object is the IRI, at most `limit` after `offset`, in the store's own stable order."""

    def matching(
        self, subject: str | None, predicate: str | None, object_: str | None, limit: int, offset: int = 0
    ) -> Iterator[Triple]:
        """Yield triples of a pattern, at most `limit` after `offset`, in the store's own stable order.

        The terms are encoded, None stands for any. A pattern that no triple can match (a literal as subject) gives none.
        """

    def count_matching(self, subject: str | None, predicate: str | None, object_: str | None, most: int) -> int:
        """Return how many triples a pattern has, `most` where it has that many or more."""

    def exists(self, subject: str) -> bool:
        """Tell whether any triple has the IRI as its subject."""

    def objects(self, subject: str, predicate: str) -> Iterator[Term]:
        """Yield the encoded objects of subject and predicate, both IRIs."""

    def named_graphs(self) -> Iterator[str]:
        """Yield the IRIs of the named graphs: the descriptions of the dataset."""

    def count(self) -> int:
        """Return how many triples are published."""

    def all_triples(self) -> Iterable[Triple]:
        """Yield every published triple."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One value of a record as pages show it.

    `text` is None for a withheld value: nothing of it reaches a page. `why` says what the fate alone does not.
    """

    field: str
    text: str | None
    language: str | None
    fate: Fate
    why: str = ""


class CatalogReader(Protocol):
    """What the web side reads from the catalog of a generation."""

    def fields_of(self, item: str) -> list[FieldRow]:
        """Return the source fields of a published item (its IRI), in the order of the source; [] if unknown."""

    def removed_on(self, item: str) -> str | None:
        """Return the date of removal (ISO 8601) of an item that was published once and is gone, else None."""

    def moved_to(self, iri: str) -> str | None:
        """Return the IRI that a thing has now, whose better key appeared; None for what has not moved."""

    def counts(self) -> dict[str, int]:
        """Return figures of the generation: "records", "removed", "refused", "triples"."""

    def items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Return IRIs and titles of published items in the order of their keys."""

    def dated_items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Return IRIs of published items, in the order of their keys, and when each was mapped, ISO 8601."""

    def latest_of_each(self, size: int) -> list[str]:
        """Return the latest such moment of each `size` items, in the order of their keys."""

    def counts_to(self, iri: str) -> dict[str, int]:
        """Return how many triples point at a thing of this site, by the IRI of the property, in the order of these IRIs.

        What the thing itself, its parts and its record say does not count, nor do cells of lists. As a query:
        SELECT ?p (COUNT(*) AS ?n) { ?s ?p <iri> } GROUP BY ?p ORDER BY ?p, without those subjects.
        """

    def links_to(self, iri: str, property_: str, limit: int, offset: int = 0) -> list[str]:
        """Return the IRIs of what points at a thing by a property, in their order, at most `limit` after `offset`.

        As a query: SELECT ?s { ?s <property> <iri> } ORDER BY STR(?s) LIMIT … OFFSET …, without the subjects above.
        """


class PublishedGeneration(Protocol):
    """One complete, immutable, published state. The store is in the folder `store` of `directory`."""

    @property
    def name(self) -> str:
        """Name of the generation, as in `generations/NAME`."""

    @property
    def created(self) -> str:
        """When it was built, ISO 8601 in UTC."""

    @property
    def directory(self) -> Path:
        """Its folder."""

    @property
    def store(self) -> Store:
        """The published triples, read-only."""

    @property
    def catalog(self) -> CatalogReader:
        """The catalog, read-only; safe to use from several threads."""

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """Return the claims of a named graph, sorted; None where there is no such graph."""


class PublishedSite(Protocol):
    """A site as the web side sees it."""

    def live(self) -> PublishedGeneration | None:
        """Return the live generation, the newly published one within a second of the switch; None before the first."""

    def switched(self) -> str:
        """Return when the live generation went live, ISO 8601 with time zone."""

    def generations(self) -> Sequence[PublishedGeneration]:
        """Return the generations that are kept, the oldest first; their stores are opened when they are read."""
