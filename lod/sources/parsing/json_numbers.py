"""JSON whose numbers Python or the parser cannot hold: such a number is kept as its text, so that no digit is lost.

Kept so are whole parts of more than 18 digits, fractions of more than 30, exponents of more than two, and Infinity, which programs write though it is no
JSON. NaN, which they write for an empty cell, is null.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Protocol

from lod.numbers import MOST_DIGITS

_SHORT = rf"-?\d{{1,{MOST_DIGITS}}}+(?:\.\d{{1,30}}+)?(?:[eE][+-]?\d{{1,2}}+)?"
_HELD = re.compile(_SHORT, re.ASCII)
_WORDS = {"NaN": None}

# Outside of strings there are names and numbers, of the bytes [\w.+-], and white space, brackets, commas and colons.
_HARMLESS = re.compile(
    rb'(?:[^"\w.+-]++|"(?:[^"\\]++|\\.)*+"|(?:true|false|null|' + _SHORT.encode() + rb")(?=[^\w.+-]))*+",
    re.DOTALL,
)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_ATOM = re.compile(rb"[\w.+-]*+")
_NUMBER = re.compile(rb"-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?|-?Infinity")
_NUMBER_SO_FAR = re.compile(rb"-?\d++(?:\.\d*+)?(?:[eE][+-]?\d*+)?")
_LONGEST_ATOM = 64
"""More bytes than a name or a number that the parser holds can have."""

_CHUNK_BYTES = 65_536


class ByteStream(Protocol):
    """Anything that gives its bytes in chunks, b"" at the end."""

    def read(self, size: int, /) -> bytes: ...


def json_value(text: str | bytes) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError, RecursionError: it is no JSON, or nests too deeply.
    """
    # As json.loads does, which makes a decoder anew for every text that it is given such functions for.
    return _DECODER.decode(text if isinstance(text, str) else text.decode(json.detect_encoding(text), "surrogatepass"))


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS or _HELD.fullmatch(text) else text


def _float(text: str) -> float | str:
    return float(text) if _HELD.fullmatch(text) else text


_NUMBERS: dict[str, Any] = {
    "parse_int": _whole,
    "parse_float": _float,
    "parse_constant": lambda name: _WORDS.get(name, name),
}
_DECODER = json.JSONDecoder(**_NUMBERS)


class WatchfulDecoder:
    """Decodes JSON texts as `json_value` does; `repeated` has the members that stood twice in one object of the last one.

    RFC 8259, section 4, leaves open which of them counts; here it is the last, as nearly everywhere.
    """

    def __init__(self) -> None:
        self.repeated: dict[str, None] = {}
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, **_NUMBERS)

    def value(self, line: bytes) -> Any:
        """Return what a JSON text says.

        Raises:
            ValueError, RecursionError: it is no JSON, or nests too deeply.
        """
        self.repeated = {}
        return self._decoder.decode(line.decode(json.detect_encoding(line), "surrogatepass"))

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = sorted(name for name, _ in pairs)
            self.repeated.update((name, None) for name, following in pairwise(names) if name == following)
        return members


def json_events(stream: ByteStream) -> Iterator[tuple[str, Any]]:
    """Yield the events of a stream of JSON values, as ijson names them; "number" is an int or a float that is finite.

    Raises:
        ijson.JSONError, UnicodeDecodeError: it is no JSON from some place on.
    """
    import ijson

    yield from ijson.basic_parse(QuotedNumbers(stream), multiple_values=True, use_float=True)


def held_bytes(data: bytes) -> bytes:
    """Return JSON, or the start of some, with the numbers that a parser cannot hold in quotation marks."""
    stream = QuotedNumbers(io.BytesIO(data))
    return b"".join(iter(lambda: stream.read(_CHUNK_BYTES), b""))


class QuotedNumbers:
    """A stream of JSON, to be read in chunks, in which a number that a parser cannot hold is in quotation marks."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._rest = b""
        self._step = self._between
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return the next bytes, about `size` of them; b"" at the end."""
        while size and not self._ended:
            chunk = self._stream.read(size)
            self._ended = not chunk
            if quoted := self._quoted(self._rest + chunk):
                return quoted
        return b""

    def _quoted(self, data: bytes) -> bytes:
        """Return what is certain of the data, and keep the rest for the next time."""
        self._rest = b""
        parts: list[bytes] = []
        at = 0
        while at < len(data):
            at = self._step(data, at, parts)
        if self._ended and self._step == self._in_number:
            parts.append(b'"')
        return b"".join(parts)

    def _between(self, data: bytes, at: int, parts: list[bytes]) -> int:
        """Pass what stays as it is, up to a string that goes on in the next chunk, or a name or number to look at."""
        end = _end(_HARMLESS, data, at)
        parts.append(data[at:end])
        if data[end : end + 1] == b'"':
            self._step = self._in_string
            parts.append(b'"')
            return end + 1
        return self._atom(data, end, parts) if end < len(data) else end

    def _in_string(self, data: bytes, at: int, parts: list[bytes]) -> int:
        end = _end(_IN_STRING, data, at)
        parts.append(data[at:end])
        if data[end : end + 1] == b'"':
            self._step = self._between
            parts.append(b'"')
            return end + 1
        # Else the end, or a backslash that the end cuts off from what it escapes.
        return self._keep(data, end, parts)

    def _atom(self, data: bytes, at: int, parts: list[bytes]) -> int:
        end = _end(_ATOM, data, at)
        atom = data[at:end]
        is_cut = end == len(data) and not self._ended
        if is_cut and len(atom) <= _LONGEST_ATOM:
            return self._keep(data, at, parts)
        if is_cut and _NUMBER_SO_FAR.fullmatch(atom):
            parts.append(b'"' + atom)
            self._step = self._in_number
        elif _NUMBER.fullmatch(atom) and not _HELD.fullmatch(atom.decode("ascii")):
            parts.append(b'"' + atom + b'"')
        else:
            parts.append(b"null" if atom == b"NaN" else atom)
        return end

    def _in_number(self, data: bytes, at: int, parts: list[bytes]) -> int:
        end = _end(_ATOM, data, at)
        parts.append(data[at:end])
        if end < len(data):
            self._step = self._between
            parts.append(b'"')
        return end

    def _keep(self, data: bytes, at: int, parts: list[bytes]) -> int:
        if self._ended:
            parts.append(data[at:])
        else:
            self._rest = data[at:]
        return len(data)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at
