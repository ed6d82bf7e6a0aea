"""The access log: one line of JSON an answer, with an id, and without what is nobody's business."""

import json
import logging
from dataclasses import replace

import pytest
from flask import Response

from lod.web.observe.access_log import ACCESS_LOG, WithRequestId, shortened
from tests.helpers.web_site import PublishedHere


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger=ACCESS_LOG.name)
    return lambda: [json.loads(record.message) for record in caplog.records if record.name == ACCESS_LOG.name]


@pytest.fixture
def observed(web_settings, generation, make_app):
    return make_app(web_settings, PublishedHere(generation))


def test_a_line_tells_what_was_asked_and_how_it_was_answered(observed, lines):
    response = observed.test_client().get(
        "/repo/page/item/999/a.b/c?token=secret",
        headers={"User-Agent": "tester/1", "Authorization": "Basic c2VjcmV0", "Cookie": "a=secret"},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
        buffered=True,
    )
    (line,) = lines()
    assert line["path"] == "/repo/page/item/999/a.b/c"
    assert line["query_bytes"] == len("token=secret")
    assert (line["method"], line["status"], line["user_agent"]) == ("GET", 200, "tester/1")
    assert line["client"] == "192.0.2.0"
    assert line["sent_bytes"] == len(response.data)
    assert line["id"] == response.headers["X-Request-ID"]
    assert line["time"].endswith("Z")
    assert "secret" not in json.dumps(line).lower()
    assert "c2VjcmV0" not in json.dumps(line)
    assert "broken" not in line


def test_a_site_may_log_whole_addresses(web_settings, generation, lines, make_app):
    app = make_app(replace(web_settings, log_whole_addresses=True), PublishedHere(generation))
    app.test_client().get("/repo/", environ_base={"REMOTE_ADDR": "192.0.2.77"}, buffered=True)
    assert [line["client"] for line in lines()] == ["192.0.2.77"]


def test_a_site_may_have_no_access_log(web_settings, generation, lines, make_app):
    make_app(replace(web_settings, access_log=False), PublishedHere(generation)).test_client().get(
        "/repo/", buffered=True
    )
    assert lines() == []


def test_line_breaks_and_control_characters_do_not_reach_the_log(observed, caplog):
    caplog.set_level(logging.INFO, logger=ACCESS_LOG.name)
    observed.test_client().get("/repo/%0a%1b[31m", headers={"User-Agent": "a\x1b[31m\u00e9"}, buffered=True)
    (record,) = [record for record in caplog.records if record.name == ACCESS_LOG.name]
    assert "\n" not in record.message
    assert "\x1b" not in record.message


def test_an_answer_that_breaks_off_is_said_to(observed, lines):
    def parts():
        yield b"first"
        raise RuntimeError("the source of the answer failed")

    observed.add_url_rule("/repo/breaking", "breaking", lambda: Response(parts()))
    with pytest.raises(RuntimeError, match="the source of the answer failed"):
        observed.test_client().get("/repo/breaking", buffered=True)
    (line,) = lines()
    assert (line["broken"], line["sent_bytes"]) == (True, 5)


@pytest.mark.parametrize(
    ("proxy", "given", "taken"),
    [
        pytest.param("127.0.0.1", "abc-123", True, id="a trusted proxy's"),
        pytest.param("127.0.0.1", "a b\u00e9", False, id="no id at all"),
        pytest.param("", "abc-123", False, id="a client's"),
    ],
)
def test_only_a_trusted_proxy_may_name_requests(web_settings, generation, proxy, given, taken, make_app):
    app = make_app(replace(web_settings, trusted_proxy=proxy), PublishedHere(generation))
    answered = app.test_client().get("/repo/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (answered == given) is taken
    assert len(answered) == 32 or taken


def test_other_logs_carry_the_id_of_their_request(observed, caplog):
    caplog.handler.addFilter(WithRequestId())
    observed.add_url_rule("/repo/failing", "failing", lambda: 1 / 0)
    response = observed.test_client().get("/repo/failing")
    assert response.status_code == 500
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.request_id == response.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2::3", "2001:db8:1::"),
        ("[2001:db8:1:2::3]", "2001:db8:1::"),
        ("unknown", ""),
    ],
)
def test_of_a_client_only_its_network_is_written(address, network):
    assert shortened(address) == network
