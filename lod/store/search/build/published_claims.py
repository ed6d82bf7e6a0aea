"""Published claims by what they are about, read from a finished catalog: the input of the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from lod.store.catalog.backlinks import Rows, bases_of
from lod.store.catalog.ownership import owned_prefixes
from lod.store.catalog.packing import unpack_claims, unpack_own

_CELLS = ".well-known/genid/"
_BATCH_ROWS = 500


class PublishedClaims(Protocol):
    """The set of published claims, grouped by what they are about: a thing or item, with its parts, lists and record."""

    bases: tuple[str, ...]
    """The base IRIs that items are published under."""

    def all(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each thing that claims are about once, with its claims: things first, then items."""

    def about(self, thing: str) -> list[str]:
        """Return the claims about one thing; [] where there are none."""


def owner_of(subject: str, bases: Sequence[str]) -> str:
    """Return the IRI of the thing or item that a subject is, or is a part, a record or a list cell of."""
    subject = subject.partition("#")[0]
    for base in bases:
        if subject.startswith(f"{base}{_CELLS}"):
            return f"{base}id/{subject[len(base) + len(_CELLS) :].rsplit('/', 2)[0]}"
        if subject.startswith(f"{base}data/"):
            return f"{base}id/{subject[len(base) + 5 :]}"
    return subject


def base_for(about: str, bases: Sequence[str]) -> str:
    """Return the base IRI that an IRI is under, the first one for an IRI elsewhere, "" while nothing is published."""
    return next((base for base in bases if about.startswith(base)), next(iter(bases), ""))


def touched(claims: Iterable[str], bases: Sequence[str]) -> set[str]:
    """Return the IRIs of all that some claims are about."""
    subjects = dict.fromkeys(claim[1 : claim.index(">")] for claim in claims)
    return {owner_of(subject, bases) for subject in subjects}


class CatalogClaims:
    """The claims that a catalog holds; a `PublishedClaims`. `rows` runs a query of it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.bases = tuple(bases_of(rows))
        # Claims about an item that other records state; there are none in most sites.
        starts = [start for base in self.bases for start in owned_prefixes(base)]
        self._others_state = any(self._between(start, f"{start}\U0010ffff", 1) for start in starts)

    def all(self) -> Iterator[tuple[str, list[str]]]:
        """See `PublishedClaims.all`."""
        foreign: set[str] = set()
        for about, lines in groupby(self._shared(), lambda claim: claim[1 : claim.index(">")]):
            if self._is_owned(about):
                foreign.add(owner_of(about, self.bases))
            elif "#" not in about:
                yield about, [*lines, *self._between(f"<{about}#", f"<{about}$")]
        after = 0
        query = "SELECT id, item, claims FROM record JOIN body USING (id) WHERE id > ? ORDER BY id LIMIT ?"
        while rows := list(self._rows(query, (after, _BATCH_ROWS))):
            for _, item, packed in rows:
                foreign.discard(item)
                yield item, self._of_item(item, unpack_own(packed).decode().split("\n")[:-1])
            after = rows[-1][0]
        for item in sorted(foreign):
            yield item, self._of_item(item, [])

    def about(self, thing: str) -> list[str]:
        """See `PublishedClaims.about`."""
        if not self._is_owned(thing):
            return [*self._between(f"<{thing}> ", f"<{thing}>!"), *self._between(f"<{thing}#", f"<{thing}$")]
        rows = self._rows("SELECT claims FROM record JOIN body USING (id) WHERE item = ?", (thing,))
        return self._of_item(thing, [line for (packed,) in rows for line in unpack_claims(packed)[0]])

    def _of_item(self, item: str, own: list[str]) -> list[str]:
        if not self._others_state:
            return own
        base = base_for(item, self.bases)
        found = set(own)
        for subject in (item, f"{base}data/{item[len(base) + 3 :]}"):
            found.update(self._between(f"<{subject}> ", f"<{subject}>!"), self._between(f"<{subject}#", f"<{subject}$"))
        return sorted(found)

    def _is_owned(self, subject: str) -> bool:
        return any(subject.startswith(start[1:]) for base in self.bases for start in owned_prefixes(base))

    def _shared(self) -> Iterator[str]:
        """Yield the shared claims in order, read in batches: the connection may be used in between."""
        query, after = "SELECT claim FROM shared_claim WHERE claim > ? ORDER BY claim LIMIT ?", ""
        while rows := list(self._rows(query, (after, _BATCH_ROWS))):
            yield from (claim for (claim,) in rows)
            after = rows[-1][0]

    def _between(self, low: str, high: str, limit: int = -1) -> list[str]:
        query = "SELECT claim FROM shared_claim WHERE claim >= ? AND claim < ? ORDER BY claim LIMIT ?"
        return [claim for (claim,) in self._rows(query, (low, high, limit))]
