"""Entities of DSpace 7 and DSpace-CRIS: which of them are publications, and what is said of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lod.record import Record
from lod.report import Finding
from lod.sources.files import SourceFile

ENTITY_TYPE = "dspace.entity.type"

NOT_PUBLICATIONS = frozenset(
    {"Person", "OrgUnit", "Project", "Funding", "Equipment", "Event", "Journal", "JournalVolume", "JournalIssue"}
)
"""Entities that a publication points to. They get their IRIs from the publications that name them (MODEL 6.11).

Source: DSpace 7 documentation, "Configurable Entities"; DSpace-CRIS 7, file relationship-types.xml.
"""


@dataclass(slots=True)
class EntityTally:
    """The entities of a file that are left out because they are no publications, counted by type."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def takes(self, record: Record) -> bool:
        """Take a record that is no publication, and tell whether it was one."""
        for value in record.values:
            if value.field == ENTITY_TYPE and value.text in NOT_PUBLICATIONS:
                self.counts[value.text] += 1
                self.first.setdefault(value.text, record.place)
                return True
        return False

    def remarks(self, file: SourceFile) -> Iterator[Finding]:
        """Yield an info finding for each type of entity that was left out."""
        for name, count in sorted(self.counts.items()):
            yield file.remark(
                "entity",
                f"{count} {'item is' if count == 1 else 'items are'} of the entity type '{name}' and no publications; left "
                f"out, the first is {self.first[name]}. What publications say of them is published with the publications",
                field=ENTITY_TYPE,
                value=name,
            )
