"""Findings that time ends: an embargo that is over, a year that is no longer to come.

Neither the record nor the rules have changed then, and yet a fresh build would say something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from lod.errors import BadValueError
from lod.mapping.record.assemble import EMBARGO
from lod.mapping.values.dates import read_timestamp
from lod.report import Finding
from lod.validation.rules.dates import FIRST_PRINTED_YEAR, YEARS_AHEAD


def has_ended(finding: Finding, today: date) -> bool:
    """Tell whether a finding of one of the `PASSING` rules would not be found any more on a day (UTC)."""
    return PASSING[finding.rule](finding.value, today)


def _day_has_come(text: str, today: date) -> bool:
    with suppress(BadValueError):
        text = read_timestamp(text)[0]
    return text[:10] <= today.isoformat()


def _year_is_plausible(text: str, today: date) -> bool:
    year = re.match(r"-?[0-9]{4,9}", text)
    return year is not None and FIRST_PRINTED_YEAR <= int(year[0]) <= today.year + YEARS_AHEAD


def _year_has_come(text: str, today: date) -> bool:
    return text[:4].isdecimal() and int(text[:4]) <= today.year


PASSING: dict[str, Callable[[str, date], bool]] = {
    EMBARGO: _day_has_come,
    "F04": _day_has_come,
    "I20": _year_is_plausible,
    "M02": _year_has_come,
}
"""By rule: does its finding about a value end by a day."""
