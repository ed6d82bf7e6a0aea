"""KeptAnswers: WSGI middleware that sends kept answers before the framework sees a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lod.store.base import PublishedGeneration
from lod.web.kept.answer import Header, make_answer
from lod.web.kept.places import Disk, Memory
from lod.web.kept.requests import VARIES, KeptRequest, read_request
from lod.web.observe.access_log import ROUTE

KEEPABLE = "lod.keepable"
"""Set in the WSGI environment by the app where its answer is the same to all who ask the same of the same state."""
_MOST_BYTES = 4 << 20
_STATUSES = ("200", "303")


class KeptAnswers:
    """Sends an answer that was given before, and keeps what the app says may be kept.

    An answer belongs to a state of the site, and is used in that state only, so it is never stale.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        live: Callable[[], PublishedGeneration | None],
        fingerprint: str,
        memory: Memory,
        disk: Disk | None,
    ) -> None:
        """`live` returns the live generation; `fingerprint` is of all else that answers depend on: version and settings."""
        self._app = app
        self._live = live
        self._fingerprint = fingerprint[:16]
        self._memory = memory
        self._disk = disk

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Send the kept answer to a request, or that of the app."""
        request = read_request(environ)
        generation = self._generation() if request else None
        if request is None or generation is None:
            return self._app(environ, start_response)
        state = self._state(generation)
        answer = self._memory.get(state, request)
        if answer is None and self._disk:
            answer = self._disk.get(_folder(generation), state, request)
            if answer:
                self._memory.put(state, request, answer)
        if answer:
            environ[ROUTE] = answer.route
            return answer.send(environ, start_response)
        return self._asked(environ, start_response, generation, request)

    def _asked(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        generation: PublishedGeneration,
        request: KeptRequest,
    ) -> Iterable[bytes]:
        """Return the app's answer to a request, and keep it if it may be kept."""
        started: list[tuple[str, list[Header]]] = []

        def start(status: str, headers: list[Header], *more: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *more)

        parts = self._app(environ, start)
        if not (environ.get(KEEPABLE) and environ["REQUEST_METHOD"] == "GET" and len(started) == 1):
            return parts
        status, headers = started[0]
        if not status.startswith(_STATUSES) or not _may_be_kept(headers):
            return parts
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        # A switch in between may have given an answer of the next generation.
        if self._generation() is generation:
            answer = make_answer(status, headers, body, str(environ.get(ROUTE, "")))
            state = self._state(generation)
            self._memory.put(state, request, answer)
            if self._disk and "?" not in request.address:
                # A client may invent queries; addresses with answers are as many as there are things.
                self._disk.put(_folder(generation), state, request, answer)
        return [body]

    def _generation(self) -> PublishedGeneration | None:
        try:
            return self._live()
        except Exception:
            return None

    def _state(self, generation: PublishedGeneration) -> str:
        return f"{generation.name}-{self._fingerprint}"


def _folder(generation: PublishedGeneration) -> Path:
    """Return the folder of kept answers, beside the generations."""
    return generation.directory.parent / "kept"


def _may_be_kept(headers: list[Header]) -> bool:
    found = {name.lower(): value for name, value in headers}
    varies = {name.strip().lower() for name in found.get("vary", "").split(",")} - {""}
    length = found.get("content-length", "")
    return varies <= VARIES and "set-cookie" not in found and length.isdecimal() and int(length) <= _MOST_BYTES
