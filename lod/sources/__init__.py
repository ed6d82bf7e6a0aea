"""Sources: one module a format, all of them yielding records."""

from lod.sources.formats import SOURCES, Source, SourceFormat, find_files, find_source, open_source
from lod.sources.reading.source_file import Item, SourceFile

__all__ = [
    "SOURCES",
    "Item",
    "Source",
    "SourceFile",
    "SourceFormat",
    "find_files",
    "find_source",
    "open_source",
]
