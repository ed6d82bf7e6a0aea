"""Funding: the acknowledgement verbatim, and the grants that can be read from it (rule F1, MODEL section 17)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.authorities import ORGANISATIONS, key_beside
from lod.mapping.resources.links import link_iri
from lod.mapping.resources.organisations import organisation
from lod.mapping.values.iris import exact_key, hash8
from lod.mapping.waiting import Slot, Waiting, slot_of
from lod.rdf.claims import Iri, literal
from lod.report import Severity

_PHRASE = re.compile(
    r"(?=[^()]{3,201}\()(?P<funder>[^()]{3,200}?)\s?\((?:grants?\s?)?(?:no\.?s?|numbers?|#)?:?\s?(?P<numbers>[^()]{2,200})\)",
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
    funder, number = read_agreement(draft.record.values[index].text)
    grant = _state_grant(draft, exact_key(number), index)
    draft.add(grant, draft.terms["schema:identifier"], literal(number), index)
    draft.add(grant, draft.terms["schema:funder"], organisation(draft, funder, index), index)
    draft.keep(index, "the programme has no property of its own")


def read_agreement(text: str) -> tuple[str, str]:
    """Return funder and number of a grant in the form info:eu-repo/grantAgreement/FUNDER/PROGRAMME/NUMBER.

    Raises:
        BadValueError: the text has another form.
    """
    match = _AGREEMENT.fullmatch(text.strip())
    if match is None:
        raise BadValueError("not of the form info:eu-repo/grantAgreement/FUNDER/PROGRAMME/NUMBER")
    return unquote(match[1]), unquote(match[3])


def read_grants(text: str) -> list[tuple[str, list[str]]]:
    """Return funders with their award numbers: "Funder (no. A, B); Other (C)".

    A number that the text gives to two funders in one phrase is left to the text.
    """
    found = []
    for phrase in text.split(";"):
        match = _PHRASE.search(collapse(phrase))
        if match is None:
            continue
        funder = _ARTICLE.sub("", _LEAD.sub("", match["funder"]).strip(" ,.:")).strip(" ,.:")
        numbers = [number.strip() for number in re.split(r",|\band\b|&", match["numbers"])]
        if not funder or _names_two(funder) or not numbers or not all(map(_NUMBER.fullmatch, numbers)):
            continue
        found.append((funder, numbers))
    return found


def _names_two(funder: str) -> bool:
    if "," in funder:
        return True
    parts = re.split(r"(?<!\s)\s++(?:and|&)\s+", funder)
    return len(parts) > 1 and all(_FUNDER_WORD.search(part) for part in parts)


def take_grant(draft: Draft, rule: Rule, index: int) -> None:
    """Let a funder, a project or an award number wait: they are paired by position (rule F1).

    What only keeps the place of an empty part (`Maps.keeps_a_place`), so that positions agree, is an empty text.
    """
    text = draft.text(index, paragraphs=False)
    if draft.maps.keeps_a_place(text):
        text = ""
    elif rule.options["as"] == "award-uri":
        link_iri(text)
    slot_of(rule, _grant_slots(draft.waiting)).append((index, text))


def _grant_slots(waiting: Waiting) -> dict[str, Slot]:
    grants, awards = waiting.grants, waiting.awards
    return {
        "funder": grants.funder,
        "number": grants.number,
        "project": grants.project,
        "award-number": awards.number,
        "award-title": awards.title,
        "award-uri": awards.uri,
        "award-stream": awards.stream,
    }


def assemble(draft: Draft) -> None:
    """State the grants of funder and number fields, paired by position; what has no partner is kept verbatim too."""
    grants = draft.waiting.grants
    numbers = list(grants.number)
    for index, funder in grants.funder:
        number = numbers.pop(0) if numbers else None
        name = exact_key(number[1]) if number else hash8(funder)
        origins = [index, number[0]] if number else [index]
        grant = _state_grant(draft, name, *origins)
        key = key_beside(draft, index, ORGANISATIONS)
        draft.add(grant, draft.terms["schema:funder"], organisation(draft, funder, index, key=key), index)
        if number:
            draft.add(grant, draft.terms["schema:identifier"], literal(number[1]), number[0])
        else:
            draft.keep(index, "no award number is given with the funder")
    for index, number_text in numbers:
        grant = _state_grant(draft, exact_key(number_text), index)
        draft.add(grant, draft.terms["schema:identifier"], literal(number_text), index)
        draft.keep(index, "no funder is given with the award number")
    _state_awards(draft)
    for index, project in grants.project:
        grant = _state_grant(draft, hash8(project), index)
        draft.add(grant, draft.terms["rdfs:label"], literal(project), index)
        draft.keep(index, "the project is known as text only")


def _state_awards(draft: Draft) -> None:
    """State one grant for number, address, title and stream at the same place of their fields.

    Fields of unequal length do not say which part belongs to which award: only those as long as the leading field, the
    first of number, title, address and stream that has values, are joined; the others are kept verbatim.
    """
    awards = draft.waiting.awards
    parts = (
        ("schema:identifier", awards.number),
        ("rdfs:label", awards.title),
        (_AWARD_PAGE, awards.uri),
        ("rt:fundingStream", awards.stream),
    )
    leading = next((slot for _, slot in parts if any(text for _, text in slot)), [])
    for index, text in (value for _, slot in parts if len(slot) != len(leading) for value in slot):
        if text:
            message = "The award fields have different numbers of values, so this one belongs to no certain award; give each award the same fields."
            draft.weaken(index, "F1", message, Severity.INFO)
    joined = [(property_, slot) for property_, slot in parts if len(slot) == len(leading)]
    for place in range(len(leading)):
        award = [(property_, *slot[place]) for property_, slot in joined if slot[place][1]]
        if award:
            _state_award(draft, award)


_AWARD_PAGE = "foaf:page"


def _state_award(draft: Draft, award: list[tuple[str, int, str]]) -> None:
    """State one award by its parts: property, position of the value, and text; the first names the grant."""
    property_, _, text = award[0]
    name = exact_key(text) if property_ == "schema:identifier" else hash8(text)
    grant = _state_grant(draft, name, *(index for _, index, _ in award))
    for property_, index, text in award:
        if property_ == _AWARD_PAGE:
            draft.add(grant, draft.terms[property_], link_iri(text), index)
            draft.keep_unless(link_iri(text)[1:-1], index, "written as the address that it leads to")
        else:
            draft.add(grant, draft.terms[property_], literal(text), index)


def _state_grant(draft: Draft, name: str, *origins: int) -> Iri:
    grant = draft.part(f"grant-{name}")
    draft.add(draft.item, draft.terms["schema:funding"], grant, *origins)
    draft.typed(grant, "schema:Grant", *origins)
    return grant
