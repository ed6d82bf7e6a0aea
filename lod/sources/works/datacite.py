"""DataCite JSON: answers of the REST API for DOIs (JSON:API), and lists or lines of their attributes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import (
    AddMember,
    Gathered,
    Members,
    as_list,
    first_text,
    leave,
    objects,
    person_name,
    to,
)
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_WRAPPERS = ("", "[].", "attributes.", "[].attributes.", "data[].attributes.", "data.attributes.")
_TECHNICAL = "how DataCite keeps the record, no description of the work"
_COUNT = "a count without a date"

_TYPES = {
    "ComputationalNotebook": "software",
    "ConferencePaper": "conference paper",
    "ConferenceProceeding": "conference proceedings",
    "StudyRegistration": "research protocol",
}
_TITLES = {"AlternativeTitle": "dc.title.alternative", "TranslatedTitle": "dc.title.alternative"}
_DESCRIPTIONS = {
    "Abstract": "dc.description.abstract",
    "TableOfContents": "dc.description.tableofcontents",
    "Other": "dc.description",
    "Methods": "dc.description",
    "TechnicalInfo": "dc.description",
}
_DATES = {
    "Issued": "dc.date.issued",
    "Created": "dc.date.created",
    "Submitted": "dc.date.submitted",
    "Copyrighted": "dc.date.copyright",
    "Accepted": "dcterms.dateAccepted",
    "Valid": "dcterms.valid",
    "Coverage": "dc.coverage.temporal",
}
_ROLES = {
    "Editor": "dc.contributor.editor",
    "Supervisor": "dc.contributor.advisor",
    "Translator": "dc.contributor.translator",
    "RightsHolder": "dc.rights.holder",
}
_SCHEMES = {"lcsh": "lcsh", "ddc": "ddc", "lcc": "lcc", "mesh": "mesh", "ipc": "ipc"}
_RELATIONS = {
    "References": "dc.relation.references",
    "Cites": "dc.relation.references",
    "IsCitedBy": "dc.relation.isreferencedby",
    "IsReferencedBy": "dc.relation.isreferencedby",
    "HasPart": "dc.relation.haspart",
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


def detect_datacite(head: bytes, path: Path) -> bool:
    """Return whether a file holds DOIs as the DataCite REST API gives them, or the attributes of DOIs."""
    del path
    shape = json_shape(head)
    return any(
        f"{start}creators[]" in shape and (f"{start}titles[]" in shape or f"{start}publicationYear" in shape)
        for start in _WRAPPERS
    )


def read_datacite(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each DOI; one that is not findable in the public index is left out with a remark.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _typed(table: dict[str, str], part: str, kind: str, otherwise: str) -> AddMember:
    """Return what adds each text to the field of its type, with its language; other types are kept verbatim."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for entry in as_list(value):
            if not isinstance(entry, dict):
                gathered.add(otherwise, entry)
                continue
            sort = first_text(entry.get(kind))
            field = table.get(sort) or (otherwise if not sort or sort == "None" else "")
            if field:
                gathered.add(field, entry.get(part), language=first_text(entry.get("lang")))
            else:
                gathered.keep(f"{name}.{sort}", entry.get(part))

    return take


def _titles(gathered: Gathered, name: str, value: Any) -> None:
    """Add the titles, the subtitle of the same language after a colon."""
    entries = [entry for entry in objects(value) if entry.get("title")]
    subtitles = [entry for entry in entries if entry.get("titleType") == "Subtitle"]
    for number, entry in enumerate([entry for entry in entries if entry not in subtitles]):
        text, language = first_text(entry["title"]), first_text(entry.get("lang"))
        if number == 0 and subtitles:
            text = f"{text}: {first_text(subtitles.pop(0)['title'])}"
        gathered.add(_TITLES.get(first_text(entry.get("titleType")), "dc.title"), text, language=language)
    gathered.keep(f"{name}.Subtitle", [entry["title"] for entry in subtitles])


def _creators(gathered: Gathered, name: str, value: Any) -> None:
    for person in objects(value):
        _person(gathered, "dc.contributor.author", name, person)


def _contributors(gathered: Gathered, name: str, value: Any) -> None:
    for person in objects(value):
        role = first_text(person.get("contributorType"))
        _person(gathered, _ROLES.get(role, "dc.contributor.other"), name, person)
        if role and role not in _ROLES:
            gathered.keep(f"{name}.{role}", _written(person))


