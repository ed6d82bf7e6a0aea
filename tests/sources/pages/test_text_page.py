"""Item pages, read whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.record import Record, Value
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources import open_source
from lod.sources.pages.page_parts import split_lines, split_pages
from tests.helpers.paths import FIXTURES

DATA = FIXTURES / "sources" / "item-page"
SETTINGS = Settings(base_iri="https://example.org/")
HEAD = "DC Field | Value | Language |\n---|---|---|\n"


def _items(case: str) -> list[object]:
    return list(open_source(DATA / f"{case}.txt", SETTINGS))


def _values(item: object) -> list[tuple[str, str, str | None]]:
    assert isinstance(item, Record)
    return [(value.field, value.text, value.language) for value in item.values]


def test_a_full_page_gives_every_row_of_its_table_and_what_only_the_page_has():
    (record,) = _items("full")
    assert isinstance(record, Record)
    assert (record.place, record.source) == ("full.txt, line 1", str((DATA / "full.txt").resolve()))
    assert (record.handle, record.uuid, record.url, record.collections) == (None, None, None, ())
    rows = (DATA / "full.txt").read_text(encoding="utf-8").split("---|---|---|\n")[-1].splitlines()
    assert len(rows) == 44
    table = [(field, text, None if language == "-" else language) for field, text, language in map(_row, rows)]
    assert _values(record)[:44] == table
    assert _values(record)[44:] == [
        ("page.journalimpactfactor.2023", "20.3", None),
        ("page.scimagojournalrank.2023", "6.138", None),
        (
            "page.funding",
            "Grants from the National Natural Science Foundation of China (no. 30972736, 30772014); Jiangsu Province "
            "Science and Technology Achievement Transformation Foundation (BA2009124); Chinese National 115 Supporting "
            "Program (2008BAI59B02); Jiangsu Province Natural Science Foundation (BK2009034) and Jiangsu Province 135 "
            "Talent Foundation (RC2007002) supported this study.",
            "en_HK",
        ),
        ("page.bookmarks.citeulike", "1", None),
    ]


def _row(row: str) -> tuple[str, str, str]:
    field, _, rest = row.partition(" | ")
    text, _, language = rest.removesuffix(" |").rpartition(" | ")
    return field, text, language


def test_a_page_without_the_full_table_gives_what_it_shows():
    (record,) = _items("missing")
    assert _values(record) == [
        (
            "dc.title",
            "Functional aquatic ecosystems, inland fisheries and the Millennium Development Goals",
            None,
        ),
        ("dc.contributor.author", "Brummett, RE", None),
        ("dc.contributor.author", "Beveridge, M", None),
        ("dc.contributor.author", "Cowx, I", None),
        ("dc.date.issued", "2013", None),
        ("dc.publisher", "Wiley-Blackwell Publishing Ltd", None),
        ("dc.identifier.uri", "https://hdl.handle.net/20.500.12348/858", None),
        ("dc.identifier.issn", "1467-2960", None),
        ("page.scimagojournalrank.2023", "2.5", None),
    ]


def test_a_page_of_empty_parts_is_a_violation_that_says_what_to_save():
    (finding,) = _items("blank")
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.rule) == (Severity.VIOLATION, "page-empty")
    assert finding.message == (
        "blank.txt, line 1: the page has neither a row 'field | value | language |' nor a title; save the whole page, "
        "with its full table of fields"
    )


def test_odd_pages_joined_in_one_file_are_told_apart_and_lose_nothing():
    first, second, third, stray = _items("odd")
    assert isinstance(first, Record)
    assert first.collections == ("Fisheries: Journal Articles", "Climate Change", "Seen 14 times")
    abstract = "Where people collect sea animals by hand.\n\nWhen they do depends on season | weather | or both."
    assert _values(first) == [
        ("dc.contributor.author", "Grantham, R", "en"),
        ("dc.contributor.author", "Álvarez-Romero, JG", "en"),
        ("dc.date.issued", "2021-02-15", None),
        ("dc.description.abstract", abstract, "en_US"),
        ("dc.identifier.doi", "10.1002/pan3.10179", None),
        ("dc.identifier.uri", "https://hdl.handle.net/20.500.12348/4940", None),
        ("dc.subject", "Coral Reef", "en"),
        ("dc.subject.agrovoc", "small-scale fisheries", None),
        ("dc.language.iso", "eng", None),
        ("dc.title", "Spatiotemporal determinants of seasonal gleaning", "en"),
        ("dc.type", "Journal Article", "en"),
        ("page.handle-server", "hdl:20.500.12348/4940", None),
        ("dc.subject", "intertidal", None),
        ("page.study-site", "Timor-Leste", None),
        (
            "dc.description.abstract",
            "Where people collect sea animals by hand.\nWhen they do depends on season and weather.",
            None,
        ),
        ("page.journalimpactfactor.2021", "6.2", None),
        ("page.citescore.2021", "7.9", None),
        ("page.file", "spatiotemporal-gleaning.pdf", None),
        ("page.bookmarks.citeulike", "0", None),
        ("page.bookmarks.reading-list", "3", None),
        ("page.citations.scopus", "12", None),
        ("page.citations.web-of-science", "9", None),
    ]
    assert _values(second) == [
        ("dc.title", "Adaptation for changing deltas", "en"),
        ("local.note", "kept: as it is", None),
        ("dc.identifier.uri", "https://hdl.handle.net/20.500.12348/5490", None),
        ("dc.type", "Conference Paper", None),
    ]
    assert _values(third) == [
        ("dc.title", "Inequality and the Biosphere", "en"),
        ("dc.identifier.uri", "https://hdl.handle.net/20.500.12348/928", None),
    ]
    assert isinstance(stray, Finding)
    assert (stray.severity, stray.rule) == (Severity.INFO, "page-text")
    assert stray.message == (
        "odd.txt: line 56: no known part of an item page takes this text; left out: 'Export to Other Formats'"
    )
    assert [item.place for item in (first, second, third)] == [
        "odd.txt, line 1",
        "odd.txt, line 44",
        "odd.txt, line 51",
    ]


def test_files_of_one_page_each_can_be_joined_without_a_line_break(read):
    page = (DATA / "full.txt").read_bytes()
    assert not page.endswith(b"\n")
    one, two, three = read("joined.txt", page + page + b"\n" + page)
    assert _values(one) == _values(two) == _values(three)


def test_line_ends_and_byte_order_mark_do_not_matter(read):
    page = (DATA / "full.txt").read_text(encoding="utf-8")
    (record,) = read("page.txt", "\ufeff" + page.replace("\n", "\r\n"))
    assert _values(record) == _values(_items("full")[0])


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        pytest.param("dc.title | A | B | en |", [("dc.title", "A | B", "en")], id="bar in the value"),
        pytest.param("dc.title | A |  |", [("dc.title", "A", None)], id="no language"),
        pytest.param("dc.title | A |", [("dc.title", "A", None)], id="no language and one bar"),
        pytest.param("dc.title | A", [("dc.title", "A", None)], id="no bar at all"),
        pytest.param("dc.title | A | en", [("dc.title", "A", "en")], id="no last bar"),
        pytest.param("dc.title | A | -", [("dc.title", "A", None)], id="no last bar, no language"),
        pytest.param(
            "dc.title | A | en\ndc.type | Article | - |",
            [("dc.title", "A", "en"), ("dc.type", "Article", None)],
            id="no last bar in the middle",
        ),
        pytest.param("dc.title | A\nB\n\nC | zh-Hant |", [("dc.title", "A\nB\n\nC", "zh-Hant")], id="several lines"),
        pytest.param(
            "dc.title | see\nexample.org | here | en |",
            [("dc.title", "see\nexample.org | here", "en")],
            id="a line that only looks like a row",
        ),
        pytest.param("dc.title|A|en|", [("dc.title", "A", "en")], id="no spaces"),
        pytest.param(
            "dc.title | A | en |\n\ndc.title | A | en |", [("dc.title", "A", "en")] * 2, id="repeated row stays twice"
        ),
    ],
)
def test_a_row_of_the_full_table_is_one_value(read, rows, values):
    (record,) = read("page.txt", HEAD + rows)
    assert _values(record) == values


@pytest.mark.parametrize(
    ("shown", "table", "added"),
    [
        pytest.param("Title | A  title | |", "dc.title | a Title | en |", [], id="same title"),
        pytest.param("Title | Another | |", "dc.title | One | en |", [("dc.title", "Another", None)], id="other title"),
        pytest.param(
            "Persistent Identifier | http://hdl.handle.net/1/2 | |",
            "dc.identifier.uri | hdl:1/2 | - |",
            [],
            id="handle",
        ),
        pytest.param(
            "Citation | J, v. 1 How to Cite? | |", "dc.identifier.citation | J, v. 1 | en |", [], id="citation"
        ),
        pytest.param(
            "Citation | J, v. 1 How to Cite? | |",
            "dc.title | A | en |",
            [("dc.identifier.citation", "J, v. 1", None)],
            id="citation of its own",
        ),
        pytest.param("Issue Date | 17-May-2010 | |", "dc.date.issued | 2010-05-17 | - |", [], id="rendered date"),
        pytest.param("Language | English | |", "dc.language.iso | eng | - |", [], id="rendered language"),
        pytest.param(
            "Authors | Lu, L; Sun, L | |",
            "dc.contributor.author | Sun, L | - |\ndc.contributor.author | Lu, L | - |",
            [],
            id="authors",
        ),
        pytest.param(
            "Authors | Lu, L; Lu, L | |",
            "dc.title | A | - |",
            [("dc.contributor.author", "Lu, L", None)] * 2,
            id="namesakes",
        ),
        pytest.param("ISSN | 0003-4967 | |", "dc.identifier.issnl | 0003-4967 | - |", [], id="linking ISSN"),
        pytest.param(
            "ISSN | 0003-4967 1468-2060 | |",
            "dc.identifier.issn | 0003-4967 | - |",
            [("dc.identifier.issn", "1468-2060", None)],
            id="second ISSN",
        ),
        pytest.param("ISSN | print only | |", "dc.title | A | - |", [("page.issn", "print only", None)], id="no ISSN"),
        pytest.param(
            "Degree | Master of Philosophy | |",
            "dc.title | A | - |",
            [("page.degree", "Master of Philosophy", None)],
            id="unknown label",
        ),
        pytest.param(
            "DOI | see the journal | |", "dc.title | A | - |", [("page.doi", "see the journal", None)], id="no DOI"
        ),
        pytest.param(
            "Abstract | ？！ | |", "dc.title | A | - |", [("dc.description.abstract", "？！", None)], id="signs"
        ),
        pytest.param(
            "ISI Accession Number ID |\nWOS:000280171700004\nFunding Information: By X. | |",
            "dc.title | A | fr |",
            [("dc.identifier.isi", "WOS:000280171700004", None), ("page.funding", "By X.", "fr")],
            id="funding in the cell of another label",
        ),
        pytest.param("Funding Information: | |", "dc.title | A | - |", [], id="no funding"),
        pytest.param(
            "Funding Information: By X\nand Y. | |",
            "dc.title | A | - |\ndc.description.abstract | B | zh_TW |",
            [("page.funding", "By X\nand Y.", "zh_TW")],
            id="funding in the language of the abstract",
        ),
    ],
)
def test_what_the_page_shows_is_a_value_only_when_the_table_lacks_it(read, shown, table, added):
    (record,) = read("page.txt", f"Publisher |\n{shown}\nReferences |\n{HEAD}{table}\n")
    assert _values(record)[table.count("\n") + 1 :] == added


@pytest.mark.parametrize(
    ("lines", "added"),
    [
        pytest.param("- PMID: 20650877", [("dc.identifier.pmid", "20650877", None)], id="PMID"),
        pytest.param(
            "- Publisher Website: https://doi.org/10.5555/1",
            [("dc.identifier.doi", "https://doi.org/10.5555/1", None)],
            id="DOI",
        ),
        pytest.param(
            "- Publisher Website: http://journal.example.org/",
            [("page.publisher-website", "http://journal.example.org/", None)],
            id="website without DOI",
        ),
        pytest.param("Citations: 7", [("page.citations", "7", None)], id="citations of no service"),
        pytest.param("- Citations:\n- Scopus: 7", [("page.citations.scopus", "7", None)], id="citations"),
        pytest.param("Supplementary\n- data.zip", [("page.supplementary", "data.zip", None)], id="supplement"),
        pytest.param("Thesis: A", [("dc.type", "Thesis", None)], id="heading"),
        pytest.param("Find via\n-\n- Find via", [], id="links that say nothing"),
    ],
)
def test_the_block_above_the_table_gives_links_counts_and_the_heading(read, lines, added):
    (record,) = read("page.txt", f"{lines}\n{HEAD}dc.title | A | en |\n")
    assert _values(record)[1:] == added


def test_a_heading_is_only_what_repeats_the_title(read):
    record, finding = read("page.txt", f"Notice: closed on Friday\n{HEAD}dc.title | A | en |\n")
    assert _values(record) == [("dc.title", "A", "en")]
    assert finding.message == (
        "page.txt: line 1: no known part of an item page takes this text; left out: 'Notice: closed on Friday'"
    )


def test_a_page_that_is_not_utf8_is_a_violation_and_the_other_pages_are_read(read):
    good = f"{HEAD}dc.title | Á | en |\n".encode()
    bad = f"File Download\n{HEAD}dc.title | Á été | en |\n".encode("latin-1")
    first, finding, third = read("pages.txt", good + bad + b"File Download\n" + good)
    assert _values(first) == _values(third)
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.rule, finding.place) == (Severity.VIOLATION, "page-encoding", "pages.txt, line 4")
    offset = (good + bad).index(b"\xc1 ")
    assert finding.message == (
        f"pages.txt, line 4: the page is not UTF-8: byte 0xC1 at offset {offset}, in line 7; "
        "save the page as UTF-8 and read it again"
    )


_TEXTS = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" \n"), max_size=30)
    .map(str.strip)
    .filter(lambda text: text and "|" not in text and "dc." not in text.lower() and "---" not in text)
)
_ROWS = st.lists(
    st.tuples(st.sampled_from(["dc.title", "dc.type", "local.note"]), _TEXTS, st.sampled_from(["-", "en"]))
)


@given(_ROWS)
def test_any_full_table_comes_back_equal(rows):
    text = HEAD + "".join(f"{field} | {text} | {language} |\n" for field, text, language in rows)
    pages = list(split_pages(split_lines(line.encode() + b"\n" for line in text.split("\n"))))
    assert [value for page in pages for value in page.table] == [
        Value(field, text, None if language == "-" else language) for field, text, language in rows
    ]
