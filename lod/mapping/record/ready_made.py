"""RDF that was made elsewhere: nothing is mapped, the claims are published as they are (docs/adr/0018)."""

from __future__ import annotations

from collections.abc import Sequence

from lod.mapping.crosswalk import Crosswalk
from lod.mapping.mapped import Mapped, ValueFate
from lod.rdf.claims import claim, iri, iri_text, is_iri, literal, literal_parts, split_claim, text_of
from lod.record import Record
from lod.report import Fate, Finding, Severity

_LABELS = (
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://xmlns.com/foaf/0.1/name",
    "http://schema.org/name",
    "https://schema.org/name",
    "http://purl.org/dc/elements/1.1/title",
)
_WITHHELD = "it holds an e-mail address"
_MASKED = "masked: an e-mail address in the text is not published"


def map_ready_made(record: Record, key: str, crosswalk: Crosswalk) -> Mapped:
    """Return what is published of a resource that RDF made elsewhere describes: its claims, less e-mail addresses.

    In texts addresses are masked; a claim with one in an IRI (`mailto:`) is withheld.
    """
    about = record.about or ""
    fates: list[ValueFate] = []
    findings: list[Finding] = []
    for value in record.values:
        fate, finding = _fate(value.text, crosswalk)
        fates.append(fate)
        if finding:
            findings.append(Finding(*finding, record=key, place=record.place, field=value.field))
    claims = tuple(sorted({line for fate in fates for line in fate.claims}))
    base = crosswalk.settings.base_iri
    item, document = f"{base}id/item/{key}", f"{base}data/item/{key}"
    return Mapped(key, item, document, _title(about, claims), claims, tuple(fates), tuple(findings))


def _fate(line: str, crosswalk: Crosswalk) -> tuple[ValueFate, tuple[str, Severity, str] | None]:
    subject, predicate, object_ = split_claim(line)
    if not any(crosswalk.hides(text_of(term)) for term in (subject, object_)):
        return ValueFate(Fate.MAPPED, claims=(line,)), None
    if is_iri(object_) or crosswalk.hides(subject):
        message = "A claim with an e-mail address in an IRI was withheld. Take it out of the file, or let the site publish addresses."
        return ValueFate(Fate.WITHHELD, why=_WITHHELD), ("A06", Severity.WARNING, message)
    text, language, datatype = literal_parts(object_)
    masked = claim(subject, predicate, literal(crosswalk.masked(text), language=language, datatype=datatype))
    message = (
        "A text holds an e-mail address, which was masked. Take it out of the file, or let the site publish addresses."
    )
    return ValueFate(Fate.MAPPED, why=_MASKED, claims=(masked,)), ("A06", Severity.WARNING, message)


def _title(about: str, claims: Sequence[str]) -> str:
    """Return what a list shows for the resource: a name without a language or in English first, else its IRI."""
    names: list[tuple[int, bool, str]] = []
    for line in claims:
        subject, predicate, object_ = split_claim(line)
        if subject == iri(about) and not is_iri(object_) and iri_text(predicate) in _LABELS:
            text, language, _ = literal_parts(object_)
            names.append(
                (_LABELS.index(iri_text(predicate)), bool(language) and not str(language).startswith("en"), text)
            )
    return min(names)[2] if names else about
