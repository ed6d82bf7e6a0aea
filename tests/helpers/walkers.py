"""The pieces of a file of each format as their leaves, taken apart without the readers: plain lxml, json and csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lxml import etree, html
from pylatexenc.latex2text import LatexNodes2Text

from tests.helpers.accounting import Leaf, csv_pieces, json_leaves, json_values, named, xml_leaves, xml_root
from tests.helpers.shared_data import content_of

Walker = Callable[[Path], Iterator[list[Leaf]]]


def xml_pieces(*names: str) -> Walker:
    """Return what walks the elements of these local names."""

    def walk(path: Path) -> Iterator[list[Leaf]]:
        for document in _documents(content_of(path)):
            for element in named(xml_root(document), *names):
                yield list(xml_leaves(element, (etree.QName(element).localname,)))

    return walk


def _documents(data: bytes) -> list[bytes]:
    """Return the XML documents of a file, which may hold one after the other."""
    starts = [match.start() for match in re.finditer(rb"<\?xml\s", data)] or [0]
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def json_pieces(*containers: str) -> Walker:
    """Return what walks the objects of a JSON file: in one of the containers ("message.items"), in lists, one a line."""

    def walk(path: Path) -> Iterator[list[Leaf]]:
        for value in json_values(content_of(path)):
            for piece in _opened(value, containers):
                yield list(json_leaves(piece))

    return walk


def _opened(value: object, containers: tuple[str, ...]) -> list:
    for container in containers:
        inner: object = value
        for name in container.split("."):
            inner = inner.get(name) if isinstance(inner, dict) else None
        if inner is not None:
            return inner if isinstance(inner, list) else [inner]
    return value if isinstance(value, list) else [value]


def oai_pieces(path: Path) -> Iterator[list[Leaf]]:
    """Walk the records of OAI-PMH responses: header and metadata, one that is not well-formed included."""
    for document in _documents(content_of(path)):
        root = xml_root(document)
        found = named(root, "record") or ([root] if etree.QName(root).localname in {"resource", "qualifieddc"} else [])
        for element in found:
            yield list(xml_leaves(element, (etree.QName(element).localname,)))


def xoai_pieces(path: Path) -> Iterator[list[Leaf]]:
    """Walk records of xoai, whose attributes `name` are names of what they hold."""
    for document in _documents(content_of(path)):
        for record in named(xml_root(document), "record"):
            header, metadata = (record.find(f"{{*}}{name}") for name in ("header", "metadata"))
            leaves = list(xml_leaves(header, ("header",))) if header is not None else []
            for child in metadata.iterfind("{*}metadata/{*}element") if metadata is not None else ():
                leaves += _named_leaves(child, ())
            yield leaves


def _named_leaves(element: etree._Element, path: tuple[str, ...]) -> Iterator[Leaf]:
    below = (*path, element.get("name", ""))
    if (element.text or "").strip():
        yield Leaf(below, element.text or "")
    for child in element.iterchildren("{*}*"):
        yield from _named_leaves(child, below)


def meta_rows(path: Path) -> Iterator[list[Leaf]]:
    """Walk the rows of OpenCitations Meta; names and their identifiers in brackets are apart, without the names of schemes."""
    for row in csv_pieces(content_of(path)):
        leaves: list[Leaf] = []
        for leaf in row:
            if leaf.path[0] not in {"id", "author", "editor", "venue", "publisher"}:
                leaves.append(leaf)
                continue
            for part in re.split(r"[;\[\]]", f"[{leaf.text}]" if leaf.path[0] == "id" else leaf.text):
                ids = re.findall(r"\b[a-z]+:(\S+)", part)
                leaves += (Leaf(leaf.path, text) for text in (ids or [part]) if text.strip())
        yield leaves


def pubmed_rows(path: Path) -> Iterator[list[Leaf]]:
    """Walk the rows of a list of PubMed articles, in which "NA" stands for no value."""
    for row in csv_rows(path):
        yield [leaf for leaf in row if leaf.text != "NA"]


def csv_rows(path: Path) -> Iterator[list[Leaf]]:
    """Walk the rows of a table with one header."""
    yield from csv_pieces(content_of(path))


def ris_references(path: Path) -> Iterator[list[Leaf]]:
    """Walk the references of a RIS file: lines of tags from TY to ER, and lines that go on; others are no reference."""
    leaves: list[Leaf] = []
    for line in re.split(r"\r\n|\r|\n", content_of(path).decode("utf-8-sig")):
        match = re.match(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)$", line)
        if match and match[1] in {"ER", "TY"}:
            if any(leaf.path == ("TY",) for leaf in leaves):
                yield leaves
            leaves = []
        if match and match[1] != "ER" and match[2].strip():
            # A DOI is the same under every address that leads to it.
            text = re.sub(r"^https?://(?:dx\.)?doi\.org/", "", match[2]) if match[1] == "DO" else match[2]
            leaves.append(Leaf((match[1],), text))
        elif not match and leaves and line.strip():
            leaves[-1] = Leaf(leaves[-1].path, f"{leaves[-1].text}\n{line}")
    if any(leaf.path == ("TY",) for leaf in leaves):
        yield leaves


def bibtex_entries(path: Path) -> Iterator[list[Leaf]]:
    """Walk the entries of a BibTeX file: key, type and fields; of commands of TeX nothing is looked for but their texts."""
    text = content_of(path).decode("utf-8-sig")
    macros = {
        name.lower(): words for name, words in re.findall(r"@string\s*\(?\{?\s*([\w:]+)\s*=\s*\"([^\"]*)\"", text, re.I)
    }
    at = 0
    while match := re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*\{", re.MULTILINE).search(text, at):
        end = closing_brace(text, match.end() - 1)
        at = end
        if match[1].lower() in {"string", "comment", "preamble"}:
            continue
        body = text[match.end() : end]
        key, _, rest = body.partition(",")
        yield [Leaf(("key",), key.strip()), *_bibtex_fields(rest, macros)]


def _bibtex_fields(text: str, macros: Mapping[str, str]) -> Iterator[Leaf]:
    plain = LatexNodes2Text(math_mode="verbatim")
    following = re.compile(r"\s*[\w:.+/-]+\s*=\s*[{\"\d]")
    at = 0
    while match := re.compile(r"\s*,?\s*([\w:.+/-]+)\s*=\s*").match(text, at):
        start = at = match.end()
        depth, quoted = 0, text[start : start + 1] == '"'
        while at < len(text):
            sign = text[at]
            if sign == "\\":
                at += 2
                continue
            depth += (sign == "{") - (sign == "}")
            if sign == '"' and quoted and at > start and not depth:
                quoted = False
            if not depth and not quoted and (sign == "," or (sign == "\n" and following.match(text, at))):
                break
            at += 1
        joined = [part.strip().strip('"') for part in text[start:at].split(" # ")]
        whole = " ".join(macros.get(part.lower(), part) for part in joined)
        name, written = match[1].lower(), plain.latex_to_text(whole.replace("~", " "))
        if name in {"author", "editor", "translator"}:
            # The words of a name may be put in another order.
            yield from (Leaf((name,), word) for word in written.split() if word.lower() not in {"and", "others"})
        elif written.strip():
            yield Leaf((name,), written)


def closing_brace(text: str, at: int) -> int:
    """Return where the brace that opens at a place is closed, the end of the text where it never is."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if not depth:
                return place
    return len(text)


