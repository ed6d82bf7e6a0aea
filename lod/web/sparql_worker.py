"""A query worker: a process of its own that evaluates queries over a store it can only read.

`python -m lod.web.sparql_worker` reads jobs from its standard input and writes results to its standard output, both in
frames. It is disposable: whoever started it kills it when a query runs too long, and some queries end it by themselves
(deep nesting overflows the stack, memory runs out). It imports nothing of the web side.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from lod.web import frames

_CLONE_NEWNET, _CLONE_NEWUSER, _PR_SET_PDEATHSIG = 0x40000000, 0x10000000, 1
_PART_BYTES = 65_536
_GRACE_S = 5
_MIB = 1 << 20


class _Frames:
    """A binary file that sends what is written to it as frames of data."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._parts = bytearray()

    def write(self, data: bytes) -> int:
        self._parts += data
        if len(self._parts) >= _PART_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._parts:
            frames.write_frame(self._stream, frames.DATA, bytes(self._parts))
            self._parts.clear()


class _Worker:
    """Keeps the store of one generation open from job to job."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._directory = ""
        self._store: Any = None

    def answer(self, job: dict[str, Any]) -> None:
        """Evaluate one query and send its result, or why there is none."""
        import pyoxigraph as ox

        try:
            self._open(job["directory"])
            # Only now: opening starts threads, whose stacks count as memory.
            limit_memory(job["memory_mib"])
            result = self._store.query(
                job["query"],
                base_iri=job["base_iri"] or None,
                prefixes=job["prefixes"],
                default_graph=[ox.NamedNode(graph) for graph in job["default_graphs"]] or None,
                named_graphs=[ox.NamedNode(graph) for graph in job["named_graphs"]] or None,
            )
        except (SyntaxError, ValueError) as fault:
            return self._fault("syntax", str(fault))
        except OSError as fault:
            return self._fault("store", str(fault))
        form = "graph" if isinstance(result, ox.QueryTriples) else "bindings"
        extension = job["formats"][form]
        if extension is None:
            return self._fault("not acceptable", form)
        frames.write_object(self._output, frames.RESULT, {"extension": extension, "form": form})
        sink = _Frames(self._output)
        try:
            result.serialize(sink, _format(extension, form))
        except (OSError, ValueError, RuntimeError) as fault:
            return self._fault("evaluation", str(fault))
        sink.flush()
        return frames.write_frame(self._output, frames.END)

    def _open(self, directory: str) -> None:
        import pyoxigraph as ox

        if directory != self._directory:
            self._store = None
            self._store = ox.Store.read_only(directory)
            self._directory = directory

    def _fault(self, kind: str, message: str) -> None:
        frames.write_object(self._output, frames.FAULT, {"kind": kind, "message": message})


def _format(extension: str, form: str) -> Any:
    import pyoxigraph as ox

    if form == "bindings":
        return ox.QueryResultsFormat.from_extension(extension)
    if extension == "jsonld":
        return ox.RdfFormat.JSON_LD
    return ox.RdfFormat.from_extension(extension)


def limit_memory(mib: int) -> None:
    """Let this process have that much memory more than it has now; past it a query fails and not the machine."""
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        taken = pages * resource.getpagesize()
    except (OSError, ValueError):
        taken = 512 * _MIB
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = taken + mib * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _seclude(parent: int) -> None:
    """Live no longer than the parent, below it in rank, without a core file, without a network.

    The network is taken away as a second line behind the refusal of SERVICE, where the system lets us (Linux, as root
    or with user namespaces); elsewhere the refusal alone has to hold.
    """
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's; it closes our input
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.nice(5)
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if library.unshare(_CLONE_NEWNET) != 0 and os.geteuid() != 0:
            library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    if os.getppid() != parent:
        sys.exit(0)


def main() -> None:
    """Answer jobs until the input ends. Arguments: the parent's process id."""
    _seclude(int(sys.argv[1]))
    import pyoxigraph  # noqa: F401 - loaded before the first job, so that no query waits for it

    source, output = sys.stdin.buffer, sys.stdout.buffer
    worker = _Worker(output)
    frames.write_frame(output, frames.READY)
    while header := source.read(frames.HEADER.size):
        _, length = frames.HEADER.unpack(header)
        job = json.loads(source.read(length))
        # The parent kills a worker that runs too long; should it be gone, the alarm ends us.
        signal.alarm(job["time_limit_s"] + _GRACE_S)
        worker.answer(job)
        signal.alarm(0)


if __name__ == "__main__":
    main()
