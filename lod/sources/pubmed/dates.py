"""Dates of PubMed: year, month and day, or MEDLINE's dates in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lod.numbers import whole_number

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_SEASONS = {"spring": 21, "summer": 22, "fall": 23, "autumn": 23, "winter": 24}
_POINT = r"(?P<{0}year>\d{{4}})?\s*+(?:(?P<{0}month>[A-Za-z]{{3,6}})\s*+)?(?P<{0}day>\d{{1,2}})?"
_RANGE = re.compile(rf"{_POINT.format('from_')}\s*+-\s*+{_POINT.format('to_')}")
_SINGLE = re.compile(_POINT.format(""))


def read_pub_date(parts: Mapping[str, str]) -> str:
    """Return a date in ISO 8601, an interval in EDTF, or what MEDLINE wrote where neither can be read from it.

    {"Year": "2010", "Month": "Aug"} is "2010-08", {"MedlineDate": "1998 Dec-1999 Jan"} is "1998-12/1999-01", a season is an
    EDTF season ("2001-21"). Source: NLM, "MEDLINE/PubMed XML Element Descriptions", PubDate and MedlineDate.
    """
    if parts.get("MedlineDate"):
        return medline_date(parts["MedlineDate"])
    month = parts.get("Month") or parts.get("Season", "")
    return _joined(parts.get("Year", ""), month, parts.get("Day", "")) or " ".join(parts.values())


def medline_date(text: str) -> str:
    """Return a MedlineDate as a date or an EDTF interval: "2000 Spring-Summer" is kept as it is written."""
    plain = text.strip()
    if match := _SINGLE.fullmatch(plain):
        return _joined(match["year"] or "", match["month"] or "", match["day"] or "") or plain
    match = _RANGE.fullmatch(plain)
    if match is None or not match["from_year"]:
        return plain
    # "1998 Dec 15-31": the second date repeats neither the year nor the month.
    year = match["to_year"] or match["from_year"]
    month = match["to_month"] or ("" if match["to_year"] else match["from_month"] or "")
    first = _joined(match["from_year"], match["from_month"] or "", match["from_day"] or "")
    last = _joined(year, month, match["to_day"] or "")
    # EDTF intervals have no seasons in them.
    return f"{first}/{last}" if first and last and not re.search(r"-2\d(?:/|$)", f"{first}/{last}") else plain


def _joined(year: str, month: str, day: str) -> str:
    if not re.fullmatch(r"\d{4}", year):
        return ""
    if not month:
        return "" if day else year
    name = month.strip().lower()
    number = (
        whole_number(name) if name.isdecimal() else _MONTHS.get(name[:3]) if name not in _SEASONS else _SEASONS[name]
    )
    if number is None or not (1 <= number <= 12 or 21 <= number <= 24):
        return ""
    if not day or number > 12:
        return f"{year}-{number:02}"
    of_month = whole_number(day)
    return "" if of_month is None else f"{year}-{number:02}-{of_month:02}"
