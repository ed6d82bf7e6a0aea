"""Error responses: titled as HTTP titles them, for browsers, JSON clients and all others."""

import pytest

from lod.web.http.error_responses import error_response, reason_phrase

PHRASES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@pytest.mark.parametrize(("status", "phrase"), PHRASES.items())
def test_a_status_has_the_title_of_rfc_9110(status, phrase):
    assert reason_phrase(status) == phrase


@pytest.mark.parametrize(
    ("accept", "media_type", "title"),
    [
        ("text/html,*/*;q=0.8", "text/html", "<h1>Content Too Large</h1>"),
        ("application/json", "application/problem+json", '"title": "Content Too Large", "status": 413'),
        ("*/*", "text/plain", ""),
    ],
)
def test_title_and_message_are_in_the_form_that_the_client_reads(app, accept, media_type, title):
    with app.test_request_context("/repo/", headers={"Accept": accept}):
        response = error_response(413, "The query has 9 bytes; at most 8 are accepted.", headers={"X-Test": "1"})
        assert (response.status_code, response.mimetype, response.headers["X-Test"]) == (413, media_type, "1")
        assert title in response.get_data(as_text=True)
        assert "The query has 9 bytes; at most 8 are accepted." in response.get_data(as_text=True)
