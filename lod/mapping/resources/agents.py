"""Contributors: people and organisations in their roles, in printed order (rules A1 and A3, MODEL section 8)."""

from __future__ import annotations

from collections import Counter

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Contributor, Draft, Role
from lod.mapping.resources.affiliations import state_affiliations
from lod.mapping.resources.authorities import link_authorities, link_entities, read_authority, unlink_shared_keys
from lod.mapping.values.identifiers import link_path, split_orcid
from lod.mapping.values.iris import exact_key
from lod.mapping.values.names import bare_name, names_in, read_name
from lod.mapping.values.text import folded
from lod.rdf.claims import Iri, iri, literal
from lod.report import Severity


def take_contributor(draft: Draft, rule: Rule, index: int) -> None:
    """Let a name in its role wait: nodes and order are made when all are known."""
    value = draft.record.values[index]
    written = draft.text(index, paragraphs=False)
    options = rule.options
    role_name = options.get("role") or rule.property + options.get("relator", "")
    role = draft.roles.setdefault(role_name, Role(rule.property, rule.term("list"), rule.term("relator")))
    agent = value.agent or options.get("agent")
    names, aside = _names(draft, index, written, agent)
    for text in names:
        name, orcid = _name_and_orcid(draft, index, text, kept=bool(aside))
        contributor = Contributor(index, name, agent=agent, origins=[index])
        authority = value.authority if len(names) == 1 else None
        read_authority(draft, contributor, authority or (orcid or None), value.confidence)
        if read_name(name, draft.maps.organisation_words, agent).undecided:
            draft.weaken(index, "A03", _UNDECIDED)
        # dc.creator often repeats dc.contributor.author: the same string is the same author, another string a further author.
        if value.field.endswith("creator"):
            known = role.first_of_field.get(name, {})
            other = next((member for field, member in known.items() if field != value.field), None)
            if other:
                other.origins.append(index)
                continue
        role.members.append(contributor)
        role.first_of_field.setdefault(name, {}).setdefault(value.field, contributor)


_UNDECIDED = (
    "The value looks like several names, or like a name with more than a family and a given name, so it was published as one agent "
    "of that name; give each person a value of their own, as Family, Given."
)


def _names(draft: Draft, index: int, written: str, agent: str | None) -> tuple[tuple[str, ...], str]:
    """Return the names in a value, and what stood beside them; the value is kept verbatim where it is not one name alone."""
    names, aside = names_in(written, draft.maps.organisation_words, agent)
    if not names:
        raise BadValueError("no name; correct or delete the value in the source")
    if len(names) > 1:
        bars = "|" in written
        message = (
            "A single bar stood between names, which were published one by one; DSpace separates values by two of them."
            if bars and "||" not in written
            else "Several names stood in one value and were published one by one; give each person a value of their own."
        )
        draft.weaken(index, "A01", message, Severity.WARNING if bars else Severity.INFO)
    if aside:
        draft.weaken(
            index, "A01", f"Only the name was published, the whole value is kept verbatim: {aside}.", Severity.INFO
        )
    return names, aside


def _name_and_orcid(draft: Draft, index: int, written: str, *, kept: bool) -> tuple[str, str]:
    name, orcid = bare_name(written), ""
    try:
        name, orcid = split_orcid(name)
        name = bare_name(name)
    except BadValueError as fault:
        draft.weaken(index, "D14", f"The ORCID iD beside the name was not linked: {fault}.")
    if orcid:
        draft.keep(index, "an ORCID iD stood beside the name")
    elif name != written and not kept:
        draft.keep(index, "punctuation around the name, or a blank before its comma, was taken off")
    if not name:
        raise BadValueError("no name; correct or delete the value in the source")
    return name, orcid


