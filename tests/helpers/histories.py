"""What random histories are made of: small records that share things, sites with other rules, and what should come of them."""

from __future__ import annotations

import atexit
import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from hypothesis import strategies as st

from lod import bundled
from lod.dump.manifest import DUMPS, Manifest
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.publish.plan import Plan
from lod.rdf.claims import claim
from lod.record import Record, Tombstone, Value
from lod.settings.table import make_settings
from lod.store.catalog.packing import unpack_claims, unpack_fates, unpack_record
from lod.store.generation.generations import Site
from lod.validation.shapes import load_shapes

NUMBERS = range(1, 7)
FILES = ("/data/a.csv", "/data/b.csv")
GENERATED = "http://www.w3.org/ns/prov#generatedAtTime"
_FOLDERS = TemporaryDirectory(prefix="histories-")
# Hypothesis may end a history before its teardown.
atexit.register(_FOLDERS.cleanup)
_MOMENTS = (f" <{GENERATED}> ", " <http://www.w3.org/ns/prov#endedAtTime> ")

RULE = """
[[rule]]
field = "local.note"
kind = "text"
property = "dcterms:description"
example = { in = "x", out = 'dcterms:description "x"' }
"""
SHAPE = """
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rt: <https://w3id.org/lod-repository/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://example.org/shape/> .

shape:Picky a sh:NodeShape ; sh:targetClass rt:RepositoryItem ;
    sh:property shape:Titles .
shape:Titles sh:path dcterms:title ; sh:pattern "^(?!Picked)" ; sh:severity sh:Violation ;
    sh:message "Z01 This site takes no titles that begin with Picked." .
"""


LINKS = """id,target,relation,by
10.5555/a,https://example.com/a,owl:sameAs,Ann
https://example.com/b,10.5555/b,closeMatch,
0028-0836,wikidata:Q180445,,
10.5555/a,https://example.com/shared,owl:sameAs,
10.5555/b,https://example.com/shared,owl:sameAs,
"""
"""Links by identifiers that one record has, several, or none; two of them contradict each other while both things are there."""


class Rules(NamedTuple):
    """What a site says of how records are published; each combination is a `Plan`."""

    base: str = "https://example.org/"
    mirrors: bool = True
    rule: bool = False
    shape: bool = False

    def accept(self, record: Record) -> bool:
        """Tell what validation should say of a record made here."""
        values = [(value.field, value.text) for value in record.values]
        named = any(name in {"dc.identifier.uri", "dc.identifier.doi"} for name, _ in values)
        broken = ("dc.identifier.epage", "11") in values
        return named and not broken and not (self.shape and ("dc.title", "Picked study") in values)


