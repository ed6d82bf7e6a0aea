"""/dumps/: the dumps of the live generation and of those before it; /.well-known/void: what the dataset is.

A dump's address names its generation, so that a download that goes on after a switch never mixes two of them; what is at
such an address never changes. /dumps/latest/NAME leads to the one of the live generation.

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

from flask import Blueprint, Response, redirect, render_template, request

from lod.dump.manifest import ADDED, DIFFERENCES, DUMPS, REMOVED, SUMS, DumpFile, Manifest
from lod.dump.void_and_dcat import DATASET
from lod.rdf.claims import iri
from lod.store.base import PublishedGeneration
from lod.web.http.error_responses import fault
from lod.web.http.file_responses import FileAnswer
from lod.web.http.formats import DATA_FORMATS, HTML, Format, format_named
from lod.web.http.negotiate import choose_format, read_accept
from lod.web.reading.documents import make_document
from lod.web.service import Service, service
from lod.web.writing.serializers import write

blueprint = Blueprint("dumps", __name__)

_JSON = Format("json", "JSON", "application/json")
_OFFERS = (HTML, _JSON, *DATA_FORMATS)
_GENERATION = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z")
_FOR_EVER = "public, max-age=31536000, immutable"
_SHOWN_DIFFERENCES = 5
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Offered:
    """What is served of a generation.

    Attributes:
        name: of the generation.
        created: when its building began, ISO 8601.
        previous: name of the generation before, "" for none.
        folder: where the files lie.
        files: all dumps and the difference; of a generation that is no longer kept the difference alone.
    """

    name: str
    created: str
    previous: str
    folder: Path
    files: tuple[DumpFile, ...]

    @property
    def difference(self) -> list[DumpFile]:
        """The two files of the difference to the generation before."""
        return [file for file in self.files if file.name in {ADDED, REMOVED}]

    @property
    def dumps(self) -> list[DumpFile]:
        """The files that hold everything."""
        return [file for file in self.files if file.name not in {ADDED, REMOVED}]


@blueprint.get("/dumps", strict_slashes=False)
@blueprint.get("/dumps/")
def listing() -> Response:
    """List the dumps: as a page, as JSON, or as the description of the dataset."""
    here = service()
    named = request.args.get("format")
    accept = read_accept(request.headers.get("Accept"))
    format_ = format_named(named, _OFFERS) if named else choose_format(accept, _OFFERS)
    if format_ is None:
        lines = [f"{offer.media_type}: {here.addresses.path(DUMPS)}/?format={offer.extension}" for offer in _OFFERS]
        return fault(406, "\n".join(["The list of dumps is offered as:", *lines]))
    reader = here.reader()
    if format_ not in {HTML, _JSON}:
        answer = redirect(here.addresses.path(f"data/dataset.{format_.extension}"), 303)
        assert isinstance(answer, Response)  # noqa: S101 - Flask's own
    elif format_ is _JSON:
        answer = Response(json.dumps(_as_json(here, reader.generation), indent=1) + "\n", mimetype=_JSON.media_type)
    else:
        offered = list(offered_from(reader.generation))
        differences = [one for one in offered if one.difference]
        page = render_template(
            "dumps.html", offered=offered, differences=differences, shown=_SHOWN_DIFFERENCES, sums=SUMS
        )
        answer = Response(page, mimetype=HTML.media_type)
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept")
    return answer


@blueprint.get("/dumps/latest/<name>")
def latest(name: str) -> Response:
    """Lead to a file of the live generation."""
    here = service()
    generation = here.reader().generation
    manifest = Manifest.of(generation.directory)
    if manifest is None or not (name == SUMS or manifest.file(name)):
        return _no_such_file(here, name, manifest.files if manifest else ())
    answer = redirect(here.addresses.path(f"{DUMPS}/{generation.name}/{name}"), 307)
    assert isinstance(answer, Response)  # noqa: S101 - Flask's own
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/dumps/<generation>/<name>")
def dump(generation: str, name: str) -> Response:
    """Serve a file of a generation, whole or in ranges."""
    here = service()
    live = here.reader().generation
    offered = next((one for one in offered_from(live) if one.name == generation), None)
    if offered is None:
        if _GENERATION.fullmatch(generation) and generation < live.name:
            return _no_longer_kept(here, generation)
        return fault(404, f"There is no generation {generation[:40]} here. See {here.addresses.path(DUMPS)}/")
    if name == SUMS and offered.dumps:
        return Response((offered.folder / SUMS).read_text(encoding="utf-8"), content_type=_TEXT)
    file = next((one for one in offered.files if one.name == name), None)
    if file is None:
        return _no_such_file(here, name, offered.files) if offered.dumps else _no_longer_kept(here, generation)
    return _served(offered, file)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Serve the description of the dataset, dumps included."""
    here = service()
    reader = here.reader()
    format_ = choose_format(read_accept(request.headers.get("Accept")), DATA_FORMATS) or DATA_FORMATS[0]
    dataset = here.settings.base_iri + DATASET
    document = make_document(iri(dataset), here.dataset(reader))
    answer = Response(write(document, format_, here.context), content_type=format_.content_type)
    answer.headers["Link"] = f'<{dataset}>; rel="describes"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag(weak=True)
    answer.vary.add("Accept")
    answer.make_conditional(request)
    return answer


