"""The client of a source: how long it waits, when it gives up."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from lod.errors import SourceError
from lod.harvest import client
from lod.settings.table import make_settings
from lod.sources.configured import NamedSource
from tests.helpers.repository_server import Repository


@pytest.fixture
def waited(monkeypatch):
    """The seconds that the client would have slept."""
    seconds: list[float] = []
    monkeypatch.setattr("lod.http.client.time.sleep", seconds.append)
    monkeypatch.setattr(client, "FIRST_WAIT_S", 1.0)
    return seconds


def client_of(url, **limits):
    settings = make_settings({"base_iri": "https://example.org/"}, {})
    return client.client_of(NamedSource(name="test", url=url, **limits), settings, {})


def fetch(url, target, **limits):
    return client_of(url, **limits).fetch(url, target, os.path.getsize, packed=False)


def failing(times, **headers):
    def fault(handler, number):
        if number > times:
            handler.send(200, b"whole")
        else:
            handler.send(503, b"", **headers)
        return True

    return Repository(fault=fault)


def test_pauses_between_attempts_grow(serve, tmp_path, waited):
    assert fetch(serve(failing(4)), tmp_path / "x") == 5
    assert waited == [1, 2, 4, 8]


def test_the_time_that_a_server_asks_for_is_waited(serve, tmp_path, waited):
    assert fetch(serve(failing(1, Retry_After="120")), tmp_path / "x") == 5
    assert waited == [120]


def test_the_time_may_be_a_date(serve, tmp_path, waited):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    assert fetch(serve(failing(1, Retry_After=moment)), tmp_path / "x") == 5
    assert len(waited) == 1
    assert 200 < waited[0] <= 300


def test_a_wait_beyond_the_limit_ends_the_harvest_at_once(serve, tmp_path, waited):
    with pytest.raises(
        SourceError, match="asks us to wait 601 s, longer than longest_wait_s = 600; run the command again"
    ):
        fetch(serve(failing(1, Retry_After="601")), tmp_path / "x")
    assert waited == []


def test_a_wait_beyond_the_end_of_the_harvest_ends_it_at_once(serve, tmp_path, waited):
    with pytest.raises(SourceError, match="the harvest takes longer than time_limit_s = 30"):
        fetch(serve(failing(1, Retry_After="120")), tmp_path / "x", time_limit_s=30)
    assert waited == []


def test_a_pause_lies_between_two_requests(serve, tmp_path, waited):
    url = serve(failing(0))
    pausing = client_of(url, pause_s=7)
    for name in ("a", "b"):
        pausing.fetch(url, tmp_path / name, os.path.getsize, packed=False)
    assert len(waited) == 1
    assert 6 < waited[0] <= 7


def test_nothing_is_left_where_a_fetch_has_failed(serve, tmp_path, waited):
    with pytest.raises(SourceError, match="it answered 503 Service Unavailable; tried 5 times"):
        fetch(serve(failing(9)), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("moment", "match"),
    [
        pytest.param(
            LONG,
            "asks us to wait a number of seconds with more than 9 digits, longer than longest_wait_s",
            id="seconds",
        ),
        pytest.param(f"Fri, 01 Jan {LONG} 00:00:00 GMT", "it answered 503", id="year"),
        pytest.param("Fri, 01 Jan 99999999999 00:00:00 GMT", "it answered 503", id="year beyond the calendar"),
    ],
)
def test_a_wait_of_more_digits_than_there_are_seconds_ends_with_a_message(serve, tmp_path, waited, moment, match):
    with pytest.raises(SourceError, match=match):
        fetch(serve(failing(9, Retry_After=moment)), tmp_path / "x")


def test_a_length_of_more_digits_than_any_answer_has_is_named(serve, tmp_path, waited):
    def fault(handler, number):
        handler.start(200, "text/plain", LONG)
        handler.wfile.write(b"whole")
        handler.close_connection = True
        return True

    with pytest.raises(SourceError, match="bad Content-Length; tried 5 times"):
        fetch(serve(Repository(fault=fault)), tmp_path / "x")
