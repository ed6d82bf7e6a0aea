"""DataCite JSON: answers of the REST API for DOIs (JSON:API), and lists or lines of their attributes."""

from __future__ import annotations

import re
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
    keep_affiliations,
    objects,
    person_name,
    to,
)
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_WRAPPERS = ("", "[].", "attributes.", "[].attributes.", "data[].attributes.", "data.attributes.")
_TECHNICAL = "how DataCite keeps the record, no description of the work"
_COUNT = "a count without a date"

_FIELD = "the field says it"
_VAGUE = frozenset({"Methods", "TechnicalInfo"})
"""Types of descriptions that have no field of their own."""

_OTHER_TYPES = frozenset({"ris", "bibtex", "citeproc", "schemaOrg"})
_OF_CONTAINERS = frozenset({"title", "volume", "issue", "firstPage", "lastPage", "identifier", "identifierType"})
_TYPES = {
    "ComputationalNotebook": "software",
    "ConferencePaper": "conference paper",
    "ConferenceProceeding": "conference proceedings",
    "StudyRegistration": "research protocol",
}
_TITLES = {"AlternativeTitle": "dc.title.alternative", "TranslatedTitle": "dc.title.translated"}
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
    "IsPartOf": "dc.relation.ispartof",
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
            if sort in _VAGUE:
                gathered.keep(f"{name}.{kind}", sort)
            elif field and sort:
                gathered.leave_out(f"{name}/{kind}", _FIELD)
            gathered.keep_rest(name, entry, part, kind, "lang")

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
        gathered.keep_rest(name, entry, "title", "titleType", "lang")
    if any(entry.get("titleType") for entry in entries):
        gathered.leave_out(f"{name}/titleType", _FIELD)
    gathered.keep(f"{name}.Subtitle", [entry["title"] for entry in subtitles])


def _creators(gathered: Gathered, name: str, value: Any) -> None:
    for person in objects(value):
        _person(gathered, "dc.contributor.author", name, person)


def _contributors(gathered: Gathered, name: str, value: Any) -> None:
    added: set[tuple[str, str]] = set()
    for person in objects(value):
        role = first_text(person.get("contributorType"))
        field = _ROLES.get(role, "dc.contributor.other")
        # One agent in several roles of which none has a property is one contributor.
        if (field, _written(person)) not in added:
            _person(gathered, field, name, person)
        added.add((field, _written(person)))
        if role and role not in _ROLES:
            gathered.keep(f"{name}.{role}", _written(person))
        elif role:
            gathered.leave_out(f"{name}/contributorType", _FIELD)


def _person(gathered: Gathered, field: str, name: str, person: Members) -> None:
    written = _written(person)
    ids = list(objects(person.get("nameIdentifiers")))
    keys = [key for identifier in ids if (key := _key(identifier, "nameIdentifier"))]
    gathered.person(
        field, written, authority=next(iter(keys), None), agent=_AGENTS.get(first_text(person.get("nameType")))
    )
    for identifier in ids:
        if _key(identifier, "nameIdentifier") not in keys[:1]:
            gathered.keep(f"{name}.nameIdentifiers", {"name": written, **identifier})
        else:
            gathered.leave_out(f"{name}/nameIdentifiers/nameIdentifierScheme", "the form of the identifier says it")
            gathered.leave_out(f"{name}/nameIdentifiers/schemeUri", "the form of the identifier says it")
    if person.get("nameType"):
        gathered.leave_out(f"{name}/nameType", "how the name is read: as that of a person or of an organisation")
    keep_affiliations(gathered, f"{name}.affiliation", written, person.get("affiliation"))


_AGENTS = {"Organizational": "organisation", "Personal": "person"}
_KEY_SCHEMES = {"ROR": "ROR-ID", "CROSSREF FUNDER ID": "fundref"}


