"""Does a site hold what it says? Every generation's description, catalog, store, named graphs and dumps compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from lod.claims import claim
from lod.dump.verify import dump_faults
from lod.errors import StoreError
from lod.store.backlinks import all_links, bases_of, links_in
from lod.store.builder import CATALOG
from lod.store.faults import told_as_store_error
from lod.store.generations import Generation, Site
from lod.store.lines import difference, sorted_counted, sorted_distinct
from lod.store.named_graphs import NamedGraph
from lod.store.ownership import Owner, folded_name
from lod.store.packing import unpack_claims, unpack_fates, unpack_record

MOST_NAMED = 10
"""Differences of one kind that are named; the others are counted."""

# What the tables of a catalog promise each other: the sentence, and a query for the rows that break it.
_PROMISES = (
    ("record {} has no body", "SELECT key FROM record WHERE id NOT IN (SELECT id FROM body)"),
    ("body {} has no record", "SELECT id FROM body WHERE id NOT IN (SELECT id FROM record)"),
    ("{} is published and removed at once", "SELECT record.key FROM record JOIN tombstone USING (folded)"),
    (
        "finding {} has no message",
        "SELECT folded FROM finding WHERE message NOT IN (SELECT id FROM message)",
    ),
    ("message {} has no finding", "SELECT text FROM message WHERE id NOT IN (SELECT message FROM finding)"),
)


def verify_site(folder: Path, names: Sequence[str] = (), *, all_kept: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Yield generations and what is wrong with each, nothing where all is right: the live one unless others are named.

    Raises:
        StoreError: the site has no generation of that name, or `current` names none.
    """
    site = Site(folder)
    live = site.live_name()
    if live is None:
        raise StoreError(f"{site.directory}: nothing has been published yet; begin with 'lod publish SOURCE…'")
    kept = sorted(path.parent.name for path in site.directory.glob("[!.]*/generation.json"))
    if live not in kept:
        raise StoreError(
            f"{site.directory / 'current'} names the generation {live}, which is not there; "
            f"kept: {', '.join(kept) or 'none'}; 'lod rollback GENERATION' switches to one of them"
        )
    for name in [*kept] if all_kept else [*(names or [live])]:
        if name not in kept:
            raise StoreError(f"{site.directory}: no generation {name!r}; kept: {', '.join(kept)}")
        yield name, list(verify_generation(site.directory / name))


def verify_generation(directory: Path) -> Iterator[str]:
    """Yield what is wrong with the generation in a folder, one sentence each."""
    try:
        generation = Generation.open(directory)
    except StoreError as fault:
        yield str(fault)
        return
    if generation.name != directory.name:
        yield f"generation.json names the generation {generation.name}, its folder {directory.name}"
    for check in (_catalog_tables, _catalog_records, _backlinks, _counts, _store, _named_graphs, _dumps):
        # What is damaged is told, and the other checks still run.
        try:
            with told_as_store_error(directory, "verifying"):
                yield from check(generation)
        except StoreError as fault:
            yield str(fault)
        except Exception as fault:
            # Damaged bytes may break any reader, each in its own way.
            yield f"{directory}: cannot be read ({type(fault).__name__}: {fault})"


def _catalog_tables(generation: Generation) -> Iterator[str]:
    connection = _connection(generation)
    try:
        for (said,) in connection.execute("PRAGMA integrity_check"):
            if said != "ok":
                yield f"{CATALOG}: {said}"
        for sentence, query in _PROMISES:
            yield from _some(sentence.format(row[0]) for row in connection.execute(query))
    finally:
        connection.close()


def _catalog_records(generation: Generation) -> Iterator[str]:
    """Compare each record with its own hash, its claims with their counts, and the shared claims with who states them."""
    connection = _connection(generation)
    try:
        yield from _some(_record_faults(connection))
        bodies = connection.execute("SELECT claims FROM body")
        stated = sorted_counted(line for (packed,) in bodies for line in unpack_claims(packed)[1])
        counted = connection.execute("SELECT claim, records FROM shared_claim ORDER BY claim")
        # No claim is the beginning of another, so that the numbers do not change the order.
        differing = difference(
            (f"{line}\t{number}" for line, number in stated), (f"{line}\t{number}" for line, number in counted)
        )
        yield from _some(_shared_fault(*line.rpartition("\t"), is_counted) for line, is_counted in differing)
    finally:
        connection.close()


