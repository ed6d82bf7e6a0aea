"""Kept answers are those of the app, byte for byte, in every form and to every condition, and go with their generation."""

import dataclasses
import shutil
import threading
from pathlib import Path

import pytest

from lod.errors import BadValueError
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.kept.answer import make_answer, unpacked
from lod.web.kept.middleware import KeptAnswers
from lod.web.kept.places import Disk, Memory
from lod.web.kept.requests import KeptRequest, read_request
from tests.helpers.web_site import BASE, DATA, REMOVED, ROWS, SETTINGS, PublishedHere, build, running

ITEM = "999/a.b/c"
PATHS = (
    "",
    "items",
    "items?page=1",
    f"id/item/{ITEM}",
    f"page/item/{ITEM}",
    f"data/item/{ITEM}",
    f"data/item/{ITEM}.ttl",
    f"data/item/{ITEM}.jsonld",
    f"data/item/{ITEM}?format=nt",
    f"data/item/{ITEM}.ttl?_profile=dc",
    f"linkset/json/item/{ITEM}",
    "vocab",
    "data/item/0/none",
)
ACCEPTS = (
    None,
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/ld+json",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
    "application/rdf+xml, text/turtle;q=0.5",
    "image/png",
)
CODINGS = (None, "gzip", "br;q=0.5, gzip;q=0.1")


def answers(client, path, **headers):
    """An answer without what each sending has of its own."""
    response = client.get(f"/repo/{path}", headers={name: value for name, value in headers.items() if value})
    return (
        response.status,
        sorted((n, v) for n, v in response.headers if n not in {"X-Request-ID", "Date"}),
        response.data,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    return build(folder, "first", [DATA / "site.ttl", DATA / "many.ttl"], rows=ROWS, removed=REMOVED)


@pytest.fixture(scope="module")
def never(site):
    """The client of an app that keeps nothing."""
    settings = make_settings(SETTINGS | {"base_iri": BASE, "kept_answers_mib": 0, "kept_answers_disk_mib": 0}, {})
    with running(create_app(settings, PublishedHere(site))) as app:
        yield app.test_client()


@pytest.fixture(scope="module", params=["memory", "disk"])
def keeping(request, site):
    """The client of an app that keeps its answers in one of the two places."""
    sizes = {
        "kept_answers_mib": 64 * (request.param == "memory"),
        "kept_answers_disk_mib": 64 * (request.param == "disk"),
    }
    with running(create_app(make_settings(SETTINGS | {"base_iri": BASE} | sizes, {}), PublishedHere(site))) as app:
        yield app.test_client()


@pytest.mark.parametrize("path", PATHS)
def test_a_kept_answer_is_that_of_the_app(never, keeping, path):
    for accept in ACCEPTS:
        for coding in CODINGS:
            asked = {"Accept": accept, "Accept-Encoding": coding}
            expected = answers(never, path, **asked)
            assert [answers(keeping, path, **asked) for _ in range(2)] == [expected] * 2, asked


@pytest.mark.parametrize("path", [f"data/item/{ITEM}.ttl", f"page/item/{ITEM}", "", "items"])
def test_conditions_are_answered_as_the_app_answers_them(never, keeping, path):
    _, headers, _ = answers(keeping, path)
    tag, modified = dict(headers).get("ETag"), dict(headers).get("Last-Modified")
    for conditions in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": '"other"'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
        {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "Sat, 01 Jan 99999999999 00:00:00 GMT"},
        {"If-Match": '"other"'},
        {"Range": "bytes=0-3"},
    ):
        kept, made = answers(keeping, path, **conditions), answers(never, path, **conditions)
        assert (kept[0], kept[2], set(kept[1]) ^ set(made[1])) == (made[0], made[2], set()), conditions
    assert keeping.head(f"/repo/{path}").headers["Content-Length"] == dict(headers)["Content-Length"]
    assert keeping.head(f"/repo/{path}").data == b""


def test_a_kept_answer_needs_no_framework(site, monkeypatch):
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    with running(create_app(settings, PublishedHere(site))) as app:
        client = app.test_client()
        first = client.get(f"/repo/data/item/{ITEM}.ttl").data

        def fail(*_):
            raise AssertionError("the app was asked")

        monkeypatch.setattr(app, "full_dispatch_request", fail)
        assert client.get(f"/repo/data/item/{ITEM}.ttl").data == first


