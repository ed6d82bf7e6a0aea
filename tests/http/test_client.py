"""The HTTP client: what it sends to whom, what it tries again, how much it takes, and what its messages give away."""

from __future__ import annotations

import gzip
import logging
import zlib
from urllib.parse import quote, unquote

import pytest

from lod.errors import ConfigError, SourceError
from lod.http import client as client_module
from lod.http.addresses import is_web_address, shown
from lod.http.client import Client, Limits, Request, form_request
from lod.http.credentials import Credentials, from_environment
from lod.http.errors import DamagedResponseError, HttpError
from lod.http.private_hosts import is_private
from lod.http.retry import DAMAGED_TRIES, Retry

WHO = Credentials("ada", "hush-hush", at_once=True)


def read(client, url, **parts):
    with client.stream(Request(url, {}, **parts)) as response:
        return b"".join(response.chunks)


def redirect(status, location):
    return lambda handler, number: handler.answer(status, b"", Location=location)


# ------------------------------------------------------------------ retries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(serve, client_of, status):
    server = serve(lambda handler, number: handler.answer(status if number < 3 else 200))
    assert read(client_of(tries=3), server.url) == b"whole"
    assert len(server.seen) == 3


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (400, 1), (401, 1), (501, 1), (503, 2)])
def test_a_refusal_has_status_and_words(serve, client_of, failure, status, tries):
    server = serve(lambda handler, number: handler.answer(status, b"no,\n  sorry" + b"." * 1000))
    with pytest.raises(failure) as raised:
        read(client_of(tries=2), server.url)
    assert (len(server.seen), raised.value.fault.status) == (tries, status)
    assert raised.value.fault.body.startswith("no, sorry...")
    assert len(raised.value.fault.body) <= 300
    assert str(raised.value).startswith(f"{server.url}: answered {status} ")


def test_what_must_be_sent_once_is_sent_once(serve, client_of, failure):
    server = serve(lambda handler, number: handler.answer(503))
    with pytest.raises(failure):
        read(client_of(tries=5), server.url, body=b"x", once=True)
    assert len(server.seen) == 1


def test_a_body_that_has_begun_is_not_asked_for_again(serve, client_of, failure):
    def broken(handler, number):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x" * 10)
        handler.close_connection = True

    server = serve(broken)
    with pytest.raises(failure, match=r"the connection breaks off after 10 of 1,000 bytes$"):
        read(client_of(tries=5), server.url)
    assert len(server.seen) == 1


@pytest.mark.parametrize(("asked", "tries"), [("0", 3), ("1", 1), ("Fri, 01 Jan 2100 00:00:00 GMT", 1)])
def test_a_wait_that_is_too_long_ends_the_tries(serve, client_of, failure, asked, tries):
    server = serve(lambda handler, number: handler.answer(503, Retry_After=asked))
    with pytest.raises(failure) as raised:
        read(client_of(tries=3), server.url)
    assert len(server.seen) == tries
    assert Retry(longest_wait_s=0).is_too_long(raised.value.fault) == (tries == 1)


def test_waits_double_up_to_a_minute_and_damaged_responses_are_fetched_twice():
    retry = Retry(tries=12)
    waits = [retry.wait_s(HttpError("busy", may_pass=True), tries, 0) for tries in range(1, 13)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, None]
    assert retry.wait_s(DamagedResponseError("cut"), 1, DAMAGED_TRIES - 1) == 1
    assert retry.wait_s(DamagedResponseError("cut"), 2, DAMAGED_TRIES) is None
    assert retry.wait_s(HttpError("never"), 1, 0) is None


def test_a_file_that_is_damaged_twice_is_not_there(serve, client_of, failure, tmp_path):
    server = serve(lambda handler, number: handler.answer())

    def check(path):
        raise DamagedResponseError("no good")

    with pytest.raises(failure, match="no good; tried 2 times"):
        client_of(tries=5).fetch(server.url, tmp_path / "x", check)
    assert len(server.seen) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_check_itself_is_raised_as_it_is(serve, client_of, tmp_path):
    def check(path):
        raise SourceError("entities")

    server = serve(lambda handler, number: handler.answer())
    with pytest.raises(SourceError, match=r"^entities$"):
        client_of(tries=5).fetch(server.url, tmp_path / "x", check)
    assert len(server.seen) == 1


# ------------------------------------------------------------------ how much


