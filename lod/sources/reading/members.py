"""Members of a described work, in JSON or in a citation file, and the fields that they become."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from lod.numbers import whole_number
from lod.record import Value

Members = Mapping[str, Any]


class Gathered:
    """The values of one record while it is read, and what is left out of it.

    `schema` begins the names of fields that only this format has.
    """

    def __init__(self, schema: str, work: Members) -> None:
        self.schema = schema
        self.work = work
        self.values: list[Value] = []
        self.left_out: dict[str, str] = {}
        self._added: set[tuple[str, str]] = set()

    def add(
        self,
        field: str,
        text: Any,
        *,
        language: str | None = None,
        authority: str | None = None,
        agent: str | None = None,
    ) -> None:
        """Add a value, unless it is blank or not a text or a number; what is neither is kept under its own name."""
        if isinstance(text, dict | list):
            self.keep(field.rpartition(".")[2], text)
        elif text is not None and (plain := scalar_text(text)).strip():
            self.values.append(Value(field, plain, language or None, authority or None, None, agent))
            self._added.add((field, plain.casefold()))

    def add_once(self, field: str, text: str) -> None:
        """Add a text, unless the field has it already, but for case."""
        if (field, text.casefold()) not in self._added:
            self.add(field, text)

    def keep(self, name: str, value: Any) -> None:
        """Add a value without a field, under the schema's own name: texts as they are, else JSON."""
        for part in as_list(value):
            if part in (None, "", {}, []):
                continue
            text = json.dumps(part, ensure_ascii=False) if isinstance(part, dict | list) else scalar_text(part)
            self.add(f"{self.schema}.{name}", text)

    def keep_rest(self, name: str, entry: Members, *taken: str) -> None:
        """Keep an object whole where it has more than the members that were taken from it."""
        if _rest(entry, taken):
            self.keep(name, entry)

    def keep_remainder(self, name: str, entry: Members, *taken: str) -> None:
        """Keep an object without the members that were taken from it."""
        self.keep(name, _rest(entry, taken))

    def leave_out(self, name: str, reason: str = "") -> None:
        """Note a member that says nothing about the work, or that another value states: "URL", "author/sequence".

        The reason may be left to the reader's table of ignored members.
        """
        self.left_out[name] = reason

    def person(self, field: str, name: str, *, authority: Any = None, agent: str | None = None) -> None:
        """Add a contributor, with the ORCID iD or another authority key, and what it is, where the source gives them."""
        self.add(field, name, authority=authority if isinstance(authority, str) else None, agent=agent)


AddMember = Callable[[Gathered, str, Any], None]
"""Adds the values of one member, given by name and value."""


def _rest(entry: Members, taken: Sequence[str]) -> Members:
    """Return the members of an object that say something, but for those that were taken from it."""
    return {name: part for name, part in entry.items() if name not in taken and part not in (None, "", [], {})}


def to(field: str) -> AddMember:
    """Return what adds a member, or each element of it, as values of a field."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for part in as_list(value):
            if isinstance(part, dict | list):
                gathered.keep(name, part)
            else:
                gathered.add(field, part)

    return take


def leave(gathered: Gathered, name: str, value: Any) -> None:
    """Add nothing: another member states the same."""


def gather(schema: str, work: Members, table: Mapping[str, AddMember], ignored: Container[str] = ()) -> Gathered:
    """Return the values of a work, in the order of its members; a member without a row is kept under its own name."""
    gathered = Gathered(schema, work)
    for name, value in work.items():
        if value in (None, "", [], {}):
            continue
        if name in ignored:
            gathered.leave_out(name)
        else:
            table.get(name, Gathered.keep)(gathered, name, value)
    return gathered


def scalar_text(value: Any) -> str:
    """Return a text, number or truth value as text: 2.0 is "2", true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_list(value: Any) -> Sequence[Any]:
    """Return a list as it is, any other value as a list of one."""
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> Iterator[Members]:
    """Yield the objects in a list, or the one object."""
    return (part for part in as_list(value) if isinstance(part, dict))


def first_text(value: Any) -> str:
    """Return the first text of a list, or the text itself; "" where there is none."""
    return next((scalar_text(part) for part in as_list(value) if isinstance(part, str | int | float)), "")


def person_name(family: Any, given: Any, suffix: Any = None) -> str:
    """Return a name as repositories write it: "Family, Given", "Family, Given, Jr."."""
    parts = [part.strip(" ,") for part in (family, given, suffix) if isinstance(part, str)]
    return ", ".join(part for part in parts if part)


def page_range(text: Any) -> tuple[str, str]:
    """Return first and last page of "294-311", "294–311" or "294--311"; "" for the last where there is only one.

    A list of pages ("1, 3-5") is not split.
    """
    plain = scalar_text(text).replace("–", "-").replace("—", "-").replace("--", "-").strip()
    first, dash, last = (part.strip() for part in plain.partition("-"))
    if dash and first and last and "-" not in last and "," not in plain:
        return first, last
    return scalar_text(text).strip(), ""


def add_pages(gathered: Gathered, name: str, value: Any) -> None:
    """Add the first and the last page."""
    for text in as_list(value):
        if isinstance(text, dict):
            gathered.keep(name, text)
            continue
        first, last = page_range(text)
        gathered.add("dc.identifier.spage", first)
        gathered.add("dc.identifier.epage", last)


def keep_affiliations(gathered: Gathered, name: str, person: str, affiliations: Any) -> None:
    """Keep the affiliations of a person: a name alone as "person: name", an object that says more with the person in it."""
    for affiliation in as_list(affiliations or []):
        stated = affiliation.get("name") if isinstance(affiliation, dict) else affiliation
        more = isinstance(affiliation, dict) and set(affiliation) != {"name"}
        gathered.keep(name, {"of": person, **affiliation} if more else f"{person}: {stated}")


def date_text(parts: Any) -> str:
    """Return "2018-03-01", "2018-03" or "2018" of date-parts [[2018, 3, 1]]; "" where no year is given ([[null]]).

    Two dates are an interval, "2018-03/2018-05". Source: Crossref REST API, "Partial Date"; CSL-JSON schema 1.0.2.
    """
    dates = [_date(date) for date in as_list(parts) if isinstance(date, list)]
    return "/".join(filter(None, dates))


def _date(parts: Sequence[Any]) -> str:
    numbers: list[int] = []
    for part in parts[:3]:
        number = whole_number(part.strip()) if isinstance(part, str) else part
        if not isinstance(number, int | float) or not isfinite(number):
            break
        numbers.append(int(number))
    if not numbers or not 0 < numbers[0] <= 9999:
        return ""
    year, *rest = numbers
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest if part)])
