"""Sorted claims as texts, subject by subject: N-Triples, Turtle, JSON-LD lines. Each streams, whatever its length.

List cells keep their IRIs: what one reads in a dump is what SPARQL answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from lod.rdf.claims import RDF_TYPE

# A subset of PN_LOCAL that needs no escapes; anything else stays a whole IRI.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")

Described = tuple[str, list[tuple[str, str]]]
"""An encoded subject, and its properties: encoded predicates and objects, sorted."""


class Block:
    """Sorted claims, subjects whole. What stands about each subject is found once, whoever asks for it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)

    @cached_property
    def described(self) -> list[Described]:
        """The claims by subject."""
        return list(described(self.lines))


@dataclass(frozen=True, slots=True)
class Syntax:
    """A way of writing claims down.

    Attributes:
        extension: ending of a file's name.
        name: what people call it.
        media_type: of the text, "" where none is registered.
        format: name in the EU's list of file types, which DCAT-AP asks for.
        holds: what a dump in it holds, in a sentence.
        head: gives the beginning of a file from prefixes and their namespaces.
        write: gives the text of a block, from namespaces with their prefixes.
    """

    extension: str
    name: str
    media_type: str
    format: str
    holds: str
    head: Callable[[Mapping[str, str]], str]
    write: Callable[[Block, Mapping[str, str]], str]


def described(lines: Iterable[str]) -> Iterator[Described]:
    for subject, group in groupby(lines, key=lambda line: line[: line.index(" ")]):
        start = len(subject) + 1
        properties = []
        for line in group:
            middle = line.index(" ", start)
            properties.append((line[start:middle], line[middle + 1 : -2]))
        yield subject, properties


def write_n_triples(block: Block, _: Mapping[str, str] | None = None) -> str:
    """Return claims as N-Triples."""
    return "\n".join([*block.lines, ""])


def turtle_head(prefixes: Mapping[str, str]) -> str:
    """Return the declarations of prefixes."""
    return "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in sorted(prefixes.items()))


def write_turtle(block: Block, names: Mapping[str, str]) -> str:
    """Return claims as Turtle without a head. `names` gives prefixes by namespace.

    Source: W3C RDF 1.1 Turtle, sections 2 and 6.5; literals and escapes of N-Triples are Turtle as they stand.
    """
    known: dict[str, str] = {RDF_TYPE: "a"}
    parts: list[str] = []
    for subject, properties in block.described:
        parts.append(f"\n{subject}")
        before = ""
        for predicate, object_ in properties:
            if predicate == before:
                parts += (" ,\n        ", _turtle_term(object_, names, known))
                continue
            name = known.get(predicate) or known.setdefault(predicate, _turtle_name(predicate, names))
            end = "" if not before else " ;"
            parts += (f"{end}\n    {name} ", _turtle_term(object_, names, known))
            before = predicate
        parts.append(" .\n")
    return "".join(parts)


def write_json_lines(block: Block, _: Mapping[str, str] | None = None) -> str:
    """Return claims as JSON-LD, each resource a line that is a document of its own, in expanded form.

    Expanded form needs no context: nothing is fetched, and a property has the same shape in every line.
    """
    parts: list[str] = []
    for subject, properties in block.described:
        _add_json_node(parts, subject, properties)
        parts.append("\n")
    return "".join(parts)


def json_node(subject: str, properties: Iterable[tuple[str, str]]) -> str:
    """Return one resource in the expanded form of JSON-LD, properties in the order given.

    IRIs hold nothing that JSON escapes, and the escapes of a claim's literals are JSON's own (RFC 8259, section 7).

    Source: W3C JSON-LD 1.1, section 5.1.
    """
    parts: list[str] = []
    _add_json_node(parts, subject, properties)
    return "".join(parts)


def _add_json_node(parts: list[str], subject: str, properties: Iterable[tuple[str, str]]) -> None:
    """Add the pieces of a node: a value of any length is joined once, by who asked for them."""
    parts.append(f'{{"@id":"{subject[1:-1]}"')
    for predicate, group in groupby(properties, key=_predicate):
        is_type = predicate == RDF_TYPE
        mark = ',"@type":[' if is_type else f',"{predicate[1:-1]}":['
        for _, object_ in group:
            parts.append(mark)
            parts += (f'"{object_[1:-1]}"',) if is_type else _json_value(object_)
            mark = ","
        parts.append("]")
    parts.append("}")


def _predicate(property_: tuple[str, str]) -> str:
    return property_[0]


def _json_value(term: str) -> tuple[str, ...]:
    if term[0] == "<":
        return (f'{{"@id":"{term[1:-1]}"}}',)
    end = term.rindex('"') + 1
    quoted, rest = term[:end], term[end:]
    if not rest:
        return '{"@value":', quoted, "}"
    if rest[0] == "@":
        return '{"@value":', quoted, f',"@language":"{rest[1:]}"}}'
    return '{"@value":', quoted, f',"@type":"{rest[3:-1]}"}}'


def _turtle_term(term: str, names: Mapping[str, str], known: dict[str, str]) -> str:
    if term[0] == "<":
        return _turtle_name(term, names)
    if term[-1] != ">":
        return term
    quoted, _, datatype = term.rpartition("^^")
    return f"{quoted}^^{known.get(datatype) or known.setdefault(datatype, _turtle_name(datatype, names))}"


def _turtle_name(term: str, names: Mapping[str, str]) -> str:
    text = term[1:-1]
    # A local name that needs no escapes holds neither "/" nor "#", so its namespace ends at the last of them.
    cut = max(text.rfind("/"), text.rfind("#")) + 1
    name = names.get(text[:cut])
    return f"{name}:{text[cut:]}" if name is not None and _LOCAL.fullmatch(text, cut) else term


def _no_head(_: Mapping[str, str]) -> str:
    return ""


N_TRIPLES = Syntax(
    "nt",
    "N-Triples",
    "application/n-triples",
    "RDF_N_TRIPLES",
    "All published triples, sorted, each once.",
    _no_head,
    write_n_triples,
)
N_QUADS = Syntax(
    "nq",
    "N-Quads",
    "application/n-quads",
    "RDF_N_QUADS",
    "All published triples, and the named graphs that are about the dataset.",
    _no_head,
    write_n_triples,
)
TURTLE = Syntax(
    "ttl",
    "Turtle",
    "text/turtle",
    "RDF_TURTLE",
    "All published triples, subject by subject.",
    turtle_head,
    write_turtle,
)
# The media type of JSON lines is not registered, so that none is named.
JSON_LINES = Syntax(
    "jsonl",
    "JSON-LD lines",
    "",
    "JSON_LD",
    "All published triples: one resource a line, each line a JSON-LD document of its own.",
    _no_head,
    write_json_lines,
)