def test_a_long_answer_is_left_to_the_app_while_the_disk_for_waiting_answers_is_full(site):
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    with running(create_app(settings, PublishedHere(site))) as app:
        client = app.test_client()
        kept = next(found for found in _layers(app.wsgi_app) if isinstance(found, KeptAnswers))
        path = f"/repo/data/item/{ITEM}.ttl"
        first = client.get(path).data
        asked = []
        dispatch = app.full_dispatch_request
        app.full_dispatch_request = lambda *rest: asked.append(rest) or dispatch(*rest)
        kept._has_room_for = lambda size: size < len(first)
        assert client.get(path).data == first
        assert len(asked) == 1
        kept._has_room_for = lambda size: size <= len(first)
        assert client.get(path).data == first
        assert len(asked) == 1


def _layers(outer):
    """The WSGI layers of an app, from the outermost in."""
    while hasattr(outer, "_app"):
        yield outer
        outer = outer._app


def test_an_answer_goes_with_its_generation(tmp_path):
    published = PublishedHere(build(tmp_path, "first", [DATA / "site.ttl"]))
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    with running(create_app(settings, published)) as app:
        client = app.test_client()
        path = f"/repo/data/item/{ITEM}.nt"
        assert client.get(path).status_code == client.get(path).status_code == 200
        published.generation = build(tmp_path, "second", [DATA / "many.ttl"])
        assert client.get(path).status_code == 404
        assert client.get("/repo/items").status_code == 200
        assert sorted(folder.name[:6] for folder in (tmp_path / "kept").iterdir()) == ["second"]


def environ(**changes):
    return {"REQUEST_METHOD": "GET", "REQUEST_URI": "/id/x", "QUERY_STRING": ""} | changes


def test_an_answer_on_disk_goes_with_the_program_that_made_it(tmp_path, monkeypatch):
    settings = make_settings(SETTINGS | {"base_iri": BASE, "kept_answers_mib": 0}, {})
    published = PublishedHere(build(tmp_path, "first", [DATA / "site.ttl"]))

    def answer():
        with running(create_app(settings, published)) as app:
            return app.test_client().get(f"/repo/data/item/{ITEM}.ttl").data

    first = answer()
    (path,) = (path for path in (tmp_path / "kept").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes().replace(b"@prefix", b"@PREFIX"))
    assert answer() == first.replace(b"@prefix", b"@PREFIX"), "the same program finds its answer again"
    monkeypatch.setattr("lod.web.service.program_fingerprint", lambda: "another")
    assert answer() == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("text/turtle, text/html;q=0.5", "text/html;q=0.50,text/turtle"),
        ("text/html,image/avif,image/webp,*/*;q=0.8", "text/html, */*;q=0.8"),
        ("text/html, application/signed-exchange;v=b3;q=0.7", "text/html"),
    ],
)
def test_headers_that_mean_the_same_are_one_request(one, other):
    assert read_request(environ(HTTP_ACCEPT=one)) == read_request(environ(HTTP_ACCEPT=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"HTTP_ACCEPT": "image/png"}, {}),
        ({"HTTP_ACCEPT": "text/turtle"}, {"HTTP_ACCEPT": "text/turtle;q=0"}),
        ({"HTTP_ACCEPT_ENCODING": "gzip"}, {}),
        ({"HTTP_ACCEPT_PROFILE": "<https://schema.org/>"}, {}),
        ({"QUERY_STRING": "format=nt"}, {}),
        ({"REQUEST_URI": "/id/a%2Fb"}, {"REQUEST_URI": "/id/a/b"}),
    ],
)
def test_headers_that_mean_something_else_are_another_request(one, other):
    assert read_request(environ(**one)) != read_request(environ(**other))


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "POST"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_ACCEPT_DATETIME": "x"},
        {"HTTP_ACCEPT": "a/b," * 300},
        {"REQUEST_URI": "/id/" + "x" * 3_000},
    ],
)
def test_other_requests_are_left_to_the_app(changes):
    assert read_request(environ(**changes)) is None


def request_of(number):
    return KeptRequest(f"/{number}", "", "", "")


def answer_of(size):
    return make_answer("200 OK", [("Content-Type", "text/plain"), ("ETag", '"a"')], b"x" * size, "/<path>")


def test_memory_holds_the_answers_that_were_sent_last():
    memory = Memory(20_000)
    for number in range(20):
        memory.put("one", request_of(number), answer_of(500))
        memory.get("one", request_of(0))
    kept = [number for number in range(20) if memory.get("one", request_of(number))]
    assert {0, 19} <= set(kept)
    assert 1 not in kept
    assert sum(memory.get("one", request_of(number)).size for number in kept) <= 20_000
    memory.put("one", request_of(30), answer_of(2_000))
    assert memory.get("one", request_of(30)) is None, "more than a tenth of all"
    memory.put("two", request_of(1), answer_of(500))
    assert memory.get("one", request_of(19)) is None
    assert memory.get("two", request_of(1)) is not None


