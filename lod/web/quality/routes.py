"""/quality: figures; /quality/types: fields by type; /quality/rule/ID: what a rule means; /quality/records: lists, also as CSV and XLSX."""

from __future__ import annotations

from flask import Blueprint, Response, request

from lod.dump.mqa import MOST_POINTS, score_of
from lod.errors import BadValueError
from lod.store.quality.build.schema import SORTS
from lod.store.quality.find.index import PARTS, QualityIndex, Selection
from lod.store.quality.values.measures import MISSING, OWN_RULES
from lod.web.http.error_responses import error_response, no_acceptable_format
from lod.web.http.formats import CSV, FORMATS, HTML, RECORD_FORMATS, Format
from lod.web.http.negotiate import requested_format
from lod.web.http.responses import redirect_to
from lod.web.languages.catalogues import Said, gettext
from lod.web.languages.templates import render_page
from lod.web.quality.downloads import MOST_IN_XLSX, write_csv, write_xlsx
from lod.web.quality.listed import RowMaker
from lod.web.quality.selection import RECORDS, RULES, SIZE, ListState, read_state
from lod.web.quality.shown import LABELS, PLURALS, Links, Shown, label_of, title_of
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("quality", __name__)

QUALITY = "quality"
GRAPH = "quality"
"""Key of the graph of measurements, after data/."""

_NO_FIGURES = Said("There are no figures of quality of what is published: they come with the next run of lod publish.")


@blueprint.get("/quality")
def dashboard() -> Response:
    """Show the figures of the live generation, or redirect to its measurements in a format of RDF."""
    view = live_view()
    format_ = requested_format(FORMATS)
    if format_ is None:
        return no_acceptable_format("The figures of quality are", view.addresses.path(QUALITY), FORMATS)
    if format_ is not HTML:
        response = redirect_to(view.addresses.path(f"data/{GRAPH}.{format_.extension}"), 303)
        response.vary.add("Accept")
        return response
    index = view.reader.quality
    if index is None:
        return error_response(404, _NO_FIGURES)
    page = render_page(
        "quality/dashboard.html",
        shown=_shown(view, index),
        score=score_of(view.dataset(), view.addresses.base),
        most_points=MOST_POINTS,
        plurals=PLURALS,
        formats=[(offer, view.addresses.path(f"data/{GRAPH}.{offer.extension}")) for offer in FORMATS[1:]],
    )
    response = Response(page, mimetype="text/html")
    response.vary.add("Accept")
    return response


@blueprint.get("/quality/types")
def types() -> Response:
    """Show how complete each field is by type of document."""
    view = live_view()
    index = view.reader.quality
    if index is None:
        return error_response(404, _NO_FIGURES)
    columns, rows = _shown(view, index).types()
    return Response(render_page("quality/types.html", columns=columns, rows=rows), mimetype="text/html")


@blueprint.get("/quality/rule/<path:rule>")
def rule(rule: str) -> Response:
    """Show what a rule means, why it matters, how what it finds is mended, and where and when it was found."""
    view = live_view()
    index = view.reader.quality
    if index is None:
        return error_response(404, _NO_FIGURES)
    if not index.is_known(rule):
        start = view.addresses.path(QUALITY)
        return error_response(
            404,
            Said(
                "There is no rule %(rule)s; %(address)s lists those that have found something.",
                rule=rule[:60],
                address=start,
            ),
        )
    try:
        parts = read_state(request.args).selection.parts
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    selection = Selection(rule=rule, parts=parts)
    shown = _shown(view, index)
    part = next((pair for pair in parts if pair[0] != "type"), None)
    return Response(
        render_page(
            "quality/rule.html",
            words=index.words(rule),
            meanings=shown.meanings(rule),
            counts=index.counts_of(rule),
            is_own=rule in OWN_RULES,
            total=len(index.select(selection)),
            accepted=len(index.select(Selection(rule=rule, is_accepted=True, parts=parts))),
            accepted_href=shown.links.records(Selection(rule=rule, is_accepted=True, parts=parts)),
            list_href=shown.links.records(selection),
            downloads=_downloads(view, ListState(selection)),
            parts_of=list(shown.parts_of(selection)),
            plurals=PLURALS,
            fields=[] if parts else shown.fields_of(rule),
            compact=view.service.vocabulary.compact,
            trend=shown.trend(rule, part),
            part=_labelled(*part) if part else "",
            limits=[_labelled(kind, key) for kind, key in parts],
            own=view.addresses.path(f"{RULES}{rule}"),
        ),
        mimetype="text/html",
    )


