"""SPARQL updates from claims: bounded, and read as the claims that they are made of."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from lod.rdf.claims import claim, iri, literal
from lod.remote.update_text import batches, delete_data, insert_data
from lod.store.oxigraph import WritableOxigraphStore

TEXTS = st.text(alphabet=st.sampled_from("\\uU0041\"'\n\té{}.#<> "), max_size=30)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_an_update_adds_and_removes_exactly_the_claims(texts):
    claims = sorted({claim(iri("x:s"), iri("x:p"), literal(text)) for text in texts})
    store = ox.Store()
    store.update(insert_data("x:g", claims))
    assert sorted(claim(*one) for one in WritableOxigraphStore(store).all_triples("x:g")) == claims
    store.update(delete_data("x:g", claims))
    assert len(store) == 0


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(1, 5), st.integers(1, 60))
def test_batches_hold_all_lines_in_order_within_their_bounds(lines, most_lines, most_bytes):
    found = list(batches(lines, most_lines, most_bytes))
    assert [line for batch in found for line in batch] == lines
    for batch in found:
        assert 0 < len(batch) <= most_lines
        assert len(batch) == 1 or sum(len(line.encode()) for line in batch) <= most_bytes
