"""Index of one record's claims by subject and property, as the rules in code read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lod.mapping.mapped import Mapped
from lod.rdf.claims import is_iri, literal_parts, split_claim
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
    """Cache of the prefixed names of properties and classes.

    Attributes:
        predicates: the names of encoded IRIs that have been seen as predicates of claims, so that their form is known.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.predicates: dict[str, str] = {}
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
    `broken` holds the claims that could not be read, `blank` those with a blank node; neither is among the properties.
    `texts` holds every literal that could be read, `typed` and `tagged` those of them with a datatype or a language tag,
    `unreadable` the (subject, property, term) of the others.
    `holders` holds the subjects of each property, `iris` every encoded IRI but those of datatypes.
    """

    key: str
    item: str
    document: str
    properties: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    classes: dict[str, set[str]] = field(default_factory=dict)
    holders: dict[str, list[str]] = field(default_factory=dict)
    iris: set[str] = field(default_factory=set)
    texts: list[RecordLiteral] = field(default_factory=list)
    typed: list[RecordLiteral] = field(default_factory=list)
    tagged: list[RecordLiteral] = field(default_factory=list)
    unreadable: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)

    def objects(self, subject: str, name: str) -> list[str]:
        """Return the encoded objects of a subject's property, [] where it has none."""
        described = self.properties.get(subject)
        return described.get(name, []) if described else []

    def is_a(self, subject: str, *names: str) -> bool:
        """Return whether a subject has one of the classes."""
        classes = self.classes.get(subject)
        return classes is not None and not classes.isdisjoint(names)

    def pairs(self, *names: str) -> Iterator[tuple[str, str, str]]:
        """Yield subject, name and object of every triple that has one of the properties."""
        for name in names:
            for subject in self.holders.get(name, ()):
                for object_ in self.properties[subject][name]:
                    yield subject, name, object_

    def of_class(self, *names: str) -> Iterator[str]:
        """Yield the subjects that have one of the classes."""
        wanted = set(names)
        return (subject for subject, classes in self.classes.items() if not classes.isdisjoint(wanted))


def index_claims(mapped: Mapped, names: Names) -> RecordIndex:
    """Return the claims of a mapped record, indexed; no claim makes it raise."""
    record = RecordIndex(mapped.key, f"<{mapped.item}>", f"<{mapped.document}>")
    properties, holders, iris = record.properties, record.holders, record.iris
    known = names.predicates
    subject = ""
    described: dict[str, list[str]] = {}
    for line in dict.fromkeys(mapped.claims):
        parts = line.split(" ", 2)
        name = known.get(parts[1]) if len(parts) == 3 else None
        # Lines are sorted, so most have the subject of the line before; properties are few. So the form of most is known.
        if name and (parts[0] == subject or _is_whole_iri(parts[0])) and parts[2].endswith(" .") and len(parts[2]) > 2:
            stated, predicate, object_ = parts[0], parts[1], parts[2][:-2]
        else:
            try:
                stated, predicate, object_ = split_claim(line)
            except ValueError:
                _add_unread(record, line)
                continue
            name = known[predicate] = names.of(predicate)
        if object_[0] == "<":
            if object_[-1] != ">":
                record.broken.append(line)
                continue
            iris.add(object_)
            if name == "rdf:type":
                record.classes.setdefault(stated, set()).add(names.of(object_))
        elif object_.startswith("_:"):
            record.blank.append(line)
            continue
        elif object_[-1] == '"' and "\\" not in object_ and object_.find('"', 1) == len(object_) - 1 > 0:
            # Nothing is escaped, and nothing is behind the text: the form of most literals.
            record.texts.append(RecordLiteral(stated, name, object_, object_[1:-1], "", ""))
        elif not _add_literal(record, stated, name, object_):
            continue
        if stated != subject:
            subject = stated
            described = properties.setdefault(subject, {})
            iris.add(subject)
        if name in described:
            described[name].append(object_)
            continue
        described[name] = [object_]
        if name in holders:
            holders[name].append(subject)
        else:
            holders[name] = [subject]
            iris.add(predicate)
    return record


def _add_unread(record: RecordIndex, line: str) -> None:
    (record.blank if line.startswith("_:") else record.broken).append(line)


def _add_literal(record: RecordIndex, subject: str, name: str, term: str) -> bool:
    """Add a literal, and return whether it can be read."""
    try:
        text, language, datatype = literal_parts(term)
    except (ValueError, KeyError):  # a KeyError comes from an escape that N-Triples does not know
        record.unreadable.append((subject, name, term))
        return False
    found = RecordLiteral(subject, name, term, text, language or "", datatype or "")
    record.texts.append(found)
    if datatype:
        record.typed.append(found)
    elif language:
        record.tagged.append(found)
    return True


def _is_whole_iri(term: str) -> bool:
    return term[:1] == "<" and term.find(">") == len(term) - 1
