"""Readers of files of links, one row a format: BEACON, SSSOM, N-Triples, and tables with a header, as OpenRefine exports them.

A line that is no link is a finding and costs itself only.

Source: BEACON link dump format (GBV, 2018 draft), sections 3 and 4; SSSOM 1.0, sections on TSV and propagation of slots; RDF 1.1 N-Triples.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from lod.errors import ConfigError
from lod.links.link import LINE, SEE_ALSO, LinkSet, Stated, StatedLink, finding, relation_named
from lod.links.targets import SCHEMES

LONGEST_LINE = 65_536
MOST_LINES = 5_000_000

_META = re.compile(r"#\s{0,9}([A-Za-z_]{1,40}+)\s{0,9}:\s{0,9}+(.*)")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SOURCES = ("id", "iri", "subject", "subject_id", "source", "key", "uri")
_TARGETS = ("target", "object", "object_id", "match", "matched", "link")
_RELATIONS = ("relation", "predicate", "predicate_id", "property")
_MULTIPLE = re.compile(r"\|\||;|\s\|\s")
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.-]{0,40}+):(?!//)(\S+)")
_PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "schema": "http://schema.org/",
    "orcid": "https://orcid.org/",
    "wikidata": "http://www.wikidata.org/entity/",
    "semapv": "https://w3id.org/semapv/vocab/",
}

Lines = Iterator[tuple[int, str]]


def read_links(folder: Path) -> Stated:
    """Yield the links of all files in a folder, file by file in the order of their names, and a finding for each line that is none.

    Raises:
        ConfigError: a file cannot be read, or is of no format that is known.
    """
    for path in link_files(folder):
        kind = kind_of(path)
        with _opened(path) as file:
            try:
                yield from READERS[kind](path.name, _numbered(path, file))
            except csv.Error as fault:
                yield finding(
                    LINE, f"the rest of the table was not read ({fault}); look for a quotation mark too many", path.name
                )


def link_files(folder: Path) -> list[Path]:
    """Return the files of links in a folder, sorted.

    Raises:
        ConfigError: a file there is of no format that is known.
    """
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    wrong = [path for path in found if path.suffix.lower() not in _ENDINGS and path.name.lower() != "readme.md"]
    if wrong:
        raise ConfigError(
            f"{path}: files of links end in {', '.join(_ENDINGS)}; rename it, or move it away" for path in wrong
        )
    return [path for path in found if path.suffix.lower() in _ENDINGS]


def kind_of(path: Path) -> str:
    """Return the format of a file: by its ending, of tables by their header."""
    kind = _ENDINGS[path.suffix.lower()]
    if kind != "table":
        return kind
    with _opened(path) as file:
        for line in file:
            if not line.startswith("#"):
                return "SSSOM" if "subject_id" in line and "object_id" in line else "table"
    return "table"


def _beacon(name: str, lines: Lines) -> Stated:
    meta: dict[str, str] = {}
    about: LinkSet | None = None
    for number, line in lines:
        if match := _META.fullmatch(line) if about is None else None:
            meta[match[1].upper()] = match[2].strip()
            continue
        if not line.strip() or line.startswith("#"):
            continue
        if about is None:
            about = LinkSet(
                name, "BEACON", meta.get("CREATOR", ""), meta.get("TIMESTAMP", "")[:10], meta.get("DESCRIPTION", "")
            )
        yield _beacon_link(about, meta, number, line)


def _beacon_link(about: LinkSet, meta: Mapping[str, str], number: int, line: str) -> StatedLink:
    source, *rest = (part.strip() for part in line.split("|", 2))
    annotation = rest[0] if rest else ""
    target = rest[1] if len(rest) > 1 else ""
    if len(rest) == 1 and _ADDRESS.match(annotation):
        annotation, target = "", annotation
    relation = relation_named(meta.get("RELATION", "") or SEE_ALSO)
    return StatedLink(
        about,
        f"{about.name}, line {number}",
        _filled(meta.get("PREFIX", ""), source),
        _filled(meta.get("TARGET", ""), target or source),
        SEE_ALSO if relation is None else relation,
    )


def _filled(template: str, token: str) -> str:
    """Return the IRI that a template of a BEACON file makes of a token. Source: BEACON, section 3.3."""
    if not template:
        return token
    if "{+ID}" in template:
        return template.replace("{+ID}", token)
    escaped = quote(token, safe="-._~:/@!$&'()*+,;=%")
    return template.replace("{ID}", escaped) if "{ID}" in template else template + token


def _sssom(name: str, lines: Lines) -> Stated:
    meta: dict[str, str] = {}
    prefixes, in_map = dict(_PREFIXES), False
    for number, line in lines:
        if line.startswith("#"):
            text = line[1:].rstrip()
            key, _, value = text.strip().partition(":")
            if text.startswith((" ", "\t")) and in_map:
                prefixes[key.strip().strip("\"'")] = value.strip().strip("\"'")
            else:
                in_map = key == "curie_map"
                meta[key] = value.strip().strip("\"'")
            continue
        rows = csv.reader((text for _, text in chain([(number, line)], lines)), delimiter="\t", strict=False)
        yield from _mappings(
            LinkSet(
                name,
                "SSSOM",
                meta.get("creator_id", ""),
                meta.get("mapping_date", ""),
                meta.get("mapping_set_description", ""),
            ),
            rows,
            number,
            prefixes,
        )


def _mappings(about: LinkSet, rows: Iterator[list[str]], first: int, prefixes: Mapping[str, str]) -> Stated:
    header = next(rows)
    for number, row in enumerate(rows, start=first + 1):
        if not any(row):
            continue
        cells = dict(zip(header, row, strict=False))
        place = f"{about.name}, line {number}"
        if cells.get("predicate_modifier", "").lower() == "not":
            continue
        relation = relation_named(_expanded(cells.get("predicate_id", ""), prefixes))
        if not relation:
            yield finding(
                LINE,
                f"the predicate {cells.get('predicate_id', '')!r} is no relation of links; use skos:exactMatch, skos:closeMatch or owl:sameAs",
                place,
                "\t".join(row),
            )
            continue
        yield StatedLink(
            about,
            place,
            _expanded(cells.get("subject_id", ""), prefixes),
            _expanded(cells.get("object_id", ""), prefixes),
            relation,
            cells.get("author_label", "") or _expanded(cells.get("author_id", "").partition("|")[0], prefixes),
            cells.get("mapping_date", ""),
            cells.get("confidence", ""),
            _expanded(cells.get("mapping_justification", ""), prefixes),
        )


def _expanded(text: str, prefixes: Mapping[str, str]) -> str:
    match = _CURIE.fullmatch(text.strip())
    return f"{prefixes[match[1]]}{match[2]}" if match and match[1] in prefixes else text.strip()


def _table(name: str, lines: Lines) -> Stated:
    """Yield the links of a table: a column that names the thing, and a column of targets, or one for each scheme that names it."""
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        return
    about = LinkSet(name, "table")
    delimiter = "\t" if "\t" in first[1] else ";" if first[1].count(";") > first[1].count(",") else ","
    rows = csv.reader((f"{text}\n" for _, text in chain([first], lines)), delimiter=delimiter)
    columns = _columns_of(next(rows))
    if columns is None:
        yield finding(
            LINE,
            f"its header has no column that names the things ({', '.join(_SOURCES[:3])}), or none of targets (target, or the name of a scheme: {', '.join(sorted(SCHEMES))}); rename the columns",
            f"{name}, line {first[0]}",
            first[1],
        )
        return
    for row in rows:
        place = f"{name}, line {first[0] + rows.line_num - 1}"
        cells = [cell.strip() for cell in row] + [""] * (columns.width - len(row))
        if not any(cells) or not cells[columns.source]:
            continue
        stated = _cell(cells, columns.relation)
        relation = relation_named(stated)
        if relation is None:
            yield finding(
                LINE,
                f"{stated!r} is no relation of links; use skos:exactMatch, skos:closeMatch, schema:sameAs or owl:sameAs",
                place,
                ",".join(row),
            )
            continue
        by, date, confidence, how = (_cell(cells, at) for at in columns.others)
        for target in columns.targets(cells):
            yield StatedLink(about, place, cells[columns.source], target, relation, by, date, confidence, how)


@dataclass(frozen=True)
class _Columns:
    """Where the columns of a table of links are: `schemes` has those of the targets of one scheme each, by position."""

    width: int
    source: int
    target: int | None
    relation: int | None
    others: tuple[int | None, ...]
    schemes: dict[int, str]

    def targets(self, cells: Sequence[str]) -> Iterator[str]:
        """Yield the targets that a row states."""
        if target := _cell(cells, self.target):
            yield target
        for position, scheme in self.schemes.items():
            for value in filter(None, map(str.strip, _MULTIPLE.split(cells[position]))):
                yield value if "://" in value or value.lower().startswith(f"{scheme}:") else f"{scheme}:{value}"


def _columns_of(header: Sequence[str]) -> _Columns | None:
    """Return where the columns are, None where one of the things or of targets is missing."""
    names = [_column(cell.strip().lstrip("\ufeff")) for cell in header]
    places = {name: names.index(name) for name in names}
    source = next((places[name] for name in _SOURCES if name in places), None)
    target = next((places[name] for name in _TARGETS if name in places), None)
    schemes = {position: name for position, name in enumerate(names) if name in SCHEMES and position != source}
    if source is None or (target is None and not schemes):
        return None
    relation = next((places[name] for name in _RELATIONS if name in places), None)
    others = tuple(places.get(name) for name in ("by", "date", "confidence", "justification"))
    return _Columns(len(names), source, target, relation, others, schemes)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return "" if at is None else cells[at]


def _column(header: str) -> str:
    """Return the name of a column as it is compared: "Wikidata ID" is "wikidata"."""
    name = header.lower().replace("_", " ").strip()
    for ending in (" identifier", " id", " ids", " number", " iri", " uri"):
        name = name.removesuffix(ending) if len(name) > len(ending) and name.removesuffix(ending) in SCHEMES else name
    return name.replace(" ", "_")


def _n_triples(name: str, lines: Lines) -> Stated:
    about = LinkSet(name, "N-Triples")
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        place = f"{name}, line {number}"
        try:
            quads = list(ox.parse(text, ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError):
            quads = []
        if len(quads) != 1:
            yield finding(LINE, "it is no triple of N-Triples", place, text)
            continue
        source, predicate, target = quads[0].subject, quads[0].predicate, quads[0].object
        relation = relation_named(predicate.value)
        if not (isinstance(source, ox.NamedNode) and isinstance(target, ox.NamedNode) and relation):
            yield finding(
                LINE,
                "it is no link: the property has to be owl:sameAs, schema:sameAs, skos:exactMatch, skos:closeMatch or the like, and the object an IRI",
                place,
                text,
            )
            continue
        yield StatedLink(about, place, source.value, target.value, relation)


READERS: dict[str, Callable[[str, Lines], Stated]] = {
    "BEACON": _beacon,
    "SSSOM": _sssom,
    "table": _table,
    "N-Triples": _n_triples,
}
_ENDINGS = {".txt": "BEACON", ".beacon": "BEACON", ".csv": "table", ".tsv": "table", ".nt": "N-Triples"}


def _opened(path: Path) -> io.TextIOWrapper:
    try:
        return path.open(encoding="utf-8-sig", errors="replace", newline=None)
    except OSError as fault:
        raise ConfigError(f"{path}: cannot be read ({fault.strerror or fault})") from None


def _numbered(path: Path, file: Iterable[str]) -> Lines:
    for number, line in enumerate(file, start=1):
        if number > MOST_LINES or len(line) > LONGEST_LINE:
            raise ConfigError(
                f"{path}, line {number}: a file of links has at most {MOST_LINES:,} lines of {LONGEST_LINE:,} characters; split it"
            )
        yield number, line.rstrip("\n")
