"""Whose claim is it."""

from __future__ import annotations

import pytest

from lod.mapping.mapped import Mapped
from lod.store.catalog.ownership import Owner, base_of, folded_name, owning_item
from tests.helpers.synthetic import BASE, mapped_of

TAIL = '<http://a.example/p> "x" .'


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        pytest.param("id/item/10722/1", True, id="the item"),
        pytest.param("id/item/10722/1#agent-lu%2C_l", True, id="a part of it"),
        pytest.param("data/item/10722/1", True, id="its document"),
        pytest.param("data/item/10722/1#mapping", True, id="a part of its document"),
        pytest.param(".well-known/genid/item/10722/1/authorList/3", True, id="a cell of its list"),
        pytest.param("id/item/10722/12", False, id="an item whose key begins alike"),
        pytest.param("id/item/10722/1/2", False, id="an item below it"),
        pytest.param(".well-known/genid/item/10722/1/2/authorList/3", False, id="a cell of the item below it"),
        pytest.param(".well-known/genid/item/10722/1/x", False, id="a cell of no list"),
        pytest.param("id/person/rp1", False, id="a person"),
        pytest.param("id/serial/0003-4967#title", False, id="a part of a serial"),
    ],
)
def test_a_record_owns_what_is_about_its_item_and_document(subject, own):
    claim = f"<{BASE}{subject}> {TAIL}"
    assert Owner.of(BASE, "10722/1").owns(claim) is own
    if own:
        assert owning_item(claim, BASE) == f"{BASE}id/item/10722/1"
    else:
        assert owning_item(claim, BASE) != f"{BASE}id/item/10722/1"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        pytest.param("10722/ABC.Def", "10722/abc.def", id="handle"),
        pytest.param("10722/A%2FB", "10722/a%2fb", id="handle with percent signs"),
        pytest.param("oai/example.org/ABC", "oai/example.org/ABC", id="OAI identifiers tell case"),
        pytest.param("2010/Climate.csv, row 14", "2010/Climate.csv, row 14", id="a place is no handle"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_handles_that_differ_in_case_are_one(name, folded):
    assert folded_name(name) == folded


def test_an_item_whose_iri_does_not_end_with_its_key_is_a_fault():
    mapped = Mapped("10722/1", f"{BASE}id/item/10722/2", f"{BASE}data/item/10722/1", "", (), (), ())
    with pytest.raises(ValueError, match=r"10722/1: item <.*10722/2> and document <.*10722/1> are not of the forms"):
        base_of(mapped)


def test_the_base_is_read_from_the_item():
    assert base_of(mapped_of("10722/1", [])) == BASE
