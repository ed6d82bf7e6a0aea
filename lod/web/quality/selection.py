"""State of a list of records as its address has it: what is selected, in which order, which page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from lod.errors import BadValueError
from lod.store.quality.build.facts import PUBLISHED, REFUSED
from lod.store.quality.build.schema import SORTS
from lod.store.quality.find.index import PARTS, SEVERITIES, Selection
from lod.store.quality.values.measures import BY_NAME
from lod.web.reading.paging import page_number

RECORDS = "quality/records"
RULES = "quality/rule/"
SIZE = 50

_MOST_PAGES = 9_999_999
_LONGEST = 1_000
_CHOICES = {"severity": SEVERITIES, "state": (PUBLISHED, REFUSED), "has": tuple(BY_NAME), "sort": tuple(SORTS)}
_NAMES = frozenset({"rule", "field", "accepted", "page", "format", *_CHOICES, *PARTS})


@dataclass(frozen=True, slots=True)
class ListState:
    """A list of records: its selection, the order, the page."""

    selection: Selection
    sort: str = "record"
    page: int = 1

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, without those that are as they are where nothing is said."""
        chosen = self.selection
        texts = (("rule", chosen.rule), ("severity", chosen.severity), ("field", chosen.field), ("state", chosen.state))
        pairs = [(name, text) for name, text in (*texts, ("has", chosen.has)) if text]
        pairs += [("accepted", "1")] if chosen.is_accepted else []
        pairs += chosen.parts
        pairs += [("sort", self.sort)] if self.sort != "record" else []
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    def address(self, path: str, **more: str) -> str:
        """Return the address of the list at a path."""
        pairs = [*self.pairs(), *more.items()]
        return f"{path}?{urlencode(pairs, quote_via=quote)}" if pairs else path

    def at(self, page: int) -> ListState:
        """Return another page of the list."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> ListState:
        """Return the list in another order, from its beginning."""
        return replace(self, sort=sort, page=1)

    def without(self, name: str) -> ListState:
        """Return the list without one of its limits."""
        chosen = self.selection
        if name in PARTS:
            chosen = replace(chosen, parts=tuple(pair for pair in chosen.parts if pair[0] != name))
        else:
            usual: str | bool = False if name == "is_accepted" else ""
            chosen = replace(chosen, **{name: usual})  # type: ignore[arg-type]  # its fields by name
        return ListState(chosen, self.sort)


def list_address(path: str, selection: Selection) -> str:
    """Return the address of the list of a selection."""
    return ListState(selection).address(path)


def read_state(args: MultiDict[str, str]) -> ListState:
    """Return the state that the parameters of a request ask for.

    Raises:
        BadValueError: a parameter is unknown, or does not take its value.
    """
    for name in args:
        if name not in _NAMES:
            raise BadValueError(f"?{name[:40]}= is unknown; known: {', '.join(sorted(_NAMES))}")
    texts = {name: args.get(name, "")[:_LONGEST] for name in _NAMES}
    for name, choices in _CHOICES.items():
        if texts[name] and texts[name] not in choices:
            raise BadValueError(f"?{name}={texts[name][:40]} is none of {', '.join(choices)}")
    page = page_number(texts["page"] or "1", _MOST_PAGES)
    # A part may be empty: records without a collection are in the collection "".
    parts = tuple((kind, texts[kind]) for kind in PARTS if kind in args)
    selection = Selection(
        texts["rule"],
        texts["severity"],
        texts["field"],
        texts["accepted"] == "1",
        texts["state"],
        texts["has"],
        parts,
    )
    return ListState(selection, texts["sort"] or "record", page)
