"""The key of an item by the settings of a site, and the finding about an item without one."""

from __future__ import annotations

from lod.mapping.values.iris import item_key
from lod.record import Record, Tombstone
from lod.report import Finding, Severity
from lod.settings.table import Settings


def key_of(item: Record | Tombstone, settings: Settings) -> str:
    """Return the key of an item.

    Raises:
        BadValueError: it has none; the text says why.
    """
    return item_key(item, settings.handle_prefix, settings.key_from)


def no_key(item: Record | Tombstone, reason: str) -> Finding:
    """Return the violation that refuses an item without a key."""
    message = f"{reason[0].upper()}{reason[1:]}."
    return Finding("no-key", Severity.VIOLATION, message, record=item.place, place=item.place)
