"""What a site may say in its own folder: rules, withheld fields, value maps, types, schemes, shapes; nothing of it in code."""

import pytest

from lod import bundled
from lod.errors import ConfigError
from lod.mapping.crosswalk_files.examples import example_faults
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.apply import map_record
from lod.rdf.vocabulary import load_vocabulary
from lod.record import Record, Value
from lod.report import Fate
from lod.settings.table import make_settings
from lod.validation.shapes import load_shapes
from lod.validation.validate import validate

MOMENT = "2026-11-23T00:00:00Z"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")
DOCS = bundled.VOCAB.parent / "docs" / "crosswalk.md"
WITHHELD = """
[[rule]]
field   = "dc.contributor.advisor"
kind    = "withheld"
example = { in = "Lu, L", out = "withheld" }
"""


@pytest.fixture
def site(tmp_path, settings):
    """Write one file of a site and return its crosswalk."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return load_crosswalk(settings, tmp_path)

    return write


def mapped(crosswalk, *values):
    return map_record(Record("test", "row 1", (*values, HANDLE)), crosswalk, MOMENT)


def test_four_lines_withhold_a_field(site):
    crosswalk = site("crosswalk/own.toml", WITHHELD)
    assert list(example_faults(crosswalk)) == []
    result = mapped(crosswalk, Value("dc.contributor.advisor", "Lu, L"), Value("dc.title", "A study"))
    assert result.fates[0].fate is Fate.WITHHELD
    assert "Lu, L" not in "".join(result.claims)
    assert any('suppressedField> "dc.contributor.advisor" .' in line for line in result.claims)


def test_the_four_lines_stand_in_the_documentation():
    assert WITHHELD.strip() in DOCS.read_text(encoding="utf-8")


def test_a_rule_of_the_site_lies_over_the_bundled_one(site):
    crosswalk = site(
        "crosswalk/own.toml",
        '[[rule]]\nfield = "dc.description"\nkind = "text"\nproperty = "dcterms:abstract"\n'
        'example = { in = "A summary", out = \'dcterms:abstract "A summary"\' }\n',
    )
    result = mapped(crosswalk, Value("dc.description", "A summary"))
    assert f'<{result.item}> <http://purl.org/dc/terms/abstract> "A summary" .' in result.claims
    assert result.fates[0].rule == "own.toml, rule 1"
    assert list(example_faults(crosswalk)) == []


@pytest.mark.parametrize(
    ("name", "text", "value", "claim"),
    [
        pytest.param("languages.csv", "from,to\nkantonesisch,chi\n", Value("dc.language", "Kantonesisch"), "iso639-2/chi>", id="language"),
        pytest.param("languages.csv", "from;to\nkantonesisch;chi\n", Value("dc.language", "Kantonesisch"), "iso639-2/chi>", id="as a spreadsheet saves it"),
        pytest.param("types.csv", "from,coar,bibo,fabio\nHabilitation,c_db06,bibo:Thesis,fabio:DoctoralThesis\n", Value("dc.type", "habilitation"), "fabio/DoctoralThesis>", id="new type"),
        pytest.param("types.csv", "from,coar,bibo,fabio\nArticle,c_2df8fbb1,bibo:AcademicArticle,fabio:JournalArticle\n", Value("dc.type", "Article"), "resource_type/c_2df8fbb1>", id="type that has another meaning here"),
        pytest.param("countries.csv", "from,code,label\nhelvetia,CH,Switzerland\n", Value("dc.coverage.spatial", "Helvetia"), "id/place/ch>", id="country"),
        pytest.param("licences.csv", "from,to\nour house licence,https://example.org/licence\n", Value("dc.rights", "Our house licence"), "dc/terms/license> <https://example.org/licence>", id="licence"),
        pytest.param("access_rights.csv", "from,to,label\ncampus only,http://purl.org/coar/access_right/c_16ec,restricted access\n", Value("dc.rights", "Campus only"), "access_right/c_16ec>", id="access right"),
        pytest.param("organisation_words.csv", "word\nseilschaft\n", Value("dc.contributor.author", "Seilschaft Nord"), "foaf/0.1/Organization>", id="organisation word"),
        pytest.param("no_values.csv", "from,kinds,why\nsiehe titel,text,a reference\n", Value("dc.description", "Siehe Titel"), "field/dc.description>", id="word that is no value"),
    ],
)  # fmt: skip
def test_a_value_map_of_the_site_adds_to_the_bundled_one_and_wins(site, name, text, value, claim):
    result = mapped(site(f"maps/{name}", text), value)
    assert any(claim in line for line in result.fates[0].claims), result.fates[0]


def test_a_scheme_of_the_site_replaces_the_one_of_the_same_name(site):
    crosswalk = site(
        "crosswalk/own.toml",
        '[[scheme]]\nname = "pmid"\nform = "pmid"\nscheme = "datacite:pmid"\n'
        'link = "https://europepmc.org/article/MED/{}"\nlink_property = "rdfs:seeAlso"\n',
    )
    lines = "".join(mapped(crosswalk, Value("dc.identifier.pmid", "20650877")).claims)
    assert "<https://europepmc.org/article/MED/20650877>" in lines
    assert "pubmed.ncbi" not in lines
    assert "bibo/pmid>" not in lines


def test_a_new_scheme_serves_a_new_rule(site):
    crosswalk = site(
        "crosswalk/own.toml",
        '[[scheme]]\nname = "shelf"\nform = "as-is"\nscheme = "datacite:local-resource-identifier-scheme"\n'
        'link = "https://catalogue.example.org/{}"\nlink_property = "rdfs:seeAlso"\n'
        '[[rule]]\nfield = "local.shelfmark"\nkind = "identifier"\nscheme = "shelf"\n'
        'example = { in = "QH 12", out = "rdfs:seeAlso <https://catalogue.example.org/QH%2012>" }\n',
    )
    assert list(example_faults(crosswalk)) == []


def test_mirrors_can_be_switched_off():
    settings = make_settings({"base_iri": "https://example.org/", "mirrors": False}, {})
    result = mapped(load_crosswalk(settings), Value("dc.identifier.doi", "10.5555/a"), Value("dc.date.issued", "2010"))
    assert "prismstandard" not in "".join(result.claims)


SHAPE = """
@prefix rt:      <RT> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sh:      <http://www.w3.org/ns/shacl#> .
@prefix own:     <https://example.org/shape/> .

