"""Citations: types, names, dates; what BibTeX and RIS readers make of them; references in each style."""

import re

import pybtex.errors
import pytest
from pybtex.database.input.bibtex import Parser

from lod.rdf.claims import iri
from lod.web.citing.bibtex import bibtex
from lod.web.citing.citation import Citation, citation, citation_key, date_of
from lod.web.citing.references import STYLES, UnknownStyleError, locale_named, reference, style_named
from lod.web.citing.ris import ris
from lod.web.citing.types import OTHER, CitedType, type_of
from lod.web.citing.writers import WRITERS, Wording, write_citations
from lod.web.http.formats import BIBTEX, CITATION_FORMATS, CSL_JSON, REFERENCE, RIS
from lod.web.profiles.summary import Summary
from lod.web.view import PublishedView

BIBO, FABIO = "http://purl.org/ontology/bibo/", "http://purl.org/spar/fabio/"
DCMI, COAR = "http://purl.org/dc/dcmitype/", "http://purl.org/coar/resource_type/"
ARTICLE = CitedType("article-journal", "article", "JOUR")


def cited(type_=ARTICLE, keywords=(), **fields):
    """A citation with a title and two authors, and what else is given."""
    common = {
        "id": "999/1",
        "type": type_.csl,
        "title": "Cells and DNA in Kenya: A study of growth",
        "author": [{"family": "Lu", "given": "Ada B"}, {"literal": "Testing Society"}],
        "issued": {"date-parts": [[2010, 8]]},
    }
    stated = {**common, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return Citation(type_, {name: value for name, value in stated.items() if value}, keywords)


JOURNAL = {
    "container_title": "Annals of Testing",
    "volume": "69",
    "issue": "8",
    "page": "1423-1429",
    "DOI": "10.5555/a_b{c}",
    "URL": "https://doi.org/10.5555/a_b%7Bc%7D",
}


def read_back(text):
    pybtex.errors.set_strict_mode(True)
    ((key, entry),) = Parser().parse_string(text).entries.items()
    return key, entry


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([f"{BIBO}AcademicArticle", f"{FABIO}JournalArticle"], ("article-journal", "article", "JOUR")),
        ([f"{BIBO}AcademicArticle", f"{FABIO}ConferencePaper"], ("paper-conference", "inproceedings", "CONF")),
        ([f"{BIBO}Article", f"{FABIO}ReviewArticle", f"{COAR}c_ba08"], ("review-book", "article", "JOUR")),
        ([f"{BIBO}Article", f"{FABIO}NewspaperArticle"], ("article-newspaper", "article", "NEWS")),
        ([f"{BIBO}Article", f"{FABIO}Article", f"{COAR}43KC-T6DC"], ("article-magazine", "article", "MGZN")),
        ([f"{BIBO}Book", f"{FABIO}Book"], ("book", "book", "BOOK")),
        ([f"{BIBO}Proceedings", f"{FABIO}ConferenceProceedings"], ("book", "proceedings", "BOOK")),
        ([f"{BIBO}Chapter", f"{FABIO}BookChapter"], ("chapter", "incollection", "CHAP")),
        ([f"{BIBO}Thesis", f"{FABIO}DoctoralThesis"], ("thesis", "phdthesis", "THES")),
        ([f"{BIBO}Thesis", f"{FABIO}MastersThesis"], ("thesis", "mastersthesis", "THES")),
        ([f"{BIBO}Report", f"{FABIO}ReportDocument", f"{COAR}c_8042"], ("report", "techreport", "RPRT")),
        ([f"{BIBO}Manuscript", f"{FABIO}Preprint"], ("article", "unpublished", "UNPB")),
        ([f"{BIBO}Document", f"{FABIO}Expression", f"{DCMI}Dataset"], ("dataset", "dataset", "DATA")),
        ([f"{BIBO}Document", f"{FABIO}ComputerProgram"], ("software", "software", "COMP")),
        ([f"{BIBO}Document", f"{FABIO}ConferencePoster"], ("speech", "misc", "SLIDE")),
        ([f"{BIBO}Patent", f"{FABIO}PatentDocument"], ("patent", "patent", "PAT")),
        ([f"{BIBO}Map"], ("map", "misc", "MAP")),
        ([f"{BIBO}AudioVisualDocument", f"{FABIO}Movie"], ("motion_picture", "misc", "VIDEO")),
        ([f"{BIBO}Document", f"{FABIO}Expression"], ("document", "misc", "GEN")),
    ],
)
def test_each_class_of_item_has_its_type(stated, expected):
    found = type_of(frozenset(map(iri, stated)), in_journal=False, in_book=False)
    assert (found.csl, found.bibtex, found.ris) == expected


