"""What blanks are filled with on this site: values to offer, and the value that a typed text means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from lod.errors import BadValueError
from lod.questions.blanks import BLANKS, LONGEST_TEXT, Blank
from lod.store.search.find.index import Entry, SearchIndex
from lod.store.search.values.folding import fold
from lod.web.reading.reader import Reader
from lod.web.view import PublishedView

_MOST_OFFERED = 100
_MOST_ITEMS = 30
_MOST_CHOICES = 20
_MOST_COMPLETED = 200
_MOST_TRIED, _FEW = 30, 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a blank: what its query holds, the words for it, and what a form sends for it."""

    value: str
    label: str
    sent: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What a typed text means: one choice, or several that it may mean, or none."""

    choice: Choice | None
    choices: tuple[Choice, ...] = ()


_OFFERED: WeakKeyDictionary[Reader, dict[str, list[Choice]]] = WeakKeyDictionary()
"""What is offered of a generation, which never changes; it goes with the reader."""


def offered(view: PublishedView) -> dict[str, list[Choice]]:
    """Return the values that forms offer for each blank, the most frequent first; the first one is filled in."""
    known = _OFFERED.get(view.reader)
    if known is None:
        index = view.reader.search
        known = _OFFERED[view.reader] = _offered(index) if index else {}
    return known


def _offered(index: SearchIndex) -> dict[str, list[Choice]]:
    found = {blank.name: _values(index, blank) for blank in BLANKS.values() if blank.facet}
    found["person"] = _authors_first(index, found["person"])
    entries = _items(index)
    found["item"] = [Choice(entry.iri, entry.title, entry.title) for entry in entries]
    found["doi"] = [_plain(entry.shown["doi"]) for entry in entries if isinstance(entry.shown.get("doi"), str)]
    found["words"] = found["keyword"][:1]
    return found


def meant(view: PublishedView, blank: Blank, text: str, offers: list[Choice]) -> Meant:
    """Return what a text that was typed into a blank means."""
    text = " ".join(text.split())[:LONGEST_TEXT]
    if not text:
        return Meant(offers[0] if offers else None)
    known = [choice for choice in offers if text in {choice.sent, choice.value}]
    if known:
        return Meant(known[0])
    if not blank.is_thing:
        return _fitting(blank, text)
    if "://" in text:
        return Meant(Choice(text, text, text) if view.reader.is_known(text) else None)
    index = view.reader.search
    if index is None:
        return Meant(None)
    candidates = _found_items(index, text) if blank.name == "item" else _found_values(index, blank, text)
    same = [choice for choice in candidates if fold(choice.label) == fold(text)]
    if len(same) == 1 or len(candidates) == 1:
        return Meant((same or candidates)[0])
    return Meant(None, tuple((same or candidates)[:_MOST_CHOICES]))


def _fitting(blank: Blank, text: str) -> Meant:
    try:
        blank.filled(text)
    except BadValueError:
        return Meant(None)
    return Meant(_plain(text))


def _plain(text: str) -> Choice:
    return Choice(text, text, text)


def _values(index: SearchIndex, blank: Blank) -> list[Choice]:
    values = index.browse(blank.facet, order="count", size=_MOST_OFFERED).values
    return _choices(index, blank, ((value.key, value.label) for value in values))


def _choices(index: SearchIndex, blank: Blank, pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    """Return values as choices; of two with one label the second is sent by its key."""
    found: dict[str, Choice] = {}
    for key, label in pairs:
        sent = label if label not in found else index.param(blank.facet, key)
        found[sent] = Choice(key if blank.is_thing else label, label, sent)
    return list(found.values())


def _found_values(index: SearchIndex, blank: Blank, text: str) -> list[Choice]:
    value = index.value(blank.facet, text)
    if value is not None:
        return [Choice(value.key, value.label, text)]
    completed = index.suggest(text, _MOST_COMPLETED, [blank.facet])
    found = [(suggestion.key, suggestion.label) for suggestion in completed if suggestion.facet == blank.facet]
    if not found:
        listed = index.browse(blank.facet, contains=text, order="count", size=_MOST_CHOICES).values
        found = [(value.key, value.label) for value in listed]
    return _choices(index, blank, found)


def _found_items(index: SearchIndex, text: str) -> list[Choice]:
    hits = index.search(text)
    entries = index.entries(hits, size=_MOST_CHOICES)
    if hits.first:
        entries = entries[:1]
    return [Choice(entry.iri, entry.title, entry.iri) for entry in entries]


def _authors_first(index: SearchIndex, people: list[Choice]) -> list[Choice]:
    """Return people with a frequent author of articles at first: those who edit most have often written nothing here."""
    ranked = sorted(people[:_MOST_TRIED], key=lambda person: not _has_written(index, person))
    return [*ranked, *people[_MOST_TRIED:]]


def _has_written(index: SearchIndex, person: Choice) -> bool:
    entries = index.entries(index.search(filters={"person": [index.param("person", person.value)]}), size=_FEW)
    return any(
        entry.shown.get("in") and person.value in (name, iri)
        for entry in entries
        for name, iri, _ in entry.shown.get("authors", ())
    )


def _items(index: SearchIndex) -> list[Entry]:
    """Return works to offer: those with a DOI, which have most to tell, if there are any."""
    with_doi = index.entries(index.search(filters={"has": ["doi"]}), size=_MOST_ITEMS)
    return with_doi or index.entries(index.search(), size=_MOST_ITEMS)
