"""Dataverse JSON: datasets as its API answers, exports and takes them, and what its search finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.numbers import whole_number
from lod.record import File, checksum_of
from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import AddMember, Gathered, Members, as_list, first_text, leave, objects, to
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_TECHNICAL = "how Dataverse keeps the record, no description of the dataset"
_VERSIONS = ("datasetVersion", "latestVersion")


def detect_dataverse(head: bytes, path: Path) -> bool:
    """Return whether a file holds datasets with their metadata blocks, or an answer of Dataverse's search."""
    del path
    shape = json_shape(head)
    return (
        any(
            f"{start}{version}metadataBlocks" in shape
            for start in ("", "[].", "data.", "data[].")
            for version in ("", *(f"{version}." for version in _VERSIONS))
        )
        or {"data.items[].global_id", "data.items[].name"} <= shape
        or {"[].global_id", "[].name", "[].type"} <= shape
    )


def read_dataverse(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each dataset; drafts, and dataverses and files among what a search finds, are left out.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _plain(value: Any) -> Any:
    """Return the value of a metadata field without its description: texts, or objects of texts by name."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        if "typeName" in value and "value" in value:
            return _plain(value["value"])
        return {name: _plain(part) for name, part in value.items()}
    return value


def _unwrap(members: Members) -> Members:
    """Return the members of the dataset, of its version and of its metadata blocks, each under its own name."""
    work: dict[str, Any] = {}
    version = next((members[name] for name in _VERSIONS if isinstance(members.get(name), dict)), None)
    around = {name: part for name, part in members.items() if name not in _VERSIONS}
    holders: list[Members] = [version, around] if version is not None else [around]
    for holder in holders:
        for field in _block_fields(holder):
            name, value = first_text(field["typeName"]), _plain(field.get("value"))
            work[name] = [*as_list(work[name]), *as_list(value)] if name in work else value
        if isinstance(blocks := holder.get("metadataBlocks"), dict) and blocks:
            work["metadataBlocks"] = True
    for holder in reversed(holders):
        for name, part in holder.items():
            if name != "metadataBlocks" and part not in (None, "", [], {}):
                if name not in work:
                    work[name] = part
                elif work[name] != part:
                    work[f"version.{name}"] = part
    if "metadataBlocks" in work:
        # Dataverse holds datasets; since version 6 it may say software or workflow.
        work = {"datasetType": "dataset", **work}
    return work


def _block_fields(holder: Members) -> Iterator[Members]:
    blocks = holder.get("metadataBlocks")
    for block in blocks.values() if isinstance(blocks, dict) else ():
        for field in objects(block.get("fields") if isinstance(block, dict) else None):
            if "typeName" in field:
                yield field


def _hidden(work: Members) -> str:
    if first_text(work.get("versionState")).upper() == "DRAFT":
        return "its version is a draft, so that it is not public"
    kind = first_text(work.get("type"))
    if "global_id" in work or "identifier" in work or kind in ("dataverse", "file"):
        return f"it is a {kind} and no dataset" if kind in ("dataverse", "file") else ""
    return ""


def _address(gathered: Gathered, name: str, value: Any) -> None:
    """Add the dataset's identifier: "doi:10.7910/DVN/X", "hdl:1902.1/15415", or their addresses."""
    text = first_text(value).strip()
    lower = text.casefold()
    if lower.startswith("doi:") or "doi.org/" in lower:
        doi = text[4:] if lower.startswith("doi:") else text[lower.index("doi.org/") + 8 :]
        if not any(known.field == "dc.identifier.doi" and known.text == doi for known in gathered.values):
            gathered.add("dc.identifier.doi", doi)
        return
    handle = text[4:] if lower.startswith("hdl:") else ""
    address = f"http://hdl.handle.net/{handle}" if handle else text
    if not any(known.field == "dc.identifier.uri" and known.text == address for known in gathered.values):
        gathered.add("dc.identifier.uri", address)


def _url(gathered: Gathered, name: str, value: Any) -> None:
    if gathered.work.get("global_id"):
        _address(gathered, name, value)
    else:
        gathered.add("dc.description.uri", value)


def _identifier(gathered: Gathered, name: str, value: Any) -> None:
    """Add protocol, authority and identifier as one, where no address repeats them."""
    if gathered.work.get("persistentUrl") or gathered.work.get("datasetPersistentId"):
        return
    parts = [first_text(gathered.work.get(part)) for part in ("protocol", "authority", "identifier")]
    if all(parts):
        _address(gathered, name, f"{parts[0]}:{parts[1]}/{parts[2]}")
    else:
        gathered.keep(name, value)


def _people(field: str, prefix: str) -> AddMember:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for person in as_list(value):
            if not isinstance(person, dict):
                gathered.add(field, person)
                continue
            written = first_text(person.get(f"{prefix}Name"))
            scheme = first_text(person.get(f"{prefix}IdentifierScheme"))
            identifier = first_text(person.get(f"{prefix}Identifier"))
            ror = f"will be referenced::ROR-ID::{identifier}" if scheme.upper() == "ROR" and identifier else None
            orcid = identifier if scheme.upper() == "ORCID" and identifier else None
            gathered.person(field, written, authority=orcid or ror)
            if not (orcid or ror) and (scheme or identifier):
                gathered.keep(f"{name}.identifier", {"of": written, "scheme": scheme, "identifier": identifier})
            affiliation = first_text(person.get(f"{prefix}Affiliation"))
            gathered.keep(f"{name}.affiliation", f"{written}: {affiliation}" if affiliation else "")
            known = {f"{prefix}{part}" for part in ("Name", "IdentifierScheme", "Identifier", "Affiliation")}
            rest = {key: part for key, part in person.items() if key not in known and part not in (None, "", [], {})}
            gathered.keep(name, {"of": written, **rest} if rest else "")

    return take


def _contributors(gathered: Gathered, name: str, value: Any) -> None:
    roles = {
        "editor": "dc.contributor.editor",
        "supervisor": "dc.contributor.advisor",
        "rights holder": "dc.rights.holder",
    }
    for person in objects(value):
        role = first_text(person.get("contributorType"))
        written = first_text(person.get("contributorName"))
        gathered.person(roles.get(role.casefold(), "dc.contributor.other"), written)
        gathered.keep(f"{name}.{role}", written if role and role.casefold() not in roles else "")
        gathered.keep_remainder(name, person, "contributorType", "contributorName")


def _of(part: str, field: str) -> AddMember:
    """Return what adds one part of each object to a field, and keeps the others beside it."""

    def take(gathered: Gathered, name: str, value: Any) -> None:
        for entry in as_list(value):
            if not isinstance(entry, dict):
                gathered.add(field, entry)
                continue
            gathered.add(field, entry.get(part))
            rest = {key: text for key, text in entry.items() if key != part and text not in (None, "", [], {})}
            gathered.keep(name, {"of": entry.get(part), **rest} if rest else "")

    return take


def _descriptions(gathered: Gathered, name: str, value: Any) -> None:
    for entry in objects(value):
        gathered.add("dc.description.abstract", entry.get("dsDescriptionValue"))
        gathered.keep_remainder(name, entry, "dsDescriptionValue")


def _publications(gathered: Gathered, name: str, value: Any) -> None:
    """Add each related publication: by its DOI, else as it is cited."""
    for entry in as_list(value):
        if not isinstance(entry, dict):
            gathered.keep(name, entry)
            continue
        number = first_text(entry.get("publicationIDNumber"))
        doi = first_text(entry.get("publicationIDType")).casefold() == "doi" and number
        if doi:
            gathered.add(
                "dc.relation", number if "doi.org/" in number else f"https://doi.org/{number.removeprefix('doi:')}"
            )
        else:
            gathered.add("dc.relation", entry.get("publicationCitation") or entry.get("publicationURL"))
        gathered.keep(name, entry)


def _grants(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    for grant in sorted(objects(value), key=lambda entry: not entry.get("grantNumberValue")):
        gathered.add("dc.relation.funding", grant.get("grantNumberAgency"))
        gathered.add("dc.relation.grantno", grant.get("grantNumberValue"))
        gathered.keep_remainder(name, grant, "grantNumberAgency", "grantNumberValue")


def _coverage(gathered: Gathered, name: str, value: Any) -> None:
    for place in as_list(value):
        if isinstance(place, dict):
            for part in place.values():
                gathered.add("dc.coverage.spatial", part)
        else:
            gathered.add("dc.coverage.spatial", place)


def _period(gathered: Gathered, name: str, value: Any) -> None:
    for period in objects(value):
        ends = [first_text(period.get(f"timePeriodCovered{end}")) for end in ("Start", "End")]
        gathered.add("dc.coverage.temporal", "/".join(dict.fromkeys(filter(None, ends))))
        gathered.keep_remainder(name, period, "timePeriodCoveredStart", "timePeriodCoveredEnd")


def _issued(gathered: Gathered, name: str, value: Any) -> None:
    """Add one date of issue: that of the first publication, else of distribution, else of the version's release."""
    dates = [first_text(gathered.work.get(member)) for member in _ISSUED if gathered.work.get(member)]
    text = first_text(value)
    if dates and text == dates[0] and not any(known.field == "dc.date.issued" for known in gathered.values):
        gathered.add("dc.date.issued", text[:10] if "T" in text else text)
        gathered.keep(name, text if "T" in text else "")
    else:
        gathered.keep(name, text)


_ISSUED = ("publicationDate", "published_at", "distributionDate", "releaseTime")


def _produced(gathered: Gathered, name: str, value: Any) -> None:
    # The version names the field that its date of production was taken from, not the date.
    gathered.add("dc.date.created" if value != "Production Date" else "dataverse.productionDate", value)


def _licence(gathered: Gathered, name: str, value: Any) -> None:
    for licence in as_list(value):
        if isinstance(licence, dict):
            gathered.add("dc.rights.uri", licence.get("uri"))
            gathered.add("dataverse.license.name" if licence.get("uri") else "dc.rights", licence.get("name"))
            gathered.keep_remainder(name, licence, "uri", "name")
        elif licence != "NONE":
            gathered.add("dc.rights", licence)


def _files(work: Members) -> Iterator[File]:
    for entry in objects(work.get("files") or []):
        file = entry.get("dataFile") or entry.get("datafile")
        if not isinstance(file, dict) or entry.get("restricted") is True:
            continue
        name = first_text(file.get("filename") or entry.get("label") or file.get("name") or "")
        checksum = file.get("checksum")
        kind, digest = (
            (checksum.get("type"), checksum.get("value")) if isinstance(checksum, dict) else ("MD5", file.get("md5"))
        )
        size = file.get("filesize")
        if name:
            yield File(
                name,
                None,
                first_text(file.get("contentType") or "") or None,
                size if isinstance(size, int) else whole_number(first_text(size or "")),
                checksum_of(kind, digest),
                description=first_text(entry.get("description") or file.get("description") or "") or None,
            )


def _file_parts(gathered: Gathered, name: str, value: Any) -> None:
    known = {"dataFile", "datafile", "label", "description", "restricted", "version", "datasetVersionId"}
    for entry in objects(value):
        if entry.get("restricted") is True:
            gathered.leave_out("files.restricted")
        else:
            gathered.keep_remainder(name, entry, *known)
            gathered.leave_out("files.parts")


def _kind(gathered: Gathered, name: str, value: Any) -> None:
    gathered.add("dc.type", value)


FORMAT = WorkFormat(
    schema="dataverse",
    table={
        "datasetType": _kind,
        "type": _kind,
        "title": to("dc.title"),
        "name": to("dc.title"),
        "alternativeTitle": to("dc.title.alternative"),
        "subtitle": to("dc.title.alternative"),
        "author": _people("dc.contributor.author", "author"),
        "authors": to("dc.contributor.author"),
        "contributor": _contributors,
        "producer": _of("producerName", "dc.contributor.other"),
        "producers": to("dc.contributor.other"),
        "dsDescription": _descriptions,
        "description": to("dc.description.abstract"),
        "notesText": to("dc.description"),
        "subject": to("dc.subject"),
        "subjects": to("dc.subject"),
        "keyword": _of("keywordValue", "dc.subject"),
        "keywords": to("dc.subject"),
        "topicClassification": _of("topicClassValue", "dc.subject"),
        "publication": _publications,
        "publications": _publications,
        "relatedMaterial": to("dc.relation"),
        "relatedDatasets": to("dc.relation"),
        "language": to("dc.language"),
        "grantNumber": _grants,
        "series": _of("seriesName", "dc.relation.ispartofseries"),
        "productionPlace": to("dataverse.productionPlace"),
        "productionDate": _produced,
        "dateOfDeposit": to("dc.date.submitted"),
        "geographicCoverage": _coverage,
        "timePeriodCovered": _period,
        "dataSources": to("dc.source"),
        "alternativeURL": to("dc.description.uri"),
        "otherId": _of("otherIdValue", "dc.identifier.other"),
        "persistentUrl": _address,
        "datasetPersistentId": _address,
        "global_id": _address,
        "identifier": _identifier,
        "url": _url,
        "protocol": leave,
        "authority": leave,
        "separator": leave,
        "publisher": to("dc.publisher"),
        **dict.fromkeys(_ISSUED, _issued),
        "license": _licence,
        "termsOfUse": to("dc.rights"),
        "termsOfAccess": to("dc.rights"),
        "citation": to("dc.identifier.citation"),
        "files": _file_parts,
    },
    ignored={
        **dict.fromkeys(("id", "versionId", "datasetId", "version.id", "storageIdentifier", "createTime"), _TECHNICAL),
        **dict.fromkeys(("version.storageIdentifier", "versionState", "latestVersionPublishingState"), _TECHNICAL),
        **dict.fromkeys(
            ("fileAccessRequest", "image_url", "citationHtml", "entity_id", "score", "createdAt"), _TECHNICAL
        ),
        **dict.fromkeys(("updatedAt", "majorVersion", "minorVersion", "fileCount", "publicationStatuses"), _TECHNICAL),
        **dict.fromkeys(("matches", "canDownloadFile", "status", "metadataLanguage"), _TECHNICAL),
        "metadataBlocks": "how Dataverse describes each field: its class, its block, whether it repeats",
        "lastUpdateTime": "the date the record was last changed",
        "files.parts": "the files are told as files, their numbers in the repository are not",
        "files.restricted": "files that only some may read",
    },
    containers=("data.items", "data"),
    unwrap=_unwrap,
    modified=lambda work: first_text(work.get("lastUpdateTime") or work.get("updatedAt")),
    hidden=_hidden,
    files=_files,
)
"""Fields of a dataset. Source: Dataverse 6, "Native API" and the citation metadata block; "Search API"."""
