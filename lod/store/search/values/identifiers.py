"""Identifiers for look-up: one form for all the spellings in which people type a DOI, an ISSN, a handle, an ORCID iD …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lod.errors import BadValueError
from lod.mapping.values.identifiers import FORMS, isbn13
from lod.store.search.values.folding import fold

LONGEST = 300
"""Characters of the longest text that is looked at as an identifier."""

_READERS = {"eissn": "issn", "lissn": "issn", "wos-ut": "wos", "scopus-eid": "scopus"}
"""Schemes whose identifiers are read as those of another one."""

# What a bare text may be; the other schemes have forms that too much else has.
_TYPED = ("doi", "orcid", "issn", "isbn", "handle", "pmcid", "arxiv", "ror", "isni", "wos", "openalex", "urn")
_LABELLED = re.compile(
    r"\s*+(pmid|pubmed|oclc|lccn|viaf|gnd|lcnaf|scopus|eid|isni|ror|bibcode|arxiv)\s*+[:#]?\s*+(\S.*+)", re.IGNORECASE
)
_LABELS = {"pubmed": "pmid", "eid": "scopus"}
_ADDRESSES = (
    (re.compile(r"https?://(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/", re.IGNORECASE), "pmid"),
    (re.compile(r"https?://(?:www\.)?viaf\.org/viaf/", re.IGNORECASE), "viaf"),
    (re.compile(r"https?://d-nb\.info/gnd/", re.IGNORECASE), "gnd"),
    (re.compile(r"https?://id\.loc\.gov/authorities/names/", re.IGNORECASE), "lcnaf"),
    (re.compile(r"https?://(?:www\.)?worldcat\.org/oclc/", re.IGNORECASE), "oclc"),
    (re.compile(r"https?://(?:www\.)?issn\.org/resource/issn(?:-l)?/|https?://portal\.issn\.org/resource/issn/", re.IGNORECASE), "issn"),
)  # fmt: skip


def form_of(scheme: str, text: str) -> str:
    """Return the form of an identifier whose scheme is stated: "doi:10.5555/abc", "issn:0003-4967", "isbn:978…"."""
    name = _READERS.get(scheme, scheme)
    try:
        return _form(name, text)
    except (BadValueError, KeyError):
        return f"{name}:{fold(text.strip())[:LONGEST]}"


@lru_cache(maxsize=16_384)
def form_of_address(address: str) -> str | None:
    """Return the form of the identifier that an address leads to, None where it is none that is known."""
    return next(iter(_read(address)), None) if len(address) <= LONGEST else None


def forms_typed(text: str) -> list[str]:
    """Return the forms of all identifiers that a typed text may be, the likeliest first; [] for text that is none."""
    text = text.strip().strip("<>\"'()[]")
    if not text or len(text) > LONGEST or not any(character.isdigit() for character in text):
        return []
    return list(dict.fromkeys(_read(text)))


def _read(text: str) -> Iterator[str]:
    labelled = _LABELLED.fullmatch(text)
    if labelled:
        yield from _try(_LABELS.get(labelled[1].lower(), labelled[1].lower()), labelled[2])
    for pattern, scheme in _ADDRESSES:
        match = pattern.match(text)
        if match:
            yield from _try(scheme, text[match.end() :] if scheme == "issn" else text)
    for scheme in _TYPED:
        yield from _try(scheme, text)


def _try(scheme: str, text: str) -> Iterator[str]:
    try:
        yield _form(scheme, text)
    except BadValueError:
        return


def _form(scheme: str, text: str) -> str:
    found = FORMS[scheme](text)
    if scheme == "isbn":
        found = isbn13(found)
    return f"{scheme}:{found.lower()}"
