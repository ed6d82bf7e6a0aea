"""The page of an item: who, what, where and when; how to read it and how to cite it; details; what is related."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lod.rdf.claims import iri_text, is_iri, literal_parts, text_of
from lod.web.citing.citation import citation
from lod.web.citing.references import STYLES, reference
from lod.web.citing.writers import Wording
from lod.web.languages.catalogues import capitalised, gettext, gettext_noop, ngettext
from lod.web.pages.code_words import access_of, licence_words, scheme_words, words_of
from lod.web.pages.coloured import coloured
from lod.web.pages.related import Related, related
from lod.web.pages.values import Shown, Values, by_text, search_for
from lod.web.profiles.summary import Agent, Summary
from lod.web.reading import terms

_SHOWN_AUTHORS = 30
"""Authors that are seen at once; the others are folded."""

_BEFORE = (
    (gettext_noop("Also titled"), terms.ALTERNATIVE),
    (gettext_noop("Description"), terms.DESCRIPTION),
    (gettext_noop("Contents"), terms.TABLE_OF_CONTENTS),
)
_NUMBERS = (
    (gettext_noop("Number"), terms.NUMBER),
    (gettext_noop("Edition"), terms.EDITION),
    (gettext_noop("Extent"), terms.EXTENT),
)
_AFTER = (
    (gettext_noop("Degree"), terms.DEGREE),
    (gettext_noop("Status"), terms.STATUS),
    (gettext_noop("Presented at"), terms.PRESENTED_AT),
    (gettext_noop("Publisher"), terms.PUBLISHER),
    (gettext_noop("Place of publication"), terms.PLACE_OF_PUBLICATION),
    (gettext_noop("Language"), terms.LANGUAGE),
    (gettext_noop("Date"), terms.DATE),
    (gettext_noop("Citation"), terms.CITATION),
)
_ROLES = (
    (gettext_noop("Editors"), terms.EDITOR),
    (gettext_noop("Translators"), terms.TRANSLATOR),
    (gettext_noop("Illustrators"), terms.ILLUSTRATOR),
    (gettext_noop("Thesis advisors"), terms.THESIS_ADVISOR),
    (gettext_noop("Committee members"), terms.COMMITTEE_MEMBER),
    (gettext_noop("Degree granted by"), terms.DEGREE_GRANTOR),
)
_COVERAGE = (
    (gettext_noop("Places"), terms.SPATIAL),
    (gettext_noop("Periods"), terms.TEMPORAL),
    (gettext_noop("Coverage"), terms.COVERAGE),
)
_FORMS = {**dict.fromkeys(("Subjects", "Keywords", "Places", "Periods"), "inline"), "Identifiers": "identifiers"}
"""How rows of many short values are shown, which stand one beside the other; identifiers have their schemes before them."""
_LONGEST_LINK = 60
"""Characters of an address that is its own text."""
_HANDLES = "https://hdl.handle.net/"


@dataclass(frozen=True, slots=True)
class Author:
    """An author: the name, with what it links to; the ORCID iD, "" for none; whether the link is a search for the name only."""

    shown: Shown
    orcid: str = ""
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A link that readers look for first: what it is called, where it leads, and more about it."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HowToCite:
    """The reference in the style that was chosen, and the styles with their labels."""

    text: str
    style: str
    locale: str
    styles: tuple[tuple[str, str], ...]


def item_parts(values: Values, summary: Summary, wording: Wording, turtle: str, json_ld: str) -> dict[str, Any]:
    """Return the variables of the template `item.html` beyond those of every resource.

    `turtle` and `json_ld` are the document, "" where it is too long to be shown.
    """
    subject = values.document.subject
    names = [_author(values, agent) for agent in summary.authors]
    identifiers = _identifiers(values)
    details: list[tuple[str, list[Shown]]] = [
        *_rows(values, _BEFORE),
        ("ISSN", _issns(values)),
        (gettext_noop("Web site"), _web_sites(values, summary)),
        *_rows(values, _NUMBERS),
        *_rows(values, _AFTER),
        *_rows(values, _ROLES),
        (gettext_noop("Contributors"), _others(values)),
        (gettext_noop("Subjects"), values.all(subject, terms.SUBJECT)),
        (gettext_noop("Keywords"), _keywords(values)),
        *_rows(values, _COVERAGE),
        (gettext_noop("Funding"), _funding(values)),
        (gettext_noop("Persistent identifier"), _persistent(values, summary)),
        (gettext_noop("Identifiers"), identifiers),
        (gettext_noop("Files"), _files(values)),
        (gettext_noop("Rights"), values.all(subject, terms.RIGHTS)),
        (gettext_noop("Usage"), _statistics(values)),
        (gettext_noop("Links"), _links(values, identifiers)),
    ]
    return {
        "authors": names[:_SHOWN_AUTHORS],
        "more_authors": names[_SHOWN_AUTHORS:],
        "authors_left": summary.authors_left,
        "containers": values.containers(iri_text(subject)),
        "pages": summary.text(terms.PAGES),
        "issued": summary.issued,
        "access": _access(values),
        "licences": _licences(values),
        "nature": values.all(subject, f"<{values.view.service.vocabulary.expand('rt:fullTextNature')}>"),
        "buttons": _buttons(values, summary),
        "citation": values.first(subject, terms.CITATION),
        "abstracts": values.all(subject, terms.ABSTRACT),
        "details": [
            (gettext(label), _FORMS.get(label, ""), shown) for label, shown in details if shown and shown[0].text
        ],
        "cite": _how_to_cite(summary, wording),
        "related": _related(values, summary),
        "turtle": coloured(turtle, "turtle"),
        "json_ld": coloured(json_ld, ""),
    }


def _rows(values: Values, rows: tuple[tuple[str, str], ...]) -> list[tuple[str, list[Shown]]]:
    return [(label, values.all(values.document.subject, predicate)) for label, predicate in rows]


def _author(values: Values, agent: Agent) -> Author:
    """Return an author, linked to their page; without an identifier to a search for the name."""
    own = values.view.addresses.link(agent.iri) if agent.iri and "#" not in agent.iri else None
    if own:
        return Author(Shown(agent.name, own), agent.orcid)
    return Author(Shown(agent.name, search_for(values, q=f'author:"{agent.name}"')), agent.orcid, by_name=True)


def _access(values: Values) -> list[tuple[str, Shown]]:
    """Return the access rights in words, each with its mark."""
    found = [
        iri_text(term) for term in values.document.objects(values.document.subject, terms.ACCESS_RIGHTS) if is_iri(term)
    ]
    return sorted((access_of(iri), Shown(capitalised(words_of(iri) or values.name(iri)[0]))) for iri in found)


def _licences(values: Values) -> list[Shown]:
    found = [iri_text(term) for term in values.document.objects(values.document.subject, terms.LICENSE) if is_iri(term)]
    return [
        Shown(licence_words(iri) or values.name(iri)[0], values.view.addresses.link(iri)) for iri in sorted(set(found))
    ]


def _buttons(values: Values, summary: Summary) -> list[Button]:
    """Return the ways to the text: files, the page in the repository, the DOI."""
    found = []
    for file in summary.files[:1]:
        number = len(summary.files)
        more = f", {ngettext('%(number)s file', '%(number)s files', number, number=number)}" if number > 1 else ""
        found.append(Button(gettext("Full text"), file.address, f"{file.name}{more}"))
    repository = _in_the_repository(values, summary)
    if repository:
        found.append(Button(gettext("In the repository"), repository))
    if summary.doi:
        found.append(Button("DOI", summary.persistent, summary.doi))
    return found


def _in_the_repository(values: Values, summary: Summary) -> str | None:
    """Return the address of the page that the record was taken from: a registered handle, else the source of the record."""
    document = values.document
    handles = [iri for iri in summary.links(terms.SAME_AS) if iri.startswith(_HANDLES)]
    records = document.objects(document.subject, terms.IS_PRIMARY_TOPIC_OF)
    sources = [iri_text(term) for record in records for term in document.objects(record, terms.SOURCE) if is_iri(term)]
    here = values.view.addresses.base
    found = [
        iri for iri in (*handles, *sources) if iri.startswith("http") and not iri.startswith((here, "https://doi.org/"))
    ]
    return next(iter(found), None)


def _keywords(values: Values) -> list[Shown]:
    """Return the keywords, each with a search for it: a keyword has no page of its own."""
    literals = map(literal_parts, values.document.objects(values.document.subject, terms.KEYWORD))
    return by_text(Shown(text, search_for(values, keyword=text), language) for text, language, _ in literals)


def _others(values: Values) -> list[Shown]:
    """Return the contributors whose role is not known; the others are listed by role."""
    document = values.document
    known = {person for _, role in _ROLES for person in document.objects(document.subject, role)}
    others = [person for person in document.objects(document.subject, terms.CONTRIBUTOR) if person not in known]
    return by_text(values.show(person) for person in others)


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
        scheme = iri_text(next(iter(document.objects(node, terms.IDENTIFIER_SCHEME)), "<>"))
        for value in document.objects(node, terms.LITERAL_VALUE):
            text = text_of(value)
            link = next((link for link in links if link.rstrip("/").endswith(text)), None)
            href = values.view.addresses.link(link) if link else None
            found.append(Shown(text, href, None, scheme_words(scheme, values.resource_label(scheme)) if scheme else ""))
    return sorted(found, key=lambda shown: (shown.note, shown.text))


def _persistent(values: Values, summary: Summary) -> list[Shown]:
    """Return the address to cite; nothing where it is the IRI, which is below."""
    address = summary.persistent
    return [Shown(address, values.view.addresses.link(address))] if address != summary.iri else []


def _web_sites(values: Values, summary: Summary) -> list[Shown]:
    """Return the web sites of the journal, the series or the book."""
    store = values.view.reader.store
    found = (term for part in summary.containers for term in store.objects(part.iri, iri_text(terms.HOME)))
    return [values.show(term) for term in dict.fromkeys(found)]


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


def _statistics(values: Values) -> list[Shown]:
    """Return how often something was done with the item, and where it was counted: "Bookmark: 1", citeulike.org."""
    about = values.document.objects
    found = []
    for node in about(values.document.subject, terms.STATISTIC):
        actions = (values.resource_label(iri_text(term)) for term in about(node, terms.INTERACTION_TYPE))
        action = next(actions, "").removesuffix("action").strip().capitalize()
        services = (urlsplit(iri_text(term)).netloc for term in about(node, terms.INTERACTION_SERVICE) if is_iri(term))
        service = next(services, "").removeprefix("www.")
        found += [
            Shown(f"{action}: {text_of(number)}", note=service) for number in about(node, terms.INTERACTION_COUNT)
        ]
    return by_text(found)


def _links(values: Values, identifiers: list[Shown]) -> list[Shown]:
    """Return what else the record points to, without the addresses of its identifiers; long addresses shortened."""
    subject = values.document.subject
    known = {shown.href for shown in identifiers}
    found = [*values.all(subject, terms.RELATION), *values.all(subject, terms.SEE_ALSO)]
    return [_shortened(shown) for shown in found if shown.href is None or shown.href not in known]


def _shortened(shown: Shown) -> Shown:
    if shown.href is None or len(shown.text) <= _LONGEST_LINK or "://" not in shown.text:
        return shown
    return Shown(f"{shown.text.partition('://')[2][:_LONGEST_LINK]}…", shown.href, shown.language, shown.note)


def _how_to_cite(summary: Summary, wording: Wording) -> HowToCite:
    style, locale = wording.style, wording.locale
    styles = tuple((style.name, style.label) for style in STYLES)
    return HowToCite(reference(citation(summary), style, locale), style.name, locale, styles)


def _related(values: Values, summary: Summary) -> list[Related]:
    people = [agent.iri for agent in summary.authors[:_SHOWN_AUTHORS] if agent.iri and "#" not in agent.iri]
    return related(values, [container.iri for container in summary.containers], people)
