"""What is fuzzed: functions of bytes that somebody else has written, with examples of such bytes to begin with.

A target returns whatever the bytes hold; it raises only where the program is wrong.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import pyoxigraph as ox
from werkzeug.test import EnvironBuilder

from lod.errors import BadValueError, ConfigError, SourceError, StoreError
from lod.harvest.oai.answers import read_formats, read_identity, read_page
from lod.harvest.rest import read_rest_page
from lod.harvest.saved_response import SavedResponse
from lod.http.errors import DamagedResponseError
from lod.links.authorities import offers, read_authorities
from lod.links.claims import link_claims
from lod.links.judge import JudgedLink
from lod.links.link import SAME_AS
from lod.links.readers import read_links
from lod.links.targets import read_target
from lod.mapping.record.apply import map_record
from lod.mapping.values.text import language_tag
from lod.rdf.claims import checked_iri, claim, literal, literal_parts, split_claim
from lod.record import Record, Tombstone, Value
from lod.report import FAULT, Finding
from lod.settings.table import Settings
from lod.site.backup import SUMS, back_up, restore
from lod.sources import SOURCES, find_files, open_source
from lod.store.generation.generations import Site
from lod.web.evaluation.query_text import is_update, nesting
from lod.web.http.addresses import requested_path
from lod.web.http.formats import FORMATS
from lod.web.http.negotiate import choose_coding, choose_format, read_accept, read_profiles
from lod.web.sparql.hints import hint_on
from lod.web.sparql.request import FORM_TYPE, QUERY_TYPE, RefusedRequestError, read_request
from tests.fuzz.target import Target, scratch
from tests.fuzz.web_targets import WEB_TARGETS
from tests.helpers.loaded import bundled_crosswalk
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.shared_data import SHARED_DATA
from tests.links.test_link_files import BEACON, OPENREFINE, ROR, SSSOM, TABLE, TRIPLES

SETTINGS = Settings(base_iri="https://example.org/", max_record_mib=1)
LARGEST_SEED_BYTES = 40_000
MOST_SEEDS = 40
MOMENT = "2026-11-30T00:00:00Z"
SUBJECT, PROPERTY = "<https://example.org/id/item/1>", "<http://purl.org/dc/terms/title>"
_ENGINE = ox.RdfFormat.N_TRIPLES


LINK_FILES = (BEACON, SSSOM, OPENREFINE, TABLE, TRIPLES, ROR, "id,name,also,gnd\nwikidata:Q42,Adams,D||E,118540238\n")


def check_items(path: Path, name: str | None) -> None:
    """Read a file and look at everything that comes out."""
    items = []
    with suppress(SourceError):
        items.extend(open_source(path, SETTINGS, format=name))
    for item in items:
        assert isinstance(item, Record | Tombstone | Finding)
        assert item.place
        if isinstance(item, Record):
            assert item.values
            assert all(value.text.strip() for value in item.values)
            assert all(isinstance(value.field, str) and value.field for value in item.values)
            assert Record.from_json(item.to_json()).content_hash() == item.content_hash()
        elif isinstance(item, Finding):
            assert item.rule != FAULT, item.message
            json.dumps(item.to_dict()).encode()


def read_as(name: str, data: bytes) -> None:
    """Read bytes as a file of a format."""
    path = scratch() / f"read-{name}"
    path.write_bytes(data)
    check_items(path, name)


def detect(data: bytes) -> None:
    """Find out what bytes are, and read them as that."""
    path = scratch() / "detected"
    path.write_bytes(data)
    found, left_out = find_files(path)
    assert len(found) + len(left_out) == 1
    if found:
        check_items(path, None)


@cache
def _shared() -> dict[str, list[bytes]]:
    """Return small real files and cases by format; none where the folder with them is not there."""
    found: dict[str, list[bytes]] = {}
    for folder in (SHARED_DATA, SHARED_FOLDER / "cases"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix != ".py" and path.stat().st_size <= LARGEST_SEED_BYTES:
                for _, source_format in find_files(path)[0]:
                    found.setdefault(source_format.name, []).append(path.read_bytes())
    return found


def files_of(name: str) -> list[bytes]:
    """Return files of a format: the fixtures, and real ones where they are there, evenly taken."""
    fixtures = [path.read_bytes() for path in sorted((FIXTURES / "sources" / name).rglob("*")) if path.is_file()]
    real = _shared().get(name, [])
    return fixtures + real[:: max(1, len(real) // MOST_SEEDS)]


def every_file() -> list[bytes]:
    """Return files of all formats."""
    return [content for source_format in SOURCES for content in files_of(source_format.name)]


# --- claims


def encode(data: bytes) -> None:
    """Encode a text, a language tag and an IRI; the engine reads each claim back as it was."""
    text, _, rest = data.decode("utf-8", "surrogateescape").partition("\n\n")
    tag, _, address = rest.partition("\n")
    with suppress(BadValueError):
        line = claim(SUBJECT, PROPERTY, literal(text))
        (triple,) = ox.parse(line.encode(), format=_ENGINE)
        assert triple.object == ox.Literal(text)
        assert literal_parts(split_claim(line)[2]) == (text, None, None)
    with suppress(BadValueError):
        line = claim(SUBJECT, PROPERTY, literal(text, language=language_tag(tag)))
        (triple,) = ox.parse(line.encode(), format=_ENGINE)
        assert triple.object.value == text
    with suppress(BadValueError):
        (triple,) = ox.parse(claim(SUBJECT, PROPERTY, checked_iri(address)).encode(), format=_ENGINE)
        assert triple.object.value == address


@cache
def _crosswalk():
    crosswalk = bundled_crosswalk(SETTINGS)
    fields = sorted({field for rule in crosswalk.rules for field in rule.fields if "*" not in field})
    return crosswalk, fields


def map_values(data: bytes) -> None:
    """Map a record whose values are lines "field@language: text"; every claim is one that the engine reads."""
    crosswalk, fields = _crosswalk()
    values = [Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")]
    for line in data.decode("utf-8", "replace").split("\n"):
        name, colon, text = line.partition(": ")
        if colon and text.strip():
            # A field that no rule knows stands for one that a rule knows: else most lines would only be kept.
            name, _, language = name.partition("@")
            field = name if name in fields or len(name) > 30 else fields[hash_of(name) % len(fields)]
            values.append(Value(field, text, language or None))
    mapped = map_record(Record("a.csv", "a.csv, row 1", tuple(values)), crosswalk, MOMENT)
    assert len(mapped.fates) == len(values)
    list(ox.parse("\n".join(mapped.claims).encode(), format=_ENGINE))


def hash_of(text: str) -> int:
    """Return a number that is the same in every process."""
    return sum(position * ord(character) for position, character in enumerate(text, 1))


def records_as_lines() -> list[bytes]:
    """Return records of the fixtures as such lines."""
    path = FIXTURES / "sources"
    found = []
    for name in ("dspace-csv", "oai-pmh", "ris", "crossref", "json-lines"):
        for file in sorted((path / name).rglob("*")):
            with suppress(SourceError):
                for item in open_source(file, SETTINGS, format=name) if file.is_file() else ():
                    if isinstance(item, Record):
                        found.append("\n".join(map(_line, item.values)).encode())
    return found[:60]


def _line(value: Value) -> str:
    return f"{value.field}{f'@{value.language}' if value.language else ''}: {value.text}"


# --- links


def read_link_files(data: bytes) -> None:
    """Read bytes as files of links and as authority tables; what they come to are claims that the engine reads."""
    folder = scratch() / "links"
    folder.mkdir(exist_ok=True)
    graph, subject = f"{SETTINGS.base_iri}data/links", f"{SETTINGS.base_iri}id/item/1"
    for ending in (".txt", ".csv", ".tsv", ".nt", ".json"):
        path = folder / f"file{ending}"
        path.write_bytes(data)
        stated = []
        with suppress(ConfigError):
            stated = [*(() if ending == ".json" else read_links(folder))]
        with suppress(ConfigError):
            stated += [] if ending == ".tsv" else offers(read_authorities(folder))
        path.unlink()
        for link in stated:
            if isinstance(link, Finding):
                assert link.place
                continue
            with suppress(BadValueError):
                published = JudgedLink(subject, link.relation or SAME_AS, read_target(link.target), link)
                list(ox.parse("\n".join(link_claims([published], graph)).encode(), format=_ENGINE))


# --- requests


def read_sparql(data: bytes) -> None:
    """Read bytes as an address, as a form and as a query."""
    for parts in ((data, None, b""), (b"", FORM_TYPE, data), (b"", QUERY_TYPE, data)):
        with suppress(RefusedRequestError):
            request = read_request(parts[0], parts[1], "", parts[2], 65_536)
            if request:
                assert request.text.encode()
                # What the message of a syntax error is made of.
                hint_on(request.text, len(request.text))
                nesting(request.text)
                is_update(request.text)


def sparql_seeds() -> list[bytes]:
    """Return queries, as they are and as forms."""
    queries = [
        b"SELECT * WHERE { ?s ?p ?o } LIMIT 1",
        b"PREFIX a: <http://a/> ASK { ?s a:b \"\\u0041\\U0001F600\"@en-GB ; a:c '''x\"''' FILTER(?s < 3) }",
        b"SELECT ?x { SERVICE <http://a/> { ?x ?y ?z } } # SERVICE",
        b"DESCRIBE <http://a/b>",
        b"CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } { { ?a (a|!b)*/^c ?d } } }",
        b"SELECT (COUNT(*) AS ?n) { VALUES (?a ?b) { (UNDEF 1e3) } OPTIONAL { ?a ?b ?c } BIND(1 AS ?d) }",
    ]
    forms = [b"query=" + quote(query).encode() + b"&timeout=1.5&format=json" for query in queries]
    return [*queries, *forms, b"query=x&default-graph-uri=http%3A%2F%2Fa%2F&named-graph-uri=b", b"update=x", b""]


def negotiate(data: bytes) -> None:
    """Choose format, profile and coding by headers, and read the path of an address."""
    text = data.decode("latin-1")
    header, _, rest = text.partition("\n")
    chosen = choose_format(read_accept(header))
    assert chosen is None or chosen in FORMATS
    assert choose_coding(rest, ("br", "zstd", "gzip")) in {"", "br", "zstd", "gzip", "identity"}
    assert all(isinstance(profile, str) for profile in read_profiles(rest))
    environ = EnvironBuilder("/").get_environ() | {"PATH_INFO": rest, "REQUEST_URI": rest, "RAW_URI": rest}
    assert isinstance(requested_path(environ), str)


def header_seeds() -> list[bytes]:
    """Return headers of Accept, then of Accept-Profile or Accept-Encoding, or a path."""
    return [
        b"text/turtle\ngzip;q=0.5, br",
        b'text/html;q=0, */*\n<http://example.org/p>;q=0.8, <urn:x>; q="1"',
        b'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"\n*;q=0, identity',
        b"text/*;q=0.3, application/xml;q=1.0;charset=utf-8, */*;q=0.001\n/id/item/10722/a%2Cb%2Fc//d%zz",
        b"\n",
    ]


def read_answer(data: bytes) -> None:
    """Read bytes as each answer that a provider of OAI-PMH gives, and as a page of DSpace's REST API."""
    path = scratch() / "answer"
    path.write_bytes(data)
    for read in (read_page, read_identity, read_formats):
        with suppress(DamagedResponseError, SourceError):
            read(SavedResponse(path, "https://example.org/oai"), SETTINGS)
    with suppress(DamagedResponseError, SourceError):
        read_rest_page(path, "https://example.org/api")


