"""Plain tables in every form they come in, and the exports whose columns the project knows."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from lod.bundled import VOCAB
from lod.errors import ConfigError, SourceError
from lod.record import Record
from lod.report import Finding, Severity
from lod.sources import find_files, open_source
from lod.sources.reading.column_tables import ColumnRow, ColumnTable, choose_table, shipped_tables, site_tables
from lod.sources.reading.source_defaults import SourceDefaults
from lod.sources.spreadsheets import ods
from tests.helpers.loaded import bundled_crosswalk
from tests.helpers.read_sources import SETTINGS, items_of, records_of, texts

ROWS = [
    ["Nr.", "Titel", "Verfasser", "Jahr", "Preis"],
    ["K-1", "Flechten", "Lund, Peder; Adams, Anna", "2021", "12.5"],
    ["K-2", "Über Zink", "", "2019", ""],
]
COLUMNS = ColumnTable(
    "columns/katalog.csv",
    (
        ColumnRow("Nr.", "", "", "key"),
        ColumnRow("Titel", "dc.title"),
        ColumnRow("Verfasser", "dc.contributor.author", ";"),
        ColumnRow("Jahr", "dc.date.issued"),
    ),
)
VALUES = [
    [
        ("dc.title", "Flechten"),
        ("dc.contributor.author", "Lund, Peder"),
        ("dc.contributor.author", "Adams, Anna"),
        ("dc.date.issued", "2021"),
        ("table.Preis", "12.5"),
        ("table.id", "K-1"),
    ],
    [("dc.title", "Über Zink"), ("dc.date.issued", "2019"), ("table.id", "K-2")],
]


def text_table(rows, delimiter=",", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["About", "nothing"])
    sheet = book.create_sheet("Katalog")
    for row in rows:
        sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods_file(body, head='<?xml version="1.0" encoding="UTF-8"?>\n'):
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ods.MEDIA_TYPE)
        content = f"<office:document-content {spaces}>{body}</office:document-content>"
        archive.writestr("content.xml", head + content)
    return out.getvalue()


def ods_sheet(rows, name="Katalog", style=""):
    def cell(text):
        if not text:
            return "<table:table-cell/>"
        if text.isdecimal():
            return f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text},00</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    body = "".join(
        f'<table:table-row>{"".join(map(cell, row))}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    return f'<table:table table:name="{name}" table:style-name="{style}">{body}</table:table>'


def json_objects(rows):
    return [
        {name: text.split("; ") if "; " in text else text for name, text in zip(rows[0], row, strict=True) if text}
        for row in rows[1:]
    ]


FORMS = {
    "csv": text_table(ROWS),
    "csv with remarks above": b"Katalog der Bibliothek\n\n" + text_table(ROWS),
    "csv of windows": text_table(ROWS, ";", "cp1252"),
    "csv with sep": b"sep=;\n" + text_table(ROWS, ";"),
    "tsv": text_table(ROWS, "\t"),
    "utf-16": text_table(ROWS, "\t", "utf-16"),
    "bars": text_table(ROWS, "|"),
    "xlsx": workbook(ROWS),
    "ods": ods_file(f"<office:body><office:spreadsheet>{ods_sheet(ROWS)}</office:spreadsheet></office:body>"),
    "json": json.dumps(json_objects(ROWS), indent=1).encode(),
    "json lines": "\n".join(map(json.dumps, json_objects(ROWS))).encode(),
}


def read_own(path: Path, columns=(COLUMNS,), **given):
    return list(open_source(path, SETTINGS, defaults=SourceDefaults(columns=columns), **given))


@pytest.mark.parametrize("content", [pytest.param(content, id=form) for form, content in FORMS.items()])
def test_one_table_reads_the_same_in_every_form_it_comes_in(tmp_path, content):
    path = tmp_path / "katalog.dat"
    path.write_bytes(content)
    records = [item for item in read_own(path) if isinstance(item, Record)]
    found = [[(value.field, value.text) for value in record.values] for record in records]
    assert [sorted(values) for values in found] == [sorted(values) for values in VALUES]
    assert records[0].origin.keys[0] == "doi"


def test_a_table_that_nobody_knows_is_named_with_the_command_that_proposes_its_columns(tmp_path):
    path = tmp_path / "katalog.csv"
    path.write_bytes(text_table(ROWS))
    expected = (
        f"{path}: not recognised as any known format: a table with columns that no format knows: Nr., Titel, Verfasser, Jahr, "
        f"Preis. 'lod coverage {path} --site DIR' proposes what each of them becomes, and with --write the site keeps it, so that the file "
        "can be published"
    )
    with pytest.raises(SourceError) as fault:
        open_source(path, SETTINGS)
    assert str(fault.value) == expected
    with pytest.raises(SourceError, match="proposes what each of them becomes"):
        list(open_source(path, SETTINGS, format="table"))


def test_a_sheet_without_a_table_of_columns_is_named_and_a_hidden_one_is_not_read(tmp_path):
    path = tmp_path / "k.ods"
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    sheets = ods_sheet(ROWS) + ods_sheet([["a", "b"], ["1", "2"]], "Other") + ods_sheet(ROWS, "Hidden", "ta2")
    path.write_bytes(
        ods_file(f"<office:automatic-styles>{hidden}</office:automatic-styles><office:body>{sheets}</office:body>")
    )
    items = read_own(path)
    assert [item.place for item in items if isinstance(item, Record)] == [
        "k.ods, sheet 'Katalog', row 2",
        "k.ods, sheet 'Katalog', row 3",
    ]
    (remark,) = [item for item in items if isinstance(item, Finding) and item.rule == "table-sheets"]
    assert remark.message == "k.ods: 1 sheet was left out, since no table of columns is for them: sheet 'Other'"


@pytest.mark.parametrize(
    ("body", "head", "message"),
    [
        pytest.param(
            ods_sheet(ROWS).replace(
                'repeated="16000"/>', 'repeated="16385"/><table:table-cell><text:p>x</text:p></table:table-cell>'
            ),
            "",
            "a row has more than 16,384 cells, which no table has",
            id="wide",
        ),
        pytest.param(
            ods_sheet(ROWS).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="900000">'),
            "",
            "the sheet 'Katalog' repeats row 1 900,000 times",
            id="repeated",
        ),
        pytest.param(
            ods_sheet(ROWS), '<!DOCTYPE a [<!ENTITY b "c">]>', "declares a document type; it is not read", id="doctype"
        ),
        pytest.param(ods_sheet(ROWS)[:-30], "", "is no well-formed XML", id="cut"),
    ],
)
def test_a_workbook_that_would_do_harm_is_refused(tmp_path, body, head, message):
    path = tmp_path / "k.ods"
    path.write_bytes(ods_file(body, head))
    with pytest.raises(SourceError, match=message):
        read_own(path, format="table")


def test_a_cell_of_opendocument_is_its_value_and_not_how_it_is_shown(tmp_path):
    cells = (
        '<table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b<text:line-break/>c<text:note>n</text:note></text:p>'
        "<text:p>d</text:p></table:table-cell>"
        '<table:table-cell office:value-type="string"><text:p>X; Y</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2020-05-17T00:00:00"><text:p>17.05.20</text:p></table:table-cell>'
        '<table:table-cell office:value-type="currency" office:value="3.0"><text:p>3,00 €</text:p></table:table-cell>'
    )
    sheet = ods_sheet(ROWS[:1]).replace("</table:table>", f"<table:table-row>{cells}</table:table-row></table:table>")
    path = tmp_path / "k.ods"
    path.write_bytes(ods_file(sheet))
    (record,) = [item for item in read_own(path) if isinstance(item, Record)]
    assert [texts(record, field) for field in ("dc.title", "dc.date.issued", "table.Preis")] == [
        ["a  b\nc\nd"],
        ["2020-05-17"],
        ["3"],
    ]


@pytest.mark.parametrize(
    ("rows", "rule", "message"),
    [
        pytest.param(b"K-3,A,,2020,1,more\n", "csv-row-width", "the row has 6 cells, the header 5", id="wide"),
        pytest.param(b"K-3,A\0,,2020,1\n", "csv-nul", "'Titel' holds a NUL byte", id="nul"),
        pytest.param(b"K-3,A", "csv-cut-off", "the file ends in the middle of the row", id="cut off"),
        pytest.param(
            b"K-3,caf\xe9 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9,,2020,1\n",
            "csv-bad-byte",
            "a byte that is no UTF-8",
            id="byte",
        ),
    ],
)
def test_a_row_that_cannot_be_read_costs_itself(tmp_path, rows, rule, message):
    path = tmp_path / "katalog.csv"
    path.write_bytes(text_table(ROWS) + rows)
    items = read_own(path)
    (violation,) = [item for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION]
    assert (violation.rule, violation.place) == (rule, "katalog.csv, row 4")
    assert message in violation.message
    assert sum(isinstance(item, Record) for item in items) == 2


def test_halves_of_a_name_are_joined_and_a_fallback_counts_where_nothing_else_does(tmp_path):
    columns = ColumnTable(
        "columns/theses.csv",
        (
            ColumnRow("nom", "dc.contributor.author", "", "family"),
            ColumnRow("prénom", "dc.contributor.author", "", "given"),
            ColumnRow("titre", "dc.title"),
            ColumnRow("année", "dc.date.issued", "", "fallback"),
            ColumnRow("date", "dc.date.issued"),
            ColumnRow("sexe", "", "", "omit"),
        ),
    )
    path = tmp_path / "theses.csv"
    path.write_text(
        "nom,prénom,titre,année,date,sexe\nLund,Anna,A,1999,1999-05,f\nAdams,,B,2000,,\n,Zoé,C,,,\n", encoding="utf-8"
    )
    items = read_own(path, (columns,))
    first, second, third = [item for item in items if isinstance(item, Record)]
    assert [texts(record, "dc.contributor.author") for record in (first, second, third)] == [
        ["Lund, Anna"],
        ["Adams"],
        ["Zoé"],
    ]
    assert (texts(first, "dc.date.issued"), texts(first, "table.année")) == (["1999-05"], ["1999"])
    assert texts(second, "dc.date.issued") == ["2000"]
    (omitted,) = [item for item in items if isinstance(item, Finding) and item.rule == "left-out"]
    assert (omitted.message, omitted.value) == ("sexe was left out: columns/theses.csv says so", "1")


def test_a_column_that_is_called_as_the_field_of_keys_is_none_unless_it_is_said_to_be_one(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("id,Title\n1,Lichens\n", encoding="utf-8")
    columns = ColumnTable("list.csv", (ColumnRow("id"), ColumnRow("Title", "dc.title", "", "key")))
    (record,) = [item for item in read_own(path, (columns,)) if isinstance(item, Record)]
    assert (texts(record, "table.id"), texts(record, "table.column-id")) == (["Lichens"], ["1"])


@pytest.mark.parametrize(
    ("creators", "names"),
    [
        pytest.param(
            [{"name": "Roe, Ann", "orcid": "0000-0002-1825-0097"}, {"name": "Loe, Cy"}],
            ["Roe, Ann", "Loe, Cy"],
            id="names",
        ),
        pytest.param(
            [{"family": "Roe", "given": "Ann"}, {"lastName": "Loe"}], ["Roe, Ann", "Loe"], id="halves of names"
        ),
        pytest.param({"display_name": "Roe, Ann"}, ["Roe, Ann"], id="one object"),
        pytest.param([{"name": "Roe, Ann"}, {"orcid": "0000-0002-1825-0097"}], [], id="one without a name"),
    ],
)
def test_objects_of_json_within_the_answer_of_a_service_have_a_column_for_their_names(tmp_path, creators, names):
    path = tmp_path / "answer.json"
    rows = [{"title": "Lichens", "creators": creators}, {"title": "Slate", "creators": [{"name": "Doe, Ben"}]}]
    path.write_text(json.dumps({"total": 2, "response": {"docs": rows}}), encoding="utf-8")
    columns = (ColumnRow("title", "dc.title", "", "key"), ColumnRow("creators name", "dc.contributor.author"))
    read = [item for item in read_own(path, (ColumnTable("answer.csv", columns),)) if isinstance(item, Record)]
    assert [texts(record, "dc.title") for record in read] == [["Lichens"], ["Slate"]]
    assert texts(read[0], "dc.contributor.author") == names
    assert texts(read[0], "table.creators") == [json.dumps(creators)]


def test_lists_in_brackets_notes_beside_an_issn_and_text_after_a_doi_are_taken_apart(tmp_path):
    columns = ColumnTable(
        "columns/a.csv",
        (
            ColumnRow("Title", "dc.title"),
            ColumnRow("ISSN", "dc.identifier.issn", ","),
            ColumnRow("DOI", "dc.identifier.doi"),
        ),
    )
    path = tmp_path / "a.csv"
    path.write_text(
        'Title,ISSN,DOI\nA,"[""2049-3630"", ""1050-124X""]",10.5555/a LK - https://example.org\n'
        'B,"2049-3630 (electronic),1050-124X",10.5555/b\n'
    )
    first, second = [item for item in read_own(path, (columns,)) if isinstance(item, Record)]
    assert texts(first, "dc.identifier.issn") == texts(second, "dc.identifier.issn") == ["2049-3630", "1050-124X"]
    assert texts(first, "dc.identifier.doi") == ["10.5555/a"]
    assert texts(first, "table.DOI") == ["10.5555/a LK - https://example.org"]
    assert texts(second, "table.DOI") == []


def test_what_a_program_has_cut_is_kept_and_not_stated(tmp_path):
    columns = ColumnTable(
        "columns/a.csv",
        (
            ColumnRow("Title", "dc.title"),
            ColumnRow("Authors", "dc.contributor.author", ";"),
            ColumnRow("Source", "dc.relation.ispartof"),
        ),
    )
    path = tmp_path / "a.csv"
    path.write_text(
        'Title,Authors,Source\nAnd then …,Lund P; Adams A; …,Annual Meeting of …\nB,"Lund, Peder (+2 weitere)",Roof Letters\n',
        encoding="utf-8",
    )
    first, second = [item for item in read_own(path, (columns,)) if isinstance(item, Record)]
    assert texts(first, "dc.title") == ["And then …"]
    assert texts(first, "dc.contributor.author") == ["Lund P", "Adams A"]
    assert (texts(first, "dc.relation.ispartof"), texts(first, "table.Source")) == ([], ["Annual Meeting of …"])
    assert texts(first, "table.Authors") == ["…"]
    assert texts(second, "dc.contributor.author") == ["Lund, Peder"]
    assert texts(second, "table.Authors") == ["Lund, Peder (+2 weitere)"]


def test_a_header_that_names_two_columns_alike_takes_its_rows_in_turn():
    table = ColumnTable("t", (ColumnRow("a", "dc.title"), ColumnRow("A ", "dc.subject")))
    assert [row.field for row in table.rows_for(["A", "b", "a", "a"])] == ["dc.title", "", "dc.subject", ""]


def test_of_several_tables_of_columns_the_one_that_knows_most_columns_is_taken():
    less = ColumnTable("less", (ColumnRow("Title", "dc.title"), ColumnRow("DOI", "dc.identifier.doi")))
    more = ColumnTable("more", (*less.rows, ColumnRow("Year", "dc.date.issued")))
    assert choose_table(["TITLE", "doi", " year"], (less, more)) is more
    assert choose_table(["Title", "DOI"], (less, more)) is less
    assert choose_table(["Title"], (less, more)) is None


def test_what_a_site_says_of_a_table_wins_over_what_the_project_knows(tmp_path):
    path = tmp_path / "pubmed.csv"
    path.write_text("PMID,Title,Citation,Journal/Book,Publication Year\n1,A,C,J,2018\n")
    own = ColumnTable(
        "columns/own.csv", (ColumnRow("PMID", "dc.identifier.pmid"), ColumnRow("Citation", "dc.description"))
    )
    (record,) = [item for item in read_own(path, (own,)) if isinstance(item, Record)]
    assert texts(record, "dc.description") == ["C"]
    assert texts(record, "table.Title") == ["A"]


@pytest.mark.parametrize("table", [pytest.param(table, id=table.label) for table in shipped_tables()])
def test_a_table_that_comes_with_the_project_is_known_by_its_header_and_fills_fields_that_have_rules(tmp_path, table):
    path = tmp_path / "a.csv"
    names = [row.column for row in table.rows]
    path.write_bytes(text_table([names, ["1"] * len(names)]))
    assert [source_format.name for _, source_format in find_files(path)[0]] == ["table"]
    assert choose_table(names, shipped_tables()) is table
    ruled = {field for rule in bundled_crosswalk(SETTINGS).rules for field in rule.fields}
    fields = {row.field for row in table.rows if row.field and not row.field.endswith(".id")}
    assert not fields - ruled - {"dc.contributor.author"}


def test_exports_give_the_full_names_and_no_counts():
    first, second = records_of("table", "full.csv")
    assert texts(first, "dc.contributor.author") == ["Carberry, Josiah", "van der Berg, Anna M."]
    assert texts(first, "dc.subject") == ["lichens", "zinc", "roof tiles", "growth rate"]
    assert texts(second, "dc.identifier.scopus") == ["2-s2.0-00000000002"]
    article, book, thesis = records_of("table", "odd.csv")
    assert texts(article, "dc.contributor.author") == ["Walcher", "Adams, Anna", "Berg"]
    assert (texts(article, "dc.date.issued"), texts(book, "dc.date.issued")) == (["2020-05-17"], ["2018"])
    assert texts(thesis, "table.id") == ["CCCC3333"]
    names = {
        item.field for item in items_of("table", "full.csv") if isinstance(item, Finding) and item.rule == "left-out"
    }
    assert names == {"Authors", "Cited by", "Correspondence Address"}


def test_the_faults_of_a_sites_tables_of_columns_are_told_together(tmp_path):
    folder = tmp_path / "columns"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "# note\ncolumn,field,use\nTitel,Title,\n,dc.title,\nName,,family\nX,,keys\n", encoding="utf-8"
    )
    (folder / "b.csv").write_text("columns\nTitel\n")
    with pytest.raises(ConfigError) as fault:
        site_tables(tmp_path)
    a = f"{folder}/a.csv"
    assert fault.value.faults == (
        f"{a}, row 1 (Titel): 'Title' is no field name; write schema.element.qualifier, such as dc.title",
        f"{a}, row 2 (no column): no 'column'; write the header of a column of the table",
        f"{a}, row 3 (Name): 'use' is 'family', which needs a 'field', such as dc.contributor.author",
        f"{a}, row 4 (X): 'use' is 'keys'; it takes one of: key, family, given, fallback, needed, omit, or nothing",
        f"{folder / 'b.csv'}: no column column, field; the first line names the columns: column,field",
    )
    assert site_tables(tmp_path / "nowhere") == ()


def test_the_tables_that_come_with_the_project_are_found():
    assert {path.stem for path in (VOCAB / "columns").glob("*.csv")} >= {
        "scopus",
        "lens",
        "openalex",
        "zotero",
        "dimensions",
    }
