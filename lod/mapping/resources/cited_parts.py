"""What a citation may add to a record: journal, volume, issue, pages and year that no field gives (rule C1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lod.mapping.values.citations import Citation, read_citation
from lod.mapping.values.dates import G_YEAR
from lod.rdf.claims import literal
from lod.report import Severity

if TYPE_CHECKING:
    from lod.mapping.draft import Draft

CITATION_FIELDS = frozenset({"dc.identifier.citation", "dcterms.bibliographicCitation"})
_ARTICLES = ("bibo:AcademicArticle", "bibo:Article")
TITLE_FIELDS = frozenset({"dc.title", "dcterms.title"})


def fill_from_citation(draft: Draft, classes: set[str]) -> None:
    """Let the citation of an article give what no field gives; a citation that contradicts a field gives nothing."""
    terms = draft.terms
    if not classes & {terms[name] for name in _ARTICLES} or terms["fabio:ConferencePaper"] in classes:
        return
    found = _citation(draft)
    if found is None:
        return
    index, cited = found
    if _contradicts(draft, cited):
        return
    taken = []
    if cited.journal and not draft.waiting["container"] and not draft.waiting["series"]:
        draft.waiting["container"].append((index, cited.journal))
        taken.append("journal")
    for slot in ("volume", "issue"):
        number = getattr(cited, slot)
        if number and not draft.waiting[slot]:
            draft.waiting[slot].append((index, number))
            taken.append(slot)
    if cited.start and not draft.waiting["page-end"]:
        for slot, page in (("page-start", cited.start), ("page-end", cited.end)):
            if page and not draft.waiting[slot]:
                draft.waiting[slot].append((index, page))
                taken += ["pages"] if "pages" not in taken else []
    if cited.year and _state_year(draft, cited.year, index):
        taken.append("year")
    if taken:
        parts = ", ".join(taken)
        draft.read_in_part.add(index)
        draft.states[index].why = "; ".join(
            filter(None, (draft.states[index].why, f"{parts}: taken from it, since no field gives them"))
        )
        message = "Parts that no field gives were taken from the citation; lod explain names them. Give them fields of their own."
        draft.note("C1", Severity.INFO, message, index)


def _citation(draft: Draft) -> tuple[int, Citation] | None:
    """Return the citation to read, None where there is none, or several and none of them holds the title."""
    title = next((value.text for value in draft.record.values if value.field in TITLE_FIELDS), "")
    fields = [
        (index, value.text)
        for index, value in enumerate(draft.record.values)
        if value.field in CITATION_FIELDS and not draft.states[index].withheld
    ]
    found = [(index, cited) for index, text in fields if (cited := read_citation(text, title))]
    titled = [pair for pair in found if pair[1].titled]
    return titled[0] if titled else found[0] if len(found) == len(fields) == 1 else None


def _contradicts(draft: Draft, cited: Citation) -> bool:
    parts = (("volume", cited.volume), ("issue", cited.issue), ("page-start", cited.start))
    return any(
        text and given and text.casefold() not in {part.casefold() for part in given[0][1].replace("-", " ").split()}
        for slot, text in parts
        if (given := draft.waiting[slot])
    )


def _state_year(draft: Draft, year: str, index: int) -> bool:
    issued = f"{draft.item} {draft.terms['dcterms:issued']} "
    if any(line.startswith(issued) for line in draft.claims):
        return False
    for name in ("dcterms:issued", "fabio:hasPublicationYear"):
        draft.add(draft.item, draft.terms[name], literal(year, datatype=G_YEAR), index)
    if draft.crosswalk.settings.mirrors:
        draft.add(draft.item, draft.terms["prism:publicationDate"], literal(year, datatype=G_YEAR), index)
    return True
