"""Containers: what a resource is part of, level by level."""

from lod.web.reading.containers import container_levels

PARTS = {
    "<issue>": ["<volume>", "<supplement>", '"a text"'],
    "<volume>": ["<journal>"],
    "<supplement>": ["<journal>", "<series>"],
    "<journal>": ["<issue>", "<publisher>"],
    "<publisher>": ["<group>"],
}


def parents(term):
    return PARTS.get(term, [])


def test_the_nearest_containers_come_first_and_each_once():
    levels = list(container_levels("<issue>", parents, {"<issue>"}))
    assert levels == [["<volume>", "<supplement>"], ["<journal>", "<series>"], ["<publisher>"], ["<group>"]]


def test_containers_that_have_been_seen_are_left_out_with_what_they_are_part_of():
    seen = {"<issue>", "<volume>", "<supplement>"}
    assert list(container_levels("<issue>", parents, seen)) == []
    seen = {"<issue>", "<supplement>"}
    assert list(container_levels("<issue>", parents, seen, 2)) == [["<volume>"], ["<journal>"]]
    assert seen == {"<issue>", "<supplement>", "<volume>", "<journal>"}
