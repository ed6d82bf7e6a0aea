"""Credentials for a server, read from the environment.

Source: RFC 7616 (Digest), RFC 7617 (Basic), RFC 6750 (Bearer).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lod.errors import ConfigError

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token, or a user with a password; "" for none.

    A token is sent as Bearer. User and password are sent as the server's challenge asks for (Digest or Basic), or, with
    `at_once`, by Basic in the first request.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    at_once: bool = False

    def __bool__(self) -> bool:
        return bool(self.token or self.user)

    def auth(self) -> httpx2.Auth | None:
        """Return what adds the credentials to requests, None where there are none."""
        import httpx2

        if self.token:
            return httpx2.FunctionAuth(self._with_token)
        if not self.user:
            return None
        return httpx2.BasicAuth(self.user, self.password) if self.at_once else _as_challenged(self.user, self.password)

    def _with_token(self, request: httpx2.Request) -> httpx2.Request:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def _as_challenged(user: str, password: str) -> httpx2.Auth:
    import httpx2

    class _AsChallenged(httpx2.Auth):
        def __init__(self) -> None:
            self._known: httpx2.Auth | None = None

        def auth_flow(self, request: httpx2.Request) -> Any:
            if self._known is None:
                response = yield request
                if response.status_code != 401:
                    return
                is_digest = "digest" in response.headers.get("WWW-Authenticate", "").lower()
                self._known = (httpx2.DigestAuth if is_digest else httpx2.BasicAuth)(user, password)
            yield from self._known.auth_flow(request)

        def sync_auth_flow(self, request: httpx2.Request) -> Any:
            flow, response = self.auth_flow(request), None
            with suppress(StopIteration):
                while True:
                    following = flow.send(response)
                    if response is not None:
                        # httpx2 would read the body of a challenge into memory, however long it is.
                        response.stream.close()
                        response.stream = httpx2.ByteStream(b"")
                    response = yield following

    return _AsChallenged()


def from_environment(environment: Mapping[str, str], prefix: str, *, at_once: bool = False) -> Credentials:
    """Return the credentials in the variables PREFIX_USER and PREFIX_PASSWORD, or PREFIX_TOKEN.

    Raises:
        ConfigError: of user and password one is set and the other is not.
    """
    pair = (f"{prefix}_USER", f"{prefix}_PASSWORD")
    unset = [name for name in pair if name not in environment]
    if len(unset) == 1:
        (given,) = set(pair) - set(unset)
        raise ConfigError(f"{unset[0]} is not set, but {given} is; set both, or neither")
    user, password, token = (environment.get(f"{prefix}_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    return Credentials(user, password, token, at_once)


def variables(prefix: str) -> str:
    """Return the names of those variables, for messages."""
    return f"{prefix}_USER and _PASSWORD, or {prefix}_TOKEN"
