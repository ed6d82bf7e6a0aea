"""Tables of columns: what each column of a plain table becomes, one CSV file a kind of table (docs/adr/0045)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from lod import bundled
from lod.errors import ConfigError
from lod.rdf.vocabulary import read_table
from lod.sources.reading.field_names import FIELD_NAME

FOLDER = "columns"
HEADER = ("column", "field", "separator", "use")
USES = ("key", "family", "given", "fallback", "needed", "omit")
"""What a column is for beside its field: it names the record; it holds half of a name; it counts where no other column gives
the field; the table is known by it; nothing of it is published."""

KEY_FIELD = "table.id"
_FIELD = re.compile(FIELD_NAME)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: the field that it becomes ("" for none), what separates its values, what it is for.

    A separator is a sign, a word such as "and", or several of them with blanks between: the first that a cell has counts.
    """

    column: str
    field: str = ""
    separator: str = ""
    use: str = ""


@dataclass(frozen=True)
class ColumnTable:
    """The columns of one kind of table. `label` is what messages call it: "columns/theses.csv"."""

    label: str
    rows: tuple[ColumnRow, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the columns as they are compared."""
        return frozenset(compared(row.column) for row in self.rows)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The columns by which a table is known: those that say so, else all that become something."""
        marked = {compared(row.column) for row in self.rows if row.use == "needed"}
        if marked:
            marked |= {compared(row.column) for row in self.rows if row.use == "key"}
        return frozenset(marked or {compared(row.column) for row in self.rows if row.field or row.use})

    def rows_for(self, names: Sequence[str]) -> list[ColumnRow]:
        """Return the row of each column of a header; a name that the header repeats takes the rows of that name in turn."""
        waiting: dict[str, list[ColumnRow]] = {}
        for row in self.rows:
            waiting.setdefault(compared(row.column), []).append(row)
        found = []
        for name in names:
            rows = waiting.get(compared(name))
            found.append(rows.pop(0) if rows else ColumnRow(name))
        return found

    def is_for(self, names: Iterable[str]) -> bool:
        """Return whether a table with these columns is one of the kind."""
        return bool(self.needed) and self.needed <= {compared(name) for name in names}


def compared(name: str) -> str:
    """Return the form in which names of columns are compared: NFC, no case, one space where there are several."""
    return unicodedata.normalize("NFC", " ".join(name.strip("\ufeff").split())).casefold()


def choose_table(names: Sequence[str], tables: Iterable[ColumnTable]) -> ColumnTable | None:
    """Return the table of columns that a header is for, of several the one that it has most columns of, None for none."""
    fitting = [table for table in tables if table.is_for(names)]
    known = {compared(name) for name in names}
    return max(fitting, key=lambda table: len(known & table.names), default=None)


@lru_cache(maxsize=1)
def shipped_tables() -> tuple[ColumnTable, ...]:
    """Return the tables of columns that come with the project: exports of databases and reference managers."""
    return _read_folder(bundled.VOCAB / FOLDER, "vocab/columns")


def site_tables(site: Path) -> tuple[ColumnTable, ...]:
    """Return the tables of columns in the folder `columns` of a site.

    Raises:
        ConfigError: with every fault of them.
    """
    return _read_folder(site / FOLDER, str(site / FOLDER))


def _read_folder(folder: Path, label: str) -> tuple[ColumnTable, ...]:
    faults: list[str] = []
    tables = [_read(path, f"{label}/{path.name}", faults) for path in sorted(folder.glob("*.csv"))]
    if faults:
        raise ConfigError(faults)
    return tuple(tables)


def _read(path: Path, label: str, faults: list[str]) -> ColumnTable:
    try:
        found = read_table(path, HEADER[:2])
    except ConfigError as fault:
        faults += fault.faults
        return ColumnTable(label, ())
    rows = [ColumnRow(**{name: row.get(name, "") for name in HEADER}) for row in found if any(row.values())]
    faults += (
        f"{label}, row {number} ({row.column or 'no column'}): {fault}"
        for number, row in enumerate(rows, start=1)
        for fault in _faults(row)
    )
    return ColumnTable(label, tuple(rows))


def _faults(row: ColumnRow) -> Iterator[str]:
    if not row.column:
        yield "no 'column'; write the header of a column of the table"
    if row.field and not _FIELD.fullmatch(row.field):
        yield f"{row.field!r} is no field name; write schema.element.qualifier, such as dc.title"
    if row.use and row.use not in USES:
        yield f"'use' is {row.use!r}; it takes one of: {', '.join(USES)}, or nothing"
    if row.use in ("family", "given", "fallback") and not row.field:
        yield f"'use' is {row.use!r}, which needs a 'field', such as dc.contributor.author"


def kept_field(column: str, position: int) -> str:
    """Return the field under which the values of a column without one are kept: "table.Peer-Review"."""
    name = re.sub(r"\W+", "-", unicodedata.normalize("NFC", column)).strip("-_")
    field = f"table.{name[:80] or f'column-{position}'}"
    # A column that is called so need not be the key.
    return "table.column-id" if field == KEY_FIELD else field
