"""Serial, volume, issue, host book, pages: where an item was published (rules S1, P2, I8, MODEL section 12)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lod.mapping.resources.links import link_iri, related_iri
from lod.mapping.values.identifiers import isbn13, link_path
from lod.mapping.values.iris import hash8, hash16, name_key
from lod.mapping.values.text import plain_decimal
from lod.mapping.waiting import Issns
from lod.rdf.claims import XSD_NS, iri_text, literal
from lod.report import Severity

if TYPE_CHECKING:
    from lod.mapping.draft import Draft
    from lod.mapping.waiting import Slot

_BOOK_PARTS = ("bibo:Chapter", "bibo:BookSection", "bibo:DocumentPart", "bibo:Excerpt")
_BOOKS = (
    "bibo:Book",
    "bibo:EditedBook",
    "bibo:Proceedings",
    "bibo:Thesis",
    "bibo:Report",
    "bibo:Manual",
    "bibo:ReferenceSource",
)
SERIALS = ("bibo:Journal", "bibo:Magazine", "bibo:Newspaper", "bibo:Periodical")
_IN_SERIALS = ("bibo:AcademicArticle", "bibo:Article", "bibo:Note")
_LONGEST_PAGE = 12
_METRICS = {
    "journal-impact-factor": "Journal Impact Factor",
    "sjr": "SCImago Journal Rank",
}


def assemble(draft: Draft, classes: set[str]) -> bool:
    """State the container of the item and its place in it; tell whether it is a serial."""
    sort = _sort(draft, classes)
    serial = _state_serial(draft, classes) if sort == "serial" else None
    if serial is None:
        _leave_issns(draft, classes)
        for index, _ in draft.waiting.abbreviation:
            draft.keep(index, "no journal to give the abbreviation to")
    if sort == "host":
        _state_host(draft, classes)
        _say_in_book(draft, classes)
    else:
        _state_isbns(draft, classes)
        if sort == "relation":
            _state_relations(draft)
    _state_series(draft, classes, serial)
    _state_position(draft, serial)
    _state_pages(draft)
    return serial is not None


def _sort(draft: Draft, classes: set[str]) -> str:
    terms = draft.terms
    if classes & {terms[name] for name in _BOOK_PARTS}:
        return "host"
    has_issn = any(draft.waiting.issns.all())
    if terms["fabio:ConferencePaper"] in classes and (not has_issn or draft.waiting.isbn):
        return "host"
    if classes & {terms[name] for name in SERIALS}:
        return "relation"
    if classes & {terms[name] for name in _IN_SERIALS} or (has_issn and draft.waiting.container):
        return "serial"
    return "relation"


def _state_serial(draft: Draft, classes: set[str]) -> str | None:
    """State the serial and return its encoded IRI, None where it has no title: nobody could read it."""
    titles, issns = draft.waiting.container, draft.waiting.issns
    if not titles:
        return None
    index, title = titles[0]
    for other, _ in titles[1:]:
        draft.weaken(
            other, "C05", "A second container of the item was kept verbatim; give the item one journal.", Severity.INFO
        )
    terms = draft.terms
    origins = [index, *issns.origins()]
    serial = draft.node("serial", issns.key() or f"n-{hash16(title)}")
    for name in _serial_classes(draft, classes):
        draft.typed(serial, name, *origins)
    draft.add(serial, terms["dcterms:title"], literal(title), index)
    _state_issns(draft, serial, issns)
    for number, short in draft.waiting.abbreviation:
        draft.add(serial, terms["dcterms:title" if short == title else "dcterms:alternative"], literal(short), number)
    for number, address in draft.waiting.journal_page:
        draft.add(serial, terms["foaf:page"], link_iri(address), number)
    _state_metrics(draft, serial)
    return serial


def _serial_classes(draft: Draft, classes: set[str]) -> tuple[str, str]:
    if draft.terms["fabio:NewspaperArticle"] in classes:
        return "bibo:Newspaper", "fabio:Newspaper"
    if not classes & {draft.terms[name] for name in _IN_SERIALS}:
        return "bibo:Series", "fabio:Series"
    return "bibo:Journal", "fabio:Journal"


_ISSN_TABLE = (
    ("fabio:hasIssnL", "", "lissn"),
    ("bibo:issn", "prism:issn", "issn"),
    ("bibo:eissn", "prism:eIssn", "eissn"),
)
"""Property, mirror and DataCite scheme of ISSN-L, ISSN and electronic ISSN, in the order of `Issns.all`."""


def _state_issns(draft: Draft, serial: str, issns: Issns) -> None:
    terms = draft.terms
    for slot, (property_, mirror, scheme) in zip(issns.all(), _ISSN_TABLE, strict=True):
        distinct = {value for _, value in slot}
        for index, value in slot:
            draft.add(serial, terms[property_], literal(value), index)
            # PRISM properties are functional in FaBiO: only a single value is mirrored (MODEL section 11).
            if mirror and len(distinct) == 1 and draft.crosswalk.settings.mirrors:
                draft.add(serial, terms[mirror], literal(value), index)
            draft.identifier_node(
                serial, "datacite:ResourceIdentifier", scheme, terms[f"datacite:{scheme}"], value, index
            )
            if slot is issns.linking:
                draft.add(serial, terms["schema:sameAs"], f"<http://issn.org/resource/ISSN-L/{value}>", index)
            draft.keep_unless(value, index, "written in the canonical form NNNN-NNNN")


def _leave_issns(draft: Draft, classes: set[str]) -> None:
    """Say what becomes of ISSNs that make no serial: the item's own, the series' own, or kept verbatim with the reason."""
    own = classes & {draft.terms[name] for name in SERIALS}
    of_series = len(draft.waiting.series) == 1 and not own
    for slot, (property_, _, scheme) in zip(draft.waiting.issns.all(), _ISSN_TABLE, strict=True):
        for index, value in slot:
            if of_series:
                continue  # it is the key of the series
            if own:
                draft.add(draft.item, draft.terms[property_], literal(value), index)
                node = ("datacite:ResourceIdentifier", scheme, draft.terms[f"datacite:{scheme}"])
                draft.identifier_node(draft.item, *node, value, index)
                draft.keep_unless(value, index, "written in the canonical form NNNN-NNNN")
            elif draft.waiting.container:
                draft.keep(index, "the item is part of a book, not of a serial")
            else:
                draft.weaken(
                    index,
                    "issn-without-title",
                    "The ISSN names a serial, but no field gives the serial's title, so none was made of it. "
                    "Give the title in dc.relation.ispartof, or map the field that holds it to the kind 'container'.",
                )
    for index, address in draft.waiting.journal_page:
        if own:
            draft.add(draft.item, draft.terms["foaf:page"], link_iri(address), index)
        else:
            draft.keep(index, "no journal to give the address to")


def _state_metrics(draft: Draft, serial: str) -> None:
    terms = draft.terms
    for index, metric in draft.waiting.metric:
        value = draft.record.values[index]
        year = value.field.rpartition(".")[2]
        node = f"{serial[:-1]}#obs-{metric}-{year}>"
        variable = terms[f"rt:metric/{metric}"]
        number = plain_decimal(value.text)
        draft.typed(node, "schema:Observation", index)
        draft.add(node, terms["schema:observationAbout"], serial, index)
        draft.add(node, terms["schema:variableMeasured"], variable, index)
        draft.add(node, terms["rt:referenceYear"], literal(year, datatype=f"{XSD_NS}gYear"), index)
        draft.add(node, terms["schema:value"], literal(number, datatype=f"{XSD_NS}decimal"), index)
        draft.keep_unless(number, index, "written without zeros at its end")
        draft.typed(variable, "schema:StatisticalVariable", index)
        draft.add(variable, terms["rdfs:label"], literal(_METRICS.get(metric, metric), language="en"), index)


def _state_host(draft: Draft, classes: set[str]) -> None:
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
    _link_container(draft, host, *origins)


def _say_in_book(draft: Draft, classes: set[str]) -> None:
    """Take back that a paper in proceedings is in a journal: "research article" says so, whatever published it."""
    terms = draft.terms
    if terms["fabio:ConferencePaper"] in classes and terms["fabio:JournalArticle"] in classes:
        draft.claims.pop(f"{draft.item} {terms['rdf:type']} {terms['fabio:JournalArticle']} .", None)


def _state_isbns(draft: Draft, classes: set[str]) -> None:
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


def _state_isbn_of(draft: Draft, book: str, isbns: Slot) -> None:
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


def _state_relations(draft: Draft) -> None:
    for index, text in draft.waiting.container:
        target = related_iri(draft, text)
        if target is None:
            target = draft.text_node(f"rel-{hash8(text)}", draft.terms["bibo:Document"], text, index)
            draft.keep(index, "the container is known as text only")
        draft.keep_unless(iri_text(target), index, "written as the address that it leads to")
        _link_container(draft, target, index)


def _state_series(draft: Draft, classes: set[str], serial: str | None) -> None:
    terms = draft.terms
    in_book = bool(classes & {terms[name] for name in _BOOK_PARTS})
    several = draft.waiting.series
    ambiguous = len(several) > 1 and any(split_series(text)[1] for _, text in several)
    for index, text in several:
        title, number = split_series(text)
        if not title:
            draft.weaken(index, "series", "The series has no title before its semicolon; write title;number.")
            continue
        has_issns = serial is None and len(several) == 1 and not classes & {terms[name] for name in SERIALS}
        issns = draft.waiting.issns if has_issns else Issns()
        series = draft.node("serial", issns.key() or f"n-{hash16(title)}")
        if series == serial or ambiguous:
            draft.keep(index, "the number of one series among several, or the series is the journal itself")
        draft.typed(series, "bibo:Series", index)
        draft.typed(series, "fabio:Series", index)
        draft.add(series, terms["dcterms:title"], literal(title), index)
        _state_issns(draft, series, issns)
        if not in_book:
            draft.add(draft.item, terms["dcterms:isPartOf"], series, index)
            if number:
                draft.add(draft.item, terms["bibo:number"], literal(number), index)
            continue
        # BIBO allows a part of a book one container only: the series is the book's (MODEL section 12).
        host = _host_of(draft) or _plain_host(draft, index)
        draft.add(host, terms["dcterms:isPartOf"], series, index)
        if number:
            draft.add(host, terms["bibo:number"], literal(number), index)


def split_series(text: str) -> tuple[str, str]:
    """Return title and number of a series: what follows the last semicolon, or volume and issue such as "5:1" at the end."""
    title, semicolon, number = (part.strip() for part in text.rpartition(";"))
    if semicolon:
        return title, number
    match = _VOLUME_AND_ISSUE.search(text)
    title = text[: match.start()] if match else ""
    return (title, match["number"]) if match and "\n" not in title and _LETTER.search(title) else (text, "")


_VOLUME_AND_ISSUE = re.compile(r",?(?<!\s)\s++(?P<number>\d{1,4}:\d{1,4})\Z")
_LETTER = re.compile(r"[^\W\d]")


def _host_of(draft: Draft) -> str:
    prefix = f"{draft.item} {draft.terms['dcterms:isPartOf']} "
    return next((line[len(prefix) : -2] for line in draft.claims if line.startswith(prefix)), "")


def _plain_host(draft: Draft, index: int) -> str:
    host = draft.part("host")
    for name in ("bibo:Book", "fabio:Book"):
        draft.typed(host, name, index)
    _link_container(draft, host, index)
    return host


def _state_position(draft: Draft, serial: str | None) -> None:
    """State volume and issue, flat on the item and as links of the chain item, issue, volume, serial."""
    terms, mirrors = draft.terms, draft.crosswalk.settings.mirrors
    volume = _number(draft, draft.waiting.volume, "volume")
    issue = _number(draft, draft.waiting.issue, "issue")
    if volume:
        draft.add(draft.item, terms["bibo:volume"], literal(volume[1]), volume[0])
        if mirrors:
            draft.add(draft.item, terms["prism:volume"], literal(volume[1]), volume[0])
    if issue:
        draft.add(draft.item, terms["prism:issueIdentifier"], literal(issue[1]), issue[0])
    if serial is None:
        return
    deepest, origins = serial, [index for index, _ in draft.waiting.container[:1]]
    if volume:
        node = f"{serial[:-1]}/v/{name_key(volume[1])}>"
        draft.typed(node, "fabio:JournalVolume", volume[0])
        draft.typed(node, "bibo:CollectedDocument", volume[0])
        for property_ in ("bibo:volume", "prism:volume", "fabio:hasSequenceIdentifier"):
            draft.add(node, terms[property_], literal(volume[1]), volume[0])
        _link_container(draft, deepest, volume[0], part=node)
        deepest, origins = node, [*origins, volume[0]]
    year = _year(draft)
    if issue and (volume or year):
        middle = "/i/" if volume else f"/y/{year}/i/"
        node = f"{deepest[:-1]}{middle}{name_key(issue[1])}>"
        draft.typed(node, "fabio:JournalIssue", issue[0])
        draft.typed(node, "bibo:Issue", issue[0])
        if volume:
            draft.add(node, terms["bibo:volume"], literal(volume[1]), issue[0])
        for property_ in ("bibo:issue", "prism:issueIdentifier", "fabio:hasSequenceIdentifier"):
            draft.add(node, terms[property_], literal(issue[1]), issue[0])
        _link_container(draft, deepest, issue[0], part=node)
        deepest, origins = node, [*origins, issue[0]]
    _link_container(draft, deepest, *origins)


def _link_container(draft: Draft, whole: str, *origins: int, part: str | None = None) -> None:
    for property_ in ("dcterms:isPartOf", "frbr:partOf"):
        draft.add(part or draft.item, draft.terms[property_], whole, *origins)


def _only(draft: Draft, slot: Slot, rule: str, name: str) -> tuple[int, str] | None:
    """Return the first value that waits in a slot; a different second one is kept verbatim, with a finding."""
    for index, text in slot[1:]:
        if text != slot[0][1]:
            draft.weaken(index, rule, f"A second {name} was kept verbatim; give the item one.", Severity.INFO)
    return slot[0] if slot else None


def _number(draft: Draft, slot: Slot, name: str) -> tuple[int, str] | None:
    found = _only(draft, slot, f"several-{name}s", name)
    if found:
        draft.keep_unless(found[1], found[0], "the label before the number was taken off")
    return found


def _year(draft: Draft) -> str:
    prefix = f"{draft.item} {draft.terms['fabio:hasPublicationYear']} "
    return next((line[len(prefix) + 1 : len(prefix) + 5] for line in draft.claims if line.startswith(prefix)), "")


_RANGE = re.compile(
    r"(?P<start>[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+)\s*(?:-{1,2}|–|—|‐|‑|−)\s*(?P<end>[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+)"
)
_PAGE_LABEL = re.compile(r"^(?:pages?|pp?|s)\.?\s+(?=\S)|^pp?\.(?=\d)", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"e\d+|\d{6,}", re.IGNORECASE)


def _state_pages(draft: Draft) -> None:
    start, end = _page(draft, draft.waiting.pages.start), _page(draft, draft.waiting.pages.end)
    if end and (pages := read_range(end[1])):
        draft.keep(end[0], "the whole page range stood in the field of the last page")
        start, end = start or (end[0], pages[0]), (end[0], pages[1])
    if start and (pages := read_range(start[1])):
        draft.keep(start[0], "the whole page range stood in the field of the first page")
        start, end = (start[0], pages[0]), end or (start[0], pages[1])
    terms, mirrors = draft.terms, draft.crosswalk.settings.mirrors
    if start and not end and is_article_number(start[1]):
        draft.add(draft.item, terms["fabio:hasElectronicArticleIdentifier"], literal(start[1]), start[0])
        return
    if start and end:
        full = expanded_page(start[1], end[1])
        if full != end[1]:
            draft.keep(end[0], "the abbreviated last page was written out")
            end = (end[0], full)
    for page, property_, mirror in (
        (start, "bibo:pageStart", "prism:startingPage"),
        (end, "bibo:pageEnd", "prism:endingPage"),
    ):
        if page:
            draft.add(draft.item, terms[property_], literal(page[1]), page[0])
            if mirrors:
                draft.add(draft.item, terms[mirror], literal(page[1]), page[0])
    if start and end:
        draft.add(draft.item, terms["bibo:pages"], literal(f"{start[1]}-{end[1]}"), start[0], end[0])
        if mirrors:
            draft.add(draft.item, terms["prism:pageRange"], literal(f"{start[1]}-{end[1]}"), start[0], end[0])


def _page(draft: Draft, slot: Slot) -> tuple[int, str] | None:
    found = _only(draft, slot, "several-pages", "page number")
    if not found:
        return None
    index, text = found
    page = bare_page(text)
    draft.keep_unless(page, index, "the label before the page was taken off")
    return index, page


def bare_page(text: str) -> str:
    """Return a page number, or a range of them, without its label: "p. 1423" is "1423"."""
    return _PAGE_LABEL.sub("", text).strip(" .,;") or text


def is_article_number(page: str) -> bool:
    """Tell whether what stands as first page is the number of an article that has no pages."""
    return _ARTICLE_NUMBER.fullmatch(page) is not None


def read_range(text: str) -> tuple[str, str] | None:
    """Return first and last page of a range as written, None where the text is none."""
    match = _RANGE.fullmatch(text)
    return (match["start"], match["end"]) if match else None


def expanded_page(start: str, end: str) -> str:
    """Return a last page in full: 1423 and "9" give "1429", "1423" and "1429" stay (rule P2)."""
    if len(start) > _LONGEST_PAGE or not (start.isdecimal() and end.isdecimal()):
        return end
    if len(end) < len(start) and int(end) < int(start):
        return start[: len(start) - len(end)] + end
    return end
