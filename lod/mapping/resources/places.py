"""Places and periods of time (rule L1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.values.dates import read_date
from lod.mapping.values.iris import hash16, name_key
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, literal

_PARTS_OF_ADDRESS = 3


def take_place(draft: Draft, rule: Rule, index: int) -> None:
    """State a place: a country by its code, any other as a named node (rule L1)."""
    state_place(draft, rule.property, draft.text(index, paragraphs=False), index)


def state_place(draft: Draft, property_: Iri, text: str, index: int) -> None:
    """State a place of a value, under a property of the item.

    Raises:
        BadValueError: it is the address of an organisation.
    """
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    if text.count(",") >= _PARTS_OF_ADDRESS and words & draft.maps.organisation_words:
        raise BadValueError("the address of an organisation, no place; write the name of the city")
    text = tidy_place(text)
    found = draft.maps.countries.get(folded(text))
    if found:
        code, label = found
        node = draft.node("place", code.lower())
        draft.add(
            node, draft.terms["dcterms:identifier"], literal(code, datatype=draft.terms["dcterms:ISO3166"][1:-1]), index
        )
        draft.keep_unless(label, index, "written as the name of the country in the table")
    else:
        label = text
        node = draft.node("place", f"n-{hash16(text)}")
        draft.keep_unless(label, index, "a bracket without its other half was taken off")
    draft.add(draft.item, property_, node, index)
    draft.typed(node, "dcterms:Location", index)
    draft.typed(node, "frbr:Place", index)
    draft.add(node, draft.terms["rdfs:label"], literal(label), index)


def tidy_place(text: str) -> str:
    """Return the name of a place without a bracket that has no other half: "Gillette, Wyo.]", cut out of a longer statement."""
    return text if text.count("[") == text.count("]") else text.replace("[", "").replace("]", "").strip()


def take_period(draft: Draft, rule: Rule, index: int) -> None:
    """State a period of time as a node with its text, and its date where the text is EDTF."""
    text = draft.text(index, paragraphs=False)
    node = draft.text_node(f"period-{name_key(text)}", draft.terms["dcterms:PeriodOfTime"], text, index)
    draft.add(draft.item, rule.property, node, index)
    try:
        form, datatype, _ = read_date(text)
    except BadValueError:
        return
    draft.add(node, draft.terms["dcterms:date"], literal(form, datatype=datatype), index)
