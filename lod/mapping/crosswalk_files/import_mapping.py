"""Import of DSpace's RDF mapping: rules for fields that the crosswalk does not know, and what was left out and why.

Where the crosswalk in use has a rule for a field, that rule stays: it gives nodes, checked identifiers and typed dates where
the mapping gives texts. A field of the site's own is written as the crosswalk writes the same property elsewhere.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lod import bundled
from lod.errors import BadValueError, ConfigError
from lod.mapping.crosswalk import Crosswalk, Example, Rule
from lod.mapping.crosswalk_files.dspace_mapping import VALUE, Statement, read_mapping
from lod.mapping.crosswalk_files.examples import HANDLE, MOMENT, example_faults
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.apply import map_record
from lod.mapping.record.kinds import KINDS
from lod.rdf.vocabulary import load_vocabulary, read_table
from lod.record import Record, Value
from lod.settings.table import Settings

FILE = "imported.toml"
_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATES = frozenset(f"{_XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
_TEXTS = frozenset({"", f"{_XSD}string"})
_SAMPLES = (
    "Example",
    "2010",
    "12",
    "en",
    "10.5555/abc",
    "https://example.org/a",
    "http://example.org/a",
    "Example: 12",
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One statement of the mapping that no rule was written for, and why."""

    mapping: str
    field: str
    property: str
    why: str


@dataclass
class Imported:
    """What became of a mapping: the rules as TOML text, how many, and what was left out."""

    toml: str = ""
    rules: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


def import_mapping(path: Path, settings: Settings, site: Path | None = None) -> Imported:
    """Return the rules that carry a mapping over into the site's crosswalk; each has an example that holds.

    Raises:
        ConfigError: the mapping or the site's crosswalk cannot be read.
    """
    statements = read_mapping(path)
    crosswalk = load_crosswalk(settings, site)
    made = Imported()
    written: list[tuple[Statement, str]] = []
    for statement in statements:
        rule, why = "", _problem(statement, crosswalk)
        if not why and any(_takes_the_same(statement, other) for other, _ in written):
            why = "another statement of the mapping takes the same values, and one rule takes a value"
        if not why:
            rule, why = _rule(statement, crosswalk)
        if rule:
            written.append((statement, rule))
        else:
            made.left_out.append(_left_out(statement, crosswalk, why))
    faults = _faults([rule for _, rule in written], settings)
    made.left_out += [_left_out(written[place][0], crosswalk, why) for place, why in faults.items()]
    rules = [rule for place, (_, rule) in enumerate(written) if place not in faults]
    made.rules = len(rules)
    made.toml = "\n".join([_head(path), *rules])
    return made


def _takes_the_same(statement: Statement, other: Statement) -> bool:
    return (statement.field, statement.condition) == (other.field, other.condition)


def _left_out(statement: Statement, crosswalk: Crosswalk, why: str) -> LeftOut:
    return LeftOut(statement.name, statement.field, _name(statement.property, crosswalk), why)


def _head(path: Path) -> str:
    return f"# Rules carried over from DSpace's RDF mapping {path.name} by 'lod import-mapping'. They are yours now: change them as you like.\n"


def _name(iri: str, crosswalk: Crosswalk) -> str:
    """Return the prefixed name of a property; Dublin Core 1.1 is written in its dcterms form."""
    return crosswalk.vocabulary.compact(_DCTERMS + iri.removeprefix(_DC) if iri.startswith(_DC) else iri)


def _problem(statement: Statement, crosswalk: Crosswalk) -> str:
    """Return why a statement cannot be carried over, whatever the rule; "" where it can."""
    name = _name(statement.property, crosswalk)
    if not statement.about_item:
        return "it is about something else than the item; a crosswalk states what the item is"
    if not re.fullmatch(r"[A-Za-z][\w-]*(?:\.[\w-]+){1,3}", statement.field):
        return f"'{statement.field}' is no field; write schema.element.qualifier"
    if statement.form == "other":
        return "its object is the same for every record; state it once about the dataset"
    try:
        re.compile(statement.condition)
    except re.error as fault:
        return f"its condition is no regular expression here ({fault})"
    known = _rule_in_use(statement, crosswalk)
    if known is not None:
        return _already(statement, known, name, crosswalk)
    if statement.property.startswith(_DC) or statement.property in crosswalk.vocabulary.terms:
        return ""
    return f"unknown property {name or 'none'}; properties are listed in vocab/terms/"