def saf_items(path: Path) -> Iterator[list[Leaf]]:
    """Walk an item of the Simple Archive Format: its files of fields, and the lists beside them."""
    leaves: list[Leaf] = []
    folder = path.parent
    files = [path, *sorted(folder.glob("metadata_*.xml"))] if path.name == "dublin_core.xml" else [path]
    for file in files:
        leaves += xml_leaves(xml_root(content_of(file)), ("dublin_core",))
    for name in ("contents", "handle", "collections", "relationships") if path.name == "dublin_core.xml" else ():
        if (folder / name).is_file():
            lines = (folder / name).read_text(encoding="utf-8").splitlines()
            leaves += (
                Leaf((name,), part) for line in lines for part in re.split(r"\t+(?:\w+:)?", line) if part.strip()
            )
    # "none" is DSpace's word for no qualifier.
    yield [leaf for leaf in leaves if leaf != Leaf(("dublin_core", "dcvalue@qualifier"), "none")]


_OTHER_RECORDS = frozenset("zuvxywq")
"""Types of records (leader position 6) that describe no publication: authorities, holdings, classes, community information."""


def marc_records(path: Path) -> Iterator[list[Leaf]]:
    """Walk the records of an ISO 2709 file in UTF-8 or ASCII, taken apart at their terminators: control fields, subfields.

    Records in MARC-8 are walked by the texts that are ASCII.
    """
    for data in content_of(path).split(b"\x1d"):
        record = data.lstrip(b"\r\n\t \x00\x1a\xef\xbb\xbf")
        if record and chr(record[6]) not in _OTHER_RECORDS and record[5:6] != b"d":
            yield list(_marc_leaves(record))


