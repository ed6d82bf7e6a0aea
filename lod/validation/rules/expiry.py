"""Findings that expire: an embargo that is over, a year that is no longer in the future.

Neither the record nor the rules have changed then, and yet a fresh build would not have the finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from lod.errors import BadValueError
from lod.mapping.item.dates import EMBARGO
from lod.mapping.values.dates import read_timestamp
from lod.report import Finding
from lod.validation.rules.dates import FIRST_PRINTED_YEAR, YEARS_AHEAD


def has_expired(finding: Finding, today: date) -> bool:
    """Return whether a finding of one of the `EXPIRING` rules would not be found any more on a day (UTC)."""
    return EXPIRING[finding.rule](finding.value, today)


def _day_is_reached(text: str, today: date) -> bool:
    with suppress(BadValueError):
        text = read_timestamp(text)[0]
    return text[:10] <= today.isoformat()


def _year_is_plausible(text: str, today: date) -> bool:
    year = re.match(r"-?[0-9]{4,9}", text)
    return year is not None and FIRST_PRINTED_YEAR <= int(year[0]) <= today.year + YEARS_AHEAD


def _year_is_reached(text: str, today: date) -> bool:
    return text[:4].isdecimal() and int(text[:4]) <= today.year


EXPIRING: dict[str, Callable[[str, date], bool]] = {
    EMBARGO: _day_is_reached,
    "F04": _day_is_reached,
    "I20": _year_is_plausible,
    "M02": _year_is_reached,
}
"""By rule: whether its finding about a value has expired on a day."""
