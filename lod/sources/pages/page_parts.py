"""Split the text of item pages into parts: the block of links, the table that is shown, the table of all fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lod.record import Value
from lod.sources.pages.page_labels import DISPLAY
from lod.sources.reading.field_names import FIELD_NAME

FUNDING = "Funding Information:"
TABLE_HEAD = re.compile(r"\W*DC Field\s*\|\s*Value\s*\|\s*Language\b", re.IGNORECASE)

_FIELD_ROW = re.compile(rf"\s*(?P<field>{FIELD_NAME})\s*\|(?P<rest>.*)", re.ASCII)
_LABEL_ROW = re.compile(r"\s*+(?P<label>[^|]{1,60}?)\s*\|(?P<rest>.*)")
_TAG = r"(?:-|[A-Za-z]{1,8}(?:[_-][A-Za-z0-9]{1,8})*)"
_CLOSED = re.compile(rf"(?P<text>.*)\|\s*(?:(?P<language>{_TAG})\s*)?\|\s*", re.DOTALL)
_WITHOUT_LAST_BAR = re.compile(r"(?P<text>.*)\s\|\s*(?P<language>-|[a-z]{2,3}(?:[_-][A-Za-z]{2,4})*)\s*", re.DOTALL)
_PAGE_OPENINGS = ("file download", "links for fulltext")
_GLUED = re.compile(rf"\|\s*(?:{_TAG}\s*)?\|(?P<page>\ufeff?(?:{'|'.join(_PAGE_OPENINGS)}|title \|))", re.IGNORECASE)
_SURE_SCHEMAS = frozenset({"dc", "dcterms"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number from 1, its first byte's offset from 0, its text; bytes that are no UTF-8 are surrogates."""

    number: int
    offset: int
    text: str


@dataclass(slots=True)
class PageParts:
    """The parts of one page. `header` has the lines above the tables; `shown` label and text; `stray` what fits nowhere.

    `bad` is the line with the first byte that is not UTF-8.
    """

    first_line: int
    header: list[Line] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    table: list[Value] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)
    has_table: bool = False
    bad: Line | None = None


def split_lines(stream: Iterable[bytes]) -> Iterator[Line]:
    """Yield the lines of a file, without line ends and byte order marks.

    A page that begins on the last line of the one before, as where files without a last line break were joined,
    begins a line of its own.
    """
    offset = 0
    for number, raw in enumerate(stream, start=1):
        text = raw.decode("utf-8", errors="surrogateescape").rstrip("\r\n")
        glued = _GLUED.search(text)
        if glued:
            yield Line(number, offset, text[: glued.start("page")].removeprefix("\ufeff"))
        start = glued.start("page") if glued else 0
        before = len(text[:start].encode("utf-8", errors="surrogateescape"))
        yield Line(number, offset + before, text[start:].removeprefix("\ufeff"))
        offset += len(raw)


def split_pages(lines: Iterable[Line]) -> Iterator[PageParts]:
    """Yield the pages of a file. After a full table, text that is no row of it begins the next page."""
    parser: _Parser | None = None
    for line in lines:
        if parser is None or parser.ends_before(line):
            if parser is not None:
                yield parser.finish()
            parser = _Parser(line.number)
        parser.take(line)
    if parser is not None:
        yield parser.finish()


