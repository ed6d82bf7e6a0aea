"""Mementos: earlier states of a resource, in the generations that are kept. Source: RFC 7089, sections 2 to 5.

The address of a thing, a page or a document is its own time gate: with `Accept-Datetime` it redirects (302) to
/memento/GENERATION/ and the rest of the address. /timemap/ and the rest lists all mementos. A removed item has none: the
record of a withdrawn item must not be readable that way (docs/adr/0025).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from werkzeug.http import http_date, parse_date

from lod.store.base import PublishedGeneration
from lod.web.http.link_header import Link

MEMENTO = "memento/"
TIMEMAP = "timemap/"
LINK_FORMAT = "application/link-format"

_ORIGINAL, _LIST = "original timegate", "timemap"


def moment_of(generation: PublishedGeneration) -> datetime:
    """Return when a generation was built."""
    return datetime.fromisoformat(generation.created)


def read_moment(header: str) -> datetime | None:
    """Return the moment in Accept-Datetime (RFC 1123), None where it is none."""
    try:
        return parse_date(header)
    except OverflowError:  # a day of the year 99999999999
        return None


def nearest(generations: Sequence[PublishedGeneration], moment: datetime) -> PublishedGeneration:
    """Return the generation that was live at a moment, of generations in the order of time; the first where all are later."""
    before = [generation for generation in generations if moment_of(generation) <= moment]
    return before[-1] if before else generations[0]


def memento_links(
    base: str, path: str, generations: Sequence[PublishedGeneration], current: PublishedGeneration | None
) -> list[Link]:
    """Return the links of a memento (`current`), or of a time gate (None).

    Args:
        base: start of every address.
        path: the original's address after the base.
        generations: in which the resource is known, in the order of time.
        current: the generation of the memento.
    """
    links = [Link(base + path, _ORIGINAL), Link(f"{base}{TIMEMAP}{path}", _LIST, LINK_FORMAT)]
    named = {item.name: item for item in (generations[0], current, generations[-1]) if item}
    return [*links, *(_memento(base, path, generations, generation) for generation in named.values())]


def original_links(base: str, path: str) -> list[Link]:
    """Return the links from a resource to its mementos."""
    return [Link(base + path, "timegate"), Link(f"{base}{TIMEMAP}{path}", _LIST, LINK_FORMAT)]


def time_map(base: str, path: str, generations: Sequence[PublishedGeneration]) -> str:
    """Return the list of mementos of a resource in link format (RFC 7089, section 5; RFC 6690)."""
    span = f'; from="{_date(generations[0])}"; until="{_date(generations[-1])}"'
    own = Link(f"{base}{TIMEMAP}{path}", "self", LINK_FORMAT)
    rows = [
        str(Link(base + path, _ORIGINAL)),
        f"{own}{span}",
        *(str(_memento(base, path, generations, item)) for item in generations),
    ]
    return ",\n".join(rows) + "\n"


def _memento(base: str, path: str, generations: Sequence[PublishedGeneration], generation: PublishedGeneration) -> Link:
    ends = (("first", generations[0]), ("last", generations[-1]))
    words = [word for word, end in ends if end.name == generation.name]
    address = f"{base}{MEMENTO}{generation.name}/{path}"
    return Link(address, " ".join([*words, "memento"]), datetime=_date(generation))


def _date(generation: PublishedGeneration) -> str:
    return http_date(moment_of(generation))
