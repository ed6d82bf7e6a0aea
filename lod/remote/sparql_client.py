"""A SPARQL 1.1 store at an address: HTTP with credentials, limits and bounded retries.

Source: W3C SPARQL 1.1 Protocol, section 2; SPARQL 1.1 Graph Store HTTP Protocol, section 5.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox

from lod.disk.sorted_lines import as_file
from lod.errors import StoreError
from lod.numbers import whole_number
from lod.rdf.claims import Triple
from lod.remote.credentials import Credentials
from lod.store.oxigraph import encoded, encoded_term, stored_term

if TYPE_CHECKING:
    import httpx2

SOLUTIONS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
ROW_LIMIT_HEADER = "X-SPARQL-MaxRows"
"""Virtuoso says so that it cut off a result, which has then as many rows."""

_T = TypeVar("_T")
_UPDATE = "application/sparql-update"
_MOST_BYTES = 64 << 20
_SAID_CHARACTERS = 300
_PASSING = frozenset({429, 502, 503, 504})


class RemoteStoreError(StoreError):
    """A store at an address did not do what it was asked. `status` is that of its answer, 0 where none came."""

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store is waited for: seconds without a sign of it, attempts in all, seconds before the second one.

    What is sent may be sent twice: every request of ours has the same effect once and more often.
    """

    silent_s: float = 10
    attempts: int = 2
    pause_s: float = 0.2
    retried: frozenset[int] = _PASSING