class _Parser:
    """Parser of one page, fed line by line."""

    def __init__(self, first_line: int) -> None:
        self.page = PageParts(first_line)
        self._field = ""
        self._label: str | None = None
        self._open: list[str] = []

    def ends_before(self, line: Line) -> bool:
        text = line.text.strip()
        if not text:
            return False
        if self.page.has_table:
            return self._table_ends_before(text)
        return bool(self.page.shown) and text.casefold() == _PAGE_OPENINGS[0]

    def _table_ends_before(self, text: str) -> bool:
        if _is_rule(text) or self._field_row(text):
            return False
        if TABLE_HEAD.match(text):
            return True
        if not self._field:
            return True
        opens = text.casefold() in _PAGE_OPENINGS or _is_known_label(text)
        return opens and self._lacks_last_bar()

    def _lacks_last_bar(self) -> bool:
        return _WITHOUT_LAST_BAR.fullmatch(self._open[-1]) is not None

    def take(self, line: Line) -> None:
        if self.page.bad is None and not _is_clean(line.text):
            self.page.bad = line
        text = line.text
        if TABLE_HEAD.match(text):
            self._close_label()
            self.page.has_table = True
        elif _is_rule(text) and not self._field:
            pass
        elif row := self._field_row(text):
            self._close_label()
            self._close_field()
            self.page.has_table = True
            self._field, self._open = row["field"], [row["rest"].lstrip()]
            self._close_field(only_if_whole=True)
        elif self._field and not text.strip() and self._lacks_last_bar():
            self._close_field()
        elif self._field:
            self._open.append(text)
            self._close_field(only_if_whole=True)
        elif not self.page.has_table and text.strip():
            self._take_shown(line)

    def _field_row(self, text: str) -> re.Match[str] | None:
        row = _FIELD_ROW.fullmatch(text)
        if row is None or not self._field:
            return row if row and (self.page.has_table or _CLOSED.fullmatch(row["rest"])) else None
        # Inside an open row the next one is only believed when its schema is one that pages have.
        schema = row["field"].partition(".")[0]
        return row if schema in _SURE_SCHEMAS or schema == self._field.partition(".")[0] else None

    def _close_field(self, *, only_if_whole: bool = False) -> None:
        # Only the last line is looked at while a row is open, so that a long value takes no longer than its length.
        if not self._field or (only_if_whole and not _CLOSED.fullmatch(self._open[-1])):
            return
        joined = "\n".join(self._open)
        row = _CLOSED.fullmatch(joined) or _WITHOUT_LAST_BAR.fullmatch(joined)
        text = (row["text"] if row else joined.rstrip().removesuffix("|")).strip()
        language = row["language"] if row else None
        if text:
            self.page.table.append(Value(self._field, text, None if language == "-" else language))
        self._field, self._open = "", []

    def _take_shown(self, line: Line) -> None:
        text = line.text
        row = _LABEL_ROW.fullmatch(text)
        if row and (_is_known_label(text) or (text.rstrip().endswith("|") and self._may_begin(row))):
            self._close_label()
            self._label, self._open = row["label"].strip(), [row["rest"].strip()]
            if self._open[0] or "|" in row["rest"]:
                self._close_label(only_if_whole=True)
        elif self._label is not None:
            self._open.append(text)
            self._close_label(only_if_whole=True)
        elif text.lstrip().startswith(FUNDING):
            self._label, self._open = "", [text]
            self._close_label(only_if_whole=True)
        elif self.page.shown:
            self.page.stray.append(line)
        else:
            self.page.header.append(line)

    def _may_begin(self, row: re.Match[str]) -> bool:
        if row["label"].lstrip().startswith(FUNDING):
            return False
        return self._label is None or (not any(self._open) and bool(row["rest"].strip(" |")))

    def _close_label(self, *, only_if_whole: bool = False) -> None:
        if self._label is None or (only_if_whole and not self._open[-1].rstrip().endswith("|")):
            return
        self.page.shown.append((self._label, "\n".join(self._open).rstrip(" |\t\n").strip()))
        self._label, self._open = None, []

    def finish(self) -> PageParts:
        self._close_label()
        self._close_field()
        return self.page


def _is_rule(text: str) -> bool:
    return "---" in text and not text.strip(" \t|:-")


def _is_known_label(text: str) -> bool:
    label, bar, _ = text.partition("|")
    return bool(bar) and label.strip().casefold() in DISPLAY


def _is_clean(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= character <= "\udcff" for character in text)
