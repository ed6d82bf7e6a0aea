"""Version 0.2 of the protocol: its JSON read into queries, and what was found written as its JSON.

Source: Reconciliation Service API 0.2, final report of the W3C Entity Reconciliation Community Group, 2023-04-10.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lod import __version__
from lod.errors import BadValueError
from lod.settings.table import Settings
from lod.store.search.find.query import readable
from lod.web.reconcile.entities import TYPES, CellValue, Entities, Entity, Type
from lod.web.reconcile.properties import BY_ID, DATE, NUMBER, PROPERTIES, Property
from lod.web.reconcile.query import ALL, ANY, DEFAULT_LIMIT, LONGEST_TEXT, MOST_CANDIDATES, SHOULD, Query, Stated
from lod.web.reconcile.reconciler import Candidate

Json = dict[str, Any]

PATH = "reconcile"
BATCH_SIZE = 100
"""Queries in one request."""
MOST_IDS = 500
"""Entities in one request for data extension."""
PREVIEW_WIDTH, PREVIEW_HEIGHT = 430, 240

_MOST_STATED, _MOST_VALUES = 12, 8
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,15}")


class TooManyError(BadValueError):
    """A request has more parts than it may have."""


# --- requests


def read_batch(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their names.

    Raises:
        TooManyError: it has more than BATCH_SIZE.
        BadValueError: it is no batch.
    """
    batch = _object(text, "queries=")
    if len(batch) > BATCH_SIZE:
        raise TooManyError(f"queries= has {len(batch)} queries; a batch has at most {BATCH_SIZE}.")
    return {name: _query(part, f"queries=, {name[:40]}") for name, part in batch.items()}


def read_single(text: str) -> Query:
    """Return the query of the older form with one: an object of JSON, or a bare text.

    Raises:
        BadValueError: it is neither.
    """
    if text.lstrip().startswith("{"):
        return _query(_object(text, "query="), "query=")
    return Query(_text(text))


def read_extension(text: str) -> tuple[list[str], list[tuple[Property, int]]]:
    """Return the ids and the properties of a request for data extension, each with the most values wanted, 0 for all.

    Raises:
        TooManyError: it has more than MOST_IDS ids.
        BadValueError: it is none, or names a property that there is not.
    """
    wanted = _object(text, "extend=")
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadValueError('extend= needs two lists: {"ids": ["…"], "properties": [{"id": "…"}]}.')
    if len(ids) > MOST_IDS:
        raise TooManyError(f"extend= has {len(ids)} ids; at most {MOST_IDS} are taken at once.")
    found = []
    for part in properties[: len(PROPERTIES)]:
        name = part.get("id") if isinstance(part, dict) else None
        if not isinstance(name, str) or name not in BY_ID:
            raise BadValueError(f"extend=: there is no property {str(name)[:40]}; known: {', '.join(BY_ID)}.")
        settings = part.get("settings")
        found.append((BY_ID[name], _number(settings.get("limit") if isinstance(settings, dict) else None, 0)))
    return [id_ for id_ in ids if isinstance(id_, str)], found


