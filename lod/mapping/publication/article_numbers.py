"""Numbers of articles in citations, told from first pages and from issues."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lod.mapping.values.citation_forms import Citation

_DOI = re.compile(r"10\.(?:1038|1136|1186|3389|5488|7554|12688)/[^\s\"<>;,]{4,60}")
# Publishers that number their articles, and give them no pages; the DOI ends with the number.
_NUMBERING = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"10\.1186/\d{4}-\d{3}[\dx]-\d{1,3}-(?:s\d{1,2}-)?(?P<number>s?\d{1,5})",  # BioMed Central until 2015: ISSN, volume, number
        r"10\.3389/f[a-z]{2,6}\.\d{4}\.0{0,5}(?P<number>[1-9]\d{0,5})",  # Frontiers
        r"10\.1038/(?:srep|ncomms|sdata)\d?0{0,5}(?P<number>[1-9]\d{0,5})",  # Scientific Reports, Nature Communications
        r"10\.1136/bmj\.(?P<number>[a-z]\d{3,6})",  # BMJ
        r"10\.5488/cmp\.\d{1,3}\.(?P<number>\d{4,6})",  # Condensed Matter Physics
        r"10\.7554/elife\.(?P<number>\d{5})",
        r"10\.12688/f1000research\.\d{1,2}-(?P<number>\d{1,5})\.v\d",
    )
)
_LEADING_NOUGHT = re.compile(r"0\d{1,6}")
"""No page is written so: JHEP 066, JCAP 042, EPJ Web of Conferences 06005."""
_IN_ASTRONOMY = re.compile(r"A\d{1,4}")
"""Astronomy & Astrophysics numbers its articles so since 2009."""
_HIGHEST_ISSUE = 12


def with_article_number(cited: Citation, texts: Iterable[str]) -> Citation:
    """Return a citation with the number of the article apart from pages and issue; `texts` are those of the record, for its DOIs.

    "34:3" is page 3 of volume 34, or its issue 3: neither is said.
    """
    if cited.number or cited.end or cited.paged:
        return cited
    if cited.start and (
        _LEADING_NOUGHT.fullmatch(cited.start) or _IN_ASTRONOMY.fullmatch(cited.start) or _in_doi(cited.start, texts)
    ):
        return replace(cited, number=cited.start, start="")
    if cited.in_brackets and _in_doi(cited.in_brackets, texts):
        return replace(cited, number=cited.in_brackets)
    may_be_issue = cited.volume and not cited.issue and not cited.program and cited.start.isdecimal()
    if may_be_issue and int(cited.start) <= _HIGHEST_ISSUE:
        return replace(cited, start="")
    return cited


def _in_doi(number: str, texts: Iterable[str]) -> bool:
    """Return whether a text has a DOI that says that a number is that of an article."""
    for text in texts:
        for doi in _DOI.findall(text):
            found = (form.fullmatch(doi.rstrip(".)")) for form in _NUMBERING)
            if any(match and match["number"].casefold() == number.casefold() for match in found):
                return True
    return False
