"""Records, their values and files, and tombstones: what sources of all formats yield."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

RDF_CLAIM = "rdf.claim"
"""Field of the values of RDF made elsewhere: each is one claim, a line of N-Triples."""

_COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


class Value(NamedTuple):
    """One value of one field, as the source gave it; a tuple, since making millions of them takes a third of the time.

    Attributes:
        field: schema.element.qualifier, such as "dc.contributor.author"; without a qualifier "dc.title".
        text: the value, never blank, white space as in the source.
        language: the tag as the source has it ("en_HK"), None where it has none.
        authority: key of the authority record (DSpace column of that name), None where there is none.
        confidence: DSpace's confidence in that key, 600 for "accepted"; None where there is none.
        agent: "person", "organisation" or "meeting" where the source says which of them a name is of, else None.
    """

    field: str
    text: str
    language: str | None = None
    authority: str | None = None
    confidence: int | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One deposited file (bitstream). `size_bytes` counts bytes; `checksum` is as `checksum_of` makes it: "md5:…"."""

    name: str
    url: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    checksum: str | None = None
    bundle: str = "ORIGINAL"
    sequence: str | None = None
    description: str | None = None


def checksum_of(algorithm: object, value: object) -> str | None:
    """Return the checksum of a file as its source states it, "sha256:9f86…" for "SHA-256"; None where a part is missing."""
    if not isinstance(algorithm, str) or not isinstance(value, str) or not algorithm.strip() or not value.strip():
        return None
    return f"{algorithm.strip().lower().replace('-', '')}:{value.strip().lower()}"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a record from its source, beside what the record says.

    Attributes:
        name: name of the source among those of the site, "" for a file that was named by its path.
        keys: what names a record of this format: schemes and fields, the best first (docs/adr/0013).
        language: tag of the language of texts that have none, "" where none is given.
    """

    name: str = ""
    keys: tuple[str, ...] = ()
    language: str = ""


_UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class Record:
    """The metadata of one item. Values are in the order of the source.

    Attributes:
        source: the file or address it was read from, as the run was given it (not published).
        place: its position in the source, for messages: "climate.csv, row 14".
        handle, uuid, oai_identifier: names the source itself has for the item, beside those among the values; `uuid` may be
            another id that is its own, such as the number of a row.
        url: the address of the page or response it was read from, when the source knows one.
        modified: last change as the source states it, ISO 8601 (an OAI-PMH datestamp, for example).
        collections: handles or names of the collections, the owning one first.
        about: IRI of the resource that RDF made elsewhere describes; all values are then claims (`RDF_CLAIM`).
        origin: what its source says of all its records.
        taken_as: positions of values that the site takes as another field, with that field (`fallbacks` of a source).
        defaults: how many of the values, the last ones, are constants of the source and not the record's own.
    """

    source: str
    place: str
    values: tuple[Value, ...]
    handle: str | None = None
    uuid: str | None = None
    oai_identifier: str | None = None
    url: str | None = None
    modified: str | None = None
    collections: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    about: str | None = None
    origin: Origin = _UNKNOWN
    taken_as: tuple[tuple[int, str], ...] = ()
    defaults: int = 0

    @property
    def own_values(self) -> tuple[Value, ...]:
        """The values that the record itself has, without the constants of its source."""
        return self.values[: len(self.values) - self.defaults] if self.defaults else self.values

    def is_default(self, index: int) -> bool:
        """Return whether the value at a position is a constant of the source."""
        return index >= len(self.values) - self.defaults

    def to_json(self) -> str:
        """Return the record as JSON, the form that the catalog stores."""
        return self.to_hashed_json()[0]

    def to_hashed_json(self) -> tuple[str, str]:
        """Return what `to_json` and `content_hash` return; most of the JSON is what the hash is taken of."""
        published = json.dumps(self._published_parts(), **_COMPACT)
        origin = {} if self.origin == _UNKNOWN else {"origin": asdict(self.origin)}
        head = json.dumps({"source": self.source, "place": self.place, **origin}, **_COMPACT)
        language = (
            f',"language":{json.dumps(self.origin.language, ensure_ascii=False)}}}' if self.origin.language else "}"
        )
        hashed = f"{published[:-1]}{language}".encode("utf-8", "surrogatepass")
        return f"{head[:-1]},{published[1:]}", hashlib.sha256(hashed).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Return the record that `to_json` wrote."""
        parts: dict[str, Any] = json.loads(text)
        parts["values"] = tuple(Value(*value) for value in parts["values"])
        parts["files"] = tuple(File(**file) for file in parts["files"])
        parts["collections"] = tuple(parts["collections"])
        parts["taken_as"] = tuple((index, field) for index, field in parts.get("taken_as", ()))
        if origin := parts.pop("origin", None):
            parts["origin"] = Origin(origin["name"], tuple(origin["keys"]), origin["language"])
        return cls(**parts)

    def content_hash(self) -> str:
        """Return a SHA-256 over all that is published of the record: everything but `source`, `place` and what makes its key."""
        return self.to_hashed_json()[1]

    def _published_parts(self) -> dict[str, Any]:
        # Attribute by attribute: dataclasses.asdict copies deeply and takes five times as long.
        return {
            "values": [value[:5] if value.agent is None else value for value in self.values],
            "handle": self.handle,
            "uuid": self.uuid,
            "oai_identifier": self.oai_identifier,
            "url": self.url,
            "modified": self.modified,
            "collections": self.collections,
            "files": [asdict(file) for file in self.files],
            **({"about": self.about} if self.about else {}),
            **({"taken_as": self.taken_as} if self.taken_as else {}),
            **({"defaults": self.defaults} if self.defaults else {}),
        }


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An item that its repository has removed. `removed` is ISO 8601, None where the source does not state it."""

    source: str
    place: str
    handle: str | None = None
    uuid: str | None = None
    oai_identifier: str | None = None
    removed: str | None = None
