"""Dublin Core as XML, in its four dresses: oai_dc, qualified (qdc, nsdl_dc), qualified without namespaces, and DIM."""

from __future__ import annotations

from collections.abc import Iterator

from lod.numbers import whole_number
from lod.record import Value
from lod.sources.parsing.xml_files import XmlElement, local_name, namespace, text_of
from lod.sources.reading.payload import Payload

ELEMENTS = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

_FIFTEEN = frozenset(
    {
        "contributor",
        "coverage",
        "creator",
        "date",
        "description",
        "format",
        "identifier",
        "language",
        "publisher",
        "relation",
        "rights",
        "source",
        "subject",
        "title",
        "type",
    }
)

REFINED = frozenset(
    {
        "abstract",
        "accessRights",
        "accrualMethod",
        "accrualPeriodicity",
        "accrualPolicy",
        "alternative",
        "audience",
        "available",
        "bibliographicCitation",
        "conformsTo",
        "created",
        "dateAccepted",
        "dateCopyrighted",
        "dateSubmitted",
        "educationLevel",
        "extent",
        "hasFormat",
        "hasPart",
        "hasVersion",
        "instructionalMethod",
        "isFormatOf",
        "isPartOf",
        "isReferencedBy",
        "isReplacedBy",
        "isRequiredBy",
        "issued",
        "isVersionOf",
        "license",
        "mediator",
        "medium",
        "modified",
        "provenance",
        "references",
        "replaces",
        "requires",
        "rightsHolder",
        "spatial",
        "tableOfContents",
        "temporal",
        "valid",
    }
)
"""DCMI terms that refine the fifteen. Source: DCMI Metadata Terms, 2020-01-20, section 2."""

SCHEMES = {
    ("identifier", "URI"): "uri",
    ("subject", "LCSH"): "lcsh",
    ("subject", "MESH"): "mesh",
    ("subject", "DDC"): "ddc",
    ("subject", "LCC"): "lcc",
    ("language", "RFC1766"): "rfc3066",
    ("language", "RFC3066"): "rfc3066",
    ("language", "RFC4646"): "rfc3066",
    ("language", "RFC5646"): "rfc3066",
    ("language", "ISO639-2"): "iso",
    ("language", "ISO639-3"): "iso",
    ("format", "IMT"): "mimetype",
}
"""Encoding schemes (`xsi:type="dcterms:URI"`) that DSpace's field names have a qualifier for."""


def dublin_core(root: XmlElement) -> Payload:
    """Return the values of oai_dc, qdc, nsdl_dc and the form without namespaces.

    Elements of the Dublin Core element set give "dc.title", terms "dcterms.issued", elements of other vocabularies the
    field that their prefix names ("lar.readiness"). An encoding scheme, or the attribute `type` where there are no
    namespaces, gives the qualifier.
    """
    return Payload(tuple(value for child in root for value in _value(_field(root, child), child, _language(child))))


def dim(root: XmlElement) -> Payload:
    """Return the values of DSpace's own form, with authorities; a field without a schema is one of "dc"."""
    return Payload(tuple(value for child in root for value in _dim_value(child)))


def _dim_value(child: XmlElement) -> Iterator[Value]:
    parts = (child.get("mdschema") or "dc", child.get("element"), child.get("qualifier"))
    field = ".".join(part.strip() for part in parts if part and part.strip() not in {"", "none"})
    language = child.get("lang") or child.get(_XML_LANG)
    yield from _value(field, child, language, child.get("authority"), child.get("confidence"))


def _value(
    field: str, child: XmlElement, language: str | None, authority: str | None = None, confidence: str | None = None
) -> Iterator[Value]:
    text = text_of(child).strip()
    if text:
        yield Value(field, text, language or None, authority or None, confidence_of(confidence))


def confidence_of(text: str | None) -> int | None:
    """Return DSpace's confidence as a number, None where there is none."""
    written = (text or "").strip()
    number = whole_number(written.removeprefix("-"))
    return -number if number and written.startswith("-") else number


def _field(root: XmlElement, child: XmlElement) -> str:
    space, name = namespace(child), local_name(child)
    if space == TERMS:
        return f"dcterms.{name}"
    if space == ELEMENTS:
        qualifier = SCHEMES.get((name, child.get(_XSI_TYPE, "").rpartition(":")[2].upper()))
        return f"dc.{name}.{qualifier}" if qualifier else f"dc.{name}"
    if space:
        return f"{child.prefix or local_name(root)}.{name}"
    schema = "dc" if name in _FIFTEEN else "dcterms" if name in REFINED else local_name(root)
    return ".".join(filter(None, (schema, name, child.get("type", "").strip())))


def _language(child: XmlElement) -> str | None:
    language: str | None = child.get(_XML_LANG) or child.get("lang")
    return language
