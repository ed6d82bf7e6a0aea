"""Consistency check: the description, catalog, store, search index, figures of quality, named graphs and dumps of a generation are compared.

What is large is compared by fingerprint, which needs no order; only what differs is sorted, to name the differences.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from lod.disk.os_errors import as_store_error
from lod.disk.scratch import scratch_folder
from lod.disk.sorted_lines import Fingerprint, difference, fingerprint, sorted_counted, sorted_distinct
from lod.dump.checks import checksum_faults, dump_faults
from lod.dump.manifest import DUMPS, MAIN
from lod.errors import StoreError
from lod.feed.stream import FEED, EventStream
from lod.rdf.claims import claim
from lod.store.catalog.backlinks import all_backlinks, backlinks_in, bases_of
from lod.store.catalog.ownership import Owner, base_of_item, folded_name
from lod.store.catalog.packing import unpack_claims, unpack_fates, unpack_record
from lod.store.catalog.schema import CATALOG
from lod.store.generation.checksums import changed_files
from lod.store.generation.generations import Generation, Site
from lod.store.generation.named_graphs import NamedGraph, gzip_lines
from lod.store.item_changes import Rows, has_changes
from lod.store.quality.build.contents import quality_contents
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.build.update import accepted_in, build_quality
from lod.store.search.build.contents import contents
from lod.store.search.build.published_claims import CatalogClaims
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.update import build_index

MOST_NAMED = 10
"""Differences of one kind that are named; the others are counted."""

# Constraints between the tables of a catalog: the sentence, and a query for the rows that violate it.
_CONSTRAINTS = (
    ("record {} has no body", "SELECT key FROM record WHERE id NOT IN (SELECT id FROM body)"),
    ("body {} has no record", "SELECT id FROM body WHERE id NOT IN (SELECT id FROM record)"),
    ("{} is published and removed at once", "SELECT record.key FROM record JOIN tombstone USING (folded)"),
    (
        "finding {} has no message",
        "SELECT folded FROM finding WHERE message NOT IN (SELECT id FROM message)",
    ),
    ("message {} has no finding", "SELECT text FROM message WHERE id NOT IN (SELECT message FROM finding)"),
)

_DATED_CONSTRAINTS = (
    (
        "record {} has no date of change",
        "SELECT key FROM record WHERE item NOT IN (SELECT item FROM entry WHERE NOT removed)",
    ),
    (
        "{} has a date of change, but is not published",
        "SELECT item FROM entry WHERE NOT removed AND item NOT IN (SELECT item FROM record)",
    ),
)
"""A catalog of an earlier version of lod has no dates of changes until the next run."""


def verify_site(
    folder: Path, names: Sequence[str] = (), *, all_kept: bool = False, quick: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yield generations, each with what is wrong with it: the live one unless others are named.

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
        yield name, list(verify_generation(site.directory / name, quick=quick))


def verify_generation(directory: Path, *, quick: bool = False) -> Iterator[str]:
    """Yield what is wrong with the generation in a folder, one sentence each.

    `quick` compares figures and checksums and reads the catalog's pages: seconds, where comparing every claim takes minutes.
    """
    try:
        generation = Generation.open(directory)
    except StoreError as fault:
        yield str(fault)
        return
    if generation.name != directory.name:
        yield f"generation.json names the generation {generation.name}, its folder {directory.name}"
    for check in _QUICK_CHECKS if quick else _CHECKS:
        # Damage is reported, and the other checks still run.
        try:
            with as_store_error(directory, "verifying"):
                yield from check(generation)
        except StoreError as fault:
            yield str(fault)
        except Exception as fault:
            # Damaged bytes may break any reader, each in its own way.
            yield f"{directory}: cannot be read ({type(fault).__name__}: {fault})"


def _files(generation: Generation) -> Iterator[str]:
    yield from changed_files(generation.directory, generation.description)


def _catalog_pages(generation: Generation) -> Iterator[str]:
    connection = _connection(generation)
    try:
        yield from (f"{CATALOG}: {line}" for (line,) in connection.execute("PRAGMA quick_check") if line != "ok")
    finally:
        connection.close()


def _catalog_tables(generation: Generation) -> Iterator[str]:
    connection = _connection(generation)
    try:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"{CATALOG}: {line}"
        is_dated = has_changes(_rows(connection))
        for sentence, query in (*_CONSTRAINTS, *(_DATED_CONSTRAINTS if is_dated else ())):
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
    """Compare the table of backlinks with the claims."""
    connection = _connection(generation)

    def rows(query: str, parameters: tuple[object, ...]) -> Iterator[tuple[Any, ...]]:
        return connection.execute(query, parameters)

    def stated() -> Iterator[str]:
        return map("\t".join, backlinks_in(generation.catalog.published_claims(), bases_of(rows)))

    def listed() -> Iterator[str]:
        return map("\t".join, all_backlinks(rows))

    try:
        if fingerprint(stated()) != fingerprint(listed()):
            differing = difference(sorted_distinct(stated()), sorted_distinct(listed()))
            yield from _some(_backlink_fault(line, is_listed) for line, is_listed in differing)
    finally:
        connection.close()


def _backlink_fault(line: str, is_listed: bool) -> str:
    target, property_, subject = line.split("\t")
    found = "is kept among what points at it, but not published" if is_listed else "is not kept among what points at it"
    return f"<{target}>: <{subject}>, by <{property_}>, {found}"


def _search(generation: Generation) -> Iterator[str]:
    """Compare the search index with one that is built anew."""
    path = generation.directory / SEARCH
    if not path.is_file():
        return
    connection = _connection(generation)
    try:
        with scratch_folder() as folder:
            fresh = folder / SEARCH
            build_index(fresh, CatalogClaims(_rows(connection)))
            if fingerprint(contents(path)) != fingerprint(contents(fresh)):
                differing = difference(sorted_distinct(contents(fresh)), sorted_distinct(contents(path)))
                yield from _some(
                    f"{SEARCH} {'holds, and should not' if is_held else 'does not hold'}: {line}"
                    for line, is_held in differing
                )
    finally:
        connection.close()


def _quality(generation: Generation) -> Iterator[str]:
    """Compare the figures of quality with those that are made anew."""
    path = generation.directory / QUALITY
    if not path.is_file():
        return
    with scratch_folder() as folder:
        fresh = folder / QUALITY
        build_quality(fresh, generation.directory / CATALOG, accepted_in(path))
        if fingerprint(quality_contents(path)) != fingerprint(quality_contents(fresh)):
            differing = difference(sorted_distinct(quality_contents(fresh)), sorted_distinct(quality_contents(path)))
            yield from _some(
                f"{QUALITY} {'holds, and should not' if is_held else 'does not hold'}: {line}"
                for line, is_held in differing
            )


def _record_faults(connection: sqlite3.Connection) -> Iterator[str]:
    query = (
        "SELECT key, folded, item, content_hash, own_claims, payload, claims, fates FROM record JOIN body USING (id) "
        "ORDER BY folded"
    )
    for key, folded, item, content_hash, own_claims, payload, packed, fates in connection.execute(query):
        record = unpack_record(payload)
        own, shared = unpack_claims(packed)
        base = base_of_item(item, key)
        mine = Owner.of(base, key).split(own + shared)
        checks = (
            (record.content_hash() == content_hash, "its fields do not have its content hash"),
            (folded_name(folded) == folded_name(key), f"is entered as {folded}"),
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
    held = Fingerprint()
    generation.store.dump_lines(held.add)
    if held != fingerprint(generation.catalog.published_claims()):
        stored = sorted_distinct(claim(*triple) for triple in generation.store.all_triples())
        yield from _some(
            f"{'the store holds, the catalog does not' if is_stored else 'the catalog holds, the store does not'}: {line}"
            for line, is_stored in difference(generation.catalog.all_claims(), stored)
        )
    yield from _store_size(generation)


def _store_size(generation: Generation) -> Iterator[str]:
    triples, held = generation.counts["triples"], generation.store.count()
    if held != triples:
        yield f"the store holds {held} triples, generation.json says {triples}"


def _named_graphs(generation: Generation) -> Iterator[str]:
    graphs = NamedGraph.all_of(generation.directory, generation.description)
    stored = set(generation.store.named_graphs())
    for iri in sorted(stored ^ {graph.iri for graph in graphs}):
        yield f"named graph <{iri}> is {'in the store only' if iri in stored else 'not in the store'}"
    yield from _graph_files(generation)
    for graph in graphs:
        held = sorted_distinct(claim(*triple) for triple in generation.store.all_triples(graph.iri))
        yield from _some(
            f"named graph <{graph.iri}>: {'only the store' if is_stored else f'only {graph.path.name}'} holds {line}"
            for line, is_stored in difference(graph.lines(), held)
        )


def _graph_files(generation: Generation) -> Iterator[str]:
    for graph in NamedGraph.all_of(generation.directory, generation.description):
        number = sum(1 for _ in graph.lines())
        if number != graph.triples:
            yield f"{graph.path.name}: {number} lines, generation.json says {graph.triples}"


def _dump_files(generation: Generation) -> Iterator[str]:
    yield from checksum_faults(generation.directory)


def _dumps(generation: Generation) -> Iterator[str]:
    graphs = NamedGraph.all_of(generation.directory, generation.description)
    yield from dump_faults(generation.directory, _in_order(generation), graphs)


def _in_order(generation: Generation) -> Callable[[], Iterator[str]]:
    """Return what gives the published claims sorted: the dump where it has them all in order, else the catalog."""
    path = generation.directory / DUMPS / MAIN.file

    def dumped() -> Iterator[str]:
        return _rising(gzip_lines(path))

    try:
        if fingerprint(dumped()) == fingerprint(generation.catalog.published_claims()):
            return dumped
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        pass  # reported with the faults of the dumps
    return generation.catalog.all_claims


def _rising(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines up to the first that is not in order."""
    last = ""
    for line in lines:
        if line <= last:
            return
        yield line
        last = line


def _connection(generation: Generation) -> sqlite3.Connection:
    return sqlite3.connect(f"{(generation.directory / CATALOG).resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _rows(connection: sqlite3.Connection) -> Rows:
    return lambda query, parameters=(): connection.execute(query, parameters).fetchall()


def _some(sentences: Iterator[str]) -> Iterator[str]:
    """Yield the first sentences, and how many more there are."""
    yield from islice(sentences, MOST_NAMED)
    more = sum(1 for _ in sentences)
    if more:
        yield f"… and {more:,} more of this kind"


def _feed(generation: Generation) -> Iterator[str]:
    """Compare the files of the change feed with their checksums."""
    stream = EventStream.of(generation.directory)
    if stream:
        yield from (
            f"{FEED}/{fault}; remove the folder {FEED} of the generation: 'lod publish' then begins another"
            for fault in stream.faults()
        )


_CHECKS = (
    _files,
    _catalog_tables,
    _catalog_records,
    _backlinks,
    _search,
    _quality,
    _counts,
    _store,
    _named_graphs,
    _dumps,
    _feed,
)
_QUICK_CHECKS = (_files, _catalog_pages, _counts, _store_size, _graph_files, _dump_files)
