"""Values that parts of a page have stated, so that another form of the same datum is no second value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lod.record import Value
from lod.sources.pages.page_labels import folded_text, twins_of

_QUALIFIED = {"dc.date": "dc.date.issued", "dc.contributor": "dc.contributor.author", "dc.language.iso": "dc.language"}
_MOST_ALIKE = 100
"""Names with the same initials that a name is compared with."""


def as_qualified(field: str) -> str:
    """Return the qualified field that means the same as a field."""
    return _QUALIFIED.get(field, field)


class Stated:
    """Index of stated values by field, in a form that can be compared; a look-up in thousands is as fast as in few."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._texts: dict[str, set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
        self._dates: dict[str, list[list[int]]] = defaultdict(list)
        for value in values:
            self.add(value)

    def add(self, value: Value) -> None:
        """Note a value."""
        field = as_qualified(value.field)
        self._texts[field].add(_form(field, value.text))
        if field.startswith("dc.contributor"):
            words = _words(value.text)
            self._names[field, _initials(words)].append(words)
        elif field.startswith("dc.date"):
            self._dates[field].append(_numbers(value.text))

    def knows(self, field: str) -> bool:
        """Return whether a field has a value, whatever it is."""
        return field in self._texts

    def holds(self, value: Value, *, only_its_field: bool = False) -> bool:
        """Return whether a value says no more than a stated one, perhaps in another form.

        So do "J Todd" beside "Todd J", "eng" beside "en", and the date "2009/04" beside "2009-04-01". A value of an
        unqualified field may be one of any field.
        """
        field = as_qualified(value.field)
        form = _form(field, value.text)
        if form in self._texts.get(field, ()) or self._says_name_or_date(field, value.text):
            return True
        if only_its_field or not form:
            return False
        unqualified = value.field.startswith("dc.") and value.field.count(".") == 1 and value.field != "dc.subject"
        twins = twins_of(field)
        return any(form in texts for name, texts in self._texts.items() if unqualified or name.startswith(twins))

    def _says_name_or_date(self, field: str, text: str) -> bool:
        if field.startswith("dc.contributor"):
            words = _words(text)
            rivals = self._names.get((field, _initials(words)), [])[:_MOST_ALIKE]
            return any(
                len(words) == len(others)
                and all(
                    word.startswith(other) or other.startswith(word) for word, other in zip(words, others, strict=True)
                )
                for others in rivals
            )
        numbers = _numbers(text) if field.startswith("dc.date") else []
        return bool(numbers) and any(date[: len(numbers)] == numbers for date in self._dates.get(field, ()))


def _form(field: str, text: str) -> str:
    if field.startswith("dc.language"):
        import langcodes

        try:
            return langcodes.standardize_tag(text.strip().replace("_", "-")).partition("-")[0]
        except ValueError:
            return text.strip().casefold()
    return folded_text(text) or text


def _words(name: str) -> list[str]:
    return sorted(re.findall(r"\w+", name.casefold()))


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


def _numbers(date: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,9}", date)[:6]]
