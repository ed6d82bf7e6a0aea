"""Crossref JSON: responses of the REST API for works, single works, lists and JSON lines of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import Gathered, Members, as_list, first_text, leave, objects, to
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works
from lod.sources.works.work_members import SHARED, date_of, has_long_number, identifiers_to, people, plain

_OWN_MEMBERS = (
    "indexed",
    "deposited",
    "reference-count",
    "references-count",
    "is-referenced-by-count",
    "content-domain",
)
_TECHNICAL = "how Crossref keeps the record, no description of the work"
_COUNT = "a count without a date"
_REPEATED = "repeats another member"
_TYPES = {
    "posted-content": "preprint",
    "book-track": "book part",
    "book-set": "book",
    "report-component": "report",
}
"""Crossref types that the map of types has under another name."""

_RELATIONS = {
    "is-preprint-of": "dc.relation.hasversion",
    "has-preprint": "dc.relation.hasversion",
    "has-version": "dc.relation.hasversion",
    "is-version-of": "dc.relation.isversionof",
    "is-part-of": "dc.relation",
    "has-part": "dc.relation.haspart",
    "is-based-on": "dc.relation.isbasedon",
    "is-derived-from": "dc.relation.isbasedon",
    "references": "dc.relation.references",
    "cites": "dc.relation.references",
    "is-referenced-by": "dc.relation.isreferencedby",
    "is-replaced-by": "dc.relation.isreplacedby",
    "replaces": "dc.relation.replaces",
    "requires": "dc.relation.requires",
    "is-required-by": "dcterms.isRequiredBy",
    "is-same-as": "dc.relation.isformatof",
    "is-identical-to": "dc.relation.isformatof",
}
"""Fields of relations. Source: Crossref relationship types (documentation of 2024)."""


def detect_crossref(head: bytes, path: Path) -> bool:
    """Return whether a file holds works as the Crossref REST API gives them: in an answer, in a list, one a line."""
    del path
    shape = json_shape(head)
    if "message" in shape and "message-type" in shape:
        return True
    return any(f"{start}DOI" in shape and f"{start}{name}" in shape for start in ("", "[].") for name in _OWN_MEMBERS)


def read_crossref(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each work.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _type(gathered: Gathered, name: str, value: Any) -> None:
    subtype = first_text(gathered.work.get("subtype"))
    text = first_text(value)
    gathered.add("dc.type", subtype if text == "posted-content" and subtype else _TYPES.get(text, text))


def _subtype(gathered: Gathered, name: str, value: Any) -> None:
    if gathered.work.get("type") != "posted-content":
        gathered.keep(name, value)


def _numbers(field: str, electronic: str) -> Any:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for number in objects(value):
            chosen = electronic if number.get("type") == "electronic" else field
            identifiers_to(chosen)(gathered, name, number.get("value"))

    return take


def _unless(other: str, field: str) -> Any:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        if not gathered.work.get(other):
            identifiers_to(field)(gathered, name, value)

    return take


def _published(gathered: Gathered, name: str, value: Any) -> None:
    """Keep a date of print or online publication that the date of issue does not repeat."""
    issued = date_of(gathered.work.get("issued"))
    text = date_of(value)
    if text and not issued and name == "published":
        gathered.add("dc.date.issued", text)
    elif text and text != issued:
        gathered.keep(name, value if has_long_number(value) else text)


def _address(gathered: Gathered, name: str, value: Any) -> None:
    doi = first_text(gathered.work.get("DOI"))
    if not doi or not first_text(value).casefold().endswith(doi.casefold()):
        gathered.add("dc.description.uri", value)


def _landing_page(gathered: Gathered, name: str, value: Any) -> None:
    for role, resource in value.items() if isinstance(value, dict) else ():
        if role == "primary" and isinstance(resource, dict):
            gathered.add("dc.description.uri", resource.get("URL"))
        else:
            gathered.keep(f"{name}.{role}", resource)


def _licences(gathered: Gathered, name: str, value: Any) -> None:
    """Add the licences of the work; one for text mining only is kept verbatim."""
    for address in dict.fromkeys(
        first_text(licence.get("URL")) for licence in objects(value) if licence.get("content-version") != "tdm"
    ):
        gathered.add("dc.rights.uri", address)
    gathered.keep(name, [licence for licence in objects(value) if licence.get("content-version") == "tdm"])


def _funders(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    pairs = [(funder, award) for funder in objects(value) for award in as_list(funder.get("award") or [])]
    for funder, award in pairs:
        gathered.add("dc.relation.funding", plain(first_text(funder.get("name"))))
        gathered.add("dc.relation.grantno", award)
    for funder in objects(value):
        if not funder.get("award"):
            gathered.add("dc.relation.funding", plain(first_text(funder.get("name"))))
        gathered.keep(f"{name}.DOI", funder.get("DOI"))


def _event(gathered: Gathered, name: str, value: Any) -> None:
    if not isinstance(value, dict):
        gathered.keep(name, value)
        return
    gathered.add("dc.relation.conference", value.get("name"))
    gathered.add("oaire.citation.conferencePlace", value.get("location"))
    days = [date_of(value.get(end)) for end in ("start", "end")]
    gathered.add("oaire.citation.conferenceDate", "/".join(dict.fromkeys(filter(None, days))))
    for part, content in value.items():
        if part not in ("name", "location", "start", "end") or (part in ("start", "end") and has_long_number(content)):
            gathered.keep(f"{name}.{part}", content)


def _relations(gathered: Gathered, name: str, value: Any) -> None:
    for relation, targets in value.items() if isinstance(value, dict) else ():
        for target in objects(targets):
            field = _RELATIONS.get(relation)
            if field and target.get("id-type") in ("doi", "uri"):
                gathered.add(field, target.get("id"))
            else:
                gathered.keep(f"{name}.{relation}", target)


_UPDATES = {
    "retraction": ("dc.relation.isretractionof", "dc.relation.isretractedby"),
    "partial_retraction": ("dc.relation.isretractionof", "dc.relation.isretractedby"),
    "withdrawal": ("dc.relation.isretractionof", "dc.relation.isretractedby"),
    "removal": ("dc.relation.isretractionof", "dc.relation.isretractedby"),
    "correction": ("dc.relation.iscorrectionof", "dc.relation.iscorrectedby"),
    "corrigendum": ("dc.relation.iscorrectionof", "dc.relation.iscorrectedby"),
    "erratum": ("dc.relation.iscorrectionof", "dc.relation.iscorrectedby"),
}
"""Fields of updates: of the notice, and of the work that it is about. Source: Crossref, Crossmark update types (2024)."""


def _updates(gathered: Gathered, name: str, value: Any) -> None:
    """Add what the work retracts or corrects, or what retracts or corrects it; other updates are kept verbatim."""
    for update in objects(value):
        fields = _UPDATES.get(first_text(update.get("type")).casefold())
        if fields and update.get("DOI"):
            gathered.add(fields[name == "updated-by"], f"https://doi.org/{first_text(update['DOI'])}")
        gathered.keep(name, update)


def _references(gathered: Gathered, name: str, value: Any) -> None:
    """Add each cited work: by its DOI, else as it is cited; a reference in parts only is kept verbatim."""
    for reference in objects(value):
        if reference.get("DOI"):
            gathered.add("dc.relation.references", f"https://doi.org/{reference['DOI']}")
        elif reference.get("unstructured"):
            gathered.add("dc.relation.references", plain(reference["unstructured"]))
        else:
            gathered.keep(name, reference)


def _modified(work: Members) -> str:
    deposited = work.get("deposited")
    return first_text(deposited.get("date-time")) if isinstance(deposited, dict) else ""


FORMAT = WorkFormat(
    schema="crossref",
    table={
        **SHARED,
        "type": _type,
        "subtype": _subtype,
        "original-title": to("dc.title.alternative"),
        "short-title": to("dc.title.alternative"),
        "ISSN": _unless("issn-type", "dc.identifier.issn"),
        "ISBN": _unless("isbn-type", "dc.identifier.isbn"),
        "issn-type": _numbers("dc.identifier.issn", "dc.identifier.eissn"),
        "isbn-type": _numbers("dc.identifier.isbn", "dc.identifier.isbn"),
        "chair": people("dc.contributor.other"),
        "published": _published,
        "published-print": _published,
        "published-online": _published,
        "posted": _published,
        "URL": _address,
        "resource": _landing_page,
        "subject": to("dc.subject"),
        "license": _licences,
        "funder": _funders,
        "event": _event,
        "relation": _relations,
        "update-to": _updates,
        "updated-by": _updates,
        "reference": _references,
        "journal-issue": leave,
    },
    ignored={
        "indexed": _TECHNICAL,
        "created": _TECHNICAL,
        "deposited": "the date the record was last changed",
        "content-domain": _TECHNICAL,
        "prefix": _TECHNICAL,
        "member": _TECHNICAL,
        "source": _TECHNICAL,
        "score": _TECHNICAL,
        "update-policy": _TECHNICAL,
        "reference-count": _COUNT,
        "references-count": _COUNT,
        "is-referenced-by-count": _COUNT,
        "issue-title": _REPEATED,
    },
    containers=("message.items", "message"),
    modified=_modified,
)
"""Members of a Crossref work. Source: Crossref REST API, "Works metadata schema" (2024)."""
