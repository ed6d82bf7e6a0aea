"""Authority keys: read, and linked to their contributors (rules A2, A08)."""

from __future__ import annotations

import re
from contextlib import suppress

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Contributor, Draft, Role
from lod.mapping.values.authority_keys import Key, read_key
from lod.mapping.values.identifiers import read_orcid, read_ror
from lod.mapping.values.iris import escaped
from lod.mapping.values.names import bare_name
from lod.mapping.values.text import folded
from lod.rdf.claims import literal
from lod.record import Value
from lod.report import Severity

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
VIRTUAL = "virtual::"
"""Start of authority keys by which DSpace 7 marks values of a linked entity; the key names the link only."""
_PROMISED = re.compile(r"will be (?:generated|referenced)(?:::([A-Za-z-]*)::(.*))?", re.IGNORECASE)
_CHECKED = frozenset({"orcid", "ror"})
_AGENTS = frozenset({"orcid", "ror", "gnd", "viaf", "isni", "fundref", "lcnaf", "wikidata", "idref", "ulan"})
"""Schemes that name people and organisations."""
ORGANISATIONS = _AGENTS - {"orcid", "ulan"}
"""Schemes that name organisations."""
ACCEPTED = 600
"""DSpace's confidence in an authority key from which on it is linked: "accepted"."""


def read_authority(draft: Draft, contributor: Contributor, authority: str | None, confidence: int | None) -> None:
    """Give a contributor the key beside its name, where it names an agent; any other key is kept verbatim.

    An outside identifier is used whatever DSpace's confidence: it was chosen, not matched. A key of DSpace's own is linked
    from `ACCEPTED` on.
    """
    if not authority or authority.startswith(VIRTUAL):
        return
    key = read_key(authority)
    if key and key.scheme in _AGENTS:
        contributor.identifier = (key.scheme, key.value)
        contributor.authority, contributor.link = f"{key.scheme}-{key.value}", key.link
        return
    own = authority.strip()
    promised = _PROMISED.match(own)
    if promised and (promised[1] or "").lower().removesuffix("-id") in _CHECKED:
        try:
            read_orcid(promised[2]) if promised[1].lower() == "orcid" else read_ror(promised[2])
        except BadValueError as fault:
            draft.weaken(contributor.index, "D14", f"The authority was not linked: {fault}.")
    elif promised:
        keep_key(draft, contributor.index, "a promise of DSpace that names no one yet")
    elif draft.crosswalk.hides(own):
        keep_key(draft, contributor.index, "it holds an e-mail address")
    elif confidence is None or confidence < ACCEPTED:
        keep_key(draft, contributor.index, f"its confidence is {confidence}, below {ACCEPTED} (accepted)")
    else:
        contributor.authority = own


def key_beside(draft: Draft, index: int, schemes: frozenset[str]) -> Key | None:
    """Return the key beside a value, where it is of one of the schemes; any other key is kept verbatim."""
    authority = draft.record.values[index].authority
    if not authority or authority.startswith(VIRTUAL):
        return None
    key = read_key(authority)
    if key is None or key.scheme not in schemes:
        keep_key(draft, index, "it is of no scheme that names such a thing")
        return None
    draft.keys_used.add(index)
    return key


def keep_key(draft: Draft, index: int, why: str) -> None:
    """Keep an authority key verbatim on the record, beside its value, and count it."""
    draft.kept_keys.setdefault(index, why)


def keep_other_keys(draft: Draft) -> None:
    """State the keys that nothing was made of, as DSpace writes them: "text::key::confidence"."""
    for index, value in enumerate(draft.source_values):
        named = value.authority and not value.authority.startswith(VIRTUAL)
        if not named or draft.states[index].withheld or value.field in draft.withheld_fields:
            continue
        why = draft.kept_keys.get(index)
        rule = draft.states[index].rule
        if why is None and (index in draft.keys_used or (rule is not None and rule.kind in _WITH_KEYS)):
            continue
        message = f"The authority key beside the value was not linked but kept verbatim: {why or 'its field has no use for one'}."
        if draft.crosswalk.hides(value.authority or ""):
            message = "The authority key beside the value was withheld: it holds an e-mail address."
            draft.note("authority-key", Severity.INFO, message, index)
            continue
        draft.note("authority-key", Severity.INFO, message, index)
        with suppress(BadValueError):
            field = f"fld:{escaped(value.field)}.authority"
            draft.add(draft.document, draft.terms[field], literal(draft.crosswalk.masked(written_key(value))), index)


def written_key(value: Value) -> str:
    """Return a value with its authority key as DSpace's CSV has them."""
    return "::".join(
        filter(None, (value.text, value.authority, None if value.confidence is None else str(value.confidence)))
    )


_WITH_KEYS = frozenset({"author", "entity"})
"""Kinds that read the key themselves."""


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
        keys = {(member.authority, member.identifier, member.link) for _, member in found if member.authority}
        if len(keys) == 1 and len({role_name for role_name, _ in found}) == len(found):
            for _, member in found:
                ((member.authority, member.identifier, member.link),) = keys


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
            member.authority, member.identifier, member.link = "", None, ""
            message = "The same authority key is given with several names, so it was linked to none of them; correct it in the source."
            for index in member.origins:
                draft.weaken(index, "A08", message)
