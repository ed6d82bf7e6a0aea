"""Funding: the acknowledgement as it stands, and the grants that can be read from it (rule F1, MODEL section 17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lod.claims import literal
from lod.errors import BadValueError
from lod.mapping.agents import organisation
from lod.mapping.iris import exact_key, hash8
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
            grant = _state_grant(draft, exact_key(number), index)
            draft.add(grant, terms["schema:identifier"], literal(number), index)
            draft.add(grant, terms["schema:funder"], organisation(draft, funder, index), index)


_AGREEMENT = re.compile(
    r"info:eu-repo/grantAgreement/([^/\s]+)/(?:([^/]*)/)?([^/\s]+)(?:/.*)?", re.IGNORECASE | re.DOTALL
)


def take_agreement(draft: Draft, rule: Rule, index: int) -> None:
    """State a grant named in the form info:eu-repo/grantAgreement/FUNDER/PROGRAMME/NUMBER.

    Source: OpenAIRE Guidelines for Literature Repositories 3, field Project Identifier.
    """
    match = _AGREEMENT.fullmatch(draft.record.values[index].text.strip())
    if match is None:
        raise BadValueError("not of the form info:eu-repo/grantAgreement/FUNDER/PROGRAMME/NUMBER")
    funder, number = unquote(match[1]), unquote(match[3])
    grant = _state_grant(draft, exact_key(number), index)
    draft.add(grant, draft.terms["schema:identifier"], literal(number), index)
    draft.add(grant, draft.terms["schema:funder"], organisation(draft, funder, index), index)
    draft.keep(index, "the programme has no property of its own")


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


def assemble(draft: Draft) -> None:
    """State the grants of funder and number fields, paired by position; what has no partner is kept verbatim too."""
    numbers = list(draft.waiting["grant-number"])
    for index, funder in draft.waiting["grant-funder"]:
        number = numbers.pop(0) if numbers else None
        name = exact_key(number[1]) if number else hash8(funder)
        origins = [index, number[0]] if number else [index]
        grant = _state_grant(draft, name, *origins)
        draft.add(grant, draft.terms["schema:funder"], organisation(draft, funder, index), index)
        if number:
            draft.add(grant, draft.terms["schema:identifier"], literal(number[1]), number[0])
        else:
            draft.keep(index, "no award number stands beside the funder")
    for index, number_text in numbers:
        grant = _state_grant(draft, exact_key(number_text), index)
        draft.add(grant, draft.terms["schema:identifier"], literal(number_text), index)
        draft.keep(index, "no funder stands beside the award number")
    for index, project in draft.waiting["grant-project"]:
        grant = _state_grant(draft, hash8(project), index)
        draft.add(grant, draft.terms["rdfs:label"], literal(project), index)
        draft.keep(index, "the project is known as text only")


def _state_grant(draft: Draft, name: str, *origins: int) -> str:
    grant = draft.part(f"grant-{name}")
    draft.add(draft.item, draft.terms["schema:funding"], grant, *origins)
    draft.typed(grant, "schema:Grant", *origins)
    return grant
