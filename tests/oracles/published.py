"""What a published graph says of an item, aspect by aspect, read with rdflib alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.oracles.stated import Stated

BIBO = Namespace("http://purl.org/ontology/bibo/")
CITO = Namespace("http://purl.org/spar/cito/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FABIO = Namespace("http://purl.org/spar/fabio/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
FRBR = Namespace("http://purl.org/vocab/frbr/core#")
PRISM = Namespace("http://prismstandard.org/namespaces/basic/2.0/")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA = Namespace("http://schema.org/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
ITEM_CLASS = URIRef("https://w3id.org/lod-repository/RepositoryItem")


def published(graph: Graph) -> Stated:
    """Return what a graph says of the one item in it."""
    items = list(graph.subjects(RDF.type, ITEM_CLASS))
    stated = Stated(str(items[0]) if items else "")
    if not items:
        return stated
    (item,) = items
    _texts(graph, stated, item)
    for aspect, property_ in (("authors", BIBO.authorList), ("editors", BIBO.editorList)):
        lists = list(graph.objects(item, property_))
        stated.put(aspect, *(agent_name(graph, agent) for head in lists for agent in Collection(graph, head)))
    wholes = list(wholes_of(graph, item))
    stated.put("container", *(str(title) for whole in wholes for title in graph.objects(whole, DCTERMS.title)))
    stated.put("container", *(str(name) for name in graph.objects(item, PRISM.publicationName)))
    for property_ in (BIBO.issn, BIBO.eissn, FABIO.hasIssnL):
        stated.put("issn", *(str(number) for node in (item, *wholes) for number in graph.objects(node, property_)))
    stated.put("publisher", *(agent_name(graph, agent) for agent in graph.objects(item, DCTERMS.publisher)))
    grants = list(graph.objects(item, SCHEMA.funding))
    stated.put(
        "funders", *(agent_name(graph, funder) for grant in grants for funder in graph.objects(grant, SCHEMA.funder))
    )
    stated.put("awards", *(str(number) for grant in grants for number in graph.objects(grant, SCHEMA.identifier)))
    for target in graph.objects(item):
        if isinstance(target, URIRef):
            labels = [str(label) for label in graph.objects(target, RDFS.label)]
            stated.put("relations", re.sub(r"^https?://(dx\.)?doi\.org/", "", str(target)), *labels)
    stated.put(
        "links", *(re.sub(r"^https?:", "", str(each)) for each in set(graph.objects()) if isinstance(each, URIRef))
    )
    for degree in graph.objects(item, BIBO.degree):
        stated.put("degree", str(degree), *(str(label) for label in graph.objects(degree, RDFS.label)))
    stated.put("subjects", *(str(word) for word in graph.objects(item, PRISM.keyword)))
    for concept in graph.objects(item, DCTERMS.subject):
        for each in (concept, *graph.objects(concept, SKOS.broader)):
            stated.put("subjects", *(str(label) for label in graph.objects(each, SKOS.prefLabel)))
            stated.put("concepts", *(str(match).rpartition("/")[2] for match in graph.objects(each, SKOS.exactMatch)))
    stated.put("licence", *(re.sub(r"^https?:", "", str(licence)) for licence in graph.objects(item, DCTERMS.license)))
    stated.put("language", *(str(code).rpartition("/")[2] for code in graph.objects(item, DCTERMS.language)))
    stated.put(
        "type",
        *(str(type_)[len(FABIO) :] for type_ in graph.objects(item, RDF.type) if str(type_).startswith(str(FABIO))),
    )
    stated.put("year", *(text[:4] for text in stated.aspects["issued"]))
    return stated


def _texts(graph: Graph, stated: Stated, item: Node) -> None:
    for aspect, properties in (
        ("title", (DCTERMS.title,)),
        ("doi", (BIBO.doi,)),
        ("pmid", (BIBO.pmid,)),
        ("isbn", (BIBO.isbn, BIBO.isbn10, BIBO.isbn13)),
        ("volume", (BIBO.volume,)),
        ("issue", (BIBO.issue, PRISM.issueIdentifier)),
        ("start", (BIBO.pageStart,)),
        ("end", (BIBO.pageEnd,)),
        ("issued", (DCTERMS.issued,)),
        ("abstract", (DCTERMS.abstract,)),
    ):
        stated.put(aspect, *(str(text) for property_ in properties for text in graph.objects(item, property_)))


def wholes_of(graph: Graph, item: Node) -> Iterator[Node]:
    """Yield what the item is in: issue, volume, journal, book, series."""
    seen: set[Node] = set()
    waiting = [item]
    while waiting:
        node = waiting.pop()
        for property_ in (DCTERMS.isPartOf, FRBR.partOf):
            for whole in graph.objects(node, property_):
                if whole not in seen:
                    seen.add(whole)
                    waiting.append(whole)
                    yield whole


def agent_name(graph: Graph, agent: Node) -> str:
    names = list(graph.objects(agent, FOAF.name))
    if names:
        return str(names[0])
    parts = [*graph.objects(agent, FOAF.familyName), *graph.objects(agent, FOAF.givenName)]
    return " ".join(map(str, parts))
