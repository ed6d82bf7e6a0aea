"""Addresses: which path serves which IRI.

IRIs start with the setting `base_iri`; requests name paths. Redirects and links name paths only, so that a site made for
https://data.example.org/ also works on 127.0.0.1. The path is read with its escapes, since those of an IRI belong to its
name: `lupus%2C_systemic` (MODEL section 3.2); escapes without need are taken out (RFC 3986, section 6.2.2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lod.errors import BadValueError
from lod.rdf.claims import checked_iri, iri_text
from lod.settings.table import Settings

VOCABULARY = "vocab"
GIVEN = "item/rdf/"
"""Start of the keys of resources described by RDF made elsewhere (docs/adr/0018)."""

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9.~-]")
_LINKED = re.compile(r"(?:https?://|mailto:)[^\s<>\"{}|\\^`]+", re.IGNORECASE)


class Addresses:
    """Paths and IRIs of one site. `mount` is the path part of `base_iri`, with slashes at both ends."""

    def __init__(self, settings: Settings) -> None:
        self.base = settings.base_iri
        self.namespace = settings.vocabulary_namespace
        self.mount = urlsplit(settings.base_iri).path or "/"

    def path(self, relative: str) -> str:
        """Return the path of something of this site: "id/item/1/2" is "/repo/id/item/1/2"."""
        return self.mount + relative

    def thing(self, key: str) -> str:
        """Return the IRI that a key names: what follows /id/, or "vocab/…" for a local term.

        The key of a resource described by RDF made elsewhere holds its IRI: item/rdf/FILE/IRI, escaped.
        """
        if key == VOCABULARY:
            return self.namespace
        if key.startswith(f"{VOCABULARY}/"):
            return self.namespace + key[len(VOCABULARY) + 1 :]
        if key.startswith(GIVEN) and (about := _given(key)):
            return about
        return f"{self.base}id/{key}"

    def key(self, iri: str) -> str | None:
        """Return the key of a thing's IRI, without its fragment; None for what this site does not describe."""
        if iri.startswith(f"{self.base}id/"):
            return iri[len(self.base) + 3 :].partition("#")[0]
        if iri.startswith(self.namespace):
            local = iri[len(self.namespace) :].partition("#")[0]
            return f"{VOCABULARY}/{local}" if local else VOCABULARY
        return None

    def given_key(self, iri: str) -> str:
        """Return a key of a resource that RDF made elsewhere describes under its own IRI; any FILE in it leads to the same."""
        return self.key(iri) or f"{GIVEN}-/{quote(iri, safe='')}"

    def document(self, key: str) -> str:
        """Return the IRI of the document about a thing."""
        return f"{self.base}data/{key}"

    def link(self, iri: str) -> str | None:
        """Return what a page links an IRI to: a path of this site, an address elsewhere, or None (javascript:, urn:)."""
        if iri.startswith(self.base):
            return self.mount + iri[len(self.base) :]
        if iri.startswith(self.namespace):
            return f"{self.mount}{self.key(iri)}"
        return iri if _LINKED.fullmatch(iri) else None


def _given(key: str) -> str | None:
    with suppress(BadValueError):
        return iri_text(checked_iri(unquote(key.rpartition("/")[2])))
    return None


def requested_path(environ: Mapping[str, Any]) -> str:
    """Return the path of a request with its escapes, but for those of letters, digits, "-", "." and "~".

    REQUEST_URI is what waitress, mod_wsgi and uWSGI call it, RAW_URI what gunicorn does. Without either the escapes
    are made again from PATH_INFO, which is right for all keys but those with an escaped slash or low line.
    """
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw:
        text = str(raw)
        if not text.startswith("/"):
            # The form for proxies, with the host in it: what stands there is not looked at, since it need not be a host.
            text = "/" + text.partition("//")[2].partition("/")[2]
        text = text.partition("?")[0].partition("#")[0]
        if not text.isascii():
            text = quote(text.encode("latin-1"), safe="/:@!$&'()*+,;=-._~%")
        return _ESCAPE.sub(_unescaped_without_need, text) if "%" in text else text
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", "/"))
    return quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=-._~")


def spellings(key: str) -> Iterator[str]:
    """Yield a key as it was requested, then in the form in which keys are minted.

    Clients and proxies may write an IRI's path another way (RFC 3986, section 6.2.2): escapes in lower case, a comma
    not escaped, a letter escaped without need. Only "%5F" stays: see `current_spelling`.
    """
    yield key
    minted = "/".join(_minted(segment) for segment in key.split("/"))
    if minted != key:
        yield minted


def current_spelling(key: str) -> str:
    """Return a key in the form in which keys are minted today: a low line was once escaped, and IRIs with "%5F" are in use."""
    return [*spellings(key)][-1].replace("%5F", "_")


def former_spelling(key: str) -> str:
    """Return a key as it was minted when low lines were escaped."""
    return key.replace("_", "%5F")


def _minted(segment: str) -> str:
    parts = re.split(r"(%[0-9A-Fa-f]{2})", segment)
    return "".join(_escape(part) if _ESCAPE.fullmatch(part) else quote(part, safe="-._~") for part in parts)


def _unescaped_without_need(escape: re.Match[str]) -> str:
    character = unquote(escape.group(), errors="replace")
    return character if _UNRESERVED.fullmatch(character) else escape.group()


def _escape(escape: str) -> str:
    character = unquote(escape, errors="replace")
    return character if _UNRESERVED.fullmatch(character) else escape.upper()
