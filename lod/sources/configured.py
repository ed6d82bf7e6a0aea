"""The sources that a site names: the tables [[source]] of lod.toml. Each key is one row of the dataclass below."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lod.errors import ConfigError
from lod.settings.load import SETTINGS_FILE, read_toml
from lod.sources.formats import SOURCES

TABLE = "source"
FULL_EVERY_DAYS = {"no": 7, "transient": 30, "persistent": 90}
"""How often everything is harvested, by what the provider says of deleted records: one that says nothing needs it most."""

SOURCE_TEMPLATE = """
# Sources that `lod publish` reads when none is named; they stand below all settings. `lod settings` lists their keys.
# [[source]]
# name = "theses"
# url = "https://repository.example.edu/oai/request"
# set = ["col_10722_9"]
"""
"""What `lod init` writes at the end of lod.toml."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_SECRETS = frozenset({"user", "username", "password", "token", "api_key", "apikey", "auth", "authorization", "secret"})


def _row(help_: str, default: Any = "", *, least: int | None = None) -> Any:
    return field(default=default, metadata={"help": help_, "least": least})


@dataclass(frozen=True, kw_only=True)
class NamedSource:
    """One source, by name. Either `url` or `path` is set."""

    name: str = _row("Name of the source: small letters, digits, dots, dashes; `lod publish NAME` reads it alone")
    url: str = _row("Address of an OAI-PMH provider, of DSpace's REST API, or of a file")
    path: str = _row("File or folder, seen from the site's folder")
    format: str = _row("Format, where it cannot be told from the content; see docs/sources.md")
    set: tuple[str, ...] = _row("Set, or list of sets; for REST the UUID of a community or collection", ())
    metadata_prefix: str = _row("Metadata prefix; left out, the provider's best: xoai, dim, qdc, … oai_dc")
    partial: bool = _row("The source holds a part only: remove nothing that is missing from it", False)
    full_every_days: int = _row(
        "Days after which everything is harvested again; 0 for never; -1 for 7, 30 or 90, as the provider's deletedRecord "
        "is no, transient or persistent",
        -1,
        least=-1,
    )
    overlap_hours: int = _row(
        "Hours that a harvest reaches back before the last one; a provider's list may lag behind its repository by a night",
        48,
        least=0,
    )
    trust_list_size: bool = _row(
        "A list with fewer records than its completeListSize is not whole, so that nothing is removed", True
    )
    keep_responses: bool = _row("Keep the answers since the last full harvest, for `lod publish --cached`", False)
    pause_s: int = _row("Pause between two requests, in seconds", 0, least=0)
    tries: int = _row("How often a request is sent, if it fails for a reason that may pass", 5, least=1)
    longest_wait_s: int = _row("Longest that a server may ask us to wait (Retry-After), in seconds", 600, least=0)
    read_time_limit_s: int = _row("Longest silence of a server, in seconds", 60, least=1)
    response_time_limit_s: int = _row("Longest that one answer may take, in seconds", 600, least=1)
    time_limit_s: int = _row(
        "Longest that one harvest may take, in seconds; the next goes on behind it", 43_200, least=1
    )
    max_response_mib: int = _row("Largest answer, unpacked, in MiB", 256, least=1)

    @property
    def secrets(self) -> str:
        """How the environment variables with its credentials begin: LOD_SOURCE_MIT, then _TOKEN, or _USER and _PASSWORD."""
        name = urlsplit(self.url).hostname or "" if self.is_ad_hoc else self.name
        return f"LOD_SOURCE_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"

    @property
    def is_ad_hoc(self) -> bool:
        """Whether it was named by its address on the command line."""
        return "~" in self.name


SOURCE_KEYS: tuple[Field[Any], ...] = fields(NamedSource)
_WEB_ONLY = tuple(row.name for row in SOURCE_KEYS if row.name not in {"name", "url", "path", "format", "partial"})


def ad_hoc(url: str, *, format: str = "", sets: tuple[str, ...] = (), metadata_prefix: str = "") -> NamedSource:
    """Return the source that an address on the command line stands for; its name tells address and sets.

    Raises:
        ConfigError: the address is none, or holds a password.
    """
    faults = list(_address_faults(url, "SOURCE"))
    if faults:
        raise ConfigError(faults)
    digest = hashlib.sha256("\n".join((url, *sorted(sets))).encode()).hexdigest()[:8]
    name = f"{urlsplit(url).hostname}~{digest}"
    return NamedSource(name=name, url=url, format=format, set=sets, metadata_prefix=metadata_prefix)


