"""The draft of one mapped record: claims with the values that they come from, fates, findings, and waiting values.

Kinds write into the draft value by value; `lod.mapping.record.assemble` then joins what needs several values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lod.errors import BadValueError
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.values.iris import exact_key, name_key
from lod.mapping.values.text import clean_text, language_tag, tag_contradicts
from lod.mapping.waiting import Waiting
from lod.privacy import holds_address
from lod.rdf.claims import XSD_NS, Iri, Term, iri, iri_text, literal
from lod.record import Record, Value
from lod.report import Fate, Finding, Severity

_NUMBERED = re.compile(r"~\d+$", re.ASCII)


class Guess(int):
    """Position of a value where what is made of it is guessed: told by its shape, or a part of a sentence (docs/adr/0038)."""

    __slots__ = ()


@dataclass(slots=True)
class ValueState:
    """What is known so far of one value: its rule, whether it is kept verbatim, why, whether it is withheld."""

    rule: Rule | None = None
    kept: bool = False
    withheld: bool = False
    masked: bool = False
    why: str = ""


@dataclass(slots=True)
class Contributor:
    """One name in one role. `authority` is its key once it is known, `identifier` its scheme and value, `link` the IRI that it is of.

    `agent` is what the source says that it is of (`Value.agent`).
    """

    index: int
    name: str
    authority: str = ""
    identifier: tuple[str, str] | None = None
    link: str = ""
    agent: str | None = None
    origins: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Role:
    """The contributors of one role, in printed order, with the properties that state it.

    `first_of_field` has the first contributor of a name from each field: a role may have thousands of them.
    """

    property: Iri
    list_property: Iri | None
    relator: Iri | None
    members: list[Contributor] = field(default_factory=list)
    first_of_field: dict[str, dict[str, Contributor]] = field(default_factory=dict)


class Draft:
    """A record on its way to becoming claims. Terms are encoded; an index is a value's position in the record."""

    def __init__(
        self, record: Record, key: str, crosswalk: Crosswalk, generated: str, *, source_values: tuple[Value, ...]
    ) -> None:
        """Start with a record whose values have their qualified fields; `source_values` are the same as the source has them."""
        base = crosswalk.settings.base_iri
        self.record = record
        self.source_values = source_values
        self.key = key
        self.crosswalk = crosswalk
        self.terms = crosswalk.terms
        self.maps = crosswalk.maps
        self.generated = generated
        self.base = base
        self.item_iri = f"{base}id/item/{key}"
        self.document_iri = f"{base}data/item/{key}"
        self.item = iri(self.item_iri)
        self.document = iri(self.document_iri)
        self.claims: dict[str, set[int]] = {}
        # Claims that nothing states and nothing reads: each time that they were added a guess had a part in them.
        self.guessed: set[str] = set()
        # Values whose field was told by a shape that leaves a doubt.
        self.guessed_values: set[int] = set()
        self.states = [ValueState() for _ in record.values]
        self.findings: list[Finding] = []
        self.waiting = Waiting()
        self.dates: defaultdict[tuple[Iri, Iri], list[tuple[int, Rule]]] = defaultdict(list)
        self.identifiers: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self.roles: dict[str, Role] = {}
        self.titled: dict[str | None, Term] = {}
        self.withheld_fields: set[str] = set()
        # Authority keys beside values: those that something was made of, and why others were kept verbatim.
        self.keys_used: set[int] = set()
        self.kept_keys: dict[int, str] = {}
        # Values of which only parts were read beside what is stated of the whole: citations.
        self.read_in_part: set[int] = set()

    def add(self, subject: Iri, predicate: Iri, object_: Term, *origins: int) -> None:
        """Add a claim that the values at `origins` have a part in."""
        line = f"{subject} {predicate} {object_} ."
        guessed = False
        guessed_values = self.guessed_values
        for origin in origins:
            # As `is_guess`, without a call for each claim.
            if type(origin) is not int or (guessed_values and origin in guessed_values):
                guessed = True
        known = self.claims.get(line)
        if known is None:
            self.claims[line] = set(map(int, origins)) if guessed else set(origins)
            if guessed:
                self.guessed.add(line)
            return
        known.update(map(int, origins))
        if not guessed:
            self.guessed.discard(line)

    def is_guess(self, origin: int) -> bool:
        """Return whether what is made of a value at a position is guessed."""
        return isinstance(origin, Guess) or origin in self.guessed_values

    def confirm(self, index: int) -> None:
        """Count a value whose field was told by its shape as read: something stated confirms what it says."""
        self.guessed_values.discard(index)
        self.guessed = {line for line in self.guessed if self.claims.get(line) != {index}}

    def node(self, *segments: str) -> Iri:
        """Return the encoded IRI of a thing under /id/; the segments are escaped already."""
        return iri(f"{self.base}id/{'/'.join(segments)}")

    def part(self, name: str) -> Iri:
        """Return the encoded IRI of a part of the item: its fragment `name`."""
        return iri(f"{self.item_iri}#{name}")

    def text_node(self, name: str, class_: Iri, label: str, *origins: int) -> Iri:
        """Mint a part of the item for a thing known as text: class and label."""
        node = self.part(name)
        self.add(node, self.terms["rdf:type"], class_, *origins)
        self.add(node, self.terms["rdfs:label"], literal(label), *origins)
        return node

    def link_whole(self, whole: Iri, *origins: int, part: Iri | None = None) -> None:
        """State that the item, or another part, is part of a whole: by both properties (MODEL section 12)."""
        for property_ in ("dcterms:isPartOf", "frbr:partOf"):
            self.add(part or self.item, self.terms[property_], whole, *origins)

    def typed(self, subject: Iri, class_name: str, *origins: int) -> None:
        """State the class of a subject."""
        self.add(subject, self.terms["rdf:type"], self.terms[class_name], *origins)

    def identifier_node(
        self, owner: Iri, class_name: str, scheme: str, scheme_iri: Iri, value: str, *origins: int
    ) -> None:
        """State one identifier of the owner as a node with scheme and value (MODEL section 11)."""
        node = iri(f"{iri_text(owner)}{'-' if '#' in owner else '#'}id-{scheme}-{exact_key(value)}")
        self.add(owner, self.terms["datacite:hasIdentifier"], node, *origins)
        self.typed(node, class_name, *origins)
        self.add(node, self.terms["datacite:usesIdentifierScheme"], scheme_iri, *origins)
        self.add(node, self.terms["literal:hasLiteralValue"], literal(value), *origins)

    def agent_node(self, name: str, occurrence: int = 1) -> Iri:
        """Return the IRI of an agent without authority: a part of the item, keyed by the name.

        The occurrence follows after "~"; a name that itself ends so has it always, so that no two agents share an IRI.
        """
        key = name_key(name)
        numbered = occurrence > 1 or _NUMBERED.search(key)
        return self.part(f"agent-{key}{f'~{occurrence}' if numbered else ''}")

    def text(self, index: int, text: str | None = None, *, paragraphs: bool = True) -> str:
        """Return the value's text cleaned by rule T1, e-mail addresses masked; a change is noted with the value.

        Raises:
            BadValueError: nothing readable is left.
        """
        cleaned, changed = clean_text(self.record.values[index].text if text is None else text, paragraphs=paragraphs)
        if changed:
            self.keep(index, "markup or control characters were taken out")
        if self.crosswalk.hides(cleaned):
            cleaned = self.crosswalk.masked(cleaned)
            self._note_mask(index)
        return cleaned

    def tag(self, index: int, text: str) -> str | None:
        """Return the language tag of a value's text, None where there is none or where it cannot be true."""
        value = self.record.values[index]
        of_source = self.record.origin.language
        if not value.language and of_source:
            tag = language_tag(of_source)
            return None if tag and tag_contradicts(tag, text) else tag
        try:
            tag = language_tag(value.language)
        except BadValueError as fault:
            self.note("I24", Severity.WARNING, f"The language '{value.language}' was left out: {fault}.", index)
            return None
        if tag and tag_contradicts(tag, text):
            message = f"The text is not in the script of its language '{value.language}'; the tag was left out. Correct the language."
            self.note("I25", Severity.WARNING, message, index)
            return None
        return tag

    def note(self, rule: str, severity: Severity, message: str, index: int | None = None) -> None:
        """Add a finding about a value, or about the whole record."""
        value = self.source_values[index] if index is not None else Value("", "")
        text = value.text if len(value.text) <= 200 else f"{value.text[:199]}…"
        if index is not None and (self.states[index].withheld or holds_address(text)):
            text = ""
        self.findings.append(
            Finding(rule, severity, message, record=self.key, place=self.record.place, field=value.field, value=text)
        )

    def keep(self, index: int, why: str = "") -> None:
        """Keep the value verbatim on the record, beside what was mapped of it."""
        state = self.states[index]
        state.kept = True
        state.why = state.why or why

    def keep_unless(self, form: str, index: int, why: str) -> None:
        """Keep the value verbatim unless the form that was stated of it is the value itself, but for outer white space."""
        if index not in self.read_in_part and self.record.values[index].text.strip() != form:
            self.keep(index, why)

    def weaken(self, index: int, rule: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Keep a value that could not be mapped, and say why in a finding."""
        self.keep(index, message)
        self.note(rule, severity, message, index)

    def withhold(self, index: int, why: str, *, named: bool = True) -> None:
        """Publish nothing of a value but the name of its field; not even that where it says nothing about the item."""
        state = self.states[index]
        state.withheld = True
        state.why = why
        if named:
            self.withheld_fields.add(self.source_values[index].field)

    def _note_mask(self, index: int) -> None:
        state = self.states[index]
        if not state.masked:
            state.masked = True
            state.why = "masked: an e-mail address was taken out of the text"
            message = "The text holds an e-mail address, which is not published. Take it out of the field, or allow it for the whole site with publish_email_addresses."
            self.note("A06", Severity.WARNING, message, index)

    def fate(self, index: int, has_claims: bool) -> Fate:
        """Return the fate of a value at the end: withheld beats mapped, mapped beats kept."""
        state = self.states[index]
        if state.withheld:
            return Fate.WITHHELD
        return Fate.MAPPED if has_claims else Fate.KEPT


def integer(number: int) -> Term:
    """Return an encoded xsd:integer."""
    return literal(str(number), datatype=f"{XSD_NS}integer")
