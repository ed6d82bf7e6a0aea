"""Read untrusted XML of any size: one element at a time, without entities, without the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from xml.sax.saxutils import quoteattr

from lxml import etree

from lod.errors import SourceError
from lod.guard import guarded
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources.parsing.xml_pieces import EntityDeclaredError, TooLargeError, XmlPiece, recoded, split_pieces
from lod.sources.reading.source_file import SourceFile

XmlElement: TypeAlias = etree._Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_ROOT = re.compile(rb"<(?![?!/])[^\s/>]+")
_NO_NOISE = re.compile(rb"<\?[^<>]{0,500}\?>|<!DOCTYPE[^<>\[]{0,500}>")
_SHOWN_CHARACTERS = 80
_POSITION = re.compile(r",? line \d+, column \d+.*|, line \d+$", re.DOTALL)

_REASONS = (
    ("xmlParseEntityRef: no name", "a bare '&', which XML writes as '&amp;'"),
    ("EntityRef: expecting ';'", "a bare '&', which XML writes as '&amp;'"),
    ("invalid Char value", "a control character, which XML does not allow"),
    ("invalid xmlChar value", "a reference to a control character, which XML does not allow"),
    ("character encoding", "bytes that are not in the encoding which the file declares (UTF-8 where it declares none)"),
    ("not proper UTF-8", "bytes that are not in the encoding which the file declares (UTF-8 where it declares none)"),
    ("Unsupported encoding", "the encoding that the file declares is not known"),
    ("Namespace prefix", "a prefix that nothing declares: xmlns:… is missing"),
    (
        "XML declaration allowed",
        "an XML declaration ('<?xml …?>') within the document, which only a file may begin with",
    ),
    ("not defined", "a named character such as '&eacute;', which plain XML does not know"),
    ("huge text node", "a single value of more than 10 million characters; max_value_bytes allows far fewer"),
    ("Text node too long", "a single value of more than 10 million characters; max_value_bytes allows far fewer"),
)
"""Parts of messages of libxml2, and what they mean to a cataloguer."""

_WITH_NAMES = frozenset({"not defined", "Unsupported encoding", "Namespace prefix"})
"""Those of them that have the name of what is wrong."""


@dataclass(frozen=True, slots=True)
class FoundElement:
    """A requested element, parsed on its own. `where` is its place in the file: "line 14"."""

    element: XmlElement
    where: str


def iter_elements(
    file: SourceFile, names: Set[str], settings: Settings, *, root: str = ""
) -> Iterator[FoundElement | Finding]:
    """Yield the elements with these local names, in the order of the file; a damaged one is a violation in its place.

    Only one element is held at a time. Entities are neither expanded nor fetched, and a file that declares any is
    refused. A file may hold several documents, one after the other.

    Args:
        file: UTF-8, UTF-16 or whatever encoding its XML declaration names.
        names: local names ("record"), whatever their namespace. An element within another of these belongs to it.
        settings: `max_record_mib` limits the size of one element.
        root: local name of the outermost element, where it is known: what is before and after such a document, as a
            program's notices do, is left out, and a remark says so.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of those elements; one of
            them is too large; or it cannot be read.
    """
    with file.reading() as stream:
        chunks, encoding = recoded(stream)
        document = _XmlDocument(file, encoding)
        noise = _Noise(root)
        try:
            for read in split_pieces(chunks, frozenset(names), settings.max_record_mib * 1024 * 1024, root):
                piece = noise.left_out(read) if root else read
                if piece.sort in {"element", "unclosed"}:
                    place = file.place(f"line {piece.line}")
                    yield guarded(document.parsed, piece, "read", place=place)
                elif piece.sort == "gap":
                    document = document.surrounded(piece)
                else:
                    raise SourceError(
                        f"{file.source}: the file breaks off within the element that starts in line {piece.line}; "
                        "fetch it again"
                    )
        except EntityDeclaredError as fault:
            raise SourceError(
                f"{file.source}: line {fault.args[0]} declares an entity, which may stand for anything; files with "
                "entity declarations are not read. Export the file without them"
            ) from None
        except TooLargeError as fault:
            raise SourceError(
                f"{file.source}: what starts in line {fault.args[0]} is larger than {settings.max_record_mib} MiB; "
                "look whether one record really is that large, and raise max_record_mib if so"
            ) from None
        document.close()
        if noise.first:
            line, text = noise.first
            message = (
                f"line {line}: text outside of the document was left out: {text!r}; the document itself is whole. Mend the program "
                "that writes it"
            )
            yield file.remark("xml-noise", message, value=text)


def text_of(element: XmlElement) -> str:
    """Return all text within an element, unchanged, white space included."""
    return "".join(element.itertext())


def local_name(element: XmlElement) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def namespace(element: XmlElement) -> str:
    """Return the namespace of an element, "" where it has none."""
    return etree.QName(element).namespace or ""


class _Noise:
    """What is before and after documents with a known root. `first` is its first line, and how that begins."""

    def __init__(self, root: str) -> None:
        name = rb"(?:[\w.-]{1,255}:)?" + re.escape(root.encode())
        self._start = re.compile(rb"<\?xml\s[^<>]{0,500}\?>|(?P<root><" + name + rb"(?=[\s/>]))")
        self._end = re.compile(rb"</" + name + rb"\s{0,99}>")
        self._is_inside = False
        self.first: tuple[int, str] | None = None

    def left_out(self, piece: XmlPiece) -> XmlPiece:
        """Return a piece with the lines of noise empty, so that all lines keep their numbers."""
        if piece.sort != "gap":
            return piece if self._is_inside else replace(piece, sort="gap", data=self._blank(piece.data, piece.line))
        data, at, parts = piece.data, 0, list[bytes]()
        while at < len(data):
            if self._is_inside:
                end = self._end.search(data, at)
                self._is_inside, stop = end is None, end.end() if end else len(data)
                parts.append(data[at:stop])
            else:
                start = self._start.search(data, at)
                stop = start.start() if start else len(data)
                parts.append(self._blank(data[at:stop], piece.line + data.count(b"\n", 0, at)))
                if start:
                    stop = start.end()
                    parts.append(start[0])
                    self._is_inside = start["root"] is not None
            at = stop
        return replace(piece, data=b"".join(parts))

    def _blank(self, data: bytes, line: int) -> bytes:
        words = _NO_NOISE.sub(b"", _without_comments(data)).strip()
        if not words:
            return data
        if self.first is None:
            line += data[: data.find(words[:20])].count(b"\n")
            self.first = line, " ".join(words[:200].decode("utf-8", "replace").split())[:_SHOWN_CHARACTERS]
        return b"\n" * data.count(b"\n")


@dataclass
class _XmlDocument:
    """The text around the elements of one document: it declares their namespaces, and shows whether the file is complete."""

    file: SourceFile
    marked: str | None
    encoding: str | None = None
    _stack: list[XmlElement] = field(default_factory=list)
    _around: bytes = b""
    _root: bytes = b""
    _lines: int = 0
    _shift: int = 0

    def __post_init__(self) -> None:
        self.encoding = self.marked
        self._parser = etree.XMLPullParser(events=("start", "end"), encoding=self.marked, **_SAFE)

    def surrounded(self, piece: XmlPiece) -> _XmlDocument:
        """Feed the text before, between or after the elements; return the document that it leaves open."""
        data = piece.data
        again = re.search(re.escape(self._root) + rb"[\s/>]", data) if self._root else None
        if not (piece.starts_document or again):
            self._feed(data, piece.line)
            return self
        cut = 0 if piece.starts_document or again is None else again.start()
        self._feed(data[:cut], piece.line)
        self.close()
        following = _XmlDocument(self.file, self.marked)
        following._feed(data[cut:], piece.line)
        return following

    def _feed(self, data: bytes, line: int) -> None:
        if data.isspace() or not data:
            return
        # The parser counts only the lines that it is given.
        self._shift = line - 1 - self._lines
        if not self._root:
            self._shift += data[: len(data) - len(data.lstrip())].count(b"\n")
            data = data.lstrip()
            declared = _DECLARED.match(data)
            self.encoding = self.marked or (declared[1].decode() if declared else None)
            root = _ROOT.search(_without_comments(data))
            self._root = root[0] if root else b""
        self._lines += data.count(b"\n")
        try:
            self._parser.feed(data)
            for event, element in self._parser.read_events():
                if event == "start":
                    self._stack.append(element)
                else:
                    self._stack.pop()
        except etree.XMLSyntaxError as fault:
            raise self._broken(fault) from None
        self._around = _start_tag(self._stack[-1].nsmap) if self._stack else b""

    def close(self) -> None:
        """Check that the document is complete.

        Raises:
            SourceError: it is not well-formed, or breaks off.
        """
        if not self._root:
            return
        try:
            self._parser.close()
        except etree.XMLSyntaxError as fault:
            raise self._broken(fault) from None

    def _broken(self, fault: etree.XMLSyntaxError) -> SourceError:
        if "Premature end" in str(fault.msg):
            return SourceError(f"{self.file.source}: the file breaks off before the end of its XML; fetch it again")
        return SourceError(
            f"{self.file.source}: no well-formed XML near line {fault.position[0] + self._shift}: {reason_of(fault)}; "
            "fetch or export it again"
        )

    def parsed(self, piece: XmlPiece) -> FoundElement | Finding:
        """Return the element of a piece, or a violation in its place."""
        where = f"line {piece.line}"
        if piece.sort == "unclosed":
            return self.file.unreadable(
                "xml-broken", where, "the element is not closed before the next one starts; mend it at its source"
            )
        try:
            element = self._parse(piece.data)
        except etree.XMLSyntaxError as fault:
            return self.file.unreadable("xml-broken", where, self._message(fault, piece))
        except LookupError:
            message = f"the encoding that the file declares, {self.encoding!r}, is not known; export it as UTF-8"
            return self.file.unreadable("xml-broken", where, message)
        return FoundElement(element, where)

    def _parse(self, data: bytes) -> XmlElement:
        parser = etree.XMLParser(encoding=self.encoding, remove_comments=True, remove_pis=True, **_SAFE)
        if not self._around:
            return etree.fromstring(data, parser)
        return etree.fromstring(self._around + data + b"</around>", parser)[0]

    def _message(self, fault: etree.XMLSyntaxError, piece: XmlPiece) -> str:
        line, column = fault.position
        line -= bool(self._around)
        column += piece.column - 1 if line <= 1 else 0
        return (
            f"the record is not well-formed XML (line {piece.line + max(line, 1) - 1}, column {column}): "
            f"{reason_of(fault)}. Mend it at its source, and read it again"
        )


def _without_comments(data: bytes) -> bytes:
    """Return XML without its comments; one that is never closed takes what follows. Looks at each byte once."""
    parts: list[bytes] = []
    end = 0
    while (start := data.find(b"<!--", end)) >= 0:
        parts.append(data[end:start])
        closed = data.find(b"-->", start + 4)
        end = closed + 3 if closed >= 0 else len(data)
    return b"".join(parts) + data[end:]


def _start_tag(spaces: dict[str | None, str]) -> bytes:
    """Return a start tag, and a line break, that declares namespaces: an element cut out of a document needs them."""
    written = "".join(f" xmlns{':' if prefix else ''}{prefix or ''}={quoteattr(uri)}" for prefix, uri in spaces.items())
    return f"<around{written}>\n".encode("ascii", "xmlcharrefreplace")


def reason_of(fault: etree.XMLSyntaxError) -> str:
    """Return why XML is not well-formed, in words."""
    text = _POSITION.sub("", str(fault.msg))
    for sign, reason in _REASONS:
        if sign in text:
            return f"{reason} ({text})" if sign in _WITH_NAMES else reason
    return text
