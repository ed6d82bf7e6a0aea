"""InvenioRDM and Zenodo JSON: records in the new form, in Zenodo's old one, and as they are deposited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lod.numbers import whole_number
from lod.record import File, checksum_of
from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import (
    AddMember,
    Gathered,
    Members,
    add_pages,
    as_list,
    first_text,
    keep_affiliations,
    leave,
    objects,
    person_name,
    to,
)
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_TECHNICAL = "how the repository keeps the record, no description of the work"
_COUNT = "a count without a date"
_LABELS = "the label of a term in several languages, beside its code"

_TYPES = {
    "publication": "text",
    "publication-annotationcollection": "annotation",
    "publication-article": "journal article",
    "publication-blogpost": "blog post",
    "publication-book": "book",
    "publication-conferencepaper": "conference paper",
    "publication-conferenceproceeding": "conference proceedings",
    "publication-datamanagementplan": "data management plan",
    "publication-deliverable": "project deliverable",
    "publication-dissertation": "thesis",
    "publication-journal": "journal",
    "publication-milestone": "project report",
    "publication-peerreview": "peer review",
    "publication-report": "report",
    "publication-section": "book chapter",
    "publication-softwaredocumentation": "technical documentation",
    "publication-technicalnote": "technical report",
    "publication-workingpaper": "working paper",
    "poster": "conference poster",
    "lesson": "learning object",
    "physicalobject": "physical object",
    "model": "software",
    "image-figure": "image",
    "image-drawing": "drawing",
    "image-plot": "image",
    "image-photo": "photograph",
}
"""Resource types that the map of types has under another name; of the others the last part is the name."""

_ROLES = {
    "editor": "dc.contributor.editor",
    "supervisor": "dc.contributor.advisor",
    "translator": "dc.contributor.translator",
    "rightsholder": "dc.rights.holder",
}
_DATES = {
    "issued": "dc.date.issued",
    "created": "dc.date.created",
    "submitted": "dc.date.submitted",
    "copyrighted": "dc.date.copyright",
    "accepted": "dcterms.dateAccepted",
    "available": "dc.date.available",
    "valid": "dcterms.valid",
    "updated": "dcterms.modified",
    "coverage": "dc.coverage.temporal",
}
_DESCRIPTIONS = {"abstract": "dc.description.abstract", "table-of-contents": "dc.description.tableofcontents"}
_IDENTIFIERS = {
    "doi": "dc.identifier.doi",
    "isbn": "dc.identifier.isbn",
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.eissn",
    "arxiv": "dc.identifier.arxiv",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.pmcid",
    "ads": "dc.identifier.adsbibcode",
    "handle": "dc.identifier.uri",
    "url": "dc.identifier.uri",
    "urn": "dc.identifier.urn",
}
_RELATIONS = {
    "references": "dc.relation.references",
    "cites": "dc.relation.references",
    "iscitedby": "dc.relation.isreferencedby",
    "isreferencedby": "dc.relation.isreferencedby",
    "haspart": "dc.relation.haspart",
    "hasversion": "dc.relation.hasversion",
    "isversionof": "dc.relation.isversionof",
    "isnewversionof": "dc.relation.replaces",
    "ispreviousversionof": "dc.relation.isreplacedby",
    "obsoletes": "dc.relation.replaces",
    "isobsoletedby": "dc.relation.isreplacedby",
    "isderivedfrom": "dc.relation.isbasedon",
    "requires": "dc.relation.requires",
    "isrequiredby": "dcterms.isRequiredBy",
    "isidenticalto": "dc.relation.isformatof",
    "isvariantformof": "dc.relation.isformatof",
}
"""Fields of relations, as DataCite names them; all other relations are "dc.relation", and are kept verbatim too."""

_POLICIES = ("member_policy", "record_policy", "review_policy")
"""What only the access of a community has. Source: InvenioRDM 12, "Communities" of the REST API."""

_ADDRESSES = {"doi": "https://doi.org/{}", "handle": "hdl:{}", "arxiv": "arXiv:{}", "isbn": "ISBN {}"}
"""How an identifier of a related work is written, by its scheme; one that is an address already stays as it is."""


def detect_invenio(head: bytes, path: Path) -> bool:
    """Return whether a file holds records of InvenioRDM or Zenodo, a title below `metadata`, and creators or a type, or its communities."""
    del path
    shape = json_shape(head)
    return any(
        f"{start}metadata.title" in shape
        and any(
            f"{start}{name}" in shape
            for name in (
                "metadata.creators[]",
                "metadata.resource_type",
                "metadata.upload_type",
                *(f"access.{policy}" for policy in _POLICIES),
            )
        )
        for start in ("", "[].", "hits.hits[].")
    )


def read_invenio(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each record; a draft, one whose record is restricted, and a community are left out with a remark.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def _code(term: Any) -> str:
    """Return the code of a term of a vocabulary: {"id": "eng", "title": {…}}, or the text that it is."""
    return first_text(term.get("id")) if isinstance(term, dict) else first_text(term)


def _label(term: Any) -> str:
    """Return the English label of a term or of a title in several languages, else the first one."""
    labels = term.get("title", term) if isinstance(term, dict) else term
    if isinstance(labels, dict):
        return first_text(labels.get("en")) or next(map(first_text, labels.values()), "")
    return first_text(labels)


def _labelled(gathered: Gathered, term: Any, name: str) -> None:
    """Keep the parts of a term beside its code; its labels are left out."""
    if isinstance(term, dict):
        gathered.keep_remainder(name, term, "id", "title")
        if term.get("title"):
            gathered.leave_out("labels")


def _type(gathered: Gathered, name: str, value: Any) -> None:
    """Add the document type: "publication-article" now, type and subtype, or upload and publication type, before."""
    kind = _code(value)
    if isinstance(value, dict) and not kind:
        kind = "-".join(filter(None, (first_text(value.get("type")), first_text(value.get("subtype")))))
        gathered.keep_remainder(name, value, "type", "subtype", "title")
        if value.get("title"):
            gathered.leave_out("labels")
    elif name == "upload_type":
        kinds = (kind, *(first_text(gathered.work.get(f"{sort}_type")) for sort in ("publication", "image")))
        kind = "-".join(filter(None, kinds))
    else:
        _labelled(gathered, value, name)
    gathered.add("dc.type", _TYPES.get(kind, kind.rpartition("-")[2]))
    gathered.keep(name, kind if "-" in kind or kind in _TYPES else "")


def _people(field: str) -> AddMember:
    def take(gathered: Gathered, name: str, value: Any) -> None:
        for person in objects(value):
            role = _code(person.get("role")) or first_text(person.get("type"))
            known = _ROLES.get(role.casefold(), "dc.contributor.other")
            written = _person(gathered, field or known, name, person)
            if not field and known == "dc.contributor.other" and role:
                gathered.keep(f"{name}.{role}", written)
            _labelled(gathered, person.get("role"), f"{name}.role")

    return take


def _person(gathered: Gathered, field: str, name: str, person: Members) -> str:
    agent = person.get("person_or_org")
    agent = agent if isinstance(agent, dict) else person
    written = person_name(agent.get("family_name"), agent.get("given_name")) or first_text(agent.get("name")).strip()
    ids = list(objects(agent.get("identifiers")))
    by_scheme = {first_text(i.get("scheme")).casefold(): i.get("identifier") for i in ids}
    ror = by_scheme.get("ror")
    orcid = by_scheme.get("orcid") or agent.get("orcid")
    gathered.person(field, written, authority=orcid or (f"will be referenced::ROR-ID::{ror}" if ror else None))
    for identifier in ids:
        if not identifier.get("identifier") or identifier["identifier"] not in (orcid, None if orcid else ror):
            gathered.keep(f"{name}.identifiers", {"of": written, **identifier})
    keep_affiliations(gathered, f"{name}.affiliation", written, person.get("affiliations") or person.get("affiliation"))
    known = {"name", "family_name", "given_name", "identifiers", "orcid", "person_or_org"}
    known |= {"affiliations", "affiliation", "role"} | ({"type"} if field != "dc.contributor.author" else set())
    # "personal" is what nearly all are; an organisation is told as one.
    rest = {
        key: part
        for key, part in {**agent, **person}.items()
        if key not in known and part not in (None, "", [], {}) and (key, part) != ("type", "personal")
    }
    if rest:
        gathered.keep(name, {"of": written, **rest})
    return written


def _titles(gathered: Gathered, name: str, value: Any) -> None:
    for title in objects(value):
        gathered.add("dc.title.alternative", title.get("title"), language=_code(title.get("lang")))
        gathered.keep(f"{name}.type", _code(title.get("type")))
        _labelled(gathered, title.get("type"), f"{name}.type")
        gathered.keep_remainder(name, title, "title", "lang", "type")


def _descriptions(gathered: Gathered, name: str, value: Any) -> None:
    for description in objects(value):
        kind = _code(description.get("type"))
        field = _DESCRIPTIONS.get(kind, "dc.description")
        gathered.add(field, description.get("description"), language=_code(description.get("lang")))
        gathered.keep(f"{name}.type", kind if kind not in _DESCRIPTIONS else "")
        _labelled(gathered, description.get("type"), f"{name}.type")
        gathered.keep_remainder(name, description, "description", "lang", "type")


def _dates(gathered: Gathered, name: str, value: Any) -> None:
    for date in objects(value):
        kind = _code(date.get("type")).casefold()
        text = first_text(date.get("date")) or "/".join(first_text(date.get(end)) for end in ("start", "end"))
        repeats = kind == "issued" and gathered.work.get("publication_date")
        if kind in _DATES and not repeats:
            gathered.add(_DATES[kind], text)
        elif text != gathered.work.get("publication_date") or not repeats:
            gathered.keep(f"{name}.{kind}".rstrip("."), text.strip("/"))
        gathered.keep(f"{name}.description", date.get("description"))
        _labelled(gathered, date.get("type"), f"{name}.type")
        gathered.keep_remainder(name, date, "date", "start", "end", "type", "description")


def _languages(gathered: Gathered, name: str, value: Any) -> None:
    for language in as_list(value):
        gathered.add("dc.language.iso", _code(language))
        _labelled(gathered, language, name)


def _subjects(gathered: Gathered, name: str, value: Any) -> None:
    for subject in objects(value):
        gathered.add("dc.subject", subject.get("subject") or subject.get("term"))
        if subject.keys() - {"subject", "term"}:
            gathered.keep(name, subject)


def _rights(gathered: Gathered, name: str, value: Any) -> None:
    """Add each licence: its address, else its code or its name, and what is said of it."""
    for rights in as_list(value):
        if not isinstance(rights, dict):
            gathered.add("dc.rights", rights)
            continue
        props = rights.get("props")
        address = rights.get("link") or rights.get("url") or (props.get("url") if isinstance(props, dict) else None)
        gathered.add("dc.rights.uri", address)
        if not address:
            gathered.add("dc.rights", _label(rights.get("title")) or rights.get("id"))
        elif rights.get("title"):
            gathered.keep(f"{name}.title", _label(rights["title"]))
        gathered.keep(f"{name}.id", rights.get("id"))
        description = rights.get("description")
        for language, text in description.items() if isinstance(description, dict) else (("", description),):
            gathered.add("dc.rights" if not address else "invenio.rights.description", text, language=language)
        gathered.keep_remainder(name, rights, "link", "url", "title", "id", "description", "icon", "props")
        if isinstance(props, dict):
            gathered.keep_remainder(f"{name}.props", props, "url")
        if rights.get("icon"):
            gathered.leave_out("rights.icon")


def _funding(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""

    def parts(grant: Members) -> tuple[Members, Members]:
        funder, award = grant.get("funder"), grant.get("award")
        # The old form has the grant's number, title and funder in one object.
        award = award if isinstance(award, dict) else {"number": grant.get("code"), "title": grant.get("title")}
        return (funder if isinstance(funder, dict) else {}), award

    for grant in sorted(objects(value), key=lambda grant: not parts(grant)[1].get("number")):
        funder, award = parts(grant)
        gathered.add("dc.relation.funding", funder.get("name"))
        gathered.add("dc.relation.grantno", award.get("number"))
        title = _label(award.get("title") or "").strip()
        gathered.keep(f"{name}.award.title", title)
        gathered.keep_remainder(f"{name}.funder", funder, "name")
        gathered.keep_remainder(f"{name}.award", award, "number", "title")
        gathered.keep_remainder(name, grant, "funder", "award", "code", "title")


def _identifiers(gathered: Gathered, name: str, value: Any) -> None:
    for identifier in objects(value):
        scheme, text = first_text(identifier.get("scheme")).casefold(), first_text(identifier.get("identifier"))
        if scheme == "doi" and text.casefold() == first_text(_doi(gathered.work)).casefold():
            continue
        # Another DOI of the work is not its own: two would make two items of one.
        if scheme in _IDENTIFIERS and (scheme != "doi" or not _doi(gathered.work)):
            gathered.add(_IDENTIFIERS[scheme], text)
        else:
            gathered.keep(f"{name}.{scheme}".rstrip("."), text)
        gathered.keep_remainder(name, identifier, "scheme", "identifier")


def _doi(work: Members) -> Any:
    pids = work.get("pids")
    doi = pids.get("doi") if isinstance(pids, dict) else None
    return doi.get("identifier") if isinstance(doi, dict) else work.get("doi")


def _pids(gathered: Gathered, name: str, value: Any) -> None:
    for pids in objects(value):
        for scheme, pid in pids.items():
            if scheme == "oai" or not isinstance(pid, dict):
                continue
            if scheme in _IDENTIFIERS:
                gathered.add(_IDENTIFIERS[scheme], pid.get("identifier"))
                gathered.leave_out("pids.provider")
            else:
                gathered.keep(f"{name}.{scheme}", pid)


def _same_doi(gathered: Gathered, name: str, value: Any) -> None:
    pids = gathered.work.get("pids")
    if not (isinstance(pids, dict) and "doi" in pids):
        gathered.add("dc.identifier.doi", value)
    elif value != _doi(gathered.work):
        gathered.keep(name, value)


def _related(gathered: Gathered, name: str, value: Any) -> None:
    for related in objects(value):
        relation = _code(related.get("relation_type")) or first_text(related.get("relation"))
        scheme, identifier = first_text(related.get("scheme")).casefold(), first_text(related.get("identifier"))
        field = _RELATIONS.get(relation.casefold(), "dc.relation")
        plain = identifier.startswith(("http://", "https://"))
        gathered.add(field, identifier if plain or not identifier else _ADDRESSES.get(scheme, "{}").format(identifier))
        kind = _code(related.get("resource_type"))
        more = related.keys() - {"relation_type", "relation", "scheme", "identifier", "resource_type"}
        if relation.casefold() not in _RELATIONS or kind or more:
            told = {"relation": relation, "scheme": scheme, "identifier": identifier, "resource_type": kind}
            rest = {key: related[key] for key in related if key in more}
            gathered.keep(name, {key: part for key, part in {**told, **rest}.items() if part})
        for term in ("relation_type", "resource_type"):
            _labelled(gathered, related.get(term), f"{name}.{term}")


def _references(gathered: Gathered, name: str, value: Any) -> None:
    """Add each cited work: by its DOI, else as it is cited."""
    for reference in as_list(value):
        if not isinstance(reference, dict):
            gathered.add("dc.relation.references", reference)
            continue
        doi = first_text(reference.get("scheme")).casefold() == "doi" and first_text(reference.get("identifier"))
        stated = reference.get("reference")
        gathered.add(
            "dc.relation.references", f"https://doi.org/{doi}" if doi else stated or reference.get("identifier")
        )
        if doi or reference.keys() - {"reference", "scheme"}:
            gathered.keep_remainder(name, reference, *(("identifier", "scheme") if doi else ("reference",)))


def _journal(gathered: Gathered, name: str, value: Any) -> None:
    _parts(
        gathered,
        name,
        value,
        {
            "title": to("dc.relation.ispartof"),
            "volume": to("dc.identifier.volume"),
            "issue": to("dc.identifier.issue"),
            "issn": to("dc.identifier.issn"),
            "pages": add_pages,
            "year": lambda gathered, name, value: gathered.keep("journal.year", value),
        },
    )


def _imprint(gathered: Gathered, name: str, value: Any) -> None:
    """Add the book, of which the record may be a chapter: then title and ISBN are those of the whole."""
    part = (
        any(_code(gathered.work.get(kind)) == "publication-section" for kind in ("resource_type",)) or name == "part_of"
    )
    _parts(
        gathered,
        name,
        value,
        {
            "title": to("dc.relation.ispartof" if part else "invenio.imprint.title"),
            "isbn": to("dc.relation.isbn" if part else "dc.identifier.isbn"),
            "place": to("dc.publisher.place"),
            "publisher": to("dc.publisher"),
            "edition": to("oaire.citation.edition"),
            "pages": add_pages if part else to("dc.format.extent"),
        },
    )


def _meeting(gathered: Gathered, name: str, value: Any) -> None:
    _parts(
        gathered,
        name,
        value,
        {
            "title": to("dc.relation.conference"),
            "place": to("oaire.citation.conferencePlace"),
            "dates": to("oaire.citation.conferenceDate"),
        },
    )


def _thesis(gathered: Gathered, name: str, value: Any) -> None:
    _parts(
        gathered,
        name,
        value if isinstance(value, dict) else {"university": value},
        {
            "university": to("thesis.degree.grantor"),
            "department": to("dc.contributor.department"),
            "type": to("thesis.degree.level"),
            "supervisors": _people("dc.contributor.advisor"),
        },
    )


def _parts(gathered: Gathered, name: str, value: Any, table: Mapping[str, AddMember]) -> None:
    for part in as_list(value):
        if not isinstance(part, dict):
            gathered.keep(name, part)
            continue
        for member, content in part.items():
            if content in (None, "", [], {}):
                continue
            if member in table:
                table[member](gathered, f"{name}.{member}", content)
            else:
                gathered.keep(f"{name}.{member}", content)


def _custom(gathered: Gathered, name: str, value: Any) -> None:
    for fields in objects(value):
        for member, content in fields.items():
            _CUSTOM.get(member, _keep_custom)(gathered, member, content)


def _keep_custom(gathered: Gathered, name: str, value: Any) -> None:
    gathered.keep(name.replace(":", "."), value)


_CUSTOM: Mapping[str, AddMember] = {
    "journal:journal": _journal,
    "imprint:imprint": _imprint,
    "meeting:meeting": _meeting,
    "thesis:thesis": _thesis,
    "thesis:university": _thesis,
}


def _access(gathered: Gathered, name: str, value: Any) -> None:
    for access in objects(value):
        gathered.add("dcterms.accessRights", access.get("status"))
        gathered.keep_remainder(name, access, "status")


def _communities(gathered: Gathered, name: str, value: Any) -> None:
    for community in as_list(value):
        gathered.keep(
            "communities",
            _code(community) or (first_text(community.get("identifier")) if isinstance(community, dict) else ""),
        )


def _parent(gathered: Gathered, name: str, value: Any) -> None:
    for parent in objects(value):
        gathered.keep(f"{name}.id", parent.get("id"))
        pids = parent.get("pids")
        doi = pids.get("doi") if isinstance(pids, dict) else None
        if isinstance(doi, dict):
            gathered.add("dc.relation.isversionof", f"https://doi.org/{doi.get('identifier')}")
        communities = parent.get("communities")
        for entry in objects(communities.get("entries") or []) if isinstance(communities, dict) else ():
            gathered.keep("communities", entry.get("slug") or entry.get("id"))
        if isinstance(communities, dict) and not communities.get("entries"):
            gathered.keep("communities", communities.get("ids"))
        gathered.leave_out("parent.access")
        gathered.leave_out("parent.communities")


def _concept(gathered: Gathered, name: str, value: Any) -> None:
    gathered.add("dc.relation.isversionof", f"https://doi.org/{first_text(value)}")


def _locations(gathered: Gathered, name: str, value: Any) -> None:
    features = value.get("features") if isinstance(value, dict) else value
    for place in objects(features):
        gathered.add("dc.coverage.spatial", place.get("place"))
        gathered.keep_remainder(name, place, "place")


def _links(gathered: Gathered, name: str, value: Any) -> None:
    # Without a DOI the address of its page is what a record is known by.
    for links in objects(value) if not _doi(gathered.work) else ():
        gathered.add("dc.identifier.uri", links.get("self_html") or links.get("html"))
    gathered.leave_out("links", _TECHNICAL)


def _unwrap(members: Members) -> Members:
    """Return the members of the description and those around it; where both have one, the description's."""
    metadata = members.get("metadata")
    if not isinstance(metadata, dict):
        return {}
    around = {name: part for name, part in members.items() if name != "metadata"}
    twice = {
        f"record.{name}": around.pop(name) for name in metadata if name in around and around[name] != metadata[name]
    }
    return {**metadata, **{name: part for name, part in around.items() if name not in metadata}, **twice}


