"""Lists of PubMed articles as CSV, and tables of OpenCitations Meta."""

from __future__ import annotations

import pytest

from lod.record import Record, Value
from lod.sources import find_files
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import items_of, records_of, texts, violations

SHARED = SHARED_FOLDER / "data"


def test_a_table_of_pubmed_articles_has_headings_and_names_apart():
    (record,) = records_of("pubmed-csv", "full.csv")
    assert texts(record, "dc.subject.mesh") == ["Adrenergic beta-Antagonists", "Aged, 80 and over", "Heart Failure"]
    assert texts(record, "dc.contributor.author") == ["Krumholz, H M", "de Zeigler, D"]
    assert texts(record, "pubmed.label1") == ["I"]
    (bare,) = records_of("pubmed-csv", "missing.csv")
    assert [value.field for value in bare.values] == ["dc.identifier.pmid", "dc.title", "dc.type"]
    (violation,) = violations(items_of("pubmed-csv", "odd.csv"))
    assert violation.message.startswith(
        "odd.csv, row 3: the row has 6 cells, the header 5; the first without a header is"
    )


@pytest.mark.parametrize(
    ("row", "rule", "message"),
    [
        pytest.param('9,"Nine, words,a,b,c\n', "csv-quote", "in line 3 a quotation mark is missing or one", id="quote"),
        pytest.param("9,Nine\0,a,b,c\n", "csv-nul", "'title' holds a NUL byte", id="nul"),
        pytest.param("9,Nine", "csv-cut-off", "the file ends in the middle of the row", id="cut off"),
    ],
)
def test_a_row_that_cannot_be_read_costs_itself(tmp_path, row, rule, message):
    path = tmp_path / "articles.csv"
    path.write_text(f"pubmedID,title,keywords,authors,abstracts\n8,Eight,a,b,c\n{row}")
    items = items_of(path)
    (violation,) = violations(items)
    assert (violation.rule, violation.place) == (rule, "articles.csv, row 3")
    assert message in violation.message
    assert sum(isinstance(item, Record) for item in items) == 1


def test_a_table_of_opencitations_has_its_ids_apart():
    chapter, article = records_of("opencitations", "full.csv")
    assert Value("dc.contributor.author", "Janda, Laura A.", None, "0000-0002-1825-0097") in chapter.values
    assert texts(chapter, "dc.relation.isbn") == ["9789027211545", "9789027257451"]
    assert texts(article, "dc.date.issued") == ["2015-03-09"]
    assert texts(article, "dc.identifier.issn") == ["0022-0418"]
    assert texts(article, "dc.identifier.pmid") == ["12345678"]
    items = items_of("opencitations", "odd.csv")
    book, preprint = [item for item in items if isinstance(item, Record)]
    assert texts(book, "opencitations.id") == ["omid:br/06101"]
    assert texts(book, "opencitations.person") == ["Doe, Jane: viaf:5"]
    assert texts(preprint, "opencitations.id") == [":10.1000/3"]
    assert [item.rule for item in violations(items)] == ["csv-row-width"]


REAL = [
    pytest.param("pubmed/cohen2006_NSAIDS.csv.gz", "pubmed-csv", 393, id="pubmed-csv"),
    pytest.param("oc-meta-csv", "opencitations", 8_206, id="opencitations"),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize(("source", "name", "records"), REAL)
def test_real_files_give_all_their_records(source, name, records):
    assert {source_format.name for _, source_format in find_files(SHARED / source)[0]} == {name}
    items = items_of(SHARED / source)
    assert sum(isinstance(item, Record) for item in items) == records
    assert violations(items) == []
