"""Names of people and organisations: split, tidied, and classified by their form (rules A1 and O1)."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.values.identifiers import read_orcid

PERSON, ORGANISATION, MEETING = "person", "organisation", "meeting"
"""What a source may say that a name is of (`Value.agent`)."""

_WORD = re.compile(r"[^\W\d_]+")
LIFE_DATES = re.compile(
    r",?\s?(?:(?:b\.|born|d\.|died|ca?\.|fl\.|active)\s?)?\b\d{4}\??\s?(?:[-–]\s?(?:\d{4}\??)?)?\.?$"
)
"""Years of birth and death at the end of a name, as authority files have them: "Rolston, Holmes, 1932-"."""
_NO_SURNAME = re.compile(
    r"\b(?:universi|institut|departm|ministr|governm|associat|federation|commission|committee|organi[sz]ation|foundation|conservanc"
    r"|laborator|corporation|academ|agency|societ|museum|program)"
)
_PARTICLE = 3
_ONE_NAME = 2
_LONGEST_NAME = 500
_ABBREVIATION = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Bros|Dept|Univ|Assoc|Soc|Inst|Intl|Verl|Cie|jr|sr|[A-Z])\.$", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^\W\d_]{5}\.$")

_BRACKETS = re.compile(r"\s?[(\[（]([^()\[\]（）]{0,200})[)\]）]")
_LAST_BRACKETS = re.compile(rf"{_BRACKETS.pattern}$")
_ET_AL = re.compile(
    r"(?<![\s,;&])[\s,;&]{0,4}[(\[]?\b(?:et\.? ?al(?:ii|iae|ia)?\.?|and (?:\d{1,4} )?others|et (?:autres|coll\.?)|u\. ?a\.|und andere"
    r"|y (?:otros|cols\.?)|e (?:outros|altri)|и др\.?|та ін\.?|ve diğerleri|ve ark\.?|en anderen|m\. ?fl\.)[)\]]?[\s.;,]{0,3}$",
    re.IGNORECASE,
)
"""Words for further, unnamed people, in the languages in which programs and people write them after a name."""
_GENERATION = re.compile(r"[JjSs]r\.?|JR\.|SR\.|II|III|IV|[234](?:nd|rd|th)")
"""Suffixes that may follow either part of a name after a blank; "Filho" and "Neto" belong to the family name."""
_SUFFIX = re.compile(
    r"jr\.?|sr\.?|junior|senior|[1-4](?:st|nd|rd|th)|i{2,3}|iv|vi?|filho|neto|fils|esq\.?", re.IGNORECASE
)
_DEGREE = re.compile(
    r"(?:ph\.? ?d|d\.? ?phil|m\.? ?d|m\.? ?a|b\.? ?a|m\.? ?sc|b\.? ?sc|m\.? ?s|b\.? ?s|m\.? ?b\.? ?a|ed\.? ?d|ll\.? ?[bmd]|s\.? ?j|o\.? ?p"
    r"|o\.? ?f\.? ?m|o\.? ?s\.? ?b|dr(?:\. ?[a-z]{2,5}){0,3}|prof|rev|mph|drph|rn|frcp|frs|candsc|d\.? ?sc)\.?",
    re.IGNORECASE,
)
"""Degrees, orders and titles, which are no part of a given name behind one."""
_SURE_DEGREE = re.compile(r"ph\.? ?d\.?|d\.? ?phil\.?|prof\.?|drph|mph|msc", re.IGNORECASE)
_RANK = re.compile(
    r"(?:king|queen|pope|saint|emperor|empress|prince|princess|duke|duchess|count|countess|baron|baroness|earl|bishop|archbishop|cardinal"
    r"|sultan|tsar|roi|reine|pape|könig|königin|kaiser|kaiserin|papst|herzog|rey|reina|rei|rainha)(?:,| of | de | du | d['’]| von )",
    re.IGNORECASE,
)
"""Words that begin what authority files have behind the name of a ruler or saint: "Elizabeth II, Queen of Great Britain"."""
_ROLES = re.compile(
    r"(?:(?:eds?|editors?|hrsg|hg|herausgeber(?:in)?|dirs?|coords?|orgs?|comps?|compiler|trad|transl?|translator|übers|ill|illustrator"
    r"|photographer|author|aut|contributor|creator|advisor|supervisor|éd|red|ordf|coordinador(?:a)?|traductor(?:a)?|ред|сост|composer"
    r"|lyricist|artist|performer|conductor|arranger|speaker|publisher|funder|sponsor|recorder|interviewe[er]|depositor|recipient"
    r"|depicted|manager|(?:project|principal|field|lab)[ _]\w{1,20}|committee member|thesis advisor|chair)\.?(?: of \w{1,20})?(?:, ?|/| and |$)){1,4}",
    re.IGNORECASE,
)
"""Roles that people write in brackets behind a name."""
_EDITORS = re.compile(r"(?<=\S)\seds\.?$", re.IGNORECASE)
"""What EconLit writes behind the last of several editors: "Roe, Ann eds"; "Ed" may be a given name."""
_LEGAL_FORM = re.compile(
    r"inc\.?|incorporated|ltd\.?|limited|l\.?l\.?c\.?|llp|gmbh|corp\.?|plc|s\. ?a\. ?(?:s\.|de c\. ?v\.)|s\.r\.l\.|s\.p\.a\.|ooo|ооо",
    re.IGNORECASE,
)
"""Legal forms of companies, which stand where given names do: "Soil Systems, Inc.". What may be initials ("S. A.") is left out."""
_INITIAL = re.compile(r"[^\W\d_a-z]\.(?:-?[^\W\d_a-z]\.)*")
_INITIALS = re.compile(r"[^\W\d_a-z]{1,3}|(?:[^\W\d_a-z]\.?[ -]?){1,4}")
_FAMILY_AND_INITIALS = re.compile(r"(?:[^\W\d_][\w’'-]{1,30} ){1,3}[A-Z]{1,3}")
_TWO_WITH_AND = re.compile(
    r"[^,]{1,100},[^,]{1,100}\s(?:and|&|et|und|y|e|i|en|och|og|ja|и|та|ve)\s[^,]{1,100},[^,]{1,100}"
)
_AND = re.compile(r"\s(?:and|&|und)\s", re.IGNORECASE)
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\uac00-\ud7af]{2,4}")
_BLANK_BEFORE_COMMA = re.compile(r"(?<!\s)\s++,\s*+")
_BARS = re.compile(r"(?<!\s)\s*+\|+\s*+")


class Name(NamedTuple):
    """How a name is read: the class of the agent, its parts ("" where the form does not show them), whether it is undecided."""

    class_name: str
    family: str = ""
    given: str = ""
    undecided: bool = False


class WrittenNames(NamedTuple):
    """The names in one value: `aside` says what stood beside them and is no name, "" for nothing."""

    names: tuple[str, ...]
    aside: str = ""


_AND_BEFORE = re.compile(r"^(?:and|&) +(?=\S)")
"""What is left of a list of names: "and Example Planning Services"; "And" with a capital letter may be a name."""


@lru_cache(maxsize=8_192)
def bare_name(text: str) -> str:
    """Return a name without the punctuation around it: "Slater, John." is "Slater, John", and so is "Slater , John".

    A blank before the comma goes, unless it is the sign of two names in one value (`holds_several`).

    A full stop goes only after a whole word, of five letters or more: of 28,892 names with a full stop at the end,
    all with such a word end a sentence there, and all others are initials and short forms (Jr., Inc., Yu., Kr., Mohd.).
    """
    name = _AND_BEFORE.sub("", text.strip(" ;,|"))
    if " ," in name and not holds_several(name):
        name = _BLANK_BEFORE_COMMA.sub(", ", name)
    return name[:-1] if _SENTENCE.search(name) and not _ABBREVIATION.search(name) else name


def names_in(text: str, organisation_words: frozenset[str], agent: str | None = None) -> WrittenNames:
    """Return the names in a value, without what programs and people write beside them.

    An affiliation after a semicolon ("Roe, Ana; Universidad de X", the form of OJS), "et al.", a department or a role in
    brackets go; several names stand apart where each is "Family, Given". The name of an organisation, where the source
    says that it is one, stays whole.
    """
    if agent in {ORGANISATION, MEETING} or len(text) > _LONGEST_NAME:
        return WrittenNames((text,))
    return _names_once(text, organisation_words)


@lru_cache(maxsize=8_192)
def _names_once(text: str, organisation_words: frozenset[str]) -> WrittenNames:
    parts, aside = _parts(text, organisation_words)
    names = []
    for part in parts:
        name, beside = _alone(part, organisation_words)
        aside = aside or beside
        if name:
            names.append(name)
    return WrittenNames(tuple(names), aside)


def _parts(text: str, words: frozenset[str]) -> tuple[list[str], str]:
    """Return the names that semicolons or bars separate, and what stood beside them."""
    if "|" in text:
        return _between_bars(text), ""
    if ";" not in text and (direct := _in_direct_order_all(text, words)):
        return direct, ""
    parts = [part.strip() for part in re.split("[;；]", text) if part.strip()]
    if len(parts) < _ONE_NAME:
        return [text], ""
    people = [_is_person(part, words) for part in parts]
    if _ET_AL.fullmatch(f" {parts[-1]}") and all(people[:-1]):
        return parts[:-1], "it names further people without their names"
    if all(people) or all(map(_HAN_NAME.fullmatch, parts)):
        return parts, ""
    count = people.index(False)
    others = parts[count:]
    if count and not any(people[count:]):
        return parts[:count], "an affiliation stood behind the name"
    if not any(people) and _is_direct(parts[0], words) and all(_holds(part, words) for part in others[1:]):
        return parts[:1], "an affiliation stood behind the name"
    return [text], ""


def _in_direct_order_all(text: str, words: frozenset[str]) -> list[str]:
    """Return three names or more in direct order, "Ann M. Smith, Bo Li, Cy Wu"; none where the parts may be family and given names in turn.

    An even number of parts may be that ("García López, María José, Pérez Ruiz, Ana Isabel") unless one has an initial before its last word.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) <= _ONE_NAME or not all(
        _is_direct(part, words) and not _WORD_OF_NO_NAME.search(part) for part in parts
    ):
        return []
    titles = any(_is_title(part) or _is_title(part.split()[-1]) for part in parts)
    sure = len(parts) % 2 or any(map(_in_direct_order, parts))
    return parts if sure and not titles else []


