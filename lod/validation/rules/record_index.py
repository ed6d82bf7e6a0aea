"""Index of one record's claims by subject and property, as the rules in code read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lod.mapping.mapped import Mapped
from lod.rdf.claims import RDF_TYPE, Triple, is_iri, literal_parts, split_claim
from lod.rdf.vocabulary import Vocabulary

SERIALS = ("bibo:Journal", "bibo:Magazine", "bibo:Newspaper", "bibo:Periodical", "bibo:Series")
"""Classes of serials: an item of one has no author and no one date of issue."""


class RecordLiteral(NamedTuple):
    """A literal of a record, parsed once: subject, property, encoded form, text, language tag, datatype IRI ("" for none)."""

    subject: str
    property: str
    term: str
    text: str
    language: str
    datatype: str


class Names:
    """Cache of the prefixed names of properties and classes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names: dict[str, str] = {}

    def of(self, term: str) -> str:
        """Return the prefixed name of an encoded IRI ("dcterms:title"); of any other term, the term itself."""
        name = self._names.get(term)
        if name is None:
            name = self._names[term] = prefixed_name(term, self.vocabulary) if is_iri(term) else term
        return name

    def iri(self, name: str) -> str:
        """Return the IRI of a prefixed name; a whole IRI comes back as it is, "" as ""."""
        return iri_of_name(name, self.vocabulary)


def prefixed_name(term: str, vocabulary: Vocabulary) -> str:
    """Return the prefixed name of an encoded IRI, where no prefix fits its IRI; <dcterms:title> stays <dcterms:title>."""
    name = vocabulary.compact(term[1:-1])
    return term if name == term[1:-1] and name.partition(":")[0] in vocabulary.prefixes else name


def iri_of_name(name: str, vocabulary: Vocabulary) -> str:
    """Return the IRI of a name that `prefixed_name` gives."""
    if is_iri(name):
        return name[1:-1]
    prefix, colon, _ = name.partition(":")
    return vocabulary.expand(name) if colon and prefix in vocabulary.prefixes else name


@dataclass(slots=True)
class RecordIndex:
    """The claims of one record.

    Subjects and objects are encoded terms as in `lod.rdf.claims`, properties and classes prefixed names ("bibo:issn").
    `broken` holds the claims that could not be read, `blank` those with a blank node; neither is among the triples.
    `texts` holds every literal that could be read, `unreadable` the (subject, property, term) of the others.
    """

    key: str
    item: str
    document: str
    properties: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    classes: dict[str, set[str]] = field(default_factory=dict)
    triples: list[Triple] = field(default_factory=list)
    texts: list[RecordLiteral] = field(default_factory=list)
    unreadable: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)

    def objects(self, subject: str, name: str) -> list[str]:
        """Return the encoded objects of a subject's property, [] where it has none."""
        return self.properties.get(subject, {}).get(name, [])

    def is_a(self, subject: str, *names: str) -> bool:
        """Return whether a subject has one of the classes."""
        return not self.classes.get(subject, set()).isdisjoint(names)

    def pairs(self, *names: str) -> Iterator[tuple[str, str, str]]:
        """Yield subject, name and object of every triple that has one of the properties."""
        for subject, properties in self.properties.items():
            for name in names:
                for object_ in properties.get(name, ()):
                    yield subject, name, object_

    def of_class(self, *names: str) -> Iterator[str]:
        """Yield the subjects that have one of the classes."""
        wanted = set(names)
        return (subject for subject, classes in self.classes.items() if not classes.isdisjoint(wanted))


def index_claims(mapped: Mapped, names: Names) -> RecordIndex:
    """Return the claims of a mapped record, indexed; no claim makes it raise."""
    record = RecordIndex(mapped.key, f"<{mapped.item}>", f"<{mapped.document}>")
    for line in dict.fromkeys(mapped.claims):
        try:
            subject, predicate, object_ = split_claim(line)
        except ValueError:
            (record.blank if line.startswith("_:") else record.broken).append(line)
            continue
        if object_.startswith("_:"):
            record.blank.append(line)
        elif is_iri(object_) and not object_.endswith(">"):
            record.broken.append(line)
        else:
            _add(record, names.of(predicate), (subject, predicate, object_), names)
    return record


def _add(record: RecordIndex, name: str, triple: Triple, names: Names) -> None:
    subject, predicate, object_ = triple
    if not is_iri(object_):
        try:
            text, language, datatype = literal_parts(object_)
        except (ValueError, KeyError):  # a KeyError comes from an escape that N-Triples does not know
            record.unreadable.append((subject, name, object_))
            return
        record.texts.append(RecordLiteral(subject, name, object_, text, language or "", datatype or ""))
    record.triples.append(triple)
    record.properties.setdefault(subject, {}).setdefault(name, []).append(object_)
    if predicate == RDF_TYPE and is_iri(object_):
        record.classes.setdefault(subject, set()).add(names.of(object_))
