"""EPrints: its XML (EP3) and its JSON, of which each element is a member of the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lod.numbers import whole_number
from lod.record import File, checksum_of
from lod.settings.table import Settings
from lod.sources.parsing.json_files import JsonObject, json_shape
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import (
    AddMember,
    Gathered,
    Members,
    add_pages,
    as_list,
    first_text,
    leave,
    objects,
    person_name,
    to,
)
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text
from lod.sources.works.json_works import WorkFormat, item_of, read_works

if TYPE_CHECKING:
    from lxml.etree import _Element as XmlElement

    from lod.sources.parsing.xml_files import FoundElement

_ROOT = re.compile(r"(?:<\?xml[^>]*>|<!--(?:(?!-->).)*+-->|\s)*+<eprints?[\s>]", re.DOTALL)
_TECHNICAL = "how EPrints keeps the record, no description of the work"
_STAFF = "who keeps the record, no description of the work"

_TYPES = {
    "article": "journal article",
    "book_section": "book chapter",
    "conference_item": "conference paper",
    "monograph": "report",
    "posted-content": "preprint",
    "lab_notes": "laboratory notebook",
    "oral_history": "oral history",
    "journal_issue": "journal issue",
    "teaching_resource": "learning object",
    "audio": "sound",
    "artefact": "physical object",
    "composition": "musical composition",
    "experiment": "dataset",
    **dict.fromkeys(("exhibition", "performance"), "other"),
}
"""Types of EPrints that the map of types has under another name; of the others "_" is a space."""

_SPECIAL = {
    "thesis_type": {
        "phd": "doctoral thesis",
        "doctoral": "doctoral thesis",
        "masters": "master thesis",
        "bachelors": "bachelor thesis",
        "maestria": "tesis de maestría",
        "doctorado": "tesis doctoral",
        "other": "thesis",
    },
    "monograph_type": {
        "technical_report": "technical report",
        "project_report": "project report",
        "documentation": "technical documentation",
        "manual": "manual",
        "working_paper": "working paper",
        "discussion_paper": "working paper",
        "other": "report",
    },
    "pres_type": {
        "paper": "conference paper",
        "lecture": "lecture",
        "keynote": "keynote lecture",
        "speech": "speech",
        "poster": "conference poster",
        "other": "conference paper",
    },
}
"""Members that say more than the type does, and what the map of types calls their words."""

_DATES = {
    "published": "dc.date.issued",
    "published_online": "dc.date.issued",
    "degree": "dc.date.issued",
    "": "dc.date.issued",
    "submitted": "dc.date.submitted",
    "completed": "dc.date.created",
    "accepted": "dcterms.dateAccepted",
}
_RELATORS = {
    "ths": "dc.contributor.advisor",
    "dgs": "dc.contributor.advisor",
    "edt": "dc.contributor.editor",
    "trl": "dc.contributor.translator",
    "ill": "dc.contributor.illustrator",
}
"""Fields of contributors by MARC relator, the end of the address that EPrints names it by."""

_ORCID = re.compile(r"(?:https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")


def detect_eprints(head: bytes, path: Path) -> bool:
    """Return whether a file is EPrints XML, or JSON with the numbers that EPrints gives."""
    del path
    if _ROOT.match(head_text(head)):
        return True
    shape = json_shape(head)
    return any(
        f"{start}eprintid" in shape and any(f"{start}{name}" in shape for name in ("eprint_status", "type", "title"))
        for start in ("", "[].")
    )


def read_eprints(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each eprint; one that is not in the live archive is left out with a remark.

    Raises:
        SourceError: the file breaks off, is not well-formed outside of its records, or is no JSON from some place on.
    """
    if not _ROOT.match(head_text(file.head())):
        yield from read_works(file, FORMAT)
        return
    from lod.sources.parsing.xml_files import iter_elements

    ignored = Ignored(file, FORMAT.ignored)

    def read_one(found: FoundElement) -> Iterator[Item]:
        members = _members(found.element)
        work = members if isinstance(members, dict) else {}
        if address := found.element.get("id"):
            work = {"uri": address, **work}
        yield item_of(file, FORMAT, JsonObject(found.where, work), ignored)

    yield from records_of(file, iter_elements(file, {"eprint"}, settings), read_one, attrgetter("where"))
    yield from ignored.remark()


