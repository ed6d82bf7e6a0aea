"""The seam between the endpoint and what evaluates queries: a job goes in, a result streams out.

`WorkerPool` evaluates over the site's own generation, or has the store at an address evaluate (`lod.web.evaluation.remote_query`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from lod.errors import LodError

BINDINGS, BOOLEAN, GRAPH = "bindings", "boolean", "graph"
"""Forms of a result: SELECT; ASK; CONSTRUCT and DESCRIBE."""

DAMAGED, UNREADABLE = "damaged", "unreadable"
"""Kinds of faults that are the store's, not the query's: its files are damaged; it cannot be read for another reason."""

Endpoint = tuple[str, str, str, tuple[str, ...], float, str]
"""A store at an address: its query endpoint, base of the site, graph of the published triples, named graphs, seconds, engine."""


@dataclass(frozen=True, slots=True)
class Job:
    """One query.

    Attributes:
        query: as the client sent it.
        directory: folder of the generation's store, or what stands for the state of a store at an address.
        formats: extension of the format to use, by form of the result; None where none will do.
        base_iri, namespace: of the site; `base_iri` is the query's base too.
        prefixes: known without being declared.
        default_graphs, named_graphs: the dataset that the protocol names; none of both is the store's own.
        time_limit_s: longest that it may run, at most the evaluator's own limit.
        page_rows: stop well-formed after so many rows of JSON (a page for people); None gives all or fails.
        page_bytes: stop so as well after the row that reaches this size.
        endpoint: the store at an address that is asked instead.
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
class Limits:
    """What one query may use: seconds, MiB of memory beyond the worker's own, bytes and rows of result."""

    time_s: float
    memory_mib: int
    result_bytes: int
    result_rows: int = 1 << 62


class Parts(Protocol):
    """The bytes of a result as they come. Has to be read to its end or closed; a generator is one."""

    def __iter__(self) -> Iterator[bytes]:
        """Return itself."""

    def __next__(self) -> bytes:
        """Return the next part.

        Raises:
            QueryError: the result fails half-way.
            StoreError: the store cannot be read; the text is for whoever runs the site.
        """

    def close(self) -> None:
        """Give up what is left; what evaluates is free again."""


@dataclass(slots=True)
class Evaluated:
    """A result: its form, the extension of its format, its parts.

    `whole` says that all parts are there already, so that reading them neither waits nor fails. `cut` becomes true at the
    end of the parts when a page of the result was asked for and there is more.
    """

    form: str
    extension: str
    parts: Parts
    whole: bool = False
    cut: bool = False


class QueryError(LodError):
    """A query has no result, or no whole one.

    `kind` is "syntax", "not acceptable" (message: the form), "store", "evaluation", "time", "crash", "memory", "size",
    "busy", "budget" or "gone" (the client went away). `retry_after_s` says when it is worth trying again.
    """

    def __init__(self, kind: str, message: str, retry_after_s: int = 0) -> None:
        self.kind = kind
        self.retry_after_s = retry_after_s
        super().__init__(message)


def nobody_left() -> bool:
    """Stand in where a client's absence cannot be noticed."""
    return False


class Evaluator(Protocol):
    """Evaluates queries. Safe to use from several threads."""

    def start(self) -> None:
        """Get ready, without waiting for it."""

    def evaluate(self, job: Job, gone: Callable[[], bool] = nobody_left) -> Evaluated:
        """Return a result that has begun; `gone` tells, when asked, that nobody waits for it any more.

        Raises:
            QueryError: there is no result, or none could be told yet when the limits were reached.
            StoreError: the store cannot be read; the text is for whoever runs the site.
        """

    def is_ready(self) -> bool:
        """Tell whether a query could be evaluated now."""

    def close(self) -> None:
        """End everything, queries that run included."""
