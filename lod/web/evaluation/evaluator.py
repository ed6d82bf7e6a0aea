"""Evaluator protocol: a job goes in, a result streams out.

`WorkerPool` evaluates over the site's own generation, or sends the query to the store at an address
(`lod.web.evaluation.remote_query`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from lod.errors import LodError

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
        page_bytes: likewise, after the row that reaches this size.
        endpoint: the store at an address to which the query is sent instead.
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


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """Limits of one query: seconds, MiB of memory beyond the worker's own, bytes and rows of the result."""

    time_s: float
    memory_mib: int
    result_bytes: int
    result_rows: int = 1 << 62


class Parts(Protocol):
    """The bytes of a result, as a stream. It has to be read to its end or closed; a generator is one."""

    def __iter__(self) -> Iterator[bytes]:
        """Return itself."""

    def __next__(self) -> bytes:
        """Return the next part.

        Raises:
            QueryError: the result fails half-way.
            StoreError: the store cannot be read; the message is for the operator.
        """

    def close(self) -> None:
        """Drop the rest, and free the worker."""


@dataclass(slots=True)
class Evaluated:
    """A result: its form, the extension of its format, its parts.

    `whole`: all parts are there already, so that reading them neither waits nor fails. `cut` becomes true at the end of the
    parts when a page of the result was requested and there is more.
    """

    form: str
    extension: str
    parts: Parts
    whole: bool = False
    cut: bool = False


class QueryError(LodError):
    """A query has no result, or no whole one.

    `kind` is "syntax", "not acceptable" (message: the form), "store", "evaluation", "time", "crash", "memory", "size",
    "busy", "budget" or "gone" (the client went away). `retry_after_s` is for Retry-After, 0 for none.
    """

    def __init__(self, kind: str, message: str, retry_after_s: int = 0) -> None:
        self.kind = kind
        self.retry_after_s = retry_after_s
        super().__init__(message)


def never_gone() -> bool:
    """Return False: default `gone`, the client never disconnects."""
    return False


class Evaluator(Protocol):
    """Evaluates queries. Safe to use from several threads."""

    def start(self) -> None:
        """Start to get ready, without waiting for it."""

    def evaluate(self, job: Job, gone: Callable[[], bool] = never_gone) -> Evaluated:
        """Return a result that has started; `gone` returns whether the client has disconnected.

        Raises:
            QueryError: there is no result, or a limit was reached before its first part.
            StoreError: the store cannot be read; the message is for the operator.
        """

    def is_ready(self) -> bool:
        """Return whether a query could be evaluated now."""

    def close(self) -> None:
        """End everything, running queries included."""
