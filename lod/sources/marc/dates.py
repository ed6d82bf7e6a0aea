"""Dates of a MARC record: the coded dates of 008, the written ones of 260 and 264."""

from __future__ import annotations

import re

from lod.long_texts import collapse

_YEAR = re.compile(r"\[?\(?(?:ca\.?|circa)?\s?(\d{4})(\??)\)?\]?[.,;]?")
_COPYRIGHT = re.compile(r"\[?(?:©|\(c\)|c|cop\.?|copyright)\s?(\d{4})\]?[.,;]?", re.IGNORECASE)
_PUBLISHED_AND_COPYRIGHT = re.compile(r"(.{4,30}?),\s*((?:©|\(c\)|c|cop\.?|copyright)\s?\d{4})\]?[.,;]?", re.IGNORECASE)
_SPAN = re.compile(r"\[?(\d{4})\]?\s?[-–/]\s?\[?(\d{4})\]?[.,]?")
_OPEN = re.compile(r"\[?(\d{4})\]?\s?[-–][\s>]*\]?[.,]?")
_DECADE = re.compile(r"\[?(\d{3})[-–?u]\??\]?[.,]?")
_CENTURY = re.compile(r"\[?(\d{2})[-–]{2}\??\]?[.,]?")
_ERA = re.compile(r"(?:[^\d\[\]]{2,30}\s)?\d{1,4},?\s(?:nen\s)?\[(?:i\.\s?e\.,?\s)?(\d{4})(\??)\][.,;]?")
"""A year of another calendar, or a wrong one, and the year that it is: "Meiji 20 [1887]", "5718 [1958]", "1958 [i.e. 1959]"."""
_CODED = re.compile(r"\d{4}|\d{3}u|\d{2}uu")


def coded_dates(kind: str, first: str, second: str) -> dict[str, str]:
    """Return the dates that 008/06-14 states, by field; none where it leaves them open. "u" for unknown digits is EDTF's "X".

    Source: MARC 21 Format for Bibliographic Data, 008 All Materials, positions 06 to 14.
    """
    one, two = _edtf(first), _edtf(second)
    issued = copyright_ = created = ""
    if kind in "srpt" or (kind == "q" and first == second):
        issued, copyright_ = one, two if kind == "t" and one else ""
    elif not one.isdigit():
        return {}
    elif kind == "e":
        issued = _detailed(one, second[:2].strip("u "), second[2:].strip("u "))
    elif kind == "m" and first == second:
        issued = one
    elif kind in "mcd":
        issued = _interval(one, two, second)
    elif kind in "ik" and two.isdigit():
        created = f"{one}/{two}" if one != two else one
    found = {"dc.date.issued": issued, "dc.date.copyright": copyright_, "dc.date.created": created}
    return {field: date for field, date in found.items() if date}


def written_date(text: str) -> tuple[str, str]:
    """Return date of publication and of copyright of a written date: "[2007?]", "1990, c1989", "1911-1924", "[199-]"; "" for none."""
    plain = collapse(text)
    if match := _PUBLISHED_AND_COPYRIGHT.fullmatch(plain):
        both = _COPYRIGHT.fullmatch(match[2])
        return written_date(match[1])[0], both[1] if both else ""
    if match := _COPYRIGHT.fullmatch(plain):
        return "", match[1]
    if match := _YEAR.fullmatch(plain):
        about = "~" if re.match(r"\[?\(?(?:ca|circa)", plain) else match[2]
        return match[1] + about, ""
    if match := _ERA.fullmatch(plain):
        return match[1] + match[2], ""
    if match := _SPAN.fullmatch(plain):
        return (f"{match[1]}/{match[2]}", "") if match[1] <= match[2] else ("", "")
    if match := _OPEN.fullmatch(plain):
        return f"{match[1]}/..", ""
    if match := _DECADE.fullmatch(plain):
        return f"{match[1]}X", ""
    if match := _CENTURY.fullmatch(plain):
        return f"{match[1]}XX", ""
    return "", ""


def _edtf(text: str) -> str:
    known = bool(_CODED.fullmatch(text)) and text not in {"9999", "0000"}
    return text.replace("u", "X") if known else ""


def _detailed(year: str, month: str, day: str) -> str:
    if not month.isdigit():
        return year
    return f"{year}-{month.zfill(2)}" + (f"-{day.zfill(2)}" if day.isdigit() else "")


def _interval(first: str, last: str, written: str) -> str:
    if written == "9999":
        return f"{first}/.."
    return f"{first}/{last}" if last.isdigit() and first <= last else ""
