"""Queries of a catalog, for pages, `lod explain`, `lod status`, dumps and the runs themselves."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from lod.disk.os_errors import as_store_error
from lod.disk.sorted_lines import sorted_distinct
from lod.errors import StoreError
from lod.mapping.mapped import ValueFate
from lod.privacy import mask_addresses
from lod.rdf.claims import Claim
from lod.record import Record
from lod.report import Fate, Finding, Severity
from lod.store.base import FieldRow, SourceRecord
from lod.store.catalog import backlinks
from lod.store.catalog.findings import OF_REFUSAL, OF_RUN, OF_STORE, OF_VERSION
from lod.store.catalog.ownership import Owner, base_of_item, folded_name, owning_item
from lod.store.catalog.packing import unpack_claims, unpack_fates, unpack_own, unpack_record
from lod.store.catalog.schema import ReaderPool
from lod.store.item_changes import ItemHistory, has_changes

_BATCH_ROWS = 1_000
_MOST_STARTS = 400

_RECORD = """
SELECT record.key, item, title, generated, payload, claims, fates FROM record JOIN body USING (id)
"""
_REFUSAL = "SELECT name, payload, fates FROM refusal"
_FINDING = """
SELECT rule, severity, text, detail,
    CASE WHEN lasts IN (0, 3) THEN record.place ELSE finding.place END