def test_what_states_no_type_is_what_its_container_holds():
    nothing = frozenset()
    assert type_of(nothing, in_journal=True, in_book=False).csl == "article-journal"
    assert type_of(nothing, in_journal=False, in_book=True).csl == "chapter"
    assert type_of(nothing, in_journal=False, in_book=False) is OTHER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010", {"date-parts": [[2010]]}),
        ("2010-08", {"date-parts": [[2010, 8]]}),
        ("2010-08-17", {"date-parts": [[2010, 8, 17]]}),
        ("1911/1924", {"date-parts": [[1911], [1924]]}),
        ("1911~", {"date-parts": [[1911]], "circa": True}),
        ("n.d.", {"literal": "n.d."}),
        ("1/2/3", {"literal": "1/2/3"}),
        ("", {}),
    ],
)
def test_a_date_keeps_its_precision(text, expected):
    assert date_of(text) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("item/10722/129504", "10722/129504"),
        ("item/doi/10.5555/a%2Cb", "doi/10.5555/a+2Cb"),
        ("item/x/a~b", "x/a+7Eb"),
    ],
)
def test_the_key_is_that_of_the_iri_in_characters_that_bibtex_reads(key, expected):
    assert citation_key(key) == expected


def test_bibtex_is_read_back_with_its_key_names_and_special_characters():
    key, entry = read_back(bibtex(cited(**JOURNAL, keywords=("a", "b, c"), publisher="Müller & Söhne, 100 % #1 {x}")))
    assert (key, entry.type) == ("999/1", "article")
    assert [str(person) for person in entry.persons["author"]] == ["Lu, Ada B", "{Testing Society}"]
    assert entry.fields["title"] == "Cells and {DNA} in {Kenya}: {A} study of growth"
    assert entry.fields["publisher"] == r"Müller \& Söhne, 100 \% \#1 \textbraceleft{}x\textbraceright{}"
    assert entry.fields["journal"] == "Annals of Testing"
    assert entry.fields["pages"] == "1423--1429"
    assert entry.fields["doi"] == "10.5555/a_b%7Bc%7D"
    assert (entry.fields["year"], entry.fields["month"]) == ("2010", "August")
    assert entry.fields["keywords"] == "a, {b, c}"


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("The Growth of Cells in Kenya", "en", "The Growth of Cells in Kenya"),
        ("The growth of cells in Kenya", "", "The growth of cells in {Kenya}"),
        ("Die Kunst der Fuge", "de", "Die {Kunst} der {Fuge}"),
        ("Effects of mRNA?", "en", "Effects of {mRNA}?"),
        ("Splitting in MoS_{2", "en", r"Splitting in {MoS\_}\textbraceleft{}2"),
    ],
)
def test_capitals_that_are_meant_are_protected(title, language, expected):
    assert f"  title = {{{expected}}}," in bibtex(cited(title=title, language=language))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"family": "Smith, Jr", "given": "Ann"}, "{Smith, Jr}, Ann"),
        ({"literal": "Ministry of Health and Labour"}, "{Ministry of Health and Labour}"),
        ({"family": "王", "given": "小明"}, "王, 小明"),
    ],
)
def test_a_name_is_one_name(name, expected):
    text = bibtex(cited(author=[name]))
    assert f"  author = {{{expected}}}," in text
    assert len(read_back(text)[1].persons["author"]) == 1


