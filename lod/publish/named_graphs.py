"""Named graphs of a site, made from its catalog: what is about the published data rather than part of it.

{base}data/report     the quality report (W3C SHACL, section 3.6)
{base}data/dataset    the description of the dataset (VoID, DCAT-AP)
{base}data/model      shapes, rules, crosswalk (SHACL and the local vocabulary)
{base}data/questions  prefixes, and questions with their queries (SHACL)
{base}data/removed    what has been removed, as long as anything has
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lod.dump.blocks import Change
from lod.dump.statistics import Statistics
from lod.dump.void_and_dcat import DESCRIPTION_GRAPH, MODEL_GRAPH, describe_dataset
from lod.mapping.crosswalk import Crosswalk
from lod.questions.describe import QUESTIONS_GRAPH, describe_questions
from lod.rdf.claims import claim
from lod.rdf.vocabulary import Vocabulary
from lod.settings.table import Settings
from lod.store.generation.builder import Builder
from lod.store.generation.named_graphs import GraphSource
from lod.store.tombstones import REMOVED_GRAPH, tombstone_triples
from lod.validation.model_graph import describe_model
from lod.validation.report_graph import report_changes, report_triples

if TYPE_CHECKING:
    from lod.validation.shapes import Shapes

_EXAMPLE_ITEMS = 3


def site_graphs(
    builder: Builder, crosswalk: Crosswalk, shapes: Shapes, figures: Callable[[], Statistics], moment: str
) -> dict[str, GraphSource]:
    """Return the sources of the named graphs of the next generation, by IRI.

    They are read when the builder has ended the run; `figures` returns the statistics of the published claims then, and
    `moment` is that of the run, ISO 8601.
    """
    settings, vocabulary = crosswalk.settings, crosswalk.vocabulary
    graphs = {
        f"{settings.base_iri}data/report": _report(builder, settings),
        settings.base_iri + DESCRIPTION_GRAPH: _description(builder, settings, vocabulary, figures, moment),
        settings.base_iri + MODEL_GRAPH: _model(settings, crosswalk, shapes),
        settings.base_iri + QUESTIONS_GRAPH: _questions(settings, vocabulary),
    }
    if builder.catalog.counts()["removed"]:
        graphs[settings.base_iri + REMOVED_GRAPH] = _removals(builder)
    return graphs


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
