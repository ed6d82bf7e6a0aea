"""Direct answers: kept answers as bytes for the connection, without WSGI and without a thread of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from lod.web.kept.middleware import KeptAnswers, State
from lod.web.observe.access_log import ROUTE, Observed

DIRECT = "lod.direct"
"""Where the app has them among its extensions."""

_MOST_BYTES = 65_536
"""Of a body: a longer one may wait on disk for its client, which is for the app to allow."""


class DirectAnswers:
    """Answers requests in the thread that reads them, from what is kept: nothing is made, and no generation is opened."""

    def __init__(self, kept: KeptAnswers, state: Callable[[], State | None], observed: Observed) -> None:
        """Take the kept answers, the state of the site where that is known at once, and the observers of each response."""
        self._kept = kept
        self._state = state
        self._observed = observed

    def answer(self, environ: dict[str, Any]) -> bytes | None:
        """Return the whole response to an HTTP/1.1 request, and report it; None where the app has to answer.

        Of a WSGI environment method, address, query, protocol, address of the client and the request's headers are read.
        """
        started = time.perf_counter()
        state = self._state()
        kept = self._kept.find(environ, state) if state else None
        if kept is None or len(kept.body) > _MOST_BYTES:
            return None
        status, fields, body = kept.reply(environ)
        environ[ROUTE] = kept.route
        id_ = self._observed.report(environ, status, len(body), started)
        own = f"Date: {_date(int(time.time()))}\r\nX-Request-ID: {id_}\r\n\r\n".encode("ascii")
        return b"".join((b"HTTP/1.1 ", status.encode("latin-1"), b"\r\n", fields, own, body))


@lru_cache(2)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
