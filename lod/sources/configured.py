"""The sources that a site names: the tables [[source]] of lod.toml. Each key is one row of the dataclass below."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import langcodes

from lod.errors import ConfigError
from lod.http.addresses import is_web_address, without_secrets
from lod.settings.rows import Form, TableRead, TomlTable, read_table, rows_of, setting
from lod.settings.table import SEPARATOR, SETTINGS_FILE, SOURCE_TABLE, read_file
from lod.sources.formats import SOURCES
from lod.sources.reading.column_tables import site_tables
from lod.sources.reading.field_names import FIELD_NAME
from lod.sources.reading.source_defaults import SourceDefaults

FULL_EVERY_DAYS = {"no": 7, "transient": 30, "persistent": 90}
"""Days between full harvests by the provider's deletedRecord (OAI-PMH): the less it reports deletions, the more often."""

SOURCE_TEMPLATE = """
# Sources that `lod publish` reads when none is named; they are below all settings. `lod settings` lists their keys.
# [[source]]
# name = "theses"
# url = "https://repository.example.edu/oai/request"
# set = ["col_10722_9"]
"""
"""What `lod init` writes at the end of lod.toml."""

_IS_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE).fullmatch
_SECRETS = frozenset({"user", "username", "password", "token", "api_key", "apikey", "auth", "authorization", "secret"})


def _can_be_fetched(url: str) -> bool:
    return bool(_IS_ADDRESS(url)) and is_web_address(url) and urlsplit(url).port != 0


def _is_encoding(name: str) -> bool:
    try:
        return bool("a".encode(name))
    except (LookupError, ValueError):
        return False


_NAME = Form(
    'small letters, digits, dots, dashes, such as "theses"', re.compile(r"[a-z0-9][a-z0-9._-]{0,63}").fullmatch
)
_URL = Form(
    "an address that starts with http:// or https://",
    _can_be_fetched,
    "LOD_SOURCE_NAME_USER and LOD_SOURCE_NAME_PASSWORD (see docs/harvesting.md)",
)
_FIELDS = Form('a table by field names, such as { "dc.type" = "Article" }', re.compile(FIELD_NAME).fullmatch)
_ENCODING = Form("an encoding, such as utf-8, cp1252, iso-8859-15 or mac-roman", _is_encoding)
_LANGUAGE = Form("a language tag, such as en or zh-Hant", langcodes.tag_is_valid)
_source = partial(setting, group="Sources: the tables [[source]]")
_harvest = partial(setting, group="Harvest: keys of a [[source]] with a url")


@dataclass(frozen=True, kw_only=True)
class NamedSource:
    """One source, by name. Either `url` or `path` is set."""

    name: str = _source("Name of the source; `lod publish NAME` reads it alone", form=_NAME)
    url: str = _source("Address of an OAI-PMH provider, of DSpace's REST API, or of a file", "", form=_URL)
    path: str = _source("File or folder, seen from the site's folder", "")
    format: str = _source(
        "Format, where it cannot be told from the content; see docs/sources.md",
        "",
        choices=tuple(format_.name for format_ in SOURCES),
    )
    partial: bool = _source("The source holds a part only: remove nothing that is missing from it", False)
    defaults: tuple[tuple[str, tuple[str, ...]], ...] = _source(
        "Values of fields that a record of the source has no value of, by field", TomlTable(), form=_FIELDS
    )
    fallbacks: tuple[tuple[str, tuple[str, ...]], ...] = _source(
        "By field, the fields whose values are taken as that field where a record has no value of it; the first with a "
        "value is taken",
        TomlTable(),
        form=_FIELDS,
    )
    separator: str = _source(
        "What separates values in a cell of a CSV file, where not `value_separator`", "", form=SEPARATOR
    )
    encoding: str = _source(
        "Encoding of its text files, where it is detected wrongly; XML states its own", "", form=_ENCODING
    )
    language: str = _source("Language of titles and other texts that state none", "", form=_LANGUAGE)

    set: tuple[str, ...] = _harvest("Set, or list of sets; for REST the UUID of a community or collection", ())
    metadata_prefix: str = _harvest("Metadata prefix; left out, the provider's best: xoai, dim, qdc, … oai_dc", "")
    full_every_days: int = _harvest(
        "Days after which everything is harvested again; 0 for never; -1 for 7, 30 or 90, as the provider's deletedRecord "
        "is no, transient or persistent",
        -1,
        least=-1,
    )
    overlap_hours: int = _harvest(
        "Hours that a harvest reaches back before the last one; a provider's list may lag behind its repository by a night",
        48,
        least=0,
    )
    trust_list_size: bool = _harvest(
        "A list with fewer records than its completeListSize is not whole, so that nothing is removed", True
    )
    keep_responses: bool = _harvest("Keep the responses since the last full harvest, for `lod publish --cached`", False)
    pause_s: int = _harvest("Pause between two requests, in seconds", 0, least=0)
    tries: int = _harvest("Times that a request is sent at most, if it fails for a temporary reason", 5, least=1)
    longest_wait_s: int = _harvest("Longest pause that a server may ask for (Retry-After), in seconds", 600, least=0)
    read_time_limit_s: int = _harvest("Longest silence of a server, in seconds", 60, least=1)
    response_time_limit_s: int = _harvest("Longest that one response may take, in seconds", 600, least=1)
    time_limit_s: int = _harvest(
        "Longest that one harvest may take, in seconds; the next one resumes it", 43_200, least=1
    )
    max_response_mib: int = _harvest("Largest response, unpacked, in MiB", 256, least=1)

    @property
    def secrets(self) -> str:
        """How the environment variables with its credentials begin: LOD_SOURCE_MIT, then _TOKEN, or _USER and _PASSWORD."""
        name = urlsplit(self.url).hostname or "" if self.is_ad_hoc else self.name
        return f"LOD_SOURCE_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"

    def defaults_in(self, site: Path) -> SourceDefaults:
        """Return what a site says of the records of the source, with the site's tables of columns.

        Raises:
            ConfigError: a table of columns is faulty.
        """
        return SourceDefaults(
            self.name,
            self.defaults,
            self.fallbacks,
            self.separator,
            self.encoding,
            self.language,
            site_tables(site),
        )

    @property
    def is_ad_hoc(self) -> bool:
        """Whether it was named by its address on the command line."""
        return "~" in self.name


