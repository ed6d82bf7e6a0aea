"""What the answers of an OAI-PMH provider say beside their records. Source: OAI-PMH 2.0, sections 2.5, 3.3 to 3.6 and 4."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import chain

from lod.errors import SourceError
from lod.harvest.oai.datestamps import DAY, SECOND
from lod.harvest.saved_response import SavedResponse
from lod.http.errors import DamagedResponseError
from lod.numbers import whole_number
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources.oai.oai_pmh import ROOT, detect_oai_pmh
from lod.sources.oai.payloads import PAYLOADS
from lod.sources.parsing.xml_files import FoundElement, XmlElement, iter_elements, local_name, text_of
from lod.sources.reading.source_file import head_text

PREFERRED = ("xoai", "dim", "qdc", "oai_openaire", "oai_datacite", "mods", "nsdl_dc", "mets", "oai_dc")
"""Forms of metadata that the reader knows, those first that say most: xoai and DIM hold every field as DSpace has it."""

_TITLE = re.compile(r"<title[^<>]*+>([^<]*)", re.IGNORECASE)
_LIST = re.compile(r"<(?:[\w.-]+:)?ListRecords[\s/>]")
_ERROR = re.compile(rb"<(?:[\w.-]{1,255}:)?error[\s>]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """An error element: its code and what the provider says."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The answer to Identify, as far as a harvest needs it. Moments are as the provider writes them, "" if it does not."""

    name: str
    base_url: str
    granularity: str
    deleted_record: str
    earliest: str
    response_date: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """The answer to ListRecords.

    Attributes:
        records, deleted: how many it holds, the deleted among them.
        token: the resumption token, "" where the list ends.
        list_size: completeListSize, None where it is not said.
        first, last: datestamps of its first and its last record.
        ordered: whether its datestamps never go back.
        digest: of identifiers and datestamps; "" without records.
        faults: its error elements.
    """

    records: int
    deleted: int
    token: str
    list_size: int | None
    first: str
    last: str
    ordered: bool
    digest: str
    response_date: str
    faults: tuple[Fault, ...]


def is_error_response(head: bytes) -> bool:
    """Return whether a response that begins so is an error of OAI-PMH, which some providers send with an HTTP status of 4xx."""
    return b"OAI-PMH" in head and _ERROR.search(head) is not None


def read_page(file: SavedResponse, settings: Settings) -> Page:
    """Read an answer to ListRecords through, record by record.

    Raises:
        DamagedResponseError: it is none, or not whole.
        SourceError: it is not to be read: entities, or a record that is too large.
    """
    tally = _Tally()
    for found in _elements(file, {"record", "resumptionToken", "responseDate", "error"}, settings):
        if isinstance(found, Finding):
            tally.records += 1  # a damaged record: the reader will say so
        else:
            tally.take(found.element)
    if not (tally.records or tally.faults or tally.has_token or _LIST.search(head_text(file.head()))):
        raise DamagedResponseError("the answer holds neither a list of records nor an error")
    return tally.page()


class _Tally:
    """Counts over the elements of one answer."""

    def __init__(self) -> None:
        self.records = self.deleted = 0
        self.token = self.response_date = self.first = self.last = ""
        self.has_token = False
        self.list_size: int | None = None
        self.ordered = True
        self.faults: list[Fault] = []
        self._digest = hashlib.sha256()

    def take(self, element: XmlElement) -> None:
        name = local_name(element)
        if name == "record":
            self._record(element)
        elif name == "resumptionToken":
            size = element.get("completeListSize", "").strip()
            self.has_token = True
            self.token = text_of(element).strip()
            self.list_size = whole_number(size) or None
        elif name == "responseDate":
            self.response_date = text_of(element).strip()
        else:
            self.faults.append(_fault(element))

    def _record(self, element: XmlElement) -> None:
        header = next((child for child in element if local_name(child) == "header"), None)
        parts = {local_name(child): text_of(child).strip() for child in header} if header is not None else {}
        stamp = parts.get("datestamp", "")
        self.records += 1
        self.deleted += header is not None and header.get("status") == "deleted"
        self.ordered = self.ordered and bool(stamp) and stamp >= self.last
        self.first = self.first or stamp
        self.last = stamp
        self._digest.update(f"{parts.get('identifier', '')} {stamp}\n".encode())

    def page(self) -> Page:
        return Page(
            records=self.records,
            deleted=self.deleted,
            token=self.token,
            list_size=self.list_size,
            first=self.first,
            last=self.last,
            ordered=self.ordered,
            digest=self._digest.hexdigest()[:16] if self.first else "",
            response_date=self.response_date,
            faults=tuple(self.faults),
        )


