"""The round trip: the values rebuilt from the claims of a record, compared with those of its source."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from unicodedata import normalize

from lod.errors import BadValueError
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.draft import Draft
from lod.mapping.mapped import Mapped
from lod.mapping.resources.authorities import UUID, written_key
from lod.mapping.resources.dspace_entities import ENTITY_FIELDS
from lod.mapping.resources.subjects import split_list
from lod.mapping.round_trip.cited import cited_values
from lod.mapping.round_trip.normal_forms import Fact, drafted, facts_of
from lod.mapping.round_trip.rebuild import rebuild_values
from lod.mapping.values.authority_keys import read_key
from lod.mapping.values.citations import title_among
from lod.mapping.values.identifiers import read_orcid, split_orcid
from lod.mapping.values.maps import compared
from lod.mapping.values.names import bare_name
from lod.mapping.values.text import clean_text, language_tag
from lod.rdf.claims import split_claim
from lod.record import RDF_CLAIM, Record, Value
from lod.report import Fate


@dataclass
class RoundTrip:
    """How many values of a record, or of many, came back, and how.

    Attributes:
        verbatim: with their field and text as they were; language tags as BCP 47 writes them.
        normal: as what they say, in the normal form of their kind, perhaps in the twin field.
        lost, invented, misplaced: field and text of values that did not come back, that no value of the source says,
            and of authors or editors that have another place in their list. There should be none.
    """

    compared: int = 0
    verbatim: int = 0
    normal: int = 0
    withheld: int = 0
    refused: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    invented: list[tuple[str, str]] = field(default_factory=list)
    misplaced: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: RoundTrip) -> None:
        """Add the counts and lists of another round trip."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def compare(record: Record, mapped: Mapped, crosswalk: Crosswalk) -> RoundTrip:
    """Rebuild the values of a mapped record from its claims, and compare them with those of the source."""
    if record.about:
        return _compare_ready_made(mapped)
    back = rebuild_values(map(split_claim, mapped.claims), crosswalk)
    result = RoundTrip()
    source = drafted(record.values, mapped.key, crosswalk)
    source_facts = [facts_of(source, index) for index in range(len(record.values))]
    plain, by_shape = (
        [facts_of(draft, index) for index in range(len(back))]
        for draft in (drafted(back, mapped.key, crosswalk, by_shape=labelled) for labelled in (False, True))
    )
    known = frozenset[Fact]().union(*plain, *by_shape)
    rows = {(value.field, value.text, value.language) for value in back}
    forms = [_forms(source, index) for index in range(len(record.values))]
    for index, (value, fate) in enumerate(zip(record.values, mapped.fates, strict=True)):
        if fate.fate in {Fate.WITHHELD, Fate.REFUSED}:
            setattr(result, fate.fate.value, getattr(result, fate.fate.value) + 1)
            continue
        result.compared += 1
        if rows & forms[index]:
            result.verbatim += 1
        elif source_facts[index] and source_facts[index] <= known:
            result.normal += 1
        else:
            result.lost.append((value.field, value.text))
    keys = {
        (f"{value.field}.authority", crosswalk.masked(written_key(value)), None)
        for value in record.values
        if value.authority
    }
    verbatim = frozenset[FieldRow](keys).union(*forms)
    stated = frozenset[Fact]().union(*source_facts, _facts_elsewhere(record, source))
    for value, *readings in zip(back, plain, by_shape, strict=True):
        is_stated = any(facts and facts <= stated for facts in readings)
        if (value.field, value.text, value.language) not in verbatim and not is_stated:
            result.invented.append((value.field, value.text))
    _compare_order(source_facts, plain, _listed(crosswalk), result)
    return result


def _compare_ready_made(mapped: Mapped) -> RoundTrip:
    """Compare the claims of RDF that was made elsewhere: each claim is a value, and each value a claim."""
    kept = [fate for fate in mapped.fates if fate.fate is not Fate.WITHHELD]
    stated = {line for fate in kept for line in fate.claims}
    result = RoundTrip(compared=len(kept), verbatim=len(kept), withheld=len(mapped.fates) - len(kept))
    result.lost = [(RDF_CLAIM, line) for line in sorted(stated - set(mapped.claims))]
    result.invented = [(RDF_CLAIM, line) for line in mapped.claims if line not in stated]
    return result


FieldRow = tuple[str, str, str | None]
"""Field, text and language tag of a value."""


