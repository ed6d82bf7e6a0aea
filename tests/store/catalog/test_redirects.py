"""Redirects: when a better key of a thing appears, its old IRI leads to the new one, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.rdf.claims import claim, iri, literal
from lod.store.catalog.redirects import moved
from lod.store.catalog.writer import CatalogWriter
from tests.helpers.synthetic import BASE, item_of, own_claims, publish_into, record_of, redirects_of

NAME, TITLE = "http://xmlns.com/foaf/0.1/name", "http://purl.org/dc/terms/title"
ISSN, SAME = "http://purl.org/ontology/bibo/issn", "http://schema.org/sameAs"
BY_NAME, BY_ISSN = f"{BASE}id/serial/n-0123456789abcdef", f"{BASE}id/serial/0003-4967"
AGENT, PERSON = f"{item_of('1/2')}#agent-lu%2C_l", f"{BASE}id/person/rp1"


def said(subject, predicate, text):
    return claim(iri(subject), iri(predicate), iri(text) if text.startswith("http") else literal(text))


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param([said(AGENT, NAME, "Lu, L")], [said(PERSON, NAME, "Lu, L")], {AGENT: PERSON}, id="an author gets an authority id"),
        pytest.param([said(BY_NAME, TITLE, "Annals")], [said(BY_ISSN, TITLE, "Annals")], {BY_NAME: BY_ISSN}, id="a serial gets an ISSN"),
        pytest.param(
            [said(BY_NAME, TITLE, "Annals"), said(f"{BY_NAME}/v/6", ISSN, "x")],
            [said(BY_ISSN, TITLE, "Annals"), said(f"{BY_ISSN}/v/6", ISSN, "x")],
            {BY_NAME: BY_ISSN, f"{BY_NAME}/v/6": f"{BY_ISSN}/v/6"},
            id="its volume follows",
        ),
        pytest.param(
            [said(BY_ISSN, TITLE, "Annals"), said(BY_ISSN, ISSN, "0003-4967")],
            [said(f"{BASE}id/serial/1468-2060", TITLE, "Annals"), said(f"{BASE}id/serial/1468-2060", ISSN, "0003-4967")],
            {BY_ISSN: f"{BASE}id/serial/1468-2060"},
            id="the ISSN-L becomes known",
        ),
        pytest.param(
            [said(BY_ISSN, TITLE, "Annals"), said(BY_ISSN, ISSN, "0003-4967")],
            [said(f"{BASE}id/serial/1468-2060", TITLE, "Annals"), said(f"{BASE}id/serial/1468-2060", ISSN, "1468-2060")],
            {},
            id="another ISSN is another serial",
        ),
        pytest.param(
            [said(PERSON, NAME, "Lu, L"), said(PERSON, SAME, "https://orcid.org/1")],
            [said(f"{BASE}id/person/rp2", NAME, "Lu, L"), said(f"{BASE}id/person/rp2", SAME, "https://orcid.org/1")],
            {PERSON: f"{BASE}id/person/rp2"},
            id="two keys of one ORCID iD",
        ),
        pytest.param([said(PERSON, NAME, "Lu, L")], [said(f"{BASE}id/person/rp2", NAME, "Lu, L")], {}, id="a corrected attribution"),
        pytest.param([said(PERSON, NAME, "Lu, L")], [said(AGENT, NAME, "Lu, L")], {}, id="a key that is lost"),
        pytest.param(
            [said(AGENT, NAME, "Lu, L"), said(f"{AGENT}~2", NAME, "Lu, L")],
            [said(PERSON, NAME, "Lu, L"), said(f"{AGENT}~2", NAME, "Lu, L")],
            {},
            id="two of one name",
        ),
        pytest.param([said(AGENT, NAME, "Lu, L")], [said(AGENT, NAME, "Lu, L"), said(PERSON, NAME, "Lu, L")], {}, id="the old one stays"),
        pytest.param([said(AGENT, NAME, "Lu, L")], [said(BY_ISSN, TITLE, "Lu, L")], {}, id="a person is no serial"),
        pytest.param(
            [said(f"{BASE}id/org/n-0123456789abcdef", NAME, "BMJ")],
            [said(f"{BASE}id/org/ror-02mhbdp94", NAME, "BMJ")],
            {f"{BASE}id/org/n-0123456789abcdef": f"{BASE}id/org/ror-02mhbdp94"},
            id="an organisation gets a ROR id",
        ),
    ],
)  # fmt: skip
def test_what_moves_between_two_versions_of_a_record(before, after, wanted):
    assert moved(before, after) == wanted


@pytest.fixture
def catalog(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    catalog.begin_run()
    return catalog


def publish_serial(catalog, key, serial):
    publish_into(catalog, key, [*own_claims(key), said(serial, TITLE, "Annals")])


def next_run(catalog):
    catalog.finish_run()
    catalog.begin_run()


def test_an_old_iri_leads_to_the_new_one_when_the_last_record_has_left_it(catalog):
    for key in ("1/1", "1/2"):
        publish_serial(catalog, key, BY_NAME)
    next_run(catalog)
    publish_serial(catalog, "1/1", BY_ISSN)
    next_run(catalog)
    assert catalog.moved_to(BY_NAME) is None  # 1/2 still states it
    publish_serial(catalog, "1/2", BY_ISSN)
    next_run(catalog)
    assert catalog.moved_to(BY_NAME) == BY_ISSN
    assert redirects_of(catalog) == [(BY_NAME, BY_ISSN)]


def test_a_name_that_leads_to_two_things_leads_nowhere(catalog):
    for key in ("1/1", "1/2"):
        publish_serial(catalog, key, BY_NAME)
    next_run(catalog)
    publish_serial(catalog, "1/1", BY_ISSN)
    publish_serial(catalog, "1/2", f"{BASE}id/serial/1468-2060")
    next_run(catalog)
    assert redirects_of(catalog) == []


def test_an_iri_that_is_stated_again_leads_nowhere(catalog):
    publish_serial(catalog, "1/1", BY_NAME)
    next_run(catalog)
    publish_serial(catalog, "1/1", BY_ISSN)
    next_run(catalog)
    assert catalog.moved_to(BY_NAME) == BY_ISSN
    publish_serial(catalog, "1/3", BY_NAME)
    next_run(catalog)
    assert catalog.moved_to(BY_NAME) is None


def test_a_part_of_an_item_that_is_stated_again_leads_nowhere(catalog):
    agent = f"{item_of('1/1')}#agent-x"
    for subject, target in ((agent, None), (PERSON, PERSON), (agent, None)):
        publish_into(catalog, "1/1", [said(subject, NAME, "X, Y")])
        next_run(catalog)
        assert catalog.moved_to(agent) == target


def test_a_chain_of_moves_is_one_redirect(catalog):
    linking = f"{BASE}id/serial/1468-2060"
    publish_serial(catalog, "1/1", BY_NAME)
    next_run(catalog)
    publish_into(catalog, "1/1", [said(BY_ISSN, TITLE, "Annals"), said(BY_ISSN, ISSN, "0003-4967")])
    next_run(catalog)
    publish_into(catalog, "1/1", [said(linking, TITLE, "Annals"), said(linking, ISSN, "0003-4967")])
    next_run(catalog)
    assert redirects_of(catalog) == [(BY_ISSN, linking), (BY_NAME, linking)]


STEP = st.tuples(
    st.sampled_from(["1/1", "1/2", "1/3"]), st.sampled_from([BY_NAME, BY_ISSN, f"{BASE}id/serial/1468-2060"])
)


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(STEP, max_size=3, unique_by=lambda step: step[0]), max_size=5))
def test_whatever_happens_no_redirect_starts_at_what_is_published_or_leads_to_another(tmp_path_factory, history):
    catalog = CatalogWriter.create(tmp_path_factory.mktemp("catalog") / "catalog.sqlite")
    catalog.begin_run()
    for run in history:
        for key, serial in run:
            publish_serial(catalog, key, serial)
        next_run(catalog)
        stated = {line[1 : line.index(">")] for line in catalog.all_claims()}
        table = dict(redirects_of(catalog))
        assert not stated & set(table)
        assert not set(table.values()) & set(table)
    catalog.close()


UUID = "8a3b5c1d-0000-4000-8000-000000000001"


def stage_and_put(catalog, key, **parts):
    from dataclasses import replace

    record = replace(record_of(key), **parts)
    catalog.stage(key, record)
    publish_into(catalog, key, record=record)


def test_the_iri_by_uuid_leads_to_the_one_by_handle(catalog):
    stage_and_put(catalog, f"uuid/{UUID}", handle=None, uuid=UUID)
    next_run(catalog)
    stage_and_put(catalog, "1/2", handle="1/2", uuid=UUID)
    next_run(catalog)
    assert catalog.moved_to(item_of(f"uuid/{UUID}")) == item_of("1/2")
    assert catalog.removed_on(item_of(f"uuid/{UUID}")) is None
    assert catalog.counts()["records"] == 1
    assert not [line for line in catalog.all_claims() if UUID in line]


def test_a_record_of_another_source_replaces_no_record(catalog):
    stage_and_put(catalog, f"uuid/{UUID}", handle=None, uuid=UUID)
    next_run(catalog)
    stage_and_put(catalog, "1/2", handle="1/2", uuid=UUID, source="/site/other.csv")
    next_run(catalog)
    assert catalog.moved_to(item_of(f"uuid/{UUID}")) is None
    assert catalog.counts()["records"] == 2


def test_two_records_of_one_run_stay_two(catalog):
    stage_and_put(catalog, f"uuid/{UUID}", handle=None, uuid=UUID)
    stage_and_put(catalog, "1/2", handle="1/2", uuid=UUID)
    next_run(catalog)
    assert catalog.counts()["records"] == 2
