"""Validation against raw pySHACL: every rule, on records of which some break shapes and rules.

    python tests/bench/bench_validate.py [records] [file of records]

Without a file, the records are the valid one of the tests and the failing examples of every rule, each many times. The peer is
pySHACL with the same shapes, as anybody would run it: an rdflib graph of all triples of 500 records, then one validation.
Prints CPU seconds (medians of three runs, in turns) and ratios of the machine it runs on; asserts nothing but that both find
the same results of shapes.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import rdflib

from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.mapped import Mapped
from lod.mapping.record.apply import map_record
from lod.rdf.claims import split_claim, to_graph
from lod.record import Record
from lod.settings.table import Settings
from lod.sources import open_source
from lod.validation.engines.compiled import compiled_shapes
from lod.validation.engines.engine import quiet
from lod.validation.rules.record_index import Names, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import CODE_RULES, UNREADABLE, check_record
from lod.validation.shapes import Shapes, load_shapes
from lod.validation.validate import ENGINES, validate
from tests.helpers.shape_cases import CASES, TODAY, VALID_CLAIMS, copied, patched, record_of

_BATCH = 500
_ROUNDS = 3
_PASSING_PER_FAILING = 3


def main() -> None:
    number = max(100, int(sys.argv[1])) if len(sys.argv) > 1 else 1_000
    shapes = load_shapes()
    records = _of_file(Path(sys.argv[2]), number) if len(sys.argv) > 2 else _of_cases(number)
    records = _readable(records, shapes)
    batches = [records[start : start + _BATCH] for start in range(0, len(records), _BATCH)]
    few = records[: max(1, len(records) // 10)]
    context = RuleContext(Names(shapes.vocabulary), shapes.targeted, TODAY, shapes.qualifiers)
    runs: dict[str, tuple[int, Callable[[], Any]]] = {
        "validate: index, rules in code, compiled shapes": (
            len(records),
            lambda: [validate(batch, shapes, today=TODAY) for batch in batches],
        ),
        "  index alone": (len(records), lambda: _each(records, context, lambda record: None)),
        "  index and rules in code": (
            len(records),
            lambda: _each(records, context, lambda record: list(check_record(record, context))),
        ),
        "  index and compiled shapes": (
            len(records),
            lambda: _each(records, context, lambda record: ENGINES["compiled"](record, shapes)),
        ),
        "validate with engine = pyshacl": (
            len(few),
            lambda: validate(few, shapes, today=TODAY, engine=ENGINES["pyshacl"]),
        ),
        "raw pySHACL: graphs of 500 records": (len(records), lambda: [_graph(batch) for batch in batches]),
        "raw pySHACL: graphs of 500 records, and validation": (
            len(records),
            lambda: [_raw(_graph(batch), shapes) for batch in batches],
        ),
    }
    start = time.process_time()
    compiled_shapes(shapes)
    print(f"compile the shapes, once in a process: {time.process_time() - start:.3f} CPU s")
    figures: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(_ROUNDS):
        for name, (count, run) in runs.items():
            start = time.process_time()
            run()
            figures[name].append((time.process_time() - start) / count)
    findings = validate(records, shapes, today=TODAY)
    print(
        f"{len(records)} records, {sum(len(record.claims) for record in records) / len(records):.0f} claims a record, "
        f"{len(shapes.rules)} rules, {len(findings)} findings in {len({finding.record for finding in findings})} records"
    )
    _compare(few, findings, shapes)
    first = statistics.median(figures[next(iter(figures))])
    for name, seconds in figures.items():
        middle = statistics.median(seconds)
        print(
            f"{middle * 1e6:10.0f} µs/record {1 / middle:8.0f} records/CPU s {middle / first:6.2f} of the first  {name}"
        )
    print(f"ratio of raw pySHACL to validate: {statistics.median(figures[name]) / first:.1f}")


def _of_cases(number: int) -> list[Mapped]:
    """Return copies of the valid record and, one in four, of those that break a rule."""
    broken = [patched(case) for case in CASES["case"] if "fails" in case]
    pattern = [record for case in broken for record in (case, *[record_of(VALID_CLAIMS)] * _PASSING_PER_FAILING)]
    return [copied(pattern[at % len(pattern)], at) for at in range(1, number + 1)]


def _of_file(path: Path, number: int) -> list[Mapped]:
    settings = Settings(base_iri="https://example.org/")
    crosswalk = load_crosswalk(settings)
    items = (item for item in open_source(path, settings) if isinstance(item, Record))
    return [map_record(item, crosswalk, f"{TODAY}T00:00:00Z") for item in islice(items, number)]


def _readable(records: Sequence[Mapped], shapes: Shapes) -> list[Mapped]:
    """Return the records that pySHACL survives."""
    unreadable = {f.record for f in validate(records, shapes, today=TODAY) if f.rule in UNREADABLE}
    return [record for record in records if record.key not in unreadable]


def _each(records: Sequence[Mapped], context: RuleContext, do: Callable[[Any], object]) -> None:
    with quiet():
        for record in records:
            do(index_claims(record, context.names))


def _graph(batch: Sequence[Mapped]) -> rdflib.Graph:
    with quiet():
        return to_graph(split_claim(line) for line in dict.fromkeys(line for record in batch for line in record.claims))


def _raw(graph: rdflib.Graph, shapes: Shapes) -> rdflib.Graph:
    import pyshacl

    with quiet():
        return pyshacl.validate(graph, shacl_graph=shapes.graph, advanced=False)[1]


def _compare(records: Sequence[Mapped], findings: Sequence[Any], shapes: Shapes) -> None:
    """Check that what compiled shapes find in some records is what pySHACL finds."""
    keys = {record.key for record in records}
    reference = validate(records, shapes, today=TODAY, engine=ENGINES["pyshacl"])
    assert [finding for finding in findings if finding.record in keys] == reference
    of_shapes = sum(finding.rule not in {rule.id for rule in CODE_RULES} for finding in reference)
    print(f"the same in pySHACL for {len(records)} of them, with {of_shapes} findings of shapes")


if __name__ == "__main__":
    main()
