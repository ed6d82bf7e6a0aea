"""Generations: built aside, checked, switched to, kept, pruned."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.disk.lock import SiteLock
from lod.dump.write import DumpWriter
from lod.errors import SourceError, StoreError
from lod.rdf.claims import claim, iri
from lod.store.generation.builder import remove_folder
from lod.store.generation.generations import Generation, Site
from lod.store.oxigraph import WritableOxigraphStore
from tests.helpers.paths import ROOT
from tests.helpers.store_contract import ODD_LITERALS
from tests.helpers.synthetic import (
    BASE,
    item_of,
    own_claims,
    person_claims,
    publish_into,
    record_of,
    sources,
    violation,
)
from tests.helpers.waiting import ended, exit_status

KEYS = tuple(f"10722/{number}" for number in range(6))
GRAPH = f"{BASE}data/report"


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def run(site, versions, removed=(), refused=(), graphs=None, keep=3):
    """One run that publishes each key with its claims."""
    with site.build(keep) as builder:
        builder.catalog.begin_run()
        for key, claims in versions.items():
            publish_into(builder.catalog, key, claims)
        for key in removed:
            builder.catalog.remove(key, "2026-01-03")
        for key in refused:
            builder.catalog.refuse(key, record_of(key), [], [violation(key)])
        builder.finish({"read": len(versions)}, sources(graphs or {}))
    return site.live()


def lines_of(generation):
    return sorted(claim(*triple) for triple in generation.store.all_triples())


def names_in(site):
    return sorted(path.name for path in site.directory.iterdir())


def some_records(numbers, text="Title"):
    return {
        f"10722/{number}": own_claims(f"10722/{number}", f"{text} {number}") + person_claims(number % 3)
        for number in numbers
    }


# --- what a generation is


def test_before_the_first_generation_there_is_no_live_one(site):
    assert site.live() is None
    assert site.generations() == []


def test_the_first_generation_is_live_with_store_catalog_and_description(site):
    live = run(site, some_records([1]), graphs={GRAPH: person_claims(9)})
    assert lines_of(live) == sorted(some_records([1])["10722/1"]) == list(live.catalog.all_claims())
    assert live.counts == live.catalog.counts() == {"records": 1, "removed": 0, "refused": 0, "triples": 6}
    assert list(live.store.named_graphs()) == [GRAPH]
    assert live.catalog.report() == {"read": 1}
    assert live.directory == site.directory / live.name
    assert live.created.endswith("Z")
    assert sorted(path.name for path in live.directory.iterdir()) == [
        "catalog.sqlite",
        "generation.json",
        "graphs",
        "quality.sqlite",
        "search.sqlite",
        "store",
    ]


def test_literals_survive_a_first_and_a_later_run_byte_for_byte(site):
    odd = [claim(iri(item_of(KEYS[1])), iri(f"{BASE}p"), term) for term in ODD_LITERALS.values()]
    run(site, some_records([2, 3, 4, 5]))
    live = run(site, {KEYS[1]: odd})
    assert set(odd) <= set(lines_of(live))
    assert lines_of(live) == list(live.catalog.all_claims())
    live = run(site, {}, removed=[KEYS[1]])
    assert not set(odd) & set(lines_of(live))


def test_a_run_that_changes_nothing_makes_an_equal_generation(site):
    first = run(site, some_records([1, 2]))
    second = run(site, {})
    assert first.name < second.name
    assert lines_of(first) == lines_of(second)


def test_a_run_that_removes_everything_leaves_an_empty_store(site):
    run(site, some_records([1, 2]))
    live = run(site, {}, removed=["10722/1", "10722/2"])
    assert lines_of(live) == []
    assert live.counts == {"records": 0, "removed": 2, "refused": 0, "triples": 0}
    assert lines_of(run(site, some_records([3]))) == sorted(some_records([3])["10722/3"])


def test_a_few_changes_among_two_thousand_records_are_applied_to_a_copy_of_the_live_store(site, monkeypatch):
    first = run(site, some_records(range(2_000)))
    monkeypatch.setattr(WritableOxigraphStore, "load", lambda *_: pytest.fail("everything was loaded again"))
    changed = some_records(range(10), "New title")
    live = run(site, changed, removed=["10722/1999"])
    final = {**some_records(range(1_999)), **changed}
    assert lines_of(live) == sorted(set().union(*final.values()))
    assert lines_of(first) == sorted(set().union(*some_records(range(2_000)).values()))


def test_many_changes_rebuild_the_store(site, monkeypatch):
    run(site, some_records(range(20)))
    monkeypatch.setattr(WritableOxigraphStore, "apply", lambda *_: pytest.fail("the difference was applied"))
    live = run(site, {}, removed=list(some_records(range(15))))
    assert lines_of(live) == sorted(set().union(*some_records(range(15, 20)).values()))


CLAIMS = st.sets(
    st.sampled_from(
        [
            *person_claims(1, 2, 3),
            *(claim(iri(item_of(KEYS[0])), iri(f"{BASE}p"), term) for term in list(ODD_LITERALS.values())[:6]),
        ]
    )
)
ACTIONS = st.dictionaries(
    st.sampled_from(KEYS), st.one_of(CLAIMS, st.sampled_from(["remove", "refuse", "again"])), max_size=6
)


@pytest.mark.slow
@settings(deadline=None, max_examples=12)
@given(runs=st.lists(ACTIONS, min_size=2, max_size=5))
def test_store_and_catalog_equal_a_fresh_build_from_the_final_records(tmp_path_factory, runs):
    site, final = Site(tmp_path_factory.mktemp("site")), {}
    for actions in runs:
        versions = {
            key: {*action, *own_claims(key, str(len(action)))}
            for key, action in actions.items()
            if isinstance(action, set)
        }
        versions |= {key: final[key] for key, action in actions.items() if action == "again" and key in final}
        removed = [key for key, action in actions.items() if action == "remove"]
        live = run(site, versions, removed, [key for key, action in actions.items() if action == "refuse"])
        final = {key: claims for key, claims in {**final, **versions}.items() if key not in removed}
        fresh = run(Site(tmp_path_factory.mktemp("fresh")), final)
        published = sorted(set().union(*final.values()))
        assert lines_of(live) == list(live.catalog.all_claims()) == lines_of(fresh) == published
        assert list(fresh.catalog.all_claims()) == published
        assert live.counts["triples"] == live.store.count() == len(published)
        assert live.catalog.items(9) == fresh.catalog.items(9)


GRAPHS = st.dictionaries(
    st.sampled_from([GRAPH, f"{BASE}data/dataset"]), st.sets(st.sampled_from(person_claims(*range(8)))), max_size=2
)


@pytest.mark.slow
@settings(deadline=None, max_examples=10)
@given(runs=st.lists(GRAPHS, min_size=2, max_size=4))
def test_named_graphs_are_those_of_the_last_run(tmp_path_factory, runs):
    site = Site(tmp_path_factory.mktemp("site"))
    for graphs in runs:
        live = run(site, some_records([len(graphs)]), graphs=graphs)
        assert sorted(live.store.named_graphs()) == sorted(graphs)
        for graph, claims in graphs.items():
            subjects = [f"{BASE}id/person/rp{number}" for number in range(8)]
            found = [claim(*triple) for subject in subjects for triple in live.store.triples_of(subject, graph)]
            assert sorted(found) == sorted(claims)
        assert lines_of(live) == list(live.catalog.all_claims())


def test_a_large_named_graph_is_updated_by_difference(site, monkeypatch):
    first = person_claims(*range(100))
    run(site, some_records(range(9)), graphs={GRAPH: first})
    monkeypatch.setattr(WritableOxigraphStore, "remove_graph", lambda *_: pytest.fail("the graph was replaced"))
    live = run(site, {}, graphs={GRAPH: first[2:] + person_claims(200)})
    assert not list(live.store.triples_of(f"{BASE}id/person/rp0", GRAPH))
    assert len(list(live.store.triples_of(f"{BASE}id/person/rp200", GRAPH))) == 2


def test_a_named_graph_that_the_store_lost_a_part_of_is_replaced(site):
    first = run(site, some_records(range(9)), graphs={GRAPH: person_claims(*range(100))})
    store = WritableOxigraphStore.open(first.directory / "store")
    store.apply([], person_claims(1), GRAPH)
    store.flush()
    del store
    live = run(site, {}, graphs={GRAPH: person_claims(*range(2, 100))})
    assert len(list(live.store.triples_of(f"{BASE}id/person/rp99", GRAPH))) == 2
    assert lines_of(live) == list(live.catalog.all_claims())


# --- a store that differs from its catalog


def test_a_live_store_that_lost_a_triple_is_rebuilt_from_the_catalog(site, caplog):
    first = run(site, some_records(range(9)))
    lost = own_claims("10722/1", "Title 1")[0]
    store = WritableOxigraphStore.open(first.directory / "store")
    store.apply([], [lost])
    store.flush()
    del store
    live = run(site, {}, removed=["10722/1"])
    assert f"generation {live.name}: the store lacks a claim that should be removed: {lost}; the store is rebuilt" in (
        caplog.text
    )
    assert lines_of(live) == list(live.catalog.all_claims())


def test_a_live_store_with_a_triple_too_many_is_rebuilt_from_the_catalog(site, caplog):
    first = run(site, some_records(range(9)))
    store = WritableOxigraphStore.open(first.directory / "store")
    store.apply(person_claims(77), [])
    store.flush()
    del store
    live = run(site, {})
    assert "the store holds 44 triples, the catalog 42" in caplog.text
    assert lines_of(live) == list(live.catalog.all_claims())


def emptied(store):
    shutil.rmtree(store)
    store.mkdir()


def with_a_changed_byte(store):
    for file in store.glob("*.sst"):
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 0x55
        file.write_bytes(content)


@pytest.mark.parametrize("damage", [shutil.rmtree, emptied, with_a_changed_byte])
def test_a_live_store_that_is_damaged_is_rebuilt_from_the_catalog(site, caplog, damage):
    first = run(site, some_records(range(60)), graphs={GRAPH: person_claims(1)})
    damage(first.directory / "store")
    live = run(site, {}, removed=["10722/1"], graphs={GRAPH: person_claims(2)})
    assert "the store is rebuilt from the catalog" in caplog.text
    assert lines_of(live) == list(live.catalog.all_claims())
    assert sorted(claim(*triple) for triple in live.store.all_triples(GRAPH)) == sorted(person_claims(2))


def test_a_record_whose_packed_claims_are_damaged_is_reported_with_the_remedy_and_the_live_generation_stays(site):
    first = run(site, some_records([1]))
    connection = sqlite3.connect(first.directory / "catalog.sqlite")
    with connection:
        connection.execute("UPDATE body SET claims = CAST('no zlib' AS BLOB)")
    connection.close()
    with pytest.raises(
        StoreError, match=r"catalog.sqlite has changed since it was written .* 'lod rollback GENERATION'"
    ):
        run(site, some_records([2]))
    description = json.loads((first.directory / "generation.json").read_text())
    (first.directory / "generation.json").write_text(json.dumps({**description, "sha256": {}}))
    message = r"catalog.sqlite: reading the catalog failed: the file is damaged; go back to "
    with pytest.raises(StoreError, match=message):
        run(site, {}, removed=["10722/1"])
    assert site.live_name() == first.name


def test_claims_that_the_store_takes_for_one_are_reported_and_the_live_generation_stays(site):
    first = run(site, some_records([1]))
    spellings = [f'<{item_of("10722/2")}> <{BASE}p> "{letter}" .' for letter in ("é", "\\u00E9")]
    with pytest.raises(StoreError) as raised:
        run(site, {"10722/2": spellings})
    assert "the store holds 7 triples, the catalog 8" in str(raised.value)
    assert f"(the claim {spellings[1]} is stored as {spellings[0]})" in str(raised.value)
    assert "the live generation is unchanged" in str(raised.value)
    assert site.live() is first
    assert names_in(site) == sorted([first.name, "current", "lock"])


# --- broken off


@pytest.mark.parametrize("fault", [SourceError("a.csv breaks off"), KeyboardInterrupt(), ValueError("a fault of ours")])
def test_a_run_that_breaks_off_leaves_everything_as_it_was(site, fault):
    first = run(site, some_records([1]))

    def break_off():
        with site.build() as builder:
            builder.catalog.begin_run()
            publish_into(builder.catalog, "10722/2")
            raise fault

    with pytest.raises(type(fault)):
        break_off()
    assert site.live() is first
    assert names_in(site) == sorted([first.name, "current", "lock"])


def test_a_dry_run_leaves_everything_as_it_was(site):
    with site.build() as builder:
        builder.catalog.begin_run()
        publish_into(builder.catalog, "10722/2")
    assert site.live() is None
    assert names_in(site) == ["lock"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.helpers.synthetic import publish_into
from lod.store.generation import builder as building
from lod.store.generation.generations import Site
step = sys.argv[2]
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if step in ("sync_tree", "move_durably"):
    setattr(building, step, kill)
with Site(Path(sys.argv[1])).build() as builder:
    if step == "switch":
        builder._switch = kill
    builder.catalog.begin_run()
    publish_into(builder.catalog, "10722/2")
    if step == "catalog":
        kill()
    builder.finish({}, {})
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", ["catalog", "sync_tree", "move_durably", "switch"])
def test_a_build_that_is_killed_leaves_the_live_generation_and_the_next_one_cleans_up(site, step):
    first = run(site, some_records([1]))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(site.folder), step], cwd=ROOT, check=False, timeout=300)
    assert killed.returncode == -9
    assert len(names_in(site)) == 4
    assert Site(site.folder).live().name == first.name
    assert lines_of(Site(site.folder).live()) == lines_of(first)
    live = run(site, some_records([3]))
    assert lines_of(live) == sorted({*some_records([1])["10722/1"], *some_records([3])["10722/3"]})
    assert not [name for name in names_in(site) if name.startswith(".")]


def test_a_full_disk_is_reported_with_the_remedy_and_the_live_generation_stays(site, monkeypatch):
    first = run(site, some_records([1]))

    def full(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr("lod.store.generation.builder.sync_tree", full)
    with pytest.raises(StoreError, match=r"\.building-.*: building the generation failed: the disk is full; free some"):
        run(site, some_records([2]))
    assert site.live() is first
    assert names_in(site) == sorted([first.name, "current", "lock"])


def test_a_full_disk_under_the_catalog_is_reported_with_its_path(site):
    run(site, some_records([1]))

    def fill():
        with site.build() as builder:
            builder.catalog.begin_run()
            builder.catalog._connection.execute("PRAGMA max_page_count = 1")
            for number in range(500):
                publish_into(builder.catalog, f"10722/{number}")

    with pytest.raises(
        StoreError, match=r"catalog.sqlite: writing the catalog failed: the disk is full; free some space"
    ):
        fill()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_reported_with_the_remedy(site):
    site.folder.chmod(0o500)
    try:
        with pytest.raises(
            StoreError, match=r"generations: creating the folder .* failed: not allowed; run the command as"
        ):
            run(site, {})
    finally:
        site.folder.chmod(0o700)


def test_a_site_that_is_not_there_is_reported_with_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match=r"nowhere: no such folder; make a site with 'lod init .*nowhere'"):
        run(Site(tmp_path / "nowhere"), {})


# --- one publisher at a time


def test_a_second_publisher_is_refused_with_who_holds_the_lock_and_since_when(site):
    with site.build():
        held = rf"lock: locked by another lod process: process {os.getpid()} on .+, since \d{{4}}-.+Z; wait"
        with pytest.raises(StoreError, match=held):
            run(site, {})
    run(site, {})


def test_the_lock_of_a_dead_process_is_free(site):
    site.directory.mkdir()
    code = "import os, sys; from pathlib import Path; from lod.disk.lock import SiteLock\n"
    code += "lock = SiteLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    path = site.directory / "lock"
    subprocess.run([sys.executable, "-c", code, str(path)], check=False, timeout=300)
    assert '"pid"' in path.read_text()
    run(site, {})
    assert path.read_text() == ""


def test_a_forked_worker_does_not_keep_the_lock_of_its_dead_parent(tmp_path):
    lock = SiteLock(tmp_path / "lock")
    ready, forked = os.pipe()
    wait, end = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(forked, b"1")
        os.close(end)
        os.read(wait, 1)
        os._exit(0)
    os.read(ready, 1)
    # As when it is killed: closed, not unlocked.
    os.close(lock._descriptor)
    lock._descriptor = -1
    SiteLock(tmp_path / "lock").release()
    for descriptor in (ready, forked, wait, end):
        os.close(descriptor)
    assert exit_status(child) == 0


# --- switching and keeping


@pytest.mark.slow
def test_a_reader_sees_each_switch_and_its_old_generation_stays_readable(site):
    first = run(site, some_records([1]))
    reader = Site(site.folder)
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            live = reader.live()
            assert len(lines_of(live)) == live.catalog.counts()["triples"]
            if not seen or seen[-1] != live.name:
                seen.append(live.name)

    thread = threading.Thread(target=read)
    thread.start()
    names = [first.name]
    try:
        for number in (2, 3, 4, 5):
            names.append(run(site, some_records([number])).name)
            deadline = time.monotonic() + 20
            while seen[-1:] != names[-1:] and thread.is_alive() and time.monotonic() < deadline:
                time.sleep(0.01)
    finally:
        stop.set()
        ended(thread)
    assert seen[-4:] == names[-4:]
    assert lines_of(first) == sorted(some_records([1])["10722/1"])


def test_the_live_generation_is_opened_once(site):
    first = run(site, some_records([1]))
    assert site.live() is first is site.live()
    assert run(site, {}) is not first


def test_rolling_back_makes_an_older_generation_live_and_the_next_run_builds_on_it(site):
    names = [run(site, some_records([number])).name for number in (1, 2, 3)]
    assert site.rollback().name == names[1] == site.live().name
    assert site.rollback().name == names[0] == Site(site.folder).live_name()
    live = run(site, some_records([4]))
    assert lines_of(live) == sorted({*some_records([1])["10722/1"], *some_records([4])["10722/4"]})
    assert live.name > names[2]
    assert live.description["previous"] == names[0]
    assert site.rollback(names[2]).counts["records"] == 3


def test_rolling_back_to_what_is_not_kept_is_refused(site):
    with pytest.raises(StoreError, match="no generation before the live one is kept"):
        site.rollback()
    first, second = run(site, some_records([1])), run(site, some_records([2]))
    with pytest.raises(StoreError, match=rf"no generation 'x'; kept: {first.name}, {second.name}"):
        site.rollback("x")
    (first.directory / "catalog.sqlite").write_bytes(b"nothing")
    with pytest.raises(StoreError, match=r"catalog.sqlite: opening the catalog failed: the file is damaged"):
        site.rollback()
    assert site.live_name() == second.name


def test_rolling_back_during_a_run_is_refused(site):
    run(site, some_records([1]))
    run(site, some_records([2]))
    with site.build(), pytest.raises(StoreError, match="locked by another lod process"):
        site.rollback()


def test_generations_that_changed_nothing_are_pruned_first(site):
    def dumped(numbers):
        with site.build(3) as builder:
            builder.catalog.begin_run()
            for key, claims in some_records(numbers).items():
                publish_into(builder.catalog, key, claims)
            builder.finish({}, {}, DumpWriter(["nt.gz"], {}, f"{BASE}id/"))
        return site.live_name()

    first, second = dumped([1]), dumped([2])
    repeats = [dumped([]) for _ in range(4)]
    assert [one.name for one in site.generations()] == [first, second, *repeats[-2:]]
    assert [site.rollback().name for _ in range(3)] == [repeats[-2], second, first]


def test_generations_that_were_rolled_back_from_are_pruned_too(site):
    names = [run(site, some_records([number])).name for number in (1, 2, 3)]
    site.rollback(names[0])
    live = run(site, some_records([4]), keep=2)
    assert [generation.name for generation in site.generations()] == [names[0], live.name]


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        pytest.param(3, 3, id="three"),
        pytest.param(1, 2, id="the one just replaced stays until the next run, requests may read it"),
    ],
)
def test_old_generations_are_pruned(site, keep, left):
    names = [run(site, some_records([number]), keep=keep).name for number in range(5)]
    assert [generation.name for generation in site.generations()] == names[-left:]
    assert names == sorted(set(names))


def test_names_sort_though_the_clock_was_set_back(site):
    first = run(site, some_records([1]))
    future = first.directory.with_name("29991231T235959.999998Z")
    shutil.copytree(first.directory, future)
    assert run(site, {}).name == "29991231T235959.999999Z"


@pytest.mark.parametrize(
    "content",
    [pytest.param("{", id="cut short"), pytest.param("[]", id="something else"), pytest.param("", id="empty")],
)
def test_a_damaged_generation_is_reported_with_path_and_remedy(site, content):
    live = run(site, {})
    (live.directory / "generation.json").write_text(content)
    message = r"generation.json: damaged; switch to another generation with 'lod rollback GENERATION', or restore"
    with pytest.raises(StoreError, match=message):
        Site(site.folder).live()
    with pytest.raises(StoreError, match=message):
        Generation.open(live.directory)
    with pytest.raises(StoreError, match=message):
        run(site, {})


NONSENSE = {
    "empty": (b"", r"current holds '', which is not the name of a generation; kept: "),
    "words": (b"nonsense\n", r"current holds 'nonsense', which is not the name of a generation; kept: "),
    "a path": (b"../..\n", r"current holds '\.\./\.\.', which is not the name of a generation; kept: "),
    "bytes": (b"\x8d\xff\x00", r"current holds '.*', which is not the name of a generation; kept: "),
    "a generation that is gone": (
        b"20991231T000000.000000Z",
        r"current names the generation 20991231T000000.000000Z, which is not there; kept: ",
    ),
    "nothing": (None, r"current, which names the live generation, is missing; kept: "),
}


@pytest.mark.parametrize(("content", "message"), NONSENSE.values(), ids=NONSENSE)
def test_where_current_names_no_generation_no_run_starts_nothing_is_pruned_and_a_name_leads_back(
    site, content, message
):
    names = [run(site, some_records([1], text)).name for text in ("a", "b", "c")]
    current = site.directory / "current"
    current.unlink() if content is None else current.write_bytes(content)
    with pytest.raises(StoreError, match=message):
        run(site, some_records([2]), keep=1)
    with pytest.raises(StoreError, match=f"{message}{', '.join(names)}; 'lod rollback GENERATION' switches to one of"):
        Site(site.folder).live()
    assert [one.name for one in site.generations()] == names
    assert Site(site.folder).rollback(names[1]).name == names[1]
    assert run(site, some_records([2])).description["previous"] == names[1]


def test_where_no_generation_is_left_the_way_out_is_a_backup_or_a_new_site(site):
    shutil.rmtree(run(site, some_records([1])).directory)
    with pytest.raises(
        StoreError, match="no generation is kept; restore the site from a backup with 'lod restore', or"
    ):
        run(site, some_records([1]))
    (site.directory / "current").unlink()
    assert run(site, some_records([1])).description["previous"] is None


def test_a_generation_that_is_pruned_while_the_kept_ones_are_listed_is_passed_over(site, monkeypatch):
    names = [run(site, some_records(range(number))).name for number in (1, 2)]
    real = Site._folders

    def folders(self):
        found = real(self)
        shutil.rmtree(found[0])
        return found

    monkeypatch.setattr(Site, "_folders", folders)
    assert [generation.name for generation in site.generations()] == names[1:]


def test_a_copy_of_a_generation_under_another_name_is_left_alone(site):
    run(site, some_records([1], "a"))
    live = site.directory / site.live_name()
    copy = live.with_name(f"{live.name}-old")
    shutil.copytree(live, copy)
    run(site, some_records([1], "b"), keep=1)
    run(site, some_records([1], "c"), keep=1)
    assert copy.is_dir()
    assert copy.name not in [one.directory.name for one in site.generations()]


def test_a_copy_under_the_name_of_a_generation_does_not_go_live(site):
    live = run(site, some_records([1]))
    copy = live.directory.with_name("20251231T000000.000000Z")
    shutil.copytree(live.directory, copy)
    with pytest.raises(StoreError, match=f"{copy.name}: a manual copy of the generation {live.name}; remove"):
        site.rollback(copy.name)
    assert site.live_name() == live.name


def test_where_the_live_generation_is_gone_rolling_back_takes_the_latest_that_is_kept(site):
    for text in ("a", "b"):
        run(site, some_records([1], text))
    latest = site.live_name()
    (site.directory / "current").write_text("20991231T000000.000000Z\n", encoding="utf-8")
    assert site.rollback().name == latest


def test_a_folder_is_removed_though_files_come_and_go_in_it(tmp_path, monkeypatch):
    folder = tmp_path / "building"
    (folder / "store").mkdir(parents=True)
    removing, faults = shutil.rmtree, [errno.ENOENT, errno.ENOTEMPTY]

    def disturbed(path):
        if faults:
            raise OSError(faults.pop(), "000119.sst")
        removing(path)

    monkeypatch.setattr("lod.store.generation.builder.shutil.rmtree", disturbed)
    remove_folder(folder)
    assert not folder.exists()


def test_a_folder_that_cannot_be_removed_is_reported(tmp_path, monkeypatch):
    def refuse(path):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("lod.store.generation.builder.shutil.rmtree", refuse)
    with pytest.raises(StoreError, match="removing a folder failed"):
        remove_folder(tmp_path)
