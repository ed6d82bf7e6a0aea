"""KeptAnswers: WSGI middleware that sends kept answers before the framework sees a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from lod.web.kept.answer import Header, KeptAnswer, make_answer
from lod.web.kept.places import Disk, Memory
from lod.web.kept.requests import VARIES, KeptRequest, read_request
from lod.web.languages.page_language import negotiated
from lod.web.observe.access_log import ROUTE

KEEPABLE = "lod.keepable"
"""Set in the WSGI environment by the app where its answer is the same to all who ask the same of the same state."""
_MOST_BYTES = 4 << 20
_STATUSES = ("200", "303")


class State(NamedTuple):
    """A state of the site: a name that no other state has, and the folder for answers that were made in it."""

    name: str
    folder: Path


class KeptAnswers:
    """Sends an answer that was given before, and keeps what the app says may be kept.

    An answer belongs to a state of the site, and is used in that state only, so it is never stale.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        state: Callable[[], State],
        memory: Memory,
        disk: Disk | None,
        has_room_for: Callable[[int], bool],
        languages: tuple[str, ...],
    ) -> None:
        """Take the app, the places of answers, and the languages of the site.

        `state` returns the state of the site; any exception of it leaves the request to the app, which meets it again. So does
        an answer of a size that `has_room_for` says no to: it would wait on disk for its client, and the app refuses it.
        """
        self._app = app
        self._state = state
        self._memory = memory
        self._disk = disk
        self._has_room_for = has_room_for
        self._languages = languages

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Send the kept answer to a request, or that of the app."""
        request = read_request(environ)
        state = self._present() if request else None
        if request is None or state is None:
            return self._app(environ, start_response)
        answer = self._find(state, request, environ)
        if answer and self._has_room_for(len(answer.body)):
            environ[ROUTE] = answer.route
            return answer.send(environ, start_response)
        return self._asked(environ, start_response, state, request)

    def find(self, environ: dict[str, Any], state: State) -> KeptAnswer | None:
        """Return the kept answer to a request in a state of the site, None where there is none."""
        request = read_request(environ)
        return self._find(state, request, environ) if request else None

    def _find(self, state: State, request: KeptRequest, environ: dict[str, Any]) -> KeptAnswer | None:
        """Return the answer that is the same in all languages, else the one in the language of the request."""
        requests = (request, request.in_language(self._language(environ)))
        for one in requests:
            answer = self._memory.get(state.name, one)
            if answer:
                return answer
        for one in requests if self._disk else ():
            answer = self._disk.get(state.folder, state.name, one) if self._disk else None
            if answer:
                self._memory.put(state.name, one, answer)
                return answer
        return None

    def _language(self, environ: dict[str, Any]) -> str:
        return negotiated(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._languages)

    def _asked(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        state: State,
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
        if "accept-language" in _varies(headers):
            request = request.in_language(self._language(environ))
        # A switch in between may have given an answer of the next generation.
        if self._present() == state:
            answer = make_answer(status, headers, body, str(environ.get(ROUTE, "")))
            self._memory.put(state.name, request, answer)
            if self._disk and "?" not in request.address:
                # A client may invent queries; addresses with answers are as many as there are things.
                self._disk.put(state.folder, state.name, request, answer)
        return [body]

    def _present(self) -> State | None:
        try:
            return self._state()
        except Exception:
            return None


def _may_be_kept(headers: list[Header]) -> bool:
    found = {name.lower(): value for name, value in headers}
    length = found.get("content-length", "")
    return (
        _varies(headers) <= VARIES and "set-cookie" not in found and length.isdecimal() and int(length) <= _MOST_BYTES
    )


def _varies(headers: list[Header]) -> set[str]:
    """Return the request headers by which an answer varies, in lower case."""
    texts = ",".join(value for name, value in headers if name.lower() == "vary")
    return {name.strip().lower() for name in texts.split(",")} - {""}
