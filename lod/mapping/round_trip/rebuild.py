"""The field table of a record, rebuilt from its published claims alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lod.errors import BadValueError
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.round_trip.normal_forms import Fact, drafted, facts_of
from lod.mapping.round_trip.published import Published, Read
from lod.mapping.round_trip.read_back import READERS
from lod.mapping.values.citations import CITATION_FIELDS, TITLE_FIELDS
from lod.rdf.claims import Triple, iri_text
from lod.record import Value


def rebuild_values(triples: Iterable[Triple], crosswalk: Crosswalk) -> tuple[Value, ...]:
    """Return the values of the record that the triples were published of, by field.

    The triples are those of the item and of its record document, encoded as in `lod.rdf.claims`. The crosswalk says
    what field a property was made of. docs/round-trip.md says what comes back, and how.

    Raises:
        BadValueError: the triples are not those of exactly one record.
    """
    published = Published(triples, crosswalk)
    if not published.item:
        raise BadValueError("the triples hold no record document (rt:Record), or several; give those of one item")
    copies = published.copies()
    candidates = [
        Value(name, read.text, read.language)
        for kind, reader in READERS.items()
        for rule in crosswalk.rules
        if rule.kind == kind and rule.keep != "always"
        for read in reader(published, rule)
        if (name := _field_of(rule, read, crosswalk))
    ]
    key = _key_of(published, crosswalk)
    rows = [*copies, *candidates]
    # The meaning of a copy of an unqualified field is read from its shape, and from the title and citation beside it.
    beside = [value for value in candidates if value.field in _BESIDE]
    by_shape = drafted((*copies, *beside), key, crosswalk)
    plain = drafted(tuple(rows), key, crosswalk, by_shape=False)
    facts = [
        facts_of(plain, index) | (facts_of(by_shape, index) if index < len(copies) else frozenset())
        for index in range(len(rows))
    ]
    found = _joined(rows, facts, len(copies))
    return tuple(sorted(found, key=lambda value: _family(value, crosswalk)))


_BESIDE = TITLE_FIELDS | CITATION_FIELDS


def _family(value: Value, crosswalk: Crosswalk) -> str:
    """Return the first of the twin fields of a value's field: authors keep their order across twins."""
    rule = crosswalk.rule_for(value.field, value.text)
    return rule.fields[0] if rule else value.field


def _joined(rows: Sequence[Value], facts: Sequence[frozenset[Fact]], copies: int) -> list[Value]:
    """Return the copies, and the other values that say more; in a list a copy takes the place of what was read from it."""
    found: list[Value] = []
    waiting = list(range(copies))
    known = frozenset[Fact]().union(*facts[:copies])
    for index in range(copies, len(rows)):
        said = facts[index]
        same = [number for number in waiting if said and said <= facts[number]]
        if same:
            found += [rows[number] for number in same]
            waiting = [number for number in waiting if number not in same]
        elif not said <= known or (not said and rows[index] not in rows[:index]):
            found.append(rows[index])
        known |= said
    found += [rows[number] for number in waiting]
    return found


def _field_of(rule: Rule, read: Read, crosswalk: Crosswalk) -> str:
    """Return the first of the rule's fields whose values of this text the rule takes, "" for none."""
    names = (name.replace("*", read.star) for name in rule.fields)
    return next((name for name in names if crosswalk.rule_for(name, read.text) is rule), "")


def _key_of(published: Published, crosswalk: Crosswalk) -> str:
    return iri_text(published.item).removeprefix(f"{crosswalk.settings.base_iri}id/item/")
