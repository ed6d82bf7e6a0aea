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
from lod.sources.reading.payload import Payload

_ORCID = re.compile(r"(?:https?://)?(?:www\.)?(?:orcid\.org[/=])?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_COAR_TYPES = "http://purl.org/coar/resource_type/"
_LONGEST_LABEL = 200
_NO_HEADINGS = frozenset({"cartographics", "geographicCode"})
_PARTS_OF_TITLES = ("nonSort", "title", "subTitle", "partNumber", "partName")
_ISBD_END = re.compile(r"\s[/:;=]$")
_ENCODED = ("edtf", "w3cdtf", "iso8601", "marc")
_PLACE_CODE = re.compile(r"[a-z]{1,3}(?:-[a-z]{2}){0,2}")
_MONTH = re.compile(r"(1[4-9]|20)\d\d(0[1-9]|1[0-2])")


def mods_payload(mods: XmlElement) -> Payload:
    """Return the values of a `mods` element, in its order, and the names of attributes that are left out."""
    infos = [info for info in _children(mods, "originInfo") if not _is_of_copy(info)]
    reader = _Mods(
        has_date=any(_children(info, "dateIssued") for info in infos),
        has_publisher=any(_publishers(info) for info in infos),
        main_title=_main_title(mods),
        own_names=frozenset(_name(name)[0] for name in _children(mods, "name")),
    )
    reader.keep_attributes(mods, "mods", "")
    for child in mods.iterchildren("*"):
        reader.take(child)
        reader.keep_rest(child, f"mods.{local_name(child)}")
    return Payload(tuple(reader.values), left_out=reader.left_out)


@dataclass
class _Mods:
    """The values of one record as they are read, and the elements and attributes that are among them."""

    has_date: bool
    has_publisher: bool
    main_title: XmlElement | None
    own_names: frozenset[str]
    values: list[Value] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    taken: set[XmlElement] = field(default_factory=set)
    linked: set[XmlElement] = field(default_factory=set)
    named: set[XmlElement] = field(default_factory=set)

    def take(self, element: XmlElement) -> None:
        if taker := _TAKERS.get(local_name(element)):
            taker(self, element)
        for path, child in _paths(element):
            if target := field_tables.PLAIN.get(path):
                self._add(target, child)

    def keep_rest(self, element: XmlElement, path: str) -> None:
        """Make values of the schema `mods` of the texts and attributes below an element that nothing took."""
        own = collapse((element.text or "") + "".join(child.tail or "" for child in element))
        if element not in self.taken and own:
            self._put(path, own, element)
        self.keep_attributes(element, path, own)
        for child in element.iterchildren("*"):
            self.keep_rest(child, f"{path}.{local_name(child)}")

    def keep_attributes(self, element: XmlElement, path: str, own: str) -> None:
        """Make values of attributes, after the text that they are about; those that say how to read are left out."""
        for attribute, written in element.attrib.items():
            name, text = str(attribute).rpartition("}")[2], collapse(str(written))
            if not text or str(attribute).startswith(_XSI) or self._is_taken(element, name):
                continue
            if reason := self._reason(element, name):
                self.left_out[f"{local_name(element)}@{name}"] = reason
            else:
                about = own or " ".join(filter(None, map(collapse, element.itertext("*"))))
                self._put(f"{path}.{name}", f"{about}: {text}" if 0 < len(about) <= _LONGEST_LABEL else text, element)

    def _is_taken(self, element: XmlElement, name: str) -> bool:
        if name == "valueURI":
            return element in self.linked
        return name in {"lang", "href"} and element in self.taken

    def _reason(self, element: XmlElement, name: str) -> str:
        """Return why an attribute is left out, "" for one that is kept."""
        if name in field_tables.HOW_TO_READ:
            return field_tables.HOW_TO_READ[name]
        tag = local_name(element)
        if tag in field_tables.NAMES and name == "type":
            return field_tables.NAMES[tag]
        if tag in field_tables.CODED and name in {"type", "authority", "authorityURI", "valueURI"}:
            return field_tables.CODED[tag]
        if name == "qualifier" and element in self.taken and element.get(name) in field_tables.DOUBTS:
            return "the sign of doubt after the date says it"
        if name in {"authority", "authorityURI"} and element.get("valueURI"):
            return "the link to the entry says it"
        return "the field says it" if element in self.named and name in {"type", "authority", "unit"} else ""

    def _add(self, target: str, element: XmlElement) -> None:
        address = self._link(element) if _text(element) else ""
        if target == "dc.format.medium" and address.startswith(_COAR_TYPES):
            self._put("dc.type", address, element)  # the form is the entry of a list of types
        self._put(target, _text(element), element, *element.iter("*"), authority=address)

    def _link(self, element: XmlElement) -> str:
        """Return the address of the authority's entry that an element names, and note that it was taken."""
        address = collapse(element.get("valueURI", ""))
        if address:
            self.linked.add(element)
        return address

    def _put(
        self,
        target: str,
        text: str,
        element: XmlElement,
        *taken: XmlElement,
        authority: str = "",
        agent: str | None = None,
    ) -> None:
        self.taken.update(taken)
        if text:
            key, confidence = (authority, 600) if authority else (None, None)
            self.values.append(Value(target, text, _language(element), key, confidence, agent))

    # Each method reads the element of its name.

    def _take_title(self, info: XmlElement) -> None:
        self.named.add(info)
        if not _children(info, "title") and not _children(info, "subTitle"):
            return  # the number of a part is no title
        type_ = info.get("type", "")
        target = "dc.title" if info is self.main_title else field_tables.TITLES.get(type_, "dc.title")
        self._put(target, _title(info), info, *info.iter("*"), authority=self._link(info))

    def _take_name(self, name: XmlElement) -> None:
        text, parts = _name(name)
        self.taken.update(parts)
        target = _field_of_name(name)
        self._put_named(name, text, target)
        if target is None:
            for term in _role_terms(name):
                self._put("mods.name.role.roleTerm", f"{text}: {_text(term)}" if text else _text(term), term)
        for affiliation in _children(name, "affiliation"):
            if text and (organisation := _text(affiliation)):
                self._put("mods.name.affiliation", f"{text}: {organisation}", affiliation, affiliation)

    def _put_named(self, name: XmlElement, text: str, target: str | None) -> None:
        """Put a name, with the ORCID or the address of the one it names, and take what its field says."""
        identifiers = _children(name, "nameIdentifier")
        # DiVA has it in a description: "orcid.org=0000-0002-1825-0097".
        descriptions = _children(name, "description")
        written = [name.get("valueURI", ""), *(_text(each) for each in (*identifiers, *descriptions))]
        orcid = next((match[1] for identifier in written if (match := _ORCID.fullmatch(identifier))), "")
        address = self._link(name)
        agent = _AGENTS.get(name.get("type", ""))
        self._put(target or _field_of_others(name), text, name, authority=orcid or address, agent=agent)
        self.named.add(name)
        roles = _children(name, "role")
        self.taken.update(part for role in roles for part in role.iter("*"))
        if target is not None:
            self.left_out.update((local_name(term), "the field says the role") for term in _role_terms(name))
        if orcid:
            self.taken.update(each for each in (*identifiers, *descriptions) if orcid in text_of(each))
            self.named.update(identifiers)

    def _take_origin(self, info: XmlElement) -> None:
        """Take when, where and by whom a resource was published; what made the copy, or a place of creation alone, is kept under its own name."""
        if _is_of_copy(info):
            return
        published = _publishers(info) or _children(info, "dateIssued") or _children(info, "copyrightDate")
        for place in _children(info, "place") if published or not _children(info, "dateCreated") else ():
            for term in _children(place, "placeTerm"):
                if term.get("type") != "code" and not (term.get("authority") and _PLACE_CODE.fullmatch(_text(term))):
                    self._add("dc.publisher.place", term)
        for name, target in field_tables.DATES.items():
            self._take_dates(_children(info, name), target)
        self._take_publishers(info)
        for edition in _children(info, "edition"):
            self._add("oaire.citation.edition", edition)

    def _take_publishers(self, info: XmlElement) -> None:
        for publisher in _publishers(info):
            if local_name(publisher) == "agent":
                text, parts = _name(publisher)
                roles = [part for role in _children(publisher, "role") for part in role.iter("*")]
                self._put("dc.publisher", text, publisher, *parts, *roles)
            else:
                self._add("dc.publisher", publisher)

    def _take_dates(self, dates: list[XmlElement], target: str) -> None:
        """Take the date meant for machines, or the first one, and the other end of its interval."""
        filled = [date for date in dates if _text(date)]
        if not filled:
            return
        best, ends = _best_date(filled)
        ordered = sorted([best, *ends], key=lambda date: date.get("point") == "end")
        # 9999 is how MARC writes that there is no end yet.
        text = "/".join(".." if ends and _text(date) == "9999" else _date(date) for date in ordered)
        if "/.." in text:
            self.left_out[local_name(best)] = "9999, which says that there is no end yet"
        same = [date for date in filled if _text(date) == text]
        self._put(target, text, best, best, *ends, *same)

    def _take_language(self, language: XmlElement) -> None:
        terms = _children(language, "languageTerm")
        if (language.get("objectPart") or "text").casefold() != "text":
            return
        if not terms:  # the language itself, of MODS 3.0 and before
            if _is_code(language):
                self.named.add(language)
                self._put("dc.language.iso", _text(language), language, language)
            return
        term = next((term for term in terms if term.get("type") == "code"), terms[0])
        self._put("dc.language.iso" if _is_code(term) else "dc.language", _text(term), language, *terms)
        if any(_text(other) != _text(term) for other in terms):
            self.left_out["languageTerm"] = "the code of the language says it"

    def _take_genre(self, genre: XmlElement) -> None:
        """Take what the resource is; a genre of the list marcgt that says what it contains is kept in the schema `mods`.

        MyCoRe names a genre by its link alone: "…/genres#article".
        """
        if not _text(genre) and (address := self._link(genre)):
            self._put("dc.type", re.split("[#/]", address.rstrip("/#"))[-1], genre, genre, authority=address)
            return
        if genre.get("authority") == "svep" and re.fullmatch("[a-z]{3}", _text(genre)):
            # A code of this list would be a word elsewhere: "art" is an article.
            self._put("dc.type", f"svep/{_text(genre)}", genre, genre)
            return
        listed = genre.get("authority", "").startswith("marc") and _text(genre).casefold() in field_tables.CONTENTS
        self._add("mods.genre" if listed else "dc.type", genre)

    def _take_note(self, note: XmlElement) -> None:
        label = collapse(note.get("type") or note.get("displayLabel") or "")
        target = field_tables.NOTES.get(label.casefold())
        if target:
            self.named.add(note)
            self.left_out["note@displayLabel"] = "the field says it"
        elif note.get("displayLabel"):
            # What a program writes for itself, such as an embargo of "0" months, is no description.
            target = f"mods.note.{field_tables.slug(collapse(note.get('displayLabel', ''))) or 'other'}"
        elif _text(note).isdecimal():
            return  # a number says nothing by itself: kept under its own name
        self._add(target or "dc.description", note)

    def _take_subject(self, subject: XmlElement) -> None:
        parts = [part for part in subject.iterchildren("*") if local_name(part) not in _NO_HEADINGS]
        if not parts:
            return
        stated = {part.get("authority", "").casefold() for part in (subject, *parts)} - {""}
        target = field_tables.SUBJECTS.get(stated.pop()) if len(stated) == 1 else None
        whole = self._link(subject)
        if target is None or len(parts) == 1:
            self._put_single_subjects(subject, parts, target, whole)
        else:
            texts = [text for part in parts if (text := _subject_part(part))]
            taken = (element for part in parts for element in part.iter("*"))
            self._put(target, "--".join(texts), subject, *taken, authority=whole)
        if whole and len(parts) > 1 and target is None:
            self.linked.discard(subject)
        if target:
            self.named.update((subject, *parts))
        self.named.update(element for part in parts for element in part.iter("*"))

    def _put_single_subjects(
        self, subject: XmlElement, parts: list[XmlElement], target: str | None, whole: str | None
    ) -> None:
        """Put each part by itself: parts without a scheme are no heading of one."""
        for part in parts:
            field_ = field_tables.LONE_SUBJECTS.get(local_name(part)) or target or "dc.subject"
            address = whole if len(parts) == 1 and whole else self._link(part)
            self._put(field_, _subject_part(part), subject, *part.iter("*"), authority=address)

    def _take_classification(self, element: XmlElement) -> None:
        scheme = element.get("authority", "").casefold()
        if scheme in field_tables.CLASSIFICATIONS:
            self.named.add(element)
        self._add(field_tables.CLASSIFICATIONS.get(scheme, "dc.subject.classification"), element)

    def _take_identifier(self, identifier: XmlElement) -> None:
        if identifier.get("invalid") != "yes":
            self.named.add(identifier)
            self._add(field_tables.identifier_field(identifier.get("type", "")), identifier)

    def _take_location(self, location: XmlElement) -> None:
        # A home page beside the name of the library that holds the item is that of the library.
        held = bool(_children(location, "physicalLocation"))
        addresses = [url for url in _children(location, "url") if not (held and _HOME_PAGE.fullmatch(_text(url)))]
        urls = [url for url in addresses if not _is_picture(url)]
        for url in urls:
            primary = "primary" in url.get("usage", "") or len(urls) == 1
            self._add("dc.identifier.uri" if primary else "dc.description.uri", url)

    def _take_access(self, condition: XmlElement) -> None:
        self.named.add(condition)
        self._add(field_tables.ACCESS.get(condition.get("type", ""), "dc.rights"), condition)
        self._put("dc.rights.uri", condition.get(XLINK_HREF, "").strip(), condition)

    def _take_extension(self, extension: XmlElement) -> None:
        for degree in extension.iter("{*}degree"):
            for part in degree.iterchildren("*"):
                if local_name(part) in field_tables.DEGREE:
                    self._add(field_tables.DEGREE[local_name(part)], part)

    def _take_related(self, related: XmlElement) -> None:
        stated = related.get("type", "")
        type_ = "host" if stated in _UNSAID and _says_where(related) else stated
        if type_ == "host" and _is_issue(related):
            self._take_issue(related)
            return
        target = field_tables.RELATED.get(type_, "dc.relation")
        if stated in field_tables.RELATED and type_ == stated:
            self.named.add(related)
        titles, identifiers = _children(related, "titleInfo"), _children(related, "identifier")
        addresses = [url for location in _children(related, "location") for url in _children(location, "url")]
        if titles:
            number = self._series_number(related, titles[0]) if type_ == "series" else ""
            text = _title(titles[0], number=not number).rstrip(" ;")
            taken = titles[0].iter("*")
            self._put(target, f"{text};{number}" if number else text, related, *taken, authority=self._link(titles[0]))
        elif identifiers or addresses:
            self._add(target, (identifiers or addresses)[0])
        elif href := related.get(XLINK_HREF, "").strip():
            self._put(target, href, related, related)
        if type_ == "host":
            self._take_host(related, identifiers)

    def _take_issue(self, issue: XmlElement) -> None:
        """Take the journal that an issue is in as what the item is in: the title of an issue names no journal."""
        journals = [related for related in _children(issue, "relatedItem") if related.get("type") == "host"]
        for journal in journals[:1]:
            self._take_related(journal)
        self._take_host(issue, [])

    def _series_number(self, series: XmlElement, title: XmlElement) -> str:
        """Return the number of the item in its series, and note that it was taken."""
        details = [detail for part in _children(series, "part") for detail in _children(part, "detail")]
        numbers = [*_children(title, "partNumber"), *(n for detail in details for n in _children(detail, "number"))]
        self.taken.update(numbers[:1])
        return _text(numbers[0]) if numbers else ""

    def _take_host(self, host: XmlElement, identifiers: list[XmlElement]) -> None:
        for identifier in identifiers:
            if target := field_tables.HOST_IDENTIFIERS.get(identifier.get("type", "").casefold()):
                self.named.add(identifier)
                self._add(target, identifier)
        if not any(identifier.get("type", "").casefold().endswith("issn") for identifier in identifiers):
            for series in _children(host, "relatedItem"):
                if series.get("type") == "series":  # the series of a book
                    self._take_related(series)
        for part in _children(host, "part"):
            self._take_part(part)
        for info in _children(host, "originInfo"):
            # Of an article or a chapter the journal or the book says when and by whom it was published.
            if not self.has_date and not _is_of_copy(info):
                self._take_dates(_children(info, "dateIssued"), "dc.date.issued")
            if not self.has_publisher and not _is_of_copy(info):
                self._take_publishers(info)
        for name in _children(host, "name"):
            # Of the book and of the part in it some catalogues give the editor twice.
            if _field_of_name(name) == "dc.contributor.editor" and _name(name)[0] not in self.own_names:
                self._take_name(name)

    def _take_part(self, part: XmlElement) -> None:
        for detail in _children(part, "detail"):
            numbers = _children(detail, "number")
            if numbers and (target := field_tables.DETAILS.get(detail.get("type", ""))):
                self.named.add(detail)
                self._put(target, _text(numbers[0]), detail, numbers[0])
        for extent in _children(part, "extent"):
            if extent.get("unit", "page").startswith("page"):
                self.named.add(extent)
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
    "extension": _Mods._take_extension,
    "accessCondition": _Mods._take_access,
    "relatedItem": _Mods._take_related,
    "part": _Mods._take_part,
}


