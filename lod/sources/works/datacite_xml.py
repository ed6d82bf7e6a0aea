"""DataCite XML, kernels 2 to 4: a `resource` as the members that the JSON of DataCite has, which are mapped by one table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

from lod.long_texts import collapse
from lod.record import Record
from lod.settings.table import Settings
from lod.sources.parsing.xml_files import FoundElement, XmlElement, iter_elements, local_name, text_of
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import gather
from lod.sources.reading.payload import Payload
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, prolog_end
from lod.sources.works.datacite import FORMAT
from lod.sources.works.datacite_people import FIELD_SAYS_IT
from lod.sources.works.datacite_related import DOI

KERNEL = "http://datacite.org/schema/kernel-"
"""How the namespaces of all versions begin."""

_ROOTS = frozenset({"resource", "oai_datacite"})
_ROOT = re.compile(r"<(?:(?P<prefix>[\w.-]{1,40}):)?(?P<name>resources?|oai_datacite)(?P<rest>(?:\s[^<>]{0,9000})?)>")
_SPACE = re.compile(r"""xmlns(?::(?P<prefix>[\w.-]{1,40}))?\s{0,9}=\s{0,9}["'](?P<space>[^"']{0,200})["']""")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

_LISTS = {
    "creators": "creator",
    "titles": "title",
    "subjects": "subject",
    "contributors": "contributor",
    "dates": "date",
    "alternateIdentifiers": "alternateIdentifier",
    "relatedIdentifiers": "relatedIdentifier",
    "sizes": "size",
    "formats": "format",
    "rightsList": "rights",
    "descriptions": "description",
    "geoLocations": "geoLocation",
    "fundingReferences": "fundingReference",
    "relatedItems": "relatedItem",
}
"""Elements that hold a list, and what of. In JSON the lists have the same names."""

_TEXTS = {
    "creatorName": "name",
    "contributorName": "name",
    "affiliation": "name",
    "publisher": "name",
}
"""Members that the text of an element becomes, where it is another than that of its name."""

_JOINED = frozenset({"creatorName", "contributorName", "funderIdentifier", "awardNumber", "number"})
"""Elements whose attributes are members of what they are in."""

_SEVERAL = {
    "nameIdentifier": "nameIdentifiers",
    "affiliation": "affiliation",
    "geoLocationPolygon": "geoLocationPolygon",
}
"""Elements that may come several times in one, and the list that they become."""

_ATTRIBUTES = {"schemeURI": "schemeUri", "valueURI": "valueUri", "rightsURI": "rightsUri", "awardURI": "awardUri"}
_MARKED = frozenset({"title", "description", "rights", "subject"})
_PROSE = frozenset({"description"})
"""Elements whose text has lines and paragraphs."""
_LINE_BREAKS = frozenset({"br", "p", "li", "div"})
_ENVELOPE = {
    "schemaVersion": "how DataCite keeps the record, no description of the work",
    "datacentreSymbol": "how DataCite keeps the record, no description of the work",
    "isReferenceQuality": "what the provider says of the record, not of the work",
    "isActive": "how DataCite keeps the record, no description of the work",
}


def detect_datacite_xml(head: bytes, path: Path) -> bool:
    """Return whether a file is a resource of DataCite's kernel, bare or in the envelope that OAI-PMH puts around it."""
    del path
    text = head_text(head)
    root = _ROOT.match(text, prolog_end(text))
    if root is None:
        return False
    space = next((found["space"] for found in _SPACE.finditer(root["rest"]) if found["prefix"] == root["prefix"]), "")
    if root["name"] == "resource" and space:
        return space.startswith(KERNEL)
    # Without a namespace, and around several, the names within must tell.
    return root["name"] == "oai_datacite" or KERNEL in text or ("<creatorName" in text and "<titles" in text)


