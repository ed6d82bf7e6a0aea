"""RDF made elsewhere, published unchanged: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML.

A record is what one file says of one resource: its triples, with those of the blank nodes that they lead to. Each value
is a claim, under the field `rdf.claim`. Named graphs are read as one; blank nodes get lasting names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from lod.disk.scratch import scratch_folder
from lod.errors import BadValueError
from lod.rdf.claims import RDF_NS, XSD_NS, claim, iri, literal
from lod.rdf.files import LONGEST_TERM_MIB, ending, is_too_long, read_quads
from lod.rdf.formats import BY_ENDING, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TURTLE, Format
from lod.record import RDF_CLAIM, Record, Value
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.rdf.blank_names import BlankNodes
from lod.sources.rdf.json_ld_contexts import with_contexts
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile

_DETECTED_BY_NAME = frozenset(BY_ENDING) - {"json", "xml"}
_LINES = (N_TRIPLES, N_QUADS)
_CHUNK_BYTES = 1 << 20
_IN_MEMORY_BYTES = 4 << 20
_SHOWN_CHARACTERS = 120
_COVER = "x-as-given:"
_UNTYPED = frozenset(ox.NamedNode(name) for name in (f"{XSD_NS}string", f"{RDF_NS}langString"))

_Description = tuple[str, Iterable[tuple[str, object]]]


def detect_rdf(head: bytes, path: Path) -> bool:
    """Return whether the ending of a file's name is one of RDF, or the file is JSON with a context: JSON-LD.

    `.xml` may be anything and is named with --format.
    """
    if ending(path.name) in _DETECTED_BY_NAME:
        return True
    shape = json_shape(head)
    return any(
        f"{start}{context}" in shape
        and any(f"{start}{name}" in shape for name in ("id", "@id", "@graph[]", "@type", "type"))
        for start in ("", "[].")
        for context in ("@context", "@context[]")
    )


def read_rdf(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield what a file says of each resource, and a violation for each line or resource that cannot be taken.

    Relative IRIs are resolved against the setting `base_iri`.

    Raises:
        SourceError: the file is not in its serialization (a file of lines only loses the line), or cannot be read.
    """
    faults: list[Item] = []
    graphs: set[str] = set()
    with _store_for(file) as store:
        with file.reading() as stream:
            store.bulk_extend(_merged(_quads(file, stream, settings.base_iri, faults), graphs))
        yield from faults
        if graphs:
            yield file.remark("named-graphs", f"{len(graphs)} named graphs were read as one; their names are not kept.")
        yield from _records(file, store, settings)


@contextmanager
def _store_for(file: SourceFile) -> Iterator[ox.Store]:
    """Open an empty store: in memory for a small file, on disk for one that memory may not hold."""
    if file.path.stat().st_size <= _IN_MEMORY_BYTES:
        yield ox.Store()
        return
    with scratch_folder() as folder:
        store = ox.Store(str(folder))
        yield store
        del store


def _quads(file: SourceFile, stream: IO[bytes], base: str, faults: list[Item]) -> Iterator[ox.Quad]:
    format_ = BY_ENDING.get(ending(file.path.name)) or _sniffed(file.head())
    if format_ in _LINES:
        return _quads_of_lines(file, stream, format_, faults)
    if format_ is JSON_LD:
        stream = with_contexts(stream, file, faults)
    return read_quads(stream, format_, file.source, base)


def _sniffed(head: bytes) -> Format:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"<": RDF_XML, b"{": JSON_LD, b"[": JSON_LD}.get(start, TURTLE)


def _quads_of_lines(file: SourceFile, stream: IO[bytes], format_: Format, faults: list[Item]) -> Iterator[ox.Quad]:
    number, engine = 1, format_.engine
    while lines := stream.readlines(_CHUNK_BYTES):
        try:
            yield from ox.parse(b"".join(lines), format=engine)
        except (SyntaxError, MemoryError):
            # A quad that comes twice is one: the chunk is read again from its start, line by line.
            for position, line in enumerate(lines, start=number):
                try:
                    yield from ox.parse(line, format=engine)
                except (SyntaxError, MemoryError) as fault:
                    shown = line[: 4 * _SHOWN_CHARACTERS].decode("utf-8", "replace").strip()[:_SHOWN_CHARACTERS]
                    message = (
                        f"no line of {format_.name}: {_reason(fault)}. Correct or remove the line, then publish again."
                    )
                    faults.append(file.unreadable("rdf-line", f"line {position}", message, value=shown))
        number += len(lines)


def _reason(fault: SyntaxError | MemoryError) -> str:
    if isinstance(fault, SyntaxError):
        # The parser counts lines of what it was given: one.
        return fault.msg.partition(": ")[2] or fault.msg
    if not is_too_long(fault):
        raise fault
    return f"a value of {LONGEST_TERM_MIB} MiB or more cannot be read"


def _merged(quads: Iterable[ox.Quad], graphs: set[str]) -> Iterator[ox.Quad]:
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            graphs.add(str(quad.graph_name))
        yield ox.Quad(quad.subject, quad.predicate, _covered(quad.object))


