"""What a record states, as an oracle reads it: aspects with values in a form that can be compared. Nothing here imports `lod`."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

LISTS = ("authors", "editors")
"""Aspects whose order matters."""

EXACT = (
    "title", "doi", "pmid", "container", "issn", "volume", "issue", "start", "end", "issued", "year", "type", "isbn",
)  # fmt: skip
"""Aspects of which the graph states these values and no others."""

SUBSETS = (
    "publisher",
    "funders",
    "awards",
    "relations",
    "subjects",
    "concepts",
    "links",
    "degree",
    "language",
    "licence",
    "abstract",
)
"""Aspects of which the graph states these values at least."""


@dataclass
class Stated:
    """What one record states. `name` says which record it is, for messages; an aspect that is missing is not compared."""

    name: str
    aspects: dict[str, list[str]] = field(default_factory=dict)

    def put(self, aspect: str, *texts: str) -> None:
        """Add the texts of an aspect that are not blank; with none the aspect is stated to be empty."""
        values = self.aspects.setdefault(aspect, [])
        values += [text.strip() for text in texts if text and text.strip()]


def normal(text: str) -> str:
    """Return a text without case, markup, accents and signs, as its words."""
    plain = html.unescape(html.unescape(text))
    plain = re.sub(
        r"</?(?:jats:)?(?:p|br|sec|title|list|list-item|ul|li|div)\b[^<>]*>", " ", plain, flags=re.IGNORECASE
    )
    plain = re.sub(r"</?[A-Za-z][^<>]*>", "", plain)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", plain.casefold()))


def name_words(text: str) -> str:
    """Return the words of a name, in no order: "Lau, Chak Sing" is "chak lau sing"."""
    return " ".join(sorted(normal(text).split()))


def compared(aspect: str, texts: Iterable[str]) -> list[str]:
    """Return the values of an aspect as they are compared."""
    if aspect in LISTS:
        return [name_words(text) for text in texts]
    if aspect in ("doi", "relations", "licence"):
        return sorted(
            {
                re.sub(r"^https?://(dx\.)?doi\.org/|^doi:", "", unquote(text.strip()).casefold()).rstrip("/")
                for text in texts
            }
        )
    if aspect in ("issn", "isbn"):
        return sorted({re.sub(r"[^0-9x]", "", text.casefold()) for text in texts})
    if aspect in ("issued", "year", "type", "links", "language"):
        return sorted(set(texts))
    return sorted({normal(text) for text in texts} - {""})


def differences(stated: Stated, published: Stated) -> list[tuple[str, str, str]]:
    """Return where a graph says something else: aspect, what the oracle read, what the graph has."""
    found = []
    for aspect, texts in stated.aspects.items():
        wanted = compared(aspect, texts)
        given = compared(aspect, published.aspects.get(aspect, []))
        if aspect in SUBSETS:
            lacking = [text for text in wanted if text not in given]
            if lacking:
                found.append((aspect, " | ".join(lacking), " | ".join(given)))
        elif wanted != given:
            found.append((aspect, " | ".join(wanted), " | ".join(given)))
    return found