_FORM_OF_DATE = re.compile(r"[\[{]?-?[\dXu]{3,9}[\dXux/.,~?%TZ:+\[\]{}-]{0,60}")
"""What a date in one of the encodings is made of, EDTF's marks of doubt included."""
_TWO_YEARS = re.compile(r"((?:1\d|20)\d\d)((?:1[3-9]|20)\d\d)")
"""Two years in a row, as MARC has them: 14751500. What is a month in a day of a calendar is none here."""
_HOME_PAGE = re.compile(r"https?://[^/\s]+/?", re.IGNORECASE)
_OF_COPIES = re.compile(r"digiti[sz]|captur|reproduc|reformat", re.IGNORECASE)
_ELECTRONIC = re.compile(r"[\[(]?electronic (?:ed\.?|edition|resource|reproduction)[\])]?", re.IGNORECASE)
_MADE = re.compile(r"manufactur|distribut|production", re.IGNORECASE)
"""Events whose agent is no publisher: printers, distributors, and who made what was not published."""


def _is_of_copy(info: XmlElement) -> bool:
    """Return whether an origin is that of the digital copy: by its event, or by a date of capture or "[Electronic ed.]" beside the origin of what was copied.

    Source: DFG-Viewer, MODS application profile for digitised prints, element originInfo.
    """
    if event := info.get("eventType"):
        return bool(_OF_COPIES.search(event))
    others = (*info.itersiblings(info.tag, preceding=True), *info.itersiblings(info.tag))
    if not any(map(_is_dated, others)):
        return False
    if any(_ELECTRONIC.fullmatch(_text(edition)) for edition in _children(info, "edition")):
        return True
    return bool(_children(info, "dateCaptured")) and not _is_dated(info)


