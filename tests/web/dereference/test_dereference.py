"""Dereferencing: where IRIs lead, what documents say of themselves, what is answered when there is none."""

import http.client
import shutil
import subprocess
from dataclasses import replace
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib

from lod.web.app import create_app
from lod.web.http.formats import DATA_FORMATS, FORMATS, ITEM_FORMATS, JSON_LD_FORMS
from tests.helpers.web_site import BASE, PublishedHere, build, running
from tests.helpers.web_site import DATA as FILES

ITEM = "/repo/id/item/999/a.b/c"
PAGE = "/repo/page/item/999/a.b/c"
DATA = "/repo/data/item/999/a.b/c"
TURTLE = {"Accept": "text/turtle"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda row: row.extension)
def test_a_thing_leads_to_a_document_in_the_format_asked_for(client, format_):
    response = client.get(ITEM, headers={"Accept": format_.media_type})
    assert response.status_code == 303
    assert response.headers["Location"] == (PAGE if format_.extension == "html" else f"{DATA}.{format_.extension}")
    assert set(response.headers["Vary"].split(", ")) >= {"Accept", "Accept-Profile", "Accept-Datetime"}
    followed = client.get(response.headers["Location"])
    assert followed.status_code == 200
    assert followed.mimetype == format_.media_type


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        pytest.param("/repo/id/person/rp1", "/repo/data/person/rp1.ttl", id="person"),
        pytest.param("/repo/id/serial/0003-4967", "/repo/data/serial/0003-4967.ttl", id="serial"),
        pytest.param("/repo/id/serial/0003-4967/v/69/i/8", "/repo/data/serial/0003-4967/v/69/i/8.ttl", id="issue"),
        pytest.param(
            "/repo/id/concept/mesh/lupus%2C_systemic", "/repo/data/concept/mesh/lupus%2C_systemic.ttl", id="escape"
        ),
        pytest.param(
            "/repo/id/concept/mesh/lupus%2c_systemic", "/repo/data/concept/mesh/lupus%2C_systemic.ttl", id="lower case"
        ),
        pytest.param(
            "/repo/id/concept/mesh/lupus,_systemic", "/repo/data/concept/mesh/lupus%2C_systemic.ttl", id="no escape"
        ),
        pytest.param(
            "/repo/id/concept/mesh/l%75pus%2C_systemic",
            "/repo/data/concept/mesh/lupus%2C_systemic.ttl",
            id="needless escape",
        ),
        pytest.param("/%72epo/%69d/%70erson/rp1", "/repo/data/person/rp1.ttl", id="needless escapes before the key"),
        pytest.param("/repo/v%6Fcab/%52ecord", "/repo/data/vocab/Record.ttl", id="needless escape in a term"),
        pytest.param("/repo/id/serial/n-many?page=2", "/repo/data/serial/n-many.ttl?page=2", id="page"),
        pytest.param(
            "/repo/id/item/999/7?format=nt&page=1", "/repo/data/item/999/7?format=nt&page=1", id="format and page"
        ),
        pytest.param("/repo/id/dataset", "/repo/data/dataset.ttl", id="dataset"),
        pytest.param("/repo/id/software/mapper", "/repo/data/software/mapper.ttl", id="software"),
        pytest.param("/repo/id/item/999/7", "/repo/data/item/999/7.ttl", id="item"),
        pytest.param("/repo/id/item/999/7.nt", "/repo/data/item/999/7.nt.ttl", id="item named like a format"),
        pytest.param(
            "/repo/id/item/999/7?format=nt", "/repo/data/item/999/7?format=nt", id="format that is an item's name"
        ),
        pytest.param("/repo/id/item/999/7?format=rdf", "/repo/data/item/999/7.rdf", id="format by name"),
        pytest.param("/repo/.well-known/genid/item/999/a.b/c/authorList/1", f"{DATA}.ttl", id="list cell"),
        pytest.param("/repo/vocab/RepositoryItem", "/repo/data/vocab/RepositoryItem.ttl", id="local term"),
        pytest.param("/repo/vocab/field/dc.title", "/repo/data/vocab/field/dc.title.ttl", id="field"),
    ],
)
def test_an_iri_leads_to_its_document(client, asked, location):
    response = client.get(asked, headers=TURTLE)
    assert (response.status_code, response.headers["Location"]) == (303, location)
    document = client.get(location)
    assert document.status_code == 200
    assert document.mimetype in {"text/turtle", "application/n-triples", "application/rdf+xml"}


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        pytest.param(
            "/repo/id/concept/mesh/lupus%2C%5Fsystemic", "/repo/id/concept/mesh/lupus%2C_systemic", id="thing"
        ),
        pytest.param("/repo/id/concept/mesh/lupus,%5fsystemic", "/repo/id/concept/mesh/lupus%2C_systemic", id="both"),
        pytest.param(
            "/repo/page/concept/mesh/lupus%2C%5Fsystemic", "/repo/page/concept/mesh/lupus%2C_systemic", id="page"
        ),
        pytest.param(
            "/repo/data/concept/mesh/lupus%2C%5Fsystemic.nt?_profile=full",
            "/repo/data/concept/mesh/lupus%2C_systemic.nt?_profile=full",
            id="document",
        ),
        pytest.param(
            "/repo/data/concept/mesh/lupus%2C%5Fsystemic", "/repo/data/concept/mesh/lupus%2C_systemic", id="data"
        ),
        pytest.param("/repo/vocab/field/citation.pdf%5Furl", "/repo/vocab/field/citation.pdf_url", id="field"),
    ],
)
def test_an_iri_of_the_time_when_low_lines_were_escaped_has_moved(client, asked, location):
    response = client.get(asked, headers=TURTLE)
    assert (response.status_code, response.headers["Location"]) == (301, location)


