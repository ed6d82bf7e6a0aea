"""Subjects and class numbers of a MARC record, by their schemes, with the links of the headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.record import Value
from lod.sources.marc import field_tables as tables
from lod.sources.marc.fields import MarcField, bare, name_of, without_stop

_PATTERNS = (
    (re.compile(r"\(DE-588\)(\d[\d-]{2,11}[\dXx]?)"), "https://d-nb.info/gnd/{}"),
    (re.compile(r"\(OCoLC\)fst0*([1-9]\d{0,9})"), "http://id.worldcat.org/fast/{}"),
    (re.compile(r"\((?:DLC|lcsh)\)\s?(sh\s{0,3}\d{6,10})"), "http://id.loc.gov/authorities/subjects/{}"),
    (re.compile(r"(?:\(uri\)\s?)?(https?://\S{1,300})"), "{}"),
)


def subjects(field: MarcField) -> Iterator[Value]:
    """Yield a heading: main heading and subdivisions joined by "--", under the scheme that the field names."""
    heading = _heading(field)
    if not heading:
        return
    scheme, target = _scheme(field)
    divisions = [(code, text) for code, written in field.pairs("vxyz") if (text := without_stop(written))]
    # A geographic or formal subdivision is none of MeSH's qualifiers, and belongs to the string as a whole.
    qualifies = scheme == "mesh" and all(code == "x" and text[:1].islower() for code, text in divisions)
    text = (" - " if qualifies else "--").join([heading, *(text for _, text in divisions)])
    if not target and not divisions:
        target = tables.LONE_SUBJECTS.get(field.tag, "")
    link = _link(field)
    yield Value(target or name_of(field.tag), text, None, link or None, 600 if link and target else None)
    for position, (code, other) in enumerate(field.subfields):
        if position not in field.taken and other.strip() and code not in "568":
            field.taken.add(position)
            yield Value(name_of(field.tag, code), f"{text}: {bare(other)}")


def classes(field: MarcField) -> Iterator[Value]:
    """Yield the class numbers of 050, 060, 080, 082 and 084; item numbers stay with their class."""
    target = tables.CLASSES.get(field.tag) or tables.CLASSES_BY_SOURCE.get(field.first("2", take=False).casefold(), "")
    if field.tag == "084" and target:
        field.all("2")
    if not target:
        return
    for text in field.all("a"):
        number = text.strip("[] ")
        if target == "dc.subject.ddc":
            # A prime mark shows where a number may be cut, and is no part of it.
            number, whole = re.sub(r"[/'’′]", "", number), number
            if number != whole:
                field.left_out["a"] = "marks of where a class number may be cut are no part of it"
        yield Value(target, number)


def _heading(field: MarcField) -> str:
    codes = tables.SUBJECTS[field.tag]
    found = list(field.pairs(codes))
    if field.tag in {"653", "654"}:
        return "; ".join(without_stop(text) for _, text in found)
    text = ""
    for code, part in found:
        tidy = part.strip()
        if not text:
            text = tidy
        elif code in "bt" and field.tag in {"600", "610", "611"}:
            text = f"{text.rstrip(' .,')}{' ' if code == 'b' and field.tag == '600' else '. '}{tidy}"
        elif text.endswith((",", ".", ":", "(", ")")) or tidy.startswith("("):
            text = f"{text} {tidy}"
        else:
            text = f"{text}, {tidy}" if code in "cd" else f"{text} {tidy}"
    return without_stop(text)


def _scheme(field: MarcField) -> tuple[str, str]:
    """Return the scheme of a heading and its field, "" for the field of a scheme that has none."""
    if field.tag[1] == "9" or field.tag in {"653", "654"}:
        return "", ""
    scheme = tables.SCHEMES_BY_INDICATOR.get(field.indicators[1], "")
    if field.indicators[1] == "7":
        scheme = field.first("2", take=False).casefold().partition("/")[0]
        # "yso/fin" says in which language the term is, and is kept.
        if scheme in tables.SCHEMES and "/" not in field.first("2", take=False):
            field.first("2")
    return scheme, f"dc.subject.{scheme}" if scheme in tables.SCHEMES else ""


def _link(field: MarcField) -> str:
    """Return the address of the heading where the field has one; of several none is chosen, since each may mean a part."""
    found: dict[str, int] = {}
    for position, (code, text) in enumerate(field.subfields):
        if code in "01":
            for pattern, address in _PATTERNS:
                if match := pattern.fullmatch(text.strip()):
                    found[address.format("".join(match[1].split()))] = position
                    break
    if len(found) != 1:
        return ""
    ((link, position),) = found.items()
    field.taken.add(position)
    if link not in field.subfields[position].text:
        field.left_out[field.subfields[position].code] = "the link beside the heading says it"
    return link
