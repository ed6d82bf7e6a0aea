"""The table of settings; lod.toml and LOD_* become Settings.

A site is a folder with `lod.toml`. Each setting is one row of the dataclass below: name with its unit, default,
help. The documentation and the commented `lod.toml` of `lod init` are made from these rows.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lod.errors import ConfigError
from lod.numbers import whole_number
from lod.rdf.formats import DUMP_NAMES
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE

SETTINGS_FILE = "lod.toml"

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_HOLDS_USER = re.compile(r"[^/?#]*//[^/?#]*@")
_NAMESPACES = {
    "base_iri": re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/"),
    "vocabulary_namespace": re.compile(r"https?://[^\s<>\"{}|\\^`?#]+[/#]"),
}
_SEPARATORS = ("auto", "||", ";", "; ")
KEY_SCHEMES = ("doi", "pmid", "pmcid", "arxiv")
"""Schemes of identifiers that may stand in for a handle; a field name such as bibtex.key may, too."""
STORE_ENGINES = ("oxigraph", "virtuoso", "fuseki", "graphdb", "qlever", "neptune")
LARGEST_VALUE_BYTES = 1_500_000
"""Upper bound of `max_value_bytes`. The engine reads no term of 16 MiB or more, and no value grows more than elevenfold on its
way there: sixfold when control characters are escaped (`\\u0001`), ninefold in an IRI, elevenfold under NFKC (U+FDFA)."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^\s<>\"@]+@[^\s<>\"@]+")


