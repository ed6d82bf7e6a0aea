"""The difference that a run makes is exact, whatever the previous runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.errors import StoreError
from lod.rdf.claims import claim, iri, literal
from lod.store.catalog.writer import CatalogWriter
from tests.helpers.synthetic import BASE, item_of, own_claims, person_claims, publish_into

KEYS = ("10722/1", "10722/1/2", "10722/12", "10722/AB", "10722/ab", "uuid/0")
PREDICATE = iri(f"{BASE}p")
# Any record may state any of these: about itself, about another item or a cell of its list, about shared resources.
POOL = [
    *(claim(iri(item_of(key)), PREDICATE, literal("own")) for key in KEYS),
    *(claim(iri(f"{item_of(key)}#part"), PREDICATE, literal("part", language="en-GB")) for key in KEYS),
    *(claim(iri(f"{BASE}data/item/{key}"), PREDICATE, literal("a\u2028b\n\\")) for key in KEYS),
    *(claim(iri(f"{BASE}.well-known/genid/item/{key}/authorList/1"), PREDICATE, literal("")) for key in KEYS),
    *person_claims(1, 2),
]
CLAIMS = st.sets(st.sampled_from(POOL), max_size=8)
ACTIONS = st.lists(st.tuples(st.sampled_from(KEYS), st.none() | CLAIMS), max_size=6)


class Model:
    """What the published set should be: sets in memory."""

    def __init__(self):
        self.claims = {}

    def act(self, catalog, key, claims):
        if claims is None:
            catalog.remove(key, "2026-01-03")
            self.claims.pop(key.lower(), None)
        else:
            publish_into(catalog, key, claims)
            self.claims[key.lower()] = claims

    def published(self):
        return set().union(*self.claims.values())


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(st.lists(ACTIONS, min_size=1, max_size=5))
def test_added_and_removed_are_the_difference_between_the_published_sets(runs):
    with tempfile.TemporaryDirectory() as folder:
        catalog = CatalogWriter.create(Path(folder, "catalog.sqlite"))
        model = Model()
        for actions in runs:
            before = model.published()
            catalog.begin_run()
            for key, claims in actions:
                model.act(catalog, key, claims)
            after = model.published()
            changes = catalog.changes()
            added, removed = list(changes.added()), list(changes.removed())
            assert sorted(added) == sorted(after - before)
            assert sorted(removed) == sorted(before - after)
            assert (changes.added_count, changes.removed_count) == (len(added), len(removed))
            assert catalog.counts()["triples"] == len(after)
            catalog.finish_run()
            assert list(catalog.all_claims()) == sorted(after)
        catalog.close()


def test_a_shared_claim_stays_while_any_record_states_it(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    catalog.begin_run()
    for number in (1, 2):
        publish_into(catalog, f"10722/{number}", own_claims(f"10722/{number}") + person_claims(1))
    catalog.finish_run()
    catalog.begin_run()
    catalog.remove("10722/1", "2026-01-03")
    assert sorted(catalog.changes().removed()) == sorted(own_claims("10722/1"))
    catalog.finish_run()
    catalog.begin_run()
    catalog.remove("10722/2", "2026-01-03")
    assert sorted(catalog.changes().removed()) == sorted(own_claims("10722/2") + person_claims(1))
    catalog.close()


def test_many_shared_claims_are_counted_through_the_buffer(tmp_path, monkeypatch):
    monkeypatch.setattr("lod.store.catalog.claim_changes._BUFFERED_CLAIMS", 3)
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    for run in range(2):
        catalog.begin_run()
        for number in range(5):
            key = f"10722/{number}"
            publish_into(catalog, key, own_claims(key, f"Title {run}") + person_claims(number, number + 1))
        changes = catalog.changes()
        assert (changes.added_count, changes.removed_count) == ((32, 0) if run == 0 else (5, 5))
        catalog.finish_run()
    catalog.close()


def test_wrong_reference_counts_are_reported(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    catalog.begin_run()
    publish_into(catalog, "10722/1", person_claims(1))
    catalog.finish_run()
    catalog._connection.execute("DELETE FROM shared_claim")
    catalog.begin_run()
    catalog.remove("10722/1", "2026-01-03")
    with pytest.raises(
        StoreError, match=r"the catalog is damaged: a negative number of records would state .*rp1.*; restore"
    ):
        catalog.changes()
    catalog.close()