def _backlinks(generation: Generation) -> Iterator[str]:
    """Compare what points at things with the claims that say so."""
    connection = _connection(generation)

    def rows(query: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return connection.execute(query, parameters).fetchall()

    try:
        stated = links_in(generation.catalog.all_claims(), bases_of(rows))
        differing = difference(
            sorted_distinct(map("\t".join, stated)), sorted_distinct(map("\t".join, all_links(rows)))
        )
        yield from _some(_backlink_fault(line, is_kept) for line, is_kept in differing)
    finally:
        connection.close()


def _backlink_fault(line: str, is_kept: bool) -> str:
    target, property_, subject = line.split("\t")
    found = "is kept among what points at it, but not published" if is_kept else "is not kept among what points at it"
    return f"<{target}>: <{subject}>, by <{property_}>, {found}"


def _record_faults(connection: sqlite3.Connection) -> Iterator[str]:
    query = (
        "SELECT key, folded, item, content_hash, own_claims, payload, claims, fates FROM record JOIN body USING (id) "
        "ORDER BY folded"
    )
    for key, folded, item, content_hash, own_claims, payload, packed, fates in connection.execute(query):
        record = unpack_record(payload)
        own, shared = unpack_claims(packed)
        base = item.removesuffix(f"id/item/{key}")
        mine = Owner.of(base, key).split(own + shared)
        checks = (
            (record.content_hash() == content_hash, "its fields do not have its content hash"),
            (folded == folded_name(key), f"is entered as {folded}"),
            (base != item, f"its item is <{item}>"),
            (len(own) == own_claims, f"{len(own)} claims of its own, {own_claims} counted"),
            ((sorted(own), sorted(shared)) == (sorted(mine[0]), sorted(mine[1])), "its own claims are not told apart"),
            (len(unpack_fates(fates, sorted(own + shared))) == len(record.values), "not every value has its fate"),
        )
        yield from (f"record {key}: {sentence}" for is_right, sentence in checks if not is_right)


def _shared_fault(line: str, _: str, number: str, is_counted: bool) -> str:
    if is_counted:
        return f"shared claim is counted {number} times, but not stated by as many records: {line}"
    return f"shared claim is stated by {number} records, but not counted so: {line}"


def _counts(generation: Generation) -> Iterator[str]:
    counted = generation.catalog.counts()
    for name, number in generation.counts.items():
        if counted.get(name) != number:
            yield f"generation.json says {number} {name}, the catalog {counted.get(name)}"


def _store(generation: Generation) -> Iterator[str]:
    stored = sorted_distinct(claim(*triple) for triple in generation.store.all_triples())
    yield from _some(
        f"{'the store holds, the catalog does not' if is_stored else 'the catalog holds, the store does not'}: {line}"
        for line, is_stored in difference(generation.catalog.all_claims(), stored)
    )
    triples, held = generation.counts["triples"], generation.store.count()
    if held != triples:
        yield f"the store holds {held} triples, generation.json says {triples}"


def _named_graphs(generation: Generation) -> Iterator[str]:
    graphs = NamedGraph.all_of(generation.directory, generation.description)
    stored = set(generation.store.named_graphs())
    for iri in sorted(stored ^ {graph.iri for graph in graphs}):
        yield f"named graph <{iri}> is {'in the store only' if iri in stored else 'not in the store'}"
    for graph in graphs:
        held = sorted_distinct(claim(*triple) for triple in generation.store.all_triples(graph.iri))
        number = sum(1 for _ in graph.lines())
        if number != graph.triples:
            yield f"{graph.path.name}: {number} lines, generation.json says {graph.triples}"
        yield from _some(
            f"named graph <{graph.iri}>: {'only the store' if is_stored else f'only {graph.path.name}'} holds {line}"
            for line, is_stored in difference(graph.lines(), held)
        )


def _dumps(generation: Generation) -> Iterator[str]:
    graphs = NamedGraph.all_of(generation.directory, generation.description)
    yield from dump_faults(generation.directory, generation.catalog.all_claims, graphs)


def _connection(generation: Generation) -> sqlite3.Connection:
    return sqlite3.connect(f"{(generation.directory / CATALOG).resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _some(sentences: Iterator[str]) -> Iterator[str]:
    """Yield the first sentences, and how many more there are."""
    yield from islice(sentences, MOST_NAMED)
    more = sum(1 for _ in sentences)
    if more:
        yield f"… and {more:,} more of this kind"
