"""RDF made elsewhere through the pipeline: published as it stands, beside mapped records, judged, changed and removed exactly."""

from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from lod import bundled
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.report import Severity
from lod.sources import open_source
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes
from tests.helpers.paths import FIXTURES

DATA = FIXTURES / "sources"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PREFIXES = """
@prefix bibo: <http://purl.org/ontology/bibo/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix rt: <https://w3id.org/lod-repository/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def run(tmp_path, crosswalk, shapes):
    site = Site(tmp_path / "site")
    (tmp_path / "site").mkdir()

    def over(*sources, site=site, **parts):
        items = (item for source in sources for item in open_source(source, crosswalk.settings))
        scopes = tuple(str(Path(source).resolve()) for source in sources)
        return publish(items, Plan(crosswalk, shapes, scopes=scopes, now=NOON, allow_shrink=True, **parts), site)

    over.site = site
    over.elsewhere = lambda name: Site((tmp_path / name).mkdir() or tmp_path / name)
    return over


def claims(site):
    live = site.live()
    stored = sorted(" ".join((*triple, ".")) for triple in live.store.all_triples())
    assert stored == list(live.catalog.all_claims())
    return set(stored)


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(PREFIXES + text)
    return path


def test_everything_is_published_as_it_stands_beside_mapped_records(run):
    report = run(DATA / "rdf" / "full.ttl", DATA / "dspace-csv" / "full.csv")
    assert report.refused == 0
    assert report.balance["rdf.claim"] == {"mapped": 26}
    alone = run.elsewhere("alone")
    run(DATA / "dspace-csv" / "full.csv", site=alone)
    assert len(claims(run.site) - claims(alone)) == 26
    assert claims(alone) <= claims(run.site)


@pytest.mark.slow
def test_a_dump_of_one_site_published_on_another_gives_the_same_claims(run, tmp_path):
    run(DATA / "dspace-csv" / "full.csv")
    dump = tmp_path / "dump.nt"
    dump.write_text("\n".join(claims(run.site)) + "\n")
    other = run.elsewhere("other")
    report = run(dump, site=other)
    assert report.refused == 0
    assert claims(other) == claims(run.site)


@pytest.mark.slow
def test_files_that_speak_of_one_resource_add_up_and_go_one_by_one(run, tmp_path):
    folder = tmp_path / "in"
    shared = "<https://a.example/1> dcterms:title 'One' ."
    write(folder, "a.ttl", f"{shared} <https://a.example/1> dcterms:alternative 'Uno' .")
    write(folder, "b.ttl", f"{shared} <https://a.example/1> dcterms:issued '1998' .")
    assert run(folder).live == 2
    assert len(claims(run.site)) == 3
    (folder / "b.ttl").unlink()
    report = run(folder)
    assert (report.removed, report.live) == (1, 1)
    assert {line.rpartition('"')[0].rpartition('"')[2] for line in claims(run.site)} == {"One", "Uno"}


@pytest.mark.slow
def test_rdf_may_add_to_an_item_that_is_mapped_and_be_taken_away_again(run, tmp_path):
    run(DATA / "dspace-csv" / "full.csv")
    before = claims(run.site)
    item = run.site.live().catalog.items(1)[0][0]
    one = next(line for line in before if line.startswith(f"<{item}> <http://purl.org/dc/terms/title>"))
    added = tmp_path / "added.nt"
    added.write_text(f"{one}\n<{item}> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://a.example/> .\n")
    run(added)
    assert claims(run.site) - before == {
        f"<{item}> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://a.example/> ."
    }
    added.write_text('<https://a.example/> <http://purl.org/dc/terms/title> "A" .\n')
    run(added)
    assert before - claims(run.site) == set()
    assert len(claims(run.site)) == len(before) + 1


def test_what_is_wrong_anywhere_keeps_a_resource_out_and_another_model_is_a_warning(run, tmp_path):
    path = write(
        tmp_path / "in",
        "mixed.ttl",
        """<https://a.example/wrong> dcterms:issued "1998-02-31"^^xsd:date .
        <https://a.example/other> a bibo:Journal ; bibo:issn "18607950" ; <https://a.example/term> "x" .""",
    )
    report = run(path)
    assert (report.published, report.refused) == (1, 1)
    (violation,) = [finding for finding in report.findings if finding.severity is Severity.VIOLATION]
    assert (violation.rule, violation.place) == ("I19", "mixed.ttl, <https://a.example/wrong>")
    assert report.by_rule["D12", Severity.WARNING] >= 1
    assert report.by_rule["G02", Severity.INFO] == 1


def test_whoever_marks_an_item_as_ours_is_judged_by_our_model(run, tmp_path):
    path = write(tmp_path / "in", "ours.ttl", "<https://a.example/1> a rt:RepositoryItem ; dcterms:title 'T' .")
    report = run(path)
    assert (report.published, report.refused) == (0, 1)
    assert report.by_rule["D01", Severity.VIOLATION] == 1


