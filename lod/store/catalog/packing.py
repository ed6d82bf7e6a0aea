"""Serialization of records, claims and fates for the catalog: packed bytes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from lod.disk.packed_bytes import pack, unpack, unpacked_length
from lod.mapping.mapped import Mapped, ValueFate
from lod.mapping.values.iris import lesser_keys
from lod.record import Origin, Record
from lod.report import Fate
from lod.store.catalog.ownership import Owner, base_of, folded_name
from lod.store.item_changes import groups_of

_TYPED = '"^^<'
_SEPARATOR = b"\n\n"


def pack_record(record: Record) -> bytes:
    """Return a record as compressed bytes; lone surrogates in damaged values survive."""
    return pack_json(record.to_json())


def pack_json(text: str) -> bytes:
    """Return the JSON of a record (`Record.to_json`) as `pack_record` packs it."""
    return pack(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=256)
def origin_text(origin: Origin) -> str:
    """Return the origin of a record as a text that can be compared."""
    return json.dumps(asdict(origin))


def unpack_record(packed: bytes) -> Record:
    """Return the record that `pack_record` packed."""
    return Record.from_json(unpack(packed).decode("utf-8", "surrogatepass"))


def unpacked_bytes(packed: bytes) -> int:
    """Return how large what was packed is, without unpacking it."""
    return unpacked_length(packed)


def pack_claims(own: Sequence[str], shared: Sequence[str]) -> bytes:
    """Return a record's claims as compressed bytes: own claims, an empty line, shared claims."""
    return pack("\n".join(own).encode() + _SEPARATOR + "\n".join(shared).encode())


def unpack_own(packed: bytes) -> bytes:
    """Return a record's own claims as N-Triples in UTF-8, one per line; b"" if it has none."""
    claims = unpack(packed)
    end = claims.index(_SEPARATOR)
    return claims[: end + 1] if end else b""


def unpack_claims(packed: bytes) -> tuple[list[str], list[str]]:
    """Return the own and the shared claims that `pack_claims` packed."""
    own, _, shared = unpack(packed).decode().partition("\n\n")
    return own.split("\n") if own else [], shared.split("\n") if shared else []


def pack_fates(fates: Sequence[ValueFate], positions: Mapping[str, int]) -> bytes:
    """Return fates as compressed bytes; a claim is written as its number in `positions`, any other in full.

    Guessed claims are listed once more after them.
    """

    def numbers(claims: Sequence[str]) -> list[int | str]:
        return [positions.get(claim, claim) for claim in claims]

    rows = [[fate.fate.value, fate.rule, fate.why, numbers(fate.claims), numbers(fate.guessed)] for fate in fates]
    return pack(json.dumps(rows, separators=(",", ":")).encode())


def unpack_fates(packed: bytes, claims: Sequence[str]) -> list[ValueFate]:
    """Return the fates that `pack_fates` packed; `claims` are the record's, in the order of their positions."""

    def lines(parts: Sequence[int | str]) -> tuple[str, ...]:
        return tuple(claims[part] if isinstance(part, int) else part for part in parts)

    return [
        ValueFate(Fate(fate), rule, why, lines(parts), lines(guessed))
        for fate, rule, why, parts, guessed in json.loads(unpack(packed))
    ]


def unpack_fate_names(packed: bytes) -> list[Fate]:
    """Return the kind of each fate that `pack_fates` packed: mapped, kept, withheld or refused."""
    return [Fate(row[0]) for row in json.loads(unpack(packed))]


def count_reasons(packed: bytes, part: str) -> int:
    """Return how many values have the fate that `pack_fates` packed for a reason that holds a text, in ASCII without quotation marks."""
    fates = unpack(packed)
    return sum(part in str(row[2]) for row in json.loads(fates)) if part.encode() in fates else 0


def storable(text: str) -> str:
    """Return a text that SQLite accepts: lone surrogates are escaped as \\udc80."""
    return text.encode("utf-8", "backslashreplace").decode()


def first_collection(record: Record) -> str:
    """Return the collection that a record is listed under, "" if it has none."""
    return storable(record.collections[0]) if record.collections else ""


@dataclass(frozen=True, slots=True)
class PackedRecord:
    """A mapped record as the catalog stores it, so that any process can make it, and a thread only has to write it.

    Attributes:
        folded, lesser_keys: the key in its folded form; folded keys by the UUID and the OAI identifier.
        base: the base IRI under which it was mapped.
        own_claims: how many claims are the record's own; `shared` are the others, and `claims` has all of them.
        entries: keys and values for the rules about the whole store.
        groups: names of the groups that clients may take alone (`item_changes`).
        balance: fields and fates of its values, with their numbers; `origin` is that of the record (`origin_text`).
    """

    key: str
    folded: str
    item: str
    base: str
    title: str
    source: str
    place: str
    modified: str | None
    collection: str
    lesser_keys: tuple[str, ...]
    own_claims: int
    shared: tuple[str, ...]
    claims: bytes
    fates: bytes
    entries: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    balance: tuple[tuple[str, str, int], ...]
    origin: str


def packed(
    mapped: Mapped, record: Record, entries: Iterable[tuple[str, str]], stored_form: Callable[[str], str]
) -> PackedRecord:
    """Return a mapped record as the catalog stores it.

    `stored_form` returns a claim in the form in which the store returns it, so that both can be compared line by line.

    Raises:
        ValueError: IRIs or fates do not fit the record (a fault of the mapping).
    """
    if len(mapped.fates) != len(record.values):
        raise ValueError(f"{mapped.key}: {len(mapped.fates)} fates for {len(record.values)} values")
    base = base_of(mapped)
    # Only typed literals have another form.
    forms = {line: form for line in mapped.claims if _TYPED in line and (form := stored_form(line)) != line}
    claims = sorted({forms.get(line, line) for line in mapped.claims} if forms else set(mapped.claims))
    own, shared = Owner.of(base, mapped.key).split(claims)
    return PackedRecord(
        key=mapped.key,
        folded=folded_name(mapped.key),
        item=mapped.item,
        base=base,
        title=storable(mapped.title),
        source=storable(record.source),
        place=storable(record.place),
        modified=storable(record.modified or "") or None,
        collection=first_collection(record),
        lesser_keys=tuple(map(folded_name, lesser_keys(record))),
        own_claims=len(own),
        shared=tuple(shared),
        claims=pack_claims(own, shared),
        fates=pack_fates(mapped.fates, _positions(forms, claims)),
        entries=tuple((key, value) for key, value in entries),
        groups=tuple(sorted(groups_of(mapped.item, own))),
        balance=balance_of(record, [fate.fate for fate in mapped.fates]),
        origin=origin_text(record.origin),
    )


def balance_of(record: Record, fates: Iterable[str]) -> tuple[tuple[str, str, int], ...]:
    """Return the fields of a record with the fates of their values, and how many values have them, sorted."""
    counted = Counter(zip((value.field for value in record.values), map(str, fates), strict=True))
    return tuple(sorted((field, fate, number) for (field, fate), number in counted.items()))


def _positions(forms: Mapping[str, str], claims: Sequence[str]) -> dict[str, int]:
    """Return the position of each claim, in the form of the mapping where it has another one there, among the published ones."""
    positions = {line: position for position, line in enumerate(claims)}
    of_forms = {line: positions[form] for line, form in forms.items()}
    return {**positions, **of_forms}