def test_a_second_handle_leads_to_its_item(client):
    response = client.get("/repo/id/item/999/second", headers=TURTLE)
    assert (response.status_code, response.headers["Location"]) == (301, "/repo/id/item/999/7.nt")


def test_an_escaped_low_line_in_an_unknown_name_is_not_found(client):
    assert client.get("/repo/id/concept/mesh/no%5Fsuch").status_code == 404


@pytest.mark.parametrize(
    "path", ["data/item/999/a.b/c%2Ettl", "d%61ta/item/999/%61%2Eb/c.%74tl", "data/item/999/a%2eb/c.ttl"]
)
def test_a_document_answers_at_every_encoding_of_its_path(address, path):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    found = []
    for asked in (path, "data/item/999/a.b/c.ttl"):
        connection.request("GET", f"/repo/{asked}")
        response = connection.getresponse()
        found.append((response.status, response.headers["ETag"], response.read()))
    connection.close()
    assert found[0] == found[1]
    assert found[0][0] == 200


@pytest.mark.parametrize("format_", FORMATS, ids=lambda row: row.extension)
def test_the_start_page_is_the_description_of_the_dataset_for_who_reads_rdf(client, format_):
    response = client.get("/repo/", headers={"Accept": format_.media_type})
    assert "Accept" in response.headers["Vary"]
    assert '</repo/.well-known/void>; rel="describedby"; type="text/turtle"' in response.headers["Link"]
    if format_.extension == "html":
        assert (response.status_code, response.mimetype) == (200, "text/html")
    else:
        assert (response.status_code, response.headers["Location"]) == (303, f"/repo/data/dataset.{format_.extension}")
        assert client.get(response.headers["Location"]).mimetype == format_.media_type


