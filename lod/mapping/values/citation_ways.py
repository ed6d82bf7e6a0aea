"""Ways of writing the citation of an article: one expression a way, for what is behind the title, or for the whole of a citation without it."""

from __future__ import annotations

import re

from lod.mapping.values.citation_forms import PAGES, YEAR

_J = r"(?P<journal>[^\d\"“”;()\[\]]{2,160}?)"
_V = r"(?:[Vv]ol(?:ume|\.)?\s?|[Vv]\.\s?|[Bb]d\.?\s)?(?P<volume>(?<!\d)[A-Z]?\d{1,4}[A-Za-z]?(?![A-Za-z\d]))"
_N = r"(?:[Nn]o|[Nn]r|[Nn]|[Ii]ssue|[Ii]ss)\.?\s?"
_MONTH = r"(?:[A-Z][a-z]+\.?(?:[-–/][A-Z][a-z]+)?\s(?:\d{1,2},?\s)?)?"
_Y = rf"(?P<year>{YEAR}(?!\d))"
_YP = rf"\({_MONTH}{_Y}\)"
_P = rf"(?:pp?\.?\s?)?{PAGES}"
_ARTICLE = r"\s?\((?P<start>e\d{2,8})\)"
_ISSUES = (
    rf"\s?\((?:{_N})?(?P<issue>(?!{YEAR}\)|e\d)\w[\w./ –-]{{0,18}})\)",
    rf"[,:]?\s?{_N}(?P<issue>\d[\w/–-]{{0,9}})(?!\w)",
    r"\.(?P<issue>\d{1,3}(?:[-–]\d{1,3})?)(?!\w)",
)
# One way of writing a citation a row; ISSUE is replaced by each way of writing the issue.
_WAYS = (
    rf"{_J}[.,]\s{_MONTH}{_Y}\.\s{_V}ISSUE:\s?{_P}",  # Journal. January-February 1970. 13(3): 325-330
    rf"{_J}[\s,.:]++{_V}ISSUE\s?:\s?{_P}\.\s{_MONTH}{_Y}",  # Journal. 2(3): 375-390. July 2002
    rf"{_J}[\s,.:]++{_V}(?:ISSUE)?\s?(?:{_YP})?(?:(?:\s?[:,]\s?|\.\s){_P})?",  # Journal 12(3) (2010): 45-67
    rf"{_J}[,.]?\s{_Y}[,.;:]{{0,2}}\s?{_V}(?:ISSUE)?(?:[:,.]?\s?{_P})?",  # Journal, 2010, 12 (3), pp. 45 - 67
    rf"{_J}\s{_V}(?:ISSUE)?,\s?{_P}\s?{_YP}",  # Phys. Rev. A 87, 013814 (2013)
    rf"{_J}[\s:,]++{_V}\s?{_YP}(?:,?\s?ISSUE)?,?\s(?:art\.\s)?{_P}",  # Class. Quantum Grav. 32 (2015) 025013
    rf"{_J}\s{_V}\s(?P<start>\d{{6}})\s{_YP}",  # New Journal of Physics 12 055010 (2010)
    rf"{_J}{_V}:{_P},{_Y}",  # J.Math.Phys.51:054102,2010
    rf"{_J}\s?;\s{_V},?(?:\sISSUE)?\s{_YP}(?:[;:,]\s{_P})?",  # Journal ; vol. 68 no. 3-4 (2015)
    rf"{_J}\s?;ISSUE\s?{_YP}(?:[;:,]\s{_P})?",  # Journal ; no. 60 (2015)
    rf"{_J},\s{_V}(?:,?\sISSUE)?,\s(?:{_Y}|\d{{4}}/\d{{2,4}}),\s{_P}",  # Journal, Vol. 26, No. 4, 1996/1997, pp.303-328
    rf"{_J}\.?\s\(?{_Y}\s[A-Z][a-z]{{2,8}}(?:[-/][A-Z][a-z]{{2,8}})?(?:\s\d{{1,2}})?\)?;\s?{_V}(?:ISSUE)?:\s?{_P}",  # J Ex. 2014 Dec 15;2(1):21-5
)
# Ways in which the numbers of articles, volumes that are years, and issues without a volume are written.
_PLAIN_WAYS = (
    rf"{_J}\s{_YP}\s(?P<start>[A-Z]\d{{3,6}})",  # J. Stat. Mech. (2014) P11031
    rf"(?P<journal>J[A-Z]{{2,4}})(?P<issue>(?:0\d|1[0-2]))\s?{_YP}\s?(?P<start>\d{{3}})",  # JHEP08 (2013) 079
    rf"{_J}[,.]?\s{_Y}[,;:]?\s?{_V}{_ARTICLE}",  # Journal 2015, 5(e593)
    rf"{_J}[\s,.:]++{_V}{_ARTICLE}\s?(?:{_YP})?",  # Journal 5(e593) (2015)
    rf"{_J}[\s,.:]++(?P<volume>{_Y}):\s?(?P<start>\d{{5,8}})",  # Journal 2012:128628, its volumes are years
    rf"{_J}[\s,.:]++(?P<volume>{_Y})\s?\((?P<issue>\d{{1,2}})\)\s?:\s?{_P}",  # Copeia, 2012(4) : 631-636
    rf"{_J}\s{_YP}:\s?{_P}",  # Lecture Notes in Examples (2014): 367-374
    rf"{_J}\s{_V}\s{_Y}\s(?P<start>\d{{1,5}})-(?P<end>\d{{1,5}})",  # Phys.Lett. B741 2015 71-76
    rf"{_J}\s{_V}\s{_YP}\s(?P<issue>\d{{1,2}}),\s(?P<number>\d{{6,8}})",  # Int.J.Mod.Phys. A29 (2014) 27, 1450161
    rf"{_J}\s{_V}\s?\((?P<issue>\d{{1,2}}):(?P<number>\d{{1,3}})\)\s{_Y}",  # LMCS 10 (4:16) 2014
    rf"{_J},\s{_N}(?P<issue>\d{{1,3}}(?:\(\d{{1,4}}\))?),\s{_P},\s{_Y}",  # TSPU Bulletin, No. 12(153), pp. 131-134, 2014
    rf"{_J},\s{_Y}\sVol[.,]?\s(?P<volume>\d{{1,4}});\s{_P}",  # EPJ Web of Conferences, 2013 Vol, 53; 06005
)
# A way without an issue is one, however issues are written.
FORMS = tuple(
    map(re.compile, dict.fromkeys((*_PLAIN_WAYS, *(way.replace("ISSUE", issue) for way in _WAYS for issue in _ISSUES))))
)
