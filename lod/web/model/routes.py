"""/model: a page for people, a redirect to the graph of the model for programs."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response

from lod.dump.void_and_dcat import MODEL_GRAPH
from lod.web.charts.chart import drawing_svg
from lod.web.http.error_responses import no_acceptable_format
from lod.web.http.formats import DATA_FORMATS, HTML
from lod.web.http.negotiate import requested_format
from lod.web.http.responses import redirect_to
from lod.web.languages.catalogues import gettext
from lod.web.languages.numbers_and_dates import number
from lod.web.languages.page_language import page_language
from lod.web.languages.templates import render_page
from lod.web.model.diagram import diagram
from lod.web.model.joins import ClassFound, classes_found
from lod.web.model.published import PublishedModel, ShapeRow, read_model
from lod.web.pages.values import Shown
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("model", __name__)

MODEL = "model"
_MOST_TARGETS = 6


@dataclass(frozen=True, slots=True)
class PropertyShown:
    """A property of a class: how often, where it leads, the fields that feed it, the rules on it."""

    label: str
    name: str
    href: str | None
    share: str
    targets: list[tuple[str, str]]
    fields: list[str]
    rules: list[ShapeRow]


@dataclass(frozen=True, slots=True)
class ClassShown:
    """A class: label, prefixed name, anchor, number of instances, narrower classes, an example, its properties, other rules."""

    label: str
    name: str
    anchor: str
    number: int
    narrower: list[tuple[str, int]]
    example: Shown | None
    sampled: int
    properties: list[PropertyShown]
    rules: list[ShapeRow]


@blueprint.get("/model")
def model() -> Response:
    """Serve the model."""
    view = live_view()
    format_ = requested_format((HTML, *DATA_FORMATS))
    if format_ is None:
        path = view.addresses.path(MODEL)
        return no_acceptable_format("The model is", path, (HTML, *DATA_FORMATS))
    if format_ is not HTML:
        response = redirect_to(view.addresses.path(f"{MODEL_GRAPH}.{format_.extension}"), 303)
        response.vary.add("Accept")
        return response
    response = Response(_page(view), content_type=HTML.content_type)
    response.vary.add("Accept")
    return response


def _page(view: PublishedView) -> str:
    vocabulary = view.service.vocabulary
    published = read_model(view) or PublishedModel([], [], [])
    start = vocabulary.expand("rt:RepositoryItem")
    classes = sorted(classes_found(view), key=lambda found: found.iri != start)
    drawing = diagram(classes, start, lambda iri: gettext(vocabulary.label(iri)), vocabulary.compact)
    return render_page(
        "model.html",
        drawing=drawing_svg(drawing, gettext("The classes of this site and how they join")),
        classes=[_class(view, found, published) for found in classes],
        crosswalk=[(row, [vocabulary.compact(name) for name in row.properties]) for row in published.crosswalk],
        in_code=published.in_code,
        has_rules=bool(published.crosswalk),
        offers=[(offer, view.addresses.path(f"{MODEL_GRAPH}.{offer.extension}")) for offer in DATA_FORMATS],
    )


def _class(view: PublishedView, found: ClassFound, published: PublishedModel) -> ClassShown:
    vocabulary = view.service.vocabulary
    own = {found.iri, *found.narrower}
    rules = [rule for rule in published.shapes if own.intersection(rule.classes)]
    joined = {join.property for join in found.joins}
    name = view.reader.label(found.example, page_language().tag)
    properties = [
        PropertyShown(
            gettext(vocabulary.label(join.property)),
            vocabulary.compact(join.property),
            view.addresses.link(join.property),
            gettext("%(number)s of %(total)s", number=number(join.instances), total=number(found.sampled)),
            [
                (gettext(vocabulary.label(target)), _anchor(vocabulary.compact(target)))
                for target, _ in join.targets.most_common(_MOST_TARGETS)
            ],
            published.fields_of(join.property),
            [rule for rule in rules if join.property in rule.properties],
        )
        for join in found.joins
    ]
    return ClassShown(
        gettext(vocabulary.label(found.iri)),
        vocabulary.compact(found.iri),
        _anchor(vocabulary.compact(found.iri)),
        found.number,
        [(vocabulary.compact(narrower), count) for narrower, count in found.narrower.items()],
        Shown(name[0] if name else found.example, view.addresses.link(found.example), name[1] if name else None),
        found.sampled,
        properties,
        [rule for rule in rules if joined.isdisjoint(rule.properties)],
    )


def _anchor(name: str) -> str:
    return f"class-{name.replace(':', '-')}"
