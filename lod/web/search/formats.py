"""Formats of search results: a page of hits as HTML, JSON-LD and Atom, and all hits as exports.

To add an export, add its format to `HIT_EXPORTS` (lod/web/http/formats.py), and a function that yields its text to `_WRITERS`
where it is no format of citations.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lod.rdf.claims import claim
from lod.rdf.formats import N_TRIPLES, Format
from lod.store.search.find.index import Entry, Hits, SearchIndex
from lod.store.search.values.code_labels import label_of_code
from lod.store.search.values.facets import BY_NAME
from lod.web.citing.citation import citation
from lod.web.citing.writers import write_citations
from lod.web.http.formats import ATOM, CSV, HIT_EXPORTS
from lod.web.profiles.summary import Summary
from lod.web.search.state import SearchState
from lod.web.view import PublishedView
from lod.web.writing.xml_text import NOT_XML

_HYDRA = "http://www.w3.org/ns/hydra/core#"
_CONTEXT = {
    "hydra": _HYDRA,
    "dcterms": "http://purl.org/dc/terms/",
    "bibo": "http://purl.org/ontology/bibo/",
    "prez": "https://prez.dev/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": "dcterms:title",
    "creator": "dcterms:creator",
    "name": "http://xmlns.com/foaf/0.1/name",
    "issued": "dcterms:issued",
    "isPartOf": {"@id": "dcterms:isPartOf", "@type": "@id"},
    "type": {"@id": "dcterms:type", "@type": "@id"},
    "accessRights": {"@id": "dcterms:accessRights", "@type": "@id"},
    "license": {"@id": "dcterms:license", "@type": "@id"},
    "doi": "bibo:doi",
    "member": "hydra:member",
    "totalItems": "hydra:totalItems",
    "view": "hydra:view",
    "first": {"@id": "hydra:first", "@type": "@id"},
    "previous": {"@id": "hydra:previous", "@type": "@id"},
    "next": {"@id": "hydra:next", "@type": "@id"},
    "last": {"@id": "hydra:last", "@type": "@id"},
    "search": "hydra:search",
    "facets": "prez:facet",
    "facetName": "prez:facetName",
    "facetValue": "prez:facetValue",
    "facetCount": "prez:facetCount",
    "values": "prez:facetValues",
}
_COLUMNS = ("iri", "title", "authors", "issued", "container", "type", "access", "licence", "doi")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Result:
    """A page of hits and what belongs to it, for the writers of formats that have pages."""

    view: PublishedView
    index: SearchIndex
    state: SearchState
    hits: Hits
    entries: list[Entry]
    last_page: int

    def address(self, state: SearchState, **more: str) -> str:
        """Return the public address of a state."""
        return state.address(f"{self.view.addresses.base}search", **more)

    def links(self, **more: str) -> dict[str, str]:
        """Return the addresses of the other pages, by relation."""
        page, last = self.state.page, self.last_page
        numbers = {"first": 1, "previous": page - 1 or None, "next": page + 1 if page < last else None, "last": last}
        return {name: self.address(self.state.at(number), **more) for name, number in numbers.items() if number}


Write = Callable[[PublishedView, Iterable[Entry]], Iterator[str]]
"""A function that yields the text of entries in their order."""


@dataclass(frozen=True, slots=True)
class Export:
    """A format in which all hits are sent, and the function that writes it."""

    format: Format
    write: Write


def write_csv(view: PublishedView, entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a table with a row for each entry; several values of a cell stand between " || "."""
    buffer = io.StringIO()
    table = csv.writer(buffer)
    table.writerow(_COLUMNS)
    for entry in entries:
        table.writerow(map(cell, _columns(entry)))
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_n_triples(view: PublishedView, entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the document of each entry, as /data/ serves it; what several of them say is there several times."""
    for entry in entries:
        yield "".join(f"{claim(*triple)}\n" for triple in view.reader.document(entry.iri).triples)


def _as_citations(format_: Format) -> Write:
    def write(view: PublishedView, entries: Iterable[Entry]) -> Iterator[str]:
        summaries = (Summary(view.reader, view.reader.document(entry.iri)) for entry in entries)
        return write_citations(map(citation, summaries), format_)

    return write


_WRITERS: dict[Format, Write] = {CSV: write_csv, N_TRIPLES: write_n_triples}
EXPORTS = tuple(Export(format_, _WRITERS.get(format_) or _as_citations(format_)) for format_ in HIT_EXPORTS)
"""Formats of all hits, by `?format=`; they are streamed."""


def write_json_ld(result: Result) -> str:
    """Return a page of hits as a Hydra collection, with facets. Source: Hydra Core Vocabulary, sections 4.5 and 5.3."""
    index, state = result.index, result.state
    facets = [
        {
            "facetName": name,
            "values": [
                {"facetValue": value.label, "@id": value.key, "facetCount": value.number}
                if value.is_thing
                else {"facetValue": value.label, "facetCount": value.number}
                for value in values
            ],
        }
        for name, values in index.facets(result.hits).items()
    ]
    template = f"{result.view.addresses.base}search{{?q,sort,size,page,{','.join(BY_NAME)}}}"
    document = {
        "@context": _CONTEXT,
        "@id": result.address(state.at(1)),
        "@type": "hydra:Collection",
        "totalItems": result.hits.total,
        "member": [_member(entry) for entry in result.entries],
        "view": {"@id": result.address(state), "@type": "hydra:PartialCollectionView", **result.links()},
        "search": {
            "@type": "hydra:IriTemplate",
            "hydra:template": template,
            "hydra:variableRepresentation": {"@id": "hydra:BasicRepresentation"},
        },
        "facets": facets,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def write_atom(result: Result) -> str:
    """Return a page of hits as a feed. Source: RFC 4287; RFC 5005, section 3; OpenSearch 1.1 draft 6, response elements."""
    view, state = result.view, result.state
    updated = escape(view.reader.generation.created)
    title = f"{view.service.settings.title}: {state.text or 'all items'}"
    names = {"previous": "prev"}
    links = "".join(
        f'<link rel="{names.get(relation, relation)}" type="{ATOM.media_type}" href={quoteattr(address)}/>\n'
        for relation, address in {"self": result.address(state, format="atom"), **result.links(format="atom")}.items()
    )
    entries = "".join(_atom_entry(view, entry, updated) for entry in result.entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/">\n'
        f"<title>{_xml(title)}</title>\n<id>{escape(result.address(state.at(1)))}</id>\n<updated>{updated}</updated>\n"
        f"<author><name>{_xml(view.service.settings.publisher or view.service.settings.title)}</name></author>\n{links}"
        f'<link rel="alternate" type="text/html" href={quoteattr(result.address(state))}/>\n'
        f'<link rel="search" type="application/opensearchdescription+xml" href={quoteattr(view.addresses.base + "opensearch.xml")}/>\n'
        f"<opensearch:totalResults>{result.hits.total}</opensearch:totalResults>\n"
        f"<opensearch:startIndex>{(state.page - 1) * state.size + 1}</opensearch:startIndex>\n"
        f"<opensearch:itemsPerPage>{state.size}</opensearch:itemsPerPage>\n"
        f'<opensearch:Query role="request" searchTerms={quoteattr(_xml_text(state.text))} startPage="{state.page}"/>\n'
        f"{entries}</feed>\n"
    )


def _atom_entry(view: PublishedView, entry: Entry, updated: str) -> str:
    shown = entry.shown
    authors = "".join(
        f"<author><name>{_xml(name)}</name></author>\n" for name, _, _ in shown.get("authors", ()) if name
    )
    key = view.addresses.given_key(entry.iri)
    summary = f"<summary>{_xml(shown['abstract'])}</summary>\n" if shown.get("abstract") else ""
    issued = f"<dcterms:issued>{_xml(shown['issued'])}</dcterms:issued>\n" if shown.get("issued") else ""
    return (
        f"<entry>\n<title>{_xml(entry.title)}</title>\n<id>{_xml(entry.iri)}</id>\n<updated>{updated}</updated>\n{authors}"
        f'<link rel="alternate" type="text/html" href={quoteattr(f"{view.addresses.base}page/{key}")}/>\n{issued}{summary}</entry>\n'
    )


def _member(entry: Entry) -> dict[str, object]:
    shown = entry.shown
    member = {
        "@id": entry.iri,
        "title": entry.title,
        "creator": [{"name": name, **({"@id": iri} if iri else {})} for name, iri, _ in shown.get("authors", ())],
        "issued": shown.get("issued"),
        "isPartOf": [iri for _, iri in shown.get("in", ())],
        "type": shown.get("types"),
        "accessRights": shown.get("access"),
        "license": shown.get("licence"),
        "doi": shown.get("doi"),
    }
    return {name: value for name, value in member.items() if value}


def _columns(entry: Entry) -> Iterator[str]:
    shown = entry.shown
    authors = [name for name, _, _ in shown.get("authors", ())]
    left_out = shown.get("number_of_authors", 0) - len(authors)
    yield entry.iri
    yield entry.title
    yield " || ".join([*authors, *([f"and {left_out} more"] if left_out > 0 else [])])
    yield shown.get("issued", "")
    yield " > ".join(name for name, _ in shown.get("in", ()) if name)
    for part in ("types", "access", "licence"):
        yield " || ".join(label_of_code(iri) or iri for iri in shown.get(part, ()))
    yield shown.get("doi", "")


def cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula. Source: OWASP, CSV injection."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _xml(text: str) -> str:
    return escape(_xml_text(text))


def _xml_text(text: str) -> str:
    """Return a text without characters that XML 1.0 has no way to write."""
    return NOT_XML.sub("", text)
