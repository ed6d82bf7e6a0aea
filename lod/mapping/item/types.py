"""Document types: the COAR type and the classes of the item (MODEL section 5)."""

from __future__ import annotations

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources import dspace_entities
from lod.mapping.values.maps import DocumentType, compared
from lod.report import Severity

SERIALS = ("bibo:Journal", "bibo:Magazine", "bibo:Newspaper", "bibo:Periodical")


def take_type(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the document type for the end, where the most specific classes are kept (MODEL section 5)."""
    draft.waiting.types.append((index, draft.record.values[index].text))


def assemble(draft: Draft) -> set[str]:
    terms = draft.terms
    found: list[tuple[int, DocumentType]] = []
    unmatched = []
    for index, text in draft.waiting.types:
        type_ = draft.maps.types.get(compared(text))
        if type_:
            found.append((index, type_))
        else:
            unmatched.append(index)
    draft.add(draft.item, terms["rdf:type"], terms["rt:RepositoryItem"], *(index for index, _ in draft.waiting.types))
    other = draft.maps.types["other"]
    specific = [pair for pair in found if pair[1].coar != other.coar] or found
    for index in unmatched:
        message = "The document type is not in the table of types"
        if specific:
            draft.weaken(index, "I07", f"{message}; it was kept verbatim beside the known one.", Severity.INFO)
        else:
            draft.weaken(index, "I07", f"{message}; the item was published as 'other'. Add the type to maps/types.csv.")
    if not specific:
        entity = (
            None if dspace_entities.is_entity_page(draft) else draft.maps.types.get(dspace_entities.entity_type(draft))
        )
        if not unmatched and not entity and not dspace_entities.is_entity_page(draft):
            message = "The record has no document type; the item was published as 'other'. Add dc.type."
            draft.note("I07", Severity.WARNING, message)
        specific = [(-1, entity or other)]
    disowned = _serials_beside_others(draft, specific)
    classes: dict[str, list[int]] = {}
    for index, type_ in specific:
        origins = [index] if index >= 0 else []
        draft.add(draft.item, terms["dcterms:type"], type_.coar, *origins)
        if index >= 0 and type_.coar != other.coar and not type_.is_called(draft.record.values[index].text):
            draft.keep(index, "written as the COAR type that the table gives for it")
        for name in (type_.bibo, type_.fabio, *type_.also) if index not in disowned else ():
            classes.setdefault(name, []).extend(origins)
    for general, special in _GENERAL:
        if any(terms[name] in classes for name in special):
            classes.pop(terms[general], None)
    widest = {terms["bibo:Document"], terms["fabio:Expression"]}
    for name in list(classes):
        prefix = name[: name.rfind("/") + 1]
        if name in widest and any(other_ not in widest and other_.startswith(prefix) for other_ in classes):
            del classes[name]
    for name, origins in classes.items():
        draft.add(draft.item, terms["rdf:type"], name, *origins)
    for index, type_ in found:
        if (index, type_) not in specific:
            draft.keep(index, "'other' stands beside a known type")
    return set(classes)


def _serials_beside_others(draft: Draft, found: list[tuple[int, DocumentType]]) -> set[int]:
    """Return the values that call an item a serial while others call it a book, an article …: it is no whole serial then.

    Its ISSN is that of the serial it belongs to; stated of a book it would merge the two (C07).
    """
    serials = {draft.terms[name] for name in SERIALS}
    widest = draft.terms["bibo:Document"]
    disowned = {index for index, type_ in found if type_.bibo in serials}
    if all(type_.bibo in serials or type_.bibo == widest for _, type_ in found):
        return set()
    for index in disowned:
        message = "The item is called a serial and something else as well; it got the classes of the latter. Keep one of the types."
        draft.weaken(index, "I07", message)
    return disowned


# A class that says less than another one of the same item is left out (MODEL 6.8: the most specific are kept).
_GENERAL = (
    ("bibo:Article", ("bibo:AcademicArticle",)),
    ("bibo:DocumentPart", ("bibo:Chapter", "bibo:BookSection")),
    ("fabio:Thesis", ("fabio:DoctoralThesis", "fabio:MastersThesis", "fabio:BachelorsThesis")),
    (
        "fabio:Article",
        ("fabio:JournalArticle", "fabio:ReviewArticle", "fabio:NewspaperArticle", "fabio:ConferencePaper"),
    ),
    ("fabio:Book", ("fabio:ConferenceProceedings",)),
)


# In a journal a review article and an editorial have a class of their own as well (MODEL section 5, notes).
_IN_JOURNALS = {"fabio:ReviewArticle": "fabio:JournalArticle", "fabio:Editorial": "fabio:JournalEditorial"}


def state_journal_types(draft: Draft, classes: set[str]) -> None:
    for general, special in _IN_JOURNALS.items():
        if draft.terms[general] in classes:
            draft.typed(draft.item, special, *(index for index, _ in draft.waiting.types))
