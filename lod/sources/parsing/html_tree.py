"""HTML from anybody, parsed without scripts, entities of its own or the network; bounded in size and depth."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from lod.errors import SourceError
from lod.sources.parsing.xml_files import XmlElement
from lod.sources.reading.source_file import HEAD_BYTES, SourceFile, wide_encoding

LARGEST_PAGE_BYTES = 16 * 1024**2
"""Largest page that is read: pages about one item stay below a tenth of it, inlined styles and scripts included."""

_CHARSET = re.compile(
    rb"<meta\s[^<>]{0,200}?\bcharset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})|<\?xml\s[^<>]{0,99}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})",
    re.I,
)
_NEXT_PAGE = re.compile(
    r"</html\s{0,99}+>(?:\s|<!--(?:[^-]|-(?!->)){0,999}+-->){0,999}+(?:<!doctype\s{1,99}+html|<html)[\s>]",
    re.IGNORECASE,
)
_OF_TEXT = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+|tis-620|hz"
)
_AS_WINDOWS = frozenset({"iso8859-1", "ascii"})
_NO_TEXT = frozenset({"script", "style", "noscript", "template"})
_BLOCKS = frozenset({"br", "p", "div", "li", "tr", "ul", "ol", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A parsed page. `damaged` says that some of its bytes were not in its encoding: they are U+FFFD in its texts."""

    root: XmlElement
    damaged: bool


def parse_page(file: SourceFile) -> HtmlPage | None:
    """Return a file as a tree of HTML, None where it holds no element.

    The encoding is that of a byte order mark, else of `<meta charset>` or the HTTP-equiv tag, else UTF-8 where the bytes
    are well-formed, else Windows-1252. Source: WHATWG HTML, 13.2.3.2; Encoding, 4.2 (labels such as iso-8859-1).

    Raises:
        SourceError: the page is too large or nests too deeply, another page follows it, or the file cannot be read.
    """
    with file.reading() as stream:
        data = stream.read(LARGEST_PAGE_BYTES + 1)
    if len(data) > LARGEST_PAGE_BYTES:
        raise SourceError(
            f"{file.source}: the page is larger than {LARGEST_PAGE_BYTES // 1024**2} MiB, which no page about one item is; "
            "save the page alone, without what it shows"
        )
    text = data.decode(_encoding(data), "replace").removeprefix("\ufeff").replace("\0", "")
    damaged = "\ufffd" in text and b"\xef\xbf\xbd" not in data
    if not text.strip():
        return None
    if _NEXT_PAGE.search(text):
        # A parser would take them for one, and the second for a part of the first.
        raise SourceError(f"{file.source}: the file holds several pages; put each into a file of its own")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise SourceError(
            f"{file.source}: the page nests deeper than any page about an item; save it from a browser again"
        )
    return None if root is None else HtmlPage(root, damaged)


def _encoding(data: bytes) -> str:
    wide = wide_encoding(data[:HEAD_BYTES])
    if wide:
        return wide
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    declared = _CHARSET.search(data, 0, HEAD_BYTES)
    name = _codec((declared[1] or declared[2]).decode("ascii", "replace")) if declared else ""
    if name:
        return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _codec(label: str) -> str:
    """Return Python's name of an encoding that a page may declare; "" for others, and for UTF-16, which ASCII cannot declare."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    return ("cp1252" if name in _AS_WINDOWS else name) if _OF_TEXT.fullmatch(name) else ""


def shown_text(element: XmlElement) -> str:
    """Return the text that a page shows of an element: a new line where a block or `<br>` begins, no scripts.

    White space around blocks goes, no-break spaces included; that within is left as it is.
    """
    blocks: list[list[str]] = [[]]
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if part is not element and part.tag in _BLOCKS:
                blocks.append([])
            if part.text and part.tag not in _NO_TEXT:
                blocks[-1].append(part.text)
        elif part is not element and part.tail:
            blocks[-1].append(part.tail)
    return "\n".join(filter(None, ("".join(block).strip() for block in blocks)))


def has_class(element: XmlElement, *names: str) -> bool:
    """Return whether an element has one of these classes."""
    return not frozenset(names).isdisjoint((element.get("class") or "").split())
