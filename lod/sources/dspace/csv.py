"""DSpace CSV: exports of `dspace metadata-export`, files of batch editing, and tables of the same form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lod.settings.table import Settings
from lod.sources.dspace.csv_table import read_table
from lod.sources.parsing.csv_rows import read_rows
from lod.sources.parsing.encodings import detect_encoding
from lod.sources.reading.field_names import find_header
from lod.sources.reading.source_file import Item, SourceFile, head_text


def detect_dspace_csv(head: bytes, path: Path) -> bool:
    """Return whether one of a file's first lines is a header with fields such as `dc.title[en_US]`, or `id,collection`."""
    del path
    return find_header(head_text(head).splitlines()) is not None


def read_dspace_csv(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield one record, tombstone or violation a row, and info findings about encoding, columns and separators.

    Raises:
        SourceError: there is no header with a field, or the file cannot be read to its end.
    """
    encoding = detect_encoding(file)
    if encoding.remark:
        yield file.remark("csv-encoding", encoding.remark)
    with file.reading() as stream:
        yield from read_table(file, read_rows(file, stream, encoding), settings, damaged=encoding.damaged)
