"""Records of oai_dc judged by hand: their graphs say what the judgement says, or differ in a way that is listed with the reason."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.helpers.read_sources import items_of, without_remarks
from tests.helpers.shared_data import SHARED_DATA, each_shared_file
from tests.oracles.compare import graph_of
from tests.oracles.judged import FACTS, KINDS, claimed, differences, judgements

FOLDER = Path(__file__).parent
JUDGED = judgements(FOLDER / "oai_dc_judged.toml")
FAULTS = tomllib.loads((FOLDER / "oai_dc_differs.toml").read_text(encoding="utf-8"))["fault"]
KNOWN = {
    (identifier, fact, fault["fault"])
    for fault in FAULTS
    for identifier, facts in fault["records"].items()
    for fact in facts
}
FILES = defaultdict(list)
for _judgement in JUDGED:
    FILES[_judgement["file"]].append(_judgement)
NOTHING: dict[str, list[str]] = {fact: [] for fact in (*FACTS, "names", "persons")}


@pytest.mark.parametrize("path", each_shared_file(*(f"oai_dc/{file}" for file in FILES)))
def test_graphs_say_what_the_judgement_says_or_differ_as_listed(path, crosswalk):
    items = {item.oai_identifier: item for item in without_remarks(items_of(path)) if hasattr(item, "oai_identifier")}
    found, values = set(), []
    for judgement in FILES[path.name]:
        item = items[judgement["id"]]
        if judgement.get("deleted"):
            assert not hasattr(item, "values"), f"{judgement['id']} is deleted and was read as a record"
            continue
        for fact, fault, texts in differences(judgement, claimed(graph_of(item, crosswalk))):
            found.add((judgement["id"], fact, fault))
            values.append(f"{judgement['id']}: {fact} {fault}: {texts} ({judgement['why']})")
    judged = {judgement["id"] for judgement in FILES[path.name]}
    listed = {each for each in KNOWN if each[0] in judged}
    assert found - listed == set(), "\n".join(values)
    assert listed - found == set(), "mended: take these out of oai_dc_differs.toml"


def test_two_hundred_records_and_more_are_judged_each_once_with_a_reason():
    assert len(JUDGED) >= 200
    assert len({judgement["id"] for judgement in JUDGED}) == len(JUDGED)
    assert len({judgement["file"].partition(".")[0] for judgement in JUDGED}) == 28
    assert [judgement["id"] for judgement in JUDGED if not judgement["why"].strip()] == []


def test_judgements_have_the_facts_and_kinds_that_are_compared():
    known = {*FACTS, "bodies", "unnamed", "file", "id", "deleted", "may", "open", "never", "why"}
    for judgement in JUDGED:
        assert set(judgement) <= known, judgement["id"]
        assert {*judgement.get("open", []), *judgement.get("may", {})} <= set(FACTS), judgement["id"]
        assert {*judgement.get("kind", []), *judgement.get("may", {}).get("kind", [])} <= set(KINDS), judgement["id"]
        assert set(judgement.get("open", [])).isdisjoint(judgement), judgement["id"]


def test_listed_differences_are_of_judged_records_and_say_who_is_right_and_why():
    assert {fault["fault"] for fault in FAULTS} <= {"false", "lost"}
    assert {fault["right"] for fault in FAULTS} <= {"judgement", "graph", "neither"}
    assert all(fault["why"].strip() and fault["records"] for fault in FAULTS)
    assert {identifier for identifier, _, _ in KNOWN} <= {judgement["id"] for judgement in JUDGED}
    assert len(KNOWN) == sum(len(facts) for fault in FAULTS for facts in fault["records"].values())


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the folder 'shared' with real data is not there")
def test_judged_files_are_there():
    assert [file for file in FILES if not (SHARED_DATA / "oai_dc" / file).is_file()] == []


@pytest.mark.parametrize(
    ("judged", "claims", "found"),
    [
        pytest.param({"volume": ["3"]}, {"volume": ["3"]}, [], id="the same"),
        pytest.param({}, {"volume": ["3"]}, [("volume", "false", "3")], id="claimed and not stated"),
        pytest.param({"volume": ["3"]}, {}, [("volume", "lost", "3")], id="stated and not claimed"),
        pytest.param({"volume": ["B3", "3"]}, {"volume": ["3"]}, [], id="one right spelling of two"),
        pytest.param(
            {"volume": ["3"]},
            {"volume": ["4"]},
            [("volume", "false", "4"), ("volume", "lost", "3")],
            id="another value",
        ),
        pytest.param({"may": {"volume": ["3"]}}, {}, [], id="need not be claimed"),
        pytest.param({"may": {"volume": ["3"]}}, {"volume": ["3"]}, [], id="may be claimed"),
        pytest.param({"may": {"volume": ["3"]}}, {"volume": ["4"]}, [("volume", "false", "4")], id="may not be that"),
        pytest.param({"open": ["volume"]}, {"volume": ["4"]}, [], id="undecided"),
        pytest.param({"issued": ["2014-06"]}, {"issued": ["2014"]}, [("issued", "lost", "2014-06")], id="less exact"),
        pytest.param(
            {"issued": ["2014"]},
            {"issued": ["2014-06"]},
            [("issued", "false", "2014-06"), ("issued", "lost", "2014")],
            id="more exact than stated",
        ),
        pytest.param(
            {"authors": ["Lau, Ann", "Ek, Bo"]},
            {"authors": ["Ek, Bo", "Lau, Ann"]},
            [("authors", "false", "in another order or number: Ek, Bo | Lau, Ann")],
            id="authors in another order",
        ),
        pytest.param({"pages": ["5", "9"]}, {"pages": ["5"]}, [("pages", "lost", "9")], id="last page lost"),
        pytest.param({"may": {"pages": ["5", "5"]}}, {"pages": ["5"]}, [], id="first page alone may be claimed"),
        pytest.param({"series": ["Notes"]}, {"container": ["Notes"]}, [], id="neutral node for a series"),
        pytest.param(
            {"container": ["Notes"]},
            {"series": ["Notes"]},
            [("container", "lost", "Notes"), ("series", "false", "Notes")],
            id="series for a journal",
        ),
        pytest.param({"number": ["7"]}, {"volume": ["7"]}, [], id="number in a series as volume"),
        pytest.param({"related_doi": ["10.5555/a"]}, {"related_doi": ["10.5555/A", "10.5555/b"]}, [], id="linked"),
        pytest.param(
            {"authors": ["Ek Ltd"], "bodies": ["Ek Ltd"]},
            {"authors": ["Ek Ltd"], "persons": ["Ek Ltd"]},
            [("bodies", "false", "Ek Ltd")],
            id="body as a person",
        ),
        pytest.param({"unnamed": ["none"]}, {"names": ["none"]}, [("unnamed", "false", "none")], id="no name"),
    ],
)
def test_facts_are_compared_in_both_directions(judged, claims, found):
    assert list(differences(judged, {**NOTHING, **claims})) == found
