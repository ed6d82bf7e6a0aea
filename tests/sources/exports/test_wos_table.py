"""Web of Science's tab-delimited export, whose headers are the tags."""

from __future__ import annotations

import pytest

from lod.record import Record, Value
from lod.report import Finding, Severity
from tests.helpers.read_sources import items_of, texts

HEADER = "PT\tAU\tAF\tTI\tSO\tDT\tSN\tPY\tVL\tBP\tEP\tDI\tUT\tOI\tCR\tTC\t"
ROW = (
    'J\tCarberry, J; van der Berg, A\tCarberry, Josiah; van der Berg, Anna\t"Lichens" on roofs\tROOF LETTERS\tArticle\t2049-3630\t'
    "2021\t12\t101\t119\t10.5555/wos.1\tWOS:000000000000001\tCarberry, Josiah/0000-0002-1825-0097\tBerg A, 1999; Lund P, 2001\t3\t"
)


@pytest.mark.parametrize(
    "encoding",
    [pytest.param("utf-8", id="mac"), pytest.param("utf-8-sig", id="utf-8"), pytest.param("utf-16", id="windows")],
)
def test_a_row_gives_what_tagged_text_gives(tmp_path, encoding):
    path = tmp_path / "savedrecs.txt"
    path.write_bytes("\r\n".join((HEADER, ROW, HEADER, "", "")).encode(encoding))
    items = items_of(path)
    (record,) = [item for item in items if isinstance(item, Record)]
    assert record.place == "savedrecs.txt, line 2"
    assert Value("dc.contributor.author", "Carberry, Josiah", None, "0000-0002-1825-0097") in record.values
    assert texts(record, "dc.contributor.author") == ["Carberry, Josiah", "van der Berg, Anna"]
    assert texts(record, "dc.title") == ['"Lichens" on roofs']
    assert texts(record, "dc.relation.references") == ["Berg A, 1999", "Lund P, 2001"]
    assert {item.field for item in items if isinstance(item, Finding)} == {"AU beside AF", "TC"}


@pytest.mark.parametrize(
    ("row", "rule", "message"),
    [
        pytest.param(f"{ROW}more", "csv-row-width", "the row has 17 cells, the header 16", id="too many cells"),
        pytest.param(ROW.replace("roofs", "caf\udce9"), "wos-encoding", "the row is not UTF-8, in line 2", id="byte"),
        pytest.param("\t".join([" "] * 15 + ["3"]), "no-metadata", "the record has no values", id="nothing"),
    ],
)
def test_a_row_that_cannot_be_read_costs_itself(tmp_path, row, rule, message):
    path = tmp_path / "savedrecs.txt"
    path.write_bytes(f"{HEADER}\n{row}\n{ROW}\n".encode("utf-8", "surrogateescape"))
    items = items_of(path)
    (violation,) = [item for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION]
    assert (violation.rule, violation.place) == (rule, "savedrecs.txt, line 2")
    assert message in violation.message
    assert sum(isinstance(item, Record) for item in items) == 1
