"""The process pool: batches in order; workers that are killed, or have too little memory, cost a retry and no result."""

import os
import signal
import time
from itertools import chain
from pathlib import Path

import pytest

from lod.errors import WorkerError
from lod.worker_pool import Work, WorkerPool, usable_cores
from tests.helpers.pool_items import TooLarge, answer, lost, names


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(2, Work("x", answer, lost)) as made:
        yield made


def test_results_come_in_the_order_of_the_batches(pool):
    batches = [names(start, start + 3) for start in range(0, 60, 3)]
    found = list(pool.in_order(batches))
    assert [len(results) for results in found] == [3] * 20
    assert list(chain.from_iterable(found)) == [f"{name} x" for name in names(0, 60)]


def test_few_batches_are_read_ahead(pool):
    read = []

    def batches():
        for number in range(30):
            read.append(number)
            yield [str(number)]

    for number, _ in enumerate(pool.in_order(batches()), start=1):
        assert len(read) - number <= 5


def test_a_worker_that_is_killed_costs_a_retry(pool, tmp_path):
    batches = [names(0, 5), ["6", f"once {tmp_path / 'a'}", "7"], names(8, 12), [f"once {tmp_path / 'b'}"], ["13"]]
    found = list(chain.from_iterable(pool.in_order(batches)))
    assert found == [f"{name} x" for name in chain.from_iterable(batches)]


@pytest.mark.parametrize("name", ["poison", "large"])
def test_an_item_that_ends_every_worker_is_found_among_others(pool, name):
    batches = [names(0, 7), [*names(7, 12), name, *names(12, 15)], names(15, 20)]
    found = list(chain.from_iterable(pool.in_order(batches)))
    assert found == [*(f"{n} x" for n in names(0, 12)), f"lost {name}", *(f"{n} x" for n in names(12, 20))]


def test_any_other_exception_comes_out(pool):
    with pytest.raises(ValueError, match="wrong"):
        list(pool.in_order([["1"], ["wrong"], ["2"]]))


def test_workers_that_do_not_start_are_laid_to_no_item(caplog):
    with WorkerPool(1, Work(TooLarge(), answer, lost)) as pool, pytest.raises(WorkerError, match='workers = "1"'):
        list(pool.in_order([["1"]]))


def test_workers_end_with_their_parent(tmp_path):
    code = (
        "import os, signal, sys\n"
        "from tests.helpers.pool_items import lost, pids\n"
        "from lod.worker_pool import Work, WorkerPool\n"
        "if __name__ == '__main__':\n"
        "    pool = WorkerPool(2, Work('x', pids, lost))\n"
        "    found = pool.in_order([['1'], ['2'], ['3'], ['4']])\n"
        "    print(next(found)[0], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code, encoding="utf-8")
    import subprocess
    import sys

    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == -signal.SIGKILL
    worker = int(run.stdout)
    for _ in range(600):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker lives on")


def test_cores_are_those_that_the_process_may_use():
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
