"""What the columns of a plain table most probably are: words of headers in five languages, and shapes of values."""

from __future__ import annotations

import pytest

from lod.bundled import VOCAB
from lod.rdf.vocabulary import read_table
from lod.sources.reading.column_tables import ColumnRow
from lod.sources.reading.source_file import SourceFile
from lod.sources.tables.proposals import plain, propose, read_words
from tests.helpers.loaded import bundled_crosswalk
from tests.helpers.read_sources import SETTINGS

WORDS = read_words(None)


@pytest.fixture
def proposed(tmp_path):
    """Propose the columns of a table, given as its lines."""

    def run(*lines, words=WORDS):
        path = tmp_path / "a.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return propose(SourceFile(path), words)

    return run


@pytest.mark.parametrize(
    ("header", "field"),
    [
        pytest.param("Title", "dc.title", id="english"),
        pytest.param("TITEL", "dc.title", id="german, capitals"),
        pytest.param("Título", "dc.title", id="spanish, accent"),
        pytest.param("titre", "dc.title", id="french"),
        pytest.param("Publication_Year", "dc.date.issued", id="two words"),
        pytest.param("Erscheinungsjahr", "dc.date.issued", id="german year"),
        pytest.param("Año de publicación", "dc.date.issued", id="spanish year"),
        pytest.param("Ano de defesa", "dc.date.issued", id="portuguese year"),
        pytest.param("site:promotion", "dc.date.issued", id="one known word of two"),
        pytest.param("Auteur principal et sa Fonction", "dc.contributor.author", id="one known word of five"),
        pytest.param("Author Keywords", "dc.subject", id="a known pair is no author"),
        pytest.param("Author address keywords", "", id="words for two fields say nothing"),
        pytest.param("Palavras-chave", "dc.subject", id="portuguese keywords"),
        pytest.param("Zeitschrift", "dc.relation.ispartof", id="german journal"),
        pytest.param("Betreuer", "dc.contributor.advisor", id="german advisor"),
        pytest.param("Résumé", "dc.description.abstract", id="french abstract"),
        pytest.param("Date of publication [YYYY] *", "dc.date.issued", id="a remark in brackets"),
        pytest.param("Seitenangaben", "dc.format.pagerange", id="german pages"),
        pytest.param("Clasificación Dewey", "dc.subject.ddc", id="spanish class"),
        pytest.param("Date Added", "", id="a date that is not of the work"),
        pytest.param("Fecha de captura", "", id="spanish, likewise"),
        pytest.param("Citation_Count", "", id="how many are no citation"),
        pytest.param("Shelf", "", id="no known word"),
    ],
)
def test_the_words_of_a_header_propose_a_field(proposed, header, field):
    is_date = "date" in plain(header) or "fecha" in plain(header) or field == "dc.date.issued"
    found = proposed(f"{header},Other", f"{'1998' if is_date else 'Lichens'},x", f"{'2001' if is_date else 'Slate'},y")
    assert found.columns[0].row.field == field


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param(["10.5555/a", "https://doi.org/10.5555/b", "doi:10.5555/c"], "dc.identifier.doi", id="doi"),
        pytest.param(
            ["https://hdl.handle.net/99999/1", "https://r.example.org/handle/1.2/3"], "dc.identifier.uri", id="handle"
        ),
        pytest.param(["2049-3630", "1050-124X"], "dc.identifier.issn", id="issn"),
        pytest.param(["978-3-16-148410-0", "9783161484100"], "dc.identifier.isbn", id="isbn"),
        pytest.param(["https://example.org/a", "https://example.org/b"], "", id="any address"),
        pytest.param(["A 1", "B 2"], "", id="any text"),
    ],
)
def test_the_shape_of_values_proposes_a_field_whatever_the_header(proposed, values, field):
    assert proposed("Titel,Spalte", *(f"A,{value}" for value in values)).columns[1].row.field == field


@pytest.mark.parametrize(
    ("header", "value"),
    [
        pytest.param("Date", "unclear", id="no date"),
        pytest.param("DOI", "see below", id="no doi"),
        pytest.param("Author", "12", id="no name"),
    ],
)
def test_values_that_cannot_be_of_a_field_overrule_the_header(proposed, header, value):
    assert proposed(f"Title,{header}", f"A,{value}", f"B,{value}").columns[1].row.field == ""


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        pytest.param(["Lund, Peder; Adams, Anna", "Lund, Peder"], ";", id="semicolons"),
        pytest.param(["Lund, Peder|Adams, Anna", "Lund, Peder; Jr."], "|", id="bars"),
        pytest.param(["Ana Silva, João Souza", "Eva Roca"], ",", id="whole names"),
        pytest.param(["Lund, Peder", "Adams, Anna"], "", id="turned names"),
    ],
)
def test_what_separates_names_is_seen_in_the_cells(proposed, cells, separator):
    found = proposed("Title,Authors", *(f'T,"{cell}"' for cell in cells))
    assert found.columns[1].row == ColumnRow("Authors", "dc.contributor.author", separator)


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        pytest.param(["sel, marais, littoral", "tourbe"], ",", id="words in small letters"),
        pytest.param(["Lupus Erythematosus, Systemic", "Peat"], "", id="a heading with a comma"),
        pytest.param(["sel; marais, salants"], ";", id="a semicolon goes before"),
    ],
)
def test_commas_separate_keywords_and_are_part_of_headings(proposed, cells, separator):
    found = proposed("Title,Mots clés", *(f'T,"{cell}"' for cell in cells))
    assert found.columns[1].row == ColumnRow("Mots clés", "dc.subject", separator)