def _hidden(work: Members) -> str:
    access = work.get("access")
    if "slug" in work and isinstance(access, dict) and not access.keys().isdisjoint(_POLICIES):
        return "it is a community of the repository, which holds records and is none"
    if work.get("is_draft") is True or work.get("state") == "unsubmitted":
        return "it is a draft, so that it is not public"
    deletion = work.get("deletion_status")
    if isinstance(deletion, dict) and deletion.get("is_deleted") is True:
        return "it has been deleted"
    if isinstance(access, dict) and access.get("record") == "restricted":
        return "its record is restricted, so that it is not public"
    return ""


def _files(work: Members) -> Iterator[File]:
    files = work.get("files")
    entries = files.get("entries") if isinstance(files, dict) else files
    if isinstance(entries, dict):
        entries = list(entries.values())
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            yield File(entry)
        elif isinstance(entry, dict) and (name := first_text(entry.get("key") or entry.get("filename") or "")):
            links = entry.get("links")
            address = (links.get("content") or links.get("self")) if isinstance(links, dict) else None
            algorithm, _, digest = first_text(entry.get("checksum") or "").partition(":")
            size = entry.get("size", entry.get("filesize"))
            yield File(
                name,
                address if isinstance(address, str) else None,
                first_text(entry.get("mimetype") or "") or None,
                size if isinstance(size, int) else whole_number(first_text(size)),
                checksum_of(algorithm, digest),
            )


