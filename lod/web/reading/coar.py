"""Names of the COAR types and access rights that records are given, as the bundled maps have them (vocab/maps)."""

from __future__ import annotations

import csv
from functools import cache

from lod.bundled import VOCAB

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
        lines = (VOCAB / "maps" / name).read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            code = row[column]
            found.setdefault(code if ":" in code else space + code, row["label"])
    return found
