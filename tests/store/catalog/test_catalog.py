"""The catalog: what it stores of each record, and what its queries return."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace

import pytest

from lod.errors import StoreError
from lod.mapping.mapped import ValueFate
from lod.rdf.claims import claim, iri, literal
from lod.record import File, Record, Value
from lod.report import Fate, Finding, Severity
from lod.store.base import FieldRow
from lod.store.catalog.reader import CatalogReader
from lod.store.catalog.schema import FORMAT
from lod.store.catalog.writer import CatalogWriter
from tests.helpers.synthetic import (
    BASE,
    MOMENT,
    item_of,
    mapped_of,
    own_claims,
    person_claims,
    publish_into,
    put,
    record_of,
    violation,
    warning,
)
from tests.helpers.waiting import ended

KEY = "10722/129504"


@pytest.fixture
def catalog(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    catalog.begin_run()
    return catalog


def next_run(catalog):
    catalog.finish_run()
    catalog.begin_run()


def stage(catalog, *records):
    for record in records:
        catalog.stage(record.handle, record)


def begin_mapping(catalog):
    """From now on findings are about records, no longer about sources."""
    list(catalog.staged_batches(1))


def refused(record):
    return [ValueFate(Fate.REFUSED, why="no title") for _ in record.values]


def keys_of(batches):
    return [[row.key for row in batch] for batch in batches]


# --- staging


def test_staged_records_come_in_the_order_of_their_keys(catalog):
    publish_into(catalog, "10722/2")
    stage(catalog, *(record_of(f"10722/{number}") for number in (3, 1, 2)))
    batches = list(catalog.staged_batches(2))
    assert keys_of(batches) == [["10722/1", "10722/2"], ["10722/3"]]
    assert [row.record for batch in batches for row in batch] == [record_of(f"10722/{number}") for number in (1, 2, 3)]


def test_unchanged_records_are_kept_and_not_given_to_be_mapped(catalog):
    publish_into(catalog, "10722/1")
    put(catalog, mapped_of("10722/2", own_claims("10722/2")), record_of("10722/2"), record_of("10722/2").content_hash())
    publish_into(catalog, "10722/3")
    publish_into(catalog, "10722/4")
    next_run(catalog)
    stage(catalog, *(record_of(f"10722/{number}") for number in (1, 2, 5)), record_of("10722/3", "Another"))
    stage(catalog, record_of("10722/4"))
    catalog.set_overdue(["10722/4"], refused=False)
    assert catalog.keep_unchanged("basis 1").records == 1
    assert keys_of(catalog.staged_batches(9)) == [["10722/2", "10722/3", "10722/4", "10722/5"]]
    assert catalog.staged_count() == 5


def test_records_are_put_while_the_staged_ones_are_read(catalog):
    stage(catalog, *(record_of(f"10722/{number}") for number in range(10)))
    for batch in catalog.staged_batches(3):
        for row in batch:
            publish_into(catalog, row.key, record=row.record)
    assert catalog.counts()["records"] == 10


def test_handles_that_differ_in_case_are_repeats(catalog):
    stage(catalog, record_of("10722/AB"), record_of("10722/1"), record_of("10722/ab", "Another"))
    [[first, second]] = catalog.repeats()
    assert [first.key, second.key] == ["10722/AB", "10722/ab"]
    catalog.drop_staged([second.id])
    assert list(catalog.repeats()) == []
    assert catalog.staged_count() == 2
    assert keys_of(catalog.staged_batches(9)) == [["10722/1", "10722/AB"]]


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        pytest.param("/site/a.csv", ["10722/1"], id="the file itself"),
        pytest.param("/site", ["10722/1", "10722/2", "10722/3"], id="a folder stands for its files"),
        pytest.param("/site/", ["10722/1", "10722/2", "10722/3"], id="with a slash"),
        pytest.param("/site/b", ["10722/3"], id="a folder below"),
        pytest.param("/sit", [], id="a name that begins alike"),
        pytest.param("/", ["10722/1", "10722/2", "10722/3", "10722/4"], id="everything"),
    ],
)
def test_records_that_their_source_no_longer_holds_are_missing(catalog, scope, missing):
    sources = {1: "/site/a.csv", 2: "/site/b.csv", 3: "/site/b/c.csv", 4: "/site2/a.csv", 5: "/site/a.csv"}
    for number, source in sources.items():
        publish_into(catalog, f"10722/{number}", record=record_of(f"10722/{number}", source=source))
    next_run(catalog)
    stage(catalog, record_of("10722/5"))
    assert list(catalog.missing_from([scope])) == missing
    assert list(catalog.missing_from([scope, scope])) == missing


def test_missing_records_may_be_removed_while_they_are_read(catalog):
    for number in range(20):
        publish_into(catalog, f"10722/{number}")
    next_run(catalog)
    assert [catalog.remove(key, "2026-01-03") for key in catalog.missing_from(["/site"])] == [True] * 20
    assert catalog.counts() == {"records": 0, "removed": 20, "refused": 0, "triples": catalog.counts()["triples"]}


# --- what is kept of a published record


def test_fields_come_as_the_source_has_them_with_their_fates(catalog):
    record = Record(
        "/site/a.csv",
        "a.csv, row 2",
        (
            Value("dc.title", "  A title\n", "en_HK"),
            Value("dc.identifier.email", "somebody@example.org"),
            Value("dc.description", "Write to somebody@example.org."),
            Value("dc.rights", "Ask somebody@example.org"),
        ),
        handle=KEY,
        files=(File("a.pdf", size_bytes=3),),
        collections=("10722/9",),
    )
    fates = (
        ValueFate(Fate.MAPPED, "dspace.toml, rule 1"),
        ValueFate(Fate.WITHHELD, "dspace.toml, rule 2", "personal data"),
        ValueFate(Fate.KEPT, "", "masked: an e-mail address"),
        ValueFate(Fate.MAPPED, "dspace.toml, rule 3"),
    )
    mapped = replace(mapped_of(KEY, own_claims(KEY)), fates=fates)
    put(catalog, mapped, record)
    hidden = "[e-mail address withheld]"
    assert catalog.fields_of(item_of(KEY)) == [
        FieldRow("dc.title", "  A title\n", "en_HK", Fate.MAPPED),
        FieldRow("dc.identifier.email", None, None, Fate.WITHHELD, "personal data"),
        FieldRow("dc.description", f"Write to {hidden}.", None, Fate.KEPT, "masked: an e-mail address"),
        FieldRow("dc.rights", f"Ask {hidden}", None, Fate.MAPPED),
    ]
    catalog.finish_run()
    catalog.close()
    unmasked = CatalogReader.open(catalog.path, mask=str)
    assert [row.text for row in unmasked.fields_of(item_of(KEY))][1:] == [
        None,
        f"Write to {hidden}.",
        "Ask somebody@example.org",
    ]


def test_an_unknown_item_has_no_fields(catalog):
    assert catalog.fields_of(item_of("10722/1")) == []


def test_damaged_texts_are_kept_as_they_are(catalog):
    record = replace(record_of(KEY, "half a pair \udc80"), source="/site/\udcff.csv", place="\udcff.csv, row 1")
    mapped = mapped_of(KEY, own_claims(KEY), title="half a pair \udc80")
    finding = replace(warning(KEY), value="half a pair \udc80", message="Odd: \udc80")
    put(catalog, mapped, record)
    catalog.add_findings([finding])
    explained = catalog.explain(KEY)
    assert explained.record == record
    assert explained.findings[0].value == finding.value
    assert explained.title == "half a pair \\udc80"
    assert list(catalog.missing_from(["/site/\udcff.csv"])) == [KEY]


def test_claims_are_kept_in_the_form_that_the_store_gives_back(catalog):
    def size(text):
        return claim(
            iri(item_of(KEY)), iri(f"{BASE}size"), literal(text, datatype="http://www.w3.org/2001/XMLSchema#integer")
        )

    mapped = mapped_of(KEY, [size("007"), size("7")])
    mapped = replace(mapped, fates=(ValueFate(Fate.MAPPED, claims=(size("007"), "lost")),))
    put(catalog, mapped, record_of(KEY))
    assert catalog.explain(KEY).claims == (size("7"),)
    assert catalog.explain(KEY).fates[0].claims == (size("7"), "lost")
    catalog.finish_run()
    assert list(catalog.all_claims()) == [size("7")]
    assert catalog.counts()["triples"] == 1


def test_items_are_paged_in_the_order_of_their_keys(catalog):
    for number in (3, 1, 2):
        publish_into(catalog, f"10722/{number}")
    assert catalog.items(2) == [(item_of("10722/1"), "Title of 10722/1"), (item_of("10722/2"), "Title of 10722/2")]
    assert catalog.items(2, 2) == [(item_of("10722/3"), "Title of 10722/3")]


def test_a_key_in_new_letters_is_the_same_record_and_its_old_iri_leads_to_the_new_one(catalog):
    publish_into(catalog, "10722/AB")
    next_run(catalog)
    publish_into(catalog, "10722/ab")
    catalog.finish_run()
    assert catalog.counts()["records"] == 1
    assert catalog.moved_to(item_of("10722/AB")) == item_of("10722/ab")
    assert catalog.moved_to(item_of("10722/ab")) is None
    assert not [line for line in catalog.all_claims() if "AB" in line]


def test_fates_that_do_not_fit_the_values_are_a_fault(catalog):
    with pytest.raises(ValueError, match=r"10722/129504: 2 fates for 1 values"):
        put(catalog, mapped_of(KEY, [], values=2), record_of(KEY))


# --- refused, unchanged, removed


def test_a_refused_version_stands_beside_the_published_one(catalog):
    begin_mapping(catalog)
    publish_into(catalog, KEY)
    catalog.add_findings([warning(KEY)])
    next_run(catalog)
    bad = record_of(KEY, "", place="a.csv, row 7")
    catalog.refuse(KEY, bad, refused(bad), [violation(KEY)])
    explained = catalog.explain(KEY)
    assert (explained.status, explained.record, explained.findings) == ("refused", bad, (violation(KEY),))
    assert explained.fates[0].fate is Fate.REFUSED
    assert explained.published.status == "published"
    assert explained.published.record == record_of(KEY)
    assert explained.published.findings == (warning(KEY),)
    assert catalog.explain("a.csv, row 7") == explained
    assert catalog.counts()["refused"] == 1


def test_publishing_forgets_the_refusal_and_the_findings_of_the_version_before(catalog):
    begin_mapping(catalog)
    publish_into(catalog, KEY)
    catalog.add_findings([warning(KEY)])
    catalog.refuse(KEY, record_of(KEY), refused(record_of(KEY)), [violation(KEY)])
    next_run(catalog)
    publish_into(catalog, KEY)
    assert catalog.explain(KEY).status == "published"
    assert list(catalog.findings()) == []
    assert catalog.finding_counts() == []


def test_an_unchanged_record_is_its_latest_attempt_again_with_its_fates(catalog):
    begin_mapping(catalog)
    publish_into(catalog, KEY)
    catalog.add_findings([warning(KEY)])
    next_run(catalog)
    catalog.refuse(KEY, record_of(KEY), refused(record_of(KEY)), [violation(KEY)])
    next_run(catalog)
    moved = record_of(KEY, source="/site/new.csv", place="new.csv, row 1")
    stage(catalog, moved)
    same = catalog.keep_unchanged("basis 1")
    assert (same.records, same.balance) == (1, (("dc.title", "mapped", 1),))
    assert same.findings == {(warning(KEY).rule, Severity.WARNING): 1}
    assert same.samples == [(KEY, replace(warning(KEY), place="new.csv, row 1"))]
    explained = catalog.explain(KEY)
    assert (explained.status, explained.record, explained.findings) == (
        "published",
        moved,
        (replace(warning(KEY), place="new.csv, row 1"),),
    )
    assert list(catalog.missing_from(["/site/a.csv"])) == []


def test_a_catalog_of_an_earlier_version_gets_its_summaries_when_they_are_needed(tmp_path):
    path = tmp_path / "catalog.sqlite"
    catalog = CatalogWriter.create(path)
    catalog.begin_run()
    for number in range(3):
        publish_into(catalog, f"10722/{number}")
    catalog.finish_run()
    catalog._connection.executescript("DROP TABLE summary; DROP TABLE field_fate; DROP TABLE source_file")
    catalog.close()
    catalog = CatalogWriter.open_for_writing(path)
    for _ in range(2):
        catalog.begin_run()
        stage(catalog, record_of("10722/0"), record_of("10722/2"))
        same = catalog.keep_unchanged("basis 1")
        assert (same.records, same.balance) == (2, (("dc.title", "mapped", 2),))
        catalog.finish_run()


def test_two_refused_records_of_one_key_keep_the_findings_of_both(catalog):
    for place in ("a.csv, row 1", "b.csv, row 9"):
        catalog.refuse(
            KEY, record_of(KEY, place=place), refused(record_of(KEY)), [replace(violation(KEY), place=place)]
        )
    assert [finding.place for finding in catalog.explain(KEY).findings] == ["a.csv, row 1", "b.csv, row 9"]
    next_run(catalog)
    catalog.refuse(KEY, record_of(KEY), refused(record_of(KEY)), [violation(KEY)])
    assert len(catalog.explain(KEY).findings) == 1


def test_a_record_that_could_not_be_read_is_known_by_its_place(catalog):
    finding = Finding("unreadable", Severity.VIOLATION, "The row has 3 cells, the header 4.", place="a.csv, row 3")
    catalog.refuse("a.csv, row 3", None, [], [finding])
    explained = catalog.explain("a.csv, row 3")
    assert (explained.status, explained.record, explained.findings) == ("refused", None, (finding,))


@pytest.mark.parametrize(
    ("scopes", "again", "left"),
    [
        pytest.param(["/site/a.csv"], False, 0, id="its source was read whole"),
        pytest.param(["/site/a.csv"], True, 1, id="it happened again"),
        pytest.param(["/site/b.csv"], False, 1, id="another source was read"),
        pytest.param([], False, 1, id="no source was read whole"),
    ],
)
@pytest.mark.parametrize("readable", [True, False])
def test_old_refusals_are_forgotten_when_their_source_is_read_whole(catalog, scopes, again, left, readable):
    record = record_of(KEY) if readable else None

    def refuse():
        catalog.refuse("a.csv, row 3", record, refused(record) if record else [], [violation("a.csv, row 3")])

    refuse()
    list(catalog.missing_from(["/site/a.csv"]))
    next_run(catalog)
    list(catalog.missing_from(scopes))
    if again:
        refuse()
    catalog.finish_run()
    assert catalog.counts()["refused"] == left
    assert len(list(catalog.findings())) == left


def test_a_removed_record_leaves_its_date_and_its_iri(catalog):
    begin_mapping(catalog)
    publish_into(catalog, KEY)
    catalog.add_findings([warning(KEY)])
    assert catalog.remove(KEY, "2026-01-03")
    assert catalog.removed_on(item_of(KEY)) == "2026-01-03"
    assert catalog.fields_of(item_of(KEY)) == []
    explained = catalog.explain(item_of(KEY))
    assert (explained.status, explained.key, explained.removed) == ("removed", KEY, "2026-01-03")
    assert list(catalog.findings()) == []


def test_what_was_never_published_is_not_removed(catalog):
    assert not catalog.remove(KEY, "2026-01-03")
    assert catalog.removed_on(item_of(KEY)) is None
    assert catalog.explain(KEY) is None


def test_a_removed_record_that_returns_has_no_tombstone(catalog):
    publish_into(catalog, KEY)
    catalog.remove(KEY, "2026-01-03")
    publish_into(catalog, KEY)
    assert catalog.removed_on(item_of(KEY)) is None
    assert catalog.counts()["removed"] == 0


# --- findings


def test_findings_come_in_the_order_of_keys_and_are_counted_by_message(catalog):
    for number in (2, 1):
        publish_into(catalog, f"10722/{number}")
        catalog.add_findings([warning(f"10722/{number}"), warning(f"10722/{number}", f"Title {number} is odd.")])
    catalog.refuse("10722/3", None, [], [violation("10722/3")])
    assert [finding.record for finding in catalog.findings()] == ["10722/1"] * 2 + ["10722/2"] * 2 + ["10722/3"]
    assert catalog.finding_counts()[0] == ("T02", "warning", "The title ends with a full stop.", 2)
    assert len(catalog.finding_counts()) == 4
    assert list(catalog.findings("10722/3")) == [violation("10722/3")]


@pytest.mark.parametrize("one_by_one", [False, True])
def test_the_findings_of_a_record_are_read_once_however_many_are_added(tmp_path, one_by_one):
    queries = []
    catalog = CatalogWriter.create(tmp_path / "traced.sqlite")
    catalog.begin_run()
    publish_into(catalog, KEY)
    begin_mapping(catalog)
    catalog._connection.set_trace_callback(queries.append)
    findings = [warning(KEY, f"Name {number} is odd.") for number in range(50)]
    for some in [[finding] for finding in findings] if one_by_one else [findings]:
        catalog.add_findings(some)
    assert len([query for query in queries if query.startswith("SELECT message, detail")]) == 1
    catalog._connection.set_trace_callback(None)
    assert len(list(catalog.findings(KEY))) == 50
    catalog.finish_run()
    catalog.close()


def test_a_finding_that_comes_again_is_kept_once(catalog):
    publish_into(catalog, KEY)
    for _ in range(3):
        begin_mapping(catalog)
        catalog.add_findings([warning(KEY)])
        next_run(catalog)
    assert list(catalog.findings()) == [warning(KEY)]


def test_findings_about_the_sources_are_those_of_the_last_run(catalog):
    publish_into(catalog, KEY)
    next_run(catalog)
    repeated = Finding("D04", Severity.WARNING, "An older version also stands in the sources.", record=KEY)
    catalog.add_findings([repeated, Finding("skipped", Severity.WARNING, "a.txt was skipped.")])
    begin_mapping(catalog)
    publish_into(catalog, KEY)
    assert catalog.explain(KEY).findings == (repeated,)
    assert len(list(catalog.findings())) == 2
    next_run(catalog)
    assert list(catalog.findings()) == []


# --- explain


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(KEY, id="key"),
        pytest.param(f"{BASE}id/item/{KEY}", id="item"),
        pytest.param(f"{BASE}data/item/{KEY}", id="document"),
        pytest.param(f"a.csv, {KEY}", id="place"),
    ],
)
def test_a_record_is_explained_by_any_of_its_names(catalog, name):
    publish_into(catalog, KEY, own_claims(KEY) + person_claims(1))
    explained = catalog.explain(name)
    assert (explained.status, explained.key, explained.item) == ("published", KEY, item_of(KEY))
    assert (explained.title, explained.generated) == (f"Title of {KEY}", MOMENT)
    assert explained.claims == tuple(sorted(own_claims(KEY) + person_claims(1)))
    assert explained.fates == mapped_of(KEY, own_claims(KEY) + person_claims(1)).fates


def test_a_handle_is_explained_in_any_letters(catalog):
    publish_into(catalog, "10722/AB")
    assert catalog.explain("10722/ab").key == "10722/AB"


def test_a_place_of_several_records_is_refused_with_their_keys(catalog):
    for number in (1, 2):
        publish_into(catalog, f"10722/{number}", record=record_of(f"10722/{number}", place="a.csv, row 1"))
    with pytest.raises(StoreError, match=r"'a.csv, row 1' is the place of 2 records: 10722/1, 10722/2; ask for one by"):
        catalog.explain("a.csv, row 1")


# --- the file


def test_a_finished_catalog_holds_no_trace_of_the_run(catalog, tmp_path):
    stage(catalog, *(record_of(f"10722/{number}") for number in range(50)))
    publish_into(catalog, KEY)
    catalog.set_report({"read": 50})
    catalog.finish_run()
    catalog.close()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite"]
    finished = CatalogReader.open(catalog.path)
    assert finished.report() == {"read": 50}
    assert finished._rows("SELECT count(*) FROM sqlite_master WHERE name LIKE '%staged%'") == [(0,)]


def test_a_finished_catalog_is_read_by_several_threads(catalog):
    for number in range(50):
        publish_into(catalog, f"10722/{number}")
    catalog.finish_run()
    catalog.close()
    finished = CatalogReader.open(catalog.path)
    answers = []

    def read():
        answers.extend(len(finished.fields_of(item_of(f"10722/{number}"))) for number in range(50))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        ended(thread)
    assert answers == [1] * 400
    finished.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            None, r"catalog.sqlite: opening the catalog failed: it cannot be opened; check whether", id="missing"
        ),
        pytest.param(b"no database" * 100, r"opening the catalog failed: the file is damaged; go back", id="damaged"),
    ],
)
@pytest.mark.parametrize("open_", [CatalogReader.open, CatalogWriter.open_for_writing])
def test_a_catalog_that_cannot_be_read_is_reported_with_its_path(tmp_path, content, message, open_):
    path = tmp_path / "catalog.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_(path)


def test_a_catalog_of_another_format_is_refused(catalog):
    catalog._connection.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    catalog.finish_run()
    catalog.close()
    with pytest.raises(StoreError, match=rf"catalog format 99, this version reads {FORMAT}; use the version of lod"):
        CatalogReader.open(catalog.path)


def test_a_catalog_of_the_format_before_is_read_and_becomes_one_of_this(catalog):
    catalog._connection.execute("UPDATE meta SET value = '5' WHERE name = 'format'")
    catalog.finish_run()
    catalog.close()
    CatalogReader.open(catalog.path).close()
    with closing(CatalogWriter.open_for_writing(catalog.path)) as writer:
        assert writer._connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() == (FORMAT,)


def test_a_catalog_is_not_made_over_another(catalog):
    with pytest.raises(StoreError, match=r"catalog.sqlite: a catalog exists already"):
        CatalogWriter.create(catalog.path)


def test_a_run_is_started_once_and_before_anything_else(tmp_path):
    catalog = CatalogWriter.create(tmp_path / "catalog.sqlite")
    with pytest.raises(RuntimeError, match="no run is open"):
        publish_into(catalog, KEY)
    with pytest.raises(RuntimeError, match="no run is open"):
        catalog.changes()
    catalog.begin_run()
    with pytest.raises(RuntimeError, match="a run is open already"):
        catalog.begin_run()
    catalog.changes()
    with pytest.raises(RuntimeError, match="settled already"):
        publish_into(catalog, KEY)
    catalog.close()
