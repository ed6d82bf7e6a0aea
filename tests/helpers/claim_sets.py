"""A set of claims as the search index reads them, without a catalog; and the index that is made of it."""

from __future__ import annotations

from itertools import groupby

from lod.store.search.build.published_claims import owner_of
from lod.store.search.build.update import build_index
from lod.store.search.find.index import SearchIndex

BASE = "https://example.org/"


class ClaimSet:
    """A `PublishedClaims` of N-Triples lines."""

    def __init__(self, lines, base=BASE):
        self.bases = (base,)
        owned = sorted((owner_of(line[1 : line.index(">")], self.bases), line) for line in set(lines))
        self._about = {about: [line for _, line in group] for about, group in groupby(owned, lambda pair: pair[0])}

    def all(self):
        start = f"{self.bases[0]}id/item/"
        for about in sorted(self._about, key=lambda about: (about.startswith(start), about)):
            yield about, self._about[about]

    def about(self, thing):
        return self._about.get(thing, [])


def index_of(lines, folder, base=BASE):
    """Build the index of claims in a folder, and open it."""
    path = folder / "search.sqlite"
    build_index(path, ClaimSet(lines, base))
    return SearchIndex.open(path)
