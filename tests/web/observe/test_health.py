"""/healthz, /readyz and /metrics: what an operator, a load balancer and Prometheus ask."""

import pytest

from lod.web.observe.health import allowed
from tests.helpers.web_site import DATA, PublishedHere, build


def test_healthz_answers_without_looking_at_what_is_published(web_settings, make_app):
    response = make_app(web_settings, PublishedHere(None)).test_client().get("/repo/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_readyz_says_that_nothing_is_published(web_settings, make_app):
    response = make_app(web_settings, PublishedHere(None)).test_client().get("/repo/readyz")
    assert response.status_code == 503
    assert response.json == {"ready": False, "faults": ["nothing has been published yet"]}


def test_readyz_says_that_no_worker_runs_and_then_that_all_is_well(web_settings, tmp_path, make_app):
    app = make_app(web_settings, PublishedHere(build(tmp_path, "one", [DATA / "site.ttl"])))
    client = app.test_client()
    assert client.get("/repo/readyz").json == {"ready": False, "faults": ["no query worker is running"]}
    assert client.get("/repo/sparql?query=ASK%7B%7D").status_code == 200
    response = client.get("/repo/readyz")
    assert (response.status_code, response.json) == (200, {"ready": True, "faults": []})


def test_metrics_count_requests_by_route_and_tell_what_is_published(web_settings, generation, make_app):
    client = make_app(web_settings, PublishedHere(generation)).test_client()
    for path in ("/repo/data/item/999/a.b/c.ttl", "/repo/data/item/999/nothing.ttl", "/elsewhere/entirely"):
        client.get(path, buffered=True)
    client.open("/repo/", method="BREW", buffered=True)
    response = client.get("/repo/metrics")
    assert response.content_type.startswith("text/plain; version=")
    lines = response.text.splitlines()
    assert 'lod_requests_total{method="GET",route="/repo/data/<path:_>",status="200"} 1.0' in lines
    assert 'lod_requests_total{method="GET",route="/repo/data/<path:_>",status="404"} 1.0' in lines
    assert 'lod_requests_total{method="other",route="unmatched",status="405"} 1.0' in lines
    assert 'lod_requests_total{method="GET",route="unmatched",status="404"} 1.0' in lines
    assert f"lod_published_records {float(len(generation.catalog.titles))}" in lines
    assert 'lod_generation_info{created="2026-11-23T12:00:00Z",name="first"} 1.0' in lines
    assert "lod_waiting_bytes 0.0" in lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


def test_metrics_are_not_for_strangers(web_settings, generation, make_app):
    client = make_app(web_settings, PublishedHere(generation)).test_client()
    response = client.get("/repo/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert response.status_code == 403
    assert "metrics_clients" in response.text


@pytest.mark.parametrize(
    ("address", "clients", "expected"),
    [
        ("127.0.0.1", "127.0.0.1 ::1", True),
        pytest.param("::ffff:127.0.0.1", "127.0.0.1", True, id="IPv4 in IPv6"),
        pytest.param("[::1]", "::1", True, id="in brackets, as proxies write it"),
        ("10.2.3.4", "10.0.0.0/8", True),
        ("11.2.3.4", "10.0.0.0/8", False),
        pytest.param("", "10.0.0.0/8", False, id="no address"),
        pytest.param("localhost", "127.0.0.1", False, id="a name"),
        pytest.param("127.0.0.1", "", False, id="nobody"),
    ],
)
def test_addresses_and_networks_are_compared_as_such(address, clients, expected):
    assert allowed(address, clients.split()) is expected
