"""The order in which claims are joined that need several values of a record."""

from __future__ import annotations

from collections.abc import Set

from lod.mapping.draft import Draft
from lod.mapping.item import dates, files, identifiers, serials, types
from lod.mapping.publication import containers
from lod.mapping.publication.cited_parts import fill_from_citation, take_cited_doi
from lod.mapping.record import document
from lod.mapping.record.evidence import leave_out_guesses
from lod.mapping.resources import agents, dspace_entities, events, funding


def assemble(draft: Draft, distrusted: Set[int]) -> None:
    """Add every claim that waited for the whole record to be read; nothing is guessed of the distrusted values."""
    classes = types.assemble(draft)
    dates.assemble(draft)
    agents.assemble(draft)
    serials.leave_parts(draft, classes)
    fill_from_citation(draft, classes)
    take_cited_doi(draft, classes)
    identifiers.assemble(draft)
    if containers.assemble(draft, classes):
        types.state_journal_types(draft, classes)
    funding.assemble(draft)
    dspace_entities.assemble(draft)
    serials.state_frequency(draft, classes)
    events.assemble(draft)
    files.assemble(draft)
    document.assemble(draft)
    leave_out_guesses(draft, distrusted)
    _keep_names_of_namesakes(draft)


def _keep_names_of_namesakes(draft: Draft) -> None:
    """Keep the values verbatim that call one thing by several names ("ACM" and "acm"): the graph does not say which is whose."""
    properties = tuple(
        f" {draft.terms[name]} " for name in ("rdfs:label", "foaf:name", "skos:prefLabel", "dcterms:title")
    )
    named: dict[str, list[set[int]]] = {}
    for line, origins in draft.claims.items():
        end = line.index(" ")
        if line.startswith(properties, end) and (subject := line[:end]) != draft.item:
            named.setdefault(subject, []).append(origins)
    for indices in named.values():
        if len(indices) > 1:
            for index in set[int]().union(*indices):
                draft.keep(index, "the same thing has another name in the record")
