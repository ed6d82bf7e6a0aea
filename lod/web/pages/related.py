"""What is related to an item: other items of its container and its people, versions, references; a few of each, and where all are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lod.rdf.claims import iri, iri_text
from lod.web.languages.catalogues import gettext, gettext_noop
from lod.web.pages.values import Shown, Values
from lod.web.reading import terms

_SHOWN = 5
"""Other items of one container or person; the page of that thing has them all."""
_MOST_PEOPLE = 3
_MOST_STATED = 100

_STATED = (
    (gettext_noop("Retracted by"), terms.IS_RETRACTED_BY),
    (gettext_noop("Corrected by"), terms.IS_CORRECTED_BY),
    (gettext_noop("Replaced by"), terms.IS_REPLACED_BY),
    (gettext_noop("Retracts"), terms.RETRACTS),
    (gettext_noop("Corrects"), terms.CORRECTS),
    (gettext_noop("Replaces"), terms.REPLACES),
    (gettext_noop("Versions"), terms.HAS_VERSION),
    (gettext_noop("Version of"), terms.IS_VERSION_OF),
    (gettext_noop("Parts"), terms.HAS_PART),
    (gettext_noop("References"), terms.REFERENCES),
    (gettext_noop("Cited by"), terms.IS_REFERENCED_BY),
)


@dataclass(frozen=True, slots=True)
class Related:
    """Related things under a heading, with how many there are, and the page that lists all of them (None for this one)."""

    heading: str
    things: list[Shown]
    total: int
    all_of_them: Shown | None = None


def related(values: Values, containers: Sequence[str], people: Sequence[str]) -> list[Related]:
    """Return what is related to the item of a document.

    Args:
        values: of the document.
        containers: IRIs of what the item is part of, the nearest first.
        people: IRIs of those of its authors who have a page.
    """
    found = [*_stated(values)]
    own = {iri_text(values.document.subject)}
    for container in containers:
        others = _others(values, container, terms.IS_PART_OF, own.union(containers))
        if others:
            found.append(others)
            break
    by_people = (_others(values, person, terms.CREATOR, own) for person in people[:_MOST_PEOPLE])
    return [*found, *(others for others in by_people if others)]


def _stated(values: Values) -> Iterator[Related]:
    for heading, predicate in _STATED:
        objects = values.document.objects(values.document.subject, predicate)
        if objects:
            shown = sorted(map(values.show, objects[:_MOST_STATED]), key=lambda value: value.text.casefold())
            yield Related(gettext(heading), shown, len(objects))


def _others(values: Values, thing: str, predicate: str, own: Collection[str]) -> Related | None:
    """Return some of what else points at a container or a person; None where there is nothing. `own` is what does not count."""
    catalog, property_ = values.view.reader.catalog, iri_text(predicate)
    not_counted = sum(iri(thing) in values.document.objects(iri(one), predicate) for one in own)
    total = catalog.counts_to(thing).get(property_, 0) - not_counted
    if total < 1:
        return None
    sources = catalog.links_to(thing, property_, _SHOWN + not_counted)
    shown = [
        Shown(name, values.view.addresses.link(source), language)
        for source in [source for source in sources if source not in own and "#" not in source][:_SHOWN]
        for name, language in [values.name(source)]
    ]
    name, language = values.name(thing)
    heading = _in_the_same(values, thing) if predicate == terms.IS_PART_OF else gettext("By %(name)s", name=name)
    return Related(heading, shown, total, Shown(name, values.view.addresses.link(thing), language)) if shown else None


def _in_the_same(values: Values, container: str) -> str:
    """Return the heading of what else is in a container."""
    if values.document.objects(f"<{container}>", terms.ISSUE):
        return gettext("In the same issue")
    if values.document.objects(f"<{container}>", terms.VOLUME):
        return gettext("In the same volume")
    return gettext("In the same publication")
