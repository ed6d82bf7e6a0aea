"""JSON-LD, compacted with `vocab/context.jsonld`; the document includes the part of the context that it uses.

Nothing in it needs JSON-LD 1.1, so that processors of 1.0 read it too. Source: W3C JSON-LD 1.1, sections 3 to 6. A value is written in the short form only where the coercion of its term
restores exactly that value, and in full otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lod.rdf.claims import RDF_NIL, RDF_TYPE, XSD_NS, literal_parts
from lod.rdf.names import compacted
from lod.web.reading.documents import Document, Lists, fold_lists, indexed, ordered_subjects, reading_order
from lod.web.writing.json_ld_context import Context

_XSD_INTEGER = f"{XSD_NS}integer"
_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_LOCAL = re.compile(r"(?!//)[A-Za-z0-9_.~%/-]+")


def write_json_ld(document: Document, context: Context) -> str:
    """Return a document as JSON-LD: an object with @context and @graph, the main subject first.

    Where an IRI has a name of the context as its scheme, as doi:10.5555/1 has, a processor would take it for a compact
    IRI; such a document is written in expanded form.
    """
    index = indexed(document.triples)
    lists = fold_lists(index, context.cells)
    writer = _Writer(context, lists)
    graph = [writer.node(subject, index[subject]) for subject in ordered_subjects(index, document.subject)]
    used = context.used(writer.used)
    if not writer.schemes.isdisjoint(used):
        return write_expanded(document, context)
    return json.dumps({"@context": used, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def write_expanded(document: Document, context: Context) -> str:
    """Return a document as expanded JSON-LD, which needs no context; it is flattened too, since no node is inside another.

    Source: W3C JSON-LD 1.1, sections 5.1 and 5.3.
    """
    index = indexed(document.triples)
    lists = fold_lists(index, context.cells)
    nodes = [_expanded(subject, index[subject], lists) for subject in ordered_subjects(index, document.subject)]
    return json.dumps(nodes, ensure_ascii=False, indent=1) + "\n"


def _expanded(subject: str, properties: Mapping[str, list[str]], lists: Lists) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": subject[1:-1]}
    for predicate, objects in properties.items():
        if predicate == RDF_TYPE:
            node["@type"] = [class_[1:-1] for class_ in sorted(objects)]
        else:
            node[predicate[1:-1]] = [_expanded_value(term, lists) for term in sorted(objects, key=reading_order)]
    return node


def _expanded_value(term: str, lists: Lists) -> dict[str, Any]:
    if term in lists or term == RDF_NIL:
        return {"@list": [_expanded_value(member, {}) for member in lists.get(term, [])]}
    if term[0] != '"':
        return {"@id": term[1:-1]}
    text, language, datatype = literal_parts(term)
    kind = {"@language": language} if language else {"@type": datatype} if datatype else {}
    return {"@value": text, **kind}


class _Writer:
    """Writes nodes and values; collects the names of the context that are used, and the schemes of IRIs written whole."""

    def __init__(self, context: Context, lists: Lists) -> None:
        self._context = context
        self._lists = lists
        self.used: set[str] = set()
        self.schemes: set[str] = set()

    def node(self, subject: str, properties: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return the node object of one subject with all its properties."""
        node: dict[str, Any] = {"id": self._reference(subject[1:-1])}
        if RDF_TYPE in properties:
            node["type"] = _single([self._compact(class_[1:-1]) for class_ in sorted(properties[RDF_TYPE])])
        for predicate in sorted(properties, key=self._context.order):
            if predicate != RDF_TYPE:
                for name, values in self._property(
                    predicate[1:-1], sorted(properties[predicate], key=reading_order)
                ).items():
                    node[name] = values
        return node

    def _property(self, predicate: str, objects: list[str]) -> dict[str, Any]:
        term = self._context.terms.get(predicate)
        if term is None:
            return {self._compact(predicate): _single([self._value(object_, "") for object_ in objects])}
        if not term.holds_list:
            self.used.add(term.name)
            return {term.name: _single([self._value(object_, term.coercion) for object_ in objects])}
        if len(objects) == 1 and (objects[0] in self._lists or objects[0] == RDF_NIL):
            self.used.add(term.name)
            members = self._lists.get(objects[0], [])
            return {term.name: [self._value(member, term.coercion) for member in members]}
        return {self._compact(predicate): _single([self._value(object_, "") for object_ in objects])}

    def _value(self, object_: str, coercion: str) -> Any:
        if object_ in self._lists:
            return {"@list": [self._value(member, "") for member in self._lists[object_]]}
        if object_[0] != '"':
            reference = self._reference(object_[1:-1])
            return reference if coercion == "@id" else {"id": reference}
        text, language, datatype = literal_parts(object_)
        if language:
            return {"language": language, "value": text}
        if datatype is None:
            return {"value": text} if coercion else text
        if datatype == _XSD_INTEGER and coercion in {"", _XSD_INTEGER} and _CANONICAL_INTEGER.fullmatch(text):
            return int(text)
        return text if datatype == coercion else {"type": self._compact(datatype), "value": text}

    def _reference(self, iri: str) -> str:
        # jsonld-java, which Jena and RDF4J use, takes the escapes out of what it resolves.
        relative = None if "%" in iri else self._context.relative(iri)
        return self._compact(iri) if relative is None else relative

    def _compact(self, iri: str) -> str:
        name = compacted(iri, self._context.by_length, _LOCAL)
        if name:
            self.used.add(name.partition(":")[0])
            return name
        scheme, _, rest = iri.partition(":")
        if not rest.startswith("//"):
            self.schemes.add(scheme)
        return iri


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
