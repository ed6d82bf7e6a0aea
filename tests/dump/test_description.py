"""The description of the dataset is VoID and DCAT-AP: figures are counted, words come from the settings."""

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, VOID, Namespace

from lod.dump.manifest import DumpFile, Manifest
from lod.dump.statistics import Statistics
from lod.dump.syntaxes import Block
from lod.dump.void_and_dcat import describe_dataset, describe_dumps
from lod.errors import ConfigError
from lod.rdf.claims import RDF_TYPE, claim, to_graph
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import make_settings
from tests.helpers.paths import FIXTURES

BASE = "https://e.org/"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DATASET = rdflib.URIRef(f"{BASE}id/dataset")
FULL = {
    "base_iri": BASE,
    "title": "Theses",
    "description": "Theses of a school.",
    "publisher": "A School",
    "publisher_iri": "https://ror.org/02mhbdp94",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "language": "zh-Hant",
    "keywords": "theses, open access ,",
    "themes": "http://publications.europa.eu/resource/authority/data-theme/EDUC",
    "contact_email": "data@e.org",
    "contact_url": "https://e.org/contact",
}
ITEM = "<https://e.org/id/item/1/1>"
LINES = sorted(
    [
        claim(ITEM, RDF_TYPE, "<https://w3id.org/lod-repository/RepositoryItem>"),
        claim(ITEM, RDF_TYPE, "<http://purl.org/ontology/bibo/Thesis>"),
        claim(ITEM, "<http://purl.org/dc/terms/title>", '"A"'),
        claim(ITEM, "<http://schema.org/sameAs>", "<https://doi.org/10.5555/a>"),
        claim(ITEM, "<http://example.com/odd property>".replace(" ", "-"), '"x"'),
        claim("<https://e.org/data/item/1/1>", "<http://xmlns.com/foaf/0.1/primaryTopic>", ITEM),
    ]
)


def described(table, lines=LINES):
    settings, vocabulary = make_settings(table, {}), load_vocabulary()
    statistics = Statistics(f"{BASE}id/")
    statistics.add(Block(lines).subjects)
    files = tuple(
        DumpFile(f"dataset.{name}", 1_000, "ab" * 32, 6) for name in ("nt.gz", "nq.zst", "ttl.gz", "jsonl.gz")
    )
    manifest = Manifest("", files, statistics, vocabulary.prefixes)
    return to_graph(
        [
            *describe_dataset(settings, vocabulary, statistics, "2026-11-23T12:00:00Z", ["https://e.org/id/item/1/1"]),
            *describe_dumps(settings, "20261123T120000.000000Z", "2026-11-23T12:00:01Z", manifest),
        ]
    )


def judged(graph):
    """Return what DCAT-AP finds: paths and severities."""
    from pyshacl import validate

    shapes = rdflib.Graph().parse(FIXTURES / "dcat_ap.ttl")
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none")
    return sorted(
        {
            (
                str(report.value(result, SH.resultPath)).rpartition("/")[2].rpartition("#")[2],
                str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
            )
            for result in report.subjects(RDF.type, SH.ValidationResult)
        }
    )


def number(graph, subject, predicate):
    return int(graph.value(subject, predicate))


def test_a_site_whose_settings_are_filled_in_is_dcat_ap():
    graph = described(FULL)
    for class_, count in ((DCAT.Catalog, 1), (DCAT.Dataset, 1), (DCAT.DataService, 3), (DCAT.Distribution, 4)):
        assert len(set(graph.subjects(RDF.type, class_))) == count
    assert set(graph.objects(None, DCAT.endpointURL)) == {
        rdflib.URIRef(BASE + path) for path in ("sparql", "fragments", "api")
    }
    assert judged(graph) == []


def test_what_the_settings_leave_open_is_missing_and_not_made_up():
    graph = described({"base_iri": BASE, "title": "Theses"})
    assert judged(graph) == [
        ("contactPoint", "Warning"),
        ("keyword", "Warning"),
        ("license", "Warning"),
        ("publisher", "Violation"),
        ("publisher", "Warning"),
        ("theme", "Warning"),
    ]
    assert str(graph.value(DATASET, DCTERMS.description)) == "Metadata of 1 items as linked data."


