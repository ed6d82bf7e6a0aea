"""Containers: what a resource is part of (`dcterms:isPartOf`), such as issue, volume and journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lod.rdf.claims import is_iri

DESCRIBED_LEVELS = 4
"""Levels of containers that the document of an item describes."""

NAMED_LEVELS = DESCRIBED_LEVELS + 1
"""Levels that pages and profiles show: of the last one the document has the name only."""


def container_levels(
    subject: str, parents: Callable[[str], Iterable[str]], seen: set[str], most_levels: int = NAMED_LEVELS
) -> Iterator[list[str]]:
    """Yield what a resource is part of, level by level, the nearest first. All terms are encoded.

    Args:
        subject: the resource.
        parents: gives the objects of `dcterms:isPartOf` of a term.
        seen: terms that are left out; those that are yielded are added, so that each comes once.
        most_levels: how many levels at most.
    """
    level = [subject]
    for _ in range(most_levels):
        found = (term for child in level for term in parents(child))
        level = list(dict.fromkeys(term for term in found if is_iri(term) and term not in seen))
        if not level:
            return
        seen.update(level)
        yield level
