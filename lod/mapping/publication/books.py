"""The book that holds the item, and ISBNs (rule I8, MODEL section 12)."""

from __future__ import annotations

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.links import link_iri
from lod.mapping.values.identifiers import isbn13, link_path, read_doi, read_isbn
from lod.mapping.waiting import Slot
from lod.rdf.claims import Iri, literal

_BOOKS = (
    "bibo:Book",
    "bibo:EditedBook",
    "bibo:Proceedings",
    "bibo:Thesis",
    "bibo:Report",
    "bibo:Manual",
    "bibo:ReferenceSource",
)


def take_isbn(draft: Draft, rule: Rule, index: int) -> None:
    """Let an ISBN wait: it belongs to the book or to its host (rule I8)."""
    slot = draft.waiting.host.isbn if rule.options.get("of") == "host" else draft.waiting.isbn
    slot.append((index, read_isbn(draft.record.values[index].text)))


def take_host(draft: Draft, rule: Rule, index: int) -> None:
    """Let the title or the DOI of the host publication wait."""
    if rule.options.get("as") == "doi":
        draft.waiting.host.doi.append((index, read_doi(draft.record.values[index].text)))
        return
    draft.waiting.host.title.append((index, draft.text(index, paragraphs=False)))


def state_host(draft: Draft, classes: set[Iri]) -> None:
    waiting = draft.waiting
    titles = [*waiting.host.title, *waiting.container]
    isbns = [*waiting.host.isbn, *waiting.isbn]
    # A DOI beside no title of a book may as well be the chapter's own: repositories use the field for both.
    dois = waiting.host.doi if titles else []
    if not titles:
        _relate_dois(draft)
    if not titles and not isbns:
        return
    terms = draft.terms
    key = isbn13(isbns[0][1]) if isbns else ""
    host = draft.node("book", key) if key else draft.part("host")
    origins = [index for index, _ in (*titles[:1], *isbns, *dois)]
    proceedings = terms["fabio:ConferencePaper"] in classes
    names = ("bibo:Proceedings", "fabio:ConferenceProceedings") if proceedings else ("bibo:Book", "fabio:Book")
    for name in names:
        draft.typed(host, name, *origins)
    if titles:
        index, title = titles[0]
        draft.add(host, terms["dcterms:title"], literal(title), index)
        for other, _ in titles[1:]:
            draft.keep(other, "a second title of the host publication")
    _state_isbn_of(draft, host, isbns)
    for index, doi in dois:
        draft.add(host, terms["bibo:doi"], literal(doi), index)
        draft.add(host, terms["schema:sameAs"], link_iri(f"https://doi.org/{link_path(doi)}"), index)
        draft.keep_unless(doi, index, "written in the canonical form of its scheme")
    draft.link_whole(host, *origins)


def say_in_book(draft: Draft, classes: set[Iri]) -> None:
    """Take back that a paper in proceedings is in a journal: "research article" says so, whatever published it."""
    terms = draft.terms
    if terms["fabio:ConferencePaper"] in classes and terms["fabio:JournalArticle"] in classes:
        draft.claims.pop(f"{draft.item} {terms['rdf:type']} {terms['fabio:JournalArticle']} .", None)


def state_isbns(draft: Draft, classes: set[Iri]) -> None:
    """State the ISBNs of an item that is a book itself; of any other item they are identifiers only."""
    isbns = draft.waiting.isbn
    if classes & {draft.terms[name] for name in _BOOKS}:
        _state_isbn_of(draft, draft.item, isbns)
    else:
        for index, value in isbns:
            scheme = ("datacite:ResourceIdentifier", "isbn", draft.terms["datacite:isbn"])
            draft.identifier_node(draft.item, *scheme, isbn13(value), index)
            draft.keep_unless(isbn13(value), index, "written as thirteen digits")
    _relate_dois(draft)
    for index, _ in (*draft.waiting.host.isbn, *draft.waiting.host.title):
        draft.keep(index, "the item is no part of a book")


def _relate_dois(draft: Draft) -> None:
    """Relate the item to a DOI that the record gives without saying of what: stated of a book it could be wrong."""
    for index, doi in draft.waiting.host.doi:
        address = link_iri(f"https://doi.org/{link_path(doi)}")
        draft.add(draft.item, draft.terms["dcterms:relation"], address, index)
        draft.keep(index, "the record does not say whether the DOI is the item's or that of the publication around it")


def _state_isbn_of(draft: Draft, book: Iri, isbns: Slot) -> None:
    terms = draft.terms
    single = len({isbn13(value) for _, value in isbns}) == 1
    for index, value in isbns:
        long = isbn13(value)
        draft.add(book, terms["bibo:isbn13"], literal(long), index)
        if len(value) == 10:
            draft.add(book, terms["bibo:isbn10"], literal(value), index)
        if single and draft.crosswalk.settings.mirrors:
            draft.add(book, terms["prism:isbn"], literal(long), index)
        draft.identifier_node(book, "datacite:ResourceIdentifier", "isbn", terms["datacite:isbn"], long, index)
        draft.keep_unless(long, index, "written as thirteen digits")
