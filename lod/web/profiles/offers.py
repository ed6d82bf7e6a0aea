"""Profiles: the same resource in the full model, in plain Dublin Core, in schema.org; and the list of all of them.

Source: W3C Content Negotiation by Profile (DX-PROF-CONNEG), sections 6 to 8. `?_profile=` takes tokens or IRIs, separated by
commas; `Accept-Profile` takes IRIs. A profile that is not offered is refused in the query and ignored in the header.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from lod.rdf.claims import Triple, iri, literal
from lod.web.http.formats import CITATION_FORMATS, DATA_FORMATS, FORMATS, ITEM_FORMATS, Format
from lod.web.http.negotiate import read_profiles
from lod.web.profiles import dublin_core, schema_org
from lod.web.profiles.summary import Summary
from lod.web.reading import terms
from lod.web.reading.documents import Document, make_document
from lod.web.reading.reader import Reader

_ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
_PROF = "http://www.w3.org/ns/dx/prof/"
_DCTERMS = "http://purl.org/dc/terms/"

Make = Callable[[Reader, Document], Iterator[Triple]]


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to describe a resource.

    Attributes:
        token: its short name in `?_profile=`.
        iri: its name.
        title: its name for people.
        make: makes the triples from the full document; None for the full document itself and the list.
        formats: the formats that are offered, the first where a client names none.
        tokens: other short names.
    """

    token: str
    iri: str
    title: str
    make: Make | None = None
    formats: tuple[Format, ...] = DATA_FORMATS
    tokens: tuple[str, ...] = ()


class Profiles:
    """The profiles of a site; the IRI of the full one is in the vocabulary of the site."""

    def __init__(self, namespace: str) -> None:
        self.full = Profile(
            "lod", f"{namespace}profile/1", "The full model of this site", None, ITEM_FORMATS, ("full",)
        )
        self.alternates = Profile(
            "alt", "http://www.w3.org/ns/dx/connegp/altr", "All profiles and formats", None, FORMATS, ("all",)
        )
        self.all: tuple[Profile, ...] = (
            self.full,
            Profile("dc", dublin_core.NAMESPACE, "Dublin Core elements, plain values", _dublin_core),
            Profile("schema", "https://schema.org/", "schema.org", _schema_org, DATA_FORMATS, ("sdo",)),
            self.alternates,
        )

    def chosen(self, query: str | None, header: str | None) -> Profile | None:
        """Return the profile that a request asks for; None where its query names none that is offered."""
        if query:
            wanted = [self.named(name.strip()) for name in query.split(",")]
            return next((profile for profile in wanted if profile), None)
        named = (self.named(name) for name in read_profiles(header))
        return next((profile for profile in named if profile), self.full)

    def named(self, name: str) -> Profile | None:
        """Return the profile with a token or an IRI."""
        name = name.strip("<>")
        found = (profile for profile in self.all if name in {profile.token, profile.iri, *profile.tokens})
        return next(found, None)

    def document(
        self,
        profile: Profile,
        reader: Reader,
        full: Document,
        offers: Collection[Format],
        address: Callable[[Format, Profile], str],
    ) -> Document:
        """Return the document of a resource in a profile; `address` gives the IRI of a representation in one of the formats on offer."""
        if profile is self.alternates:
            return make_document(full.subject, self._alternates(full, reader, offers, address))
        if profile.make is None:
            return full
        return make_document(full.subject, profile.make(reader, full))

    def _alternates(
        self,
        document: Document,
        reader: Reader,
        offers: Collection[Format],
        address: Callable[[Format, Profile], str],
    ) -> Iterator[Triple]:
        subject = document.subject
        yield from reader.labels(subject[1:-1])
        for profile in self.all:
            named = iri(profile.iri)
            yield named, terms.TYPE, iri(f"{_PROF}Profile")
            yield named, iri(f"{_PROF}hasToken"), literal(profile.token)
            yield named, terms.TITLE, literal(profile.title, language="en")
            for format_ in (format_ for format_ in profile.formats if format_ in offers):
                representation = iri(address(format_, profile))
                is_default = profile is self.full and format_ is profile.formats[0]
                yield subject, iri(f"{_ALTR}has{'Default' if is_default else ''}Representation"), representation
                yield representation, terms.TYPE, iri(f"{_ALTR}Representation")
                if format_ not in CITATION_FORMATS:
                    yield representation, iri(f"{_DCTERMS}conformsTo"), named
                yield representation, iri(f"{_DCTERMS}format"), literal(format_.media_type)


def _dublin_core(reader: Reader, document: Document) -> Iterator[Triple]:
    return dublin_core.triples(Summary(reader, document))


def _schema_org(reader: Reader, document: Document) -> Iterator[Triple]:
    return schema_org.triples(schema_org.describe(Summary(reader, document)))