def test_a_shape_of_the_site_keeps_out_what_it_is_for(tmp_path, crosswalk):
    own = tmp_path / "shapes"
    own.mkdir()
    (own / "own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix bibo: <http://purl.org/ontology/bibo/> .
        @prefix dcterms: <http://purl.org/dc/terms/> . @prefix ex: <https://a.example/shapes/> .
        ex:Map a sh:NodeShape ; sh:targetClass bibo:Map ; sh:property [
          sh:path dcterms:spatial ; sh:minCount 1 ; sh:severity sh:Violation ; sh:message "X1 A map shows a place. Name it." ] ."""
    )
    path = write(tmp_path / "in", "maps.ttl", "<https://a.example/1> a bibo:Map ; dcterms:title 'T' .")
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")
    plan = Plan(crosswalk, load_shapes([bundled.SHAPES, own], crosswalk.vocabulary), now=NOON)
    report = publish(open_source(path, crosswalk.settings), plan, site)
    assert (report.published, report.refused) == (0, 1)
    assert [finding.rule for finding in report.findings] == ["X1"]


def test_addresses_of_people_are_masked_in_texts_and_withheld_in_iris(run):
    report = run(DATA / "rdf" / "odd.nq")
    assert report.balance["rdf.claim"] == {"mapped": 3, "withheld": 1}
    published = "\n".join(claims(run.site))
    assert "jane" not in published
    assert '"Ask [e-mail address withheld] for the maps."' in published


@pytest.mark.slow
def test_nothing_is_mapped_again_where_nothing_changed_and_all_is_judged_again_where_something_did(run, tmp_path):
    folder = tmp_path / "in"
    write(folder, "a.ttl", "<https://a.example/1> dcterms:title 'One' .")
    write(folder, "b.ttl", "<https://a.example/2> dcterms:title 'Two' .")
    run(folder)
    assert run(folder).unchanged == 2
    write(folder, "b.ttl", "<https://a.example/2> dcterms:title 'Three' .")
    report = run(folder)
    assert (report.published, report.unchanged) == (2, 0)


def test_the_store_holds_lists_that_documents_can_fold(run):
    run(DATA / "rdf" / "full.ttl")
    store = ox.Store.read_only(str(run.site.live().directory / "store"))
    query = """SELECT ?name WHERE { <https://books.example.org/b/17> <http://purl.org/ontology/bibo/authorList>/
      <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>*/<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>/
      <http://xmlns.com/foaf/0.1/name> ?name }"""
    assert [row["name"].value for row in store.query(query)] == ["Smith, J", "Smith, J"]


def test_what_was_given_has_pages_and_documents_under_its_own_iri(run, settings, make_app):
    run(DATA / "rdf" / "full.ttl")
    client = make_app(settings, run.site).test_client()
    listed = [iri for iri, title in run.site.live().catalog.items(10) if title == "Rivers and their fishes"]
    key = "item/rdf/full.ttl/https%3A%2F%2Fbooks.example.org%2Fb%2F17"
    assert listed == [f"{settings.base_iri}id/{key}"]
    response = client.get(f"/id/{key}", headers={"Accept": "text/turtle"}, follow_redirects=True)
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    book = rdflib.URIRef("https://books.example.org/b/17")
    (authors,) = graph.objects(book, rdflib.URIRef("http://purl.org/ontology/bibo/authorList"))
    assert len(list(rdflib.collection.Collection(graph, authors))) == 2
    page = client.get(f"/page/{key}")
    assert page.status_code == 200
    assert "Rivers and their fishes" in page.text


def test_what_is_gone_from_its_file_answers_410(run, settings, make_app, tmp_path):
    path = write(
        tmp_path / "in",
        "a.ttl",
        "<https://a.example/1> dcterms:title 'One' . <https://a.example/2> dcterms:title 'Two' .",
    )
    run(path)
    write(tmp_path / "in", "a.ttl", "<https://a.example/2> dcterms:title 'Two' .")
    run(path)
    client = make_app(settings, run.site).test_client()
    assert client.get("/id/item/rdf/a.ttl/https%3A%2F%2Fa.example%2F1").status_code == 410


def test_a_literal_is_read_as_it_stands_and_published_as_the_value_that_the_store_holds(run, tmp_path):
    path = write(tmp_path / "in", "forms.ttl", """
        <https://example.org/thing/1> dcterms:title "007", "T"@en ; dcterms:extent "007"^^xsd:int ; dcterms:date "2021-10-10T23:44:45.000Z"^^xsd:dateTime .
    """)  # fmt: skip
    report = run(path)
    made = claims(run.site)
    assert {line.split("> ", 2)[2] for line in made if "XMLSchema" in line} == {
        '"2021-10-10T23:44:45Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .',
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    }
    catalog = run.site.live().catalog
    found = [finding for finding in catalog.findings() if finding.rule == "literal-form"]
    assert [finding.value for finding in found] == [
        '"2021-10-10T23:44:45.000Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> is published as '
        '"2021-10-10T23:44:45Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        '"007"^^<http://www.w3.org/2001/XMLSchema#int> is published as "7"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]
    assert found[0].message.startswith(
        "A number, truth value, date or time is published in the canonical form of its value"
    )
    record = catalog.explain(found[0].record).record
    assert any('"007"^^<http://www.w3.org/2001/XMLSchema#int>' in value.text for value in record.values)
    assert report.published == 1
