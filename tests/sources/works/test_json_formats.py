"""JSON sources: Dublin Core fields, Crossref, DataCite, DOAJ, CSL-JSON."""

from __future__ import annotations

import json

import pytest

from lod.errors import SourceError
from lod.mapping.values.maps import compared
from lod.record import Record, Value
from lod.report import Finding, Severity
from lod.sources import find_files, open_source
from lod.sources.works import crossref, csl_json, datacite
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import SETTINGS, items_of, records_of, texts, violations

SHARED = SHARED_FOLDER / "data"


def test_a_crossref_work_becomes_the_fields_of_a_repository():
    article, paper = records_of("crossref", "full.json")
    assert article.place == "full.json, record 1"
    assert article.modified == "2022-03-01T02:44:38Z"
    authors = [value for value in article.values if value.field == "dc.contributor.author"]
    assert [(value.text, value.authority) for value in authors] == [
        ("Hardin, Douglas P.", None),
        ("Northington, Michael C., V", None),
        ("Powell, Alexander M.", "http://orcid.org/0000-0002-1825-0097"),
    ]
    expected = {
        "dc.date.issued": ["2018-03"],
        "dc.identifier.spage": ["294"],
        "dc.identifier.epage": ["311"],
        "dc.identifier.issn": ["1063-5203"],
        "dc.rights.uri": ["http://creativecommons.org/licenses/by/4.0/"],
        "dc.relation.funding": ["NSF DMS", "NSF DMS", "National Science Foundation"],
        "dc.relation.grantno": ["1521749", "1516400"],
        "dc.relation.hasversion": ["10.48550/arxiv.1510.04855"],
        "crossref.author.affiliation": ["Hardin, Douglas P.: Vanderbilt University"],
        "crossref.published-online": ["2016-05-13"],
    }
    assert {field: texts(article, field) for field in expected} == expected
    assert texts(article, "dc.relation.references")[0] == "https://doi.org/10.1007/s00041-009-9068-y"
    assert {json.loads(text).get("author") for text in texts(article, "crossref.reference")} >= {"Daubechies"}
    assert texts(paper, "dc.title") == ["There is nothing so practical as a good theory: Notes from a conference"]
    assert texts(paper, "dc.relation.ispartofseries") == ["Balisage Series on Markup Technologies"]
    assert texts(paper, "oaire.citation.conferenceDate") == ["2019-07-30/2019-08-02"]


def test_marks_of_how_letters_look_go_with_a_remark_and_those_that_may_mean_something_stay(read):
    title = "<scp>T</scp>estbase: the <tt>lod</tt> of H<sub>2</sub>O in <i>Homo sapiens</i>"
    record, *remarks = read("w.json", json.dumps({"DOI": "10.5555/a", "reference-count": 1, "title": [title]}))
    assert texts(record, "dc.title") == ["Testbase: the lod of H<sub>2</sub>O in <i>Homo sapiens</i>"]
    message = "title/face was left out: the marks of small capitals, typewriter and font say how letters look"
    assert message in [remark.message for remark in remarks]


def test_parts_of_an_event_are_kept_in_their_order(read):
    parts = [f"part{number}" for number in range(9)]
    event = {"name": "A meeting", **dict.fromkeys(parts, "text")}
    record, _ = read("w.json", json.dumps({"DOI": "10.5555/a", "reference-count": 1, "event": event}))
    fields = [value.field for value in record.values]
    assert [field for field in fields if "event" in field] == [f"crossref.event.{part}" for part in parts]


def test_what_crossref_needs_for_itself_is_left_out_with_a_remark():
    remarks = {item.field: item for item in items_of("crossref", "full.json") if isinstance(item, Finding)}
    assert {(remark.rule, remark.severity) for remark in remarks.values()} == {("left-out", Severity.INFO)}
    assert remarks["reference-count"].message == "reference-count was left out: a count without a date"
    assert remarks["deposited"].message == "deposited was left out: the date the record was last changed"
    assert {name: remarks[name].value for name in ("reference-count", "deposited")} == {
        "reference-count": "1",
        "deposited": "2",
    }


