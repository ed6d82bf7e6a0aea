"""Readers of authority tables in `links/authorities/`: names and identifiers of things elsewhere, row by row.

What has an identifier that is stated here is a link; what has only the name of something here is a candidate.

Source: the dump of ROR, schema 2; "readme.txt" of the dump of GeoNames (allCountries.txt); SKOS.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import pyoxigraph as ox

from lod.errors import BadValueError, ConfigError
from lod.links.link import EXACT, LinkSet, StatedLink
from lod.links.targets import SCHEMES, Target, read_target
from lod.store.search.build.things import CONCEPT, JOURNAL, ORGANISATION, PERSON, PLACE
from lod.store.search.values.identifiers import form_of, form_of_address

AUTHORITIES = "authorities"
"""The folder in `links/`."""
CROSS_REFERENCE = "https://w3id.org/semapv/vocab/DatabaseCrossReference"

_NAMED = frozenset(
    {
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2004/02/skos/core#altLabel",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://schema.org/name",
        "http://xmlns.com/foaf/0.1/name",
    }
)
_KINDS = {
    "person": PERSON,
    "organisation": ORGANISATION,
    "organization": ORGANISATION,
    "journal": JOURNAL,
    "concept": CONCEPT,
    "place": PLACE,
}
_ROR_SCHEMES = {"isni": "isni", "fundref": "fundref", "wikidata": "wikidata", "grid": "grid"}
_MOST_OTHER_NAMES = 50
_SEPARATOR = "||"


@dataclass(frozen=True, slots=True)
class Authority:
    """One row of a table.

    Attributes:
        place: file and line or number.
        target: what it is about.
        names: the preferred one first.
        forms: its identifiers in schemes that things here may have (`lod.store.search.values.identifiers`).
        kinds: what it may be here; any where there are none.
    """

    place: str
    target: Target
    names: tuple[str, ...]
    forms: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


def read_authorities(folder: Path) -> Iterator[tuple[LinkSet, Authority]]:
    """Yield the rows of all tables in a folder; rows without an IRI or identifier that can be are left out.

    Raises:
        ConfigError: a file cannot be read, or is of no format that is known.
    """
    for path in authority_files(folder):
        set_ = LinkSet(f"{AUTHORITIES}/{path.name}", "authority table")
        try:
            with path.open("rb") as file:
                for row in _READERS[path.suffix.lower()](set_.name, file):
                    yield set_, row
        except (OSError, ijson.JSONError, UnicodeDecodeError, csv.Error) as fault:
            raise ConfigError(f"{path}: cannot be read as {path.suffix} ({str(fault)[:120]})") from None


def authority_files(folder: Path) -> list[Path]:
    """Return the tables in a folder, sorted; none where there is no such folder.

    Raises:
        ConfigError: a file there is of no format that is known.
    """
    if not folder.is_dir():
        return []
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    wrong = [path for path in found if path.suffix.lower() not in _READERS]
    if wrong:
        raise ConfigError(
            f"{path}: authority tables are .csv (id,name,…), .json (the dump of ROR), .txt (GeoNames) or .nt (SKOS); rename it, or move it away"
            for path in wrong
        )
    return found


def offers(rows: Iterator[tuple[LinkSet, Authority]]) -> Iterator[StatedLink]:
    """Yield a link for each row with identifiers: to what has one of them here, if anything has."""
    for set_, row in rows:
        own = form_of_address(row.target.iri)
        forms = tuple(form for form in row.forms if form != own)
        if forms:
            yield StatedLink(
                set_, row.place, row.target.iri, row.target.iri, justification=CROSS_REFERENCE, forms=forms
            )


def _csv(name: str, file: BinaryIO) -> Iterator[Authority]:
    rows = csv.DictReader((line.decode("utf-8-sig", "replace") for line in file), restkey="", restval="")
    if not {"id", "name"} <= set(rows.fieldnames or ()):
        raise ConfigError(
            f"{name}: its header has to have the columns id and name; others are also (other names, {_SEPARATOR} between them), type, and names of schemes"
        )
    for row in rows:
        target = _target(row["id"])
        if target:
            forms = [
                _form(scheme, value)
                for scheme in row
                if scheme in SCHEMES
                for value in row[scheme].split(_SEPARATOR)
                if value.strip()
            ]
            also = row.get("also", "").split(_SEPARATOR)
            kind = _KINDS.get(row.get("type", "").strip().lower())
            yield Authority(
                f"{name}, line {rows.line_num}",
                target,
                _names(row["name"], *also),
                tuple(forms),
                frozenset({kind} if kind else ()),
            )


def _ror(name: str, file: BinaryIO) -> Iterator[Authority]:
    for number, row in enumerate(ijson.items(file, "item"), start=1):
        target = _target(str(row.get("id", ""))) if isinstance(row, dict) else None
        if target is None:
            continue
        named = [entry for entry in _objects(row, "names") if "acronym" not in _texts(entry, "types")]
        named.sort(key=lambda entry: "ror_display" not in _texts(entry, "types"))
        forms = [
            _form(_ROR_SCHEMES[kind], value)
            for entry in _objects(row, "external_ids")
            if (kind := str(entry.get("type", "")).lower()) in _ROR_SCHEMES
            for value in _texts(entry, "all")
        ]
        names = _names(*(str(entry.get("value", "")) for entry in named))
        yield Authority(f"{name}, number {number}", target, names, tuple(forms), frozenset({ORGANISATION}))


def _objects(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = row.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _texts(row: dict[str, Any], name: str) -> list[str]:
    found = row.get(name)
    return [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []


def _geonames(name: str, file: BinaryIO) -> Iterator[Authority]:
    for number, line in enumerate(file, start=1):
        cells = line.decode("utf-8", "replace").rstrip("\n").split("\t")
        if number == 1 and (len(cells) < 9 or not cells[0].isdecimal()):
            raise ConfigError(
                f"{name}, line 1: it is no table of GeoNames, whose lines have a number, a name and more, between tabs"
            )
        if len(cells) > 8 and cells[0].isdecimal():
            also = cells[3].split(",")[:_MOST_OTHER_NAMES]
            target = _target(f"geonames:{cells[0]}")
            if target:
                yield Authority(f"{name}, line {number}", target, _names(cells[1], *also), (), frozenset({PLACE}))


def _skos(name: str, file: BinaryIO) -> Iterator[Authority]:
    """Yield what consecutive triples say of one subject."""
    try:
        triples = ox.parse(file, ox.RdfFormat.N_TRIPLES)
        for number, (subject, found) in enumerate(groupby(triples, key=lambda quad: quad.subject), start=1):
            quads: list[Any] = list(found)
            target = _target(subject.value) if isinstance(subject, ox.NamedNode) else None
            named = (quad for quad in quads if quad.predicate.value in _NAMED and isinstance(quad.object, ox.Literal))
            names = sorted(named, key=lambda quad: quad.predicate.value.endswith("altLabel"))
            links = (quad.object for quad in quads if quad.predicate.value in EXACT)
            same = (form_of_address(object_.value) for object_ in links if isinstance(object_, ox.NamedNode))
            if target and names:
                texts = _names(*(quad.object.value for quad in names))
                yield Authority(f"{name}, number {number}", target, texts, tuple(filter(None, same)))
    except SyntaxError as fault:
        raise ConfigError(f"{name}: it is no N-Triples ({str(fault)[:120]})") from None


_READERS: dict[str, Callable[[str, BinaryIO], Iterator[Authority]]] = {
    ".csv": _csv,
    ".json": _ror,
    ".txt": _geonames,
    ".nt": _skos,
}


def _form(scheme: str, value: str) -> str:
    """Return an identifier as the search index has it, whether it can be or not."""
    if scheme in SCHEMES:
        with suppress(BadValueError):
            return read_target(f"{scheme}:{value}").form
    return form_of(scheme, value)


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _target(text: str) -> Target | None:
    try:
        return read_target(text)
    except BadValueError:
        return None
