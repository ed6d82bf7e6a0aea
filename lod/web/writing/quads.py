"""Write triples, and a graph of what is said about them, in any format of RDF, as they are: no list is folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from lod.rdf.claims import Triple, claim
from lod.web.http.formats import JSON_LD, N_QUADS, TRIG, Format
from lod.web.writing.result_stream import ResultStream

_WITH_GRAPHS = frozenset({N_QUADS.extension, TRIG.extension, JSON_LD.extension})


def write_quads(
    triples: Iterable[Triple], graph: str, about: Iterable[Triple], format_: Format, prefixes: Mapping[str, str]
) -> bytes:
    """Return triples and, in the graph with this IRI, what is about them; both in one graph where a format knows one only."""
    where = f" <{graph}> ." if format_.extension in _WITH_GRAPHS else " ."
    lines = [*(claim(*triple) for triple in triples), *(claim(*triple)[:-2] + where for triple in about)]
    text = "\n".join(dict.fromkeys(lines))
    quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    used = {name: namespace for name, namespace in prefixes.items() if f"<{namespace}" in text}
    name = ox.RdfFormat.JSON_LD if format_ is JSON_LD else ox.RdfFormat.from_extension(format_.extension)
    if where == " .":
        written = ox.serialize((quad.triple for quad in quads), format=name, prefixes=used)
    else:
        written = ox.serialize(quads, format=name, prefixes=used)
    parts: list[bytes] = []
    stream = ResultStream(format_.extension, parts.append)
    stream.feed(written or b"")
    stream.close()
    return b"".join(parts)
