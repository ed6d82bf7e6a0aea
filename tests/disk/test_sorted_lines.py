"""Lines sorted on disk and read as a file."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.disk.sorted_lines import as_file, fingerprint, sorted_counted, sorted_distinct

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=5)


@given(st.lists(texts), st.integers(1, 5))
def test_lines_are_sorted_and_distinct_whatever_fits_into_memory(lines, run_lines):
    assert list(sorted_distinct(lines, run_lines)) == sorted(set(lines))


@given(st.lists(texts), st.integers(1, 5), st.integers(1, 9))
def test_lines_are_read_back_in_pieces_of_any_size(lines, run_lines, characters):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lod.disk.sorted_lines._READ_CHARACTERS", characters)
        assert list(sorted_distinct(lines, run_lines)) == sorted(set(lines))
        assert list(sorted_counted(lines, run_lines)) == sorted(Counter(lines).items())


@given(st.lists(texts), st.randoms(use_true_random=False))
def test_a_fingerprint_is_that_of_the_lines_in_whatever_order(lines, chance):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert fingerprint(shuffled) == fingerprint(lines)
    assert fingerprint([*lines, "a line"]) != fingerprint(lines)
    assert fingerprint([*lines, "a line"]) != fingerprint([*lines, "another"])


@given(st.lists(st.binary(max_size=5)), st.integers(1, 7))
def test_chunks_read_as_one_file(chunks, size):
    file = as_file(chunks)
    parts = []
    while part := file.read(size):
        assert len(part) <= size
        parts.append(part)
    assert b"".join(parts) == b"".join(chunks)
