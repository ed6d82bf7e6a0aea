"""Client: one request at a time, politely, each answer into a file; and every way in which a server can fail as a message."""

from __future__ import annotations

import gzip
import http.client
import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from math import inf, isfinite
from pathlib import Path
from typing import IO, TypeVar, cast
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from lod.errors import SourceError
from lod.harvest.addresses import origin, shortened
from lod.harvest.connection import opened
from lod.numbers import whole_number

CHUNK_BYTES = 64 * 1024
MOST_REDIRECTS = 5
FIRST_WAIT_S = 1.0
"""Wait before the second attempt; it doubles with each further one, up to LONGEST_BACKOFF_S."""

LONGEST_BACKOFF_S = 60.0
DAMAGED_TRIES = 2
"""So often a damaged answer is fetched in all: a break in the connection passes, what a server says does not."""

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_SECONDS_DIGITS = 9
_HINTS = {
    401: "it asks for a name and password, or a token; they come from the environment ({secrets})",
    403: "it refuses us; ask its operators, or give a name and password or a token in the environment ({secrets})",
    404: "there is nothing at this address; look at it in a browser and mend it",
    410: "there is nothing at this address any more; ask the repository where it went",
}

Result = TypeVar("Result")


class UnavailableError(SourceError):
    """A server does not answer, or says that it cannot now."""


class DamagedResponseError(Exception):
    """An answer came, but it is not what was asked for; its text says why. It may be better when asked again."""


class _PassingError(Exception):
    """A fault that may pass. `wait_s` is what the server asks for, None where it does not say."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how much. `longest_wait_s` is the longest Retry-After that is waited for."""

    response_bytes: int = 256 << 20
    read_s: float = 60
    response_s: float = 600
    total_s: float = 12 * 3600
    tries: int = 5
    longest_wait_s: float = 600
    pause_s: float = 0


