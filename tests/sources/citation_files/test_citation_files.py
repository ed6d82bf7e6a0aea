"""BibTeX and RIS."""

from __future__ import annotations

import pytest

from lod.errors import SourceError
from lod.mapping.values.maps import compared
from lod.record import Record
from lod.report import Finding
from lod.sources import find_files
from lod.sources.citation_files import bibtex, ris
from lod.sources.citation_files.tex import plain_text, unescaped
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.read_sources import items_of, records_of, texts, violations

SHARED = SHARED_FOLDER / "data" / "ris-bibtex"
FIELDS = FIXTURES / "citation_files" / "fields.bib"


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        pytest.param(r"P\"{a}ckert, M.", "Päckert, M.", id="accent"),
        pytest.param(r"jafnr{\ae}{\dh}i og {\th}{\'a}tttaka", "jafnræði og þátttaka", id="letters"),
        pytest.param(r"Production of $\Sigma^{0}$ Hyperon", "Production of Σ^0 Hyperon", id="mathematics"),
        pytest.param("Oil & Gas, 100% of C#", "Oil & Gas, 100% of C#", id="characters that TeX would eat"),
        pytest.param(r"\textit{Natrix cetti} ``quoted''", "Natrix cetti “quoted”", id="markup"),
        pytest.param("{{The {impossible}}}", "The impossible", id="braces"),
        pytest.param("plain\n  text", "plain text", id="white space"),
    ],
)
def test_tex_becomes_plain_text(tex, plain):
    assert plain_text(tex) == plain


def test_codes_lose_backslashes_and_braces_only():
    assert unescaped(r"{10.1000/a\_b%20}") == "10.1000/a_b%20"


def test_an_entry_becomes_the_fields_of_a_repository():
    article, paper, proceedings = records_of("bibtex", "full.bib")
    assert article.place == "full.bib, line 4"
    expected = {
        "bibtex.key": ["Adams2001"],
        "dc.contributor.author": [
            "Adams, Nancy K.",
            "de Silva, Shanaka L.",
            "Huaynaputina Working Group",
            "Self, Stephen, Jr.",
        ],
        "dc.relation.ispartof": ["Bulletin of Volcanology"],
        "dc.identifier.issue": ["8"],
        "dc.identifier.spage": ["493"],
        "dc.identifier.epage": ["518"],
        "dc.date.issued": ["2001-04"],
        "dc.identifier.issn": ["0258-8900", "1432-0819"],
        "dc.subject": ["Vulcanian eruptions", "breadcrust", "plinian"],
        "bibtex.custom": ["kept"],
        "bibtex.others": ["author and others"],
        "bibtex.file": [],
    }
    assert {field: texts(article, field) for field in expected} == expected
    assert texts(paper, "dc.contributor.author") == ["Päckert, M.", "Önnudóttir, Eva H."]
    assert texts(paper, "dc.relation.ispartof") == ["Proceedings of the Xth Conference on XYZ"]
    assert texts(paper, "dc.identifier.isbn") == ["978-1-59593-609-7"]
    assert texts(paper, "dc.relation.ispartofseries") == ["Lecture Notes;7"]
    assert texts(proceedings, "dc.title") == ["Proceedings of the Xth Conference on XYZ"]


def test_odd_entries_are_read_and_broken_ones_are_named_among_them():
    items = items_of("bibtex", "odd.bib")
    book, report, nowhere, thesis, online = [item for item in items if isinstance(item, Record)]
    assert texts(book, "dc.title") == ["The impossible TEL—book on Σ^0: Oil & Gas"]
    assert texts(book, "bibtex.title") == [r"The {impossible} TEL---book on $\Sigma^{0}$: Oil & Gas"]
    assert texts(book, "dc.contributor.author") == ["Sweıg, Stefan", "Décoret, Xavier"]
    assert texts(book, "dc.identifier.uri") == ["https://example.org/a_b"]
    assert texts(book, "dc.date.issued") == ["1942"]
    assert texts(report, "dc.date.issued") == ["2021-06-18"]
    assert texts(thesis, "dc.type") == ["doctoral thesis"]
    assert texts(thesis, "dc.contributor.author") == ["von der Berg, Anna"]
    assert texts(online, "bibtex.key") == ["last"]
    places = [(item.place, item.value) for item in violations(items)]
    assert places == [("odd.bib, line 7", "broken")]
    (remark,) = [item for item in items if isinstance(item, Finding) and item.rule == "bibtex-text"]
    assert remark.message.startswith(
        "odd.bib: line 11: an '@' here begins no entry that can be read, and was left out ("
    )
    assert (texts(nowhere, "dc.relation.ispartof"), texts(nowhere, "bibtex.journal")) == ([], ["nowhere"])


