"""Representations: the document of a resource in one format and profile, with the links that go with it."""

from __future__ import annotations

from dataclasses import dataclass

from lod.rdf.claims import Triple
from lod.web.dereference.request import Asked
from lod.web.http.cache import Answer, make_answer
from lod.web.http.formats import DATA_FORMATS, FORMATS, HTML, Format
from lod.web.http.link_header import MOST_BYTES, Link, link_header
from lod.web.pages.html import Head, is_item, render_document
from lod.web.profiles import signposting
from lod.web.profiles.embedded_metadata import embed
from lod.web.profiles.linksets import WRITERS as LINKSET_WRITERS
from lod.web.profiles.offers import Profile
from lod.web.profiles.summary import Summary
from lod.web.reading.documents import Document, make_document
from lod.web.reading.memento import memento_links, moment_of, original_links
from lod.web.reading.paging import at_page, describe_pages, page_links
from lod.web.writing.serializers import write


@dataclass(frozen=True, slots=True)
class Representation:
    """Which representation is asked for; with the generation it names its bytes."""

    key: str
    format: Format
    profile: Profile
    page: int = 1

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What tells it from others, in a form that is quickly compared."""
        return self.key, self.format.extension, self.profile.token, self.page


def document_answer(asked: Asked, wanted: Representation) -> Answer | None:
    """Return a document as it is sent, None for a page that it does not have.

    Raises:
        CannotWriteError: the format cannot express the document (RDF/XML only).
    """
    name = (asked.start, *wanted.name)
    kept = asked.reader.answers.get(name)
    if kept is None:
        kept = _made(asked, wanted)
        if kept is not None:
            asked.reader.answers.put(name, kept)
    return kept


def linkset_answer(asked: Asked, key: str, format_: Format) -> Answer:
    """Return all links of a resource as a link set."""
    name = (asked.start, key, format_)
    kept = asked.reader.answers.get(name)
    if kept is None:
        summary = Summary(asked.reader, asked.here.document(asked.reader, key))
        links = signposting.link_set(summary, asked.places(key), asked.here.settings.license)
        body = LINKSET_WRITERS[format_.extension](links).encode("utf-8")
        kept = make_answer(body, format_.media_type, (("Link", str(Link(asked.places(key).page, "original"))),))
        asked.reader.answers.put(name, kept)
    return kept


def thing_links(asked: Asked, key: str) -> str:
    """Return the Link header of a redirect from a thing."""
    name = (asked.start, key, "redirect")
    kept = asked.reader.answers.get(name)
    if kept is None:
        links = [*signposting.of_thing(asked.places(key)), *_times(asked, f"id/{key}"), *_alternates(asked, key)]
        kept = make_answer(link_header(links).encode("ascii"), "")
        asked.reader.answers.put(name, kept)
    return kept.body.decode("ascii")


def _made(asked: Asked, wanted: Representation) -> Answer | None:
    full = asked.here.document(asked.reader, wanted.key, wanted.page)
    if wanted.page > 1 and not full.pointing:
        return None
    address = f"{asked.here.addresses.base}data/{wanted.key}"
    if wanted.profile is asked.here.profiles.full:
        described = list(describe_pages(full, address))
        document = _with(full, described) if described else full
    else:
        document = asked.here.profiles.view(
            wanted.profile,
            asked.reader,
            full,
            lambda format_, profile: asked.address(wanted.key, format_, profile),
        )
    summary = Summary(asked.reader, full)
    links = _links(asked, wanted, summary)
    others = page_links(full, asked.path(wanted.key, wanted.format, wanted.profile))
    if wanted.format is HTML:
        body = _page(asked, wanted, document, summary, [*others, *links])
    else:
        body = write(document, wanted.format, asked.here.context)
    # What else grows with the key or the number of pages takes its part of the 4 KiB.
    room = MOST_BYTES - sum(len(str(link)) + 8 for link in others) - 2 * len(wanted.key)
    headers = [("Link", link_header(links, room)), ("Content-Profile", f"<{wanted.profile.iri}>")]
    # Fields of their own, so that they are found by clients that look for them with the simplest of means.
    headers += [("Link", str(link)) for link in others]
    return make_answer(body, wanted.format.content_type, tuple(headers))


def _with(document: Document, triples: list[Triple]) -> Document:
    return make_document(
        document.subject,
        [*document.triples, *triples],
        document.pointing,
        page=document.page,
        more=document.more,
        counts=document.counts,
    )


def _page(asked: Asked, wanted: Representation, document: Document, summary: Summary, links: list[Link]) -> bytes:
    here = asked.here
    head = Head(
        formats=[(offer, asked.path(wanted.key, offer, wanted.profile)) for offer in DATA_FORMATS],
        links=[link for link in links if link.rel != "alternate"],
        embedded=embed(
            summary,
            asked.here.addresses.base + asked.here.document_of(asked.reader, wanted.key, HTML),
            here.settings.title,
            is_item=is_item(here, document),
        )
        if wanted.profile is here.profiles.full
        else None,
        as_of=moment_of(asked.reader.generation) if asked.start else None,
        current=here.addresses.path(here.document_of(asked.reader, wanted.key, HTML)),
    )
    return render_document(here, asked.reader, wanted.key, document, head).encode("utf-8")


def _links(asked: Asked, wanted: Representation, summary: Summary) -> list[Link]:
    """Return the links of a document, the most telling first."""
    here, key = asked.here, wanted.key
    places = asked.places(key)
    relative = here.document_of(asked.reader, key, wanted.format)
    return [
        *(
            [*signposting.of_page(summary, places), Link(places.thing, "describes")]
            if wanted.format is HTML
            else signposting.of_document(places, here.settings.license)
        ),
        Link(wanted.profile.iri, "profile"),
        *_times(asked, relative),
        Link(_numbered(asked.address(key, wanted.format, wanted.profile), wanted.page), "canonical"),
        *_alternates(asked, key),
        *(
            Link(asked.path(key, profile.formats[0], profile), "alternate", profile=profile.iri)
            for profile in here.profiles.all
            if profile is not here.profiles.full
        ),
    ]


def _numbered(address: str, page: int) -> str:
    return at_page(address, page) if page > 1 else address


def _times(asked: Asked, path: str) -> list[Link]:
    base = asked.here.addresses.base
    if asked.start:
        return memento_links(base, path, asked.generations, asked.reader.generation)
    return original_links(base, path)


def _alternates(asked: Asked, key: str) -> list[Link]:
    return [Link(asked.path(key, offer), "alternate", offer.media_type) for offer in FORMATS]
