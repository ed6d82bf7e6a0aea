"""MEDLINE text (.nbib) of PubMed, and of ERIC, which writes the same form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lod.record import Record, Value
from lod.settings.table import Settings
from lod.sources.exports.tagged_lines import TaggedReference, stray_remark, tagged_references
from lod.sources.pubmed.articles import PUBLICATION_TYPES
from lod.sources.pubmed.dates import medline_date
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered, add_pages
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)", re.DOTALL)
_START = re.compile(r"\s*(?:PMID|OWN) {0,2}-\s")
_TYPED = re.compile(r"(.*\S)\s*\[(\w{1,12})\]")
_ISSN = re.compile(r"(\d{4}-?\d{3}[\dXx])(?:\s*\((\w{1,20})\))?")
_ISSN_FIELDS = {"linking": "dc.identifier.issnl", "electronic": "dc.identifier.eissn"}
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\S+)")
_NLM = "how NLM keeps the record, no description of the article"

_FIELDS: Mapping[str, str] = {
    "PMID": "dc.identifier.pmid",
    "PMC": "dc.identifier.pmcid",
    "TI": "dc.title",
    "TT": "dc.title.alternative",
    "BTI": "dc.relation.ispartof",
    "CTI": "dc.relation.ispartofseries",
    "JT": "dc.relation.ispartof",
    "AB": "dc.description.abstract",
    "OAB": "dc.description.abstract",
    "CI": "dc.rights",
    "LA": "dc.language",
    "VI": "dc.identifier.volume",
    "IP": "dc.identifier.issue",
    "PB": "dc.publisher",
    "OT": "dc.subject",
    "CN": "dc.contributor.author",
    "FED": "dc.contributor.editor",
    "ISBN": "dc.identifier.isbn",
    "SO": "dc.identifier.citation",
}
"""Tags whose text is the value; tags without a row are kept under the schema `medline`. Source: NLM, "MEDLINE/PubMed Data
Element (Field) Descriptions" (2024)."""

_IGNORED = {
    **dict.fromkeys(("OWN", "STAT", "DA", "DCOM", "LR", "SB", "CRDT", "MHDA", "EDAT", "PHST", "PST", "RF"), _NLM),
    "AU beside FAU": "the same name, abbreviated",
    "OABL": "the language of the second abstract is told with it",
}


def detect_medline(head: bytes, path: Path) -> bool:
    """Return whether a file begins with the tags PMID or OWN of MEDLINE."""
    del path
    return _START.match(head_text(head)) is not None


