"""METS as DSpace disseminates it: descriptive metadata of any known form, and the files of each bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from lod.numbers import whole_number
from lod.record import File, checksum_of
from lod.sources.dublin_core.qualified_dc import ELEMENTS, TERMS, dublin_core
from lod.sources.parsing.xml_files import XLINK_HREF, XmlElement, namespace, text_of
from lod.sources.reading.payload import Payload

_DC = frozenset({ELEMENTS, TERMS})


def mets(root: XmlElement, read: Callable[[XmlElement], Payload | None]) -> Payload | None:
    """Return the first descriptive metadata that `read` knows, with the files; None where it knows none.

    A METS file may hold the same metadata in several forms.
    """
    sections = list(root.iterfind("{*}dmdSec/{*}mdWrap/{*}xmlData"))
    wrapped = [child for data in sections for child in data]
    payload = next((found for element in wrapped if (found := read(element)) is not None), None)
    if payload is None:
        # Elements of Dublin Core may stand in the section without one around them.
        payload = next((dublin_core(data) for data in sections if any(namespace(child) in _DC for child in data)), None)
    if payload is None:
        return None
    identifier = " ".join(root.get("OBJID", "").split())
    handle = identifier.removeprefix("hdl:") if identifier.startswith("hdl:") else None
    return Payload(payload.values, tuple(_files(root)), handle=handle or payload.handle)


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
