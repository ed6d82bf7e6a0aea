"""oai_openaire: an item in the application profile of OpenAIRE.

Source: OpenAIRE Guidelines for Literature Repository Managers 4.0; DataCite Metadata Schema 4.1. Nothing is invented: where a
record does not say its access rights, none are given.
"""

from __future__ import annotations

from collections.abc import Iterator

from lod.rdf.coar import ACCESS_RIGHTS, TYPES
from lod.web.oai.described import DCTERMS, DescribedItem
from lod.web.profiles.dublin_core import NAMESPACE as ELEMENTS
from lod.web.profiles.summary import Agent
from lod.web.reading import terms
from lod.web.writing.xml_text import element, tagged

OPENAIRE = "http://namespace.openaire.eu/schema/oaire/"
OPENAIRE_SCHEMA = "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd"

_DATASETS = frozenset({"c_ddb1"})
_SOFTWARE = frozenset({"c_5ce6"})
_LITERATURE = "literature"
_LISTED_TYPES = frozenset(
    [
        "c_0640",
        "c_0857",
        "c_1162",
        "c_12cc",
        "c_12cd",
        "c_12ce",
        "c_15cd",
        "c_1843",
        "c_186u",
        "c_18cc",
        "c_18cd",
        "c_18cf",
        "c_18co",
        "c_18cp",
        "c_18cw",
        "c_18gh",
        "c_18hj",
        "c_18op",
        "c_18wq",
        "c_18ws",
        "c_18ww",
        "c_18wz",
        "c_2659",
        "c_2df8fbb1",
        "c_2f33",
        "c_3248",
        "c_393c",
        "c_3e5a",
        "c_46ec",
        "c_545b",
        "c_5794",
        "c_5ce6",
        "c_6501",
        "c_6670",
        "c_71bd",
        "c_7a1f",
        "c_7ad9",
        "c_8042",
        "c_816b",
        "c_8544",
        "c_86bc",
        "c_8a7e",
        "c_93fc",
        "c_b239",
        "c_ba08",
        "c_ba1f",
        "c_baaf",
        "c_bdcc",
        "c_beb9",
        "c_c513",
        "c_c94f",
        "c_db06",
        "c_dcae04bc",
        "c_ddb1",
        "c_e9a0",
        "c_ecc8",
        "c_efa0",
        "c_f744",
    ]
)
"""The types that the profile allows: those of COAR's list of its time."""
_OTHER_TYPE = f"{TYPES}c_1843"
_DATE_TYPES = {
    "available": "Available",
    "created": "Created",
    "dateAccepted": "Accepted",
    "dateCopyrighted": "Copyrighted",
    "dateSubmitted": "Submitted",
    "issued": "Issued",
    "modified": "Updated",
    "valid": "Valid",
}
_IDENTIFIER_TYPES = {
    "arxiv": "arXiv",
    "doi": "DOI",
    "handle": "HANDLE",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pmid": "PMID",
    "url": "URL",
    "urn": "URN",
}


def write_openaire(item: DescribedItem) -> str:
    """Return an item as oai_openaire."""
    attributes: dict[str, str | None] = {
        "xmlns:oaire": OPENAIRE,
        "xmlns:datacite": "http://datacite.org/schema/kernel-4",
        "xmlns:dc": ELEMENTS,
        "xmlns:dcterms": DCTERMS,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{OPENAIRE} {OPENAIRE_SCHEMA}",
    }
    return tagged("oaire:resource", "".join((*_agents(item), *_description(item), *_source(item))), attributes)


def _agents(item: DescribedItem) -> Iterator[str]:
    summary = item.summary
    titles = [
        *(element("datacite:title", text, {"xml:lang": language}) for text, language in item.titles),
        *(
            element("datacite:title", text, {"titleType": "AlternativeTitle", "xml:lang": language})
            for text, language in summary.texts(terms.ALTERNATIVE)
        ),
    ]
    yield from _group("datacite:titles", titles)
    yield from _group("datacite:creators", [_creator(agent) for agent in summary.authors])
    yield from _group(
        "datacite:contributors",
        [
            tagged(
                "datacite:contributor",
                element("datacite:contributorName", name, {"nameType": _name_type(is_organisation)}),
                {"contributorType": type_},
            )
            for _, type_, agents in item.roles()
            for name, is_organisation in agents
        ],
    )
    yield from _group(
        "oaire:fundingReferences",
        [
            tagged(
                "oaire:fundingReference",
                element("oaire:funderName", grant.funder)
                + (element("oaire:awardNumber", grant.number) if grant.number else ""),
            )
            for grant in item.grants
            if grant.funder
        ],
    )


