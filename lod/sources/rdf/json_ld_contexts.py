"""Contexts of JSON-LD files, read from files beside them: nothing is fetched."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from lod.errors import SourceError
from lod.sources.reading.source_file import Item, SourceFile

_MOST_BYTES = 64 << 20


def with_contexts(stream: IO[bytes], file: SourceFile, remarks: list[Item]) -> IO[bytes]:
    """Return the bytes of a JSON-LD file, with the contexts of local files instead of their addresses.

    The context of `http://example.org/resources/context.jsonld` is looked for in `context.jsonld` beside the file, which a remark
    says; where it is not there, the file is left as it is. Only contexts of the outermost objects are looked at, in files up to
    64 MiB.

    Raises:
        SourceError: a context beside the file cannot be read.
    """
    text = stream.read(_MOST_BYTES + 1)
    stream.seek(0)
    if len(text) > _MOST_BYTES or b'"@context"' not in text:
        return stream
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return stream
    found: dict[str, Path] = {}
    for node in document if isinstance(document, list) else [document]:
        if isinstance(node, dict) and "@context" in node:
            node["@context"] = _replaced(node["@context"], file.path.parent, found)
    if not found:
        return stream
    for address, path in found.items():
        remarks.append(file.remark("context", f"the context {address} was taken from {path.name} beside the file."))
    return io.BytesIO(json.dumps(document).encode())


def _replaced(context: Any, folder: Path, found: dict[str, Path]) -> Any:
    if isinstance(context, list):
        parts = [_replaced(part, folder, found) for part in context]
        return [context for part in parts for context in (part if isinstance(part, list) else [part])]
    if not isinstance(context, str):
        return context
    path = folder / (Path(urlsplit(context).path).name or "context.jsonld")
    if not path.is_file():
        return context
    try:
        beside = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        raise SourceError(f"{path}: the context that {context} names cannot be read: {fault}") from None
    found[context] = path
    return beside.get("@context", {}) if isinstance(beside, dict) else beside
