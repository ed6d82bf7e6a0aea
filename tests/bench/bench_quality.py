"""What the figures of quality cost: made anew, compared, and each page; on a published site, and on many times its records.

    python tests/bench/bench_quality.py SITE [TIMES]

Pages are whole answers in the process, without the server; nothing is kept from one to the next but the sets that the figures
have read. CPU milliseconds, p50 and p95 of 15, and the first one. With TIMES the pages are asked a second time, of figures in which each record
stands so often, with other numbers and names: a million, say, without publishing them.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pyroaring import BitMap

from lod.settings.table import read_settings
from lod.store.catalog.schema import CATALOG
from lod.store.generation.generations import Site
from lod.store.quality.build.rows import changed_names
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.build.update import build_quality
from lod.store.quality.find.index import QualityIndex
from lod.store.search.build.writer import pack_ids, unpack_ids
from lod.web.app import create_app

REPEATS = 15
HTML = {"Accept": "text/html"}


def measured(ask: Callable[[], object]) -> str:
    spent = []
    for _ in range(REPEATS + 1):
        start = time.process_time()
        ask()
        spent.append(1_000 * (time.process_time() - start))
    first, rest = spent[0], sorted(spent[1:])
    return f"first {first:7.1f}   p50 {statistics.median(rest):7.1f}   p95 {rest[-1]:7.1f}"


def paths(index: QualityIndex) -> list[str]:
    rules = sorted(index.rules, key=lambda one: -one.records)
    frequent, rare = rules[0].rule, next(one.rule for one in reversed(rules) if one.records)
    last = -(-rules[0].records // 50)
    year = index.slices("year")[0].key
    return [
        "/quality",
        "/quality/types",
        f"/quality/rule/{frequent}",
        f"/quality/rule/{rare}",
        f"/quality/rule/missing-doi?year={year}",
        f"/quality/records?rule={frequent}",
        f"/quality/records?rule={frequent}&sort=title&page={last // 2}",
        f"/quality/records?rule={frequent}&sort=year&page={last}",
        f"/quality/records?rule={rare}",
        f"/quality/records?rule={frequent}&year={year}&sort=collection",
    ]


def ask_pages(site: Path, index: QualityIndex, name: str) -> None:
    settings = replace(read_settings(site), kept_answers_mib=0, kept_answers_disk_mib=0, access_log=False)
    app = create_app(settings, Site(site))
    client = app.test_client()
    client.get("/quality", headers=HTML)
    app.extensions["lod"].reader().__dict__["quality"] = index
    print(f"{name}: {index.published:,} records")
    for path in paths(index):
        assert client.get(path, headers=HTML).status_code == 200, path
        print(f"  {path:<64} {measured(lambda path=path: client.get(path, headers=HTML))}")
    app.extensions["lod"].pool.close()


def multiplied(path: Path, target: Path, times: int) -> None:
    """Write figures in which each record stands several times."""
    target.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(target)) as connection:
        step = connection.execute("SELECT max(id) FROM record").fetchone()[0]
        columns = (
            "state, name, item, title, title_key, link, handle, uuid, oai, year, type, collection, source, counted"
        )
        for number in range(1, times):
            connection.execute(
                f"INSERT INTO record SELECT id + ?, folded || '~' || ?, {columns} FROM record WHERE id <= ?",
                (number * step, number, step),
            )
        for id_, packed in connection.execute("SELECT id, ids FROM slice").fetchall():
            ids = BitMap.deserialize(packed)
            found = BitMap.union(*(ids.shift(number * step) for number in range(times)))
            connection.execute(
                "UPDATE slice SET ids = ?, records = ?, total = total * ? WHERE id = ?",
                (found.serialize(), len(found), times, id_),
            )
        for name, packed in connection.execute("SELECT name, ids FROM sorted").fetchall():
            ids = unpack_ids(packed)
            found = [id_ + number * step for id_ in ids for number in range(times)]
            connection.execute("UPDATE sorted SET ids = ? WHERE name = ?", (pack_ids(found), name))
        connection.commit()


def main(site: Path, times: int) -> None:
    live = Site(site).live()
    assert live is not None
    with tempfile.TemporaryDirectory() as scratch:
        start = time.process_time()
        build_quality(Path(scratch) / QUALITY, live.directory / CATALOG, ())
        print(
            f"made anew: {time.process_time() - start:.1f} s of a processor, {(live.directory / QUALITY).stat().st_size >> 10:,} KiB"
        )
        with closing(sqlite3.connect(live.directory / CATALOG)) as connection:
            connection.execute("ATTACH ? AS before", (str(live.directory / CATALOG),))
            start = time.process_time()
            changed_names(connection)
            print(f"two catalogs compared: {time.process_time() - start:.2f} s of a processor")
        index = QualityIndex.open(live.directory / QUALITY)
        assert index is not None
        ask_pages(site, index, "published")
        if times > 1:
            many = Path(scratch) / "many"
            many.mkdir()
            multiplied(live.directory / QUALITY, many / QUALITY, times)
            (many / CATALOG).symlink_to((live.directory / CATALOG).resolve())
            index = QualityIndex.open(many / QUALITY)
            assert index is not None
            ask_pages(site, index, f"{times} times")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
