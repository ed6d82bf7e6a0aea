"""What became of one record: `lod explain`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lod.errors import StoreError
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.round_trip.rebuild import rebuild_values
from lod.mapping.values.iris import escaped, handle_key, handle_of
from lod.rdf.claims import Iri, split_claim
from lod.record import RDF_CLAIM
from lod.report import Fate, Finding
from lod.store.catalog.reader import Explained
from lod.store.generation.generations import Site
from lod.validation.shapes import Shapes


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
        """Return one row a value: field, value, language, fate, rule, why, claims, and those of them that are guessed."""
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
                "guessed": list(fate.guessed),
            }
            for value, fate in zip(self.known.record.values, self.known.fates, strict=True)
        ]


def explain_record(site: Path, name: str) -> Explanation | None:
    """Return what became of a record; None if it is not known.

    `name` is a key, an item IRI, an IRI that RDF made elsewhere describes, or the place of a refused record.

    Raises:
        StoreError: the site has no readable generation.
    """
    generation = Site(site).live()
    handle = handle_of(name, labelled=True)
    known = None
    for key in (name, *([handle_key(handle)] if handle else [])):
        known = known or (generation.catalog.explain(key) if generation else None)
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
    """Return where an old IRI redirects to, that a thing had before a better key of it appeared; None if nowhere.

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
        # RDF that was made elsewhere is published as it is: its claims are its values.
        return [{"field": RDF_CLAIM, "value": line, "language": ""} for line in version.claims]
    values = rebuild_values(map(split_claim, version.claims), crosswalk)
    return [{"field": value.field, "value": value.text, "language": value.language or ""} for value in values]


def explain_rule(name: str, crosswalk: Crosswalk, shapes: Shapes) -> dict[str, str] | None:
    """Return the parts of a rule by their names, those that it has; None where there is no such rule.

    `name` is that of a rule of a crosswalk ("dspace.toml, rule 79", "rule 79" of the first file that has one), or of a finding ("I17").
    """
    wanted = name.strip().casefold()
    rules = [
        rule for rule in crosswalk.rules if wanted in (rule.label.casefold(), rule.label.casefold().partition(", ")[2])
    ]
    if rules:
        return _parts(rules[0], crosswalk)
    judged = next((rule for id_, rule in shapes.rules.items() if id_.casefold() == wanted), None)
    return {"rule": judged.id, "severity": judged.severity.value, "message": judged.message} if judged else None


def _parts(rule: Rule, crosswalk: Crosswalk) -> dict[str, str]:
    def named(terms: Iterable[Iri]) -> str:
        return ", ".join(crosswalk.vocabulary.compact(term[1:-1]) for term in terms if term)

    example = rule.example
    parts = {
        "rule": rule.label,
        "field": ", ".join(rule.fields),
        "when": rule.when.pattern if rule.when else "",
        "kind": rule.kind,
        "property": named([rule.property]),
        "mirror": named(rule.mirrors),
        **rule.options,
        "keep": rule.keep,
        "example": f"{example.text!r} gives {example.out}" if example else "",
        "note": " ".join(rule.note.split()),
    }
    return {key: value for key, value in parts.items() if value}


def _state(known: Explained) -> str:
    if known.status == "refused":
        served = f"; the version of {known.published.generated} stays published" if known.published else ""
        return f"was refused{served}"
    if known.status == "removed":
        return f"was removed on {known.removed}"
    return f"is published, mapped {known.generated}"