def test_odd_works_are_read_and_broken_ones_are_named_among_them():
    items = items_of("crossref", "odd.jsonl")
    old, preprint, chapter = [item for item in items if isinstance(item, Record)]
    assert texts(old, "dc.title") == ["Oil &amp; gas: the <i>state</i> of a field"]
    assert texts(old, "dc.contributor.author") == ["Östergård", "The Study Group", "Anonymous"]
    assert texts(preprint, "dc.date.issued") == ["2021-01"]
    assert texts(preprint, "dc.type") == ["preprint"]
    assert texts(preprint, "dc.identifier.isbn") == ["9783211825709"]
    assert texts(chapter, "dc.contributor.author") == ["Mustermann, Karl, Jr."]
    assert texts(chapter, "crossref.surprise") == ['{"of": ["a", "member"]}']
    broken, array = violations(items)
    assert broken.message.startswith("odd.jsonl, line 2: the line is no JSON (")
    assert broken.message.endswith("; mend or delete it")
    assert array.message == "odd.jsonl, line 3: a record is a JSON object in braces, not [1, 2]; delete it"


@pytest.mark.parametrize(
    "name", ["crossref/blank.json", "csl-json/blank.json", "datacite/blank.json", "json-lines/blank.json"]
)
def test_an_object_without_values_is_a_violation_that_says_what_it_has(name):
    (violation,) = violations(items_of(name))
    assert violation.rule == "no-metadata"
    assert violation.place.endswith("1")


def test_a_doi_that_is_not_public_is_left_out_with_a_remark():
    items = items_of("datacite", "odd.jsonl")
    assert [texts(item, "dc.identifier.doi") for item in items if isinstance(item, Record)] == [
        ["10.5281/ZENODO.1"],
        ["10.5281/zenodo.3"],
    ]
    assert [item.message for item in items if isinstance(item, Finding) and item.rule == "hidden"] == [
        "odd.jsonl: line 2 was left out: its state is 'draft', so that it is not public"
    ]


def test_datacite_names_titles_and_grants():
    (record,) = records_of("datacite", "full.json")
    authors = [value for value in record.values if value.field == "dc.contributor.author"]
    assert authors[1].authority == "https://ror.org/0190ak572"
    assert Value("dc.title", "Moving language: Mothers' verbs and infants' locomotion", "en") in record.values
    assert texts(record, "dc.title.translated") == ["Bewegte Sprache"]
    assert texts(record, "dc.relation.funding") == ["National Institutes of Health", "LEGO Foundation"]
    assert texts(record, "dc.relation.grantno") == ["R01HD086034"]
    assert texts(record, "dc.date.issued") == ["2021-03-02"]


@pytest.mark.parametrize(
    ("descriptions", "container", "kept"),
    [
        pytest.param([], ["Roof Letters", "IPAC2016", "Korea"], {}, id="stated"),
        pytest.param(
            [{"descriptionType": "SeriesInformation", "description": "Roof Letters, IPAC2016, Busan, Korea"}],
            ["Roof Letters"],
            {"container.volume": "IPAC2016", "container.firstPage": "Korea"},
            id="cut from a text",
        ),
    ],
)
def test_of_a_container_that_datacite_has_cut_from_a_text_only_numbers_count(read, descriptions, container, kept):
    work = {
        "doi": "10.5555/x",
        "creators": [{"name": "Lund, Per"}],
        "titles": [{"title": "Lichens"}],
        "publicationYear": 2016,
        "descriptions": descriptions,
        "container": {"title": "Roof Letters", "volume": "IPAC2016", "firstPage": "Korea"},
    }
    (record,) = [
        item for item in read("x.json", json.dumps({"data": [{"attributes": work}]})) if isinstance(item, Record)
    ]
    fields = ("dc.relation.ispartof", "dc.identifier.volume", "dc.identifier.spage")
    assert [text for field in fields for text in texts(record, field)] == container
    assert {name: texts(record, f"datacite.{name}")[0] for name in kept} == kept


def test_csl_names_have_their_particles():
    (record, _) = records_of("csl-json", "full.json")
    assert texts(record, "dc.contributor.author") == ["Adams, Nancy K.", "de Silva, Shanaka L.", "Self, Stephen"]
    assert texts(record, "dc.identifier.issn") == ["0258-8900", "1432-0819"]
    odd = records_of("csl-json", "odd.json")
    assert texts(odd[0], "dc.date.issued") == ["forthcoming"]
    assert texts(odd[0], "dc.identifier.spage") == ["1, 3-5"]
    assert texts(odd[1], "dc.date.issued") == ["1750~"]


