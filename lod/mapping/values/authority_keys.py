"""Keys of authority files and registries: what they name, and the address of the thing (MODEL section 3.1)."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

from lod.errors import BadValueError
from lod.mapping.values.identifiers import FORMS, read_issn


class Key(NamedTuple):
    """A key in its canonical form: the scheme, the value in it, and the IRI of the thing that it names, "" for none."""

    scheme: str
    value: str
    link: str


_PROMISE = re.compile(r"will be (?:generated|referenced)::([A-Za-z -]{1,40})::(.{1,500})", re.IGNORECASE)
"""What DSpace writes before an identifier of another scheme: "will be referenced::ROR-ID::https://ror.org/00a208s56"."""
_LABELS = {"ror-id": "ror", "crossref funder id": "fundref", "crossref-funder": "fundref", "funder": "fundref"}


def _schemes(*rows: tuple[str, str, str]) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE), link) for name, pattern, link in rows)


_FORMS = _schemes(
    ("fundref", r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:|fundref:)?10\.13039/(\d{5,15})", "https://doi.org/10.13039/{}"),
    ("lcsh", r"https?://id\.loc\.gov/authorities/subjects/(sh\d{4,12})(?:\.html)?", "http://id.loc.gov/authorities/subjects/{}"),
    ("fast", r"(?:https?://id\.worldcat\.org/fast/|\(OCoLC\)fst0{0,8})(\d{1,9})/?", "http://id.worldcat.org/fast/{}"),
    ("agrovoc", r"https?://aims\.fao\.org/aos/agrovoc/(c_\w{1,20})", "http://aims.fao.org/aos/agrovoc/{}"),
    ("mesh", r"https?://(?:id\.nlm\.nih\.gov/mesh/|meshb\.nlm\.nih\.gov/record/ui\?ui=)([DC]\d{6,9}(?:Q\d{6})?)", "http://id.nlm.nih.gov/mesh/{}"),
    ("wikidata", r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q\d{1,12})", "http://www.wikidata.org/entity/{}"),
    ("idref", r"https?://(?:www\.)?idref\.fr/(\d{8}[\dX])(?:/id)?", "http://www.idref.fr/{}/id"),
    ("ulan", r"https?://vocab\.getty\.edu/(?:page/)?ulan/(\d{9})", "http://vocab.getty.edu/ulan/{}"),
)  # fmt: skip
"""Schemes, what their addresses look like, and the link."""
_READ = _schemes(
    ("orcid", r"", "https://orcid.org/{}"),
    ("ror", r"(?:https?://)?(?:www\.)?ror\.org/|ror:", "https://ror.org/{}"),
    ("gnd", r"https?://(?:www\.)?d-nb\.info/gnd/|\(DE-588\)|gnd:", "https://d-nb.info/gnd/{}"),
    ("viaf", r"https?://(?:www\.)?viaf\.org/viaf/|viaf:", "http://viaf.org/viaf/{}"),
    ("isni", r"https?://(?:www\.)?isni\.org/|isni:", "https://isni.org/isni/{}"),
    ("lcnaf", r"https?://id\.loc\.gov/authorities/names/|lcnaf:", "http://id.loc.gov/authorities/names/{}"),
)
"""Schemes whose numbers `lod.mapping.values.identifiers` reads: what a text that names the scheme begins with, and the link."""


def read_key(text: str) -> Key | None:
    """Return the key that a text is, as an address or in DSpace's form with its scheme; None where it is none that is known.

    Of a bare number nothing is known: only what names its scheme is read, and an ORCID iD.
    """
    bare, label = text.strip(), ""
    if match := _PROMISE.fullmatch(bare):
        label, bare = match[1].strip().casefold(), match[2].strip()
        label = _LABELS.get(label, label)
    for scheme, naming, link in _READ:
        if scheme == label or ((not label or "://" in bare) and naming.match(bare)):
            with suppress(BadValueError):
                value = FORMS[scheme](bare)
                return Key(scheme, value, link.format(value))
    if label == "issn":
        with suppress(BadValueError):
            return Key("issn", read_issn(bare), "")
    compact = re.sub(r"\s", "", bare)
    tried = (bare, f"fundref:10.13039/{compact.removeprefix('10.13039/')}") if label == "fundref" else (bare,)
    for scheme, pattern, link in _FORMS:
        for written in tried if label in ("", scheme) or "://" in bare else ():
            if found := pattern.fullmatch(written):
                return Key(scheme, found[1], link.format(found[1]))
    return None
