"""Turtle writer, for people: the main subject first, `a` first, only the prefixes used, lists as collections.

Lexical forms and language tags are written as they are stored. Source: W3C RDF 1.1 Turtle, sections 2 and 6.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lod.rdf.claims import RDF_NIL, RDF_TYPE, XSD_NS
from lod.rdf.names import prefixed_name
from lod.web.reading.documents import Document, Lists, fold_lists, indexed, ordered_subjects, reading_order
from lod.web.writing.json_ld_context import Context

_LINE_CHARACTERS = 110

_BARE = {
    f"{XSD_NS}integer": re.compile(r"[+-]?[0-9]+"),
    f"{XSD_NS}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{XSD_NS}boolean": re.compile(r"true|false"),
}


def write_turtle(document: Document, context: Context) -> str:
    """Return a document as Turtle; it is TriG as well, since all of it is in the default graph."""
    index = indexed(document.triples)
    lists = fold_lists(index, context.cells)
    terms = _Terms(context)
    blocks = [
        _block(subject, index[subject], lists, terms, context) for subject in ordered_subjects(index, document.subject)
    ]
    head = [f"@prefix {name}: <{namespace}> ." for name, namespace in sorted(terms.used.items())]
    if terms.base_used:
        head.insert(0, f"@base <{context.base}> .")
    return "\n".join(["".join(f"{line}\n" for line in head), *blocks])


def _block(subject: str, properties: Mapping[str, list[str]], lists: Lists, terms: _Terms, context: Context) -> str:
    lines = [terms.iri(subject)]
    predicates = sorted(properties, key=lambda predicate: (predicate != RDF_TYPE, context.order(predicate)))
    for predicate in predicates:
        name = "a" if predicate == RDF_TYPE else terms.iri(predicate)
        objects = [_object(object_, lists, terms) for object_ in sorted(properties[predicate], key=reading_order)]
        on_one_line = f"    {name} {' , '.join(objects)} ;"
        if len(on_one_line) <= _LINE_CHARACTERS or len(objects) == 1:
            lines.append(on_one_line)
        else:
            lines.append(f"    {name}\n        " + " ,\n        ".join(objects) + " ;")
    return "\n".join(lines)[:-1] + ".\n"


def _object(object_: str, lists: Lists, terms: _Terms) -> str:
    if object_ in lists:
        members = [terms.term(member) for member in lists[object_]]
        short = f"( {' '.join(members)} )"
        return (
            short
            if len(short) <= _LINE_CHARACTERS
            else "(\n            " + "\n            ".join(members) + "\n        )"
        )
    return "()" if object_ == RDF_NIL else terms.term(object_)


class _Terms:
    """Encoded terms in Turtle; collects the prefixes that are used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[str, str] = {}
        self.used: dict[str, str] = {}
        self.base_used = False

    def term(self, term: str) -> str:
        """Return an encoded term in Turtle."""
        if term[0] != '"':
            return self.iri(term)
        if term[-1] != ">":
            return term
        quoted, _, datatype = term.rpartition("^^<")
        bare = _BARE.get(datatype[:-1])
        if bare and bare.fullmatch(quoted[1:-1]):
            return quoted[1:-1]
        return f"{quoted}^^{self.iri(f'<{datatype}')}"

    def iri(self, term: str) -> str:
        """Return an encoded IRI with a prefix, relative to the base, or whole."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._shortened(term)
        return known

    def _shortened(self, term: str) -> str:
        text = term[1:-1]
        name = prefixed_name(text, self._context.prefix_names)
        if name:
            prefix = name.partition(":")[0]
            self.used[prefix] = self._context.prefixes[prefix]
            return name
        relative = self._context.relative(text)
        if relative is None:
            return term
        self.base_used = True
        return f"<{relative}>"
