"""Lines sorted on disk and read as a file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lod.store.lines import as_file, sorted_distinct

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=5)


@given(st.lists(texts), st.integers(1, 5))
def test_lines_are_sorted_and_distinct_whatever_fits_into_memory(lines, run_lines):
    assert list(sorted_distinct(lines, run_lines)) == sorted(set(lines))


@given(st.lists(st.binary(max_size=5)), st.integers(1, 7))
def test_chunks_read_as_one_file(chunks, size):
    file = as_file(chunks)
    parts = []
    while part := file.read(size):
        assert len(part) <= size
        parts.append(part)
    assert b"".join(parts) == b"".join(chunks)
