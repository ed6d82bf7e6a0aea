"""The exact difference that a run makes to the set of published claims.

A claim is published while any record states it. Own claims are compared record by record; shared claims have a reference
count, the number of records that state them, and a run adds up the changes of each count before it applies them:

    added = new - old          removed = claims of old - new that no other record states

Everything is in tables on disk; memory holds one buffer.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from itertools import chain

from lod.disk.sorted_lines import sorted_distinct
from lod.errors import StoreError
from lod.store.catalog.ownership import owned_prefixes, owning_item
from lod.store.catalog.packing import unpack_claims, unpack_own

_BUFFERED_CLAIMS = 100_000
_BUFFERED_CHARACTERS = 1 << 25


@dataclass(frozen=True)
class Changes:
    """The net difference between the published claims before and after a run; the claims can be read repeatedly."""

    added_count: int
    removed_count: int
    added: Callable[[], Iterator[str]]
    removed: Callable[[], Iterator[str]]


class ChangeTracker:
    """Collects which claims the records of a run add and drop, and computes the net difference."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._shared: Counter[str] = Counter()
        self._own: list[tuple[str, int]] = []
        self._characters = 0
        self._bases: set[str] = set(json.loads(self._meta("bases", "[]")))
        # Of a site whose runs have published nothing, others read the difference, and it has to be sorted.
        self._has_run = self._meta("triples", "") != ""
        self._triples = int(self._meta("triples", "0"))
        # With nothing published before, every claim is new and need not be written twice.
        self.is_first = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM main.record)").fetchone()[0] == 1
        self.settled = False

    def note_base(self, base: str) -> None:
        """Remember a base IRI that items are minted under."""
        if base not in self._bases:
            self._bases.add(base)
            self._set_meta("bases", json.dumps(sorted(self._bases)))

    def note_own(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Add the own claims of a record: those of its previous version and those of its new one."""
        if self.is_first:
            return
        before, after = set(old), set(new)
        self._own += [(claim, 1) for claim in after - before]
        self._own += [(claim, -1) for claim in before - after]
        if self._is_full(self._own, chain(old, new)):
            self._flush_own()

    def note_shared(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Add the shared claims of a record, likewise."""
        counts = self._shared
        for claim in new:
            counts[claim] += 1
        for claim in old:
            counts[claim] -= 1
        if self._is_full(counts, chain(old, new)):
            self._flush_own()
            self._flush_shared()

    def _is_full(self, buffered: Sized, claims: Iterable[str]) -> bool:
        self._characters += sum(map(len, claims))
        return len(buffered) > _BUFFERED_CLAIMS or self._characters > _BUFFERED_CHARACTERS

    def settle(self) -> None:
        """Apply the run to the reference counts of shared claims and to the number of triples; once, at the end of the run.

        Raises:
            StoreError: a reference count would be negative: the catalog is damaged.
        """
        if self.settled:
            return
        self._flush_own()
        self._flush_shared()
        run = self._connection.execute
        run(
            "CREATE TABLE run.own_net AS SELECT claim, sum(net) AS net FROM run.own_change GROUP BY claim HAVING sum(net) <> 0"
        )
        run("CREATE UNIQUE INDEX run.own_net_claim ON own_net (claim)")
        run(
            "CREATE TABLE run.shared_net AS SELECT delta.claim, sum(net) AS net, coalesce(known.records, 0) AS before "
            "FROM run.shared_delta AS delta LEFT JOIN main.shared_claim AS known ON known.claim = delta.claim "
            "GROUP BY delta.claim HAVING sum(net) <> 0 ORDER BY delta.claim"
        )
        run("CREATE UNIQUE INDEX run.shared_net_claim ON shared_net (claim)")
        self._refuse_negative_counts()
        if self.is_first:
            self._apply_shared()
            self._settle_first()
        else:
            self._settle_difference()
            self._apply_shared()
        self._set_meta("triples", str(self._triples))
        self._drop_unused_bases()
        self.settled = True

    def changes(self) -> Changes:
        """Return the difference; `settle` must have run."""
        if self.is_first:
            added = (lambda: sorted_distinct(self.published())) if self._has_run else self.published
            return Changes(self._triples, 0, added, lambda: iter(()))
        return Changes(
            self._number("run.added"),
            self._number("run.removed"),
            lambda: self._lines("SELECT claim FROM run.added ORDER BY claim"),
            lambda: self._lines("SELECT claim FROM run.removed ORDER BY claim"),
        )

    def published(self) -> Iterator[str]:
        """Yield every published claim once, unsorted."""
        for (packed,) in self._connection.execute("SELECT claims FROM main.body ORDER BY id"):
            yield from unpack_own(packed).decode().split("\n")[:-1]
        yield from self._lines(
            "SELECT claim FROM main.shared_claim EXCEPT SELECT claim FROM run.also_owned"
            if self._number("run.also_owned")
            else "SELECT claim FROM main.shared_claim"
        )

    def _settle_first(self) -> None:
        """Count the published claims: own and shared ones, less those that are both."""
        also_owned = [(claim,) for claim in self._of_other_items("main.shared_claim") if self._is_owned(claim)]
        self._connection.executemany("INSERT INTO run.also_owned VALUES (?)", also_owned)
        own = self._connection.execute("SELECT coalesce(sum(own_claims), 0) FROM main.record").fetchone()[0]
        self._triples = own + self._number("main.shared_claim") - len(also_owned)

    def _settle_difference(self) -> None:
        run = self._connection.execute
        # The owner states a claim now: added unless others stated it. It no longer does: removed unless others still do.
        run(
            "INSERT INTO run.added SELECT claim FROM run.own_net AS own WHERE net > 0 "
            "AND NOT EXISTS (SELECT 1 FROM main.shared_claim AS known WHERE known.claim = own.claim)"
        )
        run(
            "INSERT INTO run.removed SELECT own.claim FROM run.own_net AS own "
            "LEFT JOIN run.shared_net AS shared ON shared.claim = own.claim "
            "LEFT JOIN main.shared_claim AS known ON known.claim = own.claim "
            "WHERE own.net < 0 AND coalesce(known.records, 0) + coalesce(shared.net, 0) = 0"
        )
        # The first other record states it, or the last one no longer does; its owner, if there is one, changed nothing.
        unowned = "AND NOT EXISTS (SELECT 1 FROM run.own_net AS own WHERE own.claim = shared.claim)"
        run(f"INSERT INTO run.added SELECT claim FROM run.shared_net AS shared WHERE before = 0 {unowned}")
        run(f"INSERT INTO run.removed SELECT claim FROM run.shared_net AS shared WHERE before + net = 0 {unowned}")
        for table in ("run.added", "run.removed"):
            self._drop_owned(table)
        self._triples += self._number("run.added") - self._number("run.removed")

    def _drop_owned(self, table: str) -> None:
        """Delete claims that the owner of the subject states both before and after the run."""
        candidates = [
            claim
            for claim in self._of_other_items(table)
            if not self._exists("run.own_net", claim) and self._is_owned(claim)
        ]
        self._connection.executemany(f"DELETE FROM {table} WHERE claim = ?", [(claim,) for claim in candidates])

    def _of_other_items(self, table: str) -> Iterator[str]:
        """Yield the claims of a table whose subject belongs to some item."""
        for base in sorted(self._bases):
            for prefix in owned_prefixes(base):
                # No claim begins with the prefix and U+10FFFF.
                yield from self._lines(
                    f"SELECT claim FROM {table} WHERE claim > ? AND claim < ?", (prefix, f"{prefix}\U0010ffff")
                )

    def _is_owned(self, claim: str) -> bool:
        """Return whether the item that owns a claim's subject states the claim itself."""
        for base in self._bases:
            row = self._connection.execute(
                "SELECT claims FROM main.record JOIN main.body USING (id) WHERE item = ?", (owning_item(claim, base),)
            ).fetchone()
            if row is not None and claim in unpack_claims(row[0])[0]:
                return True
        return False

    def _apply_shared(self) -> None:
        run = self._connection.execute
        run("INSERT INTO main.shared_claim SELECT claim, net FROM run.shared_net WHERE before = 0 ORDER BY claim")
        run(
            "UPDATE main.shared_claim SET records = records + shared.net FROM run.shared_net AS shared "
            "WHERE shared.claim = shared_claim.claim AND shared.before > 0 AND shared.before + shared.net > 0"
        )
        run(
            "DELETE FROM main.shared_claim WHERE claim IN "
            "(SELECT claim FROM run.shared_net WHERE before > 0 AND before + net = 0)"
        )

    def _drop_unused_bases(self) -> None:
        """Drop base IRIs that no record is published under any more."""
        query = "SELECT EXISTS (SELECT 1 FROM main.record WHERE item > ? AND item < ?)"
        starts = {base: f"{base}id/item/" for base in self._bases}
        self._bases = {
            base
            for base, start in starts.items()
            if self._connection.execute(query, (start, f"{start}\U0010ffff")).fetchone()[0]
        }
        self._set_meta("bases", json.dumps(sorted(self._bases)))

    def _refuse_negative_counts(self) -> None:
        row = self._connection.execute("SELECT claim FROM run.shared_net WHERE before + net < 0 LIMIT 1").fetchone()
        if row is not None:
            raise StoreError(
                f"the catalog is damaged: a negative number of records would state {row[0]!r}; "
                "restore the site from a backup, or publish all sources into a new site folder"
            )

    def _flush_own(self) -> None:
        self._connection.executemany("INSERT INTO run.own_change VALUES (?, ?)", self._own)
        self._own.clear()
        self._characters = 0

    def _flush_shared(self) -> None:
        rows: Iterable[tuple[str, int]] = ((claim, net) for claim, net in self._shared.items() if net)
        self._connection.executemany("INSERT INTO run.shared_delta VALUES (?, ?)", rows)
        self._shared.clear()

    def _number(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _exists(self, table: str, claim: str) -> bool:
        return self._connection.execute(f"SELECT 1 FROM {table} WHERE claim = ?", (claim,)).fetchone() is not None

    def _lines(self, query: str, parameters: tuple[str, ...] = ()) -> Iterator[str]:
        return (row[0] for row in self._connection.execute(query, parameters))

    def _meta(self, name: str, default: str) -> str:
        row = self._connection.execute("SELECT value FROM main.meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def _set_meta(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO main.meta VALUES (?, ?)", (name, value))
