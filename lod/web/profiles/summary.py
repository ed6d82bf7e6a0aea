"""Summary of a resource, in the terms that catalogues share: title, authors in order, journal, pages, files.

It is read from the document; link headers, embedded metadata, schema.org and plain Dublin Core are made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from lod.rdf.claims import RDF_TYPE, iri_text, is_iri, literal_parts, text_of
from lod.web.reading import terms
from lod.web.reading.containers import container_levels
from lod.web.reading.documents import Document, Name
from lod.web.reading.reader import Reader

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = re.compile(r"http://id\.loc\.gov/vocabulary/iso639-[12]/([a-z]{2,3})")
_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")
_ORCID_KEY = re.compile(r"/id/person/orcid-([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])$")
_LOCAL_HANDLE = "123456789/"
"""DSpace's prefix for handles that are not registered: no resolver knows them."""

Text = Name
"""A text and its language tag."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or an organisation: IRI ("" for a bare name), name, parts of the name, ORCID iD without its address."""

    iri: str
    name: str
    family: str = ""
    given: str = ""
    orcid: str = ""
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of an item: address, name, media type and size in bytes, "" where they are not known."""

    address: str
    name: str
    media_type: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a resource, with the encoded classes, the title, the numbers and ISSNs or ISBNs that it states."""

    iri: str
    classes: frozenset[str]
    title: str = ""
    volume: str = ""
    issue: str = ""
    issns: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()