_WORD_OF_NO_NAME = re.compile(r"\d|[&/:()\[\]]|\b(?:of|and|the|for|in|at|et|und|y)\b|\b[a-z]{5,}", re.ASCII)


def _between_bars(text: str) -> list[str]:
    """Return the names between bars; an ORCID iD after a bar belongs to the name before it: "Roe, Ana|||0000-0002-1825-0097"."""
    found: list[str] = []
    for piece in filter(None, _BARS.split(text.strip())):
        with suppress(BadValueError):
            piece = f"({read_orcid(piece)})"
        if found and piece.startswith("("):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    bare = [_BRACKETS.sub("", piece) for piece in found]
    return found if len(found) == 1 or all(_family_and_given(name) for name in bare) else [text]


def _alone(text: str, words: frozenset[str]) -> tuple[str, str]:
    """Return one name without what is beside it, and what that was."""
    name, aside = text, ""
    if match := _ET_AL.search(name):
        name, aside = name[: match.start()], "it names further people without their names"
    if match := _LAST_BRACKETS.search(name):
        outside, inside = name[: match.start()].strip(), match[1].strip()
        if outside and _ROLES.fullmatch(inside):
            name, aside = outside, "a role stood in brackets behind the name"
        elif _holds(inside, words) and (_is_person(outside, words) or _is_direct(outside, words)):
            name, aside = outside, "an affiliation stood in brackets behind the name"
    if (match := _EDITORS.search(name)) and _is_person(name[: match.start()], words):
        name, aside = name[: match.start()], aside or "a role stood behind the name"
    before, comma, last = name.rpartition(",")
    if comma and _ROLES.fullmatch(last.strip()) and (_is_person(before, words) or _holds(before, words)):
        name, aside = before, aside or "a role stood behind the name"
    family, _, rest = name.partition(",")
    given, comma, more = rest.partition(",")
    if (
        comma
        and _holds(more, words)
        and not _holds(f"{family} {given}", words)
        and _is_person(f"{family},{given}", words)
    ):
        name, aside = f"{family},{given}", "an affiliation stood behind the name"
    return name.strip(), aside


