"""Protocols of the published data: Store (triples), PublishedCatalog, PublishedGeneration and PublishedSite.

Terms are encoded as in `lod.rdf.claims`. Methods read the default graph unless they name another: the published
triples are a set and are there once (docs/adr/0002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lod.rdf.claims import Claim, Term, Triple
from lod.report import Fate
from lod.store.item_changes import ItemHistory


class Store(Protocol):
    """Read access to one generation of published triples."""

    def triples_of(self, subject: str, graph: str | None = None) -> Iterator[Triple]:
        """Yield the triples with the IRI as subject, from a named graph if `graph` is given."""

    def triples_to(self, object_: str, limit: int, offset: int = 0) -> Iterator[Triple]:
        """Yield triples with the IRI as object, at most `limit` after `offset`, in the store's own stable order."""

    def matching(
        self, subject: str | None, predicate: str | None, object_: str | None, limit: int, offset: int = 0
    ) -> Iterator[Triple]:
        """Yield the triples that match a pattern, at most `limit` after `offset`, in the store's own stable order.

        The terms are encoded; None matches any. A pattern that no triple can match (a literal as subject) gives none.
        """

    def walk(
        self, subject: str | None, predicate: str | None, object_: str | None, offset: int = 0
    ) -> Iterator[Triple]:
        """Yield all triples that match a pattern after `offset`, in the order of `matching`, each read when it is asked for.

        One thread uses the iterator from its beginning to its end.
        """

    def count_matching(self, subject: str | None, predicate: str | None, object_: str | None, most: int) -> int:
        """Return how many triples match a pattern, at most `most`."""

    def exists(self, subject: str) -> bool:
        """Return whether any triple has the IRI as subject."""

    def objects(self, subject: str, predicate: str) -> Iterator[Term]:
        """Yield the encoded objects of a subject and a predicate, both IRIs."""

    def named_graphs(self) -> Iterator[str]:
        """Yield the IRIs of the named graphs: descriptions of the dataset."""

    def count(self) -> int:
        """Return how many triples are published."""

    def all_triples(self) -> Iterable[Triple]:
        """Yield every published triple."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One value of a record as pages show it.

    `text` is None for a withheld value: no part of it reaches a page. `why` is the reason for the fate; `authority` and
    `confidence` are those of the source.
    """

    field: str
    text: str | None
    language: str | None
    fate: Fate
    why: str = ""
    authority: str | None = None
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a record comes from, as far as its source says.

    Attributes:
        oai_identifier, datestamp: those that an OAI-PMH provider gave, "" where there are none.
        url: the address at which the record can be had there.
        taken: when this site mapped it, ISO 8601.
    """

    oai_identifier: str
    datestamp: str
    url: str
    taken: str


class PublishedCatalog(Protocol):
    """What the web side reads from the catalog of a generation."""

    def fields_of(self, item: str) -> list[FieldRow]:
        """Return the source fields of a published item (its IRI), in the order of the source; [] if unknown."""

    def claims_of(self, item: str) -> list[Claim] | None:
        """Return the published claims about an item, its document, their parts and its lists; None where only the store has them."""

    def shared_claims(self, starts: Sequence[str]) -> list[Claim] | None:
        """Return the published claims that no one record owns and that start with any of some texts, text by text, sorted.

        None where only the store has them.
        """

    def known_items(self, items: Sequence[str]) -> frozenset[str] | None:
        """Return those of some IRIs that are published items; None where only the store knows."""

    def removed_on(self, item: str) -> str | None:
        """Return the date (ISO 8601) on which an item was removed, None if it was not."""

    def moved_to(self, iri: str) -> str | None:
        """Return the present IRI of a thing that got a better key, None if the IRI has not moved."""

    def counts(self) -> dict[str, int]:
        """Return figures of the generation: "records", "removed", "refused", "triples"."""

    def items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Return IRIs and titles of published items in the order of their keys."""

    def dated_items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """Return IRIs of published items in a stable order, and when each was published last (ISO 8601).

        "" represents the moment when the generation itself went live.
        """

    def latest_of_each(self, size: int) -> list[str]:
        """Return the latest such moment of each `size` items, in the order of `dated_items`."""

    def source_of_item(self, item: str) -> SourceRecord | None:
        """Return where the record of a published item comes from; None if it is unknown."""

    def history(self) -> ItemHistory | None:
        """Return when the items have changed; None where no dates of changes are kept."""

    def counts_to(self, iri: str) -> dict[str, int]:
        """Return how many triples point at a thing of this site, by the IRI of the property, in the order of these IRIs.

        Triples of the thing itself, its parts, its record and cells of lists are not counted. As a query:
        SELECT ?p (COUNT(*) AS ?n) { ?s ?p <iri> } GROUP BY ?p ORDER BY ?p, without those subjects.
        """

    def links_to(self, iri: str, property_: str, limit: int, offset: int = 0) -> list[str]:
        """Return the IRIs of what points at a thing by a property, sorted, at most `limit` after `offset`.

        As a query: SELECT ?s { ?s <property> <iri> } ORDER BY STR(?s) LIMIT … OFFSET …, without the subjects above.
        """


class OnlyInStore:
    """The part of a `PublishedCatalog` that has no claims: they are only in the store."""

    def claims_of(self, item: str) -> None:
        """See `PublishedCatalog.claims_of`."""

    def shared_claims(self, starts: Sequence[str]) -> None:
        """See `PublishedCatalog.shared_claims`."""

    def known_items(self, items: Sequence[str]) -> None:
        """See `PublishedCatalog.known_items`."""


class PublishedGeneration(Protocol):
    """A generation: one complete, immutable, published state. The store is in the folder `store` of `directory`."""

    @property
    def name(self) -> str:
        """Its name, as in `generations/NAME`."""

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
    def catalog(self) -> PublishedCatalog:
        """The catalog, read-only and thread-safe."""

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """Return the claims of a named graph, sorted; None if there is no such graph."""


class PublishedSite(Protocol):
    """A site, as the web side sees it."""

    def live(self) -> PublishedGeneration | None:
        """Return the live generation, a new one at most a second after the switch; None before the first."""

    def is_live(self, generation: PublishedGeneration) -> bool:
        """Return whether a generation is still the live one, without opening another; False where that is not known."""

    def switched(self) -> str:
        """Return when the live generation went live, ISO 8601 with time zone."""

    def is_rolled_back(self) -> bool:
        """Return whether the live generation is one that the site was rolled back to."""

    def generations(self) -> Sequence[PublishedGeneration]:
        """Return the kept generations, the oldest first; their stores are opened when first read."""
