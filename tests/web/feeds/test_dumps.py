"""/dumps/: files that can be taken in ranges and never change; /.well-known/void: what the dataset is."""

import gzip
import hashlib
import http.client
import json
import shutil
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib

from lod.dump.manifest import DUMPS
from lod.web.app import create_app
from tests.helpers.web_site import BASE, DATA, PublishedHere, build, running, serving

NAME = "20261123T120000.000000Z"
BEFORE = "20261122T120000.000000Z"
LONG_AGO = "20261121T120000.000000Z"
TAKEN_BACK = "20261124T120000.000000Z"
NT = f"/repo/dumps/{NAME}/dataset.nt.gz"


@pytest.fixture(scope="module")
def site(tmp_path_factory, web_settings):
    """A live generation, the one before it, the difference of one long gone, and one that was rolled back from."""
    folder = tmp_path_factory.mktemp("dumped")
    generation = build(folder, NAME, [DATA / "site.ttl"])
    for name in (BEFORE, TAKEN_BACK):
        shutil.copytree(folder / NAME, folder / name, ignore=shutil.ignore_patterns("store"))
    manifest = folder / NAME / DUMPS / "dumps.json"
    found = json.loads(manifest.read_text())
    data = gzip.compress(b"", mtime=0)
    old = folder / NAME / DUMPS / "differences" / LONG_AGO
    old.mkdir(parents=True)
    for name in ("added.nt.gz", "removed.nt.gz"):
        (folder / NAME / DUMPS / name).write_bytes(data)
        (old / name).write_bytes(data)
        row = {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "triples": 0}
        found["files"].append(row)
    history = [{"name": LONG_AGO, "previous": "20261120T120000.000000Z", "files": found["files"][-2:]}]
    manifest.write_text(json.dumps(found | {"previous": BEFORE, "history": history}))
    before = folder / BEFORE / DUMPS / "dumps.json"
    before.write_text(json.dumps(json.loads(before.read_text()) | {"previous": LONG_AGO}))
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        yield app, folder


class Buffered:
    """A client that reads each answer to the end and closes its file."""

    def __init__(self, app):
        self._client = app.test_client()

    def get(self, path, headers=None):
        return self._client.get(path, headers=headers, buffered=True)

    def head(self, path, headers=None):
        return self._client.head(path, headers=headers, buffered=True)


@pytest.fixture
def dumped(site):
    return Buffered(site[0])


@pytest.fixture(scope="module")
def served(site):
    """The same behind a real server."""
    with serving(site[0]) as (host, port):
        yield f"http://{host}:{port}"


