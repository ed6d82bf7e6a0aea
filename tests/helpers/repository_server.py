"""A small repository over real HTTP: an OAI-PMH provider and DSpace's REST API, with faults that can be switched on.

Run as a program it serves on the port of its first argument, with as many records as the second says.
"""

from __future__ import annotations

import gzip
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit
from xml.sax.saxutils import escape

from tests.helpers.waiting import ended

START = datetime(2026, 1, 1, tzinfo=UTC)
"""The provider's clock begins here; `tick` moves it on."""

FORMATS = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "qdc": "http://dspace.org/qualifieddc/",
    "xoai": "http://www.lyncode.com/xoai",
}
DATACITE = {"oai_datacite": "http://schema.datacite.org/oai/oai-1.1/"}
"""The form that repositories of data offer beside oai_dc."""
_OF_TOKEN = 'completeListSize="{size}" cursor="{start}" expirationDate="2026-12-31T00:00:00Z"'
LAST_TOKENS = {
    "long": "<resumptionToken{counted}></resumptionToken>",
    "absent": "",
    "short": "<resumptionToken/>",
    "short, a space": "<resumptionToken />",
    "long, no attributes": "<resumptionToken></resumptionToken>",
    "short, counted": "<resumptionToken{counted}/>",
    "short, cursor": '<resumptionToken cursor="{start}"/>',
    "short, cursor, a space": '<resumptionToken cursor="{start}" />',
    "short, single quotes": "<resumptionToken cursor='{start}'/>",
    "short, all attributes": f"<resumptionToken {_OF_TOKEN}/>",
    "long, all attributes": f"<resumptionToken {_OF_TOKEN}></resumptionToken>",
    "long, a line break in it": f"<resumptionToken {_OF_TOKEN}>\n  </resumptionToken>",
    "short, over lines": '<resumptionToken\n  completeListSize="{size}"\n  cursor="{start}"\n/>',
    "short, nil": '<resumptionToken xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    "short, prefix": '<oai:resumptionToken xmlns:oai="http://www.openarchives.org/OAI/2.0/"{counted}/>',
    "long, prefix": (
        '<oai:resumptionToken xmlns:oai="http://www.openarchives.org/OAI/2.0/"{counted}></oai:resumptionToken>'
    ),
}
"""How providers end a list of several pages."""

NAMES = ("Adams", "Berg", "Čapek", "Dubois", "Evans", "Ferreira", "Gao")
TYPES = ("Report", "Working Paper", "Image", "Dataset")


@dataclass
class Item:
    number: int
    stamp: datetime
    title: str
    sets: tuple[str, ...]
    deleted: bool = False
    handle: bool = True

    @property
    def identifier(self) -> str:
        # As other software than DSpace has it, for some: nothing in it tells the handle.
        return f"oai:repository.example.org:{f'20.500.99/{self.number}' if self.number % 10 else f'id{self.number}'}"

    def fields(self) -> dict[str, list[str]]:
        """Return what the metadata says, by field as DSpace has it."""
        return {
            "dc.title": [self.title],
            "dc.contributor.author": [f"{NAMES[self.number % 7]}, {initial}." for initial in "AB"],
            "dc.date.issued": [str(1990 + self.number % 35)],
            "dc.type": [TYPES[self.number % len(TYPES)]],
            "dc.identifier.uri": [f"http://hdl.handle.net/20.500.99/{self.number}"],
            "dc.subject": [f"Subject {self.number % 53}"],
        }


