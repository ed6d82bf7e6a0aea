"""Records judged on a Dask cluster: the same bytes as here, whatever happens to workers, and messages where there is no cluster."""

import os
import random
import re
import signal
import socket
import sys
from dataclasses import replace
from itertools import chain

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.dask import pool as dask_pool
from lod.dask.pool import DaskPool, local_cluster
from lod.dask.worker import this_program
from lod.errors import ConfigError, WorkerError
from lod.patterns import GivenPattern
from lod.publish import batches
from lod.store.generation import builder
from lod.worker_pool import Work
from tests.helpers.pool_items import answer, lost, names
from tests.helpers.worker_runs import deadly_plan, published, records_of_a_run

WORK = Work("x", answer, lost)
QUICK = {"distributed.comm.timeouts.connect": "500ms"}


@pytest.fixture(scope="module")
def distributed():
    return pytest.importorskip("distributed", reason="Dask is not installed (pip install 'lod[dask]')")


@pytest.fixture(scope="module")
def cluster(distributed):
    """Two workers, each a process that is started again when it ends. Dask gives a batch up that has ended two."""
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), local_cluster(2) as made:
        yield made


@pytest.fixture(scope="module")
def empty_cluster(distributed):
    with local_cluster(0) as made:
        yield made


@pytest.fixture
def quick(distributed):
    """Dask's configuration with short waits."""
    import dask

    with dask.config.set(QUICK):
        yield dask.config


@pytest.fixture(scope="module")
def plan(crosswalk):
    return deadly_plan(crosswalk)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH_RECORDS", 5)
    monkeypatch.setattr(builder, "BESIDE_TRIPLES", 10**9)


@pytest.fixture(scope="module")
def records():
    return records_of_a_run()


@pytest.fixture(scope="module")
def alone(plan, records, tmp_path_factory):
    """What this process makes of the records."""
    return published(tmp_path_factory.mktemp("alone"), plan, records, 1)[1]


# --- the pool


@pytest.mark.slow
def test_results_come_in_order_and_few_batches_are_on_their_way(cluster):
    read = []

    def numbered():
        for number in range(20):
            read.append(number)
            yield names(3 * number, 3 * number + 3)

    with DaskPool(cluster.scheduler_address, 1, WORK) as pool:
        assert pool._client.scheduler_comm.recent_message_log.maxlen == 20
        found = []
        for results in pool.in_order(numbered()):
            found += results
            assert len(read) - len(found) // 3 <= 6
    assert found == [f"{name} x" for name in names(0, 60)]


@pytest.mark.slow
def test_a_batch_that_ends_every_worker_costs_the_item_only(cluster, caplog):
    given = [names(0, 2), ["2", "poison", "3"], names(4, 6)]
    with DaskPool(cluster.scheduler_address, 1, WORK) as pool:
        found = list(chain.from_iterable(pool.in_order(given)))
    assert found == ["0 x", "1 x", "2 x", "lost poison", "3 x", "4 x", "5 x"]
    assert "its batch is settled by a process of this machine" in caplog.text


def look_slowly(given, batch):
    return [bool(given.search("a" * 40)) for _ in batch]


@pytest.mark.slow
def test_what_else_is_raised_comes_out_and_a_slow_expression_is_stopped(cluster):
    with DaskPool(cluster.scheduler_address, 1, WORK) as pool, pytest.raises(ValueError, match="wrong"):
        list(pool.in_order([["1"], ["wrong"], ["2"]]))
    slow = Work(GivenPattern("(a+)+b", "local.toml, rule 1: 'when'"), look_slowly, lost)
    with (
        DaskPool(cluster.scheduler_address, 1, slow) as pool,
        pytest.raises(ConfigError, match="rule 1: 'when' is slow"),
    ):
        list(pool.in_order([["1"]]))


@pytest.mark.slow
@pytest.mark.parametrize("comes_later", [False, True])
def test_a_worker_that_is_another_program_refuses_and_names_both(cluster, monkeypatch, comes_later):
    here = this_program()
    other = here._replace(version="0.1.9", fingerprint="0123456789abcdef")
    monkeypatch.setattr(dask_pool, "this_program", lambda: other)
    if comes_later:
        monkeypatch.setattr(DaskPool, "_hand_over", lambda pool: None)
    with pytest.raises(WorkerError) as raised, DaskPool(cluster.scheduler_address, 1, WORK) as pool:
        list(pool.in_order([["1"]]))
    message = str(raised.value)
    assert f"runs {here}, and this run was started by lod 0.1.9 (fingerprint 0123456789ab) on Python" in message
    assert message.startswith("the Dask worker tcp://127.0.0.1:")
    assert "Install the same version of lod" in message


