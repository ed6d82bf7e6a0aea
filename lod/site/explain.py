"""What became of one record, and the state of a site: `lod explain` and `lod status`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lod.errors import StoreError
from lod.harvest import harvest_status
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.round_trip.compare import rebuild_values
from lod.mapping.values.iris import escaped, handle_key, handle_of
from lod.rdf.claims import split_claim
from lod.rdf.vocabulary import load_vocabulary
from lod.record import RDF_CLAIM
from lod.report import Fate, Finding
from lod.settings.load import Settings
from lod.store.catalog.reader import Explained
from lod.store.generation.generations import Site

MOST_REFUSED = 50
"""Refused records that `lod status` names; `lod explain` takes any of them."""


@dataclass(frozen=True)
class Explanation:
    """One record as the catalog of the live generation knows it.

    `state` is a sentence: published when, refused and what is served instead, removed when.
    """

    name: str
    state: str
    place: str
    findings: tuple[Finding, ...]
    known: Explained

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a value: field, value, language, fate, rule, why, claims."""
        if self.known.record is None:
            return []
        return [
            {
                "field": value.field,
                "value": value.text,
                "language": value.language or "",
                "fate": Fate(fate.fate).value,
                "rule": fate.rule,
                "why": fate.why,
                "claims": list(fate.claims),
            }
            for value, fate in zip(self.known.record.values, self.known.fates, strict=True)
        ]


def explain_record(site: Path, name: str) -> Explanation | None:
    """Return what became of a record: a key, an item IRI, an IRI that given RDF describes, or the place of a refused record; None if it is not known.

    Raises:
        StoreError: the site has no readable generation.
    """
    generation = Site(site).live()
    handle = handle_of(name, labelled=True)
    known = None
    for one in (name, *([handle_key(handle)] if handle else [])):
        known = known or (generation.catalog.explain(one) if generation else None)
    if known is None and generation:
        given = generation.catalog.keys_given(escaped(name))
        if len(given) > 1:
            raise StoreError(f"{len(given)} files speak of {name}: {', '.join(given)}; ask for one by key")
        known = generation.catalog.explain(given[0]) if given else None
    if known is None:
        return None
    place = known.record.place if known.record else ""
    return Explanation(known.key, _state(known), place, known.findings, known)


def explain_redirect(site: Path, iri: str) -> str | None:
    """Return where an IRI leads that things had before a better key of theirs appeared, None if it leads nowhere.

    Raises:
        StoreError: the site has no readable generation.
    """
    generation = Site(site).live()
    return generation.catalog.moved_to(iri) if generation else None


def rebuilt_rows(site: Path, name: str, crosswalk: Crosswalk) -> list[dict[str, str]] | None:
    """Return field, value and language of a published record, rebuilt from what is published of it and nothing else.

    None where the record is not published.

    Raises:
        StoreError: the site has no readable generation.
    """
    explanation = explain_record(site, name)
    known = explanation.known if explanation else None
    version = known and (known if known.status == "published" else known.published)
    if not version:
        return None
    if known and known.record and known.record.about:
        # RDF that was made elsewhere is published as it stands: its claims are its values.
        return [{"field": RDF_CLAIM, "value": line, "language": ""} for line in version.claims]
    values = rebuild_values(map(split_claim, version.claims), crosswalk)
    return [{"field": value.field, "value": value.text, "language": value.language or ""} for value in values]


def _state(known: Explained) -> str:
    if known.status == "refused":
        served = f"; the version of {known.published.generated} stays published" if known.published else ""
        return f"was refused{served}"
    if known.status == "removed":
        return f"was removed on {known.removed}"
    return f"is published, mapped {known.generated}"


def validation_report(folder: Path, settings: Settings, rule: str = "") -> str:
    """Return all findings of the live generation (those of one rule if it is named) as a sh:ValidationReport in Turtle. Source: W3C SHACL, section 3.6.

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
        # Whoever reads this has to name another one.
        kept = ", ".join(one.name for one in site.generations() if one.name not in str(fault))
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
            {"name": one.name, "created": one.created, "live": one.name == live.name, **one.counts}
            for one in site.generations()
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
