"""Two catalogs differ in the findings and removals that only one of them has."""

from dataclasses import replace

import pytest

from lod.report import Finding, Severity
from lod.store.generation.generations import Site
from tests.helpers.synthetic import item_of, own_claims, publish_into, record_of, violation, warning

INFO = Finding("R07", Severity.INFO, "No date.", record="10722/1")


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    with site.build() as builder:
        builder.catalog.begin_run()
        for key in ("10722/1", "10722/2"):
            publish_into(builder.catalog, key, own_claims(key, "Title"))
        assert not list(builder.catalog.staged_batches(9))
        builder.catalog.add_findings([warning("10722/1"), warning("10722/2", "Odd."), INFO])
        builder.finish({}, {})
    return site


def differing(site, change):
    """Return findings and removals that differ after a change to the catalog, and whether there were and are findings."""
    with site.build() as builder:
        builder.catalog.begin_run()
        change(builder.catalog)
        builder.catalog.finish_run()
        difference = builder.difference()
        return list(difference.findings()), list(difference.removals()), difference.have_findings()


def unplaced(finding):
    return replace(finding, place="")


def test_nothing_differs_after_a_run_that_changed_nothing(site):
    assert differing(site, lambda catalog: None) == ([], [], (True, True))


def test_added_and_removed_findings_are_yielded_without_infos_and_places(site):
    def change(catalog):
        publish_into(catalog, "10722/2", own_claims("10722/2", "Other"))
        catalog.refuse("10722/3", record_of("10722/3"), [], [violation("10722/3")])

    findings, _, _ = differing(site, change)
    assert findings == [(unplaced(warning("10722/2", "Odd.")), False), (unplaced(violation("10722/3")), True)]


def test_a_message_that_another_finding_has_too_is_no_difference_by_itself(site):
    """The number of a finding or message may be used again; findings are compared by content."""

    def change(catalog):
        for key, messages in (("10722/1", ["The title ends with a full stop."]), ("10722/2", ["Odd.", "Odder."])):
            publish_into(catalog, key, own_claims(key, "Other"))
            assert not list(catalog.staged_batches(9))
            catalog.add_findings([warning(key, message) for message in messages])

    findings, _, _ = differing(site, change)
    assert findings == [(unplaced(warning("10722/2", "Odder.")), True)]


def test_added_and_removed_tombstones_are_yielded(site):
    def remove(catalog):
        catalog.remove("10722/1", "2026-01-03")

    assert differing(site, remove)[1] == [(item_of("10722/1"), "2026-01-03", True)]
    with site.build() as builder:
        builder.catalog.begin_run()
        remove(builder.catalog)
        builder.finish({}, {})
    back = differing(site, lambda catalog: publish_into(catalog, "10722/1", own_claims("10722/1", "Title")))
    assert back[1] == [(item_of("10722/1"), "2026-01-03", False)]


def test_whether_there_are_findings_is_returned_for_both(site):
    assert differing(site, lambda catalog: [catalog.remove(f"10722/{n}", "2026-01-03") for n in (1, 2)])[2] == (
        True,
        False,
    )


def test_the_first_generation_differs_from_none(tmp_path):
    with Site(tmp_path).build() as builder, pytest.raises(RuntimeError, match="there is no previous generation"):
        builder.difference()
