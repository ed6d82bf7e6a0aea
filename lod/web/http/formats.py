"""The table of formats: what a document, or the result of a query, can be served as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialization.

    Attributes:
        extension: ending of its address, and its name in `?format=`: "ttl".
        name: what people call it.
        media_type: what it is served as.
        aliases: other media types that ask for it; a range such as "application/*" does not reach them.
        names: other values of `?format=` that mean it.
        form: the profile of the media type, an IRI, that tells this form of it from others; "" for the usual one.
    """

    extension: str
    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    form: str = ""

    @property
    def content_type(self) -> str:
        """The Content-Type header; RDF/XML and JSON say their encoding themselves (RFC 8259, RFC 7303)."""
        if self.form:
            return f'{self.media_type};profile="{self.form}"'
        return self.media_type if self.media_type in _NO_CHARSET else f"{self.media_type}; charset=utf-8"


_NO_CHARSET = frozenset(
    {
        "application/ld+json",
        "application/problem+json",
        "application/rdf+xml",
        "application/sparql-results+json",
        "application/sparql-results+xml",
    }
)

HTML = Format("html", "HTML", "text/html", ("application/xhtml+xml",))
TURTLE = Format("ttl", "Turtle", "text/turtle", ("application/x-turtle", "text/n3", "text/rdf+n3"), ("turtle", "n3"))
JSON_LD = Format(
    "jsonld", "JSON-LD", "application/ld+json", ("application/json", "application/x-json+ld"), ("json-ld", "json")
)
N_TRIPLES = Format("nt", "N-Triples", "application/n-triples", ("text/plain", "text/x-ntriples"), ("ntriples",))
N_QUADS = Format("nq", "N-Quads", "application/n-quads", ("text/x-nquads",), ("nquads",))
TRIG = Format("trig", "TriG", "application/trig", ("application/x-trig",))
RDF_XML = Format("rdf", "RDF/XML", "application/rdf+xml", ("application/xml", "text/xml"), ("xml", "rdfxml", "rdf+xml"))

DATA_FORMATS: tuple[Format, ...] = (TURTLE, JSON_LD, N_TRIPLES, N_QUADS, TRIG, RDF_XML)
"""Serializations of a document; the first is served when a client names none."""

FORMATS: tuple[Format, ...] = (HTML, *DATA_FORMATS)
"""What a thing's IRI can lead to, in the order in which offers of equal rank are chosen."""

JSON_LD_FORMS: tuple[Format, ...] = tuple(
    Format(
        f"{name}.jsonld", f"JSON-LD, {name}", "application/ld+json", (), (name,), f"http://www.w3.org/ns/json-ld#{name}"
    )
    for name in ("expanded", "flattened")
)
"""Other forms of JSON-LD, for who asks for them by profile. Source: W3C JSON-LD 1.1, section 10."""

RESULT_FORMATS: tuple[Format, ...] = (
    Format("json", "JSON", "application/sparql-results+json", ("application/json",), ("srj",)),
    Format("xml", "XML", "application/sparql-results+xml", ("application/xml", "text/xml"), ("srx",)),
    Format("csv", "CSV", "text/csv"),
    Format("tsv", "TSV", "text/tab-separated-values", ("text/plain",), ("srt",)),
)
"""Serializations of what SELECT and ASK give. Source: SPARQL 1.1 Protocol, section 2.1.6."""

GRAPH_FORMATS: tuple[Format, ...] = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, N_QUADS, TRIG)
"""Serializations of what CONSTRUCT and DESCRIBE give."""


def format_named(name: str, offers: tuple[Format, ...]) -> Format | None:
    """Return the format that `?format=` names: by extension, media type or other name; None where none is meant."""
    name = name.strip().lower().replace(" ", "+")
    for offer in offers:
        if name in {offer.extension, offer.media_type, *offer.aliases, *offer.names}:
            return offer
    return None
