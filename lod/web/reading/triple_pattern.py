"""Triple patterns as the address of a fragment has them, and the controls that tell clients how to ask for others.

Pure. Source: Triple Pattern Fragments, unofficial draft of 2014, section 3; Hydra Core Vocabulary, "Templated Links" and
"Collections"; terms are written in Hydra's explicit representation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.rdf.claims import RDF_NS, RDF_TYPE, XSD_NS, Triple, checked_iri, iri, iri_text, is_iri, literal, literal_parts

POSITIONS = ("subject", "predicate", "object")
"""Names of the parameters; each is that of an RDF property as well (rdf:subject …)."""

PAGE_TRIPLES = 100

HYDRA = "http://www.w3.org/ns/hydra/core#"
_VOID = "http://rdfs.org/ns/void#"
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^(<[^<>"]+>|[^<>"]+))?', re.DOTALL)
_WILDCARD = re.compile(r"\?\w*")

Pattern = tuple[str | None, str | None, str | None]


def read_term(text: str, prefixes: Mapping[str, str]) -> str | None:
    """Return a term encoded, None for any: nothing, or a variable (`?x`).

    An IRI stands as it is, in angle brackets or as a prefixed name of this site; a literal in quotation marks, with
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
    """Return a term as a parameter has it; "" for any."""
    if term is None:
        return ""
    if is_iri(term):
        return iri_text(term)
    text, language, datatype = literal_parts(term)
    return f'"{text}"' + (f"@{language}" if language else f"^^{datatype}" if datatype else "")


@dataclass(frozen=True, slots=True)
class Addressed:
    """The addresses that stand in the controls of a page, all absolute.

    Attributes:
        dataset: what is searched.
        template: of any fragment, with its variables.
        fragment: all pages of this pattern; the first page has this address too.
        page, first, previous, following: of this page and of those beside it; None where there is none.
    """

    dataset: str
    template: str
    fragment: str
    page: str
    first: str
    previous: str | None
    following: str | None


def controls(at: Addressed, title: str, total: int) -> Iterator[Triple]:
    """Yield what a page says of itself: how many triples its pattern has, which pages are beside it, how to search."""
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
    count = literal(str(total), datatype=f"{XSD_NS}integer")
    yield fragment, RDF_TYPE, iri(f"{HYDRA}Collection")
    yield fragment, iri("http://purl.org/dc/terms/title"), literal(title)
    yield fragment, iri(f"{HYDRA}view"), page
    for subject in dict.fromkeys((page, fragment)):
        yield subject, iri(f"{HYDRA}totalItems"), count
        yield subject, iri(f"{_VOID}triples"), count
    yield page, RDF_TYPE, iri(f"{HYDRA}PartialCollectionView")
    yield page, iri("http://purl.org/dc/terms/source"), dataset
    yield page, iri(f"{HYDRA}itemsPerPage"), literal(str(PAGE_TRIPLES), datatype=f"{XSD_NS}integer")
    for name, address in (("first", at.first), ("previous", at.previous), ("next", at.following)):
        if address is not None:
            yield page, iri(f"{HYDRA}{name}"), iri(address)


def metadata_graph(at: Addressed) -> str:
    """Return the IRI of the graph that holds a page's controls, where the format has graphs."""
    return f"{at.page}#metadata"