def _holds(text: str, words: frozenset[str]) -> bool:
    """Return whether a text holds a word for organisations."""
    return bool({word.casefold() for word in _WORD.findall(text)} & words)


def _is_person(text: str, words: frozenset[str]) -> bool:
    family, _, _ = text.partition(",")
    return _family_and_given(text) is not None and not _names_organisation(family, words)


def _is_direct(text: str, words: frozenset[str]) -> bool:
    """Return whether a text may be a name in direct order: "Ana Isabel Roe"."""
    parts = text.split()
    few = _ONE_NAME <= len(parts) <= 5 and "," not in text
    return few and not _holds(text, words) and not any(part.isupper() and len(part) > 3 for part in parts)


def tidy_name(name: str) -> str:
    """Return the name of an organisation in one line, without the full stop of a sentence.

    Raises:
        BadValueError: nothing is left.
    """
    tidy = collapse(name)
    if tidy.endswith(".") and not _ABBREVIATION.search(tidy):
        tidy = tidy[:-1]
    if not tidy:
        raise BadValueError("no name of an organisation")
    return tidy


def read_name(name: str, organisation_words: frozenset[str], agent: str | None = None) -> Name:
    """Return class, family name and given name of a name as written (rule A1); `agent` is what the source says it is.

    "Family, Given" is a person, unless the part before the comma is no surname: "University of X, Department of Y".
    Suffixes, degrees, years of life and brackets are part of neither name. Without a comma a word such as "university" makes
    an organisation, otherwise nothing is guessed: foaf:Agent.
    """
    # A name is read when it is taken and when it is stated, and people have many works.
    return (_read_once if len(name) <= _LONGEST_NAME else _read)(name, organisation_words, agent)


