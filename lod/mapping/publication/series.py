"""The series of the item or of its book, and the number in it (MODEL section 12)."""

from __future__ import annotations

import re

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.types import SERIALS
from lod.mapping.publication.serials import state_issns
from lod.mapping.values.iris import hash16
from lod.mapping.waiting import Issns
from lod.rdf.claims import Iri, Term, literal

BOOK_PARTS = ("bibo:Chapter", "bibo:BookSection", "bibo:DocumentPart", "bibo:Excerpt")


def take_series(draft: Draft, rule: Rule, index: int) -> None:
    """Let a series wait: title, and after the last semicolon the number."""
    draft.waiting.series.append((index, draft.text(index, paragraphs=False)))


def state_series(draft: Draft, classes: set[Iri], serial: Iri | None) -> None:
    terms = draft.terms
    in_book = bool(classes & {terms[name] for name in BOOK_PARTS})
    several = draft.waiting.series
    ambiguous = len(several) > 1 and any(split_series(text)[1] for _, text in several)
    for index, text in several:
        title, number = split_series(text)
        if not title:
            draft.weaken(index, "series", "The series has no title before its semicolon; write title;number.")
            continue
        has_issns = serial is None and len(several) == 1 and not classes & {terms[name] for name in SERIALS}
        issns = draft.waiting.issns if has_issns else Issns()
        series = draft.node("serial", issns.key() or f"n-{hash16(title)}")
        if series == serial or ambiguous:
            draft.keep(index, "the number of one series among several, or the series is the journal itself")
        draft.typed(series, "bibo:Series", index)
        draft.typed(series, "fabio:Series", index)
        draft.add(series, terms["dcterms:title"], literal(title), index)
        state_issns(draft, series, issns)
        if not in_book:
            draft.add(draft.item, terms["dcterms:isPartOf"], series, index)
            if number:
                draft.add(draft.item, terms["bibo:number"], literal(number), index)
            continue
        # BIBO allows a part of a book one container only: the series is the book's (MODEL section 12).
        host = _host_of(draft) or _plain_host(draft, index)
        draft.add(host, terms["dcterms:isPartOf"], series, index)
        if number:
            draft.add(host, terms["bibo:number"], literal(number), index)


def split_series(text: str) -> tuple[str, str]:
    """Return title and number of a series: what follows the last semicolon, or volume and issue such as "5:1" at the end."""
    title, semicolon, number = (part.strip() for part in text.rpartition(";"))
    if semicolon:
        return title, number
    match = _VOLUME_AND_ISSUE.search(text)
    title = text[: match.start()] if match else ""
    return (title, match["number"]) if match and "\n" not in title and _LETTER.search(title) else (text, "")


_VOLUME_AND_ISSUE = re.compile(r",?(?<!\s)\s++(?P<number>\d{1,4}:\d{1,4})\Z")
_LETTER = re.compile(r"[^\W\d]")


def _host_of(draft: Draft) -> Iri | None:
    prefix = f"{draft.item} {draft.terms['dcterms:isPartOf']} "
    return next((Iri(Term(line[len(prefix) : -2])) for line in draft.claims if line.startswith(prefix)), None)


def _plain_host(draft: Draft, index: int) -> Iri:
    host = draft.part("host")
    for name in ("bibo:Book", "fabio:Book"):
        draft.typed(host, name, index)
    draft.link_whole(host, index)
    return host
