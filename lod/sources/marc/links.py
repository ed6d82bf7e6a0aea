"""What a MARC record points at: its host and place in it, its series, other editions, and addresses on the web."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.record import Value
from lod.sources.marc import field_tables as tables
from lod.sources.marc.fields import MarcField, MarcRecord, in_sentences, name_of, without_stop
from lod.sources.marc.names import entry_name

_POSITION = (
    ("dc.identifier.volume", re.compile(r"(?<!\w)(?:vol(?:ume|\.)?|v\.|bd\.?|band|jg\.?|jahrgang|tome?|årg\.?|vsk\.?)[\s:]*+(\w{1,10})", re.IGNORECASE)),
    ("dc.identifier.issue", re.compile(r"(?<!\w)(?:no\.?|nr\.?|number|issue|iss\.?|heft|h\.|n[°º.]|n[úu]m\.?|núm\.?)[\s:]*+(\d[\w/-]{0,9})", re.IGNORECASE)),
    ("pages", re.compile(r"(?<!\w)(?:pages?|pp?\.|s\.|seiten?|pag\.|págs?\.|str\.)[\s:]*+([A-Za-z]?\d{1,6})(?:\s?[-–]\s?([A-Za-z]?\d{1,6}))?", re.IGNORECASE)),
)  # fmt: skip
_ENUMERATION = re.compile(
    r"(?P<volume>\w{1,12})?(?::(?P<issue>[\w/-]{1,12}))?(?::[\w/-]{1,12})*(?:<(?P<page>\w{1,10})(?:[-–](?P<last>\w{1,10}))?)?"
)
_ISSN = re.compile(r"(\d{4}-?\d{3}[\dXx])\b")
_ISBN = re.compile(r"([\d-]{9,16}[\dXx])\b")
_LASTING = re.compile(r"https?://(?:(?:dx\.|www\.)?doi\.org/10\.|hdl\.handle\.net/)", re.IGNORECASE)


def hosts(record: MarcRecord) -> Iterator[Value]:
    """Yield the host item: title, ISSN, ISBN, and volume, issue and pages as far as $q and $g tell them."""
    for number, field in enumerate(record.all("773")):
        title = without_stop(field.first("t") or field.first("p") or field.first("s"))
        author = without_stop(field.first("a"))
        if title:
            yield Value("dc.relation.ispartof", title)
        if author:
            yield Value(name_of("773", "a"), f"{title}: {author}" if title else author)
        for text in field.all("x"):
            yield Value("dc.identifier.issn", match[1] if (match := _ISSN.match(text)) else text)
        for text in field.all("z"):
            yield Value("dc.relation.isbn", match[1] if (match := _ISBN.match(text)) else text)
        # A second host has a place of its own, which the item cannot have as well.
        if number == 0:
            yield from _place(field)


def _place(field: MarcField) -> Iterator[Value]:
    found: dict[str, str] = {}
    for text in field.all("g", take=False):
        for target, pattern in _POSITION:
            match = pattern.search(text)
            if match and target != "pages":
                found.setdefault(target, match[1])
            elif match:
                found.setdefault("dc.identifier.spage", match[1])
                if match[2]:
                    found.setdefault("dc.identifier.epage", match[2])
    enumeration = field.first("q", take=False)
    if match := _ENUMERATION.fullmatch(enumeration):
        parts = {
            "volume": "dc.identifier.volume",
            "issue": "dc.identifier.issue",
            "page": "dc.identifier.spage",
            "last": "dc.identifier.epage",
        }
        if match["issue"] or match["page"]:
            for name, target in parts.items():
                if match[name]:
                    found.setdefault(target, match[name])
    yield from (Value(target, text) for target, text in found.items())


def series(record: MarcRecord) -> Iterator[Value]:
    """Yield the series with their numbers: the established titles of 800 to 830 where there are any, else those of 490 and 440.

    A statement of 490 that is traced in 8XX names the same series, and is kept as it is written.
    """
    established = record.all("800", "810", "811", "830")
    stated = [field for field in record.all("440", "490") if not (established and field.indicators[0] == "1")]
    chosen = [*established, *stated]
    alone = len(chosen) == 1 and not record.all("022", "773")
    for field in chosen:
        name = entry_name(field) if field.tag in {"800", "810", "811"} else ""
        title = without_stop(field.first("t" if name else "a"))
        parts = [without_stop(text) for text in field.all("np")]
        whole = in_sentences((name, title, *parts))
        if not whole:
            continue
        # What follows the last semicolon is the number; a title with one of its own needs an empty number.
        numbers = "; ".join(without_stop(text) for text in field.all("v"))
        yield Value("dc.relation.ispartofseries", f"{whole}; {numbers}" if numbers or ";" in whole else whole)
        issn = _ISSN.match(field.first("x", take=False))
        if alone and issn:
            field.first("x")
            yield Value("dc.identifier.issn", issn[1])


def linking(field: MarcField) -> Iterator[Value]:
    """Yield the work that a linking entry (765 to 787) names, by author and title; its numbers stand behind its title."""
    addresses = [text for text in field.all("nuo", take=False) if re.match(r"https?://\S+$", text)]
    # Of a data source $n alone may say all: "Annals of examples; Vol. 1 (2022)".
    codes = "tsn" if field.tag == "786" and not addresses else "ts"
    code = next((code for code in codes if field.first(code, take=False)), "")
    author, title = without_stop(field.first("a", take=False)), without_stop(field.first(code))
    if title:
        field.first("a")
        yield Value(tables.LINKS[field.tag], in_sentences((author, title)))
    elif addresses:
        for position, (_, text) in enumerate(field.subfields):
            if text.strip() in addresses:
                field.taken.add(position)
        yield from (Value(tables.LINKS[field.tag], text) for text in addresses)
    if title:
        for position, (code, text) in enumerate(field.subfields):
            if position not in field.taken and text.strip() and code not in "678":
                field.taken.add(position)
                yield Value(name_of(field.tag, code), f"{title}: {text.strip()}")


def titled_entry(field: MarcField) -> Iterator[Value]:
    """Yield the work that 7XX with $t, 730 or 740 names: a part of the item where the second indicator says so."""
    target = "dc.relation.haspart" if field.indicators[1] == "2" else "dc.relation"
    name = entry_name(field) if field.tag in {"700", "710", "711"} else ""
    codes = "t" if name else "a"
    parts = [without_stop(text) for text in field.all(codes)] + [without_stop(text) for text in field.all("np")]
    text = in_sentences((name, *parts))
    if text:
        yield Value(target, text)


def addresses(field: MarcField) -> Iterator[Value]:
    """Yield the addresses of 856: those of the item itself, of another form of it, and of anything else about it.

    $3 says that the address leads to a part or to something beside the item, such as its table of contents.
    """
    relation = field.indicators[1]
    part = bool(field.first("3", take=False))
    found = field.all("u")
    for address in found:
        if relation == "2":
            yield Value("dc.relation.uri", address)
        elif part or relation not in {"0", "1", " "}:
            yield Value("dc.description.uri", address)
        elif relation == "0" or (relation == " " and _LASTING.match(address)):
            yield Value("dc.identifier.uri", address)
        elif relation == "1":
            yield Value("dcterms.hasVersion", address)
        else:
            yield Value("dc.description.uri", address)
    if len(found) == 1:
        for position, (code, text) in enumerate(field.subfields):
            if position not in field.taken and text.strip() and code in "3yz":
                field.taken.add(position)
                yield Value(name_of(field.tag, code), f"{found[0]}: {text.strip()}")
