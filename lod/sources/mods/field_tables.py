"""Tables from MODS to fields: roles, identifiers, titles, dates, related items."""

from __future__ import annotations

import re

ROLES = {
    "dc.contributor.author": "aut author cre creator",
    "dc.contributor.editor": "edt editor",
    "dc.contributor.advisor": "ths thesis_advisor advisor supervisor degree_supervisor dgs",
    "dc.contributor.illustrator": "ill illustrator",
    "dc.publisher": "pbl publisher",
    "dc.description.sponsorship": "spn sponsor fnd funder",
    "dc.rights.holder": "cph copyright_holder",
}
"""Field of a name, and the MARC relators, codes and words, that give it."""

FIELD_OF_ROLE = {role.replace("_", " "): field for field, roles in ROLES.items() for role in roles.split()}

TITLES = dict.fromkeys(("alternative", "abbreviated", "translated", "uniform"), "dc.title.alternative")

DATES = {
    "dateIssued": "dc.date.issued",
    "dateCreated": "dc.date.created",
    "copyrightDate": "dc.date.copyright",
    "dateValid": "dcterms.valid",
    "dateOther": "dc.date",
}

IDENTIFIERS = {
    "hdl": "dc.identifier.uri",
    "handle": "dc.identifier.uri",
    "uri": "dc.identifier.uri",
    "url": "dc.identifier.uri",
    "pubmed": "dc.identifier.pmid",
    "preferred citation": "dc.identifier.citation",
    "": "dc.identifier",
}
"""Types of identifiers whose field has another name; the others are "dc.identifier." and the type."""

NOTES = {
    "statement of responsibility": "dc.description.statementofresponsibility",
    "citation": "dc.identifier.citation",
    "preferred citation": "dc.identifier.citation",
    "citation/reference": "dc.identifier.citation",
    "funding": "dc.description.sponsorship",
    "sponsor": "dc.description.sponsorship",
}

SUBJECTS = {"lcsh": "dc.subject.lcsh", "mesh": "dc.subject.mesh"}
CLASSIFICATIONS = {"ddc": "dc.subject.ddc", "lcc": "dc.subject.lcc"}
LONE_SUBJECTS = {
    "geographic": "dc.coverage.spatial",
    "hierarchicalGeographic": "dc.coverage.spatial",
    "temporal": "dc.coverage.temporal",
}

ACCESS = {"restriction on access": "dcterms.accessRights", "restrictionOnAccess": "dcterms.accessRights"}

CONTENTS = frozenset(
    {
        "abstract or summary",
        "bibliography",
        "catalog",
        "discography",
        "filmography",
        "index",
        "statistics",
        "survey of literature",
    }
)
"""Genres of the list marcgt that say what a volume contains. Source: MARC 21, field 008, positions 24 to 27 (nature of contents)."""

DETAILS = {"volume": "dc.identifier.volume", "issue": "dc.identifier.issue", "number": "dc.identifier.issue"}

RELATED = {
    "host": "dc.relation.ispartof",
    "series": "dc.relation.ispartofseries",
    "constituent": "dc.relation.haspart",
    "original": "dc.relation.isversionof",
    "otherVersion": "dc.relation.hasversion",
    "otherFormat": "dcterms.hasFormat",
    "references": "dc.relation.references",
    "isReferencedBy": "dc.relation.isreferencedby",
    "preceding": "dc.relation.replaces",
    "succeeding": "dc.relation.isreplacedby",
}
"""Types of related items; another one, or none, gives "dc.relation"."""

PLAIN = {
    "typeOfResource": "mods.typeOfResource",
    "abstract": "dc.description.abstract",
    "tableOfContents": "dc.description.tableofcontents",
    "targetAudience": "dcterms.audience",
    "extension/dateAccessioned": "dc.date.accessioned",
    "extension/dateAvailable": "dc.date.available",
    "originInfo/publisher": "dc.publisher",
    "originInfo/edition": "oaire.citation.edition",
    "physicalDescription/extent": "dc.format.extent",
    "physicalDescription/form": "dc.format.medium",
    "physicalDescription/internetMediaType": "dc.format.mimetype",
    "physicalDescription/note": "dc.description",
}
"""Elements whose text is the value, by their path."""


def identifier_field(type_: str) -> str:
    """Return the field of an identifier by its type: "issn" gives "dc.identifier.issn"."""
    known = type_.strip().casefold()
    return IDENTIFIERS.get(known) or f"dc.identifier.{re.sub(r'[^a-z0-9]+', '-', known).strip('-')}"
