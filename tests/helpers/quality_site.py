"""A site whose records lack what quality is measured by, published in several runs; and the figures as SQL would count them."""

import csv
import sqlite3
from contextlib import closing

from lod.store.quality.build.schema import QUALITY
from tests.helpers.publishing_site import PublishingSite

COLUMNS = (
    "dc.identifier.uri", "dc.title", "dc.contributor.author", "dc.date.issued", "dc.type", "dc.identifier.doi",
    "dc.identifier.issn", "dc.relation.ispartof", "dc.rights.uri", "local.note", "collection",
)  # fmt: skip
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def article(number, **other):
    """Return an article that lacks nothing of what the columns hold, but for what is given."""
    row = {
        "dc.identifier.uri": f"http://hdl.handle.net/10722/{number}",
        "dc.title": f"Study {number}",
        "dc.contributor.author": "Lu, L",
        "dc.date.issued": "2010",
        "dc.type": "Article",
        "dc.identifier.doi": f"10.5555/{number}",
        "dc.identifier.issn": "0003-4967",
        "dc.relation.ispartof": "Annals of Things",
        "dc.rights.uri": LICENCE,
        "collection": "10722/1",
    }
    return row | {name.replace("_", "."): value for name, value in other.items()}


class QualitySite(PublishingSite):
    """A site that is published from files of rows."""

    def publish_rows(self, rows, name="a.csv", code=0):
        """Publish a file of rows, and give the figures."""
        path = self.folder.parent / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        result = self.publish(path)
        assert result.exit_code == code, result.output
        return self.figures()

    def figures(self):
        """Return how many records each slice has, by kind and key."""
        with closing(sqlite3.connect(self.live.directory / QUALITY)) as connection:
            rows = connection.execute("SELECT kind, key, records FROM slice")
            return {(kind, key): records for kind, key, records in rows}
