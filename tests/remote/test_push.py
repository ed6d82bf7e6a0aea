"""`lod push` against real servers: what stands in the store is the generation, by whichever way it came there."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

import lod.remote.push
from lod.cli import main
from lod.errors import StoreError
from lod.rdf.claims import XSD_NS, claim, iri, literal
from lod.remote.mark import read_mark
from lod.remote.push import Push
from lod.remote.sparql_client import RemoteStoreError
from lod.remote.store import PUSH_MARK, STAGING, RemoteStore
from lod.remote.update_text import delete_data, insert_data
from lod.store.generation.generations import Site
from tests.helpers.pushing import REPORT, Target, published, run
from tests.helpers.servers import BASE, GRAPH
from tests.helpers.store_contract import ODD_LITERALS
from tests.helpers.synthetic import TITLE, item_of, person_claims


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.fixture
def target(server):
    """A server without anything of ours, and a way to push to it."""
    server.emptied().close()
    return Target(server)


def ways(report):
    return [row.way for row in report.graphs]


def test_an_empty_store_is_loaded_and_marked(site, target):
    generation = published(site, range(5))
    report = target.push(site)
    assert ways(report) == ["loaded", "loaded"]
    assert [(row.added, row.removed) for row in report.graphs] == [(generation.counts["triples"], 0), (2, 0)]
    target.holds(generation)


def test_the_next_generation_is_sent_as_a_difference(site, target):
    published(site, range(5))
    target.push(site)
    before = set(site.live().catalog.all_claims())
    generation = published(site, range(1, 7))
    after = set(generation.catalog.all_claims())
    report = target.push(site)
    assert ways(report) == ["difference", "unchanged"]
    assert (report.graphs[0].added, report.graphs[0].removed) == (len(after - before), len(before - after))
    assert report.previous == site.generations()[0].name
    target.holds(generation)


def test_a_difference_of_many_batches_arrives_whole(site, target, monkeypatch):
    monkeypatch.setattr(lod.remote.push, "_LOADED_TRIPLES", 7)
    published(site, range(30))
    target.push(site)
    generation = published(site, range(20, 60), text="Another title")
    with target.opened() as (store, engine):
        report = Push(store, replace(engine, update_triples=10), BASE).run(generation, site.generations())
    assert report.graphs[0].way == "difference"
    assert report.graphs[0].removed > 30
    target.holds(generation)


def test_what_was_pushed_already_is_not_sent_again(site, target):
    generation = published(site, range(3))
    target.push(site)
    assert ways(target.push(site)) == ["unchanged", "unchanged"]
    target.holds(generation)


def test_an_older_generation_can_be_pushed_back(site, target):
    old = published(site, range(3))
    published(site, range(5))
    target.push(site)
    assert ways(target.push(site, old)) == ["difference", "unchanged"]
    target.holds(old)


def test_a_push_that_broke_off_is_finished_by_the_next_one(site, target, monkeypatch):
    monkeypatch.setattr(lod.remote.push, "_LOADED_TRIPLES", 10)
    generation = published(site, range(30))
    engine_of = lod.remote.push.engine_of
    monkeypatch.setattr(lod.remote.push, "engine_of", lambda *told: replace(engine_of(*told), update_triples=10))

    def break_off(_, sent):
        if sent >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        target.push(site, tell=break_off)
    assert not target.mark().is_whole
    held = len(target.lines())
    assert 0 < held < generation.counts["triples"]
    report = target.push(site)
    assert (report.graphs[0].way, report.graphs[0].added) == ("compared", generation.counts["triples"] - held)
    target.holds(generation)


def test_what_somebody_else_wrote_is_found_by_the_count_and_taken_away(site, target):
    published(site, range(3))
    target.push(site)
    strange = claim(iri(f"{BASE}id/item/strange"), TITLE, literal("strange"))
    target.update(insert_data(target.server.graph, [strange]))
    generation = published(site, range(4))
    report = target.push(site)
    assert report.graphs[0].way == "compared"
    assert strange not in target.lines()
    target.holds(generation)


def test_on_request_the_store_is_compared_triple_by_triple(site, target):
    generation = published(site, range(3))
    target.push(site)
    lines = target.lines()
    strange = claim(iri(item_of("10722/1")), TITLE, literal("strange"))
    target.update(delete_data(target.server.graph, [lines[0]]))
    target.update(insert_data(target.server.graph, [strange]))
    assert ways(target.push(site)) == ["unchanged", "unchanged"], "the count is right by chance"
    report = target.push(site, full=True)
    assert (report.graphs[0].way, report.graphs[0].added, report.graphs[0].removed) == ("compared", 1, 1)
    target.holds(generation)


@pytest.mark.parametrize("moves", [False, True], ids=["what is new first", "by MOVE"])
def test_a_graph_that_the_store_does_not_hand_out_whole_is_replaced(site, target, monkeypatch, moves):
    published(site, range(3))
    target.push(site)
    generation = published(site, range(2, 6))
    with monkeypatch.context() as patch:
        patch.setattr(RemoteStore, "all_triples", lambda *_: iter(()))
        assert ways(target.push(site, full=True, moves=moves)) == ["replaced", "replaced"]
    target.holds(generation)
    assert target.look(lambda store: store.count(BASE + STAGING)) == 0


def test_a_store_that_takes_updates_only_gets_the_same(site, target):
    published(site, range(3), extra=[claim(iri(item_of("10722/1")), TITLE, term) for term in ODD_LITERALS.values()])
    target.push(site, graph_store=False)
    target.holds(site.live())
    generation = published(site, range(2, 5))
    target.push(site, graph_store=False)
    target.holds(generation)


def test_a_dry_run_counts_and_sends_nothing(site, target):
    generation = published(site, range(3))
    report = target.push(site, dry=True)
    assert report.graphs[0].added == generation.counts["triples"]
    assert target.lines() == []
    assert target.mark() is None


def test_odd_and_long_values_come_and_go_byte_for_byte(site, target):
    item = iri(item_of("10722/1"))
    odd = [
        *ODD_LITERALS.values(),
        literal("x" * 300_000),
        literal(r"c:\users \\u0041 \n \U0001F600 " + "\\" * 5 + "u"),
        literal("'''quotes\"\"\" ' } . # {"),
    ]
    subject = iri(f"{BASE}id/place/n-Kübelwagen%20東京")
    extra = [*(claim(item, TITLE, term) for term in odd), *(claim(subject, TITLE, term) for term in odd)]
    generation = published(site, [1], extra=extra)
    target.push(site)
    target.holds(generation)
    generation = published(site, [1])
    assert target.push(site).graphs[0].removed == len(set(extra))
    target.holds(generation)


def test_a_named_graph_that_the_generation_lacks_is_dropped(site, target):
    published(site, range(2), graphs={REPORT: person_claims(9), f"{BASE}data/other": person_claims(8)})
    target.push(site)
    generation = published(site, range(2))
    target.push(site)
    target.holds(generation)


def test_a_store_that_was_loaded_by_other_means_is_compared_and_marked(site, target):
    generation = published(site, range(3))
    lines = [f"{line}\n" for line in generation.catalog.all_claims()]
    with target.opened() as (store, engine):
        job = Push(store, engine, BASE)
        store.client.add(target.server.graph, "".join(lines[:-1]).encode())
        store.client.add(REPORT, "".join(f"{line}\n" for line in person_claims(9)).encode())
        with pytest.raises(StoreError) as raised:
            job.mark(generation)
        assert read_mark(store, BASE) is None
        assert f"holds {len(lines) - 1} triples, generation {generation.name} {len(lines)}" in str(raised.value)
        assert "'lod push --full' compares triple by triple" in str(raised.value)
        store.client.add(target.server.graph, lines[-1].encode())
        job.mark(generation)
    target.holds(generation)
    generation = published(site, range(4))
    assert ways(target.push(site)) == ["difference", "unchanged"]
    target.holds(generation)


@pytest.mark.parametrize("name", ["virtuoso", "signed"])
def test_a_store_without_a_default_graph_of_its_own_asks_for_a_named_one(site, servers, name):
    target = Target(servers(name))
    target.server.emptied().close()
    target.settings = replace(target.settings, store_graph="")
    published(site, range(2))
    with pytest.raises(StoreError, match=f"lod push --graph {GRAPH}"):
        target.push(site)
    assert target.look(lambda store: store.count(BASE + PUSH_MARK)) == 0


def test_who_may_not_write_is_told_what_to_set(site, servers):
    target = Target(servers("virtuoso"))
    published(site, range(2))
    target.server = replace(target.server, environment={})
    with pytest.raises(RemoteStoreError) as raised:
        target.push(site)
    assert raised.value.status == 401
    assert "set LOD_STORE_USER and LOD_STORE_PASSWORD" in str(raised.value)


# --- the command


def test_the_command_pushes_to_the_store_of_the_settings_and_says_what_it_did(site, target, tmp_path):
    generation = published(site, range(3))
    first = run(target, tmp_path)
    assert first.exit_code == 0, first.output
    assert f"Pushed generation {generation.name} to {target.server.query}" in first.output
    assert "loaded" in first.output
    target.holds(generation)
    published(site, range(4))
    told = json.loads(run(target, tmp_path, "--dry-run", "--json").output)
    assert (told["previous"], told["graphs"][0]["way"]) == (generation.name, "difference")
    again = run(target, tmp_path, "--loaded")
    assert again.exit_code == 3
    assert "does something else write there?" in again.output


def test_the_command_needs_a_store_and_a_generation(tmp_path):
    (tmp_path / "lod.toml").write_text(f'base_iri = "{BASE}"\n', encoding="utf-8")
    without = CliRunner().invoke(main, ["push", "--site", str(tmp_path)])
    assert without.exit_code == 2
    assert "name the store: its SPARQL query endpoint" in without.output
    both = CliRunner().invoke(
        main, ["push", "http://127.0.0.1:9/query", "--site", str(tmp_path), "--loaded", "--dry-run"]
    )
    assert both.exit_code == 2
    assert "it goes with neither --full nor --dry-run" in both.output
    nothing = CliRunner().invoke(main, ["push", "http://127.0.0.1:9/query", "--site", str(tmp_path)])
    assert nothing.exit_code == 3
    assert "begin with 'lod publish SOURCE…'" in nothing.output


def test_a_store_that_writes_values_in_a_form_of_its_own_keeps_them(site, servers):
    target = Target(servers("virtuoso"))
    target.server.emptied().close()
    item = iri(item_of("10722/1"))
    years = [claim(item, TITLE, literal(f"-{number:04}", datatype=f"{XSD_NS}gYear")) for number in range(1, 41)]
    generation = published(site, [1], extra=years)
    target.push(site)
    assert not set(years) & set(target.lines()), "Virtuoso gives years before Christ back with three digits"
    with target.opened() as (store, engine):
        report = Push(store, replace(engine, update_triples=10), BASE).run(generation, site.generations(), full=True)
    assert (report.graphs[0].way, report.graphs[0].removed) == ("compared", 40)
    assert len(target.lines()) == generation.counts["triples"]
