"""A made-up site for reconciliation: people with iDs, two of one name, journals, subjects, titles in several scripts."""

import json
import random

import pytest

from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Value
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes

BASE = "https://example.org/repo/"
SETTINGS = {"base_iri": BASE, "title": "Records & more", "reconciliation": True}
SYLLABLES = "bakelimonurasetivozudáfégöhíjøkůłąñepîšu"
HAN = "紅斑狼瘡香港大學報告書城市交通研究語言文化歷史醫療經濟環境保護教育政策分析"
RECORDS, PEOPLE = 240, 120


def word(chance, least=2, most=4):
    return "".join(
        SYLLABLES[2 * chance.randrange(len(SYLLABLES) // 2) :][:2] for _ in range(chance.randint(least, most))
    )


def made_up():
    """The same people and titles each time: 120 names "Family, Given" with ORCID iDs, 240 titles, every tenth in Han."""
    chance = random.Random(7)
    people = [f"{word(chance).title()}, {word(chance).title()} {word(chance).title()}" for _ in range(PEOPLE)]
    titles = [
        "".join(chance.sample(HAN, 9))
        if number % 10 == 0
        else " ".join(word(chance) for _ in range(chance.randint(3, 8))).capitalize()
        for number in range(RECORDS)
    ]
    return people, titles


PEOPLE_NAMES, TITLES = made_up()


def orcid(number):
    digits, total = f"00000002{number:07d}", 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    digits += "X" if check == 10 else str(check)
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def record(handle, title, *values):
    fields = (
        Value("dc.identifier.uri", f"http://hdl.handle.net/20.500.99/{handle}"),
        Value("dc.title", title),
        Value("dc.type", "Article"),
        *values,
    )
    return Record("/data/a.csv", f"a.csv, row {handle}", fields)


def person(name, number):
    return Value("dc.contributor.author", name, authority=f"https://orcid.org/{orcid(number)}", confidence=600)


def records():
    for number, title in enumerate(TITLES):
        who = number % PEOPLE
        yield record(
            f"m{number}", title, person(PEOPLE_NAMES[who], who), Value("dc.date.issued", str(1950 + number % 70))
        )
    journal = (
        Value("dc.relation.ispartof", "Annals of Things"),
        Value("dc.identifier.issn", "0003-4967"),
        Value("dc.identifier.volume", "9"),
        Value("dc.identifier.issue", "2"),
        Value("dc.identifier.spage", "20"),
        Value("dc.identifier.epage", "29"),
    )
    yield record(
        "1",
        "Süßstoff in Łódź: eine Studie",
        person("Đặng, Văn", 900),
        Value("dc.contributor.author", "Only, Name"),
        person("Ørsted, Hans Christian", 901),
        *journal,
        Value("dc.date.issued", "2008-05-17"),
        Value("dc.identifier.doi", "10.5555/ABC.1"),
        Value("dc.identifier.pmid", "12345678"),
        Value("dc.subject.mesh", "Lupus Erythematosus, Systemic"),
        Value("dc.language.iso", "de"),
        Value("dc.publisher", "Press of Tests"),
        Value("dc.title.alternative", "Sweeteners of a city"),
        Value("dc.description.abstract", "What <b>was</b> found."),
    )
    yield record("2", "Annual report", Value("dc.date.issued", "2014"), person("Twin, Ann Mary", 902))
    yield record("3", "Annual report", Value("dc.date.issued", "2015"), person("Twin, Ann Mary", 903))
    yield record("4", "Budget of the library 2014", person("Initial, A.", 904))
    yield record("5", "Budget of the library 2015", person("Initial, Alice", 905))
    yield record("6", "<script>alert(1)</script>", person("陳, 大文", 906))


def publish_made_up(folder, links=None):
    """Publish the records, and a folder of links, into a new site; give its settings and the site."""
    settings = make_settings(SETTINGS, {})
    crosswalk = bundled_crosswalk(settings)
    site = Site(folder)
    publish(records(), Plan(crosswalk, bundled_shapes(), links=links), site)
    return settings, site


class Asking:
    """Asks the service of an app."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path="", **arguments):
        return self.client.get(f"/repo/reconcile{path}", query_string=arguments)

    def post(self, **arguments):
        return self.client.post("/repo/reconcile", data=arguments)

    def batch(self, *queries):
        named = {
            f"q{number}": query if isinstance(query, dict) else {"query": query} for number, query in enumerate(queries)
        }
        response = self.post(queries=json.dumps(named))
        assert response.status_code == 200, response.text
        assert list(response.json) == list(named)
        return [response.json[name]["result"] for name in named]

    def ask(self, query, **parts):
        return self.batch({"query": query, **parts})[0]

    def best(self, query, **parts):
        found = self.ask(query, **parts)
        return (found[0]["id"].removeprefix(f"{BASE}id/"), found[0]["match"]) if found else None

    def extend(self, ids, *properties, **settings):
        asked = {
            "ids": ids,
            "properties": [{"id": name, **({"settings": settings} if settings else {})} for name in properties],
        }
        response = self.post(extend=json.dumps(asked))
        assert response.status_code == 200, response.text
        return response.json


@pytest.fixture
def asking(reconcile_app):
    return Asking(reconcile_app)
