"""Words for codes: languages, types, access rights, licences and identifier schemes, as pages show them.

Sources: CLDR, as Babel has it, for languages; the bundled maps for COAR's vocabularies; creativecommons.org and rightsstatements.org
for the forms of their IRIs; for identifiers the spelling of the agency that assigns them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lod.rdf.coar import ACCESS_RIGHTS, TYPES, coar_name
from lod.web.languages.catalogues import gettext
from lod.web.languages.numbers_and_dates import language_name
from lod.web.languages.page_language import ENGLISH, page_language

CODED = frozenset({"type", "language", "access", "licence"})
"""Facets whose values are codes, by their IRIs."""
_ACCESS = {f"{ACCESS_RIGHTS}c_abf2": "open", f"{ACCESS_RIGHTS}c_f1cf": "embargoed"}
_LANGUAGE = re.compile(r"http://id\.loc\.gov/vocabulary/iso639-[12]/(?P<code>[a-z]{2,3})")
_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/licenses/(?P<kind>[a-z-]{2,20})/(?P<version>[0-9.]{1,5})(?:/(?P<place>[a-z]{2,10}))?/?"
)
_PUBLIC_DOMAIN = re.compile(
    r"https?://creativecommons\.org/publicdomain/(?P<kind>zero|mark)/(?P<version>[0-9.]{1,5})/?"
)
_RIGHTS_STATEMENT = re.compile(
    r"https?://rightsstatements\.org/(?:vocab|page)/(?P<code>[A-Za-z-]{3,12})/1\.0/?(?:\?.{0,40})?"
)
_NUMBERED = re.compile(r"(?P<kind>Issue|Volume) (?P<number>\S.{0,60})")
_DEDICATIONS = {"zero": "CC0", "mark": "Public Domain Mark"}
_RIGHTS_STATEMENTS = {
    "INC": "In copyright",
    "INC-OW-EU": "In copyright, EU orphan work",
    "INC-EDU": "In copyright, educational use permitted",
    "INC-NC": "In copyright, non-commercial use permitted",
    "INC-RUU": "In copyright, rights-holder unlocatable or unidentifiable",
    "NOC-CR": "No copyright, contractual restrictions",
    "NOC-NC": "No copyright, non-commercial use only",
    "NOC-OKLR": "No copyright, other known legal restrictions",
    "NOC-US": "No copyright, United States",
    "CNE": "Copyright not evaluated",
    "UND": "Copyright undetermined",
    "NKC": "No known copyright",
}
_SCHEMES = {
    "doi": "DOI",
    "handle": "Handle",
    "pmid": "PubMed ID",
    "pmcid": "PubMed Central ID",
    "isbn": "ISBN",
    "issn": "ISSN",
    "eissn": "eISSN",
    "lissn": "ISSN-L",
    "ismn": "ISMN",
    "sici": "SICI",
    "urn": "URN",
    "arxiv": "arXiv",
    "bibcode": "ADS bibcode",
    "openalex": "OpenAlex ID",
    "oclc": "OCLC number",
    "lccn": "LCCN",
    "wos-ut": "Web of Science",
    "scopus-eid": "Scopus",
    "citeulike": "CiteULike",
    "hkuros": "HKUROS",
    "govdoc": "Government document number",
    "patent": "Patent number",
    "patent-application": "Application number",
    "local-resource-identifier-scheme": "Local identifier",
}


def words_of(iri: str) -> str | None:
    """Return what a code is called in words, None for what is no code that is known here."""
    return _words_of(iri, page_language().tag)


@lru_cache(8_192)
def _words_of(iri: str, _language: str) -> str | None:
    language = _LANGUAGE.fullmatch(iri)
    if language:
        return language_name(language["code"]) or None
    return gettext(coar_name(iri)) or licence_words(iri)


def label_of_value(facet: str, key: str, label: str) -> str:
    """Return a value of a facet in the language of the page: codes are called in words, all others by their own names."""
    if facet in CODED:
        return words_of(key) or label
    return gettext(label) if facet == "has" else label


def licence_words(iri: str) -> str | None:
    """Return the short name of a licence or a rights statement, None where its IRI is of no known form."""
    match = _CREATIVE_COMMONS.fullmatch(iri)
    if match:
        return " ".join(filter(None, ("CC", match["kind"].upper(), match["version"], (match["place"] or "").upper())))
    match = _PUBLIC_DOMAIN.fullmatch(iri)
    if match:
        return f"{_DEDICATIONS[match['kind']]} {match['version']}"
    match = _RIGHTS_STATEMENT.fullmatch(iri)
    return (gettext(_RIGHTS_STATEMENTS.get(match["code"].upper(), "")) or None) if match else None


def access_of(iri: str) -> str:
    """Return whether an access right lets everybody read: "open", "embargoed" or "closed"."""
    return _ACCESS.get(iri, "closed")


def scheme_words(scheme: str, otherwise: str) -> str:
    """Return what those who assign an identifier call it, by the IRI of its scheme."""
    return gettext(_SCHEMES.get(re.split(r"[/#]", scheme)[-1], "")) or otherwise


def is_type(iri: str) -> bool:
    """Return whether an IRI is one of COAR's resource types."""
    return iri.startswith(TYPES)


def container_words(name: str) -> str:
    """Return the name of a container in the language of the page: the index calls what has no title by its number, in English."""
    if page_language().tag == ENGLISH or not name.startswith(("Issue ", "Volume ")):
        return name
    match = _NUMBERED.fullmatch(name)
    return volume_or_issue(match["kind"].lower(), match["number"]) if match else name


def volume_or_issue(kind: str, number: str) -> str:
    """Return what a volume or an issue is called that has a number and no title."""
    if kind == "issue":
        return gettext("Issue %(number)s", number=number)
    return gettext("Volume %(number)s", number=number)