# --- backups


@cache
def backup() -> Path:
    """Return a small backup."""
    site = PublishingSite(scratch() / "site")
    assert site.publish(FIXTURES / "sources" / "dspace-csv" / "full.csv").exit_code == 0
    back_up(site.folder, scratch() / "backup")
    return scratch() / "backup"


def restore_damaged(data: bytes) -> None:
    """Restore a backup in which one file has become these bytes: wholly, or not at all.

    The first byte chooses the file, an even one also adapts the checksums, as somebody who means harm would.
    """
    files = sorted(path for path in backup().rglob("*") if path.is_file())
    chosen, content = files[(data[0] if data else 0) // 2 % len(files)], data[1:]
    part, site = scratch() / "damaged", scratch() / "restored"
    for folder in (part, site):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(backup(), part)
    (part / chosen.relative_to(backup())).write_bytes(content)
    if data and data[0] % 2 == 0 and chosen.name != SUMS:
        name = chosen.relative_to(backup()).as_posix()
        lines = [line for line in (part / SUMS).read_text().splitlines() if not line.endswith(f"  {name}")]
        (part / SUMS).write_text("\n".join([*lines, f"{hashlib.sha256(content).hexdigest()}  {name}"]) + "\n")
    before = {*scratch().iterdir(), site}
    with patch("lod.disk.atomic.os.fsync"):
        try:
            restore(part, site)
        except StoreError:
            assert Site(site).live_name() is None
        else:
            live = Site(site).live()
            assert live is not None
            live.catalog.counts()
    assert set(scratch().iterdir()) <= before


def backup_seeds() -> list[bytes]:
    """Return each file of a backup, as it is, with the byte that chooses it before it."""
    files = sorted(path for path in backup().rglob("*") if path.is_file())
    small = [(number, path) for number, path in enumerate(files) if path.stat().st_size < 200_000]
    return [bytes([2 * number % 256 + flag]) + path.read_bytes() for number, path in small for flag in (0, 1)]


TARGETS: dict[str, Target] = {
    **{f"read-{row.name}": Target(partial(read_as, row.name), partial(files_of, row.name)) for row in SOURCES},
    "detect": Target(detect, every_file),
    "claims": Target(encode, lambda: ['A "title"\\\t\ufffe\n\nen-GB\nhttps://example.org/ü%20'.encode(), b"\n\n\n"]),
    "mapping": Target(map_values, records_as_lines),
    "sparql-request": Target(read_sparql, sparql_seeds),
    "negotiation": Target(negotiate, header_seeds),
    "answers": Target(read_answer, lambda: [*files_of("oai-pmh"), *files_of("dspace-rest")]),
    "links": Target(read_link_files, lambda: [text.encode() for text in LINK_FILES]),
    "restore": Target(restore_damaged, backup_seeds),
    **WEB_TARGETS,
}
