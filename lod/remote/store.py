"""Remote store over SPARQL 1.1: the `Store` of a front that holds no triples itself.

A requested IRI becomes part of a query only after it has been parsed as one: the protocol has no parameters, so an IRI is
checked (RFC 3987 allows none of the characters that end one) and then written as a term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self, cast

from lod.errors import BadValueError
from lod.http.addresses import shown as shown_address
from lod.numbers import whole_number
from lod.rdf.claims import Iri, Term, Triple, checked_iri, iri, iri_text, is_iri, literal, literal_parts, text_of
from lod.remote.sparql_client import RemoteStoreError, SparqlClient
from lod.remote.update_text import as_sparql

PUSH_MARK = "data/pushed"
STAGING = "data/pushing"
"""The graphs of `lod push`, relative to the base: what the store holds, and what is being loaded under another name."""

_CACHED_SUBJECTS = 20_000
_SURROUNDING = 200
_WALKED_ROWS = 2_000
_SORTED_ROWS = 10_000
"""Virtuoso sorts no more rows than that where LIMIT and ORDER BY meet; a query inside a query it does."""


class RemoteStore:
    """A `Store` over the SPARQL protocol. The published triples are in `graph`, "" for the store's default graph.

    Raises:
        RemoteStoreError: from every method: the store does not answer, or not as SPARQL 1.1 says.
    """

    def __init__(self, client: SparqlClient, base: str, graph: str = "", graphs: Sequence[str] | None = None) -> None:
        """Take the base IRI of the site, and its named graphs where they are known: to find them, stores read everything."""
        self.client = client
        self.graph = graph
        self._base = base
        self._graphs = graphs
        self._cache: dict[str, list[tuple[str, ...]]] | None = None

    def triples_of(self, subject: str, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.triples_of`."""
        encoded = term(subject)
        rows = self._about(encoded) if graph is None else self.rows(f"{encoded} ?p ?o", "p", "o", graph=graph)
        return cast("Iterator[Triple]", ((encoded, predicate, object_) for predicate, object_ in rows))

    def triples_to(self, object_: str, limit: int, offset: int = 0) -> Iterator[Triple]:
        """See `Store.triples_to`."""
        encoded = term(object_)
        rows = self.page(f"?s ?p {encoded}", "s", "p", limit=limit, offset=offset)
        return cast("Iterator[Triple]", ((subject, predicate, encoded) for subject, predicate in rows))

    def matching(
        self, subject: str | None, predicate: str | None, object_: str | None, limit: int, offset: int = 0
    ) -> Iterator[Triple]:
        """See `Store.matching`. What may be all triples comes in the store's own order: no store sorts millions for a page."""
        pattern = self._pattern(subject, predicate, object_)
        if pattern is None:
            return iter(())
        names = [name for name, term in zip("spo", (subject, predicate, object_), strict=True) if term is None]
        shown = " ".join(f"?{name}" for name in names) or "(1 AS ?found)"
        ordered = f"ORDER BY {shown} " if names and (subject or object_) and limit + offset <= _SORTED_ROWS else ""
        query = f"SELECT {shown} WHERE {{ {pattern} }} {ordered}LIMIT {limit:d} OFFSET {offset:d}"
        rows = (dict(zip(names, row, strict=True)) for row in self.client.select(query, *names))
        found = ((subject or row["s"], predicate or row["p"], object_ or row["o"]) for row in rows)
        return cast("Iterator[Triple]", found)

    def walk(
        self, subject: str | None, predicate: str | None, object_: str | None, offset: int = 0
    ) -> Iterator[Triple]:
        """See `Store.walk`; it is read in blocks."""
        while found := list(self.matching(subject, predicate, object_, _WALKED_ROWS, offset)):
            yield from found
            if len(found) < _WALKED_ROWS:
                return
            offset += len(found)

    def count_matching(self, subject: str | None, predicate: str | None, object_: str | None, most: int) -> int:
        """See `Store.count_matching`."""
        pattern = self._pattern(subject, predicate, object_)
        if pattern is None:
            return 0
        inner = f"SELECT (1 AS ?found) WHERE {{ {pattern} }} LIMIT {most:d}"
        return self._number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }}")

    def exists(self, subject: str) -> bool:
        """See `Store.exists`."""
        try:
            return bool(self._about(term(subject)))
        except ValueError:
            return False

    def objects(self, subject: str, predicate: str) -> Iterator[Term]:
        """See `Store.objects`."""
        encoded = term(predicate)
        return (cast("Term", object_) for name, object_ in self._about(term(subject)) if name == encoded)

    def named_graphs(self) -> Iterator[str]:
        """See `Store.named_graphs`: those under the base; other graphs of the store are not ours."""
        if self._graphs is not None:
            return iter(self._graphs)
        own = {self.graph, f"{self._base}{PUSH_MARK}", f"{self._base}{STAGING}"}
        query = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{self._base}")) }}'
        return (name for (term,) in self.client.select(query, "g") if (name := term[1:-1]) not in own)

    def count(self, graph: str | None = None) -> int:
        """See `Store.count`; that of a named graph when one is given."""
        return self._number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {self._in('?s ?p ?o', graph)} }}")

    def all_triples(self, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.all_triples`; those of a named graph when one is given.

        A store may hand out fewer than it holds (Virtuoso stops at ResultSetMaxRows, without a word): compare `count`.
        """
        return self.client.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {self._in('?s ?p ?o', graph)} }}")

    def rows(
        self, pattern: str, *names: str, graph: str | None = None, values: str = "", shown: str = "", ending: str = ""
    ) -> list[tuple[str, ...]]:
        """Return the rows of a pattern of ours among the published triples, or in a named graph, as encoded terms.

        `values`, `shown` (instead of the names) and `ending` are parts of the query around it.
        """
        shown = shown or " ".join(f"?{name}" for name in names)
        return self.client.select(f"SELECT {shown} WHERE {{ {values} {self._in(pattern, graph)} }} {ending}", *names)

    def page(self, pattern: str, *names: str, limit: int, offset: int = 0) -> list[tuple[str, ...]]:
        """Return one page of such rows, in the order of their terms."""
        shown = " ".join(f"?{name}" for name in names)
        ordered = f"SELECT {shown} WHERE {{ {self._in(pattern)} }} ORDER BY {shown}"
        if limit + offset > _SORTED_ROWS:
            ordered = f"SELECT {shown} WHERE {{ {{ {ordered} }} }}"
        return self.client.select(f"{ordered} LIMIT {limit:d} OFFSET {offset:d}", *names)

    def number_of(self, pattern: str) -> int:
        """Return how many matches a pattern of ours has among the published triples."""
        return self._number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {self._in(pattern)} }}")

    def cached(self) -> Self:
        """Return the store, which caches subjects from now on, within bounds: for one that does not change while this object lives."""
        self._cache = {}
        return self

    def _about(self, encoded: str) -> list[tuple[str, ...]]:
        """Return predicate and object of each triple of a subject."""
        if self._cache is None:
            return self.rows(f"{encoded} ?p ?o", "p", "o")
        known = self._cache.get(encoded)
        return self._surroundings(encoded, self._cache) if known is None else known

    def _surroundings(self, encoded: str, cache: dict[str, list[tuple[str, ...]]]) -> list[tuple[str, ...]]:
        """Cache the triples of a subject and of the things it links to: a document needs their names next."""
        if len(cache) >= _CACHED_SUBJECTS:
            cache.clear()
        own = cache[encoded] = self.rows(f"{encoded} ?p ?o", "p", "o")
        linked = dict.fromkeys(object_ for _, object_ in own if is_iri(object_) and object_ not in cache)
        names = [name for name in linked if _is_term(name)][:_SURROUNDING]
        if names:
            # Listed by name: Virtuoso takes a minute for the same as a join.
            values = f"VALUES ?s {{ {' '.join(names)} }}"
            found: dict[str, list[tuple[str, ...]]] = {name: [] for name in names}
            for subject, *pair in self.rows("?s ?p ?o", "s", "p", "o", values=values):
                found[subject].append(tuple(pair))
            cache.update(found)
        return own

    def _number(self, query: str) -> int:
        ((number,),) = self.client.select(query, "n")
        return self.counted(number)

    def counted(self, term: str) -> int:
        """Return the number that the store has counted.

        Raises:
            RemoteStoreError: its answer is no number, or one of more digits than there are triples anywhere.
        """
        number = whole_number(text_of(term))
        if number is None:
            raise RemoteStoreError(
                f"{shown_address(self.client.query_address)}: answers {term[:60]} where it was to count triples"
            )
        return number

    def _pattern(self, *terms: str | None) -> str | None:
        """Return a pattern of encoded terms, None for one that no triple can match."""
        if any(encoded is not None and not is_iri(encoded) for encoded in terms[:2]):
            return None
        written = [f"?{name}" if part is None else _written(part) for name, part in zip("spo", terms, strict=True)]
        return self._in(" ".join(written))

    def _in(self, pattern: str, graph: str | None = None) -> str:
        """Return a pattern as it is to be matched in a named graph, or among the published triples."""
        where = graph or self.graph
        return f"GRAPH {term(where)} {{ {pattern} }}" if where else pattern


def _written(encoded: str) -> str:
    """Return an encoded term as SPARQL reads it, after every part of it has been read; ValueError for what is no term."""
    if is_iri(encoded):
        return term(iri_text(encoded))
    text, language, datatype = literal_parts(encoded)
    if datatype:
        term(datatype)
    return as_sparql(literal(text, language=language, datatype=datatype))


def _is_term(encoded: str) -> bool:
    """Return whether an IRI that a store handed out may be written into a query."""
    try:
        return term(iri_text(encoded)) == encoded
    except ValueError:
        return False


def term(text: str) -> Iri:
    """Return an encoded IRI after it has been read as one; ValueError for a text that is none, as the embedded store raises it."""
    try:
        return checked_iri(text)
    except BadValueError as fault:
        raise ValueError(f"{iri(text)}: {fault}") from None
