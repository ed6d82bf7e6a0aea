"""/croissant.json: what Croissant demands, files that are there with the checksums that are told, a record set that can be read."""

import gzip
import hashlib
import json
import shutil

import pytest

from lod.dump.manifest import DUMPS
from lod.web.app import create_app
from tests.helpers.web_site import BASE, DATA, PublishedHere, build, running

LINK = '</repo/croissant.json>; rel="describedby"; type="application/ld+json"; profile="http://mlcommons.org/croissant/1.0"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("croissant")


@pytest.fixture(scope="module")
def client(web_settings, folder):
    generation = build(folder, "20261123T120000.000120Z", [DATA / "site.ttl"])
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        yield app.test_client()


def test_it_has_what_croissant_demands(client):
    response = client.get("/repo/croissant.json")
    assert (response.status_code, response.content_type) == (200, "application/ld+json")
    found = response.json
    # Croissant 1.0, "Dataset-level information": required properties.
    assert {name: found[name] for name in ("@type", "conformsTo", "name", "url", "license", "version")} == {
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "Records & <more>",
        "url": BASE,
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "version": "20261123.120000.120",
    }
    assert found["description"] == "Metadata of 5 items as linked data."
    assert found["creator"] == {"@type": "Organization", "name": "Library of Testing"}
    assert found["citeAs"] == f"Library of Testing (2026): Records & <more>. {BASE}id/dataset"
    assert (found["@context"]["cr"], found["@context"]["@vocab"]) == (
        "http://mlcommons.org/croissant/",
        "https://schema.org/",
    )
    assert response.headers["ETag"]


def test_its_files_are_there_with_their_checksums(client):
    files = client.get("/repo/croissant.json").json["distribution"]
    assert [file["@id"] for file in files] == [
        f"dataset.{name}" for name in ("nt.gz", "nt.zst", "nq.gz", "nq.zst", "ttl.gz", "jsonl.gz")
    ]
    for file in files:
        with client.get(file["contentUrl"].replace(BASE, "/repo/")) as answer:
            body = answer.data
        assert hashlib.sha256(body).hexdigest() == file["sha256"]
        assert file["contentSize"] == f"{len(body)} B"


def test_the_record_set_names_keys_that_lines_have(client):
    found = client.get("/repo/croissant.json").json
    (records,) = found["recordSet"]
    (file,) = [file for file in found["distribution"] if file["encodingFormat"] == "application/jsonlines"]
    with client.get(file["contentUrl"].replace(BASE, "/repo/")) as answer:
        lines = [json.loads(line) for line in gzip.decompress(answer.data).splitlines()]
    for field in records["field"]:
        assert field["source"]["fileObject"] == {"@id": file["@id"]}
        column = field["source"]["extract"]["column"]
        assert [line for line in lines if isinstance(line.get(column), list) and not field.get("repeated")] == []
        assert any(column in line for line in lines), column


def test_start_page_and_description_of_the_dataset_lead_to_it(client):
    assert LINK in client.get("/repo/").headers["Link"]
    described = client.get("/repo/data/dataset.nt").text
    assert f"<{BASE}id/dataset> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{BASE}croissant.json> ." in described


def test_without_dumps_there_is_none(web_settings, folder):
    generation = build(folder, "20261123T120000.000122Z", [DATA / "site.ttl"])
    shutil.rmtree(generation.directory / DUMPS)
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        response = app.test_client().get("/repo/croissant.json")
    assert response.status_code == 404
    assert response.text == "There are no dumps here, so there is nothing to describe in Croissant.\n"


def test_the_start_page_describes_the_dataset_for_search_engines(client):
    text = client.get("/repo/", headers={"Accept": "text/html"}).text
    found = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (found["@type"], found["name"]["@value"]) == ("Dataset", "Records & <more>")
    assert found["creator"] == found["publisher"]
    assert found["dateModified"] == "2026-11-23T12:00:00Z"
    assert {file["encodingFormat"] for file in found["distribution"]} >= {"text/turtle", "application/n-triples"}
