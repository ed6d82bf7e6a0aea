"""Queries over a store at an address: parsed here first, then sent on, and the result is parsed again.

Runs in a query worker, with the limits of all queries. The text is first given to the embedded engine over an empty store:
what that cannot read is refused with the usual messages, extensions of other engines (DEFINE, bif: without a declaration)
are syntax errors, and the form of the result is known before anything is sent. See docs/adr/0023.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pyoxigraph as ox

from lod.disk.sorted_lines import as_file
from lod.http.retry import Retry
from lod.remote.credentials import store_credentials
from lod.remote.sparql_client import N_TRIPLES, ROW_LIMIT_HEADER, SOLUTIONS, SparqlClient, truth
from lod.remote.store import RemoteStore
from lod.web.evaluation.evaluator import Endpoint
from lod.web.evaluation.query_text import PROLOGUE
from lod.web.evaluation.service_keyword import tokens, undo_escapes

_REFUSED = re.compile(r"\b(bif|sql|java|js)\s*:", re.IGNORECASE)
_BEGINNINGS = frozenset({"b", "bi", "bif", "s", "sq", "sql", "j", "ja", "jav", "java", "js", ""})
_PREFIX = re.compile(r"\bPREFIX\s*+([^\s<:]*+)\s*+:\s*+<([^<>]*+)>", re.IGNORECASE)
_BASE = re.compile(r"\bBASE\s*<", re.IGNORECASE)
_TRUTHS = {answer: f'{{"head":{{}},"boolean":{str(answer).lower()}}}' for answer in (True, False)}


class RemoteQueries:
    """Evaluates queries over the store at an address, in the place of the embedded store."""

    def __init__(self, endpoint: Endpoint) -> None:
        credentials = store_credentials(os.environ, endpoint.address, endpoint.engine)
        self._client = SparqlClient(endpoint.address, credentials, silent_s=endpoint.silent_s, retry=Retry(tries=1))
        self.store = RemoteStore(self._client, endpoint.base_iri, endpoint.graph, endpoint.named_graphs)
        self._empty = ox.Store()
        self._open = ExitStack()

    def query(
        self,
        text: str,
        *,
        base_iri: str | None,
        prefixes: dict[str, str],
        default_graph: Sequence[Any] | None,
        named_graphs: Sequence[Any] | None,
    ) -> Any:
        """Return the result as `pyoxigraph.Store.query` does; an iterator of triples for CONSTRUCT and DESCRIBE.

        Raises:
            SyntaxError, ValueError: the query cannot be read, or names what is not served here.
            RemoteStoreError: the store does not respond, or refuses.
        """
        _refuse_extensions(text)
        try:
            form = self._empty.query(text, base_iri=base_iri, prefixes=prefixes)
        except RuntimeError as error:  # a function that it does not know
            raise ValueError(str(error)) from None
        default = [graph.value for graph in default_graph or ()]
        named = [graph.value for graph in named_graphs or ()]
        if self.store.graph and not default and not named:
            default, named = self._dataset(text)
        sent = {"query": _whole(text, base_iri or "", prefixes), "default-graph-uri": default, "named-graph-uri": named}
        # The response to the last query was read to its end, or is not wanted any more.
        self._open.close()
        is_graph = isinstance(form, ox.QueryTriples)
        response = self._open.enter_context(self._client.response(sent, N_TRIPLES if is_graph else SOLUTIONS))
        body = as_file(response.chunks)
        if is_graph:
            return (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES, lenient=True))
        result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if isinstance(form, ox.QueryBoolean):
            return ox.parse_query_results(_TRUTHS[truth(result)], format=ox.QueryResultsFormat.JSON)
        if most := response.headers.get(ROW_LIMIT_HEADER):
            raise ValueError(f"the store cuts results off at {most} rows; ask for fewer with LIMIT")
        return result

    def _dataset(self, text: str) -> tuple[list[str], list[str]]:
        """Return default and named graphs to send: the published ones, or none where the query names its own with FROM.

        Raises:
            ValueError: it names a graph that is not served here.
        """
        ours = [self.store.graph, *self.store.named_graphs()]
        clauses = list(_dataset_clauses(text))
        for graph in clauses:
            if graph not in ours:
                raise ValueError(f"there is no graph {graph[:200]} here; graphs: {', '.join(sorted(ours))}")
        # Virtuoso adds the graphs of the protocol to those of the query, instead of replacing them.
        return ([], []) if clauses else (ours[:1], ours[1:])


def _dataset_clauses(text: str) -> Iterator[str]:
    """Yield the graphs of FROM and FROM NAMED.

    Raises:
        ValueError: a graph is not named by its whole IRI.
    """
    due = False
    for match in tokens(undo_escapes(text)):
        word = (match["words"] or "").lower()
        if match["skip"] or (due and word == "named"):
            continue
        if due and match["iri"]:
            yield match["content"]
        elif due:
            raise ValueError("name the graphs of FROM by their whole IRIs, <http…>")
        due = word == "from"


def _refuse_extensions(text: str) -> None:
    """Refuse the names of engines' own functions, which reach beyond the store: `bif:http_get` fetches any address.

    Raises:
        ValueError: such a name, or the beginning of one as a prefix, is anywhere in the query.
    """
    plain = undo_escapes(text)
    match = _REFUSED.search(plain)
    if match is None and not any(iri.lower() in _BEGINNINGS for _, iri in _PREFIX.findall(plain)):
        return
    raise ValueError(
        f"names that begin with {match[1] if match else 'bif, sql, java or js'}: are refused, since stores take them for "
        "functions of their own"
    )


def _whole(text: str, base: str, prefixes: dict[str, str]) -> str:
    """Return a query with the prefixes and the base that it uses without declaring them."""
    prologue = re.match(PROLOGUE, text, re.IGNORECASE)
    end = prologue.end() if prologue else 0
    declared = {name for name, _ in _PREFIX.findall(text[:end])}
    missing = [
        f"PREFIX {name}: <{iri}>" for name, iri in prefixes.items() if name not in declared and f"{name}:" in text[end:]
    ]
    first = "" if _BASE.search(text[:end]) else f"BASE <{base}>\n"
    between = "\n".join(["", *missing, ""]) if missing else ""
    return f"{first}{text[:end]}{between}{text[end:]}"