own:Item a sh:NodeShape ; sh:targetClass rt:RepositoryItem ; sh:property own:X01 .
own:X01 sh:path dcterms:abstract ; sh:minCount 1 ; sh:severity sh:Violation ;
    sh:message "X01 No abstract. This site wants one." .
"""


def test_a_shape_of_the_site_is_added_to_the_bundled_ones(tmp_path, settings, crosswalk):
    vocabulary = load_vocabulary(settings.vocabulary_namespace)
    (tmp_path / "own.ttl").write_text(SHAPE.replace("RT", vocabulary.prefixes["rt"]), encoding="utf-8")
    shapes = load_shapes([bundled.SHAPES, tmp_path], vocabulary)
    record = mapped(crosswalk, Value("dc.title", "A study"), Value("dc.type", "Article"))
    found = {finding.rule: finding for finding in validate([record], shapes)}
    assert (
        found["X01"].message == "X01 No abstract. This site wants one." or "This site wants one" in found["X01"].message
    )
    assert found["X01"].severity.value == "violation"


def test_a_type_map_with_a_class_that_does_not_exist_is_a_fault(site):
    with pytest.raises(ConfigError, match="unknown term 'fabio:Habilitation'"):
        site("maps/types.csv", "from,coar,bibo,fabio\nHabilitation,c_db06,bibo:Thesis,fabio:Habilitation\n")
