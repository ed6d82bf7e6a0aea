"""Item pages as HTML: those of DSpace with their table of all fields, and pages of any repository with meta tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lod.errors import SourceError
from lod.record import Record, Value
from lod.settings.table import Settings
from lod.sources.pages.html_parts import Markup, read_markup
from lod.sources.pages.html_tags import Tagged, item_tags, tag_values
from lod.sources.pages.page_header import HeaderParts
from lod.sources.pages.page_labels import slug
from lod.sources.pages.page_parts import PageParts
from lod.sources.pages.stated import Stated, as_qualified
from lod.sources.pages.text_page import page_values
from lod.sources.parsing.html_tree import LARGEST_PAGE_BYTES, parse_page
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import HEAD_BYTES, Item, SourceFile, head_text

_START = re.compile(
    r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body|table|div|meta|title|main|ds-[\w-]+)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
# Bounded and possessive throughout: a page from anybody must not cost more than its length.
_SIGNS = re.compile(
    rb"<meta\s[^<>]{0,400}?\b(?:name|property)\s{0,9}=\s{0,9}[\"']?(?:bepress_)?(?:citation_|dc\.|dcterms\.|eprints\.|prism\.)\w"
    rb"|>\s{0,99}DC Field\s{0,99}<|ds-includeSet-table|itemDisplayTable|metadataFieldLabel|full-item-info"
    rb"|item-page-field-wrapper|simple-view-element|<td[^<>]{0,200}>\s{0,99}(?:<[^<>]{0,99}>\s{0,99}){0,2}(?:dc|dcterms)\.[a-z]",
    re.IGNORECASE,
)
_OF_THE_PAGE = "a meta tag about the page, not about its item"
_REPEATED = "another part of the page says the same"
_DSPACE = re.compile(r"DSpace", re.IGNORECASE)
_ONE_SAYS_IT = frozenset({
    "dc.title", "dc.contributor.author", "dc.contributor.editor", "dc.date.issued", "dc.relation.ispartof",
    "dc.identifier.volume", "dc.identifier.issue", "dc.identifier.spage", "dc.identifier.epage",
    "dc.identifier.citation", "dc.language", "dc.language.iso", "dc.publisher", "dc.type",
    "dc.description.abstract",
})  # fmt: skip
"""Fields that one part of a page states in full: another part says the same in other words, and is no second value."""

_STATED_ONCE = frozenset(
    {"dc.date.issued", "dc.identifier.volume", "dc.identifier.issue", "dc.identifier.spage", "dc.identifier.epage"}
)
"""Those of which an item has one, though two tags of one vocabulary may differ."""

_ITERATED = frozenset({"dc.contributor.author", "dc.contributor.editor", "dc.contributor"})


def detect_html_page(head: bytes, path: Path) -> bool:
    """Return whether a file is HTML with meta tags about an item, or with the markup of DSpace's item pages."""
    text = head_text(head)
    if not _START.match(text):
        return False
    if _SIGNS.search(text.encode()):
        return True
    if len(head) < HEAD_BYTES:
        return False
    try:
        # Styles that a page has inlined may fill its beginning.
        with SourceFile(path.absolute()).reading() as stream:
            return _SIGNS.search(stream.read(LARGEST_PAGE_BYTES)) is not None
    except SourceError:
        return False


def read_html_page(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield the record of the page, or a violation, and an info finding about tags that are not about the item.

    Values are in this order: the table of all fields; what the meta tags say and it lacks, Highwire first; what the
    page shows and both lack; what only the page has. A tag that says in other words what is stated already is kept under
    its own name (`page.citation-date`).

    Raises:
        SourceError: the page is too large, nests too deeply, or cannot be read.
    """
    del settings
    yield from records_of(file, [file], _items, lambda _: "the page")


def _items(file: SourceFile) -> Iterator[Item]:
    page = parse_page(file)
    if page is None:
        yield file.unreadable("page-empty", "the page", "the file holds no page; save it from a browser again")
        return
    markup = read_markup(page.root)
    tags, others = item_tags(page.root)
    generator = " ".join(
        part.get("content") or "" for part in page.root.iter("meta") if _is_generator(part.get("name"))
    )
    dspace = bool(markup.table or markup.shown or _DSPACE.search(generator))
    repeated: dict[str, str] = {}
    values = _values(markup, tag_values(tags, dspace=dspace), repeated)
    bad = next((value for value in values if page.damaged and "\ufffd" in value.text), None)
    if bad is not None:
        message = f"{bad.field} holds bytes that are not in the encoding of the page; save the page as UTF-8 and read it again"
        yield file.unreadable("page-encoding", "the page", message, field=bad.field, value=bad.text[:80])
    elif not values:
        message = (
            "the page has neither a table 'DC Field | Value | Language' nor meta tags about an item, such as citation_title; "
            "save the whole page, with its full table of fields, as HTML"
        )
        yield file.unreadable("page-empty", "the page", message)
    else:
        yield Record(
            file.source,
            file.place("the page"),
            tuple(values),
            handle=markup.handle,
            uuid=markup.uuid,
            url=markup.address,
            collections=tuple(markup.collections),
            files=tuple(markup.files),
        )
    ignored = Ignored(file, {})
    for name in others:
        ignored.count(name, _OF_THE_PAGE)
    ignored.take(repeated)
    yield from ignored.remark()


def _is_generator(name: str | None) -> bool:
    return (name or "").lower() == "generator"


def _values(markup: Markup, groups: Sequence[Sequence[Tagged]], repeated: dict[str, str]) -> list[Value]:
    stated = list(markup.table)
    for group in groups:
        _take_languages(group, stated, len(markup.table))
        stated += _added(group, stated, repeated)
    headings = {value.text.casefold() for value in stated if value.field.startswith("dc.subject.")}
    # A keyword that another tag gives as a heading of a scheme is that heading.
    for value in stated:
        if value.field == "dc.subject" and value.text.casefold() in headings:
            repeated[value.field] = "a heading of a scheme says the same"
    stated = [value for value in stated if value.field != "dc.subject" or value.text.casefold() not in headings]
    return page_values(PageParts(1, shown=markup.shown, table=stated), HeaderParts())


def _take_languages(group: Sequence[Tagged], stated: list[Value], first: int) -> None:
    """Give a value of a tag the language that a later vocabulary states for the same text; the table needs none."""
    languages = {(value.field, value.text): value.language for value, _ in group if value.language}
    for index in range(first, len(stated)):
        language = languages.get((stated[index].field, stated[index].text))
        if language and stated[index].language is None:
            stated[index] = stated[index]._replace(language=language)


def _added(group: Sequence[Tagged], before: Sequence[Value], repeated: dict[str, str]) -> list[Value]:
    """Return the values of one vocabulary that the parts before it do not state, and note the tags of the others."""
    earlier, added, own = Stated(before), list[Value](), Stated(())
    for value, tag in group:
        field = as_qualified(value.field)
        if earlier.holds(value) or (value.field not in _ITERATED and own.holds(value, only_its_field=True)):
            repeated[tag] = _REPEATED
            continue
        if value.field != "dc.contributor" and (
            (field in _ONE_SAYS_IT and earlier.knows(field)) or (field in _STATED_ONCE and own.knows(field))
        ):
            value = value._replace(field=f"page.{slug(tag)}")
            if earlier.holds(value) or own.holds(value, only_its_field=True):
                repeated[tag] = _REPEATED
                continue
        own.add(value)
        added.append(value)
    return added