def _row(help_: str, default: Any = MISSING) -> Any:
    return (
        field(default=default, metadata={"help": help_}) if default is not MISSING else field(metadata={"help": help_})
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a site. Every field is one setting of lod.toml."""

    base_iri: str = _row("Start of every minted IRI, with a final slash: the public address of the site")
    title: str = _row("Name of the site, shown on its pages and in the description of the dataset", "Linked data")
    publisher: str = _row("Who publishes the dataset", "")
    publisher_iri: str = _row("IRI of the publisher, such as its ROR id; a local one is made if left out", "")
    license: str = _row("IRI of the licence of the metadata; without one nobody may reuse it", "")
    description: str = _row("One or two sentences about the dataset", "")
    language: str = _row("Language of title, description and keywords, as a tag: en, de, zh-Hant", "en")
    keywords: str = _row("What the dataset is about, in words separated by commas", "")
    themes: str = _row(
        "IRIs of the dataset's themes, separated by blanks, such as those of the EU's data themes",
        "",
    )
    contact_email: str = _row("E-mail address for questions about the dataset; it is published", "")
    contact_url: str = _row("Address of a page for questions about the dataset", "")
    vocabulary_namespace: str = _row(
        "Namespace of the local terms; keep it when the site moves", DEFAULT_VOCABULARY_NAMESPACE
    )
    handle_prefix: str = _row("The repository's own handle prefix, when records list handles of others too", "")
    key_from: str = _row(
        "Identifiers that the IRI of a record without handle and UUID is made from, in order: doi, pmid, pmcid, arxiv, "
        "or a field such as bibtex.key",
        "",
    )
    value_separator: str = _row(
        "What separates values in a cell of a CSV file: auto, || or ; (auto looks at the file)", "auto"
    )
    max_value_bytes: int = _row(
        f"Largest value of a field that is published, in bytes of UTF-8, at most {LARGEST_VALUE_BYTES}; a record with a larger one "
        "is refused",
        1_048_576,
    )
    max_record_mib: int = _row(
        "Largest record, in MiB: all its values together, and in XML the record as it stands in the file; a larger one is refused",
        64,
    )
    mirrors: bool = _row("Repeat BIBO values in their PRISM and FaBiO twins", True)
    publish_email_addresses: bool = _row("Publish e-mail addresses found in records", False)
    publish_journal_metrics: bool = _row("Publish journal metrics found on item pages (often licensed data)", False)
    dump_formats: str = _row(
        "Dumps that each generation carries, separated by blanks; nt.gz is always among them",
        " ".join(DUMP_NAMES),
    )
    keep_generations: int = _row("Published states kept on disk, the live one included", 3)
    most_shrink_percent: int = _row(
        "Largest share of the records, in percent, that one run may remove without --allow-shrink; 100 for any", 10
    )
    store: str = _row(
        "Address of the SPARQL 1.1 query endpoint that `lod push` loads and `lod serve` serves from; the embedded store "
        "if empty",
        "",
    )
    store_graph: str = _row("Named graph of the published triples in that store; its default graph if empty", "")
    store_engine: str = _row(
        f"What that store is, where neither its answers nor its address tell: {', '.join(STORE_ENGINES)}", ""
    )
    store_update: str = _row("Address for SPARQL updates of that store, where it cannot be told from `store`", "")
    store_graph_store: str = _row("Address of its Graph Store Protocol, likewise", "")
    store_time_limit_s: int = _row("Longest wait for one look-up in that store, in seconds", 10)
    host: str = _row("Address that `lod serve` listens on", "127.0.0.1")
    port: int = _row("Port that `lod serve` listens on", 8000)
    threads: int = _row("Threads that answer requests, beside those that SPARQL queries hold", 8)
    trusted_proxy: str = _row(
        "Address of the proxy whose X-Forwarded-For and X-Request-ID are believed; without one they are ignored", ""
    )
    stop_grace_s: int = _row("Longest that a server told to stop finishes what it has begun, in seconds", 30)
    access_log: bool = _row("Write a line of JSON for every request to standard output", True)
    log_whole_addresses: bool = _row(
        "Log whole addresses of clients, which are personal data, not their networks only", False
    )
    metrics_clients: str = _row(
        "Addresses and networks that may read /metrics, separated by blanks; behind a proxy let it refuse /metrics",
        "127.0.0.1 ::1",
    )
    query_workers: int = _row("SPARQL queries that may run for the whole time limit at once, each in a process", 2)
    query_queue: int = _row("SPARQL queries that wait while all processes are busy; more are answered 503", 4)
    query_seconds_per_minute: int = _row(
        "Seconds a minute that the SPARQL queries of one client may run, 0 for any; requests from this machine are free",
        60,
    )
    query_time_limit_s: int = _row("Longest that one SPARQL query may run, in seconds", 30)
    query_memory_limit_mib: int = _row("Most memory that one SPARQL query may use, in MiB", 1024)
    max_query_bytes: int = _row("Longest SPARQL query accepted, in bytes", 65_536)
    max_result_bytes: int = _row("Largest answer to one SPARQL query, in bytes", 500_000_000)
    max_waiting_bytes: int = _row(
        "Disk that results may take which slow clients have not read yet, in bytes; beyond it queries are answered 503",
        2_000_000_000,
    )
    max_result_rows: int = _row("Most rows in the answer to one SPARQL query", 2_000_000)

    @property
    def key_sources(self) -> tuple[str, ...]:
        """The names in `key_from`, in order."""
        return tuple(self.key_from.replace(",", " ").split())

    @property
    def dump_names(self) -> tuple[str, ...]:
        """The names in `dump_formats`, in order."""
        return tuple(self.dump_formats.replace(",", " ").split())


SETTINGS: tuple[Field[Any], ...] = fields(Settings)


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


def read_settings(site: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the site in a folder; LOD_BASE_IRI in the environment wins over base_iri in the file.

    Raises:
        ConfigError: with every fault of the file and the environment.
    """
    path = site / SETTINGS_FILE
    try:
        table = read_toml(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; make a site with 'lod init {site}', or name one with --site"
        ) from None
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{path}: not in UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path}: {fault}") from None
    table.pop("source", None)  # the sources that it names: see lod/sources/configured.py
    return make_settings(table, os.environ if environment is None else environment, label=str(path))


