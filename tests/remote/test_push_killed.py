"""`lod push` to a real store, killed at any moment: what stays was never missing, and the next run brings the store to the generation."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lod.rdf.claims import claim
from lod.remote.mark import read_mark
from lod.remote.store import PUSH_MARK, STAGING, RemoteStore
from lod.store.generation.generations import Site
from lod.store.generation.named_graphs import NamedGraph
from tests.helpers.killing import moments
from tests.helpers.servers import BASE, oxigraph_server

CSV = "dc.title[en],dc.contributor.author,dc.identifier.uri,dc.type[en]\n"
NEVER_WHOLE = {"lod.remote.push.Push._read": "killing.nothing"}
"""As from a store that does not hand a graph out whole."""

IN_STEPS = {"lod.remote.push._LOADED_TRIPLES": 60, "lod.remote.push._UPDATE_BYTES": 6_000}
"""So little goes with one request that a push of a few hundred triples takes many."""


def table(edition, numbers):
    return CSV + "".join(f'"{edition} {n}","Author{n % 7}, A",http://hdl.handle.net/1/{n},Article\n' for n in numbers)


@pytest.fixture(scope="module")
def site(killer, tmp_path_factory):
    """A site with two generations that share a part of their triples."""
    folder = tmp_path_factory.mktemp("pushed")
    assert killer.run("init", folder / "site", "--base-iri", BASE)["code"] == 0
    for edition, numbers in (("Title", range(20)), ("New title", range(8, 24))):
        (folder / "a.csv").write_text(table(edition, numbers), encoding="utf-8")
        done = killer.run("publish", "--site", folder / "site", "--allow-shrink", folder / "a.csv")
        assert done["code"] == 0, done["output"]
    return Site(folder / "site")


def lines_of(generation):
    """Return the claims of each graph of a generation, "" for what is published."""
    graphs = NamedGraph.all_of(generation.directory, generation.description)
    return {"": set(generation.catalog.all_claims()), **{graph.iri: set(graph.lines()) for graph in graphs}}


class Target:
    """The server, looked at from outside."""

    def __init__(self, server):
        self.client = server.writer()
        self.store = RemoteStore(self.client, BASE, server.graph)

    def lines(self):
        graphs = [
            "",
            *(graph for graph in self.store.named_graphs() if graph not in {BASE + PUSH_MARK, BASE + STAGING}),
        ]
        return {
            graph: {claim(*triple) for triple in self.store.all_triples(graph or self.store.graph)} for graph in graphs
        }

    def close(self):
        self.client.close()

    def mark(self):
        return read_mark(self.store, BASE)


@pytest.mark.parametrize(
    ("held", "way", "constants"),
    [
        pytest.param(None, (), {}, id="into an empty store"),
        pytest.param(0, (), {}, id="the difference"),
        pytest.param(0, ("--full",), {}, id="compared triple by triple"),
        pytest.param(0, ("--full",), NEVER_WHOLE, id="replaced"),
        pytest.param(1, ("--full",), {}, id="nothing to do"),
    ],
)
def test_a_push_that_is_killed_is_finished_by_the_next_one(killer, site, tmp_path, held, way, constants):
    generations = site.generations()
    wanted = lines_of(generations[1])
    before = {graph: set() for graph in wanted} if held is None else lines_of(generations[held])

    @contextmanager
    def prepared():
        """Yield a server that holds what it should."""
        # A new one each time: what was removed from a store makes it slower and slower.
        with TemporaryDirectory(dir=tmp_path) as folder, oxigraph_server(Path(folder)) as server:
            if held is not None:
                done = killer.run("push", server.query, "--site", site.folder, "--generation", generations[held].name)
                assert done["code"] == 0, done["output"]
            with closing(Target(server)) as target:
                yield target

    def push(target, **when):
        address = target.client.query_address
        return killer.run("push", address, "--site", site.folder, *way, constants=IN_STEPS | constants, **when)

    with prepared() as target:
        whole = push(target)
        assert whole["code"] == 0, whole["output"]
        assert target.lines() == wanted
    for when in moments(f"push {held} {way} {constants}", whole):
        with prepared() as target:
            killed = push(target, **when)
            said = f"killed {when}: {killed}"
            found, mark = target.lines(), target.mark()
            for graph, lines in wanted.items():
                here, old = found.get(graph, set()), before.get(graph, set())
                assert here >= old & lines, f"{graph}: what stays is missing: {said}"
                assert here <= old | lines, f"{graph}: something else stands there: {said}"
            if mark and mark.is_whole:
                assert found == (wanted if mark.generation == generations[1].name else before), said
            if "Pushed generation" in killed["output"]:
                assert (found, mark.generation, mark.is_whole) == (wanted, generations[1].name, True), said
            again = push(target)
            assert again["code"] == 0, f"{said}; then {again['output']}"
            assert target.lines() == wanted, said
            mark = target.mark()
            assert (mark.generation, mark.is_whole, mark.triples) == (generations[1].name, True, len(wanted[""])), said
            assert target.store.count(BASE + STAGING) == 0, said
