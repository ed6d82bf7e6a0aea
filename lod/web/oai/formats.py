"""Forms of metadata on offer: one row a prefix. Source: OAI-PMH 2.0, sections 3.4 and 4.4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lod.rdf.claims import RDF_NS
from lod.store.item_changes import HAS_FIELDS
from lod.web.oai.described import DescribedItem
from lod.web.oai.dim import DIM, DIM_SCHEMA, write_dim
from lod.web.oai.dublin_core import OAI_DC, OAI_DC_SCHEMA, QDC, QDC_SCHEMA, write_oai_dc, write_qdc
from lod.web.oai.mods import MODS, MODS_SCHEMA, write_mods
from lod.web.oai.openaire import OPENAIRE, OPENAIRE_SCHEMA, write_openaire
from lod.web.writing.rdf_xml import rdf_element

RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A form of metadata: where its schema is, its namespace, its writer, and the group of the items that have it, "" for all."""

    schema: str
    namespace: str
    write: Callable[[DescribedItem], str]
    group: str = ""


def write_rdf(item: DescribedItem) -> str:
    """Return the document of an item as RDF/XML: the graph that its address gives, but for characters that XML forbids."""
    attributes = (
        f'\n  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n  xsi:schemaLocation="{RDF_NS} {RDF_SCHEMA}"'
    )
    return rdf_element(item.document, item.view.service.context, attributes=attributes, replaced=True)


METADATA_FORMATS = {
    "oai_dc": MetadataFormat(OAI_DC_SCHEMA, OAI_DC, write_oai_dc),
    "qdc": MetadataFormat(QDC_SCHEMA, QDC, write_qdc),
    "rdf": MetadataFormat(RDF_SCHEMA, RDF_NS, write_rdf),
    "oai_openaire": MetadataFormat(OPENAIRE_SCHEMA, OPENAIRE, write_openaire),
    "mods": MetadataFormat(MODS_SCHEMA, MODS, write_mods),
    "dim": MetadataFormat(DIM_SCHEMA, DIM, write_dim, HAS_FIELDS),
}
