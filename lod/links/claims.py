"""Claims of the graph of links: each link as a triple, who states it, and the files; figures for the description of the dataset.

Source: SSSOM 1.0, RDF serialization (an annotated axiom for each mapping); W3C VoID, section 5.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from lod.dump.statistics import LinkCount, target_of
from lod.errors import BadValueError
from lod.links.judge import JudgedLink
from lod.links.link import LinkSet
from lod.rdf.claims import RDF_TYPE, XSD_NS, Claim, Iri, Term, checked_iri, claim, iri, literal, namespace
from lod.store.link_graph import (
    ANNOTATED_PROPERTY,
    ANNOTATED_SOURCE,
    ANNOTATED_TARGET,
    AUTHOR,
    CONFIDENCE,
    DATE,
    FORMAT,
    JUSTIFICATION,
    MAPPING_SET,
    SOURCE,
    TITLE,
    annotation_of,
)

_dcterms = namespace("http://purl.org/dc/terms/")
_owl = namespace("http://www.w3.org/2002/07/owl#")
_NUMBER = re.compile(r"(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def link_claims(links: Iterable[JudgedLink], graph: str) -> Iterator[Claim]:
    """Yield the claims of the graph of links, whose IRI is `graph`."""
    sets: set[LinkSet] = set()
    for link in links:
        triple = iri(link.subject), iri(link.relation), iri(link.target.iri)
        yield claim(*triple)
        sets.add(link.stated.set)
        node = iri(annotation_of(graph, *triple))
        for predicate, object_ in _annotations(link, graph, triple):
            yield claim(node, predicate, object_)
    for set_ in sets:
        node = _set_node(graph, set_)
        for predicate, object_ in _about(set_):
            yield claim(node, predicate, object_)


def counted(links: Iterable[JudgedLink]) -> list[LinkCount]:
    """Return how many links there are, by file, dataset and relation, sorted."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    for link in links:
        known = target_of(iri(link.target.iri))
        host = link.target.iri.partition("//")[2].partition("/")[0]
        numbers[link.stated.set.name, known.key if known else host, link.relation] += 1
    return [LinkCount(*names, number) for names, number in sorted(numbers.items())]


def _annotations(link: JudgedLink, graph: str, triple: tuple[Iri, Iri, Iri]) -> Iterator[tuple[Iri, Term]]:
    stated = link.stated
    yield RDF_TYPE, _owl("Axiom")
    yield ANNOTATED_SOURCE, triple[0]
    yield ANNOTATED_PROPERTY, triple[1]
    yield ANNOTATED_TARGET, triple[2]
    yield SOURCE, _set_node(graph, stated.set)
    if stated.by:
        yield AUTHOR, literal(stated.by)
    if _DAY.fullmatch(stated.date[:10]):
        yield DATE, literal(stated.date[:10], datatype=f"{XSD_NS}date")
    if _NUMBER.fullmatch(stated.confidence):
        yield CONFIDENCE, literal(stated.confidence, datatype=f"{XSD_NS}decimal")
    if stated.justification:
        yield JUSTIFICATION, _iri_or_text(stated.justification)


def _about(set_: LinkSet) -> Iterator[tuple[Iri, Term]]:
    yield RDF_TYPE, MAPPING_SET
    yield TITLE, literal(set_.name)
    yield FORMAT, literal(set_.format)
    if set_.creator:
        yield AUTHOR, literal(set_.creator)
    if _DAY.fullmatch(set_.date):
        yield DATE, literal(set_.date, datatype=f"{XSD_NS}date")
    if set_.description:
        yield _dcterms("description"), literal(set_.description)


def _set_node(graph: str, set_: LinkSet) -> Iri:
    return iri(f"{graph}#{quote(set_.name, safe='-._~')}")


def _iri_or_text(text: str) -> Term:
    try:
        return checked_iri(text) if text.startswith(("http://", "https://")) else literal(text)
    except BadValueError:
        return literal(text)
