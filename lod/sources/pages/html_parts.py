"""Markup of DSpace's item pages, of every version and theme (JSPUI, XMLUI, Angular): table, labels, files, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from lod.record import File, Value
from lod.sources.pages.page_labels import DISPLAY
from lod.sources.parsing.html_tree import has_class, shown_text
from lod.sources.parsing.media_types import media_type_of
from lod.sources.parsing.xml_files import XmlElement
from lod.sources.reading.field_names import FIELD_NAME

LONGEST_ADDRESS = 2_048
"""Longest address that is looked at, in characters; browsers and servers go no further."""

_NAME = re.compile(FIELD_NAME, re.ASCII)
_SURE = re.compile(r"(?:dc|dcterms)\.", re.ASCII)
_COLLECTIONS = frozenset({"appears in collections", "collections", "appears in the following collection(s)"})
_NO_DATUM = frozenset(
    {"files in this item", "files", "view/open", "view / open", "metadata", "share", "download", "export"}
)
_ADDRESS_TAGS = frozenset({"citation_abstract_html_url", "og:url"})
_HANDLE = re.compile(
    r"(?:https?://hdl\.handle\.net/|/handle/|^hdl:)(?!10\.\d)(\d+(?:\.\w+)*/[^\s?#]{1,2048}?)/?(?:[?#]|$)"
)
_UUID = re.compile(r"/(?:items|entities/\w+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)", re.IGNORECASE)
_FILE = re.compile(r"/bitstream/(?!.{0,2048}\.(?:pdf|docx?|pptx?)\.jpg)|/bitstreams/[0-9a-f-]{36}/download")
_SIZE = re.compile(r"(?<!\s)\s*+\([\d.,]+\s*[KMGT]?i?B(?:ytes)?\)$", re.IGNORECASE)
_BUTTONS = re.compile(r"(?:view\s*+(?:/\s*+)?open|open|download|thumbnail|pdf)?", re.IGNORECASE)


@dataclass(slots=True)
class Markup:
    """Data in the markup of a page. `shown` has labels and texts, as `page_parts.PageParts` has them."""

    table: list[Value] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    address: str | None = None
    handle: str | None = None
    uuid: str | None = None


def read_markup(root: XmlElement) -> Markup:
    """Return the rows of the table of all fields, the labelled texts, collections, files and names of a page.

    A row of the table of all fields is recognised by its first cell, "dc.title"; so it is found in every theme, with or without
    the head "DC Field | Value | Language".
    """
    markup = Markup()
    for row in root.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) >= 2 and not any(True for _ in row.iter("table")):
            _take_row(markup, cells)
    for label, text, element in _labelled(root):
        _take_shown(markup, label, text, element)
    for element in root.iter("ul"):
        if has_class(element, "ds-referenceSet-list"):
            _take_collections(markup, element)
    if not any(_SURE.match(value.field) for value in markup.table):
        # "www.example.org" in a first cell looks like a field, too.
        markup.table.clear()
    _take_addresses(markup, root)
    return markup


def _take_row(markup: Markup, cells: list[XmlElement]) -> None:
    name = shown_text(cells[0])
    if _NAME.fullmatch(name) and cells[0].tag == "td":
        text = shown_text(cells[1])
        language = shown_text(cells[2]) if len(cells) > 2 else ""
        if text:
            markup.table.append(Value(name, text, None if language in ("", "-") else language))
    elif _is_label(cells[0]) or name.rstrip(": \xa0").casefold() in DISPLAY:
        _take_shown(markup, name, shown_text(cells[1]), cells[1])


def _is_label(cell: XmlElement) -> bool:
    return cell.tag == "td" and (has_class(cell, "metadataFieldLabel") or any(has_class(part, "bold") for part in cell))


def _labelled(root: XmlElement) -> Iterator[tuple[str, str, XmlElement]]:
    """Yield labels and texts of the summary views of XMLUI (Mirage 2) and of DSpace 7."""
    for element in root.iter("div"):
        if has_class(element, "item-page-field-wrapper", "simple-view-element"):
            label = next((part for part in element.iter("h2", "h3", "h4", "h5")), None)
            if label is not None:
                written = shown_text(label)
                whole = shown_text(element)
                yield written, whole.removeprefix(written).strip(), element
    for element in root.iter("h1", "h2"):
        if has_class(element, "item-page-title-field", "page-header", "first-page-header") or (
            (parent := element.getparent()) is not None and parent.tag == "ds-item-page-title-field"
        ):
            yield "Title", shown_text(element), element


def _take_shown(markup: Markup, label: str, text: str, element: XmlElement) -> None:
    name = " ".join(label.split()).rstrip(": ").casefold()
    if name in _COLLECTIONS:
        _take_collections(markup, element)
    elif name and text and name not in _NO_DATUM:
        markup.shown.append((" ".join(label.split()).rstrip(": "), text))


def _take_collections(markup: Markup, element: XmlElement) -> None:
    for link in element.iter("a"):
        found = _HANDLE.search((link.get("href") or "")[:LONGEST_ADDRESS])
        name = found[1] if found else shown_text(link)
        if name and name not in markup.collections:
            markup.collections.append(name)


def _take_addresses(markup: Markup, root: XmlElement) -> None:
    """Find the address of the page, handle and UUID of the item, and its files."""
    addresses = [link for link in _page_links(root) if link.startswith(("http://", "https://"))]
    markup.address = addresses[0] if addresses else None
    # "Please use this identifier to cite or link to this item" of JSPUI.
    texts = (shown_text(part)[:LONGEST_ADDRESS] for part in root.iter("code"))
    addresses += [text for text in texts if text.startswith("http")]
    markup.handle = _first_match(_HANDLE, addresses)
    markup.uuid = _first_match(_UUID, addresses)
    markup.files = [_file(address, name) for address, name in _file_names(root, markup.address).items()]


def _page_links(root: XmlElement) -> list[str]:
    """Return what the page names as its own address, in its head."""
    links = [part.get("href") or "" for part in root.iter("link") if (part.get("rel") or "").lower() == "canonical"]
    for part in root.iter("meta"):
        if (part.get("name") or part.get("property") or "").lower() in _ADDRESS_TAGS:
            links.append(part.get("content") or "")
    return [link.strip() for link in links if len(link) <= LONGEST_ADDRESS]


def _first_match(form: re.Pattern[str], addresses: list[str]) -> str | None:
    return next((match[1] for address in addresses if (match := form.search(address))), None)


def _file_names(root: XmlElement, base: str | None) -> dict[str, str]:
    """Return the addresses of files, with the name that a link shows for each, "" where links are mere buttons."""
    names: dict[str, str] = {}
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        if len(href) > LONGEST_ADDRESS or not _FILE.search(href):
            continue
        address = _absolute(href, base)
        if address and not names.get(address):
            shown = shown_text(link)
            names[address] = "" if _BUTTONS.fullmatch(shown) else _SIZE.sub("", shown.partition("\n")[0])
    return names


def _absolute(href: str, base: str | None) -> str | None:
    try:
        address = urljoin(base or "", href)
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def _file(address: str, name: str) -> File:
    last = unquote(urlsplit(address).path.rpartition("/")[2])
    written = name if last == "download" or "." in name else last
    return File(written or last, url=address, media_type=media_type_of(written or last))
