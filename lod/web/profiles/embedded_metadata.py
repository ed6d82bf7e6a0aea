"""Metadata embedded in a page, for reference managers, search engines and previews: tables of names and their values.

Sources: Google Scholar, Inclusion Guidelines for Webmasters ("Indexing": citation_*); DCMI, Expressing Dublin Core in
HTML (DC.*, DCTERMS.*); The Open Graph protocol. No COinS: Zotero prefers one to the richer tags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lod.web.profiles import dublin_core, schema_org
from lod.web.profiles.summary import Summary, Text
from lod.web.reading import terms

_DESCRIPTION_CHARACTERS = 300
_DATE = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class MetaTag:
    """One meta element: its name, or property where it is Open Graph's; content; language."""

    name: str
    content: str
    language: str | None = None
    is_property: bool = False


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a page embeds: meta elements, links to schemas, JSON-LD as text for a script element."""

    tags: tuple[MetaTag, ...]
    schemas: tuple[tuple[str, str], ...]
    json_ld: str


def embed(summary: Summary, page: str, site: str, *, is_item: bool) -> Embedded:
    """Return what the page of a resource embeds; `page` is its address, `site` the site's title."""
    tags = [*_open_graph(summary, page, site)]
    if is_item and summary.title:
        tags = [*_highwire(summary, page), *_dublin_core(summary), *tags]
    # In a script element "</script" and "<!--" would end the data or hide its end; JSON may write "<" as an escape.
    data = json.dumps(schema_org.json_ld(summary, page), ensure_ascii=False).replace("<", "\\u003c")
    schemas = (("schema.DC", dublin_core.NAMESPACE), ("schema.DCTERMS", "http://purl.org/dc/terms/")) if is_item else ()
    return Embedded(tuple(tags), schemas, data)


_CONFERENCE_PAPER = "<http://purl.org/spar/fabio/ConferencePaper>"
_NO_ARTICLES = frozenset({"Thesis", "Report", "Book", "Chapter", "Dataset", "SoftwareSourceCode"})
"""What is in a series, not in a journal: Zotero would take it for an article."""


def _journal(summary: Summary) -> list[str]:
    """Return the title of the journal of an article; of other items their series is none."""
    if schema_org.type_of(summary.classes) in _NO_ARTICLES:
        return []
    return [*_titles(summary, is_book=False), summary.text(terms.PUBLICATION_NAME)][:1]


def _conference(summary: Summary) -> list[str]:
    """Return the conference; of a paper whose conference is not stated the proceedings, so that it is taken for a paper."""
    stated = summary.names(terms.PRESENTED_AT)
    return stated or (_titles(summary, is_book=True) if _CONFERENCE_PAPER in summary.classes else [])


def _titles(summary: Summary, *, is_book: bool) -> list[str]:
    """Return the title of the nearest container that is a book, or that is none."""
    parts = summary.containers
    return [part.title for part in parts if part.title and (schema_org.type_of(part.classes) == "Book") is is_book][:1]


def _numbers(summary: Summary, property_: str, name: str) -> list[str]:
    own = [text for text, _ in summary.texts(property_)]
    return own or list(dict.fromkeys(number for part in summary.containers for number in getattr(part, name)))


def _institution(summary: Summary, type_: str) -> list[str]:
    return (
        [agent.name for agent in summary.agents(terms.PUBLISHER)]
        if schema_org.type_of(summary.classes) == type_
        else []
    )


def _slashed(issued: str) -> list[str]:
    """Return a date as 2010/05/17, with the precision that it has; of a span or an uncertain date the first year."""
    match = _DATE.match(issued)
    return [match[0].replace("-", "/") if match[0] == issued else match[1]] if match else []


def _pdf(summary: Summary, page: str) -> list[str]:
    """Return the first PDF on the host of the page: others are not followed."""
    host = urlsplit(page).netloc
    found = [
        file.address
        for file in summary.files
        if urlsplit(file.address).netloc == host
        and (file.media_type == "application/pdf" or file.address.lower().endswith(".pdf"))
    ]
    return found[:1]


