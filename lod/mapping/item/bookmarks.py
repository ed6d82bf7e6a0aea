"""Counts of bookmarks (MODEL section 15)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft, integer
from lod.mapping.values.iris import name_key
from lod.rdf.claims import checked_iri


def take_bookmarks(draft: Draft, rule: Rule, index: int) -> None:
    """State how often a service's users have bookmarked the item (MODEL section 15)."""
    value = draft.record.values[index]
    if not re.fullmatch(r"\d{1,15}", value.text.strip(), re.ASCII):
        raise BadValueError("no number of bookmarks")
    service = value.field.rpartition(".")[2]
    terms = draft.terms
    node = draft.part(f"stat-{name_key(service)}-bookmarks")
    draft.add(draft.item, rule.property, node, index)
    draft.typed(node, "schema:InteractionCounter", index)
    draft.add(node, terms["schema:interactionType"], terms["schema:BookmarkAction"], index)
    draft.add(node, terms["schema:userInteractionCount"], integer(int(value.text)), index)
    draft.keep_unless(str(int(value.text)), index, "written as a plain number")
    draft.add(node, terms["schema:interactionService"], checked_iri(rule.options["service"]), index)
