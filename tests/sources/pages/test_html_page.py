"""Item pages as HTML: DSpace's in every theme, and pages with meta tags of other repositories."""

from __future__ import annotations

import pytest

from lod.errors import SourceError
from lod.record import File, Record, Value
from lod.report import Finding, Severity
from lod.sources import find_files
from lod.sources.parsing.html_tree import LARGEST_PAGE_BYTES
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.read_sources import items_of, texts, without_remarks

DATA = FIXTURES / "sources"
GOLDEN = FIXTURES / "golden"
SHARED = SHARED_FOLDER / "data" / "html-meta"
HEAD = "<html><head>{}</head><body>{}</body></html>"
TITLE = '<meta name="citation_title" content="A title">'


def fields(record):
    return [(value.field, value.text) for value in record.values]


def test_a_full_view_gives_every_row_of_its_table_and_the_tags_that_say_more():
    record, *remarks = items_of(DATA / "html-page/full.html")
    (as_text,) = items_of(DATA / "item-page/full.txt")
    assert record.values[:44] == as_text.values[:44]
    assert fields(record)[44:] == [
        ("page.citation-date", "2010-12-23"),
        ("dc.subject", "Stem cells"),
        ("citation.abstract_html_url", "http://repository.example.org/handle/10722/129504"),
        ("citation.pdf_url", "http://repository.example.org/bitstream/10722/129504/1/content.pdf"),
    ]
    assert (record.place, record.handle, record.collections) == (
        "full.html, the page",
        "10722/129504",
        ("10722/37985",),
    )
    assert record.url == "http://repository.example.org/handle/10722/129504"
    address = "http://repository.example.org/bitstream/10722/129504/1/content.pdf"
    assert record.files == (File("content.pdf", address, "application/pdf"),)
    of_the_page = "was left out: a meta tag about the page, not about its item"
    assert [remark.message for remark in remarks if remark.message.endswith(of_the_page)] == [
        f"Generator {of_the_page}",
        f"viewport {of_the_page}",
    ]
    repeated = {remark.field for remark in remarks if "another part of the page says the same" in remark.message}
    assert {"citation_title", "DC.title"} & repeated


@pytest.mark.parametrize("name", ["xmlui-full", "dspace7-full"])
def test_the_table_of_all_fields_is_found_in_every_version(name):
    record = items_of(GOLDEN / f"html-{name}.html")[0]
    (as_text,) = items_of(DATA / "item-page/full.txt")
    rows = [value for value in record.values if not value.field.startswith(("citation.", "dc.subject"))]
    assert rows == [
        value
        for value in as_text.values[:44]
        if value.field not in ("dc.identifier.email", "dc.identifier.openurl", "dc.relation.references")
        and not value.field.startswith("dc.subject")
    ]


@pytest.mark.parametrize(
    ("name", "handle", "uuid", "collections"),
    [
        ("jspui-simple", "10722/129504", None, ("10722/37985",)),
        ("xmlui-full", None, None, ("10722/37985",)),
        ("xmlui-simple", "10722/129504", None, ("10722/37985",)),
        ("dspace7-full", "10722/129504", None, ("Medicine: Journal/Magazine Articles",)),
        ("dspace7-simple", None, "3f2a6c10-8d3e-4f5b-9c11-000000000009", ()),
    ],
)
def test_a_page_gives_the_names_that_its_markup_has_for_item_and_collections(name, handle, uuid, collections):
    record = items_of(GOLDEN / f"html-{name}.html")[0]
    assert (record.handle, record.uuid, record.collections) == (handle, uuid, collections)
    assert texts(record, "dc.identifier.uri") == ["http://hdl.handle.net/10722/129504"]


@pytest.mark.parametrize("name", ["jspui-simple", "xmlui-simple", "dspace7-simple"])
def test_a_simple_view_gives_each_datum_once_though_page_and_tags_say_it(name):
    record = items_of(GOLDEN / f"html-{name}.html")[0]
    assert [len(texts(record, f"dc.{field}")) for field in ("title", "contributor.author", "date.issued")] == [1, 10, 1]
    assert texts(record, "dc.contributor.author")[:3] == ["Liang, J", "Zhang, H", "Hua, B"]
    assert [value for value in record.values if value.field in ("page.date", "page.view-open", "page.metadata")] == []


def test_dspace_means_its_own_fields_by_some_tags_and_gives_their_language():
    record = items_of(GOLDEN / "html-xmlui-simple.html")[0]
    assert texts(record, "dc.date.accessioned") == ["2010-12-23T08:38:13Z"]
    (title,) = [value for value in record.values if value.field == "dc.title"]
    assert title.language == "en_HK"
    assert record.files == (
        File(
            "content.pdf",
            "http://repository.example.org/bitstream/handle/10722/129504/content.pdf?sequence=1",
            "application/pdf",
        ),
    )