def _rule_in_use(statement: Statement, crosswalk: Crosswalk) -> Rule | None:
    """Return the rule that takes the field now; a rule that only keeps a whole schema verbatim does not count."""
    rules = [rule for rule in crosswalk.rules if statement.field in rule.fields]
    if rules:
        return next((rule for rule in rules if rule.when is None), rules[0])
    rule = crosswalk.rule_for(statement.field, "x")
    return rule if rule and rule.kind not in {"kept"} else None


def _already(statement: Statement, rule: Rule, name: str, crosswalk: Crosswalk) -> str:
    if rule.kind in {"withheld", "system"}:
        return f"the field is withheld by {rule.label}: {rule.options.get('why') or rule.note or 'a system field'}"
    if statement.condition:
        return f"{rule.label} takes every value of the field and tells them apart by itself"
    stated = _stated(rule, crosswalk)
    if name in stated:
        return f"{rule.label} states {name} already"
    listed = ", ".join(stated) or "nothing but a verbatim copy"
    return f"{rule.label} does it better: of this field it states {listed}"


def _stated(rule: Rule, crosswalk: Crosswalk) -> list[str]:
    """Return the properties that a rule states of the value of its example, about whatever resource."""
    example = rule.example or Example("x", "kept")
    values = (
        Value(rule.fields[0].replace("*", "x"), example.text, example.language),
        *(Value(*other) for other in example.others),
        Value("dc.identifier.uri", f"http://hdl.handle.net/{HANDLE}"),
    )
    try:
        claims = map_record(Record("example", rule.label, values), crosswalk, MOMENT).fates[0].claims
    except BadValueError:
        return []
    names = {crosswalk.vocabulary.compact(line.split(" ", 2)[1][1:-1]) for line in claims}
    return sorted(name for name in names if not name.startswith(("fld:", "rdf:", "literal:", "skos:")))


def _rule(statement: Statement, crosswalk: Crosswalk) -> tuple[str, str]:
    """Return the rule for a statement as TOML, or "" and the reason why there is none."""
    name = _name(statement.property, crosswalk)
    model = _model(name, crosswalk)
    parts: dict[str, str] = {}
    if model is not None:
        kind, example = model.kind, model.example
        parts = {key: _plain(key, value, crosswalk) for key, value in model.options.items()}
    else:
        kind, example = _by_form(statement, name)
        if why := _no_kind(statement, kind):
            return "", why
    if statement.pattern != VALUE:
        return (
            "",
            f"it builds a text from the value ({statement.pattern}); a [[scheme]] with a 'link' can do that for identifiers",
        )
    if statement.modified and kind not in _CANONICAL:
        return "", "it changes the value by regular expressions; a crosswalk keeps values as they are"
    if statement.language:
        return "", f"it gives every value the language '{statement.language}'; the kind 'text' takes the value's own"
    example = _fitting(example, statement, kind, name)
    if example is None:
        return "", f"no sample value is known for its condition {statement.condition!r}; write the rule by hand"
    return _toml(statement, name, kind, parts, example), ""


def _no_kind(statement: Statement, kind: str) -> str:
    if not kind:
        return f"a literal of the type {statement.datatype} has no kind here"
    rows = read_table(bundled.VOCAB / "terms" / "external.csv", ("term", "range"))
    vocabulary = load_vocabulary()
    range_ = next((row["range"] for row in rows if vocabulary.expand(row["term"]) == statement.property), "")
    literal = not range_ or range_.startswith(("rdfs:Literal", "xsd:", "rdf:langString"))
    if kind == "link" and range_ and literal:
        return "it makes a resource, and the property takes a text"
    if kind != "link" and not literal:
        return f"it makes a text, and the property takes a resource ({range_})"
    return ""


