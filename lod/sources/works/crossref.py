"""Crossref JSON: responses of the REST API for works, single works, lists and JSON lines of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import AddMember, Gathered, Members, as_list, first_text, objects, to
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


_NOTICES = {
    **dict.fromkeys(("retraction", "partial_retraction", "withdrawal", "removal"), "retraction"),
    **dict.fromkeys(("correction", "corrigendum", "erratum", "addendum", "clarification"), "correction"),
    **dict.fromkeys(("new_version", "new_edition"), "version"),
}
_UPDATES = {
    "retraction": "dc.relation.retracts", "correction": "dc.relation.corrects", "version": "dc.relation.replaces",
}  # fmt: skip
_UPDATED = {
    "retraction": "dc.relation.isretractedby",
    "correction": "dc.relation.iscorrectedby",
    "version": "dc.relation.isreplacedby",
}
"""Kinds of notices, and the fields of what they do. Source: Crossref, "Updates to published works" (2024)."""

_OF_REFERENCES = {
    "key": "the number of a reference within its list",
    "doi-asserted-by": "whether publisher or Crossref found the DOI of a cited work",
}


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
    chosen = subtype if text == "posted-content" and subtype else _TYPES.get(text, text)
    gathered.add("dc.type", chosen)
    if chosen != text:
        gathered.leave_out(name, "the subtype says it more exactly, or the map of types has another word for it")


def _subtype(gathered: Gathered, name: str, value: Any) -> None:
    if gathered.work.get("type") != "posted-content":
        gathered.keep(name, value)
    else:
        gathered.leave_out(name, "it is the type")


def _numbers(field: str, electronic: str) -> Any:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for number in objects(value):
            kind = first_text(number.get("type"))
            chosen = electronic if kind == "electronic" else field
            identifiers_to(chosen)(gathered, name, number.get("value"))
            if electronic == field and kind:
                gathered.keep(f"{name}.{kind}", number.get("value"))
            else:
                gathered.leave_out(
                    f"{name}/type", "the field says it: the ISSN of an electronic edition has one of its own"
                )

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
    elif text != issued:
        gathered.keep(name, value if has_long_number(value) else text)


def _address(gathered: Gathered, name: str, value: Any) -> None:
    doi = first_text(gathered.work.get("DOI"))
    if doi and first_text(value).casefold().endswith(doi.casefold()):
        gathered.leave_out(name, "the DOI as an address")
    else:
        gathered.add("dc.description.uri", value)


def _landing_page(gathered: Gathered, name: str, value: Any) -> None:
    for role, resource in value.items() if isinstance(value, dict) else ():
        if role == "primary" and isinstance(resource, dict):
            gathered.add("dc.description.uri", resource.get("URL"))
        else:
            gathered.keep(f"{name}.{role}", resource)


def _licences(gathered: Gathered, name: str, value: Any) -> None:
    """Add the licences of the work; from when one is valid, and one for text mining only, is kept verbatim."""
    for address in dict.fromkeys(
        first_text(licence.get("URL")) for licence in objects(value) if licence.get("content-version") != "tdm"
    ):
        gathered.add("dc.rights.uri", address)
    gathered.keep(name, [licence for licence in objects(value) if set(licence) != {"URL"}])


def _funders(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder, with its DOI of the funder registry, and award number in pairs, first those that have both (paired by position)."""
    pairs = [(funder, award) for funder in objects(value) for award in as_list(funder.get("award") or [])]
    alone = [(funder, None) for funder in objects(value) if not funder.get("award")]
    for funder, award in [*pairs, *alone]:
        name_, doi = plain(first_text(funder.get("name"))), first_text(funder.get("DOI"))
        gathered.add("dc.relation.funding", name_, authority=f"https://doi.org/{doi}" if doi else None)
        gathered.add("dc.relation.grantno", award)
        if not name_:
            gathered.keep(f"{name}.DOI", doi)


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
                gathered.leave_out(f"{relation}/asserted-by", "which of the two works states the relation")
            else:
                gathered.keep(f"{name}.{relation}", target)


def _updates(fields: Mapping[str, str]) -> AddMember:
    """Return what adds notices: what this one retracts or corrects, or which ones retract or correct the work."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for notice in objects(value):
            if field := fields.get(_NOTICES.get(first_text(notice.get("type")), "")):
                gathered.add(field, f"https://doi.org/{first_text(notice.get('DOI'))}" if notice.get("DOI") else "")
            gathered.keep(name, notice)

    return take


def _references(gathered: Gathered, name: str, value: Any) -> None:
    """Add each cited work: by its DOI, else as it is cited; whatever else is said of it is kept verbatim."""
    for reference in objects(value):
        taken = {"key", "doi-asserted-by"}
        if reference.get("DOI"):
            gathered.add("dc.relation.references", f"https://doi.org/{reference['DOI']}")
        elif reference.get("unstructured"):
            gathered.add("dc.relation.references", plain(reference["unstructured"]))
            taken.add("unstructured")
        for part in taken & reference.keys() & _OF_REFERENCES.keys():
            gathered.leave_out(f"{name}/{part}", _OF_REFERENCES[part])
        rest = {part: text for part, text in reference.items() if part not in taken}
        gathered.keep(name, {} if set(rest) == {"DOI"} else rest)


def _journal_issue(gathered: Gathered, name: str, value: Any) -> None:
    """Keep what the issue has of its own: its dates, and a number that the work does not repeat."""
    for part, content in value.items() if isinstance(value, dict) else ():
        if part.startswith("published-"):
            _published(gathered, f"{name}.{part}", content)
        elif content != gathered.work.get(part):
            gathered.keep(f"{name}.{part}", content)


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
        "reference": _references,
        "journal-issue": _journal_issue,
        "update-to": _updates(_UPDATES),
        "updated-by": _updates(_UPDATED),
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
    },
    containers=("message.items", "message"),
    modified=_modified,
)
"""Members of a Crossref work. Source: Crossref REST API, "Works metadata schema" (2024)."""