def _marc_leaves(record: bytes) -> Iterator[Leaf]:
    directory, *fields = record[24:].split(b"\x1e")
    tags = [directory[at : at + 3].decode("ascii", "replace") for at in range(0, len(directory), 12)]
    for tag, field in zip(tags, fields, strict=False):
        first, *parts = field.split(b"\x1f")
        texts = [(f"{tag}${part[:1].decode('ascii', 'replace')}", part[1:]) for part in parts] or [(tag, first)]
        for name, text in texts:
            plain = _as_text(text, in_utf8=record[9:10] == b"a")
            if plain.strip():
                yield Leaf((name,), plain)


def _as_text(data: bytes, *, in_utf8: bool) -> str:
    """Return a text, "" where it is in MARC-8 and holds more than ASCII."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    return data.decode("utf-8", "replace") if in_utf8 else ""


def marcxml_records(path: Path) -> Iterator[list[Leaf]]:
    """Walk the records of MARCXML: control fields, and subfields with tag and code."""
    for element in named(xml_root(content_of(path)), "record"):
        leader = next((child.text or "" for child in element.iterchildren("{*}leader")), "")
        if leader[6:7] in _OTHER_RECORDS or leader[5:6] == "d":
            continue
        leaves: list[Leaf] = []
        for field in element.iterdescendants("{*}controlfield", "{*}datafield"):
            tag = field.get("tag", "")
            parts = [(f"{tag}${part.get('code')}", "".join(part.itertext())) for part in field.iterchildren("{*}*")]
            leaves += (Leaf((name,), text) for name, text in parts or [(tag, field.text or "")] if text.strip())
        yield leaves


def html_tags(path: Path) -> Iterator[list[Leaf]]:
    """Walk the meta tags of a page; what the page shows beside them is the table's and the parser's own tests' matter."""
    root = html.fromstring(content_of(path))
    yield [
        Leaf((name.strip(),), re.sub(r"^info:\w+/", "", tag.get("content")))
        for tag in root.iter("meta")
        if (name := tag.get("name") or tag.get("property") or "").strip() and (tag.get("content") or "").strip()
    ]


WALKERS: dict[str, tuple[tuple[str, ...], Walker]] = {
    "crossref": (("crossref/*",), json_pieces("message.items", "message")),
    "mods": (("mods/*",), xml_pieces("mods")),
    "pubmed": (("pubmed/*.xml.gz",), xml_pieces("PubmedArticle")),
    "pubmed-csv": (("pubmed/*.csv.gz",), pubmed_rows),
    "opencitations": (("oc-meta-csv/*",), meta_rows),
    "doaj": (("doaj/*",), json_pieces("results")),
    "json-lines": (("dc-jsonl/*",), json_pieces()),
    "dspace-csv": (("dspace-csv/*", "scale/*.csv.gz"), csv_rows),
    "dspace-rest": (("dspace-rest/*.json", "scale/*.jsonl.gz"), json_pieces("_embedded.items", "items")),
    "dspace-saf": (("dspace-saf/*/dublin_core.xml", "dspace-saf/*.xml"), saf_items),
    "oai-dim": (("oai-dim/*",), oai_pieces),
    "oai-qdc": (("oai-qdc/*",), oai_pieces),
    "oai-xoai": (("oai-xoai/*/*",), xoai_pieces),
    "oai-mets": (("oai-mets/*",), oai_pieces),
    "oai-openaire": (("oai_openaire/*",), oai_pieces),
    "oai-dc": (("oai_dc/*",), oai_pieces),
    "ris": (("ris-bibtex/*.ris", "ris-bibtex/*.ris.gz", "ris-bibtex/*.txt"), ris_references),
    "bibtex": (("ris-bibtex/*.bib",), bibtex_entries),
    "endnote": (("exports/*endnotexml*.xml",), xml_pieces("record")),
    "marc": (("marc/*.mrc", "marc/*.dat", "marc/*.marc"), marc_records),
    "marcxml": (("marc/*.xml", "marc/*.xml.gz"), marcxml_records),
    "table": (("openalex/*.csv.gz", "exports/*_zotero.csv", "exports/*_PoPCites.csv.gz"), csv_rows),
    "html-page": (("html-meta/*",), html_tags),
}
"""Every format that has real files: where they lie, and how they are walked."""
