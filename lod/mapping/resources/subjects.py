"""Subjects: free keywords, MeSH headings, headings and class marks of other schemes (rules K1, K2 and M1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ACCEPTED, key_beside
from lod.mapping.resources.links import link_iri
from lod.mapping.values.iris import exact_key, name_key
from lod.mapping.values.keys import read_key
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, iri, literal

MESH_NAMESPACE = "http://id.nlm.nih.gov/mesh/"
_MESH_KEY = re.compile(r"([DC]\d{6,9})(Q\d{6,9})?")
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
    if len(words) == 1 and (key := key_beside(draft, index, frozenset(_SCHEMES))):
        node = draft.node("concept", key.scheme, name_key(words[0]))
        _state_concept(
            draft, draft.terms["dcterms:subject"], index, node, key.scheme, _SCHEMES[key.scheme], words[0], ""
        )
        draft.add(node, draft.terms["skos:exactMatch"], iri(key.link), index)


_SCHEMES = {
    "agrovoc": "AGROVOC",
    "fast": "Faceted Application of Subject Terminology",
    "gnd": "Gemeinsame Normdatei",
    "lcsh": "Library of Congress Subject Headings",
    "mesh": "Medical Subject Headings",
}
"""Schemes of subjects that a key beside a keyword or heading may be of, with their labels."""


def take_mesh(draft: Draft, rule: Rule, index: int) -> None:
    """State a MeSH heading: the descriptor, and one concept a qualifier, below the descriptor (rule M1).

    An authority key that is an address in MeSH says which concept it is, else the table of descriptors does.
    The text is split at " - " or "/" where a lower-case letter follows: qualifiers start so, descriptors do not.
    """
    text = draft.text(index, paragraphs=False).lstrip("*").strip()
    descriptor, qualifiers = split_heading(text)
    if not descriptor:
        raise BadValueError("no MeSH heading")
    if any(split_heading(f"{descriptor} - {qualifier}") != (descriptor, [qualifier]) for qualifier in qualifiers):
        draft.keep(index, "a slash or dash in it may be read in several ways")
    node = draft.node("concept", "mesh", name_key(descriptor))
    key = key_beside(draft, index, frozenset({"mesh"}))
    stated = _MESH_KEY.fullmatch(key.value) if key else None
    number = stated[1] if stated else draft.maps.mesh.get(folded(descriptor), "")
    _state_concept(draft, rule.property, index, node, "mesh", "Medical Subject Headings", descriptor, number)
    for qualifier in qualifiers:
        pair = draft.node("concept", "mesh", name_key(descriptor), name_key(qualifier))
        code = (stated[2] if stated else "") or draft.maps.mesh_qualifiers.get(folded(qualifier), "")
        label = f"{descriptor}/{qualifier}"
        _state_concept(draft, rule.property, index, pair, "mesh", "", label, number + code if number and code else "")
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
    _state_concept(draft, rule.property, index, node, scheme, rule.options["label"], text, "")
    authority = draft.record.values[index].authority or ""
    chosen = (draft.record.values[index].confidence or 0) >= ACCEPTED
    if chosen and _ADDRESS.match(authority) and read_key(authority) is None:
        # Of an authority file that has no forms of its own; the source chose the address for this heading.
        draft.add(node, draft.terms["skos:exactMatch"], link_iri(authority), index)
        draft.keys_used.add(index)
    elif key := key_beside(draft, index, frozenset({scheme})):
        draft.add(node, draft.terms["skos:exactMatch"], iri(key.link), index)
    if rule.options.get("notation"):
        draft.add(node, draft.terms["skos:notation"], literal(text), index)


def heading(text: str) -> str:
    """Return a heading with its parts joined in one way: "Lupus -- Treatment" is "Lupus--Treatment"."""
    return _DASHES.sub("--", text)


def _state_concept(
    draft: Draft, property_: Iri, index: int, node: Iri, scheme: str, scheme_label: str, label: str, mesh_id: str
) -> None:
    terms = draft.terms
    scheme_node = draft.node("scheme", exact_key(scheme))
    draft.add(draft.item, property_, node, index)
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
