"""The embedded store: Oxigraph on disk or in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from io import BytesIO
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
_BUFFERED_BYTES = 1 << 20
_LOADED_BYTES = 1 << 24
"""Some 90,000 claims. As large a load in one takes 0.9 GiB for a million claims, and 5 % less time (docs/adr/0050)."""
_FEW_BYTES = 1 << 16
"""A bulk load writes files of its own, 7 ms each; below some 400 claims it takes longer than to add them as changes are."""
# Tags without a hyphen are the same in both forms.
_STORED_TAG = re.compile(r'(?<=")@([A-Za-z]+-[A-Za-z0-9-]+) \.$', re.MULTILINE)
_TYPED = f'"^^<{XSD_NS}'
# Most typed literals of a repository: years, months, days, times in UTC and integers in canonical form.
_CANONICAL = re.compile(
    rf'"(?:[1-9]\d{{3}}(?:-\d\d(?:-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?)?)?|0|[1-9]\d*)"\^\^<{re.escape(XSD_NS)}'
    r"(?:gYear|gYearMonth|date|dateTime|integer)> \.$"
)


class OxigraphStore:
    """A `Store` over Oxigraph. Only this module encodes and decodes its terms."""

    def __init__(self, store: ox.Store, directory: Path = Path()) -> None:
        """Use a store; `directory` is its folder, for messages."""
        self._store = store
        self._directory = directory

    @classmethod
    def open_read_only(cls, directory: Path) -> Self:
        """Open a finished store; several processes may do so at once.

        Raises:
            StoreError: it is missing or damaged.
        """
        with _as_store_error(directory, "opening the store"):
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

    def walk(
        self, subject: str | None, predicate: str | None, object_: str | None, offset: int = 0
    ) -> Iterator[Triple]:
        """See `Store.walk`. The engine's iterators end the process where another thread asks them for more."""
        return map(encoded, islice(self._pattern(subject, predicate, object_), offset, None))

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
        return _as_store_error(self._directory, "reading the store")

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
            # No COUNT: on a damaged file the engine's aggregates collect errors without end, until memory is full.
            return sum(1 for _ in cast("ox.QuerySolutions", self._store.query("SELECT ?none { ?s ?p ?o }")))

    def all_triples(self, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.all_triples`; those of a named graph when one is given."""
        where = ox.NamedNode(graph) if graph else _DEFAULT
        return map(encoded, self._quads(None, None, None, where))

    def dump_lines(self, receive: Callable[[list[str]], object]) -> None:
        """Call `receive` with chunks of all claims, unordered; takes half the time of `all_triples`."""
        lines = _LineWriter(receive)
        with self._reading():
            self._store.dump(cast("IO[bytes]", lines), _NT, from_graph=_DEFAULT)
        lines.end()

    def backup(self, directory: Path) -> None:
        """Make an independent copy of an on-disk store, with hard links on the same file system.

        Raises:
            StoreError: the folder exists, or cannot be written.
        """
        with _as_store_error(directory, "copying the store"):
            self._store.backup(str(directory))


class _LineWriter:
    """Binary file that turns the N-Triples of Oxigraph into claims, and passes them on in chunks."""

    def __init__(self, receive: Callable[[list[str]], object]) -> None:
        self._receive = receive
        self._parts: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._bytes += len(data)
        if self._bytes >= _BUFFERED_BYTES:
            self.end()
        return len(data)

    def flush(self) -> None:
        """Do nothing: lines are passed on in large chunks."""

    def end(self) -> None:
        """Pass on all complete lines."""
        whole, _, rest = b"".join(self._parts).rpartition(b"\n")
        self._parts, self._bytes = [rest], len(rest)
        if whole:
            self._receive(_STORED_TAG.sub(_with_canonical_tag, whole.decode()).split("\n"))


def _with_canonical_tag(stored: re.Match[str]) -> str:
    return f"@{canonical_tag(stored[1])} ."


class DifferenceError(Exception):
    """A difference does not fit the content of a store, or the files of the store are damaged."""


class WritableOxigraphStore(OxigraphStore):
    """A store that is being built; it has no readers yet."""

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a store for writing; create an empty one if there is none.

        Raises:
            StoreError: the folder cannot be written, or another process writes the store.
        """
        with _as_store_error(directory, "opening the store"):
            return cls(ox.Store(str(directory)), directory)

    def load(self, chunks: Iterable[bytes], graph: str | None = None) -> None:
        """Add N-Triples in UTF-8 to the default graph or a named one; repeated triples are added once.

        Raises:
            ValueError: a line is not N-Triples (a bug of the mapping); the message has line and column.
            DifferenceError: the files of the store are damaged.
        """
        where = ox.NamedNode(graph) if graph else None
        try:
            with _as_difference_error():
                for piece in _pieces(chunks):
                    load = self._store.load if len(piece) < _FEW_BYTES else self._store.bulk_load
                    load(piece, _NT, to_graph=where)
        except SyntaxError as fault:
            raise ValueError(f"not a claim that the store can read: {fault}") from fault

    def apply(self, added: Iterable[str], removed: Iterable[str], graph: str | None = None) -> None:
        """Apply a difference to the default graph, or to a named one.

        Raises:
            DifferenceError: a removed claim is not in the store, an added one is in it already, or its files are damaged.
                The store may then hold a part of the difference and must be discarded.
        """
        where = ox.NamedNode(graph) if graph else _DEFAULT
        with _as_difference_error():
            for quad in _quads(removed, where):
                if quad not in self._store:
                    raise DifferenceError(f"the store lacks a claim that should be removed: {_line(quad)}")
                self._store.remove(quad)
            quads = _quads(added, where)
            while chunk := list(islice(quads, _CHUNK_CLAIMS)):
                for quad in chunk:
                    if quad in self._store:
                        raise DifferenceError(f"the store already holds a claim that should be added: {_line(quad)}")
                self._store.extend(chunk)

    def add_graph(self, graph: str, chunks: Iterable[bytes]) -> None:
        """Add a named graph, which may be empty, from N-Triples in UTF-8."""
        self._store.add_graph(ox.NamedNode(graph))
        self.load(chunks, graph)

    def remove_graph(self, graph: str) -> None:
        """Remove a named graph, if there is one."""
        with _as_difference_error():
            self._store.remove_graph(ox.NamedNode(graph))

    def size(self) -> int:
        """Return the number of triples of all graphs; takes half the time of `count`."""
        with _as_difference_error():
            return len(self._store)

    def flush(self) -> None:
        """Write everything to the store's files."""
        with _as_difference_error():
            self._store.flush()


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks joined to pieces to be loaded one by one: the engine needs several times the memory of what it is given at once."""
    piece, size = BytesIO(), 0
    for chunk in chunks:
        size += piece.write(chunk)
        if size >= _LOADED_BYTES:
            yield piece.getvalue()
            piece, size = BytesIO(), 0
    if size:
        yield piece.getvalue()


@contextmanager
def _as_difference_error() -> Iterator[None]:
    """Turn RuntimeError, which the engine raises where the checksum of a block is wrong, into DifferenceError."""
    try:
        yield
    except RuntimeError as fault:
        raise DifferenceError(f"the store is damaged ({fault})") from fault


@contextmanager
def _as_store_error(directory: Path, action: str) -> Iterator[None]:
    """Turn errors of the engine, OSError or RuntimeError, into StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as fault:
        raise store_error(directory, action, fault) from fault


def stored_form(line: str) -> str:
    """Return a claim made by `lod.rdf.claims` in the form in which the store returns it.

    Oxigraph stores numbers, booleans, dates and times as values and writes them in canonical form: "007" as integer becomes
    "7", "1.50" as decimal "1.5", "+00:00" in a dateTime "Z". Invalid values ("2010-02-31" as date) are unchanged.
    """
    if _TYPED not in line or _CANONICAL.search(line):
        return line
    subject, predicate, object_ = split_claim(line)
    return claim(subject, predicate, _stored_term(object_))


def stored_term(term: Term) -> Term:
    """Return an encoded term likewise; other stores write some values in other forms."""
    return term if _TYPED not in term or _CANONICAL.search(f"{term} .") else _stored_term(term)


@lru_cache(maxsize=65_536)
def _stored_term(term: str) -> Term:
    return split_claim(after_storing(claim("<x:s>", "<x:p>", term)))[2]


def after_storing(line: str) -> Claim:
    """Return any N-Triples line in the form in which the store returns it; slower than `stored_form`."""
    # A store, since the form changes when a term is encoded for storage, not when it is parsed.
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
    # Oxigraph stores language tags in lower case; claims have them in the case of BCP 47.
    tag = getattr(term, "language", None)
    encoded = str(term)
    return cast("Term", encoded[: -len(tag)] + canonical_tag(tag) if tag else encoded)
