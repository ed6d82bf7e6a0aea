"""Sets: the collections and types of documents, and `openaire`. Source: OAI-PMH 2.0, section 2.6; OpenAIRE Guidelines 4.0."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from lod.rdf.coar import TYPES, coar_name
from lod.store.item_changes import HAS_FIELDS, IS_CITABLE
from lod.web.reading.reader import Reader

OPENAIRE = "openaire"

_COLLECTIONS = "id/collection/"


class Sets:
    """The sets of one generation."""

    def __init__(self, reader: Reader, groups: Iterable[str]) -> None:
        """Take the names of the groups of items (`ItemHistory.groups`)."""
        self._reader = reader
        self._start = reader.addresses.base + _COLLECTIONS
        self._groups = [name for name in groups if name != HAS_FIELDS]

    @cached_property
    def by_spec(self) -> dict[str, str]:
        """The groups by the setSpec of their sets, in its order."""
        return dict(sorted((spec, name) for name in self._groups if (spec := self.spec_of(name))))

    def spec_of(self, group: str) -> str:
        """Return the setSpec of a group, "" for one that is no set.

        A collection is named as DSpace names it, `col_1721.1_7582` of the handle 1721.1/7582.
        """
        if group == IS_CITABLE:
            return OPENAIRE
        if group.startswith(self._start):
            # A setSpec has no slash and no percent sign, and a colon parts levels.
            key = group.removeprefix(self._start).replace("/", "_").replace("%", "!").replace(":", "!3A")
            return f"col_{key}"
        return f"type_{group.removeprefix(TYPES)}" if group.startswith(TYPES) else ""

    def name_of(self, spec: str) -> str:
        """Return the name of a set."""
        group = self.by_spec[spec]
        if group == IS_CITABLE:
            return "Items with title, type and date of issue, for OpenAIRE"
        label = coar_name(group) if group.startswith(TYPES) else (self._reader.label(group) or ("",))[0]
        return label or group
