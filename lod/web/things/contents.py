"""Contents of a journal: its volumes and issues as a tree, each with the number of its items."""

from __future__ import annotations

from dataclasses import dataclass, field

from lod.store.search.build.things import ISSUE
from lod.store.search.find.index import Part, SearchIndex
from lod.web.languages.catalogues import gettext
from lod.web.pages.code_words import volume_or_issue
from lod.web.pages.values import natural
from lod.web.view import PublishedView

_MOST_PARTS = 1_000
"""Volumes and issues on a page; beyond it volumes alone, whose pages have their issues."""
_MOST_READ = 10_000


@dataclass(frozen=True, slots=True)
class Branch:
    """A volume or issue in the tree: its name, its page, how many items are in it, the issues of a volume."""

    name: str
    href: str
    number: int
    issues: list[Branch] = field(default_factory=list)


def tree_of(view: PublishedView, index: SearchIndex, iri: str) -> list[Branch]:
    """Return the volumes of a journal with their issues, or the issues of a volume, the latest number first; [] for none."""
    parts = sorted(index.parts_of(iri, _MOST_READ), key=lambda part: natural(part.number or part.name), reverse=True)
    above = {part.iri: _branch(view, part) for part in parts if part.kind != ISSUE}
    roots = list(above.values())
    is_whole = len(parts) <= _MOST_PARTS or not above
    for part in parts:
        if part.kind == ISSUE:
            volume = above.get(part.iri.rpartition("/i/")[0])
            if volume is None:
                roots.append(_branch(view, part))
            elif is_whole:
                volume.issues.append(_branch(view, part))
    return roots[:_MOST_PARTS]


def _branch(view: PublishedView, part: Part) -> Branch:
    numbered = volume_or_issue(part.kind, part.number) if part.number else ""
    untitled = gettext("Issue") if part.kind == ISSUE else gettext("Volume")
    name = f"{numbered}: {part.name}" if numbered and part.name else part.name or numbered or untitled
    return Branch(name, view.addresses.link(part.iri) or "", part.items)