def test_the_start_page_refuses_what_it_is_not_offered_as(client):
    response = client.get("/repo/", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle: /repo/?format=ttl" in response.text


@pytest.mark.parametrize("path", ["id/", "page/", "data/"])
def test_what_all_iris_begin_with_leads_to_the_start_page(client, path):
    response = client.get(f"/repo/{path}")
    assert (response.status_code, response.headers["Location"]) == (303, "/repo/")


def test_an_extension_is_honoured_only_where_no_item_has_that_name(client):
    other_item = client.get("/repo/data/item/999/7.nt", headers=TURTLE)
    assert "Seven, as N-Triples" in other_item.text
    assert other_item.headers["Content-Location"] == "/repo/data/item/999/7.nt.ttl"
    same_item = client.get("/repo/data/item/999/7?format=nt")
    assert same_item.mimetype == "application/n-triples"
    assert '"Seven"@en' in same_item.text


@pytest.mark.parametrize(
    ("accept", "media_type", "location"),
    [
        pytest.param("*/*", "text/turtle", f"{DATA}.ttl", id="anything"),
        pytest.param("application/ld+json", "application/ld+json", f"{DATA}.jsonld", id="JSON-LD"),
        pytest.param("text/html", "text/html", PAGE, id="browser"),
    ],
)
def test_a_record_negotiates_in_place(client, accept, media_type, location):
    response = client.get(DATA, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.headers["Content-Location"] == location
    assert set(response.headers["Vary"].split(", ")) >= {"Accept", "Accept-Profile", "Accept-Encoding"}


@pytest.mark.parametrize("path", [ITEM, PAGE, DATA, f"{DATA}.jsonld", "/repo/", "/repo/items", "/repo/vocab"])
def test_head_is_get_without_a_body(client, path):
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.data == b""
    for name in ("Content-Type", "Location", "ETag", "Content-Length"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize(
    "path", ["id/item/999/none", "page/item/999/none", "data/item/999/none.ttl", "data/item/999/none"]
)
def test_what_is_not_known_is_not_found_and_says_where_to_look(client, path):
    response = client.get(f"/repo/{path}")
    assert response.status_code == 404
    assert response.mimetype == "text/plain"
    assert response.text == (
        "Nothing is known here about https://data.example.org/repo/id/item/999/none\n"
        "What is published is listed at /repo/items\n"
    )
    browser = client.get(f"/repo/{path}", headers=BROWSER)
    assert browser.mimetype == "text/html"
    assert "<h1>Not Found</h1>" in browser.text


GIVEN = f"""
@prefix bibo: <http://purl.org/ontology/bibo/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix node: <{BASE}.well-known/genid/rdf/> .
<http://example.org/a> bibo:authorList node:c1 ; foaf:maker node:loop .
<{BASE}id/item/999/b> foaf:maker node:named .
node:c1 rdf:first node:x ; rdf:rest node:c2 .
node:c2 rdf:first node:y ; rdf:rest rdf:nil .
node:x foaf:name "X, A" . node:y foaf:name "Y, B" . node:named foaf:name "Z, C" .
node:root foaf:knows node:below . node:below foaf:name "Below" .
node:round foaf:knows node:round .
"""


@pytest.mark.parametrize(
    ("node", "key"),
    [
        pytest.param(
            "y", "item/rdf/-/http%3A%2F%2Fexample.org%2Fa", id="member of a list of a resource with its own IRI"
        ),
        pytest.param("c2", "item/rdf/-/http%3A%2F%2Fexample.org%2Fa", id="cell"),
        pytest.param("named", "item/999/b", id="node of an item"),
        pytest.param(
            "below",
            "item/rdf/-/https%3A%2F%2Fdata.example.org%2Frepo%2F.well-known%2Fgenid%2Frdf%2Froot",
            id="nothing above has a name",
        ),
        pytest.param("round", None, id="a ring"),
        pytest.param("none", None, id="unknown"),
    ],
)
def test_a_node_that_had_no_name_leads_to_what_it_belongs_to(web_settings, tmp_path, node, key):
    (tmp_path / "given.ttl").write_text(GIVEN)
    generation = build(tmp_path, "first", [tmp_path / "given.ttl"])
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        client = app.test_client()
        response = client.get(f"/repo/.well-known/genid/rdf/{node}", headers=TURTLE)
        if key is None:
            assert response.status_code == 404
            return
        assert (response.status_code, response.headers["Location"]) == (303, f"/repo/data/{key}.ttl")
        document = client.get(response.headers["Location"])
        assert document.status_code == 200
        # Cells are blank in a document; other nodes keep their IRIs.
        assert node.startswith("c") or f"genid/rdf/{node}>" in document.text


def test_a_cell_of_no_list_is_named_as_it_was_asked_for(client):
    response = client.get("/repo/.well-known/genid/x")
    assert response.status_code == 404
    assert f"Nothing is known here about {BASE}.well-known/genid/x\n" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "id/item/999/gone",
        "page/item/999/gone",
        "data/item/999/gone",
        "data/item/999/gone.ttl",
        ".well-known/genid/item/999/gone/authorList/1",
    ],
)
def test_what_was_removed_is_gone_and_says_since_when(client, path):
    response = client.get(f"/repo/{path}")
    assert response.status_code == 410
    turtle = client.get(f"/repo/{path}", headers=TURTLE)
    assert turtle.status_code == 410
    assert turtle.mimetype == "text/turtle"
    graph = rdflib.Graph().parse(data=turtle.text, format="turtle")
    removed = rdflib.Literal("2026-10-01T00:00:00Z", datatype=rdflib.XSD.dateTime)
    assert (rdflib.URIRef(f"{BASE}id/item/999/gone"), rdflib.PROV.invalidatedAtTime, removed) in graph
    text = client.get(f"/repo/{path.removesuffix('.ttl')}", headers=BROWSER)
    assert text.status_code == 410
    assert "id/item/999/gone was removed from its repository." in text.text
    assert "Date of removal: 2026-10-01T00:00:00Z" in text.text


@pytest.mark.parametrize("extension", ["jsonld", "expanded.jsonld", "flattened.jsonld", "rdf"])
def test_a_document_that_is_gone_is_gone_in_the_format_of_its_address(client, extension):
    response = client.get(f"/repo/data/item/999/gone.{extension}")
    assert response.status_code == 410
    quads = ox.parse(response.data, ox.RdfFormat.from_extension(extension.rpartition(".")[2]), base_iri=BASE)
    found = {quad.subject.value for quad in quads if quad.predicate.value == str(rdflib.PROV.invalidatedAtTime)}
    assert found == {f"{BASE}id/item/999/gone"}


@pytest.mark.parametrize(
    ("path", "offers", "last"),
    [
        (ITEM, ITEM_FORMATS, "Styles of references, by ?style=: apa, chicago, "),
        (DATA, ITEM_FORMATS, "Styles of references, by ?style=: apa, chicago, "),
        ("/repo/vocab", FORMATS, "Profiles, by ?_profile=: lod ("),
    ],
)
def test_a_format_that_is_not_offered_is_not_acceptable_and_the_others_are_listed(client, path, offers, last):
    response = client.get(path, headers={"Accept": "application/pdf"})
    assert response.status_code == 406
    assert "Accept" in response.headers["Vary"].split(", ")
    lines = response.text.splitlines()
    assert lines[0] == "None of the formats asked for is offered. Offered are:"
    assert len(lines) == 2 + (offers is ITEM_FORMATS) + len(offers) + len(JSON_LD_FORMS)
    assert lines[2].startswith("text/turtle: /repo/data/")
    assert lines[-1].startswith(last)
    assert '.ttl>; rel="alternate"; type="text/turtle"' in response.headers["Link"]


def test_a_format_that_cannot_hold_the_document_is_not_acceptable(client):
    response = client.get("/repo/data/item/999/control.rdf")
    assert response.status_code == 406
    assert "RDF/XML cannot hold the character U+0007" in response.text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("id/item/999/%3Cscript%3E", id="escaped markup"),
        pytest.param("id/item/999/<script>alert(1)</script>", id="markup"),
        pytest.param("id/item/999/a b", id="blank"),
        pytest.param("id/item/999/%00", id="zero"),
        pytest.param("id/item/999/%ff%fe", id="no UTF-8"),
        pytest.param("id/item//999", id="empty segment"),
        pytest.param("id/item/999/..%2f..%2fetc%2fpasswd", id="escaped slashes"),
        pytest.param("id/%", id="half an escape"),
        pytest.param("data/.ttl", id="only an extension"),
        pytest.param("page//", id="nothing"),
        pytest.param("static/../app.py", id="outside of static"),
        pytest.param("vocab/NoSuchTerm", id="no term"),
    ],
)
def test_a_hostile_path_is_not_found_and_not_echoed_as_markup(client, path):
    response = client.get(f"/repo/{path}", headers=BROWSER)
    assert response.status_code == 404
    assert "<script>" not in response.text


