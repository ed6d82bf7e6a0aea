"""Candidates: rows of authority tables that have the name of something here. They are listed for people to decide, and never linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.links.authorities import Authority
from lod.links.link import LinkSet
from lod.store.search.build.things import Thing
from lod.store.search.find.index import SearchIndex
from lod.store.search.values.folding import words

_SAME, _ORDER, _OTHER = 1.0, 0.9, 0.8
"""The same preferred name; its parts in another order; another name of one of both."""
_MOST_SHARING = 20
"""Longest list of things of one name; longer ones are not worth checking by hand."""


@dataclass(frozen=True, slots=True)
class LinkCandidate:
    """A thing here and one elsewhere of one name, how likely they are one (0 to 1), and on what evidence."""

    thing: Thing
    items: int
    authority: Authority
    set: LinkSet
    name: str
    score: float
    evidence: str


def candidates(
    index: SearchIndex,
    rows: Iterable[tuple[LinkSet, Authority]],
    kinds: Iterable[str],
    linked: frozenset[tuple[str, str]],
) -> Iterator[LinkCandidate]:
    """Yield candidates for things of some kinds, in the order of the rows.

    `linked` are pairs of IRI and scheme: what has an identifier of a scheme already needs no candidate of it.
    """
    things = list(index.things_of(kinds))
    by_words: defaultdict[tuple[str, ...], list[Thing]] = defaultdict(list)
    for thing in things:
        for key in {_key(name) for name in thing.names}:
            by_words[key].append(thing)
    for set_, row in rows:
        seen: set[str] = set()
        for name in row.names:
            sharing = [thing for thing in by_words.get(_key(name), ()) if not row.kinds or thing.kind in row.kinds]
            for thing in sharing if len(sharing) <= _MOST_SHARING else ():
                if thing.iri in seen or (thing.iri, row.target.scheme) in linked:
                    continue
                seen.add(thing.iri)
                score, evidence = _judged(thing, row, name)
                more = f"; {len(sharing)} things here have it" if len(sharing) > 1 else ""
                number = index.number_of_items(thing.iri)
                yield LinkCandidate(thing, number, row, set_, name, round(score / len(sharing), 2), evidence + more)


def _judged(thing: Thing, row: Authority, name: str) -> tuple[float, str]:
    if name != row.names[0] or _key(thing.name) != _key(name):
        return _OTHER, "another name of one of both"
    if words(thing.name) == words(name):
        return _SAME, "the same name"
    return _ORDER, "the same name, its parts in another order"


def _key(name: str) -> tuple[str, ...]:
    return tuple(sorted(words(name)))
