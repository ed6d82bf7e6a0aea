"""Kept answer: a response, whole, ready to be sent again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified, remove_entity_headers

from lod.errors import BadValueError

Header = tuple[str, str]
StartResponse = Callable[..., Any]

_KEPT_TIMING = "kept;dur=0.0"
_STATUS_NOT_MODIFIED = "304 NOT MODIFIED"
_OBJECTS_BYTES = 1_000
"""About what the objects of an answer and its key take beside their text."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A response without what each sending has of its own (Date, X-Request-ID).

    Attributes:
        status: "200 OK", or that of a redirect.
        fields: the header fields as the app gave them, a line each, as they are sent.
        body: as it is sent, with its content coding.
        route: the rule that matched the request, for logs and metrics.
        tag: the ETag header with its quotes, "" for none.
        modified: the Last-Modified header, "" for none.
        unmodified_fields: those of the 304 that represents the answer. Source: RFC 9110, section 15.4.5.
    """

    status: str
    fields: bytes
    body: bytes
    route: str
    tag: str
    modified: str
    unmodified_fields: bytes

    @property
    def size(self) -> int:
        """Return about how many bytes it takes in memory."""
        return len(self.body) + len(self.fields) + len(self.unmodified_fields) + _OBJECTS_BYTES

    def reply(self, environ: dict[str, Any]) -> tuple[str, bytes, bytes]:
        """Return status, header fields and body that a request gets: whole, without its body for HEAD, or 304."""
        if self._is_known(environ):
            return _STATUS_NOT_MODIFIED, self.unmodified_fields, b""
        return self.status, self.fields, b"" if environ["REQUEST_METHOD"] == "HEAD" else self.body

    def send(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Start the response that a request gets."""
        status, fields, body = self.reply(environ)
        start_response(status, _headers(fields))
        return [body] if body else []

    def packed(self) -> bytes:
        """Return the answer as bytes: a line of JSON, then the body."""
        about = {
            "status": self.status,
            "headers": _headers(self.fields),
            "route": self.route,
            "bytes": len(self.body),
        }
        return json.dumps(about).encode() + b"\n" + self.body

    def _is_known(self, environ: dict[str, Any]) -> bool:
        tags, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        if (tags is None and since is None) or not self.status.startswith("200"):
            return False
        if tags is not None and tags == self.tag:
            return True
        try:
            return not is_resource_modified(environ, self.tag[1:-1], None, self.modified or None)
        except OverflowError:
            return False  # a date that no calendar has is ignored (RFC 9110, section 13.1.3)


def make_answer(status: str, headers: Sequence[Header], body: bytes, route: str) -> KeptAnswer:
    """Return an answer to keep; its date is that of each sending, which the server adds, and it takes no time."""
    lasting = [
        (name, _KEPT_TIMING if name.lower() == "server-timing" else value)
        for name, value in headers
        if name.lower() != "date"
    ]
    found = {name.lower(): value for name, value in lasting}
    bare = Headers(lasting)
    remove_entity_headers(bare)
    return KeptAnswer(
        status,
        _fields(lasting),
        body,
        route,
        found.get("etag", ""),
        found.get("last-modified", ""),
        _fields(bare.to_wsgi_list()),
    )


def _fields(headers: Iterable[Header]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")


def _headers(fields: bytes) -> list[Header]:
    split = (line.partition(": ") for line in fields.decode("latin-1").split("\r\n")[:-1])
    return [(name, value) for name, _, value in split]


def unpacked(data: bytes) -> KeptAnswer:
    """Return an answer from its bytes.

    Raises:
        BadValueError: they are no whole answer.
    """
    head, _, body = data.partition(b"\n")
    try:
        about = json.loads(head)
        headers = [(str(name), str(value)) for name, value in about["headers"]]
        if about["bytes"] == len(body):
            return make_answer(str(about["status"]), headers, body, str(about["route"]))
    except (ValueError, KeyError, TypeError):
        pass
    raise BadValueError("no whole answer")
