"""HTML pages of resources: everything that their templates show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from lod.rdf.claims import RDF_TYPE, Iri, iri, iri_text, is_iri
from lod.report import Fate
from lod.web.citing.writers import Wording
from lod.web.http.addresses import VOCABULARY
from lod.web.http.formats import Format
from lod.web.http.link_header import Link
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.languages.numbers_and_dates import number
from lod.web.languages.page_language import page_language
from lod.web.languages.templates import render_page
from lod.web.pages.code_words import is_type, words_of
from lod.web.pages.dataset_page import DATASET, TABLED_PROPERTIES, dataset_parts, is_tabled
from lod.web.pages.item_page import item_parts
from lod.web.pages.stated_links import stated_links
from lod.web.pages.values import Shown, Values, natural
from lod.web.profiles.embedded_metadata import Embedded
from lod.web.profiles.summary import Summary
from lod.web.reading import terms
from lod.web.reading.documents import POINTING_PER_PAGE, Document, Lists, fold_lists, indexed, ordered_subjects
from lod.web.view import PublishedView
from lod.web.writing.json_ld import write_json_ld
from lod.web.writing.turtle import write_turtle

_POINTING_WORDS = {
    terms.CREATOR: gettext_noop("Author of"),
    terms.CONTRIBUTOR: gettext_noop("Contributor to"),
    terms.EDITOR: gettext_noop("Editor of"),
    terms.IS_PART_OF: gettext_noop("Contains"),
    terms.PUBLISHER: gettext_noop("Publisher of"),
    terms.SUBJECT: gettext_noop("Items on this subject"),
    terms.SPATIAL: gettext_noop("Items about this place"),
    terms.PLACE_OF_PUBLICATION: gettext_noop("Published here"),
    terms.FUNDER: gettext_noop("Funder of"),
    RDF_TYPE: gettext_noop("Things of this class"),
    "<http://www.w3.org/2004/02/skos/core#broader>": gettext_noop("Narrower concepts"),
    "<http://www.w3.org/2004/02/skos/core#inScheme>": gettext_noop("Concepts of this scheme"),
    "<http://rdfs.org/ns/void#inDataset>": gettext_noop("Records of this dataset"),
}

_MOST_SECTIONS = 200
_MOST_VALUES = 200
_MOST_TRIPLES = 1_500
"""A document of more, of a paper with thousands of authors, is not shown as Turtle and JSON-LD on the page: its addresses are."""


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """One property of a resource: its label, what the label links to, its values."""

    label: str
    property: str
    values: list[Shown]


@dataclass(frozen=True, slots=True)
class Section:
    """The statements about one subject: a heading, an anchor, its rows."""

    heading: str
    anchor: str
    iri: str
    rows: list[PropertyRow]

    @property
    def caption(self) -> str:
        """The caption of its table. A page has dozens of sections."""
        start, end = _around_the_thing(page_language().tag)
        return f"{start}{self.iri}{end}"


@cache
def _around_the_thing(_language: str) -> list[str]:
    return gettext("Statements about %(thing)s", thing="\0").split("\0")


@dataclass(frozen=True, slots=True)
class Head:
    """Metadata of a page: other formats with their paths, typed links, embedded metadata; for an earlier state its date.

    `citations` are the formats in which an item is cited, with their paths. `current` is the path of the page of the live state.
    `own_query` has the parameters of the address, without the language.
    """

    formats: list[tuple[Format, str]]
    citations: list[tuple[Format, str]]
    links: list[Link]
    embedded: Embedded | None
    as_of: datetime | None
    current: str
    own_query: list[tuple[str, str]]


def render_document(
    view: PublishedView, key: str, document: Document, head: Head, summary: Summary, wording: Wording
) -> str | None:
    """Return the HTML page of an item, of the dataset or of the vocabulary; None for any other resource, which is a thing.

    `summary` is of the full document, `wording` of the reference by which a page says how to cite an item.
    """
    values = Values(view, document)
    # The list of its profiles states no term of it.
    if key == VOCABULARY and document.objects(document.subject, RDF_TYPE):
        return _vocabulary(values, head)
    if view.service.is_item(document.objects(document.subject, RDF_TYPE)):
        fields = view.reader.catalog.fields_of(iri_text(document.subject))
        fields_left = max(len(fields) - _MOST_VALUES, 0)
        context = view.service.context
        is_short = len(document.triples) <= _MOST_TRIPLES
        sources = [write(document, context) for write in (write_turtle, write_json_ld)] if is_short else ["", ""]
        parts = item_parts(values, summary, wording, *sources)
        common = document_parts(values, head)
        return render_page(
            "item.html",
            fields=fields[:_MOST_VALUES],
            fields_left=fields_left,
            withheld=Fate.WITHHELD,
            **common,
            **parts,
        )
    if key == DATASET:
        return render_page("dataset.html", **document_parts(values, head), **dataset_parts(values))
    return None


def document_parts(values: Values, head: Head) -> dict[str, Any]:
    """Return the variables that the templates of all documents have."""
    document = values.document
    subject = iri_text(document.subject)
    title, language = values.name(subject)
    return {
        "title": title,
        "title_language": language,
        "iri": subject,
        "kinds": _kinds(values),
        "head": head,
        "own_query": head.own_query,
        "sections": _sections(values),
        "stated_links": stated_links(values),
        "pointing": _pointing(values),
        "pointing_limit": POINTING_PER_PAGE,
        "page": document.page,
        "more": document.more,
        "last": document.last_page,
        "total": sum(document.counts.values()),
    }


def _kinds(values: Values) -> list[str]:
    marker = values.view.service.vocabulary.expand("rt:RepositoryItem")
    classes = [iri_text(term) for term in values.document.objects(values.document.subject, RDF_TYPE)]
    stated = [class_ for class_ in classes if class_ != marker]
    types = [iri_text(term) for term in values.document.objects(values.document.subject, terms.RESOURCE_TYPE)]
    words = sorted({word for type_ in types if is_type(type_) and (word := words_of(type_))})
    if words:
        return words
    shown = [class_ for class_ in stated if class_ not in _WIDEST] or stated
    return sorted({values.resource_label(class_) for class_ in shown})


_WIDEST = frozenset(
    {
        "http://purl.org/ontology/bibo/Document",
        "http://purl.org/ontology/bibo/CollectedDocument",
        "http://purl.org/spar/fabio/Expression",
        "http://purl.org/spar/fabio/SubjectTerm",
    }
)
"""Classes that are not shown beside a narrower one."""


def _sections(values: Values) -> list[Section]:
    """Return every statement about the resource, its parts and its record, subject by subject."""
    document, addresses, context = values.document, values.view.addresses, values.view.service.context
    subject = iri_text(document.subject)
    record = next((iri_text(term) for term in document.objects(document.subject, terms.IS_PRIMARY_TOPIC_OF)), subject)
    if len(document.triples) > _MOST_TRIPLES:
        index, lists = _without_parts(document, (document.subject, iri(record)), context.cells)
    else:
        index = indexed(document.triples)
        lists = fold_lists(index, context.cells)
    left_out = len(document.about) - len(index) if len(document.triples) > _MOST_TRIPLES else 0
    found: list[Section] = []
    for encoded in ordered_subjects(index, document.subject):
        about = iri_text(encoded)
        if about != subject and about != record and not about.startswith((f"{subject}#", f"{record}#")):
            continue
        anchor = about.partition("#")[2] if about.startswith(f"{subject}#") else ""
        of_dataset = subject == addresses.thing(DATASET)
        if of_dataset and is_tabled(anchor):
            continue
        if len(found) >= _MOST_SECTIONS:
            left_out += 1
            continue
        rows = [
            _row(values, predicate, index[encoded][predicate], lists)
            for predicate in sorted(index[encoded], key=lambda name: (name != RDF_TYPE, context.order(name)))
            if not (of_dataset and predicate in TABLED_PROPERTIES)
        ]
        heading = "" if about == subject else gettext("The record") if about == record else values.name(about)[0]
        found.append(Section(heading, anchor, about, rows))
    if left_out:
        found.append(Section(_and_more(left_out), "", subject, []))
    return found


def _without_parts(
    document: Document, subjects: tuple[str, str], cells: str
) -> tuple[dict[str, dict[str, list[str]]], Lists]:
    """Return what a long document says of its subject and its record, with their lists: to go through all parts takes long."""
    index = {subject: document.about[subject] for subject in subjects if subject in document.about}
    lists = {
        objects[0]: document.members(subject, predicate)
        for subject, properties in index.items()
        for predicate, objects in properties.items()
        if objects[0].startswith(cells)
    }
    return index, lists


def _row(values: Values, predicate: str, objects: list[str], lists: Lists) -> PropertyRow:
    vocabulary, shown = values.view.service.vocabulary, []
    for object_ in objects[:_MOST_VALUES]:
        if object_ in lists:
            members = [values.show(member) for member in lists[object_][:_MOST_VALUES]]
            shown.append(Shown("", members=(*members, *_rest(lists[object_]))))
        elif predicate == RDF_TYPE:
            class_ = iri_text(object_)
            note, href = vocabulary.compact(class_), values.view.addresses.link(class_)
            shown.append(Shown(values.resource_label(class_), href, note=note))
        else:
            shown.append(values.show(object_))
    shown.sort(key=lambda value: natural(value.text))
    name = iri_text(predicate)
    return PropertyRow(values.resource_label(name), vocabulary.compact(name), [*shown, *_rest(objects)])


def _rest(objects: list[str]) -> list[Shown]:
    """Return a placeholder for the values that a page does not show."""
    return [Shown(_and_more(len(objects) - _MOST_VALUES))] if len(objects) > _MOST_VALUES else []


def _and_more(left_out: int) -> str:
    """Return what represents what a page does not show, of a paper with thousands of authors for example."""
    return gettext("… and %(number)s more; the data has them all", number=number(left_out))


def _pointing(values: Values) -> list[tuple[str, int, list[Shown]]]:
    """Return what points at the resource, by property, each once; with the number on all pages, 0 if not counted."""
    document = values.document
    groups: dict[Iri, dict[str, None]] = {}
    for subject, predicate, _ in document.pointing:
        if predicate == terms.FRBR_PART_OF and (subject, terms.IS_PART_OF, document.subject) in document.pointing:
            continue
        groups.setdefault(predicate, {})[iri_text(subject)] = None
    rows = []
    for predicate, places in groups.items():
        label = gettext(_POINTING_WORDS.get(predicate, "")) or gettext(
            "%(property)s: stated by", property=values.resource_label(iri_text(predicate))
        )
        shown = dict.fromkeys(_place(values, place) for place in places)
        rows.append((label, document.counts.get(predicate, 0), sorted(shown, key=lambda value: natural(value.text))))
    return sorted(rows)


def _place(values: Values, place: str) -> Shown:
    """Return the subject of a triple as a page shows it: for a record or a part of an item, the item with its title."""
    owner = place.partition("#")[0]
    topics = values.view.reader.store.objects(owner, iri_text(terms.PRIMARY_TOPIC))
    owner = next((iri_text(topic) for topic in topics if is_iri(topic)), owner)
    text, language = values.name(owner)
    part = values.name(place)[0] if "#" in place else ""
    return Shown(text, values.view.addresses.link(owner), language, part)


def _vocabulary(values: Values, head: Head) -> str:
    service, document = values.view.service, values.document
    namespace = service.addresses.namespace
    sections = []
    for term in service.local_terms.subjects:
        about = document.about[f"<{term}>"]
        rows = [
            _row(values, predicate, about[predicate], {})
            for predicate in sorted(about, key=lambda name: (name != RDF_TYPE, service.context.order(name)))
        ]
        sections.append(Section(values.resource_label(term), term[len(namespace) :], term, rows))
    sections.sort(key=lambda section: natural(section.anchor))
    title = values.first(document.subject, terms.TITLE)
    return render_page(
        "vocabulary.html",
        title=title.text if title else gettext("Local vocabulary"),
        namespace=namespace,
        sections=sections,
        head=head,
        own_query=head.own_query,
    )
