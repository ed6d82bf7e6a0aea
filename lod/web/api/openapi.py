"""Description of the API in OpenAPI 3.1, made from the tables of collections, fields and facets.

Source: OpenAPI Specification 3.1.1; JSON Schema 2020-12.
"""

from __future__ import annotations

from typing import Any

from lod import __version__
from lod.settings.table import Settings
from lod.store.search.find.browse import ORDERS
from lod.store.search.find.index import SORTS
from lod.store.search.values.facets import FACETS, NAMES
from lod.web.api.collections import API, COLLECTIONS, Collection
from lod.web.api.fields import CONTAINER, FILE, FORMS, INTEGERS, Field, fields_of
from lod.web.reconcile.entities import ITEM
from lod.web.search.state import DEFAULT_SIZE, SIZES

OPENAPI = "openapi.json"
"""Path of the description, below the mount."""

LIST_ARGUMENTS = {"q": "", "sort": "name", "page": "1", "size": str(DEFAULT_SIZE)}
"""Arguments of lists of things, with their usual values."""
ITEM_ARGUMENTS = ("q", *NAMES, "sort", "size", "page", "facets")

Json = dict[str, Any]

_IRI = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "format": "uri"}
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_ERRORS = {
    "400": "An argument has no meaning, or is unknown; the text says what would be right",
    "404": "There is no such entity or page, or no search index yet",
    "406": "The client accepts no JSON",
    "410": "The item was removed; the text says when",
    "429": "Too many requests of this client; Retry-After says when to come again",
    "503": "Nothing is published yet, or the site cannot be read for now",
}
_EXAMPLES = {
    "items": "10722/129504",
    "people": "orcid-0000-0002-1825-0097",
    "organisations": "n-1c0de5b1c5f0a7e2",
    "journals": "0003-4967",
    "concepts": "mesh/lupus%2C_systemic",
}


def describe_api(settings: Settings) -> Json:
    """Return the description."""
    paths: Json = {f"/{API}/lookup": {"get": _lookup()}}
    for collection in COLLECTIONS:
        paths[f"/{API}/{collection.name}"] = {"get": _list(collection)}
        paths[f"/{API}/{collection.name}/{{key}}"] = {"get": _entity(collection)}
    info: Json = {
        "title": f"Entity API of {settings.title}",
        "version": __version__,
        "description": "Items, people, organisations, journals and concepts as JSON. Each field of an entity is an array and is left out "
        "where it is empty. The names are those of the JSON-LD context, so the JSON is JSON-LD too.",
    }
    if settings.license:
        info["license"] = {"name": "Licence of the data", "url": settings.license}
    return {
        "openapi": "3.1.1",
        "info": info,
        "servers": [{"url": settings.base_iri.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": _schemas(), "responses": _responses()},
    }


def _list(collection: Collection) -> Json:
    if collection.kind == ITEM.id:
        parameters = [
            _argument(
                "q",
                _TEXT,
                "Words, phrases in quotation marks, fields as in author:lu, or an identifier; all items without",
            ),
            *(
                _argument(
                    facet.name,
                    {"type": "array", "items": {"type": "string", "maxLength": 500}},
                    f"Filter: {facet.label}. Several narrow further, at most 6 filters in all",
                )
                for facet in FACETS
            ),
            _argument("sort", {"type": "string", "enum": list(SORTS)}, "Order; newest first without a query"),
            _argument(
                "facets",
                {"type": "array", "items": {"type": "string", "enum": list(NAMES)}},
                "Facets to count among the hits",
            ),
        ]
        summary = "Search the items"
    else:
        parameters = [
            _argument("q", _TEXT, "A text that their names contain"),
            _argument("sort", {"type": "string", "enum": list(ORDERS)}, "Order: by name, or by number of items"),
        ]
        summary = f"List the {collection.name} that have an IRI"
    parameters += [
        _argument("size", {"type": "integer", "enum": list(SIZES), "default": DEFAULT_SIZE}, "Entities on a page"),
        _argument("page", {"type": "integer", "minimum": 1, "maximum": 99_999, "default": 1}, "Number of the page"),
    ]
    return _operation(f"list_{collection.name}", summary, parameters, f"{collection.schema}List", ("400", "404"))


def _entity(collection: Collection) -> Json:
    key = {
        "name": "key",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": f"What follows /id/{collection.start} in the IRI, or any IRI; escaped, slashes may be",
        "example": _EXAMPLES[collection.name],
    }
    found = _operation(
        f"get_{collection.name}", f"One of the {collection.name}", [key], collection.schema, ("400", "404", "410")
    )
    found["responses"]["301"] = {"$ref": "#/components/responses/Moved"}
    return found


def _lookup() -> Json:
    id_ = _argument(
        "id", {"type": "string", "minLength": 1}, "An IRI, the address of a page, or an identifier in any spelling"
    )
    id_["required"] = True
    return _operation("lookup", "What an identifier names", [id_], "EntityList", ("400", "404"))


def _operation(name: str, summary: str, parameters: list[Json], schema: str, errors: tuple[str, ...]) -> Json:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "As asked for",
                "content": {"application/json": content, "application/ld+json": content},
            },
            **{
                status: {"$ref": f"#/components/responses/Error{status}"}
                for status in sorted({*errors, "406", "429", "503"})
            },
        },
    }


