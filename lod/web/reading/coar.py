"""Names of the COAR types and access rights that records are given, as the bundled maps have them (vocab/maps)."""

from __future__ import annotations

from functools import cache

from lod.bundled import VOCAB
from lod.rdf.vocabulary import read_table

TYPES = "http://purl.org/coar/resource_type/"
ACCESS_RIGHTS = "http://purl.org/coar/access_right/"

_MAPS = (("types.csv", "coar", TYPES), ("access_rights.csv", "to", ACCESS_RIGHTS))


def coar_name(iri: str) -> str:
    """Return the English name of a concept of COAR, "" for any other IRI."""
    return _names().get(iri, "")


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, column, space in _MAPS:
        for row in read_table(VOCAB / "maps" / name, (column, "label")):
            code = row[column]
            found.setdefault(code if ":" in code else space + code, row["label"])
    return found
