"""Items that are a serial themselves: how often they appear, and no parts (MODEL 6.10, C08)."""

from __future__ import annotations

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.types import SERIALS
from lod.mapping.values.iris import name_key
from lod.rdf.claims import Iri


def take_frequency(draft: Draft, rule: Rule, index: int) -> None:
    """Let the frequency wait: it is a fact about a serial, or about a collection."""
    draft.waiting.frequency.append((index, draft.text(index, paragraphs=False)))


def state_frequency(draft: Draft, classes: set[Iri]) -> None:
    """State how often the item appears when it is a serial; of anything else the field describes a collection (MODEL 6.10)."""
    serial = classes & {draft.terms[name] for name in SERIALS}
    for index, text in draft.waiting.frequency:
        if not serial:
            draft.keep(index, "it describes a collection, not the item")
            continue
        node = draft.text_node(f"frequency-{name_key(text)}", draft.terms["dcterms:Frequency"], text, index)
        draft.add(draft.item, draft.terms["dcterms:accrualPeriodicity"], node, index)


def leave_parts(draft: Draft, classes: set[Iri]) -> None:
    """Keep the parts of a periodical verbatim only: BIBO makes whatever a periodical has as part an issue (C08)."""
    if not classes & {draft.terms[name] for name in SERIALS}:
        return
    prefix = f"{draft.item} {draft.terms['dcterms:hasPart']} "
    for line in [line for line in draft.claims if line.startswith(prefix)]:
        for index in draft.claims.pop(line):
            draft.keep(index, "a periodical has no stated parts; its articles point to it")