def offered_from(live: PublishedGeneration) -> Iterator[Offered]:
    """Yield the live generation and those that it was made from, the latest first.

    What was rolled back from is not among them: it was taken back.
    """
    manifest = Manifest.of(live.directory)
    if manifest is None:
        return
    past = {one.name: one for one in manifest.history}
    yield Offered(live.name, _moment(live.name), manifest.previous, live.directory / DUMPS, manifest.files)
    name, seen = manifest.previous, {live.name}
    while name and name not in seen:
        seen.add(name)
        kept = Manifest.of(live.directory.parent / name)
        if kept is not None:
            offered = Offered(name, _moment(name), kept.previous, live.directory.parent / name / DUMPS, kept.files)
        elif name in past:
            folder = live.directory / DUMPS / DIFFERENCES / name
            offered = Offered(name, _moment(name), past[name].previous, folder, past[name].files)
        else:
            return
        yield offered
        name = offered.previous


def _moment(name: str) -> str:
    """Return the moment that the name of a generation tells: its address and its date never part."""
    return f"{name[:4]}-{name[4:6]}-{name[6:11]}:{name[11:13]}:{name[13:15]}Z"


def _served(offered: Offered, file: DumpFile) -> Response:
    # No Content-Encoding: a file named .nt.gz is a packed file, and stays one wherever it is saved.
    return FileAnswer(
        offered.folder / file.name,
        file.format.compression.media_type,
        file.sha256,
        datetime.fromisoformat(offered.created),
        _FOR_EVER,
    ).response()


def _no_longer_kept(here: Service, generation: str) -> Response:
    listed = f"{here.addresses.path(DUMPS)}/"
    message = f"The generation {generation} is no longer kept. The dumps of the live one are listed at {listed}"
    return fault(410, message, title="No longer kept")


def _no_such_file(here: Service, name: str, files: tuple[DumpFile, ...]) -> Response:
    names = ", ".join(file.name for file in files) or "none; the next 'lod publish' writes them"
    return fault(404, f"There is no dump {name[:60]!r} here. Dumps: {names}. See {here.addresses.path(DUMPS)}/")


def _as_json(here: Service, live: PublishedGeneration) -> dict[str, Any]:
    """Return the generations, the live one first, and the files of each, as a mirror reads them."""

    def row(offered: Offered, file: DumpFile) -> dict[str, Any]:
        return {
            "name": file.name,
            "url": f"{here.settings.base_iri}{DUMPS}/{offered.name}/{file.name}",
            "mediaType": file.format.syntax.media_type or None,
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
