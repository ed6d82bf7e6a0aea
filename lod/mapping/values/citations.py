"""Citation sentences: journal, volume, issue, pages and year, where they can be read without a guess (rule C1).

A citation that holds the title of the record is read after the title; one without it only where the whole of it is a
journal with its numbers. Every part is a piece of the text, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.long_texts import collapse
from lod.record import Value

LONGEST = 3_000
_SHORTEST_TITLE = 12
TITLE_FIELDS = frozenset({"dc.title", "dcterms.title"})
CITATION_FIELDS = frozenset({"dc.identifier.citation", "dcterms.bibliographicCitation"})


def title_among(values: Iterable[Value]) -> str:
    """Return the first title of a record, "" for none."""
    return next((value.text for value in values if value.field in TITLE_FIELDS), "")


@dataclass(frozen=True, slots=True)
class Citation:
    """The parts of a citation, each "" where it names none. `titled`: it holds the title of the record."""

    journal: str = ""
    volume: str = ""
    issue: str = ""
    start: str = ""
    end: str = ""
    year: str = ""
    titled: bool = False


def read_citation(text: str, title: str = "") -> Citation | None:
    """Return what a citation says, None where it is none or leaves a doubt.

    A reference to another work looks like a citation of the record unless the title is in it: callers
    look at `titled`.
    """
    tidy = collapse(text)
    if len(tidy) > LONGEST:
        return None
    tidy = _LEAD.sub("", tidy)
    at = _end_of_title(tidy, title)
    tail = _EDITED.sub("", tidy[at:].lstrip(" .,;:?!\"'”’»)")) if at else tidy
    tail = _TRAILER.sub("", tail).rstrip(" .,;")
    for form in _FORMS:
        match = form.fullmatch(tail)
        if match is None:
            continue
        found = {name: part or "" for name, part in match.groupdict().items()}
        journal = _with_its_stop(tail, *match.span("journal"))
        numbers = [found.get(name) for name in ("volume", "issue", "start", "year")]
        # One number beside a name may be anything: a box, a report, an article number.
        if (
            _is_journal(journal, alone=not at)
            and not _YEAR.fullmatch(found.get("volume", ""))
            and sum(map(bool, numbers)) > 1
            and (at or found.get("start") or found.get("year"))
        ):
            return Citation(**{**found, "journal": journal}, titled=bool(at))
    return None


def holds_title(text: str, title: str) -> bool:
    """Return whether a sentence holds the title of the record: then it speaks of the record itself."""
    return bool(_end_of_title(collapse(text), title))


def _end_of_title(text: str, title: str) -> int:
    """Return where the title ends in the text, 0 where it is not in the text, or too short to be sure."""
    known = _compared(collapse(title).rstrip(" .?!"))
    if len(known) < _SHORTEST_TITLE:
        return 0
    start = _compared(text).find(known)
    return start + len(known) if start >= 0 else 0


_ALIKE = str.maketrans("‘’‛'`“”„‟‐‑‒–—−", '"""""""""------')


def _compared(text: str) -> str:
    # Letter for letter, so that a place in the compared text is the same place in the text.
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text.translate(_ALIKE))


def _is_journal(name: str, *, alone: bool) -> bool:
    if not 2 <= len(name) <= 120 or not _CAPITAL.match(name) or _NO_JOURNAL.search(name):
        return False
    return not alone or (len(name.split()) <= 12 and not _PEOPLE.search(name))


def _with_its_stop(text: str, start: int, end: int) -> str:
    """Return a piece of text without outer punctuation, but with the full stop of an abbreviation: "Phys. Rev. Lett."."""
    bare = text[start:end].strip(" .,:;")
    at = text.index(bare, start) + len(bare) if bare else end
    return text[at - len(bare) : at + 1] if _ABBREVIATED.search(text[start:at] + text[at : at + 1]) else bare