@pytest.mark.slow
def test_a_worker_that_comes_later_is_given_the_work_of_the_run_and_no_other(cluster, monkeypatch):
    hand_over, given = DaskPool._hand_over, []
    monkeypatch.setattr(DaskPool, "_hand_over", lambda pool, worker=None: given.append(worker))
    with DaskPool(cluster.scheduler_address, 1, Work("y", answer, lost)) as pool:
        assert given == [None]
        monkeypatch.setattr(DaskPool, "_hand_over", hand_over)
        assert list(pool.in_order([["1"], ["2"]])) == [["1 y"], ["2 y"]]
        pool._digest = "0" * 64
        with pytest.raises(
            WorkerError, match=r"settings of the hash [0-9a-f]{12}, and this run has those of the hash 0{12}"
        ):
            list(pool.in_order([["1"]]))


# --- no cluster


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_a_scheduler_that_is_not_there_ends_the_run_with_a_message(quick, tmp_path):
    assert CliRunner().invoke(main, ["init", str(tmp_path), "--base-iri", "https://example.org/"]).exit_code == 0
    table = tmp_path / "a.csv"
    table.write_text("id,dc.title[en]\n1,A study\n", encoding="utf-8")
    address = f"tcp://127.0.0.1:{free_port()}"
    result = CliRunner().invoke(main, ["publish", str(table), "--site", str(tmp_path), "--dask", address])
    assert result.exit_code == 3
    reached = rf"lod: the Dask scheduler {re.escape(address)} cannot be reached \(.*{re.escape(address)}.*\)\. Start one with 'dask scheduler'"
    assert re.search(reached, result.stderr, re.DOTALL), result.stderr
    assert not (tmp_path / "generations" / "live").exists()


def test_what_is_silent_or_of_another_kind_is_not_waited_for(quick):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WorkerError, match="what listens there gives no answer in 1 s"), DaskPool(address, 1, WORK):
            pass
    with (
        pytest.raises(WorkerError, match=r"ssl_context.*tls:// with the certificates"),
        DaskPool("tls://127.0.0.1:9", 1, WORK),
    ):
        pass
    with pytest.raises(WorkerError, match="unknown address scheme 'http'"), DaskPool("http://127.0.0.1:9", 1, WORK):
        pass


@pytest.mark.slow
def test_a_cluster_without_workers_is_waited_for_and_then_left(quick, empty_cluster, monkeypatch):
    monkeypatch.setattr(dask_pool, "_LOOK_S", 0.1)
    told = pytest.raises(WorkerError, match=r"no worker for 0\.5 s\. Start some with 'dask worker tcp://127")
    patience = quick.set({"distributed.scheduler.no-workers-timeout": "500ms"})
    with patience, told, DaskPool(empty_cluster.scheduler_address, 1, WORK) as pool:
        list(pool.in_order([["1"]]))


def test_a_scheduler_that_ends_is_told(distributed, quick):
    def ending():
        yield ["1"]
        cluster.close()
        yield ["2"]

    with (
        local_cluster(0) as cluster,
        DaskPool(cluster.scheduler_address, 1, WORK) as pool,
        pytest.raises(WorkerError) as raised,
    ):
        list(pool.in_order(ending()))
    assert str(raised.value).startswith("the connection to the Dask scheduler tcp://127.0.0.1:")
    assert "publish again. Nothing has changed" in str(raised.value)


def test_without_dask_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"install it \(pip install 'lod\[dask\]'\), or leave out --dask"):
        DaskPool("local", 1, WORK).__enter__()


def test_the_option_takes_an_address():
    result = CliRunner().invoke(main, ["publish", "a.csv", "--dask", "cluster"])
    assert result.exit_code == 2
    assert "it takes the address of a scheduler, such as tcp://127.0.0.1:8786, or local" in result.stderr


# --- runs


def on_dask(cluster, plan):
    return replace(plan, dask=cluster.scheduler_address)


@pytest.mark.slow
def test_the_same_bytes_come_out(cluster, plan, records, alone, tmp_path):
    assert len(alone[0]) == 6
    assert published(tmp_path, replace(plan, dask=cluster.scheduler_address), records, 1)[1] == alone


@pytest.mark.slow
def test_workers_that_are_killed_at_random_change_nothing(cluster, plan, records, alone, tmp_path):
    killed = random.sample(range(5, 76, 5), 2)

    def kill(stage, done, total):
        if stage == "map" and done in killed:
            pids = [nanny.pid for nanny in cluster.workers.values() if nanny.pid]
            os.kill(random.choice(pids), signal.SIGKILL)

    assert published(tmp_path, replace(plan, dask=cluster.scheduler_address), records, 1, kill)[1] == alone