def make_settings(table: Mapping[str, Any], environment: Mapping[str, str], *, label: str = SETTINGS_FILE) -> Settings:
    """Return Settings from a table as TOML gives it and from LOD_* variables.

    Raises:
        ConfigError: with every fault.
    """
    faults: list[str] = []
    known = {row.name: row for row in SETTINGS}
    for name in table.keys() - known.keys():
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        faults.append(f"{label}: unknown setting '{name}'; {hint}")
    values: dict[str, Any] = {}
    for name, row in known.items():
        variable = f"LOD_{name.upper()}"
        if variable in environment:
            values[name] = _from_text(environment[variable], row, variable, faults)
        elif name in table:
            values[name] = table[name]
        elif row.default is MISSING:
            faults.append(f"{label}: '{name}' is not set: {row.metadata['help'][0].lower()}{row.metadata['help'][1:]}")
            continue
        else:
            continue
        if type(values[name]).__name__ != row.type:
            faults.append(f"{label}: '{name}' is {values[name]!r}; it takes {_TYPE_WORDS[str(row.type)]}")
            del values[name]
    faults += _faults_of_values(values, label)
    if faults:
        raise ConfigError(faults)
    return Settings(**values)


_TYPE_WORDS = {"str": "a text in quotation marks", "int": "a whole number", "bool": "true or false"}


def _from_text(text: str, row: Field[Any], variable: str, faults: list[str]) -> Any:
    if row.type == "int" and (number := whole_number(text)) is not None:
        return number
    if row.type == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if row.type != "str":
        faults.append(f"{variable}: {text!r}; it takes {_TYPE_WORDS[str(row.type)]}")
        return row.default
    return text


def hints_of(settings: Settings) -> Iterator[str]:
    """Yield what a site that is open to the public should still set; without it everything works."""
    if not settings.license:
        yield "'license' is not set: without one nobody may reuse the data; give the address of a licence"
    if not settings.publisher:
        yield "'publisher' is not set: give the name of who publishes the data"
    if urlsplit(settings.base_iri).hostname in {"127.0.0.1", "localhost", "::1"}:
        yield (
            f"'base_iri' is {settings.base_iri}, which leads here from this machine only; set the public address before you "
            "publish for others, for every IRI begins with it"
        )


