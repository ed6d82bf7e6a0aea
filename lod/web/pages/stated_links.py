"""Links that files of the site state, as pages show them: the relation, where it leads, who states it."""

from __future__ import annotations

from dataclasses import dataclass

from lod.rdf.claims import Iri, iri_text, literal_parts
from lod.store.link_graph import AUTHOR, CONFIDENCE, DATE, SOURCE, TITLE, annotation_of
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.pages.values import Values

_WORDS = {
    "sameAs": gettext_noop("The same as"),
    "exactMatch": gettext_noop("Exactly matches"),
    "closeMatch": gettext_noop("Closely matches"),
    "broadMatch": gettext_noop("Narrower than"),
    "narrowMatch": gettext_noop("Broader than"),
    "relatedMatch": gettext_noop("Related to"),
    "seeAlso": gettext_noop("See also"),
    "isReviewedBy": gettext_noop("Reviewed by"),
    "endorsedBy": gettext_noop("Endorsed by"),
}


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link; `source` says which file states it, who made it, when, and how sure it is, as far as that is known."""

    relation: str
    target: str
    href: str | None
    source: str


def stated_links(values: Values) -> list[LinkRow]:
    """Return the links of the resource of a page, by where they lead."""
    reader = values.view.reader
    rows = []
    for subject, predicate, target in reader.links(iri_text(values.document.subject)):
        node = annotation_of(reader.link_graph, subject, predicate, target)
        about: dict[Iri, str] = {
            property_: object_ for _, property_, object_ in reader.store.triples_of(node, reader.link_graph)
        }
        name = iri_text(predicate).replace("#", "/").rpartition("/")[2]
        address = iri_text(target)
        rows.append(
            LinkRow(
                gettext(_WORDS.get(name, "")) or name,
                address,
                values.view.addresses.link(address),
                _source(values, about),
            )
        )
    return sorted(rows, key=lambda row: (row.target, row.relation))


def _source(values: Values, about: dict[Iri, str]) -> str:
    reader = values.view.reader
    parts = []
    if SOURCE in about:
        titles = (
            object_
            for _, property_, object_ in reader.store.triples_of(iri_text(about[SOURCE]), reader.link_graph)
            if property_ == TITLE
        )
        parts += [literal_parts(title)[0] for title in titles]
    parts += [literal_parts(about[name])[0] for name in (AUTHOR, DATE) if name in about]
    if CONFIDENCE in about:
        parts.append(gettext("confidence %(value)s", value=literal_parts(about[CONFIDENCE])[0]))
    return ", ".join(parts)
