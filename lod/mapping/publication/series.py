"""The series of the item or of its book, and the number in it (MODEL section 12)."""

from __future__ import annotations

import re

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.publication.serials import IN_SERIALS, series_has_issns, split_series, state_issns
from lod.mapping.values.iris import hash16
from lod.mapping.waiting import Issns
from lod.rdf.claims import Iri, Term, literal

VOLUME = re.compile(r"vol(?:ume)?\.?\s?(\d{1,4})(?:, ?[^\d,]{0,10}\d{4})?", re.IGNORECASE)
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
        numbered = False
        if not title:
            if number and not in_book:
                draft.add(draft.item, terms["bibo:number"], literal(number), index)
            draft.weaken(index, "series", "The series has no title before its semicolon; write title;number.")
            continue
        if serial is None and not in_book and not draft.waiting.volume and (volume := VOLUME.fullmatch(number)):
            draft.waiting.volume.append((index, volume[1]))
            draft.keep(index, "the number in the series is that of a volume")
            number, numbered = "", True
        series = _series(draft, title, index, classes, serial, numbered=numbered)
        if series == serial or ambiguous:
            draft.keep(index, "the number of one series among several, or the series is the journal itself")
        # BIBO allows a part of a book one container only: the series is the book's (MODEL section 12).
        part = (_host_of(draft) or _plain_host(draft, index)) if in_book else draft.item
        draft.add(part, terms["dcterms:isPartOf"], series, index)
        if number:
            draft.add(part, terms["bibo:number"], literal(number), index)


def _series(draft: Draft, title: str, index: int, classes: set[Iri], serial: Iri | None, *, numbered: bool) -> Iri:
    """State a series, with the ISSNs of the record where they are its own, and return its encoded IRI; `numbered`: it has volumes."""
    terms = draft.terms
    issns = draft.waiting.issns if series_has_issns(draft, classes, serial) else Issns()
    series = draft.node("serial", issns.key() or f"n-{hash16(title)}")
    # The series of an article that has the number of a journal, or volumes, may be one: other records call it so.
    in_serial = terms["fabio:ConferencePaper"] not in classes and bool(classes & {terms[name] for name in IN_SERIALS})
    is_journal = in_serial and (numbered or bool(issns.key()))
    for name in ("bibo:Periodical", "fabio:Periodical") if is_journal else ("bibo:Series", "fabio:Series"):
        draft.typed(series, name, index)
    draft.add(series, terms["dcterms:title"], literal(title), index)
    state_issns(draft, series, issns)
    return series


def _host_of(draft: Draft) -> Iri | None:
    prefix = f"{draft.item} {draft.terms['dcterms:isPartOf']} "
    return next((Iri(Term(line[len(prefix) : -2])) for line in draft.claims if line.startswith(prefix)), None)


def _plain_host(draft: Draft, index: int) -> Iri:
    host = draft.part("host")
    for name in ("bibo:Book", "fabio:Book"):
        draft.typed(host, name, index)
    draft.link_whole(host, index)
    return host
