"""What the pages show of the figures, as plain values: tables of numbers, each with the address of its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from lod.store.quality.build.facts import PUBLISHED, REFUSED
from lod.store.quality.find.index import PARTS, SEVERITIES, QualityIndex, RuleCount, Selection, share
from lod.store.quality.find.trends import Change, Past
from lod.store.quality.values.measures import ALIKE, BY_NAME, EMAIL, MEASURES, MISSING, OWN_RULES, SAME, Measure
from lod.store.quality.values.rule_texts import RuleWords
from lod.store.search.values.code_labels import label_of_code
from lod.store.search.values.folding import fold
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.pages.code_words import words_of
from lod.web.quality.selection import RECORDS, RULES, list_address

CHECK_DIGITS = ("D12", "D13", "D14")
"""Rules about identifiers with a check digit that does not fit."""
MALFORMED = ("D02", "D05", "D09", "D10", "D11", "D15")
"""Rules about identifiers in a wrong form."""

MOST_PARTS = 15
_MOST_PUBLICATIONS = 12
_MOST_CHANGES = 12
_TYPES_OF_TABLE = 12
LABELS = {
    "collection": gettext_noop("Collection"),
    "source": gettext_noop("Source"),
    "year": gettext_noop("Year"),
    "type": gettext_noop("Type"),
    "all:published": gettext_noop("Records published"),
    "all:refused": gettext_noop("Records refused"),
    "severity:violation": gettext_noop("Records with violations"),
    "severity:warning": gettext_noop("Records with warnings"),
    "severity:info": gettext_noop("Records with remarks"),
}
PLURALS = {
    "collection": gettext_noop("Collections"),
    "source": gettext_noop("Sources"),
    "year": gettext_noop("Years"),
    "type": gettext_noop("Types"),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A number, and the address of the list of what it counts; "" where there is none."""

    number: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """How complete a field is: of how many records it is wanted, how many have it, in percent, the target, what is missing."""

    measure: Measure
    wanted: int
    have: int
    percent: float
    missing: Linked
    accepted: int
    href: str
    change: int

    @property
    def is_short(self) -> bool:
        """Whether the target is not reached."""
        return self.percent < self.measure.target


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with its words and counts."""

    words: RuleWords
    severity: str
    records: Linked
    findings: int
    href: str
    change: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the records: its label, how many there are, and how many of them have findings of each severity."""

    label: str
    records: Linked
    violations: Linked
    warnings: Linked


