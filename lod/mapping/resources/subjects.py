"""Subjects: free keywords, MeSH headings, headings and class marks of other schemes (rules K1, K2 and M1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ACCEPTED
from lod.mapping.resources.links import link_iri
from lod.mapping.values.iris import exact_key, name_key
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, iri, literal

MESH_NAMESPACE = "http://id.nlm.nih.gov/mesh/"
_PART = re.compile(r"(?<!\s)\s++-\s+|/")
_ADDRESS = re.compile(r"https?://\S+$")
_DASHES = re.compile(r"(?:(?<!\s)\s++)?--\s*")


def take_keyword(draft: Draft, rule: Rule, index: int) -> None:
    """State free keywords, split at semicolons and never at commas (rule K1)."""
    text = draft.text(index, paragraphs=False)
    words = [word for word in map(collapse, text.split(";")) if word]
    if not words:
        raise BadValueError("no keyword; correct or delete the value in the source")
    if words != [text]:
        draft.keep(index, "several keywords stood in one value")
    tag = draft.tag(index, text)
    for word in words:
        draft.add(draft.item, rule.property, literal(word, language=tag), index)


def take_mesh(draft: Draft, rule: Rule, index: int) -> None:
    """State a MeSH heading: the descriptor, and one concept a qualifier, below the descriptor (rule M1).

    The text is split at " - " or "/" where a lower-case letter follows: qualifiers start so, descriptors do not.
    """
    text = draft.text(index, paragraphs=False).lstrip("*").strip()
    descriptor, qualifiers = split_heading(text)
    if not descriptor:
        raise BadValueError("no MeSH heading")
    if any(split_heading(f"{descriptor} - {qualifier}") != (descriptor, [qualifier]) for qualifier in qualifiers):
        draft.keep(index, "a slash or dash in it may be read in several ways")
    node = draft.node("concept", "mesh", name_key(descriptor))
    number = draft.maps.mesh.get(folded(descriptor), "")
    _state_concept(draft, rule, index, node, "mesh", "Medical Subject Headings", descriptor, number)
    for qualifier in qualifiers:
        pair = draft.node("concept", "mesh", name_key(descriptor), name_key(qualifier))
        code = draft.maps.mesh_qualifiers.get(folded(qualifier), "")
        label = f"{descriptor}/{qualifier}"
        _state_concept(draft, rule, index, pair, "mesh", "", label, number + code if number and code else "")
        draft.add(pair, draft.terms["skos:broader"], node, index)


def split_heading(text: str) -> tuple[str, list[str]]:
    """Return descriptor and qualifiers of a MeSH heading: "Lupus - immunology" gives "Lupus" and ["immunology"]."""
    descriptor, qualifiers = text, []
    for match in _PART.finditer(text):
        if text[match.end() : match.end() + 2].lstrip("*")[:1].islower():
            descriptor = text[: match.start()]
            qualifiers = [part.lstrip("*").strip() for part in _PART.split(text[match.end() :])]
            break
    return descriptor.strip(), [qualifier for qualifier in qualifiers if qualifier]


def take_concept(draft: Draft, rule: Rule, index: int) -> None:
    """State a heading or class mark of a scheme as a concept, with the address of its authority record (rule K2)."""
    text = heading(draft.text(index, paragraphs=False))
    scheme = rule.options["scheme"]
    node = draft.node("concept", exact_key(scheme), name_key(text))
    _state_concept(draft, rule, index, node, scheme, rule.options["label"], text, "")
    authority = draft.record.values[index].authority
    if authority and (draft.record.values[index].confidence or 0) >= ACCEPTED and _ADDRESS.match(authority):
        draft.add(node, draft.terms["skos:exactMatch"], link_iri(authority), index)
    if rule.options.get("notation"):
        draft.add(node, draft.terms["skos:notation"], literal(text), index)


def heading(text: str) -> str:
    """Return a heading with its parts joined in one way: "Lupus -- Treatment" is "Lupus--Treatment"."""
    return _DASHES.sub("--", text)


def _state_concept(
    draft: Draft, rule: Rule, index: int, node: Iri, scheme: str, scheme_label: str, label: str, mesh_id: str
) -> None:
    terms = draft.terms
    scheme_node = draft.node("scheme", exact_key(scheme))
    draft.add(draft.item, rule.property, node, index)
    draft.typed(node, "skos:Concept", index)
    draft.typed(node, "fabio:SubjectTerm", index)
    draft.add(node, terms["skos:inScheme"], scheme_node, index)
    draft.add(node, terms["skos:prefLabel"], literal(label, language="en" if scheme == "mesh" else None), index)
    if mesh_id:
        draft.add(node, terms["skos:exactMatch"], iri(f"{MESH_NAMESPACE}{mesh_id}"), index)
    if scheme_label:
        draft.typed(scheme_node, "skos:ConceptScheme", index)
        draft.typed(scheme_node, "fabio:TermDictionary", index)
        draft.add(scheme_node, terms["skos:prefLabel"], literal(scheme_label, language="en"), index)
        if scheme == "mesh":
            draft.add(scheme_node, terms["rdfs:seeAlso"], iri(MESH_NAMESPACE), index)
