"""Dates of changes: which items have changed since when, removed and re-keyed ones among them, and in which groups they are."""

import pytest

from lod.rdf.claims import claim, iri, literal
from lod.store.catalog.reader import CatalogReader
from lod.store.catalog.writer import CatalogWriter
from lod.store.item_changes import HAS_FIELDS, IS_CITABLE, Timeline, groups_of, to_second
from tests.helpers.synthetic import BASE, item_of, own_claims, publish_into

LIVE = "2026-05-05T05:05:05Z"
ARTICLE = "http://purl.org/coar/resource_type/c_6501"
COLLECTION = f"{BASE}id/collection/10722/1"
TYPE, PART = iri("http://purl.org/dc/terms/type"), iri("http://purl.org/dc/terms/isPartOf")


@pytest.fixture
def catalog(tmp_path):
    return CatalogWriter.create(tmp_path / "catalog.sqlite")


def run(catalog, *steps, live="", rolled_back=False):
    """One run of a catalog; `live` is when the one before it went live."""
    if live:
        catalog.note_live(live, is_rolled_back=rolled_back)
    catalog.begin_run()
    for step in steps:
        step(catalog)
    catalog.finish_run()


def put(key, *more):
    return lambda catalog: publish_into(catalog, key, [*own_claims(key, *more)])


def remove(key):
    return lambda catalog: catalog.remove(key, "2026-01-01")


def dated(catalog, groups=(), live=LIVE, **options):
    """The items with the moments of their changes, "-" before a removed one."""
    history = catalog.history()
    timeline = history.timeline(live, **options)
    found = history.changes(*timeline.between("", ""), groups)
    assert history.count(*timeline.between("", ""), groups) == len(found)
    return [
        f"{timeline.moment(change.publication)[:10]} {'-' * change.is_removed}{change.item.rpartition('/')[2]}"
        for change in found
    ]


def test_an_item_is_dated_by_the_generation_in_which_it_was_to_be_seen_first(catalog):
    run(catalog, put("1/1"), put("1/2"), put("1/3"))
    assert dated(catalog) == ["2026-05-05 1", "2026-05-05 2", "2026-05-05 3"]
    run(catalog, put("1/2", "Another title"), remove("1/3"), put("1/4"), live="2026-02-02T02:02:02.9+00:00")
    assert dated(catalog) == ["2026-02-02 1", "2026-05-05 2", "2026-05-05 -3", "2026-05-05 4"]
    run(catalog, live="2026-03-03T03:03:03Z")
    run(catalog, live="2026-04-04T04:04:04Z")
    assert dated(catalog) == ["2026-02-02 1", "2026-03-03 2", "2026-03-03 -3", "2026-03-03 4"]
    run(catalog, put("1/3"), live="2026-04-05T04:04:04Z")
    assert dated(catalog)[-1] == "2026-05-05 3"
    assert [catalog.history().change_of(item_of(key)).created for key in ("1/2", "1/3", "1/4")] == [1, 3, 2]
    assert catalog.history().change_of(item_of("1/9")) is None


def test_a_page_of_changes_goes_on_behind_the_last_one(catalog):
    run(catalog, *(put(f"1/{number}") for number in range(7)))
    run(catalog, put("1/0", "A new title"), live="2026-02-02T02:02:02Z")
    history = catalog.history()
    found, after = [], (0, 0)
    while page := history.changes(1, 9, (), after, 3):
        assert len(page) <= 3
        found += page
        after = (page[-1].publication, page[-1].id)
    assert [change.item.rpartition("/")[2] for change in found] == ["1", "2", "3", "4", "5", "6", "0"]


def test_after_a_rollback_everything_counts_as_changed_then(catalog):
    run(catalog, put("1/1"))
    run(catalog, put("1/2"), live="2026-02-02T02:02:02Z")
    assert dated(catalog, is_rolled_back=True) == ["2026-05-05 1", "2026-05-05 2"]
    run(catalog, put("1/3"), live="2026-04-04T04:04:04Z", rolled_back=True)
    assert dated(catalog) == ["2026-04-04 1", "2026-04-04 2", "2026-05-05 3"]


def test_a_clock_that_was_set_back_does_not_reorder_publications(catalog):
    run(catalog, put("1/1"))
    run(catalog, put("1/2"), live="2026-03-03T03:03:03Z")
    run(catalog, put("1/3"), live="2026-02-02T02:02:02Z")
    assert dated(catalog) == ["2026-03-03 1", "2026-03-03 2", "2026-05-05 3"]
    assert dated(catalog, live="2026-01-01T00:00:00Z")[-1] == "2026-03-03 3"


def test_an_item_whose_key_has_changed_is_removed_under_the_old_one(catalog):
    run(catalog, put("1/aB"))
    run(catalog, put("1/Ab"), live="2026-02-02T02:02:02Z")
    assert dated(catalog) == ["2026-05-05 -aB", "2026-05-05 Ab"]