def test_an_oddity_in_one_field_of_an_entry_costs_that_field():
    items = items_of(FIELDS)
    records = [item for item in items if isinstance(item, Record)]
    told = {(item.place, item.field): item.message for item in items if getattr(item, "rule", "") == "bibtex-field"}
    assert violations(items) == []
    assert [texts(record, "bibtex.key") for record in records] == [
        *(
            ["Roe 2007 b"],
            [],
            [],
            ["comma"],
            ["early"],
            ["unclosed"],
            ["last"],
            ["line"],
            ["key 7"],
            ["bare"],
            ["percent"],
        )
    ]
    assert all(texts(record, "dc.title") and texts(record, "dc.date.issued") for record in records)
    assert texts(records[0], "dc.date.issued") == ["2007-09"]
    assert texts(records[3], "dc.contributor.author") == texts(records[4], "dc.contributor.author") == ["Roe, Jana"]
    kept = {
        ("fields.bib, line 10", "bibtex.journal"): (
            0,
            "jrn # undefinedone",
            "undefined string in line 10: undefinedone",
        ),
        ("fields.bib, line 11", "bibtex.note"): (0, 'a "quoted" word', "line 11: ',' or the end of the entry expected"),
        ("fields.bib, line 30", "bibtex.abstract"): (
            *(5, "{never {closed,", "a brace or a quotation mark in it is never closed"),
        ),
        ("fields.bib, line 37", "bibtex.abstract"): (
            6,
            "{never {closed",
            "a brace or a quotation mark in it is never closed",
        ),
        ("fields.bib, line 39", "bibtex.month"): (7, "12 jan", "line 39: ',' or the end of the entry expected"),
        ("fields.bib, line 43", "bibtex.note"): (10, "50%", "line 43: ',' or the end of the entry expected"),
    }
    assert set(told) == set(kept)
    for (place, name), (number, text, why) in kept.items():
        assert [value.strip('"') for value in texts(records[number], name)] == [text]
        field, key = name.removeprefix("bibtex."), texts(records[number], "bibtex.key")[0]
        assert told[place, name] == (
            f"{place}: the field {field} of the entry {key!r} cannot be read, and is kept verbatim as {name}: {why}. "
            "Mend it and read the file again"
        )


def test_a_brace_that_is_never_closed_takes_neither_the_fields_after_it_nor_the_entry(read):
    text = "@misc{a,\n title = {Peat},\n note = {Never {closed},\n year = 2002,\n}\n@misc{b,\n title = {Slate}\n}\n"
    records = [item for item in read("x.bib", text.encode()) if isinstance(item, Record)]
    assert [texts(record, "dc.title") for record in records] == [["Peat"], ["Slate"]]
    assert (texts(records[0], "dc.date.issued"), texts(records[0], "bibtex.note")) == (["2002"], ["{Never {closed},"])


def test_a_preamble_may_be_any_text_and_an_odd_string_costs_no_record():
    remarks = [item.message for item in items_of(FIELDS) if getattr(item, "rule", "") == "bibtex-text"]
    assert remarks == [
        "fields.bib: line 3: an '@' here begins no entry that can be read, and was left out (@string: line 3: '=' expected)"
    ]


def test_a_bibtex_file_in_another_encoding_ends_the_source(read):
    with pytest.raises(SourceError, match=r"x\.bib: not UTF-8: byte 0xE9 at offset 17; save it as UTF-8"):
        read("x.bib", b"@book{a, title={C\xe9}}")


