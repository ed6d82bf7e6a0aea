"""Identifiers of DataCite: of the work itself, of related works, and of the journal or book that a work is published in."""

from __future__ import annotations

import re
from typing import Any

from lod.sources.reading.members import Gathered, Members, as_list, first_text, objects
from lod.sources.works.datacite_people import FIELD_SAYS_IT, add_agent

_BLANK = "there is no identifier of this type"
_RELATIONS = {
    "References": "dc.relation.references",
    "Cites": "dc.relation.references",
    "IsCitedBy": "dc.relation.isreferencedby",
    "IsReferencedBy": "dc.relation.isreferencedby",
    "HasPart": "dc.relation.haspart",
    "IsPartOf": "dc.relation.ispartof",
    "IsPublishedIn": "dc.relation.ispartof",
    "HasVersion": "dc.relation.hasversion",
    "IsVersionOf": "dc.relation.isversionof",
    "IsNewVersionOf": "dc.relation.replaces",
    "IsPreviousVersionOf": "dc.relation.isreplacedby",
    "Obsoletes": "dc.relation.replaces",
    "IsObsoletedBy": "dc.relation.isreplacedby",
    "IsDerivedFrom": "dc.relation.isbasedon",
    "Requires": "dc.relation.requires",
    "IsRequiredBy": "dcterms.isRequiredBy",
    "IsIdenticalTo": "dc.relation.isformatof",
    "IsVariantFormOf": "dc.relation.isformatof",
}
"""Fields of relations; all other relations are "dc.relation", and are kept verbatim too."""
_WHOLES = {
    "ISSN": "dc.identifier.issn",
    "EISSN": "dc.identifier.eissn",
    "LISSN": "dc.identifier.issnl",
    "ISBN": "dc.relation.isbn",
}
"""Fields of identifiers of the serial or the book that a work is part of."""
_PART_OF = frozenset({"IsPartOf", "IsPublishedIn"})
_BOOKS = frozenset({"Book", "ConferenceProceeding"})
_OWN = {
    "HANDLE": "dc.identifier.uri",
    "URL": "dc.identifier.uri",
    "PURL": "dc.identifier.uri",
}
"""Fields of the identifier of the work itself, by its type; it is seldom another than a DOI."""
_ALTERNATES = {
    "ARXIV": "dc.identifier.arxiv",
    "BIBCODE": "dc.identifier.adsbibcode",
    "ISBN": "dc.identifier.isbn",
    "PMCID": "dc.identifier.pmcid",
    "PMID": "dc.identifier.pmid",
    "URN": "dc.identifier.urn",
}
"""Fields of further identifiers, by their type in capitals; the list of types is open."""
_ADDRESSES = {
    "DOI": "https://doi.org/{}",
    "Handle": "hdl:{}",
    "arXiv": "arXiv:{}",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "ISBN": "ISBN {}",
    "w3id": "{}",
    "PURL": "{}",
    "URL": "{}",
}
"""How an identifier of a related work is written, by its type."""
_NAMES_SCHEME = re.compile(r"https?://|(?:arxiv|hdl|isbn)[:\s]|doi:\s?(?=10\.)", re.IGNORECASE)
"""What begins an identifier that is written so already."""
DOI = re.compile(r"\s{0,99}(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?10\.\d{4,9}/\S", re.IGNORECASE)
NUMBERS = {
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "firstPage": "dc.identifier.spage",
    "lastPage": "dc.identifier.epage",
}


def add_related(gathered: Gathered, name: str, value: Any) -> None:
    """Add the identifiers of related works to the fields of the relations; what they do not say whole is kept."""
    for related in objects(value):
        relation = first_text(related.get("relationType"))
        known = _link(gathered, related, "relatedIdentifier", relation)
        taken = ("relatedIdentifier", "relatedIdentifierType", "relationType") if known else ()
        gathered.keep_rest(name, related, *taken)
        if known:
            gathered.leave_out(f"{name}/relationType", FIELD_SAYS_IT)
            gathered.leave_out(f"{name}/relatedIdentifierType", "the form of the identifier says it")


def _link(gathered: Gathered, related: Members, name: str, relation: str) -> bool:
    """Add the identifier of a related work, or of the whole that the work is part of; return whether that says all of it."""
    kind, identifier = first_text(related.get(f"{name}Type")), first_text(related.get(name)).strip()
    if field := _WHOLES.get(kind.upper()) if relation in _PART_OF else None:
        gathered.add_once(field, identifier)
        return True
    written = identifier if _NAMES_SCHEME.match(identifier) else _ADDRESSES.get(kind, "{}").format(identifier)
    gathered.add(_RELATIONS.get(relation, "dc.relation"), written if identifier else "")
    return relation in _RELATIONS and kind in _ADDRESSES