def _members(element: XmlElement) -> Any:
    """Return an element as EPrints's JSON has it: `item`s are a list, parts an object, the rest is text."""
    from lod.sources.parsing.xml_files import local_name, text_of

    children = list(element.iterchildren("*"))
    if not children:
        return text_of(element).strip()
    names = [local_name(child) for child in children]
    if set(names) <= {"item", "document", "file"}:
        return [_with_address(child) for child in children]
    members: dict[str, Any] = {}
    for name, child in zip(names, children, strict=True):
        value = _with_address(child)
        if value not in ("", [], {}):
            members[name] = [*as_list(members[name]), value] if name in members else value
    loose = " ".join(filter(None, ((element.text or "").strip(), *((child.tail or "").strip() for child in children))))
    return {**members, "text": loose} if loose else members


def _with_address(element: XmlElement) -> Any:
    value = _members(element)
    return {"uri": element.get("id"), **value} if isinstance(value, dict) and element.get("id") else value


def _type(gathered: Gathered, name: str, value: Any) -> None:
    """Add the document type, the more telling one of a thesis, a monograph or a talk."""
    kind = first_text(value)
    special = {"thesis": "thesis_type", "monograph": "monograph_type", "conference_item": "pres_type"}.get(kind, "")
    told = first_text(gathered.work.get(special)) if special else ""
    known = _SPECIAL[special].get(told, "") if special else ""
    gathered.add("dc.type", known or _TYPES.get(kind, kind.replace("_", " ")))
    gathered.keep(name, kind)


def _people(field: str) -> AddMember:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for person in as_list(value):
            if not isinstance(person, dict):
                gathered.add(field, person)
                continue
            relator = first_text(person.get("type")).rstrip("/").rpartition("/")[2]
            known = field or _RELATORS.get(relator.casefold(), "dc.contributor.other")
            written = _name(person.get("name", person))
            number = first_text(person.get("id"))
            orcid = first_text(person.get("orcid")) or (number if _ORCID.fullmatch(number) else "")
            gathered.person(known, written, authority=orcid or None)
            if "@" in number:
                gathered.keep(f"{name}_id", number)
            elif number and number != orcid:
                gathered.keep(f"{name}.id", f"{written}: {number}")
            if relator and known == "dc.contributor.other":
                gathered.keep(f"{name}.type", f"{written}: {person['type']}")
            rest = {
                key: part
                for key, part in person.items()
                if key not in ("name", "id", "orcid", "type", "show_email", "family", "given", "honourific", "lineage")
                and part not in (None, "", [], {})
            }
            gathered.keep(name, {"of": written, **rest} if rest else "")
            if "show_email" in person:
                gathered.leave_out("show_email")

    return take


def _name(name: Any) -> str:
    if not isinstance(name, dict):
        return first_text(name)
    given = " ".join(filter(None, (first_text(name.get(part)).strip() for part in ("honourific", "given"))))
    return person_name(first_text(name.get("family")), given, first_text(name.get("lineage")))


def _organisations(field: str) -> AddMember:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for entry in as_list(value):
            stated = _name(entry.get("name")) if isinstance(entry, dict) else entry
            gathered.add(field, stated)
            if isinstance(entry, dict):
                rest = {key: part for key, part in entry.items() if key != "name" and part}
                gathered.keep(name, {"of": stated, **rest} if rest else "")

    return take


def _date(gathered: Gathered, name: str, value: Any) -> None:
    _add_date(gathered, value, first_text(gathered.work.get("date_type")))


def _dates(gathered: Gathered, name: str, value: Any) -> None:
    for date in objects(value):
        text, kind = date.get("date"), first_text(date.get("date_type"))
        if text == gathered.work.get("date") and kind == first_text(gathered.work.get("date_type")):
            continue
        _add_date(gathered, text, kind)
        gathered.keep_remainder(name, date, "date", "date_type")


def _add_date(gathered: Gathered, value: Any, kind: str) -> None:
    field = _DATES.get(kind)
    if field and not (field == "dc.date.issued" and any(known.field == field for known in gathered.values)):
        gathered.add(field, value)
        gathered.keep("date_type", kind if kind not in ("published", "") else "")
    else:
        gathered.keep(f"date.{kind}".rstrip("."), value)


def _deposited(gathered: Gathered, name: str, value: Any) -> None:
    gathered.add("dc.date.available", _moment(value))


def _moment(value: Any) -> str:
    """Return a time as EPrints writes it, in UTC, as ISO 8601: "2008-07-22 02:59:58" is "2008-07-22T02:59:58Z"."""
    text = first_text(value)
    return f"{text.replace(' ', 'T')}Z" if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text) else text


