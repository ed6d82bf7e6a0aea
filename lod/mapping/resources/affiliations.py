"""Affiliations of contributors: "Name: affiliation", or an object that says whose it is and what the organisation is (rule O1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ORGANISATIONS
from lod.mapping.resources.organisations import organisation
from lod.mapping.values.authority_keys import Key, read_key
from lod.mapping.values.iris import hash8
from lod.mapping.values.names import bare_name, tidy_name
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, literal

Name = tuple[str, str]
"""The class of a contributor, and the name."""
_NAMES = ("name", "display_name", "Affiliation", "affiliation")
_MOST_PARTS = 100
_SEPARATOR = ": "


class Affiliation(NamedTuple):
    """Whose affiliation it is, the name of the organisation, and its key, where the source gives one."""

    person: str
    name: str
    key: Key | None = None


def take_affiliation(draft: Draft, rule: Rule, index: int) -> None:
    """Let an affiliation wait until all contributors are known."""
    draft.waiting.affiliation.append((index, draft.record.values[index].text))


def state_affiliations(draft: Draft, nodes: Mapping[str, Mapping[Iri, Name]]) -> None:
    """State the affiliations of the contributors whose nodes are given, by the folded name, with the class and the name of each.

    Of two contributors of one name nothing is stated: it does not say whose it is. An organisation that is known by its name alone is a
    part of the item: such names are addresses as often as not, and two of them need not be one organisation.
    """
    for index, text in draft.waiting.affiliation:
        for found in read_affiliations(text):
            named = nodes.get(folded(bare_name(found.person)), {})
            people = [node for node, (class_name, _) in named.items() if class_name != "foaf:Organization"]
            if len(people) == 1 and not draft.maps.no_value("organisation", found.name):
                draft.add(people[0], draft.terms["schema:affiliation"], _organisation(draft, found, index), index)
                known = f"{named[people[0]][1]}{_SEPARATOR}{tidy_name(found.name)}"
                draft.keep_unless(known, index, "it says more than name and organisation, or in another way")
                break
        else:
            draft.keep(index, "the affiliation of no one of the contributors, or of one of several")


def _organisation(draft: Draft, found: Affiliation, index: int) -> Iri:
    if found.key:
        return organisation(draft, found.name, index, key=found.key)
    name = tidy_name(found.name)
    node = draft.part(f"affiliation-{hash8(name)}")
    draft.typed(node, "foaf:Organization", index)
    draft.add(node, draft.terms["foaf:name"], literal(name), index)
    return node


def read_affiliations(text: str) -> Iterator[Affiliation]:
    """Yield what a value may say: a name has a colon now and then, and only the contributors tell where it ends."""
    if text.startswith("{"):
        with suppress(ValueError, RecursionError):
            yield from _of_object(json.loads(text))
        return
    start = -1
    for _ in range(3):
        start = text.find(_SEPARATOR, start + 1)
        if start < 0:
            return
        person, name = text[:start], collapse(text[start + len(_SEPARATOR) :])
        if name:
            yield Affiliation(person, name)


def _of_object(found: Any) -> Iterator[Affiliation]:
    if not isinstance(found, dict) or not isinstance(found.get("of"), str):
        return
    name = next((part for key in _NAMES if isinstance(part := found.get(key), str) and part.strip()), "")
    if name:
        keys = (key for text in _texts(found) if (key := _key(text)))
        yield Affiliation(found["of"], collapse(name), next(keys, None))


def _texts(found: Any) -> Iterator[str]:
    """Yield the texts in an object and in its parts, the first `_MOST_PARTS` of them."""
    waiting = [found]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part


def _key(text: str) -> Key | None:
    # InvenioRDM knows organisations by their ROR ids.
    key = read_key(text) or (read_key(f"https://ror.org/{text}") if len(text) == len("05dxps055") else None)
    return key if key and key.scheme in ORGANISATIONS else None
