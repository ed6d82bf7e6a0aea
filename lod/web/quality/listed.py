"""Rows of a list of records, one a finding, for pages and downloads: with links to the source record and to where it is edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lod.privacy import mask_addresses
from lod.rdf.vocabulary import Vocabulary
from lod.report import Finding
from lod.store.quality.build.facts import PUBLISHED, REFUSED
from lod.store.quality.find.index import QualityIndex, Selection, kind_alike
from lod.store.quality.find.records import ListedRecord
from lod.web.languages.catalogues import gettext
from lod.web.quality.shown import english_label, label_of

COLUMNS = (
    "record", "title", "rule", "severity", "field", "value", "message", "source_link", "edit_link", "item", "state",
    "collection", "source", "year", "type", "place", "alike", "accepted",
)  # fmt: skip

_NAMED = re.compile(r"\{(handle|uuid|oai|key)\}")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record in a list, with what was found in it.

    Attributes:
        findings: those that the list is about, with the property in short where no field is known.
        link, edit: addresses of the record in its repository, "" where they are not known.
        alike: other records with the same value.
        accepted: why and when it was accepted, "" where it was not.
    """

    record: ListedRecord
    findings: Sequence[tuple[Finding, str]]
    link: str
    edit: str
    alike: Sequence[ListedRecord]
    accepted: str

    @property
    def type(self) -> str:
        """The type of the record in the language of the page, "" where none is stated."""
        return label_of("type", self.record.type) if self.record.type else ""

    @property
    def name(self) -> str:
        """What the record is shown as."""
        return self.record.title or self.record.name or gettext("the dataset")


class RowMaker:
    """Makes rows of records."""

    def __init__(self, index: QualityIndex, selection: Selection, edit_url: str, vocabulary: Vocabulary) -> None:
        """`edit_url` is the template of the address at which a record is edited, "" where there is none."""
        self._index = index
        self._selection = selection
        self._edit_url = edit_url
        self._compact = vocabulary.compact
        self._alike = kind_alike(selection.rule)

    def rows(self, records: Sequence[ListedRecord]) -> list[RecordRow]:
        """Return the rows of some records, in their order."""
        findings = self._index.findings(records, self._selection)
        alike = self._index.alike(records, self._alike) if self._alike else {}
        return [self._row(record, findings.get(record.folded, []), alike.get(record.id, ())) for record in records]

    def _row(self, record: ListedRecord, findings: Sequence[Finding], alike: Sequence[ListedRecord]) -> RecordRow:
        accepted = self._index.acceptance(record.folded, self._selection.rule)
        if accepted is None and self._selection.is_accepted:
            found = (
                self._index.acceptance(record.folded, one.rule, one.field or one.path, one.value) for one in findings
            )
            accepted = next(filter(None, found), None)
        return RecordRow(
            record,
            [(one, one.field or self._compact(one.path)) for one in findings],
            record.link,
            edit_address(self._edit_url, record),
            alike,
            f"{accepted.reason} ({accepted.day})" if accepted else "",
        )

    def cells(self, row: RecordRow) -> Iterator[tuple[str, ...]]:
        """Yield the cells of a row of a list by `COLUMNS`, one line a finding; a record without any has one line."""
        record = row.record
        before = (record.name, mask_addresses(record.title))
        after = (
            row.link,
            row.edit,
            record.item,
            record.state,
            record.collection,
            record.source,
            record.year,
            english_label("type", record.type),
        )
        end = (" || ".join(other.name for other in row.alike), row.accepted)
        message = "" if row.findings or not self._selection.rule else self._index.words(self._selection.rule).title
        none = (self._selection.rule, self._selection.severity, "", "", message)
        for one, field in row.findings:
            found = (one.rule, one.severity.value, field, one.value, one.message)
            yield (*before, *found, *after, one.place, *end)
        if not row.findings:
            yield (*before, *none, *after, "", *end)


def edit_address(template: str, record: ListedRecord) -> str:
    """Return the address at which a record is edited, "" where the template names what the record does not have."""
    key = record.name if record.state in {PUBLISHED, REFUSED} else ""
    names = {"handle": record.handle, "uuid": record.uuid, "oai": record.oai, "key": key}
    if not template or any(not names[match[1]] for match in _NAMED.finditer(template)):
        return ""
    return _NAMED.sub(lambda match: quote(names[match[1]], safe="/:"), template)