def _number(gathered: Gathered, name: str, value: Any) -> None:
    """Add the issue of a journal; of a report it is the report's number, which is kept."""
    article = first_text(gathered.work.get("type")) in ("article", "journal_issue", "")
    gathered.add("dc.identifier.issue" if article else "eprints.number", value)


def _isbn(gathered: Gathered, name: str, value: Any) -> None:
    part = first_text(gathered.work.get("type")) in ("book_section", "conference_item")
    for text in as_list(value):
        gathered.add("dc.relation.isbn" if part else "dc.identifier.isbn", text)


def _keywords(gathered: Gathered, name: str, value: Any) -> None:
    for text in as_list(value):
        plain = first_text(text)
        separator = next((sign for sign in (";", "\n") if sign in plain), ",")
        for word in plain.split(separator):
            gathered.add("dc.subject", word.strip())


def _institution(gathered: Gathered, name: str, value: Any) -> None:
    thesis = first_text(gathered.work.get("type")) == "thesis" and not gathered.work.get("thesis_degree_grantor")
    gathered.add("thesis.degree.grantor" if thesis else "dc.contributor.institution", first_text(value))


def _refereed(gathered: Gathered, name: str, value: Any) -> None:
    text = first_text(value).upper()
    gathered.add("dc.type.refereed", {"TRUE": "Refereed", "FALSE": "Non-refereed"}.get(text, first_text(value)))


