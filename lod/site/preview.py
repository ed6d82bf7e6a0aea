"""Records as they would be published: `lod publish --preview N`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.publish.judge import KeyedRecord, judge
from lod.publish.keys import key_of, no_key
from lod.publish.plan import Plan
from lod.rdf.claims import split_claim, to_graph
from lod.record import RDF_CLAIM, Record
from lod.report import Finding, Severity
from lod.sources import Item


@dataclass(frozen=True)
class Preview:
    """One record: what it would be published as (Turtle, "" where it would be refused), and what was found about it."""

    name: str
    place: str
    turtle: str
    findings: tuple[Finding, ...]


def previews(items: Iterable[Item], plan: Plan, most: int) -> Iterator[Preview]:
    """Yield the first records, mapped and validated as a run would; nothing is published, and rules about the whole store are not asked.

    Raises:
        SourceError: a source breaks off.
    """
    count = 0
    for item in items:
        if isinstance(item, Finding) and item.severity is Severity.VIOLATION:
            yield Preview(item.record, item.place, "", (item,))
        elif isinstance(item, Record):
            yield _preview(item, plan)
        else:
            continue
        count += 1
        if count == most:
            return


def _preview(record: Record, plan: Plan) -> Preview:
    try:
        key = key_of(record, plan.crosswalk.settings)
    except BadValueError as fault:
        return Preview(record.place, record.place, "", (no_key(record, str(fault)),))
    if record.about:
        claims = tuple(value.text for value in record.values if value.field == RDF_CLAIM)
        return Preview(key, record.place, _turtle(claims, plan), ())
    (outcome,) = judge([KeyedRecord(key, record)], plan.crosswalk, plan.shapes, plan.moment)
    return Preview(key, record.place, _turtle(outcome.mapped.claims, plan) if outcome.mapped else "", outcome.findings)


def _turtle(claims: Iterable[str], plan: Plan) -> str:
    graph = to_graph(map(split_claim, claims))
    for prefix, namespace in plan.crosswalk.vocabulary.prefixes.items():
        graph.bind(prefix, namespace)
    return graph.serialize(format="turtle")
