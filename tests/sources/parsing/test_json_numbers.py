"""Numbers in JSON that Python or the parser cannot hold are kept as their text, wherever a chunk ends."""

from __future__ import annotations

import io
import json

import pytest

from lod.sources.parsing.json_numbers import QuotedNumbers, held_bytes, json_events, json_value

LONG = "9" * 5_000

NUMBERS = [
    ("0", 0),
    ("-0", 0),
    ("9" * 18, 10**18 - 1),
    ("9" * 19, "9" * 19),
    (LONG, LONG),
    (f"-{LONG}", f"-{LONG}"),
    ("1.5", 1.5),
    ("-2.50e10", -2.5e10),
    (f"1.{LONG}", f"1.{LONG}"),
    (f"{LONG}.5", f"{LONG}.5"),
    ("1e99", 1e99),
    ("1e999", "1e999"),
    ("-1E+999", "-1E+999"),
    ("1e-999", "1e-999"),
    ("NaN", None),
    ("Infinity", "Infinity"),
    ("-Infinity", "-Infinity"),
    ("true", True),
    ("null", None),
]


@pytest.mark.parametrize(("written", "value"), [pytest.param(*row, id=row[0][:12]) for row in NUMBERS])
def test_both_ways_to_read_json_give_the_same_value(written, value):
    text = f'{{"a": [{written}]}}'
    assert json_value(text) == {"a": [value]}
    assert json.loads(held_bytes(text.encode())) == {"a": [value]}
    found = [
        what
        for event, what in json_events(io.BytesIO(text.encode()))
        if event in {"number", "string", "null", "boolean"}
    ]
    assert found == [value]


class _Slow:
    """A stream that gives a few bytes at a time, whatever it is asked for."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream, self._size = io.BytesIO(data), size

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, self._size))


def test_it_does_not_matter_where_a_chunk_ends():
    strings = ['"NaN 9999999999999999999 \\" 1e999 \\\\"', '""', '"\\\\\\""', '"é 1e999"']
    members = ", ".join(f"{strings[i % 4]}: {written}" for i, (written, _) in enumerate(NUMBERS))
    text = f"[{members.join('{}')}, {', '.join(strings)}]".encode()
    whole = held_bytes(text)
    assert json.loads(whole)[1:] == [json.loads(one) for one in strings]
    for size in [*range(1, 80), 4_999, 5_000, 5_001]:
        stream = QuotedNumbers(_Slow(text, size))
        assert b"".join(iter(lambda: stream.read(65_536), b"")) == whole, size  # noqa: B023


@pytest.mark.parametrize("text", ["[1.]", "[01]", "[--1]", "[1e]", "[+1]", "[nan]", '["a', "[9999999999999999999x]"])
def test_what_is_no_json_stays_none(text):
    import ijson

    with pytest.raises(ijson.JSONError):
        list(json_events(io.BytesIO(text.encode())))


def test_a_number_at_the_very_end_is_closed():
    assert held_bytes(b"9" * 100_000) == b'"' + b"9" * 100_000 + b'"'
