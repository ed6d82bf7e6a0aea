"""The sample that `lod demo` publishes: both files must show what the tool can do."""

from __future__ import annotations

import pytest

from lod import bundled
from lod.record import Record
from lod.settings.table import Settings
from lod.sources import open_source

SETTINGS = Settings(base_iri="https://example.org/")


def _records() -> list[Record]:
    items = list(open_source(bundled.SAMPLE, SETTINGS))
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


def test_the_sample_has_twelve_rows_and_one_page_and_no_findings():
    assert [record.place for record in _records()] == [
        *(f"climate.csv, row {number}" for number in range(2, 14)),
        "item-page.txt, line 1",
    ]


@pytest.mark.parametrize(
    "field",
    [
        "dc.title",
        "dc.contributor.author",
        "dc.date.issued",
        "dc.type",
        "dc.identifier.uri",
        "dc.identifier.doi",
        "dc.relation.ispartof",
        "dc.identifier.issn",
    ],
)
def test_each_record_of_the_sample_has_what_good_linked_data_needs(field):
    for record in _records():
        assert field in {value.field for value in record.values}, record.place


def test_each_record_of_the_sample_has_a_handle_of_its_own():
    handles = [value.text for record in _records() for value in record.values if value.field == "dc.identifier.uri"]
    assert len(set(handles)) == len(handles) == 13
    assert all("//hdl.handle.net/" in handle for handle in handles)


def test_the_sample_page_holds_an_address_that_must_be_withheld():
    (address,) = [
        value.text for record in _records() for value in record.values if value.field == "dc.identifier.email"
    ]
    assert address == "Lu, L:someone@example.org"
