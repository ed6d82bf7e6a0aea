"""Organisations known by their names: publishers, funders and others (rule O1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ORGANISATIONS, key_beside
from lod.mapping.resources.links import link_iri
from lod.mapping.values.iris import exact_key, hash16
from lod.mapping.values.keys import Key
from lod.mapping.values.names import tidy_name
from lod.rdf.claims import Iri, iri, literal


def node_of_organisation(draft: Draft, name: str) -> Iri:
    """Return the encoded IRI of an organisation known by its name."""
    return draft.node("org", f"n-{hash16(tidy_name(name))}")


def organisation(draft: Draft, name: str, *origins: int, key: Key | None = None) -> Iri:
    """State an organisation known by its name, or by the key beside it, and return its encoded IRI (rule O1)."""
    tidy = tidy_name(name)
    if tidy != collapse(name):
        for index in origins:
            draft.keep(index, "the full stop after the name was taken off")
    node = draft.node("org", exact_key(f"{key.scheme}-{key.value}")) if key else node_of_organisation(draft, name)
    draft.typed(node, "foaf:Organization", *origins)
    draft.add(node, draft.terms["foaf:name"], literal(tidy), *origins)
    if key:
        draft.add(node, draft.terms["schema:sameAs"], iri(key.link), *origins)
        for index in origins:
            draft.keep(index, "the authority key beside it names the organisation")
    return node


def take_organisation(draft: Draft, rule: Rule, index: int) -> None:
    """State an organisation: a node with its name (rule O1)."""
    key = key_beside(draft, index, ORGANISATIONS)
    node = organisation(draft, draft.text(index, paragraphs=False), index, key=key)
    for property_ in filter(None, (rule.property, rule.term("relator"))):
        draft.add(draft.item, property_, node, index)


_JOURNAL_PAGE = re.compile(
    r"(?:[.,;]\s*+|(?<![\s.,;])\s*+)(?:The\s+)?(?:Journal(?:'s|’s)?|Its)\s+(?:web\s?site|homepage|home\s+page|web\s+page)\s+(?:is|can\s+be)\s++"
    r"(?:located|found|available)?\s*+(?:at)?:?\s*+(https?://\S+)\s*+$",
    re.IGNORECASE,
)


def take_publisher(draft: Draft, rule: Rule, index: int) -> None:
    """State the publisher; the journal's address at its end goes to the journal (rule O1)."""
    text = draft.text(index, paragraphs=False)
    text, address = split_publisher(text)
    if address:
        link_iri(address)
        draft.waiting.journal_page.append((index, address))
        draft.keep(index, "name and address of the journal stood in one field")
    if not text:
        raise BadValueError("no name of a publisher; write the name")
    draft.add(
        draft.item, rule.property, organisation(draft, text, index, key=key_beside(draft, index, ORGANISATIONS)), index
    )


def split_publisher(text: str) -> tuple[str, str]:
    """Return the name of a publisher, and the address of the journal's site that ends the text, "" for none."""
    match = _JOURNAL_PAGE.search(text)
    return (text[: match.start()].strip(), match[1].rstrip(".,;")) if match else (text, "")
