"""Graph files: a named graph as a document in one format, written once for each generation, and packed once.

A long graph is written by a process of its own, `python -m lod.web.writing.graph_files`, so that no other request waits for
it: it reads the claims from its standard input, and writes a sha256 to its standard output.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from lod.disk.os_errors import store_error
from lod.errors import LodError, StoreError
from lod.rdf.formats import BY_EXTENSION, Format
from lod.web.writing.graph_documents import WRITERS, graph_chunks

_SHORT_LINES = 2_000
"""A graph of so many claims is written at once, by the thread that asks for it."""

_GZIP_LEVEL = 6
_KEPT_GENERATIONS = 2
_FED_LINES = 5_000

Lines = Callable[[], Iterable[str]]


class BeingWrittenError(LodError):
    """A file is being written, and as many wait for it as may."""


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A document on disk, plain and packed with gzip.

    Attributes:
        plain: its path; `packed` is the other one.
        tag: hash of its bytes.
    """

    plain: Path
    tag: str

    @property
    def packed(self) -> Path:
        """Path of the packed file."""
        return self.plain.with_name(f"{self.plain.name}.gz")


@dataclass(slots=True)
class _Writing:
    """A file that is being written, or has been."""

    done: threading.Event = field(default_factory=threading.Event)
    file: GraphFile | None = None
    error: Exception | None = None


class GraphFiles:
    """The files of the last generations, in a temporary folder. Safe to use from several threads."""

    def __init__(self, most_waiting: int) -> None:
        """At most so many threads write a file or wait for one."""
        self._most_waiting = most_waiting
        self._waiting = 0
        self._lock = threading.Lock()
        self._folder = ""
        self._files: dict[str, dict[tuple[str, str], _Writing]] = {}
        self._written = 0

    def get(self, generation: str, graph: str, format_: Format, lines: Lines) -> GraphFile:
        """Return the file of a graph, of which `lines` returns the claims, sorted; write it where it is not there.

        Raises:
            BeingWrittenError: it will be there soon.
            StoreError: the claims cannot be read, or the file cannot be written.
        """
        # Some formats are the same for a graph: TriG is Turtle, N-Quads are N-Triples.
        writer = WRITERS[format_]
        extension = next(other.extension for other, known in WRITERS.items() if known is writer)
        with self._lock:
            known = self._of(generation)
            writing = known.get((graph, extension))
            if writing is not None and writing.file is not None:
                return writing.file
            if self._waiting >= self._most_waiting:
                raise BeingWrittenError
            is_first = writing is None
            if writing is None:
                writing = known[graph, extension] = _Writing()
            self._waiting += 1
        try:
            if is_first:
                self._write(writing, BY_EXTENSION[extension], lines)
            writing.done.wait()
        finally:
            with self._lock:
                self._waiting -= 1
                if writing.file is None:
                    known.pop((graph, extension), None)
        if writing.file is None:
            raise writing.error or BeingWrittenError
        return writing.file

    def _write(self, writing: _Writing, format_: Format, lines: Lines) -> None:
        path = Path(tempfile.gettempdir())
        try:
            path = self._path(format_.extension)
            writing.file = GraphFile(path, _written(iter(lines()), format_, path))
        except StoreError as error:
            writing.error = error
        except OSError as error:
            writing.error = store_error(path, "writing a named graph", error)
        finally:
            writing.done.set()

    def _of(self, generation: str) -> dict[tuple[str, str], _Writing]:
        if generation not in self._files:
            self._files[generation] = {}
            while len(self._files) > _KEPT_GENERATIONS:
                for writing in self._files.pop(min(self._files)).values():
                    if writing.file is not None:
                        writing.file.plain.unlink(missing_ok=True)
                        writing.file.packed.unlink(missing_ok=True)
        return self._files[generation]

    def _path(self, extension: str) -> Path:
        with self._lock:
            if not self._folder:
                self._folder = tempfile.mkdtemp(prefix="lod-graphs-")
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            self._written += 1
            return Path(self._folder, f"{self._written}.{extension}")


def write_files(lines: Iterable[str], format_: Format, path: Path) -> str:
    """Write a document and, packed, the same beside it; return the sha256 of its bytes."""
    sha256 = hashlib.sha256()
    # Without a time or a name, so that the same bytes are packed alike.
    with (
        path.open("wb") as plain,
        path.with_name(f"{path.name}.gz").open("wb") as file,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as packed,
    ):
        for chunk in graph_chunks(lines, format_):
            sha256.update(chunk)
            plain.write(chunk)
            packed.write(chunk)
    return sha256.hexdigest()


def _written(lines: Iterator[str], format_: Format, path: Path) -> str:
    first = list(islice(lines, _SHORT_LINES))
    if len(first) < _SHORT_LINES:
        return write_files(first, format_, path)
    arguments = [sys.executable, "-P", "-m", "lod.web.writing.graph_files", format_.extension, str(path)]
    # No input reaches the command line: the path is one of ours.
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - for the type checker: both were opened above
        assert process.stdout is not None  # noqa: S101
        try:
            with suppress(BrokenPipeError):
                rest = chain(first, lines)
                while some := list(islice(rest, _FED_LINES)):
                    process.stdin.write("".join(f"{line}\n" for line in some).encode("utf-8"))
                process.stdin.close()
            tag = process.stdout.read().decode("ascii").strip()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise StoreError(f"{path}: the process that writes a named graph ended with exit code {process.returncode}")
    return tag


def main() -> None:
    """Write the files. Arguments: the extension of the format, the path of the plain file."""
    with suppress(OSError):
        os.nice(5)
    lines = (line.decode("utf-8")[:-1] for line in sys.stdin.buffer)
    sys.stdout.write(write_files(lines, BY_EXTENSION[sys.argv[1]], Path(sys.argv[2])))


if __name__ == "__main__":
    main()
