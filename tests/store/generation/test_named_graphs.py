"""Named graphs are the same, byte by byte, whether they are rebuilt or updated by difference; so are store and N-Quads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.dump import blocks
from lod.dump.manifest import BLOCKS, DUMPS
from lod.dump.write import DumpWriter
from lod.rdf.claims import claim, literal
from lod.store.generation.named_graphs import GraphSource, GraphWriter, NamedGraph
from lod.store.oxigraph import WritableOxigraphStore

REPORT, REMOVED = "https://e.org/data/report", "https://e.org/data/removed"
POOL = [
    claim(f"<https://e.org/{subject}>", f"<https://e.org/{name}>", literal(f"{text}{value}"))
    for subject in ("a", "b")
    for name in ("p", "q")
    for value in range(10)
    for text in ("", "as long as that claims begin alike " * 9)
]
STATES = st.lists(st.sets(st.sampled_from(POOL)), min_size=2, max_size=4)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "LINES_PER_BLOCK", 3)


class Generations:
    """Generations with named graphs, one after the other, in a store and as files."""

    def __init__(self, folder):
        self.folder, self.number, self.graphs = folder, 0, []
        self.store = WritableOxigraphStore.open(folder / "store")

    def add(self, sources):
        directory = self.folder / str(self.number)
        directory.mkdir()
        writer = GraphWriter(directory, self.graphs)
        self.graphs = writer.write(sources)
        writer.update_store(self.store, self.graphs)
        before = self.folder / str(self.number - 1) / DUMPS if self.number else None
        dumps = DumpWriter(["nq.gz", "nq.zst"], {}, "https://e.org/id/")
        dumps.write_published(directory / DUMPS, before, _NOTHING if before else None, lambda: POOL[:5], 5)
        dumps.complete(self.graphs)
        self.number += 1
        return directory

    def in_store(self, iri):
        return sorted(claim(*triple) for triple in self.store.all_triples(iri))


class _Nothing:
    def added(self):
        return iter(())

    removed = added


_NOTHING = _Nothing()


def source(state, before, made_with="1"):
    """Return a source with its difference; without one if `before` is None."""
    changes = [(line, True) for line in state - (before or set())] + [
        (line, False) for line in (before or set()) - state
    ]
    return GraphSource(lambda: state, (lambda: changes) if before is not None else None, made_with)


def files(directory):
    names = [
        path
        for part in ("graphs", DUMPS)
        for path in (directory / part).glob("*")
        if path.suffix in {".gz", ".zst", ".json"}
    ]
    kept = [path for path in names if path.name not in {"dumps.json", "added.nt.gz", "removed.nt.gz"}]
    return {path.name: path.read_bytes() for path in kept}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(STATES, st.booleans(), st.sampled_from([0.3, 5.0]))
def test_a_graph_is_the_same_whatever_its_history(tmp_path_factory, states, is_known, share):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lod.store.generation.named_graphs.REPLACED_SHARE", share)
        history, fresh = Generations(tmp_path_factory.mktemp("history")), Generations(tmp_path_factory.mktemp("fresh"))
        for number, state in enumerate(states):
            before = states[number - 1] if number and is_known else None
            last = history.add({REPORT: source(state, before), REMOVED: source(set(POOL[:2]), None)})
            assert history.in_store(REPORT) == sorted(state)
        rebuilt = fresh.add({REPORT: source(states[-1], None), REMOVED: source(set(POOL[:2]), None)})
        assert files(last) == files(rebuilt)
        assert [graph.to_dict() for graph in history.graphs] == [graph.to_dict() for graph in fresh.graphs]
        assert list(history.graphs[0].lines()) == sorted(states[-1])


def history_of(tmp_path, monkeypatch, second, spoil=lambda graph: None):
    """Return how many blocks of a large graph are taken over when a second state of it is written."""
    monkeypatch.setattr("lod.store.generation.named_graphs.REPLACED_SHARE", 0.3)
    generations = Generations(tmp_path)
    generations.add({REPORT: source(set(POOL), None)})
    spoil(generations.graphs[0])
    generations.add({REPORT: second})
    (graph,) = generations.graphs
    assert generations.in_store(REPORT) == list(graph.lines())
    return sum(origin is not None for origin in graph.origins)


def test_only_blocks_with_a_change_are_packed_again(tmp_path, monkeypatch):
    everything = set(POOL)
    less = everything - {POOL[0]}
    assert history_of(tmp_path, monkeypatch, source(less, everything)) > 8


def test_a_graph_made_with_something_else_is_rebuilt(tmp_path, monkeypatch):
    everything = set(POOL)
    assert history_of(tmp_path, monkeypatch, source(everything - {POOL[0]}, everything, "2")) == 0


@pytest.mark.parametrize("name", ["report.nt.gz", "report.json"])
def test_nothing_is_taken_from_a_damaged_graph(tmp_path, monkeypatch, name):
    everything = set(POOL)

    def spoil(graph: NamedGraph):
        path = graph.path.with_name(name)
        path.write_bytes(path.read_bytes()[:-9] + b"123456789")

    assert history_of(tmp_path, monkeypatch, source(everything - {POOL[0]}, everything), spoil) == 0


def test_a_difference_that_does_not_fit_is_logged_and_the_graph_rebuilt(tmp_path, monkeypatch, caplog):
    everything = set(POOL)
    wrong = GraphSource(lambda: everything, lambda: [(POOL[3], True)], "1")
    assert history_of(tmp_path, monkeypatch, wrong) == 0
    assert "a claim that should be added is there already" in caplog.text
    assert "the graph is rebuilt" in caplog.text


def test_a_graph_that_is_no_longer_made_leaves_the_store(tmp_path):
    generations = Generations(tmp_path)
    generations.add({REPORT: source(set(POOL), None), REMOVED: source(set(POOL[:1]), None)})
    generations.add({REPORT: source(set(POOL), set(POOL))})
    assert list(generations.store.named_graphs()) == [REPORT]
    assert BLOCKS in {path.name for path in (tmp_path / "1" / DUMPS).iterdir()}


def test_a_graph_larger_than_the_pieces_that_a_store_loads_is_loaded_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("lod.store.oxigraph._LOADED_BYTES", 1)
    lines = {
        claim("<https://e.org/a>", "<https://e.org/p>", literal(f"{number} {'word ' * 200}")) for number in range(3_000)
    }
    generations = Generations(tmp_path)
    generations.add({REPORT: source(lines, None)})
    assert generations.in_store(REPORT) == sorted(lines)
