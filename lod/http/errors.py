"""HttpError: why a request got no good response. Each user of the client makes an error of its own of it."""

from __future__ import annotations

from dataclasses import dataclass

from lod.http.deadline import Deadline


@dataclass(eq=False)
class HttpError(Exception):
    """A request got no good response. The text says why, without the address.

    Attributes:
        may_pass: the same request may succeed later.
        status: status of the response, 0 where none came; `body` is the beginning of its text.
        wait_s: seconds that the server asks for (Retry-After), None where it does not.
        limit: field of `Limits` that ended the exchange, "" for none.
    """

    reason: str
    may_pass: bool = False
    status: int = 0
    body: str = ""
    wait_s: float | None = None
    limit: str = ""

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class DamagedResponseError(HttpError):
    """An unexpected response; a retry may succeed."""

    may_pass: bool = True


def http_error(fault: Exception | None, deadline: Deadline, reason: str = "") -> HttpError:
    """Return what an exception of the library means: the deadline first, since what is cut off looks like anything."""
    import httpx2

    if deadline.is_over:
        return HttpError(f"longer than {deadline.seconds:.0f} s", may_pass=True, limit="response_s")
    if isinstance(fault, httpx2.TimeoutException):
        return HttpError("no sign of it in time", may_pass=True, limit="read_s")
    if "CERTIFICATE_VERIFY_FAILED" in str(fault):
        return HttpError(
            f"its TLS certificate cannot be trusted ({fault}); ask its operators to mend it, or install their certificate "
            "authority on this machine"
        )
    cause: BaseException | None = fault
    while cause and not getattr(cause, "strerror", ""):
        cause = cause.__context__
    may_pass = isinstance(fault, httpx2.TransportError) and not isinstance(fault, httpx2.UnsupportedProtocol)
    return HttpError(reason or f"no connection: {getattr(cause, 'strerror', '') or fault}", may_pass=may_pass)
