"""The state of a site: `lod status`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lod.errors import StoreError
from lod.harvest import harvest_status
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import Settings
from lod.store.generation.generations import Site
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.find.index import QualityIndex
from lod.store.quality.values.accept_file import ACCEPT_FILE
from lod.store.quality.values.acceptances import Acceptance

MOST_REFUSED = 50
"""Refused records that `lod status` names; `lod explain` takes any of them."""


def validation_report(folder: Path, settings: Settings, rule: str = "") -> str:
    """Return the findings of the live generation, or those of one rule, as a sh:ValidationReport in Turtle.

    Source: W3C SHACL, section 3.6.

    Raises:
        StoreError: the site has no readable generation.
    """
    from lod.validation.report_graph import to_turtle

    live = Site(folder).live()
    findings = live.catalog.findings(rule=rule) if live else iter(())
    return to_turtle(findings, settings.base_iri, settings.vocabulary_namespace)


def removals(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield IRI and date of removal (ISO 8601) of everything that was removed from a site.

    Raises:
        StoreError: the live generation cannot be read.
    """
    live = Site(folder).live()
    if live is not None:
        yield from live.catalog.removals()


def stale_acceptances(folder: Path, accepted: Sequence[Acceptance]) -> Iterator[str]:
    """Yield a hint for each acceptance of a site's accept.csv that accepts nothing of what is published.

    Raises:
        StoreError: the live generation cannot be read.
    """
    live = Site(folder).live() if accepted else None
    index = QualityIndex.open(live.directory / QUALITY) if live else None
    for one in accepted if index else ():
        if index and not index.accepts_something(one):
            yield (
                f"{folder / ACCEPT_FILE}: rule {one.rule} has found nothing about {one.folded}, so that there is nothing to accept; "
                "correct the line, or delete it if the record has been mended"
            )


def rules_with_findings(folder: Path) -> list[str]:
    """Return the names of the rules of which the live generation has findings, sorted.

    Raises:
        StoreError: the live generation cannot be read.
    """
    live = Site(folder).live()
    return sorted({name for name, *_ in live.catalog.finding_counts()}) if live else []


def site_status(folder: Path, rule: str = "") -> dict[str, Any]:
    """Return generations, counts, the last run and findings of a site, ready for JSON; those of one rule if it is named.

    Raises:
        StoreError: a generation cannot be read.
    """
    site = Site(folder)
    try:
        return _status_of(site, rule)
    except StoreError as fault:
        # The way out is another generation, so name them.
        kept = ", ".join(generation.name for generation in site.generations() if generation.name not in str(fault))
        raise StoreError(f"{fault}; other generations that are kept: {kept or 'none'}") from fault


def _status_of(site: Site, rule: str) -> dict[str, Any]:
    folder, live = site.folder, site.live()
    if live is None:
        return {
            "generations": [],
            "counts": {},
            "last_run": None,
            "findings": [],
            "by_field": [],
            "by_collection": [],
            "refused": [],
            "sources": harvest_status(folder),
        }
    catalog = live.catalog
    compact = load_vocabulary().compact
    return {
        "generations": [
            {
                "name": generation.name,
                "created": generation.created,
                "live": generation.name == live.name,
                **generation.counts,
            }
            for generation in site.generations()
        ],
        "counts": catalog.counts(),
        "last_run": catalog.report(),
        "findings": [
            {"rule": name, "severity": severity, "message": message, "count": count}
            for name, severity, message, count in catalog.finding_counts()
            if not rule or name == rule
        ],
        "by_field": [
            {"field": compact(field), "rule": name, "severity": severity, "count": count}
            for field, name, severity, count in catalog.finding_counts_by_field(rule)
        ],
        "by_collection": [
            {"collection": collection, "severity": severity, "count": count}
            for collection, severity, count in catalog.finding_counts_by_collection(rule)
        ],
        "refused": catalog.refused(MOST_REFUSED),
        "sources": harvest_status(folder),
    }
