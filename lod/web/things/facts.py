"""Facts of a thing: the line that identifies it, and the rows of a table that say each thing once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.rdf.claims import iri_text, is_iri, text_of
from lod.store.search.values.identifiers import form_of_address
from lod.web.languages.catalogues import capitalised, gettext
from lod.web.pages.code_words import scheme_words
from lod.web.pages.html import PropertyRow, Section
from lod.web.pages.values import Shown, Values
from lod.web.reading import terms

_IN_THE_HEAD = frozenset(
    {
        *(
            "rdf:type",
            "dcterms:title",
            "foaf:name",
            "skos:prefLabel",
            "rdfs:label",
            "foaf:familyName",
            "foaf:givenName",
        ),
        *("dcterms:isPartOf", "frbr:partOf", "foaf:isPrimaryTopicOf", "datacite:hasIdentifier", "schema:sameAs"),
        *("bibo:issn", "bibo:eissn", "fabio:hasIssnL", "dcterms:alternative", "skos:altLabel", "bibo:shortTitle"),
    }
)
"""Properties whose values the head of a page shows."""

_MIRRORS = {
    "prism:issn": ("bibo:issn",),
    "prism:eIssn": ("bibo:eissn",),
    "prism:isbn": ("bibo:isbn13",),
    "prism:volume": ("bibo:volume",),
    "prism:issueIdentifier": ("bibo:issue",),
    "fabio:hasSequenceIdentifier": ("bibo:volume", "bibo:issue"),
}
"""Properties that say again what one of others says."""

_NAMES = (*terms.LABELS, terms.ALTERNATIVE, terms.ALT_LABEL, terms.SHORT_TITLE)
_ISSNS = (("ISSN", terms.ISSN), ("eISSN", terms.EISSN), ("ISSN-L", terms.ISSN_L))


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier: what those who assign it call it, the identifier, the address that it leads to ("" for none)."""

    scheme: str
    text: str
    href: str


def identifiers(values: Values) -> list[Identifier]:
    """Return the identifiers of a thing, each once: those that are stated, and those that its sameAs links lead to."""
    document, subject = values.document, values.document.subject
    links = [iri_text(term) for term in document.objects(subject, terms.SAME_AS) if is_iri(term)]
    found = [*_issns(values), *_stated(values)]
    shown: dict[str, Identifier] = {}
    used: set[str] = set()
    for scheme, text in found:
        href = next((link for link in links if link.rstrip("/").casefold().endswith(text.casefold())), "")
        used.add(href)
        shown.setdefault(text.casefold(), Identifier(scheme, text, values.view.addresses.link(href) or ""))
    for link in links:
        scheme, _, text = (form_of_address(link) or "").partition(":")
        known = text.casefold() in shown
        if link not in used and not known:
            name = scheme_words(scheme, scheme.upper()) if text else gettext("Same as")
            text = text.upper() if scheme == "orcid" else text
            shown[text or link] = Identifier(name, text or link, values.view.addresses.link(link) or "")
    return list(shown.values())


def facts(sections: Iterable[Section]) -> list[PropertyRow]:
    """Return what a thing states of itself, each once, without what the head of its page shows."""
    own = next((section.rows for section in sections if not section.heading), [])
    stated = {row.property for row in own}
    return [
        PropertyRow(capitalised(row.label), row.property, row.values)
        for row in own
        if row.property not in _IN_THE_HEAD and stated.isdisjoint(_MIRRORS.get(row.property, ()))
    ]


def other_names(values: Values) -> list[Shown]:
    """Return the names of a thing beside the one in the heading."""
    subject = values.document.subject
    title = values.name(iri_text(subject))[0]
    names = [shown for label in _NAMES for shown in values.all(subject, label)]
    return list({shown.text: shown for shown in names if shown.text != title}.values())


def _issns(values: Values) -> Iterator[tuple[str, str]]:
    for scheme, predicate in _ISSNS:
        for term in values.document.objects(values.document.subject, predicate):
            yield scheme, text_of(term)


def _stated(values: Values) -> Iterator[tuple[str, str]]:
    document = values.document
    for node in document.objects(document.subject, terms.HAS_IDENTIFIER):
        scheme = iri_text(next(iter(document.objects(node, terms.IDENTIFIER_SCHEME)), "<>"))
        name = scheme_words(scheme, values.resource_label(scheme)) if scheme else gettext("Identifier")
        yield from ((name, text_of(value)) for value in document.objects(node, terms.LITERAL_VALUE))