def _object(text: str, name: str) -> Json:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValueError(f"{name} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise BadValueError(f"{name} is no object of JSON.")
    return found


def _query(part: object, place: str) -> Query:
    if not isinstance(part, dict):
        raise BadValueError(f'{place}: a query is an object such as {{"query": "…"}}.')
    strict = part.get("type_strict", ANY)
    stated = part.get("properties")
    limit = _number(part.get("limit"), DEFAULT_LIMIT) or DEFAULT_LIMIT
    return Query(
        _text(part.get("query")),
        tuple(filter(None, map(_id, _list(part.get("type"))))),
        # Any JSON may stand there: a list has no hash.
        next((known for known in (ALL, SHOULD) if known == strict), ANY),
        min(limit, MOST_CANDIDATES),
        dict(_stated(stated if isinstance(stated, list) else ())),
    )


def _stated(parts: Iterable[object]) -> Iterable[tuple[str, tuple[Stated, ...]]]:
    for part in list(parts)[:_MOST_STATED]:
        if not isinstance(part, dict):
            continue
        name = part.get("pid")
        values = tuple(_value(value) for value in _list(part.get("v"))[:_MOST_VALUES])
        kept = tuple(value for value in values if value.text or value.iri)
        if isinstance(name, str) and kept:
            yield name, kept


def _value(value: object) -> Stated:
    if isinstance(value, dict):
        return Stated(_text(value.get("name")), _text(value.get("id")))
    return Stated(_text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(readable(str(value)).split())[:LONGEST_TEXT] if isinstance(value, str | int | float) else ""


def _id(value: object) -> str:
    return _text(value.get("id") if isinstance(value, dict) else value)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(value: object, otherwise: int) -> int:
    """Return a number that is not negative, as JSON or as the text that some clients send."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise


# --- responses


def manifest(settings: Settings) -> Json:
    """Return the description of the service."""
    at = f"{settings.base_iri}{PATH}"
    return {
        "versions": ["0.1", "0.2"],
        "name": settings.title,
        "identifierSpace": f"{settings.base_iri}id/",
        "schemaSpace": f"{at}/schema",
        "documentation": f"{at}/schema",
        "serviceVersion": __version__,
        "defaultTypes": [written_type(type_) for type_ in TYPES],
        "view": {"url": f"{at}/view?id={{{{id}}}}"},
        "preview": {"url": f"{at}/preview?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {
            name: {"service_url": settings.base_iri.rstrip("/"), "service_path": f"/{PATH}/suggest/{name}"}
            for name in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {
                "service_url": settings.base_iri.rstrip("/"),
                "service_path": f"/{PATH}/properties",
            },
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Most values",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values are fetched of each entity; 0 for all",
                }
            ],
        },
        "batchSize": BATCH_SIZE,
    }


def schema() -> Json:
    """Return the types and properties, and what each represents in the published data."""
    return {
        "types": [{**written_type(type_), "class": type_.iri} for type_ in TYPES],
        "properties": [
            {
                "id": property_.id,
                "name": property_.name,
                "types": list(property_.types),
                "compared": property_.compare,
                "weight": property_.weight,
                "standsFor": property_.stands_for,
            }
            for property_ in PROPERTIES
        ],
    }


def results(candidates: Iterable[Candidate]) -> Json:
    """Return the candidates for a query."""
    return {"result": [_candidate(candidate) for candidate in candidates]}


def _candidate(candidate: Candidate) -> Json:
    return {
        **suggested_entity(candidate.entity, "type"),
        "score": candidate.score,
        "match": candidate.is_match,
        "features": [{"id": name, "value": value} for name, value in candidate.features.items()],
    }


def suggested_entity(entity: Entity, types: str = "notable") -> Json:
    """Return an entity; `types` is what its types are called in this place."""
    return {
        "id": entity.iri,
        "name": entity.name,
        "description": entity.description,
        types: [written_type(type_) for type_ in entity.types],
    }


def written_type(type_: Type) -> Json:
    """Return a type."""
    return {"id": type_.id, "name": type_.name}


def written_property(property_: Property) -> Json:
    """Return a property."""
    return {"id": property_.id, "name": property_.name}


def suggested_property(property_: Property) -> Json:
    """Return a property as it is suggested, with what it is a property of."""
    return {**written_property(property_), "description": f"of: {', '.join(property_.types)}"}


def extension(entities: Entities, ids: Iterable[str], properties: Iterable[tuple[Property, int]]) -> Json:
    """Return the values of properties of entities."""
    wanted = list(properties)
    by_id: Mapping[str, Type] = {type_.id: type_ for type_ in TYPES}
    meta = [
        {**written_property(p), **({"type": written_type(by_id[p.value_type])} if p.value_type else {})}
        for p, _ in wanted
    ]
    rows = {}
    for id_ in ids:
        entity = entities.get(readable(id_))
        rows[id_] = {property_.id: _fetched(entity, property_, most) for property_, most in wanted}
    return {"meta": meta, "rows": rows}


def _fetched(entity: Entity | None, property_: Property, most: int) -> list[Json]:
    if entity is None or entity.type.id not in property_.types:
        return []
    values = property_.read(entity)
    return [_cell(property_, value) for value in (values[:most] if most else values)]


def _cell(property_: Property, value: CellValue) -> Json:
    if value.iri:
        return {"id": value.iri, "name": value.text}
    if property_.compare == DATE and _DAY.fullmatch(value.text):
        # The schema of the protocol has dates with a time only.
        return {"date": f"{value.text}T00:00:00Z"}
    if property_.compare == NUMBER or (property_.id == "year" and _INTEGER.fullmatch(value.text)):
        return {"int": int(value.text)}
    return {"str": value.text}
