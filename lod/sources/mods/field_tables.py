"""Tables from MODS to fields: roles, identifiers, titles, dates, related items."""

from __future__ import annotations

import re

ROLES = {
    "dc.contributor.author": "aut author cre creator dis dissertant",
    "dc.contributor.editor": "edt editor edc editor_of_compilation edm",
    "dc.contributor.advisor": "ths thesis_advisor advisor supervisor degree_supervisor dgs major_professor "
    "dissertation_advisor thesis_director thesis_supervisor committee_chair",
    "dc.contributor.illustrator": "ill illustrator",
    "dc.contributor.translator": "trl translator",
    "dc.contributor.referee": "opn opponent rev reviewer referee",
    "dc.contributor.committeeMember": "dgc degree_committee_member committee_member dissertation_committee_member thesis_committee_member",
    "dc.contributor.applicant": "pta patent_applicant applicant",
    "dc.publisher": "pbl publisher",
    "thesis.degree.grantor": "dgg degree_granting_institution degree_grantor",
    "dc.description.sponsorship": "spn sponsor fnd funder",
    "dc.rights.holder": "cph copyright_holder",
}
"""Field of a name, and the MARC relators, codes and words, that give it."""

FIELD_OF_ROLE = {role.replace("_", " "): field for field, roles in ROLES.items() for role in roles.split()}

TITLES = dict.fromkeys(("uniform", "alternative", "translated", "abbreviated"), "dc.title.alternative")
"""Types of titles; where there is no title without a type, the first of them is the title."""

DATES = {
    "dateIssued": "dc.date.issued",
    "dateCreated": "dc.date.created",
    "copyrightDate": "dc.date.copyright",
    "dateValid": "dcterms.valid",
    "dateOther": "dc.date",
}

DOUBTS = {"approximate": "~", "questionable": "?"}
"""Values of the attribute `qualifier` of a date, and the sign that EDTF has for them."""

IDENTIFIERS = {
    "hdl": "dc.identifier.uri",
    "handle": "dc.identifier.uri",
    "uri": "dc.identifier.uri",
    "url": "dc.identifier.uri",
    "pubmed": "dc.identifier.pmid",
    "issn-l": "dc.identifier.issnl",
    "issnl": "dc.identifier.issnl",
    "lissn": "dc.identifier.issnl",
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

SUBJECTS = {
    "lcsh": "dc.subject.lcsh",
    "mesh": "dc.subject.mesh",
    "fast": "dc.subject.fast",
    "gnd": "dc.subject.gnd",
    "agrovoc": "dc.subject.agrovoc",
}
"""Fields of subjects by the authority that the source names; without one they are keywords."""

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

DEGREE = {
    "name": "thesis.degree.name",
    "level": "thesis.degree.level",
    "discipline": "thesis.degree.discipline",
    "grantor": "thesis.degree.grantor",
}
"""Parts of the element `degree` of an extension. Source: ETD-MS 1.1, section thesis."""

HOST_IDENTIFIERS = {
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.issn",
    "isbn": "dc.relation.isbn",
    "doi": "dc.relation.doi",
}
"""Identifiers of the journal or the book that an item is in."""

_DATE = "how a date is written, which the date shows"
HOW_TO_READ = {
    "encoding": _DATE,
    "keyDate": _DATE,
    "point": _DATE,
    **dict.fromkeys(
        ("version", "schemaLocation", "ID", "altRepGroup", "shareable"), "how the record itself is written"
    ),
    **dict.fromkeys(("usage", "supplied", "script", "transliteration"), "how an element is to be shown"),
}
"""Attributes that say how to read an element, which its value has followed."""

NAMES = {
    "name": "how the name is read: as that of a person, an organisation or an event",
    "namePart": "how the name is put together",
}
CODED = {
    "roleTerm": "the words of roles, which the field says",
    "languageTerm": "the code list of the language",
    "placeTerm": "the code list of the place",
}
"""Elements whose attributes name a code list that the value has followed."""

PLAIN = {
    "typeOfResource": "mods.typeOfResource",
    "abstract": "dc.description.abstract",
    "tableOfContents": "dc.description.tableofcontents",
    "targetAudience": "dcterms.audience",
    "extension/dateAccessioned": "dc.date.accessioned",
    "extension/dateAvailable": "dc.date.available",
    "physicalDescription/extent": "dc.format.extent",
    "physicalDescription/form": "dc.format.medium",
    "physicalDescription/internetMediaType": "dc.format.mimetype",
    "physicalDescription/note": "dc.description",
}
"""Elements whose text is the value, by their path."""


def identifier_field(type_: str) -> str:
    """Return the field of an identifier by its type: "issn" gives "dc.identifier.issn"."""
    known = type_.strip().casefold()
    return IDENTIFIERS.get(known) or f"dc.identifier.{slug(known)}"


def slug(label: str) -> str:
    """Return a label as part of a field name: "Preferred citation" gives "preferred-citation"."""
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")
