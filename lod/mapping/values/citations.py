"""Citation sentences: journal, volume, issue, pages and year, where they can be told (rule C1).

A citation that holds the title of the record is read after the title; one without it only where the whole of it is a
journal with its numbers. Every part is a piece of the text, letter by letter, and numbers are taken whole. What is taken
from a sentence is guessed; the fixed forms of known programs are read (`lod.mapping.values.citation_forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.values.citation_forms import (
    YEAR,
    Citation,
    read_econstor_form,
    read_eprints_form,
    read_escholarship_form,
    read_gms_form,
    read_hub_form,
    read_issue_form,
    read_mel_form,
    read_mpra_form,
    read_zenodo_form,
)
from lod.mapping.values.citation_ways import FORMS
from lod.mapping.values.identifiers import read_doi
from lod.mapping.values.text import clean_text, folded
from lod.record import Value

LONGEST = 3_000
_SHORTEST_TITLE = 12
_SHORTEST_LETTERS = 30
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
    tidy = _without_markup(text)
    if len(tidy) > LONGEST:
        return None
    # Several parts of the mapping ask for the citation of one record.
    return (_read_once if len(title) <= LONGEST else _read)(tidy, title)


def _without_markup(text: str) -> str:
    """Return a text in one line without tags: LibreCat writes the journal in a citation as "<em>Journal</em>"."""
    if "<" in text and len(text) <= LONGEST:
        with suppress(BadValueError):
            return clean_text(text, paragraphs=False)[0]
    return collapse(text)


def _read(tidy: str, title: str) -> Citation | None:
    tidy = _LEAD.sub("", tidy)
    start, at = _span_of_title(tidy, title)
    after = tidy[at:].lstrip(" .,;:?!\"'”’»)")
    if fixed := _in_fixed_form(tidy, tidy[:start], after if at else ""):
        return replace(fixed, titled=bool(at))
    tail = _LEAD.sub("", _EDITED.sub("", after)) if at else tidy
    tail = _without_trailer(tail).rstrip(" .,;")
    dated = bool(at and _YEAR_BEFORE.search(tidy[:start]))
    for form in FORMS:
        match = form.fullmatch(tail)
        if match and (cited := _of_sentence(match, titled=bool(at), dated=dated)):
            return cited
    return None


def _without_trailer(text: str) -> str:
    """Return a citation without what is behind it: identifiers, addresses, notices."""
    # To search for words takes a fraction of the time that the pattern takes, and most citations have none of them.
    if text.isascii() and not any(map(text.lower().__contains__, _WORDS_OF_TRAILERS)):
        return text
    return _TRAILER.sub("", text)


def _of_sentence(match: re.Match[str], *, titled: bool, dated: bool) -> Citation | None:
    """Return what a sentence says that is written in a known way, None where it leaves a doubt; `dated`: the year is before the title."""
    tail = match.string
    found = {name: part or "" for name, part in match.groupdict().items()}
    journal = one_title(_with_its_stop(tail, *match.span("journal")))
    if found.get("year") and tail[match.end("journal") :].lstrip(" ,.").startswith(found["year"]):
        journal = _PUBLISHER_BEHIND.sub("", journal)
    numbers = [found.get(name) for name in ("volume", "issue", "start", "number", "year")]
    # One number beside a name may be anything: a box, a report, an article number.
    if (
        not _is_journal(journal, alone=not titled)
        or (found.get("volume") != found.get("year") and _YEAR.fullmatch(found.get("volume", "")))
        or sum(map(bool, numbers)) + dated < 2
        or not (titled or found.get("start") or found.get("number") or found.get("year"))
    ):
        return None
    paged = found.get("start") and re.search(r"\bpp?\.?\s?$", tail[: match.start("start")])
    if not (dated and _IN_VOLUME.search(tail)):
        found = _undoubted(found)
    return Citation(**{**found, "journal": journal}, paged=bool(paged), titled=titled)


_read_once = lru_cache(maxsize=64)(_read)


def read_note(text: str) -> Citation | None:
    """Return what a note says of where the item appeared: "… The definitive version was published in Journal 44 (2014): 341-351."

    Source: the fixed sentence in notes of the Woods Hole Open Access Server, which publishers ask other repositories for as well.
    """
    match = _PUBLISHED_IN.search(text) if len(text) <= LONGEST else None
    cited = read_citation(match[1]) if match else None
    return replace(cited, titled=True) if cited else None


def _in_fixed_form(text: str, before: str, after: str) -> Citation | None:
    bare = text.rstrip(" .")
    if (zenodo := read_zenodo_form(bare)) and after and not before:
        return replace(zenodo, journal="")  # the title of the article stands where that of the journal should
    found = read_issue_form(bare) or zenodo or read_hub_form(bare) or read_mel_form(bare) or read_econstor_form(bare)
    found = found or read_gms_form(bare)
    if after:
        found = (
            found or read_eprints_form(before, after) or read_escholarship_form(before, after) or read_mpra_form(after)
        )
    return found if found and _is_journal(found.journal, alone=not after) else None


def _undoubted(found: dict[str, str]) -> dict[str, str]:
    """Leave out a date in place of an issue; a long number in brackets with no pages after it is that of an issue or of the article."""
    issue = found.get("issue", "")
    if len(issue) > 1 and issue.isdecimal() and not found.get("start") and not found.get("number"):
        return {**found, "issue": "", "in_brackets": issue}
    return {**found, "issue": ""} if _DATE.search(issue) else found


def holds_title(text: str, title: str) -> bool:
    """Return whether a sentence holds the title of the record: then it speaks of the record itself."""
    return bool(_span_of_title(_without_markup(text), title)[1])


def doi_behind_title(text: str, title: str) -> str:
    """Return the DOI with its label behind the title of the record in a sentence, "" where the title is not in it.

    With several DOIs there, or one that is cut off, none is returned.
    """
    tidy = _without_markup(text)
    end = _span_of_title(tidy, title)[1] if len(tidy) <= LONGEST else 0
    return _only_doi(tidy[end:]) if end else ""


def cited_doi(text: str) -> str:
    """Return the DOI with its label in a citation without the title, "" for none, or several."""
    tidy = _without_markup(text)
    return _only_doi(tidy) if len(tidy) <= LONGEST else ""


def _only_doi(text: str) -> str:
    found = set()
    for written in _CITED_DOI.findall(text):
        with suppress(BadValueError):
            found.add(read_doi(written))
    doi = found.pop() if len(found) == 1 else ""
    return doi if doi.count("(") == doi.count(")") else ""


def years_beside_title(text: str, title: str) -> set[str]:
    """Return the years before and after the title of the record in a sentence, none where the title is not in it."""
    tidy = _without_markup(text)
    start, end = _span_of_title(tidy, title)
    return set(_ANY_YEAR.findall(f"{tidy[:start]} {tidy[end:]}")) if end else set()


def _span_of_title(text: str, title: str) -> tuple[int, int]:
    """Return where the title begins and ends in the text, 0 and 0 where it is not in the text, or too short to be sure."""
    known = _compared(collapse(title).rstrip(" .?!"))
    if len(known) < _SHORTEST_TITLE:
        compared = _compared(text)
        places = [compared.find(f'"{known}{mark}"') + 1 for mark in ("", ".", ",", "?", "!")] if known else []
        place = next(filter(None, places), 0)
        return (place, place + len(known)) if place else (0, 0)
    start = _compared(text).find(known)
    if start >= 0:
        return start, start + len(known)
    if spelt := _span_of_letters(text, known):
        return spelt
    quoted = _QUOTED.search(text)
    if quoted and SequenceMatcher(None, _compared(quoted[1]), known[:_LONGEST_TITLE], autojunk=False).ratio() > _SAME:
        return quoted.span(1)
    return 0, 0


def _span_of_letters(text: str, known: str) -> tuple[int, int] | None:
    """Return the place of a title whose marks and blanks differ: "multiuse" for "multi-use", a comma more or less."""
    letters = "".join(filter(str.isalnum, known))
    if not _SHORTEST_LETTERS <= len(letters) <= len(text):
        return None
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    compared = _compared(text)
    at = "".join(compared[place] for place in places).find(letters)
    return (places[at], places[at + len(letters) - 1] + 1) if at >= 0 else None


def one_title(journal: str) -> str:
    """Return the title of a journal without its abbreviation: "Behav Res Behavior Research Methods", in the one order or the other.

    Programs that make citations (EasyBib, Citation Machine) wrote both in one run.
    """
    words = journal.split()
    for count in range(2, len(words) - 1):
        first, second = " ".join(words[:count]), " ".join(words[count:])
        for short, long in ((first, second), (second, first)):
            if _abbreviates(short, long):
                return long
    return journal


def _abbreviates(short: str, long: str) -> bool:
    cut, whole = _words(short), _words(long)
    return (
        len(short) < len(long)
        and 2 <= len(cut) <= len(whole)
        and cut != whole[: len(cut)]
        and all(word.startswith(start) for start, word in zip(cut, whole, strict=False))
    )


def year_before_title(text: str, title: str) -> str:
    """Return the year that is before the title of the record in a sentence: "Roe, A. (2013). Title …"; "" for none."""
    tidy = _without_markup(text)
    start, end = _span_of_title(tidy, title)
    match = _YEAR_BEFORE.search(tidy[:start]) if end else None
    return match[1] if match else ""


def names_journal(text: str, title: str, name: str) -> bool:
    """Return whether a name is behind the title of the record in a sentence: the place of the journal."""
    tidy = _without_markup(text)
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
    plain = text.translate(_ALIKE)
    low = plain.lower()
    if (
        len(low) == len(plain) and "Σ" not in plain
    ):  # which in a whole text has another small letter at the end of a word
        return low
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


def _is_journal(name: str, *, alone: bool) -> bool:
    if not 2 <= len(name) <= 120 or not _CAPITAL.match(name) or _NO_JOURNAL.search(name) or _SEASON.search(name):
        return False
    return not alone or (len(name.split()) <= 12 and (not _PEOPLE.search(name) or bool(_SHORT_TITLE.search(name))))


def _with_its_stop(text: str, start: int, end: int) -> str:
    """Return a piece of text without outer punctuation, but with the full stop of an abbreviation: "Phys. Rev. Lett."."""
    bare = text[start:end].strip(" .,:;")
    at = text.index(bare, start) + len(bare) if bare else end
    return text[at - len(bare) : at + 1] if _ABBREVIATED.search(text[start:at] + text[at : at + 1]) else bare


_YEAR_BEFORE = re.compile(rf"(?<!\d)({YEAR})\)?[.,:]?\s?[\"“'‘]?$")
_LEAD = re.compile(r"^(?:citation|source|published in|originally published in|in)\s*:\s*", re.IGNORECASE)
_PUBLISHER_BEHIND = re.compile(
    r", (?:(?:Elsevier|Springer|Wiley|SAGE|MDPI|IEEE|ACM|IOP|EDP|BioMed Central|Taylor|Copernicus|Hindawi|Frontiers)\b[^,]*"
    r"|(?![^,]*(?:\band\b|&))[^,]*\s(?:Press(?:es)?|Publish(?:ers|ing)|Publications|Verlag|Society|Association|Union|Academy|Institute)(?:\s(?:of|for)\s[^,]*)?)$"
)
"""A publisher between journal and year: "Physical Review Letters, American Physical Society, 2013, 87 (3)", in HAL until 2021."""
_EDITED = re.compile(r"^Edited by .{3,80}?[^\W\d_]{2}\. ")
_TRAILER = re.compile(
    r"(?<![\s.,;:(<])[\s.,;:(<]*+(?:\b(?:e?issn|isbn|doi|available|copyright|article id|(?:print|web)(?=\.|$)|epub|url)\b|©|[⟨〈]|&#x3008;|https?://|www\.|\[?doi:|10\.\d{4,9}/).*$",
    re.IGNORECASE | re.DOTALL,
)
_WORDS_OF_TRAILERS = (
    *("issn", "isbn", "doi", "available", "copyright", "article id", "print", "web", "epub", "url", "&#x3008;"),
    *("http", "www.", "10."),
)
"""What a text in ASCII has one of where the pattern finds anything."""
_YEAR = re.compile(YEAR)
_IN_VOLUME = re.compile(r", \d{1,4} \(\d{1,3}\)$")
"""Volume and issue, as DSpace at MIT writes them at the end: "Roe, A. 2018. "Title." Journal, 130 (16)"."""
_PUBLISHED_IN = re.compile(
    r"\b(?:definitive|final|published) version (?:was|is|has been) published in:?\s{1,3}(\S.{5,300}\d)\.?\s{0,9}(?:$|doi|https?:|, doi)",
    re.IGNORECASE,
)
_CITED_DOI = re.compile(
    r"(?:\bdoi[:.\s]{0,3}(?:https?://(?:dx\.)?doi\.org/)?|doi\.org\.?/(?:doi:\s?)?)(10\.\d{4,9}/[^\s<>\"]{1,200})",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_CAPITAL = re.compile(r"[^\W\d_]")
_ABBREVIATED = re.compile(r"(?:^|[\s.])[^\W\d_]{1,7}\.$")
# "In: …" is a book; quotation marks hold a title; these words are no journal by themselves.
_NO_JOURNAL = re.compile(
    r"^In\b|[\"“”«»<>@]|https?:|\bet al\b|\b(?:eds?|thesis|dissertation|university press|proceedings of the .{0,120}conference)\b"
    r"|^(?:vol|volume|no|issue|pp?|part|report|working papers?|technical report|chapter)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(?:^|[\s,&:])(?:[A-Z]\.[\s-]?){1,4}[A-Z][\w'’-]+,"  # A. B. Name,
    r"|^[A-Z][\w'’-]+,?\s+(?:[A-Z]\.?[\s-]?){1,4}(?:[,.;:&]|\sand\b)"  # Name AB, / Name, A. B.
    r"|^[A-Z][\w'’-]+,\s+[A-Z][\w'’-]+(?:\s[A-Z]\.?)?[.,]\s"  # Name, Given.
)

_SHORT_TITLE = re.compile(r"\bJ\. (?:[A-Z][a-z]{1,8}\. ?){1,4}$")
"""What people are not called: "Tokyo J. Math."."""
_SEASON = re.compile(
    r"[.,]\smay\W*$|[\s,(/–-](?:spring|summer|autumn|fall|winter|january|february|march|april|june|july|august|september|october|november|december)\W*$",
    re.IGNORECASE,
)
"""What no journal ends with: the date of the issue stood there."""
_DATE = re.compile(rf"[^\W\d_]{{3,10}}\W{{0,3}}{YEAR}$")
