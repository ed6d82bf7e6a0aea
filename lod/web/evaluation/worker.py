"""Query worker: a process that evaluates queries over a store which it can only read.

`python -m lod.web.evaluation.worker` reads jobs from its standard input and writes results to its standard output, both as
messages. It is disposable: the pool kills it when a query runs too long, and some queries crash it (deep nesting overflows
the stack, memory runs out). It imports nothing that handles requests.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys
import time
from codecs import BOM_UTF8
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from lod.disk.atomic import DESCRIPTION
from lod.disk.lock import ReadLock
from lod.disk.os_errors import store_error
from lod.errors import DamagedError, StoreError
from lod.rdf.formats import BY_EXTENSION
from lod.remote.sparql_client import RemoteStoreError
from lod.store.oxigraph import OxigraphStore
from lod.web.evaluation import messages
from lod.web.evaluation.evaluator import BINDINGS, BOOLEAN, DAMAGED, GRAPH, UNREADABLE, Endpoint
from lod.web.evaluation.query_text import is_describe, names_dataset
from lod.web.evaluation.worker_process import NETWORKED
from lod.web.writing.result_stream import PageFullError, ResultStream

_CLONE_NEWNET, _CLONE_NEWUSER, _PR_SET_PDEATHSIG = 0x40000000, 0x10000000, 1
_PART_BYTES = 65_536
_PART_S = 0.2
_GRACE_S = 5
_MIB = 1 << 20

_BOOLEAN_TABLES = {"csv": "_askResult\r\n{}\r\n", "tsv": "?_askResult\n{}\n"}
"""ASK as a table of one cell, for which the W3C has no form; the name of the column is the one that Apache Jena reads."""

_SAMPLED = 1_000
"""Triples from which the prefixes are chosen, which are written before all of them."""

_OF_THE_QUERY = re.compile(r"The custom \w+ <|JSON-LD does not support ")
"""Start of the engine's messages about the query. Others name files of the store, or the engine's own parts."""


class _TooManyRowsError(Exception):
    """A result has more rows than allowed."""


class _Sink:
    """A binary file for the engine to write to: the bytes go through a ResultStream and are sent as messages."""

    def __init__(self, output: BinaryIO, extension: str, job: dict[str, Any]) -> None:
        self._output = output
        self._parts = bytearray(BOM_UTF8 if job["has_bom"] and extension == "csv" else b"")
        self._sent = time.monotonic()
        self._most_rows = job["most_rows"]
        paged = job["page_rows"] is not None and extension == "json"
        self._stream = ResultStream(
            extension, self._take, job["page_rows"] if paged else None, job["page_bytes"] if paged else None
        )

    def write(self, data: bytes) -> int:
        self._stream.feed(bytes(data))
        if self._stream.rows > self._most_rows:
            raise _TooManyRowsError
        return len(data)

    def flush(self) -> None:
        """Do nothing: the engine flushes more often than is worth a message."""

    def close(self) -> None:
        self._stream.close()
        if self._stream.rows > self._most_rows:
            raise _TooManyRowsError
        # The end of the result follows.
        self.send(flush=False)

    def send(self, *, flush: bool = True) -> None:
        if self._parts:
            messages.write_message(self._output, messages.DATA, bytes(self._parts), flush=flush)
            self._parts.clear()
        self._sent = time.monotonic()

    def _take(self, data: bytes) -> None:
        self._parts += data
        if len(self._parts) >= _PART_BYTES or time.monotonic() - self._sent >= _PART_S:
            self.send()


class _Worker:
    """Evaluates jobs; the store of one generation stays open between them."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._directory = ""
        self._store: Any = None
        self._lock: ReadLock | None = None

    def evaluate(self, job: dict[str, Any]) -> None:
        """Evaluate one query, and send its result or the error."""
        import pyoxigraph as ox

        try:
            self._open(job["directory"], job["endpoint"])
            # Only now: opening starts threads, whose stacks count as memory.
            limit_memory(job["memory_mib"])
            default, named = (
                [ox.NamedNode(name) for name in job[graphs]] for graphs in ("default_graphs", "named_graphs")
            )
            # A query that names one part of the dataset gets the other one empty (SPARQL 1.1 Query, section 13.2).
            is_own = not default and not named
            result = self._store.query(
                job["query"],
                base_iri=job["base_iri"] or None,
                prefixes=job["prefixes"],
                default_graph=None if is_own else default,
                named_graphs=None if is_own else named,
            )
        except (SyntaxError, ValueError) as error:
            return self._error("syntax", str(error))
        except (OSError, RuntimeError, RemoteStoreError) as error:
            return self._failed(error, "syntax")
        form = _form(result)
        extension = job["formats"][form]
        if extension is None:
            return self._error("not acceptable", form)
        messages.write_object(self._output, messages.RESULT, {"extension": extension, "form": form}, flush=False)
        sink = _Sink(self._output, extension, job)
        cut = False
        try:
            self._write(result, sink, extension, form, job)
            sink.close()
        except PageFullError:
            sink.send()
            cut = True
        except _TooManyRowsError:
            return self._error(
                "size", f"The result has more than {job['most_rows']} rows; ask for less, with LIMIT for example."
            )
        except (ValueError, SyntaxError) as error:
            return self._error("evaluation", str(error))
        except (OSError, RuntimeError, StoreError) as error:
            return self._failed(error, "evaluation")
        return messages.write_object(self._output, messages.END, {"cut": cut})

    def _write(self, result: Any, sink: Any, extension: str, form: str, job: dict[str, Any]) -> None:
        import pyoxigraph as ox

        if form == BOOLEAN and extension in _BOOLEAN_TABLES:
            sink.write(_BOOLEAN_TABLES[extension].format(str(bool(result)).lower()).encode("ascii"))
        elif form == GRAPH:
            format_ = BY_EXTENSION[extension]
            named = job["default_graphs"] or job["named_graphs"] or names_dataset(job["query"])
            if is_describe(job["query"]) and not named:
                from lod.web.evaluation.describe import describe

                store = self._store.store if job["endpoint"] else OxigraphStore(self._store, Path(job["directory"]))
                result = describe(result, store, job["directory"], job["base_iri"], job["namespace"])
            if format_.has_prefixes:
                sample = list(islice(result, _SAMPLED))
                prefixes = _used(job["prefixes"], sample)
                ox.serialize(chain(sample, result), sink, format_.engine, prefixes=prefixes)
            elif isinstance(result, ox.QueryTriples):
                result.serialize(sink, format_.engine)
            else:
                ox.serialize(result, sink, format_.engine)
        else:
            result.serialize(sink, ox.QueryResultsFormat.from_extension(extension))

    def _open(self, directory: str, endpoint: dict[str, Any] | None) -> None:
        import pyoxigraph as ox

        if directory == self._directory:
            return
        self._directory, self._store = "", None
        if endpoint:
            from lod.web.evaluation.remote_query import RemoteQueries

            self._store = RemoteQueries(Endpoint(**endpoint))
        else:
            # A locked generation is not pruned.
            with suppress(FileNotFoundError):
                self._lock = ReadLock(Path(directory).parent / DESCRIPTION)
            self._store = ox.Store.read_only(directory)
        self._directory = directory

    def _failed(self, error: Exception, kind: str) -> None:
        """Report an error of the query, of that kind, or of the store, whose message is for the operator."""
        if isinstance(error, RemoteStoreError):
            return self._error(*_remote_error(error))
        if _OF_THE_QUERY.match(str(error)):
            return self._error(kind, str(error))
        if not isinstance(error, StoreError):
            error = store_error(Path(self._directory), "answering a query", error)
        return self._error(DAMAGED if isinstance(error, DamagedError) else UNREADABLE, str(error))

    def _error(self, kind: str, message: str) -> None:
        messages.write_object(self._output, messages.ERROR, {"kind": kind, "message": message})


