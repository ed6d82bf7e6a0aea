"""A full run and an incremental run give the same published state: random histories, compared with fresh builds.

Two sites live through one history: one takes in what has changed, or one file at a time, the other reads everything in
every run. After each run both are compared with each other, with a model, and with a site that is built anew from the
records that should be published; line by line. LOD_HISTORIES=500 tries so many histories, other ones each time.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lod.errors import SourceError, StoreError
from lod.publish.run import publish
from lod.rdf.claims import claim
from lod.record import Record
from lod.site.verify import verify_generation
from lod.store.generation.generations import Site
from lod.validation.report_graph import report_triples
from tests.helpers.histories import (
    FILES,
    RECORDS,
    RULES,
    Expected,
    Rules,
    by_rules,
    differences,
    key_of,
    make_record,
    moments_of,
    new_folder,
    past_of,
    placed,
    plan_of,
    state_of,
    tombstone_of,
)
from tests.helpers.synthetic import redirects_of

pytestmark = pytest.mark.slow

HISTORIES = int(os.environ.get("LOD_HISTORIES", "0"))
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CONSTANT = {
    file: placed(make_record(number, ("handle",), "A study", None, ("Lu, L", None), None, None, None, None, None, False), file)
    for number, file in ((7, FILES[0]), (8, FILES[1]))
}  # fmt: skip

BREAKS = ("source", "map", "catalog", "store", "sync_tree", "move_durably", "switch")
"""Where a run may break off: while it reads, maps, writes the catalog, brings the store along, syncs, moves, switches."""


@contextmanager
def breaking(step: str):
    """Let a run break off at a step, as a disk or a person would."""
    fault = OSError(5, "Input/output error")
    targets = {
        "map": ("lod.publish.judge.validate_each", KeyboardInterrupt()),
        "catalog": ("lod.store.catalog.writer.CatalogWriter.finish_run", StoreError("the disk")),
        "store": ("lod.store.oxigraph.WritableOxigraphStore.flush", fault),
        "sync_tree": ("lod.store.generation.builder.sync_tree", fault),
        "move_durably": ("lod.store.generation.builder.move_durably", fault),
        "switch": ("lod.store.generation.generations.write_atomically", fault),
    }
    if step not in targets:
        yield
        return
    name, raised = targets[step]
    with patch(name, side_effect=raised):
        yield


class Histories(RuleBasedStateMachine):
    """One history, lived through by two sites."""

    @initialize(rules=RULES)
    def begin(self, rules: Rules) -> None:
        self.folder = new_folder()
        self.changes, self.whole = Site(self.folder / "changes"), Site(self.folder / "whole")
        for site in (self.changes, self.whole):
            site.folder.mkdir()
        self.files = {file: {key_of(record): record} for file, record in CONSTANT.items()}
        self.rules, self.now = rules, NOON
        self.expected = Expected()
        self.snapshots: dict[str, tuple[str, Expected, Rules, datetime]] = {}
        self.built = NOON
        self.checked = ""

    # --- what happens at the repository

    @rule(records=st.lists(RECORDS, min_size=1, max_size=4), file=st.sampled_from(FILES))
    def edit(self, records, file) -> None:
        """Records come, change, move to another file, get a handle beside their UUID, or lose one of both."""
        for record in records:
            for other in FILES:
                for key, known in list(self.files[other].items()):
                    is_same = key == key_of(record) or (known.uuid and known.uuid == record.uuid)
                    if is_same and key != key_of(CONSTANT[other]):
                        del self.files[other][key]
            self.files[file][key_of(record)] = placed(record, file)

    @precondition(lambda self: len(self.files[FILES[0]]) + len(self.files[FILES[1]]) > 2)
    @rule(data=st.data())
    def withdraw(self, data) -> None:
        """A record goes, with or without a word."""
        file = data.draw(st.sampled_from([file for file in FILES if len(self.files[file]) > 1]))
        keys = sorted(self.files[file].keys() - {key_of(CONSTANT[file])})
        del self.files[file][data.draw(st.sampled_from(keys))]

    @rule(rules=RULES)
    def change_rules(self, rules: Rules) -> None:
        """The site gets another crosswalk, shape, setting or address."""
        self.rules = rules

    # --- what the publisher does

    @rule(mode=st.sampled_from(["changes", "changes", "whole", "file by file"]))
    def publish(self, mode: str) -> None:
        self.now += timedelta(days=1)
        everything = self.everything()
        moved, lost = self.moved(), self.lost()
        gone = self.known().keys() - everything.keys() - self.becoming() - lost.keys()
        gone |= {key for key, is_going in [*moved.items(), *lost.items()] if is_going}
        # A run of changes cannot say that what has a handle now has also left another file, nor that a handle was lost;
        # file by file, what has moved to another one is removed and comes again.
        known = self.known()
        strays = mode == "file by file" and any(
            known[key].source != one.source for key, one in everything.items() if key in known
        )
        for items, scopes in self.runs("whole" if moved or lost or strays else mode, everything, gone):
            self.run(self.changes, items, scopes)
        self.run(self.whole, everything.values(), FILES)
        self.expected.publish(everything, gone, self.rules, self.moment, set(everything))
        for key in [*moved, *lost]:
            self.expected.attempts.pop(key, None)
        self.snapshots[self.changes.live_name()] = (self.whole.live_name(), self.expected.copy(), self.rules, self.now)
        self.built = self.now

    @precondition(lambda self: self.snapshots)
    @rule(step=st.sampled_from(BREAKS))
    def break_off(self, step: str) -> None:
        """A run breaks off: what was published before is what is published now."""
        before, state, past = self.changes.live_name(), state_of(self.changes), past_of(self.changes)
        everything = self.everything()

        def source():
            yield from everything.values()
            if step == "source":
                raise SourceError("a.csv breaks off")
            # Something always is to be mapped.
            yield placed(
                make_record(9, ("handle",), "X", None, ("Lu, L", None), None, None, None, None, None, False), FILES[0]
            )

        with breaking(step), pytest.raises((SourceError, StoreError, KeyboardInterrupt)):
            self.run(self.changes, source(), FILES)
        assert Site(self.changes.folder).live_name() == before
        assert not differences(state_of(Site(self.changes.folder)), state)
        assert past_of(self.changes) == past

    @precondition(lambda self: len(self.kept()) > 1)
    @rule(data=st.data())
    def roll_back(self, data) -> None:
        """An older generation becomes the live one; the next run builds on it."""
        name = data.draw(st.sampled_from(self.kept()))
        whole, expected, self.rules, self.built = self.snapshots[name]
        self.changes.rollback(name)
        self.whole.rollback(whole)
        self.expected = expected.copy()

    # --- what has to be

    @invariant()
    def all_are_equal(self) -> None:
        live = self.changes.live_name()
        if live is None or live == self.checked:
            return
        self.checked = live
        state = state_of(self.changes)
        assert not list(verify_generation(self.changes.directory / live))
        assert moments_of(self.changes) == {key: one.moment for key, one in self.expected.published.items()}
        past = past_of(self.changes)
        led = {old for old, _ in [*past["redirects"], *past["renamed"]]}
        assert not differences(without_led(state, led), without_led(self.fresh(), led)), "the history and a fresh build"
        assert not differences(state, state_of(self.whole)), "the run of changes and the run of everything"
        assert {row[1]: row[3] for row in past["removed"]} == self.expected.removed
        assert all(row[2].startswith(self.rules.base) for row in past["removed"])
        gone = {line.split("> ")[0][1:] for line in past["graphs"] if line.endswith(f" {self.rules.base}data/removed")}
        assert gone == {row[2] for row in past["removed"]}
        assert not differences(past, past_of(self.whole))
        catalog, base = self.changes.live().catalog, self.rules.base
        report = {claim(*triple) for triple in report_triples(catalog.findings(infos=False), base)}
        assert {line for line in past["graphs"] if line.endswith(f" {base}data/report")} == {
            f"{line} {base}data/report" for line in report
        }
        for old, new in redirects_of(catalog):
            assert not self.changes.live().store.exists(old), f"{old} is stated and leads to {new}"
            assert catalog.describes(new), f"{old} leads to {new}, which nothing describes"

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    # --- parts

    @property
    def moment(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def everything(self):
        return {key: record for file in FILES for key, record in self.files[file].items()}

    def becoming(self) -> set[str]:
        """Return the keys that records of the same file had before they got a handle."""
        return {f"uuid/{record.uuid}" for record in self.everything().values() if record.uuid}

    def known(self) -> dict[str, Record]:
        """Return the records that are published, or have been refused, by key."""
        return {key: one.record for key, one in self.expected.published.items()} | self.expected.attempts

    def moved(self) -> dict[str, bool]:
        """Return keys of records that have got a handle and stand in another file than before, and whether they go for it.

        What was published by its UUID is removed if the record that has the handle is accepted, and stays if it is refused.
        """
        everything, known = self.everything(), self.known()
        now = {f"uuid/{record.uuid}": record for record in everything.values() if record.uuid}
        return {
            key: self.rules.accept(record)
            for key, record in now.items()
            if key in known and key not in everything and known[key].source != record.source
        }

    def lost(self) -> dict[str, bool]:
        """Return keys of published records that have lost their handle, and whether they are removed for it.

        The record that stands under the UUID now takes their place if it comes from their file and is accepted; they are
        removed if it comes from another, and stay if it is refused.
        """
        everything, found = self.everything(), {}
        for key, version in self.expected.published.items():
            now = everything.get(f"uuid/{version.record.uuid}")
            if now and key not in everything:
                found[key] = self.rules.accept(now) and now.source != version.record.source
        return found

    def runs(self, mode: str, everything, gone):
        if mode == "whole":
            yield everything.values(), FILES
        elif mode == "file by file":
            for file in FILES:
                yield self.files[file].values(), (file,)
        else:
            known = self.known()
            changed = [record for key, record in everything.items() if known.get(key) != record]
            yield [*changed, *(tombstone_of(key, known[key].source) for key in sorted(gone))], ()

    def run(self, site: Site, items, scopes):
        plan = replace(plan_of(self.rules), now=self.now, scopes=scopes, allow_shrink=True)
        return publish(items, plan, site)

    def fresh(self):
        folder = self.folder / "fresh"
        folder.mkdir()
        site = Site(folder)
        try:
            for rules, moment, records in by_rules(self.expected, self.rules, self.built):
                for items in (records, self.expected.attempts.values() if rules == self.rules else ()):
                    if items or not site.live_name():
                        publish(items, replace(plan_of(rules), now=moment), site)
            return state_of(site)
        finally:
            shutil.rmtree(folder)

    def kept(self) -> list[str]:
        names = {one.name for one in self.changes.generations()}, {one.name for one in self.whole.generations()}
        return [name for name, (whole, *_) in self.snapshots.items() if name in names[0] and whole in names[1]]


def without_led(state, led: set[str]):
    """Leave out findings about links that lead on by a redirect: a fresh build knows none, and finds nothing there."""
    findings = [row for row in state["findings"] if not (row[2] == "G07" and any(f'"{iri}"' in row[5] for iri in led))]
    return {**state, "findings": findings}


def test_a_history_of_runs_gives_the_state_of_a_fresh_build(monkeypatch):
    # Syncing to the disk is tested elsewhere; here it would take most of the time.
    monkeypatch.setattr("lod.disk.atomic.os.fsync", lambda _: None)
    # However much of these small sites changes, their figures of quality are brought along; verify makes them anew.
    monkeypatch.setattr("lod.store.quality.build.update._REBUILD_SHARE", 10.0)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            deadline=None,
            max_examples=HISTORIES or 8,
            stateful_step_count=14 if HISTORIES else 10,
            derandomize=not HISTORIES,
            phases=[Phase.generate, *([Phase.shrink] if HISTORIES else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
