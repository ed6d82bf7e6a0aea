"""Dates of the item, and moments in the life of its record."""

from __future__ import annotations

from contextlib import suppress

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.values.dates import DATE, G_YEAR, G_YEAR_MONTH, only_year_in, read_date, read_timestamp, year_of
from lod.rdf.claims import Iri, literal
from lod.report import Severity

EMBARGO = "embargo"
"""Rule of the finding about a date in the future; the record is mapped again on that day."""


def take_date(draft: Draft, rule: Rule, index: int) -> None:
    """Let a date wait: of several the first readable date is chosen."""
    draft.dates[rule.property, draft.item].append((index, rule))


def take_timestamp(draft: Draft, rule: Rule, index: int) -> None:
    """Let a moment in the life of the record wait."""
    draft.dates[rule.property, draft.document].append((index, rule))


def take_embargo(draft: Draft, rule: Rule, index: int) -> None:
    """Let the end of an embargo wait for the files: they become available on that day (MODEL section 13)."""
    draft.waiting.embargo.append((index, read_timestamp(draft.record.values[index].text)[0]))


def assemble(draft: Draft) -> None:
    for (_, subject), waiting in draft.dates.items():
        single = subject == draft.document or waiting[0][1].options.get("single")
        done = False
        unreadable: list[tuple[int, Rule]] = []
        for index, rule in waiting:
            if single and done:
                draft.keep(index, "another value of the field was published")
                message = (
                    "The field has several dates; the first readable one was published, this one was kept verbatim."
                )
                draft.note("I17" if subject == draft.item else "D2", Severity.INFO, message, index)
                continue
            try:
                done = _state_date(draft, subject, rule, index) or done
            except BadValueError as fault:
                unreadable.append((index, rule))
                draft.weaken(index, "I18" if subject == draft.item else "D2", f"The date could not be read: {fault}.")
        if subject == draft.item and not (single and done):
            for index, rule in unreadable[: 1 if single else None]:
                with suppress(BadValueError):
                    text = draft.text(index, paragraphs=False)
                    draft.add(subject, rule.property, literal(text), index)
                    year, year_property = only_year_in(text), rule.term("year")
                    if year and year_property:
                        draft.add(subject, year_property, literal(year, datatype=G_YEAR), index)
    _state_common_year(draft)


def _state_common_year(draft: Draft) -> None:
    """State the year of several unqualified dates as the year of publication: whichever of them it is, the year is certain."""
    terms = draft.terms
    waiting = draft.dates.get((terms["dcterms:date"], draft.item), [])
    issued = draft.dates.get((terms["dcterms:issued"], draft.item), [])
    if not all(draft.is_guess(index) for index, _ in issued) or len(waiting) + len(issued) < 2:
        return
    years: set[str | None] = set()
    for index, _ in (*waiting, *issued):
        with suppress(BadValueError):
            years.add(year_of(read_date(draft.record.values[index].text)[0]))
    year = years.pop() if len(years) == 1 else None
    if year and (origins := [index for index, _ in waiting]):
        draft.add(draft.item, terms["fabio:hasPublicationYear"], literal(year, datatype=G_YEAR), *origins)


def _state_date(draft: Draft, subject: Iri, rule: Rule, index: int) -> bool:
    text = draft.record.values[index].text
    on_record = subject == draft.document
    form, datatype, changed = read_timestamp(text) if on_record else read_date(text)
    if changed:
        draft.keep(index, "the date was written in its standard form")
    if form.startswith(("9999-", "10000-")) and not on_record:
        draft.weaken(index, "I20", "The date means 'for ever'; it belongs to a file, not to the item.")
        return False
    far = len(form.partition("-")[0]) > 4
    future = far or form[:10] > draft.generated[:10]
    if on_record and rule.property == draft.terms["dcterms:available"] and future:
        message = "The item becomes available in the future; the date was stated of its files, and kept verbatim."
        draft.weaken(index, EMBARGO, message, Severity.INFO)
        draft.waiting.embargo.append((index, form))
        return False
    property_ = rule.term("year_only") if datatype == G_YEAR else None
    draft.add(subject, property_ or rule.property, literal(form, datatype=datatype), index)
    if datatype in {G_YEAR, G_YEAR_MONTH, DATE} and draft.crosswalk.settings.mirrors:
        for mirror in rule.mirrors:
            draft.add(subject, mirror, literal(form, datatype=datatype), index)
    year, year_property = year_of(form), rule.term("year")
    if year and year_property:
        draft.add(subject, year_property, literal(year, datatype=G_YEAR), index)
    return True
