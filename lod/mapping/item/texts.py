"""Texts: titles, abstracts, labels, and what is published verbatim or not at all (rules T1 and X1)."""

from __future__ import annotations

import re

from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.links import MEDIA_TYPE, MEDIA_TYPES
from lod.mapping.values.iris import name_key
from lod.rdf.claims import iri, literal
from lod.report import Severity


def take_text(draft: Draft, rule: Rule, index: int) -> None:
    """State the text with its language tag (rule T1)."""
    text = draft.text(index)
    draft.add(draft.item, rule.property, literal(text, language=draft.tag(index, text)), index)


def take_plain(draft: Draft, rule: Rule, index: int) -> None:
    """State the text without a language tag: citations, codes."""
    draft.add(draft.item, rule.property, literal(draft.text(index, paragraphs=False)), index)


def take_title(draft: Draft, rule: Rule, index: int) -> None:
    """State the first title in each language; a second one in the same language is an alternative (I02)."""
    text = draft.text(index, paragraphs=False)
    tag = draft.tag(index, text)
    title = literal(text, language=tag)
    if draft.titled.get(tag) == title:
        # The same title again, from the twin field: one claim, two values.
        draft.add(draft.item, rule.property, title, index)
        return
    if tag in draft.titled:
        draft.add(draft.item, draft.terms["dcterms:alternative"], title, index)
        message = "A second title in the same language was published as an alternative title; give it its own language or move it."
        draft.note("I02", Severity.WARNING, message, index)
        return
    draft.titled[tag] = title
    draft.add(draft.item, rule.property, title, index)


_PAGES = re.compile(r"(\d{1,5})\s*(?:pp?\.?|pages?|s\.|seiten)", re.IGNORECASE)


def take_format(draft: Draft, rule: Rule, index: int) -> None:
    """State a media type by its IRI, any other format as a node with its text (rule X1)."""
    text = collapse(draft.record.values[index].text)
    if MEDIA_TYPE.fullmatch(text):
        draft.add(
            draft.item,
            rule.property,
            iri(f"{MEDIA_TYPES}{text.lower()}"),
            index,
        )
        draft.keep_unless(text.lower(), index, "written in lower case")
        return
    take_label(draft, rule, index)
    draft.keep(index, "the format is known as text only")


def take_label(draft: Draft, rule: Rule, index: int) -> None:
    """State a thing known as text: a node with the class of the rule and the text as its label (rule X2)."""
    text = draft.text(index, paragraphs=False)
    name = rule.property[1:-1].rsplit("/", 1)[-1].lower()
    class_ = rule.term("class") or draft.terms["dcterms:MediaTypeOrExtent"]
    draft.add(draft.item, rule.property, draft.text_node(f"{name}-{name_key(text)}", class_, text, index), index)
    pages = _PAGES.fullmatch(text) if name == "extent" else None
    if pages:
        draft.add(draft.item, draft.terms["bibo:numPages"], literal(pages[1]), index)


def take_withheld(draft: Draft, rule: Rule, index: int) -> None:
    """Publish nothing of the value but the name of its field (MODEL section 19)."""
    draft.withhold(index, rule.options.get("why", "personal data"))


def take_system(draft: Draft, rule: Rule, index: int) -> None:
    """Leave out a field by which the repository's software runs itself; not even its name is published."""
    draft.withhold(index, "a system field of the repository's software", named=False)


def take_kept(draft: Draft, rule: Rule, index: int) -> None:
    """Keep the value verbatim on the record, on purpose."""
    draft.keep(index, rule.note or "kept verbatim by its rule")
