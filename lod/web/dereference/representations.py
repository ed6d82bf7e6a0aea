"""Representations: the document of a resource in one format and profile, with the links that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lod.web.citing.citation import citation
from lod.web.citing.writers import WRITERS, Wording, write_citation
from lod.web.http.cache import Representation, make_representation
from lod.web.http.formats import CITATION_FORMATS, DATA_FORMATS, HTML, REFERENCE, Format
from lod.web.http.link_header import MOST_BYTES, Link, link_header
from lod.web.pages.html import Head, render_document
from lod.web.profiles import signposting
from lod.web.profiles.embedded_metadata import embed
from lod.web.profiles.linksets import WRITERS as LINKSET_WRITERS
from lod.web.profiles.offers import Profile
from lod.web.profiles.summary import Summary
from lod.web.reading.documents import Document
from lod.web.reading.memento import memento_links, moment_of, original_links
from lod.web.reading.paging import at_page, describe_pages, page_links
from lod.web.things.page import render_thing
from lod.web.view import PublishedView
from lod.web.writing.serializers import write

_LDP_INBOX = "http://www.w3.org/ns/ldp#inbox"
_MOST_AUTHORS = 200
"""Authors on a page, of a paper of thousands; the data, the link set and the formats for reference managers have them all."""
_MOST_AUTHOR_LINKS = 100
"""Links to authors in the head of a page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which representation of a document is requested; in one generation it identifies the bytes.

    `wording` is that of the references in it; `language` is the key of the language of a page, "" for any other format.
    """

    key: str
    format: Format
    profile: Profile
    page: int = 1
    wording: Wording = field(default_factory=Wording)
    language: str = ""

    @property
    def cache_key(self) -> tuple[str, str, str, int, str, str, str]:
        """The same in a form that is quickly compared."""
        wording = self.wording
        return (
            self.key,
            self.format.extension,
            self.profile.token,
            self.page,
            wording.style.name,
            wording.locale,
            self.language,
        )

    @property
    def own_query(self) -> list[tuple[str, str]]:
        """The parameters of the address of a page, without its language."""
        wording = self.wording
        pairs = list(wording.parameters.items()) if wording != Wording() else []
        return [*pairs, *([("page", str(self.page))] if self.page > 1 else [])]


def document_representation(view: PublishedView, wanted: Wanted) -> Representation | None:
    """Return the representation of a document, None for a page that it does not have.

    Raises:
        CannotWriteError: the format cannot express the document (RDF/XML only).
    """
    return view.reader.responses.get_or_make((view.start, *wanted.cache_key), lambda: _made(view, wanted))


def linkset_representation(view: PublishedView, key: str, format_: Format) -> Representation:
    """Return all links of a resource as a link set."""

    def make() -> Representation:
        places = view.places(key)
        links = signposting.link_set(Summary(view.reader, view.document(key)), places, view.service.settings.license)
        body = LINKSET_WRITERS[format_.extension](links).encode("utf-8")
        return make_representation(body, format_.media_type, (("Link", str(Link(places.page, "original"))),))

    return view.reader.responses.get_or_make((view.start, key, format_), make)


def thing_links(view: PublishedView, key: str) -> str:
    """Return the Link header of a redirect from a thing."""

    def make() -> Representation:
        links = [
            *signposting.of_thing(view.places(key)),
            *_inbox(view),
            *_times(view, f"id/{key}"),
            *_alternates(view, key),
        ]
        return make_representation(link_header(links).encode("ascii"), "")

    return view.reader.responses.get_or_make((view.start, key, "redirect"), make).body.decode("ascii")


def _inbox(view: PublishedView) -> list[Link]:
    """Return the link to the inbox, which is where services look for it (Linked Data Notifications, section 3.1)."""
    service = view.service
    return [Link(f"{service.addresses.base}inbox", _LDP_INBOX)] if service.settings.inbox_senders else []


def _made(view: PublishedView, wanted: Wanted) -> Representation | None:
    full = view.document(wanted.key, wanted.page)
    if wanted.page > 1 and not full.pointing:
        return None
    if wanted.format in WRITERS:
        return _cited(view, wanted, full)
    profiles = view.service.profiles
    if wanted.profile is profiles.full:
        document = full.with_triples(list(describe_pages(full, view.addresses.document(wanted.key))))
    else:
        document = profiles.document(
            wanted.profile,
            view.reader,
            full,
            view.offers(wanted.key),
            lambda format_, profile: view.address(wanted.key, format_, profile),
        )
    summary = Summary(view.reader, full, _MOST_AUTHORS if wanted.format is HTML else None)
    links = _links(view, wanted, summary)
    others = page_links(full, view.path(wanted.key, wanted.format, wanted.profile))
    if wanted.format is HTML:
        body = _page(view, wanted, document, summary, [*others, *links])
    else:
        body = write(document, wanted.format, view.service.context)
    # What else grows with the key or the number of pages takes its part of the 4 KiB.
    room = MOST_BYTES - sum(len(str(link)) + 8 for link in others) - 2 * len(wanted.key)
    headers = [("Link", link_header(links, room)), ("Content-Profile", f"<{wanted.profile.iri}>")]
    # Fields of their own, so that clients find them with the simplest of means.
    headers += [("Link", str(link)) for link in others]
    return make_representation(body, wanted.format.content_type, tuple(headers))


def _cited(view: PublishedView, wanted: Wanted, full: Document) -> Representation:
    """Return an item in a format that cites, which has no profile and no pages."""
    body = write_citation(citation(Summary(view.reader, full)), wanted.format, wanted.wording).encode("utf-8")
    links = [
        *signposting.of_document(view.places(wanted.key), view.service.settings.license),
        *_times(view, view.relative_address(wanted.key, wanted.format)),
        *_alternates(view, wanted.key),
    ]
    return make_representation(body, wanted.format.content_type, (("Link", link_header(links)),))


def _page(view: PublishedView, wanted: Wanted, document: Document, summary: Summary, links: list[Link]) -> bytes:
    service, address = view.service, view.relative_address(wanted.key, HTML)
    head = Head(
        formats=[(offer, view.path(wanted.key, offer, wanted.profile)) for offer in DATA_FORMATS],
        citations=[
            (offer, view.path(wanted.key, offer)) for offer in view.offers(wanted.key) if offer in CITATION_FORMATS
        ],
        links=_of_head(links),
        embedded=embed(summary, view.addresses.base + address, service.settings.title, is_item=view.is_item(wanted.key))
        if wanted.profile is service.profiles.full
        else None,
        as_of=moment_of(view.reader.generation) if view.start else None,
        current=view.addresses.path(address),
        own_query=[*wanted.own_query, *_named_profile(view, wanted.profile)],
    )
    page = render_document(view, wanted.key, document, head, summary, wanted.wording)
    return (render_thing(view, document, head) if page is None else page).encode("utf-8")


def _named_profile(view: PublishedView, profile: Profile) -> list[tuple[str, str]]:
    return [] if profile is view.service.profiles.full else [("_profile", profile.token)]


def _of_head(links: list[Link]) -> list[Link]:
    """Return the links that stand in a page too; authors only where they are few: the link set has them all."""
    authors = sum(link.rel == "author" for link in links)
    return [
        link for link in links if link.rel != "alternate" and (link.rel != "author" or authors <= _MOST_AUTHOR_LINKS)
    ]


def _links(view: PublishedView, wanted: Wanted, summary: Summary) -> list[Link]:
    """Return the links of a document, the most important first."""
    service, key, places = view.service, wanted.key, view.places(wanted.key)
    return [
        *(
            [*signposting.of_page(summary, places), Link(places.thing, "describes")]
            if wanted.format is HTML
            else signposting.of_document(places, service.settings.license)
        ),
        Link(wanted.profile.iri, "profile"),
        *_inbox(view),
        *_times(view, view.relative_address(key, wanted.format)),
        Link(_numbered(view.address(key, wanted.format, wanted.profile), wanted.page), "canonical"),
        *_alternates(view, key, wanted.format),
        *(
            Link(view.path(key, profile.formats[0], profile), "alternate", profile=profile.iri)
            for profile in service.profiles.all
            if profile is not service.profiles.full
        ),
    ]


def _numbered(address: str, page: int) -> str:
    return at_page(address, page) if page > 1 else address


def _times(view: PublishedView, path: str) -> list[Link]:
    base = view.addresses.base
    if view.start:
        return memento_links(base, path, view.generations, view.reader.generation)
    return original_links(base, path)


def _alternates(view: PublishedView, key: str, own: Format | None = None) -> list[Link]:
    """Return the links to the other formats; a reference is one line and needs no link."""
    offers = [offer for offer in view.offers(key) if offer not in (own, REFERENCE)]
    return [Link(view.path(key, offer), "alternate", offer.media_type) for offer in offers]