def _key(members: Members, name: str, scheme_name: str = "") -> str:
    """Return an identifier as an authority key: an address as it is, any other with its scheme, "" where there is none."""
    text = first_text(members.get(name)).strip()
    scheme = first_text(members.get(scheme_name or f"{name}Scheme")).strip().upper()
    if not text or not scheme or text.casefold().startswith(("http://", "https://")):
        return text
    return f"will be referenced::{_KEY_SCHEMES.get(scheme, scheme)}::{text}"


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
            gathered.keep("types.resourceTypeGeneral", general)
        else:
            gathered.add("dc.type", _TYPES.get(general, general))
            gathered.keep("types.resourceType", special)
        for vocabulary in _OTHER_TYPES & types.keys():
            gathered.leave_out(f"{name}/{vocabulary}", "DataCite makes it from the general type")
        gathered.keep_rest(name, types, "resourceTypeGeneral", "resourceType", *_OTHER_TYPES)


_NUMBERS = {
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "firstPage": "dc.identifier.spage",
    "lastPage": "dc.identifier.epage",
}
_NUMBER = re.compile(r"[A-Za-z]{0,3}\d{1,8}[A-Za-z]?|[ivxlcdmIVXLCDM]{1,9}")


def _container(gathered: Gathered, name: str, value: Any) -> None:
    """Add the container and the place in it.

    Where the record has a description "SeriesInformation", DataCite has cut that text at its commas: "Proceedings of X,
    IPAC2016, Busan, Korea" gives the volume "IPAC2016" and the first page "Korea". Of these parts only numbers count.
    """
    cut = any(
        entry.get("descriptionType") == "SeriesInformation" for entry in objects(gathered.work.get("descriptions"))
    )
    year = first_text(gathered.work.get("publicationYear"))
    for container in objects(value):
        gathered.add("dc.relation.ispartof", container.get("title"))
        for part, target in _NUMBERS.items():
            text = first_text(container.get(part)).strip()
            if cut and (not _NUMBER.fullmatch(text) or (part == "firstPage" and text == year)):
                gathered.keep(f"{name}.{part}", text)
            else:
                gathered.add(target, text)
        kind = first_text(container.get("identifierType"))
        field = {"ISSN": "dc.identifier.issn", "EISSN": "dc.identifier.eissn", "ISBN": "dc.relation.isbn"}.get(
            kind.upper()
        )
        if field:
            gathered.add(field, container.get("identifier"))
            gathered.leave_out(f"{name}/identifierType", _FIELD)
        else:
            gathered.keep("container.identifier", container.get("identifier"))
            gathered.keep("container.identifierType", kind)
        for part in container.keys() - _OF_CONTAINERS:
            gathered.keep(f"{name}.{part}", container[part])


def _year(gathered: Gathered, name: str, value: Any) -> None:
    """Add the year of publication where no date of issue says it more exactly."""
    dates = _issued(gathered.work)
    if not dates or (len(dates) > 1 and not _of_year(dates, value)):
        gathered.add("dc.date.issued", value)
    elif not _of_year(dates, value):
        gathered.keep(name, value)


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
            key = _key(publisher, "publisherIdentifier")
            gathered.add("dc.publisher", publisher.get("name"), authority=key or None)
            gathered.keep_rest(name, publisher, "name", "publisherIdentifier", "publisherIdentifierScheme", "schemeUri")
            for part in ("publisherIdentifierScheme", "schemeUri"):
                if publisher.get(part):
                    gathered.leave_out(f"{name}/{part}", "the form of the identifier says it")
        else:
            gathered.add("dc.publisher", publisher)


def _subjects(gathered: Gathered, name: str, value: Any) -> None:
    for subject in as_list(value):
        if not isinstance(subject, dict):
            gathered.add("dc.subject", subject)
            continue
        stated = first_text(subject.get("subjectScheme")).strip()
        scheme = _SCHEMES.get(stated.lower())
        field = f"dc.subject.{scheme}" if scheme else "dc.subject"
        language = None if scheme else first_text(subject.get("lang"))
        key = first_text(subject.get("valueUri") or subject.get("valueURI")).strip() or None
        gathered.add(field, subject.get("subject"), language=language, authority=key)
        if scheme:
            gathered.leave_out(f"{name}/subjectScheme", _FIELD)
        if stated and subject.get("schemeUri"):
            gathered.leave_out(f"{name}/schemeUri", "the name of the scheme says it")
        taken = ("subject", "lang", "valueUri", "valueURI", *(("subjectScheme", "schemeUri") if scheme else ()))
        gathered.keep_rest(name, subject, *taken)


