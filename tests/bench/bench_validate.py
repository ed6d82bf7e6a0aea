"""Records per second of validation: in batches and one at a time, with Core shapes and with the same rules as SPARQL.

    python tests/bench/bench_validate.py [records]

Prints figures and ratios of the machine it runs on; asserts nothing. Each figure is the best of three runs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lod import bundled
from lod.validation.rules.record_index import Names, index_claims
from lod.validation.rules.rule_context import RuleContext
from lod.validation.rules.table import check_record
from lod.validation.shapes import load_shapes
from lod.validation.validate import validate
from tests.helpers.shape_cases import TODAY, VALID_CLAIMS, copied, record_of

# Seven rules that stand in shapes/ or in code, said in SPARQL as well.
_SPARQL = {
    "X12": ("rt:RepositoryItem", "$this bibo:authorList ?head ; dcterms:creator ?value . "
            "FILTER NOT EXISTS { $this bibo:authorList/rdf:rest*/rdf:first ?value }"),
    "X13": ("rt:RepositoryItem", "$this bibo:authorList ?head . ?head rdf:rest* ?value . FILTER(?value != rdf:nil) "
            "FILTER(NOT EXISTS { ?value rdf:first ?f } || NOT EXISTS { ?value rdf:rest ?n })"),
    "X18": ("rt:RepositoryItem", "$this bibo:doi ?value . FILTER NOT EXISTS { $this datacite:hasIdentifier ?n . "
            "?n datacite:usesIdentifierScheme datacite:doi ; literal:hasLiteralValue ?value }"),
    "X10": ("rt:RepositoryItem", "$this bibo:pageStart ?s ; bibo:pageEnd ?value . "
            "FILTER(xsd:integer(STR(?s)) > xsd:integer(STR(?value)))"),
    "X03": ("foaf:Person", '$this foaf:name ?value . FILTER(REGEX(?value, "[0-9@;]| and |et al"))'),
    "X14": ("datacite:ResourceIdentifier", '$this literal:hasLiteralValue ?value . FILTER(STRLEN(?value) > 500)'),
    "X31": ("skos:Concept", "$this skos:broader+ $this . BIND($this AS ?value)"),
}  # fmt: skip


def main() -> None:
    number = max(100, int(sys.argv[1])) if len(sys.argv) > 1 else 500
    batch = [copied(record_of(VALID_CLAIMS), n) for n in range(1, number + 1)]
    few = batch[: max(1, number // 10)]
    shapes = load_shapes()
    context = RuleContext(Names(shapes.vocabulary), shapes.targeted, TODAY, shapes.qualifiers)
    described = [index_claims(record, context.names) for record in batch]
    figures = {
        f"batches of {number}": _rate(number, lambda: validate(batch, shapes, today=TODAY)),
        "one record at a time": _rate(len(few), lambda: [validate([record], shapes, today=TODAY) for record in few]),
        "rules in code alone": _rate(number, lambda: [list(check_record(record, context)) for record in described]),
    }
    with TemporaryDirectory() as folder:
        (Path(folder) / "sparql.ttl").write_text(_sparql_shapes(shapes.vocabulary.prefixes), encoding="utf-8")
        slower = load_shapes([bundled.SHAPES, Path(folder)])
        # They look beyond one record, so that records are judged one at a time; in a batch for the comparison's sake.
        together = replace(slower, alone=False)
        name = f"{len(_SPARQL)} of the rules in SPARQL too"
        figures[f"batches, {name}"] = _rate(len(few), lambda: validate(few, together, today=TODAY))
        figures[f"one at a time, {name}"] = _rate(
            len(few) // 5, lambda: [validate([record], slower, today=TODAY) for record in few[: len(few) // 5]]
        )
    first = next(iter(figures.values()))
    print(f"{len(VALID_CLAIMS)} claims a record, {len(shapes.rules)} rules")
    for name, rate in figures.items():
        print(f"{rate:10.0f} records/s  {rate / first:6.2f} of the first  {name}")


def _rate(number: int, run: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return number / min(times)


def _sparql_shapes(prefixes: dict[str, str]) -> str:
    text = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    for rule, (target, where) in _SPARQL.items():
        for prefix, iri in sorted(prefixes.items(), key=lambda pair: -len(pair[0])):
            where = _expanded(where, prefix, iri)
        text += (
            f"rt:shape\\/{rule} a sh:NodeShape ; sh:targetClass {target} ; sh:severity sh:Info ; "
            f"sh:sparql [ sh:message '{rule} Said in SPARQL, for the measurement.' ; "
            f"sh:select '''SELECT $this ?value WHERE {{ {where} }}''' ] .\n"
        )
    return text


def _expanded(where: str, prefix: str, iri: str) -> str:
    import re

    return re.sub(rf"(?<![\w/#]){prefix}:(\w+)", lambda match: f"<{iri}{match[1]}>", where)


if __name__ == "__main__":
    main()
