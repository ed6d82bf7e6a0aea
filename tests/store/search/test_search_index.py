"""The index of a published site: what is search_site, in which order, and with which counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.store.search.find.index import SearchIndex
from lod.store.search.find.query import FIELDS, read_query, readable
from lod.store.search.values.facets import FACETS, NAMES

PREFIXES = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX bibo: <http://purl.org/ontology/bibo/> PREFIX fabio: <http://purl.org/spar/fabio/> PREFIX schema: <http://schema.org/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/>
PREFIX rt: <https://w3id.org/lod-repository/>
"""
AGENT = "?item dcterms:creator|dcterms:contributor|bibo:editor|bibo:translator ?agent . ?agent foaf:name ?name"
KEY = 'BIND (IF(CONTAINS(STR(?agent), "#"), ?name, STR(?agent)) AS ?key)'
AS_SPARQL = {
    "type": "?item dcterms:type ?key",
    "year": "?item fabio:hasPublicationYear ?key",
    "person": f"{AGENT} FILTER NOT EXISTS {{ ?agent a foaf:Organization }} {KEY}",
    "organisation": f"{AGENT} . ?agent a foaf:Organization {KEY}",
    "journal": "?item dcterms:isPartOf+ ?key . ?key a ?class FILTER (?class IN (bibo:Journal, bibo:Periodical, bibo:Series))",
    "subject": "?item dcterms:subject ?key",
    "keyword": "?item prism:keyword ?written BIND (LCASE(STR(?written)) AS ?key)",
    "place": "?item dcterms:spatial ?key",
    "publisher": "?item dcterms:publisher ?key",
    "language": "?item dcterms:language ?key",
    "access": "?item dcterms:accessRights ?key",
    "licence": "?item dcterms:license ?key",
    "collection": "?record foaf:primaryTopic ?item ; dcterms:isPartOf ?key",
    "funder": "?item schema:funding/schema:funder ?key",
    "has": '{ ?item bibo:doi ?x BIND ("doi" AS ?key) } UNION { ?item dcterms:abstract ?x BIND ("abstract" AS ?key) }',
}


def titles(index, text="", sort="", **filters):
    hits = index.search(text, filters, sort)
    entries = index.entries(hits)
    assert len(entries) == hits.total
    return [entry.title.split(" ")[0] for entry in entries]


def sparql_counts(search_site, facet, narrowed="", **filters):
    where = f"?item a rt:RepositoryItem . {narrowed} {AS_SPARQL[facet]}"
    query = f"{PREFIXES} SELECT ?key (COUNT(DISTINCT ?item) AS ?n) {{ {where} }} GROUP BY ?key"
    return {row["key"].value: int(row["n"].value) for row in search_site.query(query)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", ["Eland", "Élan", "香港大學學報的紅斑狼瘡", "Süßstoff", "Heat", "Zebra"], id="nothing typed: all, newest first"),
        pytest.param("sussstoff", ["Süßstoff"], id="sharp s"),
        pytest.param("LODZ", ["Süßstoff"], id="Polish l"),
        pytest.param("dang orsted", ["Süßstoff"], id="words of several names"),
        pytest.param("oeuvre", ["Süßstoff"], id="ligature, in the abstract"),
        pytest.param("大學", ["香港大學學報的紅斑狼瘡"], id="inside a run of ideographs"),
        pytest.param("紅斑狼瘡", ["香港大學學報的紅斑狼瘡"], id="at its end"),
        pytest.param("瘡", ["香港大學學報的紅斑狼瘡"], id="one ideograph"),
        pytest.param("논문", ["Heat"], id="hangul, in the name of a journal"),
        pytest.param("狼紅", [], id="pairs that do not follow each other"),
        pytest.param("lupus", ["香港大學學報的紅斑狼瘡"], id="label of a subject"),
        pytest.param("heat pump*", ["Heat"], id="prefix"),
        pytest.param("pump", [], id="no stemming"),
        pytest.param('"heat and more"', ["Heat"], id="phrase"),
        pytest.param('"heat more"', [], id="no phrase"),
        pytest.param("heat", ["Heat", "Élan", "Eland"], id="the title weighs most, then the subject"),
        pytest.param("heat -pumps", ["Élan", "Eland"], id="without a word"),
        pytest.param("-heat", ["香港大學學報的紅斑狼瘡", "Süßstoff", "Zebra"], id="only without"),
        pytest.param("pumps OR zebra", ["Heat", "Zebra"], id="either"),
        pytest.param("author:lu", ["Élan", "Eland"], id="field"),
        pytest.param("title:lu", [], id="another field"),
        pytest.param('author:"Roe, A"', ["Zebra", "Eland"], id="field with a phrase"),
        pytest.param("journal:annals year:2010..", ["香港大學學報的紅斑狼瘡"], id="years from"),
        pytest.param("year:..2008", ["Süßstoff", "Heat"], id="years to"),
        pytest.param("year:2010", ["Élan", "香港大學學報的紅斑狼瘡"], id="one year"),
        pytest.param("language:german", ["Süßstoff"], id="label of a code"),
        pytest.param("-language:english heat", ["Heat"], id="without a value"),
        pytest.param("http://example.org/nothing", [], id="no field, though a colon"),
        pytest.param("***", [], id="no word at all"),
    ],
)  # fmt: skip
def test_a_query_finds(search_site, text, expected):
    hits = titles(search_site.index, text)
    assert (hits if "heat" in text.lower() or not text else sorted(hits)) == (
        expected if "heat" in text.lower() or not text else sorted(expected)
    )


