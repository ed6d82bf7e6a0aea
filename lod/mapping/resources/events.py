"""The conference of an item: name, place, date (rule EV1)."""

from __future__ import annotations

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.values.dates import read_date
from lod.mapping.values.iris import hash16
from lod.mapping.waiting import slot_of
from lod.rdf.claims import literal
from lod.report import Severity


def take_event(draft: Draft, rule: Rule, index: int) -> None:
    """Let the name, place or date of the conference wait (rule EV1)."""
    event = draft.waiting.event
    slot = slot_of(rule, {"title": event.title, "place": event.place, "date": event.date}, "title")
    slot.append((index, draft.text(index, paragraphs=False)))


def assemble(draft: Draft) -> None:
    waiting = draft.waiting.event
    if not waiting.title:
        for index, _ in (*waiting.place, *waiting.date):
            draft.keep(index, "no name of the conference")
        return
    terms = draft.terms
    event = draft.part("event")
    index, title = waiting.title[0]
    for class_name in ("bibo:Conference", "bibo:Event"):
        draft.typed(event, class_name, index)
    draft.add(draft.item, terms["bibo:presentedAt"], event, index)
    draft.add(event, terms["dcterms:title"], literal(title), index)
    for other, _ in waiting.title[1:]:
        draft.keep(other, "a second conference")
    for number, place in waiting.place:
        node = draft.node("place", f"n-{hash16(place)}")
        draft.add(event, terms["event:place"], node, number)
        for class_name in ("dcterms:Location", "frbr:Place"):
            draft.typed(node, class_name, number)
        draft.add(node, terms["rdfs:label"], literal(place), number)
    for number, text in waiting.date:
        try:
            form, datatype, changed = read_date(text)
        except BadValueError:
            draft.weaken(number, "I18", "The date of the conference could not be read.", Severity.INFO)
            continue
        if changed:
            draft.keep(number, "the date was written in its standard form")
        draft.add(event, terms["dcterms:date"], literal(form, datatype=datatype), number)
