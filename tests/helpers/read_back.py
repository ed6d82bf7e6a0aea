"""Documents read back as rdflib graphs, by rdflib and by Oxigraph."""

import warnings

import pyoxigraph as ox
import rdflib

from lod.rdf import claims
from lod.rdf.formats import BY_EXTENSION

BASE = "https://data.example.org/repo/"


def read_by_rdflib(body, extension):
    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's readers use what rdflib deprecates
        if extension not in {"nq", "trig"}:
            return graph.parse(data=body, format=BY_EXTENSION[extension].media_type)
        dataset = rdflib.Dataset()
        dataset.parse(data=body, format=BY_EXTENSION[extension].media_type)
        for subject, predicate, object_, _ in dataset.quads():
            graph.add((subject, predicate, object_))
    return graph


def read_by_oxigraph(body, extension):
    """Return triples as rdflib has them; Oxigraph keeps language tags in lower case, which compares equal."""
    quads = ox.parse(body, format=BY_EXTENSION[extension].engine)
    return as_rdflib((quad.subject, quad.predicate, quad.object) for quad in quads)


def as_rdflib(triples):
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(tuple(as_term(term) for term in triple))
    return graph


def as_term(term):
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=claims.canonical_tag(term.language))
    datatype = term.datatype.value
    plain = datatype == f"{claims.XSD_NS}string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype))


def blanked(graph, base=BASE):
    """Return a graph with list cells as blank nodes, which is what a collection reads back as."""

    def term(node):
        return rdflib.BNode(str(node)) if str(node).startswith(f"{base}.well-known/genid/") else node

    other = rdflib.Graph()
    for triple in graph:
        other.add(tuple(map(term, triple)))
    return other
