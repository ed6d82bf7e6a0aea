"""Shapes as the compiler reads them: one value where one is due, whole lists; what is otherwise cannot be compiled."""

from __future__ import annotations

import rdflib
from rdflib import RDF, SH, Literal, URIRef

from lod.rdf.claims import XSD_NS, canonical_tag, literal
from lod.validation.shapes import Shapes

LiteralKey = tuple[str, str, str]
"""What makes two literals one: text, language tag in lower case, datatype."""

COLLAPSED = frozenset({f"{XSD_NS}normalizedString", f"{XSD_NS}token"})
"""Datatypes of which rdflib, and so pySHACL, changes the text: spaces and line breaks become one space."""


class UncompilableError(Exception):
    """A shape says what the compiler does not know, or what pySHACL itself cannot read; the text names it: "sh:sparql"."""


class ShapeGraph:
    """The shapes that are to be compiled.

    Attributes:
        graph: the shapes; those that reach a report are named.
        name_of: the prefixed name of an IRI, as `RecordIndex` has properties and classes.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.graph = shapes.runnable
        self.name_of = shapes.name_of

    def values(self, node: rdflib.term.Node, term: URIRef) -> list[rdflib.term.Node]:
        """Return the values of a term at a shape."""
        return list(self.graph.objects(node, term))

    def only(self, node: rdflib.term.Node, term: URIRef) -> rdflib.term.Node | None:
        """Return the one value of a term, None where there is none."""
        values = self.values(node, term)
        if len(values) > 1:
            raise UncompilableError(f"{shacl_name(term)} twice")
        return values[0] if values else None

    def one(self, node: rdflib.term.Node, term: URIRef) -> rdflib.term.Node:
        """Return the one value of a term."""
        value = self.only(node, term)
        if value is None:
            raise UncompilableError(f"{shacl_name(term)} is not there")
        return value

    def flag(self, node: rdflib.term.Node, term: URIRef) -> bool:
        """Return the value of a term that is true or false, False where it is not there."""
        value = self.only(node, term)
        if value is None:
            return False
        if not isinstance(value, Literal) or not isinstance(value.value, bool):
            raise UncompilableError(f"{shacl_name(term)} is neither true nor false")
        return value.value

    def count(self, node: rdflib.term.Node, term: URIRef) -> int | None:
        """Return the number that a term gives, None where it is not there."""
        value = self.only(node, term)
        if value is None:
            return None
        if not isinstance(value, Literal) or value.datatype != rdflib.XSD.integer or not isinstance(value.value, int):
            raise UncompilableError(f"{shacl_name(term)} is no whole number")
        if value.value < 0:
            raise UncompilableError(f"{shacl_name(term)} is negative")
        return value.value

    def names(self, node: rdflib.term.Node, term: URIRef) -> list[str]:
        """Return the prefixed names of the properties or classes that a term gives."""
        values = self.values(node, term)
        if not all(isinstance(value, URIRef) for value in values):
            raise UncompilableError(f"{shacl_name(term)} is no IRI")
        return sorted(self.name_of(str(value)) for value in values)

    def items(self, head: rdflib.term.Node) -> list[rdflib.term.Node]:
        """Return the members of a list."""
        found: list[rdflib.term.Node] = []
        cells = {head}
        while head != RDF.nil:
            first, rest = self.values(head, RDF.first), self.values(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or rest[0] in cells:
                raise UncompilableError("a broken list")
            found += first
            head = rest[0]
            cells.add(head)
        return found


def shacl_name(term: rdflib.term.Node) -> str:
    """Return "sh:path" for a term of SHACL, any other IRI whole."""
    return f"sh:{str(term)[len(str(SH)) :]}" if str(term).startswith(str(SH)) else str(term)


def literal_key(term: Literal) -> LiteralKey:
    """Return what makes a literal of a shape the same as one of a record."""
    return str(term), (term.language or "").lower(), str(term.datatype or "")


def encoded(term: rdflib.term.Node) -> str:
    """Return an IRI or a literal as claims have it.

    Raises:
        UncompilableError: it is a blank node, or a literal whose text rdflib changes.
    """
    if isinstance(term, URIRef):
        return f"<{term}>"
    if not isinstance(term, Literal):
        raise UncompilableError("a blank node as target")
    if str(term.datatype) in COLLAPSED:
        raise UncompilableError(f"a target of the type {term.datatype}")
    return spelling(str(term), term.language or "", str(term.datatype or ""))


def spelling(text: str, language: str, datatype: str) -> str:
    """Return the one spelling of a literal that claims may have in several: escapes, the case of language tags."""
    return f"{literal(text)}{f'@{canonical_tag(language)}' if language else f'^^<{datatype}>' if datatype else ''}"
