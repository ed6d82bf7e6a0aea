"""JSON-LD context: the short names of properties, and the order in which documents have them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lod import bundled
from lod.rdf.names import longest_first
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE

CONTEXT_FILE = "context.jsonld"

# What may follow the base: no colon, no empty or dot segment, so that every parser resolves it to the same IRI.
_RELATIVE = re.compile(r"(?:id|data|\.well-known)(?:/(?!\.{1,2}(?:[/#]|$))[A-Za-z0-9._~%-]+)*(?:#[A-Za-z0-9._~%-]*)?")
_KEYWORDS = {"id": "@id", "type": "@type", "value": "@value", "language": "@language"}


@dataclass(frozen=True, slots=True)
class ContextTerm:
    """One term of the context: "@id", a datatype's IRI or "" as its coercion, and whether it holds lists."""

    name: str
    coercion: str = ""
    holds_list: bool = False


class Context:
    """`vocab/context.jsonld` with the local prefixes under the site's namespace."""

    def __init__(self, base: str, namespace: str) -> None:
        path = bundled.VOCAB / CONTEXT_FILE
        self._entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
        for name, value in self._entries.items():
            if isinstance(value, str) and value.startswith(DEFAULT_VOCABULARY_NAMESPACE):
                self._entries[name] = namespace + value[len(DEFAULT_VOCABULARY_NAMESPACE) :]
        self.base = base
        self.cells = f"<{base}.well-known/genid/"
        """Start of the encoded IRIs of list cells."""

        self.prefixes: dict[str, str] = {name: value for name, value in self._entries.items() if _is_namespace(value)}
        self.prefix_names = {namespace: name for name, namespace in self.prefixes.items()}
        self.by_length = longest_first(self.prefixes)
        self.terms: dict[str, ContextTerm] = {}
        for name, value in self._entries.items():
            if name.startswith("@") or name in self.prefixes or name in _KEYWORDS:
                continue
            iri = self.expand(value if isinstance(value, str) else value["@id"])
            coercion = "" if isinstance(value, str) else value.get("@type", "")
            holds_list = not isinstance(value, str) and value.get("@container") == "@list"
            self.terms[iri] = ContextTerm(
                name, self.expand(coercion) if coercion not in {"", "@id"} else coercion, holds_list
            )
        self._order = {iri: position for position, iri in enumerate(self.terms)}

    def expand(self, name: str) -> str:
        """Return the IRI of a prefixed name of the context."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    def order(self, predicate: str) -> tuple[int, str]:
        """Return a key that sorts encoded predicates as in documents: rdf:type, title, authors, …"""
        iri = predicate[1:-1]
        return self._order.get(iri, len(self._order)), iri

    def relative(self, iri: str) -> str | None:
        """Return an IRI of this site relative to the base, None where it has to be written whole."""
        if iri.startswith(self.base) and _RELATIVE.fullmatch(iri, len(self.base)):
            return iri[len(self.base) :]
        return None

    def whole(self) -> dict[str, Any]:
        """Return the context as /context.jsonld serves it."""
        return {"@context": self._entries}

    def used(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the part of the context that a document uses: keywords, prefixes and terms by name, and the base."""
        wanted = set(names)
        for name in list(wanted):
            value = self._entries.get(name)
            if isinstance(value, dict):
                wanted |= {text.partition(":")[0] for text in (value["@id"], value.get("@type", "")) if ":" in text}
            elif isinstance(value, str) and name not in self.prefixes:
                wanted.add(value.partition(":")[0])
        used = {name: value for name, value in self._entries.items() if name in wanted or name in _KEYWORDS}
        return {"@base": self.base, **used}


def _is_namespace(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("http") and value.endswith(("/", "#"))
