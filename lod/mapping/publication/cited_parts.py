"""What a citation may add to a record: journal, volume, issue, pages and year that no field gives (rule C1)."""

from __future__ import annotations

from lod.mapping.draft import Draft
from lod.mapping.values.citations import CITATION_FIELDS, Citation, read_citation, title_among
from lod.mapping.values.dates import G_YEAR
from lod.rdf.claims import Iri, literal
from lod.report import Severity

_ARTICLES = ("bibo:AcademicArticle", "bibo:Article")


def fill_from_citation(draft: Draft, classes: set[Iri]) -> None:
    """Let the citation of an article give what no field gives; a citation that contradicts a field gives nothing."""
    if not _is_article(draft, classes):
        return
    found = _citation(draft)
    if found is None or _contradicts(draft, found[1]):
        return
    index, cited = found
    taken = _fill_slots(draft, cited, index)
    if cited.year and _state_year(draft, cited.year, index):
        taken.append("year")
    if taken:
        state = draft.states[index]
        why = f"{', '.join(taken)}: taken from it, since no field gives them"
        state.why = f"{state.why}; {why}" if state.why else why
        draft.read_in_part.add(index)
        message = "Parts that no field gives were taken from the citation; lod explain names them. Give them fields of their own."
        draft.note("C1", Severity.INFO, message, index)


def _is_article(draft: Draft, classes: set[Iri]) -> bool:
    terms = draft.terms
    return not classes.isdisjoint(terms[name] for name in _ARTICLES) and terms["fabio:ConferencePaper"] not in classes


def _fill_slots(draft: Draft, cited: Citation, index: int) -> list[str]:
    """Put the parts of a citation into the slots that no field has filled; return what was taken."""
    waiting, pages = draft.waiting, draft.waiting.pages
    in_series, has_pages = bool(waiting.series), bool(pages.end) or not cited.start
    taken = []
    for name, part, slot, superfluous in (
        ("journal", cited.journal, waiting.container, in_series),
        ("volume", cited.volume, waiting.volume, False),
        ("issue", cited.issue, waiting.issue, False),
        ("pages", cited.start, pages.start, has_pages),
        ("pages", cited.end, pages.end, has_pages),
    ):
        if part and not slot and not superfluous:
            slot.append((index, part))
            taken.append(name)
    return list(dict.fromkeys(taken))


def _citation(draft: Draft) -> tuple[int, Citation] | None:
    """Return the citation to read, None where there is none, or several and none of them holds the title."""
    title = title_among(draft.record.values)
    fields = [
        (index, value.text)
        for index, value in enumerate(draft.record.values)
        if value.field in CITATION_FIELDS and not draft.states[index].withheld
    ]
    found = [(index, cited) for index, text in fields if (cited := read_citation(text, title))]
    titled = [pair for pair in found if pair[1].titled]
    return titled[0] if titled else found[0] if len(found) == len(fields) == 1 else None


def _contradicts(draft: Draft, cited: Citation) -> bool:
    waiting = draft.waiting
    parts = ((waiting.volume, cited.volume), (waiting.issue, cited.issue), (waiting.pages.start, cited.start))
    return any(
        text and slot and text.casefold() not in slot[0][1].replace("-", " ").casefold().split() for slot, text in parts
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
