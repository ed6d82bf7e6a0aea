"""Links as they are published: both sides found, contradictions left out, shown with their sources, counted, written for others."""

import csv
import json

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.links.judge import Here, judge
from lod.links.link import LinkSet, StatedLink
from lod.settings.table import SETTINGS_FILE, read_settings
from lod.site.links import SiteLinks
from lod.site.verify import verify_generation
from lod.store.generation.generations import Site
from lod.web.app import create_app
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.web_site import running
from tests.web.reconcile.conftest import BASE, SETTINGS, orcid, publish_made_up

GRAPH = f"{BASE}data/links"
OWL_SAME, SCHEMA_SAME = "http://www.w3.org/2002/07/owl#sameAs", "http://schema.org/sameAs"
ITEM = f"{BASE}id/item/20.500.99/1"


def person(number):
    return f"{BASE}id/person/orcid-{orcid(number)}"


FILES = {
    "gnd.txt": f"""#FORMAT: BEACON
#PREFIX: https://d-nb.info/gnd/
#RELATION: {OWL_SAME}
#CREATOR: library@example.org
118540238||{person(900)}
118540239||{person(901)}
""",
    "people.csv": f"""id,wikidata,by,date,confidence
person/orcid-{orcid(900)},Q42,Ann Roe,2026-01-02,1.0
{person(901)},Q43,ann@example.org,,
{orcid(902)},Q44,,,
{person(903)},Q44,,,
{person(904)},Q45||Q46,,,
person/nobody,Q47,,,
10.5555/abc.1,Q48,,,
""",
    "known.csv": f"id,target,relation\n{person(900)},https://orcid.org/{orcid(900)},\n{person(901)},orcid:{orcid(904)},\n",
    "close.nt": f"<{ITEM}> <http://www.w3.org/2004/02/skos/core#closeMatch> <https://example.com/a> .\n",
    "authorities/wikidata.csv": f"""id,name,also,type,orcid
wikidata:Q90,Twin Ann Mary,,person,
wikidata:Q91,"Đặng, Văn",,person,
wikidata:Q92,Somebody Else,"Initial, Alice",person,{orcid(905)}
wikidata:Q93,Annals of things,,journal,
""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site with links, published."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "links" / "authorities").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / "links" / name).write_text(text, encoding="utf-8")
    publish_made_up(folder, folder / "links")
    rows = (f"{name} = {json.dumps(value)}\n" for name, value in SETTINGS.items())
    (folder / SETTINGS_FILE).write_text("".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(folder):
    with running(create_app(read_settings(folder), Site(folder))) as app:
        yield app.test_client()


def command(folder, *arguments):
    result = CliRunner().invoke(main, ["links", "--site", str(folder), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def test_what_is_right_is_in_a_graph_of_its_own(folder):
    live = Site(folder).live()
    lines = set(live.graph_lines(GRAPH))
    links = {line for line in lines if line.startswith(f"<{BASE}id/")}
    wikidata = "http://www.wikidata.org/entity/"
    assert links == {
        f"<{person(900)}> <{OWL_SAME}> <https://d-nb.info/gnd/118540238> .",
        f"<{person(900)}> <{SCHEMA_SAME}> <{wikidata}Q42> .",
        f"<{person(901)}> <{SCHEMA_SAME}> <{wikidata}Q43> .",
        f"<{person(905)}> <{SCHEMA_SAME}> <{wikidata}Q92> .",
        f"<{ITEM}> <{SCHEMA_SAME}> <{wikidata}Q48> .",
        f"<{ITEM}> <http://www.w3.org/2004/02/skos/core#closeMatch> <https://example.com/a> .",
    }
    assert not any("@example.org" in line for line in lines)
    assert any(line.endswith('sssom/author_label> "Ann Roe" .') for line in lines)
    assert any('sssom/confidence> "1.0"' in line or 'sssom/confidence> "1"' in line for line in lines)
    assert not any("wikidata.org" in line for line in live.catalog.all_claims())
    assert list(verify_generation(live.directory)) == []


def test_what_is_wrong_is_a_finding_with_its_place(folder):
    found = {
        (row["place"], row["rule"]): row["message"] for row in json.loads(command(folder, "--json").stdout)["findings"]
    }
    assert found == {
        ("gnd.txt, line 6", "link-target"): "the target was not linked: not a valid GND number; its last character is a check character",
        ("people.csv, line 4", "link-contradiction"): f"nothing of it was published: http://www.wikidata.org/entity/Q44 is linked to several things here ({person(902)}, {person(903)}), which would make them one; leave one link, or correct the records",
        ("people.csv, line 6", "link-contradiction"): "nothing of it was published: it has several identifiers of one scheme (wikidata:q45, wikidata:q46); leave the right one",
        ("people.csv, line 7", "link-unknown"): "neither side is published here: person/nobody and wikidata:Q47; if it should be, look for its IRI or identifier on its page",
        ("known.csv, line 2", "link-known"): "what it links is stated in the records already",
        ("known.csv, line 3", "link-contradiction"): f"both sides are published here, as {person(901)} and {person(904)}; if they are one, correct the records",
    }  # fmt: skip


def test_coverage_counts_records_and_files(folder):
    found = json.loads(command(folder, "--json").stdout)
    assert (found["links"], found["files"]["people.csv"]) == (6, 8)
    people = found["coverage"]["people"]
    assert people["schemes"]["orcid"] == {"records": people["total"], "files": 0}
    assert people["schemes"]["wikidata"] == {"records": 0, "files": 3}
    assert found["coverage"]["items"]["schemes"]["doi"] == {"records": 1, "files": 0}
    text = command(folder).stdout
    assert "6 links are to be published." in text
    assert "gnd.txt, line 6: the target was not linked" in text
    assert "  wikidata              3    2 %   3 by files\n" in text


def test_names_give_candidates_only(folder, tmp_path):
    file = tmp_path / "candidates.csv"
    assert command(folder, "--candidates", str(file)).stdout == f"Wrote 3 candidates to {file}.\n"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["iri"], row["target"], row["score"], row["evidence"]) for row in rows] == [
        (f"{BASE}id/serial/0003-4967", "http://www.wikidata.org/entity/Q93", "1.00", "the same name"),
        (person(902), "http://www.wikidata.org/entity/Q90", "0.50", "the same name; 2 things here have it"),
        (person(903), "http://www.wikidata.org/entity/Q90", "0.50", "the same name; 2 things here have it"),
    ]
    assert (rows[0]["items"], rows[0]["place"]) == ("1", "authorities/wikidata.csv, line 5")


def test_pages_and_documents_show_links_with_their_source(client):
    text = client.get(f"/repo/page/person/orcid-{orcid(900)}", headers={"Accept": "text/html"}).text
    assert '<h2 id="links-elsewhere">Links elsewhere</h2>' in text
    assert '<a href="http://www.wikidata.org/entity/Q42" dir="auto">http://www.wikidata.org/entity/Q42</a>' in text
    assert "stated by people.csv, Ann Roe, 2026-01-02, confidence 1" in text
    data = client.get(f"/repo/data/person/orcid-{orcid(900)}.nt").text
    assert f"<{person(900)}> <{OWL_SAME}> <https://d-nb.info/gnd/118540238> ." in data
    found = client.get(f"/repo/api/people/orcid-{orcid(900)}").json
    assert {same["id"] for same in found["sameAs"]} >= {"http://www.wikidata.org/entity/Q42"}
    item = client.get("/repo/page/item/20.500.99/1", headers={"Accept": "text/html"}).text
    assert "Closely matches" in item


def test_describe_tells_what_the_document_tells(client):
    query = {"query": f"DESCRIBE <{person(900)}>"}
    found = client.get("/repo/sparql", query_string=query, headers={"Accept": "application/n-triples"}).text
    assert f"<{person(900)}> <{OWL_SAME}> <https://d-nb.info/gnd/118540238> ." in found.splitlines()


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld", "nt"])
def test_the_graph_is_a_document(client, extension):
    response = client.get(f"/repo/data/links.{extension}")
    assert response.status_code == 200
    assert "118540238" in response.text


def test_the_description_of_the_dataset_counts_linksets(client):
    query = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?file ?to ?by ?n { GRAPH ?g { ?set a void:Linkset ; void:linkPredicate ?by ; void:triples ?n ; dcterms:source ?file ;
        void:objectsTarget/dcterms:title ?to } } ORDER BY ?file ?to"""
    rows = client.get("/repo/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text.splitlines()[
        1:
    ]
    assert rows == [
        f"{GRAPH}#authorities%2Fwikidata.csv,Wikidata,{SCHEMA_SAME},1",
        f"{GRAPH}#close.nt,example.com,http://www.w3.org/2004/02/skos/core#closeMatch,1",
        f"{GRAPH}#gnd.txt,GND,{OWL_SAME},1",
        f"{GRAPH}#people.csv,Wikidata,{SCHEMA_SAME},3",
    ]
    page = client.get("/repo/page/dataset", headers={"Accept": "text/html"}).text
    assert "example.com" in page


def test_beacon_for_others(client, folder):
    response = client.get("/repo/beacon/gnd.txt")
    lines = response.text.splitlines()
    assert lines[:3] == ["#FORMAT: BEACON", "#VERSION: 0.1", "#PREFIX: https://d-nb.info/gnd/"]
    assert lines[-2:] == ["", f"118540238||{person(900)}"]
    assert f"{orcid(900)}||{person(900)}" in client.get("/repo/beacon/orcid.txt").text.splitlines()
    printed = command(folder, "--beacon", "gnd").stdout.splitlines()
    assert [line for line in printed if not line.startswith("#TIMESTAMP")] == [
        line for line in lines if not line.startswith("#TIMESTAMP")
    ]
    assert client.get("/repo/beacon/nothing.txt").status_code == 404
    refused = command(folder, "--beacon", "nothing")
    assert (refused.exit_code, "'nothing' is no scheme of identifiers; known: doi," in refused.output) == (2, True)


def test_what_we_write_we_read(client, tmp_path):
    from lod.links.readers import read_links

    (tmp_path / "ours.txt").write_text(
        client.get("/repo/beacon/geonames.txt").text + "2950159||https://example.org/x\n"
    )
    (link,) = read_links(tmp_path)
    assert (link.source, link.target) == ("https://sws.geonames.org/2950159/", "https://example.org/x")


def test_statements_for_wikidata(folder):
    rows = command(folder, "--quickstatements").stdout.splitlines()
    assert rows[0].startswith("qid,P973,P496,P6782,")
    assert rows[1] == f'Q42,"""{person(900)}""","""{orcid(900)}""",,,,"""118540238""",,,,,,,'
    assert [row.partition(",")[0] for row in rows[1:]] == ["Q42", "Q43", "Q48", "Q92"]


def test_a_site_without_links_has_no_graph(search_site):
    settings = read_settings(search_site.site.folder)
    with running(create_app(settings, search_site.site_of_generations)) as app:
        client = app.test_client()
        assert client.get("/data/links.ttl").status_code == 404
        assert "links-elsewhere" not in client.get("/page/item/10722/1").text
    assert json.loads(command(search_site.site.folder, "--json").stdout)["links"] == 0


@pytest.mark.parametrize(
    ("source", "target", "relation", "turned"),
    [
        ("https://example.com/z", person(900), "http://www.w3.org/2004/02/skos/core#broadMatch", "narrowMatch"),
        ("wikidata:Q1", orcid(900), OWL_SAME, "sameAs"),
        ("https://d-nb.info/gnd/118540238", f"{BASE}page/person/orcid-{orcid(900)}", OWL_SAME, "sameAs"),
    ],
)
def test_either_side_may_be_ours(folder, source, target, relation, turned):
    here = Here(BASE, SiteLinks(folder, read_settings(folder))._index, lambda iri: None)
    stated = StatedLink(LinkSet("a.csv", "table"), "a.csv, line 2", source, target, relation)
    (link,) = judge([stated], here, hide=lambda text: False).links
    assert (link.subject, link.relation.replace("#", "/").rpartition("/")[2]) == (person(900), turned)


def test_a_thing_with_another_key_now_is_found_by_the_old_one(folder):
    old = f"{BASE}id/person/n-old"
    here = Here(BASE, SiteLinks(folder, read_settings(folder))._index, {old: person(900)}.get)
    stated = StatedLink(LinkSet("a.csv", "table"), "a.csv, line 2", "person/n-old", "https://example.com/a")
    (link,) = judge([stated], here, hide=lambda text: False).links
    assert link.subject == person(900)


@pytest.mark.slow
def test_hundreds_of_links_ask_the_index_in_batches(folder):
    site = SiteLinks(folder, read_settings(folder))
    asked = []
    rows = site._index._look_up._rows
    site._index._look_up._rows = lambda *query: asked.append(query[0]) or rows(*query)
    set_ = LinkSet("many.csv", "table")
    stated = [StatedLink(set_, f"{n}", person(900 + n % 7), f"https://example.com/{n}", OWL_SAME) for n in range(4_000)]
    here = Here(BASE, site._index, lambda iri: None)
    judged = judge(stated, here, hide=lambda text: False)
    assert (len(judged.links), judged.findings) == (4_000, [])
    assert len(asked) < 30


@pytest.mark.slow
def test_links_come_and_go_with_their_files(tmp_path):
    site, source = PublishingSite(tmp_path / "site"), tmp_path / "a.csv"
    source.write_text(
        "dc.identifier.uri,dc.title,dc.type\nhttp://hdl.handle.net/1/2,A title,Article\n", encoding="utf-8"
    )
    folder = site.folder / "links"
    folder.mkdir()
    (folder / "a.csv").write_text("id,target\nitem/1/2,https://example.com/a\nitem/1/3,https://example.com/b\n")

    def links():
        return [
            line for line in site.live.graph_lines("https://example.org/data/links") or () if "/id/item/" in line[:40]
        ]

    report = site.report(source)
    assert [(row["rule"], row["severity"], row["count"]) for row in report["by_rule"] if row["rule"][:4] == "link"] == [
        ("link-unknown", "warning", 1)
    ]
    assert links() == [f"<https://example.org/id/item/1/2> <{SCHEMA_SAME}> <https://example.com/a> ."]
    (folder / "a.csv").write_text("id,target\nitem/1/2,https://example.com/c\n")
    site.report(source)
    assert links() == [f"<https://example.org/id/item/1/2> <{SCHEMA_SAME}> <https://example.com/c> ."]
    assert list(verify_generation(site.live.directory)) == []
    (folder / "a.csv").rename(folder / "a.doc")
    refused = site.run("check", "--site", site.folder)
    assert (
        refused.exit_code,
        "a.doc: files of links end in .txt, .beacon, .csv, .tsv, .nt; rename it" in refused.output,
    ) == (2, True)
    (folder / "a.doc").unlink()
    folder.rmdir()
    site.report(source)
    assert site.live.graph_lines("https://example.org/data/links") is None
