"""Funding: the acknowledgement as it stands, and the grants that can be read from it (rule F1, MODEL section 17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lod.claims import literal
from lod.mapping.agents import organisation
from lod.mapping.iris import exact_key
from lod.mapping.text import collapse

if TYPE_CHECKING:
    from lod.mapping.crosswalk import Rule
    from lod.mapping.draft import Draft

_PHRASE = re.compile(
    r"(?P<funder>[^()]{3,200}?)\s*\((?:grants?\s*)?(?:no\.?s?|numbers?|#)?:?\s*(?P<numbers>[^()]{2,200})\)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^.*?\b(?:(?:supported|funded|financed|sponsored)(?:\s+in\s+part)?\s+by|(?:grants?|funding|support)\s+(?:from|of|by))\s+(?:(?:research\s+)?grants?\s+from\s+)?",
    re.IGNORECASE | re.DOTALL,
)
_ARTICLE = re.compile(r"^(?:and\s+)?(?:by\s+)?(?:the\s+)?", re.IGNORECASE)
_NUMBER = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9][A-Za-z0-9./_-]{2,39}")
_FUNDER_WORD = re.compile(
    r"\b(?:foundation|fund|funds|program|programme|project|council|ministry|bureau|commission|agency|trust|academy|"
    r"department|institute|institutes|university|administration|association|society|authority)\b",
    re.IGNORECASE,
)


def take_funding(draft: Draft, rule: Rule, index: int) -> None:
    """State the acknowledgement verbatim, and one grant node for each award number that has one funder."""
    text = draft.text(index)
    draft.add(draft.item, rule.property, literal(text, language=draft.tag(index, text)), index)
    terms = draft.terms
    for funder, numbers in read_grants(text):
        for number in numbers:
            grant = draft.part(f"grant-{exact_key(number)}")
            draft.add(draft.item, terms["schema:funding"], grant, index)
            draft.typed(grant, "schema:Grant", index)
            draft.add(grant, terms["schema:identifier"], literal(number), index)
            draft.add(grant, terms["schema:funder"], organisation(draft, funder, index), index)


def read_grants(text: str) -> list[tuple[str, list[str]]]:
    """Return funders with their award numbers: "Funder (no. A, B); Other (C)".

    A number that the text gives to two funders in one phrase is left to the text.
    """
    found = []
    for phrase in text.split(";"):
        match = _PHRASE.search(phrase)
        if match is None:
            continue
        funder = _ARTICLE.sub("", _LEAD.sub("", collapse(match["funder"])).strip(" ,.:")).strip(" ,.:")
        numbers = [number.strip() for number in re.split(r",|\band\b|&", match["numbers"])]
        if not funder or _names_two(funder) or not numbers or not all(map(_NUMBER.fullmatch, numbers)):
            continue
        found.append((funder, numbers))
    return found


def _names_two(funder: str) -> bool:
    if "," in funder:
        return True
    parts = re.split(r"\s+(?:and|&)\s+", funder)
    return len(parts) > 1 and all(_FUNDER_WORD.search(part) for part in parts)
