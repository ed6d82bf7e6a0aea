"""Real files of other repositories, where the folder with them stands beside the checkout."""

from __future__ import annotations

from collections import Counter

import pytest

from lod.record import Record, Tombstone
from lod.report import Finding, Severity
from lod.sources import Item
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import items_of, texts

SHARED = SHARED_FOLDER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there"),
]

CSV_FILES = [
    # file, records, values, violations, rules of the remarks
    ("cifor-icraf_climate.csv.gz", 1480, 55_326, 0, ["csv-separator"]),
    ("flinders_03bmet.csv", 0, 0, 6, ["csv-id"]),
    ("flinders_pop_prev_items.csv", 7, 21, 0, ["csv-new-items"]),
    ("ilri_cmq_abstract-check.csv", 9, 18, 0, ["csv-id"]),
    ("ilri_cmq_test-geography.csv", 12, 68, 0, []),
    ("ilri_cmq_test.csv", 41, 118, 0, ["csv-column"]),
    ("safbuilder_AAA_batch-metadata-language.csv", 56, 274, 0, ["csv-column", "csv-column"]),
    ("safbuilder_AAA_batch-metadata.csv", 56, 274, 0, ["csv-column"]),
    ("umd_drum_etd_batch.csv.gz", 589, 10_521, 0, ["csv-column"]),
    ("utk_datasets_metadata-export.csv", 14, 283, 0, ["csv-id"]),
    ("worldfish_climate.csv", 38, 1_280, 0, ["csv-separator"]),
]


def _read(*parts: str) -> list[Item]:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    return items_of(path)


def test_every_real_csv_file_has_its_row_here():
    files = {path.name for path in (SHARED / "data" / "dspace-csv").glob("*")}
    assert files == {name for name, *_ in CSV_FILES}


@pytest.mark.parametrize(
    ("name", "records", "values", "violations", "remarks"), [pytest.param(*row, id=row[0]) for row in CSV_FILES]
)
def test_a_real_csv_file_gives_all_its_records(name, records, values, violations, remarks):
    items = _read("data", "dspace-csv", name)
    found = [item for item in items if isinstance(item, Record)]
    findings = [item for item in items if isinstance(item, Finding)]
    assert len(found) == records
    assert sum(len(record.values) for record in found) == values
    assert sum(finding.severity is Severity.VIOLATION for finding in findings) == violations
    assert [finding.rule for finding in findings if finding.severity is Severity.INFO] == remarks


def test_a_file_with_semicolons_has_its_names_apart_and_its_prose_whole():
    _, first, *_ = _read("data", "dspace-csv", "worldfish_climate.csv")
    assert isinstance(first, Record)
    assert len(texts(first, "dc.creator")) == 12
    assert len(texts(first, "dc.description.abstract")) == 1
    records = [item for item in _read("data", "dspace-csv", "cifor-icraf_climate.csv.gz") if isinstance(item, Record)]
    assert all(len(texts(record, "dc.title")) == 1 for record in records)
    assert sum(len(texts(record, "dc.description.abstract")) for record in records) == 1400
    types = {text for record in records for text in texts(record, "dc.type")}
    assert types == {"Journal Article", "ISI", "Non-ISI", "Evaluation report"}


def test_one_field_under_three_headers_of_a_true_export_is_one_field():
    records = [
        item for item in _read("data", "dspace-csv", "utk_datasets_metadata-export.csv") if isinstance(item, Record)
    ]
    assert sum(len(texts(record, "dc.date.issued")) for record in records) == 6
    assert records[0].collections == ("123456789/25",)
    assert texts(records[0], "dc.subject")[:2] == ["copperhead", "exotic plants"]


def test_the_large_export_keeps_the_authorities_of_its_authors():
    items = _read("data", "scale", "acl_every10.metadata-export.csv.gz")
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) == len(items) == 10_352
    assert all(record.uuid for record in records)
    authorities = [value for record in records for value in record.values if value.authority]
    assert len(authorities) > 400
    assert {value.confidence for value in authorities} == {600}
    odd = [value for record in records for value in record.values if "::" in value.text]
    assert len(odd) == 2


def test_the_seed_page_is_one_record_of_48_values():
    (record,) = _read("seed")
    assert isinstance(record, Record)
    assert len(record.values) == 48
    assert [value.field for value in record.values[44:]] == [
        "page.journalimpactfactor.2023",
        "page.scimagojournalrank.2023",
        "page.funding",
        "page.bookmarks.citeulike",
    ]
    assert record.values[46].language == "en_HK"
    assert record.values[46].text.startswith("This study was supported by grants from the National Natural Science")


OAI_FILES = [
    # files, records, tombstones, violations by rule
    ("oai_dc/arxiv_oai.*", 897, 0, {}),
    ("oai_dc/calpoly.*", 208, 0, {}),
    ("oai_dc/caltech.*", 88, 0, {}),
    ("oai_dc/colostate.*", 1006, 2, {}),
    ("oai_dc/dryad.*", 294, 0, {}),
    ("oai_dc/erudit.*", 46, 0, {}),
    ("oai_dc/mit2022_harvest*", 58, 0, {}),
    ("oai_dc/mit2022_list*", 0, 1, {}),
    ("oai_dc/mit2022_write*", 32, 0, {}),
    ("oai_dc/pubmedcentral.*", 844, 0, {}),
    ("oai_dc/udel.*", 1578, 0, {}),
    ("oai-dim/*", 16, 1, {"xml-broken": 1, "oai-no-metadata": 1}),
    ("oai-mets/*", 12, 0, {}),
    ("oai-qdc/*", 163, 0, {}),
    ("oai-xoai/cuni/*", 20, 0, {}),
    ("oai_openaire/*", 2, 0, {}),
]


@pytest.mark.parametrize(
    ("pattern", "records", "tombstones", "violations"), [pytest.param(*row, id=row[0]) for row in OAI_FILES]
)
def test_saved_responses_of_a_provider_give_all_their_records(tmp_path, pattern, records, tombstones, violations):
    paths = sorted((SHARED / "data").glob(pattern))
    assert paths
    for path in paths:
        (tmp_path / path.name).symlink_to(path)
    items = items_of(tmp_path)
    found = [item for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION]
    assert sum(isinstance(item, Record) for item in items) == records
    assert sum(isinstance(item, Tombstone) for item in items) == tombstones
    assert Counter(finding.rule for finding in found) == violations
