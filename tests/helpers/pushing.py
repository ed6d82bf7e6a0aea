"""What the tests of `lod push` and of bulk loads share: a site that publishes by numbers, and a store that it goes to."""

from __future__ import annotations

from dataclasses import replace

from click.testing import CliRunner

from lod.cli import main
from lod.http.retry import BUSY, Retry
from lod.rdf.claims import claim
from lod.remote.mark import read_mark
from lod.remote.push import Push, opened_to_write
from lod.settings.table import make_settings
from tests.helpers.servers import BASE
from tests.helpers.synthetic import own_claims, person_claims, publish_into, sources

REPORT = f"{BASE}data/report"
SHORT = Retry(tries=2, first_wait_s=0.01, statuses=BUSY)


def published(site, numbers, text="Title", extra=(), graphs=None):
    """Publish records by their numbers; those published before and not named are removed."""
    keys = {f"10722/{number}": number for number in numbers}
    with site.build(5) as builder:
        builder.catalog.begin_run()
        known = [f"10722/{number}" for number in range(100)]
        for key in known:
            if key not in keys:
                builder.catalog.remove(key, "2026-01-03")
        for key, number in keys.items():
            publish_into(builder.catalog, key, [*own_claims(key, f"{text} {key}"), *person_claims(number % 3), *extra])
        builder.finish({}, sources({REPORT: person_claims(9)} if graphs is None else graphs))
    return site.live()


class Target:
    def __init__(self, server):
        self.server = server
        self.settings = make_settings(
            {"base_iri": BASE, "store": server.query, "store_graph": server.graph, "store_engine": server.engine}, {}
        )

    def push(self, site, generation=None, *, full=False, dry=False, graph_store=True, moves=None, tell=None):
        with self.opened() as (store, engine):
            if not graph_store:
                store.client.graph_store_address = ""
            if moves is not None:
                engine = replace(engine, moves=moves)
            job = Push(store, engine, BASE, tell or (lambda *_: None))
            return job.run(generation or site.live(), site.generations(), full=full, dry=dry)

    def opened(self):
        return opened_to_write(self.settings, self.server.environment, 60, SHORT)

    def look(self, question):
        with self.opened() as (store, _):
            return question(store)

    def lines(self, graph=None):
        return self.look(lambda store: sorted(claim(*triple) for triple in store.all_triples(graph)))

    def mark(self):
        return self.look(lambda store: read_mark(store, BASE))

    def update(self, text):
        self.look(lambda store: store.client.update(text))

    def holds(self, generation):
        """Assert that published triples, named graphs and mark are those of the generation."""
        assert self.lines() == list(generation.catalog.all_claims())
        assert self.look(lambda store: list(store.named_graphs())) == [REPORT]
        assert self.lines(REPORT) == sorted(person_claims(9))
        mark = self.mark()
        assert (mark.generation, mark.is_whole, mark.triples) == (generation.name, True, generation.counts["triples"])


def run(target, folder, *arguments):
    settings = f'base_iri = "{BASE}"\nstore = "{target.server.query}"\nstore_graph = "{target.server.graph}"\n'
    settings += f'store_engine = "{target.server.engine}"\n'
    (folder / "lod.toml").write_text(settings, encoding="utf-8")
    return CliRunner().invoke(main, ["push", "--site", str(folder), *arguments], env=target.server.environment)