def test_a_dump_is_served_packed_with_its_checksum_as_etag(dumped, site):
    data = (site[1] / NAME / DUMPS / "dataset.nt.gz").read_bytes()
    answer = dumped.get(NT, headers={"Accept-Encoding": "zstd, br, gzip"})
    assert (answer.status_code, answer.data) == (200, data)
    assert answer.headers["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    assert answer.headers["Last-Modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert dumped.get(NT.replace(".gz", ".zst")).headers["Content-Type"] == "application/zstd"


def test_a_server_that_was_started_in_the_folder_of_its_site_serves_dumps(
    web_settings, tmp_path, monkeypatch, make_app
):
    monkeypatch.chdir(tmp_path)
    app = make_app(web_settings, PublishedHere(build(Path(), NAME, [DATA / "site.ttl"])))
    assert Buffered(app).get(NT).data == (tmp_path / NAME / DUMPS / "dataset.nt.gz").read_bytes()


def test_head_gives_the_size_and_no_body(dumped, site):
    answer = dumped.head(NT)
    size = (site[1] / NAME / DUMPS / "dataset.nt.gz").stat().st_size
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", size)


@pytest.mark.parametrize(
    ("range_", "part"),
    [
        pytest.param("bytes=0-9", slice(0, 10), id="first bytes"),
        pytest.param("bytes=10-", slice(10, None), id="the rest"),
        pytest.param("bytes=-7", slice(-7, None), id="last bytes"),
    ],
)
def test_a_range_is_served(dumped, site, range_, part):
    data = (site[1] / NAME / DUMPS / "dataset.nt.gz").read_bytes()
    answer = dumped.get(NT, headers={"Range": range_})
    assert (answer.status_code, answer.data) == (206, data[part])
    assert answer.headers["Content-Range"].endswith(f"/{len(data)}")


def test_a_range_that_is_not_there_is_refused(dumped):
    answer = dumped.get(NT, headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{dumped.head(NT).content_length}"


@pytest.mark.parametrize(
    "range_",
    [
        pytest.param("lines=0-9", id="another unit"),
        pytest.param("bytes=0-4, 10-14", id="several"),
        pytest.param("bytes=9-5", id="backwards"),
        pytest.param("everything", id="none"),
    ],
)
def test_a_range_of_another_kind_is_ignored(dumped, range_):
    """As RFC 9110, section 14.2, has it."""
    answer = dumped.get(NT, headers={"Range": range_})
    assert (answer.status_code, len(answer.data)) == (200, dumped.head(NT).content_length)


def test_a_range_of_what_the_client_has_already_is_not_sent(dumped):
    tag = dumped.head(NT).headers["ETag"]
    answer = dumped.get(NT, headers={"Range": "bytes=0-9", "If-None-Match": f'"another", {tag}'})
    assert (answer.status_code, answer.data) == (304, b"")
    assert dumped.get(NT, headers={"Range": "bytes=0-9", "If-None-Match": '"another"'}).status_code == 206


def test_a_range_is_of_get_only(dumped):
    whole, part = dumped.head(NT), dumped.head(NT, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content_length) == (200, whole.content_length)


def test_a_download_goes_on_only_in_the_same_file(dumped):
    tag = dumped.head(NT).headers["ETag"]
    assert dumped.get(NT, headers={"Range": "bytes=5-", "If-Range": tag}).status_code == 206
    assert dumped.get(NT, headers={"Range": "bytes=5-", "If-Range": '"another"'}).status_code == 200
    # A weak tag does not tell bytes.
    assert dumped.get(NT, headers={"Range": "bytes=5-", "If-Range": f"W/{tag}"}).status_code == 200
    # Nor does a date, where two generations are published in a second.
    by_date = {"Range": "bytes=5-", "If-Range": dumped.head(NT).headers["Last-Modified"]}
    assert dumped.get(NT, headers=by_date).status_code == 200
    assert dumped.get(NT, headers={"If-None-Match": tag}).status_code == 304
    since = {"If-Modified-Since": "Mon, 23 Nov 2026 12:00:00 GMT"}
    assert dumped.get(NT, headers=since).status_code == 304


def test_what_is_asked_for_by_another_tag_is_refused_and_not_sent(dumped):
    tag = dumped.head(NT).headers["ETag"]
    refused = dumped.get(NT, headers={"If-Match": '"another"'})
    assert (refused.status_code, refused.headers["ETag"]) == (412, tag)
    assert refused.text == f"What is here has changed since: its tag is {tag[1:-1]}. Download it anew.\n"
    assert dumped.get(NT, headers={"If-Match": f'"another", {tag}'}).status_code == 200
    assert dumped.get(NT, headers={"If-Match": "*"}).status_code == 200


def test_a_real_server_serves_whole_files_and_ranges(served, site):
    data = (site[1] / NAME / DUMPS / "dataset.nt.gz").read_bytes()
    with urllib.request.urlopen(f"{served}/repo/dumps/latest/dataset.nt.gz", timeout=60) as answer:
        assert (answer.url, answer.read()) == (f"{served}{NT}", data)
    connection = http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)
    connection.request("GET", NT, headers={"Range": "bytes=100-199"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (206, data[100:200])
    connection.request("HEAD", NT)
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.headers["Content-Length"]) == (200, b"", str(len(data)))
    connection.close()


def test_latest_leads_to_the_live_generation(dumped):
    answer = dumped.get("/repo/dumps/latest/dataset.ttl.gz")
    assert (answer.status_code, answer.location) == (307, f"/repo/dumps/{NAME}/dataset.ttl.gz")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert dumped.get("/repo/dumps/latest/SHA256SUMS").location == f"/repo/dumps/{NAME}/SHA256SUMS"


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        pytest.param(
            "latest/dataset.csv", 404, "There is no dump 'dataset.csv' here. Dumps: dataset.nt.gz", id="latest"
        ),
        pytest.param(f"{NAME}/blocks.json", 404, "There is no dump 'blocks.json' here", id="not for the public"),
        pytest.param(f"{NAME}/..%2Fgeneration.json", 404, "Nothing is served at", id="a way out of the folder"),
        pytest.param(f"{LONG_AGO}/dataset.nt.gz", 410, "is no longer kept", id="only its difference is carried on"),
        pytest.param("20200101T000000.000000Z/dataset.nt.gz", 410, "is no longer kept", id="pruned"),
        pytest.param(f"{TAKEN_BACK}/dataset.nt.gz", 404, "There is no generation", id="rolled back from"),
        pytest.param("x/dataset.nt.gz", 404, "There is no generation x here", id="no generation"),
    ],
)
def test_what_is_not_there_is_said(dumped, path, status, message):
    answer = dumped.get(f"/repo/dumps/{path}")
    assert (answer.status_code, message in answer.text) == (status, True)


