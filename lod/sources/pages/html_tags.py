"""Meta tags of item pages: Highwire (`citation_*`), Dublin Core (`DC.*`, `DCTERMS.*`), EPrints and PRISM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lod.record import Value
from lod.sources.dublin_core.qualified_dc import REFINED, SCHEMES
from lod.sources.parsing.xml_files import XmlElement
from lod.sources.reading.members import page_range


class Tag(NamedTuple):
    """One meta tag. `name` is as the page writes it, `key` in lower case and without the prefix of its vocabulary."""

    group: str
    key: str
    name: str
    text: str
    language: str | None
    scheme: str


class Tagged(NamedTuple):
    """A value and the tag that it comes from."""

    value: Value
    tag: str


GROUPS = {
    "citation_": "citation",
    "bepress_citation_": "citation",
    "eprints.": "eprints",
    "prism.": "prism",
    "dcterms.": "dc",
    "dc.": "dc",
}
"""Beginnings of the names of tags about an item, and the vocabulary they belong to. Google Scholar's inclusion
guidelines name all of them. The vocabularies are in order of precision; plain Dublin Core is last."""

_AUTHOR, _EDITOR = "dc.contributor.author", "dc.contributor.editor"

CITATION: Mapping[str, str] = {
    "author": _AUTHOR,
    "authors": _AUTHOR,
    "editor": _EDITOR,
    "title": "dc.title",
    "journal_title": "dc.relation.ispartof",
    "inbook_title": "dc.relation.ispartof",
    "book_title": "dc.relation.ispartof",
    "conference_title": "dc.relation.conference",
    "conference": "dc.relation.conference",
    "series_title": "dc.relation.ispartofseries",
    "publisher": "dc.publisher",
    "publication_date": "dc.date.issued",
    "date": "dc.date.issued",
    "cover_date": "dc.date.issued",
    "year": "dc.date.issued",
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "firstpage": "dc.identifier.spage",
    "lastpage": "dc.identifier.epage",
    "pages": "pages",
    "doi": "dc.identifier.doi",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.pmcid",
    "arxiv_id": "dc.identifier.arxiv",
    "isbn": "dc.identifier.isbn",
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.eissn",
    "language": "dc.language",
    "keywords": "dc.subject",
    "keyword": "dc.subject",
    "abstract": "dc.description.abstract",
    "article_type": "dc.type",
}
"""Highwire tags without `citation_`, and the fields that a repository has for them."""

EPRINTS: Mapping[str, str] = {
    "title": "dc.title",
    "creators_name": _AUTHOR,
    "editors_name": _EDITOR,
    "contributors_name": "dc.contributor",
    "corp_creators": _AUTHOR,
    "date": "dc.date.issued",
    "publication": "dc.relation.ispartof",
    "book_title": "dc.relation.ispartof",
    "series": "dc.relation.ispartofseries",
    "event_title": "dc.relation.conference",
    "volume": "dc.identifier.volume",
    "number": "dc.identifier.issue",
    "pagerange": "pages",
    "publisher": "dc.publisher",
    "place_of_pub": "dc.publisher.place",
    "issn": "dc.identifier.issn",
    "isbn": "dc.identifier.isbn",
    "doi": "dc.identifier.doi",
    "keywords": "dc.subject",
    "abstract": "dc.description.abstract",
    "type": "dc.type",
    "citation": "dc.identifier.citation",
}

PRISM: Mapping[str, str] = {
    "publicationname": "dc.relation.ispartof",
    "publicationdate": "dc.date.issued",
    "volume": "dc.identifier.volume",
    "number": "dc.identifier.issue",
    "startingpage": "dc.identifier.spage",
    "endingpage": "dc.identifier.epage",
    "doi": "dc.identifier.doi",
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.eissn",
    "keyword": "dc.subject",
}

DUBLIN_CORE: Mapping[str, str] = {
    "dc.creator": _AUTHOR,
    "dc.creator.personalname": _AUTHOR,
    "dc.date.datesubmitted": "dc.date.submitted",
    "dc.identifier.pagenumber": "pages",
    "dc.source.issn": "dc.identifier.issn",
    "dc.source.volume": "dc.identifier.volume",
    "dc.source.issue": "dc.identifier.issue",
    "dcterms.abstract": "dc.description.abstract",
    "dcterms.alternative": "dc.title.alternative",
    "dcterms.available": "dc.date.available",
    "dcterms.bibliographiccitation": "dc.identifier.citation",
    "dcterms.creator": _AUTHOR,
    "dcterms.extent": "dc.format.extent",
    "dcterms.issued": "dc.date.issued",
    "dcterms.spatial": "dc.coverage.spatial",
    "dcterms.temporal": "dc.coverage.temporal",
    "dcterms.title": "dc.title",
}
"""Tags of Dublin Core whose field does not follow from their name. Names with a third part are those of Open Journal Systems."""

_DSPACE: Mapping[str, str] = {"dcterms.dateaccepted": "dc.date.accessioned", "dc.language": "dc.language.iso"}
"""Fields of tags in DSpace's pages. Source: DSpace, config/crosswalks/xhtml-head-item.properties."""

