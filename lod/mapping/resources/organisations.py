"""Organisations known by their names: publishers, funders and others (rule O1)."""

from __future__ import annotations

import re
from typing import NamedTuple

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ORGANISATIONS, key_beside
from lod.mapping.resources.links import link_iri
from lod.mapping.resources.places import state_place
from lod.mapping.values.authority_keys import Key
from lod.mapping.values.iris import exact_key, hash16
from lod.mapping.values.names import tidy_name
from lod.mapping.values.text import folded
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


_PLACES = re.compile(r"[^\W\d_a-z][^\d:;]{1,40}(?: ; [^\W\d_a-z][^\d:;]{1,40}){0,3}")
_YEAR = re.compile(r",\s?\[?c?(?:1[5-9]|20)\d\d(?:-(?:1[5-9]|20)\d\d|-)?\]?\.?$")


_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_LONGEST_CITATION = 300
_CITED = re.compile(r"[^\W\d],? \d{1,4} ?\(\d{1,4}\)$")
"""Volume and issue at the end: "Advances in Examples, 4(1)"."""


class Imprint(NamedTuple):
    """What a publisher's field says: its names, the places before them, the address of the journal's site behind them, "" for none."""

    names: tuple[str, ...]
    places: tuple[str, ...]
    address: str


def take_publisher(draft: Draft, rule: Rule, index: int) -> None:
    """State the publisher; its places, and the journal's address at its end, go where they belong (rule O1)."""
    text = draft.text(index, paragraphs=False)
    if _ADDRESS.fullmatch(text):
        raise BadValueError("a web address names no publisher; write the name")
    names, places, address = read_imprint(text, draft.maps.organisation_words)
    if not names:
        raise BadValueError("no name of a publisher; write the name")
    if len(text) <= _LONGEST_CITATION and _CITED.search(text):
        raise BadValueError("a journal with volume and issue, no publisher; write the name of the publisher")
    if why := draft.maps.no_value("publisher", names[0]):
        raise BadValueError(f"no name of a publisher: {why}")
    if _is_place_of(draft, text):
        draft.keep(index, "the place of publication is in the field of the publisher too")
        return
    if address:
        link_iri(address)
        draft.waiting.journal_page.append((index, address))
        draft.keep(index, "name and address of the journal stood in one field")
    for place in places:
        if not draft.maps.no_value("place", place):
            state_place(draft, draft.terms["fabio:hasPlaceOfPublication"], place, index)
    if places:
        draft.keep(index, "place and name of the publisher stood in one field")
    elif len(names) > 1:
        draft.keep(index, "several publishers stood in one field")
    elif not address and names[0] != text:
        draft.keep(index, "a semicolon stood behind the name")
    key = key_beside(draft, index, ORGANISATIONS) if len(names) == 1 else None
    for name in names:
        draft.add(draft.item, rule.property, organisation(draft, name, index, key=key), index)


def _is_place_of(draft: Draft, name: str) -> bool:
    """Return whether the record gives the name as the place of publication, and another publisher: databases repeat the country so."""
    values = draft.record.values
    places = {folded(value.text) for value in values if value.field == "dc.publisher.place"}
    return folded(name) in places and any(
        value.field == "dc.publisher" and folded(value.text) != folded(name) for value in values
    )


def read_imprint(text: str, organisation_words: frozenset[str]) -> Imprint:
    """Return what a publisher's field says; "Berlin ; New York : De Gruyter, 1998" is the form of ISBD, area 4.

    The Biodiversity Heritage Library leaves the blanks behind the signs out: "Washington :G.P.O.,1901-1913.".

    Several publishers stand in one name with " ; " between them.

    A colon without a blank before it, a figure or a word for organisations before it may mean anything, and the text stays whole.
    """
    match = _JOURNAL_PAGE.search(text)
    name, address = (text[: match.start()].strip(), match[1].rstrip(".,;")) if match else (text, "")
    name = name.rstrip(" ;")
    before, colon, after = name.partition(" :")
    after = after.lstrip()
    plain = re.sub(r"[\[\]?]", "", before).strip()
    if not colon or ":" in after or " ; " in after or not _PLACES.fullmatch(plain):
        return Imprint(_several(name), (), address)
    if {word.casefold() for word in re.findall(r"[^\W\d_]+", plain)} & organisation_words:
        return Imprint(_several(name), (), address)
    return Imprint(_several(_YEAR.sub("", after)), tuple(plain.split(" ; ")), address)


def _several(name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(collapse, name.split(" ; "))))