def _rights(gathered: Gathered, name: str, value: Any) -> None:
    for rights in as_list(value):
        if not isinstance(rights, dict):
            gathered.add("dc.rights", rights)
            continue
        gathered.add("dc.rights.uri", rights.get("rightsUri"))
        gathered.add("dc.rights", rights.get("rights"), language=first_text(rights.get("lang")))
        if rights.get("rightsUri") and rights.get("rightsIdentifier"):
            for part in ("rightsIdentifier", "rightsIdentifierScheme", "schemeUri"):
                gathered.leave_out(f"{name}/{part}", "the address of the licence says it")
        else:
            gathered.keep_rest(name, rights, "rightsUri", "rights", "lang")


def _grants(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    for award in sorted(objects(value), key=lambda entry: not entry.get("awardNumber")):
        key = _key(award, "funderIdentifier", "funderIdentifierType")
        gathered.add("dc.relation.funding", award.get("funderName"), authority=key or None)
        gathered.add("dc.relation.grantno", award.get("awardNumber"))
        if award.keys() - {"funderName", "awardNumber"}:
            gathered.keep(name, award)


def _related(gathered: Gathered, name: str, value: Any) -> None:
    for related in objects(value):
        kind, relation = first_text(related.get("relatedIdentifierType")), first_text(related.get("relationType"))
        identifier = first_text(related.get("relatedIdentifier"))
        field = _WHOLES.get(kind.upper()) if relation == "IsPartOf" else None
        if field:
            gathered.add(field, identifier)
        else:
            address = _ADDRESSES.get(kind, "{}").format(identifier) if identifier else ""
            gathered.add(_RELATIONS.get(relation, "dc.relation"), address)
        known = field or (relation in _RELATIONS and kind in _ADDRESSES)
        taken = ("relatedIdentifier", "relatedIdentifierType", "relationType") if known else ()
        gathered.keep_rest(name, related, *taken)
        if known:
            gathered.leave_out(f"{name}/relationType", _FIELD)
            gathered.leave_out(f"{name}/relatedIdentifierType", "the form of the identifier says it")


def _alternate(gathered: Gathered, name: str, value: Any) -> None:
    before = list(objects(gathered.work.get("identifiers"))) if name != "identifiers" else []
    known = {first_text(identifier.get("identifier")) for identifier in before}
    for identifier in objects(value):
        kind = first_text(identifier.get("identifierType") or identifier.get("alternateIdentifierType"))
        text = first_text(identifier.get("identifier") or identifier.get("alternateIdentifier"))
        if text in known:
            gathered.leave_out(name, "the identifiers repeat it")
        elif kind.upper() == "DOI" and text.casefold().endswith(first_text(gathered.work.get("doi")).casefold()):
            gathered.leave_out(name, "the DOI once more")
        else:
            gathered.add("dc.identifier.other", text)
            gathered.keep(name, f"{kind}: {text}" if kind and text else "")


def _places(gathered: Gathered, name: str, value: Any) -> None:
    for place in objects(value):
        gathered.add("dc.coverage.spatial", place.get("geoLocationPlace"))
        if place.keys() - {"geoLocationPlace"}:
            gathered.keep(name, place)


def _unwrap(members: Members) -> Members:
    attributes = members.get("attributes")
    if not isinstance(attributes, dict):
        return members
    return {**{name: value for name, value in members.items() if name != "attributes"}, **attributes}


def _hidden(work: Members) -> str:
    state = first_text(work.get("state"))
    return f"its state is '{state}', so that it is not public" if state in ("draft", "registered") else ""


FORMAT = WorkFormat(
    schema="datacite",
    table={
        "doi": to("dc.identifier.doi"),
        "identifiers": _alternate,
        "alternateIdentifiers": _alternate,
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
        **dict.fromkeys(
            ("isActive", "state", "reason", "created", "registered", "published", "xml", "relationships"), _TECHNICAL
        ),
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
