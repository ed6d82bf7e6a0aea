"""What every response carries for caches: Cache-Control, a tag of its own for each coding, conditions on dates."""

import collections
import gzip
import http.client
import urllib.parse
import zlib
from urllib.parse import urlsplit

import brotli
import pytest
import zstandard

from lod.web.http.codings import STREAM_CODINGS, encoded_stream

DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}
ALL = urllib.parse.urlencode({"query": "SELECT * { ?s ?p ?o . ?a ?b ?o } LIMIT 5000", "format": "json"})
FEW = urllib.parse.urlencode({"query": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 40", "format": "csv"})
ENCODED = [
    pytest.param(f"sparql?{ALL}", id="SPARQL, stream"),
    pytest.param(f"sparql?{FEW}", id="SPARQL, whole"),
    pytest.param(".well-known/void", id="VoID"),
    pytest.param("fragments?format=ttl", id="fragments"),
    pytest.param("fragments?format=html", id="fragments, page"),
    pytest.param("sitemap-1.xml", id="sitemap"),
    pytest.param("dumps/?format=json", id="list of dumps"),
    pytest.param("context.jsonld", id="context"),
    pytest.param("data/dataset.ttl", id="document"),
    pytest.param("", id="start page"),
]


def get(address, path, method="GET", **headers):
    """Return status, headers and body of a request, as sent."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/repo/{path}", headers=sent)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ENCODED)
@pytest.mark.parametrize("coding", DECODERS)
def test_what_is_long_is_encoded_with_a_strong_tag_of_its_own(address, path, coding):
    _, plain, body = get(address, path)
    status, headers, encoded = get(address, path, Accept_Encoding=coding)
    assert (status, headers["Content-Encoding"]) == (200, coding)
    assert len(encoded) < len(body)
    assert DECODERS[coding](encoded) == body
    tag = plain["ETag"]
    assert tag[0] == '"'
    assert headers["ETag"] == f'{tag[:-1]}-{coding}"'
    assert "Accept-Encoding" in headers["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert get(address, path, Accept_Encoding=coding)[2] == encoded
    status, kept, none = get(address, path, Accept_Encoding=coding, If_None_Match=headers["ETag"])
    assert (status, none, kept["ETag"]) == (304, b"", headers["ETag"])
    # A client that does not accept the coding cannot use what it has.
    assert get(address, path, If_None_Match=headers["ETag"])[0] == 200


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        pytest.param("", 200, "no-cache", id="start page"),
        pytest.param("items", 200, "no-cache", id="items"),
        pytest.param("id/item/999/7", 303, "no-cache", id="redirect"),
        pytest.param("data/item/999/7.ttl", 200, "no-cache", id="document"),
        pytest.param("sparql", 200, "no-cache", id="description of the endpoint"),
        pytest.param("sparql?query=ASK{}", 200, "no-cache", id="result"),
        pytest.param("sparql?query=X", 400, "no-cache", id="wrong query"),
        pytest.param("fragments", 200, "no-cache", id="fragment"),
        pytest.param("sitemap.xml", 200, "public, max-age=3600", id="sitemap"),
        pytest.param("robots.txt", 200, "no-cache", id="robots"),
        pytest.param("static/style.css", 200, "public, max-age=3600", id="style"),
        pytest.param("id/item/999/gone", 410, "no-cache", id="removed"),
        pytest.param("id/item/999/none", 404, "max-age=60, must-revalidate", id="not known"),
        pytest.param("nowhere", 404, "max-age=60, must-revalidate", id="no address"),
        pytest.param("data/item/999/7?format=png", 406, "no-cache", id="not acceptable"),
        pytest.param("healthz", 200, "no-store", id="health"),
    ],
)
def test_every_response_says_how_long_it_may_be_kept(address, path, status, expected):
    found, headers, _ = get(address, path)
    assert (found, headers.get_all("Cache-Control")) == (status, [expected])


BEFORE, AFTER = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize("path", ["data/item/999/7.ttl", "page/item/999/7", "", "static/style.css"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_has_changed_since_a_date_is_not_sent(address, path, method):
    status, headers, body = get(address, path, method, If_Unmodified_Since=BEFORE)
    assert (status, headers["Cache-Control"]) == (412, "no-cache")
    if method == "GET":
        assert body == b"What is here has changed since the date in If-Unmodified-Since.\n"
    assert get(address, path, method, If_Unmodified_Since=AFTER)[0] == 200
    assert get(address, path, method, If_Unmodified_Since="yesterday")[0] == 200
    tag = get(address, path)[1]["ETag"]
    # Tags are more exact (RFC 9110, section 13.2.2): If-Match stands in place of the date, If-None-Match comes after it.
    assert get(address, path, method, If_Unmodified_Since=BEFORE, If_Match=tag)[0] == 200
    assert get(address, path, method, If_Unmodified_Since=BEFORE, If_None_Match=tag)[0] == 412


def test_a_result_has_no_date_to_compare(address):
    assert get(address, f"sparql?{FEW}", If_Unmodified_Since=BEFORE)[0] == 200


@pytest.mark.parametrize("coding", STREAM_CODINGS)
def test_a_stream_that_breaks_off_gives_out_what_it_had_and_has_no_end(coding):
    def parts():
        yield b"row\n" * 50_000
        yield b"*** broken off ***\n"
        raise OSError("the store is gone")

    found = bytearray()
    stream = encoded_stream(parts(), coding)
    with pytest.raises(OSError, match="the store is gone"):
        collections.deque(map(found.extend, stream), maxlen=0)
    decode = {
        "gzip": zlib.decompressobj(zlib.MAX_WBITS | 16).decompress,
        "br": brotli.Decompressor().process,
        "zstd": zstandard.ZstdDecompressor().decompressobj().decompress,
    }[coding]
    decoded = decode(bytes(found))
    while more := decode(b"") if coding == "br" else b"":
        decoded += more
    assert decoded == b"row\n" * 50_000 + b"*** broken off ***\n"
    if coding != "zstd":  # its reader of whole bodies takes one without an end for an empty one
        with pytest.raises((EOFError, brotli.error)):
            DECODERS[coding](bytes(found))


@pytest.mark.parametrize("coding", STREAM_CODINGS)
def test_a_stream_gives_the_same_bytes_however_it_comes(coding):
    body = b"".join(b"%d\n" % number for number in range(60_000))
    ways = [[body], [body[at : at + 999] for at in range(0, len(body), 999)]]
    first, second = (b"".join(encoded_stream(way, coding)) for way in ways)
    assert first == second
    assert DECODERS[coding](first) == body
