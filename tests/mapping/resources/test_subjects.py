"""Headings of authority files that a site's own table gives to keywords: maps/headings.csv."""

import pytest

from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.apply import map_record
from lod.mapping.round_trip.compare import compare
from lod.record import Record, Value
from lod.settings.table import make_settings

MOMENT = "2026-11-23T00:00:00Z"
BASE = "https://example.org/id"
SKOS = "http://www.w3.org/2004/02/skos/core#"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")
TABLE = """from,scheme,to,heading,scheme_label
climate change,stw,http://zbw.eu/stw/descriptor/18009-3,Klimawandel,Standard-Thesaurus Wirtschaft
Lupus,gnd,https://d-nb.info/gnd/4036790-5,Lupus erythematodes,
lupus,house,https://example.org/thesaurus/7,,House thesaurus
roses,gnd,https://d-nb.info/gnd/4050710-7,,
"""


@pytest.fixture(scope="module")
def crosswalk(tmp_path_factory):
    site = tmp_path_factory.mktemp("site")
    (site / "maps").mkdir()
    (site / "maps" / "headings.csv").write_text(TABLE, encoding="utf-8")
    return load_crosswalk(make_settings({"base_iri": "https://example.org/"}, {}), site)


def claims_of(crosswalk, *values):
    record = Record("s", "row 1", (*values, Value("dc.type", "Article"), HANDLE))
    result = map_record(record, crosswalk, MOMENT)
    back = compare(record, result, crosswalk)
    assert (back.lost, back.invented, back.misplaced) == ([], [], [])
    return result.claims


@pytest.mark.parametrize(
    ("value", "concept", "link"),
    [
        pytest.param(Value("dc.subject", "Climate-Change", "en"), "stw/klimawandel", "http://zbw.eu/stw/descriptor/18009-3", id="another word"),
        pytest.param(Value("dc.subject", "Peace; LUPUS"), "gnd/lupus_erythematodes", "https://d-nb.info/gnd/4036790-5", id="in a list"),
        pytest.param(Value("dc.subject", "Peace; LUPUS"), "house/lupus", "https://example.org/thesaurus/7", id="of a second file"),
        pytest.param(Value("dc.subject.gnd", "Roses"), "gnd/roses", "https://d-nb.info/gnd/4050710-7", id="a heading"),
    ],
)  # fmt: skip
def test_a_keyword_of_the_table_is_a_heading_beside_itself(crosswalk, value, concept, link):
    claims = claims_of(crosswalk, value)
    node = f"<{BASE}/concept/{concept}>"
    assert f"{node} <{SKOS}exactMatch> <{link}> ." in claims
    assert f"<{BASE}/item/10722/1> <http://purl.org/dc/terms/subject> {node} ." in claims


def test_the_keyword_stays_and_the_scheme_has_the_name_that_the_table_gives(crosswalk):
    claims = claims_of(crosswalk, Value("dc.subject", "Climate change", "en"), Value("dc.subject", "lupus", "en"))
    item = f"<{BASE}/item/10722/1> <http://prismstandard.org/namespaces/basic/2.0/keyword>"
    assert f'{item} "Climate change"@en .' in claims
    assert f'<{BASE}/scheme/stw> <{SKOS}prefLabel> "Standard-Thesaurus Wirtschaft" .' in claims
    assert f'<{BASE}/scheme/gnd> <{SKOS}prefLabel> "Gemeinsame Normdatei"@en .' in claims


def test_words_and_headings_of_other_schemes_that_the_table_has_not_stay_as_they_are(crosswalk):
    claims = claims_of(crosswalk, Value("dc.subject", "Peace"), Value("dc.subject.lcsh", "Roses"))
    assert [claim for claim in claims if f"{SKOS}exactMatch" in claim] == []