def test_documents_have_a_tag_and_are_not_sent_twice(client):
    first = client.get(f"{DATA}.ttl")
    tag = first.headers["ETag"]
    second = client.get(f"{DATA}.ttl", headers={"If-None-Match": tag})
    assert (second.status_code, second.data) == (304, b"")
    assert client.get(f"{DATA}.jsonld", headers={"If-None-Match": tag}).status_code == 200


def test_a_changed_setting_changes_the_tags(client, web_settings, generation, make_app):
    changed = make_app(replace(web_settings, title="Another title"), PublishedHere(generation)).test_client()
    assert changed.get(PAGE).headers["ETag"] != client.get(PAGE).headers["ETag"]


def test_links_name_the_thing_and_the_other_formats(client):
    link = client.get(PAGE).headers["Link"]
    assert '<https://data.example.org/repo/id/item/999/a.b/c>; rel="describes"' in link
    for format_ in DATA_FORMATS:
        assert f'<{DATA}.{format_.extension}>; rel="alternate"; type="{format_.media_type}"' in link


def test_what_points_at_a_journal_comes_page_by_page(client):
    seen = set()
    path = "/repo/data/serial/n-many.nt"
    pages = 0
    while path:
        response = client.get(path)
        assert response.status_code == 200
        pages += 1
        seen |= {
            line.split(" ")[0]
            for line in response.text.splitlines()
            if "isPartOf> <https://data.example.org/repo/id/serial/n-many>" in line
        }
        following = [link for link in response.headers.getlist("Link") if 'rel="next"' in link]
        path = following[0].partition(">")[0][1:] if following else None
    assert pages == 3
    assert len(seen) == 250