def add_items(gathered: Gathered, name: str, value: Any) -> None:
    """Add the place in the whole that a work is part of, and identifiers of other related works, or else their titles."""
    within = False
    for item in objects(value):
        relation = first_text(item.get("relationType"))
        named = next(objects(item.get("relatedItemIdentifier")), {})
        if not within and (relation == "IsPublishedIn" or (relation == "IsPartOf" and _is_container(item))):
            within = True
            _whole(gathered, name, item, named, relation)
            continue
        if first_text(named.get("relatedItemIdentifier")).strip():
            _link(gathered, named, "relatedItemIdentifier", relation)
        else:
            # The title of another whole, an event or a project, is that of no journal and no book.
            field = "dc.relation" if relation in _PART_OF else _RELATIONS.get(relation, "dc.relation")
            gathered.add(field, _title_of(item))
        gathered.keep(name, item)


def _is_container(item: Members) -> bool:
    return first_text(item.get("relatedItemType")) in {"Journal", *_BOOKS}


def _whole(gathered: Gathered, name: str, item: Members, named: Members, relation: str) -> None:
    """Add title, identifier and place of the journal or book that a work is published in."""
    gathered.add_once("dc.relation.ispartof", _title_of(item))
    taken = ["volume", "issue", "firstPage", "lastPage", "relationType"]
    for part, target in NUMBERS.items():
        gathered.add_once(target, first_text(item.get(part)).strip())
    if item.get("number") and item.get("numberType") == "Article":
        gathered.add("dc.identifier.articlenumber", first_text(item["number"]))
        taken += ["number", "numberType"]
        gathered.leave_out(f"{name}/numberType", FIELD_SAYS_IT)
    if item.get("relatedItemType") in _BOOKS:
        for person in objects(item.get("contributors")):
            if person.get("contributorType") == "Editor":
                add_agent(gathered, "dc.contributor.editor", person)
    if _link(gathered, named, "relatedItemIdentifier", relation):
        taken.append("relatedItemIdentifier")
        gathered.leave_out(f"{name}/relatedItemIdentifier/relatedItemIdentifierType", FIELD_SAYS_IT)
    titles = [first_text(title.get("titleType")) for title in objects(item.get("titles"))]
    if titles in ([""], ["", "Subtitle"]):
        taken.append("titles")
        if titles != [""]:
            gathered.leave_out(f"{name}/titles/titleType", "the subtitle follows the title after a colon")
    gathered.leave_out(f"{name}/relationType", FIELD_SAYS_IT)
    gathered.keep_remainder(name, item, *taken)


def _title_of(item: Members) -> str:
    """Return the title of a related work, with its subtitle: the first without a type, else the first."""
    titles = [title for title in objects(item.get("titles")) if title.get("title")]
    titles.sort(key=lambda title: bool(title.get("titleType")))
    shown = titles[:1] + [title for title in titles[1:2] if title.get("titleType") == "Subtitle"]
    return ": ".join(first_text(title["title"]).strip() for title in shown)


def add_identifier(gathered: Gathered, name: str, value: Any) -> None:
    """Add the identifier of the work itself, where it is another than its DOI."""
    for entry in as_list(value):
        identifier = entry if isinstance(entry, dict) else {"identifier": entry}
        kind = first_text(identifier.get("identifierType")).upper()
        text = first_text(identifier.get("identifier")).strip()
        if text and kind in _OWN and not DOI.match(text):
            gathered.add(_OWN[kind], text)
            gathered.leave_out(f"{name}/identifierType", FIELD_SAYS_IT)
        else:
            add_alternates(gathered, name, identifier)


def add_alternates(gathered: Gathered, name: str, value: Any) -> None:
    """Add further identifiers, by their types where these have fields; a DOI where the work has no other."""
    before = list(objects(gathered.work.get("identifiers"))) if name == "alternateIdentifiers" else []
    known = {first_text(identifier.get("identifier")) for identifier in before}
    doi = first_text(gathered.work.get("doi")).casefold()
    for identifier in objects(value):
        kind = first_text(identifier.get("identifierType") or identifier.get("alternateIdentifierType"))
        text = first_text(identifier.get("identifier") or identifier.get("alternateIdentifier"))
        field = _ALTERNATES.get(kind.upper())
        if not text.strip():
            if kind:
                gathered.leave_out(
                    f"{name}/{'identifierType' if name == 'identifier' else 'alternateIdentifierType'}", _BLANK
                )
        elif text in known:
            gathered.leave_out(name, "the identifiers repeat it")
        elif (kind.upper() == "DOI" or DOI.match(text)) and (not doi or text.casefold().endswith(doi)):
            if doi:
                gathered.leave_out(name, "the DOI once more")
            else:
                gathered.add_once("dc.identifier.doi", text)
        elif field:
            gathered.add(field, text)
            gathered.leave_out(f"{name}/alternateIdentifierType", FIELD_SAYS_IT)
        else:
            gathered.add("dc.identifier.other", text)
            gathered.keep(name, f"{kind}: {text}" if kind and text else "")
        gathered.keep_rest(
            name, identifier, *("identifier", "identifierType", "alternateIdentifier", "alternateIdentifierType")
        )
