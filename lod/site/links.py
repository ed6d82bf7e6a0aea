"""Links of a site: how much is linked, what its files come to, candidates by name, and links for others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lod.dump.void_and_dcat import LINK_GRAPH
from lod.errors import BadValueError, StoreError
from lod.links.authorities import AUTHORITIES, read_authorities
from lod.links.candidates import LinkCandidate, candidates
from lod.links.judge import Here, Judged
from lod.links.link import EXACT
from lod.links.site import judged_links, links_folder
from lod.links.targets import SCHEMES
from lod.links.written import beacon, identities, quick_statements
from lod.report import Finding
from lod.settings.table import Settings
from lod.store.generation.generations import Generation, Site
from lod.store.item_changes import to_second
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.things import CONCEPT, JOURNAL, ORGANISATION, PERSON, PLACE
from lod.store.search.find.index import SearchIndex

KINDS = {
    "item": "Items",
    PERSON: "People",
    ORGANISATION: "Organisations",
    JOURNAL: "Journals",
    CONCEPT: "Concepts",
    PLACE: "Places",
}
"""Kinds of things that have figures."""
_LINKABLE = tuple(kind for kind in KINDS if kind != "item")
CANDIDATE_COLUMNS = ("iri", "name", "target", "target_name", "score", "evidence", "items", "table", "place")


@dataclass
class LinkCoverage:
    """How much of one kind is linked: how many things there are, and by scheme how many records and files identify."""

    kind: str
    total: int
    stated: Counter[str] = field(default_factory=Counter)
    by_files: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        schemes = {
            scheme: {"records": self.stated[scheme], "files": self.by_files[scheme]}
            for scheme in sorted({*self.stated, *self.by_files})
        }
        return {"total": self.total, "schemes": schemes}


class SiteLinks:
    """The links of a site's live generation, and of its folder of links as it is now."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Open the live generation.

        Raises:
            ConfigError: the folder of links has files of no known format.
            StoreError: nothing is published yet, or there is no search index.
        """
        live = Site(folder).live()
        index = SearchIndex.open(live.directory / SEARCH) if live else None
        if live is None or index is None:
            raise StoreError(
                f"{folder}: there is nothing that could be linked; publish records first, with 'lod publish'"
            )
        self._settings = settings
        self._live: Generation = live
        self._index = index
        self._folder = links_folder(folder)

    def judged(self) -> Judged:
        """Return what the files come to against what is published.

        Raises:
            ConfigError: a file cannot be read.
        """
        if self._folder is None:
            return Judged()
        here = Here(self._settings.base_iri, self._index, self._live.catalog.moved_to)
        return judged_links(self._folder, here, may_show_addresses=self._settings.publish_email_addresses)

    def coverage(self, judged: Judged) -> list[LinkCoverage]:
        """Return how much of each kind is linked by identity; `judged` are the links of files."""
        totals = self._index.numbers_of_kinds()
        found = {kind: LinkCoverage(kind, totals[kind]) for kind in KINDS if totals.get(kind)}
        stated: defaultdict[str, set[str]] = defaultdict(set)
        for one in identities(self._index, self._live.store, ()):
            stated[one.target.scheme].add(one.iri)
        linked: defaultdict[str, set[str]] = defaultdict(set)
        for link in judged.links:
            scheme = link.target.scheme or link.target.iri.split("/")[2]
            if link.relation in EXACT and link.subject not in stated[scheme]:
                linked[scheme].add(link.subject)
        for scheme, iris in stated.items():
            for kind in self._index.kinds_of(iris).values():
                if kind in found:
                    found[kind].stated[scheme] += 1
        for scheme, iris in linked.items():
            for kind in self._index.kinds_of(iris).values():
                if kind in found:
                    found[kind].by_files[scheme] += 1
        return list(found.values())

    def candidates(self, judged: Judged) -> Iterator[LinkCandidate]:
        """Yield candidates by name from the authority tables, for things that have no identifier of their scheme yet.

        Raises:
            ConfigError: a table cannot be read.
        """
        if self._folder is None:
            return iter(())
        linked = {(link.subject, link.target.scheme) for link in judged.links if link.relation in EXACT}
        linked |= {(one.iri, one.target.scheme) for one in identities(self._index, self._live.store, ())}
        rows = read_authorities(self._folder / AUTHORITIES)
        return candidates(self._index, rows, _LINKABLE, frozenset(linked))

    def beacon(self, scheme: str) -> Iterator[str]:
        """Yield the lines of the BEACON file of a scheme.

        Raises:
            BadValueError: the scheme is not known.
        """
        if scheme not in SCHEMES:
            raise BadValueError(f"{scheme!r} is no scheme of identifiers; known: {', '.join(sorted(SCHEMES))}")
        settings = self._settings
        return beacon(
            identities(self._index, self._live.store, self._lines(), scheme),
            scheme,
            title=settings.title,
            feed=f"{settings.base_iri}beacon/{scheme}.txt",
            moment=to_second(self._live.created),
            publisher=settings.publisher,
        )

    def quick_statements(self) -> Iterator[str]:
        """Yield the lines of a table for QuickStatements."""
        return quick_statements(identities(self._index, self._live.store, self._lines()))

    def _lines(self) -> Iterator[str]:
        return self._live.graph_lines(self._settings.base_iri + LINK_GRAPH) or iter(())


def candidate_rows(found: Iterator[LinkCandidate]) -> Iterator[dict[str, str]]:
    """Yield candidates as rows of a table, the likeliest first."""
    for one in sorted(found, key=lambda one: (-one.score, -one.items, one.thing.iri, one.authority.target.iri)):
        cells = (
            *(one.thing.iri, one.thing.name, one.authority.target.iri, one.name, f"{one.score:.2f}", one.evidence),
            *(str(one.items), one.set.name, one.authority.place),
        )
        yield dict(zip(CANDIDATE_COLUMNS, cells, strict=True))


def counted_findings(findings: list[Finding]) -> Counter[str]:
    """Return how many findings there are of each rule."""
    return Counter(finding.rule for finding in findings)
