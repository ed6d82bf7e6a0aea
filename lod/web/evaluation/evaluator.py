"""Evaluator protocol: a job goes in, a whole result comes out, or an error.

`WorkerPool` evaluates over the site's own generation, or sends the query to the store at an address
(`lod.web.evaluation.remote_query`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from lod.errors import LodError
from lod.web.evaluation.result_buffers import ResultBuffer

BINDINGS, BOOLEAN, GRAPH = "bindings", "boolean", "graph"
"""Forms of a result: SELECT; ASK; CONSTRUCT and DESCRIBE."""

DAMAGED, UNREADABLE = "damaged", "unreadable"
"""Kinds of errors of the store, not of the query: its files are damaged; it cannot be read for another reason."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A store at an address: its query endpoint, base of the site, graph of the published triples, named graphs, engine."""

    address: str
    base_iri: str
    graph: str
    named_graphs: tuple[str, ...]
    silent_s: float
    engine: str


@dataclass(frozen=True, slots=True)
class Job:
    """One query.

    Attributes:
        query: as the client sent it.
        directory: folder of the generation's store; for a store at an address a name of its state.
        formats: extension of the format to use, by form of the result; None where none is acceptable.
        base_iri, namespace: of the site; `base_iri` is the query's base too.
        prefixes: known without being declared.
        default_graphs, named_graphs: the dataset that the protocol names; empty for the store's own.
        time_limit_s: longest run, at most the evaluator's own limit.
        page_rows: most rows of JSON (a page for people), after which it ends well-formed; None for all rows.
        page_bytes: likewise, after the row that reaches this size; a graph ends with the part that reaches it.
        endpoint: the store at an address to which the query is sent instead.
        has_bom: CSV begins with a byte order mark, by which spreadsheets know UTF-8.
    """

    query: str
    directory: str
    formats: dict[str, str | None]
    base_iri: str = ""
    namespace: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    time_limit_s: float = 3_600.0
    page_rows: int | None = None
    page_bytes: int | None = None
    endpoint: Endpoint | None = None
    has_bom: bool = False


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """Limits of one query: seconds, MiB of memory beyond the worker's own, bytes and rows of the result."""

    time_s: float
    memory_mib: int
    result_bytes: int
    result_rows: int = 1 << 62


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A whole result: its form, the extension of its format, its bytes.

    `body` has to be closed. `cut` says that a page of the result was requested and there is more.
    """

    form: str
    extension: str
    body: ResultBuffer
    cut: bool = False


class QueryError(LodError):
    """A query has no whole result.

    `kind` is "syntax", "not acceptable" (message: the form), "store", "evaluation", "time", "crash", "memory", "size",
    "busy", "budget", "gone" (the client went away) or "place" (the query has to give its place to another one).
    `retry_after_s` is for Retry-After, 0 for none.
    """

    def __init__(self, kind: str, message: str, retry_after_s: int = 0) -> None:
        self.kind = kind
        self.retry_after_s = retry_after_s
        super().__init__(message)


def go_on() -> None:
    """Raise nothing: default `check`, the query may run on."""


class Evaluator(Protocol):
    """Evaluates queries. Safe to use from several threads."""

    def start(self) -> None:
        """Start to get ready, without waiting for it."""

    def evaluate(self, job: Job, check: Callable[[], None] = go_on) -> Evaluated:
        """Return a whole result; `check` is called a few times a second, and raises QueryError where the query has to stop.

        Raises:
            QueryError: there is no result, or a limit was reached before it was whole.
            StoreError: the store cannot be read; the message is for the operator.
        """

    def is_ready(self) -> bool:
        """Return whether a query could be evaluated now."""

    def close(self) -> None:
        """End everything, running queries included."""
