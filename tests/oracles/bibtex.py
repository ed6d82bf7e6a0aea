"""A second reader of BibTeX, for the tests: what the graph of each entry must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pylatexenc.latex2text import LatexNodes2Text

from tests.helpers.shared_data import content_of
from tests.helpers.walkers import closing_brace
from tests.oracles.stated import Stated

_TYPES = {
    "article": "JournalArticle", "inproceedings": "ConferencePaper", "conference": "ConferencePaper",
    "incollection": "BookChapter", "inbook": "BookChapter", "book": "Book",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLAIN = LatexNodes2Text()


def stated_entries(path: Path) -> Iterator[Stated]:
    """Yield what each entry of a file states."""
    text = content_of(path).decode("utf-8-sig")
    macros = {
        name.lower(): words
        for name, words in re.findall(r'@string\s*[({]\s*([\w:]+)\s*=\s*["{]([^"}]*)["}]', text, re.IGNORECASE)
    }
    entries: dict[str, tuple[str, dict[str, str]]] = {}
    at = 0
    while match := re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*\{", re.MULTILINE).search(text, at):
        at = closing_brace(text, match.end() - 1)
        if match[1].lower() not in {"string", "comment", "preamble"}:
            key, _, body = text[match.end() : at].partition(",")
            entries[key.strip().lower()] = (match[1].lower(), _fields(body, macros))
    for key, (kind, fields) in entries.items():
        parent = entries.get(fields.get("crossref", "").lower())
        yield _stated(
            key, kind, {**({"booktitle": parent[1].get("title", ""), **parent[1]} if parent else {}), **fields}
        )


def _fields(body: str, macros: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    at = 0
    while match := re.compile(r"\s*,?\s*([\w:.+/-]+)\s*=\s*").match(body, at):
        parts: list[str] = []
        at = match.end()
        while at < len(body):
            if body[at] == "{":
                end = closing_brace(body, at)
                parts.append(body[at + 1 : end])
                at = end + 1
            elif body[at] == '"':
                end = at + 1
                depth = 0
                while end < len(body) and (body[end] != '"' or depth or body[end - 1] == "\\"):
                    depth += (body[end] == "{") - (body[end] == "}")
                    end += 1
                parts.append(body[at + 1 : end])
                at = end + 1
            else:
                word = re.compile(r"[^\s,#}]*").match(body, at)
                assert word is not None
                parts.append(macros.get(word[0].lower(), word[0]))
                at = word.end()
            joined = re.compile(r"\s*#\s*").match(body, at)
            if not joined:
                break
            at = joined.end()
        fields.setdefault(match[1].lower(), "".join(parts).strip())
    return fields


def _stated(key: str, kind: str, fields: dict[str, str]) -> Stated:
    stated = Stated(key)
    put = stated.put
    plain = {name: " ".join(_PLAIN.latex_to_text(text).split()) for name, text in fields.items()}
    put("title", ": ".join(filter(None, (plain.get("title") or plain.get("booktitle", ""), plain.get("subtitle")))))
    for role in ("author", "editor"):
        names = _names(fields.get(role, ""))
        put(f"{role}s", *(_PLAIN.latex_to_text(name) for name in names if name.lower() != "others"))
    put("doi", plain.get("doi", ""))
    if kind in _TYPES:
        put("type", _TYPES[kind])
    if kind == "article":
        put("container", plain.get("journal") or plain.get("journaltitle", ""))
        put("volume", plain.get("volume", ""))
        put("issue", plain.get("number") or plain.get("issue", ""))
    pages = re.split(r"[-–—]+", plain.get("pages", ""))
    if len(pages) == 2:
        put("start", pages[0])
        put("end", pages[1])
    if re.fullmatch(r"\d{4}", plain.get("year", "")):
        month = plain.get("month", "").casefold()[:3]
        day = f"-{int(plain['day']):02}" if plain.get("day", "").isdecimal() else ""
        put("issued", f"{plain['year']}-{_MONTHS.index(month) + 1:02}{day}" if month in _MONTHS else plain["year"])
    put("publisher", plain.get("publisher", ""))
    put("subjects", *re.split("[,;]", plain.get("keywords", "")))
    return stated


def _names(text: str) -> list[str]:
    """Split at the word "and" outside of braces, whatever white space is around it."""
    names, depth, start = [], 0, 0
    for match in re.finditer(r"[{}]|\sand(?=\s)", text, re.IGNORECASE):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif not depth:
            names.append(text[start : match.start()])
            start = match.end()
    return [name.strip() for name in (*names, text[start:]) if name.strip()]
