"""The embedded store: Oxigraph on disk or in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from lod.claims import Triple, canonical_tag
from lod.errors import StoreError

_DEFAULT = ox.DefaultGraph()


class OxigraphStore:
    """A `Store` over Oxigraph. Terms are encoded and decoded here and nowhere else."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open_read_only(cls, directory: Path) -> OxigraphStore:
        """Open a finished store; several processes may do so at once.

        Raises:
            StoreError: it is not there or damaged.
        """
        try:
            return cls(ox.Store.read_only(str(directory)))
        except OSError as fault:
            raise StoreError(f"{directory}: the store cannot be opened ({fault})") from None

    def triples_of(self, subject: str, graph: str | None = None) -> Iterator[Triple]:
        """See `Store.triples_of`."""
        where = ox.NamedNode(graph) if graph else _DEFAULT
        return map(_encoded, self._store.quads_for_pattern(ox.NamedNode(subject), None, None, where))

    def triples_to(self, object_: str, limit: int, offset: int = 0) -> Iterator[Triple]:
        """See `Store.triples_to`."""
        quads = self._store.quads_for_pattern(None, None, ox.NamedNode(object_), _DEFAULT)
        return map(_encoded, islice(quads, offset, offset + limit))

    def exists(self, subject: str) -> bool:
        """See `Store.exists`."""
        try:
            node = ox.NamedNode(subject)
        except ValueError:
            return False
        return next(iter(self._store.quads_for_pattern(node, None, None, _DEFAULT)), None) is not None

    def objects(self, subject: str, predicate: str) -> Iterator[str]:
        """See `Store.objects`."""
        quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, _DEFAULT)
        return (_encoded_term(quad.object) for quad in quads)

    def named_graphs(self) -> Iterator[str]:
        """See `Store.named_graphs`."""
        return (graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))

    def count(self) -> int:
        """See `Store.count`."""
        result = self._store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        return int(next(iter(result))["n"].value)  # type: ignore[arg-type]

    def all_triples(self) -> Iterator[Triple]:
        """See `Store.all_triples`."""
        return map(_encoded, self._store.quads_for_pattern(None, None, None, _DEFAULT))


def _encoded(quad: Any) -> Triple:
    return str(quad.subject), str(quad.predicate), _encoded_term(quad.object)


def _encoded_term(term: Any) -> str:
    # Oxigraph keeps language tags in lower case; claims have them in BCP 47 case.
    tag = getattr(term, "language", None)
    if not tag:
        return str(term)
    encoded = str(term)
    return encoded[: -len(tag)] + canonical_tag(tag)
