"""People and organisations: names, authority ids, order (rules A1 to A3 and O1, MODEL section 8)."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.values.identifiers import link_path, read_orcid, read_ror, split_orcid
from lod.mapping.values.iris import exact_key, hash16
from lod.mapping.values.text import folded
from lod.rdf.claims import literal
from lod.report import Severity

if TYPE_CHECKING:
    from lod.mapping.crosswalk import Rule
    from lod.mapping.draft import Contributor, Draft, Role

_WORD = re.compile(r"[^\W\d_]+")
LIFE_DATES = re.compile(
    r",?\s?(?:(?:b\.|born|d\.|died|ca?\.|fl\.|active)\s?)?\b\d{4}\??\s?(?:[-–]\s?(?:\d{4}\??)?)?\.?$"
)
"""Years of birth and death at the end of a name, as authority files have them: "Rolston, Holmes, 1932-"."""
_NO_SURNAME = re.compile(r"\b(?:universi|institut|departm|ministr|governm)")
_PARTICLE = 3
_ONE_NAME = 2
_FAMILY_GIVEN = re.compile(r"[^\W\d][^,;()]*,\s*[^\W\d][^,;()]*")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_PROMISED = re.compile(r"will be (?:generated|referenced)(?:::([A-Za-z-]*)::(.*))?", re.IGNORECASE)
_OUTSIDE = frozenset({"orcid", "ror"})
VIRTUAL = "virtual::"
"""Start of the authority keys by which DSpace 7 says that a value comes from a linked entity; it names the link only."""
_ABBREVIATION = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Bros|Dept|Univ|Assoc|Soc|Inst|Intl|Verl|Cie|jr|sr|[A-Z])\.$", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^\W\d_]{5}\.$")
ACCEPTED = 600
"""DSpace's confidence in an authority key from which on it is linked: "accepted"."""