def test_institutions_and_orcid_ids_follow_their_author():
    record = items_of(DATA / "html-page/odd/a-journal.html")[0]
    author, other = [value for value in record.values if value.field == "dc.contributor.author"]
    assert author == Value("dc.contributor.author", "Zoë Müller", None, "0000-0002-1825-0097")
    assert other == Value("dc.contributor.author", "B, C")
    assert texts(record, "citation.author_institution") == ["Zoë Müller: Universität A", "Zoë Müller: Institut B"]
    assert texts(record, "citation.author_orcid") == ["no iD"]


def test_what_another_tag_says_in_other_words_is_kept_under_the_name_of_the_tag():
    record = items_of(DATA / "html-page/odd/a-journal.html")[0]
    assert texts(record, "dc.date.issued") == ["2019-03-05"]
    assert texts(record, "page.citation-year") == ["2020"]
    assert texts(record, "citation.online_date") == ["2019/02/01"]
    assert texts(record, "dc.identifier.volume") == ["7"]
    assert (texts(record, "dc.subject.lcsh"), texts(record, "dc.subject")) == (["Happiness"], [])


def test_odd_pages_of_a_folder_have_each_their_fate_and_the_rest_is_read():
    items = without_remarks(items_of(DATA / "html-page/odd"))
    assert [(type(item).__name__, getattr(item, "rule", ""), item.place) for item in items] == [
        ("Record", "", "a-journal.html, the page"),
        ("Finding", "page-empty", "b-nothing.html, the page"),
        ("Finding", "page-encoding", "c-encoding.html, the page"),
        ("Record", "", "d-eprints.html, the page"),
    ]
    assert [item.message for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION] == [
        "b-nothing.html, the page: the page has neither a table 'DC Field | Value | Language' nor meta tags about an item, "
        "such as citation_title; save the whole page, with its full table of fields, as HTML",
        "c-encoding.html, the page: dc.title holds bytes that are not in the encoding of the page; save the page as UTF-8 "
        "and read it again",
    ]


def test_blank_rows_and_tags_are_no_values():
    (finding,) = items_of(DATA / "html-page/blank.html")
    assert (finding.rule, finding.severity) == ("page-empty", Severity.VIOLATION)


@pytest.mark.parametrize(
    ("said", "text", "codec"),
    [
        pytest.param('<meta charset="utf-8">', "é", "utf-8", id="charset"),
        pytest.param(
            '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "–é", "cp1252", id="latin"
        ),
        pytest.param('<meta charset="koi8-r">', "ж", "koi8-r", id="koi8-r"),
        pytest.param("", "é", "utf-8", id="nothing said, UTF-8"),
        pytest.param("", "é", "cp1252", id="nothing said, Windows-1252"),
        pytest.param("", "é", "utf-16", id="UTF-16 with its mark"),
        pytest.param('<meta charset="utf-16">', "é", "utf-8", id="UTF-16 said in ASCII"),
        pytest.param('<meta charset="hex">', "é", "utf-8", id="no encoding of text"),
        pytest.param('<meta charset="klingon">', "é", "utf-8", id="unknown"),
        pytest.param('<?xml version="1.0" encoding="iso-8859-1"?>', "é", "cp1252", id="XHTML"),
    ],
)
def test_the_encoding_is_told_by_a_rule(tmp_path, said, text, codec):
    path = tmp_path / "a.html"
    path.write_bytes(f'{said}<html><meta name="DC.title" content="{text}"></html>'.encode(codec))
    assert [texts(item, "dc.title") for item in items_of(path) if isinstance(item, Record)] == [[text]]


def test_entities_are_characters(tmp_path):
    path = tmp_path / "a.html"
    path.write_text('<html><meta name="DC.title" content="&eacute;&#233;&#xE9;&amp;"></html>')
    assert [texts(item, "dc.title") for item in without_remarks(items_of(path))] == [["ééé&"]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(HEAD.format(TITLE, ""), True, id="tag"),
        pytest.param("<!-- saved --><!DOCTYPE html>" + HEAD.format(TITLE.upper(), ""), True, id="upper case"),
        pytest.param(HEAD.format("<style>" + "a{} " * 30_000 + "</style>" + TITLE, ""), True, id="styles before it"),
        pytest.param("<table><tr><td>dc.title</td><td>A</td></tr></table>", True, id="table alone"),
        pytest.param(HEAD.format("<title>Home</title>", "<p>dc.title</p>"), False, id="any page"),
        pytest.param(HEAD.format("<style>" + "a{} " * 30_000 + "</style>", ""), False, id="any long page"),
        pytest.param("dc.title <meta name='DC.title'>", False, id="no page"),
    ],
)
def test_a_page_is_told_from_any_other_by_what_it_says_of_an_item(tmp_path, content, told):
    path = tmp_path / "page"
    path.write_text(content)
    assert [format_.name for _, format_ in find_files(path)[0]] == (["html-page"] if told else [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            b" " * LARGEST_PAGE_BYTES, r"the page is larger than 16 MiB, which no page about one item is", id="size"
        ),
        pytest.param(b"<div>" * 5_000, r"nests deeper than any page about an item", id="depth"),
    ],
)
def test_a_page_that_would_cost_too_much_is_refused(tmp_path, content, message):
    path = tmp_path / "a.html"
    path.write_bytes(b"<html>" + TITLE.encode() + content)
    with pytest.raises(SourceError, match=message):
        items_of(path)


