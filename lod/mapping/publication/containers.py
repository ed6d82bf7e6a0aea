"""Where the item was published: a serial, a book, or something related (rule S1, MODEL section 12)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.types import SERIALS
from lod.mapping.publication.books import say_in_book, state_host, state_isbns
from lod.mapping.publication.pages import state_pages
from lod.mapping.publication.position import state_position
from lod.mapping.publication.serials import IN_SERIALS, leave_issns, state_serial
from lod.mapping.publication.series import BOOK_PARTS, state_series
from lod.mapping.resources.authorities import key_beside
from lod.mapping.resources.links import related_iri
from lod.mapping.values.citation_forms import YEAR
from lod.mapping.values.iris import hash8
from lod.rdf.claims import Iri, iri_text, literal


def take_container(draft: Draft, rule: Rule, index: int) -> None:
    """Let the name of the container wait: the journal, the book, something related, or a journal's abbreviation; an ISSN beside it too."""
    waiting = draft.waiting
    if _NUMBERING.fullmatch(draft.record.values[index].text.strip()):
        raise BadValueError("the numbers of a volume or an issue, and no title of what they are of; give the title")
    slot = waiting.abbreviation if rule.options.get("as") == "abbreviation" else waiting.container
    slot.append((index, draft.text(index, paragraphs=False)))
    if key := key_beside(draft, index, frozenset({"issn"})):
        waiting.issns.printed.append((index, key.value))


def assemble(draft: Draft, classes: set[Iri]) -> bool:
    """State the container of the item and its place in it; return whether it is a serial."""
    _state_guessed_journal(draft)
    sort = _sort(draft, classes)
    if sort == "serial":
        _take_numbers_apart(draft)
    serial = state_serial(draft, classes) if sort == "serial" else None
    if serial is None:
        leave_issns(draft, classes)
        for index, _ in draft.waiting.abbreviation:
            draft.keep(index, "no journal to give the abbreviation to")
    if sort == "host":
        state_host(draft, classes)
        say_in_book(draft, classes)
    else:
        state_isbns(draft, classes)
        if sort == "relation":
            _state_relations(draft)
    state_series(draft, classes, serial)
    state_position(draft, serial)
    state_pages(draft)
    return serial is not None


def _state_guessed_journal(draft: Draft) -> None:
    """State a journal that is only guessed as a text of the item: it joins no serial (docs/adr/0038)."""
    container = draft.waiting.container
    guessed = [pair for pair in container if draft.is_guess(pair[0])]
    container[:] = [pair for pair in container if not draft.is_guess(pair[0])]
    if container:
        for index, _ in guessed:
            draft.keep(index, "a guess, and a field names the container")
    elif guessed:
        index, title = guessed[0]
        draft.add(draft.item, draft.terms["prism:publicationName"], literal(title), index)
        draft.waiting.cited_journal = title


def _sort(draft: Draft, classes: set[Iri]) -> str:
    terms = draft.terms
    has_issn = any(draft.waiting.issns.all())
    if _is_in_host(draft, classes, has_issn=has_issn):
        return "host"
    if classes & {terms[name] for name in SERIALS}:
        return "relation"
    if not has_issn and any(_NUMBERED_EVENT.match(title) for _, title in draft.waiting.container[:1]):
        return "relation"
    if classes & {terms[name] for name in IN_SERIALS}:
        return "serial"
    return "serial" if draft.waiting.container and (has_issn or _is_in_periodical(draft)) else "relation"


def _is_in_host(draft: Draft, classes: set[Iri], *, has_issn: bool) -> bool:
    """Return whether an item is part of a book: its class or an ISBN says so, or it is a paper in no journal."""
    terms, waiting = draft.terms, draft.waiting
    if classes & {terms[name] for name in BOOK_PARTS}:
        return True
    if waiting.container and waiting.host.isbn:
        # An article of a volume and an issue with an ISSN is in a journal, whatever number is beside it.
        in_issue = has_issn and waiting.volume and waiting.issue
        return not (in_issue and terms["fabio:JournalArticle"] in classes)
    # The ISSN beside a series is that of the series.
    of_series = waiting.series and not (waiting.volume and waiting.issue)
    return terms["fabio:ConferencePaper"] in classes and bool(not has_issn or waiting.isbn or of_series)


def _take_numbers_apart(draft: Draft) -> None:
    """Let volume and issue behind the title of a journal wait as what they are: each volume would be a journal of its own."""
    waiting = draft.waiting
    for index, text in waiting.container[:1]:
        if match := _NUMBERS_BEHIND.fullmatch(text):
            waiting.container[0] = (index, match["title"])
            for slot, number in ((waiting.volume, match["volume"]), (waiting.issue, match["issue"] or match["alone"])):
                if number and not slot:
                    slot.append((index, number))
            draft.keep(index, "the numbers of volume and issue stand behind the title")


_NUMBERS_BEHIND = re.compile(
    r"(?P<title>[^\d;:()]{3,200}[^\W\d])[,.]?\s"
    r"(?:(?:vol(?:ume)?|bd|band|jg|т|том)\.?\s?(?P<volume>\d{1,4})(?:[,.;:]?\s?(?:no|nr|number|issue|iss|heft|№|n[°º])\.?\s?(?P<issue>\d{1,4}(?:[-/]\d{1,4})?))?"
    r"|(?:no|nr|heft|№|n[°º])\.?\s?(?P<alone>\d{1,4}))"
    rf"(?:,?\s\(?{YEAR}\)?)?\.?",
    re.IGNORECASE,
)
"""Title, volume and issue in one: "Journal of Examples, Vol. 38, No. 2 (2013)"."""
_NUMBERED_EVENT = re.compile(
    r"(?:the )?\d{1,3}(?:st|nd|rd|th)\b.{0,120}\b(?:conference|congress|symposium|workshop|meeting|colloquium)\b",
    re.IGNORECASE,
)
"""The name of one event, which is no journal: "23rd European Photovoltaic Solar Energy Conference and Exhibition"."""
_NUMBERING = re.compile(
    r"(?=.{0,40}\d)(?:(?:vol(?:ume)?|no|nr|n|issue|iss|bd|jg|heft|t|т|вып|том)\b\.?|№|n[°º]|#)(?:[\s\d().,:;/–-]|№|n[°º]|(?:no|nr|issue|heft|вып)\b\.?){1,40}",
    re.IGNORECASE,
)
"""The number of an issue in the place of a title: "№1(24) (2019)"."""
_PERIODICAL = re.compile(
    r"\b(?:journal|magazine|revista|revue|rivista|zeitschrift|tijdschrift|tidsskrift|tidskrift|časopis|журнал|dergisi)\b",
    re.IGNORECASE,
)
"""Words by which a title says that it is that of a periodical."""


def _is_in_periodical(draft: Draft) -> bool:
    """Return whether the place of an item says that its container is a periodical, or its title where the item has no type."""
    waiting = draft.waiting
    if waiting.in_serial or (waiting.volume and waiting.issue):
        return True
    return not waiting.types and bool(_PERIODICAL.search(waiting.container[0][1]))


def _state_relations(draft: Draft) -> None:
    for index, text in draft.waiting.container:
        target = related_iri(draft, text)
        if target is None:
            target = draft.text_node(f"rel-{hash8(text)}", draft.terms["bibo:Document"], text, index)
            draft.keep(index, "the container is known as text only")
        draft.keep_unless(iri_text(target), index, "written as the address that it leads to")
        draft.link_whole(target, index)