def is_address(text: str) -> bool:
    """Tell whether a SOURCE is an address and no file."""
    return text.lower().startswith(("http:/", "https:/"))


def read_named_sources(site: Path) -> tuple[NamedSource, ...]:
    """Return the sources that a site's lod.toml names, in its order.

    Raises:
        ConfigError: with every fault of them.
    """
    path = site / SETTINGS_FILE
    try:
        tables = read_toml(path.read_text(encoding="utf-8-sig")).get(TABLE, [])
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{path}: not in UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path}: {fault}") from None
    return make_named_sources(tables, label=str(path))


def make_named_sources(tables: Any, *, label: str = SETTINGS_FILE) -> tuple[NamedSource, ...]:
    """Return sources from what TOML gives for [[source]].

    Raises:
        ConfigError: with every fault.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{label}: 'source' is no list of tables; write each source under a line [[source]]")
    faults: list[str] = []
    sources = []
    for number, table in enumerate(tables, start=1):
        where = f"{label}, [[source]] {table.get('name') or number}"
        values = _values(table, where, faults)
        faults += _faults_of(table, where)
        if values is not None:
            sources.append(NamedSource(**values))
    names = Counter(source.name for source in sources if source.name)
    faults += [f"{label}: {count} sources have the name {name!r}" for name, count in names.items() if count > 1]
    if faults:
        raise ConfigError(faults)
    return tuple(sources)


def _values(table: Mapping[str, Any], where: str, faults: list[str]) -> dict[str, Any] | None:
    known = {row.name: row for row in SOURCE_KEYS}
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name in _SECRETS:
            faults.append(
                f"{where}: '{name}' has no place in a file; set LOD_SOURCE_NAME_TOKEN, or LOD_SOURCE_NAME_USER and "
                "LOD_SOURCE_NAME_PASSWORD, in the environment, with the source's name in capitals"
            )
        elif name not in known:
            near = get_close_matches(name, known, n=1)
            faults.append(
                f"{where}: unknown key '{name}'; {f'did you mean {near[0]!r}?' if near else 'known: ' + ', '.join(known)}"
            )
        elif (fitting := _fitting(value, known[name])) is None:
            faults.append(f"{where}: '{name}' is {value!r}; it takes {_takes(known[name])}")
        else:
            values[name] = fitting
    return values


def _fitting(value: Any, row: Field[Any]) -> Any:
    """Return a value in the form of its row, None where it does not fit."""
    if row.name == "set":
        listed = [value] if isinstance(value, str) else value
        fits = isinstance(listed, list) and all(isinstance(one, str) and one.strip() for one in listed)
        return tuple(dict.fromkeys(listed)) if fits else None
    if type(value) is not type(row.default):
        return None
    least = row.metadata["least"]
    return value if least is None or value >= least else None


def _takes(row: Field[Any]) -> str:
    if row.name == "set":
        return "a text or a list of texts"
    words = {str: "a text in quotation marks", bool: "true or false", int: "a whole number"}
    least = row.metadata["least"]
    return words[type(row.default)] + (f" from {least} on" if least is not None else "")


def _faults_of(table: Mapping[str, Any], where: str) -> list[str]:
    faults = []
    name, url, path, format_ = (table.get(key) for key in ("name", "url", "path", "format"))
    if not name or not isinstance(name, str) or not _NAME.fullmatch(name):
        faults.append(f"{where}: 'name' is {name!r}; it takes small letters, digits, dots, dashes, such as \"theses\"")
    if bool(url) == bool(path):
        faults.append(f"{where}: it takes either 'url' or 'path'")
    if isinstance(url, str) and url:
        faults += _address_faults(url, where)
    known = [one.name for one in SOURCES]
    if isinstance(format_, str) and format_ and format_ not in known:
        faults.append(f"{where}: unknown format {format_!r}; known: {', '.join(known)}")
    if path:
        faults += [f"{where}: '{key}' is for sources with a 'url' only" for key in _WEB_ONLY if key in table]
    return faults


def _address_faults(url: str, where: str) -> list[str]:
    try:
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            return [
                f"{where}: the address of {parts.hostname} holds a user name or password; leave them out and set "
                "LOD_SOURCE_NAME_USER and LOD_SOURCE_NAME_PASSWORD in the environment (see docs/harvesting.md)"
            ]
        sound = bool(_ADDRESS.fullmatch(url)) and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    return [] if sound else [f"{where}: 'url' is {url!r}; it takes an address that starts with http:// or https://"]
