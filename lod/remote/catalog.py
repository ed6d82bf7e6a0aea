"""What a front reads of a generation whose catalog it does not have: from the published triples themselves.

What only a catalog knows stays unsaid: the source fields of an item, what has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lod.rdf.claims import iri, iri_text, text_of
from lod.remote.mark import Mark
from lod.remote.store import RemoteStore, term
from lod.store.base import FieldRow, OnlyInStore
from lod.store.tombstones import REMOVED_GRAPH

_ITEM = "RepositoryItem"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_TITLE = "<http://purl.org/dc/terms/title>"
_TOPIC = "<http://xmlns.com/foaf/0.1/primaryTopic>"
_GENERATED = "<http://www.w3.org/ns/prov#generatedAtTime>"
_REMOVED_AT = "<http://www.w3.org/ns/prov#invalidatedAtTime>"
_REPEATING = "<http://purl.org/vocab/frbr/core#partOf>"
_PAGE_ROWS = 5_000


class RemoteCatalog(OnlyInStore):
    """A `PublishedCatalog` over the SPARQL protocol, for one state of the store."""

    def __init__(self, store: RemoteStore, base: str, namespace: str, mark: Mark | None) -> None:
        self._store = store
        self._base = base
        self._is_item = f"?s {_TYPE} {iri(namespace + _ITEM)}"
        self._mark = mark

    def fields_of(self, item: str) -> list[FieldRow]:
        """See `PublishedCatalog.fields_of`: not known here."""
        return []

    def removed_on(self, item: str) -> str | None:
        """See `PublishedCatalog.removed_on`: from the graph of what was removed."""
        try:
            triples = self._store.triples_of(item, self._base + REMOVED_GRAPH)
            moments = [text_of(object_) for _, predicate, object_ in triples if predicate == _REMOVED_AT]
        except ValueError:
            return None
        return min(moments).removesuffix("T00:00:00Z") if moments else None

    def moved_to(self, iri: str) -> str | None:
        """See `PublishedCatalog.moved_to`: not known here."""
        return None

    def counts(self) -> dict[str, int]:
        """See `PublishedCatalog.counts`."""
        return dict(self._counts)

    @cached_property
    def _counts(self) -> dict[str, int]:
        if self._mark and self._mark.is_whole:
            records, triples = self._mark.records, self._mark.triples
        else:
            records, triples = self._store.number_of(self._is_item), self._store.count()
        return {"records": records, "removed": 0, "refused": 0, "triples": triples}

    def items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """See `PublishedCatalog.items`; in the order of the IRIs."""
        found = [row[0] for row in self._store.page(self._is_item, "s", limit=limit, offset=offset)]
        titles: dict[str, str] = {}
        if found:
            names = " ".join(term(iri_text(item)) for item in found)
            for item, title in self._store.rows(f"?s {_TITLE} ?t", "s", "t", values=f"VALUES ?s {{ {names} }}"):
                titles[item] = min(titles.get(item, title), title)
        return [(iri_text(item), text_of(titles[item]) if item in titles else iri_text(item)) for item in found]

    def dated_items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """See `PublishedCatalog.dated_items`; in the order of the IRIs."""
        pattern = f"{self._is_item} . ?d {_TOPIC} ?s . ?d {_GENERATED} ?g"
        rows = self._store.page(pattern, "s", "g", limit=limit, offset=offset)
        return [(iri_text(item), text_of(moment)) for item, moment in rows]

    def latest_of_each(self, size: int) -> list[str]:
        """See `PublishedCatalog.latest_of_each`."""
        latest: list[str] = []
        for position, moment in enumerate(self._moments()):
            if position % size == 0:
                latest.append(moment)
            latest[-1] = max(latest[-1], moment)
        return latest

    def _moments(self) -> Iterator[str]:
        offset = 0
        while rows := self.dated_items(_PAGE_ROWS, offset):
            yield from (moment for _, moment in rows)
            offset += len(rows)

    def source_of_item(self, item: str) -> None:
        """See `PublishedCatalog.source_of_item`: not known here."""

    def history(self) -> None:
        """See `PublishedCatalog.history`: not known here."""

    def counts_to(self, iri: str) -> dict[str, int]:
        """See `PublishedCatalog.counts_to`."""
        pattern = self._pointing(f"?s ?p {term(iri)}", iri)
        rows = self._store.rows(pattern, "p", "n", shown="?p (COUNT(*) AS ?n)", ending="GROUP BY ?p ORDER BY ?p")
        return dict(sorted((iri_text(property_), self._store.counted(number)) for property_, number in rows))

    def links_to(self, iri: str, property_: str, limit: int, offset: int = 0) -> list[str]:
        """See `PublishedCatalog.links_to`."""
        pattern = self._pointing(f"?s {term(property_)} {term(iri)}", iri)
        return [iri_text(row[0]) for row in self._store.page(pattern, "s", limit=limit, offset=offset)]

    def _pointing(self, pattern: str, target: str) -> str:
        """Return a pattern without links that tell a reader of the target nothing (see `lod.store.catalog.backlinks`)."""
        own = f"{self._base}data/{target.removeprefix(f'{self._base}id/')}"
        return (
            f"{pattern} FILTER (STR(?s) != {_text(own)} && !STRSTARTS(STR(?s), {_text(own + '#')}) "
            f"&& !STRSTARTS(STR(?s), {_text(self._base + '.well-known/genid/')}))"
            + (f" FILTER (?p != {_REPEATING})" if "?p" in pattern else "")
        )


def _text(iri: str) -> str:
    """Return an IRI that has been read as one, as a string: it holds neither quotes nor backslashes."""
    return f'"{iri_text(term(iri))}"'
