"""Reader: a document from the claims that the catalog has packed is the one that the store gives, by a few look-ups."""

import pytest

from lod.rdf.claims import claim, iri, literal
from lod.settings.table import make_settings
from lod.store.base import OnlyInStore
from lod.store.generation.generations import Site
from lod.web.http.addresses import Addresses
from lod.web.reading import terms
from lod.web.reading.reader import Reader
from tests.helpers.synthetic import BASE, CREATOR, item_of, own_claims, person_claims, publish_into

PART_OF = terms.IS_PART_OF
JOURNAL = f"{BASE}id/serial/j"
LINKED = 150
"""More names than one query asks for."""


class CatalogWithoutClaims(OnlyInStore):
    """A catalog as that of another store is: the claims of items are not known to it."""

    def __init__(self, catalog):
        self._catalog = catalog

    def __getattr__(self, name):
        return getattr(self._catalog, name)


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("reader"))
    first, numbers = iri(item_of("1/1")), range(LINKED)
    journal = [
        claim(iri(JOURNAL), terms.TITLE, literal("Journal", language="en-HK")),
        claim(iri(JOURNAL), terms.ISSN, literal("1234-5679")),
        claim(iri(JOURNAL), iri("http://example.org/other"), literal("no part of an item's document")),
    ]
    with site.build() as builder:
        builder.catalog.begin_run()
        publish_into(
            builder.catalog,
            "1/1",
            [
                *own_claims("1/1", 'A "title" with\\escapes', "Zweiter"),
                *(claim(first, CREATOR, iri(f"{BASE}id/person/rp{number}")) for number in numbers),
                claim(
                    first, iri("http://purl.org/ontology/bibo/authorList"),
                    iri(f"{BASE}.well-known/genid/item/1/1/authorList/1"),
                ),
                claim(first, iri("http://purl.org/dc/terms/hasPart"), iri(f"{item_of('1/1')}#agent-lu")),
                claim(first, terms.IS_PRIMARY_TOPIC_OF, iri(f"{BASE}data/item/1/1")),
                claim(first, iri("http://purl.org/dc/terms/relation"), iri(item_of("1/2"))),
                claim(first, PART_OF, iri(JOURNAL)),
                *journal,
                *person_claims(*numbers),
            ],
        )  # fmt: skip
        publish_into(builder.catalog, "1/2")
        publish_into(builder.catalog, "1/1.ttl")
        # A record may state something about the item of another one, and about what both share.
        publish_into(
            builder.catalog,
            "1/3",
            [
                *own_claims("1/3"),
                claim(first, iri("http://purl.org/spar/cito/isCitedBy"), iri(item_of("1/3"))),
                claim(iri(f"{item_of('1/1')}#agent-lu"), terms.LABEL, literal("Lu")),
                claim(iri(JOURNAL), terms.LABEL, literal("J.")),
            ],
        )
        builder.finish({}, {})
    return site.live()


@pytest.fixture
def readers(generation):
    """A reader with the catalog of the generation, and one that has all from the store."""
    addresses = Addresses(make_settings({"base_iri": BASE}, {}))
    packed, plain = Reader(generation, addresses), Reader(generation, addresses)
    plain.catalog = CatalogWithoutClaims(plain.catalog)
    return packed, plain


@pytest.mark.parametrize("key", ["1/1", "1/2", "1/3", "1/1.ttl"])
def test_the_document_of_an_item_is_the_same_from_the_catalog_and_from_the_store(readers, key):
    packed, plain = (reader.document(item_of(key)) for reader in readers)
    assert sorted(packed.triples) == sorted(plain.triples)
    assert (packed.pointing, packed.counts) == (plain.pointing, plain.counts)


def test_the_document_has_what_others_state_and_the_names_of_what_it_links_to(readers):
    document = readers[0].document(item_of("1/1"))
    assert document.objects(iri(item_of("1/1")), iri("http://purl.org/spar/cito/isCitedBy"))
    assert document.objects(iri(f"{item_of('1/1')}#agent-lu"), terms.LABEL) == ['"Lu"']
    assert document.objects(iri(JOURNAL), terms.TITLE) == ['"Journal"@en-HK']
    assert document.objects(iri(JOURNAL), terms.ISSN) == ['"1234-5679"']
    assert "http://example.org/other" not in str(document.triples)
    names = {document.name_of(iri(f"{BASE}id/person/rp{number}")) for number in range(LINKED)}
    assert names == {(f"Person {number}", None) for number in range(LINKED)}


@pytest.mark.parametrize("key", ["1/1", "1/2"])
def test_names_that_end_like_a_format_are_known_either_way(readers, key):
    packed, plain = (reader.taken_endings(item_of(key), ("ttl", "nt")) for reader in readers)
    assert packed == plain == (frozenset({"ttl"}) if key == "1/1" else frozenset())


def test_an_item_is_read_without_scanning_the_store(readers, monkeypatch):
    reader, asked = readers[0], []
    for name in ("triples_of", "objects", "exists"):
        found = getattr(reader.store, name)
        monkeypatch.setattr(
            reader.store, name, lambda *given, name=name, found=found: asked.append((name, *given)) or found(*given)
        )
    reader.document(item_of("1/1"))
    # The names of other items stand with these items.
    assert {given[1] for given in asked} == {item_of("1/2"), item_of("1/3")}


def test_names_are_read_once(readers, monkeypatch):
    reader = readers[0]
    assert reader.labels(JOURNAL) == (
        (iri(JOURNAL), terms.TITLE, '"Journal"@en-HK'),
        (iri(JOURNAL), terms.LABEL, '"J."'),
    )
    monkeypatch.setattr(reader.catalog, "shared_claims", None)
    assert len(reader.labels(JOURNAL)) == 2
