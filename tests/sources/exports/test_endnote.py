"""EndNote XML: what its types, titles, numbers and dates become, and what is left out."""

import pytest

from lod.record import Record
from lod.report import Finding
from tests.helpers.paths import FIXTURES
from tests.helpers.read_sources import items_of, texts

FOLDER = FIXTURES / "sources" / "endnote"


def records_in(path):
    return [item for item in items_of(path) if isinstance(item, Record)]


def test_a_reference_becomes_the_fields_of_a_repository():
    article, section = records_in(FOLDER / "full.xml")
    expected = {
        "dc.type": ["journal article"],
        "dc.title": ["Roses in Rosa canina gardens"],
        "dc.contributor.author": ["Roe, Ann B.", "Example Consortium"],
        "dc.relation.ispartof": ["Journal of Examples"],
        "dc.identifier.issue": ["3"],
        "dc.date.issued": ["2021-03-15"],
        "dc.identifier.issn": ["2049-3630", "2049-3649"],
        "dc.identifier.doi": ["https://doi.org/10.5555/roses.21"],
        "dc.identifier.pmcid": ["PMC7654321"],
        "dc.subject": ["Roses", "Gardens", "parks"],
        "endnote.key": ["r5zv0example:17"],
        "endnote.edition": ["2021/03/15"],
    }
    assert {field: texts(article, field) for field in expected} == expected
    agents = {value.text: value.agent for value in article.values if value.field == "dc.contributor.author"}
    assert agents == {"Roe, Ann B.": None, "Example Consortium": "organisation"}
    assert texts(section, "dc.relation.ispartof") == ["The Book of Gardens"]
    assert texts(section, "dc.relation.ispartofseries") == ["Garden Series"]
    assert texts(section, "dc.contributor.editor") == ["Loe, Cy"]
    assert (texts(section, "dc.identifier.spage"), texts(section, "dc.identifier.epage")) == (["iv"], ["xx"])


def test_what_a_type_makes_of_numbers_and_people_depends_on_it():
    thesis, news, hearing = records_in(FOLDER / "odd.xml")
    assert texts(thesis, "dc.contributor.advisor") == ["Doe, Ben"]
    assert texts(thesis, "dc.format.extent") == ["212 p."]
    assert texts(thesis, "dc.date.issued") == ["1999-05-01"]
    assert texts(news, "dc.relation.ispartof") == ["Exampletown Times"]
    assert (texts(news, "endnote.pubdate"), texts(news, "dc.date.issued")) == (["spring issue"], ["2012"])
    assert (texts(hearing, "dc.type"), texts(hearing, "endnote.reftype")) == ([], ["Hearing"])


def test_paths_on_a_computer_and_the_look_of_text_are_left_out_with_a_remark():
    told = {item.field: item.value for item in items_of(FOLDER / "full.xml") if isinstance(item, Finding)}
    assert {"pdf-urls/url", "style@face", "database", "access-date"} <= told.keys()
    published = " ".join(value.text for record in records_in(FOLDER / "full.xml") for value in record.values)
    assert "Roe-2021.pdf" not in published
    assert "/home/ann" not in published


@pytest.mark.parametrize(
    ("dates", "issued", "kept"),
    [
        ("<year>2021</year><pub-dates><date>Mar</date></pub-dates>", "2021-03", []),
        ("<year>2021</year><pub-dates><date>15 March</date></pub-dates>", "2021-03-15", []),
        ("<year>2021</year><pub-dates><date>2021 Mar 15</date></pub-dates>", "2021-03-15", []),
        ("<year>2021</year><pub-dates><date>March 2020</date></pub-dates>", "2021", ["March 2020"]),
        ("<year>n.d.</year>", "n.d.", []),
    ],
)
def test_year_and_date_give_one_date_where_they_agree(tmp_path, dates, issued, kept):
    path = tmp_path / "a.xml"
    path.write_text(
        '<xml><records><record><ref-type name="Book">6</ref-type><titles><title>A</title></titles>'
        f"<dates>{dates}</dates></record></records></xml>"
    )
    (record,) = records_in(path)
    assert (texts(record, "dc.date.issued"), texts(record, "endnote.pubdate")) == ([issued], kept)


@pytest.mark.parametrize(
    ("program", "field"),
    [
        pytest.param('<source-app name="EndNote" version="20.1">EndNote</source-app>', "endnote.secondaryauthors", id="EndNote"),
        pytest.param("", "dc.contributor.editor", id="another program"),
    ],
)  # fmt: skip
def test_the_second_names_of_a_book_are_editors_of_its_series_in_endnote_itself(tmp_path, program, field):
    path = tmp_path / "a.xml"
    path.write_text(
        f'<xml><records><record>{program}<ref-type name="Book">6</ref-type><contributors><secondary-authors>'
        "<author>Roe, Ann</author></secondary-authors></contributors><titles><title>A</title></titles></record></records></xml>"
    )
    (record,) = records_in(path)
    assert texts(record, field) == ["Roe, Ann"]