def take_contributor(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a name in its role for the end, where nodes and order are made."""
    from lod.mapping.draft import Contributor, Role

    value = draft.record.values[index]
    written = draft.text(index, paragraphs=False)
    options = rule.options
    role_name = options.get("role") or rule.property + options.get("relator", "")
    role = draft.roles.setdefault(role_name, Role(rule.property, options.get("list", ""), options.get("relator", "")))
    names = split_names(written)
    if len(names) > 1:
        message = (
            "Several names stood in one value and were published one by one; give each person a value of their own."
        )
        draft.weaken(index, "A01", message, Severity.INFO)
    for text in names:
        name, orcid = _name_and_orcid(draft, index, text)
        contributor = Contributor(index, name, origins=[index])
        authority = value.authority if len(names) == 1 else None
        _read_authority(draft, contributor, authority or (orcid or None), value.confidence)
        if holds_several(name) and read_name(name, draft.maps.organisation_words)[0] == "foaf:Agent":
            message = "Several names seem to stand in one value, so it was published as one agent of that name; give each person a value of their own, as Family, Given."
            draft.note("A03", Severity.WARNING, message, index)
        # dc.creator often repeats dc.contributor.author: the same string is the same author, a new one is appended.
        if value.field.endswith("creator"):
            known = role.first_of_field.get(name, {})
            other = next((one for field, one in known.items() if field != value.field), None)
            if other:
                other.origins.append(index)
                continue
        role.members.append(contributor)
        role.first_of_field.setdefault(name, {}).setdefault(value.field, contributor)


def bare_name(text: str) -> str:
    """Return a name without the punctuation around it: "Slater, John." is "Slater, John".

    A full stop goes only after a whole word, of five letters or more: of 28,892 names in the records at hand that end in one,
    all with such a word end a sentence there, and all others are initials and short forms (Jr., Inc., Yu., Kr., Mohd.).
    """
    name = text.strip(" ;,")
    return name[:-1] if _SENTENCE.search(name) and not _ABBREVIATION.search(name) else name


def split_names(text: str) -> list[str]:
    """Return the names in a text: several only where each part between semicolons is "Family, Given"."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    several = len(parts) > 1 and all(_FAMILY_GIVEN.fullmatch(part) for part in parts)
    return parts if several else [text]


def _name_and_orcid(draft: Draft, index: int, written: str) -> tuple[str, str]:
    name, orcid = bare_name(written), ""
    try:
        name, orcid = split_orcid(name)
        name = bare_name(name)
    except BadValueError as fault:
        draft.weaken(index, "D14", f"The ORCID iD beside the name was not linked: {fault}.")
    if orcid:
        draft.keep(index, "an ORCID iD stood beside the name")
    elif name != written:
        draft.keep(index, "punctuation around the name was taken off")
    if not name:
        raise BadValueError("no name; correct or delete the value in the source")
    return name, orcid


def _read_authority(draft: Draft, contributor: Contributor, authority: str | None, confidence: int | None) -> None:
    if not authority or authority.startswith(VIRTUAL):
        return
    if match := _PROMISED.match(authority.strip()):
        # Only an outside identifier names somebody; the rest of DSpace's promises would join strangers.
        scheme, identifier = (match[1] or "").lower().removesuffix("-id"), (match[2] or "").strip()
        if scheme not in _OUTSIDE or not identifier:
            draft.keep(contributor.index, "its authority key is a promise of DSpace that names nobody yet")
            return
    else:
        scheme, identifier = "", authority.strip()
        with suppress(BadValueError):
            identifier, scheme = read_orcid(identifier), "orcid"
        if not scheme and (confidence is None or confidence < ACCEPTED):
            draft.keep(contributor.index, f"its authority key has confidence {confidence}, below {ACCEPTED} (accepted)")
            return
    try:
        if scheme == "orcid":
            contributor.identifier = ("orcid", read_orcid(identifier))
        elif scheme == "ror":
            contributor.identifier = ("ror", read_ror(identifier))
    except BadValueError as fault:
        draft.weaken(contributor.index, "D14", f"The authority was not linked: {fault}.")
        return
    contributor.authority = "-".join(contributor.identifier) if contributor.identifier else identifier


def take_authority(draft: Draft, rule: Rule, index: int) -> None:
    """Leave "name=id" for the end, when all names are known (rule A2)."""
    name, separator, key = draft.record.values[index].text.rpartition("=")
    if not separator or not name.strip() or not key.strip():
        raise BadValueError("not of the form name=id")
    draft.waiting.authority.append((index, key.strip()))


def take_entity(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the UUID of a linked entity for the end, where it becomes the key of the contributor it belongs to."""
    uuid = draft.record.values[index].text.strip().lower()
    if not UUID.fullmatch(uuid):
        raise BadValueError("no UUID of an entity")
    draft.waiting.entity.append((index, uuid))


def link_entities(draft: Draft) -> None:
    """Give each UUID to the contributors that stand for the same link of DSpace ("virtual::1373"), never by position."""
    values = draft.record.values
    for index, uuid in draft.waiting.entity:
        link = values[index].authority or ""
        members = [member for role in draft.roles.values() for member in role.members]
        found = [member for member in members if link.startswith(VIRTUAL) and values[member.index].authority == link]
        for member in found:
            member.authority = member.authority or uuid
            member.origins.append(index)
        if not found:
            draft.keep(index, "the linked entity is known by its UUID only")


def tidy_name(name: str) -> str:
    """Return the name of an organisation in one line, without the full stop of a sentence.

    Raises:
        BadValueError: nothing is left.
    """
    tidy = collapse(name)
    if tidy.endswith(".") and not _ABBREVIATION.search(tidy):
        tidy = tidy[:-1]
    if not tidy:
        raise BadValueError("no name of an organisation")
    return tidy


def node_of_organisation(draft: Draft, name: str) -> str:
    """Return the encoded IRI of an organisation known by its name."""
    return draft.node("org", f"n-{hash16(tidy_name(name))}")


def organisation(draft: Draft, name: str, *origins: int) -> str:
    """State an organisation known by its name, and return its encoded IRI (rule O1)."""
    tidy = tidy_name(name)
    if tidy != collapse(name):
        for index in origins:
            draft.keep(index, "the full stop after the name was taken off")
    node = node_of_organisation(draft, name)
    draft.typed(node, "foaf:Organization", *origins)
    draft.add(node, draft.terms["foaf:name"], literal(tidy), *origins)
    return node


def link_authorities(draft: Draft) -> None:
    """Give each "name=id" to the one contributor of that name; none or several: nothing is linked (rules A2, A08).

    A name has one node in all roles of an item (MODEL section 8), so an authority found in one role serves the others.
    """
    by_name: dict[str, list[tuple[str, Contributor]]] = {}
    for role_name, role in draft.roles.items():
        for member in role.members:
            by_name.setdefault(folded(member.name), []).append((role_name, member))
    for index, key in draft.waiting.authority:
        found = by_name.get(folded(bare_name(draft.record.values[index].text.rpartition("=")[0])), [])
        if found and len({role_name for role_name, _ in found}) == len(found):
            for _, member in found:
                member.authority = member.authority or key
                member.origins.append(index)
        else:
            problem = "matches several contributors" if found else "matches no contributor"
            draft.weaken(
                index,
                "A08",
                f"The authority entry {problem} of the record; write the name exactly as in the author field.",
            )
    for found in by_name.values():
        keys = {(member.authority, member.identifier) for _, member in found if member.authority}
        if len(keys) == 1 and len({role_name for role_name, _ in found}) == len(found):
            for _, member in found:
                ((member.authority, member.identifier),) = keys


def assemble(draft: Draft) -> None:
    """State all contributors: nodes, roles, and the lists that keep their order."""
    link_entities(draft)
    link_authorities(draft)
    for role in draft.roles.values():
        _unlink_shared_keys(draft, role)
        seen: Counter[str] = Counter()
        nodes: list[tuple[str, Contributor]] = []
        for member in role.members:
            identity = member.authority or folded(member.name)
            seen[identity] += 1
            if seen[identity] > 1:
                message = "The name stands twice in the same role; if it is one person, delete one of them."
                draft.note("I15", Severity.WARNING, message, member.index)
            if seen[identity] > 1 and member.authority:
                continue
            nodes.append((_state_agent(draft, member, seen[identity]), member))
        for node, member in nodes:
            for property_ in filter(None, (role.property, role.relator)):
                draft.add(draft.item, property_, node, *member.origins)
        if role.list_property and nodes:
            _state_list(draft, role.list_property, nodes)
    _keep_names_of_wide_roles(draft)


def _unlink_shared_keys(draft: Draft, role: Role) -> None:
    """Take an authority key off several different names of one role: it would make one person of them."""
    by_key: dict[str, list[Contributor]] = {}
    for member in role.members:
        if member.authority:
            by_key.setdefault(member.authority, []).append(member)
    for members in by_key.values():
        if len({folded(member.name) for member in members}) == 1:
            continue
        for member in members:
            member.authority, member.identifier = "", None
            message = "The same authority key stands beside several names, so it was linked to none of them; correct it in the source."
            for index in member.origins:
                draft.weaken(index, "A08", message)


def _keep_names_of_wide_roles(draft: Draft) -> None:
    """Keep a name verbatim that a narrower role with the same property has as well: one claim serves both."""
    widest = [role for role in draft.roles.values() if not role.relator and not role.list_property]
    for role in widest:
        others = [other for other in draft.roles.values() if other is not role and other.property == role.property]
        elsewhere = {folded(member.name) for other in others for member in other.members}
        for member in role.members:
            if folded(member.name) in elsewhere:
                draft.keep(member.index, "the same name stands in a narrower role as well")


def _state_agent(draft: Draft, member: Contributor, occurrence: int) -> str:
    terms, origins = draft.terms, member.origins
    class_name, family, given = read_name(member.name, draft.maps.organisation_words)
    if member.authority:
        is_organisation = class_name == "foaf:Organization" or (member.identifier or ("",))[0] == "ror"
        if is_organisation or (member.identifier or ("",))[0] == "orcid":
            class_name = "foaf:Organization" if is_organisation else "foaf:Person"
        node = draft.node("org" if is_organisation else "person", exact_key(member.authority))
    else:
        node = draft.agent_node(member.name, occurrence)
    draft.typed(node, class_name, *origins)
    draft.add(node, terms["foaf:name"], literal(member.name), *origins)
    if family and class_name == "foaf:Person":
        draft.add(node, terms["foaf:familyName"], literal(family), *origins)
        if given:
            draft.add(node, terms["foaf:givenName"], literal(given), *origins)
    if member.authority:
        _state_identifiers(draft, node, member, class_name)
    return node


def _state_identifiers(draft: Draft, node: str, member: Contributor, class_name: str) -> None:
    on = "organisation" if class_name == "foaf:Organization" else "person"
    for scheme in draft.crosswalk.schemes.values():
        if scheme.on != on:
            continue
        name, value = member.identifier or ("", member.authority)
        if name != scheme.name and not (not name and scheme.pattern and scheme.pattern.fullmatch(value)):
            continue
        node_class = "datacite:PersonalIdentifier" if on == "person" else "datacite:OrganizationIdentifier"
        draft.identifier_node(node, node_class, scheme.name, scheme.scheme, value, *member.origins)
        if scheme.link:
            draft.add(node, scheme.link_property, f"<{scheme.link.format(link_path(value))}>", *member.origins)


def read_name(name: str, organisation_words: frozenset[str]) -> tuple[str, str, str]:
    """Return class, family name and given name of a name as written (rule A1).

    "Family, Given" is a person, unless what stands before the comma is no surname: "University of X, Department of Y".
    Without a comma a word such as "university" makes an organisation, otherwise nothing is guessed: foaf:Agent.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given and not holds_several(name):
        if _names_organisation(family, organisation_words):
            return "foaf:Organization", "", ""
        return "foaf:Person", family, LIFE_DATES.sub("", given) or given
    named = {word.casefold() for word in _WORD.findall(name)}
    return ("foaf:Organization" if named & organisation_words else "foaf:Agent"), "", ""


def holds_several(name: str) -> bool:
    """Tell names in a row from one name: "Ann M. Smith, Bo Li, Cy Wu" has three parts of two words or more, and no "Family, Given"."""
    parts = name.split(",")
    return len(parts) > _ONE_NAME and all(len(part.split()) > 1 for part in parts)


def _names_organisation(family: str, organisation_words: frozenset[str]) -> bool:
    """Tell whether the part of a name before its comma is an organisation's: several words, one of which says so.

    Surnames are words for organisations too ("Bureau, Sarah", "de la Cámara, Juan", "Gómez Hospital, J A"): a third word is
    asked for that is no particle, unless the word is one that no surname has.
    """
    words = {word.casefold() for word in _WORD.findall(family)}
    parts = family.split()
    if len(parts) < 2 or not words & organisation_words:
        return False
    return bool(_NO_SURNAME.search(family.casefold())) or (
        len(parts) > 2 and any(len(word) > _PARTICLE for word in words - organisation_words)
    )


def _state_list(draft: Draft, property_: str, nodes: list[tuple[str, Contributor]]) -> None:
    # Cells are named by key and position, so that claims compare line by line and nothing is blank (DESIGN 2).
    terms = draft.terms
    name = property_[1:-1].rsplit("/", 1)[-1]
    cells = [
        f"<{draft.base}.well-known/genid/item/{draft.key}/{name}/{position}>" for position in range(1, len(nodes) + 1)
    ]
    draft.add(draft.item, property_, cells[0], *(index for _, member in nodes for index in member.origins))
    for cell, following, (node, member) in zip(cells, [*cells[1:], terms["rdf:nil"]], nodes, strict=True):
        draft.add(cell, terms["rdf:first"], node, *member.origins)
        draft.add(cell, terms["rdf:rest"], following, *member.origins)
