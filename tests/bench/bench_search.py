"""What searches cost, what the index weighs, and what an increment costs; beside Datasette with FTS on the same records.

    python tests/bench/bench_search.py [RECORDS] [FOLDER]

Made-up records whose words, authors, journals and keywords are distributed as in a repository (Zipf). Each of the kinds of search below is
asked several times for a whole page of HTML with its facets, in the process, without the server; nothing is kept from one to
the next. CPU milliseconds, p50 and p95. With Datasette installed it answers the same in its own process: full text, the same six
facets, twenty rows; facets over authors and keywords are those of a table with a row for each, as its documentation proposes.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from array import array
from bisect import bisect
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from lod.rdf.claims import claim, iri, literal
from lod.settings.table import make_settings
from lod.store.search.build.schema import SEARCH, connect
from lod.store.search.build.update import build_index
from lod.store.search.build.writer import IndexWriter

BASE = "https://example.org/"
TYPE = iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DC = "http://purl.org/dc/terms/"
FABIO = "http://purl.org/spar/fabio/"
BIBO = "http://purl.org/ontology/bibo/"
REPEATS, RIVAL_REPEATS = 15, 3
WORDS, PEOPLE, KEYWORDS, JOURNALS = 40_000, 60_000, 20_000, 1_500
TYPES = ("c_6501", "c_46ec", "c_93fc", "c_2f33", "c_5794", "c_ddb1")
FACETS = ("type", "year", "journal", "language", "publisher", "keyword")


class Zipf:
    """Numbers below a bound, the smaller ones more often."""

    def __init__(self, bound: int, seed: int) -> None:
        self._sums = array("d", itertools.accumulate(1 / (n + 3) for n in range(bound)))
        self._random = random.Random(seed)

    def one(self) -> int:
        return bisect(self._sums, self._random.random() * self._sums[-1])


ZIPF = {bound: Zipf(bound, 0) for bound in (WORDS, PEOPLE, KEYWORDS, JOURNALS)}


class MadeUp:
    """Made-up records as a `PublishedClaims`; `edition` changes the titles of some."""

    bases = (BASE,)

    def __init__(self, number: int) -> None:
        self.number = number
        self.edition: dict[int, str] = {}

    def record(self, number: int) -> dict[str, object]:
        """Return the same record each time."""
        chance = random.Random(number)
        words, people, keywords, journals = (ZIPF[bound] for bound in (WORDS, PEOPLE, KEYWORDS, JOURNALS))
        for zipf in (words, people, keywords, journals):
            zipf._random = chance
        return {
            "id": number,
            "title": " ".join(f"w{words.one()}" for _ in range(9)) + self.edition.get(number, ""),
            "abstract": " ".join(f"w{words.one()}" for _ in range(70)),
            "year": 1950 + int(75 * chance.random() ** 0.4),
            "type": TYPES[min(int(chance.expovariate(1.2)), 5)],
            "journal": journals.one(),
            "language": "eng" if chance.random() < 0.85 else chance.choice(("ger", "fre", "spa", "chi")),
            "publisher": journals.one() % 200,
            "people": [f"Author{people.one()}, A." for _ in range(1 + int(chance.expovariate(0.4)))],
            "keywords": [f"keyword {keywords.one()}" for _ in range(4)],
            "open": chance.random() < 0.5,
        }

    def about(self, thing: str) -> list[str]:
        kind, _, key = thing.removeprefix(f"{BASE}id/").partition("/")
        if kind == "item":
            return list(self._claims(self.record(int(key.rpartition("/")[2]))))
        if kind == "serial":
            return [
                claim(iri(thing), TYPE, iri(f"{BIBO}Journal")),
                claim(iri(thing), iri(f"{DC}title"), literal(f"Journal of {key}")),
            ]
        return [
            claim(iri(thing), TYPE, iri("http://xmlns.com/foaf/0.1/Organization")),
            claim(iri(thing), iri("http://xmlns.com/foaf/0.1/name"), literal(f"Press {key}")),
        ]

    def all(self) -> Iterator[tuple[str, list[str]]]:
        for path, bound in (("serial", JOURNALS), ("org", 200)):
            for number in range(bound):
                yield f"{BASE}id/{path}/n-{number}", self.about(f"{BASE}id/{path}/n-{number}")
        for number in range(self.number):
            yield f"{BASE}id/item/1/{number}", self.about(f"{BASE}id/item/1/{number}")

    def _claims(self, record: dict[str, object]) -> Iterator[str]:
        about = f"{BASE}id/item/1/{record['id']}"
        item = iri(about)
        yield claim(item, TYPE, iri("https://w3id.org/lod-repository/RepositoryItem"))
        yield claim(item, iri(f"{DC}title"), literal(str(record["title"])))
        yield claim(item, iri(f"{DC}abstract"), literal(str(record["abstract"])))
        yield claim(item, iri(f"{FABIO}hasPublicationYear"), literal(str(record["year"])))
        yield claim(item, iri(f"{DC}type"), iri(f"http://purl.org/coar/resource_type/{record['type']}"))
        yield claim(item, iri(f"{DC}language"), iri(f"http://id.loc.gov/vocabulary/iso639-2/{record['language']}"))
        yield claim(item, iri(f"{DC}isPartOf"), iri(f"{BASE}id/serial/n-{record['journal']}"))
        yield claim(item, iri(f"{DC}publisher"), iri(f"{BASE}id/org/n-{record['publisher']}"))
        yield claim(item, iri(f"{BIBO}doi"), literal(f"10.5555/bench.{record['id']}"))
        for position, name in enumerate(record["people"]):
            agent = iri(f"{about}#agent-{position}")
            yield claim(item, iri(f"{DC}creator"), agent)
            yield claim(agent, iri("http://xmlns.com/foaf/0.1/name"), literal(name))
        for word in dict.fromkeys(record["keywords"]):
            yield claim(item, iri("http://prismstandard.org/namespaces/basic/2.0/keyword"), literal(word))


SEARCHES = {
    "no query": {},
    "a word that half of them have": {"q": "w0"},
    "a common word": {"q": "w40"},
    "a rare word": {"q": "w9000"},
    "two words": {"q": "w12 w30"},
    "a phrase": {"q": '"w1 w2"'},
    "a prefix": {"q": "w33*"},
    "a word and a filter": {"q": "w5", "type": "c_46ec"},
    "a filter": {"type": "c_6501"},
    "two filters and years": {"type": "c_6501", "language": "eng", "year": "1990..2010"},
    "a field": {"q": "author:author7"},
    "an identifier": {"q": "https://doi.org/10.5555/BENCH.77"},
    "a misspelt word": {"q": "keywrod"},
    "by title, page 40": {"q": "w3", "sort": "title", "page": "40"},
}


def measured(ask, repeats: int = REPEATS) -> tuple[float, float]:
    """Return p50 and p95 of the CPU milliseconds of a function, asked several times."""
    took = []
    for _ in range(repeats):
        started = time.process_time()
        ask()
        took.append((time.process_time() - started) * 1_000)
    return statistics.median(took), sorted(took)[min(len(took) - 1, int(len(took) * 0.95))]


def our_app(folder: Path):
    """Return the app over a generation that has an index and nothing else."""
    from types import SimpleNamespace

    from lod.web.app import create_app

    catalog = SimpleNamespace(counts=lambda: {"records": 1, "triples": 1})
    generation = SimpleNamespace(
        name="20261130T000000.000000Z", created="2026-11-30T00:00:00Z", directory=folder, store=None, catalog=catalog
    )
    site = SimpleNamespace(
        live=lambda: generation, switched=lambda: generation.created, generations=lambda: [generation]
    )
    return create_app(make_settings({"base_iri": BASE}, {}), site)


def datasette_table(path: Path, records: MadeUp) -> None:
    """Write the records as Datasette wants them: a table with FTS, indexed columns, tables of authors and keywords as JSON arrays."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE records (id INTEGER PRIMARY KEY, title TEXT, abstract TEXT, year INTEGER, type TEXT, journal TEXT, language TEXT, "
            "publisher TEXT, people TEXT, keyword TEXT)"
        )
        rows = (records.record(number) for number in range(records.number))
        connection.executemany(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (r["id"], r["title"], r["abstract"], r["year"], r["type"], f"Journal of n-{r['journal']}", r["language"],
                 f"Press n-{r['publisher']}", "; ".join(r["people"]), json.dumps(r["keywords"]))
                for r in rows
            ),
        )  # fmt: skip
        connection.execute(
            'CREATE VIRTUAL TABLE records_fts USING fts5(title, abstract, people, keyword, journal, publisher, content="records", content_rowid="id")'
        )
        connection.execute("INSERT INTO records_fts (records_fts) VALUES ('rebuild')")
        for column in ("year", "type", "journal", "language", "publisher"):
            connection.execute(f"CREATE INDEX by_{column} ON records ({column})")
        connection.commit()