def test_the_generation_before_is_served_while_it_is_kept(dumped):
    assert dumped.get(f"/repo/dumps/{BEFORE}/dataset.nt.gz").status_code == 200


def test_the_difference_of_a_generation_long_gone_is_served(dumped):
    answer = dumped.get(f"/repo/dumps/{LONG_AGO}/added.nt.gz")
    assert (answer.status_code, gzip.decompress(answer.data)) == (200, b"")
    assert answer.headers["Last-Modified"] == "Sat, 21 Nov 2026 12:00:00 GMT"


def test_checksums_are_text(dumped):
    answer = dumped.get(f"/repo/dumps/{NAME}/SHA256SUMS")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "  dataset.nt.gz\n" in answer.text


def test_the_list_tells_a_mirror_where_each_generation_comes_from(dumped):
    found = dumped.get("/repo/dumps/", headers={"Accept": "application/json"}).get_json()
    assert found["live"] == NAME
    assert [(one["name"], one["previous"]) for one in found["generations"]] == [
        (NAME, BEFORE),
        (BEFORE, LONG_AGO),
        (LONG_AGO, "20261120T120000.000000Z"),
    ]
    assert found["generations"][0]["created"] == "2026-11-23T12:00:00Z"
    assert [file["name"] for file in found["generations"][2]["files"]] == ["added.nt.gz", "removed.nt.gz"]
    row = found["generations"][0]["files"][0]
    assert row["url"] == f"{BASE}dumps/{NAME}/dataset.nt.gz"
    assert (row["mediaType"], row["compression"]) == ("application/n-triples", "application/gzip")
    assert row["bytes"] == dumped.head(NT).content_length
    assert f'"{row["sha256"]}"' == dumped.head(NT).headers["ETag"]
    assert found == dumped.get("/repo/dumps/?format=json").get_json()


