"""Files read as sources, and what they gave."""

from lod.record import Record
from lod.report import LEFT_OUT, Finding, Severity
from lod.settings.table import Settings
from lod.sources import open_source
from tests.helpers.paths import FIXTURES

SETTINGS = Settings(base_iri="https://example.org/")


def items_of(*parts, **settings):
    """Return the items of a file or a folder: parts of its path below the fixtures of sources, or a whole path."""
    path = FIXTURES.joinpath("sources", *parts)
    return list(open_source(path, Settings(base_iri="https://example.org/", **settings)))


def without_remarks(items):
    """Return the items of a source without the remarks about what its reader left out."""
    return [item for item in items if getattr(item, "rule", "") != LEFT_OUT]


def records_of(*parts):
    """Return the records of a file or a folder."""
    return [item for item in items_of(*parts) if isinstance(item, Record)]


def texts(record, field):
    """Return the texts of one field of a record."""
    return [value.text for value in record.values if value.field == field]


def violations(items):
    """Return the findings among items that are violations."""
    return [item for item in items if isinstance(item, Finding) and item.severity is Severity.VIOLATION]
