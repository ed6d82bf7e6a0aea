"""HTTP client of a source: its limits, its credentials, and what its server does wrong as SourceError."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from lod.errors import SourceError
from lod.http.client import Client, Limits, user_agent
from lod.http.credentials import from_environment, variables
from lod.http.errors import DamagedResponseError, HttpError
from lod.http.retry import MOST_SECONDS_DIGITS, Retry
from lod.settings.table import Settings
from lod.sources.configured import NamedSource

FIRST_WAIT_S = 1.0
MOST_REDIRECTS = 5

_HINTS = {
    401: "it asks for a name and password, or a token; they come from the environment ({secrets})",
    403: "it refuses us; ask its operators, or give a name and password or a token in the environment ({secrets})",
    404: "there is nothing at this address; look at it in a browser and mend it",
    410: "there is nothing at this address any more; ask the repository where it went",
}
_LIMITS = {
    "read_s": "the server is too slow ({fault}; read_time_limit_s)",
    "response_s": "the server is too slow ({fault}; response_time_limit_s, read_time_limit_s)",
    "response_bytes": "the answer is larger than max_response_mib = {source.max_response_mib}; ask the provider for shorter "
    "lists, or raise the limit",
    "total_s": "the harvest takes longer than time_limit_s = {source.time_limit_s}; run the command again, it goes on where "
    "it was, or raise the limit",
}


class UnavailableError(SourceError):
    """A server does not answer, or says that it cannot now."""


def client_of(source: NamedSource, settings: Settings, environment: Mapping[str, str]) -> Client:
    """Return a client that keeps to the limits of a source and has the credentials that the environment has for it."""
    retry = Retry(tries=source.tries, first_wait_s=FIRST_WAIT_S, longest_wait_s=source.longest_wait_s)

    def failure(url: str, fault: HttpError, tried: str) -> SourceError:
        if retry.is_too_long(fault):
            reason = f"the server asks us to wait {_duration(fault.wait_s or 0)}, longer than longest_wait_s = {source.longest_wait_s}"
            return SourceError(f"{url}: {reason}; run the command again later, it goes on where it was")
        reason = _LIMITS.get(fault.limit, "it {fault}" if fault.status else "{fault}").format(
            fault=fault, source=source
        )
        if fault.may_pass:
            kind = SourceError if isinstance(fault, DamagedResponseError) else UnavailableError
            return kind(f"{url}: {reason}{tried}. Run the command again later: it goes on where it was")
        if fault.status:
            hint = _HINTS.get(fault.status, "look at the address in a browser")
            reason = f"{reason}: {hint.format(secrets=variables(source.secrets))}"
        return SourceError(f"{url}: {reason}")

    return Client(
        failure,
        Limits(
            read_s=source.read_time_limit_s,
            response_s=source.response_time_limit_s,
            total_s=source.time_limit_s,
            response_bytes=source.max_response_mib << 20,
            pause_s=source.pause_s,
        ),
        retry,
        from_environment(environment, source.secrets, at_once=True),
        user_agent(settings.base_iri),
        MOST_REDIRECTS,
    )


def _duration(seconds: float) -> str:
    return (
        f"{seconds:,.0f} s" if isfinite(seconds) else f"a number of seconds with more than {MOST_SECONDS_DIGITS} digits"
    )