@dataclass
class Client:
    """Fetches addresses one after the other.

    Attributes:
        agent: the User-Agent.
        authorization: value of the header of that name, sent to `home` only, "" for none.
        home: an address of the source; another scheme, host or port gets no credentials.
        secrets: names of the environment variables that credentials come from, for messages.
        moved: redirects that were followed: from where, to where, whether for good.
    """

    limits: Limits
    agent: str
    home: str
    authorization: str = field(default="", repr=False)
    secrets: str = ""
    accept: str = "*/*"
    requests: int = 0
    received_bytes: int = 0
    moved: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _ends: float = 0
    _last: float = 0

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.limits.total_s

    def fetch(self, url: str, target: Path, look: Callable[[Path], Result], *, packed: bool = True) -> Result:
        """Fetch an address into a file (gzip, if `packed`) and return what `look` says of it.

        The file is written aside, looked at, synced to the disk and renamed, so that `target` is whole or not there.

        Raises:
            SourceError: it cannot be had, or `look` raised DamagedResponseError twice.
        """
        aside = target.with_name(f".{target.name}")
        tries = damaged = 0
        while True:
            tries += 1
            try:
                self._wait(self._last + self.limits.pause_s - time.monotonic(), url)
                self._download(url, aside, packed=packed)
                result = look(aside)
            except (_PassingError, DamagedResponseError) as fault:
                damaged += isinstance(fault, DamagedResponseError)
                if tries >= self.limits.tries or damaged >= DAMAGED_TRIES:
                    told = UnavailableError if isinstance(fault, _PassingError) else SourceError
                    raise told(_after(tries, url, str(fault))) from None
                asked = fault.wait_s if isinstance(fault, _PassingError) else None
                backoff = min(FIRST_WAIT_S * 2 ** (tries - 1), LONGEST_BACKOFF_S)
                self._wait(backoff if asked is None else asked, url)
            else:
                with aside.open("rb") as file:
                    os.fsync(file.fileno())
                aside.replace(target)
                return result
            finally:
                self._last = time.monotonic()
                aside.unlink(missing_ok=True)

    def _wait(self, seconds: float, url: str) -> None:
        if seconds > self.limits.longest_wait_s:
            raise SourceError(
                f"{shortened(url)}: the server asks us to wait {_shown(seconds)}, longer than longest_wait_s = "
                f"{self.limits.longest_wait_s:.0f}; run the command again later, it goes on where it was"
            )
        if time.monotonic() + max(seconds, 0) > self._ends:
            raise SourceError(
                f"{shortened(url)}: the harvest takes longer than time_limit_s = {self.limits.total_s:.0f}; run the command "
                "again, it goes on where it was, or raise the limit"
            )
        if seconds > 0:
            time.sleep(seconds)

    def _download(self, url: str, aside: Path, *, packed: bool) -> None:
        address = url
        for _ in range(MOST_REDIRECTS + 1):
            following = self._one(address, aside, packed=packed)
            if following is None:
                return
            address = following
        raise SourceError(
            f"{shortened(url)}: redirected more than {MOST_REDIRECTS} times, at last to {shortened(address)}; look at the "
            "address in a browser, and name the one where it ends"
        )

    def _one(self, url: str, aside: Path, *, packed: bool) -> str | None:
        """Send one request; return the address that it redirects to, None when the answer is in the file."""
        request = Request(url, headers=self._headers(url))  # noqa: S310 - http and https only: see _target
        seconds = min(self.limits.response_s, max(self._ends - time.monotonic(), 1))
        self.requests += 1
        try:
            with opened(request, min(self.limits.read_s, seconds), seconds) as answer:
                if 300 <= answer.status < 400 and answer.headers.get("Location"):
                    return self._target(url, answer)
                if answer.status != 200:
                    raise self._refused(url, answer)
                self._save(url, answer, aside, packed=packed)
        except TimeoutError as fault:
            raise _PassingError(f"the server is too slow ({fault}; response_time_limit_s, read_time_limit_s)") from None
        except http.client.IncompleteRead:
            raise _PassingError("the connection breaks off before the answer is whole") from None
        except (http.client.HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            if isinstance(reason, TimeoutError):
                raise _PassingError("the server does not answer in time (read_time_limit_s)") from None
            if "CERTIFICATE_VERIFY_FAILED" in str(reason):
                raise SourceError(
                    f"{shortened(url)}: its TLS certificate cannot be trusted ({reason}); ask its operators to mend it, or "
                    "install their certificate authority on this machine"
                ) from None
            raise _PassingError(f"no connection: {_words(reason)}") from None
        return None

    def _headers(self, url: str) -> dict[str, str]:
        headers = {"User-Agent": self.agent, "Accept": self.accept, "Accept-Encoding": "gzip"}
        if self.authorization and origin(url) == origin(self.home):
            headers["Authorization"] = self.authorization
        return headers

    def _target(self, url: str, answer: HTTPResponse) -> str:
        target = urljoin(url, str(answer.headers["Location"]))
        parts = urlsplit(target)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SourceError(
                f"{shortened(url)}: redirects to {shortened(target)}, which is no address of the web; it is not followed"
            )
        if urlsplit(url).scheme == "https" and parts.scheme == "http":
            raise SourceError(
                f"{shortened(url)}: redirects from https to {shortened(target)}, where anybody on the way can change what we "
                "read; it is not followed. Name that address yourself if that is meant"
            )
        self.moved[url] = (target, answer.status in {301, 308})
        return target

    def _refused(self, url: str, answer: HTTPResponse) -> Exception:
        said = f"it answered {answer.status} {answer.reason or ''}".rstrip()
        if answer.status in _AGAIN:
            return _PassingError(said, _retry_after(answer.headers.get("Retry-After", "")))
        hint = _HINTS.get(answer.status, "look at the address in a browser").format(secrets=self.secrets)
        return SourceError(f"{shortened(url)}: {said}: {hint}")

    def _save(self, url: str, answer: HTTPResponse, aside: Path, *, packed: bool) -> None:
        aside.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with aside.open("wb") as raw:
            # Level 3 costs a tenth of reading the XML; the time is left out, so that alike answers are alike files.
            file = gzip.GzipFile("", "wb", 3, raw, mtime=0) if packed else raw
            for chunk in _decoded(url, answer):
                size += len(chunk)
                if size > self.limits.response_bytes:
                    raise SourceError(
                        f"{shortened(url)}: the answer is larger than max_response_mib = {self.limits.response_bytes >> 20}; "
                        "ask the provider for shorter lists, or raise the limit"
                    )
                cast("IO[bytes]", file).write(chunk)
            if packed:
                file.close()
        self.received_bytes += size
        if not size:
            raise DamagedResponseError("the answer is empty")


def _decoded(url: str, answer: HTTPResponse) -> Iterator[bytes]:
    """Yield the body, without the encodings of transfer and content, in small pieces however tightly it is packed."""
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise SourceError(f"{shortened(url)}: answers in the encoding {encoding!r}, although we asked for gzip or none")
    chunks = _chunks(answer)
    if encoding in {"gzip", "x-gzip", "deflate"}:
        chunks = _unpacked(chunks)
    first = next(chunks, b"")
    # A saved .gz file, or a server that packs twice.
    yield from _unpacked(_joined(first, chunks)) if first.startswith(_GZIP_MAGIC) else _joined(first, chunks)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _chunks(answer: HTTPResponse) -> Iterator[bytes]:
    size = 0
    while chunk := answer.read1(CHUNK_BYTES):
        size += len(chunk)
        yield chunk
    stated = answer.headers.get("Content-Length", "")
    # read1, unlike read, says nothing when the connection ends before the stated length.
    if not stated.isdecimal() or "chunked" in answer.headers.get("Transfer-Encoding", ""):
        return
    whole = whole_number(stated)
    if whole is None:
        raise _PassingError(f"its header Content-Length is {stated[:20]}…, {len(stated):,} digits, which no answer has")
    if size < whole:
        raise _PassingError(f"the connection breaks off after {size:,} of {whole:,} bytes")


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, as its head says
    try:
        for chunk in chunks:
            data = chunk
            while data and not unpacker.eof:
                if part := unpacker.decompress(data, CHUNK_BYTES):
                    yield part
                data = unpacker.unconsumed_tail
    except zlib.error as fault:
        raise DamagedResponseError(f"the answer is damaged gzip ({fault})") from None
    if not unpacker.eof:
        raise DamagedResponseError("the answer is gzip that breaks off before its end")


def _retry_after(text: str) -> float | None:
    """Return the seconds that a header Retry-After asks for: a number of seconds or a date. Source: RFC 9110, 10.2.3."""
    if text.strip().isdecimal():
        seconds = whole_number(text.strip(), _MOST_SECONDS_DIGITS)
        return inf if seconds is None else float(seconds)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(text)
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0)
    return None


def _shown(seconds: float) -> str:
    return (
        f"{seconds:,.0f} s"
        if isfinite(seconds)
        else f"a number of seconds with more than {_MOST_SECONDS_DIGITS} digits"
    )


def _words(reason: object) -> str:
    return str(getattr(reason, "strerror", None) or reason or type(reason).__name__)


def _after(tries: int, url: str, reason: str) -> str:
    times = f"; tried {tries} times" if tries > 1 else ""
    return f"{shortened(url)}: {reason}{times}. Run the command again later: it goes on where it was"
