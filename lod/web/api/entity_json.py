"""Entities as JSON: of each field an array, of each value the form that the table of fields names.

The names of fields and values are those of the context, so a JSON-LD processor reads the same claims from it that the document of the
entity has. Names that the context does not have (`MADE`) are for programs only, and such processors leave them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lod.rdf.claims import RDF_TYPE, XSD_NS, iri_text, is_iri, literal_parts
from lod.rdf.claims import iri as encoded
from lod.rdf.names import compacted
from lod.store.search.build.things import PERSON
from lod.store.search.values.code_labels import label_of_code
from lod.web.api.collections import address_of
from lod.web.api.fields import (
    CONTAINER,
    CONTAINERS,
    DATES,
    FILE,
    FILES,
    INTEGERS,
    ORDERED,
    REFERENCES,
    TEXTS,
    Field,
    fields_of,
)
from lod.web.reading.documents import Document
from lod.web.reconcile.entities import BY_ID, Entities, Entity
from lod.web.view import PublishedView

MADE = ("displayName", "links", "orcid", "numberOfItems")
"""Names of what is made for programs: no names of the context."""

_INTEGER = f"{XSD_NS}integer"
_MOST_DIGITS = 15
_MOST_LEVELS = 4
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def entity_json(view: PublishedView, entities: Entities, entity: Entity) -> dict[str, Any]:
    """Return an entity with its context."""
    document = view.reader.document(entity.iri)
    writer = _Writer(view, entities, document)
    key = view.addresses.given_key(entity.iri)
    return {
        "@context": context_address(view),
        "id": entity.iri,
        "type": writer.types(document.subject),
        "displayName": entity.name,
        "links": {
            "self": address_of(view.addresses, entity),
            "html": f"{view.addresses.base}page/{key}",
            "data": f"{view.addresses.base}data/{key}",
        },
        **({"numberOfItems": entity.number_of_items} if entity.thing else {}),
        **writer.fields(document.subject, entity.type.id),
    }


def context_address(view: PublishedView) -> str:
    """Return the address of the context that all JSON of this API names."""
    return f"{view.addresses.base}context.jsonld"


class _Writer:
    """Writes the nodes of one document."""

    def __init__(self, view: PublishedView, entities: Entities, document: Document) -> None:
        self._view = view
        self._entities = entities
        self._document = document
        context = view.service.context
        self._properties = {term.name: (encoded(iri), term) for iri, term in context.terms.items()}
        self._namespaces = context.by_length
        self._schemes = frozenset((*context.prefixes, *(term.name for term in context.terms.values())))

    def types(self, subject: str) -> list[str]:
        """Return the classes of a node, by their names in the context."""
        classes = sorted(map(iri_text, self._document.objects(subject, RDF_TYPE)))
        return [compacted(class_, self._namespaces) or class_ for class_ in classes]

    def fields(self, subject: str, kind: str, level: int = 0) -> dict[str, list[Any]]:
        """Return the fields of a node that it has values of."""
        found = {field.name: self._values(subject, field, level) for field in fields_of(kind)}
        return {name: values for name, values in found.items() if values}

    def _values(self, subject: str, field: Field, level: int) -> list[Any]:
        property_, term = self._properties[field.name]
        if field.form == ORDERED:
            return self._references(self._document.members(subject, property_))
        objects = sorted(self._document.objects(subject, property_))
        if field.form == REFERENCES:
            return self._references(objects)
        if field.form == CONTAINERS:
            nodes = self._nodes(objects) if level < _MOST_LEVELS else []
            return [self._node(node, CONTAINER, level + 1) for node in nodes]
        if field.form == FILES:
            return [self._node(node, FILE, level + 1) for node in self._nodes(objects)]
        return self._literals(
            field, term.coercion, [literal_parts(object_) for object_ in objects if not is_iri(object_)]
        )

    def _literals(self, field: Field, coercion: str, literals: list[tuple[str, str | None, str | None]]) -> list[Any]:
        """Return the values of a field that are literals, given as text, language and datatype."""
        if field.form == TEXTS:
            return [
                {"value": text, **({"language": language} if language else {})}
                for text, language, datatype in literals
                if not datatype
            ]
        if field.form == DATES:
            return [
                {"value": text, **({"type": compacted(datatype, self._namespaces) or datatype} if datatype else {})}
                for text, language, datatype in literals
                if not language
            ]
        if field.form == INTEGERS:
            return [int(text) for text, _, datatype in literals if datatype == _INTEGER and _is_number(text)]
        # A value of another kind than the context says of the name would be another claim here: /data/ has it.
        return [text for text, language, datatype in literals if not language and (datatype or "") == coercion]

    def _nodes(self, objects: Iterable[str]) -> list[str]:
        return [term for term in objects if is_iri(term) and not self._is_mistaken(iri_text(term))]

    def _is_mistaken(self, iri: str) -> bool:
        """Return whether a processor would take an IRI for a compact one: its scheme is a name of the context."""
        scheme, _, rest = iri.partition(":")
        return scheme in self._schemes and not rest.startswith("//")

    def _node(self, node: str, kind: str, level: int) -> dict[str, Any]:
        types = self.types(node)
        return {
            "id": iri_text(node),
            **({"type": types} if types else {}),
            "displayName": self._name(node),
            **self.fields(node, kind, level),
        }

    def _references(self, objects: Iterable[str]) -> list[dict[str, str]]:
        return list(map(self._reference, self._nodes(objects)))

    def _reference(self, node: str) -> dict[str, Any]:
        iri = iri_text(node)
        thing = self._entities.index.thing(iri)
        orcid = thing.orcid if thing and thing.kind == PERSON else ""
        is_entity = thing is not None and thing.kind in BY_ID
        return {
            "id": iri,
            "displayName": self._name(node),
            **({"orcid": orcid} if orcid else {}),
            **(
                {"links": {"self": address_of(self._view.addresses, self._entities.of_thing(thing))}}
                if thing and is_entity
                else {}
            ),
        }

    def _name(self, node: str) -> str:
        iri = iri_text(node)
        name = self._document.name_of(node) or self._view.reader.label(iri)
        return name[0] if name else label_of_code(iri) or iri.removeprefix(_MEDIA_TYPES)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