def test_a_reference_becomes_the_fields_of_a_repository():
    article, chapter = records_of("ris", "full.ris")
    assert (article.place, chapter.place) == ("full.ris, line 1", "full.ris, line 28")
    expected = {
        "dc.type": ["review article"],
        "dc.contributor.author": ["Labanski, A.", "Elsenbruch, Sigrid"],
        "dc.date.issued": ["2020-01-15"],
        "dc.identifier.issn": ["0306-4530"],
        "dc.identifier.articlenumber": ["104501"],
        "dc.subject": ["Brain-gut axis", "Memory", "Stress"],
        "dc.relation.ispartof": ["Psychoneuroendocrinology"],
        "ris.id": ["2020-1"],
        "ris.m3": ["Review"],
    }
    assert {field: texts(article, field) for field in expected} == expected
    assert texts(chapter, "dc.relation.ispartofseries") == ["Bibliothek des Eigentums"]
    assert texts(chapter, "dc.contributor.editor") == ["Editor, Erika"]
    assert texts(chapter, "dc.identifier.isbn") == ["9783642002304"]


def test_odd_references_are_read_and_text_between_them_is_named():
    items = items_of("ris", "odd.ris")
    lost, captive, book, last = [item for item in items if isinstance(item, Record)]
    assert texts(lost, "dc.title") == ["A reference that has lost its first line"]
    assert texts(captive, "dc.title") == ["Holding yourself captive: perceptions of custody"]
    assert texts(captive, "dc.date.issued") == ["2018-09-03"]
    assert texts(captive, "dc.identifier.doi") == ["10.1016/J.JARMAC.2018.03.001"]
    assert texts(captive, "dc.identifier.isi") == ["WOS:000444108200009"]
    assert texts(captive, "dc.identifier.spage") == []
    assert texts(captive, "ris.majorkeyword") == ["Police custody"]
    assert texts(captive, "ris.zz") == ["an unknown tag"]
    assert texts(book, "dc.relation.ispartofseries") == ["A series"]
    assert texts(last, "ris.ty") == ["AGGR"]
    (violation,) = violations(items)
    assert violation.message.startswith("odd.ris, line 31: TI is not UTF-8, in line 32; save the file as UTF-8")
    assert items[-1].message == (
        "odd.ris: text outside of references was left out: 1 lines or tags, the first in line 6"
    )


def test_two_issns_in_a_row_are_two(read):
    (record,) = [
        item
        for item in read("x.ris", b"TY  - JOUR\nTI  - A\nSN  - 1573-3602 1050-5350\nER  - \n")
        if isinstance(item, Record)
    ]
    assert texts(record, "dc.identifier.issn") == ["1573-3602", "1050-5350"]


def test_the_series_of_an_article_is_that_of_its_journal(read):
    text = "@article{a, title={A}, journaltitle={Roof Letters}, series={newseries}, volume={9}, annotation={A \\texttt{set}.}}"
    (record,) = [item for item in read("x.bib", text) if isinstance(item, Record)]
    assert (texts(record, "bibtex.series"), texts(record, "dc.relation.ispartofseries")) == (["newseries"], [])
    assert texts(record, "bibtex.annotation") == ["A \\texttt{set}."]


def test_a_book_on_pages_of_another_one_is_in_it(read):
    text = "@book{a, title={A}, booktitle={Roofs}, pages={1--9}}\n@book{b, title={B}, booktitle={Roofs}}"
    part, whole = [item for item in read("x.bib", text) if isinstance(item, Record)]
    assert (texts(part, "dc.relation.ispartof"), texts(whole, "dc.relation.ispartof")) == (["Roofs"], [])


def test_tags_before_ty_belong_to_its_reference_unless_they_are_one_of_their_own(read):
    text = "ID  - 77\nTI  - A\nTY  - JOUR\nAU  - Roe, Jana\nER  - \n\nTI  - B\nTY  - BOOK\nTI  - C\nER  - \n"
    first, lost, book = [item for item in read("x.ris", text.encode()) if isinstance(item, Record)]
    assert (texts(first, "ris.id"), texts(first, "dc.title"), texts(first, "dc.type")) == (
        ["77"],
        ["A"],
        ["journal article"],
    )
    assert (first.place, lost.place, book.place) == ("x.ris, line 1", "x.ris, line 7", "x.ris, line 8")
    assert (texts(lost, "dc.title"), texts(book, "dc.title")) == (["B"], ["C"])


