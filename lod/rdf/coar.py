"""Names of the COAR types and access rights that records are given, as the bundled maps have them (vocab/maps)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lod.bundled import VOCAB
from lod.rdf.vocabulary import read_table

TYPES = "http://purl.org/coar/resource_type/"
ACCESS_RIGHTS = "http://purl.org/coar/access_right/"


def coar_name(iri: str) -> str:
    """Return the English name of a concept of COAR, "" for any other IRI."""
    return coar_names().get(iri, "")


@cache
def coar_names() -> Mapping[str, str]:
    """Return the names of all these concepts, by IRI."""
    maps = VOCAB / "maps"
    types = {f"{TYPES}{row['coar']}": row["label"] for row in read_table(maps / "types.csv", ("coar", "label"))}
    access = {row["to"]: row["label"] for row in read_table(maps / "access_rights.csv", ("to", "label"))}
    return {**types, **access}
