"""People and organisations: names, authority ids, order (rules A1 to A3 and O1, MODEL section 8)."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from lod.claims import literal
from lod.errors import BadValueError
from lod.mapping.identifiers import link_path, read_orcid, read_ror
from lod.mapping.iris import exact_key, hash16
from lod.mapping.text import collapse, folded
from lod.report import Severity

if TYPE_CHECKING:
    from lod.mapping.crosswalk import Rule
    from lod.mapping.draft import Contributor, Draft, Role

_WORD = re.compile(r"[^\W\d_]+")
_GENERATED = re.compile(r"will be (?:generated|referenced)::([A-Za-z-]+)::(.+)", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Bros|Dept|Univ|Assoc|Soc|Inst|Intl|Verl|Cie|jr|sr|[A-Z])\.$", re.IGNORECASE
)
ACCEPTED = 600
"""DSpace's confidence in an authority key from which on it is linked: "accepted"."""


def take_contributor(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a name in its role for the end, where nodes and order are made."""
    from lod.mapping.draft import Contributor, Role

    value = draft.record.values[index]
    name = collapse(draft.text(index, paragraphs=False)).strip(" ;,")
    if not name:
        raise BadValueError("no name; correct or delete the value in the source")
    options = rule.options
    role_name = options.get("role") or rule.property + options.get("relator", "")
    role = draft.roles.setdefault(role_name, Role(rule.property, options.get("list", ""), options.get("relator", "")))
    contributor = Contributor(index, name, origins=[index])
    _read_authority(draft, contributor, value.authority, value.confidence)
    # dc.creator often repeats dc.contributor.author: the same string is the same author, a new one is appended.
    if value.field.endswith("creator"):
        for known in role.members:
            if known.name == name and draft.record.values[known.index].field != value.field:
                known.origins.append(index)
                return
    role.members.append(contributor)


def _read_authority(draft: Draft, contributor: Contributor, authority: str | None, confidence: int | None) -> None:
    if not authority:
        return
    if match := _GENERATED.fullmatch(authority.strip()):
        scheme, identifier = match[1].lower().removesuffix("-id"), match[2]
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
    draft.waiting["authority"].append((index, key.strip()))


def organisation(draft: Draft, name: str, *origins: int) -> str:
    """State an organisation known by its name, and return its encoded IRI (rule O1)."""
    tidy = collapse(name)
    if tidy.endswith(".") and not _ABBREVIATION.search(tidy):
        tidy = tidy[:-1]
    if not tidy:
        raise BadValueError("no name of an organisation")
    node = draft.node("org", f"n-{hash16(tidy)}")
    draft.typed(node, "foaf:Organization", *origins)
    draft.add(node, draft.terms["foaf:name"], literal(tidy), *origins)
    return node


def link_authorities(draft: Draft) -> None:
    """Give each "name=id" to the one contributor of that name; none or several: nothing is linked (rules A2, A08)."""
    members = [member for role in draft.roles.values() for member in role.members]
    for index, key in draft.waiting.pop("authority", []):
        name = draft.record.values[index].text.rpartition("=")[0]
        found = [member for member in members if folded(member.name) == folded(name)]
        if len({member.name for member in found}) == 1 and len({id(role) for role in _roles_of(draft, found)}) == len(
            found
        ):
            for member in found:
                member.authority = member.authority or key
                member.origins.append(index)
        else:
            problem = "matches no contributor" if not found else "matches several contributors"
            draft.weaken(
                index,
                "A08",
                f"The authority entry {problem} of the record; write the name exactly as in the author field.",
            )


def _roles_of(draft: Draft, members: list[Contributor]) -> list[Role]:
    return [
        role for role in draft.roles.values() for member in role.members if any(member is other for other in members)
    ]


def assemble(draft: Draft) -> None:
    """State all contributors: nodes, roles, and the lists that keep their order."""
    link_authorities(draft)
    for role in draft.roles.values():
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


def _state_agent(draft: Draft, member: Contributor, occurrence: int) -> str:
    terms, origins = draft.terms, member.origins
    class_name, family, given = read_name(member.name, draft.maps.organisation_words)
    if member.authority:
        is_organisation = class_name == "foaf:Organization" or (member.identifier or ("",))[0] == "ror"
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
    on = "person" if class_name == "foaf:Person" else "organisation"
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

    "Family, Given" is a person; without a comma a word such as "university" makes an organisation, otherwise nothing
    is guessed: foaf:Agent.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return "foaf:Person", family, given
    words = {word.casefold() for word in _WORD.findall(name)}
    return ("foaf:Organization" if words & organisation_words else "foaf:Agent"), "", ""


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
