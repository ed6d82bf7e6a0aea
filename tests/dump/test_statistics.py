"""Figures are those that one counts over the claims, and can be taken off again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.dump.statistics import TARGETS, Statistics, target_of
from lod.dump.syntaxes import by_subject
from lod.rdf.claims import RDF_TYPE, claim, literal

SPACE = "https://e.org/id/"
POOL = [
    claim(f"<https://e.org/{part}/{number}>", predicate, object_)
    for part in ("id", "data")
    for number in range(4)
    for predicate, object_ in (
        (RDF_TYPE, "<https://e.org/C>"),
        (RDF_TYPE, "<http://purl.org/coar/resource_type/c_1>"),
        ("<https://e.org/p>", literal("x")),
        ("<https://e.org/p>", literal("y")),
        ("<https://e.org/q>", "<https://doi.org/10.1/x>"),
        ("<https://e.org/q>", "<https://orcid.org/0000-0002-1825-0097>"),
    )
]
SETS = st.sets(st.sampled_from(POOL))


def counted(lines):
    statistics = Statistics(SPACE)
    statistics.add(by_subject(sorted(lines)))
    return statistics.to_dict()


@given(SETS)
def test_figures_are_those_of_a_plain_count(lines):
    found = counted(lines)
    triples = [line.split(" ", 2) for line in lines]
    assert found["triples"] == len(lines)
    assert found["subjects"] == len({subject for subject, _, _ in triples})
    assert found["entities"] == len({subject for subject, _, _ in triples if subject.startswith(f"<{SPACE}")})
    for predicate, number in found["properties"].items():
        assert number == sum(1 for _, found_, _ in triples if found_ == predicate)
        assert found["property_subjects"][predicate] == len({subject for subject, p, _ in triples if p == predicate})
    assert sum(found["properties"].values()) == len(lines)
    for class_, number in found["classes"].items():
        assert number == sum(1 for _, p, o in triples if p == RDF_TYPE and o == f"{class_} .")
    links = {(key, predicate): number for key, predicate, number in found["links"]}
    assert sum(links.values()) == sum(1 for line in lines if "doi.org" in line or "orcid.org" in line)


@given(SETS, SETS)
def test_what_is_taken_off_leaves_no_trace(kept, gone):
    gone = {line for line in gone if line.split(" ")[0] not in {other.split(" ")[0] for other in kept}}
    statistics = Statistics(SPACE)
    statistics.add(by_subject(sorted(kept | gone)))
    statistics.add(by_subject(sorted(gone)), -1)
    assert statistics.to_dict() == counted(kept)
    assert Statistics.from_dict(statistics.to_dict()).to_dict() == statistics.to_dict()


@pytest.mark.parametrize(
    ("iri", "key"),
    [
        ("https://doi.org/10.5555/abc", "doi"),
        ("http://dx.doi.org/10.5555/abc", "doi"),
        ("https://doi.org/10.13039/501100000780", "funder"),
        ("http://hdl.handle.net/10722/1", "handle"),
        ("https://orcid.org/0000-0002-1825-0097", "orcid"),
        ("https://ror.org/02mhbdp94", "ror"),
        ("http://id.nlm.nih.gov/mesh/D008180", "mesh"),
        ("http://id.loc.gov/vocabulary/iso639-2/eng", "loc"),
        ("http://purl.org/coar/access_right/c_abf2", "coar"),
        ("https://pubmed.ncbi.nlm.nih.gov/20498205", "pubmed"),
        pytest.param("https://doi.org.example.org/10.5555/abc", None, id="another host"),
        pytest.param("https://e.org/", None, id="unknown"),
        pytest.param("mailto:a@e.org", None, id="no address"),
        pytest.param("urn:x", None, id="short"),
    ],
)
def test_a_link_is_counted_to_where_it_leads(iri, key):
    found = target_of(f"<{iri}>")
    assert (found.key if found else None) == key


def test_places_elsewhere_have_keys_of_their_own():
    assert len({target.key for target in TARGETS}) == len(TARGETS) > 10
