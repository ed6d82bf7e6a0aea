"""Citation of an item: what is cited of it, as CSL-JSON.

Source: CSL 1.0.2, JSON schema of input data (csl-data.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lod.rdf.claims import iri
from lod.web.citing.types import CitedType, type_of
from lod.web.profiles.summary import Agent, Container, Summary
from lod.web.reading import terms

_CLASSES = ("http://purl.org/ontology/bibo/", "http://purl.org/spar/fabio/")


def _classes(*names: str) -> frozenset[str]:
    return frozenset(iri(start + name) for start in _CLASSES for name in names)


_BOOKS = _classes("Book", "EditedBook", "Proceedings", "ConferenceProceedings", "ReferenceSource")
_JOURNALS = _classes("Journal", "Newspaper", "Magazine", "Periodical")
_SERIES = _classes("Series")
_IN_SERIALS = frozenset(
    {"article-journal", "article-magazine", "article-newspaper", "review", "review-book", "post-weblog"}
)

_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2}))?(?:-(?P<day>[0-9]{2}))?(?P<circa>[~?%]?)")
_UNSAFE = re.compile(r"[^A-Za-z0-9/:._-]")
_SCRIPTS_WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited of an item.

    Attributes:
        type: what CSL, BibTeX and RIS call it.
        fields: the item in CSL-JSON, without what it does not state.
        keywords: subjects and keywords, one by one: headings have commas in them.
    """

    type: CitedType
    fields: Mapping[str, Any]
    keywords: tuple[str, ...] = ()


def citation(summary: Summary) -> Citation:
    """Return what is cited of an item."""
    parts = _Parts.of(summary)
    stated = summary.classes | {iri(address) for address in summary.links(terms.RESOURCE_TYPE)}
    keywords = tuple(dict.fromkeys(summary.keywords))
    type_ = type_of(stated, in_journal=bool(parts.journal), in_book=bool(parts.book))
    fields = {
        "id": citation_key(summary.key),
        "type": type_.csl,
        "title": _title(summary),
        "title-short": summary.text(terms.SHORT_TITLE),
        "author": _names(summary.cited_authors),
        "editor": _names(summary.editors),
        "translator": _names(summary.agents(terms.TRANSLATOR)),
        "issued": date_of(summary.issued),
        **_container(summary, type_, parts),
        "volume": summary.volume,
        "issue": summary.issue,
        "page": _pages(summary),
        "number": summary.text(terms.NUMBER, terms.PATENT_NUMBER) if type_.csl in {"report", "patent"} else "",
        "edition": summary.text(terms.EDITION),
        "number-of-pages": summary.text(terms.PAGE_COUNT),
        "genre": type_.genre,
        "publisher": _publisher(summary, type_),
        "publisher-place": ", ".join(summary.names(terms.PLACE_OF_PUBLICATION)),
        "event-title": ", ".join(summary.names(terms.PRESENTED_AT)),
        "DOI": summary.doi,
        "PMID": summary.text(terms.PMID),
        "PMCID": summary.text(terms.PMCID),
        "ISBN": _numbers(summary, (terms.ISBN13, terms.ISBN10), parts.isbns),
        "ISSN": _numbers(summary, (terms.ISSN, terms.EISSN), parts.issns),
        "URL": summary.persistent,
        "language": next(iter(summary.languages), ""),
        "abstract": summary.text(terms.ABSTRACT),
        "keyword": "; ".join(keywords),
    }
    return Citation(type_, {name: value for name, value in fields.items() if value}, keywords)


def citation_key(key: str) -> str:
    """Return the key by which documents cite an item: the key of its IRI, so it is as unique and as stable as that.

    What BibTeX or LaTeX would not read in a key ("%", "~") is written as "+" and two hexadecimal digits.
    """
    return _UNSAFE.sub(lambda match: "+" if match[0] == "%" else f"+{ord(match[0]):02X}", key.removeprefix("item/"))


