"""pySHACL, run over each record by itself: the reference, and the judge of the shapes that cannot be compiled."""

from __future__ import annotations

import rdflib
from rdflib import SH, URIRef

from lod.report import Finding
from lod.validation.engines.engine import finding_about, in_order, unvalidated
from lod.validation.rules.record_index import RecordIndex
from lod.validation.shape_checks import path_properties, split_message
from lod.validation.shapes import Shapes


def run_pyshacl(record: RecordIndex, shapes: Shapes) -> list[Finding]:
    """Return the findings of the shapes about a record: an `Engine`."""
    import pyshacl

    try:
        graph = _data_graph(record, shapes)
        _, results, text = pyshacl.validate(graph, shacl_graph=shapes.runnable, advanced=False)
        if not isinstance(results, rdflib.Graph):
            raise RuntimeError(text)
        return in_order(_finding(results, result, record, shapes) for result in results.objects(None, SH.result))
    except MemoryError:
        raise
    except Exception as fault:  # any fault of the validator must cost one record, not the run
        return [unvalidated(record, fault)]


def _data_graph(record: RecordIndex, shapes: Shapes) -> rdflib.Graph:
    """Return the triples that a shape can look at, as pySHACL reads them, every lexical form unchanged."""
    wanted = shapes.predicates
    terms = {
        text.term: rdflib.Literal(
            text.text, lang=text.language or None, datatype=text.datatype or None, normalize=False
        )
        for text in record.texts
    }
    graph = rdflib.Graph(bind_namespaces="none")
    for subject, described in record.properties.items():
        for name, objects in described.items():
            predicate = shapes.iri_of(name)
            if wanted is None or predicate in wanted:
                for object_ in objects:
                    term = terms[object_] if object_ in terms else URIRef(object_[1:-1])
                    graph.add((URIRef(subject[1:-1]), URIRef(predicate), term))
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
