"""The records of a run, read from its answers on disk by the readers of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lod.harvest.journal import Run
from lod.harvest.saved_response import SavedResponse
from lod.http.addresses import with_query
from lod.record import Record
from lod.settings.table import Settings
from lod.sources import Item, find_files
from lod.sources.dspace.rest import RestReader
from lod.sources.oai.oai_pmh import read_oai_pmh
from lod.sources.reading.source_defaults import NO_DEFAULTS, SourceDefaults


def read_run(
    run: Run,
    identities: Mapping[str, str],
    settings: Settings,
    format: str = "",
    defaults: SourceDefaults = NO_DEFAULTS,
) -> Iterator[Item]:
    """Yield what the answers of a run hold, in the order in which they came; `identities` names each set as a source.

    `defaults` are what the site says of the source.

    Raises:
        SourceError: an answer on the disk is damaged.
    """
    pages = [
        (entry, SavedResponse.to(entry.address, run.folder / entry.file, identities[entry.set], defaults))
        for entry in run.pages()
    ]
    if run.terms.sort == "oai-pmh":
        for _, file in pages:
            yield from defaults.apply(_addressed(item, run) for item in read_oai_pmh(file, settings))
    elif run.terms.sort == "dspace-rest":
        yield from defaults.apply(_rest_items([file for _, file in pages]))
    else:
        for entry, file in pages:
            found, _ = find_files(run.folder / entry.file, format or None, defaults.encoding, defaults.columns)
            for _, source_format in found:
                items = source_format.read(file, defaults.settings_of(settings))
                yield from defaults.apply(items, source_format.keys)
                if source_format.close:
                    yield from source_format.close([file])


def _addressed(item: Item, run: Run) -> Item:
    """Give a record the address that it can be had from again. Source: OAI-PMH 2.0, section 4.1."""
    if not isinstance(item, Record) or not item.oai_identifier:
        return item
    request = {"verb": "GetRecord", "metadataPrefix": run.terms.prefix, "identifier": item.oai_identifier}
    return replace(item, url=with_query(run.terms.base_url, request))


def _rest_items(files: list[SavedResponse]) -> Iterator[Item]:
    """Read the pages of one list as one file, so that what is left out is reported once."""
    reader: RestReader | None = None
    for file in files:
        reader = reader or RestReader(file)
        yield from reader.read(file)
    if reader:
        yield from reader.remarks()
