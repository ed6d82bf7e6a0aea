"""The pipeline: records in, report out.

A run first stages everything that the sources yield, so that an incomplete source changes nothing and repeated keys
are seen; then maps and validates what is new or changed, batch by batch; then builds the next generation and switches.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from lod.dump.write import DumpWriter
from lod.feed.write import FeedWriter
from lod.publish.batches import Batches
from lod.publish.known_files import KnownFiles
from lod.publish.named_graphs import RunLinks, site_graphs
from lod.publish.plan import Plan, Progress
from lod.publish.removals import Removals, report_gone_sources
from lod.publish.stage import settle_repeats, stage
from lod.publish.workers import Workers
from lod.publish.write import Writer
from lod.report import Finding, RunReport, Severity
from lod.sources import Item
from lod.store.generation.builder import Builder
from lod.store.generation.generations import Site
from lod.validation.rules.whole_store import ValueCount, findings_of_key


def publish(
    items: Iterable[Item],
    plan: Plan,
    site: Site,
    progress: Progress | None = None,
    files: KnownFiles | None = None,
) -> RunReport:
    """Publish a new generation of the site from the items of its sources, and report what became of them.

    `files` is what the sources were opened with, and takes the files that are as the last run read them.

    Raises:
        SourceError: a source broke off; the live generation stays as it was.
        StoreError: the generation could not be built; likewise.
        ShrinkError: the run would remove more than the site allows; likewise.
    """
    started = time.monotonic()
    report = RunReport(dry_run=plan.dry_run, by_pyshacl=plan.by_pyshacl())
    progress = progress or (lambda stage, done, total: None)
    with site.build(plan.crosswalk.settings.keep_generations) as builder:
        with Workers(plan) as workers:
            _run_stages(items, Writer(plan, builder.catalog, report), workers, progress, files)
        report.live = builder.catalog.counts()["records"]
        report.seconds = time.monotonic() - started
        if not plan.dry_run:
            progress("store", 0, 0)
            _finish(builder, plan, report)
    report.seconds = time.monotonic() - started
    return report


def _run_stages(
    items: Iterable[Item], writer: Writer, workers: Workers, progress: Progress, files: KnownFiles | None
) -> None:
    """Bring the catalog to what it is after the run."""
    writer.catalog.begin_run()
    _move(writer)
    intake = stage(items, writer, progress, files)
    settle_repeats(writer)
    removals = Removals(writer, intake)
    batches = Batches(writer, workers, removals.planned.keys(), progress)
    batches.note_expired()
    batches.map_changed()
    removals.carry_out()
    batches.map_outdated()
    if files:
        files.note()
    report_gone_sources(writer)
    _judge_store(writer)


def _move(writer: Writer) -> None:
    """Take the base IRI of this run; report that every IRI is a new one, which a changed line in lod.toml does not show."""
    base = writer.plan.crosswalk.settings.base_iri
    before = writer.catalog.move_to(base)
    count = writer.catalog.counts()["records"]
    if before == base or not count:
        return
    message = (
        f"base_iri was {before} and is {base} now: {count} records have new IRIs, and the old IRIs no longer resolve here. "
        "If that was not meant, set it back and publish again."
    )
    # Of this run alone: in the catalog it would make the quality report another than that of a fresh site.
    writer.note([Finding("base-iri", Severity.WARNING, message)])


def _judge_store(writer: Writer) -> None:
    """Judge anew what several records state of one thing, wherever this run has changed it, and the dataset."""
    catalog, settings = writer.catalog, writer.plan.crosswalk.settings
    for key, values in catalog.to_judge("G07 "):
        counts = [ValueCount(*value) for value in values]
        catalog.judged(key, findings_of_key(key, counts, catalog.describes))
    writer.note(catalog.findings_of_store())
    # The dataset is described when it is served, and no record states its licence.
    rule = writer.plan.shapes.rules.get("R08")
    if rule and not settings.license:
        writer.add([Finding(rule.id, rule.severity, rule.message, focus=f"{settings.base_iri}id/dataset")])


def _finish(builder: Builder, plan: Plan, report: RunReport) -> None:
    settings = plan.crosswalk.settings
    report.generation = builder.name
    dumps = DumpWriter(settings.dump_formats, plan.crosswalk.vocabulary.prefixes, f"{settings.base_iri}id/")
    links = RunLinks(plan, builder)
    graphs = site_graphs(builder, plan.crosswalk, plan.shapes, lambda: dumps.statistics, plan.moment, links)
    feed = FeedWriter(settings.base_iri) if settings.change_feed else None
    messages = {id_: rule.message for id_, rule in plan.shapes.rules.items()}
    builder.finish(report.to_dict(), graphs, dumps, feed, plan.accepted, messages, processes=plan.worker_count)
    for finding in links.findings:
        report.note(finding)
