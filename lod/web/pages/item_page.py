"""The page of an item: authors in order, citation, abstract, and a table of details."""

from __future__ import annotations

from typing import Any

from lod.rdf.claims import iri_text, is_iri, text_of
from lod.web.pages.values import Shown, Values, by_text
from lod.web.reading import terms

# Rows of the table of details that one property gives, in the order of the page, between the special ones below.
_BEFORE = (
    ("Also titled", terms.ALTERNATIVE),
    ("Description", terms.DESCRIPTION),
    ("Date of issue", terms.ISSUED),
    ("Date", terms.DATE),
)
_NUMBERS = (("Number", terms.NUMBER), ("Pages", terms.PAGES), ("Extent", terms.EXTENT))
_AFTER = (
    ("Degree", terms.DEGREE),
    ("Status", terms.STATUS),
    ("Publisher", terms.PUBLISHER),
    ("Place of publication", terms.PLACE_OF_PUBLICATION),
    ("Language", terms.LANGUAGE),
)
_ROLES = (
    ("Editors", terms.EDITOR),
    ("Translators", terms.TRANSLATOR),
    ("Illustrators", terms.ILLUSTRATOR),
    ("Thesis advisors", terms.THESIS_ADVISOR),
    ("Committee members", terms.COMMITTEE_MEMBER),
    ("Degree granted by", terms.DEGREE_GRANTOR),
)
_SUBJECTS = (
    ("Subjects", terms.SUBJECT),
    ("Keywords", terms.KEYWORD),
    ("Places", terms.SPATIAL),
    ("Periods", terms.TEMPORAL),
    ("Coverage", terms.COVERAGE),
)
_LAST = (
    ("Related", terms.RELATION),
    ("Licence", terms.LICENSE),
    ("Access", terms.ACCESS_RIGHTS),
    ("Rights", terms.RIGHTS),
    ("See also", terms.SEE_ALSO),
)
_LONGEST_LIST = 10_000


def item_parts(values: Values) -> dict[str, Any]:
    """Return the variables of the template `item.html` beyond those of every resource."""
    subject = values.document.subject
    details: list[tuple[str, list[Shown]]] = [
        *_rows(values, _BEFORE),
        ("Published in", [Shown("", members=tuple(values.containers(iri_text(subject))))]),
        ("ISSN", _issns(values)),
        *_rows(values, _NUMBERS),
        *_rows(values, _AFTER),
        *_rows(values, _ROLES),
        ("Contributors", _others(values)),
        ("Identifiers", _identifiers(values)),
        *_rows(values, _SUBJECTS),
        ("Funding", _funding(values)),
        ("Files", _files(values)),
        *_rows(values, _LAST),
    ]
    return {
        "authors": _authors(values),
        "citation": values.first(subject, terms.CITATION),
        "abstracts": values.all(subject, terms.ABSTRACT),
        "details": [(label, shown) for label, shown in details if shown and (shown[0].text or shown[0].members)],
    }


def _rows(values: Values, rows: tuple[tuple[str, str], ...]) -> list[tuple[str, list[Shown]]]:
    return [(label, values.all(values.document.subject, predicate)) for label, predicate in rows]


def _others(values: Values) -> list[Shown]:
    """Return the contributors whose role is not known; the others are listed by role."""
    document = values.document
    known = {person for _, role in _ROLES for person in document.objects(document.subject, role)}
    others = [person for person in document.objects(document.subject, terms.CONTRIBUTOR) if person not in known]
    return by_text(values.show(person) for person in others)


def _authors(values: Values) -> list[Shown]:
    """Return the authors in the order of the list; by name where there is no list."""
    document = values.document
    members = document.members(document.subject, terms.AUTHOR_LIST)[:_LONGEST_LIST]
    return [values.show(member) for member in members] or values.all(document.subject, terms.CREATOR)


def _identifiers(values: Values) -> list[Shown]:
    """Return scheme and value of each identifier, linked to that of the item's addresses that ends with it."""
    document = values.document
    links = [
        text_of(term)
        for predicate in (terms.SAME_AS, terms.SEE_ALSO)
        for term in document.objects(document.subject, predicate)
    ]
    found = []
    for node in document.objects(document.subject, terms.HAS_IDENTIFIER):
        scheme = next(iter(document.objects(node, terms.IDENTIFIER_SCHEME)), "")
        for value in document.objects(node, terms.LITERAL_VALUE):
            text = text_of(value)
            link = next((link for link in links if link.rstrip("/").endswith(text)), None)
            href = values.view.addresses.link(link) if link else None
            found.append(Shown(text, href, None, values.resource_label(iri_text(scheme)) if scheme else ""))
    return sorted(found, key=lambda shown: (shown.note, shown.text))


def _issns(values: Values) -> list[Shown]:
    """Return the ISSNs of the containers, which are in the item's document too."""
    numbers = {
        text_of(number)
        for about in values.document.about.values()
        for property_ in (terms.ISSN, terms.EISSN)
        for number in about.get(property_, ())
    }
    return [Shown(number) for number in sorted(numbers)]


def _funding(values: Values) -> list[Shown]:
    document = values.document
    statements = values.all(document.subject, f"<{values.view.service.vocabulary.expand('rt:fundingStatement')}>")
    grants = []
    for grant in document.objects(document.subject, terms.FUNDING):
        numbers = [text_of(number) for number in document.objects(grant, terms.AWARD_NUMBER)]
        funders = document.objects(grant, terms.FUNDER)
        shown = values.show(next((funder for funder in funders if is_iri(funder)), grant))
        grants.append(Shown(shown.text, shown.href, shown.language, ", ".join(numbers)))
    return [*statements, *by_text(grants)]


def _files(values: Values) -> list[Shown]:
    document = values.document
    found = []
    for file in document.objects(document.subject, terms.FILE):
        name, language = values.name(iri_text(file))
        addresses = [text_of(address) for address in document.objects(file, terms.FILE_URL)]
        href = values.view.addresses.link(addresses[0]) if addresses else None
        found.append(Shown(name, href, language))
    return by_text(found)
