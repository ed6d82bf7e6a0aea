"""People and organisations of DataCite: creators, contributors by their roles, their identifiers and affiliations."""

from __future__ import annotations

import json
import re
from typing import Any

from lod.sources.reading.members import (
    Gathered,
    Members,
    first_text,
    keep_affiliations,
    objects,
    person_name,
)

FIELD_SAYS_IT = "the field says it"
"""Why a type is left out that gave the field."""
NO_LANGUAGE = "names are published without a language"
_OF_PEOPLE = frozenset(
    {"name", "givenName", "familyName", "nameType", "lang", "nameIdentifiers", "affiliation", "contributorType"}
)
_ROLES = {
    "Editor": "dc.contributor.editor",
    "Supervisor": "dc.contributor.advisor",
    "Translator": "dc.contributor.translator",
    "RightsHolder": "dc.rights.holder",
}
_AGENTS = {"organizational": "organisation", "personal": "person"}
_KEY_SCHEMES = {"ROR": "ROR-ID", "CROSSREF FUNDER ID": "fundref"}
_GRANT = re.compile(
    r"info:eu-repo/grantAgreement/[^/\s]{1,80}/[^/\s]{0,80}/([^/\s]{1,80})(?:/\S{0,200})?", re.IGNORECASE
)
"""What the guidelines of OpenAIRE for data archives (2.0) put beside the name of a funder."""


def add_creators(gathered: Gathered, name: str, value: Any) -> None:
    """Add the creators, who are authors here whatever the work is."""
    for person in objects(value):
        _person(gathered, "dc.contributor.author", name, person)


def add_contributors(gathered: Gathered, name: str, value: Any) -> None:
    """Add the contributors to the fields of their roles; a role without a field is kept under its name."""
    added: set[tuple[str, str]] = set()
    described: set[str] = set()
    # Funders and their grants are paired by position, so that those with both come first.
    for person in sorted(objects(value), key=lambda person: not _grants_of(person)):
        role, written = first_text(person.get("contributorType")), _written(person)
        field = _field_of(role, gathered.work)
        for grant in _grants_of(person):
            if field == "dc.relation.funding":
                gathered.add("dc.relation.grantno", grant[1])
            else:
                gathered.add("dc.relation", grant[0])
        # One agent in several roles of which none has a property is one contributor.
        if (field, written) not in added:
            add_agent(gathered, field, person)
        added.add((field, written))
        own = json.dumps({key: part for key, part in person.items() if key != "contributorType"}, sort_keys=True)
        if own not in described:
            _describe(gathered, name, person)
        described.add(own)
        if role and field == "dc.contributor.other":
            gathered.keep(f"{name}.{role}", written)
        elif role:
            gathered.leave_out(f"{name}/contributorType", FIELD_SAYS_IT)


def _field_of(role: str, work: Members) -> str:
    """Return the field of a role; kernels before 4 have funders among the contributors only."""
    if role == "Funder" and not work.get("fundingReferences"):
        return "dc.relation.funding"
    return _ROLES.get(role, "dc.contributor.other")


def _person(gathered: Gathered, field: str, name: str, person: Members) -> None:
    add_agent(gathered, field, person)
    _describe(gathered, name, person)


def add_agent(gathered: Gathered, field: str, person: Members) -> None:
    """Add a person or an organisation, with the first identifier as authority key."""
    agent = _AGENTS.get(first_text(person.get("nameType")).casefold())
    gathered.person(field, _written(person), authority=next(iter(_keys(person)), None), agent=agent)


def _keys(person: Members) -> list[str]:
    keys = (key_of(identifier, "nameIdentifier") for identifier in objects(person.get("nameIdentifiers")))
    return [key for key in keys if key and not _GRANT.search(key)]


def _grants_of(person: Members) -> list[re.Match[str]]:
    """Return the grants among the identifiers of a funder."""
    texts = (first_text(each.get("nameIdentifier")).strip() for each in objects(person.get("nameIdentifiers")))
    return [grant for text in texts if (grant := _GRANT.fullmatch(text))]


def _describe(gathered: Gathered, name: str, person: Members) -> None:
    """Keep what is said of a person or an organisation beside the name and the first identifier."""
    written = _written(person)
    if not written.strip():
        gathered.keep(name, person)
        return
    keys = _keys(person)
    for identifier in objects(person.get("nameIdentifiers")):
        if key_of(identifier, "nameIdentifier") not in keys[:1]:
            gathered.keep(f"{name}.nameIdentifiers", {"name": written, **identifier})
        else:
            for part in ("nameIdentifierScheme", "schemeUri"):
                if identifier.get(part):
                    gathered.leave_out(f"{name}/nameIdentifiers/{part}", "the form of the identifier says it")
            gathered.keep_remainder(
                f"{name}.nameIdentifiers", identifier, "nameIdentifier", "nameIdentifierScheme", "schemeUri"
            )
    if person.get("nameType"):
        gathered.leave_out(f"{name}/nameType", "how the name is read: as that of a person or of an organisation")
    if person.get("lang"):
        gathered.leave_out(f"{name}/lang", NO_LANGUAGE)
    # The name as it is cited may say more than its parts, and so may a given name without a family name.
    stated = " ".join(first_text(person.get(part)) for part in ("name", "givenName"))
    if set(_words(stated)) - set(_words(written)):
        gathered.keep_remainder(name, person, *(_OF_PEOPLE - {"name", "givenName", "familyName"}))
    elif written != person.get("name"):
        gathered.leave_out(f"{name}/name", "its parts say it")
    gathered.keep_remainder(name, person, *_OF_PEOPLE)
    if person.get("affiliation"):
        keep_affiliations(gathered, f"{name}.affiliation", written, person["affiliation"])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def key_of(members: Members, name: str, scheme_name: str = "") -> str:
    """Return an identifier as an authority key: an address as it is, any other with its scheme, "" where there is none."""
    text = first_text(members.get(name)).strip()
    scheme = first_text(members.get(scheme_name or f"{name}Scheme")).strip().upper()
    if not text or not scheme or text.casefold().startswith(("http://", "https://")):
        return text
    return f"will be referenced::{_KEY_SCHEMES.get(scheme, scheme)}::{text}"


def _written(person: Members) -> str:
    if person.get("familyName"):
        return person_name(person["familyName"], person.get("givenName"))
    return first_text(person.get("name"))
