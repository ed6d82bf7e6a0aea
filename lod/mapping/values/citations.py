"""Citation sentences: journal, volume, issue, pages and year, where they can be told (rule C1).

A citation that holds the title of the record is read after the title; one without it only where the whole of it is a
journal with its numbers. Every part is a piece of the text, letter by letter, and numbers are taken whole. What is taken
from a sentence is guessed; the fixed forms of known programs are read (`lod.mapping.values.citation_forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from lod.long_texts import collapse
from lod.mapping.values.citation_forms import (
    PAGES,
    Citation,
    read_eprints_form,
    read_escholarship_form,
    read_hub_form,
    read_issue_form,
    read_mel_form,
    read_zenodo_form,
)
from lod.mapping.values.text import folded
from lod.record import Value

LONGEST = 3_000
_SHORTEST_TITLE = 12
TITLE_FIELDS = frozenset({"dc.title", "dcterms.title"})
CITATION_FIELDS = frozenset({"dc.identifier.citation", "dcterms.bibliographicCitation"})


def title_among(values: Iterable[Value]) -> str:
    """Return the first title of a record, "" for none."""
    return next((value.text for value in values if value.field in TITLE_FIELDS), "")


def read_citation(text: str, title: str = "") -> Citation | None:
    """Return what a citation says, None where it is none or leaves a doubt.

    A reference to another work looks like a citation of the record unless the title is in it: callers
    look at `titled`.
    """
    tidy = collapse(text)
    if len(tidy) > LONGEST:
        return None
    tidy = _LEAD.sub("", tidy)
    start, at = _span_of_title(tidy, title)
    after = tidy[at:].lstrip(" .,;:?!\"'”’»)")
    if fixed := _in_fixed_form(tidy, tidy[:start], after if at else ""):
        return replace(fixed, titled=bool(at))
    tail = _EDITED.sub("", after) if at else tidy
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
            and (found.get("volume") == found.get("year") or not _YEAR.fullmatch(found.get("volume", "")))
            and sum(map(bool, numbers)) > 1
            and (at or found.get("start") or found.get("year"))
        ):
            return Citation(**{**_undoubted(found), "journal": journal}, titled=bool(at))
    return None


def _in_fixed_form(text: str, before: str, after: str) -> Citation | None:
    bare = text.rstrip(" .")
    found = read_issue_form(bare) or read_zenodo_form(bare) or read_hub_form(bare) or read_mel_form(bare)
    if after:
        found = found or read_eprints_form(before, after) or read_escholarship_form(before, after)
    return found if found and _is_journal(found.journal, alone=not after) else None


def _undoubted(found: dict[str, str]) -> dict[str, str]:
    """Leave out a long number in brackets with no pages after it, that of an issue or of the article, and a date in place of an issue."""
    issue = found.get("issue", "")
    doubtful = (len(issue) > 1 and issue.isdecimal() and not found.get("start")) or _DATE.search(issue)
    return {**found, "issue": ""} if doubtful else found


def holds_title(text: str, title: str) -> bool:
    """Return whether a sentence holds the title of the record: then it speaks of the record itself."""
    return bool(_span_of_title(collapse(text), title)[1])


def _span_of_title(text: str, title: str) -> tuple[int, int]:
    """Return where the title begins and ends in the text, 0 and 0 where it is not in the text, or too short to be sure."""
    known = _compared(collapse(title).rstrip(" .?!"))
    if len(known) < _SHORTEST_TITLE:
        quoted_whole = re.search(rf'"{re.escape(known)}[.,?!]?"', _compared(text)) if known else None
        return (quoted_whole.start() + 1, quoted_whole.start() + 1 + len(known)) if quoted_whole else (0, 0)
    start = _compared(text).find(known)
    if start >= 0:
        return start, start + len(known)
    quoted = _QUOTED.search(text)
    if quoted and SequenceMatcher(None, _compared(quoted[1]), known[:_LONGEST_TITLE], autojunk=False).ratio() > _SAME:
        return quoted.span(1)
    return 0, 0


def year_before_title(text: str, title: str) -> str:
    """Return the year that stands before the title of the record in a sentence: "Roe, A. (2013). Title …"; "" for none."""
    tidy = collapse(text)
    start, end = _span_of_title(tidy, title)
    match = _YEAR_BEFORE.search(tidy[:start]) if end else None
    return match[1] if match else ""


def names_journal(text: str, title: str, name: str) -> bool:
    """Return whether a name stands behind the title of the record in a sentence: the place of the journal."""
    tidy = collapse(text)
    end = _span_of_title(tidy, title)[1]
    after, known = _compared(tidy[end:]).lstrip(' .,;:?!"'), _compared(collapse(name))
    return bool(end) and len(known) > 2 and after.startswith(known) and not after[len(known) : len(known) + 1].isalnum()


def is_same_journal(one: str, other: str) -> bool:
    """Return whether two titles are those of one journal: but for case and marks, or words cut short ("Front. Syst. Neurosci.")."""
    first, second = _words(one), _words(other)
    if len(first) != len(second) or not first:
        return False
    pairs = list(zip(first, second, strict=True))
    return all(a.startswith(b) for a, b in pairs) or all(b.startswith(a) for a, b in pairs)


_SMALL_WORDS = frozenset(("a", "and", "de", "des", "du", "für", "in", "la", "of", "on", "the", "und", "y"))


def _words(title: str) -> list[str]:
    return [word for word in re.findall(r"\w+", folded(title)) if word not in _SMALL_WORDS]


_QUOTED = re.compile(r"[“\"]([^“”\"]{12,300})[”\"]")
_LONGEST_TITLE = 300
_SAME = 0.9
"""How alike a title in quotation marks and that of the record are, where the spelling differs ("neighbourhood")."""
_ALIKE = str.maketrans("‘’‛'`“”„‟‐‑‒–—−-", '"""""""""       ')


