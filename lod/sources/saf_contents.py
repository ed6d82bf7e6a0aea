"""The file `contents` of an item in the Simple Archive Format: which files were deposited, and what is said of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from lod.record import File, Value

FILE, PRIMARY, PERMISSIONS, REST = "saf.file", "saf.primary", "saf.permissions", "saf.contents"

MEDIA_TYPES = {
    "avi": "video/x-msvideo",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "jp2": "image/jp2",
    "m4a": "audio/mp4",
    "md": "text/markdown",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ps": "application/postscript",
    "rdf": "application/rdf+xml",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "tex": "application/x-tex",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webm": "video/webm",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
"""Media types by ending, in lower case: those of DSpace's registry of bitstream formats, and of IANA.

A table, since that of the operating system says something else on every machine.
"""

_ATTRIBUTE = re.compile(r"(bundle|permissions|description|primary):\s*(.*)", re.DOTALL)
_BETWEEN = re.compile(r"\s+(?=(?:bundle|permissions|description|primary):)")
_REGISTERED = re.compile(r"-r\s+-s\s+\d+\s+-f\s+(?P<path>\S.*)")
_LICENCE = "license.txt"


def media_type_of(name: str) -> str | None:
    """Return the media type that a file's name stands for, None where its ending says nothing."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].strip().lower()) if "." in name else None


def read_contents(text: str, size_of: Callable[[str], int | None]) -> Iterator[File | Value]:
    """Yield each deposited file and the values that are kept of it, line by line.

    A line is a file's name and, after tabs, `bundle:`, `description:`, `permissions:` and `primary:true`; names may hold
    slashes and colons. Files in DSpace's own store are written `-r -s 1 -f path`. Without a bundle a file belongs to
    ORIGINAL, the licence to LICENSE. Other attributes are kept with their line (`saf.contents`).

    Source: DSpace documentation, "Importing and Exporting Items via Simple Archive Format".
    """
    for line in text.splitlines():
        if line.strip():
            yield from _line(line.strip(), size_of)


def _line(line: str, size_of: Callable[[str], int | None]) -> Iterator[File | Value]:
    name, *attributes = re.split(r"\t+", line) if "\t" in line else _BETWEEN.split(line)
    registered = _REGISTERED.fullmatch(name.strip())
    name = registered["path"].strip() if registered else name.strip()
    known = {match[1]: match[2].strip() for part in attributes if (match := _ATTRIBUTE.fullmatch(part.strip()))}
    shown = posixpath.basename(name) if registered else name
    bundle = known.get("bundle") or ("LICENSE" if name == _LICENCE else "ORIGINAL")
    yield File(
        shown,
        media_type=media_type_of(shown),
        size_bytes=None if registered else size_of(name),
        bundle=bundle,
        description=known.get("description") or None,
    )
    if bundle == "ORIGINAL":
        yield Value(FILE, shown)
    if known.get("primary", "").lower() == "true":
        yield Value(PRIMARY, shown)
    if known.get("permissions"):
        yield Value(PERMISSIONS, f"{shown}: {known['permissions']}")
    if any(part.strip() and not _ATTRIBUTE.fullmatch(part.strip()) for part in attributes):
        yield Value(REST, line)
