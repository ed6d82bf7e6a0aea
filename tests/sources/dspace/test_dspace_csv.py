"""DSpace CSV files, read whole."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import SourceError
from lod.record import Record, Tombstone, Value
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources import open_source
from tests.helpers.paths import FIXTURES

DATA = FIXTURES / "sources" / "dspace-csv"
SETTINGS = Settings(base_iri="https://example.org/")


def _items(case: str) -> list[object]:
    return list(open_source(DATA / f"{case}.csv", SETTINGS))


def _texts(record: object) -> list[tuple[str, str, str | None]]:
    assert isinstance(record, Record)
    return [(value.field, value.text, value.language) for value in record.values]


def test_a_full_row_gives_every_value_with_language_authority_and_collections():
    first, second = _items("full")
    assert isinstance(first, Record)
    assert first.place == "full.csv, row 2"
    assert first.source == str((DATA / "full.csv").resolve())
    assert first.uuid == "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11"
    assert first.collections == ("20.500.12348/10", "20.500.12348/12")
    assert first.values[:4] == (
        Value("dc.contributor.author", "Barnes, M."),
        Value("dc.contributor.author", "Wang, P.", None, "wang-p", 600),
        Value("dc.contributor.author", "Cinner, J.", None, "will be referenced::ORCID::0000-0002-1825-0097", -1),
        Value("dc.date.issued", "2020"),
    )
    assert first.values[-2:] == (
        Value("dc.title", "Social determinants of adaptive and transformative responses to climate change", "en_US"),
        Value("dc.type", "Journal Article", "en_US"),
    )
    assert [value.text for value in first.values if value.field == "dc.subject"] == [
        "environmental sciences",
        "sociology",
        "climate-change adaptation",
        "interdisciplinary studies",
        "psychology and behaviour",
    ]
    assert isinstance(second, Record)
    assert second.uuid == "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b12"


def test_missing_cells_are_missing_values():
    first, second = _items("missing")
    assert _texts(first) == [("dc.title", "Inequality and the Biosphere", None)]
    assert [field for field, _, _ in _texts(second)] == [
        "dc.contributor.author",
        "dc.date.issued",
        "dc.identifier.uri",
    ]


def test_blank_rows_and_cells_give_nothing_but_a_row_without_metadata_is_named():
    finding, record, new = _items("blank")
    assert new.rule == "csv-new-items"
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.rule, finding.place) == (
        Severity.VIOLATION,
        "csv-no-metadata",
        "blank.csv, row 3",
    )
    assert finding.message == (
        "blank.csv, row 3: the row has no metadata, only an id or collections, so that no record can be made of it; "
        "export the items with their metadata, or leave the row out"
    )
    assert _texts(record) == [
        ("dc.title", "Adaptation for changing deltas", "en"),
        ("dc.subject", "deltas", None),
    ]


def test_an_odd_file_loses_nothing_in_silence():
    items = _items("odd")
    assert [(type(item).__name__, getattr(item, "rule", ""), item.place) for item in items] == [
        ("Finding", "csv-row-width", "odd.csv, row 2"),
        ("Record", "", "odd.csv, row 3"),
        ("Tombstone", "", "odd.csv, row 4"),
        ("Finding", "csv-action", "odd.csv, row 5"),
        ("Finding", "csv-action", "odd.csv, row 6"),
        ("Finding", "csv-nul", "odd.csv, row 7"),
        ("Record", "", "odd.csv, row 8"),
        ("Finding", "csv-column", "odd.csv"),
        ("Finding", "csv-column", "odd.csv"),
        ("Finding", "csv-id", "odd.csv"),
        ("Finding", "csv-new-items", "odd.csv"),
    ]
    assert _texts(items[1]) == [
        ("dc.title", 'Food, "fish" and\r\nthe climate', "en"),
        ("dc.title", "Second title", "en"),
        ("dcterms.bibliographicCitation", "People and Nature; 3, 376", None),
        ("dc.subject", "std::vector", None),
        ("dc.subject", "C::x::601", None),
        ("dc.subject", "Fish", None),
        ("relation.isAuthorOfPublication", "af76312b-ab3b-5e42-9b57-2d059df5e79b", None),
    ]
    tombstone = items[2]
    assert isinstance(tombstone, Tombstone)
    assert tombstone.uuid == "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11"
    messages = {item.message for item in items if isinstance(item, Finding)}
    assert messages == {
        "odd.csv, row 2: the row has 10 cells, the header 9; the first without a header is "
        "'of a citation without quotation marks'. Put quotation marks around cells that hold the delimiter",
        "odd.csv, row 5: action 'expunge', but nothing says of which item; give its UUID in 'id' or its handle in "
        "'dc.identifier.uri'",
        "odd.csv, row 6: unknown action 'rename'; known: delete, expunge, withdraw, reinstate, or an empty cell",
        "odd.csv, row 7: 'DC.Title [en]' holds a NUL byte, which no text has: 'Some\\x00thing'; the file was damaged, "
        "or written in another encoding. Export it again as UTF-8",
        "odd.csv: column 3, 'filename', is no field; left out: 1 cell. A column that is to be published needs a header "
        "such as dc.description",
        "odd.csv: column 8, which has no header, is no field; left out: 1 cell. A column that is to be published needs "
        "a header such as dc.description",
        "odd.csv: column 'id' holds '17', which is no UUID: DSpace's internal numbers differ from server to server, "
        "so that records are known by their handles, DOIs and other identifiers instead; a record without any is known by its number only where lod.toml names the source",
        "odd.csv: 1 row has '+' as id: items that DSpace has yet to make. Without a handle they have no lasting IRI; import "
        "them, then publish an export",
    }
    assert {item.severity for item in items[-4:] if isinstance(item, Finding)} == {Severity.INFO}


@pytest.mark.parametrize(
    ("uri", "handle"),
    [
        ("http://hdl.handle.net/10722/129504", "10722/129504"),
        ("https://doi.org/10.5555/1||https://repository.example.org/handle/123456789/7", "123456789/7"),
        ("hdl:20.500.12348/3792", "20.500.12348/3792"),
        ("20.500.12348/3792", "20.500.12348/3792"),
    ],
)
def test_a_removed_item_without_uuid_is_known_by_its_handle(read, uri, handle):
    (tombstone,) = read("a.csv", f"dc.identifier.uri,action\n{uri},withdraw\n")
    assert isinstance(tombstone, Tombstone)
    assert (tombstone.handle, tombstone.uuid, tombstone.place) == (handle, None, "a.csv, row 2")


def test_a_doi_is_not_taken_for_the_handle_of_a_removed_item(read):
    (finding,) = read("a.csv", "dc.identifier.uri,action\nhttps://doi.org/10.5555/1||10.5555/2,delete\n")
    assert isinstance(finding, Finding)
    assert finding.rule == "csv-action"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_line_ends_marks_and_delimiters_do_not_matter(read, newline, mark, delimiter):
    rows = [["id", "dc.title[en]", "dc.subject"], ["+", "One", "a||b"], ["+", '"Two\nlines"', "c"]]
    text = mark + newline.join(delimiter.join(row) for row in rows)
    first, second, _ = read("a.csv", text)
    assert _texts(first) == [("dc.title", "One", "en"), ("dc.subject", "a", None), ("dc.subject", "b", None)]
    assert _texts(second) == [("dc.title", "Two\nlines", "en"), ("dc.subject", "c", None)]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(read):
    items = read("a.csv", '\ndc.title,dc.subject\n"One\nin\nthree",a\n\nTwo,b\n')
    assert [item.place for item in items] == ["a.csv, row 3", "a.csv, row 5"]


def test_one_field_under_several_headers_keeps_the_order_of_the_columns(read):
    (record,) = read("a.csv", "dc.title[fr],dc.subject,dc.title[],dc.title,dc.title\nUn,a,Two||Three,Four,Five\n")
    assert _texts(record) == [
        ("dc.title", "Un", "fr"),
        ("dc.subject", "a", None),
        ("dc.title", "Two", None),
        ("dc.title", "Three", None),
        ("dc.title", "Four", None),
        ("dc.title", "Five", None),
    ]


def test_a_cell_far_beyond_the_limit_of_the_csv_module_is_read(read):
    text = "word " * 100_000 + "end"
    (record,) = read("a.csv", f"dc.title,dc.description.abstract\nLong,{text}\n")
    assert _texts(record)[1] == ("dc.description.abstract", text, None)


def test_surplus_cells_that_are_blank_do_no_harm(read):
    (record,) = read("a.csv", "dc.title,dc.subject\nOne,a,, ,\n")
    assert len(_texts(record)) == 2


def test_a_separator_that_was_found_is_told_with_the_setting_that_overrules_it(read):
    content = 'dc.title,dc.creator\nFish; a review,"Lau, J.; Cohen, P.J."\n'
    finding, record = read("a.csv", content)
    assert (finding.severity, finding.rule) == (Severity.INFO, "csv-separator")
    assert finding.message == (
        "a.csv: '; ' separates values here: it is in 1 of 1 cells of 'dc.creator' in the first rows, and '||' in "
        "no column of names, subjects or codes. Titles, abstracts and other prose stay whole. If that is wrong, set "
        'value_separator = "||"'
    )
    assert [text for _, text, _ in _texts(record)] == ["Fish; a review", "Lau, J.", "Cohen, P.J."]
    (whole,) = read("a.csv", content, value_separator="||")
    assert [text for _, text, _ in _texts(whole)] == ["Fish; a review", "Lau, J.; Cohen, P.J."]
    (bare,) = read("a.csv", content.replace("; C", ";C"), value_separator=";")
    assert [text for _, text, _ in _texts(bare)] == ["Fish; a review", "Lau, J.", "Cohen, P.J."]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            b"dc.title\n" + b"One\n" * 50_000 + b"Two \xc3",
            "the file breaks off within a character (byte 0xC3 at offset 200013); fetch or export it again",
            id="broken off far behind",
        ),
        pytest.param(
            "dc.title\nDvo\x81r\xe9\n".encode("latin-1"),
            "not UTF-8: byte 0x81 at offset 12; nor Windows-1252: byte 0x81; save it as 'CSV UTF-8' and read it again",
            id="neither UTF-8 nor Windows-1252",
        ),
        pytest.param(
            b"id,dc.title\n1,One\nid,dc.title,dc.subject\n2,Two,a\n",
            "row 3 is a second header, with other columns: the file was joined from several. Put them apart again, each in "
            "a file of its own",
            id="two tables",
        ),
        pytest.param(
            b"title,author\nOne,a\n",
            "the header names no field such as dc.title or dc.title[en]; it has: title, author",
            id="no field",
        ),
        pytest.param(
            b"\n\n", "the header names no field such as dc.title or dc.title[en]; it has: nothing", id="blank"
        ),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_an_error(read, tmp_path, content, message):
    with pytest.raises(SourceError, match=f"^{re.escape(f'{tmp_path}/a.csv: {message}')}$"):
        read("a.csv", content, format="dspace-csv")


def test_a_stray_quotation_mark_costs_nothing_or_its_row_and_is_told(read):
    content = 'id,dc.title,dc.subject\n+,"The "big" one",a\n+,"Two, and no end,b\n+,Three,c\n'
    remark, first, broken, third, *_ = read("a.csv", content)
    assert (remark.rule, remark.severity, remark.place) == ("csv-quote", Severity.INFO, "a.csv, row 2")
    assert remark.message == (
        'a.csv, row 2: a quotation mark in line 2 neither begins nor ends a cell and was read as text; double it ("") where it '
        "belongs to the text, or delete it"
    )
    assert _texts(first)[0] == ("dc.title", 'The "big" one', None)
    assert (broken.rule, broken.severity, broken.value) == ("csv-quote", Severity.VIOLATION, '+,"Two, and no end,b')
    assert broken.message == (
        "a.csv, row 3: in line 3 a quotation mark is missing or one too many, so that nothing says where a cell ends; close it, or "
        'double it ("") where it belongs to the text'
    )
    assert _texts(third)[0] == ("dc.title", "Three", None)


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        pytest.param(
            "dc.title,dc.creator\nOne,Bénédicte\n".encode("latin-1"),
            "a.csv: read as Latin-1 (ISO 8859-1), since it is not UTF-8 (byte 0xE9 at offset 25) and hardly any of its "
            "characters is; so it holds 'Bénédicte'. If that is wrong, save it as 'CSV UTF-8' and read it again",
            id="Latin-1",
        ),
        pytest.param(
            "dc.title,dc.creator\n“One”,Bénédicte\n".encode("cp1252"),
            "a.csv: read as Windows-1252, since it is not UTF-8 (byte 0x93 at offset 20) and hardly any of its "
            "characters is; so it holds '“One”'. If that is wrong, save it as 'CSV UTF-8' and read it again",
            id="Windows-1252",
        ),
        pytest.param(
            "dc.title,dc.creator\nOne,Bénédicte\n".encode("utf-16"),
            "a.csv: read as UTF-16, as its first bytes show",
            id="UTF-16",
        ),
        pytest.param(
            "dc.title,dc.creator\nOne,Bénédicte\n".encode("utf-16-be"),
            "a.csv: read as UTF-16, as its first bytes show",
            id="UTF-16 without a mark",
        ),
    ],
)
def test_an_encoding_other_than_utf8_is_told_and_said(read, content, remark):
    finding, record = read("a.csv", content)
    assert (finding.rule, finding.severity, finding.message) == ("csv-encoding", Severity.INFO, remark)
    assert [text.strip("“”") for _, text, _ in _texts(record)] == ["One", "Bénédicte"]


def test_utf8_with_one_bad_byte_is_not_taken_for_latin1_and_costs_one_record(read):
    names = "".join(f"Title {number},Bénédicte\n" for number in range(3)).encode()
    items = read("a.csv", b"dc.title,dc.creator\n" + names + b"Bad,B\xe9ret\nLast,\xc3\x89lan\n")
    assert [getattr(item, "rule", item.place) for item in items] == [
        "csv-encoding", "a.csv, row 2", "a.csv, row 3", "a.csv, row 4", "csv-bad-byte", "a.csv, row 6",
    ]  # fmt: skip
    assert items[0].message == (
        "a.csv: UTF-8, but damaged: 1 byte is no UTF-8, the first is byte 0xE9 at offset 85. The records with them are "
        "refused; export the file again, or mend them"
    )
    assert items[4].message == (
        "a.csv, row 5: 'dc.creator' holds a byte that is no UTF-8: 'B\ufffdret'; the file was damaged, or written in "
        "another encoding. Export it again as UTF-8"
    )
    assert (items[4].field, items[4].severity) == ("dc.creator", Severity.VIOLATION)


@pytest.mark.parametrize(
    ("above", "asides"),
    [
        pytest.param("sep=;\n", [], id="sep"),
        pytest.param("\ufeffsep=;\n", [], id="sep after a mark"),
        pytest.param("Export of 2020; made by hand\n\n", ["row 1: 'Export of 2020, made by hand'"], id="remark"),
        pytest.param("# one\n# two\n", ["row 1: '# one'"], id="two remarks"),
    ],
)
def test_lines_above_the_header_are_told_and_do_not_hide_it(read, above, asides):
    record, *remarks = read("a.csv", f"{above}dc.title;dc.subject\nOne, two;a\n")
    assert _texts(record) == [("dc.title", "One, two", None), ("dc.subject", "a", None)]
    assert [remark.message.partition("first is ")[2] for remark in remarks] == asides
    assert record.place == f"a.csv, row {above.count(chr(10)) + 2}"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("#,explained,below", id="comment in id"),
        pytest.param("# a remark,,", id="comment alone"),
        pytest.param(",Title,Date of issue", id="labels"),
        pytest.param(",required,YYYY-MM-DD", id="instructions"),
        pytest.param("id,dc.title[en],dc.date.issued", id="header once more"),
    ],
)
def test_rows_that_explain_are_no_records_and_are_told(read, row):
    record, remark = read("a.csv", f"id,dc.title[en],dc.date.issued\n{row}\n,One,2020\n")
    assert [text for _, text, _ in _texts(record)] == ["One", "2020"]
    assert (remark.rule, remark.severity) == ("csv-aside", Severity.INFO)
    assert remark.message == (
        "a.csv: 1 row is no record but a remark, an explanation or the header once more; left out, the first is row 2: "
        f"{', '.join(filter(None, row.split(',')))!r}"
    )


@pytest.mark.parametrize("title", ["#MeToo in libraries", "Title", "# of copies"])
def test_a_record_that_begins_like_a_remark_is_a_record(read, title):
    (record,) = read("a.csv", f"dc.title,dc.date.issued\n{title},2020\n")
    assert _texts(record)[0] == ("dc.title", title, None)


def test_a_handle_as_pages_write_it_is_no_remark_even_where_it_stands_alone(read):
    record, other = read("a.csv", "dc.identifier.uri,dc.title\n#/11463/23958,\n#/11463/23959,Two\n")
    assert _texts(record) == [("dc.identifier.uri", "#/11463/23958", None)]
    assert _texts(other)[1] == ("dc.title", "Two", None)


def test_lists_in_brackets_are_taken_apart_in_their_column_alone(read):
    content = 'dc.title,dc.subject,dc.type\n[Untitled],"[\'a, b\', ""c""]",x||y\n[Two],"[\'d\']",x\n'
    remark, first, second = read("a.csv", content)
    assert remark.message == (
        "a.csv: the cells of 'dc.subject' are lists in brackets, and were taken apart as such. If that is wrong, set "
        'value_separator = "||"'
    )
    assert [text for _, text, _ in _texts(first)] == ["[Untitled]", "a, b", "c", "x", "y"]
    assert [text for _, text, _ in _texts(second)] == ["[Two]", "d", "x"]
    whole, _ = read("a.csv", content, value_separator="||")
    assert [text for _, text, _ in _texts(whole)][1] == "['a, b', \"c\"]"


def test_a_file_that_mixes_separators_is_read_column_by_column_unless_it_is_an_export(read):
    rows = 'A; b,"Lau, J.; Cohen, P.J.",x||y\n'
    remark, record = read("a.csv", f"dc.title,dc.creator,dc.subject\n{rows}")
    assert remark.message == (
        "a.csv: '; ' separates values in the column 'dc.creator': it is in 1 of 1 cells in the first rows, and '||' in "
        "none; other columns have '||'. If that is wrong, set value_separator = \"||\""
    )
    assert [text for _, text, _ in _texts(record)] == ["A; b", "Lau, J.", "Cohen, P.J.", "x", "y"]
    (whole,) = read("a.csv", f"id,collection,dc.title,dc.creator,dc.subject\n,1/2,{rows}")
    assert [text for _, text, _ in _texts(whole)][1] == "Lau, J.; Cohen, P.J."


def test_people_and_journals_of_an_export_with_entities_are_records_like_all_others(read):
    content = "dc.title,dspace.entity.type\nOne,Publication\nLau,Person\nAnnals,Journal\nTwo,\n"
    assert [_texts(record)[0][1] for record in read("a.csv", content)] == ["One", "Lau", "Annals", "Two"]


_LANGUAGES = st.sampled_from(["", "[]", "[en]", "[zh_TW]"])
_FIELDS = st.sampled_from(["dc.title", "dc.subject", "dc.description.abstract", "dcterms.isPartOf", "cg.note.x-y"])
_TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
    .map(lambda text: text.strip().strip("|").strip())
    # A first cell that begins with "#" makes a comment row in files that people have edited.
    .filter(lambda text: text and "||" not in text and "::" not in text and not text.startswith("#"))
)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[list[str], list[list[list[str]]]]:
    headers = draw(st.lists(st.builds(str.__add__, _FIELDS, _LANGUAGES), min_size=1, max_size=5))
    row = st.lists(st.lists(_TEXTS, max_size=4), min_size=len(headers), max_size=len(headers)).filter(any)
    return headers, draw(st.lists(row, max_size=5))


@given(_tables())
def test_any_table_of_values_written_as_dspace_csv_comes_back_equal(tmp_path_factory, table):
    headers, rows = table
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(headers)
    writer.writerows([["||".join(cell) for cell in row] for row in rows])
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_bytes(written.getvalue().encode())
    expected = []
    for row in rows:
        for header, cell in zip(headers, row, strict=True):
            field, _, language = header.partition("[")
            expected += [(field, text, language.rstrip("]") or None) for text in cell]
    settings = Settings(base_iri="https://example.org/", value_separator="||")
    records = list(open_source(path, settings))
    assert len(records) == len(rows)
    assert [value for record in records for value in _texts(record)] == expected


@pytest.mark.parametrize(
    ("ending", "is_cut_off"),
    [
        ("2,Two,Lu", False),
        ("2,Two", True),
        ("2", True),
        ("2,Two\n", False),
        ("2,Two\r\n", False),
        ("# that was all", False),
    ],
)
def test_a_file_that_ends_within_a_row_was_cut_off_and_that_row_is_no_record(read, ending, is_cut_off):
    items = read("a.csv", f"id,dc.title,dc.creator,\n1,One,Hua\n{ending}".encode(), format="dspace-csv")
    assert isinstance(items[0], Record)
    told = [item.message for item in items if isinstance(item, Finding) and item.rule == "csv-cut-off"]
    cells = ending.count(",") + 1
    message = (
        f"a.csv, row 3: the file ends in the middle of the row, which has {cells} cells of 3 and no line break: it was not "
        "copied or written to its end. Copy it again; if it is whole, end its last line with a line break"
    )
    assert told == [message] * is_cut_off
    assert sum(isinstance(item, Record) for item in items) == 2 - is_cut_off - ending.startswith("#")