@pytest.mark.parametrize("size", [1_000, 1_001])
def test_a_body_is_as_long_as_allowed_and_no_longer(serve, client_of, failure, size):
    server = serve(lambda handler, number: handler.answer(body=b"x" * size))
    client = client_of(response_bytes=1_000)
    if size == 1_000:
        assert len(read(client, server.url)) == 1_000
        return
    with pytest.raises(failure, match="an answer is longer than 1000 bytes") as raised:
        read(client, server.url)
    assert raised.value.fault.limit == "response_bytes"


def test_a_request_may_have_a_lower_limit(serve, client_of, failure):
    server = serve(lambda handler, number: handler.answer(body=b"x" * 20))
    with pytest.raises(failure, match="longer than 10 bytes"):
        read(client_of(), server.url, most_bytes=10)


def bomb():
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * (1 << 20)) for _ in range(64)) + packer.flush()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(bomb(), id="64 MiB of blanks"),
        pytest.param(gzip.compress(bomb()), id="packed twice"),
        pytest.param(gzip.compress(b"") * 10_000, id="packed bytes that hold nothing"),
    ],
)
def test_packed_bodies_are_bounded_before_and_after_unpacking(serve, client_of, failure, body):
    server = serve(lambda handler, number: handler.answer(body=body, Content_Encoding="gzip"))
    with pytest.raises(failure, match="longer than 100000 bytes"):
        read(client_of(response_bytes=100_000), server.url)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("GZIP", gzip.compress),
        pytest.param("gzip", lambda body: gzip.compress(body[:2]) + gzip.compress(body[2:]), id="two members"),
        pytest.param("", lambda body: gzip.compress(body) + gzip.compress(b""), id="a file of two members"),
        pytest.param("gzip", lambda body: gzip.compress(body) + b"\0" * 512, id="filled with zeros"),
    ],
)
def test_packed_bodies_are_unpacked(serve, client_of, encoding, packed):
    server = serve(lambda handler, number: handler.answer(body=packed(b"whole"), Content_Encoding=encoding))
    assert read(client_of(), server.url) == b"whole"
    assert server.seen[0][2]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("rest", [gzip.compress(b"x" * 999)[:20], b"not gzip"], ids=["cut off", "something else"])
def test_what_follows_a_packed_body_is_damage(serve, client_of, failure, rest):
    server = serve(lambda handler, number: handler.answer(body=gzip.compress(b"whole") + rest, Content_Encoding="gzip"))
    with pytest.raises(failure, match=r"damaged gzip|breaks off"):
        read(client_of(), server.url)


# ------------------------------------------------------------------ to whom


def test_credentials_are_lost_at_another_origin_and_found_again_at_their_own(serve, client_of):
    home = serve(lambda handler, number: handler.answer() if handler.path == "/end" else go(handler))
    away = serve(lambda handler, number: handler.answer(302, b"", Location=f"{home.url}end"))

    def go(handler):
        handler.answer(301, b"", Location=f"{away.url}x?y=1")

    client = client_of(credentials=WHO, redirects=5)
    assert read(client, home.url) == b"whole"
    assert ["Authorization" in headers for _, _, headers in home.seen] == [True, True]
    assert ["Authorization" in headers for _, _, headers in away.seen] == [False]
    assert client.moved == (home.url, f"{away.url}x?y=1", True)


@pytest.mark.parametrize("challenge", ['Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"'])
def test_the_body_of_a_challenge_is_not_read(serve, client_of, challenge):
    def closed(handler, number):
        if handler.headers.get("Authorization"):
            return handler.answer()
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", challenge)
        handler.end_headers()
        for _ in range(64):
            handler.wfile.write(b"x" * (1 << 20))
        handler.close_connection = True
        return None

    server = serve(closed)
    client = client_of(credentials=Credentials("ada", "hush-hush"), read_s=30)
    assert read(client, server.url, body=b"x") == b"whole"
    assert server.hung_up.wait(5)
    assert read(client, server.url, body=b"x") == b"whole"


@pytest.mark.parametrize(
    "location", ["ftp://example.org/x", "file:///etc/passwd", "http://[", "https://example.org:99999/"]
)
def test_what_is_no_address_of_the_web_is_not_followed(serve, client_of, failure, location):
    server = serve(redirect(302, location))
    with pytest.raises(failure, match="which is no address of the web; it is not followed"):
        read(client_of(redirects=5), server.url)
    assert len(server.seen) == 1