def test_scripts_and_first_cells_that_only_look_like_fields_give_no_values(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        HEAD.format(
            TITLE,
            "<script>document.write('<td>dc.title</td><td>No</td>')</script>"
            "<table><tr><td>www.example.org</td><td>a site</td></tr></table>",
        )
    )
    assert [fields(item) for item in without_remarks(items_of(path))] == [[("dc.title", "A title")]]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(
            '<meta name="bepress_citation_author" content="A, B"><meta name="bepress_citation_date" content="2011">',
            [("dc.contributor.author", "A, B"), ("dc.date.issued", "2011")],
            id="Digital Commons",
        ),
        pytest.param(
            '<meta name="citation_authors" content="A, B; C, D"><meta name="citation_keywords" content="x; y">',
            [
                ("dc.contributor.author", "A, B"),
                ("dc.contributor.author", "C, D"),
                ("dc.subject", "x"),
                ("dc.subject", "y"),
            ],
            id="lists",
        ),
        pytest.param(
            '<meta name="prism.publicationName" content="J"><meta name="prism.eIssn" content="1396-0466">',
            [("dc.relation.ispartof", "J"), ("dc.identifier.eissn", "1396-0466")],
            id="PRISM",
        ),
        pytest.param(
            '<meta name="DCTERMS.isPartOf" content="S"><meta property="dcterms:rightsholder" content="R">',
            [("dcterms.isPartOf", "S"), ("dcterms.rightsHolder", "R")],
            id="DCMI terms in any case",
        ),
        pytest.param(
            '<meta name="DC.date" content="2009"><meta name="citation_date" content="2009/04/01">',
            [("dc.date.issued", "2009-04-01")],
            id="a date that says less",
        ),
    ],
)
def test_tags_become_the_fields_of_a_repository(tmp_path, tags, expected):
    path = tmp_path / "a.html"
    path.write_text(HEAD.format(tags, ""))
    assert [fields(item) for item in without_remarks(items_of(path))] == [expected]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize(
    ("name", "authors", "values"),
    [("PMC2654146.html.gz", 11, 57), ("first_monday_ojs3_landingpage.html", 3, 36)],
)
def test_real_pages_give_their_authors_in_order(name, authors, values):
    record = items_of(SHARED / name)[0]
    assert len(texts(record, "dc.contributor.author")) == authors
    assert len(record.values) == values


def test_thousands_of_authors_said_twice_are_each_one_author(tmp_path):
    path = tmp_path / "a.html"
    highwire = "".join(f'<meta name="citation_author" content="Name{number}, Ann">' for number in range(3_000))
    plain = "".join(f'<meta name="DC.creator" content="Ann Name{number}">' for number in range(3_000))
    path.write_text(HEAD.format(TITLE + highwire + plain, ""))
    (record,) = without_remarks(items_of(path))
    assert [value.field for value in record.values] == ["dc.title", *["dc.contributor.author"] * 3_000]


def test_paragraphs_of_a_cell_stay_apart(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td>dc.description</td><td> One.\n\nTwo.<br>Three.<p>Four.</p>&nbsp;</td></tr></table>")
    assert [fields(item) for item in without_remarks(items_of(path))] == [
        [("dc.description", "One.\n\nTwo.\nThree.\nFour.")]
    ]


@pytest.mark.parametrize(
    ("between", "pages"),
    [
        pytest.param("</html>\n<!DOCTYPE html>\n<html>", 2, id="document type"),
        pytest.param("</HTML><!-- saved from - -> --><HTML lang=en>", 2, id="comment"),
        pytest.param("<!--[if IE]><html class='ie'><![endif]-->", 1, id="conditional comment"),
        pytest.param("<script>open().write('</html>')</script>", 1, id="script"),
    ],
)
def test_a_file_of_several_pages_is_no_page(tmp_path, between, pages):
    path = tmp_path / "a.html"
    path.write_text(f"<html><head>{TITLE}</head><body>{between}{TITLE}</body></html>\n", encoding="utf-8")
    if pages == 1:
        (record,) = (item for item in items_of(path) if isinstance(item, Record))
        assert texts(record, "dc.title") == ["A title"]
    else:
        with pytest.raises(SourceError, match=r"the file holds several pages; put each into a file of its own"):
            items_of(path)