@dataclass
class Repository:
    """The records, the clock, and what goes wrong.

    `last_token` is how the last page of a list ends. `fault` is asked before each answer with the handler and the number of the request, from 1; true means that it has
    answered itself.
    """

    items: dict[int, Item] = field(default_factory=dict)
    now: datetime = START + timedelta(days=100)
    page_size: int = 100
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    deleted_record: str = "persistent"
    formats: dict[str, str] = field(default_factory=lambda: dict(FORMATS))
    gzip: bool = False
    order: Callable[[Item], Any] = lambda item: (item.stamp, item.number)
    list_size: Callable[[int], int | None] = lambda size: size
    last_token: str = LAST_TOKENS["long"]
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    fault: Callable[[Handler, int], bool] | None = None
    expired: set[str] = field(default_factory=set)
    in_flight: int = 0
    most_in_flight: int = 0

    @classmethod
    def of(cls, size: int, **parts: Any) -> Repository:
        repository = cls(**parts)
        for number in range(1, size + 1):
            # Sorted by number, so by date too; some share a second.
            stamp = START + timedelta(minutes=5 * (number // 3))
            sets = ("col_1",) if number % 2 else ("col_2",)
            repository.items[number] = Item(number, stamp, f"Study number {number} on öffentliche Häuser", sets)
        return repository

    def tick(self, **by: float) -> None:
        self.now += timedelta(**(by or {"hours": 100}))

    def change(self, number: int, title: str) -> None:
        item = self.items.get(number) or Item(number, self.now, title, ("col_1",))
        item.title, item.stamp = title, self.now
        self.items[number] = item

    def delete(self, number: int) -> None:
        if self.deleted_record == "no":
            del self.items[number]
        else:
            self.items[number].deleted, self.items[number].stamp = True, self.now

    def stamp(self, moment: datetime) -> str:
        return f"{moment:%Y-%m-%d}" if self.granularity == "YYYY-MM-DD" else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    repository: Repository
    query: dict[str, str]

    def do_GET(self) -> None:
        repository = self.repository
        self.query = dict(parse_qsl(urlsplit(self.path).query))
        repository.requests.append(self.path)
        repository.headers.append(dict(self.headers.items()))
        repository.in_flight += 1
        repository.most_in_flight = max(repository.in_flight, repository.most_in_flight)
        try:
            if repository.fault and repository.fault(self, len(repository.requests)):
                return
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            repository.in_flight -= 1

    def answer(self) -> None:
        parts, query = urlsplit(self.path), self.query
        if parts.path.startswith("/server/api"):
            body, media_type = rest(self.repository, self.base, parts, query), "application/hal+json"
            self.send(200 if body else 404, json.dumps(body or {}).encode(), media_type)
        elif parts.path == "/oai":
            self.send(200, oai(self.repository, f"{self.base}/oai", query).encode(), "text/xml;charset=UTF-8")
        else:
            self.send(404, b"nothing here", "text/plain")

    @property
    def base(self) -> str:
        host, port = self.server.server_address[:2]
        return f"http://{host!s}:{port}"

    def send(self, status: int, body: bytes, media_type: str = "text/plain", **headers: str) -> None:
        if self.repository.gzip and status == 200:
            body = gzip.compress(body)
            headers["Content_Encoding"] = "gzip"
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def start(self, status: int, media_type: str, length: int | None) -> None:
        """Send the headers only; the body is chunked where its length is not given."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def log_message(self, format: str, *arguments: object) -> None:
        pass


# ------------------------------------------------------------------ OAI-PMH


def envelope(repository: Repository, base: str, query: dict[str, str], inner: str) -> str:
    attributes = "".join(f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in query.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        f"<responseDate>{repository.now:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n<request{attributes}>{base}</request>\n"
        f"{inner}\n</OAI-PMH>"
    )


def oai(repository: Repository, base: str, query: dict[str, str]) -> str:
    answers = {"Identify": _identify, "ListMetadataFormats": _formats, "ListRecords": _records, "GetRecord": _record}
    answer = answers.get(query.get("verb", ""))
    inner = answer(repository, base, query) if answer else error("badVerb", "no such verb")
    return envelope(repository, base, query, inner)


def error(code: str, text: str) -> str:
    return f'<error code="{code}">{escape(text)}</error>'


def _identify(repository: Repository, base: str, query: dict[str, str]) -> str:
    earliest = min((item.stamp for item in repository.items.values()), default=START)
    return (
        f"<Identify><repositoryName>A repository for tests</repositoryName><baseURL>{base}</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>nobody@example.org</adminEmail>"
        f"<earliestDatestamp>{repository.stamp(earliest)}</earliestDatestamp>"
        f"<deletedRecord>{repository.deleted_record}</deletedRecord><granularity>{repository.granularity}</granularity></Identify>"
    )


def _formats(repository: Repository, base: str, query: dict[str, str]) -> str:
    rows = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{space}x.xsd</schema>"
        f"<metadataNamespace>{space}</metadataNamespace></metadataFormat>"
        for prefix, space in repository.formats.items()
    )
    return f"<ListMetadataFormats>{rows}</ListMetadataFormats>"


def _records(repository: Repository, base: str, query: dict[str, str]) -> str:
    token = query.get("resumptionToken")
    if token is not None:
        if token in repository.expired or token.count("/") != 4 or len(query) != 2:
            return error("badResumptionToken", "the token has expired")
        prefix, set_, from_, until, offset = token.split("/")
    else:
        prefix, set_ = query.get("metadataPrefix", ""), query.get("set", "")
        from_, until, offset = query.get("from", ""), query.get("until", ""), "0"
    if prefix not in repository.formats:
        return error("cannotDisseminateFormat", "no such format")
    if from_ and until and (len(from_) != len(until) or from_ > until):
        return error("badArgument", "from and until do not fit")
    if from_ and len(from_) > len(repository.stamp(repository.now)):
        return error("badArgument", "the granularity is not supported")
    found = [
        item
        for item in sorted(repository.items.values(), key=repository.order)
        if (not set_ or set_ in item.sets)
        and (not from_ or repository.stamp(item.stamp) >= from_)
        and (not until or repository.stamp(item.stamp) <= until)
        and not (item.deleted and repository.deleted_record == "no")
    ]
    if not found:
        return error("noRecordsMatch", "nothing")
    start = int(offset)
    page = found[start : start + repository.page_size]
    size = repository.list_size(len(found))
    counted = f' completeListSize="{size}" cursor="{start}"' if size is not None else ""
    more = start + repository.page_size < len(found)
    if more:
        following = f"{prefix}/{set_}/{from_}/{until}/{start + repository.page_size}"
        tail = f"<resumptionToken{counted}>{following}</resumptionToken>"
    else:
        tail = repository.last_token.format(counted=counted, start=start, size=size) if start else ""
    return f"<ListRecords>{''.join(record(repository, item, prefix) for item in page)}{tail}</ListRecords>"


def _record(repository: Repository, base: str, query: dict[str, str]) -> str:
    for item in repository.items.values():
        if item.identifier == query.get("identifier"):
            return f"<GetRecord>{record(repository, item, query['metadataPrefix'])}</GetRecord>"
    return error("idDoesNotExist", "no such record")


def record(repository: Repository, item: Item, prefix: str) -> str:
    status = ' status="deleted"' if item.deleted else ""
    sets = "".join(f"<setSpec>{one}</setSpec>" for one in item.sets)
    header = (
        f"<header{status}><identifier>{item.identifier}</identifier><datestamp>{repository.stamp(item.stamp)}</datestamp>"
        f"{sets}</header>"
    )
    return f"<record>{header}{'' if item.deleted else f'<metadata>{PAYLOADS[prefix](item)}</metadata>'}</record>"


def _oai_dc(item: Item) -> str:
    values = "".join(
        f"<dc:{name.split('.')[1].replace('contributor', 'creator')}>{escape(text)}</dc:{name.split('.')[1].replace('contributor', 'creator')}>"
        for name, texts in item.fields().items()
        for text in texts
    )
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{values}</oai_dc:dc>'
    )


def _xoai(item: Item) -> str:
    def element(name: str, inner: str) -> str:
        return f'<element name="{name}">{inner}</element>'

    rows = ""
    for name, texts in item.fields().items():
        inner = "".join(f'<field name="value">{escape(text)}</field>' for text in texts)
        nested = element("none", inner)
        for part in reversed(name.split(".")):
            nested = element(part, nested)
        rows += nested
    others = element("others", f'<field name="handle">20.500.99/{item.number}</field>')
    return f'<metadata xmlns="http://www.lyncode.com/xoai">{rows}{others}</metadata>'


def _qdc(item: Item) -> str:
    return (
        '<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{escape(item.title)}</dc:title>'
        f"<dc:identifier>http://hdl.handle.net/20.500.99/{item.number}</dc:identifier></qdc:qualifieddc>"
    )


def _oai_datacite(item: Item) -> str:
    return (
        f'<oai_datacite xmlns="{DATACITE["oai_datacite"]}"><schemaVersion>4</schemaVersion><payload>'
        '<resource xmlns="http://datacite.org/schema/kernel-4">'
        f'<identifier identifierType="DOI">10.5555/{item.number}</identifier>'
        f"<titles><title>{escape(item.title)}</title></titles></resource></payload></oai_datacite>"
    )


PAYLOADS = {"oai_dc": _oai_dc, "xoai": _xoai, "qdc": _qdc, "oai_datacite": _oai_datacite}


# ------------------------------------------------------------------ DSpace REST


def rest(repository: Repository, base: str, asked: SplitResult, query: dict[str, str]) -> dict[str, Any] | None:
    path = asked.path
    api = f"{base}/server/api"
    if path in {"/server/api", "/server/api/"}:
        return {
            "dspaceUI": base,
            "dspaceName": "A repository for tests",
            "dspaceServer": api,
            "dspaceVersion": "DSpace 8.0",
        }
    found = [
        item for item in repository.items.values() if not item.deleted and query.get("scope", item.sets[0]) in item.sets
    ]
    size, page = min(int(query.get("size", 20)), repository.page_size), int(query.get("page", 0))
    shown = [rest_item(item, api) for item in found[page * size : (page + 1) * size]]
    pages = -(-len(found) // size)
    counts = {"size": size, "totalElements": repository.list_size(len(found)), "totalPages": pages, "number": page}
    # As behind a proxy: the server knows itself under its public name.
    kept = "&".join(f"{name}={value}" for name, value in parse_qsl(asked.query) if name != "page")
    links: dict[str, Any] = {"self": {"href": f"https://repository.example.org{path}?{kept}"}}
    if page + 1 < pages:
        links["next"] = {"href": f"https://repository.example.org{path}?{kept}&page={page + 1}"}
    if path == "/server/api/core/items":
        return {"_embedded": {"items": shown}, "_links": links, "page": counts}
    if path == "/server/api/discover/search/objects":
        objects = [
            {"type": "discover", "hitHighlights": {}, "_embedded": {"indexableObject": one}, "_links": {}}
            for one in shown
        ]
        result = {"_embedded": {"objects": objects}, "_links": links, "page": counts}
        return {"type": "discover", "_embedded": {"searchResult": result}, "_links": {}}
    return None


def rest_item(item: Item, api: str) -> dict[str, Any]:
    uuid = f"00000000-0000-4000-8000-{item.number:012}"
    return {
        "id": uuid,
        "uuid": uuid,
        "handle": f"20.500.99/{item.number}",
        "type": "item",
        "inArchive": True,
        "discoverable": True,
        "withdrawn": False,
        "lastModified": f"{item.stamp:%Y-%m-%dT%H:%M:%S.000+00:00}",
        "metadata": {
            name: [
                {"value": text, "language": None, "authority": None, "confidence": -1, "place": place}
                for place, text in enumerate(texts)
            ]
            for name, texts in item.fields().items()
        },
        "_links": {"self": {"href": f"{api}/core/items/{uuid}"}},
    }


class Server:
    """A repository that answers at `url` until `close`."""

    def __init__(self, repository: Repository, port: int = 0) -> None:
        handler = type("_Handler", (Handler,), {"repository": repository})
        self.repository = repository
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        ended(self._thread)


def main() -> None:
    server = Server(Repository.of(int(sys.argv[2])), int(sys.argv[1]))
    print(f"{server.url}/oai and {server.url}/server/api, {sys.argv[2]} records", flush=True)
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
