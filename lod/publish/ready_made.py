"""RDF made elsewhere: judged together, as the site will hold it after the run, and so in the process that has the catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lod.guard import guarded
from lod.mapping.mapped import Mapped
from lod.mapping.record.apply import map_record
from lod.publish.judge import KeyedRecord, Outcome, mapped_or_finding, outcome
from lod.publish.keys import key_of
from lod.publish.plan import Plan
from lod.rdf.claims import split_claim
from lod.report import Finding, Severity
from lod.store.catalog.ownership import folded_name
from lod.store.catalog.writer import CatalogWriter
from lod.store.oxigraph import stored_form

if TYPE_CHECKING:
    from lod.validation.foreign.ready_made import GivenFindings


def _rewritten(mapped: Mapped, place: str) -> Iterator[Finding]:
    """Yield a finding for each literal that the store keeps as a value and writes in another form (docs/adr/0018)."""
    for line in mapped.claims:
        if (form := stored_form(line)) != line:
            given, stored = split_claim(line)[2], split_claim(form)[2]
            value = f"{given} is published as {stored}"
            yield Finding("literal-form", Severity.INFO, _REWRITTEN, record=mapped.key, place=place, value=value)


_REWRITTEN = (
    "A number, truth value, date or time is published in the canonical form of its value, the one in which the store holds it. "
    "Nothing is to be done, unless the form matters: then give it as a text."
)


class ReadyMade:
    """Judges records of RDF made elsewhere. `going` are the folded keys of what the run removes."""

    def __init__(self, plan: Plan, catalog: CatalogWriter, going: Collection[str]) -> None:
        self._plan = plan
        self._catalog = catalog
        self._going = going

    def outcome(self, keyed: KeyedRecord) -> Outcome:
        """Return the outcome of a record, as `lod.publish.judge.judge` does of mapped ones."""
        mapped = mapped_or_finding(keyed, self._plan.crosswalk, self._plan.moment)
        if isinstance(mapped, Finding):
            return Outcome((mapped,))
        found = guarded(
            lambda given: self._findings.about(given), mapped, "judged", place=keyed.record.place, record=mapped.key
        )
        told = [found] if isinstance(found, Finding) else [*found, *_rewritten(mapped, keyed.record.place)]
        return outcome(keyed, mapped, told)

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
