"""What each column of a plain table most probably is: by the words of its header, and by the shape of its values (docs/adr/0045)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from lod import bundled
from lod.rdf.vocabulary import read_table
from lod.report import Finding
from lod.sources.reading.column_tables import KEY_FIELD, ColumnRow, kept_field
from lod.sources.reading.field_names import parse_header
from lod.sources.reading.source_file import SourceFile
from lod.sources.tables.plain_rows import PlainTable, Row, open_tables

WORDS = "headers.csv"
SAMPLES = 5
MOST_COUNTED = 200_000
"""Different values that are counted of one column; a table with more rows than this is seen from its first rows."""

_LONGEST_SAMPLE = 120
_LONGEST_KEY = 80
_FAIR_SHARE = 0.6
_NEARLY = 0.98
_MOST_TOGETHER = 4

_SHAPES: Mapping[str, re.Pattern[str]] = {
    "dc.identifier.doi": re.compile(
        r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s?)?10\.\d{4,9}/\S{1,500}", re.IGNORECASE
    ),
    "dc.identifier.uri": re.compile(
        r"(?:https?://hdl\.handle\.net/|https?://[^\s/]{1,255}/(?:[^\s/]{1,60}/){0,3}handle/|hdl:)\d+(?:\.\w+){0,5}/\S{1,200}",
        re.IGNORECASE,
    ),
    "dc.identifier.issn": re.compile(r"\d{4}-\d{3}[\dXx](?:\s*[;,|]\s*\d{4}-?\d{3}[\dXx]){0,5}"),
    "dc.identifier.isbn": re.compile(r"(?:97[89][- ]?)?\d{1,5}[- ]\d{1,7}[- ]\d{1,7}[- ][\dXx]|97[89]\d{10}"),
}
"""Values whose shape says what they are, whatever the header."""

_CHECKS: Mapping[str, re.Pattern[str]] = {
    "dc.identifier.doi": re.compile(r".{0,60}\b10\.\d{4,9}/\S", re.DOTALL),
    "dc.identifier.issn": re.compile(r"\d{4}-?\d{3}[\dXx]"),
    "dc.identifier.eissn": re.compile(r"\d{4}-?\d{3}[\dXx]"),
    "dc.identifier.isbn": re.compile(r"[\d\s-]{9,20}[\dXx]?"),
    "dc.identifier.uri": re.compile(r"(?:https?://|hdl:|urn:)\S|\d+(?:\.\w+){0,5}/\S", re.IGNORECASE),
    "dc.identifier.pmid": re.compile(r"(?:pmid:?\s?)?\d{1,9}|https?://", re.IGNORECASE),
    "dc.identifier.issue": re.compile(r"\d"),
    "dc.date.issued": re.compile(r"\D{0,15}(?:1[4-9]|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"),
    "dc.contributor.author": re.compile(r"[^\W\d_]"),
    "dc.title": re.compile(r".*?[^\W\d_]"),
}
"""What the values of a field begin with at least, so that the words of a header do not mislead."""

_KEY, _ADDRESS, _FAMILY, _GIVEN = "key", "address", "family", "given"
"""Words of headers.csv that are no fields: what names the record, a web address, and the halves of a name."""

_KEYS = ("dc.identifier.doi", "dc.identifier.pmid", "dc.identifier.uri", "dc.identifier.isi", "dc.identifier.scopus")
_AUTHOR = "dc.contributor.author"
_KEYWORDS = "dc.subject"
_PAGES, _EXTENT = "dc.format.pagerange", "dc.format.extent"
_JOURNAL = ("dc.relation.ispartof", "dc.identifier.volume", "dc.identifier.issue")
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_NUMBER = re.compile(r"\d{1,5}")
_WEB = re.compile(r"https?://[^\s/]{1,255}/\S{1,2048}", re.IGNORECASE)
_MAY_NAME = ("", "dc.title", *_KEYS)
_SINGLE = ("dc.title", "dc.date.issued", "dc.type", "dc.identifier.doi")
_LISTS = ("dc.contributor.", "dc.subject", "dc.identifier.issn", "dc.identifier.isbn", "dc.language")


@dataclass
class Column:
    """One column as the rows show it, and what it is proposed to be."""

    name: str
    position: int
    filled: int = 0
    samples: list[str] = field(default_factory=list)
    row: ColumnRow = field(default_factory=lambda: ColumnRow(""))
    _different: set[int] = field(default_factory=set)
    _seen: list[str] = field(default_factory=list)
    _longest: int = 0
    is_counter: bool = True

    def count(self, cell: str) -> None:
        """Count a cell; a blank one is none."""
        text = cell.strip()
        if not text:
            return
        self.filled += 1
        self._longest = max(self._longest, len(text))
        self.is_counter = self.is_counter and text == str(self.filled)
        new = hash(text) not in self._different
        if new and len(self._different) < MOST_COUNTED:
            self._different.add(hash(text))
            if len(self._seen) < 200:
                self._seen.append(text)
            if len(self.samples) < SAMPLES:
                self.samples.append(text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…")

    @property
    def different(self) -> int:
        """How many different values there are."""
        return len(self._different)

    def share(self, shape: re.Pattern[str], *, whole: bool) -> float:
        """Return how many of the first values have a shape, as a part of all."""
        matches: Callable[[str], object] = shape.fullmatch if whole else shape.match
        return sum(bool(matches(text)) for text in self._seen) / len(self._seen) if self._seen else 0.0

    def names_rows(self, rows: int) -> bool:
        """Return whether every row has a value of its own here, short enough for an IRI, and not the number of the row."""
        return self.filled == rows == self.different and self._longest <= _LONGEST_KEY and not self.is_counter

    def separator(self, field_: str) -> str:
        """Return what separates values of a field in the cells, "" where nothing shows it."""
        for sign in ("|", ";"):
            # Two bars separate everywhere.
            if sum(sign in text.replace("||", "") for text in self._seen) >= 0.05 * len(self._seen) > 0:
                return sign
        lists = [text for text in self._seen if "," in text]
        parts = [part.strip() for text in lists for part in text.split(",")]
        if parts and sum(len(part.split()) > 1 and part[0].isalpha() for part in parts) >= 0.8 * len(parts):
            # "Ana Silva, João Souza": whole names; in "Silva, Ana" no part is one.
            return ","
        after = [part.strip() for text in lists for part in text.split(",")[1:] if part.strip()]
        if field_ == _KEYWORDS and after and sum(part[0].islower() for part in after) >= 0.8 * len(after):
            # "salt, marsh": keywords; in "Lupus, Systemic" the comma is part of a heading.
            return ","
        return ""


@dataclass(frozen=True)
class Proposal:
    """What the columns of a table most probably are.

    Attributes:
        file: the file; sheet: the sheet of a workbook that was looked at, "" where there is none.
        keyless: how many rows no column with an identifier names.
        candidates: columns, alone or together, that would name every row for itself, the best first.
    """

    file: SourceFile
    sheet: str
    rows: int
    columns: list[Column]
    keyless: int
    candidates: list[tuple[Column, ...]]

    def with_keys(self, names: Sequence[str]) -> list[ColumnRow]:
        """Return the rows of the table of columns, those columns the key."""
        return [
            ColumnRow(row.column, "" if row.field == KEY_FIELD else row.field, row.separator, "key")
            if row.column in names
            else row
            for row in (column.row for column in self.columns)
        ]


def read_words(site: Path | None) -> dict[str, str]:
    """Return the fields that words of headers stand for; those of a site's own maps/headers.csv win.

    Raises:
        ConfigError: a file has no such columns.
    """
    words: dict[str, str] = {}
    for folder in (bundled.VOCAB / "maps", *([site / "maps"] if site else [])):
        if (folder / WORDS).exists():
            words |= {plain(row["from"]): row["field"] for row in read_table(folder / WORDS, ("from", "field"))}
    return words


def plain(name: str) -> str:
    """Return the words of a header without case, accents and signs."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(sign for sign in text if not unicodedata.combining(sign))))