def test_fields_with_authority_language_and_item_names():
    first, second = records_of("json-lines", "full.jsonl")
    assert (first.handle, second.uuid) == ("10722/129504", "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f")
    assert Value("dc.contributor.author", "Lau, CS", None, "rp00477", 600) in first.values
    assert second.values[0] == Value("dc.title", "Moving language", "en")
    items = items_of("json-lines", "odd.jsonl")
    assert [item.handle for item in items if isinstance(item, Record)] == ["10024/186483", None]
    assert [item.rule for item in violations(items)] == ["json-field", "json-line", "no-metadata"]
    beside = [
        item.field for item in items if getattr(item, "message", "").endswith("it is beside the fields and is none")
    ]
    assert beside == ["doctype", "note", "prediction", "title"]


def test_rows_of_key_and_value_are_a_record_in_an_array_in_a_line_or_in_an_object(read):
    row = '{"key": "dc.title", "value": "%s", "language": "en"}'
    one = read("one.json", f"[\n {row % 'A'},\n {row % 'B'}\n]\n")
    lines = read(
        "lines.jsonl", f'[{row % "A"}, {row % "B"}]\n[{row % "C"}]\n[{{}}]\nbroken\n{{"metadata": [{row % "D"}]}}\n'
    )
    assert [texts(item, "dc.title") for item in one] == [["A", "B"]]
    assert [texts(item, "dc.title") for item in lines if isinstance(item, Record)] == [["A", "B"], ["C"], ["D"]]
    assert [item.message for item in lines if isinstance(item, Finding)] == [
        "lines.jsonl, line 3: a row of metadata holds '{}'; a value is a text or an object with value, language, authority, "
        "confidence",
        "lines.jsonl, line 4: the line is no JSON (Expecting value: line 1 column 1 (char 0)); mend or delete it",
    ]


def test_an_array_among_lines_costs_itself_only(read):
    items = read("a.jsonl", '{"dc.title": "A"}\n[{"key": "dc.title", "value": "B"}]\nbroken\n{"dc.title": ["C"]}\n')
    assert [texts(item, "dc.title") for item in items if isinstance(item, Record)] == [["A"], ["C"]]
    assert [item.place for item in items if isinstance(item, Finding)] == ["a.jsonl, line 2", "a.jsonl, line 3"]


def test_an_array_that_breaks_off_ends_the_source_and_says_after_which_record(read):
    with pytest.raises(SourceError, match=r"w\.json: no JSON after record 1: parse error: premature EOF"):
        read("w.json", '[{"DOI": "10.1/a", "reference-count": 1}, {"DOI": "10.1/b", "reference-count"')


def test_objects_that_nest_without_end_are_refused(read):
    deep = '[{"DOI": "10.1/a", "reference-count": 1, "x": ' + "[" * 100_000
    with pytest.raises(SourceError, match=r"record 1 nests deeper than 64 levels"):
        read("w.json", deep)


def test_records_are_read_one_at_a_time(tmp_path):
    path = tmp_path / "w.json"
    path.write_text('{"message-type": "work-list", "message": {"items": [' + '{"DOI": "10.1234/a"},' * 5 + " no JSON")
    items = open_source(path, SETTINGS)
    assert [next(items).place for _ in range(5)][-1] == "w.json, record 5"


def test_every_type_that_is_put_another_way_is_in_the_map_of_types(crosswalk):
    tables = {**crossref._TYPES, **csl_json.TYPES, **datacite._TYPES}
    known = crosswalk.maps.types
    assert [name for name in tables.values() if compared(name) not in known] == []


