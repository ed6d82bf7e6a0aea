"""accept.csv of a site: findings that a cataloguer has looked at and accepts, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from lod.errors import ConfigError
from lod.privacy import mask_addresses
from lod.rdf.vocabulary import LINE, read_table
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.packing import storable
from lod.store.quality.values.acceptances import Acceptance

ACCEPT_FILE = "accept.csv"
_NEEDED = ("rule", "record", "reason", "name", "date")
_COLUMNS = ("rule", "record", "field", "value", "reason", "name", "date")
_LONGEST_REASON = 300


def read_accepted(site: Path) -> tuple[Acceptance, ...]:
    """Return what the accept.csv of a site accepts; nothing where there is no such file.

    The names of those who accept stay in the file. E-mail addresses in reasons are masked, since pages show these.

    Raises:
        ConfigError: with every fault of the file.
    """
    path = site / ACCEPT_FILE
    if not path.exists():
        return ()
    rows = [row for row in read_table(path, _NEEDED) if any(text for name, text in row.items() if name != LINE)]
    faults = [fault for row in rows for fault in _faults(path, row)]
    found: dict[tuple[str, str, str, str], Acceptance] = {}
    for row in rows:
        one = _acceptance(row)
        if one[:4] in found:
            faults.append(f"{path}, line {row[LINE]}: the same is accepted in a line before; delete one of them")
        found[one[:4]] = one
    if faults:
        raise ConfigError(faults)
    return tuple(found.values())


def _faults(path: Path, row: Mapping[str, str]) -> Iterator[str]:
    place = f"{path}, line {row[LINE]}"
    for name in _NEEDED:
        if not row[name]:
            yield f"{place}: no {name}; a line has {', '.join(_NEEDED)}, and may have field and value"
    for name in row:
        if name not in (*_COLUMNS, LINE):
            yield f"{place}: unknown column '{name}'; known: {', '.join(_COLUMNS)}"
    if len(row["reason"]) > _LONGEST_REASON:
        yield f"{place}: the reason has {len(row['reason']):,} characters; write it in {_LONGEST_REASON} or fewer"
    if row["date"] and not _is_day(row["date"]):
        yield f"{place}: the date is {row['date']!r}; write the day as 2026-11-30"


def _acceptance(row: Mapping[str, str]) -> Acceptance:
    texts = (row["rule"], folded_name(row["record"]), row.get("field", ""), row.get("value", ""), row["reason"])
    rule, folded, field, value, reason = map(storable, texts)
    return Acceptance(rule, folded, field, value, mask_addresses(reason), row["date"])


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
