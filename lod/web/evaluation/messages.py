"""How the web process and its query workers talk: frames of a kind, a length and a payload."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

HEADER = struct.Struct(">cI")

# Kinds, as single bytes.
READY = b"R"  # a worker is up
JOB = b"J"  # a query to evaluate
RESULT = b"H"  # the query can be evaluated; payload: extension of the format that its form calls for
DATA = b"D"  # a part of the result
END = b"E"  # the result is whole
FAULT = b"F"  # the query was refused; payload: kind and message


def write_frame(stream: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    """Write one frame and send it off."""
    stream.write(HEADER.pack(kind, len(payload)) + payload)
    stream.flush()


def write_object(stream: BinaryIO, kind: bytes, content: dict[str, Any]) -> None:
    """Write a frame whose payload is JSON."""
    write_frame(stream, kind, json.dumps(content).encode("utf-8"))
