"""Table of blanks: what a question may leave open, and how a value is written into its query."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.rdf.claims import checked_iri

_YEAR = re.compile(r"\d{1,4}")
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Blank:
    """One kind of blank.

    Attributes:
        name: as questions have it, in braces; for a thing the variable that it binds, too.
        label: what is asked for, as forms show it.
        facet: of the search index that has its values (`lod.store.search.values.facets`), "" for none.
        any: for a thing, a pattern that binds the variable to anything of this kind; "" for a text or number.
    """

    name: str
    label: str
    facet: str = ""
    any: str = ""

    @property
    def is_thing(self) -> bool:
        """Whether the blank represents something with an IRI."""
        return bool(self.any)

    def filled(self, value: str) -> str:
        """Return what is in a query in place of the blank: the IRI of a thing or the name of a person, a text, a year.

        Raises:
            BadValueError: the value is no IRI, no year or too long a text.
        """
        if self.name == "year":
            if not _YEAR.fullmatch(value):
                raise BadValueError(f"{value[:40]!r} is no year")
            return str(int(value))
        if len(value) > LONGEST_TEXT:
            raise BadValueError(f"{value[:40]!r}… is longer than {LONGEST_TEXT} characters")
        if not self.is_thing:
            return _quoted(value)
        if self.name == "person" and ":" not in value and "/" not in value:
            return f"?person foaf:name {_quoted(value)} ."
        return f"VALUES ?{self.name} {{ {checked_iri(value)} }}"


BLANKS = {
    blank.name: blank
    for blank in (
        Blank("item", "Title, DOI or handle of a work", "", "?item a rt:RepositoryItem"),
        Blank("person", "Name of a person", "person", "?any dcterms:creator ?person"),
        Blank("journal", "Title of a journal", "journal", "?journal a bibo:Journal"),
        Blank("subject", "Subject heading", "subject", "?any dcterms:subject ?subject"),
        Blank("funder", "Name of a funder", "funder", "?any schema:funder ?funder"),
        Blank("keyword", "Keyword", "keyword"),
        Blank("words", "Words"),
        Blank("doi", "DOI, in any spelling"),
        Blank("year", "Year", "year"),
    )
}
"""Kinds of blanks by name."""


def _quoted(text: str) -> str:
    """Return a text as a literal in SPARQL, whose escapes are among those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
