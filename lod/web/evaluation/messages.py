"""Messages between the web process and its query workers: a kind, a length and a payload, over pipes."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

HEADER = struct.Struct(">cI")

# Kinds, as single bytes.
READY = b"R"  # a worker is up
JOB = b"J"  # a query to evaluate
RESULT = b"H"  # the query can be evaluated; payload: form of the result, extension of its format
DATA = b"D"  # a part of the result
END = b"E"  # the result is complete
ERROR = b"F"  # there is no result, or no whole one; payload: kind and message


def write_message(stream: BinaryIO, kind: bytes, payload: bytes = b"", *, flush: bool = True) -> None:
    """Write one message, and flush it unless another one follows at once: each flush wakes the reader."""
    stream.write(HEADER.pack(kind, len(payload)) + payload)
    if flush:
        stream.flush()


def write_object(stream: BinaryIO, kind: bytes, content: dict[str, Any], *, flush: bool = True) -> None:
    """Write a message whose payload is JSON."""
    write_message(stream, kind, json.dumps(content).encode("utf-8"), flush=flush)
