"""/dumps/: the dumps of the live generation and of those before it; /.well-known/void: the description of the dataset.

A dump's address names its generation, so that a download that is resumed after a switch never mixes two of them; the file
at such an address never changes. /dumps/latest/NAME redirects to the file of the live generation.

Source: W3C VoID, section 7.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from lod.dump.manifest import ADDED, DIFFERENCES, DUMPS, REMOVED, SUMS, DumpFile, Manifest
from lod.dump.void_and_dcat import DATASET
from lod.rdf.claims import iri
from lod.store.base import PublishedGeneration
from lod.web.http.error_responses import error_response, no_acceptable_format
from lod.web.http.file_responses import FileResponse
from lod.web.http.formats import DATA_FORMATS, HTML, Format
from lod.web.http.headers import FOR_EVER
from lod.web.http.negotiate import choose_format, read_accept, requested_format
from lod.web.http.responses import redirect_to
from lod.web.languages.templates import render_page
from lod.web.reading.documents import make_document
from lod.web.service import current_service
from lod.web.view import PublishedView, live_view
from lod.web.writing.serializers import write

blueprint = Blueprint("dumps", __name__)

_JSON = Format("json", "JSON", "application/json")
_OFFERS = (HTML, _JSON, *DATA_FORMATS)
_GENERATION = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z")
_SHOWN_DIFFERENCES = 5
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Offered:
    """The files that are offered of a generation.

    Attributes:
        name: of the generation.
        created: when its building started, ISO 8601.
        previous: name of the previous generation, "" for none.
        folder: of the files.
        files: all dumps and the difference; of a generation that is no longer kept the difference alone.
    """

    name: str
    created: str
    previous: str
    folder: Path
    files: tuple[DumpFile, ...]

    @property
    def difference(self) -> list[DumpFile]:
        """The two files of the difference to the previous generation."""
        return [file for file in self.files if file.name in {ADDED, REMOVED}]

    @property
    def dumps(self) -> list[DumpFile]:
        """The files that hold everything."""
        return [file for file in self.files if file.name not in {ADDED, REMOVED}]


@blueprint.get("/dumps", strict_slashes=False)
@blueprint.get("/dumps/")
def listing() -> Response:
    """List the dumps: as a page, as JSON, or as the description of the dataset."""
    format_ = requested_format(_OFFERS)
    if format_ is None:
        path = current_service().addresses.path(DUMPS)
        return no_acceptable_format("The list of dumps is", f"{path}/", _OFFERS)
    view = live_view()
    if format_ not in {HTML, _JSON}:
        response = redirect_to(view.addresses.path(f"data/dataset.{format_.extension}"), 303)
    elif format_ is _JSON:
        response = Response(json.dumps(_as_json(view), indent=1) + "\n", mimetype=_JSON.media_type)
    else:
        offered = list(offered_from(view.reader.generation))
        differences = [item for item in offered if item.difference]
        page = render_page("dumps.html", offered=offered, differences=differences, shown=_SHOWN_DIFFERENCES, sums=SUMS)
        response = Response(page, mimetype=HTML.media_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


@blueprint.get("/dumps/latest/<name>")
def latest(name: str) -> Response:
    """Redirect to a file of the live generation."""
    view = live_view()
    generation = view.reader.generation
    manifest = Manifest.of(generation.directory)
    if manifest is None or not (name == SUMS or manifest.file(name)):
        return _no_such_file(view, name, manifest.files if manifest else ())
    response = redirect_to(view.addresses.path(f"{DUMPS}/{generation.name}/{name}"), 307)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/dumps/<generation>/<name>")
def dump(generation: str, name: str) -> Response:
    """Serve a file of a generation, whole or in ranges."""
    view = live_view()
    live = view.reader.generation
    offered = next((item for item in offered_from(live) if item.name == generation), None)
    if offered is None:
        if _GENERATION.fullmatch(generation) and generation < live.name:
            return _no_longer_kept(view, generation)
        return error_response(404, f"There is no generation {generation[:40]} here. See {view.addresses.path(DUMPS)}/")
    if name == SUMS and offered.dumps:
        return Response((offered.folder / SUMS).read_text(encoding="utf-8"), content_type=_TEXT)
    file = next((item for item in offered.files if item.name == name), None)
    if file is None:
        return _no_such_file(view, name, offered.files) if offered.dumps else _no_longer_kept(view, generation)
    # No Content-Encoding: a file named .nt.gz is a packed file, and stays one wherever it is saved.
    return FileResponse(
        offered.folder / file.name,
        file.format.compression.media_type,
        file.sha256,
        datetime.fromisoformat(offered.created),
        FOR_EVER,
    ).response()


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Serve the description of the dataset, dumps included."""
    view = live_view()
    format_ = choose_format(read_accept(request.headers.get("Accept")), DATA_FORMATS) or DATA_FORMATS[0]
    dataset = view.addresses.base + DATASET
    document = make_document(iri(dataset), view.dataset())
    response = Response(write(document, format_, view.service.context), content_type=format_.content_type)
    response.headers["Link"] = f'<{dataset}>; rel="describes"'
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


def offered_from(live: PublishedGeneration) -> Iterator[Offered]:
    """Yield the live generation and those that it was made from, the latest first.

    Those that were rolled back from are not among them.
    """
    manifest = Manifest.of(live.directory)
    if manifest is None:
        return
    past = {item.name: item for item in manifest.history}
    yield Offered(live.name, _moment(live.name), manifest.previous, live.directory / DUMPS, manifest.files)
    name, seen = manifest.previous, {live.name}
    while name and name not in seen:
        seen.add(name)
        earlier = Manifest.of(live.directory.parent / name)
        if earlier is not None:
            folder = live.directory.parent / name / DUMPS
            offered = Offered(name, _moment(name), earlier.previous, folder, earlier.files)
        elif name in past:
            folder = live.directory / DUMPS / DIFFERENCES / name
            offered = Offered(name, _moment(name), past[name].previous, folder, past[name].files)
        else:
            return
        yield offered
        name = offered.previous


def _moment(name: str) -> str:
    """Return the moment in the name of a generation, so that its address and its date never differ."""
    return f"{name[:4]}-{name[4:6]}-{name[6:11]}:{name[11:13]}:{name[13:15]}Z"


def _no_longer_kept(view: PublishedView, generation: str) -> Response:
    listed = f"{view.addresses.path(DUMPS)}/"
    message = f"The generation {generation} is no longer kept. The dumps of the live one are listed at {listed}"
    return error_response(410, message)


def _no_such_file(view: PublishedView, name: str, files: tuple[DumpFile, ...]) -> Response:
    names = ", ".join(file.name for file in files) or "none; the next 'lod publish' writes them"
    listed = f"{view.addresses.path(DUMPS)}/"
    return error_response(404, f"There is no dump {name[:60]!r} here. Dumps: {names}. See {listed}")


def _as_json(view: PublishedView) -> dict[str, Any]:
    """Return the generations, the live one first, and the files of each, for mirrors."""
    live = view.reader.generation

    def row(offered: Offered, file: DumpFile) -> dict[str, Any]:
        return {
            "name": file.name,
            "url": f"{view.addresses.base}{DUMPS}/{offered.name}/{file.name}",
            "mediaType": file.format.syntax.media_type,
            "compression": file.format.compression.media_type,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "triples": file.triples,
        }

    return {
        "live": live.name,
        "generations": [
            {
                "name": offered.name,
                "created": offered.created,
                "previous": offered.previous or None,
                "files": [row(offered, file) for file in offered.files],
            }
            for offered in offered_from(live)
        ],
    }
