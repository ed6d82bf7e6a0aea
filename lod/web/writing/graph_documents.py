"""/data/report and /data/removed: named graphs of the live generation as documents, streamed, however long they are.

They are kept as sorted N-Triples: the triples of one resource stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from lod.dump.blocks import subject_of
from lod.dump.syntaxes import Block, described, json_node, turtle_head, write_turtle
from lod.rdf.claims import RDF_TYPE
from lod.web.http.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from lod.web.writing.rdf_xml import attribute, element

GRAPH_DOCUMENTS = frozenset({"report", "removed"})
"""The keys of the graphs: what follows /data/."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMES = {"http://www.w3.org/ns/shacl#": "sh", "http://www.w3.org/ns/prov#": "prov"}
_CHUNK_LINES = 500


def graph_chunks(lines: Iterable[str], extension: str) -> Iterator[bytes]:
    """Yield a graph in a format, named by its extension, as UTF-8. `lines` are its claims, sorted."""
    waiting: list[str] = []
    for text in _WRITERS[extension](lines):
        waiting.append(text)
        if len(waiting) >= _CHUNK_LINES:
            yield "".join(waiting).encode("utf-8")
            waiting.clear()
    yield "".join(waiting).encode("utf-8")


def _n_triples(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _turtle(lines: Iterable[str]) -> Iterator[str]:
    yield turtle_head({name: space for space, name in _NAMES.items()})
    for _, group in groupby(lines, key=subject_of):
        yield write_turtle(Block(group), _NAMES)


def _json_ld(lines: Iterable[str]) -> Iterator[str]:
    """Expanded form, which needs no context: an array that a reader may take object by object."""
    mark = "["
    for subject, properties in described(lines):
        yield f"{mark}\n{json_node(subject, properties)}"
        mark = ","
    yield "\n]\n" if mark == "," else "[]\n"


def _rdf_xml(lines: Iterable[str]) -> Iterator[str]:
    spaces = "".join(f' xmlns:{name}="{space}"' for space, name in {_RDF: "rdf", **_NAMES}.items())
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{spaces}>\n'
    for subject, properties in described(lines):
        yield f"  <rdf:Description rdf:about={attribute(subject[1:-1])}>\n"
        for predicate, object_ in properties:
            yield f"    {element(_xml_name(predicate), object_, replaced=True)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _xml_name(predicate: str) -> str:
    if predicate == RDF_TYPE:
        return "rdf:type"
    # The properties of these graphs are of SHACL and PROV-O alone.
    space, _, local = predicate[1:-1].rpartition("#")
    return f"{_NAMES[f'{space}#']}:{local}"


_WRITERS: dict[str, Callable[[Iterable[str]], Iterator[str]]] = {
    TURTLE.extension: _turtle,
    TRIG.extension: _turtle,
    N_TRIPLES.extension: _n_triples,
    N_QUADS.extension: _n_triples,
    JSON_LD.extension: _json_ld,
    RDF_XML.extension: _rdf_xml,
}
