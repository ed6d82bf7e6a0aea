"""Tables of columns of a site: propose one for a table that no format knows, and write it into the site."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from lod.disk.atomic import write_atomically
from lod.disk.os_errors import as_store_error
from lod.errors import ConfigError
from lod.sources import find_files
from lod.sources.reading.column_tables import FOLDER, HEADER, site_tables
from lod.sources.reading.source_file import SourceFile
from lod.sources.tables.proposals import Proposal, propose, read_words

NO_KEY = "none"
"""What represents no column: rows without an identifier are then refused one by one."""

_EXPLAINED = """\
# What the columns of {name} become. A spreadsheet opens this file; 'lod check' looks at it, 'lod publish' reads by it.
# column: the header, as the table has it. field: what it becomes, such as dc.title; empty keeps the values as table.NAME
# separator: what separates the values of a cell, ; or | or several with blanks between, of which the first in a cell counts
# use: key names the record, family and given are the halves of a name, fallback counts where no other column has the field,
#      omit is not published, needed marks what the table is known by (else all columns with a field or a use)
"""


_KEYED = frozenset({"dspace-csv", "dspace-xlsx"})
"""Formats of tables whose rows may lack all that names a record: a column may be said to."""


def propose_columns(
    path: Path, site: Path | None, encoding: str = "", *, with_key: bool = False, to_write: bool = False
) -> Proposal | None:
    """Return what the columns of a file most probably are, None where a format or the site knows them, or where it is no table.

    With a key that somebody names, tables of DSpace's fields are taken too; where the proposal is to be written, those of
    which no row has an identifier.

    Raises:
        ConfigError: a table of columns or of words is faulty.
        SourceError: the file cannot be read to its end.
    """
    tables = site_tables(site) if site else ()
    if not path.is_file():
        return None
    known = {source_format.name for _, source_format in find_files(path, None, encoding, tables)[0]}
    if known and not ((with_key or to_write) and known <= _KEYED):
        return None
    file = SourceFile(path.resolve(), encoding=encoding)
    proposal = propose(file, read_words(site)) if file.head().strip() else None
    return proposal if not known or with_key or (proposal and proposal.keyless == proposal.rows) else None


def write_columns(proposal: Proposal, keys: Sequence[str], site: Path) -> Path:
    """Write the table of columns of a proposal into the folder `columns` of a site; return its path.

    Raises:
        ConfigError: there is such a file already, or no column has one of the names.
        StoreError: it cannot be written.
    """
    known = [column.name for column in proposal.columns]
    unknown = [name for name in keys if name not in (*known, NO_KEY)]
    if unknown:
        raise ConfigError(f"{proposal.file.name}: no column {unknown[0]!r}; it has: {', '.join(known)}")
    path = site / FOLDER / f"{_file_name(proposal.file.path)}.csv"
    if path.exists():
        raise ConfigError(
            f"{path}: there is a table of columns of that name already, for other columns; it was left as it is. Change it, or "
            "rename it"
        )
    with as_store_error(path, "writing the table of columns"):
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, _text(proposal, keys))
    return path


def _file_name(path: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.name.partition(".")[0].lower()[:64]).strip("-") or "table"


def _text(proposal: Proposal, keys: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in proposal.with_keys(keys):
        # A line that starts with "#" is a comment.
        if row.column.startswith("#"):
            out.write(f'"{row.column}",{row.field},{row.separator},{row.use}\n')
        else:
            writer.writerow((row.column, row.field, row.separator, row.use))
    return _EXPLAINED.format(name=" ".join(proposal.file.name.split())) + out.getvalue()