def test_the_shapes_find_what_is_wrong():
    graph = described(FULL)
    graph.remove((None, DCTERMS.title, None))
    graph.remove((None, DCAT.accessURL, None))
    graph.remove((None, DCAT.endpointURL, None))
    assert judged(graph) == [("accessURL", "Violation"), ("endpointURL", "Violation"), ("title", "Violation")]


def test_figures_are_counted():
    graph = described(FULL)
    for predicate, expected in (
        (VOID.triples, 6),
        (VOID.entities, 1),
        (VOID.distinctSubjects, 2),
        (VOID.classes, 2),
        (VOID.properties, 5),
    ):
        assert number(graph, DATASET, predicate) == expected
    classes = {
        str(graph.value(part, VOID["class"])): number(graph, part, VOID.entities)
        for part in graph.objects(DATASET, VOID.classPartition)
    }
    assert classes == {
        "http://purl.org/ontology/bibo/Thesis": 1,
        "https://w3id.org/lod-repository/RepositoryItem": 1,
    }
    properties = {
        str(graph.value(part, VOID.property)): (
            number(graph, part, VOID.triples),
            number(graph, part, VOID.distinctSubjects),
        )
        for part in graph.objects(DATASET, VOID.propertyPartition)
    }
    assert properties["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] == (2, 1)
    assert len(properties) == 5


def test_links_are_told_by_place_and_property():
    graph = described(FULL)
    (links,) = graph.subjects(RDF.type, VOID.Linkset)
    assert (DATASET, VOID.subset, links) in graph
    assert (links, VOID.subjectsTarget, DATASET) in graph
    assert str(graph.value(links, VOID.linkPredicate)) == "http://schema.org/sameAs"
    assert number(graph, links, VOID.triples) == 1
    target = graph.value(links, VOID.objectsTarget)
    assert str(graph.value(target, FOAF.homepage)) == "https://www.doi.org/"
    assert "https://doi.org/" in map(str, graph.objects(target, VOID.uriSpace))


def test_vocabularies_in_use_and_examples_are_named():
    graph = described(FULL)
    assert set(map(str, graph.objects(DATASET, VOID.vocabulary))) >= {
        "http://purl.org/dc/terms/",
        "http://purl.org/ontology/bibo/",
        "https://w3id.org/lod-repository/",
    }
    assert not any("example.com" in str(one) for one in graph.objects(DATASET, VOID.vocabulary))
    assert str(graph.value(DATASET, VOID.exampleResource)) == "https://e.org/id/item/1/1"
    assert str(graph.value(DATASET, VOID.uriSpace)) == "https://e.org/id/"


def test_words_come_from_the_settings_in_their_language():
    graph = described(FULL)
    assert graph.value(DATASET, DCTERMS.title) == rdflib.Literal("Theses", lang="zh-Hant")
    assert set(graph.objects(DATASET, DCAT.keyword)) == {
        rdflib.Literal("theses", lang="zh-Hant"),
        rdflib.Literal("open access", lang="zh-Hant"),
    }
    publisher = graph.value(DATASET, DCTERMS.publisher)
    assert str(publisher) == "https://ror.org/02mhbdp94"
    contact = graph.value(DATASET, DCAT.contactPoint)
    assert str(graph.value(contact, VCARD.hasEmail)) == "mailto:data@e.org"
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert str(graph.value(catalogue, DCTERMS.language)).endswith("/ZHO")


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("publisher_iri", "ror.org/1", "'publisher_iri' is 'ror.org/1'; it takes an http or https address"),
        ("contact_url", "ftp://e.org", "'contact_url' is 'ftp://e.org'; it takes an http or https address"),
        ("contact_email", "nobody", "'contact_email' is 'nobody'; it takes one address, name@example.org"),
        ("themes", "EDUC", "'themes' names 'EDUC'; it takes http or https addresses"),
        ("language", "English!", "'language' is 'English!'; it takes a language tag, such as en or zh-Hant"),
        ("dump_formats", "nt.gz csv", "'dump_formats' names 'csv'; it takes one or more of nt.gz, nt.zst, nq.gz"),
    ],
)
def test_a_setting_that_cannot_be_is_told(setting, value, message):
    with pytest.raises(ConfigError) as caught:
        make_settings({"base_iri": BASE, setting: value}, {})
    assert message in str(caught.value)