@pytest.mark.parametrize(
    "text",
    [
        "10.5555/abc.1",
        "https://doi.org/10.5555/ABC.1",
        "doi:10.5555/abc.1",
        "hdl:10722/1",
        "http://hdl.handle.net/10722/1",
        "handle:10722/1",
    ],
)
def test_an_identifier_of_an_item_in_any_spelling_finds_it_first(search_site, text):
    assert titles(search_site.index, text)[0] == "Süßstoff"


@pytest.mark.parametrize("text", ["0003-4967", "00034967", "ISSN 0003-4967", "issn:0003-4967"])
def test_an_issn_finds_the_journal_and_its_articles(search_site, text):
    hits = search_site.index.search(text)
    assert sorted(titles(search_site.index, text)) == ["Süßstoff", "香港大學學報的紅斑狼瘡"]
    assert [thing.name for thing in hits.things] == ["Annals of Things"]


def test_sorted_by_title_e_with_an_accent_stands_with_e(search_site):
    assert titles(search_site.index, sort="title") == [
        "Élan",
        "Eland",
        "Heat",
        "Süßstoff",
        "Zebra",
        "香港大學學報的紅斑狼瘡",
    ]


def test_sorted_by_cited_place_volume_9_stands_before_volume_10_and_items_without_one_last(search_site):
    assert titles(search_site.index, sort="place") == [
        "Süßstoff",
        "香港大學學報的紅斑狼瘡",
        "Heat",
        "Élan",
        "Eland",
        "Zebra",
    ]


@pytest.mark.parametrize("facet", NAMES)
def test_counts_are_those_of_sparql(search_site, facet):
    index = search_site.index
    values = index.facets(index.search(), [facet], limit=1_000).get(facet, [])
    assert {value.key: value.number for value in values} == sparql_counts(search_site, facet)


@pytest.mark.parametrize("facet", NAMES)
def test_counts_of_hits_are_those_of_sparql_by_either_way_of_counting(search_site, facet, monkeypatch):
    narrowed = "?item dcterms:type <http://purl.org/coar/resource_type/c_6501> . "
    for most in (1_500, 0):
        monkeypatch.setattr("lod.store.search.find.counting.FEW_ENTRIES", most)
        hits = search_site.index.search("", {"type": ["c_6501"]})
        values = search_site.index.facets(hits, [facet], limit=1_000).get(facet, [])
        assert {value.key: value.number for value in values} == sparql_counts(search_site, facet, narrowed)


def test_the_few_values_that_are_listed_are_the_most_frequent_by_either_way_of_counting(search_site, monkeypatch):
    for most in (1_500, 0):
        monkeypatch.setattr("lod.store.search.find.counting.FEW_ENTRIES", most)
        hits = search_site.index.search("", {"year": ["2008..2015"]})
        facets = search_site.index.facets(hits, ["keyword", "language"], limit=1)
        assert [(value.label, value.number) for value in facets["keyword"]] == [("energy", 2)]
        assert [(value.label, value.number) for value in facets["language"]] == [("English", 2)]


