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
    objects,
    to,
)
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.datacite_people import FIELD_SAYS_IT, NO_LANGUAGE, add_contributors, add_creators, key_of
from lod.sources.works.datacite_related import NUMBERS, add_alternates, add_identifier, add_items, add_related
from lod.sources.works.json_works import WorkFormat, read_works

_WRAPPERS = ("", "[].", "attributes.", "[].attributes.", "data[].attributes.", "data.attributes.")
_TECHNICAL = "how DataCite keeps the record, no description of the work"
_COUNT = "a count without a date"

_VAGUE = frozenset({"Methods", "TechnicalInfo"})
"""Types of descriptions that have no field of their own."""

_OTHER_TYPES = frozenset({"ris", "bibtex", "citeproc", "schemaOrg"})
_OF_CONTAINERS = frozenset({"title", "volume", "issue", "firstPage", "lastPage", "identifier", "identifierType"})
_OF_LICENCES: tuple[str, ...] = ("rightsIdentifier", "rightsIdentifierScheme", "schemeUri")
_TYPES = {
    "ComputationalNotebook": "software",
    "ConferencePaper": "conference paper",
    "ConferenceProceeding": "conference proceedings",
    "StudyRegistration": "research protocol",
}
_TITLES = {
    "AlternativeTitle": "dc.title.alternative",
    "Other": "dc.title.alternative",
    "TranslatedTitle": "dc.title.translated",
}
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
_SCHEMES = {"lcsh": "lcsh", "ddc": "ddc", "lcc": "lcc", "mesh": "mesh", "ipc": "ipc"}


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
                gathered.leave_out(f"{name}/{kind}", FIELD_SAYS_IT)
            gathered.keep_rest(name, entry, part, kind, "lang")

    return take


def _titles(gathered: Gathered, name: str, value: Any) -> None:
    """Add the titles, the subtitle of the same language after a colon."""
    entries = list(objects(value))
    subtitles = [entry for entry in entries if entry.get("titleType") == "Subtitle" and entry.get("title")]
    first = True
    for entry in entries:
        text, sort = first_text(entry.get("title")), first_text(entry.get("titleType"))
        if text and sort:
            gathered.leave_out(f"{name}/titleType", FIELD_SAYS_IT)
        if sort == "Subtitle" and text:
            gathered.keep_rest(name, entry, "title", "titleType", "lang")
            continue
        if text and first and subtitles:
            text, first = f"{text}: {first_text(subtitles.pop(0)['title'])}", False
        gathered.add(_TITLES.get(sort, "dc.title"), text, language=first_text(entry.get("lang")))
        gathered.keep_rest(name, entry, "title", *(("titleType", "lang") if text else ()))
    gathered.keep(f"{name}.Subtitle", [entry["title"] for entry in subtitles])


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
        gathered.add_once("dc.relation.ispartof", first_text(container.get("title")))
        for part, target in NUMBERS.items():
            text = first_text(container.get(part)).strip()
            if cut and (not _NUMBER.fullmatch(text) or (part == "firstPage" and text == year)):
                gathered.keep(f"{name}.{part}", text)
            else:
                gathered.add_once(target, text)
        kind = first_text(container.get("identifierType"))
        field = {"ISSN": "dc.identifier.issn", "EISSN": "dc.identifier.eissn", "ISBN": "dc.relation.isbn"}.get(
            kind.upper()
        )
        if field:
            gathered.add_once(field, first_text(container.get("identifier")))
            gathered.leave_out(f"{name}/identifierType", FIELD_SAYS_IT)
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
        for entry in objects(value):
            if entry.get("dateType") == "Issued":
                gathered.keep_rest(name, entry, "date", "dateType")
        value = [entry for entry in as_list(value) if not isinstance(entry, dict) or entry.get("dateType") != "Issued"]
    _typed(_DATES, "date", "dateType", "dc.date")(gathered, name, value)


def _issued(work: Members) -> list[str]:
    entries = (entry for entry in objects(work.get("dates")) if entry.get("dateType") == "Issued")
    return list(dict.fromkeys(filter(None, (first_text(entry.get("date")) for entry in entries))))


def _of_year(dates: list[str], year: Any) -> list[str]:
    return [date for date in dates if date.startswith(first_text(year))] if first_text(year) else []


def _publisher(gathered: Gathered, name: str, value: Any) -> None:
    for publisher in as_list(value):
        if not isinstance(publisher, dict):
            gathered.add("dc.publisher", publisher)
        elif not first_text(publisher.get("name")).strip():
            gathered.keep(name, publisher)
        else:
            gathered.add("dc.publisher", publisher["name"], authority=key_of(publisher, "publisherIdentifier") or None)
            for part in ("publisherIdentifierScheme", "schemeUri", "lang"):
                if publisher.get(part):
                    reason = NO_LANGUAGE if part == "lang" else "the form of the identifier says it"
                    gathered.leave_out(f"{name}/{part}", reason)
            taken = ("publisherIdentifier", "publisherIdentifierScheme") if publisher.get("publisherIdentifier") else ()
            gathered.keep_rest(name, publisher, "name", "lang", "schemeUri", *taken)


def _subjects(gathered: Gathered, name: str, value: Any) -> None:
    for subject in as_list(value):
        if not isinstance(subject, dict):
            gathered.add("dc.subject", subject)
            continue
        if not first_text(subject.get("subject")).strip():
            gathered.keep(name, subject)
            continue
        stated = first_text(subject.get("subjectScheme")).strip()
        scheme = _SCHEMES.get(stated.lower())
        field = f"dc.subject.{scheme}" if scheme else "dc.subject"
        language = None if scheme else first_text(subject.get("lang"))
        key = first_text(subject.get("valueUri") or subject.get("valueURI")).strip() or None
        gathered.add(field, subject.get("subject"), language=language, authority=key)
        if scheme:
            gathered.leave_out(f"{name}/subjectScheme", FIELD_SAYS_IT)
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
            said = _OF_LICENCES
            for part in said:
                if rights.get(part):
                    gathered.leave_out(f"{name}/{part}", "the address of the licence says it")
        else:
            said = ()
        gathered.keep_rest(name, rights, "rightsUri", "rights", "lang", *said)
        if rights.get("lang") and not rights.get("rights"):
            gathered.leave_out(f"{name}/lang", "there is no text in this language")


def _grants(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    for award in sorted(objects(value), key=lambda entry: not entry.get("awardNumber")):
        key = key_of(award, "funderIdentifier", "funderIdentifierType")
        gathered.add("dc.relation.funding", award.get("funderName"), authority=key or None)
        gathered.add("dc.relation.grantno", award.get("awardNumber"))
        if award.keys() - {"funderName", "awardNumber"}:
            gathered.keep(name, award)


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
        "identifier": add_identifier,
        "identifiers": add_alternates,
        "alternateIdentifiers": add_alternates,
        "creators": add_creators,
        "contributors": add_contributors,
        "titles": _titles,
        "publisher": _publisher,
        "container": _container,
        "publicationYear": _year,
        "subjects": _subjects,
        "dates": _dates,
        "language": to("dc.language.iso"),
        "types": _types,
        "relatedIdentifiers": add_related,
        "relatedItems": add_items,
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
