"""Document types: the COAR type and the classes of the item (MODEL section 5)."""

from __future__ import annotations

import re

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources import dspace_entities
from lod.mapping.values.maps import DocumentType, Maps, compared
from lod.mapping.waiting import slot_of
from lod.rdf.claims import Iri
from lod.report import Severity

SERIALS = ("bibo:Journal", "bibo:Magazine", "bibo:Newspaper", "bibo:Periodical")
"""Classes of an item that is a whole serial."""


def take_type(draft: Draft, rule: Rule, index: int) -> None:
    """Let the document type wait: of all classes the most specific are kept (MODEL section 5)."""
    slots = {"general": draft.waiting.general_types, "": draft.waiting.types}
    slot_of(rule, slots).append((index, draft.record.values[index].text))


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
        classes = {name: [] for name in _state_type_of_untyped(draft, unknown).classes}
    for index, type_ in found:
        if (index, type_) not in specific:
            draft.keep(index, "'other' is given beside a known type")
    _leave_out_general(draft, classes)
    for name, origins in classes.items():
        draft.add(draft.item, draft.terms["rdf:type"], name, *origins)
    return set(classes)


def _look_up(draft: Draft) -> tuple[list[tuple[int, DocumentType]], list[int]]:
    """Return the types that the table knows, by the positions of their values, and the positions of all other values.

    A general type (`draft.waiting.general_types`) counts where no other is known.
    """
    looked_up = [(index, known_type(draft.maps, text)) for index, text in draft.waiting.types]
    found = [(index, type_) for index, type_ in looked_up if type_]
    for index, text in draft.waiting.general_types:
        type_ = known_type(draft.maps, text)
        if found and all(index != other for other, _ in looked_up):
            draft.keep(index, "a more exact type is given beside it")
        else:
            looked_up.append((index, type_))
    found = [(index, type_) for index, type_ in looked_up if type_]
    return found, [index for index, type_ in looked_up if not type_]


_JOINTS = re.compile(r"\s[-–—]\s|[/|;,:()\[\]]")
_LABEL = re.compile(r"^\s{0,9}(?:doc[-_ ]?type|publications?):\s{0,9}(?=\S)", re.IGNORECASE)
_PATH = re.compile(r"\s?(?:::|»|\s>\s)\s?")
"""Between the levels of a list of types, from the widest to the narrowest: "text::thesis::doctoral thesis", "Theses » Dissertation"."""
_MOST_PARTS = 6


def known_type(maps: Maps, text: str) -> DocumentType | None:
    """Return the type that the table has for a text, else for its parts: "Tesis de maestría / Master's thesis".

    Parts that name several types name none, but for a type and one that says less of the same ("Thesis (Doctoral)").
    """
    # "doc-type:article" is how repositories with the certificate of DINI write a type, "publications:dataset" how HUBzero does.
    text = _LABEL.sub("", text)
    if known := maps.types.get(compared(text)):
        return known
    if last := maps.types.get(compared(_PATH.split(text)[-1])):
        return last
    parts = [part for part in _JOINTS.split(text) if part.strip()]
    if len(parts) > _MOST_PARTS:
        return None
    known_parts = [maps.types.get(compared(part)) for part in parts]
    found = {type_.coar: type_ for type_ in known_parts if type_ and not _is_other(maps, type_)}
    if None in known_parts:
        # "Journal (Paginated)" is not said of a journal.
        found = {coar: type_ for coar, type_ in found.items() if not _is_serial(type_)}
    if len(found) > 1:
        general = {maps.types[name].coar for name in ("thesis", "text")}
        found = {coar: type_ for coar, type_ in found.items() if coar not in general}
    return next(iter(found.values())) if len(found) == 1 else None


def _is_serial(type_: DocumentType) -> bool:
    return type_.bibo is not None and type_.bibo.endswith(tuple(f"/{name.partition(':')[2]}>" for name in SERIALS))


def _is_other(maps: Maps, type_: DocumentType) -> bool:
    return type_.coar == maps.types["other"].coar


def _report_unknown(draft: Draft, unknown: list[int], *, has_type: bool) -> None:
    message = "The document type is not in the table of types"
    for index in unknown:
        if has_type:
            draft.weaken(index, "I07", f"{message}; it was kept verbatim beside the known one.", Severity.INFO)
        else:
            draft.weaken(index, "I07", f"{message}; the item was published as 'other'. Add the type to maps/types.csv.")


def _state_type_of_untyped(draft: Draft, unknown: list[int]) -> DocumentType:
    """State the type of an item that no value of the table gives one: that of its entity in DSpace, "other" for a word not known.

    Where nothing is said of a type none is stated; the item gets the classes of "other", which hold for any document.
    """
    other = draft.maps.types["other"]
    type_: DocumentType | None = other if unknown else None
    if not dspace_entities.is_entity_page(draft):
        if entity := draft.maps.types.get(dspace_entities.entity_type(draft)):
            type_ = entity
        elif not unknown:
            message = "The record has no document type, so none was stated. Add dc.type."
            draft.note("I07", Severity.WARNING, message)
    if type_ and type_.coar:
        draft.add(draft.item, draft.terms["dcterms:type"], type_.coar, *(unknown if type_ is other else ()))
    return type_ or other


def _state_types(draft: Draft, types: list[tuple[int, DocumentType]]) -> dict[Iri, list[int]]:
    """State the COAR types; return their classes, with the positions of the values."""
    other = draft.maps.types["other"].coar
    disowned = _serials_beside_others(draft, types)
    classes: dict[Iri, list[int]] = {}
    for index, type_ in types:
        if type_.coar:
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