_TABLES = {"citation": CITATION, "eprints": EPRINTS, "prism": PRISM}
_TERMS = {name.lower(): name for name in REFINED}
_SCHEME_OF_INFO = {
    "doi": "dc.identifier.doi",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.pmcid",
    "mesh": "dc.subject.mesh",
}
_INFO = re.compile(r"info:(doi|pmid|pmcid|mesh)/(.+)", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.IGNORECASE)
_OF_AUTHOR = re.compile(r"(?:author|editor)_(?:institution|orcid|email)")


def item_tags(root: XmlElement) -> tuple[list[Tag], dict[str, int]]:
    """Return the tags of a page about its item, in their order, and how many others there are by name."""
    tags: list[Tag] = []
    others: dict[str, int] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip()
        text = (element.get("content") or "").strip()
        lowered = name.lower().replace("dcterms:", "dcterms.").replace("dc:", "dc.")
        prefix = next((start for start in GROUPS if lowered.startswith(start) and len(lowered) > len(start)), "")
        if not prefix:
            if name:
                others[name] = others.get(name, 0) + 1
        elif text:
            group = GROUPS[prefix]
            language = element.get("xml:lang") or element.get("lang") or None
            scheme = (element.get("scheme") or "").rpartition(".")[2]
            tags.append(
                Tag(group, lowered if group == "dc" else lowered.removeprefix(prefix), name, text, language, scheme)
            )
    return tags, others


def tag_values(tags: Sequence[Tag], *, dspace: bool) -> list[list[Tagged]]:
    """Return the values of the tags, vocabulary by vocabulary, the most precise first.

    Institutions and ORCID iDs belong to the author before them. What has no field is kept under the tag's own name
    (`citation.pdf_url`). `dspace` says that the page is one of DSpace, whose tags have meanings of their own.
    """
    journal = any(tag.key in ("dc.source.issn", "dc.source.volume", "dc.source.uri") for tag in tags)
    return [
        _with_authors([tag for tag in tags if tag.group == group])
        if group == "citation"
        else [tagged for tag in tags if tag.group == group for tagged in _values(tag, dspace=dspace, journal=journal)]
        for group in dict.fromkeys(GROUPS.values())
    ]


def _with_authors(tags: Sequence[Tag]) -> list[Tagged]:
    found: list[Tagged] = []
    last = -1  # where the author is that institutions and ORCID iDs belong to
    for tag in tags:
        orcid = _ORCID.fullmatch(tag.text)
        if not _OF_AUTHOR.fullmatch(tag.key):
            found += _values(tag)
            if tag.key in ("author", "editor"):
                last = len(found) - 1
        elif last >= 0 and orcid and tag.key.endswith("_orcid") and found[last].value.authority is None:
            found[last] = found[last]._replace(value=found[last].value._replace(authority=orcid[1].upper()))
        else:
            of = f"{found[last].value.text}: " if last >= 0 and not tag.key.endswith("_orcid") else ""
            found.append(Tagged(Value(f"citation.{tag.key}", of + tag.text, tag.language), tag.name))
    return found


def _values(tag: Tag, *, dspace: bool = False, journal: bool = False) -> Iterator[Tagged]:
    field, text = _field(tag, dspace=dspace, journal=journal), tag.text
    informed = _INFO.fullmatch(text) if tag.group == "dc" else None
    if informed:
        field, text = _SCHEME_OF_INFO[informed[1].lower()], informed[2]
    if field == "pages":
        first, last = page_range(text)
        parts = [("dc.identifier.spage", first), ("dc.identifier.epage", last)]
    elif (field == "dc.subject" and tag.group != "dc") or tag.key == "authors":
        parts = [(field, part) for part in text.split(";")]
    elif field == "dc.date.issued" and (date := _SLASHED.fullmatch(text)):
        # Highwire writes 2009/04/01, which is ISO 8601 but for its slashes.
        parts = [(field, "-".join(f"{int(part):02}" for part in date.groups() if part))]
    else:
        parts = [(field, text)]
    for name, part in parts:
        if part.strip():
            yield Tagged(Value(name, part.strip(), tag.language), tag.name)


def _field(tag: Tag, *, dspace: bool, journal: bool) -> str:
    if tag.group != "dc":
        table = _TABLES[tag.group]
        if tag.key == "id_number" and tag.text.startswith("10."):
            return "dc.identifier.doi"
        return table.get(tag.key) or field_name(tag.group, tag.key)
    if dspace and tag.key in _DSPACE:
        return _DSPACE[tag.key]
    if tag.key in DUBLIN_CORE:
        return DUBLIN_CORE[tag.key]
    if tag.key == "dc.source" and journal:
        return "dc.relation.ispartof"
    schema, _, name = tag.key.partition(".")
    if schema == "dcterms":
        return field_name("dcterms", _TERMS.get(name, name))
    qualifier = SCHEMES.get((name, tag.scheme.upper())) if name in ("identifier", "subject") else None
    return field_name("dc", f"{name}.{qualifier}" if qualifier else name)


def field_name(schema: str, name: str) -> str:
    """Return the name of a field of at most four parts: "citation.pdf_url", "eprints.full_text_status"."""
    parts = [re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-_") for part in name.split(".")]
    return ".".join([schema, *list(filter(None, parts))[:3]]) if any(parts) else f"{schema}.other"