_LEAD = re.compile(r"^(?:citation|source|published in|originally published in|in)\s*:\s*", re.IGNORECASE)
_EDITED = re.compile(r"^Edited by .{3,80}?[^\W\d_]{2}\. ")
_TRAILER = re.compile(
    r"(?<![\s.,;:(<])[\s.,;:(<]*+(?:\b(?:e?issn|isbn|doi|available|copyright|article id|print|web|epub|url)\b|©|https?://|www\.|\[?doi:|10\.\d{4,9}/).*$",
    re.IGNORECASE | re.DOTALL,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_CAPITAL = re.compile(r"[^\W\d_]")
_ABBREVIATED = re.compile(r"(?:^|[\s.])[^\W\d_]{1,9}\.$")
# "In: …" is a book; quotation marks hold a title; these words are no journal by themselves.
_NO_JOURNAL = re.compile(
    r"^In\b|[\"“”«»<>@]|https?:|\bet al\b|\b(?:eds?|thesis|dissertation|university press|proceedings of the .{0,120}conference)\b"
    r"|^(?:vol|volume|no|issue|pp?|part|report|working papers?|technical report|chapter)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(?:^|[\s,&])(?:[A-Z]\.[\s-]?){1,4}[A-Z][\w'’-]+,"  # A. B. Name,
    r"|^[A-Z][\w'’-]+,?\s+(?:[A-Z]\.?[\s-]?){1,4}(?:[,.;:&]|\sand\b)"  # Name AB, / Name, A. B.
    r"|^[A-Z][\w'’-]+,\s+[A-Z][\w'’-]+(?:\s[A-Z]\.?)?[.,]\s"  # Name, Given.
)

_J = r"(?P<journal>[^\d\"“”;()\[\]]{2,160}?)"
_V = r"(?:[Vv]ol(?:ume|\.)?\s?|[Vv]\.\s?|[Bb]d\.?\s)?(?P<volume>[A-Z]?\d{1,4}[A-Za-z]?)"
_N = r"(?:[Nn]o|[Nn]r|[Nn]|[Ii]ssue|[Ii]ss)\.?\s?"
_MONTH = r"(?:[A-Z][a-z]+\.?(?:[-–/][A-Z][a-z]+)?\s(?:\d{1,2},?\s)?)?"
_Y = r"(?P<year>(?:1[5-9]|20)\d\d)"
_YP = rf"\({_MONTH}{_Y}\)"
_PAGE = r"[A-Za-z]{0,3}\d{1,8}[A-Za-z]?"
_P = rf"(?:pp?\.?\s?)?(?P<start>{_PAGE})(?:\s?(?:-{{1,2}}|–|—|‐|‑|−)\s?(?P<end>{_PAGE}))?"
_ISSUES = (
    rf"\s?\((?:{_N})?(?P<issue>(?!(?:1[5-9]|20)\d\d\))\w[\w./ –-]{{0,18}})\)",
    rf"[,:]?\s?{_N}(?P<issue>\d[\w/–-]{{0,9}})",
    r"\.(?P<issue>\d{1,3})",
)
# One way of writing a citation a row; ISSUE is replaced by each way of writing the issue.
_WAYS = (
    rf"{_J}[\s,.:]++{_V}(?:ISSUE)?\s?(?:{_YP})?(?:(?:\s?[:,]\s?|\.\s){_P})?",  # Journal 12(3) (2010): 45-67
    rf"{_J}[,.]?\s{_Y}[,;:]?\s?{_V}(?:ISSUE)?(?:[:,.]?\s?{_P})?",  # Journal, 2010, 12 (3), pp. 45 - 67
    rf"{_J}\s{_V}(?:ISSUE)?,\s?{_P}\s?{_YP}",  # Phys. Rev. A 87, 013814 (2013)
    rf"{_J}[\s:,]++{_V}\s?{_YP}(?:,?\s?ISSUE)?,?\s(?:art\.\s)?{_P}",  # Class. Quantum Grav. 32 (2015) 025013
    rf"{_J}{_V}:{_P},{_Y}",  # J.Math.Phys.51:054102,2010
    rf"{_J}\s?;\s{_V},?(?:\sISSUE)?\s{_YP}(?:[;:,]\s{_P})?",  # Journal ; vol. 68 no. 3-4 (2015)
    rf"{_J}\s?;ISSUE\s?{_YP}(?:[;:,]\s{_P})?",  # Journal ; no. 60 (2015)
)
_FORMS = tuple(re.compile(way.replace("ISSUE", issue)) for way in _WAYS for issue in _ISSUES)
