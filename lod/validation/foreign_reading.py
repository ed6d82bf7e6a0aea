"""Foreign RDF in: files of any usual serialization into a store on disk. Nothing that a file names is ever fetched."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from lod.errors import SourceError

FORMATS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
}
"""Serializations by the ending of a file's name; ".gz" may follow."""

_HEAD_BYTES = 65_536
_LONGEST_ENTITY = 1_000
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?\S+\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))")


def load_file(store: ox.Store, path: Path, format_: str = "") -> None:
    """Load a file into a store, its blank nodes renamed so that those of two files stay apart.

    IRIs are taken as they stand, even malformed ones: rule G01 reports them.

    Raises:
        SourceError: the file is missing, its serialization is not known, or it is not in that serialization.
    """
    chosen = FORMATS.get(format_ or _ending(path))
    if chosen is None:
        raise SourceError(
            f"{path}: the name does not tell the serialization; use --format with one of {', '.join(FORMATS)}"
        )
    try:
        with _opened(path) as file:
            if chosen == ox.RdfFormat.RDF_XML:
                _refuse_entities(file, path)
            store.bulk_extend(_quads(file, chosen, path))
    except SyntaxError as fault:
        raise SourceError(f"{path}: {_told(fault)}") from None
    except (OSError, EOFError, ValueError) as fault:
        raise SourceError(f"{path}: cannot be read: {fault}") from None


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return name.rpartition(".")[2] if "." in name else ""


def _opened(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _quads(file: BinaryIO, format_: ox.RdfFormat, path: Path) -> Iterator[ox.Quad]:
    base = path.resolve().as_uri()
    return cast(
        "Iterator[ox.Quad]", ox.parse(file, format=format_, base_iri=base, rename_blank_nodes=True, lenient=True)
    )


def _told(fault: SyntaxError) -> str:
    text = str(fault)
    if "LoadDocumentCallback" in text:
        return "names a JSON-LD context by its address, and nothing is fetched; put the context into the file"
    return f"not readable: {text}"


def _refuse_entities(file: BinaryIO, path: Path) -> None:
    """Let pass only entities that stand for short texts, as ontologies have them for namespaces."""
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
                f"{path}: its document type declares entities that are fetched from elsewhere or grow; write them out, for "
                "instance by saving the file as Turtle"
            )
    if re.match(rb"<!DOCTYPE\s+\S+\s+(?:SYSTEM|PUBLIC)\b", declared):
        raise SourceError(f"{path}: names a document type that would have to be fetched; remove the <!DOCTYPE line")
    if body < 0 and len(head) == _HEAD_BYTES:
        raise SourceError(f"{path}: its document type is longer than {_HEAD_BYTES} bytes; save the file as Turtle")