def _is_dated(info: XmlElement) -> bool:
    return bool(_children(info, "dateIssued") or _children(info, "dateCreated"))


def _publishers(info: XmlElement) -> list[XmlElement]:
    """Return the elements that name publishers: `publisher`, and since MODS 3.8 `agent`."""
    if _MADE.search(info.get("eventType", "")):
        return []
    agents = [
        agent
        for agent in _children(info, "agent")
        if not (words := list(map(_text, _role_terms(agent)))) or "dc.publisher" in map(_role, words)
    ]
    return [publisher for publisher in (*_children(info, "publisher"), *agents) if _text(publisher)]


def _main_title(mods: XmlElement) -> XmlElement | None:
    """Return the title of a record whose titles all have a type: the uniform one before others."""
    titles = [info for info in _children(mods, "titleInfo") if any(map(_text, _children(info, "title")))]
    if any(field_tables.TITLES.get(info.get("type", "")) is None for info in titles):
        return None
    order = list(field_tables.TITLES)
    return min(titles, key=lambda info: order.index(info.get("type", "")), default=None)


_UNSAID = ("", "otherFormat")
"""Types of related items that many give to a journal as well."""


def _says_where(related: XmlElement) -> bool:
    """Return whether a related item says between which pages of it, or in which of its volumes, the item is."""
    parts = _children(related, "part")
    details = [detail.get("type") in field_tables.DETAILS for part in parts for detail in _children(part, "detail")]
    numbers = [
        _text(each) for part in parts for detail in _children(part, "detail") for each in _children(detail, "number")
    ]
    if not all(re.search(r"\d", number) for number in numbers):
        return False  # "Dissertation", of the volume "Example University": a sentence taken apart
    extents = [extent.get("unit", "").startswith("page") for part in parts for extent in _children(part, "extent")]
    return bool(_children(related, "titleInfo")) and any((*details, *extents))


