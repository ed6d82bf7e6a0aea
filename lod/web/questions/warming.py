"""Cache warming: compute the answers to the questions of a generation while the server is idle, so that no client waits for them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from werkzeug.test import Client

from lod.errors import LodError, StoreError
from lod.questions.load import load_questions
from lod.web.service import NothingPublishedError, Service

WARMING = "lod.warming"
"""Its name among the extensions of the app."""

_LOG = logging.getLogger(__name__)
_FIRST_S = 20.0
"""Delay between the switch to a generation and its warming: clients and a next run have priority."""
_LONGEST_S = 300.0
_BUSY_S = 0.5
_BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}
_MACHINE = {"REMOTE_ADDR": "127.0.0.1"}


class Warming:
    """Asks all questions of each generation that goes live, one at a time, in a thread of its own.

    A question waits until no query runs, and the next one waits as long as the last one took: half of one processor at most, and
    `_LONGEST_S` for all. The answers are kept as those of clients are, within the same bounds.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], service: Service, first_s: float = _FIRST_S) -> None:
        """Take the app, as requests reach it behind the access log."""
        self._client = Client(app)
        self._service = service
        self._first_s = first_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        """Begin to look for a new generation."""
        self._thread.start()

    def stop(self) -> None:
        """Stop warming, without waiting for a running query."""
        self._stopped.set()

    def warm(self) -> int:
        """Ask the questions with what their forms offer; return how many were answered."""
        mount, answered = self._service.addresses.mount, 0
        until = time.monotonic() + _LONGEST_S
        for path in ("questions", "model", *(f"questions/{question.name}" for question in load_questions())):
            if self._stopped.is_set() or time.monotonic() > until:
                break
            response = self._get(f"{mount}{path}")
            if response.status_code == 303:
                response = self._get(response.headers["Location"])
            answered += response.status_code == 200
        return answered

    def _get(self, path: str) -> Any:
        while self._service.admission.running and not self._stopped.wait(_BUSY_S):
            pass
        started = time.monotonic()
        response = self._client.get(path, headers=_BROWSER, environ_overrides=_MACHINE, buffered=True)
        response.close()
        self._stopped.wait(time.monotonic() - started)
        return response

    def _run(self) -> None:
        seen, warmed = "", ""
        while not self._stopped.wait(self._first_s):
            live = self._live()
            if live and live == seen != warmed:
                try:
                    self.warm()
                except LodError:
                    _LOG.exception("the questions could not be asked ahead")
                warmed = live
            seen = live

    def _live(self) -> str:
        with suppress(NothingPublishedError, StoreError):
            return self._service.reader().generation.name
        return ""
