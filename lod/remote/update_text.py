"""SPARQL updates from claims, in bounded batches.

A claim is a triple of SPARQL too, but for one thing: SPARQL undoes \\u escapes before it reads strings (SPARQL 1.1,
section 19.2), where N-Triples reads them in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

# A backslash that represents itself, and the u after it: to a reader that undoes \u first, the start of an escape.
_LOOKS_ESCAPED = re.compile(r"\\(\\[uU]|.)")
_LETTERS = {"u": "\\u0075", "U": "\\u0055"}


def batches(lines: Iterable[str], most_lines: int, most_bytes: int) -> Iterator[list[str]]:
    """Yield the lines in batches of at most `most_lines` and `most_bytes`; a longer line is a batch of its own."""
    batch: list[str] = []
    size = 0
    for line in lines:
        length = len(line) if line.isascii() else len(line.encode())
        if batch and (len(batch) >= most_lines or size + length > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += length + 1
    if batch:
        yield batch


def insert_data(graph: str, claims: Sequence[str]) -> str:
    """Return the update that adds claims to a graph, the default graph for ""."""
    return f"INSERT DATA {_block(graph, claims)}"


def delete_data(graph: str, claims: Sequence[str]) -> str:
    """Return the update that removes claims from a graph, the default graph for ""."""
    return f"DELETE DATA {_block(graph, claims)}"


def _block(graph: str, claims: Sequence[str]) -> str:
    lines = "\n".join(map(as_sparql, claims))
    return f"{{ GRAPH <{graph}> {{\n{lines}\n}} }}" if graph else f"{{\n{lines}\n}}"


def as_sparql(line: str) -> str:
    """Return a claim as a SPARQL parser reads it, whichever of escapes and strings it reads first."""
    if "\\\\u" not in line and "\\\\U" not in line:
        return line
    return _LOOKS_ESCAPED.sub(lambda match: match[0][:2] + _LETTERS.get(match[0][2:], match[0][2:]), line)
