"""RDF made elsewhere: judged together, as the site will hold it after the run, and so in the process that has the catalog."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lod.guard import guarded
from lod.mapping.record.apply import map_record
from lod.publish.judge import KeyedRecord, Outcome, mapped_or_finding, outcome
from lod.publish.keys import key_of
from lod.publish.plan import Plan
from lod.report import Finding
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.writer import CatalogWriter

if TYPE_CHECKING:
    from lod.validation.foreign.ready_made import GivenFindings


class ReadyMade:
    """Judges records of RDF made elsewhere. `going` are the folded keys of what the run removes."""

    def __init__(self, plan: Plan, catalog: CatalogWriter, going: Collection[str]) -> None:
        self._plan = plan
        self._catalog = catalog
        self._going = going

    def judge(self, batch: Sequence[KeyedRecord]) -> list[Outcome]:
        """Return the outcome of each record, as `lod.publish.judge.judge` does of mapped ones."""
        return [self._outcome(keyed) for keyed in batch]

    def _outcome(self, keyed: KeyedRecord) -> Outcome:
        mapped = mapped_or_finding(keyed, self._plan.crosswalk, self._plan.moment)
        if isinstance(mapped, Finding):
            return Outcome((mapped,))
        found = guarded(
            lambda given: self._findings.about(given), mapped, "judged", place=keyed.record.place, record=mapped.key
        )
        return outcome(keyed, mapped, [found] if isinstance(found, Finding) else found)

    @cached_property
    def _findings(self) -> GivenFindings:
        """The findings about all RDF made elsewhere that the site will hold after this run."""
        from lod.validation.foreign.ready_made import GivenFindings
        from lod.validation.validate import ENGINES

        crosswalk, moment = self._plan.crosswalk, self._plan.moment
        staying = (
            record
            for record in self._catalog.given()
            if folded_name(key_of(record, crosswalk.settings)) not in self._going
        )
        claims = (line for record in staying for line in map_record(record, crosswalk, moment).claims)
        return GivenFindings(claims, self._plan.shapes, ENGINES[crosswalk.settings.engine])
