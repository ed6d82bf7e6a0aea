"""/croissant.json: the dumps as a dataset for machine learning and for dataset search, with checksums, one generation at a time.

Source: Croissant Format Specification 1.0 (MLCommons), sections on datasets, distributions and record sets; schema.org/Dataset.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Blueprint, Response

from lod.dump.manifest import DUMPS, DumpFile, Manifest
from lod.dump.void_and_dcat import CROISSANT, CROISSANT_PROFILE, DATASET, description_of
from lod.rdf.formats import JSON_LD, JSON_LINES
from lod.settings.table import Settings
from lod.store.base import PublishedGeneration
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.responses import respond
from lod.web.view import live_view

blueprint = Blueprint("croissant", __name__)


_JSON_LINES = "application/jsonlines"
"""The name by which Croissant knows lines of JSON."""
_GENERATION = re.compile(r"([0-9]{8})T([0-9]{6})\.([0-9]{6})Z")
_SCHEMA = "https://schema.org/"
_CONTEXT = {
    "@language": "en",
    "@vocab": _SCHEMA,
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": _SCHEMA,
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives, which readers of Croissant compare."""

_FIELDS: tuple[tuple[str, str, str, str, dict[str, bool]], ...] = (
    ("iri", "sc:URL", "@id", "The IRI of the resource", {}),
    ("type", "sc:Text", "@type", "Its classes", {"repeated": True}),
)
"""Fields of the record set: name, type, key in the lines, description, and what else is said of it. Values of other keys are objects of
JSON-LD, for which Croissant has no type."""


@blueprint.get(f"/{CROISSANT}")
def croissant() -> Response:
    """Describe the dumps of the live generation in Croissant."""
    view = live_view()
    generation, settings = view.reader.generation, view.service.settings
    manifest = Manifest.of(generation.directory)
    if manifest is None:
        return error_response(404, "There are no dumps here, so there is nothing to describe in Croissant.")

    def make() -> Representation:
        items = view.reader.catalog.counts().get("records", 0)
        body = json.dumps(describe_dumps(settings, generation, manifest, items), ensure_ascii=False, indent=1)
        return make_representation(f"{body}\n".encode(), JSON_LD.content_type)

    found = view.reader.responses.get_or_make((CROISSANT,), make)
    return respond(found, view.reader.responses, (CROISSANT,), view.reader.modified)


def describe_dumps(
    settings: Settings, generation: PublishedGeneration, manifest: Manifest, items: int
) -> dict[str, Any]:
    """Return the description; `items` is how many items are published."""
    base = settings.base_iri
    publisher = (
        {
            "@type": "Organization",
            "name": settings.publisher,
            **({"@id": settings.publisher_iri} if settings.publisher_iri else {}),
        }
        if settings.publisher
        else None
    )
    year, name = generation.created[:4], settings.publisher or settings.title
    lines = next((file for file in manifest.dumps if file.format.syntax is JSON_LINES), None)
    parts = {
        "@context": _CONTEXT,
        "@id": base + DATASET,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT_PROFILE,
        "name": settings.title,
        "description": description_of(settings, items),
        "url": base,
        "license": settings.license,
        "creator": publisher,
        "publisher": publisher,
        "keywords": list(settings.keywords),
        "datePublished": generation.created[:10],
        "dateModified": generation.created,
        "version": _version(generation.name),
        "citeAs": f"{name} ({year}): {settings.title}. {base}{DATASET}",
        "distribution": [_file(base, generation.name, file) for file in manifest.dumps],
        "recordSet": [_records(lines)] if lines else [],
    }
    return {key: value for key, value in parts.items() if value}


def _file(base: str, generation: str, file: DumpFile) -> dict[str, Any]:
    syntax = file.format.syntax
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": f"{file.format.writer.holds} Compressed with {file.format.compression.name}.",
        "contentUrl": f"{base}{DUMPS}/{generation}/{file.name}",
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _JSON_LINES if syntax is JSON_LINES else syntax.media_type,
        "sha256": file.sha256,
    }


def _records(lines: DumpFile) -> dict[str, Any]:
    """Return the record set: each line is a resource."""
    return {
        "@type": "cr:RecordSet",
        "@id": "resources",
        "name": "resources",
        "description": "Everything that has an IRI: items, people, journals, subjects, lists of authors.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"resources/{name}",
                "name": name,
                "description": description,
                "dataType": type_,
                "source": {"fileObject": {"@id": lines.name}, "extract": {"column": column}},
                **more,
            }
            for name, type_, column, description, more in _FIELDS
        ],
    }


def _version(generation: str) -> str:
    """Return the name of a generation, a moment, in three numbers, as versions are to have."""
    match = _GENERATION.fullmatch(generation)
    return ".".join(str(int(number)) for number in match.groups()) if match else ""