_CANONICAL = frozenset(
    {"identifier", "uri", "any-identifier", "issn", "isbn", "language", "date", "timestamp", "rights"}
)
"""Kinds that bring values into one form, so that a mapping need not change them first."""


def _model(name: str, crosswalk: Crosswalk) -> Rule | None:
    """Return the first rule that states the same property: the new rule takes its kind and options."""
    encoded = crosswalk.terms[name]
    rules = [rule for rule in crosswalk.rules if rule.when is None and rule.example]
    # The plainest one: a role or a list of its own would say more than the mapping does.
    same = sorted((rule for rule in rules if rule.property == encoded), key=lambda rule: len(rule.options))
    alike = [
        rule for rule in rules if rule.kind in _NUMBERS and rule.example and rule.example.out.startswith(f"{name} ")
    ]
    return next(iter([*same, *alike]), None)


_NUMBERS = frozenset({"identifier", "issn", "isbn", "enumeration", "page"})
"""Kinds that know their properties themselves."""


def _by_form(statement: Statement, name: str) -> tuple[str, Example | None]:
    if statement.form == "resource":
        return "link", Example("https://example.org/a", f"{name} <https://example.org/a>")
    if statement.datatype in _DATES:
        return "date", Example("2010", f'{name} "2010"^^xsd:gYear')
    if statement.datatype not in _TEXTS:
        return "", None
    if statement.tagged:
        return "text", Example("Example", f'{name} "Example"@en', "en")
    return "plain", Example("Example", f'{name} "Example"')


def _fitting(example: Example | None, statement: Statement, kind: str, name: str) -> Example | None:
    if example is None or not statement.condition:
        return example
    if re.fullmatch(statement.condition, example.text):
        return example
    sample = next((text for text in _SAMPLES if re.fullmatch(statement.condition, text)), None)
    if sample is None or kind not in {"text", "plain", "link"} or (kind == "link" and "://" not in sample):
        return None
    out = f"{name} <{sample}>" if kind == "link" else f'{name} "{sample}"'
    return Example(sample, out)


def _plain(key: str, value: str, crosswalk: Crosswalk) -> str:
    """Return an option as a rule writes it: properties and classes by their prefixed names."""
    return crosswalk.vocabulary.compact(value[1:-1]) if value.startswith("<") else value


def _toml(statement: Statement, name: str, kind: str, options: Mapping[str, str], example: Example) -> str:
    lines = ["[[rule]]", f"field = {_quoted(statement.field)}"]
    if statement.condition:
        lines.append(f"when = {_quoted(f'^(?:{statement.condition})$')}")
    lines.append(f"kind = {_quoted(kind)}")
    if KINDS[kind].needs_property:
        lines.append(f"property = {_quoted(name)}")
    lines += [f"{key} = {_quoted(value)}" for key, value in options.items()]
    lines.append(f"example = {_example(example)}")
    lines.append(f"note = {_quoted(f'Carried over from the mapping {statement.name}.')}")
    return "\n".join(lines) + "\n"


def _example(example: Example) -> str:
    parts = [f"in = {_quoted(example.text)}"]
    if example.language:
        parts.append(f"language = {_quoted(example.language)}")
    if example.others:
        parts.append(
            "with = { " + ", ".join(f"{_quoted(key)} = {_quoted(text)}" for key, text in example.others) + " }"
        )
    parts.append(f"out = {_quoted(example.out)}")
    return "{ " + ", ".join(parts) + " }"


def _quoted(text: str) -> str:
    # A TOML basic string has the escapes of JSON.
    return json.dumps(text, ensure_ascii=False)


def _faults(rules: Sequence[str], settings: Settings) -> dict[int, str]:
    """Return what is wrong with each rule when it is read and its example tried, by its place; no entry for a rule that is right."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "crosswalk").mkdir()
        (Path(folder) / "crosswalk" / FILE).write_text("\n".join(rules), encoding="utf-8")
        try:
            faults = tuple(example_faults(load_crosswalk(settings, Path(folder))))
        except ConfigError as fault:
            faults = fault.faults
    found = ((re.match(rf"{re.escape(FILE)}, rule (\d+)", fault), fault) for fault in faults)
    return {int(match[1]) - 1: fault for match, fault in found if match}