def test_groups_are_collections_types_and_what_the_claims_say(catalog):
    item, document = iri(item_of("1/1")), iri(f"{BASE}data/item/1/1")
    more = [claim(item, TYPE, iri(ARTICLE)), claim(document, PART, iri(COLLECTION))]
    assert groups_of(item_of("1/1"), [*own_claims("1/1"), *more]) == {HAS_FIELDS, ARTICLE, COLLECTION}
    issued = claim(item, iri("http://purl.org/dc/terms/issued"), literal("2020"))
    assert IS_CITABLE in groups_of(item_of("1/1"), [*own_claims("1/1"), *more, issued])
    assert groups_of(f"{BASE}id/item/rdf/a.ttl/x", []) == set()
    quoting = claim(iri(f"{item_of('1/1')}#file-1"), iri(f"{BASE}note"), literal(f"It says {PART} <{COLLECTION}>, too"))
    assert groups_of(item_of("1/1"), [quoting]) == {HAS_FIELDS}
    run(catalog, lambda it: publish_into(it, "1/1", [*own_claims("1/1"), *more]), put("1/2"))
    assert dated(catalog, [ARTICLE]) == dated(catalog, [COLLECTION, HAS_FIELDS]) == ["2026-05-05 1"]
    assert dated(catalog, [HAS_FIELDS]) == ["2026-05-05 1", "2026-05-05 2"]
    assert dated(catalog, ["http://example.org/none"]) == []
    run(catalog, put("1/1"), remove("1/2"), live="2026-02-02T02:02:02Z")
    assert dated(catalog, [ARTICLE]) == []
    assert dated(catalog, [HAS_FIELDS]) == ["2026-05-05 1", "2026-05-05 -2"]
    change = catalog.history().change_of(item_of("1/2"))
    assert catalog.history().groups_of([change.id]) == {change.id: [HAS_FIELDS]}


def test_a_site_that_moves_takes_the_dates_of_its_items_along(catalog):
    catalog.begin_run()
    catalog.move_to(BASE)
    publish_into(catalog, "1/1")
    catalog.finish_run()
    run(catalog, remove("1/1"), live="2026-02-02T02:02:02Z")
    catalog.begin_run()
    catalog.move_to("https://new.example.org/")
    catalog.finish_run()
    assert catalog.history().change_of("https://new.example.org/id/item/1/1").is_removed


def test_a_catalog_of_an_earlier_version_gets_its_dates_with_the_next_run(catalog, tmp_path):
    run(catalog, put("1/1"), put("1/2"))
    run(catalog, remove("1/2"), live="2026-02-02T02:02:02Z")
    for table in ("entry", "publication", "item_group", "grouped"):
        catalog._connection.execute(f"DROP TABLE {table}")
    catalog.close()
    reader = CatalogReader.open(tmp_path / "catalog.sqlite")
    assert (reader.history(), reader.dated_items(9)) == (None, [(item_of("1/1"), "2026-01-02T03:04:05Z")])
    assert reader.latest_of_each(1) == ["2026-01-02T03:04:05Z"]
    reader.close()
    opened = CatalogWriter.open_for_writing(tmp_path / "catalog.sqlite")
    run(opened, put("1/3"), live="2026-03-03T03:03:03Z")
    assert dated(opened) == ["2026-03-03 1", "2026-03-03 -2", "2026-05-05 3"]
    assert dated(opened, [HAS_FIELDS]) == ["2026-03-03 1", "2026-05-05 3"]


def test_items_of_the_generation_itself_have_no_moment_of_their_own_yet(catalog):
    run(catalog, put("1/1"), put("1/2"))
    run(catalog, put("1/2", "Another title"), put("1/3"), live="2026-02-02T02:02:02Z")
    moment = "2026-02-02T02:02:02Z"
    assert catalog.dated_items(9) == [(item_of("1/1"), moment), (item_of("1/2"), ""), (item_of("1/3"), "")]
    assert catalog.latest_of_each(1) == [moment, "", ""]
    assert catalog.latest_of_each(2) == ["", ""]


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        pytest.param("", "", (3, 9), id="all"),
        pytest.param("2026-01-02T00:00:00Z", "", (5, 9), id="from the moment itself"),
        pytest.param("2026-01-02T00:00:01Z", "", (9, 9), id="from a second later"),
        pytest.param("", "2026-01-02T00:00:00Z", (3, 5), id="until the moment itself"),
        pytest.param("", "2026-01-01T23:59:59Z", (3, 3), id="until a second before"),
        pytest.param("2026-01-04T00:00:00Z", "", (1, 0), id="after the last"),
        pytest.param("2026-01-02T00:00:01Z", "2026-01-02T23:59:59Z", (1, 0), id="between two"),
    ],
)
def test_a_span_of_time_is_a_span_of_publications(since, until, span):
    noted = [(3, "2026-01-01T00:00:00Z"), (5, "2026-01-02T00:00:00Z"), (9, None)]
    assert Timeline.of(noted, "2026-01-03T01:00:00+01:00").between(since, until) == span


def test_moments_are_in_utc_to_the_second():
    assert to_second("2026-01-02T03:04:05.999999+02:00") == "2026-01-02T01:04:05Z"