def _creator(agent: Agent) -> str:
    parts = [element("datacite:creatorName", agent.name, {"nameType": _name_type(agent.is_organisation)})]
    if agent.given and agent.family:
        parts += [element("datacite:givenName", agent.given), element("datacite:familyName", agent.family)]
    if agent.orcid:
        scheme = {"nameIdentifierScheme": "ORCID", "schemeURI": "https://orcid.org"}
        parts.append(element("datacite:nameIdentifier", agent.orcid, dict(scheme)))
    return tagged("datacite:creator", "".join(parts))


def _name_type(is_organisation: bool) -> str | None:
    # An agent that is not typed as an organisation may be a person.
    return "Organizational" if is_organisation else None


def _identifiers(item: DescribedItem) -> Iterator[str]:
    """Yield the other identifiers of the item, and those of what it is in."""
    others = [
        *(
            element(
                "datacite:alternateIdentifier",
                value,
                {"alternateIdentifierType": _IDENTIFIER_TYPES.get(scheme, scheme)},
            )
            for scheme, value in item.identifiers
        ),
        *(
            element("datacite:alternateIdentifier", address, {"alternateIdentifierType": "URL"})
            for address in item.addresses
            if address != item.summary.persistent
        ),
    ]
    yield from _group("datacite:alternateIdentifiers", others)
    yield from _group(
        "datacite:relatedIdentifiers",
        [
            element("datacite:relatedIdentifier", number, {"relatedIdentifierType": type_, "relationType": "IsPartOf"})
            for type_, numbers in (("ISSN", item.issns), ("ISBN", item.isbns))
            for number in numbers
        ],
    )


def _description(item: DescribedItem) -> Iterator[str]:
    summary = item.summary
    main = summary.persistent
    kind = "DOI" if "doi.org/" in main else "HANDLE" if "hdl.handle.net/" in main else "URL"
    yield from _identifiers(item)
    yield from _group(
        "datacite:dates",
        [
            element("datacite:date", text, {"dateType": type_})
            for name, type_ in _DATE_TYPES.items()
            for text, _ in item.values(name)
        ],
    )
    for code in summary.languages:
        yield element("dc:language", code)
    for agent in summary.agents(terms.PUBLISHER):
        yield element("dc:publisher", agent.name)
    for iri in [iri for iri in item.iris("type") if iri.startswith(TYPES)][:1]:
        yield element(
            "oaire:resourceType", item.type_name, {"resourceTypeGeneral": _general(iri), "uri": listed_type(iri)}
        )
    for text, language in [*summary.texts(terms.ABSTRACT), *summary.texts(terms.DESCRIPTION)]:
        yield element("dc:description", text, {"xml:lang": language})
    for name in item.media_types:
        yield element("dc:format", name)
    yield element("datacite:identifier", main, {"identifierType": kind})
    for iri in [iri for iri in item.iris("accessRights") if iri.startswith(ACCESS_RIGHTS)][:1]:
        yield element("datacite:rights", item.shown(f"<{iri}>")[0], {"rightsURI": iri})
    yield from _group(
        "datacite:subjects",
        [element("datacite:subject", text, {"xml:lang": language}) for text, language in item.keywords],
    )
    for iri in item.iris("license")[:1]:
        yield element("oaire:licenseCondition", item.shown(f"<{iri}>")[0], {"uri": iri})
    yield from _group(
        "datacite:geoLocations",
        [
            tagged("datacite:geoLocation", element("datacite:geoLocationPlace", text))
            for text, _ in item.values("spatial")
        ],
    )


def _source(item: DescribedItem) -> Iterator[str]:
    summary, host = item.summary, item.host()
    numbers = (
        ("citationTitle", host.title if host else ""),
        ("citationVolume", item.number("volume", terms.VOLUME)),
        ("citationIssue", item.number("issue", terms.ISSUE)),
        ("citationStartPage", summary.text(terms.PAGE_START)),
        ("citationEndPage", summary.text(terms.PAGE_END)),
    )
    yield from (element(f"oaire:{name}", text) for name, text in numbers if text)
    for text, _ in item.values("extent"):
        yield tagged("datacite:sizes", element("datacite:size", text))
    for file in summary.files:
        yield element("oaire:file", file.address, {"mimeType": file.media_type})


def listed_type(iri: str) -> str:
    """Return a type of COAR that the profile allows: "other" for one that is younger, whose name is beside it."""
    return iri if iri.removeprefix(TYPES) in _LISTED_TYPES else _OTHER_TYPE


def _general(iri: str) -> str:
    code = iri.removeprefix(TYPES)
    return "dataset" if code in _DATASETS else "software" if code in _SOFTWARE else _LITERATURE


def _group(name: str, parts: list[str]) -> Iterator[str]:
    if parts:
        yield tagged(name, "".join(parts))