@pytest.mark.parametrize(
    ("tags", "types", "dois", "kept"),
    [
        pytest.param("TY  - JOUR\nM3  - Review", ["review article"], [], ["Review"], id="a review"),
        pytest.param("TY  - JOUR\nM3  - Erratum", ["corrigendum"], [], ["Erratum"], id="an erratum"),
        pytest.param(
            "TY  - JOUR\nM3  - Conference Paper",
            ["journal article", "conference paper"],
            [],
            ["Conference Paper"],
            id="a paper of a conference in a journal",
        ),
        pytest.param("TY  - THES\nM3  - Ph.D. diss.", ["doctoral thesis"], [], ["Ph.D. diss."], id="a thesis"),
        pytest.param("TY  - THES\nM3  - M.Sc.", ["master thesis"], [], ["M.Sc."], id="a master's thesis"),
        pytest.param("TY  - RPRT\nM3  - Working paper", ["working paper"], [], ["Working paper"], id="a report"),
        pytest.param("TY  - CHAP\nM3  - Review", ["book chapter"], [], ["Review"], id="not said of a chapter"),
        pytest.param("TY  - JOUR\nM3  - doi: 10.5555/a", ["journal article"], ["10.5555/a"], [], id="a DOI"),
        pytest.param(
            "TY  - JOUR\nM3  - 10.5555/a\nDO  - 10.5555/b",
            ["journal article"],
            ["10.5555/b"],
            ["10.5555/a"],
            id="a DOI beside that of the work",
        ),
    ],
)
def test_the_type_of_work_says_more_exactly_what_it_is_or_holds_the_doi(read, tags, types, dois, kept):
    (record,) = (item for item in read("a.ris", f"{tags}\nTI  - A\nER  - \n") if isinstance(item, Record))
    assert (texts(record, "dc.type"), texts(record, "dc.identifier.doi"), texts(record, "ris.m3")) == (
        types,
        dois,
        kept,
    )


def test_every_type_that_is_put_another_way_is_in_the_map_of_types(crosswalk):
    works = [name for names in ris._WORKS.values() for name in names.values()]
    theses = [name for name, _ in ris._THESES]
    named = [*bibtex.TYPES.values(), *bibtex._THESES.values(), *ris.TYPES.values(), *works, *theses]
    assert sorted({name for name in named if compared(name) not in crosswalk.maps.types}) == []


REAL = [
    ("asreview_baseline_zotero.ris.gz", "ris", 100, 0),
    ("asreview_ovid_psycinfo.ris", "ris", 6, 0),
    ("asreview_scopus.ris.gz", "ris", 6, 0),
    ("asreview_web_of_science.txt", "ris", 10, 0),
    ("zotero_bibtex_00.bib", "bibtex", 1, 0),
    ("zotero_bibtex_02.bib", "bibtex", 2, 0),
    ("zotero_bibtex_08.bib", "bibtex", 7, 0),
    ("zotero_bibtex_18.bib", "bibtex", 1, 0),
    ("zotero_bibtex_22.bib", "bibtex", 1, 0),
    ("zotero_ris_00.ris", "ris", 1, 0),
    ("zotero_ris_02.ris", "ris", 48, 0),
    ("zotero_ris_08.ris", "ris", 1, 0),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize(("name", "format", "records", "refused"), REAL)
def test_real_files_give_all_their_records(name, format, records, refused):
    assert [found.name for _, found in find_files(SHARED / name)[0]] == [format]
    items = items_of(SHARED / name)
    assert (sum(isinstance(item, Record) for item in items), len(violations(items))) == (records, refused)


def test_a_remark_between_two_names_is_none_of_them(tmp_path):
    path = tmp_path / "a.bib"
    path.write_text("@article{x, title={Lichens}, author={Lund, Per and\n% who is this?\nRoe, Ann}}", encoding="utf-8")
    record = next(item for item in items_of(path) if isinstance(item, Record))
    assert texts(record, "dc.contributor.author") == ["Lund, Per", "Roe, Ann"]
    assert texts(record, "bibtex.author.comment") == ["% who is this?"]


@pytest.mark.parametrize(
    ("date", "issued", "kept"),
    [("7-11 August 2016", "2016", "bibtex.date"), ("2016-08-07", "2016-08-07", "bibtex.year")],
)
def test_of_date_and_year_the_one_that_is_a_date_counts(tmp_path, date, issued, kept):
    path = tmp_path / "a.bib"
    path.write_text(f"@inproceedings{{x, title={{Lichens}}, year=2016, date={{{date}}}}}", encoding="utf-8")
    record = next(item for item in items_of(path) if isinstance(item, Record))
    assert texts(record, "dc.date.issued") == [issued]
    assert len(texts(record, kept)) == 1
