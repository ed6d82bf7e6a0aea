"""oai_openaire, version 4: Dublin Core, DataCite and OpenAIRE elements in one resource.

Source: OpenAIRE Guidelines for Literature Repository Managers 4.0, application profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lod.record import File, Value
from lod.sources.parsing.xml_files import XML_LANG, XmlElement, local_name, text_of
from lod.sources.reading.payload import Payload

_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")

_PLAIN = {
    "audience": "dcterms.audience",
    "citationConferenceDate": "oaire.citation.conferenceDate",
    "citationConferencePlace": "oaire.citation.conferencePlace",
    "citationEdition": "oaire.citation.edition",
    "citationEndPage": "oaire.citation.endPage",
    "citationIssue": "oaire.citation.issue",
    "citationStartPage": "oaire.citation.startPage",
    "citationTitle": "oaire.citation.title",
    "citationVolume": "oaire.citation.volume",
    "coverage": "dc.coverage",
    "description": "dc.description",
    "format": "dc.format",
    "language": "dc.language.iso",
    "licenseCondition": "dc.rights.license",
    "publisher": "dc.publisher",
    "resourceType": "dc.type",
    "rights": "dcterms.accessRights",
    "size": "dc.format.extent",
    "source": "dc.source",
    "subject": "dc.subject",
    "version": "oaire.version",
}
"""Elements whose text is the value."""

_ADDRESSES = {"licenseCondition": "dc.rights.uri", "version": "oaire.version", "rights": "dcterms.accessRights"}
"""Elements whose attribute `uri` or `rightsURI` says the same for machines; it is taken instead of the text, or beside it."""

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TAKEN: dict[str, tuple[str, ...]] = {
    "licenseCondition": ("uri",),
    "version": ("uri",),
    "rights": ("rightsURI", "uri"),
    "awardNumber": ("awardURI",),
    "title": ("titleType",),
    "date": ("dateType",),
    "contributor": ("contributorType",),
    "identifier": ("identifierType",),
    "alternateIdentifier": ("alternateIdentifierType",),
    "relatedIdentifier": ("relatedIdentifierType", "relationType"),
    "nameIdentifier": ("nameIdentifierScheme", "schemeURI"),
    "creatorName": ("nameType",),
    "contributorName": ("nameType",),
    "file": ("mimeType",),
}
"""Attributes that give the field, or the value itself."""

_CONTRIBUTORS = {
    "editor": "dc.contributor.editor",
    "supervisor": "dc.contributor.advisor",
    "translator": "dc.contributor.translator",
}
_AGENTS = {"organizational": "organisation", "personal": "person"}
_IDENTIFIERS = {"handle": "uri", "url": "uri", "purl": "uri", "urn": "other", "pmc": "pmc"}
_DATES = {"issued": "dc.date.issued", "accepted": "dcterms.dateAccepted", "available": "dc.date.available",
          "created": "dc.date.created", "submitted": "dc.date.submitted", "copyrighted": "dc.date.copyright",
          "valid": "dcterms.valid", "updated": "dcterms.modified"}  # fmt: skip
_SERIALS = {"issn": "dc.identifier.issn", "pissn": "dc.identifier.issn", "lissn": "dc.identifier.issnl",
            "eissn": "dc.identifier.eissn", "isbn": "dc.relation.isbn"}  # fmt: skip


def openaire(root: XmlElement) -> Payload:
    """Return the values of a `resource`; an element without a rule is a value of the schema `oaire` under its own name."""
    left_out: dict[str, str] = {}
    values = tuple(
        value
        for child in root.iterchildren("*")
        for value in (*_read(child), *_attributes(child, f"oaire.{local_name(child)}", left_out))
    )
    files = tuple(
        File(_file_name(child), _text(child), child.get("mimeType"), bundle="ORIGINAL")
        for child in root.iterchildren("*")
        if local_name(child) == "file" and _text(child)
    )
    if any(_ORCID.fullmatch(_text(identifier)) for identifier in root.iter("{*}nameIdentifier")):
        left_out["nameIdentifier"] = "the ORCID iD is given with the name"
    return Payload(values, files, left_out=left_out)


def _attributes(element: XmlElement, field: str, left_out: dict[str, str]) -> Iterator[Value]:
    """Yield what attributes say beside the text of an element, and note those that the field or the value says already."""
    name = local_name(element)
    for attribute, written in element.attrib.items():
        short = str(attribute).rpartition("}")[2]
        if attribute == XML_LANG or not written.strip() or str(attribute).startswith(_XSI):
            continue
        if short in _TAKEN.get(name, ()):
            left_out[f"{name}@{short}"] = "the field or the value says it"
        else:
            own = "" if len(element) else f"{_text(element)}: "
            yield Value(f"{field}.{short}", f"{own}{written.strip()}")
    for child in element.iterchildren("*"):
        yield from _attributes(child, f"{field}.{local_name(child)}" if name != "file" else field, left_out)


def _read(element: XmlElement) -> Iterator[Value]:
    name = local_name(element)
    if name == "file":
        return
    if name in _GROUPS:
        for child in element:
            yield from _GROUPS[name](child)
    elif name == "identifier":
        yield from _identifier(element)
    else:
        address = element.get("uri") or element.get("rightsURI") or ""
        yield from _values(_PLAIN.get(name, f"oaire.{name}"), element)
        if name in _ADDRESSES:
            yield from _values(_ADDRESSES[name], element, address)


def _agent(field: str, element: XmlElement, name: str) -> Iterator[Value]:
    identifiers = [_text(child) for child in element.iterfind("{*}nameIdentifier")]
    orcid = next((match[1] for text in identifiers if (match := _ORCID.fullmatch(text))), None)
    for child in element.iterfind(f"{{*}}{name}"):
        if text := _text(child):
            agent = _AGENTS.get(child.get("nameType", "").casefold())
            yield Value(field, text, None, orcid, 600 if orcid else None, agent)
    for tag in ("nameIdentifier", "affiliation"):
        for child in element.iterfind(f"{{*}}{tag}"):
            if not (orcid and orcid in _text(child)):
                yield from _values(f"oaire.{local_name(element)}.{tag}", child)


def _creator(element: XmlElement) -> Iterator[Value]:
    yield from _agent("dc.contributor.author", element, "creatorName")


def _contributor(element: XmlElement) -> Iterator[Value]:
    role = element.get("contributorType", "").casefold()
    yield from _agent(_CONTRIBUTORS.get(role, "dc.contributor.other"), element, "contributorName")


def _title(element: XmlElement) -> Iterator[Value]:
    yield from _values("dc.title.alternative" if element.get("titleType") else "dc.title", element)


def _subject(element: XmlElement) -> Iterator[Value]:
    yield from _values(_PLAIN["subject"], element)


def _date(element: XmlElement) -> Iterator[Value]:
    type_ = element.get("dateType", "")
    yield from _values(_DATES.get(type_.casefold(), f"oaire.date.{type_}" if type_ else "dc.date"), element)


def _identifier(element: XmlElement) -> Iterator[Value]:
    type_ = (element.get("identifierType") or element.get("alternateIdentifierType") or "other").casefold()
    text = _text(element)
    # "PMC5574022" is under "PMID" in the guidelines' own sample.
    kind = "pmc" if text.upper().startswith("PMC") else _IDENTIFIERS.get(type_, type_)
    yield from _values("dc.identifier" if kind == "pmc" else f"dc.identifier.{kind}", element)


def _related(element: XmlElement) -> Iterator[Value]:
    kind, relation = element.get("relatedIdentifierType", "").casefold(), element.get("relationType", "").casefold()
    if kind in _SERIALS and relation in {"", "ispartof"}:
        yield from _values(_SERIALS[kind], element)
    else:
        yield from _values(f"dc.relation.{relation}" if relation else "dc.relation", element)


def _funding(element: XmlElement) -> Iterator[Value]:
    """Yield one grant: funder and stream as a statement, number, title and address as DSpace has them."""
    for child in element:
        name = local_name(child)
        yield from _values("dc.description.sponsorship" if name == "funderName" else f"oaire.{name}", child)
        if name == "awardNumber":
            yield from _values("oaire.awardURI", child, child.get("awardURI", ""))


def _place(element: XmlElement) -> Iterator[Value]:
    places = element.findall("{*}geoLocationPlace")
    for place in places or [element]:
        yield from _values("dc.coverage.spatial", place)


_GROUPS: dict[str, Callable[[XmlElement], Iterator[Value]]] = {
    "titles": _title,
    "creators": _creator,
    "contributors": _contributor,
    "subjects": _subject,
    "dates": _date,
    "alternateIdentifiers": _identifier,
    "relatedIdentifiers": _related,
    "fundingReferences": _funding,
    "geoLocations": _place,
}


def _values(field: str, element: XmlElement, text: str | None = None) -> Iterator[Value]:
    found = _text(element) if text is None else text.strip()
    if found:
        yield Value(field, found, element.get(XML_LANG) if text is None else None)


def _text(element: XmlElement) -> str:
    return text_of(element).strip()


def _file_name(element: XmlElement) -> str:
    return _text(element).rstrip("/").rpartition("/")[2].partition("?")[0] or _text(element)