def _is_issue(host: XmlElement) -> bool:
    """Return whether a host is one issue of a journal: by its genre, in words or by a link as "…/genres#issue"."""
    genres = _children(host, "genre")
    return any(
        re.split("[#/]", _text(genre) or genre.get("valueURI", ""))[-1].casefold() == "issue" for genre in genres
    )


def _paths(element: XmlElement) -> Iterator[tuple[str, XmlElement]]:
    name = local_name(element)
    yield name, element
    for child in element.iterchildren("*"):
        yield f"{name}/{local_name(child)}", child


def _children(element: XmlElement, name: str) -> list[XmlElement]:
    return [child for child in element.iterchildren("*") if local_name(child) == name]


def _text(element: XmlElement) -> str:
    return collapse(text_of(element))


def _language(element: XmlElement) -> str | None:
    return element.get(XML_LANG) or element.get("lang") or None


def _title(info: XmlElement, *, number: bool = True) -> str:
    """Return a title as one text: "The night : a play. Part 2, Morning"; the number of the part may be left away."""
    parts = {name: [_text(child) for child in _children(info, name)] for name in _PARTS_OF_TITLES}
    # A title that was MARC may keep the punctuation of ISBD: "Die Musci der Flora von Buitenzorg /".
    start, title = " ".join(parts["nonSort"]), _ISBD_END.sub("", " ".join(parts["title"]))
    text = f"{start}{'' if start.endswith(('’', chr(39))) else ' '}{title}".strip()
    if subtitle := ": ".join(filter(None, parts["subTitle"])):
        text = f"{text.rstrip(' :')}: {subtitle}" if text else subtitle
    more = ", ".join(filter(None, [*(parts["partNumber"] if number else ()), *parts["partName"]]))
    return ". ".join(filter(None, (text.rstrip("."), more))) if more else text


