"""What a site says of one of its sources, in a table [[source]]: constants, fallbacks, separator, encoding, language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lod.record import Origin, Record, Value
from lod.settings.table import Settings
from lod.sources.reading.column_tables import ColumnTable
from lod.sources.reading.source_file import Item

Fields = tuple[tuple[str, tuple[str, ...]], ...]
"""Texts by field name, in the order of lod.toml."""


@dataclass(frozen=True)
class SourceDefaults:
    """What holds for the records of one source where they say nothing themselves.

    Attributes:
        name: name of the source; "" for a file that was named by its path.
        constants: values of fields that a record has no value of.
        fallbacks: fields whose values are taken as another field that a record has no value of; the first with a value is.
        separator: what separates values in a cell, "" for the site's setting.
        encoding: Python's name of the encoding of text files, "" to detect it.
        language: tag of the language of texts that have none.
        columns: the site's own tables of columns, which hold for all its sources.
    """

    name: str = ""
    constants: Fields = ()
    fallbacks: Fields = ()
    separator: str = ""
    encoding: str = ""
    language: str = ""
    columns: tuple[ColumnTable, ...] = ()

    def settings_of(self, settings: Settings) -> Settings:
        """Return the settings of the site for this source."""
        return replace(settings, value_separator=self.separator) if self.separator else settings

    def apply(self, items: Iterator[Item], keys: tuple[str, ...] = ()) -> Iterator[Item]:
        """Yield the items with what their source says of them; `keys` is what names a record of their format."""
        origin = Origin(self.name, keys, self.language)
        if origin == Origin() and not (self.constants or self.fallbacks):
            yield from items
            return
        for item in items:
            yield self._completed(item, origin) if isinstance(item, Record) and not item.about else item

    def _completed(self, record: Record, origin: Origin) -> Record:
        if not (self.constants or self.fallbacks):
            return replace(record, origin=origin)
        taken = tuple(self._taken(record))
        filled = {value.field for value in record.values}.union(field for _, field in taken)
        added = tuple(value for value in self._constants if value.field not in filled)
        return replace(record, origin=origin, values=record.values + added, taken_as=taken, defaults=len(added))

    @cached_property
    def _constants(self) -> tuple[Value, ...]:
        return tuple(Value(field, text) for field, texts in self.constants for text in texts)

    def _taken(self, record: Record) -> Iterator[tuple[int, str]]:
        """Yield the positions of values that are taken as another field, with that field."""
        positions: dict[str, list[int]] = {}
        for index, value in enumerate(record.values):
            positions.setdefault(value.field, []).append(index)
        spoken_for: set[int] = set()
        for target, sources in self.fallbacks:
            if target in positions:
                continue
            chosen = next((positions[source] for source in sources if source in positions), [])
            yield from ((index, target) for index in chosen if index not in spoken_for)
            spoken_for.update(chosen)


NO_DEFAULTS = SourceDefaults()
