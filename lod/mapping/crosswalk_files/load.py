"""Read the crosswalk from TOML files, checked whole.

A site's own `crosswalk/*.toml` lies over the bundled one: its rules are asked first, its schemes replace those of the
same name.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lod import __version__, bundled
from lod.errors import ConfigError
from lod.mapping.crosswalk import Crosswalk, Example, Rule, Scheme
from lod.mapping.record.kinds import KINDS, Kind
from lod.mapping.unlabelled.fields import SHAPES
from lod.mapping.values.identifiers import FORMS
from lod.mapping.values.maps import CODE_LISTS, Maps, load_maps
from lod.patterns import ADVICE, GivenPattern, slow_sample
from lod.rdf.claims import Iri, Term, iri
from lod.rdf.vocabulary import Vocabulary, load_vocabulary, nearest_terms
from lod.settings.table import Settings, read_toml

_NO_IRI = Iri(Term(""))
_FIELD = re.compile(r"[A-Za-z][\w-]*(?:(?:\.[\w-]+){1,3}|(?:\.[\w-]+){0,3}\.\*)|\*")
_RULE_KEYS = {"field", "when", "kind", "property", "mirror", "keep", "by_shape", "example", "note"}
_CHOICES = {"keep": ("changed", "always", "never"), "by_shape": tuple(sorted(SHAPES))}
"""Keys of a rule that take one of a few words."""
_TERM_OPTIONS = frozenset({"list", "relator", "year", "year_only", "class"})
"""Further keys whose value is a property or a class."""


def load_crosswalk(settings: Settings, site: Path | None = None) -> Crosswalk:
    """Return the bundled crosswalk with the site's own `crosswalk/` and `maps/` laid over it.

    Raises:
        ConfigError: with every fault of every file.
    """
    vocabulary = load_vocabulary(settings.vocabulary_namespace)
    files = _files(site, "crosswalk", "*.toml")
    faults: list[str] = []
    rules: list[Rule] = []
    schemes: dict[str, Scheme] = {}
    for path in files:
        table = _read(path, faults)
        is_own = path.parent.parent != bundled.VOCAB
        for unknown in table.keys() - {"rule", "scheme"}:
            faults.append(f"{path.name}: unknown table '{unknown}'; known: rule, scheme")
        rules += _rules(table.get("rule", []), path.name, vocabulary, faults, is_own=is_own)
        for scheme in _schemes(table.get("scheme", []), path.name, vocabulary, faults, is_own=is_own):
            schemes.setdefault(scheme.name, scheme)
    try:
        maps = load_maps(site, vocabulary)
        faults += _unknown_kinds(maps)
    except ConfigError as fault:
        faults += fault.faults
    for rule in rules:
        if rule.kind == "coded" and rule.options["map"] not in CODE_LISTS:
            faults.append(f"{rule.label}: unknown map {rule.options['map']!r}; known: {', '.join(CODE_LISTS)}")
        name = rule.options.get("scheme", "")
        if rule.kind == "identifier" and name not in schemes:
            faults.append(f"{rule.label}: unknown scheme {name!r}; known: {', '.join(sorted(schemes))}")
    if faults:
        raise ConfigError(faults)
    fingerprint = _fingerprint([*files, *_files(site, "maps", "*.csv")], settings)
    return Crosswalk(settings, vocabulary, tuple(rules), schemes, maps, fingerprint)


_NO_KINDS = frozenset({"*", "empty", "volume", "issue"})
"""Words of no_values.csv that are no kinds: every kind, an empty place, halves of an enumeration."""


def _unknown_kinds(maps: Maps) -> list[str]:
    known = KINDS.keys() | _NO_KINDS
    return [
        f"no_values.csv: unknown kind {name!r}; {_meant(name, known)}" for name in sorted(maps.no_values.keys() - known)
    ]


def _files(site: Path | None, folder: str, pattern: str) -> list[Path]:
    own = sorted((site / folder).glob(pattern)) if site else []
    return [*own, *sorted((bundled.VOCAB / folder).glob(pattern))]


def _fingerprint(files: Sequence[Path], settings: Settings) -> str:
    digest = hashlib.sha256(__version__.encode())
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name in _SETTINGS_THAT_MATTER:
        value = getattr(settings, name)
        # A list counts as the text that it could be written as before, so that no record is mapped anew for it.
        digest.update(f"{name}={' '.join(value) if isinstance(value, tuple) else value}\0".encode())
    return digest.hexdigest()


_SETTINGS_THAT_MATTER = (
    "base_iri",
    "vocabulary_namespace",
    "handle_prefix",
    "key_from",
    "mirrors",
    "publish_email_addresses",
    "publish_journal_metrics",
)


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return read_toml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        faults.append(f"{path.name}: {fault}")
        return {}


def _rules(
    rows: Sequence[Mapping[str, Any]], file: str, vocabulary: Vocabulary, faults: list[str], *, is_own: bool
) -> Iterator[Rule]:
    for number, row in enumerate(rows, start=1):
        fields = (row["field"],) if isinstance(row.get("field"), str) else tuple(row.get("field", ()))
        label = f"{file}, rule {number}"
        where = f"{label} ({fields[0] if fields else 'no field'})"
        kind = KINDS.get(row.get("kind", ""))
        found = list(_rule_faults(row, fields, kind))
        sample = row["example"].get("in", "") if isinstance(row.get("example"), dict) else ""
        rule = Rule(
            label=label,
            fields=fields,
            kind=row.get("kind", ""),
            when=_pattern("when", row, where, is_own, found, [str(sample)]),
            property=next(iter(_properties(row.get("property"), vocabulary, found)), _NO_IRI),
            mirrors=_properties(row.get("mirror"), vocabulary, found),
            keep=row.get("keep", kind.keep if kind else "changed"),
            by_shape=row.get("by_shape", ""),
            options=_options(row, vocabulary, found),
            example=_example(row.get("example"), found),
            note=row.get("note", ""),
        )
        faults += [f"{where}: {text}" for text in found]
        if not found:
            yield rule


def _rule_faults(row: Mapping[str, Any], fields: Sequence[str], kind: Kind | None) -> Iterator[str]:
    """Yield what is wrong with the keys of a rule, its fields, and the keys that take one of a few words."""
    if kind is None:
        yield f"unknown kind {row.get('kind')!r}; known: {', '.join(sorted(KINDS))}"
    else:
        allowed = _RULE_KEYS | kind.options
        yield from (_unknown_key(name, allowed) for name in row if name not in allowed)
    for name in fields:
        if not _FIELD.fullmatch(name):
            yield f"{name!r} is no field name; write schema.element.qualifier{_of_a_column(name)}"
    if not fields:
        yield "no 'field'; name the field that the rule takes"
    if kind and kind.needs_property and "property" not in row:
        yield f"kind '{kind.name}' needs a 'property', such as dcterms:title"
    if kind:
        yield from (f"kind '{kind.name}' needs '{name}'" for name in sorted(kind.required - row.keys()))
    for key, words in _CHOICES.items():
        if key in row and row[key] not in words:
            yield f"'{key}' is {row[key]!r}; it takes one of: {', '.join(words)}"


def _of_a_column(name: str) -> str:
    """Return what to do about a field that is the header of a column: no record ever has a field of that name."""
    return (
        ". No record has a field of that name: what a column of a table becomes is said in columns/NAME.csv "
        "(lod coverage FILE --write)"
        if name and "." not in name
        else ""
    )


def _options(row: Mapping[str, Any], vocabulary: Vocabulary, faults: list[str]) -> dict[str, str]:
    """Return the further keys of a rule, names of properties and classes encoded."""
    options = {name: str(value) for name, value in row.items() if name not in _RULE_KEYS}
    return {
        name: _property(value, vocabulary, faults) if name in _TERM_OPTIONS else value
        for name, value in options.items()
    }


def _pattern(
    key: str, row: Mapping[str, Any], where: str, is_own: bool, faults: list[str], samples: Sequence[str] = ()
) -> GivenPattern | re.Pattern[str] | None:
    """Return the expression under a key. A site's own is tried and has a time limit; those of the package are tested."""
    if key not in row:
        return None
    try:
        pattern = GivenPattern(row[key], f"{where}: '{key}'") if is_own else re.compile(row[key])
    except (re.error, TypeError) as fault:
        faults.append(f"'{key}' is no regular expression ({fault})")
        return None
    if is_own and (slow := slow_sample(row[key], samples)):
        faults.append(f"'{key}' is slow: a value that repeats {slow!r} keeps it busy for more than a second; {ADVICE}")
    return pattern


