"""BibTeX: one entry an item, as UTF-8.

Sources: Patashnik, BibTeXing; biblatex's manual, section 2.2 (doi, url, isbn, issn, langid); LaTeX's special characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from lod.web.citing.citation import Citation

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "#$%&_"},
}
"""Braces by their names: BibTeX counts them whether or not a backslash is before them."""
_SPECIAL_CHARACTER = re.compile(f"[{re.escape(''.join(_SPECIAL))}]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = re.compile(r"[\w'’]+")
_DASH = re.compile(r"(?<=[0-9A-Za-z])[-–](?=[0-9A-Za-z])")
_LETTERS_OF_A_NAME = 4
"""Words of as many letters tell a title in title case from one in sentence case."""

_CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHERS = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution", "manual": "organization"}
_STATED_BY_ENTRY = frozenset({("phdthesis", "Doctoral thesis"), ("mastersthesis", "Master's thesis")})
"""Genres that the type of the entry prints itself, in the language of the document."""


def bibtex(cited: Citation) -> str:
    """Return an item as an entry of BibTeX, which ends with a line break."""
    lines = ",\n".join(f"  {name} = {value}" for name, value in _fields(cited) if value)
    return f"@{cited.type.bibtex}{{{cited.fields['id']},\n{lines}\n}}\n"


def _fields(cited: Citation) -> Iterator[tuple[str, str]]:
    fields, entry = cited.fields, cited.type.bibtex

    def text(name: str) -> str:
        return _braced(_escaped(str(fields.get(name, ""))))

    yield "title", _braced(_protected(fields.get("title", ""), fields.get("language", "")))
    yield "author", _names(fields.get("author", ()))
    yield "editor", _names(fields.get("editor", ()))
    yield "translator", _names(fields.get("translator", ()))
    yield from _date(fields.get("issued", {}))
    yield _CONTAINERS.get(entry, "howpublished"), text("container-title")
    yield "series", text("collection-title")
    yield "volume", text("volume")
    yield "number", text("issue") or text("number") or text("collection-number")
    yield "pages", _braced(_escaped(_DASH.sub("--", fields.get("page", ""))))
    yield "edition", text("edition")
    if (entry, cited.type.genre) not in _STATED_BY_ENTRY:
        yield "type", text("genre")
    yield _PUBLISHERS.get(entry, "publisher"), text("publisher")
    yield "address", text("publisher-place")
    if entry == "unpublished":
        yield "note", text("publisher") or "{Unpublished}"
    if entry != "inproceedings":
        yield "eventtitle", text("event-title")
    elif "container-title" not in fields:
        yield "booktitle", text("event-title")
    yield "isbn", text("ISBN")
    yield "issn", text("ISSN")
    yield "doi", _verbatim(fields.get("DOI", ""))
    yield "url", _verbatim(fields.get("URL", ""))
    yield "pmid", text("PMID")
    yield "language", text("language")
    yield (
        "keywords",
        _braced(", ".join(f"{{{word}}}" if "," in word else word for word in map(_escaped, cited.keywords))),
    )
    yield "abstract", _braced(_escaped(" ".join(fields.get("abstract", "").split())))


def _date(issued: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parts = issued.get("date-parts")
    yield (
        "year",
        _braced("--".join(f"{part[0]:04}" for part in parts) if parts else _escaped(issued.get("literal", ""))),
    )
    if parts and len(parts) == 1 and len(parts[0]) > 1 and 1 <= parts[0][1] <= len(_MONTHS):
        yield "month", _MONTHS[parts[0][1] - 1]
        yield "day", _braced(str(parts[0][2])) if len(parts[0]) > 2 else ""


def _names(names: Any) -> str:
    return _braced(" and ".join(_name(name) for name in names))


def _name(name: Mapping[str, str]) -> str:
    """Return a name as BibTeX divides it; one that is whole, or has "and" or a comma in a part, in braces."""
    if "literal" in name:
        return f"{{{_escaped(name['literal'])}}}"
    parts = (_escaped(name[part]) for part in ("family", "given") if part in name)
    return ", ".join(f"{{{part}}}" if "," in part or " and " in f" {part.lower()} " else part for part in parts)


def _protected(title: str, language: str) -> str:
    """Return a title with braces around words whose capitals styles would take away.

    Styles of BibTeX print titles in sentence case. In a title in English title case only words with capitals inside are
    names for sure; in one in sentence case, and in any other language, every capital after the first word is meant.
    """
    words = [match[0] for match in _WORD.finditer(title) if match.start() and len(match[0]) >= _LETTERS_OF_A_NAME]
    capitals = sum(word[:1].isupper() for word in words)
    all_meant = language not in {"", "en"} or 2 * capitals < len(words)
    done: list[str] = []
    end = 0
    for match in _WORD.finditer(title):
        word = match[0]
        inner = any(character.isupper() for character in word[1:])
        meant = inner or (all_meant and end > 0 and word[:1].isupper())
        done += [_escaped(title[end : match.start()]), f"{{{_escaped(word)}}}" if meant else _escaped(word)]
        end = match.end()
    return "".join([*done, _escaped(title[end:])])


def _escaped(text: str) -> str:
    return _SPECIAL_CHARACTER.sub(lambda match: _SPECIAL[match[0]], text)


def _verbatim(address: str) -> str:
    """Return an address, which LaTeX prints as it is: only braces and backslashes would end it or its field."""
    return _braced("".join(quote(character) if character in "{}\\" else character for character in address))


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""