@pytest.mark.parametrize(
    ("page", "status"), [("2", 200), ("9", 404), ("0", 400), ("x", 400), ("9" * 30, 400), ("²", 400)]
)
def test_a_page_number_is_checked(client, page, status):
    assert client.get("/repo/page/serial/n-many", query_string={"page": page}).status_code == status


def test_pages_of_what_nobody_counts_end_with_the_way_to_the_rest(client):
    assert client.get("/repo/data/vocab/RepositoryItem.nt?page=2").status_code == 200
    response = client.get("/repo/data/vocab/RepositoryItem.nt?page=101")
    assert response.status_code == 400
    assert response.text.endswith(
        "the triple pattern /repo/fragments?object=https%3A%2F%2Fw3id.org%2Flod-repository%2FRepositoryItem\n"
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib calls what it deprecates
@pytest.mark.parametrize("format_", [None, "turtle", "xml", "json-ld", "nt", "n3"])
def test_rdflib_reads_a_thing_by_its_address(address, format_):
    graph = rdflib.Graph().parse(f"{address}id/serial/0003-4967", format=format_)
    assert (
        rdflib.URIRef(f"{BASE}id/serial/0003-4967"),
        rdflib.DCTERMS.title,
        rdflib.Literal("Annals of Testing"),
    ) in graph


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not installed")
@pytest.mark.parametrize("options", [["-g"], ["-i", "turtle"], ["-i", "rdfxml"]], ids=" ".join)
def test_rapper_reads_a_thing_by_its_address(address, options):
    run = subprocess.run(
        ["rapper", "-q", *options, "-o", "ntriples", f"{address}id/serial/0003-4967"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert f'<{BASE}id/serial/0003-4967> <http://purl.org/dc/terms/title> "Annals of Testing"' in run.stdout


@pytest.mark.parametrize(
    "path", ["/repo/", ITEM, PAGE, f"{DATA}.ttl", "/repo/none", "/repo/sparql", "/repo/static/style.css", "/elsewhere"]
)
def test_every_answer_carries_the_security_headers(client, path):
    with client.get(path) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers


def test_the_escapes_of_a_path_survive_a_real_server(address):
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.request(
        "GET", "/repo/id/concept/mesh/lupus%2C_systemic", headers={**TURTLE, "Host": "elsewhere.example"}
    )
    response = connection.getresponse()
    response.read()
    assert response.status == 303
    assert response.getheader("Location") == "/repo/data/concept/mesh/lupus%2C_systemic.ttl"
    assert response.getheader("Server") is None
    connection.request("GET", response.getheader("Location"), headers={"Host": "elsewhere.example"})
    body = connection.getresponse().read().decode()
    connection.close()
    assert "<id/concept/mesh/lupus%2C_systemic>" in body
    assert "elsewhere.example" not in body


def test_a_site_without_a_generation_says_so(web_settings, make_app):
    class Empty:
        def live(self):
            return None

    response = make_app(web_settings, Empty()).test_client().get("/repo/id/item/1/2")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "lod publish" in response.text


def test_a_fault_of_ours_is_logged_whole_and_told_plainly(web_settings, caplog, make_app):
    class Broken:
        def live(self):
            raise RuntimeError("the disk is on fire")

    response = make_app(web_settings, Broken()).test_client().get("/repo/")
    assert response.status_code == 500
    assert response.text == "This server failed to answer. The fault has been logged; trying again may help.\n"
    assert "the disk is on fire" in caplog.text
    assert "Traceback" in caplog.text


def test_the_newly_published_generation_is_served_from_the_next_request_on(
    web_settings, generation, tmp_path, make_app
):
    site = PublishedHere(generation)
    app = make_app(web_settings, site)
    client = app.test_client()
    before = client.get("/repo/data/item/999/a.b/c.ttl")
    site.generation = build(tmp_path, "second", [FILES / "many.ttl"])
    assert client.get("/repo/data/item/999/a.b/c.ttl").status_code == 404
    assert before.status_code == client.get("/repo/data/serial/n-many.ttl").status_code == 200


@pytest.fixture(scope="module")
def moved_client(tmp_path_factory, web_settings):
    """A site in which a serial and an item have got better keys."""
    moved = {
        f"{web_settings.base_iri}id/serial/n-0123456789abcdef": f"{web_settings.base_iri}id/serial/0003-4967",
        f"{web_settings.base_iri}id/item/uuid/1": f"{web_settings.base_iri}id/item/999/7",
        f"{web_settings.base_iri}id/serial/n-fedcba9876543210": f"{web_settings.base_iri}id/serial/nowhere",
    }
    folder = tmp_path_factory.mktemp("moved")
    with running(
        create_app(web_settings, PublishedHere(build(folder, "first", [FILES / "site.ttl"], moved=moved)))
    ) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/repo/id/serial/n-0123456789abcdef", "/repo/id/serial/0003-4967"),
        ("/repo/data/serial/n-0123456789abcdef.ttl", "/repo/data/serial/0003-4967.ttl"),
        ("/repo/data/serial/n-0123456789abcdef?format=nt", "/repo/data/serial/0003-4967?format=nt"),
        ("/repo/page/item/uuid/1", "/repo/page/item/999/7"),
        ("/repo/id/item/uuid/1", "/repo/id/item/999/7"),
    ],
)
def test_an_old_iri_answers_301_with_the_new_one(moved_client, asked, location):
    response = moved_client.get(asked)
    assert (response.status_code, response.headers["Location"]) == (301, location)
    assert moved_client.get(location, headers=TURTLE).status_code in {200, 303}


def test_an_old_iri_whose_new_one_is_gone_is_unknown(moved_client):
    assert moved_client.get("/repo/id/serial/n-fedcba9876543210").status_code == 404
