"""The settings of a site: lod.toml and LOD_* become Settings.

A site is a folder with `lod.toml`. Each setting is one row of the dataclass below: name with its unit, help, default,
bounds. docs/settings.md and the commented `lod.toml` of `lod init` are made from these rows (reference.py).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lod.errors import ConfigError
from lod.numbers import whole_number
from lod.rdf.formats import DUMP_NAMES
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE
from lod.settings.colours import DARK, LEAST_CONTRAST, LIGHT, least_contrast, nearest_that_passes
from lod.settings.rows import Form, TomlTable, read_table, rows_of, setting

SETTINGS_FILE = "lod.toml"
SOURCE_TABLE = "source"
"""Name of the tables of sources in it (lod/sources/configured.py)."""

KEY_SCHEMES = ("doi", "pmid", "pmcid", "arxiv")
"""Schemes of identifiers that may stand in for a handle; a field name such as bibtex.key may, too."""
AUTO_KEYS = "auto"
"""Stands in `key_from` for the identifiers that are natural to the format of a record (docs/adr/0013)."""
AUTO_WORKERS = "auto"
"""Stands in `workers` for as many as there are cores."""
MOST_WORKERS = 256
SHACL_ENGINES = ("compiled", "pyshacl")
PAGE_LANGUAGES = ("en", "de", "fr", "es", "zh-Hant")
"""Languages that pages can be in: each but English has a catalogue (lod/web/languages/locale)."""
STORE_ENGINES = ("oxigraph", "virtuoso", "fuseki", "graphdb", "qlever", "neptune")
LARGEST_VALUE_BYTES = 1_500_000
"""Upper bound of `max_value_bytes`. The engine reads no term of 16 MiB or more, and no value grows more than elevenfold on its
way there: sixfold when control characters are escaped (`\\u0001`), ninefold in an IRI, elevenfold under NFKC (U+FDFA)."""


def _is_parsed(parse: Any, text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


EDIT_NAMES = ("handle", "uuid", "oai", "key")
_EDIT_NAMES = re.compile(r"\{(?:" + "|".join(EDIT_NAMES) + r")\}")
_IS_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+").fullmatch
_NAMESPACE = "an http or https address that ends with a slash"
_BASE = Form(_NAMESPACE, re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/").fullmatch)
_VOCABULARY = Form(_NAMESPACE, re.compile(r"https?://[^\s<>\"{}|\\^`?#]+[/#]").fullmatch)
_ADDRESS = Form("an http or https address", _IS_ADDRESS)
_THEMES = Form("http or https addresses", _IS_ADDRESS)
_LICENCE = Form("the address of a licence, such as https://creativecommons.org/publicdomain/zero/1.0/", _IS_ADDRESS)
_STORE_ADDRESS = Form(
    "an address that starts with http:// or https://", _IS_ADDRESS, "LOD_STORE_USER and LOD_STORE_PASSWORD"
)
_EDIT_ADDRESS = Form(
    "an http or https address with {handle}, {uuid}, {oai} or {key} where the record is named",
    lambda text: bool(_IS_ADDRESS(_EDIT_NAMES.sub("x", text)) and _EDIT_NAMES.search(text)),
)
_EMAIL = Form("one address, name@example.org", re.compile(r"[^\s<>\"@]+@[^\s<>\"@]+").fullmatch)
_IS_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}").fullmatch
_COLOUR = Form("a colour, such as #0b57a4", _IS_COLOUR)
_LANGUAGE = Form("a language tag, such as en or zh-Hant", re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*").fullmatch)
_KEYS = Form(
    f"{AUTO_KEYS}, or one or more of {', '.join(KEY_SCHEMES)}, or a field such as bibtex.key",
    lambda text: text == AUTO_KEYS or text in KEY_SCHEMES or "." in text,
)
SEPARATOR = Form("one of auto, ||, ;", ("auto", "||", ";", "; ").__contains__)
WORKERS = Form(
    f"{AUTO_WORKERS} or a number from 1 to {MOST_WORKERS} in quotation marks",
    lambda text: text == AUTO_WORKERS or 1 <= (whole_number(text) or 0) <= MOST_WORKERS,
)
_IP_ADDRESS = Form("one address, such as 127.0.0.1", partial(_is_parsed, ip_address))
_IP_NETWORKS = Form('addresses and networks, such as ["127.0.0.1", "10.0.0.0/8"]', partial(_is_parsed, ip_network))


def _is_sender(text: str) -> bool:
    origin, *networks = text.split()
    return bool(networks) and _IS_ADDRESS(origin) is not None and all(_is_parsed(ip_network, one) for one in networks)


_SENDERS = Form('the id of a service and its addresses, such as ["https://reviews.example.org 192.0.2.10"]', _is_sender)

_site, _records, _publishing, _dumps, _web, _queries, _store = (
    partial(setting, group=group)
    for group in ("Site", "Records", "Publishing", "Dumps", "Web server", "Queries", "Remote store")
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a site. Every field is one setting of lod.toml."""

    base_iri: str = _site("Start of every minted IRI, with a final slash: the public address of the site", form=_BASE)
    title: str = _site("Name of the site, shown on its pages and in the description of the dataset", "Linked data")
    publisher: str = _site("Who publishes the dataset", "")
    publisher_iri: str = _site(
        "IRI of the publisher, such as its ROR id; a local one is made if left out", "", form=_ADDRESS
    )
    license: str = _site("IRI of the licence of the metadata; without one it may not be reused it", "", form=_LICENCE)
    description: str = _site("One or two sentences about the dataset", "")
    language: str = _site("Language of title, description and keywords", "en", form=_LANGUAGE)
    languages: tuple[str, ...] = _site(
        "Languages of the pages, which readers choose among; who reads none of them gets the first",
        PAGE_LANGUAGES,
        choices=PAGE_LANGUAGES,
        splits_at=",",
    )
    keywords: tuple[str, ...] = _site("What the dataset is about, in words", (), splits_at=",")
    themes: tuple[str, ...] = _site(
        "IRIs of the dataset's themes, such as those of the EU's data themes", (), form=_THEMES, splits_at=r"\s"
    )
    contact_email: str = _site("E-mail address for questions about the dataset; it is published", "", form=_EMAIL)
    contact_url: str = _site("Address of a page for questions about the dataset", "", form=_ADDRESS)
    links: tuple[tuple[str, tuple[str, ...]], ...] = _site(
        'Links in the footer of every page, such as { "About us" = "https://library.example.org/" }', TomlTable()
    )
    logo: str = _site(
        "Image that pages show beside the title, a file in the folder templates of the site: SVG, PNG, JPEG, WebP or GIF",
        "",
    )
    accent_colour: str = _site("Colour of links and buttons on light pages", "", form=_COLOUR)
    accent_colour_dark: str = _site("The same on dark pages; made from accent_colour if left out", "", form=_COLOUR)
    vocabulary_namespace: str = _site(
        "Namespace of the local terms; keep it when the site moves", DEFAULT_VOCABULARY_NAMESPACE, form=_VOCABULARY
    )

    handle_prefix: str = _records("The repository's own handle prefix, when records list handles of others too", "")
    key_from: tuple[str, ...] = _records(
        "Identifiers that the IRI of a record without handle, UUID and OAI identifier is made from, in order; auto takes the "
        "one that is natural to the format: a DOI, a PubMed id, a citation key, a record identifier",
        (AUTO_KEYS,),
        form=_KEYS,
        splits_at=r",\s",
    )
    value_separator: str = _records(
        "What separates values in a cell of a CSV file; auto looks at the file", "auto", form=SEPARATOR
    )
    max_value_bytes: int = _records(
        "Largest value of a field that is published, in bytes of UTF-8; a record with a larger one is refused",
        1_048_576,
        least=1,
        most=LARGEST_VALUE_BYTES,
    )
    max_record_mib: int = _records(
        "Largest record, in MiB: all its values together, and in XML the record as it is in the file; a larger one is refused",
        64,
        least=1,
    )

    mirrors: bool = _publishing("Repeat BIBO values in their PRISM and FaBiO twins", True)
    guesses: bool = _publishing(
        "Publish what is guessed, told by shape or parsed from free text, about an item and its own parts", True
    )
    publish_email_addresses: bool = _publishing("Publish e-mail addresses found in records", False)
    publish_journal_metrics: bool = _publishing(
        "Publish journal metrics found on item pages (often licensed data)", False
    )
    engine: str = _publishing(
        "What judges records by the shapes: compiled, or pyshacl, the reference, which finds the same many times slower",
        "compiled",
        choices=SHACL_ENGINES,
    )
    workers: str = _publishing(
        "Processes that map and judge where a run has thousands of records; auto takes one for each core, eight at most",
        AUTO_WORKERS,
        form=WORKERS,
    )
    change_feed: bool = _publishing(
        "Write a change feed at each run, served at /changes: an event stream (LDES), activities (IIIF) and Atom", False
    )
    keep_generations: int = _publishing("Published states kept on disk, the live one included", 3, least=1)
    most_shrink_percent: int = _publishing(
        "Largest share of the records, in percent, that one run may remove without --allow-shrink; 100 for any",
        10,
        least=0,
        most=100,
    )

    dump_formats: tuple[str, ...] = _dumps(
        "Dumps that each generation carries; nt.gz is always among them",
        DUMP_NAMES,
        choices=DUMP_NAMES,
        splits_at=r",\s",
    )

    host: str = _web("Address that `lod serve` listens on", "127.0.0.1")
    port: int = _web("Port that `lod serve` listens on, 0 for any free one", 8000, least=0, most=65_535)
    threads: int = _web("Threads that answer requests, beside those that SPARQL queries hold", 8, least=1)
    trusted_proxy: str = _web(
        "Address of the proxy whose X-Forwarded-For and X-Request-ID are believed; without one they are ignored",
        "",
        form=_IP_ADDRESS,
    )
    stop_grace_s: int = _web("Longest that a stopping server waits for requests that have started, in seconds", 30)
    stalled_client_s: int = _web(
        "Longest that a client may send nothing, and time over which `slow_client_bytes_per_s` is measured, in seconds",
        60,
        least=1,
        most=3_600,
    )
    slow_client_bytes_per_s: int = _web(
        "Slowest that a client may read its answer or send its request, in bytes a second; a slower one is disconnected",
        1_000,
        least=1,
    )
    unread_response_s: int = _web(
        "Longest that an answer may wait on disk for its client, in seconds; then the client is disconnected",
        3_600,
        least=1,
    )
    client_cost_per_minute: int = _web(
        "What the requests of one client may cost a minute, where a look-up costs 1, 0 for any; more are answered 429. "
        "Requests from this machine are free",
        3_000,
        least=0,
        most=10_000_000,
    )
    kept_answers_mib: int = _web("Memory for answers that are sent again as they were, in MiB", 128, least=0)
    kept_answers_disk_mib: int = _web(
        "Disk for answers that memory does not hold, in the folder generations/kept of the site, in MiB; 0 for none",
        1_024,
        least=0,
    )
    access_log: bool = _web("Write a line of JSON for every request to standard output", True)
    log_whole_addresses: bool = _web(
        "Log whole addresses of clients, which are personal data, not their networks only", False
    )
    oai_pmh: bool = _web("Offer the records to harvesters at /oai, by OAI-PMH 2.0; it needs contact_email", False)
    reconciliation: bool = _web("Match names and identifiers in tables, such as OpenRefine's, at /reconcile", False)
    inbox_senders: tuple[str, ...] = _web(
        "Services that may announce reviews, endorsements and related works at /inbox, by COAR Notify: the id of each, and the addresses or "
        'networks that it sends from, such as "https://reviews.example.org 192.0.2.10"; without any there is no inbox',
        (),
        form=_SENDERS,
    )
    entity_api: bool = _web("Offer JSON of items, people, journals … to programs at /api", True)
    quality_public: bool = _web(
        "Serve the pages about the quality of the records at /quality, and publish their figures as a named graph", True
    )
    edit_url: str = _web(
        "Address at which a record is edited in its repository, such as https://repository.example.edu/items/{uuid}/edit; "
        "lists of records on the quality pages link to it",
        "",
        form=_EDIT_ADDRESS,
    )
    metrics_clients: tuple[str, ...] = _web(
        "Addresses and networks that may read /metrics; behind a proxy let it refuse /metrics",
        ("127.0.0.1", "::1"),
        form=_IP_NETWORKS,
        splits_at=r"\s",
    )

    query_workers: int = _queries(
        "SPARQL queries that may run for the whole time limit at once, each in a process", 2, least=1
    )
    query_queue: int = _queries(
        "SPARQL queries that wait while all processes are busy; more are answered 503", 16, least=0, most=1_000
    )
    query_wait_s: int = _queries(
        "Longest that a SPARQL query waits for its turn, in seconds; then it is answered 503", 30, least=0, most=3_600
    )
    query_seconds_per_minute: int = _queries(
        "Seconds a minute that the SPARQL queries of one client may run, 0 for any; requests from this machine are free",
        60,
        least=0,
    )
    warm_questions: bool = _queries(
        "Answer the questions of /questions ahead, while no query runs, when a run has been published", True
    )
    query_time_limit_s: int = _queries("Longest that one SPARQL query may run, in seconds", 30, least=1)
    query_memory_limit_mib: int = _queries("Most memory that one SPARQL query may use, in MiB", 1024, least=1)
    max_query_bytes: int = _queries("Longest SPARQL query accepted, in bytes", 65_536, least=1)
    max_result_bytes: int = _queries("Largest answer to one SPARQL query, in bytes", 500_000_000, least=1)
    max_waiting_bytes: int = _queries(
        "Most disk for responses that are being made, or not read yet, in bytes; beyond it long ones are answered 503",
        2_000_000_000,
        least=1,
    )
    max_result_rows: int = _queries("Most rows in the answer to one SPARQL query", 2_000_000, least=1)

    store: str = _store(
        "Address of the SPARQL 1.1 query endpoint that `lod push` loads and `lod serve` serves from; the embedded store "
        "if empty",
        "",
        form=_STORE_ADDRESS,
    )
    store_graph: str = _store(
        "Named graph of the published triples in that store; its default graph if empty", "", form=_STORE_ADDRESS
    )
    store_engine: str = _store(
        "What that store is, where neither its answers nor its address tell", "", choices=STORE_ENGINES
    )
    store_update: str = _store(
        "Address for SPARQL updates of that store, where it cannot be told from `store`", "", form=_STORE_ADDRESS
    )
    store_graph_store: str = _store("Address of its Graph Store Protocol, likewise", "", form=_STORE_ADDRESS)
    store_time_limit_s: int = _store("Longest wait for one look-up in that store, in seconds", 10, least=1)


