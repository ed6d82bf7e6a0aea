"""Does a reader account for everything? Walk the texts of a source, and look for each in the record or in a remark.

A walker gives the pieces of a file, in order, each as its leaves: texts with the path of names that leads to them. A leaf is
accounted for when its words stand, in their order, among the words of the record (values, field names, languages, authority
keys, files, names of the item), or when a remark of the reader with the rule "left-out" names it.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from lod.record import Record, Tombstone
from lod.report import Finding, Severity


class Leaf(NamedTuple):
    """One text of a source, and the names that lead to it: ("name", "role", "roleTerm@type")."""

    path: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        return "/".join(self.path)


_INLINE = frozenset({"b", "i", "u", "sub", "sup"})
"""Elements within a text: what they mark may be a part of a word."""

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True, remove_comments=True)


def xml_root(data: bytes) -> etree._Element:
    """Return the root of a document, also of one that is not well-formed."""
    root = etree.fromstring(data, _PARSER)
    assert root is not None
    return root


def named(root: etree._Element, *names: str) -> list[etree._Element]:
    """Return the elements with one of the local names, those within another of them left out."""
    found = [element for element in root.iter("{*}*") if etree.QName(element).localname in names]
    inner = {below for element in found for below in element.iterdescendants() if below in found}
    return [element for element in found if element not in inner]


def xml_leaves(element: etree._Element, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield each text and each attribute of an element; where schemas lie and which attributes are nil says nothing."""
    for name, text in element.attrib.items():
        if text.strip() and not (str(name).startswith(_XSI) and not str(name).endswith("}type")):
            last = path[-1] if path else ""
            yield Leaf((*path[:-1], f"{last}@{etree.QName(name).localname}"), text)
    if any(etree.QName(child).localname in _INLINE for child in element.iterchildren("{*}*")):
        yield Leaf(path, "".join(element.itertext()))
        return
    for part in (element.text or "", *((child.tail or "") for child in element)):
        if part.strip():
            yield Leaf(path, part)
    for child in element.iterchildren("{*}*"):
        yield from xml_leaves(child, (*path, etree.QName(child).localname))


def json_leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield each text, number and truth value of JSON, and each name of a member that is no plain word."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from json_leaves(part, (*path, str(name)))
    elif isinstance(value, list):
        for part in value:
            yield from json_leaves(part, path)
    elif value is not None and str(value).strip():
        yield Leaf(path, str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))


def json_values(data: bytes) -> list:
    """Return the values of a file with one JSON document, or one a line."""
    text = data.decode("utf-8-sig")
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def csv_pieces(data: bytes, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Iterator[list[Leaf]]:
    """Yield the cells of each row under their header."""
    rows = csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter)
    header = next(rows)
    for row in rows:
        if any(cell.strip() for cell in row):
            yield [Leaf((name.strip(),), cell) for name, cell in zip(header, row, strict=False) if cell.strip()]


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
                "december")  # fmt: skip