def test_halves_of_a_name_are_one_author_and_a_whole_name_beside_them_is_kept(proposed):
    found = proposed("Nom,Prénom,Auteur,Titre", "Lund,Anna,Lund Anna,A", "Adams,Zoé,Adams Zoé,B")
    assert [(column.row.field, column.row.use) for column in found.columns] == [
        ("dc.contributor.author", "family"),
        ("dc.contributor.author", "given"),
        ("", ""),
        ("dc.title", ""),
    ]


def test_of_two_columns_of_one_value_the_fuller_has_the_field(proposed):
    found = proposed("Title,Date,Year", "A,,1998", "B,2001-05,2001")
    assert [column.row.use for column in found.columns[1:]] == ["fallback", ""]


@pytest.mark.parametrize(
    ("lines", "key", "keyless", "candidates"),
    [
        pytest.param(["Nr,Title", "K1,A", "K2,A"], "Nr", 0, [], id="an id"),
        pytest.param(["Nr,Title,DOI", "K1,A,10.5555/a", "K2,A,10.5555/b"], "", 0, [], id="a doi in each row"),
        pytest.param(["Nr,Title,DOI", "K1,A,10.5555/a", "K2,B,"], "Nr", 0, [], id="a doi in some rows"),
        pytest.param(["Nr,Title", "1,A", "2,B"], "", 2, [["Title"]], id="the number of the row is no id"),
        pytest.param(["Nr,Title", "K1,A", "K1,B"], "", 2, [["Title"]], id="an id twice"),
        pytest.param(["Title,Year", "A,1998", "A,1999"], "", 2, [["Title", "Year"]], id="a year names nothing alone"),
        pytest.param(
            ["Palabras clave,Título", "a,A", "b,B"], "", 2, [["Título"]], id="a word for keys within keywords"
        ),
        pytest.param(["Title,Link", "A,https://e.org/1", "A,https://e.org/2"], "", 0, [], id="an address in each row"),
        pytest.param(
            ["Title,Link", "A,https://e.org/1", "B,https://e.org/1"], "", 2, [["Title"]], id="an address twice"
        ),
        pytest.param(
            ["Nr,Link", "K1,https://e.org/1", "K2,https://e.org/2"], "Nr", 0, [], id="an id before an address"
        ),
        pytest.param(
            ["Title,Year,Author", "A,1998,B", "A,1998,C", "A,1999,B"],
            "",
            3,
            [["Title", "Year", "Author"]],
            id="together",
        ),
    ],
)
def test_what_names_the_records_is_seen_or_offered(proposed, lines, key, keyless, candidates):
    found = proposed(*lines)
    assert "".join(column.name for column in found.columns if column.row.use == "key") == key
    assert found.keyless == keyless
    assert [[column.name for column in columns] for columns in found.candidates] == candidates


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        pytest.param(["Titel,Seiten", "A,120", "B,80"], ["dc.title", "dc.format.extent"], id="how many"),
        pytest.param(["Titel,Seiten", "A,1-20", "B,21-40"], ["dc.title", "dc.format.pagerange"], id="from and to"),
        pytest.param(
            ["Journal,Pages", "Tides,120", "Tides,80"],
            ["dc.relation.ispartof", "dc.format.pagerange"],
            id="of a journal",
        ),
        pytest.param(["Título,Número", "A,N-1", "B,N-2"], ["dc.title", ""], id="a number of its own is no issue"),
        pytest.param(["Revista,Número", "A,1", "B,2"], ["dc.relation.ispartof", "dc.identifier.issue"], id="an issue"),
        pytest.param(
            ["Title,Link", "A,https://e.org/1", "B,https://e.org/2"], ["dc.title", "dc.identifier.uri"], id="link"
        ),
    ],
)
def test_values_and_other_columns_decide_between_fields_of_one_word(proposed, lines, fields):
    assert [column.row.field for column in proposed(*lines).columns] == fields


def test_columns_that_are_chosen_become_the_key_beside_their_fields(proposed):
    rows = proposed("Title,Year", "A,1998", "A,1999").with_keys(["Title", "Year"])
    assert rows == [ColumnRow("Title", "dc.title", "", "key"), ColumnRow("Year", "dc.date.issued", "", "key")]


def test_words_of_a_site_win(tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "headers.csv").write_text("from,field\nNaam,dc.title\nTitle,\n", encoding="utf-8")
    words = read_words(tmp_path)
    assert (words["naam"], words["title"], words["titel"]) == ("dc.title", "", "dc.title")


def test_each_word_stands_once_and_for_a_field_that_has_a_rule():
    rows = read_table(VOCAB / "maps" / "headers.csv", ("from", "field"))
    assert len(rows) > 500
    assert len({plain(row["from"]) for row in rows}) == len(rows)
    ruled = {field for rule in bundled_crosswalk(SETTINGS).rules for field in rule.fields} | {
        "key",
        "address",
        "family",
        "given",
        "",
    }
    assert {row["field"] for row in rows} <= ruled


def test_what_is_no_table_has_no_proposal(proposed):
    assert proposed("A line of text.", "", "And one more.") is None
