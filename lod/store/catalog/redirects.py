"""Redirects of things whose better key appeared, from the old IRI to the new one (MODEL section 3.3).

A redirect needs proof from one record: its previous version states the thing under the old IRI, its new version under
the new one, and only the key has changed. Things of different records are never matched by name.
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
# Kinds of things, by IRI. A person may turn out to be an organisation, but a serial never becomes a place.
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

    In both versions a single thing has the name, and the old IRI is made from the name only or both IRIs state the same
    identifier. Volumes and issues move with their serial.
    """
    old, new = _subjects(before), _subjects(after)
    dropped, added = old - new, new - old
    if not dropped or not added:
        return {}
    named_after = _by_name(after)
    found: dict[str, str] = {}
    for name, sources in _by_name(before).items():
        targets = named_after.get(name, set())
        if len(sources) == len(targets) == 1 and sources <= dropped and targets <= added:
            (source,), (target,) = sources, targets
            if _has_better_key(source, before, target, after):
                found[source] = target
    for source, target in list(found.items()):
        parts = {part: target + part[len(source) :] for part in dropped if part.startswith(f"{source}/")}
        found |= {part: moved_part for part, moved_part in parts.items() if moved_part in added}
    return found


def _has_better_key(source: str, before: Iterable[str], target: str, after: Iterable[str]) -> bool:
    if _BY_NAME.search(target):
        return False
    return bool(_BY_NAME.search(source)) or _share(source, before, target, after)


def _subjects(claims: Iterable[str]) -> set[str]:
    return {line[1 : line.index(">")] for line in claims}


def _by_name(claims: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, object_ in _stated(claims, _NAMES):
        family = next((name for name, pattern in _FAMILIES if pattern.search(subject)), "")
        if family:
            named[family, object_].add(subject)
    return named


def _share(source: str, before: Iterable[str], target: str, after: Iterable[str]) -> bool:
    """Return whether both state the same identifier, as when the ISSN of the old serial is one of the new serial."""
    identifiers = {object_ for subject, object_ in _stated(before, _SAME) if subject == source}
    return any(subject == target and object_ in identifiers for subject, object_ in _stated(after, _SAME))


def _stated(claims: Iterable[str], predicates: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield subject and object of the claims with one of the predicates."""
    for line in claims:
        subject, predicate, object_ = split_claim(line)
        if predicate in predicates:
            yield subject[1:-1], object_


class Redirects:
    """Writes the table `redirect`: one row per old IRI, no chains; a row is deleted when its old IRI is stated again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the writer's connection; during a run the scratch database is attached as `run`."""
        self._connection = connection

    def note(self, item: str, before: Sequence[str], after: Sequence[str]) -> None:
        """Note the claims of a record's previous version and of its new one, for `settle`."""
        run = self._connection
        stated = _subjects(after)
        # Parts of an item belong to it alone: one that it states again has not moved.
        parts = run.execute("SELECT old FROM redirect WHERE old > ? AND old < ?", (f"{item}#", f"{item}$")).fetchall()
        run.executemany("DELETE FROM redirect WHERE old = ?", [row for row in parts if row[0] in stated])
        if before:
            run.executemany("INSERT INTO run.moved VALUES (?, ?)", moved(before, after).items())

    def settle(self) -> None:
        """Write the redirects that the records of the run have noted; the counts of shared claims must be settled before."""
        run = self._connection
        run.execute(f"DELETE FROM main.redirect WHERE {_IS_STATED.format('old')}")
        settled = run.execute(
            # If two records move one name to two things, the name is no key.
            f"SELECT old, min(new) FROM run.moved WHERE NOT {_IS_STATED.format('old')} GROUP BY old HAVING count(DISTINCT new) = 1"
        ).fetchall()
        for old, new in settled:
            run.execute("UPDATE main.redirect SET new = ? WHERE new = ?", (new, old))
            run.execute("INSERT OR REPLACE INTO main.redirect VALUES (?, ?)", (old, new))


# The table is sorted, so that the claims about one subject are a range: "<iri> …".
_IS_STATED = "EXISTS (SELECT 1 FROM main.shared_claim WHERE claim > '<' || {0} || '> ' AND claim < '<' || {0} || '>!')"