def _argument(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _responses() -> Json:
    problem = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/plain": {"schema": {"type": "string"}},
        "text/html": {"schema": {"type": "string"}},
    }
    errors = {f"Error{status}": {"description": text, "content": problem} for status, text in _ERRORS.items()}
    moved = {
        "description": "The entity has another IRI now",
        "headers": {"Location": {"schema": {"type": "string"}}},
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
    return {**errors, "Moved": moved}


def _schemas() -> Json:
    found: Json = {
        "Text": _object({"value": _TEXT, "language": {"type": "string", "description": "BCP 47"}}, ("value",)),
        "Date": _object(
            {
                "value": {"type": "string", "description": "ISO 8601"},
                "type": {"type": "string", "examples": ["xsd:gYear"]},
            },
            ("value",),
        ),
        "Links": _object({"self": _ADDRESS, "html": _ADDRESS, "data": _ADDRESS}, ("self",)),
        "Reference": _object(
            {"id": _IRI, "displayName": _TEXT, "orcid": _TEXT, "links": _ref("Links")}, ("id", "displayName")
        ),
        "Container": _node(CONTAINER),
        "File": _node(FILE),
        "Problem": _object(
            {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
            ("title", "status", "detail"),
        ),
        "Summary": _object(
            {
                "authors": _array(_object({"id": _IRI, "displayName": _TEXT, "orcid": _TEXT}, ("displayName",))),
                "numberOfAuthors": _COUNT,
                "issued": _TEXT,
                "partOf": _array(_object({"id": _IRI, "displayName": _TEXT}, ("displayName",))),
                **{name: _array(_TEXT) for name in ("types", "access", "licence")},
                "doi": _TEXT,
                "abstract": _TEXT,
            },
            (),
        ),
        "Facet": _object(
            {"value": _TEXT, "displayName": _TEXT, "id": _IRI, "numberOfItems": _COUNT},
            ("value", "displayName", "numberOfItems"),
        ),
        "Pages": _object(
            dict.fromkeys(("self", "first", "previous", "next", "last"), _ADDRESS), ("self", "first", "last")
        ),
    }
    listed: Json = {"id": _IRI, "displayName": _TEXT, "links": _ref("Links")}
    found["ListedItem"] = _object({**listed, "summary": _ref("Summary")}, ("id", "displayName", "links"))
    found["ListedEntity"] = _object({**listed, "numberOfItems": _COUNT}, ("id", "displayName"))
    found["EntityList"] = _list_schema("ListedEntity")
    for collection in COLLECTIONS:
        is_item = collection.kind == ITEM.id
        more = {} if is_item else {"numberOfItems": _COUNT}
        found[collection.schema] = _node(
            collection.kind,
            {"@context": _ADDRESS, "links": _ref("Links"), **more},
            ("@context", "type", "links", *more),
        )
        found[f"{collection.schema}List"] = _list_schema("ListedItem" if is_item else "ListedEntity", facets=is_item)
    return found


def _node(kind: str, more: Json | None = None, required: tuple[str, ...] = ()) -> Json:
    own = {"id": _IRI, "type": _array(_TEXT), "displayName": _TEXT}
    fields = {field.name: _field(field) for field in fields_of(kind)}
    return _object({**own, **(more or {}), **fields}, ("id", "displayName", *required))


def _field(field: Field) -> Json:
    schema = FORMS[field.form]
    value = _ref(schema) if schema else {"type": "integer"} if field.form == INTEGERS else _TEXT
    return {**_array(value), "minItems": 1, "description": field.description}


def _list_schema(member: str, *, facets: bool = False) -> Json:
    more = {"facets": {"type": "object", "additionalProperties": _array(_ref("Facet"))}} if facets else {}
    return _object(
        {
            "@context": _ADDRESS,
            "id": _ADDRESS,
            "type": _array(_TEXT),
            "totalItems": _COUNT,
            "pageNumber": {"type": "integer", "minimum": 1},
            "pageSize": {"type": "integer", "minimum": 1},
            "links": _ref("Pages"),
            "member": _array(_ref(member)),
            **more,
        },
        ("@context", "id", "totalItems", "pageNumber", "pageSize", "links", "member"),
    )


def _object(properties: Json, required: tuple[str, ...]) -> Json:
    """Return the schema of an object that has no other properties: a new field is a new version of the description."""
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
    }


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
