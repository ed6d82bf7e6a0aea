"""Authority keys: read, and linked to their contributors (rules A2, A08)."""

from __future__ import annotations

import re
from contextlib import suppress

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Contributor, Draft, Role
from lod.mapping.values.identifiers import FORMS, read_orcid, read_ror
from lod.mapping.values.names import bare_name
from lod.mapping.values.text import folded

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
VIRTUAL = "virtual::"
"""Start of authority keys by which DSpace 7 marks values of a linked entity; the key names the link only."""
_PROMISED = re.compile(r"will be (?:generated|referenced)(?:::([A-Za-z-]*)::(.*))?", re.IGNORECASE)
_OUTSIDE = frozenset({"orcid", "ror"})
_LINKED = ("isni", "viaf", "gnd", "lcnaf")
"""Authority files whose addresses name a person by themselves; a bare number may be of any file."""
ACCEPTED = 600
"""DSpace's confidence in an authority key from which on it is linked: "accepted"."""


def read_authority(draft: Draft, contributor: Contributor, authority: str | None, confidence: int | None) -> None:
    if not authority or authority.startswith(VIRTUAL):
        return
    if match := _PROMISED.match(authority.strip()):
        # Only an outside identifier names a person; the rest of DSpace's promises would join strangers.
        scheme, identifier = (match[1] or "").lower().removesuffix("-id"), (match[2] or "").strip()
        if scheme not in _OUTSIDE or not identifier:
            draft.keep(contributor.index, "its authority key is a promise of DSpace that names nobody yet")
            return
    else:
        scheme, identifier = "", authority.strip()
        with suppress(BadValueError):
            identifier, scheme = read_orcid(identifier), "orcid"
        for name in _LINKED if not scheme and identifier.startswith("http") else ():
            with suppress(BadValueError):
                identifier, scheme = FORMS[name](identifier), name
                break
        if not scheme and (confidence is None or confidence < ACCEPTED):
            draft.keep(contributor.index, f"its authority key has confidence {confidence}, below {ACCEPTED} (accepted)")
            return
    try:
        if scheme == "orcid":
            contributor.identifier = ("orcid", read_orcid(identifier))
        elif scheme == "ror":
            contributor.identifier = ("ror", read_ror(identifier))
        elif scheme in _LINKED:
            contributor.identifier = (scheme, identifier)
    except BadValueError as fault:
        draft.weaken(contributor.index, "D14", f"The authority was not linked: {fault}.")
        return
    contributor.authority = "-".join(contributor.identifier) if contributor.identifier else identifier


def take_authority(draft: Draft, rule: Rule, index: int) -> None:
    """Let "name=id" wait until all names are known (rule A2)."""
    name, separator, key = draft.record.values[index].text.rpartition("=")
    if not separator or not name.strip() or not key.strip():
        raise BadValueError("not of the form name=id")
    draft.waiting.authority.append((index, key.strip()))


def take_entity(draft: Draft, rule: Rule, index: int) -> None:
    """Let the UUID of a linked entity wait: it becomes the key of its contributor."""
    uuid = draft.record.values[index].text.strip().lower()
    if not UUID.fullmatch(uuid):
        raise BadValueError("no UUID of an entity")
    draft.waiting.entity.append((index, uuid))


def link_entities(draft: Draft) -> None:
    """Give each UUID to the contributors of the same link of DSpace ("virtual::1373"), never by position."""
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


def unlink_shared_keys(draft: Draft, role: Role) -> None:
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
