"""mods: an item as MODS 3.7. Source: Library of Congress, MODS schema and user guidelines, version 3.7."""

from __future__ import annotations

from collections.abc import Iterator

from lod.web.oai.described import DescribedItem
from lod.web.reading import terms
from lod.web.writing.xml_text import element, tagged

MODS = "http://www.loc.gov/mods/v3"
MODS_SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd"

_IDENTIFIER_TYPES = {"handle": "hdl", "issn": "issn", "url": "uri"}
_DATES = (
    ("dateIssued", ("issued",)),
    ("dateCreated", ("created",)),
    ("dateValid", ("valid",)),
    ("dateModified", ("modified",)),
    ("copyrightDate", ("dateCopyrighted",)),
    ("dateOther", ("date", "available", "dateAccepted", "dateSubmitted")),
)


def write_mods(item: DescribedItem) -> str:
    """Return an item as MODS."""
    attributes: dict[str, str | None] = {
        "xmlns:mods": MODS,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "version": "3.7",
        "xsi:schemaLocation": f"{MODS} {MODS_SCHEMA}",
    }
    return tagged("mods:mods", "".join((*_titles(item), *_names(item), *_description(item), *_host(item))), attributes)


def _titles(item: DescribedItem) -> Iterator[str]:
    for text, language in item.titles:
        yield tagged("mods:titleInfo", element("mods:title", text), {"xml:lang": language})
    for text, language in item.summary.texts(terms.ALTERNATIVE):
        yield tagged("mods:titleInfo", element("mods:title", text), {"type": "alternative", "xml:lang": language})


def _names(item: DescribedItem) -> Iterator[str]:
    for agent in item.summary.authors:
        yield _name(agent.name, "aut", is_organisation=agent.is_organisation, orcid=agent.orcid)
    for relator, _, agents in item.roles():
        for name, is_organisation in agents:
            yield _name(name, relator, is_organisation=is_organisation)


def _name(name: str, relator: str, *, is_organisation: bool, orcid: str = "") -> str:
    identifier = element("mods:nameIdentifier", f"https://orcid.org/{orcid}", {"type": "orcid"}) if orcid else ""
    role = tagged("mods:role", element("mods:roleTerm", relator, {"type": "code", "authority": "marcrelator"}))
    return tagged(
        "mods:name",
        element("mods:namePart", name) + role + identifier,
        {"type": "corporate" if is_organisation else None},
    )


def _origin(item: DescribedItem) -> Iterator[str]:
    summary = item.summary
    origin = [
        *(
            tagged("mods:place", element("mods:placeTerm", name, {"type": "text"}))
            for name in summary.names(terms.PLACE_OF_PUBLICATION)
        ),
        *(element("mods:publisher", agent.name) for agent in summary.agents(terms.PUBLISHER)),
        *(
            element(f"mods:{name}", text, {"encoding": "w3cdtf" if name == "dateIssued" else None})
            for name, properties in _DATES
            for property_ in properties
            for text, _ in item.values(property_)
        ),
    ]
    if origin:
        yield tagged("mods:originInfo", "".join(origin))


def _physical_description(item: DescribedItem) -> Iterator[str]:
    media_types = item.media_types
    extents = [text for text, _ in item.values("extent")]
    if media_types or extents:
        parts = [
            *(element("mods:internetMediaType", name) for name in media_types),
            *(element("mods:extent", text) for text in extents),
        ]
        yield tagged("mods:physicalDescription", "".join(parts))


def _description(item: DescribedItem) -> Iterator[str]:
    summary = item.summary
    yield from _origin(item)
    yield element("mods:genre", item.type_name, {"authority": "coar", "valueURI": next(iter(item.iris("type")), None)})
    for code in summary.languages:
        yield tagged("mods:language", element("mods:languageTerm", code, {"type": "code", "authority": "rfc3066"}))
    yield from _physical_description(item)
    for text, language in summary.texts(terms.ABSTRACT):
        yield element("mods:abstract", text, {"xml:lang": language})
    for text, language in item.values("tableOfContents"):
        yield element("mods:tableOfContents", text, {"xml:lang": language})
    for text, language in [*summary.texts(terms.DESCRIPTION), *item.values("provenance")]:
        yield element("mods:note", text, {"xml:lang": language})
    for text, _ in item.values("bibliographicCitation"):
        yield element("mods:note", text, {"type": "preferred citation"})
    for text, language in item.keywords:
        yield tagged("mods:subject", element("mods:topic", text), {"xml:lang": language})
    for name, tag in (("spatial", "geographic"), ("temporal", "temporal")):
        for text, language in item.values(name):
            yield tagged("mods:subject", element(f"mods:{tag}", text), {"xml:lang": language})
    for scheme, value in item.identifiers:
        yield element("mods:identifier", value, {"type": _IDENTIFIER_TYPES.get(scheme, scheme)})
    for address in item.addresses:
        yield element("mods:identifier", address, {"type": "uri"})
    yield tagged(
        "mods:location",
        element("mods:url", summary.persistent, {"usage": "primary display"})
        + "".join(element("mods:url", file.address, {"access": "raw object"}) for file in summary.files),
    )
    for text, language in item.values("accessRights"):
        yield element("mods:accessCondition", text, {"type": "restriction on access", "xml:lang": language})
    for text, language in [*item.values("license"), *item.values("rights")]:
        yield element("mods:accessCondition", text, {"type": "use and reproduction", "xml:lang": language})


def _host(item: DescribedItem) -> Iterator[str]:
    host = item.host()
    if host is None:
        return
    summary = item.summary
    numbers = {"volume": item.number("volume", terms.VOLUME), "issue": item.number("issue", terms.ISSUE)}
    details = "".join(
        tagged("mods:detail", element("mods:number", number), {"type": name})
        for name, number in numbers.items()
        if number
    )
    first, last = summary.text(terms.PAGE_START), summary.text(terms.PAGE_END)
    pages = summary.text(terms.PAGES)
    if first:
        extent = element("mods:start", first) + (element("mods:end", last) if last else "")
    else:
        extent = element("mods:list", pages) if pages else ""
    part = details + (tagged("mods:extent", extent, {"unit": "page"}) if extent else "")
    yield tagged(
        "mods:relatedItem",
        tagged("mods:titleInfo", element("mods:title", host.title))
        + "".join(element("mods:identifier", number, {"type": "issn"}) for number in item.issns)
        + "".join(element("mods:identifier", number, {"type": "isbn"}) for number in item.isbns)
        + (tagged("mods:part", part) if part else ""),
        {"type": "host"},
    )
