"""Serialization of records, claims and fates for the catalog: zlib-compressed bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence

from lod.mapping.mapped import ValueFate
from lod.record import Record
from lod.report import Fate

# Level 1 takes half the time of level 6 and gives 1,000 bytes for 100 claims instead of 860.
_LEVEL = 1
_SEPARATOR = b"\n\n"


def pack_record(record: Record) -> bytes:
    """Return a record as compressed bytes; lone surrogates in damaged values survive."""
    return zlib.compress(record.to_json().encode("utf-8", "surrogatepass"), _LEVEL)


def unpack_record(packed: bytes) -> Record:
    """Return the record that `pack_record` packed."""
    return Record.from_json(zlib.decompress(packed).decode("utf-8", "surrogatepass"))


def pack_claims(own: Sequence[str], shared: Sequence[str]) -> bytes:
    """Return a record's claims as compressed bytes: own claims, an empty line, shared claims."""
    return zlib.compress("\n".join(own).encode() + _SEPARATOR + "\n".join(shared).encode(), _LEVEL)


def unpack_own(packed: bytes) -> bytes:
    """Return a record's own claims as N-Triples in UTF-8, one per line; b"" if it has none."""
    claims = zlib.decompress(packed)
    end = claims.index(_SEPARATOR)
    return claims[: end + 1] if end else b""


def unpack_claims(packed: bytes) -> tuple[list[str], list[str]]:
    """Return the own and the shared claims that `pack_claims` packed."""
    own, _, shared = zlib.decompress(packed).decode().partition("\n\n")
    return own.split("\n") if own else [], shared.split("\n") if shared else []


def pack_fates(fates: Sequence[ValueFate], positions: Mapping[str, int]) -> bytes:
    """Return fates as compressed bytes; a claim is written as its number in `positions`, any other in full.

    Guessed claims are listed once more after them.
    """

    def numbers(claims: Sequence[str]) -> list[int | str]:
        return [positions.get(claim, claim) for claim in claims]

    rows = [[fate.fate.value, fate.rule, fate.why, numbers(fate.claims), numbers(fate.guessed)] for fate in fates]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), _LEVEL)


def unpack_fates(packed: bytes, claims: Sequence[str]) -> list[ValueFate]:
    """Return the fates that `pack_fates` packed; `claims` are the record's, in the order of their positions."""

    def lines(parts: Sequence[int | str]) -> tuple[str, ...]:
        return tuple(claims[part] if isinstance(part, int) else part for part in parts)

    return [
        ValueFate(Fate(fate), rule, why, lines(parts), lines(guessed))
        for fate, rule, why, parts, guessed in json.loads(zlib.decompress(packed))
    ]


def unpack_fate_names(packed: bytes) -> list[Fate]:
    """Return the kind of each fate that `pack_fates` packed: mapped, kept, withheld or refused."""
    return [Fate(row[0]) for row in json.loads(zlib.decompress(packed))]


def storable(text: str) -> str:
    """Return a text that SQLite accepts: lone surrogates are escaped as \\udc80."""
    return text.encode("utf-8", "backslashreplace").decode()


def first_collection(record: Record) -> str:
    """Return the collection that a record is listed under, "" if it has none."""
    return storable(record.collections[0]) if record.collections else ""