def _person(gathered: Gathered, field: str, name: str, person: Members) -> None:
    written = _written(person)
    ids = list(objects(person.get("nameIdentifiers")))
    orcid = next(
        (i.get("nameIdentifier") for i in ids if first_text(i.get("nameIdentifierScheme")).upper() == "ORCID"), None
    )
    ror = next(
        (i.get("nameIdentifier") for i in ids if first_text(i.get("nameIdentifierScheme")).upper() == "ROR"), None
    )
    authority = orcid or (f"will be referenced::ROR-ID::{ror}" if ror else None)
    gathered.person(field, written, authority=authority)
    for identifier in ids:
        if identifier.get("nameIdentifier") not in (orcid, ror):
            gathered.keep(f"{name}.nameIdentifiers", {"name": written, **identifier})
    for affiliation in as_list(person.get("affiliation") or []):
        stated = affiliation.get("name") if isinstance(affiliation, dict) else affiliation
        more = isinstance(affiliation, dict) and set(affiliation) != {"name"}
        gathered.keep(f"{name}.affiliation", {"of": written, **affiliation} if more else f"{written}: {stated}")


def _written(person: Members) -> str:
    if person.get("familyName"):
        return person_name(person["familyName"], person.get("givenName"))
    return first_text(person.get("name"))


def _types(gathered: Gathered, name: str, value: Any) -> None:
    """Add the general type, or the more telling `resourceType` where the general one only says "Text" or "Other"."""
    for types in objects(value):
        general, special = first_text(types.get("resourceTypeGeneral")), first_text(types.get("resourceType"))
        if special and general in ("Text", "Other", "Dissertation", ""):
            gathered.add("dc.type", special)
        else:
            gathered.add("dc.type", _TYPES.get(general, general))
            gathered.keep("types.resourceType", special)


def _container(gathered: Gathered, name: str, value: Any) -> None:
    for container in objects(value):
        gathered.add("dc.relation.ispartof", container.get("title"))
        gathered.add("dc.identifier.volume", container.get("volume"))
        gathered.add("dc.identifier.issue", container.get("issue"))
        gathered.add("dc.identifier.spage", container.get("firstPage"))
        gathered.add("dc.identifier.epage", container.get("lastPage"))
        kind = first_text(container.get("identifierType"))
        field = {"ISSN": "dc.identifier.issn", "EISSN": "dc.identifier.eissn", "ISBN": "dc.relation.isbn"}.get(
            kind.upper()
        )
        if field:
            gathered.add(field, container.get("identifier"))
        else:
            gathered.keep("container.identifier", container.get("identifier"))


def _year(gathered: Gathered, name: str, value: Any) -> None:
    """Add the year of publication where no date of issue says it more exactly."""
    dates = _issued(gathered.work)
    if not dates or (len(dates) > 1 and not _of_year(dates, value)):
        gathered.add("dc.date.issued", value)


def _dates(gathered: Gathered, name: str, value: Any) -> None:
    """Add the dates; of several dates of issue the most exact one of the year of publication, the others are kept verbatim."""
    dates = _issued(gathered.work)
    agreeing = _of_year(dates, gathered.work.get("publicationYear"))
    chosen = max(agreeing, key=len) if agreeing else ""
    if len(dates) > 1:
        gathered.add("dc.date.issued", chosen)
        gathered.keep(f"{name}.Issued", [date for date in dates if date != chosen])
        value = [entry for entry in as_list(value) if not isinstance(entry, dict) or entry.get("dateType") != "Issued"]
    _typed(_DATES, "date", "dateType", "dc.date")(gathered, name, value)


def _issued(work: Members) -> list[str]:
    entries = (entry for entry in objects(work.get("dates")) if entry.get("dateType") == "Issued")
    return list(dict.fromkeys(filter(None, (first_text(entry.get("date")) for entry in entries))))


def _of_year(dates: list[str], year: Any) -> list[str]:
    return [date for date in dates if date.startswith(first_text(year))] if first_text(year) else []


def _publisher(gathered: Gathered, name: str, value: Any) -> None:
    for publisher in as_list(value):
        if isinstance(publisher, dict):
            gathered.add("dc.publisher", publisher.get("name"))
            gathered.keep("publisher.identifier", publisher.get("publisherIdentifier"))
        else:
            gathered.add("dc.publisher", publisher)