@dataclass(frozen=True, slots=True)
class PastRow:
    """A publication: its date, figures at it, and what it has changed most."""

    past: Past
    published: int
    violations: int
    warnings: int
    changes: Sequence[ChangeRow]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A figure that has changed: what, where, by how much, and where it is shown."""

    what: str
    where: str
    change: Change
    href: str


class Links:
    """What the pages link to; a file links to its own parts only."""

    def __init__(self, path: Callable[[str], str] | None, rules: frozenset[str] = frozenset()) -> None:
        """`path` returns the path of something of the site; None for a file, which has a section for each of the rules."""
        self._path = path
        self._rules = rules

    def records(self, selection: Selection) -> str:
        """Return the address of the list of a selection, "" where there is none."""
        if self._path:
            return list_address(self._path(RECORDS), selection)
        return self.rule(selection.rule) if selection == Selection(rule=selection.rule) else ""

    def rule(self, rule: str) -> str:
        """Return the address of the page of a rule, "" where there is none."""
        if self._path:
            return self._path(RULES + quote(rule, safe=""))
        return f"#{anchor(rule)}" if rule in self._rules else ""


def anchor(rule: str) -> str:
    """Return the name of the section about a rule in a file."""
    return f"rule-{quote(rule, safe='')}"


def english_label(kind: str, key: str) -> str:
    """Return what a part of the records is called in files, "" where it has no name."""
    return (label_of_code(key) or key.rpartition("/")[2]) if kind == "type" else key


def label_of(kind: str, key: str) -> str:
    """Return what a part of the records is called."""
    if not key:
        return gettext("none stated")
    return (words_of(key) or key.rpartition("/")[2]) if kind == "type" else key


class Shown:
    """The figures of a generation as the pages show them."""

    def __init__(self, index: QualityIndex, links: Links) -> None:
        self.index = index
        self.links = links
        self.publications = index.trends.publications(_MOST_PUBLICATIONS)

    # --- the first page

    @property
    def published(self) -> Linked:
        """How many records are published."""
        return Linked(self.index.published, self.links.records(Selection(state=PUBLISHED)))

    @property
    def refused(self) -> Linked:
        """How many records were refused at their last attempt."""
        return Linked(self.index.refused, self.links.records(Selection(state=REFUSED)))

    def severity(self, severity: str) -> Linked:
        """Return how many records have findings of a severity."""
        selection = Selection(severity=severity)
        return Linked(len(self.index.select(selection)), self.links.records(selection))

    def latest_changes(self) -> list[ChangeRow]:
        """Return what the latest publication has changed."""
        return self.changes(self.publications[-1]) if self.publications else []

    def accepted(self) -> list[tuple[str, Linked]]:
        """Return the rules of which something is accepted, with how many records."""
        return [
            (
                self.index.words(one.rule).title,
                Linked(one.records, self.links.records(Selection(rule=one.rule, is_accepted=True))),
            )
            for one in self.index.accepted
        ]

    def fields(self) -> list[FieldRow]:
        """Return how complete each field is that some record should have: those short of their target first, the most missing first."""
        rows = [row for row in map(self._field, MEASURES) if row.wanted]
        return sorted(rows, key=lambda row: (not row.is_short, -row.missing.number))

    def _field(self, measure: Measure) -> FieldRow:
        index, rule = self.index, f"{MISSING}{measure.name}"
        accepted = len(index.select(Selection(rule=rule, is_accepted=True)))
        missing = len(index.select(Selection(rule=rule)))
        wanted = len(self.index.wanting(measure))
        return FieldRow(
            measure,
            wanted,
            wanted - missing - accepted,
            share(wanted - missing - accepted, wanted),
            Linked(missing, self.links.records(Selection(rule=rule))),
            accepted,
            self.links.rule(rule),
            self._change(f"rule:{rule}"),
        )

    def rules(self, rules: Sequence[str] = ()) -> list[RuleRow]:
        """Return the rules that records are judged by, or those named, with their counts: the gravest first."""
        wanted = rules or [one.rule for one in self.index.rules if one.rule not in OWN_RULES]
        return [self._rule(one) for one in self.index.rules if one.rule in wanted]

    def _rule(self, one: RuleCount) -> RuleRow:
        selection = Selection(rule=one.rule, severity=one.severity)
        is_only = len(self.index.counts_of(one.rule)) == 1
        return RuleRow(
            self.index.words(one.rule),
            one.severity,
            Linked(one.records, self.links.records(Selection(rule=one.rule) if is_only else selection)),
            one.findings,
            self.links.rule(one.rule),
            self._change(f"rule:{one.rule} {one.severity}".strip()),
        )

    def alike(self) -> list[RuleRow]:
        """Return the rules about what records have in common, those without any as well."""
        return self._own([f"{SAME}{kind}" for kind in ALIKE])

    def check_digits(self) -> list[RuleRow]:
        """Return the rules about identifiers that are wrong, those with a check digit first."""
        return [*self.rules(CHECK_DIGITS), *self.rules(MALFORMED)]

    def emails(self) -> RuleRow:
        """Return how many values hold an e-mail address that is not published."""
        return self._own([EMAIL])[0]

    def _own(self, rules: Sequence[str]) -> list[RuleRow]:
        found = {one.rule: one for one in self.index.rules}
        return [self._rule(found.get(rule) or RuleCount(rule, "", 0, 0)) for rule in rules]

    def parts(self, kind: str) -> list[PartRow]:
        """Return the largest parts of the records of a kind."""
        index = self.index
        severities = {name: index.ids("severity", name) for name in SEVERITIES}
        rows = []
        for key, number in index.by(kind, index.ids("all", PUBLISHED), MOST_PARTS):
            part, limits = index.ids(kind, key), ((kind, key),)
            counts = [
                Linked(
                    part.intersection_cardinality(severities[name]),
                    self.links.records(Selection(severity=name, parts=limits)),
                )
                for name in ("violation", "warning")
            ]
            rows.append(
                PartRow(
                    label_of(kind, key),
                    Linked(number, self.links.records(Selection(state=PUBLISHED, parts=limits))),
                    counts[0],
                    counts[1],
                )
            )
        return rows

    def past(self) -> list[PastRow]:
        """Return the last publications with their figures, the latest first."""
        trends = self.index.trends
        measures = ("all:published", "severity:violation", "severity:warning")
        published, violations, warnings = (trends.numbers(measure, self.publications) for measure in measures)
        rows = [
            PastRow(one, published[place], violations[place], warnings[place], self.changes(one, 3))
            for place, one in enumerate(self.publications)
        ]
        return rows[::-1]

    def changes(self, past: Past, most: int = _MOST_CHANGES) -> list[ChangeRow]:
        """Return what a publication has changed most: the largest differences, each with the source where it is largest."""
        trends = self.index.trends
        whole = [one for one in trends.changes(past.number, 4 * most, ("",)) if not one.measure.startswith("has:")]
        by_part = trends.changes(past.number, 40 * most, ("source", "collection", "year"))
        return [self._changed(one, by_part) for one in whole[:most]]

    def _changed(self, one: Change, by_part: Sequence[Change]) -> ChangeRow:
        parts = (
            other
            for other in by_part
            if other.key and other.measure == one.measure and other.difference * one.difference > 0
        )
        # Of those that hold most of it the narrowest says most.
        most = [other for other in parts if 2 * abs(other.difference) > abs(one.difference)]
        where = ", ".join(f"{gettext(LABELS[other.kind])}: {label_of(other.kind, other.key)}" for other in most)
        name, _, rule = one.measure.partition(":")
        if name == "rule":
            count = next(
                (found for found in self.index.rules if f"{found.rule} {found.severity}".strip() == rule), None
            )
            known = count.rule if count else rule if rule in OWN_RULES else rule.rpartition(" ")[0]
            return ChangeRow(gettext(self.index.words(known).title), where, one, self.links.rule(known))
        href = self.links.records(Selection(severity=rule) if name == "severity" else Selection(state=rule))
        return ChangeRow(gettext(LABELS[one.measure]), where, one, href)

    def _change(self, measure: str) -> int:
        """Return by how much a figure has changed since the publication before."""
        numbers = self.index.trends.numbers(measure, self.publications[-2:])
        return numbers[-1] - numbers[0] if len(numbers) > 1 else 0

    # --- fields by type

    def types(self) -> tuple[list[tuple[str, Linked]], list[tuple[Measure, list[tuple[float, Linked] | None]]]]:
        """Return the largest types, and for each field the share of each type that has it, with what is missing."""
        index = self.index
        published = index.ids("all", PUBLISHED)
        found = index.by("type", published, _TYPES_OF_TABLE)
        columns = [
            (
                label_of("type", key),
                Linked(number, self.links.records(Selection(state=PUBLISHED, parts=(("type", key),)))),
            )
            for key, number in found
        ]
        rows = []
        for measure in MEASURES:
            wanting, has = index.wanting(measure), index.ids("has", measure.name)
            cells: list[tuple[float, Linked] | None] = []
            for key, _ in found:
                of_type = wanting & index.ids("type", key)
                if not of_type:
                    cells.append(None)
                    continue
                missing = Selection(rule=f"{MISSING}{measure.name}", parts=(("type", key),))
                have = of_type.intersection_cardinality(has)
                linked = Linked(len(index.select(missing)), self.links.records(missing))
                cells.append((share(have, len(of_type)), linked))
            rows.append((measure, cells))
        return columns, rows

    # --- one rule

    def parts_of(self, selection: Selection) -> Iterator[tuple[str, list[tuple[str, Linked]]]]:
        """Yield the kinds of parts with what the records of a selection are counted by, the most frequent first."""
        ids = self.index.select(selection)
        for kind in PARTS:
            if any(name == kind for name, _ in selection.parts):
                continue
            rows = [
                (
                    label_of(kind, key),
                    Linked(number, self.links.records(replace(selection, parts=(*selection.parts, (kind, key))))),
                )
                for key, number in self.index.by(kind, ids, MOST_PARTS)
            ]
            if rows:
                yield kind, rows

    def meanings(self, rule: str) -> list[str]:
        """Return what a rule means: of a measure what it is wanted of, of another what its findings say."""
        measure = BY_NAME.get(rule.removeprefix(MISSING)) if rule.startswith(MISSING) else None
        if measure is None:
            return self.index.meanings(rule)
        names = sorted({label_of("type", one) for one in measure.types}, key=fold)
        sentences = [
            gettext("%(field)s: what is published of the record has none.", field=gettext(measure.label)),
            gettext("It is wanted of records of the types %(types)s.", types=", ".join(names))
            if names
            else gettext("It is wanted of all records."),
            gettext("The target is %(target)s percent.", target=measure.target) if measure.target else "",
        ]
        return [" ".join(filter(None, sentences))]

    def fields_of(self, rule: str) -> list[tuple[str, Linked]]:
        """Return the fields that the findings of a rule are about."""
        fields = self.index.fields_of(rule)
        return [
            (one.key, Linked(one.records, self.links.records(Selection(rule=rule, field=one.key)))) for one in fields
        ]

    def trend(self, rule: str, part: tuple[str, str] | None = None) -> list[tuple[Past, int]]:
        """Return how many records a rule was about at the last publications, the latest first."""
        measures = [f"rule:{rule}"] if rule in OWN_RULES else [f"rule:{rule} {severity}" for severity in SEVERITIES]
        kind, key = part or ("", "")
        numbers = [self.index.trends.numbers(measure, self.publications, kind, key) for measure in measures]
        sums = map(sum, zip(*numbers, strict=True))
        return list(zip(self.publications, sums, strict=True))[::-1]


def title_of(index: QualityIndex, selection: Selection) -> str:
    """Return what a list of records is called."""
    if selection.rule:
        return gettext(index.words(selection.rule).title)
    if selection.severity:
        return gettext(LABELS[f"severity:{selection.severity}"])
    if selection.state == REFUSED:
        return gettext(LABELS["all:refused"])
    return gettext(LABELS["all:published"] if selection.state else "Records")
