"""Figures of quality as measurements of the dataset, for a named graph. Source: W3C Data Quality Vocabulary (DQV), sections 5.1 to 5.4.

The IRIs are those of the metrics, so that the graphs of two generations differ in what has changed only.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from lod.rdf.claims import RDF_TYPE, XSD_NS, Term, Triple, iri, literal, namespace
from lod.store.quality.find.index import QualityIndex, RuleCount, Selection, share
from lod.store.quality.values.measures import ALIKE, EMAIL, MEASURES, MISSING, OWN_RULES, SAME, Measure

QUALITY_GRAPH = "data/quality"

_dqv = namespace("http://www.w3.org/ns/dqv#")
_skos = namespace("http://www.w3.org/2004/02/skos/core#")
_GENERATED = iri("http://www.w3.org/ns/prov#generatedAtTime")
_DIMENSIONS = {
    "completeness": "How many of the records that should have a field have it",
    "conformance": "How many records a rule has found something in",
    "uniqueness": "How many records have in common what only one should have",
    "privacy": "What is not published, since it is about persons",
    "description": "How well the dataset itself is described",
}


class _Graph:
    def __init__(self, base: str, moment: str) -> None:
        self._document = f"{base}{QUALITY_GRAPH}"
        self._dataset = iri(f"{base}id/dataset")
        self._moment = literal(moment, datatype=f"{XSD_NS}dateTime")

    def dimensions(self) -> Iterator[Triple]:
        document = iri(self._document)
        yield document, RDF_TYPE, _dqv("QualityMetadata")
        yield document, _GENERATED, self._moment
        for name, definition in _DIMENSIONS.items():
            node = iri(f"{self._document}#dimension-{name}")
            yield node, RDF_TYPE, _dqv("Dimension")
            yield node, _skos("prefLabel"), literal(name, language="en")
            yield node, _skos("definition"), literal(definition, language="en")

    def measured(self, name: str, dimension: str, definition: str, value: Term, datatype: str) -> Iterator[Triple]:
        """Yield a metric and its measurement."""
        safe = quote(name, safe="")
        metric, measurement = iri(f"{self._document}#metric-{safe}"), iri(f"{self._document}#measurement-{safe}")
        yield metric, RDF_TYPE, _dqv("Metric")
        yield metric, _skos("definition"), literal(definition, language="en")
        yield metric, _dqv("expectedDataType"), iri(XSD_NS + datatype)
        yield metric, _dqv("inDimension"), iri(f"{self._document}#dimension-{dimension}")
        yield measurement, RDF_TYPE, _dqv("QualityMeasurement")
        yield measurement, _dqv("isMeasurementOf"), metric
        yield measurement, _dqv("computedOn"), self._dataset
        yield measurement, _dqv("value"), value
        yield measurement, _GENERATED, self._moment

    def counted(self, name: str, dimension: str, definition: str, number: int) -> Iterator[Triple]:
        yield from self.measured(
            name, dimension, definition, literal(str(number), datatype=f"{XSD_NS}integer"), "integer"
        )


def measurement_triples(index: QualityIndex, base: str, moment: str, points: int) -> Iterator[Triple]:
    """Yield the measurements of a generation.

    `base` is the base IRI of the site, `moment` that of the run (ISO 8601), `points` the score of the description (`lod.dump.mqa`).
    """
    graph = _Graph(base, moment)
    yield from graph.dimensions()
    yield from graph.counted("records", "completeness", "Records published", index.published)
    yield from graph.counted("refused", "conformance", "Records refused at their last attempt", index.refused)
    for measure in MEASURES:
        yield from _completeness(graph, index, measure)
    found = {one.rule: one for one in index.rules if one.rule in OWN_RULES}
    for kind, label in ALIKE.items():
        rule = f"{SAME}{kind}"
        yield from graph.counted(rule, "uniqueness", label, found.get(rule, RuleCount(rule, "", 0, 0)).records)
    withheld = found.get(EMAIL, RuleCount(EMAIL, "", 0, 0)).findings
    yield from graph.counted(EMAIL, "privacy", "Values with an e-mail address that are not published", withheld)
    for one in index.rules:
        if one.rule not in OWN_RULES:
            title = f"{index.words(one.rule).title} ({one.rule}, {one.severity}): records"
            yield from graph.counted(f"{one.rule}-{one.severity}", "conformance", title, one.records)
    yield from graph.counted(
        "mqa", "description", "Score of the description, of 405 points (MQA of data.europa.eu)", points
    )


def _completeness(graph: _Graph, index: QualityIndex, measure: Measure) -> Iterator[Triple]:
    rule = f"{MISSING}{measure.name}"
    lacking = [len(index.select(Selection(rule=rule, is_accepted=accepted))) for accepted in (False, True)]
    wanted = len(index.wanting(measure))
    percent = literal(f"{share(wanted - sum(lacking), wanted):.1f}", datatype=f"{XSD_NS}decimal")
    definition = f"{measure.label}: share of the records that should have it, in percent"
    yield from graph.measured(f"complete-{measure.name}", "completeness", definition, percent, "decimal")
    yield from graph.counted(
        rule, "completeness", f"{measure.label}: records without it that should have it", lacking[0]
    )
