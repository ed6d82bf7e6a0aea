"""A published site for the tests of the web side: an on-disk store and a catalog as the protocols ask for."""

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from lod.report import Fate
from lod.store.base import FieldRow
from lod.store.oxigraph import OxigraphStore

BASE = "https://data.example.org/repo/"
DATA = Path(__file__).parent / "data"
HOSTILE = f"{BASE}id/item/999/a.b/c"


@dataclass
class Catalog:
    """What pages ask of a catalog, held in memory."""

    titles: list[tuple[str, str]]
    rows: dict[str, list[FieldRow]] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    triples: int = 0

    def fields_of(self, item):
        return self.rows.get(item, [])

    def removed_on(self, item):
        return self.removed.get(item)

    def moved_to(self, iri):
        return self.moved.get(iri)

    def counts(self):
        return {
            "records": len(self.titles),
            "removed": len(self.removed),
            "refused": 0,
            "triples": self.triples,
        }

    def items(self, limit, offset=0):
        return self.titles[offset : offset + limit]


@dataclass
class Generation:
    name: str
    directory: Path
    store: OxigraphStore
    catalog: Catalog
    created: str = "2026-11-23T12:00:00Z"


@dataclass
class PublishedHere:
    generation: Generation | None

    def live(self):
        return self.generation


def build(folder, name, files, base=BASE, **catalog):
    """Load files of triples, relative to the base, into a store on disk; return it as a generation."""
    directory = folder / name
    directory.mkdir()
    store = ox.Store(str(directory / "store"))
    for file in files:
        store.load(path=str(file), format=ox.RdfFormat.from_extension(file.suffix[1:]), base_iri=base)
    marker = ox.NamedNode("https://w3id.org/lod-repository/RepositoryItem")
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    titles = []
    for quad in store.quads_for_pattern(None, None, marker):
        found = [q.object.value for q in store.quads_for_pattern(quad.subject, title, None)]
        titles.append((quad.subject.value, found[0] if found else quad.subject.value))
    count = len(store)
    store.flush()
    del store
    opened = OxigraphStore.open_read_only(directory / "store")
    return Generation(name, directory, opened, Catalog(sorted(titles), triples=count, **catalog))


ROWS = {
    HOSTILE: [
        FieldRow("dc.title", "<script>alert('field')</script>", "en_HK", Fate.MAPPED),
        FieldRow("dc.identifier.email", None, None, Fate.WITHHELD, "personal data: an e-mail address"),
        FieldRow("dc.identifier.uri", "http://hdl.handle.net/999/a.b/c", None, Fate.KEPT, "written another way"),
    ]
}
REMOVED = {f"{BASE}id/item/999/gone": "2026-10-01T00:00:00Z"}
