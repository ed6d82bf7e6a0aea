"""A log that nobody reads stops no request."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import subprocess
import sys
from contextlib import closing, suppress

import pytest

from lod.store.generation.generations import Site
from lod.web.observe.log_queue import BackgroundHandler
from tests.helpers.synthetic import publish_into
from tests.helpers.waiting import line_of, rest_of, wait_until

PIPE_BYTES = 65_536
REQUESTS = 600


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as reader, os.fdopen(writing, "w") as writer:
        yield reader, writer


def record(text):
    return logging.LogRecord("lod.access", logging.INFO, "", 0, text, (), None)


def test_lines_that_nobody_reads_are_left_out_and_told(pipe, caplog):
    reader, writer = pipe
    handler = BackgroundHandler(writer, most_lines=50)
    lines = [f"{number} {'x' * 1_000}" for number in range(200)]
    for line in lines[:50]:  # these fit into the pipe
        handler.emit(record(line))
        wait_until(lambda: not handler._lines, "the pipe is full before it should be", 60)
    for line in lines[50:]:
        handler.emit(record(line))
    found = bytearray()
    os.set_blocking(reader.fileno(), False)

    def is_told():
        # The log may be told after the last byte has been read: a read that waits would wait for ever.
        found.extend(reader.read(PIPE_BYTES) or b"")
        return "left out" in caplog.text

    wait_until(is_told, "the log does not tell of lines that were left out", 60)
    handler.close()
    found.extend(reader.read(PIPE_BYTES) or b"")
    got = found.decode().split("\n")[:-1]
    assert got[:50] == lines[:50]
    told = re.findall(r"(\d+) lines of the log were left out, since they were not read in time", caplog.text)
    assert 0 < sum(map(int, told)) < 200


def test_a_reader_that_has_gone_ends_nothing():
    reading, writing = os.pipe()
    os.close(reading)
    with suppress(BrokenPipeError), os.fdopen(writing, "w") as writer:
        handler = BackgroundHandler(writer)
        handler.emit(record("a"))
        handler.close()
        assert not handler._thread.is_alive()


def test_what_waits_is_written_at_the_end(pipe):
    reader, writer = pipe
    handler = BackgroundHandler(writer)
    for number in range(100):
        handler.emit(record(str(number)))
    handler.close()
    assert reader.read(PIPE_BYTES).decode().split() == [str(number) for number in range(100)]


@pytest.mark.slow
def test_a_server_answers_though_nobody_reads_its_standard_output(tmp_path):
    (tmp_path / "lod.toml").write_text('base_iri = "https://data.example.org/"\nthreads = 2\n', encoding="utf-8")
    with Site(tmp_path).build() as builder:
        builder.catalog.begin_run()
        publish_into(builder.catalog, "1/1")
        builder.finish({}, {})
    program = [sys.executable, "-c", "from lod.cli import main; main()", "serve", "--port", "0", "--site", tmp_path]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            port = int(re.search(rb"at http://127\.0\.0\.1:(\d+)/", line_of(server))[1])
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                for _ in range(REQUESTS):
                    connection.request("GET", "/data/item/1/1.ttl", headers={"User-Agent": "x" * 100})
                    answer = connection.getresponse()
                    assert (answer.status, bool(answer.read())) == (200, True)
        finally:
            server.terminate()
            log = rest_of(server, 90)
            server.wait(30)
    assert len(log) > PIPE_BYTES
    assert [json.loads(line)["status"] for line in log.splitlines()] == [200] * REQUESTS