def _subjects(gathered: Gathered, name: str, value: Any) -> None:
    for subject in as_list(value):
        if not isinstance(subject, dict):
            gathered.add("dc.subject", subject)
            continue
        scheme = _SCHEMES.get(first_text(subject.get("subjectScheme")).strip().lower())
        field = f"dc.subject.{scheme}" if scheme else "dc.subject"
        gathered.add(field, subject.get("subject"), language=None if scheme else first_text(subject.get("lang")))
        if not scheme and subject.keys() - {"subject", "lang"}:
            gathered.keep(name, subject)


def _rights(gathered: Gathered, name: str, value: Any) -> None:
    for rights in as_list(value):
        if not isinstance(rights, dict):
            gathered.add("dc.rights", rights)
            continue
        gathered.add("dc.rights.uri", rights.get("rightsUri"))
        gathered.add("dc.rights", rights.get("rights"), language=first_text(rights.get("lang")))


def _grants(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    for award in sorted(objects(value), key=lambda entry: not entry.get("awardNumber")):
        gathered.add("dc.relation.funding", award.get("funderName"))
        gathered.add("dc.relation.grantno", award.get("awardNumber"))
        if award.keys() - {"funderName", "awardNumber"}:
            gathered.keep(name, award)


def _related(gathered: Gathered, name: str, value: Any) -> None:
    for related in objects(value):
        kind, relation = first_text(related.get("relatedIdentifierType")), first_text(related.get("relationType"))
        identifier = first_text(related.get("relatedIdentifier"))
        field = _RELATIONS.get(relation, "dc.relation")
        gathered.add(field, _ADDRESSES.get(kind, "{}").format(identifier) if identifier else "")
        if relation not in _RELATIONS or kind not in _ADDRESSES:
            gathered.keep(name, related)


def _alternate(gathered: Gathered, name: str, value: Any) -> None:
    for identifier in objects(value):
        kind = first_text(identifier.get("identifierType") or identifier.get("alternateIdentifierType"))
        text = first_text(identifier.get("identifier") or identifier.get("alternateIdentifier"))
        if kind.upper() == "DOI" and text.casefold().endswith(first_text(gathered.work.get("doi")).casefold()):
            continue
        gathered.add("dc.identifier.other", text)


def _places(gathered: Gathered, name: str, value: Any) -> None:
    for place in objects(value):
        gathered.add("dc.coverage.spatial", place.get("geoLocationPlace"))
        if place.keys() - {"geoLocationPlace"}:
            gathered.keep(name, place)


def _unwrap(members: Members) -> Members:
    attributes = members.get("attributes")
    return attributes if isinstance(attributes, dict) else members


def _hidden(work: Members) -> str:
    state = first_text(work.get("state"))
    return f"its state is '{state}', so that it is not public" if state in ("draft", "registered") else ""


FORMAT = WorkFormat(
    schema="datacite",
    table={
        "doi": to("dc.identifier.doi"),
        "identifiers": _alternate,
        "alternateIdentifiers": leave,
        "creators": _creators,
        "contributors": _contributors,
        "titles": _titles,
        "publisher": _publisher,
        "container": _container,
        "publicationYear": _year,
        "subjects": _subjects,
        "dates": _dates,
        "language": to("dc.language.iso"),
        "types": _types,
        "relatedIdentifiers": _related,
        "sizes": to("dc.format.extent"),
        "formats": to("dc.format"),
        "rightsList": _rights,
        "descriptions": _typed(_DESCRIPTIONS, "description", "descriptionType", "dc.description"),
        "geoLocations": _places,
        "fundingReferences": _grants,
        "url": to("dc.description.uri"),
    },
    ignored={
        **dict.fromkeys(("id", "type", "prefix", "suffix", "metadataVersion", "schemaVersion", "source"), _TECHNICAL),
        **dict.fromkeys(("isActive", "state", "reason", "created", "registered", "published", "xml"), _TECHNICAL),
        **dict.fromkeys(("viewCount", "downloadCount", "referenceCount", "citationCount"), _COUNT),
        **dict.fromkeys(("partCount", "partOfCount", "versionCount", "versionOfCount"), _COUNT),
        **dict.fromkeys(("viewsOverTime", "downloadsOverTime", "citationsOverTime"), _COUNT),
        "updated": "the date the record was last changed",
    },
    containers=("data",),
    unwrap=_unwrap,
    modified=lambda work: first_text(work.get("updated")),
    hidden=_hidden,
)
"""Attributes of a DOI. Source: DataCite Metadata Schema 4.5 in the JSON form of the DataCite REST API."""