def propose(file: SourceFile, words: Mapping[str, str]) -> Proposal | None:
    """Return what the columns of a file most probably are, None where it is no table; of a workbook the sheet with most rows.

    Raises:
        SourceError: the file cannot be read to its end.
    """
    best: Proposal | None = None
    with ExitStack() as stack:
        for table in stack.enter_context(open_tables(file, ())):
            if isinstance(table, PlainTable):
                found = _of_table(file, table, words)
                best = found if best is None or found.rows > best.rows else best
    return best if best and best.columns else None


def _of_table(file: SourceFile, table: PlainTable, words: Mapping[str, str]) -> Proposal:
    columns = [Column(name, position) for position, name in enumerate(table.names, start=1)]
    counted = Counter(_profiled(columns, table.rows))
    rows = counted.total()
    columns = [column for column in columns if column.name and (column.filled or column.name != "more")]
    _name(columns, rows, words)
    named = {column.position - 1 for column in columns if column.row.use == "key" or column.row.field in _KEYS}
    keyless = sum(times for filled, times in counted.items() if not named & filled)
    candidates = list(_candidates(columns, rows, words)) if keyless else []
    if keyless and not any(column.different == rows for candidate in candidates for column in candidate):
        candidates += _together(file, table.sheet, columns)
    return Proposal(file, table.sheet, rows, columns, keyless, candidates)


