"""Files of RDF in any usual serialization, as streams of quads. Nothing that a file names is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, cast

import pyoxigraph as ox

from lod.errors import SourceError
from lod.rdf.formats import RDF_XML, Format

LONGEST_TERM_MIB = 16
"""The engine reads no term of so many MiB or more, as it is in a file, escapes included; it raises MemoryError."""

_HEAD_BYTES = 65_536
_LONGEST_ENTITY = 1_000
_REASONS = (
    (re.compile(r"^Unknown prefix (\S{1,255}):$"), 'the prefix {0}: is not declared: xmlns:{0}="…" is missing'),
    (re.compile(r"Cannot find ';' after '&'"), "a bare '&', which XML writes as '&amp;'"),
    (re.compile(r"unrecognized entity `([^`]{1,99})`"), "the named character '&{0};', which plain XML does not know"),
    (
        re.compile(r"before end of input|[Uu]nexpected end|end of file"),
        "the file breaks off before the end of its XML; fetch it again",
    ),
    (re.compile(r"^XML namespaces are required"), "the element has no namespace, so that this is no RDF/XML"),
    (re.compile(r"^Unexpected text event"), "a text between elements, where RDF/XML has none"),
    (re.compile(r"has already been used as rdf:ID"), "an rdf:ID that occurs twice in the file"),
)
"""Messages of the engine about RDF/XML, and what they mean to a cataloguer."""

_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))")


def ending(name: str) -> str:
    """Return what a file's name ends with, in lower case and without ".gz": "ttl"; "" where it has no ending."""
    stem = name.lower().removesuffix(".gz")
    return stem.rpartition(".")[2] if "." in stem else ""


def read_quads(file: IO[bytes], format_: Format, label: str, base: str, *, lenient: bool = False) -> Iterator[ox.Quad]:
    """Yield the quads of a file that can be sought in; blank nodes get names that no other file has.

    Args:
        file: its bytes, unpacked.
        format_: its serialization.
        label: how messages name the file.
        base: what relative IRIs are resolved against.
        lenient: take malformed IRIs as they are, for the rules to report.

    Raises:
        SourceError: it is not in that serialization, or would have to fetch something.
    """
    if format_ is RDF_XML:
        _refuse_entities(file, label)
    subject: object = None
    try:
        for quad in cast(
            "Iterator[ox.Quad]",
            ox.parse(file, format=format_.engine, base_iri=base, rename_blank_nodes=True, lenient=lenient),
        ):
            subject = quad.subject
            yield quad
    except SyntaxError as fault:
        where = f"{_place_of_fault(file, base, lenient=lenient)}: " if format_ is RDF_XML else ""
        raise SourceError(f"{label}: {where}{_reason(fault, format_)}") from None
    except MemoryError as fault:
        if not is_too_long(fault):
            raise
        where = f"what follows on {subject}" if subject else "the first statement"
        raise SourceError(
            f"{label}: {where} has a value of {LONGEST_TERM_MIB} MiB or more, which cannot be read; shorten it at its source"
        ) from None


def is_too_long(fault: MemoryError) -> bool:
    """Return whether the engine met a term that is longer than it reads, and memory is not full."""
    return "buffer maximal size" in str(fault)


def _reason(fault: SyntaxError, format_: Format) -> str:
    text = str(fault)
    if "LoadDocumentCallback" in text:
        return (
            "names a JSON-LD context by its address, and nothing is fetched; put the context into the file, or save it beside "
            "the file under its own name (context.jsonld)"
        )
    known = [(match, reason) for sign, reason in _REASONS if format_ is RDF_XML and (match := sign.search(text))]
    return f"not readable: {known[0][1].format(*known[0][0].groups()) if known else text}"


def _place_of_fault(file: IO[bytes], base: str, *, lenient: bool) -> str:
    """Return line and column of the tag, or the text before one, at which an RDF/XML file cannot be read on."""
    file.seek(0)
    pieces = _TagByTag(file)
    with suppress(SyntaxError):
        for _ in ox.parse(cast("IO[bytes]", pieces), format=RDF_XML.engine, base_iri=base, lenient=lenient):
            pass
    return f"line {pieces.line}, column {pieces.column}"


class _TagByTag:
    """A file that is read up to the end of the next tag; `line` and `column` say where the last piece starts, from 1.

    The engine asks for more when it has understood what it got, so that a fault is in the last piece.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""
        self._next = (1, 1)
        self.line, self.column = self._next

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or self._file.readline(_HEAD_BYTES)
        most = min(size, _HEAD_BYTES) if size > 0 else _HEAD_BYTES
        end = self._rest.find(b">", 0, most) + 1 or most
        piece, self._rest = self._rest[:end], self._rest[end:]
        if piece.strip():
            blanks = len(piece) - len(piece.lstrip())
            self.line, self.column = self._next[0], self._next[1] + blanks
        if piece.endswith(b"\n"):
            self._next = self._next[0] + 1, 1
        else:
            self._next = self._next[0], self._next[1] + len(piece)
        return piece


def _refuse_entities(file: IO[bytes], label: str) -> None:
    """Allow only entities that replace short texts, as ontologies declare them for namespaces.

    Raises:
        SourceError: the document type declares others, or is fetched.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    start = head.find(b"<!DOCTYPE")
    if start < 0:
        return
    body = head.find(b"<rdf:RDF", start)
    declared = head[start:body] if body > 0 else head[start:]
    for match in _ENTITY.finditer(declared):
        value = match[1] or match[2] or b""
        if match[3] or b"&" in value or b"%" in value or len(value) > _LONGEST_ENTITY:
            raise SourceError(
                f"{label}: its document type declares entities that are fetched from elsewhere or grow; write them out, for "
                "instance by saving the file as Turtle"
            )
    if re.match(rb"<!DOCTYPE\s+\S+\s+(?:SYSTEM|PUBLIC)\b", declared):
        raise SourceError(f"{label}: names a document type that would have to be fetched; remove the <!DOCTYPE line")
    if body < 0 and len(head) == _HEAD_BYTES:
        raise SourceError(f"{label}: its document type is longer than {_HEAD_BYTES} bytes; save the file as Turtle")
