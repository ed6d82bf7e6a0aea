"""What requests cost their client, and what is refused while the disk is full."""

import re

import pytest

from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.limits.requests import COSTS
from tests.helpers.paths import ROOT
from tests.helpers.web_site import BASE, PublishedHere, running

SOMEONE, ANOTHER = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}
ITEM = "/repo/data/item/999/a.b/c.ttl"


@pytest.fixture
def small(generation):
    """A client of a site where one client may cost 10 a minute."""
    kept = {"kept_answers_mib": 0, "kept_answers_disk_mib": 0}  # kept answers cost nothing
    settings = make_settings({"base_iri": BASE, "client_cost_per_minute": 10, **kept}, {})
    with running(create_app(settings, PublishedHere(generation))) as app:
        app.extensions["lod"].request_budgets._clock = lambda: 1_000.0
        yield app.test_client()


def statuses(client, path, times, environ=SOMEONE, **options):
    return [client.get(path, environ_overrides=environ, **options).status_code for _ in range(times)]


def test_a_client_that_has_used_its_budget_is_told_when_to_come_again(small):
    assert statuses(small, ITEM, 10) == [200] * 10
    refusal = small.get(ITEM, environ_overrides=SOMEONE, headers={"Accept": "application/json"})
    assert refusal.status_code == 429
    assert refusal.headers["Retry-After"] == "6"
    assert refusal.json["title"] == "Too Many Requests"
    assert refusal.json["detail"] == (
        "Requests from your address have cost the 10 a minute that they may; try again in 6 s."
    )
    assert refusal.headers["Access-Control-Allow-Origin"] == "*"
    assert statuses(small, ITEM, 1, ANOTHER) == [200]


@pytest.mark.parametrize(
    ("path", "answered"),
    [
        pytest.param("id/item/999/a.b/c", 10, id="a redirect"),
        pytest.param("nothing/here", 10, id="an unknown address"),
        pytest.param("fragments?page=1", 5, id="a fragment"),
        pytest.param("fragments?page=700", 1, id="a deep page costs more"),
        pytest.param("fragments?page=1" + "0" * 40, 5, id="a number that is none"),
        pytest.param("sparql", 2, id="the endpoint"),
        pytest.param("sitemap-1.xml", 0, id="a sitemap"),
        pytest.param("data/report.ttl", 1, id="the report"),
    ],
)
def test_what_makes_more_work_costs_more(small, path, answered):
    found = statuses(small, f"/repo/{path}", 10)
    assert [status == 429 for status in found] == [False] * answered + [True] * (10 - answered)


@pytest.mark.parametrize("path", ["healthz", "readyz", "metrics", "robots.txt", "static/lod.css"])
def test_what_monitors_and_pages_need_is_free(small, path):
    assert 429 not in statuses(small, f"/repo/{path}", 20)


@pytest.mark.parametrize("environ", [{"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "::1"}, {"REMOTE_ADDR": ""}])
def test_this_machine_has_no_budget(small, environ):
    assert statuses(small, ITEM, 20, environ) == [200] * 20


def test_clients_behind_a_proxy_that_is_not_trusted_share_one_budget_and_the_log_says_so_once(small, caplog):
    found = [
        small.get(
            ITEM, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        )
        for number in range(12)
    ]
    assert [response.status_code for response in found] == [200] * 10 + [429] * 2
    assert [record.getMessage() for record in caplog.records] == [
        "X-Forwarded-For comes from a program on this machine, which is not the trusted_proxy: if a proxy sent it, all of its "
        "clients share one budget"
    ]


def test_a_proxy_elsewhere_that_is_not_trusted_is_named_once(generation, caplog):
    settings = make_settings({"base_iri": BASE, "client_cost_per_minute": 10}, {})
    with running(create_app(settings, PublishedHere(generation))) as app:
        for number in range(3):
            reported = {"X-Forwarded-For": f"192.0.2.{number}"}
            app.test_client().get(ITEM, environ_overrides={"REMOTE_ADDR": "172.17.0.9"}, headers=reported)
    assert [record.getMessage() for record in caplog.records] == [
        "X-Forwarded-For comes from 172.17.0.0, which is not the trusted_proxy: if a proxy sent it, all of its clients share one budget"
    ]


def test_what_a_trusted_proxy_reports_is_not_warned_of(generation, caplog):
    settings = make_settings({"base_iri": BASE, "trusted_proxy": "127.0.0.1"}, {})
    with running(create_app(settings, PublishedHere(generation))) as app:
        # As the server hands it over: the address is that of the client.
        reported = {"X-Forwarded-For": "192.0.2.7"}
        app.test_client().get(ITEM, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}, headers=reported)
    assert caplog.records == []


def test_a_budget_of_0_is_none(generation):
    settings = make_settings({"base_iri": BASE, "client_cost_per_minute": 0}, {})
    with running(create_app(settings, PublishedHere(generation))) as app:
        assert statuses(app.test_client(), "/repo/sitemap-1.xml", 20) == [200] * 20


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("sitemap-1.xml", 503, id="a stream"),
        pytest.param("fragments?format=html", 503, id="a long page"),
        pytest.param("data/item/999/a.b/c.ttl", 200, id="a short document"),
        pytest.param("healthz", 200, id="a few bytes"),
    ],
)
def test_no_long_response_begins_while_the_disk_for_them_is_full(app, client, monkeypatch, path, status):
    monkeypatch.setattr(app.extensions["lod"], "buffered_bytes", lambda: 2_000_000_001)
    response = client.get(f"/repo/{path}")
    assert response.status_code == status
    if status == 503:
        assert response.headers["Retry-After"] == "60"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert (
            "Too many responses wait here for clients that read them slowly; try again in 60 seconds." in response.text
        )


def test_the_costs_are_those_of_the_documentation(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    off = {name for name in COSTS if name.startswith(("inbox.", "oai.", "reconcile."))}
    assert set(COSTS) - endpoints == off, "what is off has no route"
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = text.partition("| request | cost |")[2].partition("\n\n")[0]
    documented = {int(cost) for cost in re.findall(r"(?m) \| (\d+) \|$", table)}
    assert documented == {1, *COSTS.values()}