def datasette_client(path: Path):
    """Return a function that asks Datasette for a page."""
    from datasette.app import Datasette

    settings = {"sql_time_limit_ms": 60_000, "facet_time_limit_ms": 60_000, "num_sql_threads": 0}
    datasette = Datasette([str(path)], settings=settings)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(datasette.invoke_startup())

    def ask(arguments: dict[str, str]) -> None:
        pairs = [("_search", arguments["q"])] if "q" in arguments else []
        pairs += [(name, arguments[name]) for name in ("type", "language") if name in arguments]
        if "year" in arguments:
            first, last = arguments["year"].split("..")
            pairs += [("year__gte", first), ("year__lte", last)]
        pairs += [("_facet", name) for name in FACETS if name != "keyword"] + [
            ("_facet_array", "keyword"),
            ("_size", "20"),
        ]
        pairs += [("_sort", "title")] if arguments.get("sort") == "title" else []
        response = loop.run_until_complete(datasette.client.get(f"/{path.stem}/records?{urlencode(pairs)}"))
        assert response.status_code == 200, (arguments, response.text[:300])

    return ask


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        records = MadeUp(number)
        started = time.process_time()
        for _ in records.all():
            pass
        making = time.process_time() - started
        started = time.process_time()
        build_index(folder / SEARCH, records)
        building = time.process_time() - started - making
        print(f"{number:,} records: built in {building:.1f} CPU s, {(folder / SEARCH).stat().st_size / 1e6:.0f} MB")
        for changed in (1, 100, 1_000):
            copy = folder / "increment.sqlite"
            started = time.process_time()
            shutil.copyfile(folder / SEARCH, copy)
            copying = time.process_time() - started
            records.edition = dict.fromkeys(range(0, number, max(1, number // changed)), f" edition{changed}")
            with closing(connect(copy)) as connection:
                IndexWriter(connection, records).update(f"{BASE}id/item/1/{n}" for n in records.edition)
            print(
                f"increment of {changed:,}: {time.process_time() - started:.2f} CPU s, of these {copying:.2f} for the copy"
            )
            records.edition = {}
            copy.unlink()
        app = our_app(folder)
        client = app.test_client()
        try:
            theirs = datasette_client(folder / "rival.db") if _datasette(folder, records) else None
            _compare(app, client, theirs)
        finally:
            app.extensions["lod"].pool.close()


def _datasette(folder: Path, records: MadeUp) -> bool:
    try:
        import datasette  # noqa: F401
    except ImportError:
        return False
    started = time.process_time()
    datasette_table(folder / "rival.db", records)
    print(
        f"Datasette's table: {time.process_time() - started:.1f} CPU s, {(folder / 'rival.db').stat().st_size / 1e6:.0f} MB"
    )
    return True


def _compare(app, client, theirs) -> None:
    reader = app.extensions["lod"].reader()
    print(f"{'':32}{'hits':>9}{'ours p50':>10}{'p95':>8}{'first':>8}{'Datasette p50':>16}{'p95':>8}")
    for name, arguments in SEARCHES.items():

        def ask(arguments=arguments):
            # Neither the page nor the ranking is kept.
            reader.responses = type(reader.responses)()
            reader.search._rankings.clear()
            response = client.get(f"/search?{urlencode(arguments)}", headers={"Accept": "text/html"})
            assert response.status_code == 200, response.text

        started = time.process_time()
        ask()
        first = (time.process_time() - started) * 1_000
        ours = measured(ask)
        hits = reader.search.search(arguments.get("q", ""), {k: [v] for k, v in arguments.items() if k in FACETS}).total
        rival = (
            measured(lambda arguments=arguments: theirs(arguments), RIVAL_REPEATS) if theirs else (float("nan"),) * 2
        )
        print(
            f"{name:32}{hits:>9,}{ours[0]:>10.1f}{ours[1]:>8.1f}{first:>8.1f}{rival[0]:>16.1f}{rival[1]:>8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