SOURCE_KEYS = rows_of(NamedSource)
_URL_KEY = next(row for row in SOURCE_KEYS if row.name == "url")
_WEB_ONLY = tuple(row.name for row in SOURCE_KEYS if row.group.startswith("Harvest"))


def ad_hoc(url: str, *, format: str = "", sets: tuple[str, ...] = (), metadata_prefix: str = "") -> NamedSource:
    """Return the source that an address on the command line means; its name is made of host and sets.

    Raises:
        ConfigError: the address is none, or holds a password.
    """
    faults = list(_URL_KEY.faults(url, "SOURCE"))
    if faults:
        raise ConfigError(faults)
    digest = hashlib.sha256("\n".join((url, *sorted(sets))).encode()).hexdigest()[:8]
    name = f"{urlsplit(url).hostname}~{digest}"
    return NamedSource(name=name, url=url, format=format, set=sets, metadata_prefix=metadata_prefix)


def is_address(text: str) -> bool:
    """Return whether a SOURCE is an address and no file."""
    return text.lower().startswith(("http:/", "https:/"))


def read_named_sources(site: Path) -> tuple[NamedSource, ...]:
    """Return the sources that a site's lod.toml names, in its order.

    Raises:
        ConfigError: with every fault of them.
    """
    return make_named_sources(read_file(site).get(SOURCE_TABLE, []), label=str(site / SETTINGS_FILE))


def readable_secrets(site: Path, sources: Sequence[NamedSource]) -> Iterator[str]:
    """Yield a hint for each source whose address holds a secret while others than its owner can read the site's lod.toml."""
    path = site / SETTINGS_FILE
    if not path.stat().st_mode & 0o077:
        return
    for source in sources:
        if without_secrets(source.url) != source.url:
            yield (
                f"{path}, [[source]] {source.name}: its url holds a secret, and others than the owner can read the file: chmod 600 "
                f"{path}"
            )


def make_named_sources(tables: Any, *, label: str = SETTINGS_FILE) -> tuple[NamedSource, ...]:
    """Return sources from what TOML gives for [[source]].

    Raises:
        ConfigError: with every fault.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{label}: 'source' is no list of tables; write each source under a line [[source]]")
    reads = [
        _read(table, f"{label}, [[source]] {table.get('name') or number}")
        for number, table in enumerate(tables, start=1)
    ]
    faults = [*(fault for read in reads for fault in read.faults), *_repeated_names(reads, label)]
    if faults:
        raise ConfigError(faults)
    return tuple(NamedSource(**read.values) for read in reads)


def _repeated_names(reads: Sequence[TableRead], label: str) -> Iterator[str]:
    for name, count in Counter(read.values.get("name", "") for read in reads).items():
        if name and count > 1:
            yield f"{label}: {count} sources have the name {name!r}"


def _read(table: Mapping[str, Any], where: str) -> TableRead:
    read = read_table(SOURCE_KEYS, {name: value for name, value in table.items() if name not in _SECRETS}, where)
    read.faults.extend((*_secrets_in(table, where), *_together(table, where)))
    return read


def _secrets_in(table: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in table:
        if name in _SECRETS:
            yield (
                f"{where}: '{name}' has no place in a file; set LOD_SOURCE_NAME_TOKEN, or LOD_SOURCE_NAME_USER and "
                "LOD_SOURCE_NAME_PASSWORD, in the environment, with the source's name in capitals"
            )


def _together(table: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield which keys of one source do not go together."""
    if bool(table.get("url")) == bool(table.get("path")):
        yield f"{where}: it takes either 'url' or 'path'"
    fallbacks = table.get("fallbacks")
    for target, fields in fallbacks.items() if isinstance(fallbacks, dict) else ():
        for field in [fields] if isinstance(fields, str) else fields if isinstance(fields, list) else ():
            if not (isinstance(field, str) and _FIELDS.fits(field)):
                yield f"{where}: 'fallbacks' takes fields; {field!r} of '{target}' is none, such as dc.date.issued"
    if table.get("path"):
        yield from (f"{where}: '{key}' is for sources with a 'url' only" for key in _WEB_ONLY if key in table)
