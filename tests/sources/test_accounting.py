"""Readers account for everything: each text and attribute of every real file is in its record, or named in a remark."""

from __future__ import annotations

import json

import pytest

from lod.record import Record, Value
from lod.report import Finding
from tests.helpers.accounting import Haystack, Leaf, account, json_leaves, told, xml_leaves, xml_root
from tests.helpers.paths import FIXTURES
from tests.helpers.read_sources import items_of, texts
from tests.helpers.shared_data import each_shared_file
from tests.helpers.walkers import WALKERS, csv_rows, json_pieces, xml_pieces

REAL_FILES = [
    pytest.param(name, *param.values, marks=[pytest.mark.slow, *param.marks], id=f"{name}-{param.id}")
    for name, (patterns, _) in WALKERS.items()
    for param in each_shared_file(*patterns)
]
TRIMMED_FILES = [
    # Formats without whole files: their trimmed ones, and what holds their records.
    ("datacite/full.json", json_pieces("data")),
    ("datacite/missing.json", json_pieces("data")),
    ("datacite-xml/full.xml", xml_pieces("resource")),
    ("datacite-xml/missing.xml", xml_pieces("oai_datacite")),
    ("datacite-xml/odd.xml", xml_pieces("resource")),
    ("csl-json/full.json", json_pieces()),
    ("csl-json/odd.json", json_pieces()),
    ("dspace-rest/full.json", json_pieces("_embedded.searchResult._embedded.objects")),
    ("doaj/full.jsonl", json_pieces()),
    ("pubmed/full.xml", WALKERS["pubmed"][1]),
    ("endnote/full.xml", WALKERS["endnote"][1]),
    ("endnote/odd.xml", WALKERS["endnote"][1]),
    ("mods/full.xml", WALKERS["mods"][1]),
    ("marc/full.mrc", WALKERS["marc"][1]),
    ("marcxml/full.xml", WALKERS["marcxml"][1]),
    ("table/full.csv", csv_rows),
    ("table/missing.csv", csv_rows),
]


@pytest.mark.parametrize(("name", "path"), REAL_FILES)
def test_every_text_of_a_real_file_is_in_its_record_or_in_a_remark(name, path):
    _, walk = WALKERS[name]
    accounts = account(walk(path), items_of(path))
    assert not accounts.lost, told(accounts)


@pytest.mark.parametrize(("name", "walk"), [pytest.param(*row, id=row[0]) for row in TRIMMED_FILES])
def test_every_text_of_a_trimmed_file_is_in_its_record_or_in_a_remark(name, walk):
    path = FIXTURES / "sources" / name
    accounts = account(walk(path), items_of(path))
    assert accounts.leaves
    assert not accounts.lost, told(accounts)


RECORD = Record(
    "s", "p", (Value("dc.title", "Oil &amp; Gas", "en"), Value("dc.date.issued", "2018-03-01")), handle="1/2"
)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("oil & gas", True, id="case and references"),
        pytest.param("1 March 2018", False, id="another order"),
        pytest.param("2018 Mar 1", True, id="a month by its name"),
        pytest.param("Gas; Oil", True, id="a list taken apart"),
        pytest.param("Gasoline", False, id="more of a word"),
        pytest.param("il", False, id="a part of a word"),
        pytest.param("title", True, id="the name of the field"),
        pytest.param("water", False, id="nowhere"),
    ],
)
def test_the_words_of_a_text_are_looked_for_in_their_order(text, held):
    assert Haystack(RECORD).holds(text) == held


def test_a_text_that_neither_record_nor_remark_has_is_lost():
    accounts = account([[Leaf(("a", "b@c"), "nowhere"), Leaf(("a",), "oil")]], [RECORD])
    assert (accounts.leaves, accounts.lost) == (2, [("p", Leaf(("a", "b@c"), "nowhere"))])
    assert told(accounts) == "1 of 2 texts are lost\n     1 a/b@c: 'nowhere' in p"


def test_walkers_see_attributes_tails_and_numbers():
    element = xml_root(
        b'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y" k="v">t<d>u</d>w<c>1<sup>st</sup></c></a>'
    )
    assert [(leaf.name, leaf.text) for leaf in xml_leaves(element, ("a",))] == [
        ("a@k", "v"),
        ("a", "t"),
        ("a", "w"),
        ("a/d", "u"),
        ("a/c", "1st"),
    ]
    assert [(leaf.name, leaf.text) for leaf in json_leaves({"a": [{"b": 2.0}, None, True, " "]})] == [
        ("a/b", "2"),
        ("a", "True"),
    ]


def test_what_is_left_out_of_one_record_is_read_in_the_next(read):
    work = {"DOI": "10.5555/a", "title": ["A"], "type": "posted-content", "subtype": "preprint", "reference-count": 1}
    works = [work, {**work, "type": "journal-article"}, {**work, "URL": "https://example.org/a"}]
    items = read("a.jsonl", "\n".join(map(json.dumps, works)))
    records = [item for item in items if isinstance(item, Record)]
    assert [texts(record, "dc.type") for record in records] == [["preprint"], ["journal-article"], ["preprint"]]
    assert {item.field: item.value for item in items if isinstance(item, Finding)} == {
        "reference-count": "3",
        "subtype": "2",
        "type": "2",
    }
