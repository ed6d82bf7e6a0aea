"""The score of the dataset's description: what settings gain, and what is missing for the rest."""

import pytest

from lod.dump.manifest import DUMP_FORMATS, DumpFile, Manifest
from lod.dump.mqa import MOST_POINTS, score_of
from lod.dump.statistics import Statistics
from lod.dump.void_and_dcat import describe_dataset, describe_dumps
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import make_settings

BASE = "https://example.org/"
BARE = {"base_iri": BASE}
WHOLE = {
    **BARE,
    "publisher": "Library of Testing",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "keywords": ["testing"],
    "themes": ["http://publications.europa.eu/resource/authority/data-theme/EDUC"],
    "contact_url": "https://example.org/contact",
}


def score(table, formats=("nt.gz", "ttl.gz")):
    settings, vocabulary = make_settings(table, {}), load_vocabulary()
    files = tuple(DumpFile(DUMP_FORMATS[name].file, 10, "00", 1) for name in formats)
    manifest = Manifest("", files, Statistics(f"{BASE}id/"), vocabulary.prefixes)
    moment = "2026-11-30T00:00:00Z"
    described = [*describe_dataset(settings, vocabulary, Statistics(f"{BASE}id/"), moment, ())]
    return score_of([*described, *describe_dumps(settings, "g", moment, manifest)], BASE)


def test_the_points_of_all_criteria_are_those_of_the_assessment():
    criteria = score(BARE).criteria
    by_dimension = {}
    for one in criteria:
        by_dimension[one.dimension] = by_dimension.get(one.dimension, 0) + one.most
    assert by_dimension == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }
    assert sum(by_dimension.values()) == MOST_POINTS


@pytest.mark.parametrize(
    ("table", "formats", "points", "rating", "missing"),
    [
        pytest.param(WHOLE, ("nt.gz", "ttl.gz"), 355, "excellent", ["spatial", "temporal", "rights", "issued"], id="all settings"),
        pytest.param(
            BARE, ("nt.gz",), 205, "sufficient",
            ["keyword", "theme", "dcat-ap", "spatial", "temporal", "licence", "contact-point", "licence-vocabulary", "publisher", "rights", "issued"],
            id="none",
        ),
        pytest.param(WHOLE | {"license": "https://example.org/licence"}, ("nt.gz",), 345, "good", ["spatial", "temporal", "licence-vocabulary", "rights", "issued"], id="licence of its own"),
    ],
)  # fmt: skip
def test_settings_gain_points_and_what_is_missing_comes_first(table, formats, points, rating, missing):
    found = score(table, formats)
    assert (found.points, found.rating) == (points, rating)
    assert [one.name for one in found.missing] == missing
    assert all(one.mend for one in found.missing)


def test_without_dumps_nothing_can_be_reached():
    found = score(WHOLE, ())
    assert {one.name for one in found.missing} >= {"access-url", "download-url", "format", "licence", "byte-size"}
    assert found.points == 120