def _file_parts(gathered: Gathered, name: str, value: Any) -> None:
    gathered.leave_out("files.parts")


def _oai(work: Members) -> str:
    pids = work.get("pids")
    oai = pids.get("oai") if isinstance(pids, dict) else None
    return first_text(oai.get("identifier")) if isinstance(oai, dict) else ""


FORMAT = WorkFormat(
    schema="invenio",
    table={
        "title": to("dc.title"),
        "additional_titles": _titles,
        "doi": _same_doi,
        "pids": _pids,
        "doi_url": leave,
        "resource_type": _type,
        "upload_type": _type,
        "publication_type": leave,
        "image_type": leave,
        "creators": _people("dc.contributor.author"),
        "contributors": _people(""),
        "publication_date": to("dc.date.issued"),
        "dates": _dates,
        "publisher": to("dc.publisher"),
        "description": to("dc.description.abstract"),
        "additional_descriptions": _descriptions,
        "notes": to("dc.description"),
        "method": to("dc.description"),
        "keywords": to("dc.subject"),
        "subjects": _subjects,
        "languages": _languages,
        "language": _languages,
        "rights": _rights,
        "license": _rights,
        "copyright": to("dc.rights"),
        "access": _access,
        "access_right": to("dcterms.accessRights"),
        "access_conditions": to("dc.rights"),
        "funding": _funding,
        "grants": _funding,
        "identifiers": _identifiers,
        "alternate_identifiers": _identifiers,
        "related_identifiers": _related,
        "references": _references,
        "journal": _journal,
        "imprint": _imprint,
        "part_of": _imprint,
        "meeting": _meeting,
        "thesis": _thesis,
        "custom_fields": _custom,
        "version": to("invenio.version"),
        "sizes": to("dc.format.extent"),
        "formats": to("dc.format"),
        "communities": _communities,
        "parent": _parent,
        "conceptdoi": _concept,
        "locations": _locations,
        "links": _links,
        "files": _file_parts,
    },
    ignored={
        **dict.fromkeys(
            ("created", "revision", "revision_id", "is_draft", "is_published", "status", "state"), _TECHNICAL
        ),
        **dict.fromkeys(("submitted", "owner", "owners", "media_files", "deletion_status", "swh", "ui"), _TECHNICAL),
        **dict.fromkeys(("relations", "versions", "parent.access", "pids.provider", "rights.icon"), _TECHNICAL),
        **dict.fromkeys(("expanded", "internal_notes", "tombstone", "record_id"), _TECHNICAL),
        "files.parts": "the files are told as files, their numbers in the repository are not",
        "parent.communities": "what the communities say of themselves",
        "stats": _COUNT,
        "labels": _LABELS,
        "updated": "the date the record was last changed",
        "modified": "the date the record was last changed",
    },
    containers=("hits.hits",),
    unwrap=_unwrap,
    modified=lambda work: first_text(work.get("updated") or work.get("modified")),
    hidden=_hidden,
    files=_files,
    oai_identifier=_oai,
)
"""Members of a record. Source: InvenioRDM 12, "Metadata reference"; Zenodo, "Developers", REST API of 2023."""
