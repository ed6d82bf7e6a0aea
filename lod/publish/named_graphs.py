"""Named graphs of a site, made from its catalog: what is about the published data rather than part of it.

{base}data/report     the quality report (W3C SHACL, section 3.6)
{base}data/dataset    the description of the dataset (VoID, DCAT-AP)
{base}data/links      links that files of the site state, with who states them (docs/adr/0067)
{base}data/model      shapes, rules, crosswalk (SHACL and the local vocabulary)
{base}data/questions  prefixes, and questions with their queries (SHACL)
{base}data/removed    what has been removed, as long as anything has
{base}data/quality    measurements of quality (W3C DQV), unless the site keeps them to itself
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lod.dump.blocks import Change
from lod.dump.manifest import DUMP_FORMATS, MAIN, DumpFile, Manifest
from lod.dump.mqa import score_of
from lod.dump.statistics import LinkCount, Statistics
from lod.dump.void_and_dcat import DESCRIPTION_GRAPH, LINK_GRAPH, MODEL_GRAPH, describe_dataset, describe_dumps
from lod.links.claims import counted, link_claims
from lod.links.judge import Here, Judged
from lod.links.site import judged_links
from lod.mapping.crosswalk import Crosswalk
from lod.publish.plan import Plan
from lod.questions.describe import QUESTIONS_GRAPH, describe_questions
from lod.rdf.claims import Claim, claim
from lod.rdf.vocabulary import Vocabulary
from lod.report import Finding
from lod.settings.table import Settings
from lod.store.generation.builder import Builder
from lod.store.generation.named_graphs import GraphSource
from lod.store.quality.find.index import QualityIndex
from lod.store.quality.find.measurements import QUALITY_GRAPH, measurement_triples
from lod.store.tombstones import REMOVED_GRAPH, tombstone_triples
from lod.validation.model_graph import describe_model
from lod.validation.report_graph import report_changes, report_triples

if TYPE_CHECKING:
    from lod.validation.shapes import Shapes

_EXAMPLE_ITEMS = 3


class RunLinks:
    """What a site's folder of links comes to in the next generation; nothing where there is no folder."""

    def __init__(self, plan: Plan, builder: Builder) -> None:
        self._plan = plan
        self._builder = builder
        self.graph = plan.crosswalk.settings.base_iri + LINK_GRAPH

    @property
    def is_there(self) -> bool:
        """Whether the site has a folder of links."""
        return self._plan.links is not None

    def claims(self) -> Iterator[Claim]:
        """Yield the claims of the graph of links."""
        return link_claims(self._judged.links, self.graph)

    @cached_property
    def counts(self) -> list[LinkCount]:
        """How many links there are, by file, dataset elsewhere and relation."""
        return counted(self._judged.links)

    @property
    def findings(self) -> list[Finding]:
        """What somebody should look at."""
        return self._judged.findings

    @cached_property
    def _judged(self) -> Judged:
        settings, index = self._plan.crosswalk.settings, self._builder.search_index()
        if self._plan.links is None or index is None:
            return Judged()
        here = Here(settings.base_iri, index, self._builder.catalog.moved_to)
        return judged_links(self._plan.links, here, may_show_addresses=settings.publish_email_addresses)


def site_graphs(
    builder: Builder,
    crosswalk: Crosswalk,
    shapes: Shapes,
    figures: Callable[[], Statistics],
    moment: str,
    links: RunLinks,
) -> dict[str, GraphSource]:
    """Return the sources of the named graphs of the next generation, by IRI.

    They are read when the builder has ended the run; `figures` returns the statistics of the published claims then, and
    `moment` is that of the run, ISO 8601; `links` are those of the site's files.
    """
    settings, vocabulary = crosswalk.settings, crosswalk.vocabulary
    graphs = {
        f"{settings.base_iri}data/report": _report(builder, settings),
        settings.base_iri + DESCRIPTION_GRAPH: _description(builder, settings, vocabulary, figures, moment, links),
        settings.base_iri + MODEL_GRAPH: _model(settings, crosswalk, shapes),
        settings.base_iri + QUESTIONS_GRAPH: _questions(settings, vocabulary),
    }
    if links.is_there:
        graphs[links.graph] = GraphSource(links.claims)
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
    builder: Builder,
    settings: Settings,
    vocabulary: Vocabulary,
    figures: Callable[[], Statistics],
    moment: str,
    links: RunLinks,
) -> GraphSource:
    def claims() -> Iterator[str]:
        examples = [item for item, _ in builder.catalog.items(_EXAMPLE_ITEMS)]
        described = describe_dataset(settings, vocabulary, figures(), moment, examples, links.counts)
        return (claim(*triple) for triple in described)

    return GraphSource(claims)


def _model(settings: Settings, crosswalk: Crosswalk, shapes: Shapes) -> GraphSource:
    return GraphSource(lambda: (claim(*triple) for triple in describe_model(settings.base_iri, crosswalk, shapes)))


def _questions(settings: Settings, vocabulary: Vocabulary) -> GraphSource:
    return GraphSource(
        lambda: (claim(*triple) for triple in describe_questions(settings.base_iri, vocabulary.prefixes))
    )


def _removals(builder: Builder) -> GraphSource:
    def claims() -> Iterator[str]:
        removals = builder.catalog.removals()
        return (claim(*triple) for item, removed in removals for triple in tombstone_triples(item, removed))

    def changes() -> Iterator[Change]:
        for item, removed, is_added in builder.difference().removals():
            for triple in tombstone_triples(item, removed):
                yield claim(*triple), is_added

    return GraphSource(claims, changes)
