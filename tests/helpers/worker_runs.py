"""Runs with workers: records whose values end the worker that maps them, and all that a generation holds, to be compared."""

import hashlib
import json
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from multiprocessing import parent_process
from pathlib import Path

from lod.mapping.crosswalk import Crosswalk
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.store.generation.generations import Site
from tests.helpers.loaded import bundled_shapes

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


class DeadlyCrosswalk(Crosswalk):
    """A crosswalk with which some values end the worker that maps them: each time, or the first time."""

    def hides(self, text):
        name, _, path = text.partition(" at ")
        first = bool(path) and not Path(path).exists()
        if parent_process() is not None and (name == "Poison" or first):
            if first:
                Path(path).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().hides(text)


def deadly_plan(crosswalk):
    """Return a plan with the rules of a crosswalk and deadly values."""
    parts = {field.name: getattr(crosswalk, field.name) for field in fields(Crosswalk)}
    return Plan(DeadlyCrosswalk(**parts), bundled_shapes(), now=NOW)


def record(number, title=""):
    title = title or ("" if number % 11 == 3 else f"Study {number} of things")
    values = [
        Value("dc.title", title, "en"),
        Value("dc.type", "Article"),
        Value("dc.contributor.author", f"Roe, Ann {number % 4}", authority=f"rp{number % 9}"),
        Value("dc.relation.ispartof", f"Journal of Things {number % 3}"),
        Value("dc.date.issued", str(1980 + number)),
    ]
    kept = tuple(value for value in values if value.text)
    return Record("/data/a.csv", f"a.csv, row {number}", kept, handle=f"1/{number}")


def records_of_a_run():
    return [record(number) for number in range(1, 80)]


def published(folder, plan, records, number_of_workers, progress=None):
    folder.mkdir(exist_ok=True)
    report = publish(iter(records), replace(plan, workers=str(number_of_workers)), Site(folder), progress)
    return report, content(Site(folder).live().directory)


def content(generation):
    """Return the checksums of the dumps, and the rows of catalog and search index; the name of a generation is a moment."""
    dumps = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((generation / "dumps").glob("dataset.*"))
    }
    with sqlite3.connect(generation / "catalog.sqlite") as catalog:
        told_by_clock = ("INSERT INTO \"meta\" VALUES('report'", 'INSERT INTO "publication"')
        lines = [line for line in catalog.iterdump() if not line.startswith(told_by_clock)]
        with closing(sqlite3.connect(generation / "search.sqlite")) as index:
            lines += index.iterdump()
        (report,) = catalog.execute("SELECT value FROM meta WHERE name = 'report'").fetchone()
    kept = {name: part for name, part in json.loads(report).items() if name not in {"generation", "seconds"}}
    return dumps, lines, kept


def changed(records):
    return [*records[:20], *(record(number, "Another title of things") for number in range(21, 80))]
