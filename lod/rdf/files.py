"""Files of RDF in any usual serialization, as streams of quads. Nothing that a file names is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, cast

import pyoxigraph as ox

from lod.errors import SourceError
from lod.rdf.formats import RDF_XML, Format

LONGEST_TERM_MIB = 16
"""The engine reads no term of so many MiB or more, as it is in a file, escapes included; it raises MemoryError."""

_HEAD_BYTES = 65_536
_LONGEST_ENTITY = 1_000
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
        raise SourceError(f"{label}: {_reason(fault)}") from None
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


def _reason(fault: SyntaxError) -> str:
    text = str(fault)
    if "LoadDocumentCallback" in text:
        return (
            "names a JSON-LD context by its address, and nothing is fetched; put the context into the file, or save it beside "
            "the file under its own name (context.jsonld)"
        )
    return f"not readable: {text}"


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
