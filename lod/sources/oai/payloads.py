"""PAYLOADS: the forms of metadata in OAI-PMH, detected from the metadata, never from the request."""

from __future__ import annotations

from collections.abc import Callable

from lod.sources.dublin_core.dim import dim
from lod.sources.dublin_core.qualified_dc import dublin_core
from lod.sources.marc.marcxml import NAMESPACE, marc_payload
from lod.sources.mods.element import mods_values
from lod.sources.oai.mets import mets
from lod.sources.oai.openaire import openaire
from lod.sources.oai.xoai import xoai
from lod.sources.parsing.xml_files import XmlElement, local_name, namespace
from lod.sources.reading.payload import Payload

_ReadPayload = Callable[[XmlElement], Payload | None]

XOAI = "http://www.lyncode.com/xoai"


def _mods(root: XmlElement) -> Payload:
    return Payload(tuple(mods_values(root)))


def _mets(root: XmlElement) -> Payload | None:
    return mets(root, read_payload)


PAYLOADS: dict[tuple[str, str], tuple[str, _ReadPayload]] = {
    ("http://www.dspace.org/xmlns/dspace/dim", "dim"): ("dim", dim),
    (XOAI, "metadata"): ("xoai", xoai),
    ("http://www.openarchives.org/OAI/2.0/oai_dc/", "dc"): ("oai_dc", dublin_core),
    ("http://dspace.org/qualifieddc/", "qualifieddc"): ("qdc", dublin_core),
    ("http://www.bepress.com/OAI/2.0/qualified-dublin-core/", "qualifieddc"): ("qdc", dublin_core),
    ("", "qualifieddc"): ("qdc", dublin_core),
    ("http://ns.nsdl.org/nsdl_dc_v1.02/", "nsdl_dc"): ("nsdl_dc", dublin_core),
    ("http://namespace.openaire.eu/schema/oaire/", "resource"): ("oai_openaire", openaire),
    ("http://www.loc.gov/mods/v3", "mods"): ("mods", _mods),
    (NAMESPACE, "record"): ("marcxml", marc_payload),
    (NAMESPACE, "collection"): ("marcxml", marc_payload),
    ("", "record"): ("marcxml", marc_payload),
    ("", "collection"): ("marcxml", marc_payload),
    ("http://www.loc.gov/METS/", "mets"): ("mets", _mets),
}
"""By namespace and name of the payload's root: the metadata prefix that it usually has, and its reader."""

KNOWN = tuple(dict.fromkeys(name for name, _ in PAYLOADS.values()))


def read_payload(root: XmlElement) -> Payload | None:
    """Return what the metadata says, None where its form is not known.

    A root of a qualified Dublin Core of one's own is known by its name: repositories give it many namespaces.
    """
    name = local_name(root)
    key = (namespace(root), name)
    if key not in PAYLOADS and name in {"qualifieddc", "dc", "oai_dc", "dcterms"}:
        key = ("", "qualifieddc")
    return PAYLOADS[key][1](root) if key in PAYLOADS else None
