"""What is linked with a thing beside works: narrower concepts, concepts of a scheme, grants of a funder."""

from __future__ import annotations

from dataclasses import dataclass

from lod.rdf.claims import iri_text
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.pages.values import Shown, Values, by_text
from lod.web.reading import terms

_SHOWN = 30

_GROUPS = (
    (gettext_noop("Narrower"), terms.BROADER),
    (gettext_noop("Related"), terms.RELATED),
    (gettext_noop("Concepts"), terms.IN_SCHEME),
    (gettext_noop("Grants"), terms.FUNDER),
)


@dataclass(frozen=True, slots=True)
class Linked:
    """Things that point at a thing by one property, the first ones, and how many there are."""

    heading: str
    things: list[Shown]
    total: int


def linked(values: Values) -> list[Linked]:
    """Return the groups that there are; things that are parts of items are left out."""
    document, catalog = values.document, values.view.reader.catalog
    subject = iri_text(document.subject)
    found = []
    for heading, predicate in _GROUPS:
        total = document.counts.get(predicate, 0)
        if not total:
            continue
        sources = catalog.links_to(subject, iri_text(predicate), _SHOWN)
        things = [
            Shown(name, values.view.addresses.link(source), language)
            for source in sources
            if "#" not in source
            for name, language in [values.name(source)]
        ]
        if things:
            found.append(Linked(gettext(heading), by_text(things), total))
    return found