@blueprint.get("/quality/records")
def records() -> Response:
    """List records: a page of them, or all of them for a spreadsheet."""
    view = live_view()
    index = view.reader.quality
    if index is None:
        return error_response(404, _NO_FIGURES)
    path = view.addresses.path(RECORDS)
    format_ = requested_format(RECORD_FORMATS)
    if format_ is None:
        return no_acceptable_format("The list is", path, RECORD_FORMATS)
    try:
        state = read_state(request.args)
    except BadValueError as fault:
        return error_response(400, fault.args[0])
    if state.selection.rule and not index.is_known(state.selection.rule):
        return error_response(404, Said("There is no rule %(rule)s.", rule=state.selection.rule[:60]))
    if format_ is not HTML:
        return _download(view, index, state, format_)
    found = index.select(state.selection)
    last = max(1, -(-len(found) // SIZE))
    if state.page > last:
        return error_response(
            404,
            Said(
                "There is no page %(page)s of this list. It begins at %(address)s",
                page=state.page,
                address=state.at(1).address(path),
            ),
        )
    maker = _maker(view, index, state)
    rows = maker.rows(index.records.page(found, state.sort, (state.page - 1) * SIZE, SIZE))
    shown = _shown(view, index)
    page = render_page(
        "quality/records.html",
        title=title_of(index, state.selection),
        selection=state.selection,
        is_missing=state.selection.rule.startswith(MISSING),
        rows=[(row, view.addresses.link(row.record.item)) for row in rows],
        total=len(found),
        first=(state.page - 1) * SIZE + 1,
        chips=[(label, state.without(name).address(path)) for name, label in _limits(state)],
        sorts=[(name, state.sorted_by(name).address(path), name == state.sort) for name in SORTS],
        rule_href=shown.links.rule(state.selection.rule) if state.selection.rule else "",
        downloads=_downloads(view, state),
        page=state.page,
        last=last,
        previous=state.at(state.page - 1).address(path) if state.page > 1 else "",
        next=state.at(state.page + 1).address(path) if state.page < last else "",
    )
    response = Response(page, mimetype="text/html")
    response.vary.add("Accept")
    return response


def _download(view: PublishedView, index: QualityIndex, state: ListState, format_: Format) -> Response:
    found = index.select(state.selection)
    maker = _maker(view, index, state)
    batches = map(maker.rows, index.records.all(found, state.sort))
    name = state.selection.rule or state.selection.severity or state.selection.state or "records"
    if format_ is CSV:
        response = Response(write_csv(maker, batches), content_type=CSV.content_type)
    elif len(found) > MOST_IN_XLSX:
        address = state.at(1).address(view.addresses.path(RECORDS), format=CSV.extension)
        return error_response(
            413, f"{len(found):,} records are more than an XLSX file takes here; the CSV has them all: {address}"
        )
    else:
        response = Response(write_xlsx(name, maker, batches), content_type=format_.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="quality-{_file_name(name)}.{format_.extension}"'
    response.vary.add("Accept")
    return response


def _file_name(name: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)[:60]


def _maker(view: PublishedView, index: QualityIndex, state: ListState) -> RowMaker:
    return RowMaker(index, state.selection, view.service.settings.edit_url, view.service.vocabulary)


def _shown(view: PublishedView, index: QualityIndex) -> Shown:
    return Shown(index, Links(view.addresses.path))


def _downloads(view: PublishedView, state: ListState) -> list[tuple[Format, str]]:
    path = view.addresses.path(RECORDS)
    return [(offer, state.at(1).address(path, format=offer.extension)) for offer in RECORD_FORMATS[1:]]


def _labelled(kind: str, key: str) -> str:
    return f"{gettext(LABELS[kind])}: {label_of(kind, key)}"


def _limits(state: ListState) -> list[tuple[str, str]]:
    """Return the limits of a list beside its rule, each with its label."""
    chosen = state.selection
    texts = (("severity", chosen.severity), ("field", chosen.field), ("state", chosen.state), ("has", chosen.has))
    found = [
        (name, gettext(text)) for name, text in texts if text and (chosen.rule or name not in {"severity", "state"})
    ]
    found += [("is_accepted", gettext("accepted"))] if chosen.is_accepted else []
    return found + [(kind, _labelled(kind, key)) for kind, key in chosen.parts if kind in PARTS]
