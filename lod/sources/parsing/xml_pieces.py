"""Split XML before it is parsed: the elements that hold records, and the text around them.

A record that is cut out can be parsed on its own, so that a damaged one costs itself and not the rest of the file, and
so that no more than one is in memory.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader

CHUNK_BYTES = 65_536

_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_LONGEST_PREFIX = 255
"""Longest namespace prefix: without a bound a name that never ends would be looked through anew with each chunk."""

_END_TAG = b"/"
_SIGNS = {
    b"": re.compile(rb"""[<>"']"""),
    b'"': re.compile(rb'[<"]'),
    b"'": re.compile(rb"[<']"),
    _END_TAG: re.compile(rb"\S"),
}
"""The next sign that matters: in a start tag, in each kind of quotes within it, and in an end tag."""


@dataclass(frozen=True, slots=True)
class XmlPiece:
    """A part of a file. `line` and `column` say where it starts, from 1.

    Attributes:
        sort: "element" for a requested one, "gap" for the text between, "unclosed" for an element that the
            next one interrupts, "open" for one that the end of the file cuts off.
        starts_document: an XML declaration is at the start of this gap.
    """

    sort: str
    data: bytes
    line: int
    column: int
    starts_document: bool = False


class EntityDeclaredError(Exception):
    """A document declares an entity; its replacement text is not read. `args` has the line."""


class TooLargeError(Exception):
    """An element, or the text between two, is larger than the limit. `args` has the line where it starts."""


def recoded(stream: BufferedReader) -> tuple[Iterator[bytes], str | None]:
    """Return the chunks of a stream and the encoding that its byte order mark gives; UTF-16 is turned into UTF-8."""
    start = stream.peek(4)[:4]
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            stream.read(2)
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            return (decoder.decode(chunk).encode() for chunk in _chunks(stream)), "utf-8"
    if start.startswith(codecs.BOM_UTF8):
        stream.read(3)
        return _chunks(stream), "utf-8"
    return _chunks(stream), None


def _chunks(stream: BufferedReader) -> Iterator[bytes]:
    while chunk := stream.read1(CHUNK_BYTES):
        yield chunk


def split_pieces(
    chunks: Iterator[bytes], names: frozenset[str], limit_bytes: int, root: str = ""
) -> Iterator[XmlPiece]:
    """Yield the elements with these local names, and the gaps between them, in the order of the file.

    Elements of one name inside another belong to it, unless their start tags are alike to the byte: then the outer one
    was never closed. Comments and CDATA sections are passed over. Where the local name of the `root` is known, an XML
    declaration within a requested element is a fault of that element; else it begins another document.

    Raises:
        EntityDeclaredError, TooLargeError
    """
    yield from _Splitter(names, limit_bytes, root).pieces(chunks)


