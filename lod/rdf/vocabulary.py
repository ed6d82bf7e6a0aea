"""Prefixes, known terms and value maps, read from vocab/ and from a site's own folder."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lod import bundled
from lod.errors import ConfigError
from lod.rdf.names import compacted, longest_first

DEFAULT_VOCABULARY_NAMESPACE = "https://w3id.org/lod-repository/"

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]")


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """One class, property or individual of a vocabulary: IRI, kind ("class", "property", "individual"), label."""

    iri: str
    kind: str
    label: str


class Vocabulary:
    """Prefixes and known terms. `expand` and `compact` turn "dcterms:title" into its IRI and back."""

    def __init__(self, prefixes: Mapping[str, str], terms: Mapping[str, VocabularyTerm], namespace: str) -> None:
        self.namespace = namespace
        self.prefixes = {
            **prefixes,
            "rt": namespace,
            "fld": f"{namespace}field/",
            "ids": f"{namespace}idscheme/",
        }
        self.terms = terms
        self._by_length = longest_first(self.prefixes)

    def expand(self, name: str) -> str:
        """Return the IRI of a prefixed name.

        Raises:
            KeyError: the prefix is not known.
        """
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    def compact(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or the IRI itself where no prefix fits."""
        return compacted(iri, self._by_length) or iri

    def label(self, iri: str) -> str:
        """Return the name of a term on pages: its label, else its local name in words."""
        term = self.terms.get(iri)
        if term:
            return term.label
        if iri.startswith(self.prefixes["fld"]):
            return iri[len(self.prefixes["fld"]) :]
        return words(re.split(r"[/#]", iri.rstrip("/#"))[-1])


def words(name: str) -> str:
    """Return a local name in words: "hasPublicationYear" is "has publication year"."""
    return " ".join(part if part.isupper() else part.lower() for part in _WORDS.split(name) if part)


def load_vocabulary(namespace: str = DEFAULT_VOCABULARY_NAMESPACE) -> Vocabulary:
    """Return the bundled vocabulary, with local terms under the namespace."""
    prefixes: dict[str, str] = tomllib.loads((bundled.VOCAB / "prefixes.toml").read_text(encoding="utf-8"))["prefixes"]
    local = {"rt": namespace, "fld": f"{namespace}field/", "ids": f"{namespace}idscheme/"}
    terms: dict[str, VocabularyTerm] = {}
    for path in sorted((bundled.VOCAB / "terms").glob("*.csv")):
        for row in read_table(path, ("term", "kind", "label")):
            prefix, _, name = row["term"].partition(":")
            iri = {**prefixes, **local}[prefix] + name
            terms[iri] = VocabularyTerm(iri, row["kind"], row["label"])
    return Vocabulary(prefixes, terms, namespace)


LINE = ""
"""Key of a row of `read_table` that has its line; no column has an empty name."""

_NEAREST_TERMS = 3
_ALIKE = 0.75
"""How alike two names are at least (difflib's ratio): below it, suggestions are of other things."""


def nearest_terms(vocabulary: Vocabulary, name: str) -> str:
    """Return what to write in place of an unknown term, for a message: the nearest terms, and the command that lists them.

    Terms of the prefix that was written come first, then those of others.
    """
    prefix, _, local = name.rpartition(":")
    names = [vocabulary.compact(iri) for iri in vocabulary.terms]
    same = [known for known in names if known.startswith(f"{prefix}:")]
    near = dict.fromkeys(found for group in (same, names) for found in _near(local, group))
    words = prefix + ":" if prefix in vocabulary.prefixes else "WORD"
    listed = f"'lod terms {words}' lists those that may be used"
    return f"did you mean {' or '.join([*near][:_NEAREST_TERMS])}? {listed}" if near else listed


def _near(local: str, names: Sequence[str]) -> list[str]:
    """Return the names whose local part is nearest to a text, compared without case: nearly the same, then those that hold it."""
    by_local: dict[str, list[str]] = {}
    for name in names:
        by_local.setdefault(name.rpartition(":")[2].casefold(), []).append(name)
    wanted = local.casefold()
    close = get_close_matches(wanted, by_local, n=_NEAREST_TERMS, cutoff=_ALIKE)
    held = [known for known in by_local if wanted and wanted in known]
    return [name for known in (*close, *held) for name in by_local[known]]


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV table as a spreadsheet saves it; lines that start with # are comments.

    Each row has the number of its last line as `LINE`.

    Raises:
        ConfigError: the file cannot be read, or one of the columns is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: {fault}") from None
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]
    lines = [line for _, line in numbered]
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise ConfigError(
            f"{path}: no column {', '.join(missing)}; the first line names the columns: {','.join(columns)}"
        )
    return [
        {
            **{name: (value or "").strip() for name, value in row.items() if name},
            LINE: str(numbered[reader.line_num - 1][0]),
        }
        for row in reader
    ]