_HIGHWIRE: tuple[tuple[str, Callable[[Summary, str], Iterable[str]]], ...] = (
    ("citation_title", lambda about, _: [about.title]),
    ("citation_author", lambda about, _: [agent.name for agent in about.authors]),
    ("citation_publication_date", lambda about, _: _slashed(about.issued)),
    ("citation_journal_title", lambda about, _: _journal(about)),
    # Google Scholar reads the first, Zotero the second.
    ("citation_inbook_title", lambda about, _: _titles(about, is_book=True)),
    ("citation_book_title", lambda about, _: _titles(about, is_book=True)),
    ("citation_conference_title", lambda about, _: _conference(about)),
    ("citation_volume", lambda about, _: [about.text(terms.VOLUME)]),
    ("citation_issue", lambda about, _: [about.issue]),
    ("citation_firstpage", lambda about, _: [about.text(terms.PAGE_START)]),
    ("citation_lastpage", lambda about, _: [about.text(terms.PAGE_END)]),
    ("citation_issn", lambda about, _: _numbers(about, terms.ISSN, "issns")),
    ("citation_isbn", lambda about, _: _numbers(about, terms.ISBN13, "isbns")),
    ("citation_doi", lambda about, _: [about.doi]),
    ("citation_pmid", lambda about, _: [about.text(terms.PMID)]),
    ("citation_publisher", lambda about, _: [agent.name for agent in about.agents(terms.PUBLISHER)]),
    ("citation_dissertation_institution", lambda about, _: _institution(about, "Thesis")),
    ("citation_technical_report_institution", lambda about, _: _institution(about, "Report")),
    ("citation_language", lambda about, _: about.languages),
    ("citation_keywords", lambda about, _: about.keywords),
    ("citation_abstract_html_url", lambda _, page: [page]),
    ("citation_pdf_url", _pdf),
)


def _highwire(summary: Summary, page: str) -> list[MetaTag]:
    return [MetaTag(name, text) for name, values in _HIGHWIRE for text in values(summary, page) if text]


_DCTERMS: tuple[tuple[str, Callable[[Summary], list[Text]]], ...] = (
    ("issued", lambda about: [(about.issued, None)]),
    ("abstract", lambda about: about.texts(terms.ABSTRACT)),
    ("bibliographicCitation", lambda about: about.texts(terms.CITATION)),
    ("license", lambda about: [(address, None) for address in about.links(terms.LICENSE)]),
)
_REFINED = frozenset({"description"})
"""Elements that a more exact one of DCTERMS repeats."""


def _dublin_core(summary: Summary) -> list[MetaTag]:
    elements = [(f"DC.{name}", values) for name, values in dublin_core.ELEMENTS if name not in _REFINED]
    refined = [(f"DCTERMS.{name}", values) for name, values in _DCTERMS]
    return [MetaTag(name, text, tag) for name, values in (*elements, *refined) for text, tag in values(summary) if text]


_OG_TYPES = {"Book": "book", "Person": "profile", "CreativeWork": "article"}
_OG_ARTICLES = ("Article", "Thesis", "Report", "Chapter")


def _open_graph(summary: Summary, page: str, site: str) -> list[MetaTag]:
    type_ = schema_org.type_of(summary.classes)
    kind = "article" if type_.endswith(_OG_ARTICLES) else _OG_TYPES.get(type_, "website")
    description = summary.text(terms.ABSTRACT, terms.DESCRIPTION, terms.CITATION)
    if len(description) > _DESCRIPTION_CHARACTERS:
        description = f"{description[:_DESCRIPTION_CHARACTERS].rsplit(' ', 1)[0]} …"
    rows = (
        ("og:title", summary.title),
        ("og:type", kind),
        ("og:url", page),
        ("og:site_name", site),
        ("og:description", description),
        ("article:published_time", summary.issued if kind == "article" else ""),
    )
    plain = [MetaTag("description", description)] if description else []
    return [*plain, *(MetaTag(name, content, None, True) for name, content in rows if content)]
