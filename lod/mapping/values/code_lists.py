"""Code lists: which codes the columns of value maps may name, checked in the maps of a site and listed for `lod terms`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lod import bundled
from lod.rdf.vocabulary import LINE, read_table

HEADINGS = "headings.csv"
"""Table of a site: which heading of an authority file a keyword is."""
_NEAREST_CODES = 3


@dataclass(frozen=True, slots=True)
class _Codes:
    """What a column of a map may hold: its name in messages, and either the values that the bundled map has or a form."""

    column: str
    called: str
    form: re.Pattern[str] | None = None
    sample: str = ""


_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,2000}")
_CODES = {
    "types.csv": (_Codes("coar", "COAR type"),),
    "languages.csv": (_Codes("to", "language code"),),
    "countries.csv": (_Codes("code", "country code"),),
    "access_rights.csv": (_Codes("to", "access right"),),
    "fulltext_nature.csv": (
        _Codes("code", "version"),
        _Codes("coar", "COAR version"),
        _Codes("match", "kind of match"),
    ),
    "licences.csv": (_Codes("to", "licence", _ADDRESS, "https://creativecommons.org/licenses/by/4.0/"),),
    "mesh.csv": (_Codes("id", "MeSH descriptor", re.compile(r"D\d{6,9}"), "D020413"),),
    "mesh_qualifiers.csv": (_Codes("id", "MeSH qualifier", re.compile(r"Q\d{6,9}"), "Q000002"),),
    HEADINGS: (
        _Codes("to", "authority record", _ADDRESS, "https://d-nb.info/gnd/4066562-8"),
        _Codes("scheme", "name of a scheme", re.compile(r"[a-z][a-z0-9-]{0,39}", re.IGNORECASE), "gnd"),
    ),
}
"""Columns of maps that take no free text. Those without a form take what the bundled map has, which is the whole code list."""


def unknown_maps(site: Path | None) -> list[str]:
    """Return a fault for each file of a site's maps/ that nothing reads, such as a misspelt one."""
    known = sorted({path.name for path in (bundled.VOCAB / "maps").glob("*.csv")} | {HEADINGS})
    own = sorted(path.name for path in (site / "maps").glob("*.csv")) if site else []
    return [f"maps/{name}: no map has this name; known: {', '.join(known)}" for name in own if name not in known]


def code_faults(
    name: str, rows: Sequence[Mapping[str, str]], bundled_rows: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Yield what is wrong with the codes in a table of a site, each with its line and the nearest codes."""
    for codes in _CODES.get(name, ()):
        known = {row[codes.column] for row in bundled_rows}
        for row in rows:
            value = row[codes.column]
            place = f"{name}, line {row[LINE]}"
            if codes.form:
                if not codes.form.fullmatch(value):
                    yield f"{place}: {value!r} is no {codes.called}; one looks like {codes.sample}"
            elif known and value not in known and not (codes.called == "COAR type" and ":" in value):
                near = get_close_matches(value, known, n=_NEAREST_CODES)
                meant = f"did you mean {' or '.join(near)}? " if near else ""
                yield f"{place}: unknown {codes.called} {value!r}; {meant}'lod terms WORD' finds codes by their names"


def listed_codes() -> list[tuple[str, str, str]]:
    """Return the codes that maps may name, sorted: the code, what it is of, its names."""

    def rows(name: str, *columns: str) -> list[dict[str, str]]:
        return read_table(bundled.VOCAB / "maps" / name, columns)

    found = {
        (row["coar"], "COAR type"): f"{row['label']} ({row['bibo']} {row['fabio']})"
        for row in rows("types.csv", "coar", "label", "bibo", "fabio")
        if row["coar"]
    }
    found |= {(row["code"], "country"): row["label"] for row in rows("countries.csv", "code", "label")}
    found |= {(row["to"], "access right"): row["label"] for row in rows("access_rights.csv", "to", "label")}
    named: dict[str, list[str]] = {}
    for row in rows("languages.csv", "from", "to"):
        named.setdefault(row["to"], []).extend([] if ":" in row["from"] else [row["from"]])
    found |= {(code, "language"): ", ".join(sorted(names, key=len, reverse=True)) for code, names in named.items()}
    return sorted((code, kind, label) for (code, kind), label in found.items())
