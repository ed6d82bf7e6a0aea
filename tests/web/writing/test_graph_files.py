"""Files of named graphs: written once for each generation, by a process of its own where they are long."""

import gzip
import hashlib
import threading

import pytest

from lod.errors import StoreError
from lod.rdf.formats import N_QUADS, N_TRIPLES, TURTLE
from lod.web.writing import graph_files
from lod.web.writing.graph_files import BeingWrittenError, GraphFiles
from tests.helpers.waiting import ended, wait_until

GRAPH = "https://data.example.org/data/report"
LONG = [f'<https://data.example.org/{number:05}> <http://example.org/p> "é\\n{number}" .' for number in range(6_000)]


def read(file):
    assert gzip.decompress(file.packed.read_bytes()) == file.plain.read_bytes()
    assert hashlib.sha256(file.plain.read_bytes()).hexdigest() == file.tag
    return file.plain.read_text(encoding="utf-8")


@pytest.mark.parametrize("count", [0, 1, 1_999, 2_000, 2_001, 6_000])
def test_a_graph_of_any_length_is_written_whole(count):
    files = GraphFiles(1)
    assert read(files.get("one", GRAPH, N_TRIPLES, lambda: LONG[:count])) == "".join(
        f"{line}\n" for line in LONG[:count]
    )


def test_a_long_graph_is_written_by_another_process(monkeypatch):
    monkeypatch.setattr(graph_files, "graph_chunks", None)
    files = GraphFiles(1)
    assert read(files.get("one", GRAPH, TURTLE, lambda: LONG)).count("<http://example.org/p>") == len(LONG)


def test_a_file_is_written_once_for_each_generation_and_format():
    files, asked = GraphFiles(1), []

    def lines():
        asked.append(1)
        return LONG[:10]

    first = files.get("one", GRAPH, N_TRIPLES, lines)
    assert files.get("one", GRAPH, N_QUADS, lines) is first
    assert files.get("one", GRAPH, TURTLE, lines) is not first
    assert files.get("two", GRAPH, N_TRIPLES, lines).plain != first.plain
    assert len(asked) == 3


def test_files_of_generations_that_are_gone_are_removed():
    files = GraphFiles(1)
    first, second, third = (files.get(name, GRAPH, N_TRIPLES, lambda: LONG[:10]) for name in ("a", "b", "c"))
    assert not first.plain.exists()
    assert not first.packed.exists()
    assert read(second) == read(third)
    folder = third.plain.parent
    del files
    assert not folder.exists()


def test_no_more_threads_wait_for_a_file_than_may():
    files, begun, go_on, found = GraphFiles(2), threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        assert go_on.wait(60)
        return LONG[:10]

    threads = [threading.Thread(target=lambda: found.append(files.get("one", GRAPH, TURTLE, slow))) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert begun.wait(60)
    wait_until(lambda: files._waiting == 2, "the second thread does not wait", 60)
    with pytest.raises(BeingWrittenError):
        files.get("one", GRAPH, TURTLE, slow)
    go_on.set()
    for thread in threads:
        ended(thread)
    assert found[0] is found[1]
    assert files.get("one", GRAPH, TURTLE, slow) is found[0]


def test_a_graph_that_cannot_be_read_is_tried_again(monkeypatch, tmp_path):
    files = GraphFiles(1)

    def damaged():
        yield LONG[0]
        raise StoreError("graphs/report.nt.gz: reading failed")

    with pytest.raises(StoreError, match="reading failed"):
        files.get("one", GRAPH, TURTLE, damaged)
    assert read(files.get("one", GRAPH, TURTLE, lambda: LONG[:1]))


def test_a_folder_that_cannot_be_written_is_named(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/dev/null/none")
    with pytest.raises(StoreError, match="writing a named graph failed: a file or folder is in the way"):
        GraphFiles(1).get("one", GRAPH, TURTLE, lambda: LONG[:1])


def test_a_process_that_ends_early_is_a_fault(monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(StoreError, match="the process that writes a named graph ended with exit code 1"):
        GraphFiles(1).get("one", GRAPH, TURTLE, lambda: LONG)


def test_a_client_is_told_to_come_again_while_a_document_is_written(app, client, monkeypatch):
    def being_written(*_):
        raise BeingWrittenError

    monkeypatch.setattr(app.extensions["lod"].graph_files, "get", being_written)
    monkeypatch.setattr("lod.web.reading.reader.Reader.graph_lines", lambda *_: iter(LONG))
    response = client.get("/repo/data/report.ttl")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.text == (
        "This document is being written for the first time since it has changed; try again in 2 seconds.\n"
    )
