"""/data/report: the validation report of the live generation, streamed, however long it is.

The report is a named graph of the generation, kept as sorted N-Triples: the triples of one resource stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from lod.claims import RDF_TYPE
from lod.dump.blocks import subject_of
from lod.dump.syntaxes import Block, described, json_node, turtle_head, write_turtle
from lod.web.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from lod.web.rdf_xml import attribute, element

REPORT = "report"
"""The key of the report: what follows /data/."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CHUNK_LINES = 500


def report_chunks(lines: Iterable[str], extension: str) -> Iterator[bytes]:
    """Yield the report in a format, named by its extension, as UTF-8. `lines` are its claims, sorted."""
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
    yield turtle_head({"sh": _SH})
    for _, group in groupby(lines, key=subject_of):
        yield write_turtle(Block(group), {_SH: "sh"})


def _json_ld(lines: Iterable[str]) -> Iterator[str]:
    """Expanded form, which needs no context: an array that a reader may take object by object."""
    mark = "["
    for subject, properties in described(lines):
        yield f"{mark}\n{json_node(subject, properties)}"
        mark = ","
    yield "\n]\n" if mark == "," else "[]\n"


def _rdf_xml(lines: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="{_RDF}" xmlns:sh="{_SH}">\n'
    for subject, properties in described(lines):
        yield f"  <rdf:Description rdf:about={attribute(subject[1:-1])}>\n"
        for predicate, object_ in properties:
            # The properties of a report are SHACL's, but for rdf:type.
            name = "rdf:type" if predicate == RDF_TYPE else f"sh:{predicate[len(_SH) + 1 : -1]}"
            yield f"    {element(name, object_, replaced=True)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


_WRITERS: dict[str, Callable[[Iterable[str]], Iterator[str]]] = {
    TURTLE.extension: _turtle,
    TRIG.extension: _turtle,
    N_TRIPLES.extension: _n_triples,
    N_QUADS.extension: _n_triples,
    JSON_LD.extension: _json_ld,
    RDF_XML.extension: _rdf_xml,
}
