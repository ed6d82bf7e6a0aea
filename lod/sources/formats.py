"""Table of source formats (SOURCES); find the files of a source and read them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lod.errors import SourceError
from lod.guard import fault_of
from lod.report import Finding, Severity
from lod.settings.table import Settings
from lod.sources.citation_files.bibtex import detect_bibtex, read_bibtex
from lod.sources.citation_files.ris import detect_ris, read_ris
from lod.sources.dspace.csv import detect_dspace_csv, read_dspace_csv
from lod.sources.dspace.rest import detect_dspace_rest, read_dspace_rest
from lod.sources.dspace.rest_pages import missing_pages as missing_rest_pages
from lod.sources.dspace.saf import detect_dspace_saf, read_dspace_saf
from lod.sources.dspace.saf_folders import ANCHOR
from lod.sources.dspace.xlsx import detect_dspace_xlsx, read_dspace_xlsx
from lod.sources.dublin_core.json_lines import detect_json_lines, read_json_lines
from lod.sources.exports.endnote import detect_endnote, read_endnote
from lod.sources.exports.medline import detect_medline, read_medline
from lod.sources.exports.wos import detect_wos, read_wos
from lod.sources.marc.iso2709 import detect_marc, read_marc
from lod.sources.marc.marcxml import detect_marcxml, read_marcxml
from lod.sources.mods.collections import detect_mods, read_mods
from lod.sources.oai.oai_pmh import detect_oai_pmh, missing_pages, read_oai_pmh
from lod.sources.pages.html_page import detect_html_page, read_html_page
from lod.sources.pages.text_page import detect_item_page, read_item_page
from lod.sources.pubmed.articles import detect_pubmed, read_pubmed
from lod.sources.rdf.reader import detect_rdf, read_rdf
from lod.sources.reading.column_tables import ColumnTable
from lod.sources.reading.known_files import FileWatch, digest_of, state_of
from lod.sources.reading.source_defaults import NO_DEFAULTS, SourceDefaults
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.reading.unknown_files import unknown_file
from lod.sources.repositories.dataverse import detect_dataverse, read_dataverse
from lod.sources.repositories.eprints import detect_eprints, read_eprints
from lod.sources.repositories.invenio import detect_invenio, read_invenio
from lod.sources.tables.csv_works import detect_opencitations, detect_pubmed_csv, read_opencitations, read_pubmed_csv
from lod.sources.tables.plain_rows import header_of
from lod.sources.tables.plain_table import KEYS, detect_table, is_known_table, read_table, unknown_columns
from lod.sources.works.crossref import detect_crossref, read_crossref
from lod.sources.works.csl_json import detect_csl_json, read_csl_json
from lod.sources.works.datacite import detect_datacite, read_datacite
from lod.sources.works.datacite_xml import detect_datacite_xml, read_datacite_xml
from lod.sources.works.doaj import detect_doaj, read_doaj
from lod.sources.works.openalex import detect_openalex, read_openalex


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """One format of source files.

    Attributes:
        name: what `--format` calls it.
        help: what files it is for, in one line; docs/sources.md has the same.
        detect: recognises a file by its first 64 KiB, gunzipped, and its path.
        read: yields the items of a file as it reads; raises SourceError when the file breaks off.
        close: checks all files of the format in one source, after the last has been read.
        needs_records: a source without a single record is the answer to another request, and no source.
        anchor: name of the file that makes a folder one record; whatever else lies in the folder belongs to it.
        looks_beside: what lies beside a file decides what is read from it, so that the file alone does not tell whether anything has
            changed.
        keys: what names a record that has no handle, UUID or OAI identifier, before all other schemes of `KEY_SCHEMES`:
            schemes, which are known worldwide, and fields, whose values are unique in one source (docs/adr/0013).
    """

    name: str
    help: str
    detect: Callable[[bytes, Path], bool]
    read: Callable[[SourceFile, Settings], Iterator[Item]]
    close: Callable[[Sequence[SourceFile]], Iterator[Item]] | None = None
    needs_records: bool = False
    anchor: str = ""
    looks_beside: bool = False
    keys: tuple[str, ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether what is read from a file depends on no other file."""
        return not (self.anchor or self.looks_beside or self.close)


