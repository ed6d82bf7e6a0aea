"""SPARQL client of a remote store: queries, updates and whole graphs over HTTP.

Source: W3C SPARQL 1.1 Protocol, section 2; SPARQL 1.1 Graph Store HTTP Protocol, section 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pyoxigraph as ox

from lod.disk.sorted_lines import as_file
from lod.errors import StoreError
from lod.http.addresses import shown as shown_address
from lod.http.client import Client, Limits, Request, Response, form_request
from lod.http.errors import HttpError
from lod.http.retry import BUSY, Retry
from lod.numbers import whole_number
from lod.rdf.claims import Triple
from lod.remote.credentials import StoreCredentials
from lod.store.oxigraph import encoded, encoded_term, stored_term

SOLUTIONS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
ROW_LIMIT_HEADER = "X-SPARQL-MaxRows"
"""Header with which Virtuoso says that it cut a result off: at that many rows."""

SILENT_S = 10
RETRY = Retry(tries=2, first_wait_s=0.2, longest_wait_s=2, statuses=BUSY)
"""What is sent may be sent twice: every request of ours has the same effect once and more often."""

_T = TypeVar("_T")
_MOST_BYTES = 64 << 20


class RemoteStoreError(StoreError):
    """A remote store did not do what it was asked to. `status` is that of its response, 0 where none came."""

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


class SparqlClient:
    """Client of one store. Safe to use from several threads; its connections are kept open and used again."""

    def __init__(
        self,
        query: str,
        credentials: StoreCredentials,
        silent_s: float = SILENT_S,
        retry: Retry = RETRY,
    ) -> None:
        """Take the query endpoint; to write, set the addresses for updates and for whole graphs."""
        self.query_address = query
        self.update_address = self.graph_store_address = ""
        self.headers: Mapping[str, str] = {}
        self._credentials = credentials
        self._client = Client(self._failure, Limits(read_s=silent_s), retry, credentials)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def select(self, query: str, *variables: str) -> list[tuple[str, ...]]:
        """Return the rows of a query of ours, encoded terms in the order of the variables; "" for what is not bound.

        Raises:
            RemoteStoreError: the store does not answer, refuses, or cuts the result off.
        """
        rows, headers = self._result(
            query, lambda rows: [tuple(_encoded(row, name) for name in variables) for row in rows]
        )
        most = whole_number(most_rows := headers.get(ROW_LIMIT_HEADER, ""))
        if most is not None and len(rows) >= most:
            raise RemoteStoreError(
                f"{shown_address(self.query_address)}: cuts results off at {most_rows} rows; raise the store's limit "
                "(Virtuoso: ResultSetMaxRows in virtuoso.ini)"
            )
        return rows

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK of ours."""
        return self._result(query, truth)[0]

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT of ours as they come, any number."""
        with self.response({"query": query}, N_TRIPLES) as response:
            try:
                for triple in ox.parse(as_file(response.chunks), ox.RdfFormat.N_TRIPLES, lenient=True):
                    subject, predicate, object_ = encoded(triple)
                    yield subject, predicate, stored_term(object_)
            except (SyntaxError, ValueError) as fault:
                raise self._no_results(b"", fault) from None

    def update(self, text: str, *, once: bool = False) -> None:
        """Send a SPARQL update; `once` for one whose effect is another one the second time."""
        self._write(
            Request(self.update_address, {"Content-Type": "application/sparql-update"}, text.encode(), once=once)
        )

    def add(self, graph: str, claims: bytes) -> None:
        """Add N-Triples to a graph, the default graph where it is ""."""
        parameters = {"graph": graph} if graph else {"default": ""}
        self._write(Request(self.graph_store_address, {"Content-Type": N_TRIPLES}, claims, parameters))

    @contextmanager
    def response(
        self, fields: Mapping[str, str | Sequence[str]], media_type: str, most_bytes: float = math.inf
    ) -> Iterator[Response]:
        """Yield the response to a query, to be read as it comes; `fields` are the parameters of the protocol.

        Raises:
            RemoteStoreError: the store does not answer, or refuses.
        """
        with self._client.stream(form_request(self.query_address, fields, media_type, most_bytes)) as response:
            self.headers = response.headers
            yield response

    def _result(self, query: str, read: Callable[[Any], _T]) -> tuple[_T, Mapping[str, str]]:
        """Return what is read of the result of a query, and the headers of the response."""
        with self.response({"query": query}, SOLUTIONS, _MOST_BYTES) as response:
            body = b"".join(response.chunks)
        try:
            return read(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)), response.headers
        except (SyntaxError, ValueError, TypeError, KeyError) as fault:
            reason = str(fault)
        # The engine's own objects must end in the thread that made them; the traceback of the fault would keep them.
        raise self._no_results(body, reason)

    def _write(self, request: Request) -> None:
        if not request.url:
            raise RemoteStoreError(
                f"{shown_address(self.query_address)}: where does it take writing? Give its address for updates with --update "
                "(setting store_update)"
            )
        with self._client.stream(request):
            pass

    def _failure(self, address: str, fault: HttpError, tried: str) -> RemoteStoreError:
        if fault.status:
            way_out = f"; {self._credentials.way_out}" if fault.status in {401, 403} else ""
            return RemoteStoreError(f"{address}: {fault}: {fault.body}{way_out}", fault.status)
        if fault.limit == "response_bytes":
            return RemoteStoreError(f"{address}: {fault}")
        return RemoteStoreError(f"{address}: does not answer: {fault}; is the store running?")

    def _no_results(self, body: bytes, fault: object) -> RemoteStoreError:
        shown = f" ({body[:60]!r})" if body else ""
        return RemoteStoreError(f"{shown_address(self.query_address)}: its answer is no SPARQL result{shown}: {fault}")


def truth(result: Any) -> bool:
    """Return the answer to an ASK. Virtuoso writes some as a table, of one row for yes and of none for no."""
    return bool(result) if isinstance(result, ox.QueryBoolean) else any(True for _ in result)


def _encoded(row: Any, name: str) -> str:
    term = row[name]
    return "" if term is None else stored_term(encoded_term(term))
