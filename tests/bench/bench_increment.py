"""What a run of a few changed records costs, against the full rebuild that it replaces: the curve, and the ratios.

    python tests/bench/bench_increment.py [RECORDS] [CHANGED,CHANGED,…] [EXPORT.csv.gz]

The records are those of a DSpace metadata export, given as often as it takes under other handles, with other titles; or
made up. "rebuild" publishes all of them into a fresh site; then all are read again, unchanged, and for each number the whole with
that many changed ones, and these alone (`--partial`). "file" is a source of JSON lines: read for the first time, and again.
Ratios are of processor time, medians of three runs.
"""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lod import bundled
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.publish.known_files import KnownFiles
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.settings.table import Settings, make_settings
from lod.sources import Item, open_source
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes

HANDLE = "dc.identifier.uri"
REPEATS = 3


def made_up() -> Iterator[Record]:
    """Yield records that share journals, people, publishers and subjects, as those of a repository do."""
    for number in itertools.count():
        values = [
            Value("dc.title", f"Study {number} of the share of changes in a collection", "en"),
            Value("dc.type", "Article"),
            Value("dc.date.issued", str(1990 + number % 30)),
            Value("dc.relation.ispartof", f"Journal of Things {number % 500}"),
            Value("dc.identifier.issn", f"{1000 + number % 500}-0000"),
            Value("dc.identifier.volume", str(number % 40)),
            Value("dc.publisher", f"Press {number % 60}"),
            Value("dc.identifier.doi", f"10.5555/bench.{number}"),
            Value("dc.description.abstract", f"What record {number} says, in a few words of its own. " * 8, "en"),
        ]
        values += [Value("dc.contributor.author", f"Author{(number * 7 + n) % 9000}, A") for n in range(4)]
        values += [Value("dc.subject", f"subject {(number * 3 + n) % 4000}", "en") for n in range(4)]
        yield Record("", "", tuple(values))


def exported(path: Path, settings: Settings) -> Iterator[Record]:
    """Yield the records of an export over and over."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, path.name.removesuffix(".gz"))
        with gzip.open(path, "rb") as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file)
        given = [item for item in open_source(str(plain), settings) if isinstance(item, Record)]
    return itertools.cycle(given)


def varied(records: Iterable[Record], number: int, edition: str = "") -> Iterator[Record]:
    """Yield so many records under handles of their own; an edition changes the title."""
    for position, record in enumerate(itertools.islice(records, number)):
        values = [value for value in record.values if value.field != HANDLE]
        values = [
            value._replace(text=f"{value.text}{edition} ({position})") if value.field == "dc.title" else value
            for value in values
        ]
        values.append(Value(HANDLE, f"http://hdl.handle.net/10722/{position}"))
        yield replace(
            record,
            source="/bench/all.csv",
            place=f"all.csv, row {position}",
            values=tuple(values),
            handle=None,
            uuid=None,
        )


def changed(records: Sequence[Record], chosen: Container[int], edition: str) -> Iterator[Record]:
    """Yield the records, with another title where their position is chosen."""
    for position, record in enumerate(records):
        if position not in chosen:
            yield record
            continue
        values = (v._replace(text=f"{v.text} {edition}") if v.field == "dc.title" else v for v in record.values)
        yield replace(record, values=tuple(values))


def write_lines(path: Path, records: Iterable[Record]) -> None:
    """Write records as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            fields: dict[str, list[str]] = {}
            for value in record.values:
                fields.setdefault(value.field, []).append(value.text)
            file.write(f"{json.dumps(fields)}\n")


def run(
    what: str, items: Iterable[Item], plan: Plan, site: Site, rebuild: float, files: KnownFiles | None = None
) -> float:
    """Return the seconds of processor time that a run took, and print what it did."""
    started, spent = time.perf_counter(), time.process_time()
    report = publish(items, plan, site, files=files)
    spent = time.process_time() - spent
    ratio = f", 1/{rebuild / spent:.0f} of the rebuild" if rebuild else ""
    print(
        f"{what}: {spent:.2f} s of processor time ({time.perf_counter() - started:.1f} s){ratio}; {report.published:,} published, "
        f"{report.unchanged:,} unchanged, {report.refused:,} refused",
        flush=True,
    )
    return spent


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    sizes = [int(size) for size in (sys.argv[2] if len(sys.argv) > 2 else "10,100,1000").split(",")]
    settings = make_settings({"base_iri": "https://data.example.org/"}, {})
    crosswalk = load_crosswalk(settings)
    plan = Plan(crosswalk, load_shapes([bundled.SHAPES], crosswalk.vocabulary), workers="1")
    given = exported(Path(sys.argv[3]), settings) if len(sys.argv) > 3 else made_up()
    everything = list(varied(given, number))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = Site(Path(folder, "site"))
        site.folder.mkdir()
        rebuild = run(f"rebuild of {number:,} records", everything, plan, site, 0)
        median = statistics.median(run("all read again", everything, plan, site, rebuild) for _ in range(REPEATS))
        print(f"  median: 1/{rebuild / median:.0f}")
        for size in sizes:
            chosen = range(0, number, max(number // size, 1))[:size]
            for what in ("in the whole", "alone"):
                taken = []
                for repeat in range(REPEATS):
                    items = list(changed(everything, chosen, f"{what} {size}.{repeat}"))
                    items = items if what == "in the whole" else [items[position] for position in chosen]
                    taken.append(run(f"{size:,} changed, {what}", items, plan, site, rebuild))
                print(f"  median: 1/{rebuild / statistics.median(taken):.0f}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder, "all.jsonl")
        write_lines(path, everything)
        del everything
        site = Site(Path(folder, "site"))
        site.folder.mkdir()
        rebuild = 0.0
        for what in ("file", *["file again"] * REPEATS):
            files = KnownFiles()
            spent = run(what, open_source(path, settings, watch=files), plan, site, rebuild, files)
            rebuild = rebuild or spent
        print(f"  {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
