"""Named graphs of a site, made from its catalog: what is about the published data rather than part of it.

{base}data/report     the quality report (W3C SHACL, section 3.6)
{base}data/dataset    the description of the dataset (VoID, DCAT-AP)
{base}data/removed    what has been removed, as long as anything has
{base}data/quality    measurements of quality (W3C DQV), unless the site keeps them to itself
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lod.dump.blocks import Change
from lod.dump.manifest import DUMP_FORMATS, MAIN, DumpFile, Manifest
from lod.dump.mqa import score_of
from lod.dump.statistics import Statistics
from lod.dump.void_and_dcat import DESCRIPTION_GRAPH, describe_dataset, describe_dumps
from lod.rdf.claims import claim
from lod.rdf.vocabulary import Vocabulary
from lod.settings.table import Settings
from lod.store.generation.builder import Builder
from lod.store.generation.named_graphs import GraphSource
from lod.store.quality.find.index import QualityIndex
from lod.store.quality.find.measurements import QUALITY_GRAPH, measurement_triples
from lod.store.tombstones import REMOVED_GRAPH, tombstone_triples
from lod.validation.report_graph import report_changes, report_triples

_EXAMPLE_ITEMS = 3


def site_graphs(
    builder: Builder, settings: Settings, vocabulary: Vocabulary, figures: Callable[[], Statistics], moment: str
) -> dict[str, GraphSource]:
    """Return the sources of the named graphs of the next generation, by IRI.

    They are read when the builder has ended the run; `figures` returns the statistics of the published claims then, and
    `moment` is that of the run, ISO 8601.
    """
    graphs = {
        f"{settings.base_iri}data/report": _report(builder, settings),
        settings.base_iri + DESCRIPTION_GRAPH: _description(builder, settings, vocabulary, figures, moment),
    }
    if builder.catalog.counts()["removed"]:
        graphs[settings.base_iri + REMOVED_GRAPH] = _removals(builder)
    if settings.quality_public:
        graphs[settings.base_iri + QUALITY_GRAPH] = _quality(builder, settings, vocabulary, figures, moment)
    return graphs


def _quality(
    builder: Builder, settings: Settings, vocabulary: Vocabulary, figures: Callable[[], Statistics], moment: str
) -> GraphSource:
    def claims() -> Iterator[str]:
        index = QualityIndex.open(builder.quality)
        if index is None:
            return
        description = [
            *describe_dataset(settings, vocabulary, figures(), moment, ()),
            *describe_dumps(settings, builder.name, moment, _promised(settings, vocabulary, figures())),
        ]
        points = score_of(description, settings.base_iri).points
        for triple in measurement_triples(index, settings.base_iri, moment, points):
            yield claim(*triple)

    return GraphSource(claims)


def _promised(settings: Settings, vocabulary: Vocabulary, figures: Statistics) -> Manifest:
    """Return the dumps that the site makes, as far as they are known before they are complete: the graphs are part of them."""
    formats = {MAIN.name: MAIN} | {name: DUMP_FORMATS[name] for name in settings.dump_formats}
    return Manifest("", tuple(DumpFile(one.file, 0, "", 0) for one in formats.values()), figures, vocabulary.prefixes)


def _report(builder: Builder, settings: Settings) -> GraphSource:
    base, namespace = settings.base_iri, settings.vocabulary_namespace

    def claims() -> Iterator[str]:
        # Infos are counted and stay in the catalog; in the graph they would outnumber the data.
        findings = builder.catalog.findings(infos=False)
        return (claim(*triple) for triple in report_triples(findings, base, namespace))

    def changes() -> Iterator[Change]:
        difference = builder.difference()
        old_has, new_has = difference.have_findings()
        found = report_changes(difference.findings(), not old_has, not new_has, base, namespace)
        return ((claim(*triple), is_added) for triple, is_added in found)

    return GraphSource(claims, changes, namespace)


def _description(
    builder: Builder, settings: Settings, vocabulary: Vocabulary, figures: Callable[[], Statistics], moment: str
) -> GraphSource:
    def claims() -> Iterator[str]:
        examples = [item for item, _ in builder.catalog.items(_EXAMPLE_ITEMS)]
        return (claim(*triple) for triple in describe_dataset(settings, vocabulary, figures(), moment, examples))

    return GraphSource(claims)


def _removals(builder: Builder) -> GraphSource:
    def claims() -> Iterator[str]:
        removals = builder.catalog.removals()
        return (claim(*triple) for item, removed in removals for triple in tombstone_triples(item, removed))

    def changes() -> Iterator[Change]:
        for item, removed, is_added in builder.difference().removals():
            for triple in tombstone_triples(item, removed):
                yield claim(*triple), is_added

    return GraphSource(claims, changes)
