"""A published site for the tests of the web side: an on-disk store and a catalog as the protocols ask for."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from waitress import wasyncore
from waitress.server import create_server

from lod.dump.manifest import DUMPS
from lod.dump.void_and_dcat import DESCRIPTION_GRAPH, describe_dataset
from lod.dump.write import DumpWriter
from lod.rdf.claims import claim
from lod.rdf.formats import DUMP_NAMES
from lod.rdf.vocabulary import load_vocabulary
from lod.report import Fate
from lod.settings.table import make_settings
from lod.store.base import FieldRow, OnlyInStore
from lod.store.generation.named_graphs import GraphSource, GraphWriter, graph_of
from lod.store.oxigraph import OxigraphStore
from tests.helpers.paths import FIXTURES
from tests.helpers.waiting import ended

BASE = "https://data.example.org/repo/"
DATA = FIXTURES / "web"
HOSTILE = f"{BASE}id/item/999/a.b/c"


@dataclass
class Catalog(OnlyInStore):
    """What pages ask of a catalog, held in memory."""

    titles: list[tuple[str, str]]
    rows: dict[str, list[FieldRow]] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    triples: int = 0
    links: dict[str, dict[str, list[str]]] = field(default_factory=dict)

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

    def dated_items(self, limit, offset=0):
        return [(item, "2026-11-23T11:00:00Z") for item, _ in self.items(limit, offset)]

    def latest_of_each(self, size):
        return ["2026-11-23T11:00:00Z"] * -(-len(self.titles) // size)

    def source_of_item(self, item):
        return None

    def history(self):
        return None

    def counts_to(self, iri):
        return {name: len(found) for name, found in sorted(self.links.get(iri, {}).items())}

    def links_to(self, iri, property_, limit, offset=0):
        return sorted(self.links.get(iri, {}).get(property_, ()))[offset : offset + limit]


@dataclass
class Generation:
    name: str
    directory: Path
    store: OxigraphStore
    catalog: Catalog
    created: str = "2026-11-23T12:00:00Z"

    def graph_lines(self, iri):
        graph = graph_of(self.directory, iri)
        return graph.lines() if graph else None


@dataclass
class PublishedHere:
    generation: Generation | None

    past: tuple[Generation, ...] = ()

    def live(self):
        return self.generation

    def is_live(self, generation):
        return generation is self.generation

    def switched(self):
        return self.generation.created

    def is_rolled_back(self):
        return False

    def generations(self):
        return [*self.past, self.generation]


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
    links = {}
    for quad in store:
        subject, target = quad.subject.value, str(quad.object)[1:-1]
        if (
            target.startswith(f"{base}id/")
            and "#" not in target
            and "genid" not in subject
            and "frbr" not in quad.predicate.value
        ) and subject.partition("#")[0] != target.replace("/id/", "/data/", 1):
            links.setdefault(target, {}).setdefault(quad.predicate.value, []).append(subject)
    count = len(store)
    store.flush()
    del store
    opened = OxigraphStore.open_read_only(directory / "store")
    describe(directory, opened, base, [item for item, _ in titles])
    return Generation(name, directory, opened, Catalog(sorted(titles), triples=count, links=links, **catalog))


def describe(directory, store, base, items):
    """Write the description of the dataset, and the dumps, as a run does."""
    settings, vocabulary = make_settings(SETTINGS | {"base_iri": base}, {}), load_vocabulary()
    dumps = DumpWriter(DUMP_NAMES, vocabulary.prefixes, f"{base}id/")
    dumps.write_published(
        directory / DUMPS, None, None, lambda: sorted(claim(*triple) for triple in store.all_triples())
    )
    triples = describe_dataset(settings, vocabulary, dumps.statistics, "2026-11-23T12:00:00Z", sorted(items)[:1])
    claims = [claim(*triple) for triple in triples]
    graphs = GraphWriter(directory, ()).write({base + DESCRIPTION_GRAPH: GraphSource(lambda: claims)})
    dumps.complete(graphs)
    description = {"created": "2026-11-23T12:00:00Z", "graphs": [graph.to_dict() for graph in graphs]}
    (directory / "generation.json").write_text(json.dumps(description))


SETTINGS = {
    "title": "Records & <more>",
    "publisher": "Library of Testing",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "query_time_limit_s": 60,
    "query_memory_limit_mib": 256,
    "max_query_bytes": 20_000,
    "max_result_bytes": 3_000_000,
}
ROWS = {
    HOSTILE: [
        FieldRow("dc.title", "<script>alert('field')</script>", "en_HK", Fate.MAPPED),
        FieldRow("dc.identifier.email", None, None, Fate.WITHHELD, "personal data: an e-mail address"),
        FieldRow("dc.identifier.uri", "http://hdl.handle.net/999/a.b/c", None, Fate.KEPT, "written another way"),
    ]
}
REMOVED = {f"{BASE}id/item/999/gone": "2026-10-01T00:00:00Z"}


@contextmanager
def running(app):
    """Give an app; its query workers end whatever happens."""
    try:
        yield app
    finally:
        app.extensions["lod"].pool.close()


@contextmanager
def serving(app, **options):
    """Serve an app on the loopback interface; give host and port."""
    options = {"threads": 6, "outbuf_high_watermark": 1 << 28} | options
    server = create_server(app, host="127.0.0.1", port=0, ident=None, **options)
    is_over = threading.Event()

    def run():
        # The server's own loop looks at sockets that somebody else is closing.
        while not is_over.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=server._map, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.effective_port
    finally:
        is_over.set()
        server.pull_trigger()
        ended(thread)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map, ignore_all=True)
