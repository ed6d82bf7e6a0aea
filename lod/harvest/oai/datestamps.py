"""Moments as OAI-PMH providers write them. Source: OAI-PMH 2.0, section 3.3."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

DAY, SECOND = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"


def moment_before(moment: str, hours: float, granularity: str, earliest: str) -> str:
    """Return a moment some hours earlier, in a granularity, and never before the earliest that a provider has."""
    earlier = (_parsed(moment) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return in_granularity(max(earlier, earliest), granularity)


def in_granularity(moment: str, granularity: str) -> str:
    """Return a moment as a provider of this granularity takes it: "2026-11-26" or "2026-11-26T08:00:00Z"."""
    if granularity == DAY:
        return moment[:10]
    return _parsed(moment).strftime("%Y-%m-%dT%H:%M:%SZ") if granularity == SECOND else moment


def _parsed(moment: str) -> datetime:
    with suppress(ValueError):
        parsed = datetime.fromisoformat(moment)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return datetime.now(UTC)