def read_identity(file: SavedResponse, settings: Settings) -> Identity:
    """Read an answer to Identify; what a provider leaves out is assumed to be the careful case: days, and no deletions.

    Raises:
        DamagedResponseError: it is none.
    """
    said: dict[str, str] = {}
    identified = False
    for found in _elements(file, {"Identify", "responseDate", "error"}, settings):
        if isinstance(found, Finding):
            raise DamagedResponseError(f"the answer to Identify is damaged: {found.message}")
        identified = identified or local_name(found.element) == "Identify"
        for part in chain([found.element], found.element):
            said.setdefault(local_name(part), text_of(part).strip())
    if not identified:
        raise DamagedResponseError(f"the answer to Identify is an error: {said.get('error', 'no Identify in it')}")
    granularity = SECOND if "hh" in said.get("granularity", "") else DAY
    deleted = said.get("deletedRecord", "no").lower()
    return Identity(
        name=said.get("repositoryName", ""),
        base_url=said.get("baseURL", ""),
        granularity=granularity,
        deleted_record=deleted if deleted in {"persistent", "transient"} else "no",
        earliest=_moment(said.get("earliestDatestamp", "")),
        response_date=_moment(said.get("responseDate", "")),
    )


def read_formats(file: SavedResponse, settings: Settings) -> list[tuple[str, str]]:
    """Return prefixes and namespaces of an answer to ListMetadataFormats.

    Raises:
        DamagedResponseError: it is none, or names no format.
    """
    formats: list[tuple[str, str]] = []
    for found in _elements(file, {"metadataFormat", "error"}, settings):
        if isinstance(found, FoundElement) and local_name(found.element) == "metadataFormat":
            parts = {local_name(child): text_of(child).strip() for child in found.element}
            formats.append((parts.get("metadataPrefix", ""), parts.get("metadataNamespace", "")))
    if not any(prefix for prefix, _ in formats):
        raise DamagedResponseError("the answer to ListMetadataFormats names no format")
    return [pair for pair in formats if pair[0]]


def best_prefix(formats: list[tuple[str, str]]) -> str:
    """Return the prefix of the richest form, recognised by its namespace or its name; "" where none is known."""
    by_space = {space: name for (space, _), (name, _) in PAYLOADS.items() if space}
    ranked = []
    for prefix, space in formats:
        name = by_space.get(space, prefix if prefix in PREFERRED else "")
        if name in PREFERRED:
            # Of two prefixes for one form the one of the usual name.
            ranked.append((PREFERRED.index(name), prefix != name, prefix))
    return min(ranked)[2] if ranked else ""


def _elements(file: SavedResponse, names: Set[str], settings: Settings) -> Iterator[FoundElement | Finding]:
    head = file.head()
    if b"<!ENTITY" in head:
        raise SourceError(
            f"{file.source}: the answer declares an entity, which may stand for anything; such XML is neither expanded nor "
            "read. Tell the provider"
        )
    if not detect_oai_pmh(head, file.path) or b"OAI-PMH" not in head:
        raise DamagedResponseError(f"the answer is no OAI-PMH but {_what(head_text(head))}")
    try:
        for found in iter_elements(file, names, settings, root=ROOT):
            if isinstance(found, FoundElement) or found.severity is Severity.VIOLATION:
                yield found  # what is only remarked, the reader will remark
    except SourceError as fault:
        if "declares an entity" in str(fault) or "max_record_mib" in str(fault):
            raise
        raise DamagedResponseError(str(fault).removeprefix(f"{file.source}: ")) from None


def _what(text: str) -> str:
    """Describe an unexpected response: "an HTML page 'Maintenance'"."""
    start = text.lstrip()[:512].lower()
    if "<html" in start or "<!doctype html" in start:
        title = _TITLE.search(text)
        return f"an HTML page {' '.join(title[1].split())[:80]!r}" if title and title[1].strip() else "an HTML page"
    return f"something that begins with {' '.join(text.split())[:60]!r}"


def _fault(element: XmlElement) -> Fault:
    return Fault(element.get("code", ""), " ".join(text_of(element).split())[:300])


def _moment(text: str) -> str:
    return text if _MOMENT.fullmatch(text) else ""