def _profiled(columns: Sequence[Column], rows: Iterable[Row | Finding]) -> Iterator[frozenset[int]]:
    """Count the cells of each row, and yield which are filled of those that may be keys."""
    for row in rows:
        if isinstance(row, Finding):
            continue
        cells = row[1]
        for column, cell in zip(columns, cells, strict=False):
            column.count(cell)
        yield frozenset(at for at, cell in enumerate(cells) if cell.strip())


def _name(columns: Sequence[Column], rows: int, words: Mapping[str, str]) -> None:
    """Propose the field of each column; of several with one field that has one value, the fullest has it."""
    _name_each(columns, words)
    for single in _SINGLE:
        same = [column for column in columns if column.row.field == single and not _names_a_field(column)]
        for column in sorted(same, key=lambda column: -column.filled)[1:]:
            column.row = ColumnRow(column.name, single, "", "fallback")
    if not any(column.row.field in _JOURNAL for column in columns):
        _take_numbers_of_pages(columns)
    if not any(column.row.field in _KEYS and column.filled == rows for column in columns):
        _choose_key([column for column in columns if not column.row.field and column.filled == rows], words)


def _take_numbers_of_pages(columns: Sequence[Column]) -> None:
    """Take "120" for how many pages there are; beside a journal it is the page where an article begins."""
    for column in columns:
        if column.row.field == _PAGES and not _names_a_field(column) and column.share(_NUMBER, whole=True) >= 0.9:
            column.row = ColumnRow(column.name, _EXTENT)


def _choose_key(full: Sequence[Column], words: Mapping[str, str]) -> None:
    """Make the first column that is an id, else the first of web addresses, the one that names each row."""
    different = [column for column in full if column.different == column.filled]
    ids = (column for column in different if _is_id(column, words) and column.names_rows(column.filled))
    addresses = (
        column
        for column in different
        if words.get(plain(column.name)) == _ADDRESS and column.share(_WEB, whole=True) == 1
    )
    if key := next(ids, None):
        key.row = ColumnRow(key.name, "", "", "key")
    elif address := next(addresses, None):
        address.row = ColumnRow(address.name, "dc.identifier.uri")