def _compared(text: str) -> str:
    # Letter for letter, so that a place in the compared text is the same place in the text.
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text.translate(_ALIKE))


def _is_journal(name: str, *, alone: bool) -> bool:
    if not 2 <= len(name) <= 120 or not _CAPITAL.match(name) or _NO_JOURNAL.search(name) or _SEASON.search(name):
        return False
    return not alone or (len(name.split()) <= 12 and not _PEOPLE.search(name))


def _with_its_stop(text: str, start: int, end: int) -> str:
    """Return a piece of text without outer punctuation, but with the full stop of an abbreviation: "Phys. Rev. Lett."."""
    bare = text[start:end].strip(" .,:;")
    at = text.index(bare, start) + len(bare) if bare else end
    return text[at - len(bare) : at + 1] if _ABBREVIATED.search(text[start:at] + text[at : at + 1]) else bare


_YEAR_BEFORE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)\)?[.,:]?\s?[\"“'‘]?$")
_LEAD = re.compile(r"^(?:citation|source|published in|originally published in|in)\s*:\s*", re.IGNORECASE)
_EDITED = re.compile(r"^Edited by .{3,80}?[^\W\d_]{2}\. ")
_TRAILER = re.compile(
    r"(?<![\s.,;:(<])[\s.,;:(<]*+(?:\b(?:e?issn|isbn|doi|available|copyright|article id|print|web|epub|url)\b|©|https?://|www\.|\[?doi:|10\.\d{4,9}/).*$",
    re.IGNORECASE | re.DOTALL,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_CAPITAL = re.compile(r"[^\W\d_]")
_ABBREVIATED = re.compile(r"(?:^|[\s.])[^\W\d_]{1,7}\.$")
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

_SEASON = re.compile(
    r"[\s,(](?:spring|summer|autumn|fall|winter|january|february|march|april|june|july|august|september|october|november|december)\W*$",
    re.IGNORECASE,
)
"""What no journal ends with: the date of the issue stood there."""
_DATE = re.compile(r"[^\W\d_]{3,10}\W{0,3}(?:1[5-9]|20)\d\d$")

_J = r"(?P<journal>[^\d\"“”;()\[\]]{2,160}?)"
_V = r"(?:[Vv]ol(?:ume|\.)?\s?|[Vv]\.\s?|[Bb]d\.?\s)?(?P<volume>(?<!\d)[A-Z]?\d{1,4}[A-Za-z]?(?![A-Za-z\d]))"
_N = r"(?:[Nn]o|[Nn]r|[Nn]|[Ii]ssue|[Ii]ss)\.?\s?"
_MONTH = r"(?:[A-Z][a-z]+\.?(?:[-–/][A-Z][a-z]+)?\s(?:\d{1,2},?\s)?)?"
_Y = r"(?P<year>(?:1[5-9]|20)\d\d(?!\d))"
_YP = rf"\({_MONTH}{_Y}\)"
_P = rf"(?:pp?\.?\s?)?{PAGES}"
_ARTICLE = r"\s?\((?P<start>e\d{2,8})\)"
_ISSUES = (
    rf"\s?\((?:{_N})?(?P<issue>(?!(?:1[5-9]|20)\d\d\)|e\d)\w[\w./ –-]{{0,18}})\)",
    rf"[,:]?\s?{_N}(?P<issue>\d[\w/–-]{{0,9}})(?!\w)",
    r"\.(?P<issue>\d{1,3})(?!\w)",
)
# One way of writing a citation a row; ISSUE is replaced by each way of writing the issue.
_WAYS = (
    rf"{_J}[\s,.:]++{_V}(?:ISSUE)?\s?(?:{_YP})?(?:(?:\s?[:,]\s?|\.\s){_P})?",  # Journal 12(3) (2010): 45-67
    rf"{_J}[,.]?\s{_Y}[,;:]?\s?{_V}(?:ISSUE)?(?:[:,.]?\s?{_P})?",  # Journal, 2010, 12 (3), pp. 45 - 67
    rf"{_J}\s{_V}(?:ISSUE)?,\s?{_P}\s?{_YP}",  # Phys. Rev. A 87, 013814 (2013)
    rf"{_J}[\s:,]++{_V}\s?{_YP}(?:,?\s?ISSUE)?,?\s(?:art\.\s)?{_P}",  # Class. Quantum Grav. 32 (2015) 025013
    rf"{_J}\s{_V}\s(?P<start>\d{{6}})\s{_YP}",  # New Journal of Physics 12 055010 (2010)
    rf"{_J}{_V}:{_P},{_Y}",  # J.Math.Phys.51:054102,2010
    rf"{_J}\s?;\s{_V},?(?:\sISSUE)?\s{_YP}(?:[;:,]\s{_P})?",  # Journal ; vol. 68 no. 3-4 (2015)
    rf"{_J}\s?;ISSUE\s?{_YP}(?:[;:,]\s{_P})?",  # Journal ; no. 60 (2015)
)
# Ways of writing an article that has a number of its own in place of an issue.
_NUMBERED_ARTICLES = (
    rf"{_J}\s{_YP}\s(?P<start>[A-Z]\d{{3,6}})",  # J. Stat. Mech. (2014) P11031
    rf"(?P<journal>J[A-Z]{{2,4}})(?P<issue>(?:0\d|1[0-2]))\s?{_YP}\s?(?P<start>\d{{3}})",  # JHEP08 (2013) 079
    rf"{_J}[,.]?\s{_Y}[,;:]?\s?{_V}{_ARTICLE}",  # Journal 2015, 5(e593)
    rf"{_J}[\s,.:]++{_V}{_ARTICLE}\s?(?:{_YP})?",  # Journal 5(e593) (2015)
    rf"{_J}[\s,.:]++(?P<volume>{_Y}):\s?(?P<start>\d{{5,8}})",  # Journal 2012:128628, its volumes are years
)
_FORMS = tuple(re.compile(way) for way in _NUMBERED_ARTICLES) + tuple(
    re.compile(way.replace("ISSUE", issue)) for way in _WAYS for issue in _ISSUES
)
