"""Signposting: typed links by which machines navigate a record without reading its page.

Source: FAIR Signposting Profile, levels 1 and 2; RFC 8288; RFC 8574 (cite-as); RFC 9264 (link sets). Targets are IRIs, since
not every reader of these links resolves paths.
"""

from __future__ import annotations

from dataclasses import dataclass

from lod.web.http.formats import DATA_FORMATS, Format
from lod.web.http.link_header import Link
from lod.web.profiles import schema_org
from lod.web.profiles.summary import Summary
from lod.web.reading import terms

LINKSET_JSON = Format("json", "Link set, JSON", "application/linkset+json")
LINKSET_TEXT = Format("txt", "Link set", "application/linkset")
LINKSETS = (LINKSET_JSON, LINKSET_TEXT)

_ABOUT_PAGE = "https://schema.org/AboutPage"
_SCHEMA = "https://schema.org/"
_DESCRIBED_IN = frozenset({"ttl", "jsonld", "nt", "rdf"})
"""Formats that signposts name; TriG and N-Quads say the same as Turtle and N-Triples."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where one resource is served, all as IRIs: the thing, its page, its documents by format, its link sets, the profile.

    `citations` are the forms in which an item is cited, with their media types.
    """

    thing: str
    page: str
    documents: dict[str, str]
    linksets: dict[str, str]
    profile: str
    citations: tuple[tuple[str, str], ...] = ()

    @property
    def linkset_links(self) -> list[Link]:
        """The links to the link sets."""
        return [Link(self.linksets[offer.extension], "linkset", offer.media_type) for offer in LINKSETS]

    @property
    def described_by(self) -> list[Link]:
        """The links to the documents."""
        return [
            Link(self.documents[offer.extension], "describedby", offer.media_type, self.profile)
            for offer in DATA_FORMATS
            if offer.extension in _DESCRIBED_IN
        ]

    @property
    def cited_as(self) -> list[Link]:
        """The links to the forms in which an item is cited; in link sets only, since headers have them as alternates."""
        return [Link(address, "describedby", media_type) for address, media_type in self.citations]


def of_page(summary: Summary, places: Places) -> list[Link]:
    """Return the signposts of the page of a resource (the landing page)."""
    authors = dict.fromkeys(
        f"https://orcid.org/{agent.orcid}" if agent.orcid else agent.iri
        for agent in summary.authors
        if agent.orcid or (agent.iri and "#" not in agent.iri)
    )
    return [
        Link(summary.persistent, "cite-as"),
        Link(_ABOUT_PAGE, "type"),
        Link(_SCHEMA + schema_org.type_of(summary.classes), "type"),
        *(Link(author, "author") for author in authors),
        *(Link(licence, "license") for licence in summary.links(terms.LICENSE)[:1]),
        *(Link(file.address, "item", file.media_type, "", file.size) for file in summary.files),
        *places.described_by,
        *places.linkset_links,
    ]


def of_document(places: Places, licence: str) -> list[Link]:
    """Return the signposts of a document, a metadata resource; `licence` is that of the metadata, "" for none."""
    return [
        Link(places.thing, "describes"),
        Link(places.page, "describes", "text/html"),
        *([Link(licence, "license")] if licence else []),
        *places.linkset_links,
    ]


def of_thing(places: Places) -> list[Link]:
    """Return the signposts of the thing itself, which go with the redirect from its IRI."""
    return [*places.described_by, *places.linkset_links]


def link_set(summary: Summary, places: Places, licence: str) -> dict[str, list[Link]]:
    """Return all links by their anchor: the page, the thing, each document, each file."""
    found = {places.page: [*of_page(summary, places), *places.cited_as], places.thing: of_thing(places)}
    for link in places.described_by:
        found[link.target] = [*of_document(places, licence), Link(places.profile, "profile")]
    for file in summary.files:
        found.setdefault(file.address, []).extend(
            [Link(places.page, "collection", "text/html"), Link(summary.persistent, "cite-as")]
        )
    return found
