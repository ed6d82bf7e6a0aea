"""Readers: files in, records out, one room a family of formats; `formats` is the table of all. No mapping, no store, no network."""

from lod.sources.formats import SOURCES, Source, SourceFormat, find_files, find_source, open_source
from lod.sources.reading.known_files import FileWatch
from lod.sources.reading.source_defaults import NO_DEFAULTS, SourceDefaults
from lod.sources.reading.source_file import Item, SourceFile

__all__ = [
    "NO_DEFAULTS",
    "SOURCES",
    "FileWatch",
    "Item",
    "Source",
    "SourceDefaults",
    "SourceFile",
    "SourceFormat",
    "find_files",
    "find_source",
    "open_source",
]
