"""Targets of links: the one form of an IRI or identifier elsewhere, with its check digits tested."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lod.errors import BadValueError
from lod.mapping.values.authority_keys import read_key
from lod.mapping.values.identifiers import FORMS, link_path
from lod.rdf.claims import checked_iri

FUNDREF, FUNDER_DOIS = "fundref", "10.13039/"


@dataclass(frozen=True, slots=True)
class Target:
    """What is linked to: its scheme, "" where that is not known; the identifier in it; the IRI."""

    scheme: str
    value: str
    iri: str

    @property
    def form(self) -> str:
        """The form in which the search index has the identifier, "" where the scheme is not known.

        It has numbers of the Crossref Funder Registry as the DOIs that they are.
        """
        if self.scheme == FUNDREF:
            return f"doi:{FUNDER_DOIS}{self.value}"
        return f"{self.scheme}:{self.value.lower()}" if self.scheme else ""


@dataclass(frozen=True, slots=True)
class _Scheme:
    """A scheme: the IRI of a value; its addresses; how a value is read; whether a thing has one identifier of it at most."""

    link: str
    addresses: re.Pattern[str]
    read: Callable[[str], str]
    is_single: bool = True


def _pattern(form: str, example: str) -> Callable[[str], str]:
    compiled = re.compile(form, re.IGNORECASE)

    def read(text: str) -> str:
        match = compiled.fullmatch(text.strip())
        if match is None:
            raise BadValueError(f"it does not look like {example}")
        return match[1]

    return read


def _scheme(link: str, addresses: str, read: Callable[[str], str], *, is_single: bool = True) -> _Scheme:
    return _Scheme(link, re.compile(rf"https?://(?:www\.)?{addresses}", re.IGNORECASE), read, is_single)


SCHEMES = {
    "orcid": _scheme("https://orcid.org/{}", r"orcid\.org/", FORMS["orcid"]),
    "ror": _scheme("https://ror.org/{}", r"ror\.org/", FORMS["ror"]),
    "isni": _scheme("https://isni.org/isni/{}", r"isni\.org/", FORMS["isni"]),
    "viaf": _scheme("http://viaf.org/viaf/{}", r"viaf\.org/viaf/", FORMS["viaf"]),
    "gnd": _scheme("https://d-nb.info/gnd/{}", r"d-nb\.info/gnd/", FORMS["gnd"]),
    "lcnaf": _scheme("http://id.loc.gov/authorities/names/{}", r"id\.loc\.gov/authorities/names/", FORMS["lcnaf"]),
    "wikidata": _scheme("http://www.wikidata.org/entity/{}", r"(?:m\.)?wikidata\.org/", _pattern(r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})", "Q42")),
    "geonames": _scheme("https://sws.geonames.org/{}/", r"(?:sws\.)?geonames\.org/", _pattern(r"(?:https?://(?:www\.|sws\.)?geonames\.org/)?(\d{1,9})(?:/\S{0,200})?", "https://sws.geonames.org/2950159/")),
    "mesh": _scheme("http://id.nlm.nih.gov/mesh/{}", r"(?:id|meshb)\.nlm\.nih\.gov/", _pattern(r"(?:https?://(?:id\.nlm\.nih\.gov/mesh/|meshb\.nlm\.nih\.gov/record/ui\?ui=))?([CDQ]\d{6,9}(?:Q\d{6})?)", "D008180")),
    "fundref": _scheme("https://doi.org/10.13039/{}", r"(?:dx\.)?doi\.org/10\.13039/", _pattern(r"(?:https?://(?:dx\.)?doi\.org/)?(?:10\.13039/)?(\d{5,15})", "10.13039/501100001659")),
    "idref": _scheme("http://www.idref.fr/{}/id", r"idref\.fr/", _pattern(r"(?:https?://(?:www\.)?idref\.fr/)?(\d{8}[\dX])(?:/id)?", "http://www.idref.fr/026677784/id")),
    "doi": _scheme("https://doi.org/{}", r"(?:dx\.)?doi\.org/", FORMS["doi"], is_single=False),
    "issn": _scheme("https://portal.issn.org/resource/ISSN/{}", r"(?:portal\.)?issn\.org/resource/ISSN/", lambda text: FORMS["issn"](text.rpartition("/")[2]), is_single=False),
}  # fmt: skip
"""Schemes of identifiers that are tested, and written in one way; other IRIs are taken as they are."""

_LABELLED = re.compile(r"([a-z]{3,10}+):(?!//)\s{0,9}+(.{1,500})", re.IGNORECASE)


@lru_cache(65_536)
def read_target(text: str) -> Target:
    """Return what a text names: an address of a known scheme in any of its spellings, "wikidata:Q42", any other IRI.

    Raises:
        BadValueError: it is no IRI of the web, or an identifier that cannot be: a check digit is wrong, for example.
    """
    text = text.strip()
    labelled = _LABELLED.fullmatch(text)
    if labelled and labelled[1].lower() in SCHEMES:
        return _of(labelled[1].lower(), labelled[2])
    for name, scheme in SCHEMES.items():
        if scheme.addresses.match(text):
            return _of(name, text)
    key = read_key(text)
    if key and key.link:
        return Target(key.scheme, key.value, key.link)
    if not text.startswith(("http://", "https://")):
        raise BadValueError(
            "it is no IRI of the web, and names no scheme of identifiers; write https://… or wikidata:Q42"
        )
    checked_iri(text)
    return Target("", "", text)


def _of(name: str, text: str) -> Target:
    scheme = SCHEMES[name]
    value = scheme.read(text)
    if name in {"wikidata", "mesh", "idref"}:
        value = value.upper()
    return Target(name, value, scheme.link.format(link_path(value)))


def is_single(scheme: str) -> bool:
    """Return whether a thing has one identifier of a scheme at most."""
    return scheme in SCHEMES and SCHEMES[scheme].is_single
