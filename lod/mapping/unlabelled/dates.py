"""Unqualified dates: deposit, availability or issue, read from their forms and from each other.

DSpace gives `dc:date` three times: two full timestamps of the deposit, and the date of issue, perhaps that of the submission behind
it. Others give the date of issue alone; Digital Commons writes it as a moment, midnight at the Pacific coast of North America where no
time was given; PubMed Central and arXiv give the dates of all editions, and nothing else. Dates in any other constellation stay
unqualified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.values.dates import read_date
from lod.record import Record

EMBARGO_END = re.compile(r"info:eu-repo/date/embargoEnd/(\d{4}(?:-\d\d(?:-\d\d)?)?)", re.IGNORECASE)
_UNLABELLED = frozenset({"dc.date", "dcterms.date"})
_ISSUED = frozenset({"dc.date.issued", "dcterms.issued"})
_DEPOSITED = frozenset({"dc.date.accessioned", "dc.date.available", "dcterms.available"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
# Pacific Daylight Time and Pacific Standard Time.
_PACIFIC_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T0[78]:00:00Z")
_DIGITAL_COMMONS = re.compile(
    r"https?://[^\s/]{1,200}/(?:(?:[^\s?]{0,200}/)?viewcontent\.cgi\?\S*|context/[^\s/?]{1,100}/article/\d{1,9}/type/native/viewcontent)",
    re.IGNORECASE,
)
_PACIFIC = timedelta(hours=-7)
"""From UTC to Pacific Daylight Time: midnight of either time of the year falls on its own day."""
_EDITIONS = {"oai:pubmedcentral.nih.gov:": "PubMed Central", "oai:arXiv.org:": "arXiv"}
"""Repositories whose dates are all those of editions, printed and electronic, or of the first and the last version, by the start of their OAI identifiers."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD = re.compile(
    r"(?:(?:ca?|circa)\.?\s)?\d{4}(?:-\d\d){0,2}\??(?:\s?[-–/]\s?\d{4}(?:-\d\d){0,2}\??)?|(?:1\d|20)\d0['’]?s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FieldReading:
    """What a value was read as: its qualified field ("" keeps it verbatim only), why, and the part of the text that counts ("" for all).

    `guessed`: the shape leaves a doubt, and so does every claim that comes of it.
    """

    field: str
    why: str
    text: str = ""
    guessed: bool = False


def read_as(field: str, why: str, text: str = "", *, guessed: bool = False) -> FieldReading:
    """Return the reading of a value as a qualified field."""
    return FieldReading(field, f"read as {field}: {why}", text, guessed)


def read_dates(
    record: Record,
    cited_year: str = "",
    cited_years: Set[str] = frozenset(),
    says_nothing: Callable[[str], str] = lambda _: "",
) -> dict[int, FieldReading]:
    """Return the readings of the unqualified dates that can be told apart, by position.

    What `says_nothing`, such as the date that DSpace writes for "for ever", does not count. `cited_year` is before the title in the record's citation, `cited_years` are all in it.
    """
    found: dict[int, FieldReading] = {}
    moments: list[tuple[str, int]] = []
    days: list[tuple[str, int]] = []
    unread: list[int] = []
    for index, value in enumerate(record.values):
        if value.field not in _UNLABELLED:
            continue
        text = value.text.strip()
        if says_nothing(text):
            continue
        if match := EMBARGO_END.fullmatch(text):
            found[index] = embargo_reading(match[1])
        elif _MOMENT.fullmatch(text):
            moments.append((text, index))
        elif _is_date(text):
            days.append((text, index))
        else:
            unread.append(index)
    fields = {value.field for value in record.values}
    if not fields & _DEPOSITED:
        found |= _deposit(moments, bool(days))
    if not fields & _ISSUED:
        start, colon, _ = (record.oai_identifier or "").rpartition(":")
        of_editions = _EDITIONS.get(start + colon, "")
        issue = _issue(days, bool(moments), of_editions, cited_year) if days else _issue_among(moments, record)
        found |= issue or (_issue_before_submission(days, cited_years) if len(moments) > 1 and len(days) == 2 else {})
    if days:
        found |= dict.fromkeys(
            unread, FieldReading("", "no date, and other dates stand beside it; it was kept verbatim")
        )
    return found


def embargo_reading(end: str) -> FieldReading:
    """Return the reading of the end of an embargo."""
    return read_as("dc.embargo.liftdate", "the end of an embargo", end)


