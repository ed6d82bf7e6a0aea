"""HTTP client: requests with a deadline, retries, limits of size, and credentials for one host only.

What goes wrong is an HttpError first, and then the exception that the client's owner makes of it.
"""

from __future__ import annotations

import gzip
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urljoin

from lod import __version__
from lod.disk.atomic import sync
from lod.http.addresses import is_web_address, origin, shown
from lod.http.body import decoded
from lod.http.credentials import Credentials
from lod.http.deadline import Deadline
from lod.http.errors import DamagedResponseError, HttpError, http_error
from lod.http.private_hosts import PublicOnly, is_private, refused
from lod.http.retry import Retry, retry_after
from lod.numbers import whole_number

if TYPE_CHECKING:
    import httpx2

REFUSAL_BYTES = 300
"""How much of a refusal is read."""

MEANT_BYTES = 16_384
"""How much of it is read to see whether it is meant as an answer."""

Result = TypeVar("Result")
Failure = Callable[[str, HttpError, str], Exception]
"""Makes the exception to raise of an address for messages, what went wrong, and how often it was tried ("; tried 5 times")."""


def user_agent(site: str = "") -> str:
    """Return the User-Agent of every request: the program, its version, and the site that it works for."""
    return f"lod/{__version__} (+{site})" if site else f"lod/{__version__}"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how much.

    Attributes:
        read_s: longest silence of a server.
        response_s: longest that one exchange may take, from connecting to the last byte.
        total_s: longest that all requests of a client may take, with the waits between them.
        response_bytes: largest body, packed and unpacked.
        pause_s: pause between two requests.
    """

    read_s: float
    response_s: float = math.inf
    total_s: float = math.inf
    response_bytes: float = math.inf
    pause_s: float = 0


@dataclass(frozen=True)
class Request:
    """A request: GET, or POST with a body. `most_bytes` lowers the limit of the client; `once` forbids retries.

    `is_meant` is asked whether a response of status 4xx that begins so is good all the same: some programs report errors of
    their protocol in this way.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    parameters: Mapping[str, str] | None = None
    most_bytes: float = math.inf
    once: bool = False
    is_meant: Callable[[bytes], bool] | None = None