REAL = [
    ("crossref", 71, 0),
    ("doaj", 5, 0),
    ("dc-jsonl", 167, 0),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
@pytest.mark.parametrize(("folder", "records", "refused"), REAL)
def test_real_files_give_all_their_records(folder, records, refused):
    items = items_of(SHARED / folder)
    assert sum(isinstance(item, Record) for item in items) == records
    assert len(violations(items)) == refused
    formats = {source_format.name for _, source_format in find_files(SHARED / folder)[0]}
    assert formats == {"json-lines" if folder == "dc-jsonl" else folder}


@pytest.mark.parametrize(
    ("year", "issued", "wanted", "kept"),
    [
        pytest.param(1983, ["2012-03-14", "1983"], ["1983"], ["2012-03-14"], id="one agrees"),
        pytest.param(1983, ["1983", "1983-05-02"], ["1983-05-02"], ["1983"], id="the most exact one"),
        pytest.param(1983, ["2012", "2013-01"], ["1983"], ["2012", "2013-01"], id="none agrees"),
        pytest.param(1983, ["2012"], ["2012"], [], id="one only"),
        pytest.param(1983, [], ["1983"], [], id="none"),
    ],
)
def test_of_several_dates_of_issue_that_of_the_year_of_publication_counts(tmp_path, year, issued, wanted, kept):
    dates = [{"date": date, "dateType": "Issued"} for date in issued]
    work = {"doi": "10.5555/1", "creators": [], "titles": [{"title": "T"}], "publicationYear": year, "dates": dates}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [{"attributes": work}]}), encoding="utf-8")
    record = next(iter(items_of(path)))
    assert texts(record, "dc.date.issued") == wanted
    assert texts(record, "datacite.dates.Issued") == kept


def test_what_a_notice_retracts_and_what_corrects_a_work_are_told(tmp_path):
    notice = {
        "DOI": "10.5555/2",
        "deposited": {},
        "title": ["Retraction"],
        "update-to": [{"DOI": "10.5555/1", "type": "retraction"}],
    }
    work = {
        "DOI": "10.5555/1",
        "deposited": {},
        "title": ["T"],
        "updated-by": [{"DOI": "10.5555/3", "type": "erratum"}],
    }
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(notice)}\n{json.dumps(work)}\n", encoding="utf-8")
    first, second = items_of(path)
    assert texts(first, "dc.relation.retracts") == ["https://doi.org/10.5555/1"]
    assert texts(second, "dc.relation.iscorrectedby") == ["https://doi.org/10.5555/3"]


TWICE = (
    '{"dc.title": ["A"], "dc.title": ["B"], "x": {"y": 1, "y": 2}, "dc.identifier.uri": ["http://hdl.handle.net/1/1"]}'
)


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [("a.jsonl", f"{TWICE}\n{TWICE}\n", "line 1"), ("a.json", f"[{TWICE}]", "record 1")],
)
def test_a_member_that_stands_twice_is_told_and_the_last_counts(tmp_path, name, text, where):
    (tmp_path / name).write_text(text, encoding="utf-8")
    items = list(open_source(tmp_path / name, SETTINGS))
    told = [item for item in items if getattr(item, "rule", "") == "json-repeated"]
    assert {(finding.severity, finding.field) for finding in told} == {
        (Severity.WARNING, "y"),
        (Severity.WARNING, "dc.title"),
    }
    assert next(finding for finding in told if finding.field == "dc.title").message == (
        f"{name}, {where}: 'dc.title' occurs twice in one object, of which the last counts; put its values into one list"
    )
    record = next(item for item in items if isinstance(item, Record))
    assert texts(record, "dc.title") == ["B"]


def test_a_number_that_no_computer_holds_is_kept_as_its_text(tmp_path):
    work = '{"DOI": "10.5555/a", "type": "journal-article", "title": ["A"], "volume": 1e999, "issue": -1e999}'
    (tmp_path / "a.json").write_text(f"[{work}]", encoding="utf-8")
    (record,) = (
        item for item in open_source(tmp_path / "a.json", SETTINGS, format="crossref") if isinstance(item, Record)
    )
    assert texts(record, "dc.identifier.volume") == ["1e999"]
    assert texts(record, "dc.identifier.issue") == ["-1e999"]


@pytest.mark.parametrize(
    ("title", "field"),
    [("Lecture Notes in Slates", "dc.relation.ispartofseries"), ("Slates of Lund", "dc.relation.ispartof")],
)
def test_the_one_container_of_a_chapter_is_the_series_where_its_name_says_so(read, title, field):
    work = {
        "DOI": "10.5555/y",
        "type": "book-chapter",
        "title": ["Lichens"],
        "container-title": [title],
        "ISSN": ["2049-3630"],
        "ISBN": ["9780306406157"],
        "indexed": {},
    }
    (record,) = [item for item in read("x.json", json.dumps([work])) if isinstance(item, Record)]
    assert texts(record, field) == [title]