def test_a_thesis_names_its_school_and_its_kind_where_the_entry_does_not():
    doctoral = bibtex(
        cited(CitedType("thesis", "phdthesis", "THES", "Doctoral thesis"), publisher="Testing", genre="Doctoral thesis")
    )
    other = bibtex(cited(CitedType("thesis", "phdthesis", "THES", "Thesis"), publisher="Testing", genre="Thesis"))
    assert "  school = {Testing}" in doctoral
    assert "  type = " not in doctoral
    assert "  type = {Thesis}" in other


def test_ris_has_one_type_and_one_end_and_no_value_with_a_line_break():
    text = ris(cited(**JOURNAL, ISSN="0003-4967, 1468-2060", abstract="One.\n\nTY  - BOOK", keywords=("a", "b, c")))
    lines = text.split("\r\n")
    assert lines[0] == "TY  - JOUR"
    assert lines[-2:] == ["ER  - ", ""]
    assert [line[:2] for line in lines].count("TY") == 1
    assert [line[6:] for line in lines if line.startswith("AU")] == ["Lu, Ada B", "Testing Society"]
    assert [line[6:] for line in lines if line.startswith("SN")] == ["0003-4967", "1468-2060"]
    assert [line[6:] for line in lines if line.startswith("KW")] == ["a", "b, c"]
    assert {"SP  - 1423", "EP  - 1429", "DA  - 2010/08//", "AB  - One. TY - BOOK"} <= set(lines)


REFERENCES = {
    "apa": "Lu, A. B., & Testing Society. (2010). Cells and DNA in Kenya: A study of growth. Annals of Testing, 69(8), 1423–1429. ",
    "chicago": "Lu, Ada B., and Testing Society. 2010. “Cells and DNA in Kenya: A Study of Growth.” Annals of Testing 69 (8): 1423–29. ",
    "mla": "Lu, Ada B., and Testing Society. “Cells and DNA in Kenya: A Study of Growth.” Annals of Testing, vol. 69, no. 8, Aug. 2010, ",
    "harvard": "Lu, A.B. and Testing Society (2010) ‘Cells and DNA in Kenya: A study of growth’, Annals of Testing, 69(8), pp. 1423–1429. ",
    "ieee": "A. B. Lu and Testing Society, “Cells and DNA in Kenya: A study of growth,” Annals of Testing, vol. 69, no. 8, pp. 1423–1429, Aug. 2010",
    "vancouver": "Lu AB, Testing Society. Cells and DNA in Kenya: A study of growth. Annals of Testing. 2010 Aug;69(8):1423–9. ",
    "ama": "Lu AB, Testing Society. Cells and DNA in Kenya: A study of growth. Annals of Testing. 2010;69(8):1423-1429. ",
    "nature": "Lu, A. B. & Testing Society. Cells and DNA in Kenya: A study of growth. Annals of Testing 69, 1423–1429 (2010).",
}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_reference_is_worded_as_its_style_says(style):
    """The texts are those of citeproc-js with the same style and locale."""
    assert reference(cited(**JOURNAL), style).startswith(REFERENCES[style.name])


@pytest.mark.parametrize(
    ("style", "fields", "expected"),
    [
        pytest.param("apa", {"issued": {"date-parts": [[2002, 9], [2002, 10]]}}, "(2002).", id="span in one year"),
        pytest.param("ieee", {"issued": {"date-parts": [[1998], [2001]]}}, "1998–2001", id="span of years"),
        pytest.param("mla", {"author": []}, "“Cells and DNA in Kenya: A Study of Growth.” Annals", id="no author"),
        pytest.param("apa", {"author": [{"family": "Lu", "given": "AB"}]}, "Lu, A. B. (2010)", id="initials of PubMed"),
        pytest.param("vancouver", {"author": [{"family": "Lu", "given": "AB"}]}, "Lu AB. ", id="initials run together"),
        pytest.param("mla", {"author": [{"family": "LU", "given": "ADA"}]}, "LU, ADA. ", id="name in capitals"),
        pytest.param("nature", {"author": [{"family": "王", "given": "小明"}]}, "王小明. Cells", id="Chinese name"),
        pytest.param("chicago", {"title": "The world's end"}, "“The World’s End.”", id="apostrophe"),
        pytest.param("nature", {"title": "Why?"}, "Why? Annals", id="question mark"),
    ],
)
def test_what_the_processor_does_otherwise_is_set_right(style, fields, expected):
    assert expected in reference(cited(**{**JOURNAL, **fields}), style_named(style))


