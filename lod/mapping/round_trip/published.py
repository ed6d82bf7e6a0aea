"""The published triples of one record, with the queries that `lod.mapping.round_trip.read_back` makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lod.long_texts import collapse
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.values.names import bare_name
from lod.rdf.claims import RDF_FIRST, RDF_NIL, RDF_REST, Triple, is_iri, literal_parts
from lod.record import Value


class Read(NamedTuple):
    """What a reader finds: text, language tag, and the text in place of the star in the rule's field."""

    text: str
    language: str | None = None
    star: str = ""


class Published:
    """The triples that are published of one record, by subject and predicate. Terms are encoded."""

    def __init__(self, triples: Iterable[Triple], crosswalk: Crosswalk) -> None:
        self.crosswalk = crosswalk
        self.terms = crosswalk.terms
        self.about: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, object_ in sorted(triples):
            self.about.setdefault(subject, {}).setdefault(predicate, []).append(object_)
        marker = crosswalk.terms["rt:Record"]
        documents = [subject for subject in self.about if marker in self.objects(subject, "rdf:type")]
        self.document = documents[0] if len(documents) == 1 else ""
        self.item = next(iter(self.objects(self.document, "foaf:primaryTopic")), "")

    def objects(self, subject: str, name: str) -> list[str]:
        """Return the objects of a subject and a property, given as "dcterms:title" or encoded."""
        return self.about.get(subject, {}).get(name if name.startswith("<") else self.terms[name], [])

    def texts(self, subject: str, name: str) -> Iterator[Read]:
        """Yield the literals of a subject and a property."""
        for term in self.objects(subject, name):
            if not is_iri(term):
                text, language, _ = literal_parts(term)
                yield Read(text, language)

    def labels(self, node: str, name: str = "rdfs:label") -> Iterator[Read]:
        """Yield what a node is called, without language: the language of a name says nothing about the value."""
        for read in self.texts(node, name):
            yield Read(read.text)

    def describes(self, node: str) -> bool:
        """Return whether the triples describe a node; a node without a description is known by its address."""
        return node in self.about and node != self.item

    def names(self, node: str, name: str, rule: Rule) -> Iterator[Read]:
        """Yield what a node is called by a rule's fields: of several names those that have a copy there."""
        found = list(self.labels(node, name))
        if len(found) > 1:
            copied = [collapse(copy.text).strip(" ;,") for copy in self.copies() if copy.field in rule.fields]
            known = {*copied, *map(bare_name, copied)}
            found = [read for read in found if read.text in known]
        yield from found

    def is_a(self, node: str, *names: str) -> bool:
        """Return whether a node has any of the classes."""
        return any(self.terms[name] in self.objects(node, "rdf:type") for name in names)

    def copies(self) -> list[Value]:
        """Return the verbatim copies on the record, as values of their fields."""
        prefix = f"<{self.crosswalk.vocabulary.prefixes['fld']}"
        return [
            Value(unquote(predicate[len(prefix) : -1]), read.text, read.language)
            for predicate in self.about.get(self.document, {})
            if predicate.startswith(prefix)
            for read in self.texts(self.document, predicate)
        ]

    def members(self, cell: str) -> list[str]:
        """Return the members of a list in its order."""
        found: list[str] = []
        seen: set[str] = {RDF_NIL}
        while cell not in seen:
            seen.add(cell)
            found += self.about.get(cell, {}).get(RDF_FIRST, [])
            cell = next(iter(self.about.get(cell, {}).get(RDF_REST, [])), RDF_NIL)
        return found

    def identifiers(self, owner: str, scheme: str) -> Iterator[Read]:
        """Yield the values of an owner's identifier nodes of a scheme, an encoded IRI."""
        for node in self.objects(owner, "datacite:hasIdentifier"):
            if scheme in self.objects(node, "datacite:usesIdentifierScheme"):
                yield from self.labels(node, "literal:hasLiteralValue")

    def wholes(self) -> list[str]:
        """Return what the item is stated to be part of, by both properties: journal, book, anything; volumes are climbed."""
        found = []
        for node in self.objects(self.item, "frbr:partOf"):
            seen = {self.item}
            while node not in seen and self.is_a(node, "fabio:JournalVolume", "fabio:JournalIssue"):
                seen.add(node)
                node = next(iter(self.objects(node, "frbr:partOf")), node)
            found.append(node)
        return found

    def series(self) -> Iterator[tuple[str, str]]:
        """Yield each series with what is part of it: the item, or the book that holds the item."""
        for part in (self.item, *self.wholes()):
            for node in self.objects(part, "dcterms:isPartOf"):
                if self.is_a(node, "bibo:Series") and node not in self.objects(part, "frbr:partOf"):
                    yield node, part

    def contributors(self) -> Iterator[str]:
        """Yield the people and organisations that the item's roles name."""
        for predicate, objects in self.about.get(self.item, {}).items():
            for node in objects if predicate != self.terms["foaf:primaryTopic"] else ():
                if is_iri(node) and self.is_a(node, "foaf:Person", "foaf:Agent", "foaf:Organization"):
                    yield node
