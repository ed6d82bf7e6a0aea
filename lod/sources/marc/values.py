"""The values of a MARC record: qualified Dublin Core for what has a field, "marc.TAG.CODE" for all the rest.

Nothing of a record is dropped: a field that no reader knows is a value of its own, and so is a subfield that its reader does not
use. Source: Library of Congress, "MARC to Dublin Core Crosswalk"; docs/adr/0040.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lod.long_texts import collapse
from lod.record import Value
from lod.sources.marc import field_tables as tables
from lod.sources.marc.dates import coded_dates, written_date
from lod.sources.marc.fields import (
    CATALOG,
    MarcField,
    MarcRecord,
    bare,
    in_sentences,
    name_of,
    without_brackets,
    without_stop,
)
from lod.sources.marc.links import addresses, hosts, linking, series, titled_entry
from lod.sources.marc.names import contributors
from lod.sources.marc.subjects import classes, subjects
from lod.sources.marc.types import is_thesis, languages, types

_LENGTHS = re.compile(r"^.{5}(.{7}).{5}", re.DOTALL)
_LINKED = re.compile(r"(?P<tag>\w{3})-(?P<number>\d{2})(?:/(?P<script>[^/]{1,2}))?")
_ISBN = re.compile(r"([\dXx][\dXx -]{7,15}[\dXx])(?![\dXx])\s*(.*)", re.DOTALL)
_NOTE = re.compile(
    r"[^()]{0,80}\((?P<degree>[^()]{1,80})\)\s*(?:--|[-–—])\s*(?P<body>[^()]{3,200}),\s*\[?(?P<year>\d{4})\]?\.?"
)
_DEGREE = re.compile(r"[^()]{0,80}\((?P<degree>[^()]{1,80})\)\.?")
_NO_IMPRINT = re.compile(
    r"\[?(?:s\.?\s?[lnd]\.?|[^\[\]]{0,40}not identified|s\.?\s?l\.?\s?:?\s?s\.?\s?n\.?)\]?", re.IGNORECASE
)
_AWARDS = ("b", "thesis.degree.name"), ("c", "thesis.degree.grantor"), ("g", "thesis.degree.discipline")


def marc_values(record: MarcRecord) -> list[Value]:
    """Return the values of a record, in the order of its fields; none for one whose fields are all blank.

    A subfield of punctuation alone (" : ") has no value.
    """
    filled = any(field.data.strip() or field.rest() for field in record.fields)
    return [value for value in _Reading(record).values() if value.text.strip()] if filled else []


class _Reading:
    """One record as it is read."""

    def __init__(self, record: MarcRecord) -> None:
        self.record = record
        self.thesis = is_thesis(record)
        self.languages = languages(record)

    def values(self) -> Iterator[Value]:
        leader = _LENGTHS.sub(r"00000\g<1>00000", self.record.leader)
        if leader.strip(" 0"):
            yield Value("marc.leader", leader)
        for field in self.record.fields:
            field.left_out.update(
                (code, "the note of the Library of Congress that it is from the old catalogue is no part of a heading")
                for code, text in field.subfields
                if CATALOG.search(text)
            )
            yield from self.values_of(field)
        yield from types(self.record)
        yield from (Value("dc.language.iso", code) for code in self.languages)
        yield from self.dates()
        yield from hosts(self.record)
        yield from series(self.record)
        # Last: what a field says may be used after it.
        for field in self.record.fields:
            yield from _kept(field)

    def values_of(self, field: MarcField) -> Iterator[Value]:
        if field.tag == "001":
            if field.data.strip():
                agency = self.record.data("003").strip()
                yield Value("marc.001", f"({agency}){field.data.strip()}" if agency else field.data.strip())
                if agency.casefold() == "ocolc":
                    yield Value("dc.identifier.oclc", field.data.strip())
        elif field.tag == "003":
            if field.data.strip() and not self.record.data("001"):
                yield Value("marc.003", field.data)
        elif field.data.strip():
            yield Value(name_of(field.tag), field.data)
        elif field.tag in tables.STAFF or (field.tag in tables.PRIVATE and field.indicators[0] == "0"):
            yield from _private(field, [subfield.code for subfield in field.subfields])
        elif reader := _READERS.get(field.tag):
            yield from reader(self, field)
        if codes := tables.NOT_PUBLIC.get(field.tag):
            yield from _private(field, codes)

    def titles(self, field: MarcField) -> Iterator[Value]:
        title, parallel = _title(field)
        if title:
            yield Value("dc.title", title)
        yield from (Value("dc.title.alternative", text) for text in parallel)
        for text in field.all("c"):
            yield Value("dc.description.statementofresponsibility", without_stop(text))

    def variant(self, field: MarcField) -> Iterator[Value]:
        title, parallel = _title(field)
        if field.tag in {"210", "222"}:
            # $b tells serials of one title apart: "Curator (New York, N.Y.)".
            title = (bare if field.tag == "210" else without_stop)(" ".join(field.all("ab")))
        language = bare(field.first("y")).rstrip(".") if field.tag == "242" else ""
        for text in filter(None, (title, *parallel)):
            yield Value("dc.title.translated" if field.tag == "242" else "dc.title.alternative", text, language or None)
        if title:
            for text in field.all("i"):
                yield Value(name_of(field.tag, "i"), f"{title}: {bare(text)}")

    def entry(self, field: MarcField) -> Iterator[Value]:
        if field.tag[0] == "7" and field.first("t", take=False):
            yield from titled_entry(field)
        else:
            yield from contributors(field, thesis=self.thesis)

    def imprint(self, field: MarcField) -> Iterator[Value]:
        published = field.tag == "260" or field.indicators[1] in {"1", " "}
        # An unpublished item was made somewhere; distributors and printers are none of its publishers.
        wanted = {"a": "dc.publisher.place", "b": "dc.publisher"} if published else {"a": "dc.publisher.place"}
        for code, target in wanted.items() if published or field.indicators[1] == "0" else ():
            for text in field.all(code):
                unknown = "?" in text or _NO_IMPRINT.fullmatch(bare(text))
                yield Value(
                    name_of(field.tag, code) if unknown else target, text if unknown else without_brackets(text)
                )

    def dates(self) -> Iterator[Value]:
        """Yield the dates: coded ones first, written ones where these leave a date open, that of the degree at last."""
        record = self.record
        found = coded_dates(record.data("008")[6:7], record.data("008")[7:11], record.data("008")[11:15])
        for field in record.all("264", "260"):
            _add_written_dates(found, field)
        awarded = [text for field in record.all("502") for text in field.all("d", take=False)]
        awarded += [
            match["year"] for field in record.all("502") if (match := _NOTE.fullmatch(field.first("a", take=False)))
        ]
        if "dc.date.issued" not in found and awarded and (date := written_date(awarded[0].rstrip("., "))[0]):
            found["dc.date.issued"] = date
        yield from (Value(target, date) for target, date in found.items())

    def plain(self, field: MarcField) -> Iterator[Value]:
        for codes, target in _PLAIN[field.tag]:
            for text in field.all(codes):
                yield Value(target, without_stop(text) if field.tag in {"300", "250", "310", "338"} else text)

    def edition(self, field: MarcField) -> Iterator[Value]:
        text = " ".join(field.all("a") + field.all("b"))
        if text:
            yield Value("oaire.citation.edition", without_stop(text) if "(" not in text else bare(text))

    def isbn(self, field: MarcField) -> Iterator[Value]:
        for text in field.all("a"):
            match = _ISBN.fullmatch(text)
            number, more = (match[1], match[2].strip(" :;,")) if match else (text, "")
            yield Value("dc.identifier.isbn", number)
            if more:
                yield Value("marc.020.a", f"{number}: {more}")
            yield from (Value("marc.020.q", f"{number}: {bare(note)}") for note in field.all("q"))

    def issn(self, field: MarcField) -> Iterator[Value]:
        for code, target in ("a", "dc.identifier.issn"), ("l", "dc.identifier.issnl"):
            yield from (Value(target, bare(text)) for text in field.all(code))

    def system_number(self, field: MarcField) -> Iterator[Value]:
        for text in field.all("a", take=False):
            if text.casefold().startswith("(ocolc)"):
                field.first("a")
                yield Value("dc.identifier.oclc", text)

    def lccn(self, field: MarcField) -> Iterator[Value]:
        for text in field.all("a"):
            yield Value("dc.identifier.lccn", text)

    def standard_number(self, field: MarcField) -> Iterator[Value]:
        source = field.first("2", take=False).casefold() if field.indicators[0] == "7" else ""
        target = tables.IDENTIFIERS.get(source) or tables.IDENTIFIERS_BY_INDICATOR.get(field.indicators[0], "")
        if target:
            field.all("2" if source else "")
            yield from (Value(target, text) for text in field.all("a"))

    def document_number(self, field: MarcField) -> Iterator[Value]:
        yield from (Value("dc.identifier.govdoc", text) for text in field.all("a"))

    def classes(self, field: MarcField) -> Iterator[Value]:
        numbers = list(classes(field))
        yield from numbers
        for text in field.all("b") if numbers else ():
            yield Value(name_of(field.tag, "b"), f"{numbers[0].text}: {text}")

    def description(self, field: MarcField) -> Iterator[Value]:
        text = " ".join(text for _, text in field.pairs("abcdefghijklmnopqrstuvwxyz3"))
        if text:
            yield Value("dc.description", text)

    def abstract(self, field: MarcField) -> Iterator[Value]:
        text = " ".join(field.all("ab"))
        if text:
            yield Value("dc.description" if field.indicators[0] in {"1", "4", "8"} else "dc.description.abstract", text)

    def contents(self, field: MarcField) -> Iterator[Value]:
        text = " ".join(text for _, text in field.pairs("agtr"))
        if text:
            yield Value("dc.description.tableofcontents", text)

    def joined(self, field: MarcField) -> Iterator[Value]:
        target = {
            "510": "dcterms.isReferencedBy",
            "524": "dc.identifier.citation",
            "536": "dc.description.sponsorship",
        }[field.tag]
        text = " ".join(text for _, text in field.pairs("abc" if field.tag == "510" else "a"))
        if text:
            yield Value(target, text)

    def rights(self, field: MarcField) -> Iterator[Value]:
        access = field.tag == "506"
        codes = "af" if access else "acf"
        yield from (
            Value("dcterms.accessRights" if access else "dc.rights", without_stop(text)) for text in field.all(codes)
        )
        yield from (Value("dc.rights.uri", text) for text in field.all("u"))

    def thesis_note(self, field: MarcField) -> Iterator[Value]:
        note = field.first("a", take=False)
        for text in field.all("a"):
            yield Value("dc.description", text)
        parts = {code: without_stop(text) for code, _ in _AWARDS for text in field.all(code)[:1]}
        match = _NOTE.fullmatch(note) or _DEGREE.fullmatch(note)
        if match and "b" not in parts:
            parts["b"] = match["degree"]
        if match and "c" not in parts and match.groupdict().get("body"):
            parts["c"] = without_stop(match["body"])
        yield from (Value(target, parts[code]) for code, target in _AWARDS if parts.get(code))

    def linked_script(self, field: MarcField) -> Iterator[Value]:
        """Yield what 880 says in the script of the original: titles and notes; names and all else as "marc.880.TAG.CODE"."""
        tag, number, script = _link(field)
        language = self._language_in(script)
        # Where the record has the field as well, a lost link makes no second author or title of it.
        others = self.record.all(tag)
        alone = bool(tag) and (not others or (number == "00" and tag[0] != "1" and tag != "245"))
        twin = MarcField(tag, field.indicators, [part for part in field.subfields if part.code != "6"])
        reader = _READERS.get(tag) if tag != "880" else None
        if reader and (alone or tag in _TEXTS):
            for value in (*reader(self, twin), *_kept(twin)):
                name = value.field if alone else _BESIDE.get(value.field, value.field)
                yield value._replace(field=name, language=value.language or language)
        else:
            for code, text in twin.rest():
                name = f"marc.880.{name_of(tag, code).removeprefix('marc.')}" if tag else name_of("880", code)
                yield Value(name, text.strip(), language)
        field.taken.update(position for position, part in enumerate(field.subfields) if part.code != "6")

    def _language_in(self, script: str | None) -> str | None:
        """Return the language of a text in a script: that of the record, if it is written so; else the script alone."""
        if script is None or script not in tables.SCRIPTS:
            return None
        name = tables.SCRIPTS[script]
        own = tables.LANGUAGES_OF_SCRIPTS.get(name, "").split()
        fitting = [code for code in self.languages if code in own]
        if len(fitting) == 1:
            return f"{fitting[0]}-{name}" if name else fitting[0]
        return f"und-{name}" if name else None


_BESIDE = {"dc.title": "dc.title.alternative", "dc.description.statementofresponsibility": "marc.880.245.c"}
"""Fields of what is in the script of the original beside the same in Latin letters."""


def _add_written_dates(found: dict[str, str], field: MarcField) -> None:
    """Add the dates of an imprint that are not known yet, and take those that are."""
    second = field.indicators[1] if field.tag == "264" else "1"
    target = {"1": "dc.date.issued", " ": "dc.date.issued", "0": "dc.date.created"}.get(second, "")
    for position, (code, text) in enumerate(field.subfields):
        if code != "c" or not text.strip():
            continue
        issued, copyright_ = written_date(text)
        if second == "4":
            issued, copyright_ = "", copyright_ or issued
        if issued and target and (target != "dc.date.created" or "dc.date.issued" not in found):
            found.setdefault(target, issued)
        if copyright_:
            found.setdefault("dc.date.copyright", copyright_)
        if bare(text).strip("[].©c ") in found.values():
            field.taken.add(position)
            field.left_out["c"] = "the dates say it"


def _title(field: MarcField) -> tuple[str, list[str]]:
    """Return a title with subtitle and parts, "Night: a play. Part 2, Morning", and the parallel titles after " = "."""
    text, parallel, sign, before = "", [], "", ""
    # The form of an archive ($k, "Letters") is its title where it has no other.
    for code, written in field.pairs("abnp" if field.first("a", take=False) else "abknp"):
        part = without_stop(written)
        if not part:
            continue
        if not text:
            text = part
        elif sign == "=":
            parallel.append(part)
        elif code == "b" and sign != ";":
            text = f"{text}: {part}" if sign != "." else in_sentences((text, part))
        elif sign == ";":
            text = f"{text} ; {part}"
        else:
            text = f"{text}, {part}" if code == "p" and before == "n" else in_sentences((text, part))
        sign, before = collapse(written)[-1:], code
    return text, parallel


def _kept(field: MarcField) -> Iterator[Value]:
    """Yield what nothing has used: a whole field as "$a … $b …", since its parts belong together, else subfield by subfield."""
    rest = [part for part in field.rest() if part.code not in "68" or part.text.strip()]
    if not field.taken and len(rest) > 1 and field.tag not in tables.SUBJECTS:
        yield Value(name_of(field.tag), " ".join(f"${code} {text.strip()}" for code, text in rest))
    else:
        yield from (Value(name_of(field.tag, code), text) for code, text in rest)


def _private(field: MarcField, codes: str | list[str]) -> Iterator[Value]:
    for position, (code, text) in enumerate(field.subfields):
        if code in codes and position not in field.taken and text.strip():
            field.taken.add(position)
            yield Value(f"marc.private.{name_of(field.tag).removeprefix('marc.')}", text)


def _link(field: MarcField) -> tuple[str, str, str | None]:
    """Return tag, number and script code of the $6 of a field, "" for what it lacks."""
    match = _LINKED.match(field.first("6", take=False))
    return (match["tag"], match["number"], match["script"]) if match else ("", "", None)


_TEXTS = frozenset({"245", "240", "242", "246", "247", "130", "210", "222", "500", "505", "520"})
"""Fields whose linked text in another script is a further title or note; of names it would be a second person."""

_PLAIN: dict[str, tuple[tuple[str, str], ...]] = {
    "300": (("a", "dc.format.extent"),),
    "310": (("a", "dcterms.accrualPeriodicity"),),
    "338": (("a", "dc.format.medium"),),
    "362": (("a", "dc.description"),),
    "521": (("a", "dcterms.audience"),),
}

_Reader = Callable[[_Reading, MarcField], Iterator[Value]]

_READERS: dict[str, _Reader] = {
    **dict.fromkeys(("130", "210", "222", "240", "242", "246", "247"), _Reading.variant),
    **dict.fromkeys(("100", "110", "111", "700", "710", "711", "720"), _Reading.entry),
    **dict.fromkeys(("730", "740"), lambda _, field: titled_entry(field)),
    **dict.fromkeys(("260", "264"), _Reading.imprint),
    **dict.fromkeys(_PLAIN, _Reading.plain),
    **dict.fromkeys((*tables.CLASSES, "084"), _Reading.classes),
    **dict.fromkeys(tables.SUBJECTS, lambda _, field: subjects(field)),
    **dict.fromkeys(tables.DESCRIPTIONS, _Reading.description),
    **dict.fromkeys(tables.LINKS, lambda _, field: linking(field)),
    **dict.fromkeys(("506", "540"), _Reading.rights),
    **dict.fromkeys(("510", "524", "536"), _Reading.joined),
    "010": _Reading.lccn,
    "020": _Reading.isbn,
    "022": _Reading.issn,
    "024": _Reading.standard_number,
    "035": _Reading.system_number,
    "086": _Reading.document_number,
    "245": _Reading.titles,
    "250": _Reading.edition,
    "502": _Reading.thesis_note,
    "505": _Reading.contents,
    "520": _Reading.abstract,
    "856": lambda _, field: addresses(field),
    "880": _Reading.linked_script,
}
"""How each field is read; hosts, series, dates, types and languages are read from the record as a whole."""