def _name(name: XmlElement) -> tuple[str, list[XmlElement]]:
    """Return a name as one text, family name first, and the elements that it is made of."""
    parts: dict[str, list[XmlElement]] = {}
    for part in _children(name, "namePart"):
        parts.setdefault(part.get("type", ""), []).append(part)
    types = ("", "family", "given", "termsOfAddress", "date")
    used = [part for type_ in types for part in parts.get(type_, [])]
    family, given, terms, dates = (" ".join(_text(part) for part in parts.get(type_, [])) for type_ in types[1:])
    written = [_text(part) for part in parts.get("", [])]
    if name.get("type") == "corporate":
        written[:-1] = [part if part.endswith(".") else f"{part}." for part in written[:-1]]
    whole = " ".join(written)
    text = ", ".join(filter(None, (whole.rstrip(" ,") or family, "" if whole else given, terms, dates)))
    if not text:
        forms = _children(name, "displayForm")
        return (_text(forms[0]) if forms else ""), forms
    return text.rstrip(" ,"), used


def _role_terms(name: XmlElement) -> list[XmlElement]:
    """Return the words and codes of the roles of a name; `text` and `code` are those of MODS 3.0 and before."""
    parts = (part for role in _children(name, "role") for part in role.iterchildren("*"))
    return [part for part in parts if local_name(part) in {"roleTerm", "text", "code"}]


