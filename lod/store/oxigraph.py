"""The embedded store: Oxigraph on disk or in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self, cast

import pyoxigraph as ox

from lod.disk.os_errors import store_error
from lod.disk.sorted_lines import as_file
from lod.rdf.claims import (
    XSD_NS,
    Claim,
    Term,
    Triple,
    canonical_tag,
    claim,
    iri_text,
    is_iri,
    literal_parts,
    split_claim,
)

_DEFAULT = ox.DefaultGraph()
_NT = ox.RdfFormat.N_TRIPLES
_CHUNK_CLAIMS = 10_000
_HANDED_BYTES = 1 << 20
# Of tags without a hyphen the two cases are the same.
_STORED_TAG = re.compile(r'(?<=")@([A-Za-z]+-[A-Za-z0-9-]+) \.$', re.MULTILINE)
_TYPED = f'"^^<{XSD_NS}'
# Most typed literals of a repository: years, months, days, moments in UTC, whole numbers, in the form they have already.
_CANONICAL = re.compile(
    rf'"(?:[1-9]\d{{3}}(?:-\d\d(?:-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?)?)?|0|[1-9]\d*)"\^\^<{re.escape(XSD_NS)}'
    r"(?:gYear|gYearMonth|date|dateTime|integer)> \.$"
)


class OxigraphStore:
    """A `Store` over Oxigraph. Terms are encoded and decoded here and nowhere else."""

    def __init__(self, store: ox.Store, directory: Path = Path()) -> None:
        """Take a store, and its folder, which messages name."""
        self._store = store
        self._directory = directory

    @classmethod
    def open_read_only(cls, directory: Path) -> Self:
        """Open a finished store; several processes may do so at once.

        Raises:
            StoreError: it is not there or damaged.
        """
        with _engine_faults_told(directory, "opening the store"):
            return cls(ox.Store.read_only(str(directory)), directory)

    def triples_of(self, subject: str, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.triples_of`."""
        where = ox.NamedNode(graph) if graph else _DEFAULT
        return map(encoded, self._quads(ox.NamedNode(subject), None, None, where))

    def triples_to(self, object_: str, limit: int, offset: int = 0) -> Iterator[Triple]:
        """See `Store.triples_to`."""
        quads = self._quads(None, None, ox.NamedNode(object_))
        return map(encoded, islice(quads, offset, offset + limit))

    def matching(
        self, subject: str | None, predicate: str | None, object_: str | None, limit: int, offset: int = 0
    ) -> Iterator[Triple]:
        """See `Store.matching`."""
        return map(encoded, islice(self._pattern(subject, predicate, object_), offset, offset + limit))

    def count_matching(self, subject: str | None, predicate: str | None, object_: str | None, most: int) -> int:
        """See `Store.count_matching`."""
        return sum(1 for _ in islice(self._pattern(subject, predicate, object_), most))

    def _pattern(self, subject: str | None, predicate: str | None, object_: str | None) -> Iterator[ox.Quad]:
        if any(term is not None and not is_iri(term) for term in (subject, predicate)):
            return iter(())
        found: list[Any] = [None if term is None else _decoded(term) for term in (subject, predicate, object_)]
        return self._quads(found[0], found[1], found[2])

    def _quads(self, subject: Any, predicate: Any, object_: Any, graph: Any = _DEFAULT) -> Iterator[ox.Quad]:
        with self._reading():
            yield from self._store.quads_for_pattern(subject, predicate, object_, graph)

    def _reading(self) -> AbstractContextManager[None]:
        return _engine_faults_told(self._directory, "reading the store")

    def exists(self, subject: str) -> bool:
        """See `Store.exists`."""
        try:
            node = ox.NamedNode(subject)
        except ValueError:
            return False
        return next(self._quads(node, None, None), None) is not None

    def objects(self, subject: str, predicate: str) -> Iterator[Term]:
        """See `Store.objects`."""
        quads = self._quads(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return (encoded_term(quad.object) for quad in quads)

    def named_graphs(self) -> Iterator[str]:
        """See `Store.named_graphs`."""
        with self._reading():
            yield from (graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))

    def count(self) -> int:
        """See `Store.count`."""
        with self._reading():
            # Not COUNT: the engine's aggregates collect faults of a damaged file without end, until memory is full.
            return sum(1 for _ in cast("ox.QuerySolutions", self._store.query("SELECT ?none { ?s ?p ?o }")))

    def all_triples(self, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.all_triples`; those of a named graph when one is given."""
        where = ox.NamedNode(graph) if graph else _DEFAULT
        return map(encoded, self._quads(None, None, None, where))

    def hand_out(self, take: Callable[[list[str]], object]) -> None:
        """Give every published triple as a line, many at a time and in no order: half the time of `all_triples`."""
        lines = _Lines(take)
        with self._reading():
            self._store.dump(cast("IO[bytes]", lines), _NT, from_graph=_DEFAULT)
        lines.end()

    def backup(self, directory: Path) -> None:
        """Make an independent copy of an on-disk store, by hard links where the disk is the same.

        Raises:
            StoreError: the folder exists, or cannot be written.
        """
        with _engine_faults_told(directory, "copying the store"):
            self._store.backup(str(directory))


class _Lines:
    """Takes N-Triples as Oxigraph writes them, and gives lines as they are in `lod.rdf.claims`."""

    def __init__(self, take: Callable[[list[str]], object]) -> None:
        self._take = take
        self._parts: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._bytes += len(data)
        if self._bytes >= _HANDED_BYTES:
            self._give()
        return len(data)

    def flush(self) -> None:
        """Do nothing: lines are given when they are many."""

    def end(self) -> None:
        """Give the rest."""
        self._give()

    def _give(self) -> None:
        whole, _, rest = b"".join(self._parts).rpartition(b"\n")
        self._parts, self._bytes = [rest], len(rest)
        if whole:
            self._take(_STORED_TAG.sub(_in_claims_case, whole.decode()).split("\n"))


def _in_claims_case(stored: re.Match[str]) -> str:
    return f"@{canonical_tag(stored[1])} ."


class DifferenceError(Exception):
    """A store does not hold what a difference takes for granted, or its files are damaged; its text says what."""


class WritableOxigraphStore(OxigraphStore):
    """A store that is being built: nobody reads it yet."""

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a store for writing, an empty one where there is none.

        Raises:
            StoreError: the folder cannot be written, or another process writes the store.
        """
        with _engine_faults_told(directory, "opening the store"):
            return cls(ox.Store(str(directory)), directory)

    def load(self, chunks: Iterable[bytes], graph: str | None = None) -> None:
        """Add N-Triples in UTF-8, in any number, to the default graph or a named one; repeated triples are one.

        Raises:
            ValueError: a line is no N-Triples (a fault of the mapping); its text has line and column.
            DifferenceError: what the store holds already is damaged.
        """
        where = ox.NamedNode(graph) if graph else None
        try:
            with _damage_told():
                self._store.bulk_load(as_file(chunks), _NT, to_graph=where)
        except SyntaxError as fault:
            raise ValueError(f"not a claim that the store can read: {fault}") from fault

    def apply(self, added: Iterable[str], removed: Iterable[str], graph: str | None = None) -> None:
        """Bring the default graph, or a named one, along with a difference.

        Raises:
            DifferenceError: a removed claim is not in the store, an added one is already, or what it holds is damaged.
                Then the store may hold half of the difference and is to be thrown away.
        """
        where = ox.NamedNode(graph) if graph else _DEFAULT
        with _damage_told():
            for quad in _quads(removed, where):
                if quad not in self._store:
                    raise DifferenceError(f"the store lacks a claim that should be removed: {_line(quad)}")
                self._store.remove(quad)
            quads = _quads(added, where)
            while chunk := list(islice(quads, _CHUNK_CLAIMS)):
                for quad in chunk:
                    if quad in self._store:
                        raise DifferenceError(f"the store holds a claim already that should be added: {_line(quad)}")
                self._store.extend(chunk)

    def add_graph(self, graph: str, chunks: Iterable[bytes]) -> None:
        """Add a named graph, which may be empty, from N-Triples in UTF-8."""
        self._store.add_graph(ox.NamedNode(graph))
        self.load(chunks, graph)

    def remove_graph(self, graph: str) -> None:
        """Remove a named graph, if there is one."""
        with _damage_told():
            self._store.remove_graph(ox.NamedNode(graph))

    def size(self) -> int:
        """Return how many triples all graphs hold together; takes half the time of `count`."""
        with _damage_told():
            return len(self._store)

    def flush(self) -> None:
        """Write everything to the store's files."""
        with _damage_told():
            self._store.flush()


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turn what the engine raises where the checksum of a block is wrong, RuntimeError, into DifferenceError."""
    try:
        yield
    except RuntimeError as fault:
        raise DifferenceError(f"the store is damaged ({fault})") from fault


@contextmanager
def _engine_faults_told(directory: Path, doing: str) -> Iterator[None]:
    """Turn what the engine raises, OSError or RuntimeError, into StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as fault:
        raise store_error(directory, doing, fault) from fault


def stored_form(line: str) -> str:
    """Return a claim made by `lod.rdf.claims` as the store gives it back.

    Oxigraph keeps numbers, booleans, dates and times as values and writes them in one form: "007" as integer becomes
    "7", "1.50" as decimal "1.5", "+00:00" in a dateTime "Z". What is no such value ("2010-02-31" as date) stays.
    """
    if _TYPED not in line or _CANONICAL.search(line):
        return line
    subject, predicate, object_ = split_claim(line)
    return claim(subject, predicate, _stored_term(object_))


def stored_term(term: Term) -> Term:
    """Return an encoded term as the store gives it back, likewise: other stores write some values in forms of their own."""
    return term if _TYPED not in term or _CANONICAL.search(f"{term} .") else _stored_term(term)


@lru_cache(maxsize=65_536)
def _stored_term(term: str) -> Term:
    return split_claim(after_storing(claim("<x:s>", "<x:p>", term)))[2]


def after_storing(line: str) -> Claim:
    """Return any N-Triples line as the store gives it back, whoever wrote it; slower than `stored_form`."""
    # The store decides, not the parser: the form changes when a term is encoded for storage.
    store = ox.Store()
    store.load(line.encode(), _NT)
    return _line(next(iter(store)))


def _quads(lines: Iterable[str], graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    for quad in ox.parse(as_file(f"{line}\n".encode() for line in lines), _NT):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _line(quad: Any) -> Claim:
    return claim(*encoded(quad))


def encoded(quad: Any) -> Triple:
    """Return a quad's triple, or a triple, of Oxigraph as encoded terms."""
    return cast("Triple", (str(quad.subject), str(quad.predicate), encoded_term(quad.object)))


def _decoded(term: str) -> ox.NamedNode | ox.Literal:
    if is_iri(term):
        return ox.NamedNode(iri_text(term))
    text, language, datatype = literal_parts(term)
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text)


def encoded_term(term: Any) -> Term:
    """Return a term of Oxigraph encoded as in `lod.rdf.claims`."""
    # Oxigraph keeps language tags in lower case; claims have them in BCP 47 case.
    tag = getattr(term, "language", None)
    encoded = str(term)
    return cast("Term", encoded[: -len(tag)] + canonical_tag(tag) if tag else encoded)
