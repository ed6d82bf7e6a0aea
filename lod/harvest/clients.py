"""The client of a source: its limits, who we say we are, and the credentials that the environment has for it."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from lod import __version__
from lod.harvest.web import Client, Limits
from lod.settings.load import Settings
from lod.sources.configured import NamedSource


def client_of(source: NamedSource, settings: Settings, environment: Mapping[str, str]) -> Client:
    """Return a client that keeps to the limits of a source and sends its credentials to nobody else."""
    limits = Limits(
        response_bytes=source.max_response_mib << 20,
        read_s=source.read_time_limit_s,
        response_s=source.response_time_limit_s,
        total_s=source.time_limit_s,
        tries=source.tries,
        longest_wait_s=source.longest_wait_s,
        pause_s=source.pause_s,
    )
    return Client(
        limits=limits,
        agent=f"lod/{__version__} (+{settings.base_iri})",
        home=source.url,
        authorization=_authorization(source.secrets, environment),
        secrets=f"{source.secrets}_USER and _PASSWORD, or {source.secrets}_TOKEN",
    )


def _authorization(secrets: str, environment: Mapping[str, str]) -> str:
    """Return the header for a token or for a name with its password. Source: RFC 6750, section 2.1; RFC 7617, section 2."""
    token = environment.get(f"{secrets}_TOKEN", "")
    if token:
        return f"Bearer {token}"
    user = environment.get(f"{secrets}_USER", "")
    if not user:
        return ""
    pair = f"{user}:{environment.get(f'{secrets}_PASSWORD', '')}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"