class SparqlClient:
    """Talks to one store. Safe to use from several threads; its connections are kept and used again."""

    def __init__(
        self,
        query: str,
        credentials: Credentials,
        *,
        update: str = "",
        graph_store: str = "",
        patience: Patience | None = None,
    ) -> None:
        """Take the addresses of the query endpoint and, to write, those for updates and for whole graphs."""
        import httpx2

        self.query_address = query
        self.update_address = update
        self.graph_store_address = graph_store
        self.patience = patience or Patience()
        self.headers: Mapping[str, str] = {}
        self._credentials = credentials
        self._client = httpx2.Client(auth=credentials.auth(), timeout=httpx2.Timeout(self.patience.silent_s))

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def select(self, query: str, *variables: str) -> list[tuple[str, ...]]:
        """Return the rows of a query of ours, encoded terms in the order of the variables; "" for what is not bound.

        Raises:
            RemoteStoreError: the store does not answer, refuses, or cuts the result off.
        """
        with self.asked({"query": query}, SOLUTIONS) as answer:
            most_rows = answer.headers.get(ROW_LIMIT_HEADER, "")
            body = b"".join(self._bounded(answer))
        rows, said = _read(lambda: _rows(body, variables))
        if rows is None:
            raise self._no_results(body, said)
        most = whole_number(most_rows)
        if most is not None and len(rows) >= most:
            raise RemoteStoreError(
                f"{self.query_address}: cuts results off at {most_rows} rows; raise the store's limit "
                "(Virtuoso: ResultSetMaxRows in virtuoso.ini)"
            )
        return rows

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK of ours."""
        with self.asked({"query": query}, SOLUTIONS) as answer:
            body = b"".join(self._bounded(answer))
        answered, said = _read(lambda: truth(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)))
        if answered is None:
            raise self._no_results(body, said)
        return answered

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT of ours as they come, any number."""
        with self.asked({"query": query}, N_TRIPLES) as answer:
            try:
                for triple in ox.parse(as_file(self._chunks(answer)), ox.RdfFormat.N_TRIPLES, lenient=True):
                    subject, predicate, object_ = encoded(triple)
                    yield subject, predicate, stored_term(object_)
            except (SyntaxError, ValueError) as fault:
                raise self._no_results(b"", fault) from None

    def update(self, text: str, *, once: bool = False) -> None:
        """Send a SPARQL update; `once` for one whose effect is another one the second time."""
        with self._answer(self.update_address, text.encode(), content_type=_UPDATE, once=once):
            pass

    def add(self, graph: str, claims: bytes) -> None:
        """Add N-Triples to a graph, the default graph where it is ""."""
        with self._answer(self.graph_store_address, claims, params=_graph(graph)):
            pass

    @contextmanager
    def asked(self, parameters: Mapping[str, str | Sequence[str]], media_type: str) -> Iterator[httpx2.Response]:
        """Yield the answer to a query, to be read as it comes; `parameters` are those of the protocol.

        Raises:
            RemoteStoreError: the store does not answer, or refuses.
        """
        body = urlencode(parameters, doseq=True).encode()
        form = "application/x-www-form-urlencoded"
        with self._answer(self.query_address, body, content_type=form, accept=media_type) as answer:
            yield answer

    @contextmanager
    def _answer(
        self,
        address: str,
        body: bytes,
        *,
        content_type: str = N_TRIPLES,
        accept: str = "*/*",
        params: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> Iterator[httpx2.Response]:
        """Yield a good answer; ask again, within the limits, where the fault may pass.

        Raises:
            RemoteStoreError: no good answer came.
        """
        import httpx2

        if not address:
            raise RemoteStoreError(
                f"{self.query_address}: where does it take writing? Give its address for updates with --update "
                "(setting store_update)"
            )
        headers = {"Content-Type": content_type, "Accept": accept}
        pause = self.patience.pause_s
        attempts = 1 if once else self.patience.attempts
        for attempt in range(1, attempts + 1):
            is_last = attempt == attempts
            has_begun = False
            try:
                with self._client.stream("POST", address, params=params, headers=headers, content=body) as answer:
                    self.headers = answer.headers
                    if answer.is_success:
                        has_begun = True
                        yield answer
                        return
                    said = self._refusal(address, answer)
                if is_last or said.status not in self.patience.retried:
                    raise said
            except httpx2.HTTPError as fault:
                if is_last or has_begun or not isinstance(fault, httpx2.TransportError):
                    reason = str(fault) or type(fault).__name__
                    raise RemoteStoreError(f"{address}: does not answer: {reason}; is the store running?") from fault
            time.sleep(pause)
            pause *= 2

    def _refusal(self, address: str, answer: httpx2.Response) -> RemoteStoreError:
        said = b""
        for chunk in answer.iter_bytes():
            said += chunk
            if len(said) > _SAID_CHARACTERS:
                break
        words = " ".join(said[:_SAID_CHARACTERS].decode("utf-8", "replace").split())
        if answer.status_code in {401, 403}:
            words += f"; {self._credentials.way_out}"
        return RemoteStoreError(
            f"{address}: answered {answer.status_code} {answer.reason_phrase}: {words}", answer.status_code
        )

    def _bounded(self, answer: httpx2.Response) -> Iterator[bytes]:
        size = 0
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > _MOST_BYTES:
                raise RemoteStoreError(f"{self.query_address}: an answer is longer than {_MOST_BYTES >> 20} MiB")
            yield chunk

    def _chunks(self, answer: httpx2.Response) -> Iterator[bytes]:
        return answer.iter_bytes()

    def _no_results(self, body: bytes, fault: object) -> RemoteStoreError:
        shown = f" ({body[:60]!r})" if body else ""
        return RemoteStoreError(f"{self.query_address}: its answer is no SPARQL result{shown}: {fault}")


def _read(reading: Callable[[], _T]) -> tuple[_T | None, str]:
    """Return what is read of an answer, or None and why it cannot be.

    The engine's own objects must end in the thread that made them, and a traceback would keep them.
    """
    try:
        return reading(), ""
    except (SyntaxError, ValueError, TypeError, KeyError) as fault:
        return None, str(fault)


def _rows(body: bytes, variables: Sequence[str]) -> list[tuple[str, ...]]:
    solutions: Any = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    return [tuple(_encoded(row, name) for name in variables) for row in solutions]


def truth(result: Any) -> bool:
    """Return the answer to an ASK. Virtuoso writes some as a table, of one row for yes and of none for no."""
    return bool(result) if isinstance(result, ox.QueryBoolean) else any(True for _ in result)


def _graph(iri: str) -> dict[str, str]:
    return {"graph": iri} if iri else {"default": ""}


def _encoded(row: Any, name: str) -> str:
    term = row[name]
    return "" if term is None else stored_term(encoded_term(term))