def test_a_title_that_stands_for_the_author_and_editors_that_do_stand_once():
    untitled = reference(cited(**JOURNAL, author=[]), style_named("harvard"))
    assert untitled.casefold().count("cells and dna") <= 1
    book = CitedType("book", "book", "BOOK")
    edited = cited(book, author=[], editor=[{"family": "Lu", "given": "Ada"}], publisher="Testing")
    assert (
        reference(edited, style_named("harvard"))
        == "Lu, A. (ed.) (2010) Cells and DNA in Kenya: A study of growth. Testing."
    )
    assert reference(edited, style_named("apa")).startswith("Lu, A. (Ed.). (2010).")


def test_a_paper_of_thousands_of_authors_costs_no_more_than_one_of_sixty():
    crowd = cited(**JOURNAL, author=[{"family": f"N{number}", "given": "A"} for number in range(5_000)])
    assert reference(crowd).startswith("N0, A., N1, A., N2, A.,")
    assert "N18, A., … N4999, A. (2010)" in reference(crowd)


def test_a_locale_changes_the_words():
    assert "„Cells and DNA" in reference(cited(**JOURNAL), style_named("ieee"), locale_named("de"))
    assert locale_named("EN_gb") == "en-GB"
    assert locale_named("fr-BE") == "fr-FR"


def test_an_unknown_style_or_locale_is_refused_with_the_list():
    with pytest.raises(
        UnknownStyleError, match=r"^No style 'turabian'; styles: apa, chicago, mla, harvard, ieee, vanc"
    ):
        style_named("turabian")
    with pytest.raises(UnknownStyleError, match=r"^No locale 'xx'; locales: af-ZA, ar, "):
        locale_named("xx")
    assert style_named("modern-language-association.csl") is style_named("MLA")


def test_every_format_that_cites_has_a_writer():
    assert tuple(WRITERS) == CITATION_FORMATS


@pytest.mark.parametrize(
    ("format_", "pattern"),
    [
        (CSL_JSON, r"\[\n\{.*\},\n\{.*\}\n\]\n"),
        (BIBTEX, r"@article\{999/1,\n.*\n\}\n\n@article\{999/2,\n.*\n\}\n"),
        (RIS, r"TY  - JOUR\r\n.*ER  - \r\n\r\nTY  - JOUR\r\n.*ER  - \r\n"),
        (REFERENCE, r"A\. B\. Lu[^\n]*\nA\. B\. Lu[^\n]*\n"),
    ],
)
def test_many_items_are_one_document(format_, pattern):
    items = [cited(**JOURNAL, id=f"999/{number}") for number in (1, 2)]
    assert re.fullmatch(pattern, "".join(write_citations(items, format_, Wording(style_named("ieee")))), re.DOTALL)


def test_an_item_is_cited_with_what_its_document_states(app, client):
    service = app.extensions["lod"]
    view = PublishedView(service, service.reader())
    found = citation(Summary(view.reader, view.document("item/999/a.b/c")))
    assert found.type.csl == found.fields["type"] == "article-journal"
    assert found.fields["author"] == [{"family": "Lu", "given": "L"}, {"family": "O'Brien", "given": "M"}]
    assert (found.fields["container-title"], found.fields["volume"], found.fields["issue"]) == (
        "Annals of Testing",
        "69",
        "8",
    )
    assert found.fields["ISSN"] == "0003-4967, 1468-2060"
    assert found.fields["URL"] == "https://doi.org/10.5555/ABC"
    assert found.keywords == ("Lupus, Systemic", "café", "naïve")
