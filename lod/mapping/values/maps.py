"""Value maps: code lists in CSV files (vocab/maps/); a site's file of the same name adds to the bundled file and wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from lod import bundled
from lod.errors import ConfigError
from lod.mapping.values.code_lists import HEADINGS, code_faults, unknown_maps
from lod.mapping.values.text import folded, without_controls
from lod.rdf.claims import Iri, iri
from lod.rdf.vocabulary import LINE, Vocabulary, nearest_terms, read_table

_JOINTS = re.compile(r"[_\s-]+")
_LONGEST_WORD = 60
_NO_WORDS: Mapping[str, str] = {}
_SIGNS = frozenset("#(:[")
_JOINT_SIGNS = frozenset({"", "-", "_"})
_SIGNS_OF_NO_WORD = "#([<:0123456789"
"""First signs of narrow cells, of what is in brackets, of the codes of DataCite and of days."""
_DATACITE_CODE = re.compile(r"\(?(:[a-z]{3,4})\)?(?= |$)")
_BRACKETED = re.compile(r"[\[(<]([^\[\]()<>]+)[\])>]")
_NARROW_CELL = re.compile(r"#{3,}")
_DAY = re.compile(r"\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_PAIRS = frozenset({"volume", "issue", "page"})
CODE_LISTS = ("degrees", "review_statuses")
"""Tables from words to terms of vocab/terms/, for rules of the kind `coded`."""
COAR_TYPE = "http://purl.org/coar/resource_type/"


@dataclass(frozen=True, slots=True)
class DocumentType:
    """Document type that a dc.type means: encoded IRIs of the COAR type, the BIBO, FaBiO and further classes; the type's label.

    What is no document has neither COAR type nor BIBO class.
    """

    coar: Iri | None
    bibo: Iri | None
    fabio: Iri
    also: tuple[Iri, ...]
    label: str = ""

    @property
    def classes(self) -> tuple[Iri, ...]:
        """All its classes."""
        return (*((self.bibo,) if self.bibo else ()), self.fabio, *self.also)

    def is_called(self, text: str) -> bool:
        """Return whether a text is the type's IRI, its label or the last words of that: "Article" for "journal article"."""
        if self.coar is None:
            return False
        return text.strip() == self.coar[1:-1] or f" {compared(self.label)}".endswith(f" {compared(text)}")


@dataclass(frozen=True, slots=True)
class Nature:
    """A version of the full text: code (end of the concept's IRI), label, COAR version IRI, how it matches."""

    code: str
    label: str
    coar: str
    match: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an authority file: name of the scheme, the scheme's label, the heading, the IRI of its authority record."""

    scheme: str
    scheme_label: str
    label: str
    link: Iri


@dataclass(frozen=True)
class Maps:
    """The code lists, each from the compared form of a value."""

    types: dict[str, DocumentType]
    languages: dict[str, str]
    countries: dict[str, tuple[str, str]]
    licences: dict[str, str]
    access_rights: dict[str, tuple[str, str]]
    mesh: dict[str, str]
    mesh_qualifiers: dict[str, str]
    natures: dict[str, Nature]
    organisation_words: frozenset[str]
    no_values: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, Mapping[str, tuple[Iri, str]]]
    headings: Mapping[str, tuple[Heading, ...]]

    @cached_property
    def _first_signs(self) -> dict[str, frozenset[str]]:
        return {}

    def _signs_of(self, kind: str, words: Mapping[str, str]) -> frozenset[str]:
        """Return the signs that what says nothing begins with, of a kind with its own words: most values have another one, and are let pass."""
        known = self._first_signs.get(kind)
        if known is None:
            signs = {word[0] for table in (self.no_values["*"], words) for word in table if word}
            more = _SIGNS_OF_NO_WORD if words else ""
            known = self._first_signs[kind] = _JOINT_SIGNS.union(signs, more)
        return known

    def no_value(self, kind: str, text: str) -> str:
        """Return why a text in place of a value of a kind says nothing ("undated"), "" for a value."""
        if len(text) > _LONGEST_WORD:
            return ""
        text = without_controls(text)
        words = self.no_values.get(kind, _NO_WORDS)
        start = text.lstrip()[:1].casefold()
        if kind == "title":
            words = words if start in _SIGNS else _NO_WORDS
        elif start not in self._signs_of(kind, words) and (not words or text.isascii()):
            return ""
        form = compared(text)
        if code := _DATACITE_CODE.match(form):
            form = code[1]
        # Cataloguers write in brackets what the item itself does not say: "[Unknown]".
        forms = (form, bracketed[1]) if kind != "title" and (bracketed := _BRACKETED.fullmatch(form)) else (form,)
        for each in forms:
            if why := words.get(each, "") or (kind != "title" and self.no_values["*"].get(each, "")):
                return why
        if _NARROW_CELL.fullmatch(form):
            return "a cell of a spreadsheet that was too narrow for its value"
        if kind in _PAIRS and _DAY.fullmatch(form):
            return "a day that a spreadsheet has made of two numbers"
        return "a dash in place of a value" if not form and kind != "title" else ""

    def keeps_a_place(self, text: str) -> str:
        """Return why a text only keeps an empty place, whatever its field, "" for any other text."""
        if len(text) > _LONGEST_WORD:
            return ""
        text = without_controls(text)
        words = self.no_values.get("empty", _NO_WORDS)
        return words.get(compared(text), "") if text.lstrip()[:1] in _SIGNS else ""