def _used(prefixes: dict[str, str], triples: list[Any]) -> dict[str, str]:
    """Return the prefixes that these triples use."""
    iris = {str(term)[1:-1] for triple in triples for term in (triple.subject, triple.predicate, triple.object)}
    iris |= {term.datatype.value for triple in triples if (term := triple.object) and hasattr(term, "datatype")}
    text = "\n".join(("", *iris))
    return {name: namespace for name, namespace in prefixes.items() if f"\n{namespace}" in text}


def _form(result: Any) -> str:
    import pyoxigraph as ox

    if isinstance(result, ox.QueryBoolean):
        return BOOLEAN
    return BINDINGS if isinstance(result, ox.QuerySolutions) else GRAPH


def _remote_error(error: RemoteStoreError) -> tuple[str, str]:
    """Return kind and message of an error of the store at an address, without the address."""
    message = str(error).partition(": ")[2]
    if error.status == 400:
        return "syntax", f"the store {message}"
    return (
        ("evaluation", f"The store {message}") if error.status == 500 else ("store", "The store does not answer now.")
    )


def limit_memory(mib: int) -> None:
    """Limit this process to that much more memory than it has now, so that a query fails and not the machine."""
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        taken = pages * resource.getpagesize()
    except (OSError, ValueError):
        taken = 512 * _MIB
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = taken + mib * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _isolate(parent: int, *, networked: bool) -> None:
    """End with the parent, run at lower priority, without a core file, without a network unless the store is there.

    Without a network SERVICE could not work even if it were not refused. That needs Linux, as root or with user
    namespaces; elsewhere the refusal alone has to hold.
    """
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which closes our input
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.nice(5)
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not networked and library.unshare(_CLONE_NEWNET) != 0 and os.geteuid() != 0:
            library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    if os.getppid() != parent:
        sys.exit(0)


def main() -> None:
    """Evaluate jobs until the input ends. Arguments: the parent's process id, and whether a network is needed."""
    _isolate(int(sys.argv[1]), networked=sys.argv[2] == NETWORKED)
    import pyoxigraph  # noqa: F401 - loaded before the first job, so that no query waits for it

    if sys.argv[2] == NETWORKED:
        import httpx2  # noqa: F401 - likewise

        import lod.web.evaluation.remote_query  # noqa: F401

    source, output = sys.stdin.buffer, sys.stdout.buffer
    worker = _Worker(output)
    messages.write_message(output, messages.READY)
    while header := source.read(messages.HEADER.size):
        _, length = messages.HEADER.unpack(header)
        job = json.loads(source.read(length))
        # The parent kills a worker that runs too long; without a parent the alarm ends it.
        signal.alarm(int(job["time_limit_s"]) + 1 + _GRACE_S)
        worker.evaluate(job)
        signal.alarm(0)


if __name__ == "__main__":
    main()
