"""Write triples, and a graph with their metadata, in any format of RDF; lists are not folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from lod.rdf.claims import Triple, claim
from lod.rdf.formats import Format
from lod.web.writing.result_stream import ResultStream


def write_quads(
    triples: Iterable[Triple], graph: str, about: Iterable[Triple], format_: Format, prefixes: Mapping[str, str]
) -> bytes:
    """Return triples and, in the graph with this IRI, their metadata; all in one graph where the format has no graphs."""
    where = f" <{graph}> ." if format_.has_graphs else " ."
    lines = [*(claim(*triple) for triple in triples), *(claim(*triple)[:-2] + where for triple in about)]
    text = "\n".join(dict.fromkeys(lines))
    quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    used = {name: namespace for name, namespace in prefixes.items() if f"<{namespace}" in text}
    written = ox.serialize(
        quads if format_.has_graphs else (quad.triple for quad in quads), format=format_.engine, prefixes=used
    )
    parts: list[bytes] = []
    stream = ResultStream(format_.extension, parts.append)
    stream.feed(written or b"")
    stream.close()
    return b"".join(parts)
