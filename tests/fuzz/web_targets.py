"""What is fuzzed of the web side: requests that a client words, answered by the app of a small site, and what is read before it."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from functools import cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from lxml import etree
from waitress.adjustments import Adjustments
from waitress.parser import ParsingError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lod.errors import BadValueError
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.kept.answer import make_answer, unpacked
from lod.web.server.plain_request import read_plain_request
from lod.web.server.request_parser import RequestParser
from tests.fuzz.target import Target, scratch
from tests.helpers import search_site

FORM = "application/x-www-form-urlencoded"
Answer = tuple[int, dict[str, str], bytes]


@cache
def app():
    """Return the app of the site of the search tests; queries, which have a target of their own, are not evaluated."""
    found = search_site.publish(scratch() / "searched")
    settings = {
        "base_iri": "https://example.org/",
        "kept_answers_disk_mib": 0,
        "oai_pmh": True,
        "contact_email": "library@example.org",
        "change_feed": True,
        "reconciliation": True,
    }
    made = create_app(make_settings(settings, {}), found.site_of_generations)
    made.view_functions["sparql.sparql"] = lambda: ("", 204)
    return made


def answer(
    address: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"", kind: str = ""
) -> Answer:
    """Return status, headers and body of the answer to a request; fail where it is a fault of the program."""
    path, _, query = address.partition("?")
    environ = EnvironBuilder("/", method=method, data=body, content_type=kind or None).get_environ()
    environ |= {
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": address,
        "RAW_URI": address,
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
    parts, status, fields = run_wsgi_app(app(), environ, buffered=True)
    content = b"".join(parts)
    number = int(status.split()[0])
    assert number < 500, content[:500]
    return number, {name.lower(): value for name, value in fields}, content


def ask(data: bytes) -> None:
    """Send a request: its address, lines of headers, an empty line, a body. It is sent twice, as kept answers may come."""
    head, _, body = data.decode("latin-1").partition("\n\n")
    address, *lines = head.split("\n")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(": ")
        if colon and name.isascii() and name.replace("-", "").isalnum() and value.isprintable():
            headers[name] = value
    kind = headers.pop("Content-Type", FORM if body else "")
    method = "POST" if kind else "GET"
    first = answer(f"/{address}", method, headers, body.encode("latin-1"), kind)
    second = answer(f"/{address}", method, headers, body.encode("latin-1"), kind)
    assert first[0] == second[0]
    assert first[1].get("etag") == second[1].get("etag")


def search(data: bytes) -> None:
    """Search for the first line; the others are other arguments, as addresses have them."""
    text, _, rest = data.partition(b"\n")
    query = "&".join((f"q={quote_from_bytes(text)}", *map(quote_argument, rest.split(b"\n"))))
    for address in ("/search?format=json&", "/search?", "/suggest?format=json&"):
        status, headers, body = answer(address + query)
        if status == 200 and "json" in headers["content-type"]:
            json.loads(body)


def quote_argument(argument: bytes) -> str:
    """Return an argument of an address with all escaped but its first "="."""
    name, _, value = argument.partition(b"=")
    return f"{quote_from_bytes(name)}={quote_from_bytes(value)}"


def harvest(data: bytes) -> None:
    """Send lines as arguments to the provider of OAI-PMH, or a list as a resumption token; the answer is XML.

    LIVE in such a list stands for the name of the live generation.
    """
    if data.startswith(b"["):
        data = data.replace(b"LIVE", app().extensions["lod"].site.live().name.encode())
        with suppress(ValueError):
            json.loads(data)
            token = base64.urlsafe_b64encode(data).decode().rstrip("=")
            _is_xml(answer(f"/oai?verb=ListRecords&resumptionToken={token}"))
    query = "&".join(map(quote_argument, data.split(b"\n")))
    _is_xml(answer(f"/oai?{query}"))
    _is_xml(answer("/oai", "POST", None, query.encode(), FORM))


def _is_xml(found: Answer) -> None:
    status, _, body = found
    if status == 200:
        etree.fromstring(body)


def reconcile(data: bytes) -> None:
    """Send bytes as a batch of queries, as one, as a data extension, and as a prefix of suggestions; answers are JSON."""
    for name in ("queries", "query", "extend"):
        _is_json(answer("/reconcile", "POST", None, f"{name}={quote_from_bytes(data)}".encode(), FORM))
    text = quote_from_bytes(data)
    for address in (
        "suggest/entity?prefix=",
        "suggest/entity?prefix=a&cursor=",
        "properties?limit=3&type=",
        "view?id=",
    ):
        _is_json(answer(f"/reconcile/{address}{text}"))


def _is_json(found: Answer) -> None:
    status, _, body = found
    if status == 200:
        json.loads(body)


def read_plain(data: bytes) -> None:
    """Read bytes as a plain request: the parser of the server reads it alike, or it is none."""
    environ = read_plain_request(data)
    if environ is None:
        return
    parser = RequestParser(Adjustments())
    try:
        taken = parser.received(data)
    except ParsingError as error:
        raise AssertionError(f"the parser refuses it: {error}") from error
    assert parser.error is None, parser.error
    assert taken == len(data)
    assert parser.completed
    assert not parser.connection_close
    assert parser.command == environ["REQUEST_METHOD"]
    assert parser.request_uri == environ["REQUEST_URI"]
    assert parser.query == environ["QUERY_STRING"]
    read = {f"HTTP_{name}": value for name, value in parser.headers.items()}
    assert read == {name: value for name, value in environ.items() if name.startswith("HTTP_")}


def read_kept(data: bytes) -> None:
    """Read bytes as the file of a kept answer; what comes out can be sent, and is written as it was read."""
    with suppress(BadValueError):
        found = unpacked(data)
        assert unpacked(found.packed()) == found
        found.reply({"REQUEST_METHOD": "GET", "HTTP_IF_NONE_MATCH": '"a"', "HTTP_IF_MODIFIED_SINCE": "x"})


def request_seeds() -> list[bytes]:
    """Return requests for each kind of page."""
    item, other = "item/10722/1", "item/10722/2"
    addresses = [
        "",
        f"id/{item}\nAccept: text/turtle",
        f"id/{item}\nAccept: text/html\nAccept-Datetime: Mon, 30 Nov 2026 00:00:00 GMT",
        f"page/{item}\nAccept-Encoding: gzip, br",
        f'data/{item}.ttl\nIf-None-Match: "x"',
        f"data/{other}.jsonld?_profile=schema\nAccept-Profile: <https://schema.org/>",
        f"data/{item}?format=bib",
        f"data/{item}.txt?style=apa&locale=de",
        f"data/{item}.csl.json",
        f"linkset/json/{item}",
        f"timemap/id/{item}",
        f"memento/x/page/{item}",
        "page/item/10722%2F1?page=2",
        "items?page=1&format=csv",
        "browse/",
        "browse/people?start=L&page=1",
        "search?q=heat&type=article&format=ris",
        "search/facet/subject?q=heat&find=e",
        "opensearch.xml",
        "fragments?s=&p=&o=%22energy%22%40en&page=1\nAccept: application/trig",
        "fragments?subject=https%3A%2F%2Fexample.org%2Fid%2Fitem%2F10722%2F1",
        "dumps/latest/nt.gz\nRange: bytes=0-99",
        "changes",
        "changes.atom",
        "changes/1/page/1",
        "sitemap-1.xml",
        "quality/records?rule=C01&severity=warning&page=1",
        "quality/rule/C01?page=1",
        "quality/types",
        "api/lookup?id=10.5555%2FABC.1",
        "api/items?q=heat&facets=type&facets=year&page=1&size=10",
        "api/people?q=Lu&page=1\nAccept: application/json",
        "api/items/10722/1",
        "questions/",
        "questions/citation?item=Heat",
        "model",
        "beacon/orcid.txt",
        "croissant.json",
        "vocab/field/dc.title",
        ".well-known/void",
        ".well-known/genid/x",
        "oai?verb=Identify",
        "reconcile?callback=a.b",
        "reconcile/preview?id=10722/1",
        "reconcile\nContent-Type: application/x-www-form-urlencoded\n\nqueries=%7B%22a%22%3A%7B%22query%22%3A%22heat%22%7D%7D",
    ]
    return [address.encode() for address in addresses]


def search_seeds() -> list[bytes]:
    """Return queries and other arguments."""
    return [
        b'heat -"energy and" title:elan* author:"Lu, L" OR lupus\nsort=newest\nsize=10\npage=1',
        "香港大學 doi:10.5555/abc.2 year:2008..2010\ntype=article\nfrom=2008\nto=2011".encode(),
        b"issn:0003-4967 type:thesis AND in:annals\nsubject=energy\nlanguage=en",
        b"hea*\nformat=bib",
        b'NEAR(a b, 5) ^x {title}: "\n',
    ]


def harvest_seeds() -> list[bytes]:
    """Return requests of harvesters, and resumption tokens taken apart."""
    return [
        b"verb=Identify",
        b"verb=ListRecords\nmetadataPrefix=oai_dc\nfrom=2026-01-01\nuntil=2030-12-31\nset=x:y",
        b"verb=GetRecord\nmetadataPrefix=mods\nidentifier=https://example.org/id/item/10722/1",
        b"verb=ListIdentifiers\nmetadataPrefix=oai_openaire\nfrom=2026-01-01T00:00:00Z",
        b"verb=ListMetadataFormats\nidentifier=https://example.org/id/item/10722/1",
        b"verb=ListSets\nresumptionToken=x",
        b'["ListRecords", "oai_dc", "", "", "", "LIVE", "2026-11-30T00:00:00Z", false, 0, 2, 2, 6]',
    ]


def reconcile_seeds() -> list[bytes]:
    """Return batches, queries and data extensions."""
    query = {"query": "heat pumps", "type": ["item"], "type_strict": "any", "limit": 3}
    stated = {"query": "Lu", "properties": [{"pid": "year", "v": "2010"}, {"pid": "title", "v": {"id": "a"}}]}
    extension = {"ids": ["10722/1", "x"], "properties": [{"id": "title", "settings": {"limit": "1"}}]}
    return [json.dumps(part).encode() for part in ({"q0": query, "q1": stated}, query, extension, "heat", [])]


def plain_seeds() -> list[bytes]:
    """Return requests as clients send them."""
    lines = [
        ["GET /id/item/10722/1?a=b%20c HTTP/1.1", "Host: example.org:80", "Accept: text/turtle;q=0.5, */*"],
        ["HEAD / HTTP/1.1", "Host: [::1]:8000", "Connection: keep-alive", 'If-None-Match: "a", W/"b"', "X: \t a "],
        ["GET http://a/ HTTP/1.1", "Host: a"],
        ["GET / HTTP/1.0", "Content-Length: 0"],
    ]
    return ["\r\n".join([*part, "", ""]).encode() for part in lines]


def kept_seeds() -> list[bytes]:
    """Return files of kept answers."""
    headers = [("ETag", '"abc"'), ("Last-Modified", "Mon, 30 Nov 2026 00:00:00 GMT"), ("Content-Length", "4")]
    return [
        make_answer("200 OK", headers, b"text", "/id/<path>").packed(),
        make_answer("303 SEE OTHER", [("Location", "https://example.org/page/1")], b"", "/id/<path>").packed(),
    ]


WEB_TARGETS = {
    "request": Target(ask, request_seeds),
    "search-request": Target(search, search_seeds),
    "oai-request": Target(harvest, harvest_seeds),
    "reconcile-request": Target(reconcile, reconcile_seeds),
    "plain-request": Target(read_plain, plain_seeds),
    "kept-answer": Target(read_kept, kept_seeds),
}
