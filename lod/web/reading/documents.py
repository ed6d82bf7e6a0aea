"""Documents: the triples that are served about one resource, and the order in which they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lod.rdf.claims import RDF_FIRST, RDF_NIL, RDF_REST, Iri, Triple, is_iri, literal_parts
from lod.web.languages.page_language import rank_for_reader
from lod.web.reading import terms

POINTING_PER_PAGE = 100
"""Triples that point at a resource, on one page of its document."""

Name = tuple[str, str | None]
"""A name and its language tag."""


@dataclass(frozen=True, slots=True)
class Document:
    """The triples that are served about one resource.

    Attributes:
        subject: encoded IRI of the resource.
        triples: each once.
        page, more: which part of the triples that point at the resource these are, and whether another page follows.
        counts: how many triples point at the resource, by the encoded property; {} where the catalog does not count them.
        pointing: the triples that point at the resource from elsewhere; they are among `triples`.
        about: the triples by subject and predicate.
    """

    subject: Iri
    triples: tuple[Triple, ...]
    pointing: tuple[Triple, ...] = ()
    page: int = 1
    more: bool = False
    counts: Mapping[Iri, int] = field(default_factory=dict)
    about: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def last_page(self) -> int | None:
        """The number of the last page, None where the triples are not counted."""
        return -(-sum(self.counts.values()) // POINTING_PER_PAGE) or 1 if self.counts or not self.more else None

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return the encoded objects of subject and predicate."""
        return self.about.get(subject, {}).get(predicate, [])

    def members(self, subject: str, predicate: str) -> list[str]:
        """Return the members of the list that is the object of subject and predicate, in order; [] where there is none."""
        found: list[str] = []
        seen: set[str] = set()
        cells = self.objects(subject, predicate)[:1]
        while cells and cells[0] not in seen:
            seen.add(cells[0])
            found += self.objects(cells[0], RDF_FIRST)[:1]
            cells = self.objects(cells[0], RDF_REST)[:1]
        return found

    def with_triples(self, triples: list[Triple]) -> Document:
        """Return the document with more triples, before its own."""
        if not triples:
            return self
        more = [*triples, *self.triples]
        return make_document(self.subject, more, self.pointing, page=self.page, more=self.more, counts=self.counts)

    def name_of(self, subject: str, reader: str = "en") -> Name | None:
        """Return the best name of a resource (encoded) that the document states; None where it states none."""
        return best_name((name for label in terms.LABELS for name in self.objects(subject, label)), reader)


def best_name(names: Iterable[str], reader: str = "en") -> Name | None:
    """Return text and language of the name to show, of encoded literals; None where there is none.

    Names in the language of a reader come first, then those without a language, then English ones, so that a list of them is in one
    language where it can be.
    """
    literals = [literal_parts(name) for name in names if not is_iri(name)]
    if not literals:
        return None
    text, language, _ = min(literals, key=lambda parts: rank_for_reader(parts[1], reader))
    return text, language


def indexed(triples: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    """Return triples by subject and predicate, in their order."""
    index: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, object_ in triples:
        index.setdefault(subject, {}).setdefault(predicate, []).append(object_)
    return index


def make_document(
    subject: Iri,
    triples: Iterable[Triple],
    pointing: tuple[Triple, ...] = (),
    *,
    page: int = 1,
    more: bool = False,
    counts: Mapping[Iri, int] | None = None,
) -> Document:
    """Return a document of triples, each of them once."""
    unique = tuple(dict.fromkeys(triples))
    return Document(subject, unique, pointing, page, more, counts or {}, indexed(unique))


Lists = dict[str, list[str]]


def fold_lists(index: dict[str, dict[str, list[str]]], cell_prefix: str) -> Lists:
    """Take the cells of well-formed lists out of an index and return the lists by their first cell.

    A list is folded when each of its cells is an IRI that starts with the prefix, has one rdf:first, one rdf:rest and
    nothing else, and is the object of one triple only; the last rest is rdf:nil. Any other stays as it is, and so does a
    list inside a list, which JSON-LD 1.0 cannot write.
    """
    cells = {
        subject: (properties[RDF_FIRST][0], properties[RDF_REST][0])
        for subject, properties in index.items()
        if subject.startswith(cell_prefix) and _is_cell(properties)
    }
    references: dict[str, int] = {}
    for properties in index.values():
        for objects in properties.values():
            for object_ in objects:
                if object_ in cells:
                    references[object_] = references.get(object_, 0) + 1
    inner = {term for cell in cells.values() for term in cell}
    lists: Lists = {}
    for head in [cell for cell in cells if cell not in inner]:
        chain = list(_chain(head, cells))
        if chain and references.get(head) == 1 and all(references.get(cell) == 1 for cell in chain):
            lists[head] = [cells[cell][0] for cell in chain]
            for cell in chain:
                del index[cell]
    return lists


def with_blank_cells(triples: Iterable[Triple], cell_prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield triples with the cells of the lists that `fold_lists` folds as blank nodes, for formats without collections."""
    index = indexed(triples)
    lists = fold_lists(index, cell_prefix)
    labels = {head: f"_:list{number}" for number, head in enumerate(sorted(lists), start=1)}
    for subject, properties in index.items():
        for predicate, objects in properties.items():
            for object_ in objects:
                yield subject, predicate, labels.get(object_, object_)
    for head, label in labels.items():
        members = lists[head]
        cells = [label, *(f"{label}cell{number}" for number in range(2, len(members) + 1)), RDF_NIL]
        for cell, member, rest in zip(cells, members, cells[1:], strict=False):
            yield cell, RDF_FIRST, member
            yield cell, RDF_REST, rest


def _is_cell(properties: dict[str, list[str]]) -> bool:
    return properties.keys() == {RDF_FIRST, RDF_REST} and all(len(objects) == 1 for objects in properties.values())


def _chain(head: str, cells: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Yield the cells of a list; nothing where it does not end in rdf:nil."""
    found: dict[str, None] = {}
    cell = head
    while cell in cells and cell not in found:
        found[cell] = None
        cell = cells[cell][1]
    if cell == RDF_NIL:
        yield from found


def reading_order(term: str) -> str:
    """Return a key that sorts encoded terms by their text: a thing before its parts."""
    return term[:-1] if is_iri(term) else term


def ordered_subjects(index: dict[str, dict[str, list[str]]], main: str) -> list[str]:
    """Return subjects in reading order: the main one, its parts, its record, then the others by IRI."""
    stem = main[:-1]

    def rank(subject: str) -> tuple[int, str]:
        if subject == main:
            return 0, ""
        if subject.startswith(f"{stem}#"):
            return 2, reading_order(subject)
        return 1 if "/data/" in subject else 3, reading_order(subject)

    return sorted(index, key=rank)