def compared(text: str) -> str:
    """Return the form in which codes are compared: folded, with "_" and "-" read as spaces."""
    return _compared_once(text) if len(text) <= _LONGEST_WORD else _compared(text)


def _compared(text: str) -> str:
    return _JOINTS.sub(" ", folded(text)).strip()


_compared_once = lru_cache(maxsize=16_384)(_compared)


def load_maps(site: Path | None, vocabulary: Vocabulary) -> Maps:
    """Return every value map.

    Raises:
        ConfigError: with every fault of every file.
    """
    faults: list[str] = [*unknown_maps(site)]

    def rows(name: str, *columns: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for folder in [bundled.VOCAB / "maps", *([site / "maps"] if site else [])]:
            if (folder / name).exists():
                try:
                    read = read_table(folder / name, columns)
                except ConfigError as fault:
                    faults.extend(fault.faults)
                    continue
                faults.extend(code_faults(name, read, found))
                found += read
        return found

    def term(name: str, file: str, row: Mapping[str, str]) -> Iri:
        try:
            full = vocabulary.expand(name)
        except KeyError:
            full = ""
        if full not in vocabulary.terms:
            faults.append(f"{file}, line {row[LINE]}: unknown term '{name}'; {nearest_terms(vocabulary, name)}")
        return iri(full)

    types = {
        compared(row["from"]): DocumentType(
            iri(row["coar"] if ":" in row["coar"] else COAR_TYPE + row["coar"]) if row["coar"] else None,
            term(row["bibo"], "types.csv", row) if row["bibo"] else None,
            term(row["fabio"], "types.csv", row),
            tuple(term(name, "types.csv", row) for name in row.get("also", "").split()),
            row.get("label", ""),
        )
        for row in rows("types.csv", "from", "coar", "bibo", "fabio")
    }
    no_values: dict[str, dict[str, str]] = {"*": {}}
    for row in rows("no_values.csv", "from", "kinds", "why"):
        for kind in row["kinds"].split():
            no_values.setdefault(kind, {})[compared(row["from"])] = row["why"]
    codes = {
        name: {
            compared(row["from"]): (term(row["to"], f"{name}.csv", row), row["label"])
            for row in rows(f"{name}.csv", "from", "to", "label")
        }
        for name in CODE_LISTS
    }
    maps = Maps(
        codes=codes,
        no_values=no_values,
        types=types,
        languages={compared(row["from"]): row["to"] for row in rows("languages.csv", "from", "to")},
        countries={
            folded(row["from"]): (row["code"], row["label"]) for row in rows("countries.csv", "from", "code", "label")
        },
        licences={compared(row["from"]): row["to"] for row in rows("licences.csv", "from", "to")},
        access_rights={
            compared(row["from"]): (row["to"], row["label"]) for row in rows("access_rights.csv", "from", "to", "label")
        },
        mesh={folded(row["heading"]): row["id"] for row in rows("mesh.csv", "heading", "id")},
        mesh_qualifiers={folded(row["qualifier"]): row["id"] for row in rows("mesh_qualifiers.csv", "qualifier", "id")},
        natures={
            compared(row["from"]): Nature(row["code"], row["label"], row["coar"], row["match"])
            for row in rows("fulltext_nature.csv", "from", "code", "label", "coar", "match")
        },
        organisation_words=frozenset(folded(row["word"]) for row in rows("organisation_words.csv", "word")),
        headings=_headings(rows(HEADINGS, "from", "scheme", "to")),
    )
    if faults:
        raise ConfigError(faults)
    return maps


def _headings(rows: Sequence[Mapping[str, str]]) -> dict[str, tuple[Heading, ...]]:
    found: dict[str, tuple[Heading, ...]] = {}
    for row in rows:
        word = compared(row["from"])
        scheme = row["scheme"].lower()
        heading = Heading(
            scheme, row.get("scheme_label") or row["scheme"], row.get("heading") or row["from"], iri(row["to"])
        )
        if word:
            found[word] = (*(other for other in found.get(word, ()) if other.scheme != scheme), heading)
    return found