def store_faults(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the addresses of a triple store among settings; a password in one is not repeated."""
    for name in ("store", "store_graph", "store_update", "store_graph_store"):
        text = values.get(name)
        if text and _HOLDS_USER.match(text):
            yield (
                f"'{name}' holds a user or password; put them into the environment as LOD_STORE_USER and LOD_STORE_PASSWORD"
            )
        elif text and not _ADDRESS.fullmatch(text):
            yield f"'{name}' is {text!r}; it takes an address that starts with http:// or https://"
    engine = values.get("store_engine")
    if engine and engine not in STORE_ENGINES:
        yield f"'store_engine' is {engine!r}; it takes one of {', '.join(STORE_ENGINES)}"


def _faults_of_values(values: Mapping[str, Any], label: str) -> list[str]:
    faults = []
    for name, form in _NAMESPACES.items():
        text = values.get(name)
        if text is not None and not form.fullmatch(text):
            faults.append(f"{label}: '{name}' is {text!r}; it takes an http or https address that ends with a slash")
    for name in ("publisher_iri", "contact_url"):
        if values.get(name) and not _ADDRESS.fullmatch(values[name]):
            faults.append(f"{label}: '{name}' is {values[name]!r}; it takes an http or https address")
    for theme in values.get("themes", "").split():
        if not _ADDRESS.fullmatch(theme):
            faults.append(f"{label}: 'themes' names {theme!r}; it takes http or https addresses, separated by blanks")
    if values.get("contact_email") and not _EMAIL.fullmatch(values["contact_email"]):
        faults.append(
            f"{label}: 'contact_email' is {values['contact_email']!r}; it takes one address, name@example.org"
        )
    if not _LANGUAGE.fullmatch(values.get("language", "en")):
        faults.append(f"{label}: 'language' is {values['language']!r}; it takes a language tag, such as en or zh-Hant")
    for name in values.get("dump_formats", "").replace(",", " ").split():
        if name not in DUMP_NAMES:
            faults.append(f"{label}: 'dump_formats' names {name!r}; it takes one or more of {', '.join(DUMP_NAMES)}")
    licence = values.get("license")
    if licence and not _ADDRESS.fullmatch(licence):
        faults.append(
            f"{label}: 'license' is {licence!r}; it takes the address of a licence, "
            "such as https://creativecommons.org/publicdomain/zero/1.0/"
        )
    faults += [f"{label}: {problem}" for problem in store_faults(values)]
    if values.get("value_separator", "auto") not in _SEPARATORS:
        faults.append(f"{label}: 'value_separator' is {values['value_separator']!r}; it takes one of: auto, ||, ;")
    for name in values.get("key_from", "").replace(",", " ").split():
        if name not in KEY_SCHEMES and "." not in name:
            faults.append(
                f"{label}: 'key_from' names {name!r}; it takes one or more of {', '.join(KEY_SCHEMES)}, "
                "or a field such as bibtex.key"
            )
    if values.get("keep_generations", 1) < 1:
        faults.append(f"{label}: 'keep_generations' is {values['keep_generations']}; at least the live one is kept: 1")
    if not 0 <= values.get("most_shrink_percent", 10) <= 100:
        faults.append(
            f"{label}: 'most_shrink_percent' is {values['most_shrink_percent']}; it takes 0 (none) to 100 (any number)"
        )
    faults += [f"{label}: {problem}" for problem in _faults_of_clients(values)]
    for name in ("query_queue", "query_seconds_per_minute"):
        if values.get(name, 0) < 0:
            faults.append(f"{label}: '{name}' is {values[name]}; it takes 0 or more")
    if not 0 <= values.get("port", 8000) <= 65_535:
        faults.append(f"{label}: 'port' is {values['port']}; ports go from 0 (any free one) to 65535")
    largest = values.get("max_value_bytes", 1)
    if largest > LARGEST_VALUE_BYTES:
        faults.append(
            f"{label}: 'max_value_bytes' is {largest}; it takes 1 to {LARGEST_VALUE_BYTES}: escaped, a larger value may be more than "
            "the store's engine reads"
        )
    for name in (
        "max_value_bytes",
        "max_record_mib",
        "threads",
        "query_workers",
        "store_time_limit_s",
        "query_time_limit_s",
        "query_memory_limit_mib",
        "max_query_bytes",
        "max_result_bytes",
        "max_waiting_bytes",
        "max_result_rows",
    ):
        if values.get(name, 1) < 1:
            faults.append(f"{label}: '{name}' is {values[name]}; it takes 1 or more")
    return faults


def settings_template(chosen: Mapping[str, str]) -> str:
    """Return a commented lod.toml; `chosen` gives the settings that are written out, by name."""
    lines = ["# Settings of this site. A line that starts with # shows the default.", ""]
    for row in SETTINGS:
        lines.append(f"# {row.metadata['help']}.")
        value = chosen.get(row.name)
        if value is None:
            lines.append(f"# {row.name} = {_toml(row.default)}")
        else:
            lines.append(f"{row.name} = {_toml(value)}")
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _faults_of_clients(values: Mapping[str, Any]) -> Iterator[str]:
    for name, one in (("trusted_proxy", True), ("metrics_clients", False)):
        text = values.get(name, "")
        for part in [text] if one and text else text.split():
            try:
                ip_address(part) if one else ip_network(part)
            except ValueError:
                form = (
                    "one address, such as 127.0.0.1"
                    if one
                    else "addresses and networks, such as '127.0.0.1 10.0.0.0/8'"
                )
                yield f"'{name}' has {part!r}; it takes {form}"
