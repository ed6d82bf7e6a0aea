"""Slots for values that wait: a rule names one of its kind, or none that exists."""

import pytest

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.waiting import Pages, slot_of


def rule(**options):
    return Rule("own.toml, rule 1", ("a.page",), "page", options=options)


def test_a_rule_names_its_slot_and_without_a_name_takes_the_usual_slot():
    pages = Pages()
    slots = {"start": pages.start, "end": pages.end}
    assert slot_of(rule(**{"as": "end"}), slots) is pages.end
    assert slot_of(rule(), slots, "start") is pages.start


def test_a_slot_that_the_kind_does_not_know_is_refused_with_those_that_it_knows():
    with pytest.raises(BadValueError, match=r"as = 'first', which its kind does not know; known: end, start$"):
        slot_of(rule(**{"as": "first"}), {"start": [], "end": []})
