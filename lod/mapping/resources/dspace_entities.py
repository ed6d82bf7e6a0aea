"""Records of DSpace that describe an entity instead of a publication (MODEL section 6.11; docs/adr/0015).

The item stays what the repository shows, a page about a person or a thing: an rt:EntityPage. A person or organisation has a
node of its own, named by the UUID that other records use as authority key: its record is a profile. Outside a profile these
fields describe no certain person or organisation, so they are kept verbatim.
"""

from __future__ import annotations

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.resources.links import link_iri
from lod.mapping.resources.organisations import node_of_organisation
from lod.mapping.values.citations import title_among
from lod.mapping.values.identifiers import FORMS, link_path
from lod.mapping.values.iris import exact_key
from lod.mapping.waiting import Profile
from lod.rdf.claims import Iri, literal

ENTITY_FIELDS = ("dspace.entity.type", "relationship.type")
ENTITIES = {"person": "person", "orgunit": "organisation"}
"""What DSpace calls the entities that get a node of their own, in lower case, and what they are here."""

_NO_PUBLICATIONS = frozenset({*ENTITIES, "project", "funding", "equipment", "event", "journalvolume", "journalissue"})
"""Source: DSpace 7 documentation, "Configurable Entities"; DSpace-CRIS 7, file relationship-types.xml. A Journal is a
publication: an item may be a whole serial."""


def take_profile(draft: Draft, rule: Rule, index: int) -> None:
    """Let a part of a profile wait until it is known whom the record describes."""
    of, part = rule.options["of"], rule.options["as"]
    slots = profile_of(draft, of).by_part()
    if of not in ENTITIES.values() or part not in slots:
        raise BadValueError(f"the rule says neither whom nor which part: of = {of!r}, as = {part!r}")
    text = draft.text(index, paragraphs=False)
    if part == "identifier":
        text = FORMS[draft.crosswalk.schemes[rule.options["scheme"]].form](text)
    slots[part].append((index, text))


def profile_of(draft: Draft, of: str) -> Profile:
    """Return the parts of the description of a person or of an organisation."""
    return draft.waiting.person if of == "person" else draft.waiting.organisation


def entity_type(draft: Draft) -> str:
    """Return what DSpace says the record is about, in lower case: "person", "publication"; "" where it does not say."""
    stated = (value.text.strip().casefold() for value in draft.record.values if value.field in ENTITY_FIELDS)
    return next(stated, "")


def is_entity_page(draft: Draft) -> bool:
    """Return whether the item is a page about a person, a project and the like, and no publication."""
    return (entity_type(draft) or described_entity(draft).replace("organisation", "orgunit")) in _NO_PUBLICATIONS


def described_entity(draft: Draft) -> str:
    """Return "person" or "organisation" for a profile, "" for any other record.

    DSpace's own field says it; where a source leaves it out, a record that has name parts and no contributor is a profile.
    """
    stated = entity_type(draft)
    if stated:
        return ENTITIES.get(stated, "")
    if draft.roles:
        return ""
    person = draft.waiting.person
    if person.name or person.family or person.given:
        return "person"
    return "organisation" if draft.waiting.organisation.name else ""


def assemble(draft: Draft) -> None:
    """State whom a profile describes: name, parts of the name, identifiers; elsewhere keep these fields verbatim."""
    of = described_entity(draft)
    name = _name(draft, of) if of else ""
    if is_entity_page(draft):
        origins = [] if entity_type(draft) else profile_of(draft, of).origins()
        draft.typed(draft.item, "rt:EntityPage", *origins)
    for other in ENTITIES.values():
        for index in profile_of(draft, other).origins() if other != of or not name else ():
            draft.keep(index, "it describes a person or an organisation, and the record is about something else")
    if name:
        _state(draft, of, name)


def _name(draft: Draft, of: str) -> str:
    profile = profile_of(draft, of)
    joined = ", ".join(text for _, text in (*profile.family[:1], *profile.given[:1]))
    return (
        profile.name[0][1]
        if profile.name
        else joined or draft.crosswalk.masked(collapse(title_among(draft.record.values)))
    )


def _state(draft: Draft, of: str, name: str) -> None:
    terms, profile = draft.terms, profile_of(draft, of)
    node = _node(draft, of, name)
    origins = profile.origins()
    draft.add(draft.item, terms["foaf:primaryTopic"], node, *origins)
    draft.typed(node, "foaf:Person" if of == "person" else "foaf:Organization", *origins)
    draft.add(node, terms["foaf:name"], literal(name), *origins)
    for slot, property_ in ((profile.family, "foaf:familyName"), (profile.given, "foaf:givenName")):
        for index, text in slot[:1]:
            draft.add(node, terms[property_], literal(text), index)
    node_class = "datacite:PersonalIdentifier" if of == "person" else "datacite:OrganizationIdentifier"
    for index, value in profile.identifier:
        scheme = draft.crosswalk.schemes[_scheme(draft, index)]
        draft.identifier_node(node, node_class, scheme.name, scheme.scheme, value, index)
        if scheme.link:
            draft.add(node, scheme.link_property, link_iri(scheme.link.format(link_path(value))), index)


def _node(draft: Draft, of: str, name: str) -> Iri:
    """Return the IRI by which other records name the same person or organisation: UUID, ORCID iD or ROR id, name."""
    kind = "person" if of == "person" else "org"
    if draft.record.uuid:
        return draft.node(kind, exact_key(draft.record.uuid))
    for index, value in profile_of(draft, of).identifier:
        if _scheme(draft, index) in {"orcid", "ror"}:
            return draft.node(kind, exact_key(f"{_scheme(draft, index)}-{value}"))
    # People are never joined by name (MODEL section 1).
    return draft.part("person") if of == "person" else node_of_organisation(draft, name)


def _scheme(draft: Draft, index: int) -> str:
    rule = draft.states[index].rule
    return rule.options["scheme"] if rule else ""
