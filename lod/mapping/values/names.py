"""Names of people and organisations: split, tidied, and classified by their form (rules A1 and O1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.long_texts import collapse

_WORD = re.compile(r"[^\W\d_]+")
LIFE_DATES = re.compile(
    r",?\s?(?:(?:b\.|born|d\.|died|ca?\.|fl\.|active)\s?)?\b\d{4}\??\s?(?:[-–]\s?(?:\d{4}\??)?)?\.?$"
)
"""Years of birth and death at the end of a name, as authority files have them: "Rolston, Holmes, 1932-"."""
_NO_SURNAME = re.compile(r"\b(?:universi|institut|departm|ministr|governm)")
_PARTICLE = 3
_ONE_NAME = 2
_FAMILY_GIVEN = re.compile(r"[^\W\d][^,;()]*,\s*[^\W\d][^,;()]*")
_ABBREVIATION = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Bros|Dept|Univ|Assoc|Soc|Inst|Intl|Verl|Cie|jr|sr|[A-Z])\.$", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^\W\d_]{5}\.$")


def bare_name(text: str) -> str:
    """Return a name without the punctuation around it: "Slater, John." is "Slater, John".

    A full stop goes only after a whole word, of five letters or more: of 28,892 names with a full stop at the end,
    all with such a word end a sentence there, and all others are initials and short forms (Jr., Inc., Yu., Kr., Mohd.).
    """
    name = text.strip(" ;,")
    return name[:-1] if _SENTENCE.search(name) and not _ABBREVIATION.search(name) else name


def split_names(text: str) -> list[str]:
    """Return the names in a text: several only where each part between semicolons is "Family, Given"."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    several = len(parts) > 1 and all(_FAMILY_GIVEN.fullmatch(part) for part in parts)
    return parts if several else [text]


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


def read_name(name: str, organisation_words: frozenset[str]) -> tuple[str, str, str]:
    """Return class, family name and given name of a name as written (rule A1).

    "Family, Given" is a person, unless the part before the comma is no surname: "University of X, Department of Y".
    Without a comma a word such as "university" makes an organisation, otherwise nothing is guessed: foaf:Agent.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given and not holds_several(name):
        if _names_organisation(family, organisation_words):
            return "foaf:Organization", "", ""
        return "foaf:Person", family, LIFE_DATES.sub("", given) or given
    named = {word.casefold() for word in _WORD.findall(name)}
    return ("foaf:Organization" if named & organisation_words else "foaf:Agent"), "", ""


def holds_several(name: str) -> bool:
    """Return whether a text is several names in a row: "Ann M. Smith, Bo Li, Cy Wu" has three parts of two words or more, and no "Family, Given"."""
    parts = name.split(",")
    return len(parts) > _ONE_NAME and all(len(part.split()) > 1 for part in parts)


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