@pytest.mark.parametrize("host", ["a..b", "a" * 300, "h\x01"])
def test_a_host_that_cannot_be_is_told(serve, client_of, failure, host):
    with pytest.raises(failure, match="no connection: "):
        read(client_of(redirects=5), serve(redirect(302, f"http://{host}/")).url)


PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),  # noqa: S104
    *("[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[ff02::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]"),
    *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "LOCALHOST"),
]


def test_a_redirect_from_a_public_host_to_a_private_one_is_not_followed(serve, client_of, failure, monkeypatch):
    server = serve(lambda handler, number: handler.answer(302, b"", Location=f"http://{unquote(handler.path[1:])}/"))
    for host in PRIVATE:
        home = "localhost" if host == "127.0.0.1" else "127.0.0.1"
        monkeypatch.setattr(client_module, "is_private", lambda name, home=home: name != home and is_private(name))
        with pytest.raises(failure) as raised:
            read(client_of(redirects=5), server.url.replace("127.0.0.1", home) + quote(host, safe=""))
        assert "a private address: a server on the internet may not send us into our own network" in str(raised.value)
    assert len(server.seen) == len(PRIVATE)


def test_a_name_that_leads_to_a_private_host_only_when_it_is_connected_to_is_not_followed(
    serve, client_of, failure, monkeypatch
):
    monkeypatch.setattr(client_module, "is_private", lambda name: False)
    reached = serve(lambda handler, number: handler.answer())
    home = serve(redirect(302, reached.url.replace("127.0.0.1", "localhost")))
    with pytest.raises(failure, match=r"redirects to localhost, a private address: .*Name the address where it ends"):
        read(client_of(redirects=5, tries=1), home.url)
    assert reached.seen == []


def test_a_private_source_may_redirect_to_private_hosts(serve, client_of):
    away = serve(lambda handler, number: handler.answer())
    home = serve(redirect(302, away.url.replace("127.0.0.1", "localhost")))
    assert read(client_of(redirects=5), home.url) == b"whole"


def test_a_public_source_may_redirect_to_itself_and_to_public_hosts():
    assert client_module._guard("http://127.0.0.9/", "https://127.0.0.9/x") is None
    assert not is_private("1.1.1.1")
    assert not is_private("[2606:4700::1111]")
    assert not is_private("no-such-name.invalid")


def test_a_redirect_through_a_proxy_is_for_the_proxy_to_judge(serve, client_of, monkeypatch):
    monkeypatch.setattr(client_module, "is_private", lambda name: False)
    proxy = serve(lambda h, n: h.answer(302, b"", Location="http://b.example/") if n == 1 else h.answer())
    monkeypatch.setenv("http_proxy", proxy.url)
    assert read(client_of(redirects=5), "http://a.example/") == b"whole"
    assert [path for _, path, _ in proxy.seen] == ["http://a.example/", "http://b.example/"]


def test_a_redirect_from_https_to_http_is_not_followed():
    from lod.http.client import _target

    with pytest.raises(HttpError, match=r"redirects from https to http://example.org/x, where anybody on the way"):
        _target("https://example.org/", "http://example.org/x")
    assert _target("https://example.org/a/b", "../c") == "https://example.org/c"


def test_a_request_with_a_body_is_not_redirected_and_says_where_it_would_go(serve, client_of, failure):
    server = serve(redirect(302, "http://user:hush-hush@127.0.0.1:1/"))
    with pytest.raises(failure, match="answered 302 Found") as raised:
        read(client_of(), server.url, body=b"x")
    assert raised.value.fault.body == "it redirects to http://127.0.0.1:1/"
    assert len(server.seen) == 1


def test_credentials_in_an_address_are_neither_sent_nor_shown(serve, client_of, failure):
    server = serve(lambda handler, number: handler.answer(404))
    with pytest.raises(failure) as raised:
        read(client_of(), server.url.replace("//", "//ada:hush-hush@"))
    assert "hush" not in str(raised.value)
    assert "Authorization" not in server.seen[0][2]


def test_cookies_are_not_kept(serve, client_of):
    server = serve(lambda handler, number: handler.answer(Set_Cookie="session=1; Path=/"))
    client = client_of()
    read(client, server.url)
    read(client, server.url)
    assert not any("Cookie" in headers for _, _, headers in server.seen)