def _forms(draft: Draft, index: int) -> frozenset[FieldRow]:
    """Return the rows that give a value back verbatim: with its language, or without it where the kind has none."""
    value = draft.source_values[index]
    text = draft.crosswalk.masked(value.text)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = clean_text(text)[0]
    tags: set[str | None] = {draft.tag(index, text)} if value.language else {None}
    rule = draft.crosswalk.rule_for(value.field, value.text)
    if value.language and (rule is None or rule.kind not in _LANGUAGE_COUNTS):
        tags.add(None)
    if value.language:
        try:
            tags.add(language_tag(value.language))
        except BadValueError:
            tags.add(None)
    return frozenset((value.field, text, tag) for tag in tags)


_LANGUAGE_COUNTS = frozenset({"text", "title", "keyword", "funding"})
"""Kinds whose claims have the language of the value."""


def _facts_elsewhere(record: Record, source: Draft) -> frozenset[Fact]:
    """Return what the source says, though not as values of their fields.

    The date of modification; keys of authorities, and headings that a table of the site has for keywords; the parts of a citation; a DOI that may be that of a host publication, as
    a relation; of a record without a type "other", or what DSpace calls the entity.
    """
    values = [Value("dcterms.modified", record.modified)] if record.modified else []
    values.append(Value("dc.type", "other"))
    values += [Value("dc.type", value.text) for value in record.values if value.field in ENTITY_FIELDS]
    title = title_among(source.record.values)
    for value in source.record.values:
        values += _authority_of(value, source.record.values)
        rule = source.crosswalk.rule_for(value.field, value.text)
        values += _told_by_key(value)
        values += [
            Value(f"dc.subject.{listed.scheme}", listed.label)
            for word in split_list(value.text)
            for listed in source.maps.headings.get(compared(word), ())
        ]
        if rule and rule.kind == "host" and rule.options.get("as") == "doi":
            values.append(Value("dc.relation", value.text))
        values += cited_values(value, title)
    draft = drafted(tuple(values), source.key, source.crosswalk, by_shape=False)
    return frozenset[Fact]().union(*(facts_of(draft, index) for index in range(len(values))))


def _told_by_key(value: Value) -> list[Value]:
    """Return what the authority key beside a value says: an ISSN, a heading of a scheme, an organisation among the contributors."""
    key = read_key(value.authority) if value.authority else None
    if key is None:
        return []
    if key.scheme == "issn":
        return [Value("dc.identifier.issn", key.value)]
    return [Value("dc.contributor.other", value.text), Value(f"dc.subject.{key.scheme}", value.text)]


def _authority_of(value: Value, values: Sequence[Value]) -> list[Value]:
    """Return the authority key of a name, from its column, glued to it, or linked, in the forms in which it may be stated."""
    if UUID.fullmatch(value.text.strip().lower()):
        names = [bare_name(other.text) for other in values if other.authority == value.authority and other is not value]
        return [Value("dc.identifier.authority", f"{name}={value.text.strip().lower()}") for name in names]
    name, glued = "", ""
    with suppress(BadValueError):
        name = bare_name(clean_text(value.text, paragraphs=False)[0])
        name, glued = split_orcid(name)
    tidy = name.removesuffix(".")
    found = []
    for key in filter(None, (value.authority, glued)):
        tail = key.rpartition("::")[2].rpartition("/")[2].strip()
        with suppress(BadValueError):
            tail = read_orcid(key)
        known = read_key(key)
        keys = (
            key,
            *([f"{known.scheme}-{known.value}"] if known else []),
            *(f"{scheme}-{form}" for scheme in ("orcid", "ror") for form in (tail, tail.upper(), tail.lower())),
            normalize("NFC", key),  # as an IRI has it
        )
        found += [Value("dc.identifier.authority", f"{called}={form}") for form in keys for called in {name, tidy}]
    return found


def _listed(crosswalk: Crosswalk) -> frozenset[str]:
    return frozenset(rule.property for rule in crosswalk.rules if rule.options.get("list"))


def _compare_order(
    source: Sequence[frozenset[Fact]], rebuilt: Sequence[frozenset[Fact]], listed: frozenset[str], result: RoundTrip
) -> None:
    """Compare the order of the names in the roles that have a list."""

    def names(facts: Sequence[frozenset[Fact]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, *rest in chain.from_iterable(facts):
            if kind == "agent" and rest[0] in listed and rest[2] not in found.setdefault(rest[0], []):
                found[rest[0]].append(rest[2])
        return found

    wanted, made = names(source), names(rebuilt)
    for role, order in wanted.items():
        known = [name for name in made.get(role, []) if name in order]
        present = [name for name in order if name in known]
        result.misplaced += [(role, name) for name, other in zip(present, known, strict=True) if name != other]