def test_people_get_a_page_and_readers_of_rdf_the_description(dumped):
    page = dumped.get("/repo/dumps/", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert f'href="/repo/dumps/{NAME}/dataset.jsonl.gz"' in page.text
    assert f'href="/repo/dumps/{NAME}/added.nt.gz"' in page.text
    assert "Records &amp; &lt;more&gt;" in page.text
    rdf = dumped.get("/repo/dumps/", headers={"Accept": "text/turtle"})
    assert (rdf.status_code, rdf.location) == (303, "/repo/data/dataset.ttl")
    assert dumped.get("/repo/dumps", headers={"Accept": "text/html"}).status_code == 200
    refused = dumped.get("/repo/dumps/", headers={"Accept": "image/png"})
    assert (refused.status_code, "application/json: /repo/dumps/?format=json" in refused.text) == (406, True)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param("", "text/turtle; charset=utf-8", id="nothing"),
        pytest.param("text/html, */*;q=0.8", "text/turtle; charset=utf-8", id="browser"),
        pytest.param("application/ld+json", "application/ld+json", id="JSON-LD"),
        pytest.param("image/png", "text/turtle; charset=utf-8", id="what is not there"),
    ],
)
def test_the_description_is_at_the_well_known_address(dumped, accept, media_type):
    answer = dumped.get("/repo/.well-known/void", headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, media_type)
    tag = {"If-None-Match": answer.headers["ETag"], "Accept": accept}
    assert dumped.get("/repo/.well-known/void", headers=tag).status_code == 304


def test_the_description_counts_what_is_published_and_names_its_dumps(dumped, site):
    text = dumped.get("/repo/.well-known/void").data
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found = {(quad.predicate.value.rpartition("#")[2], quad.object.value) for quad in quads}
    published = gzip.decompress((site[1] / NAME / DUMPS / "dataset.nt.gz").read_bytes()).decode().split("\n")[:-1]
    assert ("triples", str(len(published))) in found
    assert ("distinctSubjects", str(len({line.split(" ")[0] for line in published}))) in found
    assert ("downloadURL", f"{BASE}dumps/{NAME}/dataset.nq.zst") in found
    assert ("dataDump", f"{BASE}dumps/latest/dataset.nq.zst") in found
    data = (site[1] / NAME / DUMPS / "dataset.nq.zst").read_bytes()
    assert ("checksumValue", hashlib.sha256(data).hexdigest()) in found
    assert ("byteSize", str(len(data))) in found


def test_only_syntaxes_of_rdf_are_data_dumps_and_every_distribution_has_a_media_type(dumped):
    graph = rdflib.Graph().parse(data=dumped.get("/repo/.well-known/void").data, format="turtle")
    dataset = rdflib.URIRef(f"{BASE}id/dataset")
    dumps = {str(dump).rpartition("/")[2] for dump in graph.objects(dataset, rdflib.VOID.dataDump)}
    assert dumps == {f"dataset.{name}" for name in ("nt.gz", "nt.zst", "nq.gz", "nq.zst", "ttl.gz")}
    distributions = {
        str(graph.value(node, rdflib.DCAT.downloadURL)).rpartition("/")[2]: graph.value(node, rdflib.DCAT.mediaType)
        for node in graph.objects(dataset, rdflib.DCAT.distribution)
    }
    assert distributions.keys() == dumps | {"dataset.jsonl.gz"}
    assert None not in distributions.values()
    assert str(distributions["dataset.jsonl.gz"]).endswith("/application/x-ld+ndjson")


def test_the_page_of_the_dataset_shows_its_figures_as_tables(dumped):
    page = dumped.get("/repo/page/dataset").text
    assert "<h2>Classes</h2>" in page
    assert "<h2>Properties</h2>" in page
    assert 'id="class-' not in page
    assert 'href="/repo/dumps/"' in page


def test_a_generation_without_dumps_says_so(tmp_path, web_settings, make_app):
    generation = build(tmp_path, NAME, [DATA / "site.ttl"])
    shutil.rmtree(tmp_path / NAME / DUMPS)
    app = make_app(web_settings, PublishedHere(generation))
    client = app.test_client()
    assert "carries no dumps" in client.get("/repo/dumps/", headers={"Accept": "text/html"}).text
    assert client.get("/repo/dumps/?format=json").get_json() == {"live": NAME, "generations": []}
    assert "the next 'lod publish' writes them" in client.get("/repo/dumps/latest/dataset.nt.gz").text
    assert client.get("/repo/.well-known/void").status_code == 200
