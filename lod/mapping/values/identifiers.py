"""Identifiers in their canonical forms (rules H1 and I1 to I9, MODEL section 11).

Each reader takes a text as people write it and returns the canonical value, or raises BadValueError with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from stdnum import isbn as stdnum_isbn
from stdnum import issn as stdnum_issn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from lod.errors import BadValueError
from lod.mapping.values.text import unescaped

_DOI_PREFIX = re.compile(
    r"(?:(?:https?:/{1,2})?(?:dx\.|www\.)?doi\.org\.?[/:]{1,2}|https?://hdl\.handle\.net/(?=10\.\d)"
    # Resolvers of publishers and proxies of libraries: doi.acm.org, doi.org.proxy.example.edu, doi-org.proxy.example.edu.
    r"|https?://(?:[\w-]{1,63}\.)?(?:dx[.-]|www[.-])?doi(?:-org)?\.[\w.-]{1,100}/(?=10\.\d)"
    r"|info:doi/|urn:doi:|digital object identifier:?|doi[:\s.=]*)\s*",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_HANDLE = re.compile(
    r"(?P<label>https?://hdl\.handle\.net/|https?://[^/\s]+/(?:[^?#\s]*/)?handle/|hdl:\s*|info:hdl/|urn:hdl:|#/)?"
    r"(?P<handle>[0-9]+(?:\.[0-9A-Za-z]+)*(?:/|%2F)[^\s?#]+)(?:\?\S*)?",
    re.IGNORECASE,
)
# A second address without anything between it and the first one; "http://a.org/?to=http://b.org" is one address.
_RUN_TOGETHER = re.compile(r"(?<=[^\s/=?&#:(])(?=https?://)", re.IGNORECASE)
_FILE_ADDRESS = re.compile(r"/(?:bitstream|retrieve|download)s?/", re.IGNORECASE)
_APPENDED = re.compile(r"[?&]urlappend=", re.IGNORECASE)
"""A parameter of the resolver that leads to a part of what the handle names: one page of a volume of HathiTrust."""
_WHOLE_HANDLE = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*/\S+")
_ARXIV = re.compile(
    r"(?:https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*)?((?:\d{4}\.\d{4,5}|[a-z][a-z.-]*/\d{7})(?:v\d+)?)(?:\.pdf)?",
    re.IGNORECASE,
)
_OCLC = re.compile(
    r"(?:\(ocolc\)|oclc(?:\s?(?:no\.?|number))?[:\s#-]*+|https?://(?:www\.)?worldcat\.org/oclc/)?\s*+(?:oc[mn]|on)?0*([1-9]\d{0,11})/?",
    re.IGNORECASE,
)
_LCCN = re.compile(
    r"(?:lccn:?|\(dlc\)|info:lccn/|https?://lccn\.loc\.gov/)?([a-z]{0,3})(?:(\d{2}|\d{4})-(?=\d)|(?=\d{8}))(\d{1,10})(?:/.{0,20})?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:(?:pmid|pubmed(?:\s?id)?|info:pmid/)[:\s]*|(?:https?://)?(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/))?"
    r"0*([1-9]\d{0,8})/?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:pmcid:?\s*|https?://\S*/pmc/articles/|https?://pmc\.ncbi\.nlm\.nih\.gov/articles/)?(pmc\d+)/?", re.IGNORECASE
)
_WOS = re.compile(
    r"(?:(?:wos|isi|ut):\s*|https?://\S*[?&]KeyUT=(?:WOS|ISI)(?::|%3A))?([0-9A-Z]{15})(?:&\S*)?", re.IGNORECASE
)
_SCOPUS = re.compile(r"(?:eid_|eid:?)?(?:(2-s2\.0)-)?(\d{5,})", re.IGNORECASE)
_OPENALEX = re.compile(r"(?:https?://openalex\.org/(?:works/)?)?(w\d+)", re.IGNORECASE)
_NOTE = re.compile(r" ?\([^()]{0,60}\)$")
_LONGEST_NUMBER = 80
# Soft hyphens and zero-width spaces are copied along when a number is taken from a printed page.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ISSN_LABEL = re.compile(r"^(?:e-?|p-?|print |online )?issn(?:-l)?:?\s*", re.IGNORECASE)
_ISBN_LABEL = re.compile(r"^(?:isbn(?:-1[03])?:?\s*|urn:isbn:)", re.IGNORECASE)
_TRAILING = ".,;:"


def split_addresses(text: str) -> list[str]:
    """Return the addresses that run together in a text: "http://hdl.handle.net/1/2http://hdl.handle.net/1/2" are two."""
    return _RUN_TOGETHER.split(text)


def read_doi(text: str) -> str:
    """Return a DOI in lower case, without resolver and without punctuation at its end: "10.1136/ard.2009.123463"."""
    stripped = split_addresses(unescaped(text).strip().strip("<>\u200b").strip())[0]
    match, rest = None, stripped
    # "doi: https://doi.org/…", "https://doi.org/doi:…": one label in another.
    while found := _DOI_PREFIX.match(rest):
        match, rest = found, rest[found.end() :]
    if match and "%" in rest:
        rest = unquote(rest)
    rest = rest.rstrip(_TRAILING)
    if rest.endswith(")") and rest.count("(") < rest.count(")"):
        rest = rest.rstrip(_TRAILING + ")")
    if not _DOI.fullmatch(rest):
        raise BadValueError("not a DOI; a DOI looks like 10.1234/abc")
    return rest.lower()


def read_handle(text: str, *, labelled: bool = False) -> str:
    """Return a handle without resolver, percent-decoded once: "10722/129504".

    With `labelled` only a resolver's address or "hdl:" will do. The address of a file below a handle, or of a part of what it names, is no handle.
    """
    stripped = split_addresses(text.strip())[0]
    match = _HANDLE.fullmatch(stripped)
    handle = unquote(match["handle"]).rstrip("/") if match else ""
    if (
        match is None
        or (labelled and not match["label"])
        or not _WHOLE_HANDLE.fullmatch(handle)
        or _FILE_ADDRESS.search(stripped)
        or _APPENDED.search(stripped)
    ):
        raise BadValueError("not a handle; a handle looks like 10722/129504 or http://hdl.handle.net/10722/129504")
    return handle


def read_oclc(text: str) -> str:
    """Return an OCLC control number: digits without prefix and leading zeros."""
    return _match(_OCLC, text, "not an OCLC number; it has one to twelve digits, such as 12854433")[1]


def read_lccn(text: str) -> str:
    """Return a Library of Congress control number without blanks, hyphen and revision: "n78-89035 //r82" is "n78089035".

    Source: Library of Congress, "The LCCN Namespace", normalisation.
    """
    match = _match(_LCCN, text.replace(" ", "").lower(), "not an LCCN; it looks like 85753651 or n78-890351")
    return f"{match[1]}{match[2] or ''}{match[3].zfill(6)}"


def read_pmid(text: str) -> str:
    """Return a PubMed id: digits without leading zeros."""
    return _match(_PMID, text, "not a PubMed id; it has one to nine digits")[1]


def read_pmcid(text: str) -> str:
    """Return a PubMed Central id: "PMC" and digits."""
    return _match(_PMCID, text, "not a PubMed Central id; it looks like PMC1234567")[1].upper()


def read_arxiv(text: str) -> str:
    """Return an arXiv id with its version, without "arXiv:"."""
    return _match(_ARXIV, text, "not an arXiv id; it looks like 1207.7214 or hep-th/9901001")[1].lower()


def read_wos(text: str) -> str:
    """Return a Web of Science accession number: "WOS:" and 15 characters."""
    return "WOS:" + _match(_WOS, text, "not a Web of Science number; it looks like WOS:000280171700004")[1].upper()


def read_scopus(text: str) -> str:
    """Return a Scopus EID: "2-s2.0-" and digits."""
    return "2-s2.0-" + _match(_SCOPUS, text, "not a Scopus EID; it looks like 2-s2.0-77955451557")[2]


def read_openalex(text: str) -> str:
    """Return an OpenAlex work id: "W" and digits."""
    return _match(_OPENALEX, text, "not an OpenAlex id; it looks like W2741809807")[1].upper()


def read_issn(text: str) -> str:
    """Return an ISSN as NNNN-NNNC, its check digit tested. Source: ISO 3297."""
    bare = _NOTE.sub("", _ISSN_LABEL.sub("", _short(text))).replace("–", "-").replace("‐", "-")
    try:
        compact = stdnum_issn.validate(bare)
    except ValidationError:
        raise BadValueError(
            "not a valid ISSN (eight characters, the last one a check digit); see the printed issue"
        ) from None
    return f"{compact[:4]}-{compact[4:]}"


def read_isbn(text: str) -> str:
    """Return an ISBN of 10 or 13 characters without hyphens, its check digit tested. Source: ISO 2108."""
    bare = _NOTE.sub("", _ISBN_LABEL.sub("", _short(text))).replace("–", "-")
    try:
        return str(stdnum_isbn.validate(bare))
    except ValidationError:
        raise BadValueError(
            "not a valid ISBN (10 or 13 characters, the last one a check digit); see the printed book"
        ) from None


def isbn13(isbn: str) -> str:
    """Return the 13-digit form of a valid ISBN."""
    return str(stdnum_isbn.to_isbn13(isbn)).replace("-", "")


def read_orcid(text: str) -> str:
    """Return an ORCID iD as 0000-0002-1825-0097, its check character tested. Source: ISO 7064 mod 11-2."""
    bare = re.sub(r"^(?:orcid[:\s]+)?(?:(?:https?://)?(?:www\.)?orcid\.org/)?", "", text.strip(), flags=re.IGNORECASE)
    compact = bare.replace("-", "").upper()
    if not _ORCID.fullmatch(compact) or not mod_11_2.is_valid(compact):
        raise BadValueError("not a valid ORCID iD; it looks like 0000-0002-1825-0097")
    return "-".join(compact[start : start + 4] for start in (0, 4, 8, 12))


_GLUED_ORCID = re.compile(
    r"(?<![\s,;|])[\s,;|]*+[(\[{<]?\s*+(?:orcid(?:\s?id)?)?\s*+[:=]?\s*+(?:https?://)?(?:www\.)?(?:orcid\.org/)?"
    r"(?P<orcid>\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*+[)\]}>]?[\s.,;]*+$",
    re.IGNORECASE,
)


def split_orcid(name: str) -> tuple[str, str]:
    """Return a name and the ORCID iD that is glued to its end: "Lu, L (0000-0002-1825-0097)"; "" where there is none.

    Raises:
        BadValueError: what is glued on looks like an ORCID iD, but its check character is wrong.
    """
    match = _GLUED_ORCID.search(name) if len(name) <= 500 else None
    if match is None or not match.start():
        return name, ""
    return name[: match.start()], read_orcid(match["orcid"])


def read_ror(text: str) -> str:
    """Return a ROR id: nine characters that start with 0."""
    return _match(_ROR, text, "not a ROR id; it looks like 02mhbdp94")[1].lower()


def read_isni(text: str) -> str:
    """Return an ISNI: sixteen characters, the last one a check character, tested. Source: ISO 27729."""
    compact = re.sub(r"\s", "", _match(_ISNI, text, "not an ISNI; it has sixteen characters")[1]).upper()
    if not mod_11_2.is_valid(compact):
        raise BadValueError("not a valid ISNI; its last character is a check character")
    return compact


def read_viaf(text: str) -> str:
    """Return a VIAF number: digits."""
    return _match(_VIAF, text, "not a VIAF number; it looks like https://viaf.org/viaf/102333412")[1]


def read_gnd(text: str) -> str:
    """Return a number of the Gemeinsame Normdatei: digits, perhaps a hyphen, and a check digit, tested; X represents ten.

    The digits have the weights 2, 3, … from the last one on. With a hyphen the check digit is their sum modulo 11, as in the files of
    subjects and corporate bodies that went into it; else what the sum lacks to a multiple of 11, as in an ISBN of ten.
    """
    number = _match(_GND, text, "not a GND number; it looks like https://d-nb.info/gnd/118540238")[1].upper()
    digits, hyphen, check = (*number.partition("-"),) if "-" in number else (number[:-1], "", number[-1])
    total = sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), start=2))
    if check != "0123456789X"[(total if hyphen else -total) % 11]:
        raise BadValueError("not a valid GND number; its last character is a check character")
    return number


def read_lcnaf(text: str) -> str:
    """Return a number of the Library of Congress Name Authority File: "n" and digits."""
    return _match(_LCNAF, text, "not a number of the Library of Congress Name Authority File; it looks like n79021164")[
        1
    ].lower()


def read_bibcode(text: str) -> str:
    """Return an ADS bibcode: 19 characters, dots kept."""
    return _match(_BIBCODE, text, "not an ADS bibcode; it has 19 characters and starts with a year")[0]


def read_patent(text: str) -> str:
    """Return a patent number in upper case without spaces."""
    return re.sub(r"\s+", "", text).upper()


def read_digits(text: str) -> str:
    """Return a number as digits only."""
    return _match(_DIGITS, text, "not a number")[0]


def read_ismn(text: str) -> str:
    """Return an ISMN in its 979-0 form, digits only. Source: ISO 10957."""
    digits = re.sub(r"[\s-]", "", text.upper().removeprefix("ISMN")).replace("M", "9790", 1)
    return _match(_ISMN, digits, "not an ISMN; it has 13 digits and starts with 979-0")[0]


def read_urn(text: str) -> str:
    """Return a URN with its scheme and namespace in lower case: "urn:nbn:fi:tty-1". Source: RFC 8141, RFC 8458."""
    match = _match(_URN, text, "not a URN; it looks like urn:nbn:de:101-20100101")
    return f"urn:{match[1].lower()}:{match[2]}"


def read_as_is(text: str) -> str:
    """Return an identifier of a scheme that has no form of its own, trimmed."""
    return text.strip()


_ORCID = re.compile(r"\d{15}[\dX]")
_ROR = re.compile(r"(?:(?:https?://)?(?:www\.)?ror\.org/|ror:\s?)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})", re.IGNORECASE)
_ISNI = re.compile(r"(?:https?://(?:www\.)?isni\.org/(?:isni/)?|isni:\s?)?((?:\d{4}\s?){3}\d{3}[\dX])/?", re.IGNORECASE)
_VIAF = re.compile(r"(?:https?://(?:www\.)?viaf\.org/viaf/|viaf:\s?)?([1-9]\d{0,21})/?", re.IGNORECASE)
_GND = re.compile(
    r"(?:https?://(?:www\.)?d-nb\.info/gnd/|\(DE-588\)|gnd:\s?)?(\d{7,10}[\dX]|\d{3,8}-[\dX])/?", re.IGNORECASE
)
_LCNAF = re.compile(
    r"(?:https?://id\.loc\.gov/authorities/names/|lcnaf:\s?)?(n[a-z]?\d{6,10})(?:\.html)?/?", re.IGNORECASE
)
_BIBCODE = re.compile(r"[12]\d{3}[A-Za-z0-9.&]{14}[A-Z.:]")
_DIGITS = re.compile(r"\d+")
_URN = re.compile(r"urn:([a-z0-9][a-z0-9-]{0,31}):([^\s?#]+)", re.IGNORECASE)
_ISMN = re.compile(r"9790\d{9}")

FORMS: Mapping[str, Callable[[str], str]] = {
    "arxiv": read_arxiv,
    "as-is": read_as_is,
    "bibcode": read_bibcode,
    "digits": read_digits,
    "doi": read_doi,
    "handle": read_handle,
    "isbn": read_isbn,
    "gnd": read_gnd,
    "isni": read_isni,
    "ismn": read_ismn,
    "issn": read_issn,
    "lccn": read_lccn,
    "oclc": read_oclc,
    "lcnaf": read_lcnaf,
    "openalex": read_openalex,
    "orcid": read_orcid,
    "patent": read_patent,
    "pmcid": read_pmcid,
    "pmid": read_pmid,
    "ror": read_ror,
    "scopus": read_scopus,
    "urn": read_urn,
    "viaf": read_viaf,
    "wos": read_wos,
}


def link_path(value: str) -> str:
    """Return an identifier as part of a link, with only what may not stand in an IRI path escaped (MODEL section 11)."""
    return re.sub(r'[\s<>"{}\\^`#?%\[\]|]', lambda match: quote(match.group(), safe=""), value)


def _short(text: str) -> str:
    # A number with its note is short; a long text is none, and is not searched.
    return " ".join(text.translate(_INVISIBLE).split()) if len(text) <= _LONGEST_NUMBER else ""


def _match(pattern: re.Pattern[str], text: str, fault: str) -> re.Match[str]:
    match = pattern.fullmatch(text.strip())
    if match is None:
        raise BadValueError(fault)
    return match