def _unknown_key(name: str, allowed: set[str] | frozenset[str]) -> str:
    return f"unknown key '{name}'; {_meant(name, allowed)}"


def _meant(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def _properties(value: object, vocabulary: Vocabulary, faults: list[str]) -> tuple[Iri, ...]:
    return tuple(_property(name, vocabulary, faults) for name in _texts(value))


def _property(name: str, vocabulary: Vocabulary, faults: list[str]) -> Iri:
    try:
        full = vocabulary.expand(name)
    except KeyError:
        prefix = name.partition(":")[0]
        faults.append(f"unknown prefix '{prefix}' in '{name}'; known: {', '.join(sorted(vocabulary.prefixes))}")
        return _NO_IRI
    if full not in vocabulary.terms and not full.startswith(vocabulary.prefixes["fld"]):
        faults.append(f"unknown term '{name}'; {nearest_terms(vocabulary, name)}")
    return iri(full)


def _example(row: object, faults: list[str]) -> Example | None:
    if row is None:
        faults.append("no 'example'; add one, such as example = { in = \"…\", out = 'dcterms:title \"…\"' }")
        return None
    if not isinstance(row, dict) or not {"in", "out"} <= row.keys() <= {"in", "out", "language", "with"}:
        faults.append("'example' takes in and out, and if wanted language and with")
        return None
    others = tuple((str(name), str(text)) for name, text in row.get("with", {}).items())
    return Example(str(row["in"]), str(row["out"]), row.get("language"), others)


_SCHEME_KEYS = {
    "name",
    "form",
    "scheme",
    "on",
    "property",
    "mirror",
    "link",
    "link_property",
    "pattern",
    "finding",
    "note",
}


def _schemes(
    rows: Sequence[Mapping[str, Any]], file: str, vocabulary: Vocabulary, faults: list[str], *, is_own: bool
) -> Iterator[Scheme]:
    for number, row in enumerate(rows, start=1):
        found = [_unknown_key(name, _SCHEME_KEYS) for name in row if name not in _SCHEME_KEYS]
        found += [f"no '{name}'" for name in ("name", "form", "scheme") if name not in row]
        if row.get("form", "as-is") not in FORMS:
            found.append(f"unknown form {row['form']!r}; known: {', '.join(sorted(FORMS))}")
        if row.get("on", "item") not in {"item", "person", "organisation"}:
            found.append(f"'on' is {row['on']!r}; it takes item, person or organisation")
        if row.get("link") and "{}" not in row["link"]:
            found.append("'link' has no {} where the identifier goes")
        properties = _properties(row.get("property"), vocabulary, found)
        mirrors = _properties(row.get("mirror"), vocabulary, found)
        scheme = _property(row.get("scheme", "datacite:doi"), vocabulary, found)
        link_property = _property(row.get("link_property", "schema:sameAs"), vocabulary, found)
        where = f"{file}, scheme {number} ({row.get('name', 'no name')})"
        pattern = _pattern("pattern", row, where, is_own, found)
        faults += [f"{where}: {text}" for text in found]
        if not found:
            yield Scheme(
                name=row["name"],
                form=row["form"],
                scheme=scheme,
                on=row.get("on", "item"),
                properties=properties,
                mirrors=mirrors,
                link=row.get("link", ""),
                link_property=link_property,
                pattern=pattern,
                finding=row.get("finding", "identifier"),
            )