@dataclass
class _Splitter:
    names: frozenset[str]
    limit_bytes: int
    root: str = ""
    _buffer: bytearray = field(default_factory=bytearray)
    _line: int = 1
    _column: int = 1
    _scan: int = 0
    _searched: int = 0
    _quote: bytes = b""
    _tag: bytes = b""
    _depth: int = 0
    _declared: bool = False

    def __post_init__(self) -> None:
        names = b"|".join(re.escape(name.encode()) for name in sorted(self.names))
        self._token = re.compile(
            rb"(?P<skip><!--|<!\[CDATA\[)|(?P<entity><!ENTITY)|(?P<declaration><\?xml\s)"
            rb"|<(?P<end>/)?(?:[\w.-]{1,%d}:)?(?:%s)(?=\s|/?>)"
            % (_LONGEST_PREFIX, names)
            + rb"|(?P<root><(?:[\w.-]{1,%d}:)?%s)(?=\s|/?>)" % (_LONGEST_PREFIX, self._root_pattern())
        )
        self._head_bytes = _LONGEST_PREFIX + len(names) + len(self.root) + len("<![CDATA[")

    def _root_pattern(self) -> bytes:
        return re.escape(self.root.encode()) if self.root else rb"(?!)"

    def pieces(self, chunks: Iterator[bytes]) -> Iterator[XmlPiece]:
        for chunk in chunks:
            self._buffer += chunk
            yield from self._scanned()
            if len(self._buffer) > self.limit_bytes:
                raise TooLargeError(self._line)
        if self._buffer.strip():
            yield self._cut(len(self._buffer), "open" if self._depth else "gap")

    def _scanned(self) -> Iterator[XmlPiece]:
        while token := self._token.search(self._buffer, self._scan):
            start, end = token.span()
            skip, entity, declaration = token["skip"], token["entity"], token["declaration"]
            ends_element, begins_document = bool(token["end"]), bool(token["root"])
            # A match forbids changing the size of the buffer that it is on.
            del token
            if entity:
                raise EntityDeclaredError(self._line + self._buffer.count(b"\n", 0, start))
            if skip:
                if not self._passed(start, end, _ENDS[skip]):
                    return
            elif begins_document or (declaration and self.root and self._depth):
                self._scan = end
                if begins_document and self._depth:
                    # The document before it breaks off within an element.
                    yield from self._cut_before(start)
                    self._declared, self._scan = True, end - start
            elif declaration:
                yield from self._cut_before(start)
                self._declared, self._scan = True, end - start
            else:
                tag_end = self._tag_end(start, end, _END_TAG if ends_element else b"")
                if tag_end is None:
                    return
                if tag_end:
                    yield from self._close(tag_end) if ends_element else self._open(start, tag_end)
        self._keep_unfinished()

    def _passed(self, start: int, end: int, mark: bytes) -> bool:
        """Go past a comment or CDATA section; what has been looked through for its end is not looked through again."""
        found = self._buffer.find(mark, max(end, self._searched - len(mark)))
        if found < 0:
            self._scan, self._searched = start, len(self._buffer)
            return False
        self._scan, self._searched = found + len(mark), 0
        return True

    def _tag_end(self, start: int, end: int, quote: bytes) -> int | None:
        """Return where a tag ends, 0 if it is none, None if the buffer ends too early to decide.

        What has been looked through is not looked through again.

        Args:
            start, end: of the tag up to the end of its name.
            quote: `_END_TAG` for an end tag, empty for a start tag.
        """
        at = end
        if self._searched:
            at, quote = self._searched, self._quote
        while sign := _SIGNS[quote].search(self._buffer, at):
            at = sign.end()
            if sign[0] == b">":
                self._scan, self._searched = at, 0
                return at
            if sign[0] == b"<" or quote == _END_TAG:
                self._scan, self._searched = sign.start(), 0
                return 0
            quote = b"" if quote else sign[0]
        self._scan, self._searched, self._quote = start, len(self._buffer), quote
        return None

    def _open(self, start: int, end: int) -> Iterator[XmlPiece]:
        tag = bytes(self._buffer[start:end])
        empty = tag.endswith(b"/>")
        if self._depth and tag != self._tag:
            self._depth += not empty
            return
        yield from self._cut_before(start)
        self._tag, self._depth, self._scan = tag, 1, end - start
        if empty:
            yield from self._close(end - start)

    def _close(self, end: int) -> Iterator[XmlPiece]:
        self._depth = max(self._depth - 1, 0)
        if not self._depth:
            yield self._cut(end, "element" if self._tag else "gap")
            self._tag = b""

    def _cut_before(self, start: int) -> Iterator[XmlPiece]:
        if start:
            yield self._cut(start, "unclosed" if self._depth else "gap")
        self._depth, self._tag = 0, b""

    def _cut(self, end: int, sort: str) -> XmlPiece:
        data = bytes(self._buffer[:end])
        del self._buffer[:end]
        piece = XmlPiece(sort, data, self._line, self._column, self._declared and sort == "gap")
        if sort == "gap":
            self._declared = False
        lines = data.count(b"\n")
        self._line += lines
        self._column = len(data) - data.rfind(b"\n") if lines else self._column + len(data)
        self._scan = self._searched = 0
        return piece

    def _keep_unfinished(self) -> None:
        """Look again, when more has come, at the start of a tag or mark that the buffer's end cuts."""
        last = self._buffer.rfind(b"<", max(self._scan, len(self._buffer) - self._head_bytes))
        self._scan = last if last >= 0 else len(self._buffer)
