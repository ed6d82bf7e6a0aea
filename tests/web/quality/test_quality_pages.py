"""The pages about quality: every number opens its list, a list is whole in every form, nothing personal is told."""

import csv
import io
import json
import re
from types import SimpleNamespace

import openpyxl
import pytest
import rdflib

from lod.cli.site import open_site
from lod.settings.table import read_settings
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.find import records as record_lists
from lod.store.quality.find.index import QualityIndex, Selection
from lod.web.app import create_app
from tests.helpers.quality_site import QualitySite, article
from tests.helpers.web_site import running
from tests.web.pages.test_pages import Page

HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script> & <b>bold"
DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")


def app_of(site):
    settings = read_settings(site.folder)
    return create_app(settings, open_site(site.folder, settings))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A site of two runs, of which the second has lost the DOIs of a batch."""
    site = QualitySite(tmp_path_factory.mktemp("quality") / "site")
    with (site.folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write('\nedit_url = "https://repository.example.org/edit?item={handle}"\n')
    first = [article(number, dc_date_issued=str(2000 + number % 3)) for number in range(1, 7)]
    first.append(article(7, dc_title="=1+1"))
    odd = article(8, dc_title=HOSTILE, dc_date_issued="soon", local_note="Ask lu@example.org", collection="")
    site.publish_rows([*first, odd], "a.csv")
    site.publish_rows([article(number) for number in range(11, 71)], "b.csv")
    lost = [article(number, dc_identifier_doi="") for number in range(11, 71)]
    (site.folder / "accept.csv").write_text(
        "rule,record,reason,name,date\nmissing-doi,10722/11,Never had one,Ann Example,2026-11-30\n", encoding="utf-8"
    )
    site.publish_rows(lost, "b.csv")
    with running(app_of(site)) as app:
        yield SimpleNamespace(site=site, app=app, client=app.test_client())


def page_of(published, path):
    response = published.client.get(path, headers=HTML)
    assert response.status_code == 200, (path, response.text)
    return response.text


def rows_of(published, address):
    text = published.client.get(address).get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.slow
def test_every_number_of_every_page_opens_a_list_of_so_many_records(published):
    seen = 0
    pages = ["/quality", "/quality/types", "/quality/rule/missing-doi", "/quality/rule/I18"]
    for path in pages:
        text = page_of(published, path)
        links = re.findall(r'<a href="(/quality/records\?[^"]*)">([\d,]+)(?: record)?s?<', text)
        assert links
        for href, number in dict.fromkeys(links):
            listed = page_of(published, href.replace("&amp;", "&"))
            assert f"of {number} record" in listed, (path, href)
            seen += 1
    assert seen > 40


@pytest.mark.parametrize(
    "path", ["/quality", "/quality/types", "/quality/rule/missing-doi", "/quality/records?rule=I18"]
)
def test_a_page_is_well_formed_and_its_links_lead_somewhere(published, path):
    page = Page(page_of(published, path))
    assert page.tags.count("h1") == 1
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    for link in set(page.links):
        if link.startswith("/") and not link.startswith("/static"):
            assert published.client.get(link.partition("#")[0]).status_code < 400, link


def test_a_batch_that_loses_its_dois_is_told_with_its_source(published):
    text = page_of(published, "/quality")
    assert re.search(r"No DOI</a>: \+59, to 59 <small>most of it in [^<]*Source: b\.csv", text)
    trend = page_of(published, "/quality/rule/missing-doi?source=b.csv")
    assert re.findall(r'<td class="number">(\d+)</td><td><meter', trend) == ["59", "0", "0"]
    assert re.findall(
        r'<td class="number">(\d+)</td><td><meter', page_of(published, "/quality/rule/missing-doi?source=a.csv")
    ) == ["0", "0", "0"]


def test_what_is_missing_comes_first_and_a_rule_says_why_and_how_it_is_mended(published):
    text = page_of(published, "/quality")
    assert text.index("What is missing") < text.index("What was found") < text.index("Description of the dataset")
    rule = page_of(published, "/quality/rule/missing-doi")
    for words in ("It is wanted of records of the types", "A DOI is how citation counts", "How to mend it in DSpace"):
        assert words in rule


def test_a_list_is_whole_in_csv_and_xlsx_with_links_to_the_record_and_to_its_form(published):
    rows = rows_of(published, "/quality/records?rule=missing-doi&format=csv")
    assert len(rows) == 59
    assert {row["rule"] for row in rows} == {"missing-doi"}
    assert rows[0]["record"] == "10722/12"
    assert rows[0]["source_link"] == "http://hdl.handle.net/10722/12"
    assert rows[0]["edit_link"] == "https://repository.example.org/edit?item=10722/12"
    assert rows[0]["item"] == "https://example.org/id/item/10722/12"
    response = published.client.get("/quality/records?rule=missing-doi&format=xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="quality-missing-doi.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert [dict(zip(lines[0], line, strict=True))["record"] for line in lines[1:]] == [row["record"] for row in rows]
    assert sheet.cell(2, lines[0].index("edit_link") + 1).hyperlink.target == rows[0]["edit_link"]


def test_a_list_of_findings_has_a_line_for_each_and_no_formula(published):
    (row,) = rows_of(published, "/quality/records?rule=I18&format=csv")
    assert (row["field"], row["value"], row["title"]) == ("dc.date.issued", "soon", HOSTILE)
    assert row["message"].startswith("The date could not be read")
    everything = rows_of(published, "/quality/records?format=csv")
    assert "'=1+1" in {row["title"] for row in everything}
    assert len({row["record"] for row in everything}) == 68


def test_texts_stay_texts_and_neither_addresses_nor_names_of_cataloguers_are_told(published):
    for path in ("/quality/records", "/quality/records?rule=missing-doi&accepted=1", "/quality/rule/A06", "/quality"):
        text = page_of(published, path)
        assert "<script>alert" not in text
        assert "lu@example.org" not in text
        assert "Ann Example" not in text
    (row,) = rows_of(published, "/quality/records?rule=missing-doi&accepted=1&format=csv")
    assert row["accepted"] == "Never had one (2026-11-30)"
    assert "Values with an e-mail address that are not published: 1." in page_of(published, "/quality")


@pytest.mark.parametrize("sort", ["record", "title", "year", "collection"])
def test_a_long_list_is_paged_in_the_order_of_a_short_one(published, monkeypatch, sort):
    path = published.site.live.directory / QUALITY
    short = QualityIndex.open(path)
    ids = short.select(Selection(state="published"))
    expected = [record.name for record in short.records.page(ids, sort, 0, 100)]
    monkeypatch.setattr(record_lists, "FEW", 0)
    monkeypatch.setattr(record_lists, "_BLOCK", 7)
    long = QualityIndex.open(path)
    found = [long.records.page(ids, sort, start, 9) for start in range(0, 100, 9)]
    assert [record.name for page in found for record in page] == expected
    assert [record.name for batch in long.records.all(ids, sort, 5) for record in batch] == expected
    assert len(expected) == 68


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        pytest.param("/quality/records?sort=weight", 400, "?sort=weight is none of record, title, year, collection", id="sort"),
        pytest.param("/quality/records?colour=red", 400, "?colour= is unknown; known: accepted, collection, field", id="name"),
        pytest.param("/quality/records?page=0", 400, "?page=0 is no page; pages are numbered from 1", id="page"),
        pytest.param("/quality/records?page=99", 404, "There is no page 99 of this list. It begins at /quality/records", id="no page"),
        pytest.param("/quality/records?rule=Z99", 404, "There is no rule Z99.", id="list of no rule"),
        pytest.param("/quality/rule/Z99", 404, "There is no rule Z99; /quality lists those that have found something.", id="no rule"),
    ],
)  # fmt: skip
def test_a_wrong_request_says_what_would_be_right(published, path, status, message):
    response = published.client.get(path)
    assert response.status_code == status
    assert message in response.text


def test_the_measurements_are_data_of_dqv_and_say_what_the_pages_say(published):
    response = published.client.get("/quality", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers["Location"]) == (303, "/data/quality.ttl")
    graph = rdflib.Graph().parse(data=published.client.get("/data/quality.ttl").text)
    start = "https://example.org/data/quality#"

    def value(name):
        (found,) = graph.objects(rdflib.URIRef(f"{start}measurement-{name}"), DQV.value)
        return found.toPython()

    assert (value("records"), value("missing-doi"), value("I18-warning"), value("withheld-email")) == (68, 59, 1, 1)
    metrics = set(graph.objects(None, DQV.isMeasurementOf))
    assert metrics == set(graph.subjects(rdflib.RDF.type, DQV.Metric))
    assert set(graph.objects(None, DQV.inDimension)) <= set(graph.subjects(rdflib.RDF.type, DQV.Dimension))
    assert set(graph.objects(None, DQV.computedOn)) == {rdflib.URIRef("https://example.org/id/dataset")}
    points = re.search(r"<strong>(\d+)</strong> of 405 points", page_of(published, "/quality"))
    assert value("mqa") == int(points[1])
    document = json.loads(published.client.get("/data/quality.jsonld").text)
    assert len(document) > 50


def test_a_site_that_keeps_them_to_itself_has_neither_pages_nor_graph_nor_link(tmp_path):
    site = QualitySite(tmp_path / "site")
    with (site.folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write("\nquality_public = false\n")
    site.publish_rows([article(1)])
    with running(app_of(site)) as app:
        client = app.test_client()
        assert "/quality" not in client.get("/", headers=HTML).text
        assert [client.get(path).status_code for path in ("/quality", "/quality/rule/I18", "/data/quality.ttl")] == [
            404
        ] * 3
    assert "https://example.org/data/quality" not in set(site.live.store.named_graphs())
    result = site.run("status", "--site", site.folder, "--html", tmp_path / "quality.html")
    assert result.exit_code == 0
    assert "Quality of the records" in (tmp_path / "quality.html").read_text(encoding="utf-8")


def test_figures_that_are_not_there_yet_are_told_and_not_linked(published, tmp_path):
    site = QualitySite(tmp_path / "site")
    site.publish_rows([article(1)])
    (site.live.directory / QUALITY).unlink()
    with running(app_of(site)) as app:
        client = app.test_client()
        assert 'href="/quality"' not in client.get("/", headers=HTML).text
        for path in ("/quality", "/quality/types", "/quality/rule/I18", "/quality/records"):
            response = client.get(path, headers=HTML)
            assert response.status_code == 404
            assert "they come with the next run of lod publish" in response.text


def test_the_same_pages_are_one_file_that_loads_nothing(published, tmp_path):
    file = tmp_path / "quality.html"
    result = published.site.run("status", "--site", published.site.folder, "--html", file)
    assert (result.exit_code, result.output) == (0, f"Wrote {file}.\n")
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("h1") == 1
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert not [link for link in page.links if link.startswith("/")]
    assert "rule-missing-doi" in page.ids
    assert "the first 50" in text
    assert "<script>alert" not in text


def test_coverage_is_a_file_too(published, tmp_path):
    source, file = published.site.folder.parent / "a.csv", tmp_path / "coverage.html"
    result = published.site.run("coverage", source, "--site", published.site.folder, "--html", file)
    assert result.exit_code == 0, result.output
    page = Page(file.read_text(encoding="utf-8"))
    assert "What the crosswalk makes of it" in page.texts
    assert any("dc.date.issued" in text for text in page.texts)
