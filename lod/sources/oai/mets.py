"""METS as DSpace disseminates it: descriptive metadata of any known form, and the files of each bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from lod.numbers import whole_number
from lod.record import File, checksum_of
from lod.sources.dublin_core.qualified_dc import ELEMENTS, TERMS, dublin_core
from lod.sources.parsing.xml_files import XLINK_HREF, XmlElement, local_name, namespace, text_of
from lod.sources.reading.payload import Payload

_DC = frozenset({ELEMENTS, TERMS})
_PARTS = {
    "mets": "how the parts of METS are joined and named; type, size, checksum and address of the files are taken",
    "metsHdr": "who made the METS file, and when",
    "amdSec": "technical metadata; the names of the files are taken from it",
    "structMap": "the order of the parts of METS",
}


def mets(root: XmlElement, read: Callable[[XmlElement], Payload | None]) -> Payload | None:
    """Return the first descriptive metadata that `read` knows, with the files; None where it knows none.

    A METS file may hold the same metadata in several forms.
    """
    sections = list(root.iterfind("{*}dmdSec/{*}mdWrap/{*}xmlData"))
    wrapped = [child for data in sections for child in data]
    payload = next((found for element in wrapped if (found := read(element)) is not None), None)
    forms = len(wrapped) if payload else len(sections)
    if payload is None:
        # Elements of Dublin Core may stand in the section without one around them.
        payload = next((dublin_core(data) for data in sections if any(namespace(child) in _DC for child in data)), None)
    if payload is None:
        return None
    identifier = " ".join(root.get("OBJID", "").split())
    handle = identifier.removeprefix("hdl:") if identifier.startswith("hdl:") else None
    return Payload(
        payload.values,
        tuple(_files(root)),
        handle=handle or payload.handle,
        left_out={**payload.left_out, **_left_out(root, forms)},
    )


def _left_out(root: XmlElement, forms: int) -> dict[str, str]:
    """Return the parts of METS that are about the file itself."""
    names = {local_name(child) for child in root.iterchildren("*")} & _PARTS.keys()
    left_out = {name: _PARTS[name] for name in names}
    described = root.iterfind("{*}dmdSec")
    marked = [root, *described, *root.iterfind("{*}dmdSec/{*}mdWrap"), *root.iterfind("{*}fileSec//{*}*")]
    for element in marked:
        for name in element.attrib:
            left_out[f"{local_name(element)}@{str(name).rpartition('}')[2]}"] = _PARTS["mets"]
    if forms > 1:
        left_out["dmdSec"] = "the same metadata in another form"
    return left_out


def _files(root: XmlElement) -> Iterator[File]:
    names = dict(_original_names(root))
    for group in root.iterfind("{*}fileSec/{*}fileGrp"):
        for file in group.iterfind("{*}file"):
            location = file.find("{*}FLocat")
            address = location.get(XLINK_HREF, "") if location is not None else ""
            yield File(
                names.get(file.get("ADMID", "")) or unquote(urlsplit(address).path.rpartition("/")[2]),
                address if address.startswith(("http://", "https://")) else None,
                file.get("MIMETYPE"),
                whole_number(file.get("SIZE", "")),
                checksum_of(file.get("CHECKSUMTYPE"), file.get("CHECKSUM")),
                group.get("USE", "ORIGINAL"),
                file.get("SEQ"),
            )


def _original_names(root: XmlElement) -> Iterator[tuple[str, str]]:
    for section in root.iterfind("{*}amdSec"):
        for name in section.iterfind(".//{*}originalName"):
            yield section.get("ID", ""), text_of(name).strip()