def _read(name: str, organisation_words: frozenset[str], agent: str | None) -> Name:
    if agent == ORGANISATION:
        return Name("foaf:Organization")
    if agent == MEETING:
        return Name("foaf:Agent")
    unknown = "foaf:Person" if agent == PERSON else "foaf:Agent"
    family, comma, _ = name.partition(",")
    if comma and agent != PERSON and _names_organisation(family, organisation_words):
        return Name("foaf:Organization")
    if holds_several(name):
        return Name("foaf:Agent", undecided=True)
    found = _family_and_given(name)
    if found and agent != PERSON and _LEGAL_FORM.fullmatch(found[1]):
        return Name("foaf:Organization")
    if found:
        return Name("foaf:Person", *found)
    if agent != PERSON and _holds(name, organisation_words):
        return Name("foaf:Organization")
    return Name(unknown, undecided=len(_name_parts(name)) > _ONE_NAME)


_read_once = lru_cache(maxsize=8_192)(_read)


def holds_several(name: str) -> bool:
    """Return whether a text looks like the names of several people in a row.

    "Ann M. Smith, Bo Li, Cy Wu" has three parts of two words or more; in "Ann B. Roe , Ben Doe" a blank is before the
    comma, or an initial within what would be the family name; "Roe, A., Doe, B." and "Roe A, Doe B" have initials in each
    place where given names stand.
    """
    parts = _name_parts(name)
    if len(parts) < _ONE_NAME:
        return False
    if len(parts) > _ONE_NAME and all(len(part.split()) > 1 for part in parts):
        return True
    if len(parts) > 3 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return True
    if _TWO_WITH_AND.fullmatch(name) or (len(parts) == _ONE_NAME and _AND.search(parts[1])):
        return True
    if len(parts) != _ONE_NAME:
        return False
    first, second = parts
    both_long = len(first.split()) > 1 and len(second.split()) > 1
    # Initials end given names: "Silva Pereira , Rodrigo M." is one person.
    apart = re.search(r"\s,", name) and not _INITIAL.fullmatch(second.split()[-1])
    if both_long and (apart or _in_direct_order(first)):
        return True
    return bool(_FAMILY_AND_INITIALS.fullmatch(first) and _FAMILY_AND_INITIALS.fullmatch(second))


def _in_direct_order(text: str) -> bool:
    """Return whether an initial precedes the last word: "Ann B. Roe", which is no family name."""
    *before, last = text.split()
    return len(last) > 2 and any(map(_INITIAL.fullmatch, before))


def _name_parts(name: str) -> list[str]:
    """Return the parts of a name between commas, without brackets, years of life, suffixes and degrees."""
    plain = LIFE_DATES.sub("", _BRACKETS.sub("", name).strip())
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    return [
        *parts[:1],
        *(part for part in parts[1:] if not _is_title(part) or (len(parts) == _ONE_NAME and not _is_suffix(part))),
    ]


def _is_title(part: str) -> bool:
    return _DEGREE.fullmatch(part) is not None or all(
        _SUFFIX.fullmatch(word) or _DEGREE.fullmatch(word) for word in part.split()
    )


def _is_suffix(part: str) -> bool:
    # "John Smith, Jr." and "John Smith, Ph.D." have no family name before the comma; in "Smith, MD" initials stand behind it.
    return part not in {"JR", "SR", "V", "VI", "V.", "v"} and any(
        form.fullmatch(part) for form in (_SUFFIX, _SURE_DEGREE)
    )


def _family_and_given(name: str) -> tuple[str, str] | None:
    """Return family and given name of "Family, Given", None for any other form."""
    if ";" in name or "|" in name:
        return None
    parts = _name_parts(name)
    if len(parts) != _ONE_NAME or holds_several(name):
        return None
    family, given = (_without_suffix(part) for part in parts)
    if _RANK.match(given):
        return None
    return (family, given) if _WORD.search(family) and _WORD.search(given) else None


def _without_suffix(part: str) -> str:
    """Return a part of a name without the suffix at its end: "John III" is "John"."""
    before, _, last = part.rpartition(" ")
    return before.rstrip() if before and _GENERATION.fullmatch(last) else part


def _names_organisation(family: str, organisation_words: frozenset[str]) -> bool:
    """Return whether the part of a name before its comma names an organisation: several words, one of which says so.

    Surnames are words for organisations too ("Bureau, Sarah", "de la Cámara, Juan", "Gómez Hospital, J A"): a third word is
    asked for that is no particle, unless the word is one that no surname has.
    """
    words = {word.casefold() for word in _WORD.findall(family)}
    parts = family.split()
    if len(parts) < 2 or not words & organisation_words:
        return False
    return bool(_NO_SURNAME.search(family.casefold())) or (
        len(parts) > 2 and any(len(word) > _PARTICLE for word in words - organisation_words)
    )
