"""/data/report and /data/removed: named graphs of the live generation in every RDF format, streamed."""

import gzip
import json

import pyoxigraph as ox
import pytest

from lod.rdf.claims import claim
from lod.report import Finding, Severity
from lod.store.tombstones import tombstone_triples
from lod.validation.report_graph import report_triples
from lod.web.app import create_app
from lod.web.http.formats import DATA_FORMATS
from lod.web.writing import graph_files
from tests.helpers.web_site import BASE, DATA, PublishedHere, build, running

REMOVED = sorted(
    claim(*triple)
    for number in range(1, 40)
    for triple in tombstone_triples(f"{BASE}id/item/999/{number}?&x", "2026-01-03")
)
FINDINGS = [
    Finding("I17", Severity.WARNING, 'No "date" <of> issue & more.', record=f"999/{number}", value="a\tb\u0001 \u4e2d")
    for number in range(1, 40)
]


def graphs_in(folder, graphs):
    rows = []
    (folder / "graphs").mkdir(exist_ok=True)
    for name, lines in graphs.items():
        with gzip.open(folder / "graphs" / f"{name}.nt.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        rows.append({"iri": f"{BASE}data/{name}", "path": f"{name}.nt.gz", "triples": len(lines)})
    (folder / "generation.json").write_text(json.dumps({"graphs": rows}), encoding="utf-8")


@pytest.fixture(scope="module")
def reporting(tmp_path_factory, web_settings):
    generation = build(tmp_path_factory.mktemp("reporting"), "first", [DATA / "site.ttl"])
    report = sorted(claim(*triple) for triple in report_triples(FINDINGS, BASE))
    graphs_in(generation.directory, {"report": report, "removed": REMOVED})
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        yield app.test_client()


@pytest.mark.parametrize("extension", [format_.extension for format_ in DATA_FORMATS])
def test_the_report_is_the_same_in_every_format(reporting, extension):
    answer = reporting.get(f"/repo/data/report.{extension}")
    assert answer.status_code == 200
    media_type = next(format_.media_type for format_ in DATA_FORMATS if format_.extension == extension)
    found = {str(quad.triple) for quad in ox.parse(answer.data, format=ox.RdfFormat.from_media_type(media_type))}
    expected = "".join(f"{claim(*triple)}\n" for triple in report_triples(FINDINGS, BASE))
    if extension == "rdf":  # XML holds no control characters
        expected = expected.replace("\\u0001", "\ufffd")
    assert found == {str(quad.triple) for quad in ox.parse(expected, format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("extension", [format_.extension for format_ in DATA_FORMATS])
def test_what_was_removed_is_a_document_in_every_format(reporting, extension):
    answer = reporting.get(f"/repo/data/removed.{extension}")
    assert answer.status_code == 200
    media_type = next(format_.media_type for format_ in DATA_FORMATS if format_.extension == extension)
    found = {
        claim(*map(str, quad.triple)) for quad in ox.parse(answer.data, format=ox.RdfFormat.from_media_type(media_type))
    }
    assert sorted(found) == REMOVED


def test_where_nothing_was_removed_there_is_no_document_of_it(client):
    assert client.get("/repo/data/removed").status_code == 404


def test_the_address_without_extension_is_negotiated(reporting):
    answer = reporting.get("/repo/data/report", headers={"Accept": "application/ld+json"})
    assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
    assert answer.headers["Content-Location"] == "/repo/data/report.jsonld"
    assert "Accept" in answer.headers["Vary"]
    assert len(json.loads(answer.data)) == len(FINDINGS) + 1


def test_a_browser_gets_turtle(reporting):
    answer = reporting.get("/repo/data/report", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.content_type == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        pytest.param("report.csv", "*/*", 404, id="an extension of no format"),
        pytest.param("report", "image/png", 406, id="no format that is asked for"),
    ],
)
def test_what_is_not_offered_is_said(reporting, path, accept, status):
    assert reporting.get(f"/repo/data/{path}", headers={"Accept": accept}).status_code == status


def test_a_known_report_is_not_sent_again(reporting):
    answer = reporting.get("/repo/data/report.nt")
    again = reporting.get("/repo/data/report.nt", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = reporting.head("/repo/data/report.nt")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(answer.data))
    assert not answer.headers["ETag"].startswith("W/")


def test_a_report_is_packed_once_and_its_parts_can_be_asked_for(reporting, monkeypatch):
    plain = reporting.get("/repo/data/report.ttl")
    packed = reporting.get("/repo/data/report.ttl", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
    part = reporting.get("/repo/data/report.ttl", headers={"Range": "bytes=10-19", "If-Range": plain.headers["ETag"]})
    assert (part.status_code, part.data) == (206, plain.data[10:20])
    monkeypatch.setattr(graph_files, "graph_chunks", None)
    assert reporting.get("/repo/data/report.ttl").data == plain.data
    # TriG is the same document as Turtle here.
    assert reporting.get("/repo/data/report.trig").data == plain.data


def test_a_generation_without_report_says_so(client):
    assert client.get("/repo/data/report").status_code == 404