class Summary:
    """Summary of a document; each property is read when it is used."""

    def __init__(self, reader: Reader, document: Document, most_authors: int | None = None) -> None:
        """`most_authors` bounds `authors`, for pages: a paper may have thousands. None for all of them."""
        self._most_authors = most_authors
        self._reader = reader
        self._document = document
        self._subject = document.subject
        self.iri = iri_text(document.subject)
        self.classes = frozenset(document.objects(document.subject, RDF_TYPE))

    @cached_property
    def titles(self) -> list[Text]:
        """The names of the resource, in the order of LABELS."""
        return [text for label in terms.LABELS for text in self.texts(label)]

    @property
    def title(self) -> str:
        """The one name to show, "" where there is none."""
        name = self._document.name_of(self._subject)
        return name[0] if name else ""

    @cached_property
    def _author_terms(self) -> list[str]:
        members = dict.fromkeys(self._document.members(self._subject, terms.AUTHOR_LIST))
        return list(members) or self._document.objects(self._subject, terms.CREATOR)

    @cached_property
    def authors(self) -> list[Agent]:
        """The authors, in the order of the list of authors where there is one; the first ones where they are bounded."""
        return self._agents(self._author_terms[: self._most_authors])

    @property
    def cited_authors(self) -> list[Agent]:
        """The authors as references need them: with the last one, where `authors` are the first ones only."""
        return [*self.authors, *self._agents(self._author_terms[-1:] if self.authors_left else ())]

    @property
    def authors_left(self) -> int:
        """How many authors there are that `authors` leaves out."""
        return 0 if self._most_authors is None else max(len(self._author_terms) - self._most_authors, 0)

    @cached_property
    def editors(self) -> list[Agent]:
        """The editors, in the order of the list of editors where there is one."""
        members = dict.fromkeys(self._document.members(self._subject, terms.EDITOR_LIST))
        return self._agents(members) if members else self.agents(terms.EDITOR)

    def agents(self, predicate: str) -> list[Agent]:
        """Return the people and organisations that a property names, by name."""
        return sorted(self._agents(self._document.objects(self._subject, predicate)), key=lambda agent: agent.name)

    def texts(self, predicate: str) -> list[Text]:
        """Return the literals of a property with their languages, in order."""
        found = (literal_parts(term) for term in self._document.objects(self._subject, predicate) if not is_iri(term))
        return sorted(((text, language) for text, language, _ in found), key=lambda pair: (pair[1] or "", pair[0]))

    def text(self, *predicates: str) -> str:
        """Return one literal of the first property that has any, "" for none."""
        return next((text for predicate in predicates for text, _ in self.texts(predicate)), "")

    def names(self, predicate: str) -> list[str]:
        """Return the values of a property by name: literals as they are, resources by their names."""
        found = [self._name(term) for term in self._document.objects(self._subject, predicate)]
        return sorted({name for name in found if name})

    def links(self, predicate: str) -> list[str]:
        """Return the web addresses among the values of a property."""
        found = [iri_text(term) for term in self._document.objects(self._subject, predicate) if is_iri(term)]
        return sorted(iri for iri in found if iri.startswith(("http://", "https://")))

    @property
    def languages(self) -> list[str]:
        """The languages of the text as BCP 47 tags: "en", "zh"."""
        import langcodes

        codes = [_LANGUAGE.fullmatch(iri) for iri in self.links(terms.LANGUAGE)]
        return sorted({langcodes.standardize_tag(match[1]) for match in codes if match})

    @property
    def key(self) -> str:
        """The key of the resource: what follows /id/ in its IRI; the IRI of one that has its name from elsewhere."""
        return self._reader.addresses.key(self.iri) or self.iri

    @property
    def doi(self) -> str:
        """The DOI, without its address."""
        return self.text(terms.DOI)

    @cached_property
    def persistent(self) -> str:
        """The address to cite: that of the DOI, of a registered handle, else the IRI."""
        handle = self.text(terms.HANDLE)
        if self.doi:
            return f"https://doi.org/{quote(self.doi, safe='/:;()')}"
        if handle and not handle.startswith(_LOCAL_HANDLE):
            return f"https://hdl.handle.net/{quote(handle, safe='/:;()')}"
        return self.iri

    @property
    def issued(self) -> str:
        """The date of issue, ISO 8601 with the precision it was given in: "2010", "2010-05", "2010-05-17"."""
        return self.text(terms.ISSUED)

    @cached_property
    def containers(self) -> list[Container]:
        """What the resource is part of, the nearest first: issue, volume, journal; or book."""
        levels = container_levels(
            self._subject, lambda child: self._document.objects(child, terms.IS_PART_OF), {self._subject}
        )
        return [self._container(container) for level in levels for container in level]

    @property
    def volume(self) -> str:
        """The number of the volume: what the resource states, else what a container does."""
        return self.text(terms.VOLUME) or next((part.volume for part in self.containers if part.volume), "")

    @property
    def issue(self) -> str:
        """The number of the issue, likewise."""
        stated = self.text(terms.ISSUE, terms.ISSUE_IDENTIFIER)
        return stated or next((part.issue for part in self.containers if part.issue), "")

    @cached_property
    def keywords(self) -> list[str]:
        """The subjects by their names, then the keywords."""
        return [*self.names(terms.SUBJECT), *self.names(terms.KEYWORD)]

    @cached_property
    def files(self) -> list[MediaFile]:
        """The files that have an address, by name."""
        about = self._document.objects
        found = []
        for node in about(self._subject, terms.FILE):
            name, media_type = self._name(node), self._media_type(node, terms.FORMAT)
            for address in map(text_of, about(node, terms.FILE_URL)):
                if address.startswith(("http://", "https://")):
                    size = self._first(node, terms.BYTE_SIZE)
                    found.append(MediaFile(address, name or address.rpartition("/")[2], media_type, size))
        return sorted(found, key=lambda file: (file.name, file.address))

    @property
    def downloads(self) -> list[MediaFile]:
        """The files of a dataset (dcat:distribution), by address; `name` is the IRI of the distribution."""
        about = self._document.objects
        found = []
        for node in about(self._subject, terms.DISTRIBUTION):
            media_type, size = self._media_type(node, terms.MEDIA_TYPE), self._first(node, terms.BYTE_SIZE)
            addresses = (iri_text(address) for address in about(node, terms.DOWNLOAD) if is_iri(address))
            found += [MediaFile(address, iri_text(node), media_type, size) for address in addresses]
        return sorted(found, key=lambda file: file.address)

    def _media_type(self, node: str, predicate: str) -> str:
        types = (iri_text(term) for term in self._document.objects(node, predicate) if is_iri(term))
        return next((type_[len(_MEDIA_TYPES) :] for type_ in types if type_.startswith(_MEDIA_TYPES)), "")

    def _agents(self, members: Iterable[str]) -> list[Agent]:
        return [agent for member in members if (agent := self._agent(member)).name]

    def _agent(self, term: str) -> Agent:
        if not is_iri(term):
            return Agent("", literal_parts(term)[0])
        iri = iri_text(term)
        first = self._first
        return Agent(
            iri,
            self._name(term),
            first(term, terms.FAMILY_NAME),
            first(term, terms.GIVEN_NAME),
            self._orcid(iri),
            "/id/org/" in iri or terms.ORGANIZATION in self._document.objects(term, RDF_TYPE),
        )

    def _orcid(self, iri: str) -> str:
        keyed = _ORCID_KEY.search(iri)
        if keyed:
            return keyed[1]
        stated = self._document.objects(f"<{iri}>", terms.SAME_AS)
        if not stated and "#" not in iri and iri.startswith(self._reader.addresses.base):
            stated = list(self._reader.store.objects(iri, iri_text(terms.SAME_AS)))
        matches = (_ORCID.fullmatch(iri_text(term)) for term in stated if is_iri(term))
        return next((match[1] for match in matches if match), "")

    def _name(self, term: str) -> str:
        if not is_iri(term):
            return literal_parts(term)[0]
        found = self._document.name_of(term) or self._reader.label(iri_text(term))
        return found[0] if found else ""

    def _first(self, subject: str, predicate: str) -> str:
        return next(
            (literal_parts(term)[0] for term in self._document.objects(subject, predicate) if not is_iri(term)), ""
        )

    def _container(self, term: str) -> Container:
        def numbers(*predicates: str) -> Iterator[str]:
            for predicate in predicates:
                values = self._document.objects(term, predicate)
                yield from (literal_parts(value)[0] for value in values if not is_iri(value))

        return Container(
            iri_text(term),
            frozenset(self._document.objects(term, RDF_TYPE)),
            self._name(term),
            self._first(term, terms.VOLUME),
            self._first(term, terms.ISSUE),
            tuple(dict.fromkeys(numbers(terms.ISSN, terms.EISSN))),
            tuple(dict.fromkeys(numbers(terms.ISBN13, terms.ISBN10))),
        )
