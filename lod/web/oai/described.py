"""Described item: what the forms of metadata are written from, read from its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lod.rdf.claims import iri_text, is_iri, literal_parts
from lod.rdf.coar import coar_name
from lod.web.profiles.schema_org import type_of
from lod.web.profiles.summary import Container, Summary, Text
from lod.web.reading import terms
from lod.web.reading.documents import Document
from lod.web.view import PublishedView

DCTERMS = "http://purl.org/dc/terms/"
DATES = (
    *("issued", "date", "created", "available", "dateAccepted", "dateSubmitted", "dateCopyrighted"),
    *("modified", "valid"),
)
"""Properties of DCMI Metadata Terms that are dates of an item."""


class Identifier(NamedTuple):
    """An identifier with the local name of its scheme in the DataCite ontology: doi, handle, pmid."""

    scheme: str
    value: str


class Grant(NamedTuple):
    """A grant: its funder and its number, "" where one is not stated."""

    funder: str
    number: str


@dataclass(frozen=True)
class DescribedItem:
    """One published item in a view."""

    view: PublishedView
    item: str

    @cached_property
    def key(self) -> str:
        """The key of the item."""
        return self.view.addresses.key(self.item) or ""

    @cached_property
    def document(self) -> Document:
        """The document of the item."""
        return self.view.document(self.key)

    @cached_property
    def summary(self) -> Summary:
        """The summary of the document."""
        return Summary(self.view.reader, self.document)

    def values(self, name: str) -> list[Text]:
        """Return the values of a property of DCMI Metadata Terms as texts; things by their names."""
        return [self.shown(term) for term in self.document.objects(self.document.subject, f"<{DCTERMS}{name}>")]

    def iris(self, name: str) -> list[str]:
        """Return the IRIs among the values of such a property."""
        found = self.document.objects(self.document.subject, f"<{DCTERMS}{name}>")
        return [iri_text(term) for term in found if is_iri(term)]

    def shown(self, term: str) -> Text:
        """Return a literal as it is, and of a thing the name or, where it has none, the IRI."""
        if not is_iri(term):
            text, language, _ = literal_parts(term)
            return text, language
        iri = iri_text(term)
        if name := coar_name(iri):
            return name, "en"
        return self.document.name_of(term) or self.view.reader.label(iri) or (iri, None)

    @property
    def titles(self) -> list[Text]:
        """The titles, where none is stated the names."""
        return self.summary.texts(terms.TITLE) or self.summary.titles

    @property
    def media_types(self) -> list[str]:
        """The media types of the files."""
        return sorted({file.media_type for file in self.summary.files} - {""})

    @cached_property
    def identifiers(self) -> list[Identifier]:
        """The identifiers of the item, each with its scheme."""
        objects, found = self.document.objects, set()
        for node in objects(self.document.subject, terms.HAS_IDENTIFIER):
            schemes = [iri_text(scheme) for scheme in objects(node, terms.IDENTIFIER_SCHEME) if is_iri(scheme)]
            values = [literal_parts(value)[0] for value in objects(node, terms.LITERAL_VALUE) if not is_iri(value)]
            found |= {Identifier(scheme.rpartition("/")[2], value) for scheme in schemes for value in values}
        return sorted(found)

    @cached_property
    def addresses(self) -> list[str]:
        """The item's own IRI, the address to cite, and all other identifiers that are stated as addresses."""
        stated = [text for text, _ in self.values("identifier")]
        return unique([self.summary.persistent, self.summary.iri, *stated])

    @cached_property
    def grants(self) -> list[Grant]:
        """The grants of the item."""
        objects = self.document.objects
        found = set()
        for node in objects(self.document.subject, terms.FUNDING):
            funders = [self.shown(term)[0] for term in objects(node, terms.FUNDER)] or [""]
            numbers = [self.shown(term)[0] for term in objects(node, terms.AWARD_NUMBER)] or [""]
            found |= {Grant(funder, number) for funder in funders for number in numbers}
        return sorted(found)

    @cached_property
    def keywords(self) -> list[Text]:
        """Subjects by their names, then keywords."""
        return [*sorted(self.values("subject"), key=str), *self.summary.texts(terms.KEYWORD)]

    @property
    def type_name(self) -> str:
        """The name of the type of document: COAR's, else that of schema.org."""
        return next((name for iri in self.iris("type") if (name := coar_name(iri))), type_of(self.summary.classes))

    def host(self) -> Container | None:
        """Return the journal, series or book that the item is in: the outermost container with a title."""
        return next((part for part in reversed(self.summary.containers) if part.title), None)

    @property
    def issns(self) -> list[str]:
        """The ISSNs of what the item is in."""
        return sorted({issn for part in self.summary.containers for issn in part.issns})

    @property
    def isbns(self) -> list[str]:
        """The ISBNs of what the item is in."""
        return sorted({isbn for part in self.summary.containers for isbn in part.isbns})

    def number(self, name: str, predicate: str) -> str:
        """Return volume or issue: the item's own, or that of a container."""
        held = (getattr(part, name) for part in self.summary.containers)
        return self.summary.text(predicate) or next((text for text in held if text), "")

    def roles(self) -> Iterator[tuple[str, str, list[tuple[str, bool]]]]:
        """Yield the names of people and organisations by role: MARC relator, DataCite type, and whether each is an organisation."""
        for relator, type_, predicate in _ROLES:
            agents = self.summary.agents(predicate)
            if agents:
                yield relator, type_, [(agent.name, agent.is_organisation) for agent in agents]


_ROLES = (
    ("edt", "Editor", terms.EDITOR),
    ("trl", "Other", terms.TRANSLATOR),
    ("ths", "Supervisor", terms.THESIS_ADVISOR),
    ("ill", "Other", terms.ILLUSTRATOR),
    ("dgc", "Other", terms.COMMITTEE_MEMBER),
    ("ctb", "Other", terms.CONTRIBUTOR),
)


def unique(texts: Iterable[str]) -> list[str]:
    """Return texts without empty ones and repetitions, in their order."""
    return list(dict.fromkeys(filter(None, texts)))
