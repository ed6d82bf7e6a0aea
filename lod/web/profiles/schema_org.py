"""schema.org: a resource as JSON-LD with its context inside, as search engines read it.

Source: schema.org, version 29; Google Search Central on structured data (`@vocab`, authors in order).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lod.rdf.claims import RDF_TYPE, Triple, iri, literal
from lod.web.profiles.summary import Agent, Container, MediaFile, Summary
from lod.web.reading import terms

NAMESPACE = "http://schema.org/"

_BIBO = "http://purl.org/ontology/bibo/"
_FABIO = "http://purl.org/spar/fabio/"
_DCMI = "http://purl.org/dc/dcmitype/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

# The first class that a resource has decides, so the narrower ones come first.
_TYPES: tuple[tuple[str, str], ...] = tuple(
    (f"<{name}>", type_)
    for name, type_ in (
        (f"{_DCMI}Dataset", "Dataset"),
        ("http://rdfs.org/ns/void#Dataset", "Dataset"),
        (f"{_DCMI}Software", "SoftwareSourceCode"),
        (f"{_FABIO}ComputerProgram", "SoftwareSourceCode"),
        (f"{_FABIO}NewspaperArticle", "NewsArticle"),
        (f"{_FABIO}BlogPost", "BlogPosting"),
        (f"{_FABIO}ReviewArticle", "ScholarlyArticle"),
        (f"{_FABIO}ConferencePoster", "Poster"),
        (f"{_FABIO}Presentation", "PresentationDigitalDocument"),
        (f"{_BIBO}AcademicArticle", "ScholarlyArticle"),
        (f"{_BIBO}Article", "Article"),
        (f"{_BIBO}Thesis", "Thesis"),
        (f"{_BIBO}Chapter", "Chapter"),
        (f"{_BIBO}BookSection", "Chapter"),
        (f"{_BIBO}Proceedings", "Book"),
        (f"{_BIBO}EditedBook", "Book"),
        (f"{_BIBO}Book", "Book"),
        (f"{_BIBO}Report", "Report"),
        (f"{_BIBO}Manuscript", "Manuscript"),
        (f"{_BIBO}Manual", "HowTo"),
        (f"{_BIBO}Map", "Map"),
        (f"{_BIBO}Image", "ImageObject"),
        (f"{_BIBO}AudioDocument", "AudioObject"),
        (f"{_BIBO}AudioVisualDocument", "VideoObject"),
        (f"{_BIBO}Website", "WebSite"),
        (f"{_FABIO}JournalIssue", "PublicationIssue"),
        (f"{_BIBO}Issue", "PublicationIssue"),
        (f"{_FABIO}JournalVolume", "PublicationVolume"),
        (f"{_BIBO}Newspaper", "Newspaper"),
        (f"{_BIBO}Journal", "Periodical"),
        (f"{_BIBO}Magazine", "Periodical"),
        (f"{_BIBO}Periodical", "Periodical"),
        (f"{_BIBO}Series", "CreativeWorkSeries"),
        (f"{_DCMI}Collection", "Collection"),
        (f"{_FOAF}Person", "Person"),
        (f"{_FOAF}Organization", "Organization"),
        (f"{_SKOS}ConceptScheme", "DefinedTermSet"),
        (f"{_SKOS}Concept", "DefinedTerm"),
        ("http://purl.org/dc/terms/Location", "Place"),
        (f"{_BIBO}Conference", "Event"),
        (f"{_BIBO}Event", "Event"),
        (f"{NAMESPACE}Grant", "Grant"),
    )
)
_NO_WORKS = frozenset({"Person", "Organization", "DefinedTermSet", "DefinedTerm", "Place", "Event", "Grant"})

_REFERENCES = ("url", "sameAs", "license", "contentUrl", "mainEntityOfPage")
_CONTEXT: dict[str, Any] = {"@vocab": NAMESPACE, **{name: {"@type": "@id"} for name in _REFERENCES}}


def type_of(classes: frozenset[str]) -> str:
    """Return the schema.org type for encoded classes, "CreativeWork" where no other fits."""
    return next((type_ for class_, type_ in _TYPES if class_ in classes), "CreativeWork")


def json_ld(summary: Summary, page: str) -> dict[str, Any]:
    """Return the description of a resource with its context; `page` is the address of its page."""
    return {"@context": _CONTEXT, **describe(summary), "url": page}


def describe(summary: Summary) -> dict[str, Any]:
    """Return the description of a resource: nodes have @id and @type, texts are strings or have @value and @language."""
    type_ = type_of(summary.classes)
    parts: dict[str, Any] = {
        "@id": summary.iri,
        "@type": type_,
        "name": [_text(*name) for name in summary.titles],
        "identifier": summary.persistent if summary.persistent != summary.iri else "",
        "sameAs": summary.links(terms.SAME_AS),
    }
    if type_ not in _NO_WORKS:
        parts |= _work(summary)
    if type_ == "Dataset":
        parts |= {
            "creator": parts["author"] or parts["publisher"],
            "dateModified": summary.text(terms.MODIFIED),
            "keywords": [*summary.keywords, *summary.names(terms.DATASET_KEYWORD)],
            "distribution": [_download(download) for download in summary.downloads],
        }
    return _without_blanks(parts)


def triples(node: dict[str, Any]) -> Iterator[Triple]:
    """Yield the triples of a description, which names every node."""
    subject = iri(node["@id"])
    if "@type" in node:
        yield subject, RDF_TYPE, iri(NAMESPACE + node["@type"])
    for name, values in node.items():
        for value in [] if name.startswith("@") else values if isinstance(values, list) else [values]:
            property_ = iri(NAMESPACE + name)
            if isinstance(value, dict) and "@id" in value:
                yield subject, property_, iri(value["@id"])
                yield from triples(value)
            elif isinstance(value, dict):
                yield subject, property_, literal(value["@value"], language=value["@language"])
            else:
                yield subject, property_, iri(value) if name in _REFERENCES else literal(value)


def _work(summary: Summary) -> dict[str, Any]:
    return {
        "author": [_agent(agent) for agent in summary.authors],
        "editor": [_agent(agent) for agent in summary.agents(terms.EDITOR)],
        "contributor": [_agent(agent) for agent in summary.agents(terms.CONTRIBUTOR)],
        "publisher": [_agent(agent, "Organization") for agent in summary.agents(terms.PUBLISHER)],
        "datePublished": summary.issued,
        "description": [_text(*text) for text in summary.texts(terms.ABSTRACT) or summary.texts(terms.DESCRIPTION)],
        "keywords": summary.keywords,
        "inLanguage": summary.languages,
        "license": summary.links(terms.LICENSE),
        "pageStart": summary.text(terms.PAGE_START),
        "pageEnd": summary.text(terms.PAGE_END),
        "pagination": summary.text(terms.PAGES),
        "issn": [text for term in (terms.ISSN, terms.EISSN) for text, _ in summary.texts(term)],
        "isbn": [text for text, _ in summary.texts(terms.ISBN13)],
        "volumeNumber": summary.text(terms.VOLUME) if "Volume" in type_of(summary.classes) else "",
        "issueNumber": summary.text(terms.ISSUE) if "Issue" in type_of(summary.classes) else "",
        "isPartOf": _containers(summary.containers),
        "encoding": [_file(summary.iri, number, file) for number, file in enumerate(summary.files, start=1)],
    }


def _agent(agent: Agent, type_: str = "Person") -> dict[str, Any] | str:
    if not agent.iri:
        return agent.name
    return _without_blanks(
        {
            "@id": agent.iri,
            "@type": "Organization" if agent.is_organisation else type_,
            "name": agent.name,
            "familyName": agent.family,
            "givenName": agent.given,
            "sameAs": f"https://orcid.org/{agent.orcid}" if agent.orcid else "",
        }
    )


def _containers(containers: list[Container]) -> list[dict[str, Any]]:
    """Return issue, volume and journal, each inside the one before."""
    nested: list[dict[str, Any]] = []
    for container in reversed(containers):
        type_ = type_of(container.classes)
        node = {
            "@id": container.iri,
            "@type": type_,
            "name": container.title,
            "issueNumber": container.issue,
            "volumeNumber": container.volume if type_ == "PublicationVolume" else "",
            "issn": list(container.issns),
            "isbn": list(container.isbns),
            "isPartOf": nested,
        }
        nested = [_without_blanks(node)]
    return nested


def _file(item: str, number: int, file: MediaFile) -> dict[str, Any]:
    return _without_blanks(
        {
            "@id": file.address if file.address.startswith(item) else f"{item}#media-{number}",
            "@type": "MediaObject",
            "name": file.name,
            "contentUrl": file.address,
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size} B" if file.size else "",
        }
    )


def _download(file: MediaFile) -> dict[str, Any]:
    return _without_blanks(
        {
            "@id": file.name,
            "@type": "DataDownload",
            "contentUrl": file.address,
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size} B" if file.size else "",
        }
    )


def _text(text: str, language: str | None) -> dict[str, str] | str:
    return {"@value": text, "@language": language} if language else text


def _without_blanks(node: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in node.items()
        if value
    }
