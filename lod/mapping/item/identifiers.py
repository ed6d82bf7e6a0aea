"""Identifiers of the item, each with its node, mirrors and link (rules H1 and I1, MODEL section 11)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule, Scheme
from lod.mapping.draft import Draft
from lod.mapping.resources.links import keep_unless_address, link_iri
from lod.mapping.values.identifiers import FORMS, link_path, split_addresses
from lod.mapping.values.iris import handle_key, handle_of
from lod.rdf.claims import XSD_NS, Iri, iri_text, literal
from lod.report import Severity


def take_identifier(draft: Draft, rule: Rule, index: int) -> None:
    """Read an identifier in the form of its scheme; it is stated at the end, with its node, mirrors and link."""
    scheme = draft.crosswalk.schemes[rule.options["scheme"]]
    value = FORMS[scheme.form](draft.record.values[index].text)
    if not value:
        raise BadValueError("nothing is left of the identifier")
    _wait(draft, scheme.name, value, index)


def take_uri(draft: Draft, rule: Rule, index: int) -> None:
    """State a handle, a DOI or another address, each as what it is (rules H1 and I1)."""
    text = draft.record.values[index].text
    addresses = split_addresses(text)
    if len(addresses) > 1:
        message = "Two addresses run together in one value; each was read by itself. Give each a value of its own."
        draft.note("D22", Severity.WARNING, message, index)
    handle = handle_of(addresses[0])
    for other in filter(None, map(handle_of, addresses[1:])):
        if other != handle:
            draft.add(draft.item, draft.terms["schema:sameAs"], link_iri(f"https://hdl.handle.net/{other}"), index)
    if handle is None:
        take_classified(draft, rule, index)
    elif handle_key(handle) == draft.key:
        _wait(draft, "handle", handle, index)
        draft.add(draft.item, draft.terms["dcterms:identifier"], literal(f"https://hdl.handle.net/{handle}"), index)
    else:
        draft.add(draft.item, draft.terms["schema:sameAs"], link_iri(f"https://hdl.handle.net/{handle}"), index)
    if len(addresses) > 1 and all(map(handle_of, addresses)):
        # Each of them is stated, so nothing is lost.
        draft.states[index].kept = False


def take_classified(draft: Draft, rule: Rule, index: int) -> None:
    """State an identifier that has no known shape (rule I1): a web address as a link, anything else as a local identifier."""
    text = draft.record.values[index].text
    address = web_address(text)
    if address:
        url = iri_text(address)
        if _NOT_THE_ITEM.search(url):
            draft.keep(index, "the address of a small picture or of a viewer's data, not of the item")
        else:
            draft.add(draft.item, draft.terms["bibo:uri"], literal(url), index)
            draft.add(draft.item, draft.terms["fabio:hasURL"], literal(url, datatype=f"{XSD_NS}anyURI"), index)
        draft.add(draft.item, draft.terms["rdfs:seeAlso"], address, index)
        keep_unless_address(draft, address, index)
    else:
        _wait(draft, "local", collapse(text), index)


# Thumbnails and manifests, as CONTENTdm, Islandora, Samvera, DSpace and IIIF servers name them.
_NOT_THE_ITEM = re.compile(
    r"/(?:[a-z]{0,20}/)?(?:thumbnails?|thumbs?|getthumbnail)/|[/_.-](?:thumbnail|thumb|tn)(?:\.(?:jpe?g|png|gif))?(?:/view)?(?:\?\S{0,200})?$|\.(?:jpg|jpeg|png)\.jpg$|/iiif/\S{1,300}/(?:info|manifest)(?:\.json)?$|/manifest(?:\.json)?$",
    re.IGNORECASE,
)


def web_address(text: str) -> Iri | None:
    """Return the encoded IRI of a web address, None for any other text.

    Raises:
        BadValueError: an address that is no IRI.
    """
    return link_iri(text) if re.match(r"\s*https?://", text, re.IGNORECASE) else None


def _wait(draft: Draft, scheme: str, value: str, index: int) -> None:
    draft.identifiers[scheme].append((index, value))
    draft.keep_unless(value, index, "written in the canonical form of its scheme")


def assemble(draft: Draft) -> None:
    for name, values in draft.identifiers.items():
        # FaBiO and PRISM twins are functional: they repeat a single value only (MODEL section 11).
        single = len({value for _, value in values}) == 1
        for index, value in values:
            _state_identifier(draft, draft.crosswalk.schemes[name], value, single, index)
    _leave_self_links(draft)
    if "handle" not in draft.identifiers and draft.key[:1].isdigit():
        # The source names the handle itself, outside the fields.
        handle = draft.record.handle or _handle_among(draft)
        if handle:
            draft.add(draft.item, draft.terms["dcterms:identifier"], literal(f"https://hdl.handle.net/{handle}"))
            _state_identifier(draft, draft.crosswalk.schemes["handle"], handle, True)


_RELATIONS = (
    "dcterms:relation", "dcterms:references", "cito:cites", "dcterms:isReferencedBy", "dcterms:hasVersion", "dcterms:isVersionOf",
    "dcterms:isFormatOf", "dcterms:hasFormat", "dcterms:source", "dcterms:isPartOf", "frbr:partOf", "dcterms:hasPart",
    "dcterms:replaces", "dcterms:isReplacedBy", "dcterms:requires", "dcterms:isRequiredBy",
)  # fmt: skip


def _leave_self_links(draft: Draft) -> None:
    """Leave out relations of the item to itself, by its own handle or another identifier that represents it; one that is guessed takes none away."""
    same_as = f"{draft.item} {draft.terms['schema:sameAs']} "
    others = (line for line in draft.claims if line.startswith(same_as) and line not in draft.guessed)
    itself = {draft.item, *(line[len(same_as) : -2] for line in others)}
    for name in _RELATIONS:
        for target in itself:
            for index in draft.claims.pop(f"{draft.item} {draft.terms[name]} {target} .", ()):
                draft.keep(index, "it names the item itself, which is no relation")


def _state_identifier(draft: Draft, scheme: Scheme, value: str, single: bool, *origins: int) -> None:
    mirrors = scheme.mirrors if single and draft.crosswalk.settings.mirrors else ()
    for property_ in (*scheme.properties, *mirrors):
        draft.add(draft.item, property_, literal(value), *origins)
    draft.identifier_node(draft.item, "datacite:ResourceIdentifier", scheme.name, scheme.scheme, value, *origins)
    if scheme.link:
        target = value.partition("v")[0] if scheme.name == "arxiv" and not value.startswith("v") else value
        draft.add(draft.item, scheme.link_property, link_iri(scheme.link.format(link_path(target))), *origins)


def _handle_among(draft: Draft) -> str | None:
    handles = (handle_of(value.text) for value in draft.record.values)
    return next((handle for handle in handles if handle and handle_key(handle) == draft.key), None)