FROM finding JOIN message ON message.id = finding.message LEFT JOIN record ON record.folded = finding.folded
"""


@dataclass(frozen=True, slots=True)
class Explained:
    """All that the catalog knows about one record.

    Attributes:
        status: "published", "refused" (the latest attempt) or "removed".
        key: the item's key; of a refused record without one, its place.
        item: IRI of the item, "" if it was never published.
        record, fates: the version with this status; `record` is None for a removed or unreadable one.
        claims: the published claims, sorted; none of a refused or removed record.
        generated: when it was mapped, ISO 8601; "" unless published.
        removed: date of removal, ISO 8601; "" unless removed.
        published: of a refused record, the version that is still published, if there is one.
    """

    status: str
    key: str
    item: str = ""
    title: str = ""
    record: Record | None = None
    fates: tuple[ValueFate, ...] = ()
    findings: tuple[Finding, ...] = ()
    claims: tuple[str, ...] = ()
    generated: str = ""
    removed: str = ""
    published: Explained | None = None


class CatalogReader:
    """Read access to a catalog; a `PublishedCatalog`."""

    def __init__(
        self,
        path: Path,
        rows: Callable[..., list[Any]],
        close: Callable[[], object],
        mask: Callable[[str], str] = mask_addresses,
    ) -> None:
        """Use `open`. `rows` runs a query, `close` closes the connections."""
        self.path = path
        self._rows = rows
        self._mask = mask
        # A generation may be dropped at any time; its connections are closed with the last reference to it.
        self._closed = weakref.finalize(self, close)

    @staticmethod
    def open(path: Path, mask: Callable[[str], str] = mask_addresses) -> CatalogReader:
        """Open a finished catalog. `mask` masks parts of the texts that `fields_of` returns; `str` masks nothing.

        Raises:
            StoreError: it is missing, damaged or of another format.
        """
        pool = ReaderPool(path)
        return CatalogReader(path, pool.rows, pool.close, mask)

    def close(self) -> None:
        """Close all connections; an open run is discarded."""
        self._closed()

    def fields_of(self, item: str) -> list[FieldRow]:
        """See `PublishedCatalog.fields_of`; parts of the texts are masked, see `open`."""
        rows = self._rows(f"{_RECORD} WHERE item = ?", (item,))
        if not rows:
            return []
        payload, packed, fates = rows[0][4:]
        with as_store_error(self.path, "reading the catalog"):
            pairs = zip(unpack_record(payload).values, unpack_fates(fates, _sorted_claims(packed)), strict=True)
        return [
            FieldRow(
                value.field,
                self._shown(value.text, fate),
                value.language,
                fate.fate,
                fate.why,
                value.authority,
                value.confidence,
            )
            for value, fate in pairs
        ]

    def claims_of(self, item: str) -> list[Claim] | None:
        """See `PublishedCatalog.claims_of`."""
        rows = self._rows("SELECT key, claims FROM record JOIN body USING (id) WHERE item = ?", (item,))
        if not rows:
            return None
        key, packed = rows[0]
        owner = Owner.of(base_of_item(item, key), key)
        with as_store_error(self.path, "reading the catalog"):
            own = [Claim(line) for line in unpack_claims(packed)[0]]
        return [*own, *self.shared_claims(owner.starts)]

    def shared_claims(self, starts: Sequence[str]) -> list[Claim]:
        """See `PublishedCatalog.shared_claims`."""
        found: list[Claim] = []
        for first in range(0, len(starts), _MOST_STARTS):
            some = starts[first : first + _MOST_STARTS]
            query = (
                f"WITH wanted (low, high) AS (VALUES {', '.join(['(?, ?)'] * len(some))}) "
                "SELECT claim FROM wanted CROSS JOIN shared_claim WHERE claim >= low AND claim < high"
            )
            bounds = tuple(bound for start in some for bound in (start, start[:-1] + chr(ord(start[-1]) + 1)))
            found += (claim for (claim,) in self._rows(query, bounds))
        return found

    def known_items(self, items: Sequence[str]) -> frozenset[str]:
        """See `PublishedCatalog.known_items`."""
        query = f"SELECT item FROM record WHERE item IN ({', '.join('?' * len(items))})"
        return frozenset(item for (item,) in self._rows(query, tuple(items)))

    def removed_on(self, item: str) -> str | None:
        """See `PublishedCatalog.removed_on`."""
        rows = self._rows("SELECT removed FROM tombstone WHERE item = ?", (item,))
        return rows[0][0] if rows else None

    def removals(self, after: str = "") -> Iterator[tuple[str, str]]:
        """Yield IRI and date of removal (ISO 8601) of every removed item, in the order of their IRIs."""
        query = "SELECT item, removed FROM tombstone WHERE item > ? ORDER BY item LIMIT ?"
        while rows := self._rows(query, (after, _BATCH_ROWS)):
            yield from rows
            after = rows[-1][0]

    def moved_to(self, iri: str) -> str | None:
        """See `PublishedCatalog.moved_to`."""
        queries = (
            "SELECT record.item FROM renamed JOIN record USING (folded) WHERE renamed.item = ?",
            "SELECT new FROM redirect WHERE old = ?",
        )
        return next((rows[0][0] for query in queries if (rows := self._rows(query, (iri,)))), None)

    def counts(self) -> dict[str, int]:
        """See `PublishedCatalog.counts`. During a run "triples" is the number before it, until `CatalogWriter.changes`."""
        tables = {"records": "record", "removed": "tombstone", "refused": "refusal"}
        counted = {name: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for name, table in tables.items()}
        return {**counted, "triples": int(self._meta("triples", "0"))}

    def bases(self) -> list[str]:
        """Return the base IRIs that records are published under."""
        return backlinks.bases_of(self._rows)

    def items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """See `PublishedCatalog.items`."""
        return self._rows("SELECT item, title FROM record ORDER BY folded LIMIT ? OFFSET ?", (limit, offset))

    def source_of_item(self, item: str) -> SourceRecord | None:
        """See `PublishedCatalog.source_of_item`."""
        rows = self._rows("SELECT payload, generated FROM record JOIN body USING (id) WHERE item = ?", (item,))
        if not rows:
            return None
        record = unpack_record(rows[0][0])
        return SourceRecord(record.oai_identifier or "", record.modified or "", record.url or "", rows[0][1])

    def history(self) -> ItemHistory | None:
        """See `PublishedCatalog.history`; a catalog of an earlier version of lod has none until the next run."""
        return ItemHistory(self._rows) if has_changes(self._rows) else None

    def dated_items(self, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """See `PublishedCatalog.dated_items`; in the order in which they were published first."""
        query = f"SELECT item, moment FROM ({self._dated()}) ORDER BY place LIMIT ? OFFSET ?"
        return self._rows(query, (limit, offset))

    def latest_of_each(self, size: int) -> list[str]:
        """See `PublishedCatalog.latest_of_each`."""
        # "~" sorts after all moments.
        query = (
            "SELECT replace(max(iif(moment = '', '~', moment)), '~', '') FROM "
            f"(SELECT moment, (row_number() OVER (ORDER BY place) - 1) / ? AS part FROM ({self._dated()})) "
            "GROUP BY part ORDER BY part"
        )
        return [moment for (moment,) in self._rows(query, (size,))]

    def _dated(self) -> str:
        """Return the query for all items with the moments of their last changes; place is their order."""
        if not has_changes(self._rows):
            return "SELECT item, generated AS moment, folded AS place FROM record"
        return (
            "SELECT item, coalesce(moment, '') AS moment, entry.id AS place FROM entry "
            "JOIN publication ON number = publication WHERE NOT removed"
        )

    def counts_to(self, iri: str) -> dict[str, int]:
        """See `PublishedCatalog.counts_to`."""
        return backlinks.counts_to(self._rows, iri)

    def links_to(self, iri: str, property_: str, limit: int, offset: int = 0) -> list[str]:
        """See `PublishedCatalog.links_to`."""
        return backlinks.links_to(self._rows, iri, property_, limit, offset)

    def refused(self, limit: int) -> list[str]:
        """Return the names of refused records, at most `limit`: key, or place if there is no key."""
        return [str(name) for (name,) in self._rows("SELECT name FROM refusal ORDER BY folded LIMIT ?", (limit,))]

    def report(self) -> dict[str, Any] | None:
        """Return the report of the run that built the generation, as `RunReport.to_dict` made it; None if there is none."""
        text = self._meta("report", "")
        return json.loads(text) if text else None

    def explain(self, name: str) -> Explained | None:
        """Return what is known of a record, by key, IRI of item or document, or place in its source; None if nothing is.

        If the latest attempt was refused, that is returned, with the version that is still published in `published`.

        Raises:
            StoreError: several records have the place.
        """
        folded = self._folded(name)
        refusals = self._rows(f"{_REFUSAL} WHERE folded = ?", (folded,))
        records = self._rows(f"{_RECORD} WHERE folded = ?", (folded,))
        with as_store_error(self.path, "reading the catalog"):
            published = self._published(records[0]) if records else None
            if refusals:
                return self._refused(refusals[0], folded, published)
        return published or self._removed(folded)

    def keys_given(self, escaped_iri: str) -> list[str]:
        """Return the keys of records given as RDF about an IRI, published or refused: rdf/FILE/IRI, escaped."""
        end = f"/{escaped_iri}"
        query = " UNION ".join(
            f"SELECT folded FROM {table} WHERE folded BETWEEN 'rdf/' AND 'rdf0' AND substr(folded, -length(?)) = ?"
            for table in ("record", "refusal")
        )
        return [str(folded) for (folded,) in self._rows(query, (end,) * 4)]

    def source_of(self, name: str) -> tuple[str, Record | None]:
        """Return the IRI of a record's item ("" where it was never published) and the record as its source gave it.

        `name` is that of findings. A refused version has precedence over the published one; None if it is unreadable or unknown.
        """
        folded = folded_name(name)
        published = self._rows("SELECT item, payload FROM record JOIN body USING (id) WHERE folded = ?", (folded,))
        refused = self._rows("SELECT '', payload FROM refusal WHERE folded = ? AND payload IS NOT NULL", (folded,))
        rows = refused or published
        return (published[0][0] if published else "", unpack_record(rows[0][1]) if rows else None)

    def finding_counts_by_field(self, rule: str = "") -> list[tuple[str, str, str, int]]:
        """Return field (the property's IRI where no field is known), rule, severity and number, the most frequent first."""
        query = (
            "SELECT coalesce(json_extract(detail, '$.field'), json_extract(detail, '$.path'), '') AS part, rule, severity, "
            "count(*) AS number FROM finding JOIN message ON message.id = finding.message WHERE (? = '' OR rule = ?) "
            "GROUP BY part, rule, severity ORDER BY number DESC, part, rule, severity"
        )
        return self._rows(query, (rule, rule))

    def finding_counts_by_collection(self, rule: str = "") -> list[tuple[str, str, int]]:
        """Return collection ("" for none), severity and number, the most frequent first."""
        query = (
            "SELECT coalesce(record.collection, refusal.collection, '') AS part, severity, count(*) AS number "
            "FROM finding JOIN message ON message.id = finding.message LEFT JOIN record ON record.folded = finding.folded "
            "LEFT JOIN refusal ON refusal.folded = finding.folded WHERE (? = '' OR rule = ?) "
            "GROUP BY part, severity ORDER BY number DESC, part, severity"
        )
        return self._rows(query, (rule, rule))

    def finding_counts(self) -> list[tuple[str, str, str, int]]:
        """Return rule, severity, message and how many findings have them, the most frequent first."""
        return self._rows(
            "SELECT rule, severity, text, count(*) AS number FROM finding JOIN message ON message.id = finding.message "
            "GROUP BY message.id ORDER BY number DESC, rule, text"
        )

    def findings(self, record: str | None = None, rule: str = "", *, infos: bool = True) -> Iterator[Finding]:
        """Yield the findings of all records in the order of their keys, those of one record, or those of one rule.

        Without `infos`, findings of severity info are left out; there are many.
        """
        if record is not None:
            yield from self._findings_of(self._folded(record))
            return
        after: tuple[str, int] = ("", 0)
        query = (
            f"{_FINDING.replace('FROM', ', finding.folded, finding.id FROM', 1)} "
            "WHERE (finding.folded, finding.id) > (?, ?) AND (? = '' OR rule = ?) AND (? OR severity <> 'info') "
            "ORDER BY finding.folded, finding.id LIMIT ?"
        )
        while rows := self._rows(query, (*after, rule, rule, infos, _BATCH_ROWS)):
            yield from (finding_of(row) for row in rows)
            after = rows[-1][5], rows[-1][6]

    def findings_named(self, names: Sequence[str]) -> dict[str, list[Finding]]:
        """Return the findings under some folded names, in order; there is no entry for a name without findings."""
        found: dict[str, list[Finding]] = {}
        selected = _FINDING.replace("FROM", ", finding.folded FROM", 1)
        query = f"{selected} WHERE finding.folded IN ({', '.join('?' * len(names))}) ORDER BY finding.id"
        for row in self._rows(query, tuple(names)):
            found.setdefault(row[5], []).append(finding_of(row))
        return found

    def messages_of(self, rule: str, most: int) -> list[tuple[str, str]]:
        """Return severity and text of the messages that findings of a rule have, at most so many."""
        query = "SELECT severity, text FROM message WHERE rule = ? ORDER BY severity, text LIMIT ?"
        return self._rows(query, (rule, most))

    def findings_by_record(self, rule: str = "") -> Iterator[tuple[str, Record | None, Iterator[Finding]]]:
        """Yield item and source record (see `source_of`) of each record with findings, and these; those of one rule if given."""
        for name, findings in groupby(self.findings(rule=rule), key=attrgetter("record")):
            yield *self.source_of(name), findings

    def findings_of_store(self) -> Iterator[Finding]:
        """Yield the findings of the rules about the whole store."""
        for row in self._rows(f"{_FINDING} WHERE cause <> '' ORDER BY cause, finding.id"):
            yield finding_of(row)

    def findings_of_rules(self, rules: Iterable[str], *, refused: bool) -> Iterator[Finding]:
        """Yield the findings of some rules, about published or about refused versions of records."""
        for rule in rules:
            query = f"{_FINDING} WHERE rule = ? AND lasts = ?"
            for row in self._rows(query, (rule, OF_REFUSAL if refused else OF_VERSION)):
                yield finding_of(row)

    def describes(self, iri: str) -> bool:
        """Return whether anything is published about an IRI, or about the IRI that it has moved to.

        During a run, shared resources are counted from `CatalogWriter.changes` on.
        """
        line = f"<{iri}> "
        # "!" follows " " in ASCII, so that the range is all claims about the subject.
        if self._rows("SELECT 1 FROM shared_claim WHERE claim > ? AND claim < ? LIMIT 1", (line, f"<{iri}>!")):
            return True
        for base in json.loads(self._meta("bases", "[]")):
            owner = owning_item(line, base)
            for (packed,) in self._rows("SELECT claims FROM record JOIN body USING (id) WHERE item = ?", (owner,)):
                if owner == iri or any(claim.startswith(line) for claim in unpack_claims(packed)[0]):
                    return True
        return self.moved_to(iri) is not None

    def own_claims(self, item: str) -> list[str]:
        """Return the claims that the record of an item owns; none where there is no such item."""
        rows = self._rows("SELECT claims FROM record JOIN body USING (id) WHERE item = ?", (item,))
        return unpack_claims(rows[0][0])[0] if rows else []

    def published_claims(self) -> Iterator[str]:
        """Yield every published claim at least once, unsorted."""
        return (line for lines in map(_lines_of, self.published_chunks()) for line in lines)

    def all_claims(self) -> Iterator[str]:
        """Yield every published claim once, in code point order."""
        return sorted_distinct(self.published_claims())

    def published_chunks(self) -> Iterator[bytes]:
        """Yield every published claim at least once, as N-Triples in UTF-8, unsorted."""
        after = 0
        while rows := self._rows("SELECT id, claims FROM body WHERE id > ? ORDER BY id LIMIT ?", (after, _BATCH_ROWS)):
            # A generator expression, so that no chunk stays referenced after the loader has taken it.
            yield from filter(None, (unpack_own(packed) for _, packed in rows))
            after = rows[-1][0]
        last = ""
        while rows := self._rows(
            "SELECT claim FROM shared_claim WHERE claim > ? ORDER BY claim LIMIT ?", (last, _BATCH_ROWS)
        ):
            yield "".join(f"{claim}\n" for (claim,) in rows).encode()
            last = rows[-1][0]

    def _shown(self, text: str, fate: ValueFate) -> str | None:
        if fate.fate is Fate.WITHHELD:
            return None
        # A value that was masked when it was mapped is masked on pages, whatever the present setting.
        return mask_addresses(text) if fate.why.startswith("masked") else self._mask(text)

    def _folded(self, name: str) -> str:
        """Return the folded key of a record's name: a key, an IRI or a place; any other name is returned folded."""
        folded = folded_name(name)
        queries = (
            ("SELECT folded FROM record WHERE folded = ? UNION SELECT folded FROM refusal WHERE folded = ?", folded),
            ("SELECT folded FROM record WHERE item = ? UNION SELECT folded FROM tombstone WHERE item = ?", name),
            ("SELECT folded FROM record WHERE place = ? UNION SELECT folded FROM refusal WHERE place = ?", name),
        )
        for query, form in queries:
            rows = self._rows(query, (form, form))
            if len(rows) > 1:
                raise StoreError(
                    f"{name!r} is the place of {len(rows)} records: {', '.join(row[0] for row in rows)}; ask for one by key"
                )
            if rows:
                return str(rows[0][0])
        # The IRIs of document and item differ in one word. The base may contain it too, so the last occurrence counts.
        head, found, tail = name.rpartition("/data/item/")
        return self._folded(f"{head}/id/item/{tail}") if found else folded

    def _published(self, row: tuple[Any, ...]) -> Explained:
        key, item, title, generated, payload, packed, fates = row
        claims = _sorted_claims(packed)
        record, known_fates = unpack_record(payload), tuple(unpack_fates(fates, claims))
        findings = tuple(self._findings_of(folded_name(key), OF_VERSION, OF_RUN, OF_STORE))
        return Explained("published", key, item, title, record, known_fates, findings, tuple(claims), generated)

    def _refused(self, row: tuple[Any, ...], folded: str, published: Explained | None) -> Explained:
        name, payload, fates = row
        return Explained(
            "refused",
            name,
            published.item if published else "",
            record=None if payload is None else unpack_record(payload),
            fates=tuple(unpack_fates(fates, ())),
            findings=tuple(self._findings_of(folded, OF_REFUSAL, OF_RUN)),
            published=published,
        )

    def _removed(self, folded: str) -> Explained | None:
        rows = self._rows("SELECT key, item, removed FROM tombstone WHERE folded = ?", (folded,))
        return Explained("removed", rows[0][0], rows[0][1], removed=rows[0][2]) if rows else None

    def _findings_of(self, folded: str, *lifetimes: int) -> list[Finding]:
        kinds = lifetimes or (OF_VERSION, OF_REFUSAL, OF_RUN, OF_STORE)
        marks = ", ".join("?" * len(kinds))
        query = f"{_FINDING} WHERE finding.folded = ? AND lasts IN ({marks}) ORDER BY finding.id"
        return [finding_of(row) for row in self._rows(query, (folded, *kinds))]

    def _meta(self, name: str, default: str) -> str:
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else default


def _sorted_claims(packed: bytes) -> list[str]:
    own, shared = unpack_claims(packed)
    return sorted(own + shared)


def finding_of(row: tuple[Any, ...]) -> Finding:
    """Return the finding of a row: rule, severity, message, detail and place."""
    rule, severity, text, detail, place = row[:5]
    return Finding(
        **{"rule": rule, "message": text, "place": place or "", **json.loads(detail), "severity": Severity(severity)}
    )


def _lines_of(chunk: bytes) -> Iterator[str]:
    return iter(chunk.decode().removesuffix("\n").split("\n"))
