"""Claims: N-Triples lines, and the terms that they are made of.

A term is held encoded, as N-Triples writes it: `<https://example.org/id/item/1/2>`, `"2010"^^<…#gYear>`,
`"Colour"@en-GB`. A triple is three encoded terms, a claim is the line `subject predicate object .` without
a line break. Encoded terms compare as strings: the form is the one that the store gives back, so that a claim
survives a round through it byte for byte.

Source: W3C RDF 1.1 N-Triples, sections 2 and 4 (canonical form, with Oxigraph's escapes for control characters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NewType, cast

from lod.errors import BadValueError
from lod.long_texts import substitute

if TYPE_CHECKING:
    import rdflib

Term = NewType("Term", str)
"""An encoded term."""

Iri = NewType("Iri", Term)
"""An encoded IRI."""

Claim = NewType("Claim", str)
"""An N-Triples line without its line break."""

Triple = tuple[Iri, Iri, Term]

RDF_NS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD_NS = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = cast("Iri", f"<{RDF_NS}type>")
RDF_FIRST = cast("Iri", f"<{RDF_NS}first>")
RDF_REST = cast("Iri", f"<{RDF_NS}rest>")
RDF_NIL = cast("Iri", f"<{RDF_NS}nil>")

_ESCAPES = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    "\b": "\\b",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
}
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\\ufffe\uffff]')
_RARELY = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_CLAIM = re.compile(r"(<[^>]*>) (<[^>]*>) (.+) \.", re.DOTALL)
_CLOSING_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*+"')
_LONGEST_ENDING = 120
_LITERAL_END = re.compile(r"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?")


def iri(text: str) -> Iri:
    """Return an encoded IRI. For IRIs that we mint or name ourselves; what comes from records goes to `checked_iri`."""
    return cast("Iri", f"<{text}>")


def namespace(start: str) -> Callable[[str], Iri]:
    """Return a function that gives the encoded IRI of each name in a namespace."""
    return lambda name: iri(start + name)


@lru_cache(maxsize=65_536)
def checked_iri(text: str) -> Iri:
    """Return an encoded IRI that every engine accepts.

    Source: RFC 3987, section 2.2, as Oxigraph's parser reads it.

    Raises:
        BadValueError: the text is no absolute IRI.
    """
    from pyoxigraph import NamedNode

    try:
        return cast("Iri", str(NamedNode(text)))
    except ValueError as fault:
        raise BadValueError(f"not an absolute IRI ({fault})") from None


def literal(text: str, *, language: str | None = None, datatype: str | None = None) -> Term:
    """Return an encoded literal; `language` is a BCP 47 tag, `datatype` an IRI (xsd:string is left out).

    Raises:
        BadValueError: the text holds half of a surrogate pair, which no encoding can write.
    """
    if not text.isascii() and _SURROGATE.search(text):
        raise BadValueError("half of a surrogate pair is in the text; the file was damaged before it came here")
    quoted = f'"{_escaped(text)}"' if _TO_ESCAPE.search(text) else f'"{text}"'
    if language:
        return cast("Term", f"{quoted}@{canonical_tag(language)}")
    if datatype and datatype != f"{XSD_NS}string":
        return cast("Term", f"{quoted}^^<{datatype}>")
    return cast("Term", quoted)


@lru_cache(maxsize=4_096)
def canonical_tag(tag: str) -> str:
    """Return a language tag in the case that BCP 47 recommends: zh-Hant-HK. Source: RFC 5646, section 2.1.1."""
    parts = tag.lower().split("-")
    for position, part in enumerate(parts[1:], start=1):
        if len(parts[position - 1]) == 1:
            break
        if len(part) == 2:
            parts[position] = part.upper()
        elif len(part) == 4:
            parts[position] = part.title()
    return "-".join(parts)


def claim(subject: str, predicate: str, object_: str) -> Claim:
    """Return the claim that three encoded terms make."""
    return cast("Claim", f"{subject} {predicate} {object_} .")


def split_claim(line: str) -> Triple:
    """Return the three encoded terms of a claim.

    Raises:
        ValueError: the line is no claim.
    """
    match = _CLAIM.fullmatch(line)
    if match is None:
        raise ValueError(f"not a claim: {line[:200]!r}")
    return cast("Triple", match.groups())


def is_iri(term: str) -> bool:
    """Return whether an encoded term is an IRI."""
    return term.startswith("<")


def iri_text(term: str) -> str:
    """Return the IRI of an encoded IRI, without the angle brackets."""
    return term[1:-1]


def literal_parts(term: str) -> tuple[str, str | None, str | None]:
    """Return text, language tag and datatype IRI of an encoded literal.

    Raises:
        ValueError: the term is no literal.
    """
    if "\\" not in term and term[:1] == '"':
        # Nothing is escaped: the next quotation mark is the closing one.
        end = term.find('"', 1)
        if end == len(term) - 1 > 0:
            return term[1:end], None, None
        if 0 < len(term) - end <= _LONGEST_ENDING and end > 0 and (marks := _ending(term[end + 1 :])):
            return term[1:end], *marks
    # A regular expression over the text itself would take a hundred times its memory.
    quote = _CLOSING_QUOTE.search(term, 1) if term[:1] == '"' else None
    match = _LITERAL_END.fullmatch(term, quote.end()) if quote else None
    if quote is None or match is None:
        raise ValueError(f"not a literal: {term[:200]!r}")
    return _unescape(term[1 : quote.end() - 1]), match["language"], match["datatype"]


@lru_cache(maxsize=1_024)
def _ending(text: str) -> tuple[str | None, str | None] | None:
    """Return language tag and datatype that stand behind the text of a literal, None where anything else does."""
    match = _LITERAL_END.fullmatch(text)
    return (match["language"], match["datatype"]) if match else None


def text_of(term: str) -> str:
    """Return what a person reads of an encoded term: the text of a literal, the characters of an IRI."""
    return iri_text(term) if is_iri(term) else literal_parts(term)[0]


def to_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return an rdflib graph of the triples, with every lexical form as it is.

    rdflib rewrites typed literals unless told otherwise ("08:38:13Z" becomes "08:38:13+00:00").
    """
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, object_ in triples:
        graph.add((rdflib.URIRef(subject[1:-1]), rdflib.URIRef(predicate[1:-1]), _rdflib_term(object_)))
    return graph


def _escaped(text: str) -> str:
    often = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return substitute(_RARELY, lambda match: _ESCAPES[match.group()], often)


def _rdflib_term(term: str) -> rdflib.URIRef | rdflib.Literal:
    import rdflib

    if is_iri(term):
        return rdflib.URIRef(iri_text(term))
    text, language, datatype = literal_parts(term)
    return rdflib.Literal(text, lang=language, datatype=rdflib.URIRef(datatype) if datatype else None)


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return substitute(_ESCAPED, _unescaped_character, text)


def _unescaped_character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if not code and match[3] not in _SHORT_ESCAPES:
        raise ValueError(f"no escape of N-Triples: {match.group()!r}")
    return chr(int(code, 16)) if code else _SHORT_ESCAPES[match[3]]
