"""The project's own vocabulary: the Turtle that is published, the table that the crosswalk reads, and the value maps agree."""

import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from lod import bundled
from lod.rdf.vocabulary import load_vocabulary, read_table

NAMESPACE = "https://data.example.org/vocab/"
BASE = rdflib.Namespace(NAMESPACE)
COLUMNS = ("from", "code", "label", "coar", "match")


@pytest.fixture(scope="module")
def graph():
    return rdflib.Graph().parse(bundled.VOCAB / "local.ttl", format="turtle", publicID=NAMESPACE)


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(NAMESPACE)


@pytest.fixture(scope="module")
def listed(vocabulary):
    rows = read_table(bundled.VOCAB / "terms" / "local.csv", ("term", "kind", "label"))
    return {vocabulary.expand(row["term"]): (row["kind"], row["label"]) for row in rows}


def kind_in(graph, term):
    types = set(graph.objects(term, RDF.type))
    return "class" if RDFS.Class in types else "property" if RDF.Property in types else "individual"


def described(graph):
    return {str(term) for term in graph.subjects(RDFS.isDefinedBy, rdflib.URIRef(NAMESPACE))}


def test_turtle_and_table_list_the_same_terms(graph, listed):
    assert len(listed) >= 30
    assert described(graph) == set(listed)


def test_turtle_and_table_agree_on_kind_and_label(graph, listed):
    for iri, (kind, label) in listed.items():
        term = rdflib.URIRef(iri)
        assert kind_in(graph, term) == kind, iri
        assert graph.value(term, RDFS.label) == rdflib.Literal(label, lang="en"), iri


def test_every_subject_is_a_term_or_the_document_itself(graph):
    assert {str(subject) for subject in graph.subjects()} == described(graph) | {NAMESPACE}


def test_every_term_has_one_english_label_and_one_comment(graph):
    for iri in described(graph):
        for property_ in (RDFS.label, RDFS.comment):
            texts = list(graph.objects(rdflib.URIRef(iri), property_))
            assert [text.language for text in texts] == ["en"], (iri, property_)
            assert str(texts[0]).strip()


def test_the_document_describes_itself_and_imports_nothing(graph):
    document = rdflib.URIRef(NAMESPACE)
    assert (document, RDF.type, OWL.Ontology) in graph
    assert graph.value(document, DCTERMS.title) is not None
    assert graph.value(document, DCTERMS.description) is not None
    prefix = rdflib.URIRef("http://purl.org/vocab/vann/preferredNamespacePrefix")
    assert graph.value(document, prefix) == rdflib.Literal("rt")
    assert list(graph.objects(predicate=OWL.imports)) == []


def test_all_its_terms_move_with_the_namespace(graph):
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    assert all(str(subject).startswith(NAMESPACE) for subject in graph.subjects())
    text = (bundled.VOCAB / "local.ttl").read_text(encoding="utf-8")
    assert "@base" not in text
    assert "example.org" not in text


def test_items_are_expressions_and_records_are_documents(graph):
    above = lambda name: {str(term) for term in graph.objects(BASE[name], RDFS.subClassOf)}  # noqa: E731
    assert above("RepositoryItem") == {"http://purl.org/spar/fabio/Expression"}
    assert above("Record") == {"http://xmlns.com/foaf/0.1/Document", "http://www.w3.org/ns/prov#Entity"}


def test_what_it_says_of_the_terms_of_others_is_in_the_table_of_known_terms(graph, vocabulary):
    known = set(vocabulary.terms)
    outside = {
        str(term)
        for predicate in (RDF.type, RDFS.subClassOf, RDFS.range)
        for term in graph.objects(predicate=predicate)
        if not str(term).startswith((str(OWL), str(RDF), str(RDFS), "http://www.w3.org/2001/XMLSchema#", NAMESPACE))
    }
    assert len(outside) >= 6
    assert sorted(outside - known) == ["http://purl.org/dc/terms/Standard"] or outside <= known


def test_the_natures_of_the_full_text_are_those_of_the_value_map(graph):
    rows = read_table(bundled.VOCAB / "maps" / "fulltext_nature.csv", COLUMNS)
    wanted = {(row["code"], row["label"], row["match"], row["coar"]) for row in rows}
    assert len(wanted) >= 10
    scheme = BASE["fulltext-nature"]
    found = set()
    for concept in graph.subjects(SKOS.inScheme, scheme):
        code, label = graph.value(concept, SKOS.notation), graph.value(concept, SKOS.prefLabel)
        assert str(concept) == f"{NAMESPACE}fulltext-nature/{code}"
        for match in ("exactMatch", "closeMatch"):
            found |= {(str(code), str(label), match, str(coar)) for coar in graph.objects(concept, SKOS[match])}
    assert found == wanted


def test_the_crosswalk_s_identifier_schemes_are_described(listed, vocabulary):
    names = [
        "citeulike",
        "govdoc",
        "gnd",
        "hku-rp",
        "hkuros",
        "ismn",
        "lccn",
        "lcnaf",
        "patent",
        "patent-application",
        "scopus-eid",
        "wos-ut",
    ]
    names += ["ciencia-id", "google-scholar", "lei", "ringgold", "scopus-author"]
    schemes = {iri for iri in listed if iri.startswith(vocabulary.prefixes["ids"])}
    assert schemes == {vocabulary.expand(f"ids:{name}") for name in names}
