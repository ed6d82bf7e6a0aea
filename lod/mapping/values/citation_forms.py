"""Citations in the fixed forms of known programs, recognised whole: OJS, Érudit, Zenodo, EPrints, MEL, the HKU Scholars Hub."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """The parts of a citation, each "" where it names none.

    Attributes:
        issue_title: the title of the issue, where it differs from that of the journal.
        issn: the ISSN that the citation gives of the journal, as written.
        number: the number of the article, where the form of the citation says that it is one.
        in_brackets: a number that is that of the issue or of the article: "9(85)".
        paged: a word says that `start` is a page.
        titled: it holds the title of the record.
        program: the program whose fixed form it has: its parts are read. "" for a sentence: they are guessed.
    """

    journal: str = ""
    volume: str = ""
    issue: str = ""
    start: str = ""
    end: str = ""
    year: str = ""
    issue_title: str = ""
    issn: str = ""
    number: str = ""
    in_brackets: str = ""
    paged: bool = False
    titled: bool = False
    program: str = ""


YEAR = r"(?:1[5-9]|20)\d\d"
"""A year of printed works."""
PAGE = r"[A-Za-z]{0,3}\d{1,8}[A-Za-z]?"
# The American Society for Microbiology numbers its articles e01010-13: the year is a part of the number.
PAGES = rf"(?P<start>(?<!\w)(?:e\d{{5}}-\d\d|{PAGE})(?!\w))(?:\s?(?:-{{1,2}}|–|—|‐|‑|−)\s?(?P<end>{PAGE}(?!\w)))?"
_VOLUME_WORD = r"(?:volumen?|vol|v|band|bd|jahrgang|jg|årgang|årg|tom[eo]?|t|том|т|cilt|ročník|roč|évf|sv|рік|год)"
_ISSUE_WORD = r"(?:nú?mero|numéro|número|nummer|number|núm|num|n[oºr°]|n|№|#|issue|iss|heft|h|číslo|č|br|sayı|випуск|вип|выпуск|вып|zeszyt|z)"
_SEASON = r"[^\W\d_]{3,10}\.?(?:\s?[-–/&]\s?[^\W\d_]{3,10}\.?)?,?\s"
"""A month, a season or two of them before a year."""
_ISSUE_ID = re.compile(
    rf"(?:{_VOLUME_WORD}\.?\s?(?P<volume>\d[^\s();:,]{{0,12}}|[IVXLCDM]{{1,8}}(?!\w))(?: ?\((?P<in_brackets>\d{{1,3}})\))?)?[\s,.]{{0,3}}"
    rf"(?:{_ISSUE_WORD}(?:\.\s?|\s|(?=\d))(?P<issue>[^\s();:,]{{1,20}}))?[\s,]{{0,2}}"
    rf"(?:\((?:{_SEASON})?(?P<year>{YEAR})\)|(?<=[\s,])(?:{_SEASON})?(?P<dated>{YEAR}))?",
    re.IGNORECASE,
)
_PAGE_WORD = r"(?:pages?|pp?\.?|seiten|págs?\.?)"
_PAGE_RANGE = re.compile(rf"(?:{_PAGE_WORD}\s?)?{PAGES}", re.IGNORECASE)
_PAGES_BEHIND = re.compile(rf"[,;.]\s?(?P<pages>{_PAGE_WORD}\s?{PAGES})$", re.IGNORECASE)
_LONGEST_JOURNAL = 200
_ZENODO = re.compile(
    rf"(?P<journal>[^:;]{{2,{_LONGEST_JOURNAL}}}): (?P<volume>[^\s():;,]{{1,12}}) \((?P<year>{YEAR})\) "
    rf"(?:no\. (?P<issue>[^\s():;,]{{1,12}}), )?pp\. {PAGES}"
)
_EPRINTS = re.compile(
    rf"(?P<journal>[^()\[\]]{{2,{_LONGEST_JOURNAL}}}?)(?:, (?P<volume>[A-Za-z]?\d{{1,4}}[A-Za-z]?))?(?: ?\((?P<issue>[^()]{{1,20}})\))?(?:: (?P<article>{PAGE}(?!\w)))?"
    rf" ?\.(?: (?:(?:pp?\. |(?=[A-Z]\d)){PAGES}|Art\. No\. (?P<number>{PAGE}(?!\w))|(?P<eid>e\d{{3,8}}(?!\w))) ?\.)? ISSN (?P<issn>\d{{4}}-\d{{3}}[\dXx]) ?(?:[.(].*|DOI: ?10\..*)?",
    re.DOTALL,
)
_MPRA = re.compile(
    rf"Published in: (?P<journal>[^()\[\]]{{2,{_LONGEST_JOURNAL}}}?) ?, (?:Vol\. (?P<volume>[^\s(),;:]{{1,12}})(?:, ?|(?= )))?"
    rf"(?:No\. (?P<issue>[^\s(),;:]{{1,12}}))? ?\((?:[^()]{{1,20}} )?(?P<year>{YEAR})\)(?:: pp?\. {PAGES})?\.?"
)
_ECONSTOR = re.compile(
    rf"(?P<journal>[^\d;:]{{2,{_LONGEST_JOURNAL}}}?) (?P<issn>\d{{4}}-\d{{3}}[\dXx]) (?P<volume>\d{{1,4}}) (?P<year>{YEAR})"
    rf"(?: (?P<issue>\d{{1,3}}(?:/\d{{1,3}})?))? {PAGES}"
)
_HUB = re.compile(
    rf"(?P<journal>[^;:]{{2,{_LONGEST_JOURNAL}}}?), (?P<year>{YEAR}), v\. (?P<volume>[^\s(),;:]{{1,12}})"
    rf"(?: n\. (?P<issue>[^\s(),;:]{{1,12}}))?(?:, p\. {PAGES})?"
)
_MEL = re.compile(
    rf"(?P<journal>[^;]{{2,{_LONGEST_JOURNAL}}});(?:(?P<volume>[^\s();:,]{{1,12}}),)?\((?P<year>{YEAR})\)"
    rf"(?: Pagination (?P<start>{PAGE}(?!\w))(?:[,-](?P<end>{PAGE}(?!\w)))?)?"
)
_ESCHOLARSHIP = re.compile(
    rf"(?P<journal>[^()\[\]]{{2,{_LONGEST_JOURNAL}}}?), (?P<volume>[A-Za-z]?\d{{1,4}}[A-Za-z]?)(?:\((?P<issue>[^()]{{1,20}})\))?"
    rf"(?:, (?:pp?\. ?)?{PAGES})?\. [^:.]{{2,60}}: Retrieved from: https?://\S+"
)
_ELEMENTS = re.compile(
    rf"(?P<journal>[^;]{{2,{_LONGEST_JOURNAL}}}?), (?P<year>{YEAR})(?:, (?P<volume>[A-Za-z]?\d{{1,4}}[A-Za-z]?)(?: \((?P<issue>[^()]{{1,20}})\))?)?"
    rf"(?:,? pp\. {PAGES}(?: \(\d{{1,4}}\))?)?(?:, In press)?",
    re.IGNORECASE,
)
_GMS = re.compile(
    rf"(?P<journal>[^;]{{2,{_LONGEST_JOURNAL}}}); ?(?P<volume>\d{{1,4}})(?:\((?P<issue>\d{{1,4}})\))?: ?(?P<number>Doc\d{{1,6}}); ?ISSN (?P<issn>\d{{4}}-\d{{3}}[\dXx])"
)
_BOOK_BEGINS = re.compile(r"In:\s{1,4}(?=\S)", re.IGNORECASE)
_BOOK_ENDS = re.compile(
    rf"(?:, pp\. {PAGES}|, Art\. No\. (?P<article>{PAGE}(?!\w)))\.(?:\s{{1,6}}ISBN\s{{1,3}}(?P<isbn>[\dX-]{{10,17}}))?(?:\s|$)",
    re.IGNORECASE,
)
_PART_ENDS = re.compile(r"\.\s{2,6}")
_NUMBERS = re.compile(r"(?:Vol\.(?P<volume>\w{1,8})\.\s{1,6})?(?:No\.(?P<number>\w{1,10})\.\s{1,6})?", re.IGNORECASE)
_LONGEST_BOOK = 700
_YEAR_BEFORE_TITLE = re.compile(rf"\((?P<year>{YEAR})\)\s?$")


def read_issue_form(text: str) -> Citation | None:
    """Return what a journal, its issue and perhaps pages say: "Journal; Vol. 12 No. 1 (2015): Title; 6-7". None for any other text.

    The words for volume and issue are those of the languages of OJS; either of them is there with the year or the pages,
    or both are. The text is in one line.

    DSpace, which writes a series and its number so ("Journal;volume 24 September 2007"), leaves the numbers as they were typed: the year
    without brackets, the pages in words behind a comma.

    Source: OJS 3, classes/issue/Issue.php, getIssueIdentification, and plugins/metadata/dc11, Dc11SchemaArticleAdapter:
    dc:source is the title of the journal, the identification of the issue and the pages, joined by "; ". Érudit writes
    "Revue ; vol. 68 no. 3-4 (2015)".
    """
    journal, semicolon, rest = (part.strip() for part in text.partition(";"))
    if not semicolon or not 2 <= len(journal) <= _LONGEST_JOURNAL or not re.match(r"[^\W\d_]", journal):
        return None
    worded = _PAGES_BEHIND.search(rest)
    issue, page_range = _issue_and_pages(rest, worded)
    identification, _, title = issue.partition(":")
    match = _ISSUE_ID.fullmatch(identification.strip(" .,"))
    if match is None:
        return None
    found = {name: part or "" for name, part in match.groupdict().items()}
    found["issue"] = found["issue"] or found["in_brackets"]
    as_typed = bool(found["dated"] or worded)
    found["year"] = found["year"] or found["dated"]
    numbered = bool(found["volume"]) + bool(found["issue"])
    if not numbered or numbered + bool(found["year"]) + bool(page_range) < 2:
        return None
    title = title.strip()
    start, end = page_range.group("start", "end") if page_range else ("", "")
    return Citation(
        journal=journal,
        volume=found["volume"],
        issue=found["issue"],
        year=found["year"],
        start=start or "",
        end=end or "",
        issue_title="" if title.casefold() == journal.casefold() else title,
        program="DSpace" if as_typed else "OJS",
    )


def _issue_and_pages(rest: str, worded: re.Match[str] | None) -> tuple[str, re.Match[str] | None]:
    """Return the identification of an issue, with its title, and the range of pages behind it."""
    if worded:
        issue, pages = rest[: worded.start()], worded["pages"]
    else:
        issue, _, pages = rest.rpartition(";") if ";" in rest else (rest, "", "")
    page_range = _PAGE_RANGE.fullmatch(pages.strip())
    if pages and not page_range and ":" in rest:
        issue = rest  # a semicolon in the title of the issue, or pages in words
    return issue, page_range


def read_zenodo_form(text: str) -> Citation | None:
    """Return what "Evolution: 29 (1975) no. 4, pp. 750-762" says, as early versions of Zenodo write dc:source. None for any other text."""
    match = _ZENODO.fullmatch(text)
    return _citation(match, Citation(program="Zenodo")) if match else None


def read_hub_form(text: str) -> Citation | None:
    """Return what "Annals, 2010, v. 69 n. 8, p. 1423-1429" says, None for any other text.

    Source: the HKU Scholars Hub, which writes dc.identifier.citation of every article so.
    """
    match = _HUB.fullmatch(text)
    return _citation(match, Citation(program="the HKU Scholars Hub")) if match else None


def read_mel_form(text: str) -> Citation | None:
    """Return what "Nature Climate Change;11,(2021) Pagination 186,192" says, None for any other text.

    Source: MEL (Monitoring, Evaluation and Learning), which fills the DSpace repositories of CGIAR centres: dc:source of every article.
    """
    match = _MEL.fullmatch(text)
    numbered = match is not None and (match["volume"] or match["start"])
    return _citation(match, Citation(program="MEL")) if match and numbered else None


def read_eprints_form(before: str, after: str) -> Citation | None:
    """Return what is before and after the title in the citation of an article by EPrints, None where it is none.

    "Roe, Ann (2015) Title. Journal, 30 (3-4). pp. 1-9. ISSN 0217-7323. …": the year in brackets before the title, the ISSN
    after the pages or the article number, which version 3.4 has behind the issue ("30 (3): 15.").

    Source: EPrints 3.4, flavours/pub_lib/citations/eprint/default.xml (3.3: lib/defaultcfg/citations), as repositories write it into dc:identifier and dcterms:bibliographicCitation.
    """
    year = _YEAR_BEFORE_TITLE.search(before)
    match = _EPRINTS.fullmatch(after) if year else None
    if year is None or match is None:
        return None
    return _citation(match, Citation(year=year["year"], program="EPrints"))


def read_mpra_form(after: str) -> Citation | None:
    """Return what "Published in: Journal , Vol. 83, No. 9 (9 September 2013): pp. 971-976." says behind a title, None where it is none.

    Source: the Munich Personal RePEc Archive, an EPrints with a citation of its own, which writes dc:identifier of every paper that
    has appeared so.
    """
    match = _MPRA.fullmatch(after)
    numbered = match is not None and (match["volume"] or match["issue"] or match["start"])
    return _citation(match, Citation(program="EPrints")) if match and numbered else None


def read_econstor_form(text: str) -> Citation | None:
    """Return what "EIB Papers 0257-7755 6 2001 2 8-22" says, None for any other text: title, ISSN, volume, year, issue and pages.

    Source: EconStor, a DSpace, which writes dc:identifier of every article so.
    """
    match = _ECONSTOR.fullmatch(text)
    return _citation(match, Citation(program="EconStor")) if match else None


def read_gms_form(text: str) -> Citation | None:
    """Return what "GMS Examples; 12(3):Doc26; ISSN 1865-066X" says, None for any other text.

    Source: German Medical Science, which registers every article of its journals with it as SeriesInformation of DataCite.
    """
    match = _GMS.fullmatch(text)
    return _citation(match, Citation(program="German Medical Science")) if match else None


def read_escholarship_form(before: str, after: str) -> Citation | None:
    """Return what is around the title in "Roe, Ann. (2013). Title. Journal, 96(11). UC Davis: Retrieved from: http://…", None where it is none.

    Source: eScholarship of the University of California, which writes dc:source of every article so.
    """
    year = _YEAR_BEFORE_TITLE.search(before.rstrip(" ."))
    match = _ESCHOLARSHIP.fullmatch(after) if year else None
    return _citation(match, Citation(year=year["year"], program="eScholarship")) if year and match else None


def read_elements_form(text: str) -> Citation | None:
    """Return what "Journal, 2010, 12 (4), pp. 121 - 140 (20)" or "Journal, 2015, In press" says, None for any other text.

    A name and a year may be anything: it counts where another field has the same title.

    Source: Symplectic Elements, which writes dc.identifier.citation of what it deposits in DSpace so, and the title alone beside it.
    """
    match = _ELEMENTS.fullmatch(text)
    return _citation(match, Citation()) if match else None


@dataclass(frozen=True, slots=True)
class CitedBook:
    """The book around a chapter in a citation, and the place of the chapter in it; "" for what is not said."""

    book: str
    series: str
    volume: str
    number: str
    start: str
    end: str
    article: str
    isbn: str


def read_eprints_book(text: str) -> CitedBook | None:
    """Return what is behind "In:" in the citation of a section of a book by EPrints, None where there is none.

    "In:  Title.  Series.   Vol.11. No.598. Publisher , Place, pp. 59-62.  ISBN 0-19-852663-6": the parts stand at least two blanks
    apart, so that a full stop in a title ends none.

    Source: as of articles.
    """
    begins = _BOOK_BEGINS.search(text)
    ends = _BOOK_ENDS.search(text, begins.end()) if begins else None
    middle = text[begins.end() : ends.start()] if begins and ends else ""
    stop = _PART_ENDS.search(middle) if len(middle) <= _LONGEST_BOOK and "\n" not in middle else None
    if ends is None or stop is None or stop.start() < 3:
        return None
    series, start = "", stop.end()
    if (after := _PART_ENDS.search(middle, start)) and "." not in middle[start : after.start()]:
        series, start = middle[start : after.start()], after.end()
    numbers = _NUMBERS.match(middle, start)
    if numbers is None or len(middle) - numbers.end() < 2:
        return None
    found = {"book": middle[: stop.start()], "series": series, **numbers.groupdict(), **ends.groupdict()}
    return CitedBook(**{name: (part or "").strip() for name, part in found.items()})


def _citation(match: re.Match[str], known: Citation) -> Citation:
    parts: dict[str, Any] = {name: (part or "").strip() for name, part in match.groupdict().items()}
    article, eid = parts.pop("article", ""), parts.pop("eid", "")
    return replace(known, **{**parts, "number": parts.get("number") or article or eid})
