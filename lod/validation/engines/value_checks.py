"""Constraints that each value meets or not by itself: its type, range, text, and the lists that it must be in.

Where pySHACL differs from SHACL, these differ with it: a language range is a whole tag or its first part.

Source: W3C SHACL, sections 4.1, 4.3, 4.4 and 4.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import rdflib
from rdflib import RDF, RDFS, SH, XSD, BNode, Literal, URIRef

from lod.validation.engines.literal_order import compared
from lod.validation.engines.record_view import RecordView, python_literal
from lod.validation.engines.shape_graph import ShapeGraph, UncompilableError, encoded, literal_key, shacl_name
from lod.validation.rules.record_index import RecordLiteral

ValueCheck = Callable[[RecordView, str], bool]
"""Returns whether a value, an encoded term, meets a constraint."""

_IRIS = frozenset({SH.IRI, SH.IRIOrLiteral, SH.BlankNodeOrIRI})
_LITERALS = frozenset({SH.Literal, SH.IRIOrLiteral, SH.BlankNodeOrLiteral})
_RANGES: dict[URIRef, Callable[[int], bool]] = {
    SH.minExclusive: lambda order: order > 0,
    SH.minInclusive: lambda order: order >= 0,
    SH.maxExclusive: lambda order: order < 0,
    SH.maxInclusive: lambda order: order <= 0,
}
_TYPES: dict[str, tuple[type[Any], ...]] = {
    str(datatype): types
    for datatype, types in (
        (XSD.string, (str, bytes)),
        (RDF.langString, (str, bytes)),
        (XSD.integer, (int,)),
        (XSD.float, (float,)),
        (XSD.decimal, (Decimal,)),
        (XSD.boolean, (bool,)),
        (XSD.date, (date,)),
        (XSD.time, (time,)),
        (XSD.dateTime, (datetime,)),
    )
}
# Of literals with another datatype than the one that is asked for; one without a datatype is a string.
_OF_ANOTHER_TYPE: dict[str, Callable[[RecordLiteral], bool]] = {
    str(RDFS.Literal): lambda found: True,
    str(RDFS.Datatype): lambda found: bool(found.datatype),
    str(RDF.langString): lambda found: bool(found.language),
    str(XSD.string): lambda found: not found.datatype and not found.language,
}
_REMEMBERED = 4_096
_LONGEST_REMEMBERED = 64


def value_checks(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    """Yield the checks of single values that a shape asks for.

    Raises:
        UncompilableError: pySHACL would refuse them.
    """
    for compile_ in (_node_kind, _class, _datatype, _in, _language_in, _length, _range, _pattern):
        yield from compile_(shapes, node)


def _node_kind(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    kind = shapes.only(node, SH.nodeKind)
    if kind is None:
        return
    if kind not in _IRIS | _LITERALS | {SH.BlankNode}:
        raise UncompilableError("an unknown sh:nodeKind")
    # No record has a blank node by the time that an engine gets it.
    if kind not in _LITERALS:
        yield (lambda view, term: term[0] == "<") if kind in _IRIS else (lambda view, term: False)
    elif kind not in _IRIS:
        yield lambda view, term: term[0] == '"'


def _class(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    yield from map(_of_class, shapes.names(node, SH["class"]))


def _of_class(name: str) -> ValueCheck:
    return lambda view, term: name in view.classes.get(term, ())


def _datatype(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    datatype = shapes.only(node, SH.datatype)
    if datatype is None:
        return
    if not isinstance(datatype, URIRef):
        raise UncompilableError("sh:datatype is no IRI")
    wanted = str(datatype)
    of_another = _OF_ANOTHER_TYPE.get(wanted)

    def check(view: RecordView, term: str) -> bool:
        if term[0] == "<":
            return False
        found = view.literals[term]
        if found.datatype == wanted:
            well_typed = _well_typed if len(found.text) <= _LONGEST_REMEMBERED else _well_typed.__wrapped__
            return well_typed(found.text, wanted)
        return of_another is not None and of_another(found)

    yield check


@lru_cache(maxsize=_REMEMBERED)
def _well_typed(text: str, datatype: str) -> bool:
    found = python_literal(text, "", datatype)
    types = _TYPES.get(datatype)
    return found.ill_typed is not True and (types is None or isinstance(found.value, types))


def _range(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    for term, fits in _RANGES.items():
        for bound in shapes.values(node, term):
            if not isinstance(bound, Literal):
                raise UncompilableError(f"{shacl_name(term)} is no literal")
            yield _in_range(bound, fits)


def _in_range(bound: Literal, fits: Callable[[int], bool]) -> ValueCheck:
    is_text = isinstance(bound.value, str)

    def is_in_range(literal: Literal) -> bool:
        if isinstance(literal.value, str) is not is_text:
            return False
        try:
            return fits(compared(literal, bound))
        except (TypeError, NotImplementedError):
            return False

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(text: str, language: str, datatype: str) -> bool:
        return is_in_range(python_literal(text, language, datatype))

    def check(view: RecordView, term: str) -> bool:
        if term[0] == "<":
            return False
        found = view.stated(term)
        if len(found.text) > _LONGEST_REMEMBERED:
            return is_in_range(python_literal(*found[3:]))
        return remembered(*found[3:])

    return check


def _pattern(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    flags = shapes.only(node, SH.flags)
    chosen = str(flags or "").lower()
    mode = (re.IGNORECASE if "i" in chosen else 0) | (re.MULTILINE if "m" in chosen else 0)
    for pattern in shapes.values(node, SH.pattern):
        if not isinstance(pattern, Literal) or pattern.datatype not in {None, XSD.string}:
            raise UncompilableError("sh:pattern is no text")
        try:
            compiled = re.compile(str(pattern), mode)
        except re.error:
            raise UncompilableError("sh:pattern is no regular expression") from None
        yield _matching(compiled)


def _matching(pattern: re.Pattern[str]) -> ValueCheck:
    search = pattern.search
    return lambda view, term: search(view.text(term)) is not None


def _length(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    least, most = shapes.count(node, SH.minLength), shapes.count(node, SH.maxLength)
    if least:
        yield lambda view, term: len(view.text(term)) >= least
    if most is not None:
        yield lambda view, term: len(view.text(term)) <= most


def _language_in(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    head = shapes.only(node, SH.languageIn)
    if head is None:
        return
    ranges = set()
    for item in shapes.items(head):
        if not isinstance(item, Literal) or not isinstance(item.value, str):
            raise UncompilableError("sh:languageIn with what is no text")
        ranges.add(str(item).lower())

    def check(view: RecordView, term: str) -> bool:
        language = "" if term[0] == "<" else view.literals[term].language.lower()
        return bool(language) and ("*" in ranges or language in ranges or language.partition("-")[0] in ranges)

    yield check


def _in(shapes: ShapeGraph, node: rdflib.term.Node) -> Iterator[ValueCheck]:
    head = shapes.only(node, SH["in"])
    if head is None:
        return
    # No record has a blank node that the shapes have.
    items = [item for item in shapes.items(head) if not isinstance(item, BNode)]
    iris = frozenset(encoded(item) for item in items if isinstance(item, URIRef))
    literals = frozenset(literal_key(item) for item in items if isinstance(item, Literal))
    yield lambda view, term: term in iris if term[0] == "<" else view.key(term) in literals
