"""Rules that compare what was mapped with another statement of the same record: its OpenURL, its citation (C18, I28).

Both are in the graph, the OpenURL as a raw copy, so the record alone is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lod.rdf.claims import text_of
from lod.validation.rules.position import containers
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

OPENURL = "fld:dc.identifier.openurl"
_LONGEST_OPENURL = 8_000
_MOST_KEYS = 100
_CITED = (("volume", "bibo:volume"), ("start page", "bibo:pageStart"), ("year", "fabio:hasPublicationYear"))
_KEYS = {
    "volume": "bibo:volume",
    "issue": "prism:issueIdentifier",
    "spage": "bibo:pageStart",
    "epage": "bibo:pageEnd",
    "date": "fabio:hasPublicationYear",
}
_ISSNS = ("bibo:issn", "bibo:eissn", "prism:issn", "prism:eIssn", "fabio:hasIssnL")
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]+")


def contradicting_openurls(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C18: ISSN, volume, issue, pages and year in an article's OpenURL are those of the record, where both have them.

    Source: ANSI/NISO Z39.88, in its older form (`spage=`) and its newer (`rft.spage=`).
    """
    if not record.is_a(record.item, "fabio:JournalArticle"):
        return
    known = {key: {text_of(term) for term in record.objects(record.item, name)} for key, name in _KEYS.items()}
    journals = list(containers(record))
    known["issn"] = {text_of(term) for journal in journals for name in _ISSNS for term in record.objects(journal, name)}
    for term in record.objects(record.document, OPENURL):
        for key, stated in _read(text_of(term)):
            values = known.get(key, set())
            if values and not any(_alike(key, stated, value) for value in values):
                yield record.item, _KEYS.get(key, "bibo:issn"), f"{key}={stated}, not {' | '.join(sorted(values))}"


def _read(openurl: str) -> Iterator[tuple[str, str]]:
    try:
        query = urlsplit(openurl[:_LONGEST_OPENURL]).query
        pairs = parse_qsl(query, max_num_fields=_MOST_KEYS)
    except ValueError:  # no address at all, or hundreds of keys: nothing to compare with
        return
    for key, value in pairs:
        if value.strip():
            yield key.removeprefix("rft."), value.strip()


def _alike(key: str, stated: str, value: str) -> bool:
    """Return whether two forms mean one thing: an ISSN with or without hyphen, a date by its year, 08 and 8."""
    if key == "issn":
        return stated.replace("-", "").upper() == value.replace("-", "")
    if key == "date":
        return stated[:4] == value[:4]
    if _NUMBER.fullmatch(stated) and _NUMBER.fullmatch(value):
        return stated.lstrip("0") == value.lstrip("0")
    return stated.casefold() == value.casefold()


def contradicting_citations(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I28: a citation holds the volume, the start page and the year, as far as the record knows them."""
    for term in record.objects(record.item, "dcterms:bibliographicCitation"):
        words = set(_WORD.findall(text_of(term).casefold()))
        for label, name in _CITED:
            values = [text_of(value).casefold() for value in record.objects(record.item, name)]
            if values and not any(words.issuperset(_WORD.findall(value)) for value in values):
                yield record.item, "dcterms:bibliographicCitation", f"no {label} {values[0]}: {text_of(term)}"
