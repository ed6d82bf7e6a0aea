"""Triple patterns: read from the address of a fragment, and written as the controls (Hydra) by which clients find others.

Pure. Source: Triple Pattern Fragments, unofficial draft of 2014, section 3; Hydra Core Vocabulary, "Templated Links" and
"Collections"; terms are written in Hydra's explicit representation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.rdf.claims import RDF_NS, RDF_TYPE, XSD_NS, Triple, checked_iri, iri, iri_text, is_iri, literal, literal_parts
from lod.web.reading.terms import integer

POSITIONS = ("subject", "predicate", "object")
"""Names of the parameters; each is the name of an RDF property as well (rdf:subject …)."""

PAGE_TRIPLES = 100

HYDRA = "http://www.w3.org/ns/hydra/core#"
_VOID = "http://rdfs.org/ns/void#"
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^(<[^<>"]+>|[^<>"]+))?', re.DOTALL)
_WILDCARD = re.compile(r"\?\w*")

Pattern = tuple[str | None, str | None, str | None]


def read_term(text: str, prefixes: Mapping[str, str]) -> str | None:
    """Return a term encoded, None for any: nothing, or a variable (`?x`).

    An IRI is given as it is, in angle brackets or as a prefixed name of this site; a literal in quotation marks, with
    @language or ^^datatype.

    Raises:
        BadValueError: the text is none of these.
    """
    text = text.strip()
    if not text or _WILDCARD.fullmatch(text):
        return None
    if text.startswith('"'):
        match = _LITERAL.fullmatch(text)
        if match is None:
            raise BadValueError("a literal ends with a quotation mark, then perhaps @language or ^^datatype")
        datatype = match[3] and iri_text(read_term(match[3], prefixes) or "<>")
        if datatype:
            checked_iri(datatype)
        return literal(match[1], language=match[2], datatype=None if datatype == f"{XSD_NS}string" else datatype)
    if text.startswith("_:"):
        raise BadValueError("blank nodes cannot be asked for; nothing that is published has one")
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        text = prefixes[prefix] + local
    return checked_iri(text)


def written(term: str | None) -> str:
    """Return a term as the value of a parameter; "" for any."""
    if term is None:
        return ""
    if is_iri(term):
        return iri_text(term)
    text, language, datatype = literal_parts(term)
    return f'"{text}"' + (f"@{language}" if language else f"^^{datatype}" if datatype else "")


@dataclass(frozen=True, slots=True)
class ControlAddresses:
    """The addresses in the controls of a page, all absolute.

    Attributes:
        dataset: the dataset that is searched.
        template: of any fragment, with its variables.
        fragment: all pages of this pattern; the first page has this address too.
        page, first, previous, following: of this page and its neighbours; None where there is none.
    """

    dataset: str
    template: str
    fragment: str
    page: str
    first: str
    previous: str | None
    following: str | None


def controls(at: ControlAddresses, title: str, total: int) -> Iterator[Triple]:
    """Yield the metadata of a page: how many triples its pattern has, which pages are beside it, how to search."""
    dataset, fragment, page, graph = iri(at.dataset), iri(at.fragment), iri(at.page), iri(metadata_graph(at))
    yield graph, iri("http://xmlns.com/foaf/0.1/primaryTopic"), dataset
    yield dataset, RDF_TYPE, iri(f"{_VOID}Dataset")
    yield dataset, RDF_TYPE, iri(f"{HYDRA}Collection")
    yield dataset, iri(f"{_VOID}subset"), page
    if fragment != page:
        yield dataset, iri(f"{_VOID}subset"), fragment
    search = f"{at.dataset}#search"
    yield dataset, iri(f"{HYDRA}search"), iri(search)
    yield iri(search), iri(f"{HYDRA}template"), literal(at.template)
    yield iri(search), iri(f"{HYDRA}variableRepresentation"), iri(f"{HYDRA}ExplicitRepresentation")
    for position in POSITIONS:
        mapping = iri(f"{search}-{position}")
        yield iri(search), iri(f"{HYDRA}mapping"), mapping
        yield mapping, iri(f"{HYDRA}variable"), literal(position)
        yield mapping, iri(f"{HYDRA}property"), iri(f"{RDF_NS}{position}")
    count = integer(total)
    yield fragment, RDF_TYPE, iri(f"{HYDRA}Collection")
    yield fragment, iri("http://purl.org/dc/terms/title"), literal(title)
    yield fragment, iri(f"{HYDRA}view"), page
    for subject in dict.fromkeys((page, fragment)):
        yield subject, iri(f"{HYDRA}totalItems"), count
        yield subject, iri(f"{_VOID}triples"), count
    yield page, RDF_TYPE, iri(f"{HYDRA}PartialCollectionView")
    yield page, iri("http://purl.org/dc/terms/source"), dataset
    yield page, iri(f"{HYDRA}itemsPerPage"), integer(PAGE_TRIPLES)
    for name, address in (("first", at.first), ("previous", at.previous), ("next", at.following)):
        if address is not None:
            yield page, iri(f"{HYDRA}{name}"), iri(address)


def metadata_graph(at: ControlAddresses) -> str:
    """Return the IRI of the graph that holds a page's controls, where the format has graphs."""
    return f"{at.page}#metadata"