def _field_of_name(name: XmlElement) -> str | None:
    """Return the field of a name by its roles, None where none of them has a field."""
    terms = _role_terms(name)
    words = [_text(term) for term in terms]
    known = map(_role, (*words, *(term.get("valueURI", "") for term in terms)))
    if target := next(filter(None, known), None):
        # The publisher of the crosswalk is an organisation.
        return None if target == "dc.publisher" and name.get("type") == "personal" else target
    if any(words):
        return None
    return "dc.contributor.author" if name.get("usage") == "primary" else _field_of_others(name)


_AGENTS: dict[str, str | None] = {"personal": "person", "corporate": "organisation", "conference": "meeting"}
"""What a name is of, by its type."""


def _field_of_others(name: XmlElement) -> str:
    # The commas of an organisation's name part no family from a given name.
    return "dc.relation.orgunit" if name.get("type") == "corporate" else "dc.contributor.other"


def _role(word: str) -> str | None:
    """Return the field of a role, given as a word, a code, or the IRI of a MARC relator."""
    end = word.rstrip("/").rpartition("/")[2].removesuffix(".html")
    return field_tables.FIELD_OF_ROLE.get(end.casefold().strip(" ."))


def _best_date(filled: list[XmlElement]) -> tuple[XmlElement, list[XmlElement]]:
    """Return the best of some dates, and the other end of its interval, if there is one."""
    encoded = [date for date in filled if date.get("keyDate") == "yes" or date.get("encoding") in _ENCODED]
    # "1844-1848 [v. 2, 1845]" says that it is encoded, and is not.
    chosen = _readable(encoded) or _readable(filled) or encoded or filled
    best = next((date for date in chosen if date.get("keyDate") == "yes"), chosen[0])
    return best, [date for date in chosen if best.get("point") and date.get("point") not in {None, best.get("point")}][
        :1
    ]