RULES = st.builds(
    Rules,
    st.sampled_from(["https://example.org/", "https://example.org/", "http://new.example.net/lod/"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def new_folder() -> Path:
    """Make a folder that is removed with the last test."""
    return Path(mkdtemp(dir=_FOLDERS.name))


@cache
def plan_of(rules: Rules) -> Plan:
    """Return the plan of a site with these rules."""
    folder = new_folder()
    if rules.rule:
        (folder / "crosswalk").mkdir()
        (folder / "crosswalk" / "local.toml").write_text(RULE, encoding="utf-8")
    if rules.shape:
        (folder / "shapes").mkdir()
        (folder / "shapes" / "local.ttl").write_text(SHAPE, encoding="utf-8")
    settings = make_settings({"base_iri": rules.base, "mirrors": rules.mirrors}, {})
    crosswalk = load_crosswalk(settings, folder)
    shapes = load_shapes([bundled.SHAPES, *([folder / "shapes"] if rules.shape else [])], crosswalk.vocabulary)
    (folder / "links").mkdir()
    (folder / "links" / "local.csv").write_text(LINKS, encoding="utf-8")
    return Plan(crosswalk, shapes, links=folder / "links")


# --- records

JOURNALS = (
    None,
    ("Nature", None),
    ("Nature", "0028-0836"),
    ("Nature Medicine", "0028-0836"),
    ("nature", "0028-0836"),
    ("The Lancet", None),
)
AUTHORS = (("Lu, L", None), ("Lu, L", "rp00001"), ("Hua, B", "rp00001"), ("Hua, B", None))
AVAILABLE = (None, None, "2020-01-02T00:00:00Z", "2026-12-03T00:00:00Z", "2026-12-05T00:00:00Z")


def uuid_of(number: int) -> str:
    return f"00000000-0000-4000-8000-00000000000{number}"


def make_record(number, names, title, journal, author, doi, related, publisher, available, note, broken) -> Record:
    """Return a record; `names` tells whether it is known by handle, by UUID, or by both."""
    values = [Value("dc.title", title, "en"), Value("dc.type", "Article")]
    if "handle" in names:
        values.insert(0, Value("dc.identifier.uri", f"http://hdl.handle.net/1/{number}"))
    if journal:
        values.append(Value("dc.relation.ispartof", journal[0]))
        values += [Value("dc.identifier.issn", journal[1])] if journal[1] else []
    values.append(Value("dc.contributor.author", author[0], authority=author[1]))
    optional = {
        "dc.identifier.doi": doi,
        "dc.relation.uri": related and f"http://hdl.handle.net/1/{related}",
        "dc.publisher": publisher,
        "dc.date.available": available,
        "local.note": note,
    }
    values += [Value(name, text) for name, text in optional.items() if text]
    if broken:
        values += [Value("dc.identifier.spage", "20"), Value("dc.identifier.epage", "11")]
    uuid = uuid_of(number) if "uuid" in names else None
    return Record("", "", tuple(values), uuid=uuid, collections=("1/9",) if note else ())


RECORDS = st.builds(
    make_record,
    st.sampled_from(NUMBERS),
    st.sampled_from([("handle",), ("handle", "uuid"), ("handle", "uuid"), ("uuid",)]),
    st.sampled_from(["A study", "Another study", "Picked study"]),
    st.sampled_from(JOURNALS),
    st.sampled_from(AUTHORS),
    st.sampled_from([None, "10.5555/a", "10.5555/b"]),
    st.sampled_from([None, *NUMBERS]),
    st.sampled_from([None, "Nature Press", "Elsevier"]),
    st.sampled_from(AVAILABLE),
    st.sampled_from([None, "A note"]),
    st.sampled_from([False, False, False, False, True]),
)


def number_of(record: Record) -> int:
    if record.uuid:
        return int(record.uuid[-1])
    return int(next(value.text for value in record.values if value.field == "dc.identifier.uri")[-1])


def key_of(record: Record) -> str:
    has_handle = any(value.field == "dc.identifier.uri" for value in record.values)
    return f"1/{number_of(record)}" if has_handle else f"uuid/{record.uuid}"


def placed(record: Record, file: str) -> Record:
    return replace(record, source=file, place=f"{file.rpartition('/')[2]}, {key_of(record)}")


def tombstone_of(key: str, source: str) -> Tombstone:
    named = {"uuid": key.removeprefix("uuid/")} if key.startswith("uuid/") else {"handle": key}
    return Tombstone(source, f"removed {key}", **named)


# --- what should come of it


class Version(NamedTuple):
    """What is published of a record: its fields, the rules it was mapped by, and when (ISO 8601)."""

    record: Record
    rules: Rules
    moment: str


@dataclass
class Expected:
    """The state that a history should lead to: a model of dictionaries."""

    published: dict[str, Version] = field(default_factory=dict)
    attempts: dict[str, Record] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Expected:
        return Expected(dict(self.published), dict(self.attempts), dict(self.removed))

    def publish(self, records: dict[str, Record], gone: set[str], rules: Rules, moment: str, staged: set[str]) -> None:
        """Take in records and removals. `staged` are all keys that the sources name, read in this run or not."""
        for key, record in sorted(records.items()):
            self._attempt(key, record, rules, moment, staged)
        for key in gone & self.published.keys():
            del self.published[key]
            self.removed[key] = moment[:10]
        for key in gone:
            self.attempts.pop(key, None)
        for key, version in list(self.published.items()):
            outdated = version.rules != rules or _ended(version, moment)
            if outdated and rules.accept(version.record):
                self.published[key] = Version(version.record, rules, moment)
        for key, record in list(self.attempts.items()):
            self._attempt(key, record, rules, moment, staged)

    def _attempt(self, key: str, record: Record, rules: Rules, moment: str, staged: set[str]) -> None:
        known = self.published.get(key)
        same = known is not None and known.record.content_hash() == record.content_hash()
        if not rules.accept(record):
            self.attempts[key] = record
        else:
            self.attempts.pop(key, None)
        lesser = f"uuid/{record.uuid}"
        attempt = self.attempts.get(lesser)
        if record.uuid and lesser != key and attempt and attempt.source == record.source and lesser not in staged:
            del self.attempts[lesser]
        if not rules.accept(record):
            return
        if same and known.rules == rules and not _ended(known, moment):
            self.published[key] = known._replace(record=record)
            return
        self.published[key] = Version(record, rules, moment)
        self.removed.pop(key, None)
        for other, before in list(self.published.items()):
            # Known by its UUID alone before, or by a handle that it has lost.
            is_same = other != key and record.uuid and before.record.uuid == record.uuid
            if is_same and before.record.source == record.source and other not in staged:
                del self.published[other]


def _ended(version: Version, moment: str) -> bool:
    """Tell whether an embargo has ended since the version was mapped."""
    dates = [value.text[:10] for value in version.record.values if value.field == "dc.date.available"]
    return any(version.moment[:10] < date <= moment[:10] for date in dates)


# --- what has come of it

OF_RUN = 2


def state_of(site: Site) -> dict[str, list[object]]:
    """Return everything that the live generation of a site holds, but for the moments of mapping and of the run."""
    live = site.live()
    assert live is not None
    with closing(sqlite3.connect(live.directory / "catalog.sqlite")) as catalog:
        asked = catalog.execute
        records = asked(
            "SELECT folded, key, item, title, source, place, content_hash, modified, own_claims, collection, payload, claims, "
            "fates FROM record JOIN body USING (id) ORDER BY folded"
        ).fetchall()
        refusals = asked(
            "SELECT folded, name, source, place, payload, collection, fates FROM refusal ORDER BY folded"
        ).fetchall()
        return {
            "store": timeless(claim(*triple) for triple in live.store.all_triples()),
            "catalog": timeless(live.catalog.all_claims()),
            "records": [row[:10] for row in records],
            "fields": [unpack_record(row[10]) for row in records],
            "claims": [tuple(map(timeless, unpack_claims(row[11]))) for row in records],
            "fates": [_fates(row[11], row[12]) for row in records],
            "shared claims": asked("SELECT claim, records FROM shared_claim ORDER BY claim").fetchall(),
            "findings": sorted(
                asked(
                    "SELECT folded, lasts, rule, severity, text, detail, cause FROM finding JOIN message "
                    f"ON message.id = finding.message WHERE lasts <> {OF_RUN}"
                ).fetchall()
            ),
            "refusals": [(*row[:4], unpack_record(row[4]), row[5], unpack_fates(row[6], ())) for row in refusals],
            "watched": asked("SELECT key, value, folded FROM watch ORDER BY key, value, folded").fetchall(),
            "dump": timeless(dumped(live.directory)),
            "links": [
                line for graph in live.store.named_graphs() if graph.endswith("/links") for line in live.graph_lines(graph)
            ],
            "figures": [Manifest.of(live.directory).statistics.to_dict()],
        }  # fmt: skip


def _fates(claims: bytes, fates: bytes) -> list[object]:
    own, shared = unpack_claims(claims)
    unpacked = unpack_fates(fates, sorted([*own, *shared]))
    return [(fate.fate, fate.rule, fate.why, timeless(fate.claims)) for fate in unpacked]


def past_of(site: Site) -> dict[str, list[object]]:
    """Return what two histories share, and no fresh build has: removals, redirects, old names, and all with its moments."""
    live = site.live()
    with closing(sqlite3.connect(live.directory / "catalog.sqlite")) as catalog:
        return {
            "removed": catalog.execute("SELECT folded, key, item, removed FROM tombstone ORDER BY folded").fetchall(),
            "renamed": catalog.execute("SELECT item, folded FROM renamed ORDER BY item").fetchall(),
            "redirects": catalog.execute("SELECT old, new FROM redirect ORDER BY old").fetchall(),
            "graphs": sorted(
                quad(triple, graph) for graph in live.store.named_graphs() for triple in live.store.all_triples(graph)
            ),
            "dumps": [file for file in Manifest.of(live.directory).files if file.name.startswith("dataset.")],
        }


def quad(triple, graph: str) -> str:
    return f"{claim(*triple)} {graph}"


def dumped(generation: Path) -> list[str]:
    """Return the lines of the dump in N-Triples, as whoever downloads it reads them."""
    with gzip.open(generation / DUMPS / "dataset.nt.gz", "rt", encoding="utf-8", newline="\n") as file:
        return [line.removesuffix("\n") for line in file]


def moments_of(site: Site) -> dict[str, str]:
    """Return when each record was mapped, by key, as its claims say and as the catalog says."""
    live = site.live()
    found = {}
    with closing(sqlite3.connect(live.directory / "catalog.sqlite")) as catalog:
        for key, item, generated in catalog.execute("SELECT key, item, generated FROM record"):
            document = item.replace("/id/item/", "/data/item/")
            (said,) = live.store.objects(document, GENERATED)
            assert said.startswith(f'"{generated}"^^')
            found[key] = generated
    return found


def timeless(lines) -> list[str]:
    """Return claims without those that say when a record was mapped, sorted."""
    return sorted(line for line in lines if not any(name in line for name in _MOMENTS))


def differences(one: dict[str, list[object]], other: dict[str, list[object]]) -> str:
    """Return what differs between two states, a few lines of each part; "" where nothing does."""
    said = []
    for part in one:
        if one[part] != other[part]:
            here, there = map(_lines, (one[part], other[part]))
            said.append(f"{part}: only here {sorted(here - there)[:4]}, only there {sorted(there - here)[:4]}")
    return "\n".join(said)


def _lines(rows) -> set[str]:
    return {row if isinstance(row, str) else json.dumps(row, default=str) for row in rows}


def by_rules(expected: Expected, now: Rules, moment: datetime) -> list[tuple[Rules, datetime, list[Record]]]:
    """Return the published records by the rules and the moment that they were mapped with, the oldest first, those of now last.

    What other rules keep as it was stays what it was then, whatever time has ended since.
    """
    versions = sorted(expected.published.values(), key=lambda version: version.moment)
    then = dict.fromkeys((version.rules, version.moment) for version in versions if version.rules != now)
    old = [
        (rules, datetime.fromisoformat(at), [one.record for one in versions if (one.rules, one.moment) == (rules, at)])
        for rules, at in then
    ]
    return [*old, (now, moment, [version.record for version in versions if version.rules == now])]
