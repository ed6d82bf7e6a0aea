"""The entity API: stable JSON that is JSON-LD, its description, errors, limits, and a fuzzer of descriptions on a real server."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from pyld import jsonld

from lod.settings.table import make_settings
from lod.web.api.entity_json import MADE
from lod.web.api.fields import FIELDS, ORDERED, REFERENCES
from lod.web.app import create_app
from lod.web.writing.json_ld_context import Context
from tests.helpers.web_site import PublishedHere, running, serving
from tests.web.reconcile.conftest import BASE, SETTINGS, orcid

ITEM = "items/20.500.99/1"
ENTITIES = {
    "Item": ITEM,
    "Person": f"people/orcid-{orcid(900)}",
    "Journal": "journals/0003-4967",
    "Concept": "concepts/mesh/lupus_erythematosus%2C_systemic",
}
SCHEMATHESIS = shutil.which("schemathesis") or shutil.which("schemathesis", path=str(Path(sys.executable).parent))


class Api:
    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, accept="application/json", **arguments):
        return self.client.get(f"/repo/api/{path}", query_string=arguments, headers={"Accept": accept})

    def json(self, path, **arguments):
        response = self.get(path, **arguments)
        assert response.status_code == 200, response.text
        return response.json


@pytest.fixture
def api(reconcile_app):
    return Api(reconcile_app)


@pytest.fixture(scope="session")
def description(reconcile_app):
    return reconcile_app.test_client().get("/repo/openapi.json").json


def valid(description, schema, found):
    """Check JSON against a schema of the description."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": description["components"]}
    jsonschema.Draft202012Validator(whole).validate(found)


@pytest.mark.parametrize("schema", ENTITIES)
def test_an_entity_fits_the_description_and_says_what_its_document_says(api, description, schema):
    found = api.json(ENTITIES[schema])
    valid(description, schema, found)
    context = api.client.get("/repo/context.jsonld").json
    quads = jsonld.to_rdf(
        found,
        {"format": "application/n-quads", "documentLoader": lambda address, options: {
            "document": context, "documentUrl": address, "contextUrl": None, "contentType": "application/ld+json"}},
    )  # fmt: skip
    document = api.client.get(f"{found['links']['data']}.nt".replace(BASE, "/repo/")).text
    # Names of cells of lists differ: cells are blank in JSON-LD.
    said = {line for line in quads.splitlines() if not line.startswith("_:") and "> _:" not in line}
    assert len(said) >= 4
    assert said - set(document.splitlines()) == set()


def test_what_an_item_refers_to_can_be_had(api, description):
    (publisher,) = api.json(ITEM)["publisher"]
    found = api.json(publisher["links"]["self"].removeprefix(f"{BASE}api/"))
    valid(description, "Organisation", found)
    assert (found["displayName"], found["numberOfItems"], found["name"]) == (
        "Press of Tests",
        1,
        [{"value": "Press of Tests"}],
    )


def test_an_item_for_a_program_without_rdf(api):
    found = api.json(ITEM)
    assert (found["displayName"], found["title"]) == (
        "Süßstoff in Łódź: eine Studie",
        [{"value": "Süßstoff in Łódź: eine Studie"}],
    )
    assert [author["displayName"] for author in found["authorList"]] == [
        "Đặng, Văn", "Only, Name", "Ørsted, Hans Christian",
    ]  # fmt: skip
    assert [author.get("orcid") for author in found["authorList"]] == [orcid(900), None, orcid(901)]
    assert found["authorList"][0]["links"]["self"] == f"{BASE}api/people/orcid-{orcid(900)}"
    assert found["issued"] == [{"value": "2008-05-17", "type": "xsd:date"}]
    assert (found["doi"], found["pmid"], found["publicationYear"]) == (["10.5555/abc.1"], ["12345678"], ["2008"])
    (issue,) = found["isPartOf"]
    (volume,) = issue["isPartOf"]
    (journal,) = volume["isPartOf"]
    assert (issue["issue"], volume["volume"], journal["displayName"]) == (["2"], ["9"], "Annals of Things")
    assert journal["issn"] == ["0003-4967"]
    assert found["links"] == {
        "self": f"{BASE}api/{ITEM}",
        "html": f"{BASE}page/item/20.500.99/1",
        "data": f"{BASE}data/item/20.500.99/1",
    }


def test_clients_that_escape_slashes_once_more_find_the_same(api):
    again = api.json("concepts/mesh%2Flupus_erythematosus%252C_systemic")
    assert again == api.json(ENTITIES["Concept"])
    assert api.json("items/https%3A%2F%2Fexample.org%2Frepo%2Fid%2Fitem%2F20.500.99%2F1") == api.json(ITEM)


def test_a_search_has_hits_counts_and_facets(api, description):
    found = api.json("items", q="annual", facets=["year", "person"], size=10)
    valid(description, "ItemList", found)
    assert (found["totalItems"], found["pageSize"]) == (2, 10)
    assert [member["displayName"] for member in found["member"]] == ["Annual report", "Annual report"]
    assert [(value["value"], value["numberOfItems"]) for value in found["facets"]["year"]] == [("2014", 1), ("2015", 1)]
    narrowed = api.json("items", q="annual", year="2014")
    assert [member["summary"]["issued"] for member in narrowed["member"]] == ["2014"]


def test_pages_of_a_list_lead_to_each_other(api, description):
    seen, address = [], f"{BASE}api/people?size=50"
    while address:
        page = api.client.get(address.replace(BASE, "/repo/")).json
        valid(description, "PersonList", page)
        seen += [member["id"] for member in page["member"]]
        address = page["links"].get("next")
    assert len(seen) == len(set(seen)) == page["totalItems"] == 127
    assert not [iri for iri in seen if not iri.startswith(f"{BASE}id/person/")]
    assert [member["displayName"] for member in api.json("people", q="ørsted")["member"]] == ["Ørsted, Hans Christian"]
    assert api.json("concepts")["member"][0]["numberOfItems"] == 1


