"""What points at a thing is counted and kept in order, whatever runs came before."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lod.rdf.claims import claim, iri, literal
from lod.store.catalog.writer import CatalogWriter
from tests.helpers.synthetic import BASE, item_of, own_claims, publish_into

KEYS = ("10722/1", "10722/1.2", "uuid/0")
PERSON, SERIAL = f"{BASE}id/person/rp1", f"{BASE}id/serial/0003-4967"
CREATOR, PART = "http://purl.org/dc/terms/creator", "http://purl.org/dc/terms/isPartOf"
TWIN = "http://purl.org/vocab/frbr/core#partOf"
COUNTED = [
    (f"{subject}", property_, target)
    for key in KEYS
    for subject, property_, target in (
        (item_of(key), CREATOR, PERSON),
        (item_of(key), PART, SERIAL),
        (f"{item_of(key)}#grant-1", CREATOR, PERSON),
        (f"{BASE}data/item/{key}", PART, SERIAL),
    )
]
SHARED = [(f"{SERIAL}/v/{number}", PART, SERIAL) for number in (9, 10)]
# What says nothing to who looks at the target: repeated, from a list, from its own record, no thing of this site, a text.
PASSED_OVER = [
    claim(iri(item_of("10722/1")), iri(TWIN), iri(SERIAL)),
    claim(iri(f"{BASE}.well-known/genid/item/10722/1/authorList/1"), iri(CREATOR), iri(PERSON)),
    claim(iri(f"{BASE}data/item/10722/1"), iri(CREATOR), iri(item_of("10722/1"))),
    claim(iri(item_of("10722/1")), iri(CREATOR), iri(f"{item_of('10722/1')}#agent-1")),
    claim(iri(item_of("10722/1")), iri(CREATOR), iri("https://elsewhere.example/id/person/rp1")),
    claim(iri(item_of("10722/1")), iri(CREATOR), literal(f"<{PERSON}> .")),
]
POOL = [*(claim(iri(s), iri(p), iri(o)) for s, p, o in (*COUNTED, *SHARED)), *PASSED_OVER]
ACTIONS = st.lists(st.tuples(st.sampled_from(KEYS), st.none() | st.sets(st.sampled_from(POOL), max_size=8)), max_size=5)


@settings(deadline=None, max_examples=100)
@given(st.lists(ACTIONS, min_size=1, max_size=4))
def test_counts_and_lists_are_those_of_the_published_claims(runs):
    published: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        catalog = CatalogWriter.create(Path(folder, "catalog.sqlite"))
        for actions in runs:
            catalog.begin_run()
            for key, claims in actions:
                if claims is None:
                    catalog.remove(key, "2026-01-03")
                    published.pop(key, None)
                else:
                    publish_into(catalog, key, claims)
                    published[key] = claims
            catalog.finish_run()
            stated = set().union(*published.values())
            for target in (PERSON, SERIAL):
                expected: dict[str, list[str]] = {}
                for subject, property_, object_ in sorted((*COUNTED, *SHARED)):
                    if object_ == target and claim(iri(subject), iri(property_), iri(object_)) in stated:
                        expected.setdefault(property_, []).append(subject)
                assert catalog.counts_to(target) == {name: len(found) for name, found in sorted(expected.items())}
                for property_, subjects in expected.items():
                    assert catalog.links_to(target, property_, 100) == subjects
                    assert catalog.links_to(target, property_, 2, 1) == subjects[1:3]
            assert catalog.counts_to(item_of("10722/1")) == {}
        catalog.close()


def test_things_of_other_sites_and_unknown_ones_have_no_count(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    catalog.begin_run()
    publish_into(catalog, "10722/1", [*own_claims("10722/1"), claim(iri(item_of("10722/1")), iri(PART), iri(SERIAL))])
    catalog.finish_run()
    assert catalog.links_to(SERIAL, PART, 10) == [item_of("10722/1")]
    assert catalog.counts_to("https://elsewhere.example/id/serial/0003-4967") == {}
    assert catalog.counts_to(f"{BASE}id/serial/none") == {}
    catalog.close()
