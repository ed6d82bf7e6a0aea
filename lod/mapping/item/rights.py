"""Licences, access rights and rights statements (rule R1)."""

from __future__ import annotations

import re

from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.links import link_iri
from lod.mapping.values.maps import compared
from lod.rdf.claims import Iri, iri, iri_text, literal
from lod.report import Severity

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<path>licenses/(?:by|sa|nc|nd)(?:-(?:nc|nd|sa))*/[1-4]\.[0-5](?:/[a-z]{2,3})?"
    r"|publicdomain/(?:zero|mark)/1\.0|licenses/publicdomain)(?:/(?:deed|legalcode)?[\w.-]*)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_LICENSED = re.compile(
    r"\b(?:licen[cs]ed?|under the terms|unter der|sous (?:la )?licence|bajo (?:la |una )?licencia|sob (?:a |uma )?licença)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s.,;:/-]++")
_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/1\.0/?(?:\?\S*)?", re.IGNORECASE)


def take_rights(draft: Draft, rule: Rule, index: int) -> None:
    """State a licence, an access right or a rights statement, each as what it is (rule R1)."""
    text = draft.text(index)
    if _NUMBER.fullmatch(text):
        draft.weaken(
            index, "R1", "A number states no rights; it was kept verbatim. Take it out of the field.", Severity.INFO
        )
        return
    property_, target = read_rights(draft, text)
    if target:
        draft.add(draft.item, draft.terms[property_], target, index)
        draft.keep_unless(iri_text(target), index, "written as the address of the licence or access right")
    elif is_citation(text):
        message = (
            "The value cites the item and states no rights; it was kept verbatim. Move it to dc.identifier.citation."
        )
        draft.weaken(index, "R1", message)
    else:
        draft.waiting.rights.append((index, text))
        node = draft.part(f"rights-{len(draft.waiting.rights)}")
        draft.add(draft.item, draft.terms["dcterms:rights"], node, index)
        draft.typed(node, "dcterms:RightsStatement", index)
        draft.add(node, draft.terms["rdfs:label"], literal(text, language=draft.tag(index, text)), index)
        if licence := licence_in(text):
            draft.add(draft.item, draft.terms["dcterms:license"], licence, index)


def licence_in(text: str) -> Iri | None:
    """Return the encoded IRI of the one licence that a sentence says the item has: "…under the terms of … (https://…/by/4.0/)"."""
    if not _LICENSED.search(text):
        return None
    found = {match["path"].strip("/").lower() for match in _CREATIVE_COMMONS.finditer(text)}
    return iri(f"https://creativecommons.org/{found.pop()}/") if len(found) == 1 else None


_CITED = re.compile(r"\bdoi\b|doi\.org/|\bpp?\.\s?\d|\bvol\b|\d\s?\(\d{1,4}\)", re.IGNORECASE)
_CITED_YEAR = re.compile(r"\((?:1[89]|20)\d\d[a-z]?\)|[,.]\s(?:1[89]|20)\d\d\b")
_OF_RIGHTS = re.compile(
    r"©|\(c\)|copyright|licen[cs]|rights?\b|creative|commons|\bcc\b|reserv|permi|access|embargo|public domain|owner|holder|\buse\b|reproduc|available|publish|droits|derechos|direitos|rechte",
    re.IGNORECASE,
)
_LABEL = re.compile(r"citation\s?:\s?(?=\S)", re.IGNORECASE)
_LINK_BEHIND = re.compile(r"\s?link to article on publisher['’]s (?:web)?site\.?\s?$", re.IGNORECASE)
"""The words of a link that repositories on Digital Commons put behind a citation."""
_LONGEST_CITATION = 1_000


def is_citation(text: str) -> bool:
    """Return whether a text in a field for rights is a citation: a year, a DOI, volume or pages, and no word of rights."""
    if len(text) > _LONGEST_CITATION:
        return False
    bare = _LINK_BEHIND.sub("", text)
    if _LABEL.match(bare) and _CITED.search(bare):
        return True
    if _OF_RIGHTS.search(bare):
        return False
    return len(text.split()) > 6 and bool(_CITED.search(text)) and bool(_CITED_YEAR.search(text))


def read_rights(draft: Draft, text: str) -> tuple[str, Iri | None]:
    """Return property and encoded IRI of a licence, an access right or a statement that has an address; None for words."""
    bare = collapse(text)
    form = compared(bare)
    if match := _CREATIVE_COMMONS.fullmatch(bare):
        return "dcterms:license", iri(f"https://creativecommons.org/{match['path'].strip('/').lower()}/")
    if licence := draft.maps.licences.get(form):
        return "dcterms:license", iri(licence)
    if access := draft.maps.access_rights.get(form):
        return "dcterms:accessRights", iri(access[0])
    if match := _STATEMENT.fullmatch(bare):
        return "dcterms:rights", iri(f"http://rightsstatements.org/vocab/{match[1]}/1.0/")
    if re.match(r"https?://\S+$", bare):
        return "dcterms:rights", link_iri(bare)
    return "dcterms:rights", None
