"""Small made-up records and what a mapping would make of them."""

from __future__ import annotations

from collections.abc import Iterable

from lod.mapping.mapped import Mapped, ValueFate
from lod.rdf.claims import claim, iri, literal
from lod.record import Record, Value
from lod.report import Fate, Finding, Severity
from lod.store.catalog.packing import pack_record, packed
from lod.store.generation.named_graphs import GraphSource
from lod.store.oxigraph import stored_form

BASE = "https://data.example.org/"
MOMENT = "2026-01-02T03:04:05Z"
TITLE = iri("http://purl.org/dc/terms/title")
CREATOR = iri("http://purl.org/dc/terms/creator")
NAME = iri("http://xmlns.com/foaf/0.1/name")


def item_of(key: str) -> str:
    return f"{BASE}id/item/{key}"


def record_of(key: str, *texts: str, source: str = "/site/a.csv", place: str | None = None) -> Record:
    values = tuple(Value("dc.title", text, "en") for text in texts or (f"Title of {key}",))
    return Record(source, place or f"a.csv, {key}", values, handle=key)


def own_claims(key: str, *texts: str) -> list[str]:
    item, document = iri(item_of(key)), iri(f"{BASE}data/item/{key}")
    return [
        *(claim(item, TITLE, literal(text, language="en")) for text in texts or (f"Title of {key}",)),
        claim(document, iri("http://xmlns.com/foaf/0.1/primaryTopic"), item),
        claim(iri(f"{item_of(key)}#agent-lu"), NAME, literal("Lu, L")),
        claim(
            iri(f"{BASE}.well-known/genid/item/{key}/authorList/1"),
            iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#first"),
            iri(f"{item_of(key)}#agent-lu"),
        ),
    ]


def person_claims(*numbers: int) -> list[str]:
    return [
        line
        for number in numbers
        for line in (
            claim(iri(f"{BASE}id/person/rp{number}"), NAME, literal(f"Person {number}")),
            claim(iri(f"{BASE}id/person/rp{number}"), iri("http://www.w3.org/2000/01/rdf-schema#label"), literal("P")),
        )
    ]


def mapped_of(key: str, claims: Iterable[str], *, values: int = 1, title: str = "") -> Mapped:
    lines = tuple(sorted(set(claims)))
    fates = tuple(ValueFate(Fate.MAPPED, "rule 1", "", lines[:1]) for _ in range(values))
    return Mapped(key, item_of(key), f"{BASE}data/item/{key}", title or f"Title of {key}", lines, fates, ())


def publish_into(catalog, key: str, claims: Iterable[str] | None = None, record: Record | None = None) -> None:
    """Stage and put one record, as a run does."""
    record = record or record_of(key)
    mapped = mapped_of(key, own_claims(key) if claims is None else claims, values=len(record.values))
    put(catalog, mapped, record, record.content_hash(), "basis 1")


def put(catalog, mapped: Mapped, record: Record, content_hash: str = "hash", basis: str = "basis") -> None:
    """Publish a mapped record, as a run does."""
    catalog.put(packed(mapped, record, (), stored_form), pack_record(record), content_hash, basis, MOMENT)


def sources(graphs):
    """Return sources of named graphs from their claims, by IRI."""
    return {iri: GraphSource(lambda claims=tuple(claims): claims) for iri, claims in graphs.items()}


def violation(key: str, message: str = "Give the record a title.") -> Finding:
    return Finding("I01", Severity.VIOLATION, message, record=key, place=f"a.csv, {key}", field="dc.title")


def warning(key: str, message: str = "The title ends with a full stop.") -> Finding:
    return Finding(
        "T02", Severity.WARNING, message, record=key, place=f"a.csv, {key}", field="dc.title", value="A title."
    )


def redirects_of(catalog):
    """The old and new IRIs of everything in a catalog that has moved, sorted by the old ones."""
    return catalog._rows(
        "SELECT renamed.item AS old, record.item FROM renamed JOIN record USING (folded) "
        "UNION SELECT old, new FROM redirect ORDER BY old"
    )
