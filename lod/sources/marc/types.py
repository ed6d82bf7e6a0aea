"""Document types and languages of a MARC record: leader, 008, 336, 655 and the degree of a thesis; never more than they state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.record import Value
from lod.sources.marc import field_tables as tables
from lod.sources.marc.fields import MarcField, MarcRecord, without_stop

_DEGREES = (
    (
        re.compile(
            r"\bph\.?\s?d\b|\bdoctor|\bdr\.|\bed\.?\s?d\b|\bd\.?\s?phil\b|\bsc\.?\s?d\b|\bth\.?\s?d\b|\bd\.?\s?m\.?\s?a\b|\bdiss",
            re.IGNORECASE,
        ),
        "doctoral thesis",
    ),
    (
        re.compile(
            r"\bmaster|\bm\.\s?(?:a|s|sc|ed|b\.a|f\.a|phil)\b|\bma\b|\bmaestr|\bmagister|\bm(?:sc|phil|ba|fa|s)\b",
            re.IGNORECASE,
        ),
        "master thesis",
    ),
    (re.compile(r"\bbachelor|\bb\.\s?(?:a|s|sc)\b|\bbsc\b", re.IGNORECASE), "bachelor thesis"),
)
"""Words of degrees, and the type of thesis that each makes."""
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]")
_CODES = re.compile(r"(?:[A-Za-z]{3})+")


def types(record: MarcRecord) -> Iterator[Value]:
    """Yield the types: those that 655 and 502 name; where they name none, the one of the leader, else that of 336, 773 or 245 $h.

    A leader that says "monograph" of what a genre term calls an article or a thesis is the less exact of the two.
    """
    named = list(dict.fromkeys((*_genres(record), *_theses(record))))
    for type_ in named:
        yield Value("dc.type", type_)
    if not any(not _says_no_type(type_) for type_ in named) and (type_ := _of_leader(record) or _of_fields(record)):
        yield Value("dc.type", type_)


def languages(record: MarcRecord) -> list[str]:
    """Return the codes of the languages of the text or the song: those of 041 $a and $d, else that of 008/35-37."""
    found: list[str] = []
    for field in record.all("041"):
        coded = field.indicators[1] != "7"
        for subfield, text in field.pairs("ad"):
            # Older records write several codes as one: "engfre".
            codes = (
                re.findall(r"...", text) if coded and len(text) > 3 and _CODES.fullmatch(text) else [text.strip(" .,")]
            )
            if len(codes) > 1:
                field.left_out[subfield] = "codes in a row are stated one by one"
            elif text.strip(" .,").lower() in tables.NO_LANGUAGES:
                field.left_out[subfield] = "the code is that of no one language"
            found += [tables.OLD_LANGUAGES.get(code.lower(), code) for code in codes]
    if not found:
        code = record.position("008", 35, 38).strip().lower()
        found = [tables.OLD_LANGUAGES.get(code, code)] if re.fullmatch(r"[a-z]{3}", code) else []
    return [code for code in dict.fromkeys(found) if code.lower() not in tables.NO_LANGUAGES]


def is_thesis(record: MarcRecord) -> bool:
    """Return whether the record is that of a thesis: it has a dissertation note, or 008 or a genre term says so."""
    contents = record.position("008", 24, 28) if record.position("", 6, 7) in "at" else ""
    return bool(record.all("502")) or "m" in contents or any(map(_is_thesis_genre, _genre_terms(record)))


def degree_type(text: str) -> str:
    """Return the type of thesis that a degree makes: "Ph. D." a doctoral thesis; "thesis" for any other degree."""
    return next((type_ for pattern, type_ in _DEGREES if pattern.search(text)), "thesis")


def _genre_terms(record: MarcRecord) -> Iterator[str]:
    for field in record.all("655"):
        yield from (without_stop(text) for text in field.all("a", take=False))


def _is_thesis_genre(text: str) -> bool:
    return text.casefold().replace(" ", "_") in tables.THESIS_GENRES


def _genres(record: MarcRecord) -> Iterator[str]:
    for field in record.all("655"):
        term = without_stop(field.first("a", take=False))
        if term.startswith(("info:eu-repo/", "http://purl.org/coar/")):
            field.first("a")
            yield term
        elif _is_thesis_genre(term) and not record.all("502"):
            field.first("a")
            yield "thesis"


def _theses(record: MarcRecord) -> Iterator[str]:
    for field in record.all("502"):
        yield degree_type(field.first("b", take=False) or field.first("a", take=False))
    if not record.all("502") and is_thesis(record) and not any(map(_is_thesis_genre, _genre_terms(record))):
        yield "thesis"


def _says_no_type(type_: str) -> bool:
    """Return whether a word of the eu-repo vocabulary is about the version or the access, not the type."""
    return type_.startswith("info:eu-repo/semantics/") and type_.endswith(("Version", "Access", "draft"))


def _of_leader(record: MarcRecord) -> str:
    kind, level = record.position("", 6, 7), record.position("", 7, 8)
    if kind in {"a", "t"}:
        if level in {"s", "i", "b"} and kind == "a":
            type_ = tables.TYPES_OF_SERIALS.get(record.position("008", 21, 22) or " ", "")
            return {"s": type_, "i": type_ if type_ in {"database", "website"} else "", "b": "article"}[level]
        if level == "a":
            return _of_part(record)
        if level == "c":
            return "collection"
        if level == "m":
            return "book" if kind == "a" else "manuscript"
        return "manuscript" if kind == "t" else ""
    if kind == "g":
        return tables.TYPES_OF_PROJECTED.get(record.position("008", 33, 34), tables.TYPES_BY_LEADER["g"])
    if kind == "m":
        return tables.TYPES_OF_FILES.get(record.position("008", 26, 27), "")
    return tables.TYPES_BY_LEADER.get(kind, "")


def _of_part(record: MarcRecord) -> str:
    """Return the type of a component part, by the host that 773 gives: its own level, an ISSN or an ISBN."""
    for field in record.all("773"):
        level = field.first("7", take=False)[3:4]
        if level == "s" or any(_ISSN.fullmatch(text) for text in field.all("x", take=False)):
            return "article"
        if level == "m" or field.all("z", take=False):
            return "book part"
    return "text"


def _of_fields(record: MarcRecord) -> str:
    """Return the type that the fields state of a record whose leader states none."""
    without_leader = not record.position("", 6, 7).strip()
    found = list(dict.fromkeys(filter(None, map(_of_content, record.all("336")))))
    if len(found) == 1 or (found and without_leader):
        return found[0]
    if without_leader and (part := _of_part(record)) != "text":
        return part
    media = (field.first("h", take=False) for field in record.all("245"))
    return next((tables.TYPES_BY_MEDIUM.get(medium.strip("[]().,:;/= ").casefold(), "") for medium in media), "")


def _of_content(field: MarcField) -> str:
    named = (*field.all("b", take=False), *field.all("a", take=False))
    return next((type_ for text in named if (type_ := tables.TYPES_BY_CONTENT.get(text.casefold()))), "")