_MONTH_NUMBER = {
    name: str(number) for names in (_MONTHS, _LONG_MONTHS) for number, name in enumerate(names, start=1)
} | {"sept": "9"}


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, accents, character references, signs, leading zeros."""
    plain = html.unescape(html.unescape(text))
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(character)
    )
    found = re.findall(r"[^\W_]+", plain.casefold())
    return [_MONTH_NUMBER.get(word, word.lstrip("0") or "0") if word.isascii() else word for word in found]


_BETWEEN_PARTS = re.compile(r"</?[\w:-]+>|\|\||::|--|[;,:\n\[\]()–—|-]|\band\b")


def _joined(text: str) -> str:
    plain = unicodedata.normalize("NFKD", html.unescape(html.unescape(text))).casefold()
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", plain)


class Haystack:
    """The words of a record."""

    def __init__(self, record: Record) -> None:
        texts: list[str] = []
        for value in record.values:
            texts += filter(None, (value.field, value.text, value.language, value.authority))
            if value.confidence is not None:
                texts.append(str(value.confidence))
        texts += filter(None, (record.handle, record.uuid, record.oai_identifier, record.url, record.modified))
        texts += record.collections
        for file in record.files:
            texts += (str(part) for part in _parts(file) if part is not None)
        self._words = f" {' '.join(' '.join(words(text)) for text in texts)} "
        self._run_together = "".join(map(_joined, texts))

    def holds(self, text: str) -> bool:
        """Return whether the text stands in the record, whole or in the parts into which readers take lists apart."""
        return self._holds(text) or all(self._holds(part) for part in _BETWEEN_PARTS.split(text))

    def _holds(self, text: str) -> bool:
        found = words(text)
        if not found or f" {' '.join(found)} " in self._words:
            return True
        joined = _joined(text)
        return len(joined) >= 6 and joined in self._run_together


def _parts(file) -> tuple:
    return (
        file.name,
        file.url,
        file.media_type,
        file.size_bytes,
        file.checksum,
        file.bundle,
        file.sequence,
        file.description,
    )


class Accounts(NamedTuple):
    """What became of the leaves of a file: how many there are, the lost ones, those that a remark names."""

    leaves: int
    lost: list[tuple[str, Leaf]]
    named: Counter[str]


_OF_THE_SOURCE = ("oai-incomplete", "no-records")
"""Violations that stand for no record of a file."""
_REMARKS = ("left-out", "csv-column", "csv-id")


def stands_for_a_record(finding: Finding) -> bool:
    """Return whether a finding of a reader is given in place of a record."""
    return finding.severity is Severity.VIOLATION and finding.rule not in _OF_THE_SOURCE


def left_out(items: Iterable[object]) -> dict[str, str]:
    """Return what the remarks of a reader name as left out, each with its message."""
    remarks = [item for item in items if isinstance(item, Finding) and item.rule in _REMARKS]
    assert all(item.severity is Severity.INFO and item.message.strip() for item in remarks)
    assert all(int(item.value) for item in remarks if item.rule == "left-out")
    return {item.field: item.message for item in remarks if item.field}


def account(pieces: Iterable[Iterable[Leaf]], items: list) -> Accounts:
    """Compare the pieces of a file with the items that its reader gives, one item a piece, in the same order.

    A tombstone and a violation in place of a record account for their piece.
    """
    given = [item for item in items if not isinstance(item, Finding) or stands_for_a_record(item)]
    pieces = list(pieces)
    assert len(pieces) == len(given), f"{len(pieces)} pieces, {len(given)} items"
    remarks = left_out(items)
    keys = {tuple(name.split("/")): name for name in remarks}
    lost: list[tuple[str, Leaf]] = []
    by_remark: Counter[str] = Counter()
    count = 0
    for piece, item in zip(pieces, given, strict=True):
        if not isinstance(item, Record):
            assert isinstance(item, Tombstone | Finding)
            continue
        haystack = Haystack(item)
        for leaf in piece:
            count += 1
            if haystack.holds(leaf.text):
                continue
            name = next((keys[key] for key in keys if _within(key, leaf.path)), None)
            if name is None:
                lost.append((item.place, leaf))
            else:
                by_remark[name] += 1
    return Accounts(count, lost, by_remark)


def _within(key: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Return whether names stand in a path one after the other."""
    bare = tuple(name.partition("@")[0] for name in path)
    starts = range(len(path) - len(key) + 1)
    return any(key in (path[start : start + len(key)], bare[start : start + len(key)]) for start in starts)


def told(accounts: Accounts) -> str:
    """Return the lost leaves for the message of a failed test: how many of each name, with the first."""
    counts = Counter(leaf.name for _, leaf in accounts.lost)
    first = {leaf.name: (place, leaf.text) for place, leaf in reversed(accounts.lost)}
    lines = (f"{count:6} {name}: {first[name][1][:80]!r} in {first[name][0]}" for name, count in counts.most_common(40))
    return f"{len(accounts.lost)} of {accounts.leaves} texts are lost\n" + "\n".join(lines)