def _funders(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    entries = as_list(value)
    for entry in sorted(entries, key=lambda entry: not (isinstance(entry, dict) and entry.get("grant_number"))):
        if not isinstance(entry, dict):
            gathered.add("dc.relation.funding", entry)
            continue
        gathered.add("dc.relation.funding", entry.get("agency"))
        gathered.add("dc.relation.grantno", entry.get("grant_number"))
        gathered.keep_remainder(name, entry, "agency", "grant_number")


def _related(gathered: Gathered, name: str, value: Any) -> None:
    for related in as_list(value):
        address = related.get("url") if isinstance(related, dict) else related
        gathered.add("dc.relation.uri", address)
        if isinstance(related, dict) and related.keys() - {"url"}:
            gathered.keep(name, related)


def _pages(gathered: Gathered, name: str, value: Any) -> None:
    gathered.add("dc.format.extent", f"{first_text(value)} pages")


def _id_number(gathered: Gathered, name: str, value: Any) -> None:
    """Add a DOI that is given here, as it does where the archive has no field for it."""
    text = first_text(value)
    doi = re.search(r"(?:doi:\s*|doi\.org/|^)(10\.\d{4,9}/\S+)", text, re.IGNORECASE)
    if doi and not gathered.work.get("doi"):
        gathered.add("dc.identifier.doi", doi[1])
    else:
        gathered.keep(name, text)


def _hidden(work: Members) -> str:
    status = first_text(work.get("eprint_status"))
    if status in ("inbox", "buffer"):
        return f"its status is '{status}', so that it is not public"
    if status == "deletion":
        return "its repository has removed it"
    return "its metadata are hidden" if work.get("metadata_visibility") == "hide" else ""


def _public_documents(work: Members) -> Iterator[Members]:
    for document in objects(work.get("documents") or []):
        if first_text(document.get("security")) in ("public", "") and not _is_copy(document):
            yield document


def _is_copy(document: Members) -> bool:
    """Return whether a document is a thumbnail or a list of words that EPrints has made of another."""
    relations = objects(document.get("relation") or [])
    return any("isVolatileVersionOf" in first_text(relation.get("type")) for relation in relations)


def _files(work: Members) -> Iterator[File]:
    for document in _public_documents(work):
        for file in objects(document.get("files") or []):
            name = first_text(file.get("filename"))
            if not name:
                continue
            yield File(
                name,
                first_text(file.get("url")) or first_text(file.get("uri")) or None,
                first_text(file.get("mime_type")) or first_text(document.get("mime_type")) or None,
                whole_number(first_text(file.get("filesize"))),
                checksum_of(file.get("hash_type"), file.get("hash")),
                sequence=first_text(document.get("pos")) or None,
                description=first_text(document.get("formatdesc")) or None,
            )


def _documents(gathered: Gathered, name: str, value: Any) -> None:
    """Add the licences of the public documents; what else they say is kept."""
    public = list(_public_documents(gathered.work))
    for document in public:
        licence = first_text(document.get("license"))
        gathered.add("dc.rights" if licence not in ("other", "") else "eprints.documents.license", licence)
        gathered.keep_remainder(name, document, *_OF_DOCUMENTS)
    gathered.leave_out("documents.parts")
    for document in objects(value):
        if _is_copy(document):
            gathered.leave_out("documents.copies")
        elif document not in public:
            gathered.leave_out("documents.restricted")


_OF_DOCUMENTS = (
    *("files", "license", "docid", "rev_number", "eprintid", "pos", "placement", "mime_type", "security", "main"),
    *("relation", "uri", "formatdesc", "format"),
)

FORMAT = WorkFormat(
    schema="eprints",
    table={
        "uri": to("dc.identifier.uri"),
        "type": _type,
        **dict.fromkeys(_SPECIAL, lambda gathered, name, value: gathered.keep(name, value)),
        "title": to("dc.title"),
        "alt_title": to("dc.title.alternative"),
        "creators": _people("dc.contributor.author"),
        "corp_creators": _organisations("dc.contributor.author"),
        "editors": _people("dc.contributor.editor"),
        "contributors": _people(""),
        "thesis_advisor": _people("dc.contributor.advisor"),
        "supervisors": _people("dc.contributor.advisor"),
        "thesis_committee": _people("dc.contributor.committeemember"),
        "interviewer": _people("dc.contributor.other"),
        "date": _date,
        "date_type": leave,
        "dates": _dates,
        "datestamp": _deposited,
        "publication": to("dc.relation.ispartof"),
        "book_title": to("dc.relation.ispartof"),
        "series": to("dc.relation.ispartofseries"),
        "volume": to("dc.identifier.volume"),
        "number": _number,
        "pagerange": add_pages,
        "pages": _pages,
        "article_number": to("dc.identifier.articlenumber"),
        "publisher": to("dc.publisher"),
        "place_of_pub": to("dc.publisher.place"),
        "edition": to("oaire.citation.edition"),
        "issn": to("dc.identifier.issn"),
        "isbn": _isbn,
        "doi": to("dc.identifier.doi"),
        "pmid": to("dc.identifier.pmid"),
        "pmcid": to("dc.identifier.pmcid"),
        "pmc_id": to("dc.identifier.pmcid"),
        "id_number": _id_number,
        "official_url": to("dc.description.uri"),
        "official_cit": to("dc.identifier.citation"),
        "related_url": _related,
        "abstract": to("dc.description.abstract"),
        "note": to("dc.description"),
        "toc": to("dc.description.tableofcontents"),
        "keywords": _keywords,
        "refereed": _refereed,
        "funders": _funders,
        "projects": to("dc.relation.project"),
        "event_title": to("dc.relation.conference"),
        "event_location": to("oaire.citation.conferencePlace"),
        "event_dates": to("oaire.citation.conferenceDate"),
        "institution": _institution,
        "department": to("dc.contributor.department"),
        "local_group": to("dc.contributor.organization"),
        "thesis_degree": to("thesis.degree.name"),
        "thesis_degree_grantor": to("thesis.degree.grantor"),
        "coverage_dates": to("dc.coverage.temporal"),
        "language": to("dc.language.iso"),
        "copyright_holders": to("dc.rights.holder"),
        "rights": to("dc.rights"),
        "license": to("dc.rights"),
        "documents": _documents,
    },
    ignored={
        **dict.fromkeys(
            ("rev_number", "dir", "status_changed", "metadata_visibility", "importid", "fileinfo"), _TECHNICAL
        ),
        **dict.fromkeys(
            ("item_issues_count", "item_issues", "sword_depositor", "sword_slug", "eprint_status"), _TECHNICAL
        ),
        **dict.fromkeys(("full_text_status", "replacedby_count", "latitude_longitude_flag"), _TECHNICAL),
        **dict.fromkeys(("userid", "reviewer", "edit_lock", "contact", "show_email", "suggestions"), _STAFF),
        "lastmod": "the date the record was last changed",
        "documents.parts": "the files are told as files, their numbers in the repository are not",
        "documents.copies": "thumbnails and word lists that EPrints has made",
        "documents.restricted": "documents that only some may read",
    },
    modified=lambda work: _moment(work.get("lastmod") or ""),
    hidden=_hidden,
    files=_files,
)
"""Members of an eprint. Source: EPrints 3.4, "EPrint Object" and its default fields; relators of the Library of Congress."""