def test_each_value_of_a_facet_is_a_filter_with_its_count(search_site):
    index = search_site.index
    everything = index.facets(index.search(), limit=1_000)
    assert set(everything) > {
        "type",
        "year",
        "person",
        "journal",
        "subject",
        "keyword",
        "publisher",
        "language",
        "funder",
        "has",
    }
    for facet, values in everything.items():
        for value in values:
            param = index.param(facet, value.key)
            assert index.search("", {facet: [param]}).total == value.number, (facet, param)
            assert index.value(facet, param) == value


def test_filters_narrow_each_other(search_site):
    assert titles(search_site.index, keyword=["energy"], year=["2015"]) == ["Eland"]
    assert titles(search_site.index, "heat", keyword=["energy"], person=["Lu, L"]) == ["Élan", "Eland"]
    assert titles(search_site.index, keyword=["energy", "heat"]) == ["Élan"]
    assert titles(search_site.index, keyword=["no such"]) == []


def test_keywords_that_differ_in_case_are_one_value_shown_as_most_write_it(search_site):
    index = search_site.index
    values = [value for value in index.facets(index.search(), ["keyword"])["keyword"] if value.key == "energy"]
    assert [(value.label, value.number) for value in values] == [("energy", 3)]
    found = {tuple(titles(index, keyword=[typed])) for typed in ("energy", "Energy", "ENERGY")}
    assert len(found) == 1
    assert len(found.pop()) == 3
    assert [value.label for value in index.browse("keyword", contains="energy").values] == ["energy"]


def test_people_known_by_name_only_are_not_merged_and_counted_by_name(search_site):
    values = search_site.index.facets(search_site.index.search(), ["person"])["person"]
    assert [(value.label, value.number, value.is_thing) for value in values[:2]] == [
        ("Lu, L", 2, False),
        ("Roe, A", 2, False),
    ]


def test_years_are_a_histogram(search_site):
    years = search_site.index.years(search_site.index.search("heat OR 大學"))
    assert [(year.year, year.number) for year in years] == [(1999, 1), (2010, 2), (2015, 1)]


def test_an_entry_has_what_lists_show(search_site):
    entry = search_site.index.entries(search_site.index.search("sussstoff"))[0]
    assert entry.iri == "https://example.org/id/item/10722/1"
    assert [name for name, _, _ in entry.shown["authors"]] == ["Đặng, Văn", "Ørsted, H. C."]
    assert [name for name, _ in entry.shown["in"]] == ["Annals of Things", "Volume 9"]
    assert (entry.shown["issued"], entry.shown["doi"]) == ("2008-05", "10.5555/abc.1")


def test_an_entry_is_found_by_its_iri_and_by_its_identifier(search_site):
    assert search_site.index.entry("https://example.org/id/item/10722/3").title == "Élan and energy"
    assert search_site.index.entry("https://example.org/id/serial/0003-4967") is None
    found = [search_site.index.entry(iri) for iri in search_site.index.iris_by_identifier("doi:10.5555/HEAT")]
    assert [entry.title for entry in found] == ["Heat pumps, heat and more heat"]


def test_a_misspelt_word_is_answered_with_words_of_the_site(search_site):
    index = search_site.index
    assert index.suggested_query(index.search("enrgy -heat")) == "energy -heat"
    assert index.suggested_query(index.search("title:anals OR keyword:energi")) == "title:annals OR keyword:energy"
    assert index.suggested_query(index.search("author:xyzzyx")) == ""


def test_what_is_typed_is_completed_by_the_most_frequent_names(search_site):
    assert [(one.label, one.facet, one.number) for one in search_site.index.suggest("En")] == [
        ("energy", "keyword", 3),
    ]
    assert [one.label for one in search_site.index.suggest("things")] == ["Annals of Things"]
    assert search_site.index.suggest("e") == []
    assert search_site.index.suggest('"*') == []


