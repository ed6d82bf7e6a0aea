"""Post-process a serialized result as a stream: language tags in BCP 47 case, XML well-formed, rows counted, a page closed.

The engine serializes results ten times faster than Python would row by row, but has language tags in lower case, while
documents and dumps have them in the case of BCP 47 (RFC 5646, section 2.1.1). The patterns below cannot match inside a
string of their format, and parts are cut where no match is split:

- JSON escapes a quotation mark in a string, so `"xml:lang":"` is a key, and `,{"x` begins an object whose name begins with x;
- XML escapes `<` in text and in attributes;
- rows of TSV and lines of N-Triples and Turtle have no raw line break but at their end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lod.rdf.claims import canonical_tag

_TAG = rb"([A-Za-z]+(?:-[A-Za-z0-9]+)+)"
_JSON_ROW = re.compile(rb'[,\[]\{"(?![:,}\]])')
_CSV_QUOTED = re.compile(rb'"[^"]*"')
_JSON_END = b"]}}"
_TO_ESCAPE_IN_XML = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")
"""Carriage returns, which a reader of XML turns into line feeds, and characters that XML forbids; the engine escapes neither.

Source: W3C XML 1.0, sections 2.2 and 2.11.
"""

_PREFIXES = re.compile(rb"^(?:@prefix [^\n]*\n)+", re.MULTILINE)
_NAMESPACES = re.compile(rb'(?<=<rdf:RDF)(?: xmlns:[^\s=]+="[^"]*")+')


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How to process one format: the place of a tag, the boundary at (or after) which a part may end."""

    tag: re.Pattern[bytes] | None
    boundary: bytes
    after: bool
    hint: bytes = b""


_JSON = _Syntax(re.compile(rb'("xml:lang":")' + _TAG), b',{"', after=False, hint=b'"xml:lang":"')
_JSON_LD = _Syntax(re.compile(rb'("@language":")' + _TAG), b',{"', after=False, hint=b'"@language":"')
_XML = _Syntax(re.compile(rb'(<[^<>]* xml:lang=")' + _TAG), b"<", after=False, hint=b' xml:lang="')
_LINES = _Syntax(re.compile(rb'("@)' + _TAG + rb"(?= \.\n)"), b"\n", after=True, hint=b'"@')
_TSV = _Syntax(re.compile(rb'("@)' + _TAG + rb"(?=[\t\n])"), b"\n", after=True, hint=b'"@')
# The end of a string and the start of another look the same, so strings are matched whole.
_TURTLE = _Syntax(
    re.compile(rb'("(?:[^"\\]|\\.?)*+(?:"@?|\Z))' + _TAG + rb"?", re.DOTALL), b"\n", after=True, hint=b'"@'
)
_CSV = _Syntax(None, b"\n", after=True)

SYNTAXES = {
    "json": _JSON,
    "jsonld": _JSON_LD,
    "xml": _XML,
    "rdf": _XML,
    "nt": _LINES,
    "nq": _LINES,
    "tsv": _TSV,
    "ttl": _TURTLE,
    "trig": _TURTLE,
    "csv": _CSV,
}


class PageFullError(Exception):
    """A page has all the rows that it may have; the stream is closed and well-formed."""


class ResultStream:
    """Takes the output of the engine and sends it on. `rows` counts the rows of SELECT that were sent.

    With `page_rows` or `page_bytes`, for JSON only, the result ends well-formed after that many.
    """

    def __init__(
        self,
        extension: str,
        send: Callable[[bytes], None],
        page_rows: int | None = None,
        page_bytes: int | None = None,
    ) -> None:
        self._extension = extension
        self._syntax = SYNTAXES[extension]
        self._send = send
        self._page_rows = page_rows
        self._page_bytes = page_bytes
        self._waiting = bytearray()
        self._bytes = 0
        self._quoted = False
        self._full = self._started = False
        self.rows = -1 if extension in {"csv", "tsv"} else 0  # the first line names the variables

    def feed(self, data: bytes) -> None:
        """Take a part from the engine.

        Raises:
            PageFullError: the page ends here, and nothing more is sent. The engine tries again with the rest.
        """
        if self._full:
            raise PageFullError
        if not self._started:
            self._started = True
            data = _with_ordered_head(data)
        seen = max(0, len(self._waiting) - len(self._syntax.boundary))
        self._waiting += data
        end = self._waiting.rfind(self._syntax.boundary, seen)
        if end < 0:
            return
        if self._syntax.after:
            end += len(self._syntax.boundary)
        part = bytes(self._waiting[:end])
        del self._waiting[:end]
        self._process(part)

    def close(self) -> None:
        """Send what was held back.

        Raises:
            PageFullError: the page is full.
        """
        part = bytes(self._waiting)
        self._waiting.clear()
        self._process(part)

    def _process(self, part: bytes) -> None:
        if self._page_rows is not None:
            part = self._paged(part)
        else:
            self.rows += self._count(part)
        if self._syntax is _XML:
            part = _TO_ESCAPE_IN_XML.sub(_escaped_in_xml, part)
        self._bytes += len(part)
        self._send(self._with_tags(part))

    def _with_tags(self, part: bytes) -> bytes:
        if self._syntax.tag is None or self._syntax.hint not in part:
            return part
        return self._syntax.tag.sub(_with_canonical_tag, part)

    def _count(self, part: bytes) -> int:
        if self._extension == "json":
            return len(_JSON_ROW.findall(part))
        if self._extension == "xml":
            return part.count(b"</result>")
        if self._extension == "tsv":
            return part.count(b"\n")
        if self._extension == "csv":
            return self._csv_rows(part)
        return 0

    def _csv_rows(self, part: bytes) -> int:
        if b'"' not in part:
            return 0 if self._quoted else part.count(b"\n")
        # A part may begin inside a quoted cell; two quotation marks in one leave it open.
        text = b'"' + part if self._quoted else part
        self._quoted = text.count(b'"') % 2 == 1
        outside = _CSV_QUOTED.sub(b"", text)
        if self._quoted:
            outside = outside[: outside.rfind(b'"')]
        return outside.count(b"\n")

    def _paged(self, part: bytes) -> bytes:
        assert self._page_rows is not None  # noqa: S101 - for the type checker
        for match in _JSON_ROW.finditer(part):
            full = self._page_bytes is not None and self.rows and self._bytes + match.start() >= self._page_bytes
            if self.rows >= self._page_rows or full:
                self._send(self._with_tags(part[: match.start()]) + _JSON_END)
                self._full = True
                raise PageFullError
            self.rows += 1
        return part


def _with_ordered_head(data: bytes) -> bytes:
    """Return the first part with its prefixes sorted: their order changes each time the engine starts."""
    if data.startswith(b"@prefix "):
        return _PREFIXES.sub(lambda match: b"".join(sorted(match.group().splitlines(keepends=True))), data, count=1)
    if data.startswith(b"<?xml"):
        return _NAMESPACES.sub(
            lambda match: b"".join(b" xmlns:" + part for part in sorted(match.group().split(b" xmlns:")[1:])),
            data,
            count=1,
        )
    return data


def _escaped_in_xml(match: re.Match[bytes]) -> bytes:
    return b"&#13;" if match.group() == b"\r" else "\ufffd".encode()


def _with_canonical_tag(match: re.Match[bytes]) -> bytes:
    before, tag = match.groups()
    return before + _canonical(tag) if tag else before


@lru_cache(maxsize=1_024)
def _canonical(tag: bytes) -> bytes:
    return canonical_tag(tag.decode("ascii")).encode("ascii")
