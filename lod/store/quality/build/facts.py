"""Facts about one record that figures are made of: what it has, what it is counted under, what it has in common with others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from lod.mapping.values.iris import handle_of
from lod.rdf.claims import iri, iri_text, is_iri, literal_parts
from lod.record import Record
from lod.store.quality.values.measures import MEASURES
from lod.store.search.build import claim_index as c
from lod.store.search.values.folding import sort_key

PUBLISHED, REFUSED, OTHER = "published", "refused", "other"
"""States: published; refused and never published; about a file or the whole site, or a place that has no record."""

_RESOLVER = "https://hdl.handle.net/"
_YEAR = re.compile(r"(-?\d{4,5})(?:-|$)")
_HANDLE = iri("http://purl.org/ontology/bibo/handle")
_PAGES = (
    c.PAGE_START,
    c.ARTICLE_NUMBER,
    iri("http://prismstandard.org/namespaces/basic/2.0/startingPage"),
    iri("http://purl.org/ontology/bibo/pages"),
)


def _sets(table: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(properties) for name, properties in table.items()}


_ON_ITEM = _sets(
    {
        "title": (c.TITLE,),
        "author": (c.CREATOR, c.AUTHOR_LIST),
        "date": (c.ISSUED, c.YEAR),
        "type": (c.KIND,),
        "language": (c.LANGUAGE,),
        "abstract": (c.ABSTRACT,),
        "subject": (c.SUBJECT, c.KEYWORD),
        "publisher": (c.PUBLISHER,),
        "container": (c.PART_OF,),
        "pages": _PAGES,
        "doi": (c.DOI,),
        "handle": (_HANDLE,),
        "access": (c.ACCESS,),
        "fulltext": (c.FILE,),
        "funding": (c.FUNDING,),
    }
)
_ANYWHERE = _sets(
    {
        "issn": tuple(property_ for property_, scheme in c.FLAT_IDENTIFIERS.items() if scheme == "issn"),
        "isbn": tuple(property_ for property_, scheme in c.FLAT_IDENTIFIERS.items() if scheme == "isbn"),
        "licence": (c.LICENCE,),
    }
)
_SCHEMES = {
    iri("http://purl.org/spar/datacite/orcid"): "orcid",
    iri("http://purl.org/spar/datacite/ror"): "ror",
}
_TELLING = frozenset().union(*_ANYWHERE.values(), (c.SCHEME, c.SAME_AS))
"""Properties of which a subject has one where it tells anything beside what is stated of the item."""
_LINKS = {"<https://orcid.org/": "orcid", "<https://ror.org/": "ror"}


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Facts about what is published of one record.

    Attributes:
        has: names of the measures that it has; `lacks`: of those that it should have and has not.
        year: of its publication, "" where it has none; type: IRI of its COAR type, likewise.
        alike: what it may have in common with others: kind and a number that represents the value.
    """

    has: tuple[str, ...]
    lacks: tuple[str, ...]
    year: str
    type: str
    alike: tuple[tuple[str, int], ...]


def facts_of(item: str, claims: Iterable[str]) -> RecordFacts:
    """Return the facts about an item by all claims that its record states."""
    index, subject = c.index_claims(claims), iri(item)
    about = index.get(subject, {})
    has = {name for name, properties in _ON_ITEM.items() if not properties.isdisjoint(about)}
    for described in index.values():
        if _TELLING.isdisjoint(described):
            continue
        has.update(name for name, properties in _ANYWHERE.items() if not properties.isdisjoint(described))
        has.update(name for scheme, name in _SCHEMES.items() if scheme in described.get(c.SCHEME, ()))
        for link in described.get(c.SAME_AS, ()):
            has.update(name for start, name in _LINKS.items() if link.startswith(start))
    types = c.iris(index, subject, c.KIND)
    wanted = {measure.name for measure in MEASURES if not measure.types or not measure.types.isdisjoint(types)}
    year = _year(index, subject)
    return RecordFacts(
        tuple(sorted(has)),
        tuple(sorted(wanted - has)),
        year,
        types[0] if types else "",
        tuple(dict.fromkeys(_alike(index, subject, year))),
    )


def _year(index: c.Claims, subject: str) -> str:
    for text in c.texts(index, subject, c.YEAR, c.ISSUED):
        match = _YEAR.match(text)
        if match:
            return match[1]
    return ""


def _alike(index: c.Claims, subject: str, year: str) -> Iterator[tuple[str, int]]:
    for doi in c.texts(index, subject, c.DOI):
        yield "doi", number_of(doi.lower())
    for handle in c.texts(index, subject, _HANDLE):
        yield "handle", number_of(handle.lower())
    titles = c.texts(index, subject, c.TITLE)
    author = _first_author(index, subject)
    # A title alone is shared by many ("Editorial").
    if titles and year and author:
        yield "title", number_of("\n".join((sort_key(titles[0]), year, sort_key(author))))


def _first_author(index: c.Claims, subject: str) -> str:
    for term in c.authors(index, subject)[:1]:
        if not is_iri(term):
            return literal_parts(term)[0]
        return next(iter(c.texts(index, term, *c.NAMES)), iri_text(term))
    return ""


def number_of(text: str) -> int:
    """Return a number of 63 bits that represents a text."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big") >> 1


def source_name(record: Record | None, source: str) -> str:
    """Return the name of a source: as lod.toml has it, else that of its file or host. Folders of this machine are not told."""
    if record and record.origin.name:
        return record.origin.name
    if source.startswith(("http://", "https://")):
        return urlsplit(source).hostname or ""
    return PurePosixPath(source).name


def handle_of_record(record: Record) -> str:
    """Return the handle of a record as its source gave it, "" where it has none."""
    addresses = (value.text.strip() for value in record.values if value.field == "dc.identifier.uri")
    return record.handle or next((found for address in addresses if (found := handle_of(address))), "")


def source_link(record: Record) -> str:
    """Return the address at which the repository shows a record, "" where it has none.

    That is the address it was read from, else its dc.identifier.uri, else its handle at the resolver.
    """
    if record.url:
        return record.url
    addresses = (value.text.strip() for value in record.values if value.field == "dc.identifier.uri")
    address = next((address for address in addresses if address.startswith(("https://", "http://"))), "")
    handle = "" if address else handle_of_record(record)
    return f"{_RESOLVER}{quote(handle, safe='/')}" if handle else address
