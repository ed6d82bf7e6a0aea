"""Blocks depend on the claims alone, and a difference changes those only in which it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.dump import blocks
from lod.dump.blocks import UnlikeBlocksError, in_blocks, merged, subject_of, updated

# Names that are the beginning of one another, parts, and characters on both sides of ">" and " ".
SUBJECTS = [f"<https://e.org/id/{name}>" for name in ("a", "a#x", "a/b", "a/b#x", "aa", "b", "b\u00e9", "b!", "c", "d")]
LINES = [f'{subject} <https://e.org/p{n}> "{n}" .' for subject in SUBJECTS for n in range(3)]
SETS = st.sets(st.sampled_from(LINES))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "SUBJECTS_PER_BLOCK", 3)


def changed(old, new):
    before = list(in_blocks(sorted(old)))
    results = updated(
        [subject_of(block[0]) for block in before],
        lambda number: before[number],
        lambda: merged(sorted(new - old), sorted(old - new)),
    )
    return before, list(results)


@given(SETS)
def test_blocks_hold_every_claim_in_order_and_subjects_whole(lines):
    made = list(in_blocks(sorted(lines)))
    assert [line for block in made for line in block] == sorted(lines)
    starts = [{subject_of(line) for line in block} for block in made]
    assert sum(map(len, starts)) == len(set().union(*starts))


@given(SETS, SETS)
def test_blocks_after_a_difference_are_those_of_the_new_claims(old, new):
    before, results = changed(old, new)
    assert [before[one] if isinstance(one, int) else one for one in results] == list(in_blocks(sorted(new)))


@given(SETS, SETS)
def test_blocks_in_which_nothing_changed_are_not_read(old, new):
    before, results = changed(old, new)
    kept = {one for one in results if isinstance(one, int)}
    difference = old ^ new
    assert not any(difference & set(before[number]) for number in kept)


def test_one_change_among_many_subjects_touches_few_blocks():
    old = {f'<https://e.org/{number:04}> <https://e.org/p> "x" .' for number in range(1_000)}
    before, results = changed(old, {*old, '<https://e.org/0500> <https://e.org/p> "y" .'})
    assert len(before) > 200
    assert sum(1 for one in results if not isinstance(one, int)) == 1


@pytest.mark.parametrize(
    ("added", "removed", "message"),
    [
        pytest.param([LINES[0]], [], "is there already", id="added twice"),
        pytest.param([], [LINES[5]], "is not there", id="removed twice"),
        pytest.param([], [LINES[-1]], "is not there", id="removed after the last"),
    ],
)
def test_a_difference_that_does_not_fit_is_told(added, removed, message):
    old = sorted(LINES[:5])
    before = list(in_blocks(old))
    firsts = [subject_of(block[0]) for block in before]
    with pytest.raises(UnlikeBlocksError, match=message):
        list(updated(firsts, lambda number: before[number], lambda: merged(added, removed)))