def _covered(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Any:
    """Return a literal under a datatype that the engine does not know: "007" as a number would be stored as "7"."""
    if not isinstance(term, ox.Literal) or term.language or term.datatype in _UNTYPED:
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(_COVER + term.datatype.value))


def _uncovered(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield quads with the datatypes that the file gives."""
    for quad in quads:
        term = quad.object
        if isinstance(term, ox.Literal) and term.datatype.value.startswith(_COVER):
            term = ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value.removeprefix(_COVER)))
        yield ox.Quad(quad.subject, quad.predicate, term)


def _records(file: SourceFile, store: ox.Store, settings: Settings) -> Iterator[Item]:
    nodes = BlankNodes(_uncovered(store.quads_for_pattern(None, None, None)))
    maker = _RecordMaker(file, nodes, nodes.names(settings.base_iri), settings.max_record_mib)
    resources = _resources(store, nodes, maker)
    yield from records_of(
        file, resources, lambda resource: [maker.record(*resource)], lambda resource: iri(resource[0])
    )


def _resources(store: ox.Store, nodes: BlankNodes, maker: _RecordMaker) -> Iterator[_Description | Finding]:
    """Yield each resource with its predicates and objects, and a violation for blank nodes that cannot be named."""
    seen: set[str] = set()
    # A store on disk yields the quads of a subject together, a store in memory need not.
    for subject, _ in groupby(store.quads_for_pattern(None, None, None), key=lambda quad: quad.subject):
        if isinstance(subject, ox.NamedNode) and subject.value not in seen:
            seen.add(subject.value)
            quads = _uncovered(store.quads_for_pattern(subject, None, None))
            yield subject.value, ((str(quad.predicate), quad.object) for quad in quads)
    for label in nodes.roots():
        if label in maker.names:
            yield maker.names[label], nodes.says[label]
        else:
            yield maker.looping(f"_:{label}", [label])
    # Loops that nothing leads to.
    left = [label for label in nodes.says if label not in maker.names and label not in maker.reported]
    if left:
        yield maker.looping(f"{len(left)} blank nodes", left)


class _RecordMaker:
    """Makes records of resources."""

    def __init__(self, file: SourceFile, nodes: BlankNodes, names: dict[str, str], most_mib: int) -> None:
        self._file = file
        self._most_mib = most_mib
        self._nodes = nodes
        self.names = names
        self.reported: set[str] = set()
        """Labels of nodes without a name that a violation has reported."""

    def record(self, about: str, says: Iterable[tuple[str, object]]) -> Item:
        """Return the claims of a resource, and of the blank nodes below it, as one record."""
        claims: set[str] = set()
        waiting: list[tuple[str, Iterable[tuple[str, object]]]] = [(iri(about), says)]
        characters = 0
        seen: set[str] = set()
        nameless: list[str] = []
        while waiting:
            subject, pairs = waiting.pop()
            for predicate, object_ in pairs:
                if isinstance(object_, ox.BlankNode):
                    if object_.value not in self.names:
                        nameless.append(object_.value)
                        continue
                    if object_.value not in seen:
                        seen.add(object_.value)
                        waiting.append((iri(self.names[object_.value]), self._nodes.says[object_.value]))
                try:
                    line = claim(subject, predicate, self._term(object_))
                except BadValueError as fault:
                    message = f"{fault}. Correct the value at {predicate}, then publish again."
                    return self._file.unreadable(
                        "rdf-term", iri(about), message, value=str(object_)[:_SHOWN_CHARACTERS]
                    )
                claims.add(line)
                characters += len(line)
                if characters > self._most_mib << 20:
                    message = (
                        f"what is said of it takes more than max_record_mib allows, {self._most_mib} MiB. Look whether it is one "
                        "resource, and raise max_record_mib in lod.toml if so, then publish again."
                    )
                    return self._file.unreadable("record-size", iri(about), message)
        if nameless:
            return self.looping(iri(about), nameless)
        values = tuple(Value(RDF_CLAIM, line) for line in sorted(claims))
        return Record(self._file.source, self._file.place(iri(about)), values, about=about)

    def looping(self, about: str, labels: list[str]) -> Finding:
        """Return a violation for a resource whose blank nodes cannot be named; it reports those below these too."""
        while labels:
            label = labels.pop()
            if label not in self.reported:
                self.reported.add(label)
                labels += [object_.value for _, object_ in self._nodes.says[label] if isinstance(object_, ox.BlankNode)]
        message = "blank nodes that lead back to themselves cannot be given lasting names. Give one of them an IRI, then publish again."
        return self._file.unreadable("rdf-loop", about, message)

    def _term(self, term: object) -> str:
        if isinstance(term, ox.BlankNode):
            return iri(self.names[term.value])
        if isinstance(term, ox.Literal):
            if term.direction is not None:
                raise BadValueError("a text with a base direction (RDF 1.2), which no claim can hold")
            return literal(term.value, language=term.language, datatype=term.datatype.value)
        if isinstance(term, ox.NamedNode):
            return str(term)
        raise BadValueError("a triple as a term (RDF 1.2), which no claim can hold")
