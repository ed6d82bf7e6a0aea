"""Subjects: free keywords, MeSH headings, headings and class marks of other schemes (rules K1, K2 and M1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ACCEPTED, key_beside
from lod.mapping.resources.links import link_iri
from lod.mapping.values.authority_keys import read_key
from lod.mapping.values.iris import exact_key, name_key
from lod.mapping.values.maps import Heading, compared
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, iri, literal

MESH_NAMESPACE = "http://id.nlm.nih.gov/mesh/"
_MESH_KEY = re.compile(r"([DC]\d{6,9})(Q\d{6,9})?")
_PART = re.compile(r"(?<!\s)\s++-\s+|/")
_ADDRESS = re.compile(r"https?://\S+$")
_DASHES = re.compile(r"(?:(?<!\s)\s++)?--\s*")
# A range ("300-399") is no class, and a longer number none of Dewey's.
_DEWEY = re.compile(
    r"(?:ddc\b[\s:]{0,3})?(\d{3}(?:['’′/]?\.[\d'’′/]{1,24})?)\.?(?![\d.]|\s?[-–]\s?\d)(.*)", re.IGNORECASE | re.DOTALL
)


def split_list(text: str) -> list[str]:
    """Return the subjects of a value, which semicolons separate; a semicolon at the end is none of the last one."""
    return [part for part in map(collapse, text.split(";")) if part]


def _subjects(draft: Draft, index: int) -> list[str]:
    """Return the subjects in a value. All of them are stated, so that a list is not kept verbatim beside them.

    Raises:
        BadValueError: there is none.
    """
    text = draft.text(index, paragraphs=False)
    parts = split_list(text)
    if not parts:
        raise BadValueError("no subject; correct or delete the value in the source")
    return parts


def take_keyword(draft: Draft, rule: Rule, index: int) -> None:
    """State free keywords, split at semicolons and never at commas (rule K1)."""
    words = _subjects(draft, index)
    tag = draft.tag(index, " ".join(words))
    for word in words:
        draft.add(draft.item, rule.property, literal(word, language=tag), index)
    if len(words) == 1 and (key := key_beside(draft, index, _KEYED)):
        node = draft.node("concept", key.scheme, name_key(words[0]))
        _state_concept(draft, draft.terms["dcterms:subject"], index, node, key.scheme, words[0])
        draft.add(node, draft.terms["skos:exactMatch"], iri(key.link), index)
    for word in words:
        for listed in draft.maps.headings.get(compared(word), ()):
            _state_listed(draft, index, listed)


def _state_listed(draft: Draft, index: int, listed: Heading) -> None:
    """State the heading that the site's table of headings has for a keyword."""
    node = draft.node("concept", exact_key(listed.scheme), name_key(listed.label))
    _state_concept(draft, draft.terms["dcterms:subject"], index, node, listed.scheme, listed.label)
    if listed.scheme not in draft.crosswalk.concept_schemes:
        scheme = draft.node("scheme", exact_key(listed.scheme))
        draft.typed(scheme, "skos:ConceptScheme", index)
        draft.typed(scheme, "fabio:TermDictionary", index)
        draft.add(scheme, draft.terms["skos:prefLabel"], literal(listed.scheme_label), index)
    draft.add(node, draft.terms["skos:exactMatch"], listed.link, index)


_KEYED = frozenset({"agrovoc", "fast", "gnd", "lcsh", "mesh"})
"""Schemes of subjects that a key beside a keyword may be of."""


def take_mesh(draft: Draft, rule: Rule, index: int) -> None:
    """State MeSH headings: the descriptor, and one concept a qualifier, below the descriptor (rule M1).

    An authority key that is an address in MeSH says which concept it is, else the table of descriptors does.
    The text is split at " - " or "/" where a lower-case letter follows: qualifiers start so, descriptors do not.
    Headings and qualifiers that the tables have are English; all others are in the language that the source gives.
    """
    headings = _subjects(draft, index)
    tag = draft.tag(index, " ".join(headings))
    for text in headings:
        _take_mesh_heading(draft, rule, index, text, tag, alone=len(headings) == 1)


