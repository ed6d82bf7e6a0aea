"""Table of collections: the five types of entities, the addresses of their lists and of each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lod.store.search.build.things import CONCEPT, JOURNAL, ORGANISATION, PERSON
from lod.web.http.addresses import GIVEN, Addresses
from lod.web.reconcile.entities import ITEM, Entity

API = "api"
"""Path of the API, below the mount."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection.

    Attributes:
        name: in addresses, and of what it has.
        kind: id of the type of its entities.
        schema: name of their schema.
        start: what follows /id/ in the IRIs of this site that are in it.
        facet: whose values they are; "" for items.
    """

    name: str
    kind: str
    schema: str
    start: str
    facet: str = ""


COLLECTIONS = (
    Collection("items", ITEM.id, "Item", "item/"),
    Collection("people", PERSON, "Person", "person/", "person"),
    Collection("organisations", ORGANISATION, "Organisation", "org/", "organisation"),
    Collection("journals", JOURNAL, "Journal", "serial/", "journal"),
    Collection("concepts", CONCEPT, "Concept", "concept/", "subject"),
)
BY_NAME = {collection.name: collection for collection in COLLECTIONS}
_BY_KIND = {collection.kind: collection for collection in COLLECTIONS}


def address_of(addresses: Addresses, entity: Entity) -> str:
    """Return the address of the JSON of an entity."""
    return address(addresses, _BY_KIND[entity.type.id], entity.iri)


def address(addresses: Addresses, collection: Collection, iri: str) -> str:
    """Return the address of the JSON of what has an IRI and is in a collection: its key there, or its IRI, escaped."""
    start = f"{addresses.base}id/{collection.start}"
    key = iri[len(start) :] if iri.startswith(start) else quote(iri, safe="")
    return f"{addresses.base}{API}/{collection.name}/{key}"


def iris_named(addresses: Addresses, collection: Collection, name: str) -> Iterator[str]:
    """Yield the IRIs that the last part of an address may stand for, the likeliest first.

    Clients that are made from the description escape a key once more, slashes included.
    """
    for text in dict.fromkeys((name, unquote(name))):
        if ":" in text.partition("/")[0] and "//" in text:
            yield text
        key = f"{collection.start}{text}"
        yield addresses.thing(key) if key.startswith(GIVEN) else f"{addresses.base}id/{key}"
