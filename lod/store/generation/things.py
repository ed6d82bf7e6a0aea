"""Things of a catalog: its claims, parted by the thing that they are about, each claim once.

An item has the claims about itself, its parts, its document and the cells of its lists; anything else those about its IRI and
the IRIs with a fragment behind it.
"""

from __future__ import annotations

from lod.store.catalog.ownership import Owner, owned_prefixes, owning_item
from lod.store.catalog.reader import CatalogReader


class CatalogThings:
    """The things of a catalog whose run is settled."""

    def __init__(self, catalog: CatalogReader, base: str) -> None:
        """`base` is the start of the IRIs of all items."""
        self._catalog = catalog
        self._base = base
        self._items = f"{base}id/item/"
        self._owned = owned_prefixes(base)

    def thing_of(self, claim: str) -> str:
        """Return the IRI of the thing that a claim belongs to."""
        if claim.startswith(self._owned) and (item := owning_item(claim, self._base)):
            return item
        return claim[1 : claim.index(">")].partition("#")[0]

    def claims_of(self, thing: str) -> list[str]:
        """Return all claims of a thing, sorted; none where it is no longer published."""
        found = set(self._catalog.own_claims(thing))
        shared = self._catalog.shared_claims(self._starts(thing))
        found.update(line for line in shared if self.thing_of(line) == thing)
        return sorted(found)

    def moved_to(self, thing: str) -> str | None:
        """Return the IRI that a thing has moved to."""
        return self._catalog.moved_to(thing)

    def _starts(self, thing: str) -> tuple[str, ...]:
        """Return the beginnings of the claims about a thing."""
        if not thing.startswith(self._items):
            return f"<{thing}>", f"<{thing}#"
        return Owner.of(self._base, thing.removeprefix(self._items)).starts
