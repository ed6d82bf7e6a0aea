"""Dublin Core as XML: oai_dc, qualified (qdc, nsdl_dc), and qualified without namespaces. DIM has its own module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lod.record import Value
from lod.sources.parsing.xml_files import XML_LANG, XmlElement, local_name, namespace, text_of
from lod.sources.reading.payload import Payload

ELEMENTS = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XSI_TYPE = f"{_XSI}type"

_FIFTEEN = frozenset({
    "contributor", "coverage", "creator", "date", "description", "format", "identifier", "language",
    "publisher", "relation", "rights", "source", "subject", "title", "type",
})  # fmt: skip

REFINED = frozenset({
    "abstract", "accessRights", "accrualMethod", "accrualPeriodicity", "accrualPolicy", "alternative",
    "audience", "available", "bibliographicCitation", "conformsTo", "created", "dateAccepted",
    "dateCopyrighted", "dateSubmitted", "educationLevel", "extent", "hasFormat", "hasPart", "hasVersion",
    "instructionalMethod", "isFormatOf", "isPartOf", "isReferencedBy", "isReplacedBy", "isRequiredBy", "issued",
    "isVersionOf", "license", "mediator", "medium", "modified", "provenance", "references", "replaces",
    "requires", "rightsHolder", "spatial", "tableOfContents", "temporal", "valid",
})  # fmt: skip
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
    texts = [
        (child, leaf, text)
        for child in root.iterchildren("*")
        for leaf in _leaves(child)
        if (text := text_of(leaf).strip())
    ]
    values = tuple(Value(_field(root, child), text, _language(leaf) or _language(child)) for child, leaf, text in texts)
    return Payload(values, left_out=_left_out(root, list(dict.fromkeys(child for child, _, _ in texts))))


def _leaves(element: XmlElement) -> Iterator[XmlElement]:
    """Yield the elements whose texts are values: an element with its markup, or what is within one that holds elements only.

    RDF that is in an element ("<foaf:Person><foaf:name>…") says several things, which are not one text.
    """
    children = list(element.iterchildren("*"))
    if not children or any(part.strip() for part in (element.text or "", *((child.tail or "") for child in children))):
        yield element
        return
    for child in children:
        yield from _leaves(child)


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


def _left_out(root: XmlElement, children: Sequence[XmlElement]) -> dict[str, str]:
    """Return the attributes that give no part of a value: schemes that are not a qualifier, marks of the form itself."""
    left_out = {
        f"{local_name(root)}@{name.rpartition('}')[2]}": "how the record itself is written"
        for name in map(str, root.attrib)
        if not name.startswith(_XSI)
    }
    if any(part.strip() for part in (root.text or "", *((child.tail or "") for child in root))):
        left_out[local_name(root)] = "text outside of its elements"
    for child in children:
        for inner in child.iterdescendants("*"):
            for name in map(str, inner.attrib):
                if name not in {XML_LANG, "lang"}:
                    reason = "an attribute of what is within an element of Dublin Core"
                    left_out[f"{local_name(inner)}@{name.rpartition('}')[2]}"] = reason
        for name in map(str, child.attrib):
            if name not in {XML_LANG, "lang"} and not (name == "type" and not namespace(child)):
                reason = "the scheme of the text, which its form or the field says"
                left_out[f"{local_name(child)}@{name.rpartition('}')[2]}"] = reason
    return left_out


def _language(child: XmlElement) -> str | None:
    return child.get(XML_LANG) or child.get("lang") or None