def _take_mesh_heading(draft: Draft, rule: Rule, index: int, text: str, tag: str | None, *, alone: bool) -> None:
    descriptor, qualifiers = split_heading(text.lstrip("*").strip())
    if not descriptor:
        raise BadValueError("no MeSH heading")
    if any(split_heading(f"{descriptor} - {qualifier}") != (descriptor, [qualifier]) for qualifier in qualifiers):
        draft.keep(index, "a slash or dash in it may be read in several ways")
    node = draft.node("concept", "mesh", name_key(descriptor))
    key = key_beside(draft, index, frozenset({"mesh"})) if alone else None
    stated = _MESH_KEY.fullmatch(key.value) if key else None
    known = draft.maps.mesh.get(folded(descriptor), "")
    number = stated[1] if stated else known
    codes = [draft.maps.mesh_qualifiers.get(folded(qualifier), "") for qualifier in qualifiers]
    language = "en" if known or any(codes) else tag
    _state_concept(draft, rule.property, index, node, "mesh", descriptor, number, language=language)
    for qualifier, known_code in zip(qualifiers, codes, strict=True):
        pair = draft.node("concept", "mesh", name_key(descriptor), name_key(qualifier))
        code = (stated[2] if stated else "") or known_code
        label = f"{descriptor}/{qualifier}"
        link = number + code if number and code else ""
        _state_concept(draft, rule.property, index, pair, "mesh", label, link, language=language)
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
    """State headings or class marks of a scheme as concepts, with the address of their authority record (rule K2)."""
    subjects = _subjects(draft, index)
    for text in subjects:
        node = _take_heading(draft, rule, index, heading(text))
        for listed in draft.maps.headings.get(compared(text), ()):
            if listed.scheme == rule.options["scheme"]:
                draft.add(node, draft.terms["skos:exactMatch"], listed.link, index)
    if len(subjects) == 1:
        _link_concept(draft, rule.options["scheme"], index, node)


def _take_heading(draft: Draft, rule: Rule, index: int, text: str) -> Iri:
    """State one heading; the words beside the number of a class are another name of it."""
    scheme = rule.options["scheme"]
    number, caption = class_mark(scheme, text) if rule.options.get("notation") else ("", "")
    name = number or text
    node = draft.node("concept", exact_key(scheme), name_key(name))
    _state_concept(draft, rule.property, index, node, scheme, name)
    if number:
        draft.add(node, draft.terms["skos:notation"], literal(number), index)
    if caption:
        draft.add(node, draft.terms["skos:altLabel"], literal(caption), index)
    if number and number != text:
        draft.keep(index, "the number of the class stood among other signs or words")
    return node


def _link_concept(draft: Draft, scheme: str, index: int, node: Iri) -> None:
    """Link a concept to the authority record whose key the heading has."""
    authority = draft.record.values[index].authority or ""
    chosen = (draft.record.values[index].confidence or 0) >= ACCEPTED
    if chosen and _ADDRESS.match(authority) and read_key(authority) is None:
        # Of an authority file that has no forms of its own; the source chose the address for this heading.
        draft.add(node, draft.terms["skos:exactMatch"], link_iri(authority), index)
        draft.keys_used.add(index)
    elif key := key_beside(draft, index, frozenset({scheme})):
        draft.add(node, draft.terms["skos:exactMatch"], iri(key.link), index)


def class_mark(scheme: str, text: str) -> tuple[str, str]:
    """Return the number of a class, and the words beside it: "330.9 Economic history" is "330.9" and "Economic history".

    A number of Dewey's has three digits or more and a full stop behind the third; marks of where it may be cut are no part of
    it. What begins with no such number is a caption without one; of other schemes the text itself is the number.
    """
    if scheme != "ddc":
        return text, ""
    match = _DEWEY.match(text)
    if match is None:
        return "", ""
    return re.sub(r"[^\d.]", "", match[1]), match[2].strip(" -–—:()[]")


def heading(text: str) -> str:
    """Return a heading with its parts joined in one way: "Lupus -- Treatment" is "Lupus--Treatment"."""
    return _DASHES.sub("--", text)


def _state_concept(
    draft: Draft,
    property_: Iri,
    index: int,
    node: Iri,
    scheme: str,
    label: str,
    mesh_id: str = "",
    *,
    language: str | None = None,
) -> None:
    terms = draft.terms
    scheme_node = draft.node("scheme", exact_key(scheme))
    draft.add(draft.item, property_, node, index)
    draft.typed(node, "skos:Concept", index)
    draft.typed(node, "fabio:SubjectTerm", index)
    draft.add(node, terms["skos:inScheme"], scheme_node, index)
    draft.add(node, terms["skos:prefLabel"], literal(label, language=language), index)
    if mesh_id:
        draft.add(node, terms["skos:exactMatch"], iri(f"{MESH_NAMESPACE}{mesh_id}"), index)
    if scheme_label := draft.crosswalk.concept_schemes.get(scheme):
        draft.typed(scheme_node, "skos:ConceptScheme", index)
        draft.typed(scheme_node, "fabio:TermDictionary", index)
        draft.add(scheme_node, terms["skos:prefLabel"], literal(scheme_label, language="en"), index)
        if scheme == "mesh":
            draft.add(scheme_node, terms["rdfs:seeAlso"], iri(MESH_NAMESPACE), index)
