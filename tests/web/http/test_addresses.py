"""Addresses: IRIs to paths and back, the path as the client sent it, other spellings of one key."""

import pytest

from lod.settings.table import make_settings
from lod.web.http.addresses import Addresses, requested_path, spellings

ROOT = Addresses(make_settings({"base_iri": "https://data.example.org/"}, {}))
MOUNTED = Addresses(make_settings({"base_iri": "https://data.example.org/repo/"}, {}))


@pytest.mark.parametrize(
    ("addresses", "iri", "link"),
    [
        pytest.param(ROOT, "https://data.example.org/id/item/1/2", "/id/item/1/2", id="own"),
        pytest.param(MOUNTED, "https://data.example.org/repo/id/item/1/2#x", "/repo/id/item/1/2#x", id="mounted"),
        pytest.param(MOUNTED, "https://data.example.org/other", "https://data.example.org/other", id="same host"),
        pytest.param(MOUNTED, "https://w3id.org/lod-repository/Record", "/repo/vocab/Record", id="local term"),
        pytest.param(MOUNTED, "https://w3id.org/lod-repository/", "/repo/vocab", id="vocabulary"),
        pytest.param(ROOT, "mailto:a@example.org", "mailto:a@example.org", id="mail"),
        pytest.param(ROOT, "javascript:alert(1)", None, id="script"),
        pytest.param(ROOT, "JaVaScRiPt:alert(1)", None, id="script in mixed case"),
        pytest.param(ROOT, "data:text/html,x", None, id="data"),
        pytest.param(ROOT, "urn:isbn:1", None, id="URN"),
        pytest.param(ROOT, "https://example.org/\nx", None, id="line break"),
    ],
)
def test_only_what_a_browser_may_follow_becomes_a_link(addresses, iri, link):
    assert addresses.link(iri) == link


@pytest.mark.parametrize("key", ["item/1/2", "vocab", "vocab/Record", "person/rp1", "concept/mesh/a%2C_b"])
def test_a_key_names_one_iri_and_the_iri_gives_it_back(key):
    assert MOUNTED.key(MOUNTED.thing(key)) == key


def test_an_iri_of_somebody_else_has_no_key():
    assert MOUNTED.key("https://example.com/id/item/1") is None


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        pytest.param({"REQUEST_URI": "/id/a%2Cb?x=1"}, "/id/a%2Cb", id="waitress"),
        pytest.param({"RAW_URI": "/id/a%2Cb"}, "/id/a%2Cb", id="gunicorn"),
        pytest.param({"REQUEST_URI": "http://example.org/id/a%2Cb?x"}, "/id/a%2Cb", id="absolute form"),
        pytest.param({"REQUEST_URI": "/%69d/%7Ea%2E%5F%2fb"}, "/id/~a.%5F%2fb", id="escapes without need"),
        pytest.param({"REQUEST_URI": "/id/é".encode().decode("latin-1")}, "/id/%C3%A9", id="bytes"),
        pytest.param({"REQUEST_URI": "http://[x/id/a%2Cb"}, "/id/a%2Cb", id="absolute form with half an IPv6 address"),
        pytest.param({"REQUEST_URI": "*"}, "/", id="asterisk form"),
        pytest.param({"PATH_INFO": "/id/é b".encode().decode("latin-1")}, "/id/%C3%A9%20b", id="neither"),
    ],
)
def test_the_path_is_taken_with_the_escapes_that_it_needs(environ, path):
    assert requested_path(environ) == path


@pytest.mark.parametrize(
    ("asked", "minted"),
    [
        ("a%2cb", "a%2Cb"),
        ("a,b", "a%2Cb"),
        ("%61", "a"),
        ("é", "%C3%A9"),
        ("1/2%2f3", "1/2%2F3"),
        ("100%", "100%25"),
    ],
)
def test_other_spellings_of_a_key_find_the_minted_one(asked, minted):
    assert list(spellings(asked)) == list(dict.fromkeys((asked, minted)))
