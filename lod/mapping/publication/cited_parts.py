"""What citations add to a record: journal, volume, issue, pages and year that no field gives (rule C1).

What is in the fixed form of a known program is read. What a sentence says is guessed, unless a field names the same
journal: then the field confirms it. A journal that is only guessed is a text of the item, and joins no serial.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.draft import Draft, Guess
from lod.mapping.item.types import SERIALS
from lod.mapping.publication.article_numbers import with_article_number
from lod.mapping.publication.serials import is_cited_series
from lod.mapping.publication.series import BOOK_PARTS
from lod.mapping.values.citation_forms import Citation, read_elements_form, read_eprints_book, read_issue_form
from lod.mapping.values.citations import (
    CITATION_FIELDS,
    LONGEST,
    cited_doi,
    doi_behind_title,
    holds_title,
    is_same_journal,
    read_citation,
    read_note,
    title_among,
)
from lod.mapping.values.dates import G_YEAR
from lod.mapping.values.identifiers import read_isbn, read_issn
from lod.mapping.waiting import Slot
from lod.rdf.claims import Iri, literal
from lod.report import Severity

_ARTICLES = ("bibo:AcademicArticle", "bibo:Article")
_ANY_TEXT = ("bibo:Document", "bibo:Manuscript", "dcmitype:Text", "fabio:Expression", "fabio:Preprint")
_NOTES = frozenset({"dc.description", "dcterms.description"})
_Cited = tuple[int, Citation]


def fill_from_citation(draft: Draft, classes: set[Iri]) -> None:
    """Let citations give what no field gives; one that contradicts a field gives nothing."""
    _take_journal_among_series(draft, classes)
    _take_cited_book(draft, classes)
    _take_place_in_digital_commons(draft)
    found = _citations(draft, classes)
    if not found or _contradicts(draft, found[0][1]):
        return
    _take_parts(draft, *found[0])
    for index, other in found[1:]:
        _add_translation(draft, index, other)


def _take_parts(draft: Draft, position: int, cited: Citation) -> None:
    cited = with_article_number(cited, [value.text for value in draft.record.values if len(value.text) <= LONGEST])
    is_sure = bool(cited.program) or _is_confirmed(draft, cited)
    origin = position if is_sure else Guess(position)
    if is_sure:
        draft.confirm(position)
    draft.waiting.cited_journal = cited.journal
    draft.waiting.in_serial = bool(cited.program)
    taken = _fill_slots(draft, cited, origin)
    if cited.number and not draft.waiting.pages.start and _state_number(draft, cited.number, origin):
        taken.append("number of the article")
    if cited.journal and not is_sure and not draft.waiting.container and not is_cited_series(draft):
        draft.add(draft.item, draft.terms["prism:publicationName"], literal(cited.journal), origin)
        taken.insert(0, "journal")
    if cited.year and _state_year(draft, cited.year, origin):
        taken.append("year")
    if taken:
        sure = f"the form of {cited.program}" if cited.program else "confirmed" if is_sure else "a guess"
        _say(draft, position, f"{', '.join(taken)}: taken from it ({sure}), since no field gives them")
        message = "Parts that no field gives were taken from the citation; lod explain names them. Give them fields of their own."
        draft.note("C1", Severity.INFO, message, position)


def _say(draft: Draft, index: int, why: str) -> None:
    """Note that parts of a value were read, beside what is known of it."""
    draft.read_in_part.add(index)
    state = draft.states[index]
    state.why = "; ".join(filter(None, (state.why, why)))


def _texts(draft: Draft, fields: frozenset[str]) -> list[tuple[int, str]]:
    """Return the values of some fields that are not withheld, with their positions."""
    values = enumerate(draft.record.values)
    return [
        (index, value.text) for index, value in values if value.field in fields and not draft.states[index].withheld
    ]


def _fill_empty(index: int, *parts: tuple[str, Slot]) -> None:
    """Put each part of a value into its slot, unless that has one."""
    for part, slot in parts:
        if part and not slot:
            slot.append((index, part))


def take_cited_doi(draft: Draft, classes: set[Iri]) -> None:
    """Guess that the DOI behind the title in the citation of an article is its own, where no field gives one.

    The data behind an article are often cited by it: their citation says nothing of their own DOI.
    """
    if draft.identifiers.get("doi") or not _is_article(draft, classes):
        return
    title = title_among(draft.record.values)
    fields = _texts(draft, CITATION_FIELDS)
    for index, text in fields:
        doi = doi_behind_title(text, title)
        if not doi and len(fields) == 1 and index in draft.read_in_part:
            doi = cited_doi(text)  # of the one citation that the place of the article was taken from
        if doi:
            draft.identifiers["doi"].append((Guess(index), doi))
            _say(draft, index, "DOI: taken from it (a guess), since no field gives one")
            return


def _take_journal_among_series(draft: Draft, classes: set[Iri]) -> None:
    """Take a journal with volume and issue out of the series of an article: "Journal of Examples;Vol. 57, no 1"."""
    waiting = draft.waiting
    if waiting.container or len(waiting.series) != 1 or not _is_article(draft, classes):
        return
    index, text = waiting.series[0]
    cited = read_issue_form(text)
    if cited is None or not (cited.volume and cited.issue):
        return
    waiting.series.clear()
    waiting.container.append((index, cited.journal))
    _fill_empty(
        index,
        (cited.volume, waiting.volume),
        (cited.issue, waiting.issue),
        (cited.start, waiting.pages.start),
        (cited.end, waiting.pages.end),
    )
    draft.keep(index, "a journal with volume and issue, in the field of a series")
    draft.read_in_part.add(index)


def _take_cited_book(draft: Draft, classes: set[Iri]) -> None:
    """Take the book around a chapter, with its series, ISBN, volume and the pages of the chapter, out of a citation by EPrints."""
    waiting = draft.waiting
    if waiting.container or waiting.host.title or not any(draft.terms[name] in classes for name in BOOK_PARTS):
        return
    title = title_among(draft.record.values)
    for index, text in _texts(draft, CITATION_FIELDS):
        cited = read_eprints_book(text) if holds_title(text, title) else None
        if cited is None:
            continue
        draft.confirm(index)
        draft.read_in_part.add(index)
        _fill_empty(
            index,
            (cited.book, waiting.host.title),
            (f"{cited.series};{cited.number}" if cited.series else "", waiting.series),
            (cited.volume, waiting.volume),
            (cited.start, waiting.pages.start),
            (cited.end, waiting.pages.end),
        )
        if cited.article:
            _state_number(draft, cited.article, index)
        with suppress(BadValueError):
            waiting.host.isbn.append((index, read_isbn(cited.isbn)))
        draft.keep(
            index, "the book, its series and the pages: taken from it (the form of EPrints), since no field gives them"
        )
        return


DIGITAL_COMMONS = re.compile(
    r"https?://[^\s/]{1,200}/(?:[^\s?]{0,200}/)?vol(\d{1,4})/iss(\d{1,4})/\d{1,4}/?", re.IGNORECASE
)


def _take_place_in_digital_commons(draft: Draft) -> None:
    """Take volume and issue out of the address of an article of a journal on Digital Commons: "…/jlsc/vol3/iss1/1".

    Source: bepress, Digital Commons: the addresses of its journals, and only theirs, have the number of volume and issue.
    """
    waiting = draft.waiting
    if not waiting.container or draft.is_guess(waiting.container[0][0]):
        return
    for index, value in enumerate(draft.record.values):
        match = DIGITAL_COMMONS.fullmatch(value.text.strip())
        if match and value.field.startswith(("dc.identifier", "dcterms.identifier")):
            _fill_empty(index, (match[1], waiting.volume), (match[2], waiting.issue))
            draft.read_in_part.add(index)
            return


def _citations(draft: Draft, classes: set[Iri]) -> list[_Cited]:
    """Return the citations to read: all of one issue in the form of a program, else one sentence about an article.

    Of several sentences none is read unless it holds the title.
    """
    if any(draft.terms[name] in classes for name in SERIALS):
        return []
    fields = _texts(draft, CITATION_FIELDS)
    found = _read(draft, fields)
    if _is_in_book(draft, classes):
        # Hosts are written in too many ways; what is behind the title that a field gives of it is the place in it.
        return [(index, replace(cited, program="")) for index, cited in found[:1] if _is_confirmed(draft, cited)]
    if not fields:
        found = [(index, cited) for index, text in _texts(draft, _NOTES) if (cited := read_note(text))]
    in_forms = [pair for pair in found if pair[1].program]
    if in_forms:
        first = in_forms[0][1]
        return [pair for pair in in_forms if _position(pair[1]) == _position(first)]
    if not _is_article(draft, classes):
        return []
    titled = [pair for pair in found if pair[1].titled]
    return titled[:1] or (found if len(found) == len(fields) == 1 else [])


def _read(draft: Draft, fields: list[tuple[int, str]]) -> list[_Cited]:
    """Read citations; those of Symplectic Elements, a name and a year, where there are no others and a field confirms them."""
    title = title_among(draft.record.values)
    found = [(index, cited) for index, text in fields if (cited := read_citation(text, title))]
    if found:
        return found
    in_elements = ((index, cited) for index, text in fields if (cited := read_elements_form(collapse(text))))
    return [(index, cited) for index, cited in in_elements if _is_confirmed(draft, cited)]


def _position(cited: Citation) -> tuple[str, str, str]:
    return cited.volume, cited.issue, cited.start or cited.number


def _is_article(draft: Draft, classes: set[Iri]) -> bool:
    terms = draft.terms
    if classes and classes <= {terms[name] for name in _ANY_TEXT}:
        return True  # "text" may be an article, and what is guessed of it is stated of the item only
    return not classes.isdisjoint(terms[name] for name in _ARTICLES) and terms["fabio:ConferencePaper"] not in classes


def _is_in_book(draft: Draft, classes: set[Iri]) -> bool:
    return any(draft.terms[name] in classes for name in (*BOOK_PARTS, "fabio:ConferencePaper"))


def _is_confirmed(draft: Draft, cited: Citation) -> bool:
    known = [text for origin, text in draft.waiting.container if not draft.is_guess(origin)]
    return any(is_same_journal(text, cited.journal) for text in known)


def _fill_slots(draft: Draft, cited: Citation, origin: int) -> list[str]:
    """Put the parts of a citation into the slots that no field has filled; return what was taken."""
    waiting, pages = draft.waiting, draft.waiting.pages
    no_serial = isinstance(origin, Guess) or (bool(waiting.series) and not cited.program)
    has_pages = bool(pages.end) or not cited.start
    taken = []
    for name, part, slot, superfluous in (
        ("journal", cited.journal, waiting.container, no_serial),
        ("volume", cited.volume, waiting.volume, False),
        ("issue", cited.issue, waiting.issue, False),
        ("title of the issue", cited.issue_title, waiting.issue_title, False),
        ("pages", cited.start, pages.start, has_pages),
        ("pages", cited.end, pages.end, has_pages),
    ):
        if part and not slot and not superfluous:
            slot.append((origin, part))
            taken.append(name)
    if cited.issn and not any(waiting.issns.all()):
        try:
            waiting.issns.printed.append((origin, read_issn(cited.issn)))
            taken.append("ISSN")
        except BadValueError as fault:
            draft.keep(origin, f"its ISSN cannot be right: {fault}")
    return list(dict.fromkeys(taken))


def _add_translation(draft: Draft, index: int, cited: Citation) -> None:
    """Add what the same citation in another language says: the titles of journal and issue."""
    waiting = draft.waiting
    for text, first, slot in (
        (cited.journal, waiting.container, waiting.translated),
        (cited.issue_title, waiting.issue_title, waiting.issue_title),
    ):
        if text and first and all(text != known for _, known in (*first, *slot)):
            slot.append((index, text))


def _contradicts(draft: Draft, cited: Citation) -> bool:
    waiting = draft.waiting
    parts = ((waiting.volume, cited.volume), (waiting.issue, cited.issue), (waiting.pages.start, cited.start))
    return any(
        text and slot and text.casefold() not in slot[0][1].replace("-", " ").casefold().split() for slot, text in parts
    )


def _has(draft: Draft, property_: Iri) -> bool:
    start = f"{draft.item} {property_} "
    return any(line.startswith(start) for line in draft.claims)


def _state_number(draft: Draft, number: str, origin: int) -> bool:
    property_ = draft.terms["fabio:hasElectronicArticleIdentifier"]
    if _has(draft, property_):
        return False
    draft.add(draft.item, property_, literal(number), origin)
    return True


def _state_year(draft: Draft, year: str, origin: int) -> bool:
    if _has(draft, draft.terms["dcterms:issued"]):
        return False
    for name in ("dcterms:issued", "fabio:hasPublicationYear"):
        draft.add(draft.item, draft.terms[name], literal(year, datatype=G_YEAR), origin)
    if draft.crosswalk.settings.mirrors:
        draft.add(draft.item, draft.terms["prism:publicationDate"], literal(year, datatype=G_YEAR), origin)
    return True
