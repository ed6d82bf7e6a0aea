"""Findings about RDF that was made elsewhere and is published unchanged.

Resources are judged as `lod validate` judges them, each among all that it leads to. A resource that is marked as an item or
a record (rt:RepositoryItem, rt:Record) follows our model, and a violation keeps it out as it does a mapped one.
Of other resources a violation keeps out what is wrong in itself (`WRONG_ANYWHERE`) or against a shape of the site's own;
that they do not follow our model is a warning instead of a violation, and an info instead of a warning (docs/adr/0018).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod.disk.scratch import scratch_folder
from lod.mapping.mapped import Mapped
from lod.rdf.claims import RDF_TYPE, iri_text, split_claim
from lod.report import Finding, Severity
from lod.validation.engines.engine import Engine
from lod.validation.rules.whole_store import WHOLE_RULES
from lod.validation.shapes import Shapes, load_shapes

WRONG_ANYWHERE = frozenset({"A05", "A06", "G01", "G05", "I19", "I24", "S03"})
"""Rules about what is wrong in any model: addresses of persons, forms of literals and IRIs, loops."""


class GivenFindings:
    """Findings about the RDF made elsewhere that a site holds, computed once."""

    def __init__(self, claims: Iterable[str], shapes: Shapes, engine: Engine) -> None:
        self._namespace = shapes.vocabulary.namespace
        self._of_bundled = frozenset(load_shapes().rules)
        self._by_focus: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in _judged(claims, shapes, engine):
            if finding.rule not in WHOLE_RULES:
                self._by_focus[finding.focus or finding.record].append(finding)

    def about(self, mapped: Mapped) -> list[Finding]:
        """Return the findings about what a record claims, in the order of its claims."""
        subjects = dict.fromkeys(iri_text(line.partition(" ")[0]) for line in mapped.claims)
        marked = self._is_marked(mapped)
        found = []
        for subject in subjects:
            for finding in self._by_focus.get(subject, ()):
                stays = marked or finding.rule in WRONG_ANYWHERE or finding.rule not in self._of_bundled
                severity = finding.severity if stays else self._weaker(finding)
                found.append(replace(finding, severity=severity, record=mapped.key))
        return found

    @staticmethod
    def _weaker(finding: Finding) -> Severity:
        # Other models have other terms: not even a warning.
        return Severity.WARNING if finding.severity is Severity.VIOLATION and finding.rule != "G02" else Severity.INFO

    def _is_marked(self, mapped: Mapped) -> bool:
        marks = {f"<{self._namespace}RepositoryItem>", f"<{self._namespace}Record>"}
        return any(
            predicate == RDF_TYPE and class_ in marks for _, predicate, class_ in map(split_claim, mapped.claims)
        )


def _judged(claims: Iterable[str], shapes: Shapes, engine: Engine) -> list[Finding]:
    import pyoxigraph as ox

    from lod.validation.foreign.validate import judge_graph

    with scratch_folder() as folder:
        store = ox.Store(str(folder))
        for lines in _chunks(claims):
            store.bulk_load(lines, format=ox.RdfFormat.N_TRIPLES)
        found = judge_graph(store, shapes, engine=engine).findings
        del store
    return found


def _chunks(claims: Iterable[str], size: int = 1 << 24) -> Iterator[bytes]:
    chunk = bytearray()
    for line in claims:
        chunk += line.encode() + b"\n"
        if len(chunk) >= size:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)
