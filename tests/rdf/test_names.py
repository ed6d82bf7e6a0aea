"""An IRI is written short only where a reader makes the same IRI of it."""

import re

import pytest

from lod.rdf.names import compacted, longest_first, prefixed_name

NAMESPACES = {"e": "http://e.org/", "sub": "http://e.org/sub/", "h": "http://e.org/sub#", "u": "urn:x:"}
PREFIXES = {namespace: prefix for prefix, namespace in NAMESPACES.items()}


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://e.org/title", "e:title"),
        ("http://e.org/sub/title", "sub:title"),
        ("http://e.org/sub#a.b-c", "h:a.b-c"),
        ("http://e.org/0", "e:0"),
        pytest.param("http://e.org/", "", id="no local name"),
        pytest.param("http://e.org/-a", "", id="begins with a hyphen"),
        pytest.param("http://e.org/a.", "", id="ends with a full stop"),
        pytest.param("http://e.org/a%20b", "", id="needs an escape"),
        pytest.param("http://e.org/other/a", "", id="longer than the namespace by a segment"),
        pytest.param("urn:x:y", "", id="a namespace that ends otherwise"),
    ],
)
def test_a_name_of_turtle_ends_a_namespace_at_the_last_slash_or_hash(iri, name):
    assert prefixed_name(iri, PREFIXES) == name


def test_a_format_may_allow_other_local_names():
    assert prefixed_name("http://e.org/0", PREFIXES, re.compile(r"[a-z]+")) == ""


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://e.org/title", "e:title"),
        ("http://e.org/other/a b", "e:other/a b"),
        pytest.param("http://e.org/sub/title", "sub:title", id="the longest namespace"),
        ("urn:x:y", "u:y"),
        pytest.param("http://e.org/sub/", "e:sub/", id="a namespace itself under a shorter one"),
        pytest.param("http://e.org/", "", id="no local name"),
        pytest.param("mailto:a@e.org", "", id="no namespace"),
    ],
)
def test_a_compact_iri_takes_the_longest_namespace(iri, name):
    assert compacted(iri, longest_first(NAMESPACES)) == name
