"""Split a record's claims into its own and those shared with other records.

A claim is a record's own when its subject is the item, its document, a part of either (`…#agent-lu%2C_l`) or a cell
of one of its lists (`{base}.well-known/genid/item/{key}/authorList/1`). No two records own the same subject, so own
claims need no counting; shared claims have a reference count, the number of records that state them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.mapping.mapped import Mapped

# Keys contain no space and no comma (they are percent-encoded), so no place of a record looks like a handle.
_HANDLE_KEY = re.compile(r"[0-9][0-9.]*/[A-Za-z0-9.~%/_-]+")

_SPACES = ("id/item/", "data/item/", ".well-known/genid/item/")
_CELL_SPACE = _SPACES[2]


def folded_name(name: str) -> str:
    """Return the form in which keys are compared: handles in lower case, low lines not escaped as they once were.

    Source: MODEL section 3.3, "Handles differing only in case are treated as the same handle".
    """
    name = name.replace("%5F", "_").replace("%5f", "_")
    return name.lower() if _HANDLE_KEY.fullmatch(name) else name


def base_of_item(item: str, key: str) -> str:
    """Return the base IRI of an item's IRI."""
    return item.removesuffix(f"id/item/{key}")


def base_of(mapped: Mapped) -> str:
    """Return the base IRI under which a record was mapped.

    Raises:
        ValueError: item and document are not `{base}id/item/{key}` and `{base}data/item/{key}`.
    """
    base = base_of_item(mapped.item, mapped.key)
    if base == mapped.item or mapped.document != f"{base}data/item/{mapped.key}":
        raise ValueError(
            f"{mapped.key}: item <{mapped.item}> and document <{mapped.document}> are not of the forms "
            "{base}id/item/{key} and {base}data/item/{key}"
        )
    return base


@dataclass(frozen=True, slots=True)
class Owner:
    """A record as the owner of claims; tells them from shared ones."""

    names: tuple[str, ...]
    cells: str

    @classmethod
    def of(cls, base: str, key: str) -> Owner:
        """Return the owner for the item with a key."""
        item, document = f"<{base}id/item/{key}", f"<{base}data/item/{key}"
        return cls((f"{item}>", f"{item}#", f"{document}>", f"{document}#"), f"<{base}{_CELL_SPACE}{key}/")

    @property
    def starts(self) -> tuple[str, ...]:
        """The beginnings of all claims that are the record's own; those of a cell may be another's."""
        return (*self.names, self.cells)

    def owns(self, claim: str) -> bool:
        """Return whether a claim is the record's own."""
        return claim.startswith(self.names) or self._owns_cell(claim)

    def _owns_cell(self, claim: str) -> bool:
        # Two segments, list and position: "10722/1" does not own the cells of "10722/1/2".
        return claim.startswith(self.cells) and claim.count("/", len(self.cells), claim.index(">")) == 1

    def split(self, claims: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the own and the shared claims among some, in the given order."""
        own: list[str] = []
        shared: list[str] = []
        for claim in claims:
            (own if claim.startswith(self.names) or self._owns_cell(claim) else shared).append(claim)
        return own, shared


def owned_prefixes(base: str) -> tuple[str, ...]:
    """Return the prefixes of claims whose subject is owned by an item under the base."""
    return tuple(f"<{subject}" for subject in owned_subjects(base))


def owned_subjects(base: str) -> tuple[str, ...]:
    """Return the prefixes of IRIs that are owned by an item under the base."""
    return tuple(f"{base}{space}" for space in _SPACES)


def owning_item(claim: str, base: str) -> str | None:
    """Return the IRI of the item that would own a claim's subject under the base, None if none can."""
    subject = claim[1 : claim.index(">")].removeprefix(base)
    for space in _SPACES:
        if subject.startswith(space):
            path = subject.removeprefix(space).partition("#")[0]
            key = path.rsplit("/", 2)[0] if space == _CELL_SPACE else path
            return f"{base}id/item/{key}"
    return None
