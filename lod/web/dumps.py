"""/dumps/: the dumps of the live generation and of those before it; /.well-known/void: what the dataset is.

A dump's address names its generation, so that a download that goes on after a switch never mixes two of them; what is at
such an address never changes. /dumps/latest/NAME leads to the one of the live generation.

Source: RFC 9110, sections 13 and 14 (conditions, ranges); W3C VoID, section 7.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file

from lod.claims import iri
from lod.dump.description import DATASET
from lod.dump.files import DUMPS, SUMS, DumpFile, Manifest
from lod.store.base import PublishedGeneration
from lod.store.folders import DESCRIPTION
from lod.web.documents import make_document
from lod.web.faults import fault
from lod.web.formats import DATA_FORMATS, HTML, Format, format_named
from lod.web.negotiate import choose_format, read_accept
from lod.web.serializers import write
from lod.web.service import Service, service

blueprint = Blueprint("dumps", __name__)

_JSON = Format("json", "JSON", "application/json")
_OFFERS = (HTML, _JSON, *DATA_FORMATS)
_GENERATION = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z")
_YEAR_S = 31_536_000
_FOR_EVER = f"public, max-age={_YEAR_S}, immutable"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Offered:
    """A generation whose dumps are served: its name, when it was built (ISO 8601), its folder and its dumps."""

    name: str
    created: str
    directory: Path
    manifest: Manifest


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
        answer = Response(render_template("dumps.html", offered=offered, sums=SUMS), mimetype=HTML.media_type)
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
        return _no_such_file(here, name, manifest)
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
            return fault(
                410,
                f"The generation {generation} is no longer kept. The dumps of the live one are listed at "
                f"{here.addresses.path(DUMPS)}/",
                title="No longer kept",
            )
        return fault(404, f"There is no generation {generation[:40]} here. See {here.addresses.path(DUMPS)}/")
    if name == SUMS:
        return Response((offered.directory / DUMPS / SUMS).read_text(encoding="utf-8"), content_type=_TEXT)
    file = offered.manifest.file(name)
    if file is None:
        return _no_such_file(here, name, offered.manifest)
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


def offered_from(generation: PublishedGeneration) -> Iterator[Offered]:
    """Yield the live generation and those that it was made from, the latest first, while they are kept.

    What was rolled back from is not among them: it was taken back.
    """
    directory, name, created = generation.directory, generation.name, generation.created
    seen: set[str] = set()
    while name not in seen and (manifest := Manifest.of(directory)) is not None:
        seen.add(name)
        yield Offered(name, created, directory, manifest)
        name = manifest.previous
        directory = directory.parent / name
        try:
            created = json.loads((directory / DESCRIPTION).read_text(encoding="utf-8"))["created"] if name else ""
        except FileNotFoundError:
            return


def _served(offered: Offered, file: DumpFile) -> Response:
    # No Content-Encoding: a file named .nt.gz is a packed file, and stays one wherever it is saved.
    answer = send_file(
        offered.directory / DUMPS / file.name,
        mimetype=file.format.compression.media_type,
        conditional=True,
        max_age=_YEAR_S,
        etag=file.sha256,
        last_modified=datetime.fromisoformat(offered.created),
    )
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


def _no_such_file(here: Service, name: str, manifest: Manifest | None) -> Response:
    names = ", ".join(file.name for file in manifest.files) if manifest else "none; the next 'lod publish' writes them"
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
                "previous": offered.manifest.previous or None,
                "triples": offered.manifest.statistics.triples,
                "files": [row(offered, file) for file in offered.manifest.files],
            }
            for offered in offered_from(live)
        ],
    }
