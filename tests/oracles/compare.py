"""Publish real files, and compare the graph of each record with what the oracle of its format read in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import rdflib

from lod.errors import BadValueError
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.record.apply import map_record
from lod.rdf.claims import split_claim, to_graph
from lod.record import Record
from lod.report import Finding
from tests.helpers.accounting import stands_for_a_record
from tests.helpers.read_sources import items_of
from tests.oracles import bibtex, crossref, datacite, datacite_xml, dspace, mods, pubmed, tables
from tests.oracles.published import published
from tests.oracles.stated import Stated, differences

_MOMENT = "2026-11-23T00:00:00Z"
_STAND_IN = "00000000-0000-4000-8000-000000000000"

Difference = tuple[str, str, str]


class Oracle(NamedTuple):
    """The files of a format, and what reads them a second time."""

    patterns: tuple[str, ...]
    read: Callable[[Path], Iterator[Stated]]


ORACLES = {
    "crossref": Oracle(("crossref/*",), crossref.stated_works),
    "mods": Oracle(("mods/*",), mods.stated_records),
    "bibtex": Oracle(("ris-bibtex/*.bib",), bibtex.stated_entries),
    "pubmed": Oracle(("pubmed/*.xml.gz",), pubmed.stated_articles),
    "pubmed-csv": Oracle(("pubmed/*.csv.gz",), pubmed.stated_rows),
    "opencitations": Oracle(("oc-meta-csv/*",), tables.stated_meta),
    "ris": Oracle(("ris-bibtex/*.ris", "ris-bibtex/*.ris.gz", "ris-bibtex/*.txt"), tables.stated_references),
    "endnote": Oracle(("exports/*endnotexml*.xml",), tables.stated_endnote),
    "dspace-csv": Oracle(("dspace-csv/*",), dspace.stated_rows),
    "dspace-saf": Oracle(("dspace-saf/*/dublin_core.xml", "dspace-saf/*.xml"), dspace.stated_items),
    "dspace-rest": Oracle(("dspace-rest/*.json",), dspace.stated_rest),
    "oai-dim": Oracle(("oai-dim/*",), dspace.stated_dim),
    "oai-xoai": Oracle(("oai-xoai/*/*",), dspace.stated_xoai),
    "doaj": Oracle(("doaj/*",), dspace.stated_articles),
    "datacite": Oracle((), datacite.stated_dois),
    "datacite-xml": Oracle((), datacite_xml.stated_resources),
}


def compare_file(name: str, path: Path, crosswalk: Crosswalk) -> Iterator[tuple[str, list[Difference]]]:
    """Yield the name of each record of a file with its differences; both readers must see the same records.

    A record that the reader refuses with a violation is not compared.
    """
    given = [item for item in items_of(path) if not isinstance(item, Finding) or stands_for_a_record(item)]
    for stated, item in zip(ORACLES[name].read(path), given, strict=True):
        if isinstance(item, Record):
            yield stated.name, differences(stated, published(graph_of(item, crosswalk)))


def graph_of(record: Record, crosswalk: Crosswalk) -> rdflib.Graph:
    """Return the claims about a record; one without a key is published under a UUID."""
    try:
        mapped = map_record(record, crosswalk, _MOMENT)
    except BadValueError:
        mapped = map_record(replace(record, uuid=_STAND_IN), crosswalk, _MOMENT)
    return to_graph(map(split_claim, mapped.claims))
