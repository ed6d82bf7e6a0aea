"""Named graphs of the live generation as documents (/data/report, /data/model …), streamed, since they may be long.

Their files are sorted N-Triples: the triples of one resource are next to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import quoteattr

from lod.dump.blocks import subject_of
from lod.dump.syntaxes import Block, by_subject, json_node, turtle_head, write_turtle
from lod.rdf.claims import RDF_NS
from lod.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from lod.rdf.names import prefixed_name
from lod.web.writing.rdf_xml import element

GRAPH_DOCUMENTS = frozenset({"links", "model", "quality", "questions", "removed", "report"})
"""The keys of the graphs: what follows /data/."""

_NAMES = {
    "http://www.w3.org/ns/shacl#": "sh",
    "http://www.w3.org/ns/prov#": "prov",
    "http://www.w3.org/ns/dqv#": "dqv",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://schema.org/": "schema",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "https://w3id.org/sssom/": "sssom",
}
"""The properties of these graphs are of these vocabularies, of RDF itself and of the local one."""
_XML_NAMES = {RDF_NS: "rdf", **_NAMES}
_CHUNK_LINES = 500


def graph_chunks(lines: Iterable[str], format_: Format) -> Iterator[bytes]:
    """Yield a graph in a format, as UTF-8. `lines` are its claims, sorted."""
    chunk: list[str] = []
    for text in WRITERS[format_](lines):
        chunk.append(text)
        if len(chunk) >= _CHUNK_LINES:
            yield "".join(chunk).encode("utf-8")
            chunk.clear()
    yield "".join(chunk).encode("utf-8")


def _n_triples(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _turtle(lines: Iterable[str]) -> Iterator[str]:
    yield turtle_head({name: space for space, name in _NAMES.items()})
    for _, group in groupby(lines, key=subject_of):
        yield write_turtle(Block(group), _NAMES)


def _json_ld(lines: Iterable[str]) -> Iterator[str]:
    """Expanded form, which needs no context: an array that a reader may take object by object."""
    mark = "["
    for subject, properties in by_subject(lines):
        yield f"{mark}\n{json_node(subject, properties)}"
        mark = ","
    yield "\n]\n" if mark == "," else "[]\n"


def _rdf_xml(lines: Iterable[str]) -> Iterator[str]:
    spaces = "".join(f' xmlns:{name}="{space}"' for space, name in _XML_NAMES.items())
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{spaces}>\n'
    for subject, properties in by_subject(lines):
        yield f"  <rdf:Description rdf:about={quoteattr(subject[1:-1])}>\n"
        for predicate, object_ in properties:
            yield f"    {_property(predicate[1:-1], object_)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _property(predicate: str, object_: str) -> str:
    """Return a property as an element, which declares its namespace where the document does not."""
    name = prefixed_name(predicate, _XML_NAMES)
    if name:
        return element(name, object_, replaced=True)
    cut = max(predicate.rfind("/"), predicate.rfind("#")) + 1
    name = f"local:{predicate[cut:]}"
    return element(name, object_, replaced=True).replace(name, f"{name} xmlns:local={quoteattr(predicate[:cut])}", 1)


WRITERS: dict[Format, Callable[[Iterable[str]], Iterator[str]]] = {
    TURTLE: _turtle,
    TRIG: _turtle,
    N_TRIPLES: _n_triples,
    N_QUADS: _n_triples,
    JSON_LD: _json_ld,
    RDF_XML: _rdf_xml,
}
