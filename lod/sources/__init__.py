"""Sources: one module a format, all of them yielding records."""

from lod.sources.files import Item, SourceFile
from lod.sources.formats import SOURCES, Source, SourceFormat, find_files, find_source, open_source

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
