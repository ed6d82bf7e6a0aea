"""Queries as people type them: words, "phrases", prefix*, -without, field:value, OR. No text that is typed reaches MATCH as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lod.store.search.build.entry import COLUMNS
from lod.store.search.values.facets import NAMES
from lod.store.search.values.folding import is_paired, pairs, runs, words

LONGEST = 1_000
"""Characters of a query that are read."""
_MOST_TERMS = 40
_MOST_WORDS = 60

FIELDS = {
    "title": "title",
    "author": "author",
    "person": "author",
    "organisation": "author",
    "abstract": "abstract",
    "subject": "subject",
    "keyword": "subject",
    "place": "subject",
    "journal": "container",
    "in": "container",
    "publisher": "publisher",
    "funder": "publisher",
    "identifier": "identifier",
}
"""Fields of the full text, with the columns that they are looked for in."""

SCHEMES = frozenset({"doi", "issn", "isbn", "orcid", "handle", "pmid", "id"})
"""Fields whose values are identifiers."""

EXACT = frozenset(NAMES) - FIELDS.keys()
"""Fields whose values are those of a facet, by their labels: type, year, language …"""

_TERM = re.compile(
    r'(?P<minus>-)?+(?:(?P<field>[A-Za-z]{2,15}):(?=\S))?+(?:"(?P<phrase>[^"]*+)"?+(?P<star>\*)?+|(?P<word>[^\s"]++))'
)


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One part of a query: what is looked for, in which field ("" for all), as a phrase, with a prefix as its last word."""

    text: str
    field: str = ""
    is_prefix: bool = False
    is_excluded: bool = False

    def expression(self) -> str:
        """Return the term for MATCH: folded words within quotation marks; "" where it has no word."""
        found = list(_phrase(self.text))
        if not found:
            return ""
        is_prefix = self.is_prefix or (is_paired(found[-1]) and len(found[-1]) == 1)
        column = f"{{{FIELDS[self.field]}}} : " if self.field else ""
        return f'{column}"{" ".join(found[:_MOST_WORDS])}"{" *" if is_prefix else ""}'


@dataclass(frozen=True, slots=True)
class Query:
    """A query that has been read.

    Attributes:
        text: as it was typed.
        wanted: groups of terms; an item has one of each group.
        unwanted: terms that it must not have.
        exact: facet and text of terms about facets; those of identifiers have the field of the scheme.
        is_cut: more was typed than is read.
    """

    text: str
    wanted: tuple[tuple[SearchTerm, ...], ...] = ()
    unwanted: tuple[SearchTerm, ...] = ()
    exact: tuple[SearchTerm, ...] = field(default=())
    is_cut: bool = False

    def match(self) -> str:
        """Return the expression for what is wanted; "" where no word is."""
        groups = []
        for group in self.wanted:
            found = [expression for term in group if (expression := term.expression())]
            if found:
                groups.append(f"({' OR '.join(found)})")
        return " AND ".join(groups)

    def match_unwanted(self) -> str:
        """Return the expression for what is not wanted; "" where there is none."""
        return " OR ".join(filter(None, (term.expression() for term in self.unwanted)))

    def words(self) -> list[str]:
        """Return the folded words that are wanted, each once."""
        return list(dict.fromkeys(word for group in self.wanted for term in group for word in words(term.text)))


def readable(text: str) -> str:
    """Return a text that SQLite takes: without NUL and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\x00", " ")


def read_query(text: str) -> Query:
    """Return a query; every text is one."""
    shown = " ".join(readable(text).split())
    wanted: list[tuple[SearchTerm, ...]] = []
    unwanted: list[SearchTerm] = []
    exact: list[SearchTerm] = []
    joins = False
    terms = list(_terms(shown[:LONGEST]))
    for term in terms[:_MOST_TERMS]:
        if term.text == "OR" and not term.field and not term.is_excluded:
            joins = bool(wanted)
            continue
        if term.field in EXACT or term.field in SCHEMES:
            exact.append(term)
        elif term.is_excluded:
            unwanted.append(term)
        elif joins:
            wanted[-1] = (*wanted[-1], term)
        elif not (term.text in {"AND", "&", "+"} and not term.field):
            wanted.append((term,))
        joins = False
    return Query(shown, tuple(wanted), tuple(unwanted), tuple(exact), len(shown) > LONGEST or len(terms) > _MOST_TERMS)


def _terms(text: str) -> Iterator[SearchTerm]:
    for match in _TERM.finditer(text):
        name = (match["field"] or "").lower()
        if match["phrase"] is not None:
            found, is_prefix = match["phrase"], bool(match["star"])
        else:
            is_prefix = match["word"].endswith("*")
            found = match["word"].rstrip("*")
        if name and name not in FIELDS and name not in EXACT and name not in SCHEMES:
            # "http://…", "DNA:protein": no field of ours.
            name, found = "", f"{match['field']}:{found}"
        yield SearchTerm(found, name, is_prefix, bool(match["minus"]))


def _phrase(text: str) -> Iterator[str]:
    """Yield the words of a term as they follow each other in the index."""
    found = runs(text)
    for position, run in enumerate(found):
        if not is_paired(run):
            yield run
        elif position + 1 < len(found):
            yield from words(run)
        else:
            # The run may go on in the text.
            yield from pairs(run)


assert set(FIELDS.values()) == set(COLUMNS)  # noqa: S101 - a column that no field leads to
