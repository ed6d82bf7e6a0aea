"""What reconciliation costs: batches of ten by kind of query, CPU milliseconds, over made-up records.

    python tests/bench/bench_reconcile.py [RECORDS] [FOLDER]

Titles and abstracts are of 40,000 made-up words, authors of 60,000 people with IRIs whose parts are distributed as names are (Zipf).
In the process, without the server; nothing is kept from one batch to the next but what the index itself keeps.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from bench_search import BASE, DC, PEOPLE, TYPE, MadeUp, Zipf, measured

from lod.rdf.claims import claim, iri, literal
from lod.settings.table import make_settings
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.update import build_index
from lod.web.app import create_app

SYLLABLES = ("ba", "den", "fi", "gor", "hal", "ju", "ke", "lim", "mo", "nor", "pe", "quin", "ros", "sta", "tu", "wer")
FAMILIES, GIVEN = 20_000, 3_000
FOAF = "http://xmlns.com/foaf/0.1/"


def word(number: int) -> str:
    """Return a word for a number, the same each time."""
    text = SYLLABLES[number % 16]
    while number := number // 16:
        text += SYLLABLES[number % 16]
    return text


class Records(MadeUp):
    """Records whose authors have IRIs."""

    def person(self, number: int) -> str:
        chance = random.Random(number)
        families, given = FAMILY_NAMES, GIVEN_NAMES
        families._random = given._random = chance
        return f"{word(families.one() + 16).title()}, {word(given.one() + 16).title()} {word(given.one() + 16).title()}"

    def title(self, number: int) -> str:
        return " ".join(word(int(part[1:])) for part in str(self.record(number)["title"]).split())

    def about(self, thing: str) -> list[str]:
        kind, _, key = thing.removeprefix(f"{BASE}id/").partition("/")
        if kind != "person":
            return super().about(thing)
        return [claim(iri(thing), TYPE, iri(f"{FOAF}Person")), claim(iri(thing), iri(f"{FOAF}name"), literal(self.person(int(key))))]  # fmt: skip

    def all(self) -> Iterator[tuple[str, list[str]]]:
        for number in range(PEOPLE):
            yield f"{BASE}id/person/{number}", self.about(f"{BASE}id/person/{number}")
        yield from super().all()

    def _claims(self, record: dict[str, object]) -> Iterator[str]:
        spelled = record | {
            name: " ".join(word(int(part[1:])) for part in str(record[name]).split()) for name in ("title", "abstract")
        }
        yield from super()._claims(spelled | {"people": []})
        item = iri(f"{BASE}id/item/1/{record['id']}")
        for name in record["people"]:
            number = name.removeprefix("Author").partition(",")[0]
            yield claim(item, iri(f"{DC}creator"), iri(f"{BASE}id/person/{number}"))


FAMILY_NAMES, GIVEN_NAMES = Zipf(FAMILIES, 0), Zipf(GIVEN, 0)


def misspelt(text: str) -> str:
    return text[:3] + text[4:]


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder, records = Path(name), Records(number)
        started = time.process_time()
        build_index(folder / SEARCH, records)
        print(f"{number:,} records: index of {(folder / SEARCH).stat().st_size / 1e6:.0f} MB in {time.process_time() - started:.0f} CPU s")  # fmt: skip
        _measure(folder, records, number)


def _measure(folder: Path, records: Records, number: int) -> None:
    catalog = SimpleNamespace(
        counts=lambda: {"records": 1, "triples": 1}, moved_to=lambda iri: None, claims_of=records.about
    )
    generation = SimpleNamespace(
        name="20261130T000000.000000Z", created="2026-11-30T00:00:00Z", directory=folder, catalog=catalog,
        store=SimpleNamespace(triples_of=lambda iri: ()),
    )  # fmt: skip
    site = SimpleNamespace(
        live=lambda: generation, switched=lambda: generation.created, generations=lambda: [generation]
    )
    app = create_app(make_settings({"base_iri": BASE, "reconciliation": True}, {}), site)
    client, chance = app.test_client(), random.Random(0)
    titles = [records.title(chance.randrange(number)) for _ in range(40)]
    people = [records.person(chance.randrange(PEOPLE)) for _ in range(40)]
    swapped = [" ".join(reversed(name.split(", "))) for name in people]
    kinds = {
        "titles": [{"query": text, "type": "item"} for text in titles],
        "titles, misspelt": [{"query": misspelt(text), "type": "item"} for text in titles],
        "titles of common words": [{"query": f"{word(0)} {word(n)} x"} for n in range(40)],
        "names": [{"query": text, "type": "person"} for text in people],
        "names, misspelt and swapped": [{"query": misspelt(text), "type": "person"} for text in swapped],
        "names, any type": [{"query": misspelt(text)} for text in swapped],
        "titles with year and author": [
            {"query": text, "properties": [{"pid": "year", "v": "1999"}, {"pid": "author", "v": "Nobody"}]} for text in titles
        ],
        "DOIs": [{"query": f"https://doi.org/10.5555/BENCH.{n}"} for n in range(40)],
    }  # fmt: skip
    try:
        for kind, queries in kinds.items():
            batches = [json.dumps({f"q{n}": queries[(start + n) % 40] for n in range(10)}) for start in range(0, 40, 7)]
            asked = iter(batches * 20)

            def ask(asked=asked) -> None:
                response = client.post("/reconcile", data={"queries": next(asked)})
                assert response.status_code == 200, response.text

            ask()
            middle, high = measured(ask)
            print(f"{kind:30} p50 {middle:6.0f}  p95 {high:6.0f} ms CPU a batch of 10")
        asked = iter(range(1_000))
        middle, high = measured(lambda: client.get(f"/reconcile/suggest/entity?prefix={people[next(asked) % 40][:4]}"))
        print(f"{'suggest':30} p50 {middle:6.0f}  p95 {high:6.0f} ms CPU")
    finally:
        app.extensions["lod"].pool.close()


if __name__ == "__main__":
    main()
