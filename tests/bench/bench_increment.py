"""What a run of a few changed records costs, against the full rebuild that it replaces: the curve, and the ratios.

    python tests/bench/bench_increment.py [RECORDS] [CHANGED,CHANGED,…] [EXPORT.csv.gz]

The records are those of a DSpace metadata export, given as often as it takes under other handles, with other titles; or
made up. "rebuild" publishes all of them into a fresh site; then each run publishes that many changed ones (`--partial`).
"""

from __future__ import annotations

import gzip
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lod import bundled
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.settings.table import Settings, make_settings
from lod.sources import open_source
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


def seconds(items: Iterable[Record], plan: Plan, site: Site) -> tuple[float, str]:
    """Return the seconds that a run took, and what it did with the seconds of processor time."""
    started, spent = time.perf_counter(), time.process_time()
    report = publish(items, plan, site)
    said = f"{time.process_time() - spent:.2f} s of processor time; {report.published:,} published, {report.unchanged:,} unchanged, {report.refused:,} refused"
    return time.perf_counter() - started, said


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    sizes = [int(size) for size in (sys.argv[2] if len(sys.argv) > 2 else "10,100,1000").split(",")]
    settings = make_settings({"base_iri": "https://data.example.org/"}, {})
    crosswalk = load_crosswalk(settings)
    plan = Plan(crosswalk, load_shapes([bundled.SHAPES], crosswalk.vocabulary))
    given = exported(Path(sys.argv[3]), settings) if len(sys.argv) > 3 else made_up()
    everything = list(varied(given, number))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = Site(Path(folder))
        rebuild, said = seconds(everything, plan, site)
        print(f"rebuild of {number:,} records: {rebuild:.1f} s ({said})", flush=True)
        again, said = seconds(everything, plan, site)
        print(f"all read again: {again:.1f} s, 1/{rebuild / again:.0f} of the rebuild ({said})", flush=True)
        for size in sizes:
            step = max(number // size, 1)
            chosen = everything[::step][:size]
            taken = []
            for repeat in range(REPEATS):
                changed = (
                    replace(
                        record,
                        values=tuple(
                            value._replace(text=f"{value.text} {size}.{repeat}") if value.field == "dc.title" else value
                            for value in record.values
                        ),
                    )
                    for record in chosen
                )
                duration, said = seconds(changed, plan, site)
                taken.append(duration)
            median = sorted(taken)[len(taken) // 2]
            print(f"{size:>7,} changed: {median:.2f} s, 1/{rebuild / median:.0f} of the rebuild ({said})", flush=True)


if __name__ == "__main__":
    main()