def assemble(draft: Draft) -> None:
    """State all contributors: nodes, roles, and the lists that keep their order."""
    link_entities(draft)
    link_authorities(draft)
    known: dict[str, dict[Iri, tuple[str, str]]] = {}
    for role in draft.roles.values():
        unlink_shared_keys(draft, role)
        seen: Counter[str] = Counter()
        nodes: list[tuple[Iri, Contributor]] = []
        first: dict[str, Contributor] = {}
        for member in role.members:
            identity = member.authority or folded(member.name)
            seen[identity] += 1
            if seen[identity] > 1 and _is_organisation(draft, member):
                # One organisation may serve in several ways; two persons may have one name.
                first[identity].origins += member.origins
                continue
            if seen[identity] > 1:
                message = "The name is given twice in the same role; if it is one person, delete one of them."
                draft.note("I15", Severity.WARNING, message, member.index)
            if seen[identity] > 1 and member.authority:
                continue
            nodes.append((_state_agent(draft, member, seen[identity]), member))
            first.setdefault(identity, member)
        for node, member in nodes:
            class_name = read_name(member.name, draft.maps.organisation_words, member.agent).class_name
            known.setdefault(folded(member.name), {})[node] = (class_name, member.name)
            for property_ in filter(None, (role.property, role.relator)):
                draft.add(draft.item, property_, node, *member.origins)
        if role.list_property and nodes:
            _state_list(draft, role.list_property, nodes)
    _keep_names_of_wide_roles(draft)
    state_affiliations(draft, known)


def _is_organisation(draft: Draft, member: Contributor) -> bool:
    return read_name(member.name, draft.maps.organisation_words, member.agent).class_name == "foaf:Organization"


def _keep_names_of_wide_roles(draft: Draft) -> None:
    """Keep a name verbatim that a narrower role with the same property has as well: one claim serves both."""
    widest = [role for role in draft.roles.values() if not role.relator and not role.list_property]
    for role in widest:
        others = [other for other in draft.roles.values() if other is not role and other.property == role.property]
        elsewhere = {folded(member.name) for other in others for member in other.members}
        for member in role.members:
            if folded(member.name) in elsewhere:
                draft.keep(member.index, "the same name has a narrower role as well")


def _state_agent(draft: Draft, member: Contributor, occurrence: int) -> Iri:
    terms, origins = draft.terms, member.origins
    class_name, family, given, _ = read_name(member.name, draft.maps.organisation_words, member.agent)
    if member.authority:
        is_organisation = class_name == "foaf:Organization" or (member.identifier or ("",))[0] in {"ror", "fundref"}
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


def _state_identifiers(draft: Draft, node: Iri, member: Contributor, class_name: str) -> None:
    on = "organisation" if class_name == "foaf:Organization" else "person"
    if member.link:
        draft.add(node, draft.terms["schema:sameAs"], iri(member.link), *member.origins)
    for scheme in draft.crosswalk.schemes.values():
        if scheme.on != on:
            continue
        name, value = member.identifier or ("", member.authority)
        if name != scheme.name and not (not name and scheme.pattern and scheme.pattern.fullmatch(value)):
            continue
        node_class = "datacite:PersonalIdentifier" if on == "person" else "datacite:OrganizationIdentifier"
        draft.identifier_node(node, node_class, scheme.name, scheme.scheme, value, *member.origins)
        if scheme.link:
            draft.add(node, scheme.link_property, iri(scheme.link.format(link_path(value))), *member.origins)


def _state_list(draft: Draft, property_: Iri, nodes: list[tuple[Iri, Contributor]]) -> None:
    # Cells are named by key and position, so that claims compare line by line and nothing is blank (DESIGN 2).
    terms = draft.terms
    name = property_[1:-1].rsplit("/", 1)[-1]
    cells = [
        iri(f"{draft.base}.well-known/genid/item/{draft.key}/{name}/{position}")
        for position in range(1, len(nodes) + 1)
    ]
    draft.add(draft.item, property_, cells[0], *(index for _, member in nodes for index in member.origins))
    for cell, following, (node, member) in zip(cells, [*cells[1:], terms["rdf:nil"]], nodes, strict=True):
        draft.add(cell, terms["rdf:first"], node, *member.origins)
        draft.add(cell, terms["rdf:rest"], following, *member.origins)
