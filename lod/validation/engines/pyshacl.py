"""pySHACL, run over each record by itself: the reference, and the judge of the shapes that cannot be compiled."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import rdflib
from rdflib import SH, URIRef

from lod.report import Finding
from lod.validation.engines.engine import finding_about, in_order, unvalidated
from lod.validation.rules.record_index import RecordIndex
from lod.validation.shape_checks import path_properties, split_message
from lod.validation.shapes import Shapes


def run_pyshacl(batch: Sequence[RecordIndex], shapes: Shapes) -> list[list[Finding]]:
    """Return the findings of the shapes about each record: an `Engine`."""
    return [_findings(record, shapes) for record in batch]


def _findings(record: RecordIndex, shapes: Shapes) -> list[Finding]:
    import pyshacl

    try:
        with quiet():
            graph = _data_graph(record, shapes)
            _, results, text = pyshacl.validate(graph, shacl_graph=shapes.runnable, advanced=False)
        if not isinstance(results, rdflib.Graph):
            raise RuntimeError(text)
        return in_order(_finding(results, result, record, shapes) for result in results.objects(None, SH.result))
    except MemoryError:
        raise
    except Exception as fault:  # any fault of the validator must cost one record, not the batch
        return [unvalidated(record, fault)]


def _data_graph(record: RecordIndex, shapes: Shapes) -> rdflib.Graph:
    """Return the triples that a shape can look at, as pySHACL reads them, every lexical form unchanged."""
    wanted = shapes.predicates
    terms: dict[str, URIRef | rdflib.Literal] = {
        text.term: rdflib.Literal(
            text.text, lang=text.language or None, datatype=text.datatype or None, normalize=False
        )
        for text in record.texts
    }
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in record.triples:
        if wanted is None or triple[1] in wanted:
            for term in triple:
                if term not in terms:
                    terms[term] = URIRef(term[1:-1])
            graph.add((terms[triple[0]], terms[triple[1]], terms[triple[2]]))
    return graph


def _finding(results: rdflib.Graph, result: rdflib.term.Node, record: RecordIndex, shapes: Shapes) -> Finding:
    # A SPARQL constraint has a message of its own; for all others the shape gives the rule.
    named = (split_message(text)[0] for text in results.objects(result, SH.resultMessage))
    source = str(results.value(result, SH.sourceShape))
    rule = shapes.rules[next((id_ for id_ in named if id_ in shapes.rules), "") or shapes.rule_of[source]]
    value = results.value(result, SH.value)
    path = results.value(result, SH.resultPath)
    properties = path_properties(results, path) if path is not None else []
    return finding_about(
        record,
        rule,
        str(results.value(result, SH.focusNode)),
        [(str(property_), shapes.name_of(str(property_))) for property_ in properties],
        None if value is None else str(value),
        is_iri=isinstance(value, URIRef),
    )


class _NoConversions(logging.Filter):
    """Drops rdflib's warnings, a traceback each, about literals that do not fit their type: rules G05 and I19 report them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Failed to convert" not in str(record.msg)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging each literal that does not fit its type, and pySHACL from warning of each recursion."""
    logger, filter_ = logging.getLogger("rdflib.term"), _NoConversions()
    logger.addFilter(filter_)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Parsing weird boolean", module="rdflib")
        warnings.filterwarnings("ignore", category=Warning, module="pyshacl")
        try:
            yield
        finally:
            logger.removeFilter(filter_)