def test_things_are_found_by_a_name_that_is_nearly_theirs(search_site):
    def found(name, kind):
        return [thing.name for thing in search_site.index.candidates.things(name, [kind], is_exact=False)]

    assert found("Annals of the Things", "journal") == ["Annals of Things"]
    assert found("Annals of Things", "person") == []
    assert len(found("lupus", "concept")) == 1
    assert found("", "journal") == []


def test_things_are_found_by_identifier_and_iri(search_site):
    things = [search_site.index.thing(iri) for iri in search_site.index.iris_by_identifier("issn 0003-4967")]
    assert [(thing.kind, thing.name) for thing in things] == [("journal", "Annals of Things")]
    assert search_site.index.number_of_items(things[0].iri) == 2


def test_a_list_from_a_to_z_has_counts_letters_and_a_filter(search_site):
    listing = search_site.index.browse("person")
    assert [value.label for value in listing.values] == ["Đặng, Văn", "Lu, L", "Ørsted, H. C.", "Roe, A", "陳, 大文"]
    assert listing.letters == {"D": 1, "L": 1, "O": 1, "R": 1, "#": 1}
    assert [value.label for value in search_site.index.browse("person", letter="O").values] == ["Ørsted, H. C."]
    assert [value.label for value in search_site.index.browse("person", letter="#").values] == ["陳, 大文"]
    assert search_site.index.browse("person", letter="Q").total == 0
    assert [value.label for value in search_site.index.browse("person", contains="dang").values] == ["Đặng, Văn"]
    assert [value.label for value in search_site.index.browse("person", order="count", size=2).values] == [
        "Lu, L",
        "Roe, A",
    ]
    assert [value.label for value in search_site.index.browse("person", page=2, size=2).values] == [
        "Ørsted, H. C.",
        "Roe, A",
    ]
    assert search_site.index.number_of_values("person") == 5


def test_pages_and_an_export_have_each_hit_once_in_the_same_order(search_site):
    index = search_site.index
    for text, sort in (("heat", ""), ("", "title"), ("10.5555/abc.1 OR heat", "")):
        hits = index.search(text, sort=sort)
        everything = [entry.iri for entry in index.all_entries(hits)]
        assert len(set(everything)) == len(everything) == hits.total
        assert [entry.iri for page in range(1, 9) for entry in index.entries(hits, page, 1)] == everything


def test_more_hits_than_are_ranked_are_listed_newest_first(search_site, monkeypatch):
    monkeypatch.setattr("lod.store.search.find.index.MOST_RANKED", 2)
    hits = search_site.index.search("heat")
    assert (hits.is_ranked, hits.sort) == (False, "newest")
    assert [entry.title.split(" ")[0] for entry in search_site.index.entries(hits)] == ["Eland", "Élan", "Heat"]


ODD = st.text(st.sampled_from("\"*^:(){}[]-+,.;'\\ \x00\ud800漢字かな한글abAND OR NOT NEAR \n"), max_size=40)


@settings(max_examples=400)
@given(
    st.one_of(st.text(max_size=60), ODD, st.builds("{}:{}".format, st.sampled_from([*FIELDS, *NAMES, "doi", "x"]), ODD))
)
def test_no_text_breaks_the_search(search_site, text):
    hits = search_site.index.search(text, {"keyword": [text], "year": [text]} if len(text) % 3 == 0 else {})
    assert hits.total == len(list(search_site.index.all_entries(hits)))
    search_site.index.suggest(text)
    search_site.index.candidates.things(readable(text), ["person", "journal"], is_exact=len(text) % 2 == 0)
    search_site.index.suggested_query(hits)
    search_site.index.browse("keyword", contains=text, letter=text[:1])


def test_a_long_query_is_cut_and_says_so():
    assert read_query("a " * 1_000).is_cut
    assert not read_query("a " * 20).is_cut
    assert len(read_query("x" * 100_000).match()) < 200


def test_every_facet_says_what_it_stands_for():
    assert [facet.name for facet in FACETS if not (facet.label and facet.stands_for)] == []
    assert set(AS_SPARQL) == set(NAMES)


def test_a_file_that_is_missing_or_of_another_version_is_no_index(search_site, tmp_path):
    assert SearchIndex.open(tmp_path / "search.sqlite") is None
