"""Figures of quality in a generation: exact, brought along as they would be made anew, with the history of generations that are gone."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from lod.site.verify import verify_generation
from lod.store.quality.build.schema import QUALITY
from tests.helpers.quality_site import QualitySite, article


@pytest.fixture
def site(tmp_path, monkeypatch):
    # Small sites are brought along, too.
    monkeypatch.setattr("lod.store.quality.build.update._REBUILD_SHARE", 10.0)
    return QualitySite(tmp_path / "site")


def history(site, measure, kind="", key=""):
    with closing(sqlite3.connect(site.live.directory / QUALITY)) as connection:
        query = (
            "SELECT publication, number FROM past JOIN figure ON figure.id = figure "
            "WHERE (measure, kind, key) = (?, ?, ?) ORDER BY publication"
        )
        return connection.execute(query, (measure, kind, key)).fetchall()


def test_what_is_missing_is_counted_where_it_should_be_and_by_year_source_and_collection(site):
    thesis = article(3, dc_type="Thesis", dc_identifier_doi="", dc_identifier_issn="", dc_relation_ispartof="")
    found = site.publish_rows([article(1), article(2, dc_identifier_doi="", dc_date_issued="2011"), thesis])
    assert found["all", "published"] == 3
    assert found["has", "doi"] == 1
    # A thesis need not have a DOI, nor an ISSN.
    assert found["rule", "missing-doi"] == 1
    assert ("rule", "missing-issn") not in found
    assert found["year", "2010"] == 2
    assert found["source", "a.csv"] == 3
    assert history(site, "rule:missing-doi", "year", "2011") == [(1, 1)]


def test_records_that_share_a_doi_or_title_year_and_author_are_found_until_one_changes(site):
    rows = [article(1), article(2, dc_identifier_doi="10.5555/1"), article(3, dc_title="Study 1")]
    found = site.publish_rows(rows)
    assert (found["rule", "same-doi"], found["rule", "same-title"]) == (2, 2)
    # The records that are left are not read again, and their figures change.
    found = site.publish_rows([article(1), article(2), article(3, dc_title="STUDY 1")])
    assert ("rule", "same-doi") not in found
    assert found["rule", "same-title"] == 2
    found = site.publish_rows([article(2), article(3, dc_title="Study 1")])
    assert ("rule", "same-title") not in found
    assert not list(verify_generation(site.live.directory))


def test_refused_records_and_what_is_withheld_are_counted(site):
    wrong = article(2) | {"dc.identifier.uri": "", "dc.identifier.doi": ""}
    found = site.publish_rows([article(1, local_note="write to lu@example.org"), wrong], code=1)
    assert (found["all", "published"], found["all", "refused"]) == (1, 1)
    assert found["rule", "no-key violation"] == 1
    assert found["severity", "violation"] == 1
    assert found["rule", "withheld-email"] == 1


def test_any_history_of_runs_gives_the_figures_that_are_made_anew(site):
    first = [article(number) for number in range(1, 8)]
    site.publish_rows(first)
    steps = (
        [*first[:3], article(4, dc_identifier_doi=""), *first[4:]],  # a value goes
        [*first[:4], article(5, dc_date_issued="soon"), *first[5:]],  # a value that cannot be read
        [*first[:5], article(7, dc_identifier_doi="10.5555/1")],  # one goes, another is alike
        first,
    )
    for rows in steps:
        site.publish_rows(rows)
        assert not list(verify_generation(site.live.directory))
    site.publish_rows([article(9, collection="10722/2")], "b.csv")
    assert not list(verify_generation(site.live.directory))


def test_figures_of_generations_that_are_gone_stay_also_where_the_rest_is_made_anew(site, monkeypatch):
    whole = [article(number) for number in range(1, 5)]
    site.publish_rows(whole)
    for number in range(1, 5):
        site.publish_rows([article(one, dc_identifier_doi="") for one in range(1, number + 1)] + whole[number:])
    assert history(site, "rule:missing-doi") == [(2, 1), (3, 2), (4, 3), (5, 4)]
    assert history(site, "rule:missing-doi", "source", "a.csv") == [(2, 1), (3, 2), (4, 3), (5, 4)]
    monkeypatch.setattr("lod.store.quality.build.schema.FORMAT", "of another version")
    site.publish_rows(whole)
    assert history(site, "rule:missing-doi")[-2:] == [(5, 4), (6, 0)]
    assert not list(verify_generation(site.live.directory))


def test_a_damaged_file_is_made_anew_and_told_by_verify(site):
    site.publish_rows([article(1), article(2)])
    directory = site.live.directory
    with closing(sqlite3.connect(directory / QUALITY)) as connection:
        connection.execute("UPDATE slice SET records = 7 WHERE kind = 'all'")
        connection.commit()
    faults = list(verify_generation(directory))
    assert any(fault.startswith(f"{QUALITY} has changed since it was written") for fault in faults)
    assert f'{QUALITY} does not hold: ["slice", "all", "published", 2, 2, ["10722/1", "10722/2"]]' in faults
    assert site.publish_rows([article(1), article(2)])["all", "published"] == 2
    shutil.rmtree(directory)
    assert not list(verify_generation(site.live.directory))
