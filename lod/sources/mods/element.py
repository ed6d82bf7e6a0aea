"""MODS records: the values of one element `mods`, as DSpace and digital collections write it.

What no rule below takes is a value of the schema `mods`, named after its path ("mods.recordInfo.recordIdentifier"), so
that nothing of a record is lost. Source: MODS user guidelines, version 3; Library of Congress, "MODS to Dublin Core".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lod.long_texts import collapse
from lod.record import Value
from lod.sources.mods import field_tables
from lod.sources.parsing.xml_files import XLINK_HREF, XML_LANG, XmlElement, local_name, text_of

_ORCID = re.compile(r"(?:https?://)?(?:www\.)?(?:orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_ENCODED = ("edtf", "w3cdtf", "iso8601", "marc")


def mods_values(mods: XmlElement) -> list[Value]:
    """Return the values of a `mods` element, in its order."""
    reader = _Mods(has_date=any(_children(info, "dateIssued") for info in _children(mods, "originInfo")))
    for child in mods:
        reader.take(child)
        reader.keep_rest(child, f"mods.{local_name(child)}")
    return reader.values


@dataclass
class _Mods:
    """The values of one record as they are read, and the elements whose text is among them."""

    has_date: bool
    values: list[Value] = field(default_factory=list)
    taken: set[XmlElement] = field(default_factory=set)

    def take(self, element: XmlElement) -> None:
        if taker := _TAKERS.get(local_name(element)):
            taker(self, element)
        for path, child in _paths(element):
            if target := field_tables.PLAIN.get(path):
                self._add(target, child)

    def keep_rest(self, element: XmlElement, path: str) -> None:
        """Make values of the schema `mods` of the texts below an element that nothing took."""
        if element not in self.taken:
            own = collapse((element.text or "") + "".join(child.tail or "" for child in element))
            if own:
                self._put(path, own, element)
            for child in element:
                self.keep_rest(child, f"{path}.{local_name(child)}")

    def _add(self, target: str, element: XmlElement) -> None:
        self._put(target, _text(element), element, *element.iter())

    def _put(self, target: str, text: str, element: XmlElement, *taken: XmlElement, authority: str = "") -> None:
        self.taken.update(taken)
        if text:
            self.values.append(Value(target, text, _language(element), authority or None, 600 if authority else None))

    # Each method reads the element of its name.

    def _take_title(self, info: XmlElement) -> None:
        type_ = info.get("type", "")
        self._put(field_tables.TITLES.get(type_, "dc.title"), _title(info), info, info, *info.iter())

    def _take_name(self, name: XmlElement) -> None:
        text, parts = _name(name)
        self.taken.update(parts)
        target = _field_of_name(name)
        identifiers = _children(name, "nameIdentifier")
        written = [name.get("valueURI", ""), *(_text(identifier) for identifier in identifiers)]
        orcid = next((match[1] for identifier in written if (match := _ORCID.fullmatch(identifier))), "")
        self._put(target or _field_of_others(name), text, name, authority=orcid)
        if target is not None:
            self.taken.update(part for role in _children(name, "role") for part in role.iter())
        if orcid:
            self.taken.update(identifier for identifier in identifiers if orcid in text_of(identifier))

    def _take_origin(self, info: XmlElement) -> None:
        for place in _children(info, "place"):
            for term in _children(place, "placeTerm"):
                if term.get("type") != "code":
                    self._add("dc.publisher.place", term)
        for name, target in field_tables.DATES.items():
            self._take_dates(_children(info, name), target)

    def _take_dates(self, dates: list[XmlElement], target: str) -> None:
        """Take the date meant for machines, or the first one, and the other end of its interval."""
        filled = [date for date in dates if _text(date)]
        encoded = [date for date in filled if date.get("keyDate") == "yes" or date.get("encoding") in _ENCODED]
        chosen = encoded or filled
        if not chosen:
            return
        best = next((date for date in chosen if date.get("keyDate") == "yes"), chosen[0])
        ends = [date for date in chosen if best.get("point") and date.get("point") not in {None, best.get("point")}][:1]
        text = "/".join(_date(date) for date in sorted([best, *ends], key=lambda date: date.get("point") == "end"))
        same = [date for date in filled if _text(date) == text]
        self._put(target, text, best, best, *ends, *same)

    def _take_language(self, language: XmlElement) -> None:
        terms = _children(language, "languageTerm")
        if language.get("objectPart") or not terms:
            return
        term = next((term for term in terms if term.get("type") == "code"), terms[0])
        self._put("dc.language.iso" if _is_code(term) else "dc.language", _text(term), language, *terms)

    def _take_genre(self, genre: XmlElement) -> None:
        """Take what the resource is; a genre of the list marcgt that says what it contains is kept in the schema `mods`."""
        text = _text(genre)
        contained = genre.get("authority", "").startswith("marc") and text.casefold() in field_tables.CONTENTS
        self._put("mods.genre" if contained else "dc.type", text, genre, *genre.iter())

    def _take_note(self, note: XmlElement) -> None:
        label = note.get("type") or note.get("displayLabel") or ""
        if label.casefold() not in field_tables.NOTES and not any(map(str.isalpha, _text(note))):
            # A number or a sign says something under its label only ("embargo": 0).
            name = re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")
            self._put(f"mods.note.{name}" if name else "mods.note", _text(note), note, *note.iter())
            return
        self._add(field_tables.NOTES.get(label.casefold(), "dc.description"), note)

    def _take_subject(self, subject: XmlElement) -> None:
        parts = [part for part in subject if local_name(part) not in {"cartographics", "geographicCode"}]
        if not parts:
            return
        texts = [text for part in parts if (text := _subject_part(part))]
        scheme = subject.get("authority", "").casefold()
        alone = field_tables.LONE_SUBJECTS.get(local_name(parts[0])) if len(parts) == 1 else None
        target = alone or field_tables.SUBJECTS.get(scheme, "dc.subject")
        self._put(target, "--".join(texts), subject, *(element for part in parts for element in part.iter()))

    def _take_classification(self, element: XmlElement) -> None:
        scheme = element.get("authority", "").casefold()
        self._add(field_tables.CLASSIFICATIONS.get(scheme, "dc.subject.classification"), element)

    def _take_identifier(self, identifier: XmlElement) -> None:
        if identifier.get("invalid") != "yes":
            self._add(field_tables.identifier_field(identifier.get("type", "")), identifier)

    def _take_location(self, location: XmlElement) -> None:
        for url in _children(location, "url"):
            if url.get("access") == "preview" or url.get("note") in {"thumbnail", "manifest", "iiifManifest"}:
                self._put("mods.location.url", _text(url), url, url)
                continue
            primary = "primary" in url.get("usage", "") or len(_children(location, "url")) == 1
            self._add("dc.identifier.uri" if primary else "dc.description.uri", url)

    def _take_access(self, condition: XmlElement) -> None:
        self._add(field_tables.ACCESS.get(condition.get("type", ""), "dc.rights"), condition)
        self._put("dc.rights.uri", condition.get(XLINK_HREF, "").strip(), condition)

    def _take_related(self, related: XmlElement) -> None:
        type_ = related.get("type", "")
        target = field_tables.RELATED.get(type_, "dc.relation")
        titles, identifiers = _children(related, "titleInfo"), _children(related, "identifier")
        if titles:
            self._put(target, _title(titles[0]), related, *titles[0].iter())
        elif identifiers:
            self._add(target, identifiers[0])
        if type_ == "host":
            self._take_host(related, identifiers)

    def _take_host(self, host: XmlElement, identifiers: list[XmlElement]) -> None:
        for identifier in identifiers:
            if identifier.get("type", "").casefold() in {"issn", "eissn"}:
                self._add("dc.identifier.issn", identifier)
            elif identifier.get("type", "").casefold() == "isbn":
                self._add("dc.relation.isbn", identifier)
        for part in _children(host, "part"):
            self._take_part(part)

    def _take_part(self, part: XmlElement) -> None:
        for detail in _children(part, "detail"):
            numbers = _children(detail, "number")
            if numbers and (target := field_tables.DETAILS.get(detail.get("type", ""))):
                self._put(target, _text(numbers[0]), detail, *detail.iter())
        for extent in _children(part, "extent"):
            if extent.get("unit", "page").startswith("page"):
                for name, target in (("start", "dc.identifier.spage"), ("end", "dc.identifier.epage")):
                    for page in _children(extent, name):
                        self._add(target, page)
        if not self.has_date:
            self._take_dates(_children(part, "date"), "dc.date.issued")


_TAKERS: dict[str, Callable[[_Mods, XmlElement], None]] = {
    "titleInfo": _Mods._take_title,
    "name": _Mods._take_name,
    "originInfo": _Mods._take_origin,
    "genre": _Mods._take_genre,
    "language": _Mods._take_language,
    "note": _Mods._take_note,
    "subject": _Mods._take_subject,
    "classification": _Mods._take_classification,
    "identifier": _Mods._take_identifier,
    "location": _Mods._take_location,
    "accessCondition": _Mods._take_access,
    "relatedItem": _Mods._take_related,
    "part": _Mods._take_part,
}


def _paths(element: XmlElement) -> Iterator[tuple[str, XmlElement]]:
    name = local_name(element)
    yield name, element
    for child in element:
        yield f"{name}/{local_name(child)}", child


def _children(element: XmlElement, name: str) -> list[XmlElement]:
    return [child for child in element if local_name(child) == name]


def _text(element: XmlElement) -> str:
    return collapse(text_of(element))


def _language(element: XmlElement) -> str | None:
    return element.get(XML_LANG) or element.get("lang") or None


def _title(info: XmlElement) -> str:
    """Return a title as one text: "The night : a play. Part 2, Morning"."""
    parts = {local_name(child): _text(child) for child in info}
    start, title = parts.get("nonSort", ""), parts.get("title", "")
    text = f"{start}{'' if start.endswith(('’', chr(39))) else ' '}{title}".strip()
    if subtitle := parts.get("subTitle"):
        text = f"{text.rstrip(' :')}: {subtitle}"
    more = ", ".join(filter(None, (parts.get("partNumber"), parts.get("partName"))))
    return f"{text.rstrip('.')}. {more}" if more else text


def _name(name: XmlElement) -> tuple[str, list[XmlElement]]:
    """Return a name as one text, family name first, and the elements that it is made of."""
    parts: dict[str, list[XmlElement]] = {}
    for part in _children(name, "namePart"):
        parts.setdefault(part.get("type", ""), []).append(part)
    used = [part for type_ in ("", "family", "given", "termsOfAddress") for part in parts.get(type_, [])]
    family, given, terms = (
        " ".join(_text(part) for part in parts.get(type_, [])) for type_ in ("family", "given", "termsOfAddress")
    )
    whole = (". " if name.get("type") == "corporate" else " ").join(_text(part) for part in parts.get("", []))
    text = whole or ", ".join(filter(None, (family, given, terms)))
    if not text:
        forms = _children(name, "displayForm")
        return (_text(forms[0]) if forms else ""), forms
    return text.rstrip(" ,"), used


def _field_of_name(name: XmlElement) -> str | None:
    """Return the field of a name by its roles, None where none of them has a field."""
    terms = [term for role in _children(name, "role") for term in _children(role, "roleTerm")]
    words = [_text(term) for term in terms]
    known = map(_role, (*words, *(term.get("valueURI", "") for term in terms)))
    if target := next(filter(None, known), None):
        return target
    if any(words):
        return None
    return "dc.contributor.author" if name.get("usage") == "primary" else _field_of_others(name)


def _field_of_others(name: XmlElement) -> str:
    # The commas of an organisation's name part no family from a given name.
    return "dc.relation.orgunit" if name.get("type") == "corporate" else "dc.contributor.other"


def _role(word: str) -> str | None:
    """Return the field of a role, given as a word, a code, or the IRI of a MARC relator."""
    end = word.rstrip("/").rpartition("/")[2].removesuffix(".html")
    return field_tables.FIELD_OF_ROLE.get(end.casefold().strip(" ."))


def _date(element: XmlElement) -> str:
    """Return a date in EDTF: the attribute `qualifier` is its sign of doubt."""
    text = _text(element)
    sign = {"approximate": "~", "questionable": "?"}.get(element.get("qualifier", ""), "")
    return text if text.endswith(("~", "?", "%")) or not text[-1:].isdigit() else text + sign


def _is_code(term: XmlElement) -> bool:
    return term.get("type") == "code" or term.get("authority") in {"rfc3066", "rfc5646", "iso639-2b", "iso639-3"}


def _subject_part(part: XmlElement) -> str:
    if local_name(part) == "name":
        dates = (_text(name) for name in _children(part, "namePart") if name.get("type") == "date")
        return ", ".join(filter(None, (_name(part)[0], *dates)))
    if local_name(part) == "titleInfo":
        return _title(part)
    if local_name(part) == "hierarchicalGeographic":
        return "--".join(filter(None, (_text(place) for place in part)))
    return _text(part)