def _name_each(columns: Sequence[Column], words: Mapping[str, str]) -> None:
    """Propose a field for each column by itself; where the halves of the authors' names have columns, these are the authors."""
    halves = {
        half: next((column for column in columns if words.get(plain(column.name)) == half), None)
        for half in (_FAMILY, _GIVEN)
    }
    has_halves = all(halves.values())
    for column in columns:
        found = _field_of(column, words)
        if has_halves and column in halves.values():
            column.row = ColumnRow(column.name, _AUTHOR, "", words[plain(column.name)])
        elif found and not (has_halves and found == _AUTHOR):
            column.row = ColumnRow(column.name, found, column.separator(found) if found.startswith(_LISTS) else "")
        else:
            column.row = ColumnRow(column.name)


def _names_a_field(column: Column) -> bool:
    """Return whether a header is a field itself, such as dc.title[en]."""
    return any(not found.scheme for found in parse_header([column.name]).columns)


def _is_id(column: Column, words: Mapping[str, str]) -> bool:
    name = plain(column.name)
    return words[name] == _KEY if name in words else any(words.get(word) == _KEY for word in name.split())


def _field_of(column: Column, words: Mapping[str, str]) -> str:
    """Return the field of a column: its header where that is one, by its shape, its whole header, or one word of that."""
    if _names_a_field(column):
        return parse_header([column.name]).columns[0].field
    for field_, shape in _SHAPES.items():
        if column.share(shape, whole=True) >= 0.9:
            return field_
    found = _by_words(column.name, words)
    if found in (_KEY, _ADDRESS, _FAMILY, _GIVEN):
        return ""
    check = _CHECKS.get(found)
    if check and column.filled and column.share(check, whole=False) < _FAIR_SHARE:
        return ""
    return found


def _by_words(header: str, words: Mapping[str, str]) -> str:
    """Return what the words of a header stand for: all of it, all but what is in brackets, or its only known word."""
    for name in (plain(header), plain(_BRACKETS.sub(" ", header))):
        if name in words:
            return words[name]
    known = {words[word] for word in name.split() if word in words}
    return known.pop() if len(known) == 1 else ""


def _candidates(columns: Sequence[Column], rows: int, words: Mapping[str, str]) -> Iterator[tuple[Column, ...]]:
    """Yield each column that would name all rows for itself, the best first; where there is none, those that nearly do.

    The number of the row names nothing: a sorted table would be another one. Nor do people, dates and subjects: that each
    has occurred once so far is chance.
    """
    full = [
        column
        for column in columns
        if column.filled == rows and not column.is_counter and column.row.field in _MAY_NAME
    ]
    alone = [column for column in full if column.different == rows]
    alone.sort(
        key=lambda column: (not _is_id(column, words), column.row.field not in ("", "dc.title"), column.position)
    )
    yield from ((column,) for column in alone)
    if alone:
        return
    nearly = [column for column in full if column.different >= _NEARLY * rows]
    yield from ((column,) for column in sorted(nearly, key=lambda column: -column.different))


def _together(file: SourceFile, sheet: str, columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Return the fewest columns that together distinguish most rows: title, year and author, then those with most values."""
    first = ("dc.title", "dc.date.issued", _AUTHOR)
    order = [column for name in first for column in columns if column.row.field == name]
    rest = [column for column in columns if column.row.field and column not in order]
    order = [*order, *sorted(rest, key=lambda column: -column.different)][:_MOST_TOGETHER]
    seen: list[set[int]] = [set() for _ in order]
    with open_tables(file, ()) as tables:
        for table in tables:
            if not isinstance(table, PlainTable) or table.sheet != sheet:
                continue
            for row in table.rows:
                if isinstance(row, Finding):
                    continue
                cells = tuple(row[1][column.position - 1].strip() for column in order if column.position <= len(row[1]))
                for number, found in enumerate(seen, start=1):
                    if len(found) < MOST_COUNTED:
                        found.add(hash(cells[:number]))
    best = max(map(len, seen), default=0)
    return [tuple(order[: number + 1]) for number, found in enumerate(seen) if len(found) == best][:1] if best else []


def kept_as(column: Column) -> str:
    """Return the field under which the values of a column without one are kept."""
    return kept_field(column.name, column.position)
