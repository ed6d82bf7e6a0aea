"""Prefixed names: IRIs written short, "dcterms:title", in Turtle, in RDF/XML and in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

TURTLE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""A subset of PN_LOCAL that needs no escapes. Source: W3C RDF 1.1 Turtle, section 6.5."""

_ANY_LOCAL = re.compile(r".+", re.DOTALL)


def prefixed_name(iri: str, prefixes: Mapping[str, str], local: re.Pattern[str] = TURTLE_LOCAL) -> str:
    """Return an IRI as a prefixed name, "" where it has to be written whole.

    Args:
        iri: without angle brackets.
        prefixes: by namespace.
        local: local names that may be written; none with "/" or "#", so that the namespace ends at the last of them.
    """
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = prefixes.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix is not None and local.fullmatch(iri, cut) else ""


def longest_first(namespaces: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return prefixes and their namespaces, as `compacted` takes them."""
    return sorted(namespaces.items(), key=lambda pair: -len(pair[1]))


def compacted(iri: str, namespaces: Iterable[tuple[str, str]], local: re.Pattern[str] = _ANY_LOCAL) -> str:
    """Return an IRI as a compact IRI, whose local name may hold "/" too, "" where no prefix fits.

    Args:
        iri: without angle brackets.
        namespaces: prefixes and namespaces, the longest first.
        local: local names that may be written.
    """
    for prefix, namespace in namespaces:
        if iri.startswith(namespace) and local.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""