@pytest.mark.parametrize(
    "typed", ["10.5555/ABC.1", "https://doi.org/10.5555/abc.1", "PMID: 12345678", f"{BASE}page/item/20.500.99/1"]
)
def test_an_identifier_in_any_spelling_is_looked_up(api, description, typed):
    found = api.json("lookup", id=typed)
    valid(description, "EntityList", found)
    assert [member["links"]["self"] for member in found["member"]] == [f"{BASE}api/{ITEM}"]
    assert api.json("lookup", id="10.5555/unknown")["totalItems"] == 0


@pytest.mark.parametrize(
    ("path", "arguments", "status", "message"),
    [
        ("items/20.500.99/nothing", {}, 404, "items has nothing of the name 20.500.99/nothing\nAll of them are listed at /repo/api/items"),
        (f"people/{ITEM[6:]}", {}, 404, "people has nothing of the name 20.500.99/1\nAll of them are listed at /repo/api/people"),
        ("items", {"page": "0"}, 400, "?page=0 is no page; pages are numbered from 1."),
        ("items", {"titel": "x"}, 400, "?titel= is no argument here; known: q, type, year, "),
        ("items", {"facets": "colour"}, 400, "?facets=colour is no facet; known: type, year, "),
        ("items", {"page": "99"}, 404, "There is no page 99 of this list; the last one is 13."),
        ("people", {"sort": "age"}, 400, "?sort=age is no order; known: name, count."),
        ("people", {"size": "7"}, 400, "?size=7 is not offered; a page has 10, 20, 50, 100 of them."),
        ("lookup", {}, 400, "?id= is an IRI, a DOI, an ORCID iD, a handle, an ISSN …"),
        (ITEM, {"format": "xml"}, 400, "?format= is no argument here; known: none."),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_what_would_be_right(api, path, arguments, status, message):
    response = api.get(path, **arguments)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.json["detail"].startswith(message)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_negotiation_tags_and_cors_are_as_everywhere(api):
    first = api.get(ITEM)
    assert first.content_type == "application/json"
    assert api.get(ITEM, accept="application/ld+json").content_type == "application/ld+json"
    assert api.get(ITEM, accept="text/html,*/*;q=0.8").content_type == "application/json"
    refused = api.get(ITEM, accept="text/turtle")
    assert (refused.status_code, refused.text.splitlines()[0]) == (406, "The API has JSON only, which it offers as:")
    tag = first.headers["ETag"]
    again = api.client.get(f"/repo/api/{ITEM}", headers={"Accept": "application/json", "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert 'rel="service-desc"' in first.headers["Link"]


def test_fields_are_names_of_the_context_and_what_is_made_is_not():
    context = Context(BASE, "https://w3id.org/lod-repository/")
    terms = {term.name: term for term in context.terms.values()}
    assert [field.name for field in FIELDS if field.name not in terms] == []
    assert [name for name in (*MADE, "summary", "facets", "pageNumber", "pageSize") if name in terms] == []
    assert [field.name for field in FIELDS if (field.form == ORDERED) != terms[field.name].holds_list] == []
    assert [field.name for field in FIELDS if field.form == REFERENCES and terms[field.name].coercion != "@id"] == []


def test_a_page_describes_the_api(reconcile_app):
    response = reconcile_app.test_client().get("/repo/api")
    assert response.status_code == 200
    assert "<code>/api/items/{key}</code>" in response.text
    assert "<p>Search the items.</p>" in response.text
    assert "<code>page</code></th><td>Number of the page</td>" in response.text
    assert "Authors, in the order of the item" in response.text
    assert 'rel="service-desc"' in response.headers["Link"]


def test_what_is_off_is_not_there(reconcile_app):
    settings = make_settings({**SETTINGS, "entity_api": False}, {})
    with running(create_app(settings, reconcile_app.extensions["lod"].site)) as app:
        for path in ("/repo/api", "/repo/openapi.json", "/repo/api/items"):
            assert app.test_client().get(path).status_code == 404


def test_a_site_without_an_index_says_so(generation):
    with running(create_app(make_settings(SETTINGS, {}), PublishedHere(generation))) as app:
        for path in ("items", "people", ITEM):
            response = app.test_client().get(f"/repo/api/{path}")
            assert (response.status_code, response.text[:38]) == (404, "There is no search index here yet. It ")


@pytest.mark.slow
@pytest.mark.skipif(SCHEMATHESIS is None, reason="schemathesis is not installed")
def test_schemathesis_finds_no_fault(reconcile_app, tmp_path):
    with serving(reconcile_app) as (host, port):
        description = json.loads(reconcile_app.test_client().get("/repo/openapi.json").text)
        for schema, path in ENTITIES.items():
            collection, _, key = path.partition("/")
            assert schema in description["components"]["schemas"]
            description["paths"][f"/api/{collection}/{{key}}"]["get"]["parameters"][0]["example"] = key
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(description), encoding="utf-8")
        found = subprocess.run(
            [
                SCHEMATHESIS, "run", str(file), "--url", f"http://{host}:{port}/repo", "--seed", "7", "--max-examples", "8",
                "--phases", "examples,coverage,fuzzing", "--checks", "all", "--exclude-checks", "positive_data_acceptance",
                "--generation-database", "none",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
    assert found.returncode == 0, found.stdout[-6_000:] + found.stderr[-2_000:]
