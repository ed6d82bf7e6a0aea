"""Dates with the precision of the source (rules D1 and D2, MODEL section 10)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from lod.errors import BadValueError
from lod.rdf.claims import XSD_NS

EDTF = "http://id.loc.gov/datatypes/edtf"
G_YEAR = f"{XSD_NS}gYear"
G_YEAR_MONTH = f"{XSD_NS}gYearMonth"
DATE = f"{XSD_NS}date"
DATE_TIME = f"{XSD_NS}dateTime"

_YEAR = re.compile(r"-?\d{4}", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"(\d{4,5})-(\d{2})-(\d{2})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# Field 005 of MARC 21, which MODS repeats: "20000406144503.0".
_MARC_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d)?", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?\s?(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
# EDTF level 0 intervals and the parts of level 1 that repositories write. Source: Library of Congress, EDTF (2019).
_POINT = r"-?\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?[?~%]?"
_EDTF = re.compile(
    rf"{_POINT}|Y-?[1-9]\d{{4,8}}|-?\d{{3}}X|-?\d{{2}}XX|\d{{4}}-(?:2[1-4][?~%]?|XX(?:-XX)?)|\d{{4}}-(?:0[1-9]|1[0-2])-XX"
    rf"|(?:{_POINT}|\.\.)/(?:{_POINT}|\.\.)?|/{_POINT}",
    re.ASCII,
)
# Forms that people write and that can be read in one way only; all else is left as it is.
_SPAN = re.compile(r"(\d{4}\??)\s?[-–—]\s?(\d{4}\??)", re.ASCII)
_UNPADDED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DECADE = re.compile(r"(\d{2}[1-9])0['’]?s", re.ASCII)
_CIRCA = re.compile(r"(?:circa|ca)\.?\s?(\d{4})", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LEADING_YEAR = re.compile(r"(-?\d{4})(?!\d)", re.ASCII)
# A year with no more than the words and signs that say of what it is the year.
_WORDED_YEAR = re.compile(
    r"(?:(?:first )?(?:published|issued|printed|copyright|cop\.)(?: (?:in|date))?:?\s?|©\s?|\(c\)\s?|[cp](?=\d)|℗\s?)?(\d{4})\.?",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_SEASON = 40
_SEASONED = re.compile(
    r"(?P<season>[^\W\d_]{3,9}),?\s(?:(?:of|de|del|do)\s)?(?P<year>\d{4})|(?P<year_first>\d{4}),?\s(?P<last>[^\W\d_]{3,9})"
)
_SEASONS = {
    word: code
    for code, words in {
        "21": "spring primavera printemps frühling frühjahr lente forår vår wiosna kevät весна",
        "22": "summer verano verão estate été sommer zomer sommar lato kesä лето",
        "23": "autumn fall otoño outono autunno automne herbst herfst efterår höst høst jesień syksy осень",
        "24": "winter invierno inverno hiver vinter zima talvi зима",
    }.items()
    for word in words.split()
}
"""Codes of EDTF level 1 for seasons; they are the same on both halves of the earth. Words of the languages that repositories use most."""

_MONTHS = {
    word: f"{number:02}"
    for number, words in enumerate(
        (
            "january jan janvier januar enero janeiro gennaio januari",
            "february feb février fevrier februar febrero fevereiro febbraio februari",
            "march mar mars märz maerz marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maio maggio mei maj",
            "june jun juin juni junio junho giugno",
            "july jul juillet juli julio julho luglio",
            "august aug août aout agosto augustus augusti",
            "september sep sept septembre septiembre setiembre setembro settembre",
            "october oct octobre oktober octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec décembre decembre dezember diciembre dezembro dicembre",
        ),
        start=1,
    )
    for word in words.split()
}
"""Names of months in languages in which no name means another month than in any other of them; so no Slavic ones."""
_MONTH_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?[ -]{1,2}(?:de |of )?)?(?P<month>[^\W\d_]{3,10})\.?(?:[ -](?P<day_after>\d{1,2})(?:st|nd|rd|th)?)?"
    r",?[ -]{1,2}(?:de |of )?(?P<year>\d{4})"
    r"|(?P<year_first>\d{4}),?[ -](?P<month_after>[^\W\d_]{3,10})\.?(?:[ -](?P<day_last>\d{1,2}))?"
)
_BY_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)

Dated = tuple[str, str, bool]


def read_date(text: str) -> Dated:
    """Return lexical form, datatype IRI, and whether the form differs from the text.

    "1998" is xsd:gYear, "1998-05" xsd:gYearMonth, "1998-05-17" xsd:date; a time of day gives xsd:dateTime with its
    zone as written. "2010-00-00" is cut to what it says; EDTF of levels 0 and 1 keeps its text. "1911-1924", "1980s",
    "ca. 1900", "2022-11-3", "Apr 2019", "15/08/2010", "Fall 2021", "[1983]" and "c1983" are read, since they can mean one thing
    only; no order of day and month is guessed. Sources: W3C XML Schema 1.1 Part 2, sections 3.3.7 to 3.3.11; MODEL section 10.

    Raises:
        BadValueError: the text is no such date, or no such day exists.
    """
    stripped = text.strip()
    return (
        _plain_date(stripped)
        or _moment(stripped)
        or _edtf(stripped)
        or _as_people_write(stripped)
        or _in_words(stripped)
        or _refuse()
    )


def read_timestamp(text: str) -> Dated:
    """Return a moment in UTC ("…Z"), or a date where no time of day is given; a missing zone is read as UTC (rule D2).

    Raises:
        BadValueError: as `read_date`.
    """
    form, datatype, changed = read_date(text)
    if datatype == EDTF:
        _refuse()
    if datatype == DATE_TIME and not form.endswith("Z"):
        return _in_utc(form), datatype, True
    return form, datatype, changed


def _in_utc(form: str) -> str:
    moment = datetime.fromisoformat(form)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        text = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
    except OverflowError:
        raise BadValueError("a moment at the edge of the calendar") from None
    fraction = f"{moment.microsecond:06}".rstrip("0")
    return f"{text}{'.' + fraction if fraction else ''}Z"


def year_of(form: str) -> str | None:
    """Return the year that a date form starts with, None where it shows none."""
    match = _LEADING_YEAR.match(form)
    return match[1] if match else None


def only_year_in(text: str) -> str | None:
    """Return the year in a date that cannot be read whole, such as "in press 2010" or "04/08/2010"; None unless it is the only one."""
    years = set(_ANY_YEAR.findall(text))
    return years.pop() if len(years) == 1 and len(text) <= _LONGEST_SEASON else None


_ANY_YEAR = re.compile(r"(?<![\d.])(?:1[4-9]|20)\d\d(?![\d])", re.ASCII)


def _plain_date(text: str) -> Dated | None:
    if _YEAR.fullmatch(text):
        return (text, G_YEAR, False) if text.lstrip("-") != "0000" else _refuse()
    if match := _YEAR_MONTH.fullmatch(text):
        return _year_month(match[1], match[2], text)
    if match := _DATE.fullmatch(text):
        return _day(match[1], match[2], match[3], text)
    if match := _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3], text)
    return None


def _year_month(year: str, month: str, text: str) -> Dated | None:
    if month == "00":
        return year, G_YEAR, True
    if 1 <= int(month) <= 12:
        form = f"{year}-{month}"
        return form, G_YEAR_MONTH, form != text
    return None


def _day(year: str, month: str, day: str, text: str) -> Dated | None:
    if month == "00" or day == "00":
        return _year_month(year, month, text) if len(year) == 4 else None
    # Python's calendar ends at 9999; DSpace writes 10000-01-01 for "embargo for ever".
    in_range = int(year) if int(year) <= 9999 else 2000
    try:
        date(in_range, int(month), int(day))
    except ValueError:
        raise BadValueError(f"there is no day {year}-{month}-{day}; write it as year-month-day") from None
    form = f"{year}-{month}-{day}"
    return form, DATE, form != text


def _moment(text: str) -> Dated | None:
    marc = _MARC_TIME.fullmatch(text)
    match = _DATE_TIME.fullmatch("{}-{}-{}T{}:{}:{}".format(*marc.groups()) if marc else text)
    if match is None:
        return None
    day, hour, minute, second, fraction, zone = match.groups()
    year, month, day_of_month = day.split("-")
    known = _day(year, month, day_of_month, day)
    if known is None or known[1] != DATE:
        # DSpace pads what it does not know: 2010-00-00T00:00:00Z says 2010.
        return (*known[:2], True) if known else None
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise BadValueError(f"there is no time {hour}:{minute}:{second or '00'}")
    # The canonical form, as stores give it back: no zeros at the end of a fraction, Z for UTC.
    fraction = (fraction or "").rstrip("0")
    zone = (zone or "").upper()
    if zone and zone != "Z":
        zone = f"{zone[:3]}:{zone[-2:]}"
        if int(zone[1:3]) > 14 or int(zone[4:]) > 59:
            raise BadValueError(f"there is no time zone {zone}")
        zone = "Z" if zone[1:] == "00:00" else zone
    form = f"{day}T{hour}:{minute}:{second or '00'}{'.' + fraction if fraction else ''}{zone}"
    return form, DATE_TIME, form != text


def _edtf(text: str) -> Dated | None:
    if not _EDTF.fullmatch(text):
        return None
    first, slash, last = text.partition("/")
    if slash and first[:1].isdigit() and last[:1].isdigit() and first[:4] > last[:4]:
        raise BadValueError(f"the span {text} ends before it begins")
    for day in _DAY.findall(text):
        year, month, day_of_month = day.split("-")
        _day(year, month, day_of_month, day)
    return text, EDTF, False


def _as_people_write(text: str) -> Dated | None:
    if match := _UNPADDED.fullmatch(text):
        return _day(match[1], match[2].zfill(2), match[3].zfill(2), text)
    if (match := _SPAN.fullmatch(text)) and match[1][:4] < match[2][:4]:
        return f"{match[1]}/{match[2]}", EDTF, True
    if match := _DECADE.fullmatch(text):  # "1900s" is a decade to some and a century to others
        return f"{match[1]}X", EDTF, True
    if match := _CIRCA.fullmatch(text):  # "c2010" may be a copyright
        return f"{match[1]}~", EDTF, True
    return _with_month(text) if len(text) <= _LONGEST_SEASON else None


def _with_month(text: str) -> Dated | None:
    """Read a date with the name of a month, or one by numbers that can be read in one way only: "Apr 2019", "15/08/2010", "9/9/1850"."""
    if match := _BY_NUMBERS.fullmatch(text):
        first, _, second, year = match.groups()
        if 12 < int(first) <= 31 and int(second) <= 12:
            return _day(year, second.zfill(2), first.zfill(2), text)
        if int(first) == int(second) <= 12 or (12 < int(second) <= 31 and int(first) <= 12):
            return _day(year, first.zfill(2), second.zfill(2), text)
        return None
    match = _MONTH_NAMED.fullmatch(text)
    month = _MONTHS.get((match["month"] or match["month_after"]).casefold()) if match else None
    if match is None or month is None or (match["day"] and match["day_after"]):
        return None
    year = match["year"] or match["year_first"]
    day = match["day"] or match["day_after"] or match["day_last"]
    return _day(year, month, day.zfill(2), text) if day else _year_month(year, month, text)


def _in_words(text: str) -> Dated | None:
    bare = text
    if bare[:1] == "[" and bare[-1:] == "]":  # supplied by the cataloguer (ISBD, area 4)
        bare = bare[1:-1].strip()
        if _EDTF.fullmatch(bare) and bare[-1] in "?~":
            return bare, EDTF, True
    if match := _WORDED_YEAR.fullmatch(bare):
        return (match[1], G_YEAR, True) if match[1] != "0000" else None
    match = _SEASONED.fullmatch(bare) if len(bare) <= _LONGEST_SEASON else None
    season = _SEASONS.get((match["season"] or match["last"]).casefold()) if match else None
    return (f"{match['year'] or match['year_first']}-{season}", EDTF, True) if match and season else None


def _refuse() -> Dated:
    raise BadValueError(
        "not a date that can be read without guessing; write 2010, 2010-08, 2010-08-15 or EDTF such as 2007/2008"
    )
