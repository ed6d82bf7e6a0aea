"""Mark of a push: which generation a remote store holds, in a named graph of its own.

A mark that is not whole says that a push has started: the store may hold some of its generation, all of it, or what was there
before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lod.rdf.claims import XSD_NS, claim, iri, iri_text, literal, text_of
from lod.remote.store import PUSH_MARK, RemoteStore

_SCHEMA = "http://schema.org/"
_VOID = "http://rdfs.org/ns/void#"
_VERSION = f"<{_SCHEMA}version>"
_STATUS = f"<{_SCHEMA}creativeWorkStatus>"
_MODIFIED = "<http://purl.org/dc/terms/modified>"
_PUSHED = f"<{_SCHEMA}dateModified>"
_TRIPLES = f"<{_VOID}triples>"
_RECORDS = f"<{_VOID}entities>"
_GRAPH = "<http://www.w3.org/ns/sparql-service-description#namedGraph>"
_WHOLE, _BEGUN = "pushed", "being pushed"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was pushed last: name and moment of the generation, its figures, its named graphs; when it was pushed.

    Moments are ISO 8601; `pushed` is set by `update`.
    """

    generation: str
    created: str
    triples: int
    records: int
    graphs: tuple[str, ...] = ()
    is_whole: bool = True
    pushed: str = ""

    def update(self, base: str) -> str:
        """Return the SPARQL update that puts this mark in place of the one before."""
        graph = iri(base + PUSH_MARK)
        number = f"{XSD_NS}integer"
        pairs = [
            (_VERSION, literal(self.generation)),
            (_STATUS, literal(_WHOLE if self.is_whole else _BEGUN)),
            (_MODIFIED, literal(self.created, datatype=f"{XSD_NS}dateTime")),
            (_PUSHED, literal(datetime.now(UTC).isoformat(timespec="seconds"), datatype=f"{XSD_NS}dateTime")),
            (_TRIPLES, literal(str(self.triples), datatype=number)),
            (_RECORDS, literal(str(self.records), datatype=number)),
            *((_GRAPH, iri(name)) for name in self.graphs),
        ]
        lines = "\n".join(claim(graph, predicate, object_) for predicate, object_ in pairs)
        return f"{erase(base)} ;\nINSERT DATA {{ GRAPH {graph} {{\n{lines}\n}} }}"


def erase(base: str) -> str:
    """Return the SPARQL update that takes the mark out of a store."""
    return f"DELETE WHERE {{ GRAPH {iri(base + PUSH_MARK)} {{ ?s ?p ?o }} }}"


def read_mark(store: RemoteStore, base: str) -> Mark | None:
    """Return the mark in a store, None where there is none that can be read.

    Raises:
        RemoteStoreError: the store does not answer.
    """
    mark = base + PUSH_MARK
    values: dict[str, list[str]] = {}
    for _, predicate, object_ in store.triples_of(mark, mark):
        values.setdefault(predicate, []).append(object_)

    def first(predicate: str) -> str:
        return text_of(values[predicate][0])

    try:
        return Mark(
            first(_VERSION),
            first(_MODIFIED),
            int(first(_TRIPLES)),
            int(first(_RECORDS)),
            tuple(sorted(iri_text(term) for term in values.get(_GRAPH, ()))),
            first(_STATUS) == _WHOLE,
            first(_PUSHED),
        )
    except (KeyError, ValueError):
        return None
