"""A mapping of DSpace's RDF module becomes rules that come out as they say, and a list of what was left out and why."""

import pytest

from lod.errors import ConfigError
from lod.mapping.crosswalk_files.dspace_mapping import read_mapping
from lod.mapping.crosswalk_files.examples import example_faults
from lod.mapping.crosswalk_files.import_mapping import FILE, import_mapping
from lod.mapping.crosswalk_files.load import load_crosswalk
from tests.helpers.paths import FIXTURES

MAPPING = FIXTURES / "mapping.ttl"
DM = "http://digital-repositories.org/ontologies/dspace-metadata-mapping/0.2.0#"


@pytest.fixture(scope="module")
def imported(settings):
    return import_mapping(MAPPING, settings)


@pytest.fixture
def in_use(imported, settings, tmp_path):
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / FILE).write_text(imported.toml, encoding="utf-8")
    return load_crosswalk(settings, tmp_path)


def test_every_statement_is_a_rule_or_is_left_out_with_a_reason(imported):
    assert imported.rules + len(imported.left_out) == len(read_mapping(MAPPING))
    assert imported.rules == imported.toml.count("[[rule]]") > 5
    assert all(left.why for left in imported.left_out)


def test_the_rules_are_accepted_and_their_examples_come_out(in_use):
    assert list(example_faults(in_use)) == []


@pytest.mark.parametrize(
    ("field", "text", "kind", "property_"),
    [
        pytest.param(
            "local.place", "China", "place", "dcterms:spatial", id="kind of the bundled rule for the property"
        ),
        pytest.param(
            "local.supervisor", "Lu, L", "author", "dcterms:contributor", id="without a role it does not state"
        ),
        pytest.param("local.doi", "10.5555/a", "identifier", "", id="identifier by its property"),
        pytest.param("local.valid", "2010", "date", "dcterms:valid", id="date"),
        pytest.param("local.remark", "x", "text", "dcterms:description", id="text with language"),
        pytest.param("local.short", "2nd", "plain", "bibo:edition", id="plain text"),
        pytest.param("local.homepage", "https://example.org/a", "link", "foaf:page", id="link with a condition"),
    ],
)
def test_fields_of_the_site_get_rules(in_use, field, text, kind, property_):
    rule = in_use.rule_for(field, text)
    assert (rule.kind, rule.property) == (kind, in_use.terms[property_] if property_ else "")
    assert rule.label.startswith(FILE)
    assert "relator" not in rule.options


def test_a_condition_holds_for_the_whole_value(in_use):
    assert in_use.rule_for("local.homepage", "see https://example.org/a") is None


@pytest.mark.parametrize(
    ("field", "property_", "why"),
    [
        ("dc.title", "dcterms:title", "states dcterms:title already"),
        ("dc.identifier.isbn", "bibo:issn", "does it better: of this field it states bibo:isbn13"),
        ("dc.identifier.uri", "bibo:doi", "takes every value of the field and tells them apart by itself"),
        ("dc.description.provenance", "dcterms:provenance", "the field is withheld by dspace.toml"),
        ("local.note", "https://vocabulary.example.org/note", "unknown property https://vocabulary.example.org/note"),
        (
            "local.number",
            "bibo:presentedAt",
            "a literal of the type http://www.w3.org/2001/XMLSchema#integer has no kind here",
        ),
        ("local.degree", "bibo:presentedAt", "it makes a text, and the property takes a resource (bibo:Event)"),
        (
            "local.catalogue",
            "rdfs:seeAlso",
            "it builds a text from the value (https://catalogue.example.org/$DSpaceValue)",
        ),
        ("local.motto", "dcterms:description", "it gives every value the language 'la'"),
        ("local.shortened", "dcterms:description", "it changes the value by regular expressions"),
        ("local.author", "dcterms:creator", "it is about something else than the item"),
        ("local.supervisor", "dcterms:creator", "another statement of the mapping takes the same values"),
        ("local.broken", "dcterms:description", "its condition is no regular expression here"),
        ("local.coded", "dcterms:description", "no sample value is known for its condition 'QX-[0-9]{7}'"),
        ("local.library", "dcterms:publisher", "its object is the same for every record"),
    ],
)
def test_what_is_left_out_has_its_reason(imported, field, property_, why):
    (left,) = [left for left in imported.left_out if (left.field, left.property) == (field, property_)]
    assert why in left.why


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a> <b", "no Turtle"),
        ("<urn:a> <urn:b> <urn:c> .", "it maps nothing; expected is DSpace's metadata-rdf-mapping.ttl"),
    ],
)
def test_a_file_that_is_no_mapping_is_told(tmp_path, settings, text, message):
    path = tmp_path / "mapping.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        import_mapping(path, settings)


def test_a_mapping_that_says_nothing_new_gives_no_rules(tmp_path, settings):
    path = tmp_path / "mapping.ttl"
    path.write_text(
        f"@prefix dm: <{DM}> . [] dm:metadataName 'dc.title' ; dm:creates [ dm:subject dm:DSpaceObjectIRI ; "
        "dm:predicate <http://purl.org/dc/elements/1.1/title> ; dm:object dm:DSpaceValue ] .",
        encoding="utf-8",
    )
    made = import_mapping(path, settings)
    assert made.rules == 0
    assert made.left_out[0].why == "dspace.toml, rule 1 states dcterms:title already"
