"""The table of formats: serializations of RDF and of query results. Files, documents, results and dumps take theirs from it.

To add a serialization, add a row to `RDF_FORMATS`, and the writers that tests/rdf/test_formats.py then misses: of documents
(web/writing/serializers.py), of named graphs (web/writing/graph_documents.py), of query results (web/writing/result_stream.py),
and of dumps if the row has `compressions` (dump/syntaxes.py). The engine, pyoxigraph, has to know its media type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        extension: ending of an address or a file's name, and its name in `?format=`: "ttl".
        name: what people call it.
        media_type: what it is served as.
        aliases: other media types that ask for it; a range such as "application/*" does not reach them.
        names: other values of `?format=` that mean it.
        form: the profile of the media type, an IRI, that distinguishes this form from others; "" for the usual one.
        says_encoding: the text or its specification declares UTF-8, so that no charset is sent (RFC 8259, RFC 7303).
        has_prefixes: it begins with prefixes.
        endings: other endings of files that are read as it.
        compressions: endings of the compressions in which dumps are written in it.
        w3c_name: name in W3C's list of formats, http://www.w3.org/ns/formats/.
        eu_name: name in the EU's list of file types, which DCAT-AP asks for.
    """

    extension: str
    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    form: str = ""
    says_encoding: bool = False
    has_prefixes: bool = False
    endings: tuple[str, ...] = ()
    compressions: tuple[str, ...] = ()
    w3c_name: str = ""
    eu_name: str = ""

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        if self.form:
            return f'{self.media_type};profile="{self.form}"'
        return self.media_type if self.says_encoding else f"{self.media_type}; charset=utf-8"

    @property
    def engine(self) -> ox.RdfFormat:
        """The serialization of RDF as pyoxigraph has it.

        Raises:
            ValueError: pyoxigraph does not know its media type.
        """
        import pyoxigraph as ox

        format_ = ox.RdfFormat.from_media_type(self.media_type)
        if format_ is None:
            raise ValueError(f"{self.name}: pyoxigraph neither reads nor writes {self.media_type}")
        return format_

    @property
    def has_graphs(self) -> bool:
        """Whether it holds a dataset, named graphs included, and not one graph only."""
        return self.engine.supports_datasets


TURTLE = Format(
    "ttl", "Turtle", "text/turtle", aliases=("application/x-turtle", "text/n3", "text/rdf+n3"), names=("turtle", "n3"),
    endings=("n3",), has_prefixes=True, compressions=("gz",), w3c_name="Turtle", eu_name="RDF_TURTLE",
)  # fmt: skip
JSON_LD = Format(
    "jsonld", "JSON-LD", "application/ld+json", aliases=("application/json", "application/x-json+ld"),
    names=("json-ld", "json"), endings=("json",), says_encoding=True, w3c_name="JSON-LD",
)  # fmt: skip
N_TRIPLES = Format(
    "nt", "N-Triples", "application/n-triples", aliases=("text/plain", "text/x-ntriples"), names=("ntriples",),
    compressions=("gz", "zst"), w3c_name="N-Triples", eu_name="RDF_N_TRIPLES",
)  # fmt: skip
N_QUADS = Format(
    "nq", "N-Quads", "application/n-quads", aliases=("text/x-nquads",), names=("nquads",),
    compressions=("gz", "zst"), w3c_name="N-Quads", eu_name="RDF_N_QUADS",
)  # fmt: skip
TRIG = Format(
    "trig", "TriG", "application/trig", aliases=("application/x-trig",), has_prefixes=True, w3c_name="TriG",
)  # fmt: skip
RDF_XML = Format(
    "rdf", "RDF/XML", "application/rdf+xml", aliases=("application/xml", "text/xml"), names=("xml", "rdfxml", "rdf+xml"),
    endings=("xml", "owl"), says_encoding=True, has_prefixes=True, w3c_name="RDF_XML",
)  # fmt: skip

RDF_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, N_QUADS, TRIG, RDF_XML)
"""Serializations of RDF that are read and written, in the order in which documents offer them."""

JSON_LD_FORMS = tuple(
    Format(
        f"{name}.jsonld", f"JSON-LD, {name}", JSON_LD.media_type, names=(name,),
        form=f"http://www.w3.org/ns/json-ld#{name}", says_encoding=True,
    )
    for name in ("expanded", "flattened")
)  # fmt: skip
"""Other forms of JSON-LD, of documents only, for clients that ask by profile. Source: W3C JSON-LD 1.1, section 10."""

JSON_LINES = Format("jsonl", "JSON-LD lines", "application/x-ld+ndjson", compressions=("gz",), eu_name="JSON_LD")
"""One JSON-LD document a line, in dumps only. No media type is registered; RDF4J and GraphDB read it by this one."""

RESULT_FORMATS = (
    Format(
        "json", "JSON", "application/sparql-results+json", aliases=("application/json",), names=("srj",),
        says_encoding=True, w3c_name="SPARQL_Results_JSON",
    ),
    Format(
        "xml", "XML", "application/sparql-results+xml", aliases=("application/xml", "text/xml"), names=("srx",),
        says_encoding=True, w3c_name="SPARQL_Results_XML",
    ),
    Format("csv", "CSV", "text/csv", w3c_name="SPARQL_Results_CSV"),
    Format(
        "tsv", "TSV", "text/tab-separated-values", aliases=("text/plain",), names=("srt",), w3c_name="SPARQL_Results_TSV",
    ),
)  # fmt: skip
"""Serializations of the results of SELECT and ASK. Source: SPARQL 1.1 Protocol, section 2.1.6."""

BY_EXTENSION = {format_.extension: format_ for format_ in RDF_FORMATS}
BY_ENDING = {ending: format_ for format_ in RDF_FORMATS for ending in (format_.extension, *format_.endings)}


def preferring(formats: tuple[Format, ...], *first: Format) -> tuple[Format, ...]:
    """Return formats with some of them first."""
    return (*first, *(format_ for format_ in formats if format_ not in first))


DUMPED = {
    f"{format_.extension}.{compression}": (format_, compression)
    for format_ in preferring((*RDF_FORMATS, JSON_LINES), N_TRIPLES, N_QUADS)
    for compression in format_.compressions
}
"""Formats of dumps by the names that the setting `dump_formats` takes, in the order in which dumps are listed."""

DUMP_NAMES = tuple(DUMPED)
