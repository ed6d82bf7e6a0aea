"""DataCite JSON: answers of the REST API for DOIs (JSON:API), and lists or lines of their attributes."""

from __future__ import annotations

import json
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
_BLANK = "there is no identifier of this type"
_NO_LANGUAGE = "names are published without a language"
_VAGUE = frozenset({"Methods", "TechnicalInfo"})
"""Types of descriptions that have no field of their own."""

_OTHER_TYPES = frozenset({"ris", "bibtex", "citeproc", "schemaOrg"})
_OF_CONTAINERS = frozenset({"title", "volume", "issue", "firstPage", "lastPage", "identifier", "identifierType"})
_OF_LICENCES: tuple[str, ...] = ("rightsIdentifier", "rightsIdentifierScheme", "schemeUri")
_OF_PEOPLE = frozenset(
    {"name", "givenName", "familyName", "nameType", "lang", "nameIdentifiers", "affiliation", "contributorType"}
)
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
    entries = list(objects(value))
    subtitles = [entry for entry in entries if entry.get("titleType") == "Subtitle" and entry.get("title")]
    first = True
    for entry in entries:
        text, sort = first_text(entry.get("title")), first_text(entry.get("titleType"))
        if text and sort:
            gathered.leave_out(f"{name}/titleType", _FIELD)
        if sort == "Subtitle" and text:
            gathered.keep_rest(name, entry, "title", "titleType", "lang")
            continue
        if text and first and subtitles:
            text, first = f"{text}: {first_text(subtitles.pop(0)['title'])}", False
        gathered.add(_TITLES.get(sort, "dc.title"), text, language=first_text(entry.get("lang")))
        gathered.keep_rest(name, entry, "title", *(("titleType", "lang") if text else ()))
    gathered.keep(f"{name}.Subtitle", [entry["title"] for entry in subtitles])


def _creators(gathered: Gathered, name: str, value: Any) -> None:
    for person in objects(value):
        _person(gathered, "dc.contributor.author", name, person)


def _contributors(gathered: Gathered, name: str, value: Any) -> None:
    added: set[tuple[str, str]] = set()
    described: set[str] = set()
    # Funders and their grants are paired by position, so that those with both come first.
    for person in sorted(objects(value), key=lambda person: not _grants_of(person)):
        role, written = first_text(person.get("contributorType")), _written(person)
        field = _field_of(role, gathered.work)
        for grant in _grants_of(person):
            if field == "dc.relation.funding":
                gathered.add("dc.relation.grantno", grant[1])
            else:
                gathered.add("dc.relation", grant[0])
        # One agent in several roles of which none has a property is one contributor.
        if (field, written) not in added:
            _agent(gathered, field, person)
        added.add((field, written))
        own = json.dumps({key: part for key, part in person.items() if key != "contributorType"}, sort_keys=True)
        if own not in described:
            _describe(gathered, name, person)
        described.add(own)
        if role and field == "dc.contributor.other":
            gathered.keep(f"{name}.{role}", written)
        elif role:
            gathered.leave_out(f"{name}/contributorType", _FIELD)


def _field_of(role: str, work: Members) -> str:
    """Return the field of a role; kernels before 4 have funders among the contributors only."""
    if role == "Funder" and not work.get("fundingReferences"):
        return "dc.relation.funding"
    return _ROLES.get(role, "dc.contributor.other")


def _person(gathered: Gathered, field: str, name: str, person: Members) -> None:
    _agent(gathered, field, person)
    _describe(gathered, name, person)


def _agent(gathered: Gathered, field: str, person: Members) -> None:
    """Add a person or an organisation, with the first identifier as authority key."""
    agent = _AGENTS.get(first_text(person.get("nameType")).casefold())
    gathered.person(field, _written(person), authority=next(iter(_keys(person)), None), agent=agent)


def _keys(person: Members) -> list[str]:
    keys = (_key(identifier, "nameIdentifier") for identifier in objects(person.get("nameIdentifiers")))
    return [key for key in keys if key and not _GRANT.search(key)]


def _grants_of(person: Members) -> list[re.Match[str]]:
    """Return the grants among the identifiers of a funder."""
    texts = (first_text(each.get("nameIdentifier")).strip() for each in objects(person.get("nameIdentifiers")))
    return [grant for text in texts if (grant := _GRANT.fullmatch(text))]


def _describe(gathered: Gathered, name: str, person: Members) -> None:
    """Keep what is said of a person or an organisation beside the name and the first identifier."""
    written = _written(person)
    if not written.strip():
        gathered.keep(name, person)
        return
    keys = _keys(person)
    for identifier in objects(person.get("nameIdentifiers")):
        if _key(identifier, "nameIdentifier") not in keys[:1]:
            gathered.keep(f"{name}.nameIdentifiers", {"name": written, **identifier})
        else:
            for part in ("nameIdentifierScheme", "schemeUri"):
                if identifier.get(part):
                    gathered.leave_out(f"{name}/nameIdentifiers/{part}", "the form of the identifier says it")
            gathered.keep_remainder(
                f"{name}.nameIdentifiers", identifier, "nameIdentifier", "nameIdentifierScheme", "schemeUri"
            )
    if person.get("nameType"):
        gathered.leave_out(f"{name}/nameType", "how the name is read: as that of a person or of an organisation")
    if person.get("lang"):
        gathered.leave_out(f"{name}/lang", _NO_LANGUAGE)
    # The name as it is cited may say more than its parts, and so may a given name without a family name.
    stated = " ".join(first_text(person.get(part)) for part in ("name", "givenName"))
    if set(_words(stated)) - set(_words(written)):
        gathered.keep_remainder(name, person, *(_OF_PEOPLE - {"name", "givenName", "familyName"}))
    elif written != person.get("name"):
        gathered.leave_out(f"{name}/name", "its parts say it")
    gathered.keep_remainder(name, person, *_OF_PEOPLE)
    if person.get("affiliation"):
        keep_affiliations(gathered, f"{name}.affiliation", written, person["affiliation"])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