SETTINGS = rows_of(Settings)
STORE_SETTINGS = tuple(row for row in SETTINGS if row.group == "Remote store")


def read_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        TOMLDecodeError: it is no TOML, or Python's reader cannot hold it.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise tomllib.TOMLDecodeError("a number in it has more digits than can be read; write it shorter") from None
    except RecursionError:
        raise tomllib.TOMLDecodeError("it nests too deeply; write it flatter") from None


def read_file(site: Path) -> dict[str, Any]:
    """Return what the lod.toml of a site says, unchecked.

    Raises:
        ConfigError: it is missing, or no TOML in UTF-8.
    """
    path = site / SETTINGS_FILE
    try:
        return read_toml(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; make a site with 'lod init {site}', or name one with --site"
        ) from None
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{path}: not in UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path}: {fault}") from None


def read_settings(site: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the site in a folder; LOD_BASE_IRI in the environment wins over base_iri in the file.

    Raises:
        ConfigError: with every fault of the file and the environment.
    """
    environment = os.environ if environment is None else environment
    return make_settings(read_file(site), environment, label=str(site / SETTINGS_FILE))


def make_settings(table: Mapping[str, Any], environment: Mapping[str, str], *, label: str = SETTINGS_FILE) -> Settings:
    """Return Settings from a table as TOML gives it and from LOD_* variables.

    Raises:
        ConfigError: with every fault.
    """
    read = read_table(SETTINGS, _without_sources(table), label, environment)
    if faults := [*read.faults, *_faults_between(read.values, label)]:
        raise ConfigError(faults)
    return Settings(**read.values)


def _faults_between(values: Mapping[str, Any], label: str) -> Iterator[str]:
    """Yield what is wrong with settings that go together."""
    for name, backgrounds, mode in (("accent_colour", LIGHT, "light"), ("accent_colour_dark", DARK, "dark")):
        colour = values.get(name)
        if colour and _IS_COLOUR(colour) and least_contrast(colour, backgrounds) < LEAST_CONTRAST:
            yield (
                f"{label}: {name!r} is {colour}, which has a contrast of {least_contrast(colour, backgrounds):.1f} : 1 on {mode} "
                f"pages; text has to have {LEAST_CONTRAST} : 1 (WCAG 2.2, 1.4.3). The nearest that passes is "
                f"{nearest_that_passes(colour, backgrounds)}"
            )
    for name, addresses in values.get("links", ()):
        if len(addresses) != 1 or not _IS_ADDRESS(addresses[0]):
            yield f"{label}: 'links' leads from {name!r} to {', '.join(addresses)!r}; it takes one http or https address"
    if values.get("languages") == ():
        yield f"{label}: 'languages' is empty; name at least one of {', '.join(PAGE_LANGUAGES)}"
    if values.get("reconciliation") is True and values.get("store"):
        yield f"{label}: 'reconciliation' goes with the embedded store only, since a store at an address has no search index; leave 'store' empty"
    if values.get("inbox_senders") and values.get("store"):
        yield f"{label}: 'inbox_senders' goes with the embedded store only, since a store at an address has no search index; leave 'store' empty"
    if values.get("oai_pmh") is not True:
        return
    if not values.get("contact_email"):
        yield f"{label}: 'oai_pmh' needs 'contact_email': OAI-PMH has every provider name the address of its administrator"
    if values.get("store"):
        yield f"{label}: 'oai_pmh' goes with the embedded store only, since a store at an address keeps no dates of changes; leave 'store' empty"


def _without_sources(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != SOURCE_TABLE}


def hints_of(site: Path) -> Iterator[str]:
    """Yield which settings in the lod.toml of a site are written in an old form that is still read.

    Raises:
        ConfigError: the file cannot be read.
    """
    yield from read_table(SETTINGS, _without_sources(read_file(site)), str(site / SETTINGS_FILE)).hints


def public_hints(settings: Settings) -> Iterator[str]:
    """Yield what a site that is open to the public should still set; without it everything works."""
    if not settings.license:
        yield "'license' is not set: without one the data may not be reused; give the address of a licence"
    if not settings.publisher:
        yield "'publisher' is not set: give the name of who publishes the data"
    if urlsplit(settings.base_iri).hostname in {"127.0.0.1", "localhost", "::1"}:
        yield (
            f"'base_iri' is {settings.base_iri}, which leads here from this machine only; set the public address before you "
            "publish for others, for every IRI begins with it"
        )


def store_faults(values: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield what is wrong with settings of a triple store; `names` gives other names for some, as options of a command have.

    A password in an address is not repeated.
    """
    for row in STORE_SETTINGS:
        if row.name in values:
            yield from row.faults(values[row.name], (names or {}).get(row.name, f"'{row.name}'"))
