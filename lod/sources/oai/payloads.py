"""PAYLOADS: the forms of metadata in OAI-PMH, detected from the metadata, never from the request."""

from __future__ import annotations

import re
from collections.abc import Callable

from lod.sources.dublin_core.dim import bag, dim
from lod.sources.dublin_core.qualified_dc import dublin_core
from lod.sources.marc.marcxml import NAMESPACE, marc_payload
from lod.sources.mods.element import mods_payload
from lod.sources.oai.doaj_article import doaj_article
from lod.sources.oai.mets import mets
from lod.sources.oai.openaire import openaire
from lod.sources.oai.xoai import xoai
from lod.sources.parsing.xml_files import XmlElement, local_name, namespace
from lod.sources.reading.payload import Payload
from lod.sources.works.datacite_xml import KERNEL, datacite_payload

_ReadPayload = Callable[[XmlElement], Payload | None]

_BARE_ROOT = re.compile(
    r"""\A(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+<[\w.-]++(?:\s++(?!xmlns\s*=)[^\s>]++)*+\s*+/?>""",
    re.DOTALL,
)
"""The first tag of a file, where it declares no namespace for itself."""

_FIELDS_OF_DSPACE = re.compile(r"<value\s[^>]{0,200}\belement\s*=|<element\s+name\s*=")
_OWN_READER = frozenset({"mods", "record", "collection"})
_COMMON = frozenset({*_OWN_READER, "metadata", "resource"})
"""Names that much other XML has as well, or that have their own reader."""

DATACITE = f"{KERNEL}4"
OAI_DATACITE = "http://schema.datacite.org/oai/oai-1.1/"
XOAI = "http://www.lyncode.com/xoai"


def _mets(root: XmlElement) -> Payload | None:
    return mets(root, read_payload)


def _xoai(root: XmlElement) -> Payload | None:
    """Return what xoai says, or what the metadata of another form says that xoai is around."""
    other = next((child for child in root if namespace(child) != XOAI), None)
    return xoai(root) if other is None else read_payload(other)


PAYLOADS: dict[tuple[str, str], tuple[str, _ReadPayload]] = {
    ("http://www.dspace.org/xmlns/dspace/dim", "dim"): ("dim", dim),
    (XOAI, "metadata"): ("xoai", _xoai),
    ("http://www.openarchives.org/OAI/2.0/oai_dc/", "dc"): ("oai_dc", dublin_core),
    ("http://dspace.org/qualifieddc/", "qualifieddc"): ("qdc", dublin_core),
    ("http://www.bepress.com/OAI/2.0/qualified-dublin-core/", "qualifieddc"): ("qdc", dublin_core),
    ("", "qualifieddc"): ("qdc", dublin_core),
    ("http://ns.nsdl.org/nsdl_dc_v1.02/", "nsdl_dc"): ("nsdl_dc", dublin_core),
    ("http://namespace.openaire.eu/schema/oaire/", "resource"): ("oai_openaire", openaire),
    (DATACITE, "resource"): ("oai_datacite", datacite_payload),
    (f"{KERNEL}3", "resource"): ("oai_datacite", datacite_payload),
    (OAI_DATACITE, "oai_datacite"): ("oai_datacite", datacite_payload),
    ("http://schema.datacite.org/oai/oai-1.0/", "oai_datacite"): ("oai_datacite", datacite_payload),
    ("http://doaj.org/features/oai_doaj/1.0/", "doajArticle"): ("oai_doaj", doaj_article),
    ("", "metadata"): ("DSpace's bags", bag),
    ("http://www.loc.gov/mods/v3", "mods"): ("mods", mods_payload),
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

    A root of a qualified Dublin Core of one's own is known by its name: repositories give it many namespaces. So is a root
    without a namespace, since the names of the forms are distinct. DataCite has a namespace for each version of its kernel, and of
    its envelope, which providers write with a slash at the end and without.
    """
    space, name = namespace(root), local_name(root)
    if (space, name) not in PAYLOADS:
        if name in {"qualifieddc", "dc", "oai_dc", "dcterms"}:
            space, name = "", "qualifieddc"
        elif name == "oai_datacite":
            space = OAI_DATACITE
        elif name == "resource" and space.startswith(KERNEL):
            space = DATACITE
        elif not space:
            space = next((known for known, known_name in PAYLOADS if known_name == name), "")
    elif (space, name) == ("", "metadata") and any(local_name(child) == "element" for child in root):
        return xoai(root)
    return PAYLOADS[space, name][1](root) if (space, name) in PAYLOADS else None


def payload_names(text: str, root: str) -> frozenset[str]:
    """Return the names of the forms of metadata that a file holds which starts with this text; MODS and MARC have their own readers."""
    if _BARE_ROOT.search(text):
        known = {"metadata"} if _FIELDS_OF_DSPACE.search(text) else {name for _, name in PAYLOADS} - _COMMON
        return frozenset({root} & known)
    return frozenset(
        name
        for space, name in PAYLOADS
        if name not in _OWN_READER and space and space in text and re.search(rf"<(?:[\w.-]+:)?{name}[\s>]", text)
    )
