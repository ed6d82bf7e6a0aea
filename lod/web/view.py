"""Published view: one generation, as one request sees it. What is known by a key, its document, and the addresses of both."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from lod.dump.void_and_dcat import DATASET, DESCRIPTION_GRAPH
from lod.rdf.claims import RDF_TYPE, Triple, iri, iri_text
from lod.store.base import PublishedGeneration
from lod.store.search.find.index import SearchIndex
from lod.web.http.addresses import VOCABULARY, Addresses, current_spelling, former_spelling, spellings
from lod.web.http.formats import (
    CITATION_FORMATS,
    DATA_FORMATS,
    FORMATS,
    HTML,
    ITEM_FORMATS,
    JSON_LD_FORMS,
    REFERENCE,
    Format,
)
from lod.web.profiles.offers import Profile
from lod.web.profiles.signposting import LINKSETS, Places
from lod.web.reading.documents import Document, make_document
from lod.web.reading.reader import Reader
from lod.web.reading.site_descriptions import SOFTWARE, describe_software, published_description
from lod.web.service import Service, current_service

_ENDINGS = tuple(f".{format_.extension}" for format_ in ITEM_FORMATS)
_EXTENSIONS = tuple(format_.extension for format_ in (*ITEM_FORMATS, *JSON_LD_FORMS))
_HANDLE_KEY = re.compile(r"item/(\d[\d.]*/[^?#]+)")
_HANDLES = "https://hdl.handle.net/"
_SAME_AS = iri("http://schema.org/sameAs")
_MOST_ITEMS = 20
_BUILT_IN = frozenset({DATASET, SOFTWARE})


class NoSearchIndexError(Exception):
    """The generation has no search index."""


@dataclass(frozen=True, slots=True)
class PublishedView:
    """The service and the reader of one generation: a request makes one, so that all of its response is of one state.

    Attributes:
        service: of the app.
        reader: of the generation.
        start: "memento/GENERATION/" for an earlier state, "" for the live one.
        generations: for an earlier state, those in which the requested thing is known, in the order of time.
    """

    service: Service
    reader: Reader
    start: str = ""
    generations: tuple[PublishedGeneration, ...] = ()

    @property
    def addresses(self) -> Addresses:
        """The addresses of the site."""
        return self.service.addresses

    @property
    def index(self) -> SearchIndex:
        """The search index.

        Raises:
            NoSearchIndexError: there is none.
        """
        if self.reader.search is None:
            raise NoSearchIndexError
        return self.reader.search

    def find(self, key: str) -> str | None:
        """Return the key by which a thing is known, of the spellings that a request may have used; None if it is not."""
        return next((spelling for spelling in spellings(key) if self._is_known(spelling)), None)

    def removed_on(self, key: str) -> str | None:
        """Return when an item was removed (ISO 8601), None where it was not."""
        forms = dict.fromkeys((*spellings(key), current_spelling(key), former_spelling(key)))
        dates = (self.reader.catalog.removed_on(f"{self.addresses.base}id/{form}") for form in forms)
        return next((date for date in dates if date), None)

    def moved_to(self, key: str) -> str | None:
        """Return the key that a thing has now, by one that it had before; None if it has not moved."""
        current = current_spelling(key)
        if current != key and self._is_known(current):
            return current
        for spelling in spellings(key):
            target = self.reader.catalog.moved_to(self.addresses.thing(spelling))
            moved = self.addresses.key(target) if target else None
            if moved and self._is_known(moved):
                return moved
        return self._by_second_handle(current)

    def _by_second_handle(self, key: str) -> str | None:
        """Return the key of the one item that states the handle in a key as a second one of its own."""
        match = _HANDLE_KEY.fullmatch(key)
        if match is None:
            return None
        with suppress(ValueError):
            found = self.reader.store.triples_to(f"{_HANDLES}{unquote(match[1])}", _MOST_ITEMS)
            items = {subject for subject, predicate, _ in found if predicate == _SAME_AS}
            keys = {self.addresses.key(iri_text(item)) for item in items if "#" not in item}
            return keys.pop() if len(keys) == 1 else None
        return None

    def is_item(self, key: str) -> bool:
        """Return whether a key is that of an item, which can be cited."""
        return self.service.is_item(self.reader.store.objects(self.addresses.thing(key), iri_text(RDF_TYPE)))

    def offers(self, key: str) -> tuple[Format, ...]:
        """Return the formats in which a thing is served."""
        return ITEM_FORMATS if self.is_item(key) else FORMATS

    def document(self, key: str, page: int = 1) -> Document:
        """Return the document of a thing that is known."""
        subject = self.addresses.thing(key)
        if key == VOCABULARY:
            return make_document(iri(subject), self.service.local_terms.triples)
        return self.reader.document(subject, page).with_triples(self._own_description(key))

    def dataset(self) -> list[Triple]:
        """Return the description of the dataset, as it was published, and its dumps."""
        settings = self.service.settings
        return published_description(
            settings, self.reader.generation, self.reader.graph_lines(settings.base_iri + DESCRIPTION_GRAPH) or ()
        )

    def relative_address(self, key: str, format_: Format) -> str:
        """Return the address of a thing's document in a format, after the base.

        An item's key may end like an extension (10722/129504.nt); the other one's document is then named by ?format=.
        """
        if format_ is HTML:
            return f"page/{key}"
        if format_.extension in self.reader.taken_endings(self.addresses.thing(key), _EXTENSIONS):
            return f"data/{key}?format={format_.extension}"
        return f"data/{key}.{format_.extension}"

    def path(self, key: str, format_: Format, profile: Profile | None = None) -> str:
        """Return the path of a document in this view."""
        path = self.addresses.path(self.start) + self.relative_address(key, format_)
        if profile is None or profile is self.service.profiles.full:
            return path
        return f"{path}{'&' if '?' in path else '?'}_profile={profile.token}"

    def address(self, key: str, format_: Format, profile: Profile | None = None) -> str:
        """Return the IRI of a document in this view: its public address, whatever host the request came to."""
        return self.addresses.base + self.path(key, format_, profile)[len(self.addresses.mount) :]

    def places(self, key: str) -> Places:
        """Return where a resource is served."""
        return Places(
            self.addresses.thing(key),
            self.address(key, HTML),
            {offer.extension: self.address(key, offer) for offer in DATA_FORMATS},
            {offer.extension: f"{self.addresses.base}linkset/{offer.extension}/{key}" for offer in LINKSETS},
            self.service.profiles.full.iri,
            tuple((self.address(key, offer), offer.media_type) for offer in CITATION_FORMATS if offer is not REFERENCE)
            if self.is_item(key)
            else (),
        )

    def _is_known(self, key: str) -> bool:
        if not key.startswith(VOCABULARY):
            return f"id/{key}" in _BUILT_IN or self.reader.is_known(self.addresses.thing(key))
        term = self.addresses.thing(key)
        if key == VOCABULARY or self.reader.is_known(term):
            return True
        # Every field name has a property by rule, but `field/dc.title.ttl` asks for a document about dc.title.
        return not key.endswith(_ENDINGS) and bool(self.service.local_terms.describe(term))

    def _own_description(self, key: str) -> list[Triple]:
        if f"id/{key}" == DATASET:
            return self.dataset()
        if f"id/{key}" == SOFTWARE:
            return list(describe_software(self.service.settings))
        if key.startswith(f"{VOCABULARY}/"):
            return self.service.local_terms.describe(self.addresses.thing(key))
        return []


def live_view() -> PublishedView:
    """Return the view of the live generation for the current request.

    Raises:
        NothingPublishedError: there is none.
    """
    service = current_service()
    return PublishedView(service, service.reader())
