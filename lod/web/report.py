"""/data/report: the validation report of the live generation, streamed, however long it is.

The report is a named graph of the generation, kept as sorted N-Triples: the triples of one resource stand together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from lod.claims import RDF_TYPE, Triple, literal_parts, split_claim
from lod.web.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from lod.web.rdf_xml import attribute, element

REPORT = "report"
"""The key of the report: what follows /data/."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CHUNK_LINES = 500

Described = tuple[str, list[Triple]]


def report_chunks(lines: Iterable[str], extension: str) -> Iterator[bytes]:
    """Yield the report in a format, named by its extension, as UTF-8. `lines` are its claims, sorted."""
    waiting: list[str] = []
    for text in _WRITERS[extension](lines):
        waiting.append(text)
        if len(waiting) >= _CHUNK_LINES:
            yield "".join(waiting).encode("utf-8")
            waiting.clear()
    yield "".join(waiting).encode("utf-8")


def _described(lines: Iterable[str]) -> Iterator[Described]:
    for subject, triples in groupby(map(split_claim, lines), key=lambda triple: triple[0]):
        yield subject, list(triples)


def _n_triples(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _turtle(lines: Iterable[str]) -> Iterator[str]:
    yield f"@prefix sh: <{_SH}> .\n"
    for subject, triples in _described(lines):
        rows = " ;\n    ".join(
            f"{_turtle_name(predicate)} {_turtle_name(object_)}" for _, predicate, object_ in triples
        )
        yield f"\n{subject} {rows} .\n"


def _turtle_name(term: str) -> str:
    if term == RDF_TYPE:
        return "a"
    name = term[len(_SH) + 1 : -1]
    return f"sh:{name}" if term.startswith(f"<{_SH}") and name.isalpha() else term


def _json_ld(lines: Iterable[str]) -> Iterator[str]:
    """Expanded form, which needs no context: an array that a reader may take object by object."""
    mark = "["
    for subject, triples in _described(lines):
        node: dict[str, object] = {"@id": subject[1:-1]}
        for predicate, group in groupby(triples, key=lambda triple: triple[1]):
            if predicate == RDF_TYPE:
                node["@type"] = [object_[1:-1] for _, _, object_ in group]
            else:
                node[predicate[1:-1]] = [_json_value(object_) for _, _, object_ in group]
        yield f"{mark}\n{json.dumps(node, ensure_ascii=False)}"
        mark = ","
    yield "\n]\n" if mark == "," else "[]\n"


def _json_value(term: str) -> dict[str, str]:
    if term.startswith("<"):
        return {"@id": term[1:-1]}
    text, language, datatype = literal_parts(term)
    return {
        "@value": text,
        **({"@language": language} if language else {}),
        **({"@type": datatype} if datatype else {}),
    }


def _rdf_xml(lines: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="{_RDF}" xmlns:sh="{_SH}">\n'
    for subject, triples in _described(lines):
        yield f"  <rdf:Description rdf:about={attribute(subject[1:-1])}>\n"
        for _, predicate, object_ in triples:
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
