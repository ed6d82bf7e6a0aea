"""Collect what is served about a resource: fixed look-ups in the store, no query language."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from lod.disk.os_errors import store_error
from lod.rdf.claims import RDF_FIRST, Iri, Triple, iri, iri_text, is_iri, literal_parts
from lod.store.base import PublishedGeneration, Store
from lod.store.generation.checksums import GRAPHS
from lod.web.http.addresses import Addresses
from lod.web.http.cache import KeptAnswers
from lod.web.reading import terms
from lod.web.reading.documents import POINTING_PER_PAGE, Document, make_document
from lod.web.reading.pattern_pages import FragmentReader

MOST_UNCOUNTED_PAGES = 100
"""Pages of what points at something that the catalog does not count: the store has to read all that comes before one."""

_KEPT_LABELS = 50_000
_CONTAINER_STEPS = 4
_CONTAINER_PROPERTIES = frozenset(
    {terms.TYPE, terms.IS_PART_OF, terms.VOLUME, terms.ISSUE, terms.ISSN, terms.EISSN, *terms.LABELS}
)


class Reader:
    """Reads one generation. Labels, answers and results of queries are kept, within bounds: a generation never changes."""

    def __init__(self, generation: PublishedGeneration, addresses: Addresses, switched: str = "") -> None:
        """Take a generation, and when it went live (ISO 8601): after it was built where it was rolled back to."""
        self.generation = generation
        self._switched = switched or generation.created
        self.store: Store = generation.store
        self.catalog = generation.catalog
        self.addresses = addresses
        self._cells = f"<{addresses.base}.well-known/genid/"
        self._items = f"{addresses.base}id/item/"
        self._things = f"{addresses.base}id/"
        self._labels: dict[str, tuple[Triple, ...]] = {}
        self._taken: dict[str, frozenset[str]] = {}
        self.answers = KeptAnswers()
        self.results = KeptAnswers()
        self._fragments: FragmentReader | None = None
        self.is_damaged = False

    @property
    def modified(self) -> datetime:
        """Since when everything may have been as it is."""
        return max(datetime.fromisoformat(moment) for moment in (self.generation.created, self._switched))

    @property
    def fragments(self) -> FragmentReader:
        """The pages of triple patterns."""
        if self._fragments is None:
            self._fragments = FragmentReader(self.store, self.catalog.counts().get("triples", 0))
        return self._fragments

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """See `PublishedGeneration.graph_lines`; a file that cannot be read is a StoreError."""
        lines = self.generation.graph_lines(iri)
        return None if lines is None else self._read(lines)

    def _read(self, lines: Iterator[str]) -> Iterator[str]:
        try:
            yield from lines
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as fault:
            raise store_error(self.generation.directory / GRAPHS, "reading a named graph", fault) from fault

    def is_known(self, subject: str) -> bool:
        """Tell whether anything is published about an IRI, or points at it."""
        if self.store.exists(subject):
            return True
        try:
            return next(iter(self.store.triples_to(subject, 1)), None) is not None
        except ValueError:
            return False

    def is_counted(self, subject: str) -> bool:
        """Tell whether the catalog counts what points at an IRI: at things of this site, not at classes and other terms."""
        return subject.startswith(self._things)

    def document(self, subject: str, page: int = 1) -> Document:
        """Return the document of a resource.

        It holds the resource's own triples; those of its parts (fragments and list cells) and of its record; the names of
        what they link to; for an item the journal, volume and issue that it stands in; and, page by page, the triples that point
        at the resource, with the names of where they come from.
        """
        triples = list(self._own(subject))
        counts = self.catalog.counts_to(subject) if self.is_counted(subject) else {}
        pointing, more = self._counted(subject, counts, page) if counts else self._pointing(subject, page)
        for triple in pointing:
            source = iri_text(triple[0])
            if source.startswith(f"{subject}#"):
                triples += self.store.triples_of(source)
        described = {triple[0] for triple in triples}
        pointing = [triple for triple in pointing if triple[0] not in described]
        triples += pointing
        if subject.startswith(self._items):
            triples += self._containers(subject, described)
        triples += self._names(triples, described | {iri(subject)})
        encoded = {iri(property_): number for property_, number in counts.items()}
        return make_document(iri(subject), triples, tuple(pointing), page=page, more=more, counts=encoded)

    def taken_endings(self, subject: str, extensions: tuple[str, ...]) -> frozenset[str]:
        """Return the extensions that end the name of another thing: 10722/1.nt beside 10722/1."""
        known = self._taken.get(subject)
        if known is None:
            if len(self._taken) >= _KEPT_LABELS:
                self._taken.clear()
            known = frozenset(name for name in extensions if self.store.exists(f"{subject}.{name}"))
            self._taken[subject] = known
        return known

    def labels(self, subject: str) -> tuple[Triple, ...]:
        """Return the triples that name a resource."""
        known = self._labels.get(subject)
        if known is None:
            if len(self._labels) >= _KEPT_LABELS:
                self._labels.clear()
            encoded = iri(subject)
            known = tuple(
                (encoded, predicate, object_)
                for predicate in terms.LABELS
                for object_ in self.store.objects(subject, iri_text(predicate))
            )
            self._labels[subject] = known
        return known

    def label(self, subject: str) -> tuple[str, str | None] | None:
        """Return what a resource is called and the language of that name, None where it has no name.

        Names in English or without a language come first, so that a list of them is in one language where it can be.
        """
        return best_name([object_ for _, _, object_ in self.labels(subject)])

    def _own(self, subject: str) -> Iterator[Triple]:
        waiting, seen = [subject], {subject}
        while waiting:
            current = waiting.pop(0)
            for triple in self.store.triples_of(current):
                yield triple
                object_ = triple[2]
                if not is_iri(object_):
                    continue
                text = iri_text(object_)
                if text not in seen and (
                    self._is_part(text, subject) or (current == subject and triple[1] == terms.IS_PRIMARY_TOPIC_OF)
                ):
                    seen.add(text)
                    waiting.append(text)

    def _is_part(self, candidate: str, subject: str) -> bool:
        if candidate.startswith(self._cells[1:]):
            return True
        owner, fragment, _ = candidate.partition("#")
        return bool(fragment) and owner in {subject, self._record_of(subject)}

    def _record_of(self, subject: str) -> str:
        key = self.addresses.key(subject)
        return self.addresses.document(key) if key else subject

    def _counted(self, subject: str, counts: Mapping[str, int], page: int) -> tuple[list[Triple], bool]:
        """Return one page of what points at a thing, which the catalog has counted and keeps in order."""
        skipped, object_ = (page - 1) * POINTING_PER_PAGE, iri(subject)
        found: list[Triple] = []
        for property_, number in counts.items():
            if skipped < number and len(found) < POINTING_PER_PAGE:
                sources = self.catalog.links_to(subject, property_, POINTING_PER_PAGE - len(found), skipped)
                found += [(iri(source), iri(property_), object_) for source in sources]
            skipped = max(skipped - number, 0)
        return found, page * POINTING_PER_PAGE < sum(counts.values())

    def _pointing(self, subject: str, page: int) -> tuple[list[Triple], bool]:
        """Return one page of what points at anything else, such as a class, in the order of the store."""
        found = list(self.store.triples_to(subject, POINTING_PER_PAGE + 1, (page - 1) * POINTING_PER_PAGE))
        more = len(found) > POINTING_PER_PAGE
        # A cell of somebody's list of authors says nothing without its list, which is in the document of the item.
        kept = [
            triple
            for triple in found[:POINTING_PER_PAGE]
            if not (triple[1] == RDF_FIRST and triple[0].startswith(self._cells))
        ]
        return kept, more

    def _containers(self, subject: str, described: set[Iri]) -> Iterator[Triple]:
        current = [iri_text(o) for o in self.store.objects(subject, iri_text(terms.IS_PART_OF)) if is_iri(o)]
        for _ in range(_CONTAINER_STEPS):
            following: list[str] = []
            for container in current:
                if iri(container) in described:
                    continue
                described.add(iri(container))
                for triple in self.store.triples_of(container):
                    if triple[1] in _CONTAINER_PROPERTIES:
                        yield triple
                    if triple[1] == terms.IS_PART_OF and is_iri(triple[2]):
                        following.append(iri_text(triple[2]))
            current = following

    def _names(self, triples: list[Triple], described: set[str]) -> Iterator[Triple]:
        linked = dict.fromkeys(term for subject, _, object_ in triples for term in (subject, object_) if is_iri(term))
        for term in linked:
            if term not in described:
                yield from self.labels(iri_text(term))


def best_name(names: list[str]) -> tuple[str, str | None] | None:
    """Return text and language of the name to show, of encoded literals; None where there is none."""
    literals = [literal_parts(name) for name in names if not is_iri(name)]
    if not literals:
        return None
    text, language, _ = min(literals, key=lambda parts: 0 if not parts[1] else 1 if parts[1][:2] == "en" else 2)
    return text, language
