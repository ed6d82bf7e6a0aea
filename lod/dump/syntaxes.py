"""Writers of the formats of dumps: sorted claims as text, subject by subject. Each streams, whatever its length.

List cells keep their IRIs: what one reads in a dump is what SPARQL answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lod.rdf.claims import RDF_TYPE, Iri, Term
from lod.rdf.formats import JSON_LINES, N_QUADS, N_TRIPLES, TURTLE, Format
from lod.rdf.names import prefixed_name

SubjectClaims = tuple[Iri, list[tuple[Iri, Term]]]
"""An encoded subject, and its properties: encoded predicates and objects, sorted."""


class Block:
    """Sorted claims, subjects whole. They are taken apart by subject once, for all writers."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)

    @cached_property
    def subjects(self) -> list[SubjectClaims]:
        """The claims by subject."""
        return list(by_subject(self.lines))


def by_subject(lines: Iterable[str]) -> Iterator[SubjectClaims]:
    """Yield sorted claims subject by subject."""
    subject = ""
    properties: list[tuple[Any, Any]] = []
    for line in lines:
        stated, predicate, rest = line.split(" ", 2)
        if stated != subject:
            if subject:
                yield cast("Iri", subject), properties
            subject, properties = stated, []
        properties.append((predicate, rest[:-2]))
    if subject:
        yield cast("Iri", subject), properties


def write_n_triples(block: Block, _: Mapping[str, str] | None = None) -> str:
    """Return claims as N-Triples."""
    return "\n".join([*block.lines, ""])


def turtle_head(prefixes: Mapping[str, str]) -> str:
    """Return the declarations of prefixes."""
    return "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(prefixes.items()))


def write_turtle(block: Block, names: Mapping[str, str]) -> str:
    """Return claims as Turtle without a head. `names` gives prefixes by namespace.

    Source: W3C RDF 1.1 Turtle, sections 2 and 6.5; literals and escapes of N-Triples are Turtle as they are.
    """
    # What is before the first object of a property, and datatypes: few in a block, and most of its claims have them.
    known: dict[str, str] = {RDF_TYPE: "\n    a "}
    datatypes: dict[str, str] = {}
    parts: list[str] = []
    for subject, properties in block.subjects:
        parts.append(f"\n{subject}")
        before = ""
        for predicate, object_ in properties:
            if predicate == before:
                parts.append(" ,\n        ")
            else:
                if before:
                    parts.append(" ;")
                start = known.get(predicate)
                if start is None:
                    start = known[predicate] = f"\n    {_turtle_name(predicate, names)} "
                parts.append(start)
                before = predicate
            if object_[0] == "<":
                parts.append(prefixed_name(object_[1:-1], names) or object_)
            elif object_[-1] != ">":
                parts.append(object_)
            else:
                quoted, _, datatype = object_.rpartition("^^")
                name = datatypes.get(datatype)
                if name is None:
                    name = datatypes[datatype] = f"^^{_turtle_name(datatype, names)}"
                parts += (quoted, name)
        parts.append(" .\n")
    return "".join(parts)


def write_json_lines(block: Block, _: Mapping[str, str] | None = None) -> str:
    """Return claims as JSON-LD, each resource a line that is a document of its own, in expanded form.

    Expanded form needs no context: nothing is fetched, and a property has the same shape in every line.
    """
    parts: list[str] = []
    for subject, properties in block.subjects:
        _add_json_node(parts, subject, properties)
        parts.append("\n")
    return "".join(parts)


def json_node(subject: Iri, properties: Iterable[tuple[Iri, Term]]) -> str:
    """Return one resource in the expanded form of JSON-LD, properties in the order given.

    IRIs hold nothing that JSON escapes, and the escapes of a claim's literals are JSON's own (RFC 8259, section 7).

    Source: W3C JSON-LD 1.1, section 5.1.
    """
    parts: list[str] = []
    _add_json_node(parts, subject, properties)
    return "".join(parts)


def _add_json_node(parts: list[str], subject: str, properties: Iterable[tuple[Iri, Term]]) -> None:
    """Add the pieces of a node: a value of any length is joined once, by their caller."""
    parts.append(f'{{"@id":"{subject[1:-1]}"')
    before, end = "", ""
    for predicate, object_ in properties:
        if predicate == before:
            parts.append(",")
        else:
            before = predicate
            parts.append(f'{end},"@type":[' if predicate == RDF_TYPE else f'{end},"{predicate[1:-1]}":[')
            end = "]"
        if predicate == RDF_TYPE:
            parts.append(f'"{object_[1:-1]}"')
        elif object_[0] == "<":
            parts.append(f'{{"@id":"{object_[1:-1]}"}}')
        elif object_[-1] == '"':
            parts += ('{"@value":', object_, "}")
        else:
            close = object_.rindex('"') + 1
            rest = object_[close + 1 :] if object_[close] == "@" else object_[close + 3 : -1]
            parts += (
                '{"@value":',
                object_[:close],
                f',"@{"language" if object_[close] == "@" else "type"}":"{rest}"}}',
            )
    parts += (end, "}")


def _turtle_name(term: str, names: Mapping[str, str]) -> str:
    return prefixed_name(term[1:-1], names) or term


def _no_head(_: Mapping[str, str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class BlockWriter:
    """How dumps are written in a format.

    Attributes:
        holds: what such a dump holds, in a sentence.
        block: gives the text of a block, from namespaces with their prefixes.
        head: gives the beginning of a file, from prefixes with their namespaces.
    """

    holds: str
    block: Callable[[Block, Mapping[str, str]], str]
    head: Callable[[Mapping[str, str]], str] = _no_head


WRITERS: dict[Format, BlockWriter] = {
    N_TRIPLES: BlockWriter("All published triples, sorted, each once.", write_n_triples),
    N_QUADS: BlockWriter("All published triples, and the named graphs that are about the dataset.", write_n_triples),
    TURTLE: BlockWriter("All published triples, subject by subject.", write_turtle, turtle_head),
    JSON_LINES: BlockWriter(
        "All published triples: one resource a line, each line a JSON-LD document of its own.", write_json_lines
    ),
}
"""Every format that has compressions."""