_GRANT = re.compile(
    r"info:eu-repo/grantAgreement/[^/\s]{1,80}/[^/\s]{0,80}/([^/\s]{1,80})(?:/\S{0,200})?", re.IGNORECASE
)
"""What the guidelines of OpenAIRE for data archives (2.0) put beside the name of a funder."""
_AGENTS = {"organizational": "organisation", "personal": "person"}
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
        gathered.add_once("dc.relation.ispartof", first_text(container.get("title")))
        for part, target in _NUMBERS.items():
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
            gathered.add("dc.publisher", publisher["name"], authority=_key(publisher, "publisherIdentifier") or None)
            for part in ("publisherIdentifierScheme", "schemeUri", "lang"):
                if publisher.get(part):
                    reason = _NO_LANGUAGE if part == "lang" else "the form of the identifier says it"
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
        key = _key(award, "funderIdentifier", "funderIdentifierType")
        gathered.add("dc.relation.funding", award.get("funderName"), authority=key or None)
        gathered.add("dc.relation.grantno", award.get("awardNumber"))
        if award.keys() - {"funderName", "awardNumber"}:
            gathered.keep(name, award)


def _related(gathered: Gathered, name: str, value: Any) -> None:
    for related in objects(value):
        relation = first_text(related.get("relationType"))
        known = _link(gathered, related, "relatedIdentifier", relation)
        taken = ("relatedIdentifier", "relatedIdentifierType", "relationType") if known else ()
        gathered.keep_rest(name, related, *taken)
        if known:
            gathered.leave_out(f"{name}/relationType", _FIELD)
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


def _items(gathered: Gathered, name: str, value: Any) -> None:
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
    for part, target in _NUMBERS.items():
        gathered.add_once(target, first_text(item.get(part)).strip())
    if item.get("number") and item.get("numberType") == "Article":
        gathered.add("dc.identifier.articlenumber", first_text(item["number"]))
        taken += ["number", "numberType"]
        gathered.leave_out(f"{name}/numberType", _FIELD)
    if item.get("relatedItemType") in _BOOKS:
        for person in objects(item.get("contributors")):
            if person.get("contributorType") == "Editor":
                _agent(gathered, "dc.contributor.editor", person)
    if _link(gathered, named, "relatedItemIdentifier", relation):
        taken.append("relatedItemIdentifier")
        gathered.leave_out(f"{name}/relatedItemIdentifier/relatedItemIdentifierType", _FIELD)
    titles = [first_text(title.get("titleType")) for title in objects(item.get("titles"))]
    if titles in ([""], ["", "Subtitle"]):
        taken.append("titles")
        if titles != [""]:
            gathered.leave_out(f"{name}/titles/titleType", "the subtitle follows the title after a colon")
    gathered.leave_out(f"{name}/relationType", _FIELD)
    gathered.keep_remainder(name, item, *taken)


def _title_of(item: Members) -> str:
    """Return the title of a related work, with its subtitle: the first without a type, else the first."""
    titles = [title for title in objects(item.get("titles")) if title.get("title")]
    titles.sort(key=lambda title: bool(title.get("titleType")))
    shown = titles[:1] + [title for title in titles[1:2] if title.get("titleType") == "Subtitle"]
    return ": ".join(first_text(title["title"]).strip() for title in shown)


def _identifier(gathered: Gathered, name: str, value: Any) -> None:
    """Add the identifier of the work itself, where it is another than its DOI."""
    for entry in as_list(value):
        identifier = entry if isinstance(entry, dict) else {"identifier": entry}
        kind = first_text(identifier.get("identifierType")).upper()
        text = first_text(identifier.get("identifier")).strip()
        if text and kind in _OWN and not DOI.match(text):
            gathered.add(_OWN[kind], text)
            gathered.leave_out(f"{name}/identifierType", _FIELD)
        else:
            _alternate(gathered, name, identifier)


def _alternate(gathered: Gathered, name: str, value: Any) -> None:
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
            gathered.leave_out(f"{name}/alternateIdentifierType", _FIELD)
        else:
            gathered.add("dc.identifier.other", text)
            gathered.keep(name, f"{kind}: {text}" if kind and text else "")
        gathered.keep_rest(
            name, identifier, *("identifier", "identifierType", "alternateIdentifier", "alternateIdentifierType")
        )


DOI = re.compile(r"\s{0,99}(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?10\.\d{4,9}/\S", re.IGNORECASE)


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
        "identifier": _identifier,
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
        "relatedItems": _items,
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
