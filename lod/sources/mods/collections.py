"""MODS files: collections and single records, without the envelope of a protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from lod.record import Record
from lod.settings.table import Settings
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text, prolog_end

_ROOT = re.compile(r"<(?:[\w.-]+:)?mods(?:Collection)?[\s>]")


def detect_mods(head: bytes, path: Path) -> bool:
    """Return whether a file is XML whose outermost element is `mods` or `modsCollection`."""
    del path
    text = head_text(head)
    return _ROOT.match(text, prolog_end(text)) is not None


def read_mods(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each element `mods`; its change date is that of `recordInfo`.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of its records.
    """
    from lod.sources.mods.element import mods_payload
    from lod.sources.parsing.xml_files import FoundElement, iter_elements, text_of

    ignored = Ignored(file, {})

    def read_one(found: FoundElement) -> Iterator[Item]:
        payload = mods_payload(found.element)
        ignored.take(payload.left_out)
        changed = found.element.find("{*}recordInfo/{*}recordChangeDate")
        if payload.values:
            modified = text_of(changed).strip() if changed is not None else None
            yield Record(file.source, file.place(found.where), payload.values, modified=modified or None)
        else:
            yield file.unreadable("no-metadata", found.where, "the record is empty; fill it in or delete it")

    yield from records_of(file, iter_elements(file, {"mods"}, settings), read_one, attrgetter("where"))
    yield from ignored.remark()