def test_the_disk_holds_no_more_than_it_may_and_only_one_state(tmp_path):
    disk = Disk(2_000)
    for number in range(9):
        disk.put(tmp_path, "one", request_of(number), answer_of(500))
    kept = [number for number in range(9) if disk.get(tmp_path, "one", request_of(number))]
    assert kept == [0, 1, 2]
    assert disk.get(tmp_path, "one", request_of(1)) == answer_of(500)
    again = Disk(2_000)
    again.put(tmp_path, "one", request_of(8), answer_of(500))
    assert again.get(tmp_path, "one", request_of(8)) is None, "what another process kept counts"
    again.put(tmp_path, "two", request_of(8), answer_of(500))
    assert again.get(tmp_path, "one", request_of(1)) is None
    assert again.get(tmp_path, "two", request_of(8)) is not None


def test_no_request_waits_for_the_answers_of_earlier_states_to_be_removed(tmp_path, monkeypatch):
    go_on, removed, remove = threading.Event(), threading.Event(), shutil.rmtree

    def slow(folder, **options):
        assert go_on.wait(60)
        remove(folder, **options)
        removed.set()

    monkeypatch.setattr(shutil, "rmtree", slow)
    disk = Disk(20_000)
    disk.put(tmp_path, "one", request_of(1), answer_of(500))
    disk.put(tmp_path, "two", request_of(1), answer_of(500))
    assert disk.get(tmp_path, "two", request_of(1)) is not None
    assert disk.get(tmp_path, "one", request_of(1)) is not None, "it is not removed yet"
    go_on.set()
    assert removed.wait(60)
    assert disk.get(tmp_path, "one", request_of(1)) is None


def test_a_damaged_file_is_no_answer(tmp_path):
    disk = Disk(20_000)
    disk.put(tmp_path, "one", request_of(1), answer_of(500))
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    whole = path.read_bytes()
    for damaged in (b"", whole[:-1], b"[]\n", b'{"status": 1}\n', b"\xff" + whole):
        path.write_bytes(damaged)
        assert disk.get(tmp_path, "one", request_of(1)) is None
        with pytest.raises(BadValueError):
            unpacked(damaged)
    assert unpacked(whole) == answer_of(500)


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    blocked = Path(tmp_path / "file")
    blocked.write_text("x", encoding="utf-8")
    disk = Disk(20_000)
    disk.put(blocked, "one", request_of(1), answer_of(500))
    assert disk.get(blocked, "one", request_of(1)) is None


def test_an_answer_that_varies_by_another_header_is_not_kept(site):
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    published = PublishedHere(dataclasses.replace(site, name="varied"))
    with running(create_app(settings, published)) as app:
        asked = []

        @app.after_request
        def vary(response):
            asked.append(response)
            response.vary.add("Cookie")
            return response

        client = app.test_client()
        for _ in range(2):
            client.get(f"/repo/data/item/{ITEM}.ttl")
        assert len(asked) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "headers", "times"),
    [
        pytest.param("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {}, 1, id="an aggregate"),
        pytest.param("ASK {}", {"Accept": "text/html"}, 1, id="a page"),
        pytest.param("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", {"Accept": "text/turtle"}, 1, id="a graph"),
        pytest.param("SELECT (NOW() AS ?n) {}", {}, 2, id="one that differs each time"),
        pytest.param("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 9000", {}, 2, id="a long one"),
        pytest.param("SELECT { no query", {}, 2, id="an error"),
        pytest.param("ASK {}", {"Content-Encoding": "gzip"}, 2, id="a request that is refused"),
    ],
)
def test_short_results_of_queries_are_kept(site, query, headers, times, monkeypatch):
    settings = make_settings(SETTINGS | {"base_iri": BASE}, {})
    with running(create_app(settings, PublishedHere(site))) as app:
        asked = []
        dispatch = app.full_dispatch_request
        monkeypatch.setattr(app, "full_dispatch_request", lambda *rest: asked.append(1) or dispatch(*rest))
        first, second = (
            app.test_client().get("/repo/sparql", query_string={"query": query}, headers=headers) for _ in range(2)
        )
        assert len(asked) == times
        assert first.status_code == second.status_code
        if times == 1:
            assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
            assert "evaluate;dur=" in first.headers["Server-Timing"]
            assert second.headers["Server-Timing"] == "kept;dur=0.0"
            other = {"Accept": "application/sparql-results+xml, application/rdf+xml"}
            app.test_client().get("/repo/sparql", query_string={"query": query}, headers=other)
            assert len(asked) == 2, "another format is another answer"
