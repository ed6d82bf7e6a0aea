"""Document types: the COAR type and the classes of the item (MODEL section 5)."""

from __future__ import annotations

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources import dspace_entities
from lod.mapping.values.maps import DocumentType, compared
from lod.rdf.claims import Iri
from lod.report import Severity

SERIALS = ("bibo:Journal", "bibo:Magazine", "bibo:Newspaper", "bibo:Periodical")
"""Classes of an item that is a whole serial."""


def take_type(draft: Draft, rule: Rule, index: int) -> None:
    """Let the document type wait: of all classes the most specific are kept (MODEL section 5)."""
    draft.waiting.types.append((index, draft.record.values[index].text))


def assemble(draft: Draft) -> set[Iri]:
    """State the types of the item and their classes; return the classes."""
    draft.typed(draft.item, "rt:RepositoryItem", *(index for index, _ in draft.waiting.types))
    found, unknown = _look_up(draft)
    other = draft.maps.types["other"].coar
    specific = [typed for typed in found if typed[1].coar != other] or found
    _report_unknown(draft, unknown, has_type=bool(specific))
    if specific:
        classes = _state_types(draft, specific)
    else:
        type_ = _type_of_untyped(draft, has_value=bool(unknown))
        draft.add(draft.item, draft.terms["dcterms:type"], type_.coar)
        classes = {name: [] for name in type_.classes}
    for index, type_ in found:
        if (index, type_) not in specific:
            draft.keep(index, "'other' stands beside a known type")
    _leave_out_general(draft, classes)
    for name, origins in classes.items():
        draft.add(draft.item, draft.terms["rdf:type"], name, *origins)
    return set(classes)


def _look_up(draft: Draft) -> tuple[list[tuple[int, DocumentType]], list[int]]:
    """Return the types that the table knows, by the positions of their values, and the positions of all other values."""
    looked_up = [(index, draft.maps.types.get(compared(text))) for index, text in draft.waiting.types]
    return [(index, type_) for index, type_ in looked_up if type_], [index for index, type_ in looked_up if not type_]


def _report_unknown(draft: Draft, unknown: list[int], *, has_type: bool) -> None:
    message = "The document type is not in the table of types"
    for index in unknown:
        if has_type:
            draft.weaken(index, "I07", f"{message}; it was kept verbatim beside the known one.", Severity.INFO)
        else:
            draft.weaken(index, "I07", f"{message}; the item was published as 'other'. Add the type to maps/types.csv.")


def _type_of_untyped(draft: Draft, *, has_value: bool) -> DocumentType:
    """Return the type of an item that no value gives one: that of its entity in DSpace, or "other"."""
    if not dspace_entities.is_entity_page(draft):
        if entity := draft.maps.types.get(dspace_entities.entity_type(draft)):
            return entity
        if not has_value:
            message = "The record has no document type; the item was published as 'other'. Add dc.type."
            draft.note("I07", Severity.WARNING, message)
    return draft.maps.types["other"]


def _state_types(draft: Draft, types: list[tuple[int, DocumentType]]) -> dict[Iri, list[int]]:
    """State the COAR types; return their classes, with the positions of the values."""
    other = draft.maps.types["other"].coar
    disowned = _serials_beside_others(draft, types)
    classes: dict[Iri, list[int]] = {}
    for index, type_ in types:
        draft.add(draft.item, draft.terms["dcterms:type"], type_.coar, index)
        if type_.coar != other and not type_.is_called(draft.record.values[index].text):
            draft.keep(index, "written as the COAR type that the table gives for it")
        for name in type_.classes if index not in disowned else ():
            classes.setdefault(name, []).append(index)
    return classes


def _leave_out_general(draft: Draft, classes: dict[Iri, list[int]]) -> None:
    """Take out each class that says less than another one of the item (MODEL 6.8: the most specific are kept)."""
    terms = draft.terms
    for general, special in _GENERAL:
        if any(terms[name] in classes for name in special):
            classes.pop(terms[general], None)
    widest = {terms["bibo:Document"], terms["fabio:Expression"]}
    for name in widest & classes.keys():
        vocabulary = name[: name.rfind("/") + 1]
        if any(other not in widest and other.startswith(vocabulary) for other in classes):
            del classes[name]


def _serials_beside_others(draft: Draft, found: list[tuple[int, DocumentType]]) -> set[int]:
    """Return the values that call an item a serial while others call it a book, an article …: then it is no whole serial.

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
"""Classes that say less than any of those beside them."""


_IN_JOURNALS = {"fabio:ReviewArticle": "fabio:JournalArticle", "fabio:Editorial": "fabio:JournalEditorial"}
"""Classes that a review article and an editorial have as well in a journal (MODEL section 5, notes)."""


def state_journal_types(draft: Draft, classes: set[Iri]) -> None:
    """State the further classes of an item that is in a journal."""
    for general, special in _IN_JOURNALS.items():
        if draft.terms[general] in classes:
            draft.typed(draft.item, special, *(index for index, _ in draft.waiting.types))
