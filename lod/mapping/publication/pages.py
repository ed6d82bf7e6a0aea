"""First and last page, page ranges, article numbers (rule P2)."""

from __future__ import annotations

import re

from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.publication.position import only_value
from lod.mapping.waiting import Slot, slot_of
from lod.rdf.claims import literal

_RANGE = re.compile(
    r"(?P<start>[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+)\s*(?:-{1,2}|–|—|‐|‑|−)\s*(?P<end>[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+)"
)
# Cell 185 has an article on pages 4082 to 4098 and e22 of its appendix.
_APPENDED = re.compile(r"(?P<start>\d{1,8})\s?[-–]\s?(?P<end>\d{1,8})[-–.,]\s?e?\d{1,4}")
_SEVERAL = re.compile(r"\w{1,12}(?:[-–]\w{1,12}){2,9}")
_PREFIXED = re.compile(r"(?P<prefix>[A-Za-z]{0,3})(?P<number>\d+)")
_PAGE_LABEL = re.compile(r"^(?:pages?|pp?|s)\.?\s+(?=\S)|^pp?\.(?=\d)", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"e\d+|\d{6,}|e\d{5}-\d\d", re.IGNORECASE)
_LONGEST_PAGE = 12


def take_page(draft: Draft, rule: Rule, index: int) -> None:
    """Let a first or last page wait (rule P2)."""
    pages = draft.waiting.pages
    slot = slot_of(rule, {"start": pages.start, "end": pages.end})
    slot.append((index, collapse(draft.record.values[index].text)))


def state_pages(draft: Draft) -> None:
    start, end = _page(draft, draft.waiting.pages.start), _page(draft, draft.waiting.pages.end)
    if end and (pages := read_range(end[1])):
        draft.keep(end[0], "the whole page range stood in the field of the last page")
        start, end = start or (end[0], pages[0]), (end[0], pages[1])
    if start and (pages := read_range(start[1])):
        draft.keep(start[0], "the whole page range stood in the field of the first page")
        start, end = (start[0], pages[0]), end or (start[0], pages[1])
    terms, mirrors = draft.terms, draft.crosswalk.settings.mirrors
    if start and not end and is_article_number(start[1]):
        draft.add(draft.item, terms["fabio:hasElectronicArticleIdentifier"], literal(start[1]), start[0])
        return
    if start and end:
        full = expanded_page(start[1], end[1])
        if full != end[1]:
            draft.keep(end[0], "the abbreviated last page was written out")
            end = (end[0], full)
    for page, property_, mirror in (
        (start, "bibo:pageStart", "prism:startingPage"),
        (end, "bibo:pageEnd", "prism:endingPage"),
    ):
        if page:
            draft.add(draft.item, terms[property_], literal(page[1]), page[0])
            if mirrors:
                draft.add(draft.item, terms[mirror], literal(page[1]), page[0])
    if start and end:
        draft.add(draft.item, terms["bibo:pages"], literal(f"{start[1]}-{end[1]}"), start[0], end[0])
        if mirrors:
            draft.add(draft.item, terms["prism:pageRange"], literal(f"{start[1]}-{end[1]}"), start[0], end[0])


def _page(draft: Draft, slot: Slot) -> tuple[int, str] | None:
    found = only_value(draft, slot, "several-pages", "page number")
    if not found:
        return None
    index, text = found
    page = bare_page(text)
    if _SEVERAL.fullmatch(page) and read_range(page) is None:
        message = "More than two numbers stand in the field of a page; they were kept verbatim. Write one page in each of the two page fields."
        draft.weaken(index, "C12", message)
        return None
    draft.keep_unless(page, index, "the label before the page was taken off")
    return index, page


def bare_page(text: str) -> str:
    """Return a page number, or a range of them, without its label: "p. 1423" is "1423"."""
    return _PAGE_LABEL.sub("", text).strip(" .,;") or text


def is_article_number(page: str) -> bool:
    """Return whether a first page is in fact the number of an article that has no pages."""
    return _ARTICLE_NUMBER.fullmatch(page) is not None


def read_range(text: str) -> tuple[str, str] | None:
    """Return first and last page of a range as written, None where the text is none."""
    if match := None if is_article_number(text) else _RANGE.fullmatch(text):
        return match["start"], match["end"]
    appended = _APPENDED.fullmatch(text)
    # "117-6-238" is an article of 6 pages, or something else: not pages 117 to 6.
    if appended is None or int(appended["start"]) >= int(appended["end"]):
        return None
    return appended["start"], appended["end"]


def expanded_page(start: str, end: str) -> str:
    """Return a last page in full: 1423 and "9" give "1429", e659 and "60" give "e660", 1423 and "1429" stay (rule P2)."""
    first = _PREFIXED.fullmatch(start)
    if len(start) > _LONGEST_PAGE or first is None or not end.isdecimal():
        return end
    number = first["number"]
    if len(end) < len(number) and int(end) < int(number):
        return start[: len(start) - len(end)] + end
    return first["prefix"] + end if len(end) >= len(number) else end
