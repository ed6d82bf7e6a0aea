"""Old IRIs that lead to new ones: when a better key of a thing appears, its IRI changes (MODEL section 3.3).

A redirect needs proof from one record: its version before stated the thing under the old IRI, its new version states it
under the new one, and nothing but the key has changed. Nothing is joined across records by name.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lod.rdf.claims import split_claim

_NAMES = (
    "<http://xmlns.com/foaf/0.1/name>",
    "<http://purl.org/dc/terms/title>",
    "<http://www.w3.org/2000/01/rdf-schema#label>",
)
_SAME = (
    "<http://schema.org/sameAs>",
    "<http://purl.org/ontology/bibo/issn>",
    "<http://purl.org/ontology/bibo/eissn>",
    "<http://purl.org/spar/fabio/hasIssnL>",
    "<http://purl.org/ontology/bibo/isbn13>",
)
# What a thing is, told by its IRI; a person may turn out to be an organisation, a serial never a place.
_FAMILIES = (
    ("agent", re.compile(r"/id/(?:person|org)/[^/#]+$|/id/item/[^#]{1,2048}#agent-[^/]+$")),
    ("serial", re.compile(r"/id/serial/[^/#]+$")),
    ("book", re.compile(r"/id/book/[^/#]+$|/id/item/[^#]{1,2048}#host$")),
    ("event", re.compile(r"/id/event/[^/#]+$|/id/item/[^#]{1,2048}#event$")),
    ("place", re.compile(r"/id/place/[^/#]+$")),
)
_BY_NAME = re.compile(r"#|/n-[0-9a-f]{16}$")


def moved(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Return old and new IRI of each thing that got a better key between two versions of a record's claims.

    The old IRI was known by its name only and one thing alone has that name in both versions, or both IRIs state the
    same identifier. Volumes and issues follow their serial.
    """
    old, new = _subjects(before), _subjects(after)
    gone, come = old - new, new - old
    if not gone or not come:
        return {}
    found: dict[str, str] = {}
    named_before, named_after = _by_name(before), _by_name(after)
    for name, had in named_before.items():
        has = named_after.get(name, set())
        if len(had) == len(has) == 1 and had <= gone and has <= come:
            (source,), (target,) = had, has
            if not _BY_NAME.search(target) and (_BY_NAME.search(source) or _share(source, before, target, after)):
                found[source] = target
    for source, target in list(found.items()):
        for part in gone:
            if part.startswith(f"{source}/") and target + part[len(source) :] in come:
                found[part] = target + part[len(source) :]
    return found


def _subjects(claims: Iterable[str]) -> set[str]:
    return {line[1 : line.index(">")] for line in claims}


def _by_name(claims: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, object_ in _parts(claims, _NAMES):
        family = next((name for name, pattern in _FAMILIES if pattern.search(subject)), "")
        if family:
            named[family, object_].add(subject)
    return named


def _share(source: str, before: Iterable[str], target: str, after: Iterable[str]) -> bool:
    """Tell whether both state one identifier: the ISSN of the old serial is still that of the new one."""
    had = {object_ for subject, object_ in _parts(before, _SAME) if subject == source}
    return any(subject == target and object_ in had for subject, object_ in _parts(after, _SAME))


def _parts(claims: Iterable[str], predicates: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield subject and object of the claims that have one of the predicates."""
    for line in claims:
        subject, predicate, object_ = split_claim(line)
        if predicate in predicates:
            yield subject[1:-1], object_


class Redirects:
    """The table of a catalog: one row an old IRI, no chains; rows go when the old IRI is stated again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin a run; the scratch database is attached as `run`."""
        self._connection = connection

    def note(self, item: str, before: Sequence[str], after: Sequence[str]) -> None:
        """Take in the claims of a record's version before and of its new one; nothing is decided yet."""
        run = self._connection
        stated = _subjects(after)
        # Parts of an item are its own: what it states again leads nowhere else.
        parts = run.execute("SELECT old FROM redirect WHERE old > ? AND old < ?", (f"{item}#", f"{item}$")).fetchall()
        run.executemany("DELETE FROM redirect WHERE old = ?", [row for row in parts if row[0] in stated])
        if before:
            run.executemany("INSERT INTO run.moved VALUES (?, ?)", moved(before, after).items())

    def settle(self) -> None:
        """Decide what the records of the run have noted; the counts of shared claims must be settled before."""
        run = self._connection
        run.execute(f"DELETE FROM main.redirect WHERE {_IS_STATED.format('old')}")
        settled = run.execute(
            # Two records that lead one name to two things prove that the name is no key.
            f"SELECT old, min(new) FROM run.moved WHERE NOT {_IS_STATED.format('old')} GROUP BY old HAVING count(DISTINCT new) = 1"
        ).fetchall()
        for old, new in settled:
            run.execute("UPDATE main.redirect SET new = ? WHERE new = ?", (new, old))
            run.execute("INSERT OR REPLACE INTO main.redirect VALUES (?, ?)", (old, new))


# Claims are kept in order, so that those about one subject stand together: "<iri> …".
_IS_STATED = "EXISTS (SELECT 1 FROM main.shared_claim WHERE claim > '<' || {0} || '> ' AND claim < '<' || {0} || '>!')"
