"""Mutants: a record, broken at each property that a shape looks at, in each way in which a value can be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import rdflib
from rdflib import SH

from lod.validation.shape_checks import path_properties
from lod.validation.shapes import Shapes

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_FIRST = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
_REST = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"
_AWAY = "<https://elsewhere.example/x>"

WAYS: dict[str, tuple[str, ...]] = {
    "no value": (),
    "a text": ('"odd, value; 12 a b"',),
    "an empty text": ('""',),
    "another resource": (_AWAY,),
    "two resources": (_AWAY, "<https://elsewhere.example/y>"),
    "a resource and a text": (_AWAY, '"x"'),
    "one tag in two spellings": ('"one"@en-GB', '"two"@en-gb'),
    "one text in two spellings": ('"one"@en-GB', '"one"@EN-gb', '"\\u006Fne"@en-GB'),
    "ill-typed number": (f'"x"^^<{_XSD}integer>',),
    "negative number": (f'"-1"^^<{_XSD}integer>',),
    "decimal": (f'"1.50"^^<{_XSD}decimal>',),
    "no such day": (f'"2010-02-31"^^<{_XSD}date>', f'"2010-13"^^<{_XSD}gYearMonth>'),
    "time without a zone": (f'"2010-02-01T00:00:00"^^<{_XSD}dateTime>',),
    "an address": (f'"https://example.org/a"^^<{_XSD}anyURI>',),
    "a relative address": (f'"a b"^^<{_XSD}anyURI>',),
    "hexadecimal": (f'"0AF"^^<{_XSD}hexBinary>',),
    "text typed as such": (f'"x"^^<{_XSD}string>', '"x"'),
}
"""Values that take the place of what a resource has, or stand beside it, by name."""


def mutants(claims: Sequence[str], shapes: Shapes) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each mutant, and its claims."""
    graph = shapes.graph
    for node in sorted(_targeted(graph), key=str):
        properties = sorted({str(term) for term in _properties(graph, node)})
        for focus, marks in _focuses(claims, graph, node):
            starts = tuple(f"{focus} <{property_}> " for property_ in properties)
            yield f"{node}, all of {focus}", sorted({*marks, *(line for line in claims if not line.startswith(starts))})
            for property_ in properties:
                start = f"{focus} <{property_}> "
                rest = [line for line in claims if not line.startswith(start)]
                stated = [line for line in claims if line.startswith(start)]
                for way, values in WAYS.items():
                    wrong = [f"{start}{value} ." for value in values]
                    for beside in (False, True) if stated else (False,):
                        name = f"{node}, <{property_}> of {focus}: {way}{' beside what is there' if beside else ''}"
                        yield name, sorted({*rest, *marks, *wrong, *(stated if beside else ())})
    yield from _broken_lists(claims)


def _broken_lists(claims: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    cells = sorted({line.partition(" ")[0] for line in claims if f" {_REST} " in line})
    for cell in cells:
        rest = [line for line in claims if not line.startswith(f"{cell} {_REST} ")]
        for name, wrong in {
            "loops": [f"{cell} {_REST} {cells[0]} ."],
            "follows itself": [f"{cell} {_REST} {cell} ."],
            "ends nowhere": [],
            "forks": [f"{cell} {_REST} {other} ." for other in cells],
            "ends in a text": [f'{cell} {_REST} "end" .'],
            "has two members": [f"{cell} {_FIRST} {_AWAY} ."],
        }.items():
            yield f"list at {cell} {name}", sorted({*rest, *wrong})


def _targeted(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    return {node for term in (SH.targetClass, SH.targetSubjectsOf) for node in graph.subjects(term)}


def _properties(graph: rdflib.Graph, node: rdflib.term.Node) -> Iterator[rdflib.term.Node]:
    for shape in (node, *graph.objects(node, SH.property)):
        for term in (SH.equals, SH.disjoint, SH.lessThan):
            yield from graph.objects(shape, term)
        for path in graph.objects(shape, SH.path):
            yield from path_properties(graph, path)
    yield from graph.objects(node, SH.targetSubjectsOf)


def _focuses(
    claims: Sequence[str], graph: rdflib.Graph, node: rdflib.term.Node
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a resource of each target that the record has; where it has none, a new one, with the claim that makes it one."""
    for class_ in sorted(graph.objects(node, SH.targetClass)):
        end = f" {_TYPE} <{class_}> ."
        found = [line[: -len(end)] for line in claims if line.endswith(end)]
        new = "<https://example.org/new>"
        yield (found[0], ()) if found else (new, (f"{new}{end}",))
    for property_ in sorted(graph.objects(node, SH.targetSubjectsOf)):
        found = [line.partition(" ")[0] for line in claims if f" <{property_}> " in line]
        new = "<https://example.org/new>"
        yield (found[0], ()) if found else (new, (f'{new} <{property_}> "x" .',))
