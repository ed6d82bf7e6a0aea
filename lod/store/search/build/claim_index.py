"""Claims about one subject by subject and property, and the properties that search reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NewType

from lod.rdf.claims import RDF_FIRST, RDF_NS, RDF_REST, iri, iri_text, is_iri, literal_parts

Claims = NewType("Claims", dict[str, dict[str, list[str]]])
"""Encoded objects by encoded subject and property."""

_DCTERMS = "http://purl.org/dc/terms/"
_BIBO = "http://purl.org/ontology/bibo/"
_FABIO = "http://purl.org/spar/fabio/"
_PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
_SCHEMA = "http://schema.org/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_DATACITE = "http://purl.org/spar/datacite/"

TYPE = iri(f"{RDF_NS}type")
TITLE = iri(f"{_DCTERMS}title")
ALTERNATIVE = iri(f"{_DCTERMS}alternative")
ABSTRACT = iri(f"{_DCTERMS}abstract")
DESCRIPTION = iri(f"{_DCTERMS}description")
CONTENTS = iri(f"{_DCTERMS}tableOfContents")
CREATOR = iri(f"{_DCTERMS}creator")
CONTRIBUTOR = iri(f"{_DCTERMS}contributor")
EDITOR = iri(f"{_BIBO}editor")
TRANSLATOR = iri(f"{_BIBO}translator")
AUTHOR_LIST = iri(f"{_BIBO}authorList")
ISSUED = iri(f"{_DCTERMS}issued")
YEAR = iri(f"{_FABIO}hasPublicationYear")
KIND = iri(f"{_DCTERMS}type")
PART_OF = iri(f"{_DCTERMS}isPartOf")
PUBLISHER = iri(f"{_DCTERMS}publisher")
LANGUAGE = iri(f"{_DCTERMS}language")
SUBJECT = iri(f"{_DCTERMS}subject")
KEYWORD = iri(f"{_PRISM}keyword")
SPATIAL = iri(f"{_DCTERMS}spatial")
ACCESS = iri(f"{_DCTERMS}accessRights")
LICENCE = iri(f"{_DCTERMS}license")
FUNDING = iri(f"{_SCHEMA}funding")
FUNDER = iri(f"{_SCHEMA}funder")
AFFILIATION = iri(f"{_SCHEMA}affiliation")
MEMBER_OF = iri("http://www.w3.org/ns/org#memberOf")
SAME_AS = iri(f"{_SCHEMA}sameAs")
FILE = iri(f"{_FABIO}hasRepresentation")
VOLUME = iri(f"{_BIBO}volume")
ISSUE = iri(f"{_BIBO}issue")
ITEM_VOLUME = iri(f"{_PRISM}volume")
ITEM_ISSUE = iri(f"{_PRISM}issueIdentifier")
PAGE_START = iri(f"{_BIBO}pageStart")
ARTICLE_NUMBER = iri(f"{_FABIO}hasElectronicArticleIdentifier")
DOI = iri(f"{_BIBO}doi")
SCHEME = iri(f"{_DATACITE}usesIdentifierScheme")
IDENTIFIER = iri(f"{_DATACITE}hasIdentifier")
VALUE = iri("http://www.essepuntato.it/2010/06/literalreification/hasLiteralValue")

NAMES = (TITLE, iri(f"{_FOAF}name"), iri(f"{_SKOS}prefLabel"), iri("http://www.w3.org/2000/01/rdf-schema#label"))
"""Properties that name a thing, the most telling first."""
OTHER_NAMES = (ALTERNATIVE, iri(f"{_SKOS}altLabel"), iri(f"{_BIBO}shortTitle"))

FLAT_IDENTIFIERS = {
    DOI: "doi",
    iri(f"{_BIBO}handle"): "handle",
    iri(f"{_BIBO}issn"): "issn",
    iri(f"{_BIBO}eissn"): "issn",
    iri(f"{_FABIO}hasIssnL"): "issn",
    iri(f"{_PRISM}issn"): "issn",
    iri(f"{_PRISM}eIssn"): "issn",
    iri(f"{_BIBO}isbn13"): "isbn",
    iri(f"{_BIBO}isbn10"): "isbn",
    iri(f"{_BIBO}pmid"): "pmid",
    iri(f"{_FABIO}hasPubMedCentralId"): "pmcid",
    iri(f"{_FABIO}hasArXivId"): "arxiv",
    iri(f"{_BIBO}oclcnum"): "oclc",
    iri(f"{_BIBO}lccn"): "lccn",
}
"""Properties whose values are identifiers, with their schemes."""


IDENTIFYING = frozenset((*FLAT_IDENTIFIERS, IDENTIFIER, SAME_AS))
"""Properties of which a subject has one where it has an identifier."""


def index_claims(lines: Iterable[str]) -> Claims:
    """Return claims by subject and property; each claim once, objects in the order of the lines."""
    index: dict[str, dict[str, list[str]]] = {}
    before, about = "", dict[str, list[str]]()
    for line in lines:
        subject, property_, rest = line.split(" ", 2)
        # Lines are sorted, so that most have the subject of the line before.
        if subject != before:
            before, about = subject, index.setdefault(subject, {})
        if property_ in about:
            about[property_].append(rest[:-2])
        else:
            about[property_] = [rest[:-2]]
    return Claims(index)


def objects(claims: Claims, subject: str, *properties: str) -> list[str]:
    """Return the encoded objects of a subject by some properties, those of the first one first."""
    about = claims.get(subject)
    if about is None:
        return []
    return [object_ for property_ in properties for object_ in about.get(property_, ())]


def iris(claims: Claims, subject: str, *properties: str) -> list[str]:
    """Return the IRIs among them, sorted, each once, as texts."""
    about = claims.get(subject)
    if about is None:
        return []
    found = {term[1:-1] for property_ in properties for term in about.get(property_, ()) if term[0] == "<"}
    return sorted(found) if len(found) > 1 else list(found)


def texts(claims: Claims, subject: str, *properties: str) -> list[str]:
    """Return the literals among them: the best one to show first, those without a language or in English before others."""
    about = claims.get(subject)
    if about is None:
        return []
    ranked = []
    for position, property_ in enumerate(properties):
        for term in about.get(property_, ()):
            if term[0] != "<":
                text, language, _ = literal_parts(term)
                ranked.append((position, 0 if not language else 1 if language[:2] == "en" else 2, text))
    if len(ranked) > 1:
        ranked.sort()
        return list(dict.fromkeys(text for _, _, text in ranked))
    return [text for _, _, text in ranked]


def members(claims: Claims, subject: str, property_: str) -> list[str]:
    """Return the encoded members of the list that is the object of subject and property, in order."""
    found: list[str] = []
    cells = objects(claims, subject, property_)[:1]
    seen: set[str] = set()
    while cells and cells[0] not in seen:
        seen.add(cells[0])
        found += objects(claims, cells[0], RDF_FIRST)[:1]
        cells = objects(claims, cells[0], RDF_REST)[:1]
    return found


def authors(claims: Claims, subject: str) -> list[str]:
    """Return the encoded authors of an item in the order of their list, then those that it does not have, by IRI."""
    listed = members(claims, subject, AUTHOR_LIST)
    return list(dict.fromkeys((*listed, *sorted(objects(claims, subject, CREATOR)))))


def identifiers(claims: Claims, subject: str) -> Iterator[tuple[str, str]]:
    """Yield scheme and text of each identifier of a subject: its identifier nodes, and literals of the common schemes."""
    about = claims.get(subject, {})
    if not FLAT_IDENTIFIERS.keys().isdisjoint(about):
        for property_, scheme in FLAT_IDENTIFIERS.items():
            for term in about.get(property_, ()):
                yield scheme, literal_parts(term)[0]
    for node in about.get(IDENTIFIER, ()):
        schemes, values = objects(claims, node, SCHEME), objects(claims, node, VALUE)
        if schemes and values and not is_iri(values[0]):
            yield iri_text(schemes[0]).rstrip("/").replace("#", "/").rpartition("/")[2], literal_parts(values[0])[0]
