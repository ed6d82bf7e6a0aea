"""Whatever bytes come, readers, encoder, request readers and restore give a result or a refusal of their own.

Each target gets LOD_FUZZ_SECONDS (2 by default) of mutilated examples. With the extra `fuzz` installed,
`python -m tests.fuzz NAME 600` looks for ten minutes, guided by what the code does with each input.
"""

import os
import time

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.helpers.mutilated import mutilated
from tests.helpers.paths import FIXTURES

FINDS = sorted(path for path in (FIXTURES / "fuzz").rglob("*") if path.is_file())
"""What a target once failed on, in a folder of its name."""

SECONDS = float(os.environ.get("LOD_FUZZ_SECONDS", "2"))
MOST_PER_SECOND = 100


@pytest.mark.parametrize("path", FINDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_is_mended(path):
    TARGETS[path.parent.name].run(path.read_bytes())


def test_there_are_finds_and_each_has_its_target():
    assert len(FINDS) >= 4
    assert {path.parent.name for path in FINDS} <= set(TARGETS)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_bring_the_program_down(name):
    seeds = TARGETS[name].seeds()
    assert len(seeds) >= 2
    for seed in seeds[:25]:
        TARGETS[name].run(seed)
    ends = time.monotonic() + SECONDS

    @hypothesis_settings(
        deadline=None,
        max_examples=int(SECONDS * MOST_PER_SECOND) + 1,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        database=None,
    )
    @given(st.data())
    def attack(data):
        content = data.draw(mutilated(seeds))
        if time.monotonic() < ends:
            TARGETS[name].run(content)

    attack()