def read_medline(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each citation; a blank line, PMID or OWN begins the next.

    Raises:
        SourceError: a citation is larger than 64 MiB, or the file cannot be read.
    """
    del settings
    ignored = Ignored(file, _IGNORED)

    def read_one(reference: TaggedReference) -> Iterator[Item]:
        where = f"line {reference.line}"
        if reference.fault:
            yield file.unreadable("medline-encoding", where, reference.fault)
            return
        values = _values(reference, ignored)
        if values:
            yield Record(file.source, file.place(where), tuple(values))
        else:
            yield file.unreadable("no-metadata", where, "the citation has no values; fill it in or delete it")

    stray: list[int] = []
    references = tagged_references(file, _TAG, _starts, stray, blank_ends=True)
    yield from records_of(file, references, read_one, lambda reference: f"line {reference.line}")
    yield from stray_remark(file, "medline-text", stray)
    yield from ignored.remark()


def _starts(tag: str, open_reference: TaggedReference) -> bool:
    known = {name for name, _ in open_reference.tags}
    return (tag == "PMID" and "PMID" in known) or (tag == "OWN" and "OWN" in known and "PMID" not in known)


def _values(reference: TaggedReference, ignored: Ignored) -> list[Value]:
    gathered = Gathered("medline", {})
    full = sum(tag == "FAU" for tag, _ in reference.tags)
    stands_alone = not full and all(tag != "AU" for tag, _ in reference.tags)
    types: list[str] = []
    for number, (tag, lines) in enumerate(reference.tags):
        text = " ".join(filter(None, lines))
        if tag in ignored:
            if text:
                ignored.count(tag)
        elif tag == "FAU" or (tag == "AU" and not full):
            _author(gathered, text, _of_person(reference.tags[number + 1 :]))
        elif tag == "AU" and number and reference.tags[number - 1][0] == "FAU":
            ignored.count("AU beside FAU")
        elif tag == "PT":
            types.append(text)
        elif tag not in ("AD", "AUID") or stands_alone:
            _take(gathered, tag, text)
    _types(gathered, types)
    return gathered.values


def _author(gathered: Gathered, name: str, about: list[tuple[str, str]]) -> None:
    orcid = next((found for tag, text in about if tag == "AUID" and (found := _orcid(text))), None)
    gathered.person("dc.contributor.author", name, authority=orcid)
    for tag, text in about:
        if tag == "AD":
            gathered.keep("affiliation", f"{name}: {text}")
        elif tag == "AUID" and _orcid(text) != orcid:
            gathered.keep("auid", f"{name}: {text}")


def _of_person(tags: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """Return the tags that belong to the author before them, with their texts."""
    found = []
    for tag, lines in tags:
        if tag in ("FAU", "CN", "LA") or tag not in ("AU", "AD", "AUID"):
            break
        found.append((tag, " ".join(lines)))
    return found


def _orcid(text: str) -> str | None:
    match = re.search(r"\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX]", text) if "orcid" in text.casefold() else None
    return "-".join(re.findall(r"[\dX]{4}", match[0])) if match else None


def _types(gathered: Gathered, names: list[str]) -> None:
    """Add the document types; "Journal Article" beside a more telling one says nothing new."""
    singular = {name: name.removesuffix("s") if name == "Journal Articles" else name for name in names}
    known = [PUBLICATION_TYPES[name] for name in singular.values() if name in PUBLICATION_TYPES]
    for name in [name for name in known if name != "journal article"] or known[:1]:
        gathered.add("dc.type", name)
    gathered.keep("pt", [name for name in names if singular[name] not in PUBLICATION_TYPES])


def _take(gathered: Gathered, tag: str, text: str) -> None:
    if tag in _READERS:
        _READERS[tag](gathered, tag, text)
    elif tag in _FIELDS:
        gathered.add(_FIELDS[tag], text)
    else:
        gathered.keep(tag.lower(), text)


def _date(gathered: Gathered, tag: str, text: str) -> None:
    gathered.add("dc.date.issued", medline_date(text))


def _pages(gathered: Gathered, tag: str, text: str) -> None:
    first, _, more = text.partition(";")
    add_pages(gathered, "pagination", first)
    gathered.keep("pg", text if more or "," in first else "")


def _identifier(gathered: Gathered, tag: str, text: str) -> None:
    match = _TYPED.fullmatch(text)
    kind = match[2].lower() if match else ""
    doi = _DOI_ADDRESS.fullmatch(text)
    if (match and kind == "doi") or doi:
        gathered.add_once("dc.identifier.doi", doi[1] if doi else match[1] if match else "")
    elif text.startswith(("http://", "https://")):
        gathered.add("dc.description.uri", text)
    else:
        gathered.keep(f"{tag.lower()}.{kind}".rstrip("."), match[1] if match else text)


def _issn(gathered: Gathered, tag: str, text: str) -> None:
    match = _ISSN.search(text)
    if not match:
        gathered.add("medline.is", text)
        return
    kind = "electronic" if "EISSN" in text else (match[2] or "").casefold()
    gathered.add(_ISSN_FIELDS.get(kind, "dc.identifier.issn"), match[1])


def _heading(gathered: Gathered, tag: str, text: str) -> None:
    heading = " - ".join(part.strip("* ") for part in text.split("/"))
    gathered.add("dc.subject.mesh", heading, language="en")
    gathered.keep("majortopic", heading if "*" in text else "")


def _grant(gathered: Gathered, tag: str, text: str) -> None:
    """Add funder and number of "R01 CA1/CA/NCI NIH HHS/United States": number, acronym, agency, country."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) >= 3:
        gathered.add("dc.relation.funding", parts[-2])
        gathered.add("dc.relation.grantno", parts[0])
    gathered.keep("gr", text)


_READERS: Mapping[str, Callable[[Gathered, str, str], None]] = {
    "DP": _date,
    "PG": _pages,
    "LID": _identifier,
    "AID": _identifier,
    "IS": _issn,
    "ISSN": _issn,
    "MH": _heading,
    "GR": _grant,
}