def test_nothing_of_a_request_is_logged(serve, client_of, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(lambda handler, number: handler.answer(X_Secret="hush-hush"))
    read(client_of(credentials=WHO), f"{server.url}?token=hush-hush")
    assert "hush" not in caplog.text


def test_the_user_agent_names_the_program(serve, client_of):
    server = serve(lambda handler, number: handler.answer())
    read(client_of(), server.url)
    assert server.seen[0][2]["User-Agent"].startswith("lod/")


def test_a_proxy_of_the_environment_is_used_unless_excepted(serve, client_of, monkeypatch):
    proxy = serve(lambda handler, number: handler.answer(body=b"by proxy"))
    server = serve(lambda handler, number: handler.answer())
    monkeypatch.setenv("http_proxy", proxy.url)
    assert read(client_of(), "http://repository.example.org/x") == b"by proxy"
    assert proxy.seen[0][1] == "http://repository.example.org/x"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert read(client_of(), server.url) == b"whole"


def test_a_proxy_that_cannot_be_used_is_told(failure, monkeypatch):
    monkeypatch.setenv("http_proxy", "gopher://127.0.0.1:1/")
    with pytest.raises(
        failure, match="https_proxy, http_proxy, all_proxy: no such proxy: Unknown scheme for proxy URL"
    ):
        Client(failure, Limits(read_s=1), Retry(), Credentials())


# ------------------------------------------------------------------ parts


def test_connections_are_used_again_where_there_is_no_deadline(serve, client_of):
    ports = []
    server = serve(lambda handler, number: (ports.append(handler.client_address[1]), handler.answer()))
    for limits in ({}, {"response_s": 60}):
        client = client_of(**limits)
        for _ in range(3):
            read(client, server.url)
    assert len(set(ports[:3])) == 1
    assert len(set(ports[3:])) == 3


def test_a_form_is_posted(serve, client_of):
    bodies = []
    server = serve(lambda handler, number: (bodies.append(handler.body), handler.answer()))
    with client_of().stream(form_request(server.url, {"query": "ASK {}", "graph": ["a", "b"]}, "text/x")) as response:
        assert response.status == 200
    assert bodies == [b"query=ASK+%7B%7D&graph=a&graph=b"]
    assert server.seen[0][2]["Accept"] == "text/x"


@pytest.mark.parametrize(
    ("environment", "credentials"),
    [
        ({}, Credentials()),
        ({"X_TOKEN": "t"}, Credentials(token="t")),
        ({"X_USER": "u", "X_PASSWORD": "p", "Y_TOKEN": "t"}, Credentials("u", "p")),
    ],
)
def test_credentials_come_from_the_environment(environment, credentials):
    found = from_environment(environment, "X")
    assert found == credentials
    assert bool(found) == bool(environment)
    assert "'p'" not in repr(found)
    assert "'t'" not in repr(found)


@pytest.mark.parametrize(("given", "unset"), [("X_USER", "X_PASSWORD"), ("X_PASSWORD", "X_USER")])
def test_half_of_the_credentials_is_a_fault_and_no_empty_text(given, unset):
    with pytest.raises(ConfigError, match=f"^{unset} is not set, but {given} is; set both, or neither$"):
        from_environment({given: "hush"}, "X")
    assert from_environment({given: "u", unset: ""}, "X") is not None


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://example.org/x", True),
        ("http://[::1]:8080", True),
        ("ftp://example.org", False),
        ("http://", False),
        ("http://h:x/", False),
        ("example.org", False),
    ],
)
def test_addresses_of_the_web_are_told_from_others(url, is_one):
    assert is_web_address(url) == is_one


def test_long_addresses_are_cut_in_the_middle():
    assert len(shown(f"http://ada:secret@example.org/?resumptionToken={'x' * 500}&end")) == 160
    assert shown("http://a:b@h/p?q=a@b") == "http://h/p?q=a@b"
    assert shown("http://h/p?q=http://a@b") == "http://h/p?q=http://a@b"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://h/x?access_token=abc&set=1", "https://h/x?access_token=…&set=1"),
        ("https://h/x?a=1;api_key=abc#end", "https://h/x?a=1;api_key=…#end"),
        ("https://h/x?X-Amz-Signature=abc&X-Amz-Credential=d", "https://h/x?X-Amz-Signature=…&X-Amz-Credential=…"),
        ("https://h/x?PASSWORD=a%20b", "https://h/x?PASSWORD=…"),
        ("https://h/oai?verb=ListRecords&resumptionToken=abc", "https://h/oai?verb=ListRecords&resumptionToken=abc"),
        ("https://h/#access_token=abc", "https://h/#access_token=…"),
    ],
)
def test_parameters_that_are_secrets_are_masked(url, masked):
    assert shown(url) == masked