def read_datacite_xml(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each element `resource`.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of its records.
    """
    ignored = Ignored(file, {})

    def read_one(found: FoundElement) -> Iterator[Item]:
        payload = datacite_payload(found.element)
        ignored.take(payload.left_out)
        if payload.values:
            yield Record(file.source, file.place(found.where), payload.values)
        else:
            yield file.unreadable("no-metadata", found.where, "the resource is empty; fill it in or delete it")

    yield from records_of(file, iter_elements(file, _ROOTS, settings), read_one, attrgetter("where"))
    yield from ignored.remark()


def datacite_payload(root: XmlElement) -> Payload:
    """Return what a `resource` says, or the one in an `oai_datacite`; some providers leave out the resource between."""
    resource = root if local_name(root) == "resource" else next(root.iterdescendants("{*}resource"), root)
    work, left_out = _work(resource)
    if resource is not root:
        _envelope(root, resource, work, left_out)
    elif local_name(root) == "oai_datacite":
        left_out |= {name: reason for name, reason in _ENVELOPE.items() if work.pop(name, None)}
    gathered = gather(FORMAT.schema, work, FORMAT.table)
    return Payload(
        tuple(gathered.values),
        left_out={**left_out, **{_xml_name(name): reason for name, reason in gathered.left_out.items()}},
    )


def _envelope(root: XmlElement, resource: XmlElement, work: dict[str, Any], left_out: dict[str, str]) -> None:
    """Note what the envelope says around the resource; what is not known of it is kept."""
    around = {resource, *resource.iterancestors(), *resource.iterdescendants()}
    for element in root.iterdescendants("*"):
        name, text = local_name(element), _text(element)
        if element in around or not text:
            continue
        if name in _ENVELOPE:
            left_out[name] = _ENVELOPE[name]
        else:
            _put(work, name, text)


def _work(resource: XmlElement) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the members of a resource, and what was left out of it with the reasons."""
    left_out: dict[str, str] = {}
    work: dict[str, Any] = {}
    for name, text in _attributes(resource, left_out):
        _put(work, name, text)
    if text := _own_text(resource):
        _put(work, "resource", text)
    for child in resource.iterchildren("*"):
        name = local_name(child)
        if name in _LISTS:
            _list(work, child, left_out)
        elif name == "resourceType":
            _put(work, "types", _members(child, left_out))
        elif name == "identifier" and "doi" not in work and DOI.match(text_of(child)):
            work = {"doi": _text(child), **work}
            left_out["identifier@identifierType"] = FIELD_SAYS_IT
        elif name in ("identifier", "publisher") or len(child) or child.attrib:
            _put(work, name, _members(child, left_out))
        else:
            _put(work, name, _text(child))
    return work, left_out


def _list(members: dict[str, Any], element: XmlElement, left_out: dict[str, str]) -> None:
    """Add what a list holds to the members, in the order of the elements; what is said of the list is beside it."""
    name = local_name(element)
    entries = members.setdefault(name, [])
    for child in element.iterchildren("*"):
        entry = _members(child, left_out)
        if name in ("sizes", "formats") and set(entry) == {local_name(child)}:
            entries += entry.values()
        elif entry:
            entries.append(entry)
    for attribute, text in _attributes(element, left_out):
        _put(members, f"{name}.{attribute}", text)
    if text := _own_text(element):
        _put(members, f"{name}.text", text)


def _members(element: XmlElement, left_out: dict[str, str]) -> dict[str, Any]:
    """Return the attributes, the text and the children of an element as members; what is blank is none."""
    name = local_name(element)
    members: dict[str, Any] = {}
    children = list(element.iterchildren("*"))
    for attribute, text in _attributes(element, left_out):
        _put(members, attribute, text)
    if not children or name in _MARKED:
        # Elements within a text are its markup.
        _put(members, _TEXTS.get(name, name), "".join(_pieces(element)).strip() if name in _PROSE else _text(element))
        for child in element.iterdescendants("*"):
            for attribute, text in _attributes(child, left_out):
                _put(members, attribute, text)
        return members
    _put(members, name, _own_text(element))
    for child in children:
        below = local_name(child)
        if below in _LISTS:
            _list(members, child, left_out)
        elif below in _JOINED:
            for key, part in _members(child, left_out).items():
                _put(members, key, part)
        elif below in _SEVERAL:
            if part := _members(child, left_out):
                members.setdefault(_SEVERAL[below], []).append(part)
        else:
            part = _members(child, left_out)
            _put(members, below, part[below] if set(part) == {below} else part)
    return members


def _attributes(element: XmlElement, left_out: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element as members; what says how to read the XML is left out."""
    for attribute, written in element.attrib.items():
        name, text = str(attribute).rpartition("}")[2], str(written).strip()
        if not text:
            continue
        if str(attribute).startswith(_XSI):
            if name == "type":
                left_out[f"{local_name(element)}@type"] = "how the XML types the text"
        else:
            yield _ATTRIBUTES.get(name, name), text


def _put(members: dict[str, Any], name: str, value: Any) -> None:
    """Add a member, unless it is blank; a second value of one name makes a list."""
    if value in ("", {}, []):
        return
    if name not in members:
        members[name] = value
    elif isinstance(members[name], list):
        members[name].append(value)
    else:
        members[name] = [members[name], value]


def _own_text(element: XmlElement) -> str:
    """Return the text of an element outside of its children."""
    return collapse("".join((element.text or "", *((child.tail or "") for child in element))))


def _text(element: XmlElement) -> str:
    """Return all text within an element on one line."""
    return collapse(text_of(element))


def _pieces(element: XmlElement) -> Iterator[str]:
    """Yield all text within an element, with the breaks of lines and paragraphs that its markup makes."""
    yield element.text or ""
    for child in element.iterchildren("*"):
        if local_name(child) in _LINE_BREAKS:
            yield "\n"
        yield from _pieces(child)
        yield child.tail or ""


def _xml_name(name: str) -> str:
    """Return what left a member out by the name of its element in XML: "creators/nameType" is "creatorName@nameType"."""
    *above, last = name.split("/")
    if not above:
        return name
    element = {"nameIdentifiers": "nameIdentifier"}.get(above[-1]) or _LISTS.get(above[-1], above[-1])
    if last in ("name", "nameType", "lang") and element in ("creator", "contributor"):
        element = f"{element}Name"
    if last == "name":
        return element
    attribute = next((xml for xml, member in _ATTRIBUTES.items() if member == last), last)
    return f"number@{attribute}" if attribute == "numberType" else f"{element}@{attribute}"
