"""A second reader of DataCite XML, for the tests: what the graph of each resource must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.helpers.accounting import named, xml_root
from tests.helpers.shared_data import content_of
from tests.oracles.stated import Stated

_TYPES = {
    "JournalArticle": "JournalArticle", "Book": "Book", "BookChapter": "BookChapter",
    "Preprint": "Preprint", "ConferencePaper": "ConferencePaper", "Software": "ComputerProgram",
}  # fmt: skip
_CODES = {"unac", "unal", "unap", "unas", "unav", "unkn", "none", "null", "tba", "etal", "at"}
_LANGUAGES = {"en": "eng", "de": "ger", "fr": "fre", "nl": "dut", "da": "dan"}
_LICENCE = re.compile(r"https?:(//creativecommons\.org/(?:licenses/[a-z-]+|publicdomain/zero)/\d\.\d)")
_CONTAINERS = {"Journal", "Book", "ConferenceProceeding"}


def stated_resources(path: Path) -> Iterator[Stated]:
    """Yield what each resource of a file states."""
    for resource in named(xml_root(content_of(path)), "resource"):
        yield _stated(resource)


def _stated(resource: etree._Element) -> Stated:
    dois = [_text(each) for each in _below(resource, "identifier") if "10." in _text(each)]
    others = _below(resource, "alternateIdentifiers", "alternateIdentifier")
    dois = dois or [_text(each) for each in others if each.get("alternateIdentifierType") == "DOI"]
    titles = _below(resource, "titles", "title")
    stated = Stated(_text(titles[0]) if titles else "")
    put = stated.put
    put("doi", *dois[:1])
    plain = [_text(title) for title in titles if not title.get("titleType")]
    subtitles = [_text(title) for title in titles if title.get("titleType") == "Subtitle"]
    put("title", *[": ".join([*plain[:1], *subtitles[:1]]), *plain[1:]])
    put("authors", *(_name(each) for each in _below(resource, "creators", "creator")))
    contributors = _below(resource, "contributors", "contributor")
    wholes = [
        item
        for item in _below(resource, "relatedItems", "relatedItem")
        if item.get("relationType") == "IsPublishedIn"
        or (item.get("relationType") == "IsPartOf" and item.get("relatedItemType") in _CONTAINERS)
    ][:1]
    for whole in wholes:
        if whole.get("relatedItemType") in ("Book", "ConferenceProceeding"):
            contributors = [*contributors, *_below(whole, "contributors", "contributor")]
    put("editors", *(_name(each) for each in contributors if each.get("contributorType") == "Editor"))
    year = next(map(_text, _below(resource, "publicationYear")), "")
    issued = [_text(each) for each in _below(resource, "dates", "date") if each.get("dateType") == "Issued"]
    agreeing = [date for date in issued if date.startswith(year)]
    if len(issued) == 1:
        put("issued", *issued)
    else:
        put("issued", max(agreeing, key=len) if agreeing else year)
    put("publisher", *(text for each in _below(resource, "publisher") if not _is_code(text := _text(each))))
    general = next((each.get("resourceTypeGeneral") for each in _below(resource, "resourceType")), "")
    if general in _TYPES:
        put("type", _TYPES[general])
    grants = _below(resource, "fundingReferences", "fundingReference")
    put("funders", *(_text(each) for grant in grants for each in _below(grant, "funderName")))
    put("funders", *(_name(each) for each in contributors if each.get("contributorType") == "Funder" and not grants))
    put("awards", *(_text(each) for grant in grants for each in _below(grant, "awardNumber")))
    related = _below(resource, "relatedIdentifiers", "relatedIdentifier")
    put("relations", *(_text(each) for each in related if each.get("relatedIdentifierType") == "DOI"))
    put("subjects", *(_text(each) for each in _below(resource, "subjects", "subject") if not each.get("subjectScheme")))
    put("language", *(_LANGUAGES.get(_text(each)[:2], "") for each in _below(resource, "language")))
    addresses = (each.get("rightsURI", "") for each in _below(resource, "rightsList", "rights"))
    licences = (_LICENCE.match(address) for address in addresses)
    put("licence", *(licence[1] for licence in licences if licence))
    if general == "JournalArticle":
        for aspect, name in (("volume", "volume"), ("issue", "issue"), ("start", "firstPage"), ("end", "lastPage")):
            put(aspect, *(_text(each) for whole in wholes for each in _below(whole, name)))
        put("container", *(_text(each) for whole in wholes for each in _below(whole, "titles", "title")[:1]))
    return stated


def _below(element: etree._Element, *names: str) -> list[etree._Element]:
    found = [element]
    for name in names:
        found = [child for each in found for child in each.iterchildren(f"{{*}}{name}")]
    return found


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _is_code(text: str) -> bool:
    return text.strip("() :").casefold() in _CODES and ":" in text


def _name(person: etree._Element) -> str:
    parts = {etree.QName(child).localname: _text(child) for child in person.iterchildren("{*}*")}
    if parts.get("familyName"):
        return f"{parts['familyName']} {parts.get('givenName', '')}"
    name = parts.get("creatorName") or parts.get("contributorName", "")
    return "" if _is_code(name) else name
