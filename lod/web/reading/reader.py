"""Reader of one generation: documents of resources, by fixed look-ups in the store, without a query language."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from lod.disk.os_errors import store_error
from lod.dump.void_and_dcat import DESCRIPTION_GRAPH, LINK_GRAPH
from lod.rdf.claims import RDF_FIRST, Triple, iri, iri_text, is_iri, split_claim
from lod.store.base import PublishedGeneration, Store
from lod.store.catalog.ownership import owned_subjects
from lod.store.generation.checksums import GRAPHS
from lod.store.quality.build.schema import QUALITY
from lod.store.quality.find.index import QualityIndex
from lod.store.search.build.schema import SEARCH
from lod.store.search.find.index import SearchIndex
from lod.web.http.addresses import Addresses
from lod.web.http.cache import ResponseCache
from lod.web.reading import terms
from lod.web.reading.containers import DESCRIBED_LEVELS, container_levels
from lod.web.reading.documents import POINTING_PER_PAGE, Document, Name, best_name, make_document
from lod.web.reading.pattern_pages import PatternReader
from lod.web.reading.used_terms import UsedTerms, used_terms

_REPRESENTATION_BYTES = 8 << 20
"""Size of the cache of representations; whole responses are cached in front of the app, one representation may be in several of them."""
MOST_UNCOUNTED_PAGES = 100
"""Pages of what points at a resource that the catalog does not count: the store has to read all that come before."""

_CACHED_LABELS = 50_000
_MOST_ABOVE = 10_000
"""Nodes between a cell of a list and the resource that has the list: as many as the list has members before it."""

_CONTAINER_PROPERTIES = frozenset(
    {terms.TYPE, terms.IS_PART_OF, terms.VOLUME, terms.ISSUE, terms.ISSN, terms.EISSN, *terms.LABELS}
)


class Reader:
    """Reads one generation; caches labels, responses and results of queries, within bounds. A generation never changes."""

    def __init__(self, generation: PublishedGeneration, addresses: Addresses, switched: str = "") -> None:
        """Take a generation, and when it went live (ISO 8601): after it was built where it was rolled back to."""
        self.generation = generation
        self.switched = switched or generation.created
        self.store: Store = generation.store
        self.catalog = generation.catalog
        self.addresses = addresses
        self._cells = f"<{addresses.base}.well-known/genid/"
        self._items = f"{addresses.base}id/item/"
        self._things = f"{addresses.base}id/"
        self._owned = owned_subjects(addresses.base)
        self._labels: dict[str, tuple[Triple, ...]] = {}
        self._taken: dict[str, frozenset[str]] = {}
        self.responses = ResponseCache(_REPRESENTATION_BYTES)
        self.results = ResponseCache()
        self.is_damaged = False

    @property
    def modified(self) -> datetime:
        """Earliest moment since which everything may have been as it is: `Last-Modified`."""
        return max(datetime.fromisoformat(moment) for moment in (self.generation.created, self.switched))

    @cached_property
    def patterns(self) -> PatternReader:
        """The reader of triple patterns."""
        return PatternReader(self.store, self.catalog.counts().get("triples", 0))

    @cached_property
    def search(self) -> SearchIndex | None:
        """The search index of the generation, None where it has none: the store is elsewhere, or an earlier version made it."""
        return SearchIndex.open(self.generation.directory / SEARCH)

    @cached_property
    def quality(self) -> QualityIndex | None:
        """The figures of quality of the generation, None where it has none: an earlier version made it, or it is elsewhere."""
        return QualityIndex.open(self.generation.directory / QUALITY)

    @cached_property
    def used_terms(self) -> UsedTerms:
        """The classes and properties that the data uses, from the graph of the description of the dataset."""
        return used_terms(self.graph_lines(self.addresses.base + DESCRIPTION_GRAPH) or ())

    def graph_lines(self, iri: str) -> Iterator[str] | None:
        """See `PublishedGeneration.graph_lines`; a file that cannot be read is a StoreError."""
        lines = self.generation.graph_lines(iri)
        return None if lines is None else self._read(lines)

    def _read(self, lines: Iterator[str]) -> Iterator[str]:
        try:
            yield from lines
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise store_error(self.generation.directory / GRAPHS, "reading a named graph", error) from error

    def is_known(self, subject: str) -> bool:
        """Return whether anything is published about an IRI, or points at it."""
        if self.store.exists(subject):
            return True
        try:
            return next(iter(self.store.triples_to(subject, 1)), None) is not None
        except ValueError:
            return False

    def is_counted(self, subject: str) -> bool:
        """Return whether the catalog counts what points at an IRI: at things of this site, not at classes and other terms."""
        return subject.startswith(self._things)

    @cached_property
    def link_graph(self) -> str:
        """The IRI of the graph of links that files state, "" where there is none."""
        graph = self.addresses.base + LINK_GRAPH
        return graph if graph in self.store.named_graphs() else ""

    def links(self, subject: str) -> list[Triple]:
        """Return the links of a resource that files state."""
        return list(self.store.triples_of(subject, self.link_graph)) if self.link_graph else []

    def document(self, subject: str, page: int = 1) -> Document:
        """Return the document of a resource.

        It holds the resource's own triples, and its links from files; those of its parts (fragments and list cells) and of its record; the names of
        what they link to; for an item its containers (journal, volume, issue); and, page by page, the triples that point at the
        resource, with the names of their subjects.
        """
        triples = [*self.own(subject), *self.links(subject)]
        counts = self.catalog.counts_to(subject) if self.is_counted(subject) else {}
        pointing, more = self._counted(subject, counts, page) if counts else self._pointing(subject, page)
        for triple in pointing:
            source = iri_text(triple[0])
            if source.startswith(f"{subject}#"):
                triples += self.store.triples_of(source)
        described: set[str] = {triple[0] for triple in triples}
        pointing = [triple for triple in pointing if triple[0] not in described]
        triples += pointing
        if subject.startswith(self._items):
            triples += list(self._containers(triples, iri(subject), described))
        triples += self._names(triples, described | {iri(subject)})
        encoded = {iri(property_): number for property_, number in counts.items()}
        return make_document(iri(subject), triples, tuple(pointing), page=page, more=more, counts=encoded)

    def owner_of(self, node: str) -> str | None:
        """Return the resource whose document describes a node below /.well-known/genid/; None where nothing is known of it.

        That is the first resource above it that has a name of its own, or else the node above which there is none.
        """
        seen: set[str] = set()
        while node.startswith(self._cells[1:]) and node not in seen and len(seen) < _MOST_ABOVE:
            seen.add(node)
            above = next(iter(self.store.triples_to(node, 1)), None)
            if above is None:
                return node if self.store.exists(node) else None
            node = iri_text(above[0])
        return None if node in seen else node

    def taken_endings(self, subject: str, extensions: tuple[str, ...]) -> frozenset[str]:
        """Return the extensions with which the name of another thing ends: 10722/1.nt beside 10722/1."""
        known = self._taken.get(subject)
        if known is None:
            if len(self._taken) >= _CACHED_LABELS:
                self._taken.clear()
            names = {f"{subject}.{name}": name for name in extensions}
            items = self.catalog.known_items(tuple(names)) if subject.startswith(self._items) else None
            taken = filter(self.store.exists, names) if items is None else items
            known = frozenset(names[other] for other in taken)
            self._taken[subject] = known
        return known

    def labels(self, subject: str) -> tuple[Triple, ...]:
        """Return the triples that name a resource."""
        return self._labels.get(subject) or self._read_labels([subject])[subject]

    def _read_labels(self, subjects: Iterable[str]) -> dict[str, tuple[Triple, ...]]:
        """Return the triples that name some resources, by resource."""
        found = {subject: self._labels.get(subject) for subject in subjects}
        missing = [subject for subject, known in found.items() if known is None]
        shared = [subject for subject in missing if not subject.startswith(self._owned)]
        starts = [f"<{subject}> {predicate} " for subject in shared for predicate in terms.LABELS]
        claims = self.catalog.shared_claims(starts) if starts else []
        read: dict[str, list[Triple]] = {}
        for subject in missing if claims is None else set(missing).difference(shared):
            encoded = iri(subject)
            read[subject] = [
                (encoded, predicate, object_)
                for predicate in terms.LABELS
                for object_ in self.store.objects(subject, iri_text(predicate))
            ]
        for triple in map(split_claim, claims or ()):
            read.setdefault(iri_text(triple[0]), []).append(triple)
        if len(self._labels) + len(missing) > _CACHED_LABELS:
            self._labels.clear()
        named = {subject: tuple(read.get(subject, ())) for subject in missing}
        self._labels.update(named)
        return {subject: named[subject] if known is None else known for subject, known in found.items()}

    def names(self, subjects: Iterable[str], reader: str = "en") -> dict[str, Name]:
        """Return the best names of the resources that have one, read together; `reader` is the language of whom they are for."""
        found = {
            subject: best_name((triple[2] for triple in named), reader)
            for subject, named in self._read_labels(subjects).items()
        }
        return {subject: name for subject, name in found.items() if name}

    def label(self, subject: str, reader: str = "en") -> Name | None:
        """Return the best name of a resource, None where it has no name; `reader` is the language of whom it is for."""
        return best_name((object_ for _, _, object_ in self.labels(subject)), reader)

    def own(self, subject: str) -> Iterator[Triple]:
        """Yield the triples of a resource, of its parts (fragments and list cells) and of its record."""
        claims = self.catalog.claims_of(subject) if subject.startswith(self._items) else None
        packed: dict[str, list[Triple]] = {}
        for claim in map(split_claim, claims or ()):
            packed.setdefault(iri_text(claim[0]), []).append(claim)
        waiting, seen = [subject], {subject}
        while waiting:
            current = waiting.pop(0)
            for triple in packed.get(current) or self.store.triples_of(current):
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
        """Return one page of what points at a thing, from the catalog, which has it counted and in order."""
        skipped, object_ = (page - 1) * POINTING_PER_PAGE, iri(subject)
        found: list[Triple] = []
        for property_, number in counts.items():
            if skipped < number and len(found) < POINTING_PER_PAGE:
                sources = self.catalog.links_to(subject, property_, POINTING_PER_PAGE - len(found), skipped)
                found += [(iri(source), iri(property_), object_) for source in sources]
            skipped = max(skipped - number, 0)
        return found, page * POINTING_PER_PAGE < sum(counts.values())

    def _pointing(self, subject: str, page: int) -> tuple[list[Triple], bool]:
        """Return one page of what points at any other resource, such as a class, in the order of the store."""
        found = list(self.store.triples_to(subject, POINTING_PER_PAGE + 1, (page - 1) * POINTING_PER_PAGE))
        more = len(found) > POINTING_PER_PAGE
        # A cell of a list of authors means nothing without its list, which is in the document of the item.
        shown = [
            triple
            for triple in found[:POINTING_PER_PAGE]
            if not (triple[1] == RDF_FIRST and triple[0].startswith(self._cells))
        ]
        return shown, more

    def _containers(self, own: list[Triple], subject: str, described: set[str]) -> Iterator[Triple]:
        """Yield the description of a resource's containers; `own` are its own triples, containers in `described` are left out."""
        read: dict[str, list[Triple]] = {subject: own}

        def parents(child: str) -> Iterator[str]:
            return (term for owner, predicate, term in read[child] if (owner, predicate) == (child, terms.IS_PART_OF))

        for level in container_levels(subject, parents, described, DESCRIBED_LEVELS):
            for container in level:
                read[container] = self._described(container)
                yield from (triple for triple in read[container] if triple[1] in _CONTAINER_PROPERTIES)

    def _described(self, container: str) -> list[Triple]:
        subject = iri_text(container)
        claims = None if subject.startswith(self._owned) else self.catalog.shared_claims([f"{container} "])
        return list(self.store.triples_of(subject)) if claims is None else list(map(split_claim, claims))

    def _names(self, triples: list[Triple], described: set[str]) -> Iterator[Triple]:
        linked = dict.fromkeys(term for subject, _, object_ in triples for term in (subject, object_) if is_iri(term))
        named = self._read_labels(iri_text(term) for term in linked if term not in described)
        for triples_of_one in named.values():
            yield from triples_of_one
