"""Size limits: the largest value and the largest record that are taken from a source, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator

from lod.privacy import excerpt
from lod.rdf.claims import iri_text, is_iri, literal_parts, split_claim
from lod.record import RDF_CLAIM, Record
from lod.report import Finding, Severity
from lod.settings.table import Settings

MIB = 1024 * 1024
_SHOWN = 60
_UTF8_MOST = 4
"""Bytes that one character takes in UTF-8, at most."""


def too_large(record: Record, settings: Settings) -> Finding | None:
    """Return the violation that refuses a record for its size, None for one within `max_value_bytes` and `max_record_mib`.

    Call it before anything is made of the record. Sizes are bytes of UTF-8; an RDF literal counts without its escapes.
    """
    total = 0
    for name, text in _texts(record):
        total += len(text)
        if len(text) * _UTF8_MOST > settings.max_value_bytes:
            name, text = _without_escapes(name, text)
            size = utf8_bytes(text)
            if size > settings.max_value_bytes:
                message = (
                    f"the value of {name} is {size:,} bytes long in UTF-8, and max_value_bytes allows {settings.max_value_bytes:,}. "
                    "Shorten it at its source, or raise max_value_bytes in lod.toml, then publish again"
                )
                return _finding(record, "value-size", message, name, text)
    most = settings.max_record_mib * MIB
    if total * _UTF8_MOST > most and (total := sum(utf8_bytes(text) for _, text in _texts(record))) > most:
        name, text = max(_texts(record), key=lambda pair: len(pair[1]))
        message = (
            f"the {len(record.values):,} values of the record are {total:,} bytes long in UTF-8, and max_record_mib allows "
            f"{settings.max_record_mib} MiB; its largest value, of {name}, has {utf8_bytes(text):,}. Look whether it is one record, "
            "and raise max_record_mib in lod.toml if so, then publish again"
        )
        return _finding(record, "record-size", message, name, text)
    return None


def utf8_bytes(text: str) -> int:
    """Return how many bytes a text takes in UTF-8; half of a surrogate pair takes three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield every text of a record that a source is free to choose, with what a message calls it."""
    for value in record.values:
        yield value.field, value.text
        for name, text in (("field name", value.field), ("language", value.language), ("authority", value.authority)):
            if text:
                yield f"{value.field[:_SHOWN]} ({name})", text
    names = ("handle", "uuid", "oai_identifier", "url", "modified", "about")
    yield from ((name, text) for name in names if (text := getattr(record, name)))
    yield from (("collection", text) for text in record.collections)
    for file in record.files:
        parts = (file.name, file.url, file.media_type, file.checksum, file.sequence, file.description)
        yield from (("file", text) for text in parts if text)


def _without_escapes(name: str, text: str) -> tuple[str, str]:
    """Return the property and the text of a claim's object; of any other value name and text unchanged."""
    if name != RDF_CLAIM:
        return name, text
    _, predicate, object_ = split_claim(text)
    return iri_text(predicate), iri_text(object_) if is_iri(object_) else literal_parts(object_)[0]


def _finding(record: Record, rule: str, message: str, name: str, text: str) -> Finding:
    return Finding(
        rule,
        Severity.VIOLATION,
        f"{record.place}: {message}.",
        record=record.place,
        place=record.place,
        field=name,
        value=excerpt(text, _SHOWN),
    )