SOURCES: tuple[SourceFormat, ...] = (
    SourceFormat(
        "rdf",
        "RDF made elsewhere: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML",
        detect_rdf,
        read_rdf,
        looks_beside=True,
    ),
    SourceFormat(
        "dspace-saf",
        "DSpace's Simple Archive Format: item folders with dublin_core.xml, folders and zips of them",
        detect_dspace_saf,
        read_dspace_saf,
        anchor=ANCHOR,
    ),
    SourceFormat(
        "html-page",
        "HTML pages about one item: DSpace's, and any page with meta tags such as citation_title or DC.title",
        detect_html_page,
        read_html_page,
    ),
    SourceFormat(
        "dspace-rest",
        "JSON of DSpace's REST API, versions 4 to 6 and 7 on: items, pages of items, search results",
        detect_dspace_rest,
        read_dspace_rest,
        missing_rest_pages,
    ),
    SourceFormat(
        "json-lines",
        "JSON of Dublin Core fields: objects with members such as dc.title, or rows of key, value and language",
        detect_json_lines,
        read_json_lines,
    ),
    SourceFormat(
        "datacite",
        "DataCite JSON: responses of the REST API, lists or lines of attributes of DOIs",
        detect_datacite,
        read_datacite,
    ),
    SourceFormat(
        "datacite-xml",
        "DataCite XML, kernels 2 to 4: a resource a file, several, and in the envelope oai_datacite",
        detect_datacite_xml,
        read_datacite_xml,
        keys=("doi", "dc.identifier.uri"),
    ),
    SourceFormat(
        "openalex",
        "OpenAlex JSON: works of its API, single, in a list of results, one a line",
        detect_openalex,
        read_openalex,
        keys=("doi", "dc.identifier.openalex"),
    ),
    SourceFormat(
        "invenio",
        "InvenioRDM and Zenodo JSON: records, answers with a list of them, one a line, in the old form too",
        detect_invenio,
        read_invenio,
        keys=("doi", "invenio.id"),
    ),
    SourceFormat(
        "dataverse",
        "Dataverse JSON: datasets of its API, its exports, answers of its search",
        detect_dataverse,
        read_dataverse,
        keys=("doi",),
    ),
    SourceFormat(
        "eprints",
        "EPrints: its XML (EP3) and its JSON",
        detect_eprints,
        read_eprints,
        keys=("dc.identifier.uri", "eprints.eprintid"),
    ),
    SourceFormat(
        "doaj", "DOAJ JSON: articles of its dumps and its API", detect_doaj, read_doaj, keys=("doi", "doaj.id")
    ),
    SourceFormat(
        "crossref",
        "Crossref JSON: responses of the REST API, lists of works, one work a line",
        detect_crossref,
        read_crossref,
    ),
    SourceFormat(
        "csl-json",
        "CSL-JSON of reference managers and citation services",
        detect_csl_json,
        read_csl_json,
        keys=("doi", "csl.id"),
    ),
    SourceFormat("pubmed", "PubMed XML: article sets of NLM", detect_pubmed, read_pubmed, keys=("pmid", "doi")),
    SourceFormat(
        "pubmed-csv",
        "CSV of PubMed articles: PubMed id, title, MeSH headings, authors, abstract",
        detect_pubmed_csv,
        read_pubmed_csv,
        keys=("pmid", "doi"),
    ),
    SourceFormat(
        "opencitations",
        "CSV of OpenCitations Meta",
        detect_opencitations,
        read_opencitations,
        keys=("doi", "pmid", "opencitations.id"),
    ),
    SourceFormat(
        "marc",
        "MARC 21 in ISO 2709 (.mrc, .marc, .dat), in UTF-8 or MARC-8",
        detect_marc,
        read_marc,
        keys=("doi", "marc.001"),
    ),
    SourceFormat(
        "marcxml",
        "MARCXML: collections, single records, answers of SRU",
        detect_marcxml,
        read_marcxml,
        keys=("doi", "marc.001"),
    ),
    SourceFormat(
        "mods",
        "MODS: collections and single records",
        detect_mods,
        read_mods,
        keys=("doi", "mods.recordInfo.recordIdentifier", "dc.identifier.pid", "dc.identifier.local"),
    ),
    SourceFormat(
        "wos",
        "Web of Science: tagged text (FN, VR, PT and so on to ER), tab-delimited tables with tags as headers",
        detect_wos,
        read_wos,
        keys=("dc.identifier.isi", "doi"),
    ),
    SourceFormat(
        "medline",
        "MEDLINE text (.nbib) of PubMed and ERIC",
        detect_medline,
        read_medline,
        keys=("pmid", "medline.oid", "doi"),
    ),
    SourceFormat(
        "ris",
        "RIS of reference managers and databases (Scopus, Web of Science, Ovid)",
        detect_ris,
        read_ris,
        keys=("doi", "pmid", "dc.identifier.isi", "ris.id", "ris.an"),
    ),
    SourceFormat(
        "endnote",
        "EndNote XML of reference managers and databases",
        detect_endnote,
        read_endnote,
        keys=("doi", "dc.identifier.isi", "endnote.key"),
    ),
    SourceFormat("bibtex", "BibTeX and BibLaTeX", detect_bibtex, read_bibtex, keys=("doi", "bibtex.key")),
    SourceFormat(
        "oai-pmh",
        "OAI-PMH responses, saved: oai_dc, qdc, nsdl_dc, dim, xoai, oai_openaire, oai_datacite, oai_doaj, mods, mets, marcxml",
        detect_oai_pmh,
        read_oai_pmh,
        missing_pages,
        needs_records=True,
    ),
    SourceFormat(
        "item-page", "text of a DSpace item page, with its table of all fields", detect_item_page, read_item_page
    ),
    SourceFormat(
        "table",
        "CSV, TSV, XLSX, ODS or JSON tables with headers of any words: exports of databases, and what a site has columns for",
        detect_table,
        read_table,
        keys=KEYS,
    ),
    SourceFormat(
        "dspace-csv",
        "DSpace CSV: metadata export, batch editing, tables with headers such as dc.title[en]",
        detect_dspace_csv,
        read_dspace_csv,
    ),
    SourceFormat(
        "dspace-xlsx",
        "spreadsheet (xlsx, ods) with a DSpace table in one or more of its sheets",
        detect_dspace_xlsx,
        read_dspace_xlsx,
    ),
)
"""Formats in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Source:
    """Files that one SOURCE argument of a command leads to, in the order in which they are read."""

    argument: str
    files: tuple[Path, ...]


def find_files(
    argument: str | Path,
    format: str | None = None,
    encoding: str = "",
    columns: tuple[ColumnTable, ...] = (),
) -> tuple[list[tuple[Path, SourceFormat]], list[tuple[Path, str]]]:
    """Return the files to read with their formats, and those that are left out with the reason.

    A folder is searched with its subfolders, sorted by path. Hidden files and folders are ignored, and links to folders
    are not followed. Of a folder that is one record, such as an item of the Simple Archive Format, only the anchor file is
    listed; the reader looks at the others. A named format is used for every file; `encoding` and `columns` are as in
    `SourceFile`.

    Raises:
        SourceError: no such file or folder, or an unknown format.
    """
    chosen = _named(format) if format is not None else None
    argument = Path(argument)
    if not argument.exists():
        raise SourceError(f"{argument}: no such file or folder")
    found: list[tuple[Path, SourceFormat]] = []
    left_out: list[tuple[Path, str]] = []
    for path in _files_in(argument) if argument.is_dir() else [argument]:
        try:
            if not path.is_file():
                raise SourceError("no regular file")
            found.append((path, chosen or _detected(path, encoding, columns)))
        except SourceError as fault:
            left_out.append((path, str(fault)))
    return found, left_out


def find_source(argument: str | Path, format: str | None = None) -> tuple[Source, list[tuple[Path, str]]]:
    """Return the files that a SOURCE argument leads to, and those left out with the reason; nothing is read yet.

    Raises:
        SourceError: as `open_source`.
    """
    found, left_out = _find(argument, format)
    return Source(str(argument), tuple(path for path, _ in found)), left_out


def open_source(
    argument: str | Path,
    settings: Settings,
    *,
    format: str | None = None,
    skipped: list[tuple[str, str]] | None = None,
    defaults: SourceDefaults = NO_DEFAULTS,
    watch: FileWatch | None = None,
) -> Iterator[Item]:
    """Return the items of a file or a folder, read lazily.

    Args:
        argument: a file, or a folder that is searched with its subfolders.
        settings: those of the site; `value_separator` says how cells of CSV files are split.
        format: name of a format in SOURCES, used for every file; None detects the format of each from its content.
        skipped: list that gets the files that no format recognises, each with the reason.
        defaults: what the site says of the source.
        watch: knows files that need not be read again; those of formats that look at other files are always read.

    Raises:
        SourceError: at once when there is nothing to read: no such file, an unknown format, a file or a whole folder
            that no format recognises; later when a file breaks off (in a folder that is a violation, and the other
            files are read).
    """
    found, left_out = _find(argument, format, defaults.encoding, defaults.columns)
    if skipped is not None:
        skipped += [(SourceFile(path).source, reason) for path, reason in left_out]
    return _read(found, defaults.settings_of(settings), defaults, watch, whole=not Path(argument).is_dir())


def _resolved(path: Path, source_format: SourceFormat) -> Path:
    # The anchor of a record's folder stays in it, also where it is a link.
    return path.parent.resolve() / path.name if path.name == source_format.anchor else path.resolve()


def _closed(read: dict[str, list[SourceFile]]) -> Iterator[Item]:
    """Yield what formats say of all their files at the end."""
    for source_format in SOURCES:
        if source_format.close and source_format.name in read:
            yield from source_format.close(read[source_format.name])


def _state_and_digest(place: Path, source_format: SourceFormat, conditions: str) -> tuple[tuple[int, ...], str]:
    """Return by what a file is known to have been read whole, and not to have changed meanwhile; "" where it is never known."""
    if not source_format.is_alone:
        return (), ""
    return state_of(place), digest_of(place, f"{source_format.name} {conditions}")


def _read(
    found: list[tuple[Path, SourceFormat]],
    settings: Settings,
    defaults: SourceDefaults,
    watch: FileWatch | None,
    *,
    whole: bool,
) -> Iterator[Item]:
    """Yield the items of file after file.

    In a folder a damaged file is a violation, so that nothing is removed, and the others are read. A fault of our own is
    a violation too, in a folder or not.
    """
    read: dict[str, list[SourceFile]] = {}
    is_empty = True
    conditions = f"{settings!r} {defaults!r}"
    for path, source_format in found:
        place = _resolved(path, source_format)
        file = SourceFile(place, encoding=defaults.encoding, columns=defaults.columns)
        state, digest = _state_and_digest(place, source_format, conditions) if watch else ((), "")
        if watch and digest and watch.is_known(file.source, digest):
            is_empty = False
            continue
        try:
            for item in defaults.apply(source_format.read(file, settings), source_format.keys):
                is_empty = is_empty and isinstance(item, Finding) and item.severity is not Severity.VIOLATION
                yield item
        except SourceError as fault:
            if whole:
                raise
            is_empty = False
            yield file.damaged(str(fault))
        except MemoryError:
            raise
        except Exception as fault:
            # Between two records: what follows of the file is lost, what went before and the other files are not.
            is_empty = False
            yield fault_of(fault, "read", place=file.source)
        else:
            read.setdefault(source_format.name, []).append(file)
            if watch and digest and state_of(place) == state:
                watch.has_ended(file.source)
    yield from _closed(read)
    if is_empty and all(source_format.needs_records for _, source_format in found):
        yield _nothing(found)


def _nothing(found: list[tuple[Path, SourceFormat]]) -> Finding:
    """Return the violation that represents a source without a record: publishing nothing must not pass for publishing all."""
    path, source_format = found[0]
    what = f"the file, {source_format.name}, has" if len(found) == 1 else f"the {len(found)} files of the source have"
    return SourceFile(path.absolute()).unreadable(
        "no-records",
        "the end",
        f"{what} no record to publish: it may be the answer to another request, an error, or an export of nothing. Look at it, and "
        "fetch or export it again",
    )


def _find(
    argument: str | Path, format: str | None, encoding: str = "", columns: tuple[ColumnTable, ...] = ()
) -> tuple[list[tuple[Path, SourceFormat]], list[tuple[Path, str]]]:
    found, left_out = find_files(argument, format, encoding, columns)
    if found:
        return found, left_out
    if not left_out:
        raise SourceError(f"{argument}: the folder has no files (hidden ones are not read)")
    path, reason = left_out[0]
    if path == Path(argument):
        raise SourceError(f"{argument}: {reason}")
    raise SourceError(
        f"{argument}: nothing in this folder can be read; files left out: {len(left_out)}, the first is {path}: {reason}"
    )


def _named(name: str) -> SourceFormat:
    for source_format in SOURCES:
        if source_format.name == name:
            return source_format
    raise SourceError(f"unknown format {name!r}; known: {_known()}")


def _detected(path: Path, encoding: str, columns: tuple[ColumnTable, ...]) -> SourceFormat:
    head = SourceFile(path.absolute(), encoding=encoding).head()
    if not head.strip():
        raise SourceError("the file is empty")
    if is_known_table(head, path, columns):
        # What the site itself says of a table wins over what the project knows.
        return _named("table")
    for source_format in SOURCES:
        if source_format.detect(head, path):
            return source_format
    if seems := unknown_file(head):
        raise SourceError(f"not recognised as any known format: {seems}")
    names = [", ".join(filter(None, table.names)) for table in header_of(head, path)]
    if names:
        raise SourceError(f"not recognised as any known format: {unknown_columns(names[0], str(path))}")
    raise SourceError(f"not recognised as any known format ({_known()}); if it is one, name it with --format")


def _known() -> str:
    return ", ".join(source_format.name for source_format in SOURCES)


def _files_in(folder: Path) -> list[Path]:
    anchors = {source_format.anchor for source_format in SOURCES} - {""}
    paths: list[Path] = []
    records: set[str] = set()
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found = anchors.intersection(names)
        if found or str(Path(parent).parent) in records:
            # What lies within a record's folder is a part of it, unless it is a record of its own.
            records.add(parent)
            names = list(found)
        paths += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(paths)