def _readable(dates: list[XmlElement]) -> list[XmlElement]:
    return [date for date in dates if _FORM_OF_DATE.fullmatch(_date(date))]


def _date(element: XmlElement) -> str:
    """Return a date in EDTF: the attribute `qualifier` is its sign of doubt."""
    text = _text(element).rstrip("^|")  # fill characters of MARC
    if years := _TWO_YEARS.fullmatch(text):
        return f"{years[1]}/{years[2]}" if years[1] <= years[2] else text
    if element.get("encoding") in _ENCODED and _MONTH.fullmatch(text):
        text = f"{text[:4]}-{text[4:]}"
    sign = field_tables.DOUBTS.get(element.get("qualifier", ""), "")
    return text if text.endswith(("~", "?", "%")) or not text[-1:].isdigit() else text + sign


def _is_code(term: XmlElement) -> bool:
    return term.get("type") == "code" or term.get("authority") in {"rfc3066", "rfc5646", "iso639-2b", "iso639-3"}


def _subject_part(part: XmlElement) -> str:
    if local_name(part) == "name":
        return _name(part)[0]
    if local_name(part) == "titleInfo":
        return _title(part)
    if local_name(part) == "hierarchicalGeographic":
        return "--".join(filter(None, (_text(place) for place in part)))
    return _text(part)


def _is_picture(url: XmlElement) -> bool:
    """Return whether an address is of a preview or of a viewer's manifest, not of the item."""
    return url.get("access") == "preview" or url.get("note") in {"thumbnail", "manifest", "iiifManifest"}
