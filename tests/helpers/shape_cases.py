"""Records for the tests of validation: the valid one, copies of it, and what the cases make of it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import pyoxigraph

from lod.mapping.mapped import Mapped
from lod.report import Finding
from lod.validation.rules.whole_store import ValueCount, findings_of_key, index_entries
from tests.helpers.paths import FIXTURES

DATA = FIXTURES / "shapes"
BASE = "https://example.org/"
KEY = "10722/129504"
TODAY = date(2026, 11, 23)
VALID = (DATA / "valid.ttl").read_text(encoding="utf-8")
PREFIXES = VALID.partition("# ---- ")[0]
CASES: dict[str, Any] = tomllib.loads((DATA / "cases.toml").read_text(encoding="utf-8"))
SERIAL = f"<{BASE}id/serial/0003-4967>"
ANNALS = "Annals of the Rheumatic Diseases"
QUALIFIERS = frozenset({"therapy", "immunology", "blood", "methods", "adverse effects"})


def claims_of(turtle: str) -> list[str]:
    """Return the triples of a Turtle text, with the prefixes of valid.ttl, as claims."""
    quads = pyoxigraph.parse(f"{PREFIXES}{turtle}", format=pyoxigraph.RdfFormat.TURTLE, base_iri=BASE)
    return sorted({f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads})


VALID_CLAIMS = claims_of(VALID.removeprefix(PREFIXES))


def record_of(claims: list[str], key: str = KEY) -> Mapped:
    return Mapped(key, f"{BASE}id/item/{key}", f"{BASE}data/item/{key}", "title", tuple(claims), (), ())


def patched(case: dict[str, Any]) -> Mapped:
    """Return the valid record with the triples of a case removed and added."""
    claims = VALID_CLAIMS
    for pattern in case.get("remove", ()):
        subject, predicate, object_ = pattern.split(" ", 2)
        anything = "<urn:any>"
        (line,) = claims_of(
            " ".join(anything if part == "*" else part for part in (subject, predicate, object_)) + " ."
        )
        wanted = line.split(" ", 2)
        kept = [
            claim
            for claim in claims
            if any(
                part not in (anything, f"{anything} .") and part != have
                for part, have in zip(wanted, claim.split(" ", 2), strict=True)
            )
        ]
        assert len(kept) < len(claims), f"{pattern!r} removes nothing"
        claims = kept
    return record_of(sorted({*claims, *claims_of(case.get("add", "")), *case.get("claims", ())}))


def copied(mapped: Mapped, number: int) -> Mapped:
    """Return a record with another key; what it shares with others stays the same."""
    key = f"10722/{number}"
    return record_of([claim.replace(KEY, key) for claim in mapped.claims], key)


def variant(number: int, doi: str = "", title: str = ANNALS, surname: str = "Lu", extra: str = "") -> Mapped:
    """Return a copy of the valid record with another handle, DOI, title of its journal and name of its known author."""
    key = f"10722/{number}"
    claims = [claim.replace(KEY, key) for claim in VALID_CLAIMS]
    for old, new in (
        ('"10.1136/ard.2009.123463"', f'"{doi or f"10.1136/ard.{number}"}"'),
        (f'"{ANNALS}"', f'"{title}"'),
        ('familyName> "Lu"', f'familyName> "{surname}"'),
    ):
        claims = [claim.replace(old, new) for claim in claims]
    return record_of(sorted({*claims, *claims_of(extra)}), key)


def found(records: list[Mapped], described: Collection[str] = ()) -> list[Finding]:
    index: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        for key, value in index_entries(record, with_handles=True):
            index[key][value].append(record.key)
    return [
        finding
        for key, values in sorted(index.items())
        for finding in findings_of_key(
            key,
            [ValueCount(value, len(keys), min(keys)) for value, keys in values.items()],
            lambda iri: iri in described,
        )
    ]
