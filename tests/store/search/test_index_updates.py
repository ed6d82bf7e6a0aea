"""The index that is brought along is the one that is built of the same claims, whatever has changed."""

import shutil
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lod.rdf.claims import claim, iri, literal
from lod.site.verify import verify_generation
from lod.store.search.build.contents import contents
from lod.store.search.build.published_claims import touched
from lod.store.search.build.schema import SEARCH
from lod.store.search.build.update import build_index, write_index
from lod.store.search.build.writer import IndexWriter
from lod.store.search.find.index import SearchIndex
from lod.store.search.values.facets import NUMBERS
from lod.store.sqlite_files import connect
from tests.helpers.claim_sets import BASE, ClaimSet, index_of

TYPE = iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ITEM = iri("https://w3id.org/lod-repository/RepositoryItem")
TITLE, PART, CREATOR = (iri(f"http://purl.org/dc/terms/{name}") for name in ("title", "isPartOf", "creator"))
NAME, SAME = iri("http://xmlns.com/foaf/0.1/name"), iri("http://schema.org/sameAs")
KEYWORD = iri("http://prismstandard.org/namespaces/basic/2.0/keyword")
JOURNAL = iri("http://purl.org/ontology/bibo/Journal")


def thing(path):
    return iri(f"{BASE}id/{path}")


def possible_claims():
    """Yield the claims that a history may add and take away: three items that share a journal, its volume and two people."""
    serial, volume, people = thing("serial/n-1"), thing("serial/n-1/v/1"), [thing("person/rp1"), thing("person/rp2")]
    yield claim(serial, TYPE, JOURNAL)
    yield from (claim(serial, TITLE, literal(text)) for text in ("Annals", "Annales"))
    yield claim(volume, TYPE, iri("http://purl.org/spar/fabio/JournalVolume"))
    yield claim(volume, PART, serial)
    for person in people:
        yield claim(person, NAME, literal(f"Roe, {person[-2]}"))
        yield claim(person, TYPE, iri("http://xmlns.com/foaf/0.1/Person"))
        yield claim(person, SAME, iri("https://orcid.org/0000-0002-1825-0097"))
    elsewhere = iri("https://elsewhere.example/work/1")
    yield claim(elsewhere, TYPE, iri("http://purl.org/spar/fabio/JournalArticle"))
    yield claim(elsewhere, TITLE, literal("Made elsewhere"))
    yield claim(elsewhere, CREATOR, people[0])
    for number in (1, 2, 3):
        item = thing(f"item/1/{number}")
        agent = iri(f"{BASE}id/item/1/{number}#agent-lu")
        yield claim(item, TYPE, ITEM)
        yield claim(item, TITLE, literal(f"Study {number} of things"))
        yield claim(item, PART, volume)
        yield claim(item, PART, thing(f"item/1/{number % 3 + 1}"))
        yield from (claim(item, CREATOR, person) for person in people)
        yield claim(item, CREATOR, agent)
        yield claim(agent, NAME, literal("Lu, L"))
        yield from (claim(item, KEYWORD, literal(text)) for text in ("heat", "Heat"))
        yield claim(iri(f"{BASE}data/item/1/{number}"), PART, thing("collection/1/9"))
    yield claim(thing("collection/1/9"), TITLE, literal("Theses"))


CLAIMS = tuple(possible_claims())
SETS = st.lists(st.sets(st.sampled_from(CLAIMS)), min_size=2, max_size=5)


@settings(max_examples=60)
@given(SETS)
def test_any_history_of_claims_gives_the_index_of_the_last_ones(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("history")
    along, fresh = folder / "along.sqlite", folder / "fresh.sqlite"
    build_index(along, ClaimSet(history[0]))
    for before, now in pairwise(history):
        connection = connect(along)
        IndexWriter(connection, ClaimSet(now)).update(touched(before ^ now, (BASE,)))
        connection.close()
    build_index(fresh, ClaimSet(history[-1]))
    assert sorted(contents(along)) == sorted(contents(fresh))
    shutil.rmtree(folder)


def test_an_entry_shows_the_name_that_another_record_gives_its_journal(tmp_path):
    renamed = [line for line in CLAIMS if "Annals" not in line]
    index = index_of(CLAIMS, tmp_path)
    assert index.search("annals").total == 3
    connection = connect(tmp_path / SEARCH)
    IndexWriter(connection, ClaimSet(renamed)).update(touched(set(CLAIMS) ^ set(renamed), (BASE,)))
    connection.close()
    index = SearchIndex.open(tmp_path / SEARCH)
    assert (index.search("annals").total, index.search("annales").total) == (0, 3)
    assert [value.label for value in index.facets(index.search())["journal"]] == ["Annales"]


def test_what_rdf_made_elsewhere_describes_is_listed_with_its_authors(tmp_path):
    index = index_of(CLAIMS, tmp_path)
    hits = index.search("elsewhere author:roe")
    assert [entry.iri for entry in index.entries(hits)] == ["https://elsewhere.example/work/1"]


def test_a_run_that_changes_nothing_and_one_that_finds_a_damaged_index(search_site, tmp_path):
    """The index of the live generation is copied; where it is damaged, or made otherwise, it is built anew."""
    live = search_site.generation.directory
    whole = sorted(contents(live / SEARCH))
    for damage in (None, b"damaged", b""):
        before, after = tmp_path / f"before-{damage}", tmp_path / f"after-{damage}"
        before.mkdir()
        after.mkdir()
        (before / SEARCH).write_bytes((live / SEARCH).read_bytes() if damage is None else damage)
        write_index(after, live / "catalog.sqlite", before, set())
        assert sorted(contents(after / SEARCH)) == whole
    digest = "0" * 64
    write_index(tmp_path, live / "catalog.sqlite", live, set(), digest)
    assert sorted(contents(tmp_path / SEARCH)) == whole


def test_verify_compares_the_index_with_the_claims(search_site, tmp_path):
    copy = tmp_path / search_site.generation.directory.name
    shutil.copytree(search_site.generation.directory, copy)
    assert list(verify_generation(copy)) == []
    connection = connect(copy / SEARCH)
    wrong = "UPDATE value SET number = number + 1 WHERE key = 'energy' AND facet = ?"
    connection.execute(wrong, (NUMBERS["keyword"],))
    connection.close()
    faults = list(verify_generation(copy))
    assert faults[0].startswith("search.sqlite has changed since it was written")
    assert "remove the file if it is there: 'lod publish' then rebuilds it" in faults[0]
    assert [fault.partition(":")[0] for fault in faults[1:]] == [
        "search.sqlite does not hold",
        "search.sqlite holds, and should not",
    ]
