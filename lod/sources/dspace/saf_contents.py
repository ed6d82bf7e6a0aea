"""The file `contents` of an item in the Simple Archive Format: the deposited files and their attributes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from lod.record import File, Value
from lod.sources.parsing.media_types import media_type_of

FILE, DESCRIPTION, PRIMARY, PERMISSIONS, REST = (
    "saf.file", "saf.description", "saf.primary", "saf.permissions", "saf.contents",
)  # fmt: skip

_ATTRIBUTE = re.compile(r"(bundle|permissions|description|primary):\s*(.*)", re.DOTALL)
_BETWEEN = re.compile(r"(?<!\s)\s++(?=(?:bundle|permissions|description|primary):)")
_TYPED_TAB = re.compile(r"\\t(?=(?:bundle|permissions|description|primary):)")
_REGISTERED = re.compile(r"-r\s+-s\s+\d+\s+-f\s+(?P<path>\S.*)")
_LICENCE = "license.txt"


def read_contents(text: str, size_of: Callable[[str], int | None]) -> Iterator[File | Value]:
    """Yield each deposited file and the values that are kept of it, line by line.

    A line is a file's name and, after tabs, `bundle:`, `description:`, `permissions:` and `primary:true`; names may hold
    slashes and colons. A tab may be typed as a backslash and a t. Files in DSpace's own store are written `-r -s 1 -f path`. Without a bundle a file belongs to
    ORIGINAL, the licence to LICENSE. Other attributes are kept with their line (`saf.contents`).

    Source: DSpace documentation, "Importing and Exporting Items via Simple Archive Format".
    """
    for line in text.splitlines():
        if line.strip():
            yield from _line(line.strip(), size_of)


def _line(line: str, size_of: Callable[[str], int | None]) -> Iterator[File | Value]:
    line = _TYPED_TAB.sub("\t", line)
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
        if known.get("description"):
            yield Value(DESCRIPTION, f"{shown}: {known['description']}")
    if known.get("primary", "").lower() == "true":
        yield Value(PRIMARY, shown)
    if known.get("permissions"):
        yield Value(PERMISSIONS, f"{shown}: {known['permissions']}")
    if any(part.strip() and not _ATTRIBUTE.fullmatch(part.strip()) for part in attributes):
        yield Value(REST, line)