def date_of(text: str) -> dict[str, Any]:
    """Return a date of issue (ISO 8601 or EDTF) as CSL-JSON, with the precision that it has; any other as it is written."""
    if not text:
        return {}
    matches = [_DATE.fullmatch(part) for part in text.split("/")]
    if len(matches) > 2 or not all(matches):
        return {"literal": text}
    parts = [[int(match[name]) for name in ("year", "month", "day") if match[name]] for match in matches if match]
    return {"date-parts": parts, **({"circa": True} if any(match and match["circa"] for match in matches) else {})}


def is_written_without_blanks(name: str) -> bool:
    """Return whether a name is Chinese, Japanese or Korean throughout: the family name comes first, no blank follows it."""
    return _SCRIPTS_WITHOUT_BLANKS.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an item is part of, by kind, and the serial and book numbers on the way there."""

    journal: str = ""
    book: str = ""
    series: str = ""
    other: str = ""
    issns: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()

    @classmethod
    def of(cls, summary: Summary) -> _Parts:
        found = summary.containers
        known = _BOOKS | _JOURNALS | _SERIES
        return cls(
            _first_title(found, _JOURNALS) or summary.text(terms.PUBLICATION_NAME),
            _first_title(found, _BOOKS),
            _first_title(found, _SERIES),
            next((part.title for part in found if part.title and not part.classes & known), ""),
            tuple(dict.fromkeys(number for part in found for number in part.issns)),
            tuple(dict.fromkeys(number for part in found for number in part.isbns)),
        )


def _first_title(containers: Iterable[Container], classes: frozenset[str]) -> str:
    return next((part.title for part in containers if part.title and part.classes & classes), "")


def _container(summary: Summary, type_: CitedType, parts: _Parts) -> dict[str, str]:
    """Return the titles of what an item is in: of a journal article the journal, of a chapter the book, of others the series."""
    if type_.csl in _IN_SERIALS:
        return {"container-title": parts.journal or parts.series or parts.other or parts.book}
    series = parts.series or parts.journal
    number = {"collection-number": summary.text(terms.NUMBER)} if series and type_.csl != "report" else {}
    if type_.csl in {"chapter", "paper-conference"}:
        host = parts.book or parts.other or (parts.journal if type_.csl == "paper-conference" else "")
        return {"container-title": host or series, "collection-title": series if host != series else "", **number}
    return {"collection-title": series, **number}


def _title(summary: Summary) -> str:
    """Return the title in the language of the text, where it has one in several languages."""
    for language in summary.languages:
        for text, tag in summary.titles:
            if tag and tag.lower().partition("-")[0] == language:
                return text
    return summary.title


def _names(agents: Iterable[Agent]) -> list[dict[str, str]]:
    return [_name(agent) for agent in agents]


def _name(agent: Agent) -> dict[str, str]:
    """Return a name in its parts; of an organisation, or where the parts are not known, whole."""
    if agent.is_organisation:
        return {"literal": agent.name}
    if agent.family:
        return {"family": agent.family, **({"given": agent.given} if agent.given else {})}
    family, comma, given = agent.name.partition(", ")
    return {"family": family, "given": given} if comma and given and ", " not in given else {"literal": agent.name}


def _pages(summary: Summary) -> str:
    start, end = summary.text(terms.PAGE_START), summary.text(terms.PAGE_END)
    return summary.text(terms.PAGES) or (
        f"{start}-{end}" if start and end else start or summary.text(terms.ARTICLE_NUMBER)
    )


def _publisher(summary: Summary, type_: CitedType) -> str:
    grantors = summary.names(terms.DEGREE_GRANTOR) if type_.csl == "thesis" else []
    return "; ".join(grantors or summary.names(terms.PUBLISHER))


def _numbers(summary: Summary, predicates: Iterable[str], others: Iterable[str]) -> str:
    own = [text for predicate in predicates for text, _ in summary.texts(predicate)]
    return ", ".join(dict.fromkeys(own or others))