def form_request(
    url: str, fields: Mapping[str, str | Sequence[str]], accept: str, most_bytes: float = math.inf
) -> Request:
    """Return a POST of an HTML form: how SPARQL queries are sent, of any length and kept out of logs."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
    return Request(url, headers, urlencode(fields, doseq=True).encode(), most_bytes=most_bytes)


@dataclass(frozen=True)
class Response:
    """A response; `chunks` is its body, unpacked, as it comes."""

    status: int
    reason: str
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


@dataclass
class Client:
    """Sends requests; safe to use from several threads, where it need not pause.

    Attributes:
        credentials: sent to the origin of the address that was asked for; a redirect to another one loses them.
        redirects: how many are followed; none from https to http, and none from a public host to a private one.
        moved: the first redirect that was followed: from where, to where, whether for good.
    """

    failure: Failure
    limits: Limits
    retry: Retry
    credentials: Credentials
    agent: str = user_agent()
    redirects: int = 0
    accept: str = "*/*"
    requests: int = 0
    moved: tuple[str, str, bool] | None = None
    _last: float = -math.inf

    def __post_init__(self) -> None:
        import httpx2

        for name in ("httpx2", "httpcore2"):
            # They log addresses with tokens in them, and whole headers.
            logging.getLogger(name).setLevel(logging.WARNING)
        self._ends = time.monotonic() + self.limits.total_s
        # Without either, httpx2 would take the credentials that an address holds.
        self._nobody = httpx2.Auth()
        self._auth = self.credentials.auth() or self._nobody
        try:
            self._http = httpx2.Client(cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())))
        except (ImportError, ValueError) as fault:
            raise self.failure("https_proxy, http_proxy, all_proxy", HttpError(f"no such proxy: {fault}"), "") from None

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @contextmanager
    def stream(self, request: Request) -> Iterator[Response]:
        """Yield a good response, to be read as it comes. Until its headers are there, the request is retried.

        Raises:
            what `failure` makes: also in the body of the `with`.
        """
        with ExitStack() as stack:
            response = self._tried(request, lambda: stack.enter_context(self._followed(request)))
            try:
                yield response
            except HttpError as fault:
                raise self.failure(shown(request.url), fault, "") from None

    def fetch(
        self,
        url: str,
        target: Path,
        check: Callable[[Path], Result],
        *,
        packed: bool = True,
        is_meant: Callable[[bytes], bool] | None = None,
    ) -> Result:
        """Fetch an address into a file (gzip, if `packed`) and return what `check` says of it.

        `is_meant` is as in `Request`. The file is written under another name, checked, synced to the disk and renamed, so that `target` is whole or not there.

        Raises:
            what `failure` makes: no good response came, or `check` raised DamagedResponseError each time.
        """
        request = Request(url, {"Accept": self.accept}, is_meant=is_meant)
        partial = target.with_name(f".{target.name}")

        def checked() -> Result:
            with self._followed(request) as response:
                _save(response, partial, packed=packed)
            return check(partial)

        try:
            result = self._tried(request, checked)
            sync(partial)
            partial.replace(target)
            return result
        finally:
            partial.unlink(missing_ok=True)

    def _tried(self, request: Request, attempt: Callable[[], Result]) -> Result:
        tries = damaged = 0
        wait: float | None = 0
        while wait is not None:
            tries += 1
            try:
                self._wait(max(wait, self._last + self.limits.pause_s - time.monotonic()))
                return attempt()
            except HttpError as error:
                fault = error
                damaged += isinstance(fault, DamagedResponseError)
                wait = None if request.once else self.retry.wait_s(fault, tries, damaged)
            finally:
                self._last = time.monotonic()
        raise self.failure(shown(request.url), fault, f"; tried {tries} times" if tries > 1 else "")

    def _wait(self, seconds: float) -> None:
        if time.monotonic() + seconds > self._ends:
            raise HttpError(f"all requests take longer than {self.limits.total_s:.0f} s", limit="total_s")
        if seconds > 0:
            time.sleep(seconds)

    @contextmanager
    def _followed(self, request: Request) -> Iterator[Response]:
        """Yield a good response to a request, from where it is redirected to."""
        url, guard = request.url, None
        for _ in range(self.redirects + 1):
            with self._exchange(request, url, guard) as response:
                location = response.headers.get("Location", "") if 300 <= response.status < 400 else ""
                if not location or not self.redirects:
                    yield response if 200 <= response.status < 300 else self._meant(request, response, location)
                    return
            target = _target(url, location)
            guard = _guard(request.url, target)
            self.moved = self.moved or (shown(url), shown(target), response.status in {301, 308})
            url = target
        raise HttpError(
            f"redirected more than {self.redirects} times, at last to {shown(url)}; look at the address in a browser, and "
            "name the one where it ends"
        )

    @contextmanager
    def _exchange(self, request: Request, url: str, guard: PublicOnly | None) -> Iterator[Response]:
        """Send one request to an address and yield its response, of whatever status; a guard looks at its connection."""
        import httpx2

        seconds = min(self.limits.response_s, max(self._ends - time.monotonic(), 1))
        headers = {"User-Agent": self.agent, "Accept-Encoding": "gzip", **request.headers}
        if math.isfinite(seconds):
            headers["Connection"] = "close"  # a connection belongs to one deadline
        self.requests += 1
        with Deadline(seconds) as deadline:

            def trace(event: str, info: Mapping[str, Any]) -> None:
                deadline.trace(event, info)
                if guard:
                    guard.trace(event, info)

            try:
                built = self._http.build_request(
                    "GET" if request.body is None else "POST",
                    url,
                    content=request.body,
                    params=request.parameters,
                    headers=headers,
                    timeout=min(self.limits.read_s, seconds),
                    extensions={"trace": trace},
                )
                auth = self._auth if origin(url) == origin(request.url) else self._nobody
                raw = self._http.send(built, stream=True, auth=auth)
            except (
                httpx2.HTTPError,
                httpx2.InvalidURL,
                UnicodeError,
            ) as fault:  # UnicodeError: a host that IDNA cannot write
                raise http_error(fault, deadline) from fault
            try:
                most = min(request.most_bytes, self.limits.response_bytes)
                chunks = decoded(_received(raw, deadline), raw.headers.get("Content-Encoding", ""), most)
                yield Response(raw.status_code, raw.reason_phrase, raw.headers, chunks)
            finally:
                raw.close()

    def _meant(self, request: Request, response: Response, location: str) -> Response:
        """Return a response that is no success, where the request takes it all the same.

        Raises:
            HttpError: it does not.
        """
        may_be = (
            request.is_meant if 400 <= response.status < 500 and response.status not in self.retry.statuses else None
        )
        head = _beginning(response.chunks, MEANT_BYTES if may_be else REFUSAL_BYTES)
        if may_be and may_be(head):
            return replace(response, chunks=chain([head], response.chunks))
        raise self._refusal(response, location, head)

    def _refusal(self, response: Response, location: str, head: bytes) -> HttpError:
        text = (f"it redirects to {shown(location)} ".encode() if location else b"") + head
        return HttpError(
            f"answered {response.status} {response.reason}".rstrip(),
            may_pass=response.status in self.retry.statuses,
            status=response.status,
            body=" ".join(text[:REFUSAL_BYTES].decode("utf-8", "replace").split()),
            wait_s=retry_after(response.headers.get("Retry-After", "")),
        )


def _beginning(chunks: Iterator[bytes], most_bytes: int) -> bytes:
    text = b""
    with suppress(HttpError):
        while len(text) < most_bytes and (chunk := next(chunks, b"")):
            text += chunk
    return text


def _target(url: str, location: str) -> str:
    """Return the address that a response of `url` redirects to.

    Raises:
        HttpError: it is not to be followed.
    """
    with suppress(ValueError):
        location = urljoin(url, location)
    if not is_web_address(location):
        raise HttpError(f"redirects to {shown(location)}, which is no address of the web; it is not followed")
    if origin(url)[0] == "https" and origin(location)[0] == "http":
        raise HttpError(
            f"redirects from https to {shown(location)}, where anybody on the way can change what we read; it is not "
            "followed. Name that address yourself if that is meant"
        )
    return location


def _guard(url: str, target: str) -> PublicOnly | None:
    """Return what looks at the connection to the target of a redirect; None where the source is there, or private itself.

    Raises:
        HttpError: the target is a private host, and the source is not.
    """
    home, host = origin(url)[1], origin(target)[1]
    if host == home or is_private(home):
        return None
    if is_private(host):
        raise refused(host)
    return PublicOnly(host)


def _received(raw: httpx2.Response, deadline: Deadline) -> Iterator[bytes]:
    import httpx2

    size, stated = 0, raw.headers.get("Content-Length", "")
    try:
        for chunk in raw.iter_raw():
            size += len(chunk)
            yield chunk
    except httpx2.HTTPError as fault:
        length = whole_number(stated)
        whole = "before the answer is whole" if length is None else f"after {size:,} of {length:,} bytes"
        raise http_error(fault, deadline, f"the connection breaks off {whole}") from fault
    if deadline.is_over:  # a body without a length just ends
        raise http_error(None, deadline)


def _save(response: Response, path: Path, *, packed: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Level 3 costs a tenth of reading the XML; the time is left out, so that alike answers are alike files.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) if packed else nullcontext(raw) as file:
        size = sum(file.write(chunk) for chunk in response.chunks)
    if not size:
        raise DamagedResponseError("the answer is empty")
