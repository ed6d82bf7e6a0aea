"""Provenance of harvested records, in the container `about`. Source: OAI-PMH, "XML schema to hold provenance information"."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from lod.store.base import SourceRecord
from lod.web.oai.formats import METADATA_FORMATS
from lod.web.writing.xml_text import element, tagged

PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"
PROVENANCE_SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"

_NAMESPACES = {
    **{prefix: form.namespace for prefix, form in METADATA_FORMATS.items()},
    "xoai": "http://www.lyncode.com/xoai",
    "mets": "http://www.loc.gov/METS/",
    "marcxml": "http://www.loc.gov/MARC21/slim",
    "oai_datacite": "http://schema.datacite.org/oai/oai-1.1/",
    "oai_doaj": "http://doaj.org/features/oai_doaj/1.0/",
}


def write_provenance(source: SourceRecord | None) -> str:
    """Return from which provider a record was harvested; "" for one that was not, or of which too little is known.

    The date of the harvest is that on which this site mapped the record, which is that day or later.
    """
    if source is None or not (source.oai_identifier and source.datestamp and source.url):
        return ""
    parts = urlsplit(source.url)
    namespace = _NAMESPACES.get(next(iter(parse_qs(parts.query).get("metadataPrefix", [])), ""))
    if namespace is None:
        return ""
    origin = tagged(
        "originDescription",
        element("baseURL", f"{parts.scheme}://{parts.netloc}{parts.path}")
        + element("identifier", source.oai_identifier)
        + element("datestamp", source.datestamp)
        + element("metadataNamespace", namespace),
        {"harvestDate": source.taken, "altered": "true"},
    )
    return tagged(
        "about",
        tagged(
            "provenance",
            origin,
            {
                "xmlns": PROVENANCE,
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation": f"{PROVENANCE} {PROVENANCE_SCHEMA}",
            },
        ),
    )
