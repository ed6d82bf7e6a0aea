"""Contributors of a MARC record: people, bodies and meetings, with their roles and the links of their authority records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.record import Value
from lod.sources.marc import field_tables as tables
from lod.sources.marc.fields import MarcField, bare, in_sentences, name_of, without_stop

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_DATES_IN_NAME = re.compile(r"(?P<name>[^()]{3,100})\((?P<dates>\d{4}-?(?:\d{4})?)\)")
_YEAR = re.compile(r"(\d{4})")
_PATTERNS = (
    (re.compile(r"(?:\(orcid\)|(?:\(uri\)\s?)?https?://(?:www\.)?orcid\.org/)(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx])/?"), "https://orcid.org/{}"),
    (re.compile(r"(?:\(isni\)|(?:\(uri\)\s?)?https?://(?:www\.)?isni\.org/(?:isni/)?)((?:\d{4}\s?){3}\d{3}[\dXx])/?"), "https://isni.org/isni/{}"),
    (re.compile(r"(?:\(viaf\)|(?:\(uri\)\s?)?https?://(?:www\.)?viaf\.org/viaf/)(\d{1,22})/?"), "https://viaf.org/viaf/{}"),
    (re.compile(r"(?:\(DE-588\)|(?:\(uri\)\s?)?https?://d-nb\.info/gnd/)(\d[\d-]{2,11}[\dXx]?)/?"), "https://d-nb.info/gnd/{}"),
    (re.compile(r"(?:\((?:DLC|LCNAF|naf|lcnaf)\)\s?|(?:\(uri\)\s?)?https?://id\.loc\.gov/authorities/names/)(n[a-z]?\s{0,3}\d{6,10})/?"), "http://id.loc.gov/authorities/names/{}"),
)  # fmt: skip
"""Forms of $0 and $1, and the address of the authority record that each represents, the most widely shared first."""


def contributors(field: MarcField, *, thesis: bool) -> Iterator[Value]:
    """Yield what an entry of 1XX, 7XX (without a title) or 720 says; what belongs to a name follows it: "Li, An: 1960-"."""
    kind = field.tag[1:]
    if kind == "11":
        yield from _meeting(field)
        return
    name = _body(field) if kind == "10" else _person(field)
    if not name:
        return
    targets, unknown = _targets(field, thesis=thesis)
    if kind != "10" and (dated := _DATES_IN_NAME.fullmatch(name)):
        # Years belong into $d: "Li, Ann(1960-)".
        name = dated["name"].strip()
        unknown.append(("a", dated["dates"]))
    authority = _authority(field) if kind != "10" else ""
    for target in targets:
        yield Value(target, name, None, authority or None, 600 if authority else None)
    for code, text in unknown:
        yield Value(name_of(field.tag, code), f"{name}: {text}")
    for position, (code, text) in enumerate(field.subfields):
        if position not in field.taken and text.strip() and code not in "568":
            field.taken.add(position)
            yield Value(name_of(field.tag, code), f"{name}: {bare(text)}")


def entry_name(field: MarcField) -> str:
    """Return the name of an entry that has a title as well."""
    return _body(field) if field.tag[1:] == "10" else _person(field)


def _person(field: MarcField) -> str:
    name = bare(field.first("a"))
    if number := bare(field.first("b")):
        name = f"{name} {number}".strip()
    if _SUFFIX.fullmatch(bare(field.first("c", take=False))):
        name = f"{name}, {bare(field.first('c'))}"
    return without_stop(name) if not re.search(r"\b\w\.$", name) else name


def _body(field: MarcField) -> str:
    return in_sentences(without_stop(text) for text in field.all("ab"))


def _meeting(field: MarcField) -> Iterator[Value]:
    name = in_sentences(without_stop(text.rstrip("( ")) for text in field.all("ae"))
    if not name:
        return
    number = field.first("n").strip(" ():;,.")
    yield Value("dc.relation.conference", f"{name} ({number})" if number else name)
    for text in field.all("c"):
        yield Value("oaire.citation.conferencePlace", text.strip(" ():;,."))
    date = field.first("d")
    if years := _YEAR.fullmatch(date.strip(" ():;,.")):
        yield Value("oaire.citation.conferenceDate", years[1])
    elif date:
        yield Value(name_of(field.tag, "d"), f"{name}: {date.strip(' ():;,.')}")


def _targets(field: MarcField, *, thesis: bool) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the fields of a name, and the roles that have none."""
    main, body = field.tag[0] == "1", field.tag[1:] == "10"
    usual = (tables.CORPORATE_AUTHOR if body else tables.AUTHOR) if main else (tables.BODY if body else tables.OTHER)
    found: list[str] = []
    unknown: list[tuple[str, str]] = []
    for code, text in (*field.pairs("e4"), *(() if body else _roles_in_titles(field))):
        word = _word(text)
        target = _field_of_role(word, body=body, thesis=thesis)
        if target is None and main and word in tables.MAIN_ENTRY_ROLES:
            unknown.append((code, bare(text)))
            target = usual
        if target is None or (
            body and target.startswith("dc.contributor.") and target not in {tables.AUTHOR, tables.BODY, usual}
        ):
            unknown.append((code, bare(text)))
            continue
        if body and target == tables.AUTHOR:
            target = tables.CORPORATE_AUTHOR
        found.append(usual if target == tables.OTHER else target)
        if (code, bare(text)) not in unknown:
            field.left_out[code] = "the field of the name says the role"
    # Codes and terms of one role say the same; a role without a field leaves the name where its tag puts it.
    return list(dict.fromkeys(found)) or [usual], unknown


def _field_of_role(word: str, *, body: bool, thesis: bool) -> str | None:
    if thesis and word in {"dir", "director", "directora", "drt"}:
        return tables.ADVISOR
    target = tables.FIELD_OF_ROLE.get(word)
    # The publisher of the crosswalk is an organisation.
    return None if target == "dc.publisher" and not body else target


def _roles_in_titles(field: MarcField) -> Iterator[tuple[str, str]]:
    """Yield the roles that stand where titles of a person do ($c), and take them."""
    for position, (code, text) in enumerate(field.subfields):
        if code == "c" and position not in field.taken and _word(text) in tables.ROLES_IN_TITLES:
            field.taken.add(position)
            yield code, text


def _word(text: str) -> str:
    end = bare(text).rstrip("/").rpartition("/")[2] if text.lstrip().startswith("http") else bare(text)
    return end.casefold().strip(" .,")


def _authority(field: MarcField) -> str:
    """Return the address of the authority record of a name, the most widely shared one; the others stay with the name."""
    for pattern, address in _PATTERNS:
        for position, (code, text) in enumerate(field.subfields):
            if code in "01" and (match := pattern.fullmatch(text.strip())):
                field.taken.add(position)
                field.left_out[code] = "the link beside the name says it"
                return address.format("".join(match[1].split()))
    return ""
