"""The crosswalk: rules and identifier schemes, and all else that the mapping of a record depends on.

A value is taken by the first rule that names its field and whose `when` matches. The files are read by
`lod.mapping.crosswalk_files.load`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lod.mapping.values.maps import Maps
from lod.patterns import GivenPattern
from lod.privacy import holds_address, mask_addresses
from lod.rdf.claims import Iri, Term, iri
from lod.rdf.vocabulary import Vocabulary
from lod.settings.table import Settings

_MOST_FIELDS = 20_000
"""Names of fields, and of terms, that are remembered: a source may invent one for each of its values."""
_NO_IRI = Iri(Term(""))


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule is to make of one value: `text` is the value, `out` a property and object, or a fate."""

    text: str
    out: str
    language: str | None = None
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a crosswalk.

    Attributes:
        label: file and number, for messages and `lod explain`: "dspace.toml, rule 14".
        fields: the fields it takes; "dspace.*" takes every field of the schema.
        when: only values in which this expression is found; None takes all.
        property, mirrors: encoded IRIs of properties; "" and () where the kind knows its own.
        keep: when the verbatim value is kept on the record as well.
        by_shape: the table of `lod.mapping.unlabelled.fields` that is asked first, "" for none.
        options: the further keys that the kind understands.
    """

    label: str
    fields: tuple[str, ...]
    kind: str
    when: GivenPattern | re.Pattern[str] | None = None
    property: Iri = _NO_IRI
    mirrors: tuple[Iri, ...] = ()
    keep: str = "changed"
    by_shape: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    example: Example | None = None
    note: str = ""

    def term(self, option: str) -> Iri | None:
        """Return the property or class under a further key (`list`, `class` …), None without it."""
        value = self.options.get(option)
        return Iri(Term(value)) if value else None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One identifier scheme: how a value is read, and what is stated of it (MODEL section 11).

    Attributes:
        form: a name from the table of forms.
        on: "item" or "person": whose identifier it is.
        scheme: encoded IRI of the DataCite scheme.
        properties: encoded IRIs of literal properties; mirrors are left out when mirrors are off or values several.
        link: address with {} for the value, "" for none; `link_property` says what the link means.
        pattern: for persons: authority keys that are identifiers of this scheme.
        finding: rule of rules.md that a malformed value is reported under.
    """

    name: str
    form: str
    scheme: Iri
    on: str = "item"
    properties: tuple[Iri, ...] = ()
    mirrors: tuple[Iri, ...] = ()
    link: str = ""
    link_property: Iri = _NO_IRI
    pattern: GivenPattern | re.Pattern[str] | None = None
    finding: str = "identifier"


@dataclass(frozen=True)
class Crosswalk:
    """All that the mapping of a record depends on, beside the record: rules, schemes, maps, vocabulary, settings."""

    settings: Settings
    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    schemes: Mapping[str, Scheme]
    maps: Maps
    fingerprint: str

    @cached_property
    def terms(self) -> Terms:
        """Encoded IRIs of prefixed names."""
        return Terms(self.vocabulary)

    @cached_property
    def concept_schemes(self) -> Mapping[str, str]:
        """The labels of the schemes of headings and class marks, by their names, as the rules have them."""
        labelled = [
            rule.options for rule in reversed(self.rules) if "label" in rule.options and "scheme" in rule.options
        ]
        return {options["scheme"]: options["label"] for options in labelled}

    @cached_property
    def _by_field(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    def hides(self, text: str) -> bool:
        """Return whether a text holds an e-mail address that may not be published."""
        return not self.settings.publish_email_addresses and holds_address(text)

    def masked(self, text: str) -> str:
        """Return a text as it may be published: its e-mail addresses masked unless the site publishes them."""
        return text if self.settings.publish_email_addresses else mask_addresses(text)

    def rule_for(self, field_: str, text: str) -> Rule | None:
        """Return the rule that takes a value, None where no rule does."""
        rules = self._by_field.get(field_)
        if rules is None:
            rules = tuple(rule for rule in self.rules if any(_names(pattern, field_) for pattern in rule.fields))
            if len(self._by_field) >= _MOST_FIELDS:
                self._by_field.clear()
            self._by_field[field_] = rules
        for rule in rules:
            if rule.when is None or rule.when.search(text):
                return rule
        return None


class Terms(dict[str, Iri]):
    """Encoded IRIs by prefixed name: `terms["dcterms:title"]`; each is expanded once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, name: str) -> Iri:
        if len(self) >= _MOST_FIELDS:
            self.clear()
        self[name] = encoded = iri(self._vocabulary.expand(name))
        return encoded


def _names(pattern: str, field_: str) -> bool:
    return pattern == field_ or (pattern.endswith("*") and field_.startswith(pattern[:-1]))
