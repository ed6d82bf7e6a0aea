"""The figures in a generation: copied from the one before and brought along, or made anew with the history of the one before."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from lod.store.quality.build.history import note_publication
from lod.store.quality.build.rows import all_names, changed_names, names_of_items
from lod.store.quality.build.schema import HISTORY, QUALITY, basis, create
from lod.store.quality.build.writer import QualityWriter
from lod.store.quality.values.acceptances import Acceptance, Acceptances
from lod.store.sqlite_files import address_of_finished, bring_along, read_only

_log = logging.getLogger(__name__)

_REBUILD_SHARE = 0.5


@dataclass(frozen=True)
class Publication:
    """What is published: the catalog of a generation, and where it comes from.

    Attributes:
        catalog: the finished catalog.
        name, moment: of the generation.
        before: the folder of the generation that it was built on, None for the first.
        catalog_before: the catalog in it.
        digest: SHA-256 of the file of figures in it, "" where that is not known.
        changed: IRIs of what has other claims than in it, None where that is too much to tell.
        accepted: findings that are accepted now.
        messages: of the rules that records are judged by.
    """

    catalog: Path
    name: str
    moment: str
    before: Path | None = None
    catalog_before: Path | None = None
    digest: str = ""
    changed: Iterable[str] | None = None
    accepted: Sequence[Acceptance] = ()
    messages: Mapping[str, str] = field(default_factory=dict)


def write_quality(folder: Path, of: Publication) -> None:
    """Write the figures of a generation into its folder."""
    target = folder / QUALITY
    accepted = Acceptances(of.accepted)
    with closing(read_only(of.catalog)) as catalog:
        before = of.before / QUALITY if of.before else None
        if before and before.is_file() and _brought_along(before, target, catalog, of, accepted):
            return
        target.unlink(missing_ok=True)
        with closing(create(target)) as connection:
            if before and before.is_file():
                _take_history(connection, before)
            _write(connection, catalog, list(all_names(catalog)), of, accepted)


def build_quality(target: Path, catalog: Path, accepted: Iterable[Acceptance]) -> None:
    """Make the figures of a catalog anew, without a history."""
    with closing(read_only(catalog)) as source, closing(create(target)) as connection:
        QualityWriter(connection, source, Acceptances(accepted)).write(list(all_names(source)))


def accepted_in(path: Path) -> list[Acceptance]:
    """Return what was accepted when a file of figures was written."""
    with closing(read_only(path)) as connection:
        return [Acceptance(*row) for row in connection.execute("SELECT * FROM accepted")]


def _brought_along(
    before: Path, target: Path, catalog: sqlite3.Connection, of: Publication, accepted: Acceptances
) -> bool:
    """Bring a copy of the figures along; return False where they have to be made anew."""
    if of.changed is None or of.catalog_before is None:
        return False
    changed, catalog_before = of.changed, of.catalog_before

    def update(connection: sqlite3.Connection) -> bool:
        catalog.execute("ATTACH ? AS before", (address_of_finished(catalog_before),))
        names = changed_names(catalog)
        names.update(names_of_items(catalog, changed))
        known = Acceptances(Acceptance(*row) for row in connection.execute("SELECT * FROM accepted"))
        names.update(one.folded for one in known.all ^ accepted.all)
        size = int(connection.execute("SELECT count(*) FROM record").fetchone()[0])
        if len(names) > _REBUILD_SHARE * size:
            return False
        _write(connection, catalog, sorted(names), of, accepted)
        return True

    return bring_along(before, target, of.digest, basis(), "the figures of quality are made anew", update)


def _write(
    connection: sqlite3.Connection,
    catalog: sqlite3.Connection,
    names: Sequence[str],
    of: Publication,
    accepted: Acceptances,
) -> None:
    writer = QualityWriter(connection, catalog, accepted)
    writer.write(names)
    note_publication(connection, of.name, of.moment, writer.changed)
    connection.execute("BEGIN")
    connection.execute("DELETE FROM rule")
    connection.executemany("INSERT INTO rule VALUES (?, ?)", of.messages.items())
    connection.execute("COMMIT")


def _take_history(connection: sqlite3.Connection, before: Path) -> None:
    """Take over the history of another file; one that cannot be read has none."""
    try:
        connection.execute("ATTACH ? AS before", (address_of_finished(before),))
        connection.execute("BEGIN")
        for table in HISTORY:
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM before.{table}")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as fault:
        _log.warning("%s cannot be read (%s); the history of the figures begins anew", before, fault)
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        for table in HISTORY:
            connection.execute(f"DELETE FROM main.{table}")
    finally:
        with suppress(sqlite3.Error):
            connection.execute("DETACH before")