def is_period(text: str) -> bool:
    """Return whether a text is a date or a span of time: "1940-1949", "2005?", "1960's"."""
    return _is_date(text) or _PERIOD.fullmatch(collapse(text)) is not None


def _deposit(moments: list[tuple[str, int]], dated: bool) -> dict[int, FieldReading]:
    if len(moments) == 1 and dated:
        return {
            moments[0][1]: FieldReading("", "a moment of the deposit, but nothing says which; it was kept verbatim")
        }
    if len(moments) < 2:
        return {}  # the only date there is may be the date of issue
    first, *others = sorted(moments)
    found = {first[1]: read_as("dc.date.accessioned", "the earliest of several timestamps")}
    if len(others) == 1:
        found[others[0][1]] = read_as("dc.date.available", "the later of two timestamps")
    else:
        why = "one of several timestamps of the deposit, but nothing says which; it was kept verbatim"
        found |= {index: FieldReading("", why) for _, index in others}
    return found


def _issue(days: list[tuple[str, int]], deposited: bool, of_editions: str, cited_year: str) -> dict[int, FieldReading]:
    # "September 18, 1936" beside "1936-09-18" is one date.
    text, index = min(((read_date(text)[0], index) for text, index in days), key=lambda pair: len(pair[0]))
    if all(read_date(other)[0].startswith(text) for other, _ in days):
        why = "beside the timestamps of the deposit the only date" if deposited else "the only date"
        return {index: read_as("dc.date.issued", why)}
    if len(days) == 3 and days[0][0] == days[1][0] != days[2][0] and _DAY.fullmatch(days[0][0]):
        # Early versions of DSpace gave the deposit by the day: accessioned, available, issued.
        why = "the date after the day of the deposit, which is given twice"
        kept = FieldReading("", "the day of the deposit, but nothing says which; it was kept verbatim")
        return {
            days[2][1]: read_as("dc.date.issued", why),
            days[0][1]: kept,
            days[1][1]: kept,
        }
    of_year = [index for text, index in days if cited_year and text.startswith(cited_year)]
    if len(of_year) == 1:
        why = "the one date of the year that the citation of the record names"
        return {of_year[0]: read_as("dc.date.issued", why)}
    if of_editions:
        # Of "2014-12" and "2014-12-22" the more exact one is the date: it lies in the month of the other.
        _, first = min(((read_date(text)[0] + "~")[:11], index) for text, index in days)
        why = f"the earliest of the dates of its editions, as {of_editions} gives them"
        return {first: read_as("dc.date.issued", why)}
    return {}


def _issue_before_submission(days: list[tuple[str, int]], cited_years: Set[str]) -> dict[int, FieldReading]:
    """Return the date of issue of two: DSpace gives it before that of the submission, which is the earlier of them.

    A date of creation, or of a copyright, would come before it, and one of a change would be later. The year of the citation confirms it.
    """
    (issued, index), (submitted, _) = days
    if issued <= submitted or issued[:4] not in cited_years:
        return {}
    why = "a guess: the first of two dates, and the later one, as DSpace gives issue and submission; the citation has its year"
    return {index: read_as("dc.date.issued", why, guessed=True)}


def _issue_among(moments: list[tuple[str, int]], record: Record) -> dict[int, FieldReading]:
    """Return the date of issue where only moments are given: that of Digital Commons, or a third time the moment of the deposit."""
    if len(moments) == 1 and any(_DIGITAL_COMMONS.fullmatch(value.text.strip()) for value in record.values):
        # Its one date is that of publication, at midnight unless an editor gave a time of day.
        with suppress(ValueError, OverflowError):  # no such moment
            day = (datetime.fromisoformat(moments[0][0]) + _PACIFIC).date().isoformat()
            why = "the only date, a moment in Pacific time, as Digital Commons writes it"
            return {moments[0][1]: read_as("dc.date.issued", why, day)}
    if len(moments) == 1 and (match := _PACIFIC_MIDNIGHT.fullmatch(moments[0][0])):
        why = "the only date, and midnight in Pacific time, as Digital Commons writes it"
        return {moments[0][1]: read_as("dc.date.issued", why, match[1])}
    if len(moments) == 3 and len({text for text, _ in moments}) == 1:
        text, index = moments[2]
        why = "the third of three equal timestamps, as DSpace writes what was issued by its deposit"
        return {index: read_as("dc.date.issued", why, text[:10])}
    return {}


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except BadValueError:
        return False
    return True
