"""Rules about dates and years (I18 to I22, R06, F04, M02)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lod.rdf.claims import XSD_NS, literal_parts, text_of
from lod.validation.rules.record_index import SERIALS, RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

DATE_PROPERTIES = (
    "dcterms:issued",
    "dcterms:date",
    "dcterms:created",
    "dcterms:dateSubmitted",
    "dcterms:dateAccepted",
    "dcterms:dateCopyrighted",
    "dcterms:available",
    "dcterms:modified",
    "dcterms:valid",
    "prism:publicationDate",
    "fabio:hasPublicationYear",
    "fabio:hasCopyrightYear",
)
_EDTF = "http://id.loc.gov/datatypes/edtf"
_DATE_DATATYPES = frozenset({f"{XSD_NS}{name}" for name in ("gYear", "gYearMonth", "date", "dateTime")} | {_EDTF})
IN_ORDER = ("dcterms:dateSubmitted", "dcterms:dateAccepted", "dcterms:issued")
_ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_DAY = rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
_FORMS = {
    f"{XSD_NS}gYear": re.compile(_YEAR + _ZONE),
    f"{XSD_NS}gYearMonth": re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}"),
    f"{XSD_NS}date": re.compile(_DAY + _ZONE),
    f"{XSD_NS}dateTime": re.compile(
        rf"{_DAY}T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?){_ZONE}"
    ),
}
_PRECISE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
FIRST_PRINTED_YEAR = 1450
YEARS_AHEAD = 2
_OPEN_ACCESS = "<http://purl.org/coar/access_right/c_abf2>"


def dates_of_issue(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I17: an item has one date of issue; a page about a person, a project and the like, or a serial, may have none."""
    if not record.is_a(record.item, "rt:RepositoryItem"):
        return
    dates = record.objects(record.item, "dcterms:issued")
    if len(dates) > 1 or (not dates and not record.is_a(record.item, "rt:EntityPage", *SERIALS)):
        yield record.item, "dcterms:issued", " | ".join(text_of(date) for date in dates)


def unread_dates(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I18: every date of the item has a datatype of dates."""
    for name in DATE_PROPERTIES:
        for term in record.objects(record.item, name):
            if not term.startswith('"') or literal_parts(term)[2] not in _DATE_DATATYPES:
                yield record.item, name, term


def ill_typed_dates(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I19: the form and the calendar fit. Source: W3C XML Schema 1.1 Part 2, sections 3.3.7 and 3.3.9 to 3.3.11."""
    for literal in record.typed:
        form = _FORMS.get(literal.datatype)
        if form and not _is_date(form.fullmatch(literal.text)):
            yield literal.subject, literal.property, literal.term


def _is_date(match: re.Match[str] | None) -> bool:
    if match is None:
        return False
    parts = match.groupdict()
    if not parts.get("day"):
        return True
    # The calendar repeats after 400 years; Python's own dates stop at 9999.
    year, month, day = int(parts["year"][-4:]) % 400, int(parts["month"]), int(parts["day"])
    longest = 31 if month in {1, 3, 5, 7, 8, 10, 12} else 30 if month != 2 else 29 if _is_leap(year) else 28
    return day <= longest


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def implausible_years(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I20: from the first printed books to two years ahead."""
    for term in record.objects(record.item, "fabio:hasPublicationYear"):
        match = re.match(r"-?[0-9]{4,9}", text_of(term))
        if match and not FIRST_PRINTED_YEAR <= int(match[0]) <= context.today.year + YEARS_AHEAD:
            yield record.item, "fabio:hasPublicationYear", term


def differing_years(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I21: the year is that of a date of issue: its start, or a part of one that is a plain text ("in press 2010")."""
    issued = [literal_parts(term) for term in record.objects(record.item, "dcterms:issued")]
    for term in record.objects(record.item, "fabio:hasPublicationYear"):
        year = text_of(term)
        if issued and not any(
            text.startswith(year[:4]) or (datatype not in _DATE_DATATYPES and year in text)
            for text, _, datatype in issued
        ):
            yield record.item, "fabio:hasPublicationYear", term


def dates_out_of_order(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I22: submitted, accepted, issued, each compared with the next one known, as far as both are precise."""
    latest = ""
    for name in IN_ORDER:
        dates = [match[0] for term in record.objects(record.item, name) if (match := _PRECISE.match(text_of(term)))]
        if not dates:
            continue
        earliest = min(dates)
        length = min(len(earliest), len(latest))
        if earliest[:length] < latest[:length]:
            yield record.item, name, f"{earliest} after {latest}"
        latest = max(dates)


def record_dates_out_of_order(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """R06: created is not later than available and modified; a day and a moment are compared by the day."""
    for created in record.objects(record.document, "dcterms:created"):
        for name in ("dcterms:available", "dcterms:modified"):
            for other in record.objects(record.document, name):
                if _is_later(text_of(created), text_of(other)):
                    yield record.document, name, f"{text_of(other)} before {text_of(created)}"


def _is_later(first: str, second: str) -> bool:
    moments = _moment(first), _moment(second)
    if moments[0] and moments[1]:
        return moments[0] > moments[1]
    length = min(10, len(first), len(second))
    return first[:length] > second[:length]


def _moment(text: str) -> datetime | None:
    """Return a date and time in UTC (no zone is read as UTC), None for anything else."""
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def open_but_embargoed(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """F04: open access and a date of availability in the future."""
    today = context.today.isoformat()
    for subject in record.of_class("fabio:ComputerFile"):
        if _OPEN_ACCESS in record.objects(subject, "dcterms:accessRights"):
            for term in record.objects(subject, "dcterms:available"):
                length = min(10, len(text_of(term)))
                if text_of(term)[:length] > today[:length]:
                    yield subject, "dcterms:available", term


def metrics_of_the_future(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """M02: no metric of a future year."""
    for subject, name, term in record.pairs("rt:referenceYear"):
        if re.fullmatch(r"[0-9]{4}", text_of(term)) and int(text_of(term)) > context.today.year:
            yield subject, name, term
