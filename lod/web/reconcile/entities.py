"""Entities: items, people, organisations, journals and concepts of one generation, with their types, names and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lod.rdf.claims import iri as encoded
from lod.rdf.claims import iri_text, is_iri, literal_parts
from lod.store.search.build import claim_index as c
from lod.store.search.build.things import CONCEPT, JOURNAL, ORGANISATION, PERSON, Thing, identifier_forms
from lod.store.search.find.index import Entry, SearchIndex
from lod.store.search.values.code_labels import label_of_code
from lod.store.search.values.identifiers import form_of
from lod.web.reading.documents import indexed
from lod.web.reading.reader import Reader

_MOST_AUTHORS_SHOWN = 3
_UPPER = frozenset({"orcid", "issn", "isbn", "isni"})
"""Schemes whose check character is written as a capital."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type of entities: its name in queries, its label, and the class that represents it."""

    id: str
    name: str
    iri: str = ""


ITEM = Type("item", "Item", "https://w3id.org/lod-repository/RepositoryItem")
TYPES = (
    ITEM,
    Type(PERSON, "Person", "http://xmlns.com/foaf/0.1/Person"),
    Type(ORGANISATION, "Organisation", "http://xmlns.com/foaf/0.1/Organization"),
    Type(JOURNAL, "Journal or series", "http://purl.org/ontology/bibo/Journal"),
    Type(CONCEPT, "Concept", "http://www.w3.org/2004/02/skos/core#Concept"),
)
BY_ID = {type_.id: type_ for type_ in TYPES}
KINDS = tuple(type_.id for type_ in TYPES if type_ is not ITEM)


@dataclass(frozen=True, slots=True)
class CellValue:
    """A value of a property: its text; the IRI of the entity that it is, "" where it is none."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Entity:
    """One entity. An item has an `entry`, any other one a `thing`.

    Attributes:
        iri: its IRI, which is its identifier here.
        type: one of `TYPES`.
        name: to show.
    """

    index: SearchIndex
    reader: Reader
    iri: str
    type: Type
    name: str
    entry: Entry | None = None
    thing: Thing | None = None

    @cached_property
    def claims(self) -> c.Claims:
        """The claims about it and its parts."""
        return c.Claims(indexed(dict.fromkeys(self.reader.own(self.iri))))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All of its names, the one to show first."""
        others = self.thing.names if self.thing else self.texts(*c.NAMES, *c.OTHER_NAMES)
        return tuple(dict.fromkeys((self.name, *others)))

    @cached_property
    def types(self) -> tuple[Type, ...]:
        """Its type, and of an item its types of the COAR list."""
        codes = self.entry.shown.get("types", ()) if self.entry else ()
        return (self.type, *(Type(code, label_of_code(code) or code, code) for code in codes))

    @cached_property
    def number_of_items(self) -> int:
        """How many items lead to it; 0 of an item."""
        return self.index.number_of_items(self.iri) if self.thing else 0

    @cached_property
    def identifiers(self) -> dict[str, str]:
        """Its identifiers as they are stated, by the form that all spellings have."""
        stated = {form_of(scheme, text): text for scheme, text in c.identifiers(self.claims, encoded(self.iri))}
        return {form: stated.get(form) or _written(form) for form in identifier_forms(self.claims, encoded(self.iri))}

    @property
    def description(self) -> str:
        """A line that tells it from others of its name."""
        return " · ".join(filter(None, self._about_item() if self.entry else self._about_thing()))

    def texts(self, *properties: str) -> list[str]:
        """Return the literals of some properties."""
        return c.texts(self.claims, encoded(self.iri), *properties)

    def values(self, *properties: str) -> list[CellValue]:
        """Return the values of some properties, in their order, things by their names."""
        return list(map(self.value, c.objects(self.claims, encoded(self.iri), *properties)))

    def value(self, term: str) -> CellValue:
        """Return an encoded term as a value: an entity with its IRI, anything else as its text."""
        if not is_iri(term):
            return CellValue(literal_parts(term)[0])
        if term in self.claims:
            # A part: someone who is known by name only.
            return CellValue(next(iter(c.texts(self.claims, term, *c.NAMES)), ""))
        return self.linked(iri_text(term))

    def linked(self, iri: str) -> CellValue:
        """Return what an IRI represents as a value."""
        thing = self.index.thing(iri)
        if thing:
            return CellValue(thing.name or iri, iri if thing.kind in BY_ID else "")
        label = self.reader.label(iri)
        return CellValue(label_of_code(iri) or (label[0] if label else iri))

    def _about_item(self) -> Iterator[str]:
        shown = self.entry.shown if self.entry else {}
        names = [name for name, _, _ in shown.get("authors", ()) if name]
        more = " and others" if shown.get("number_of_authors", 0) > _MOST_AUTHORS_SHOWN else ""
        yield "; ".join(names[:_MOST_AUTHORS_SHOWN]) + more
        yield next((name for name, _ in shown.get("in", ()) if name), "")
        yield str(shown.get("issued", ""))[:4]
        yield ", ".join(type_.name for type_ in self.types[1:])

    def _about_thing(self) -> Iterator[str]:
        thing = self.thing
        assert thing is not None  # noqa: S101 - what is no item is a thing
        yield self.type.name
        yield from (name for iri in thing.affiliations[:1] if (name := self.linked(iri).text) != iri)
        yield from (f"ISSN {form[5:].upper()}" for form in thing.identifiers[:3] if form.startswith("issn:"))
        yield f"ORCID iD {thing.orcid}" if thing.orcid else ""
        yield "1 item" if self.number_of_items == 1 else f"{self.number_of_items:,} items"


class Entities:
    """The entities of one generation."""

    def __init__(self, reader: Reader, index: SearchIndex) -> None:
        self.reader = reader
        self.index = index

    def get(self, iri: str) -> Entity | None:
        """Return the entity with an IRI; None where nothing is published of it, or nothing of these types."""
        thing = self.index.thing(iri)
        if thing:
            return self.of_thing(thing) if thing.kind in BY_ID else None
        return self.item(iri)

    def item(self, iri: str) -> Entity | None:
        """Return the item with an IRI; None where it is none."""
        entry = self.index.entry(iri)
        return Entity(self.index, self.reader, iri, ITEM, entry.title, entry=entry) if entry else None

    def of_thing(self, thing: Thing) -> Entity:
        """Return a thing as an entity."""
        return Entity(self.index, self.reader, thing.iri, BY_ID[thing.kind], thing.name or thing.iri, thing=thing)

    def named(self, text: str) -> list[Entity]:
        """Return what a text identifies: by IRI, by its page here, by its key, or by an identifier in any spelling."""
        base = self.reader.addresses.base
        text = text.strip()
        for start, end in ((f"{base}page/", f"{base}id/"), ("", ""), ("", f"{base}id/")):
            if text.startswith(start) and (found := self._at(end + text[len(start) :])):
                return [found]
        return self.all(self.index.iris_by_identifier(text))

    def all(self, iris: Iterable[str]) -> list[Entity]:
        """Return the entities with some IRIs, without those that are none."""
        return [entity for iri in iris if (entity := self.get(iri))]

    def _at(self, iri: str) -> Entity | None:
        if not iri or " " in iri:
            return None
        moved = None if (found := self.get(iri)) else self.reader.catalog.moved_to(iri)
        return self.get(moved) if moved else found


def _written(form: str) -> str:
    scheme, _, text = form.partition(":")
    return text.upper() if scheme in _UPPER else text
