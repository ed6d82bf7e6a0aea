"""A site folder of a test, and what one does with it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from lod.cli import main
from lod.store.generation.generations import Site


class PublishingSite:
    """A site folder, and what one does with it."""

    def __init__(self, folder):
        self.folder = folder
        assert self.run("init", folder, "--base-iri", "https://example.org/").exit_code == 0

    def run(self, *arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def publish(self, *arguments):
        return self.run("publish", "--site", self.folder, *arguments)

    def report(self, *arguments, code=0):
        result = self.publish("--json", *arguments)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def source(self, name, url, **keys):
        """Add a table [[source]] to lod.toml."""
        rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        with (self.folder / "lod.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[[source]]\nname = "{name}"\nurl = "{url}"\n{rows}')

    @property
    def live(self):
        return Site(self.folder).live()

    def published(self):
        """Return what is published, by key: title, values and address; and the keys of what was removed."""
        catalog = self.live.catalog
        records = {}
        for (key,) in catalog._rows("SELECT key FROM record"):
            record = catalog.explain(key).record
            records[key] = (record.values, record.handle, record.url, record.modified)
        removed = {key for (key,) in catalog._rows("SELECT key FROM tombstone")}
        return records, removed
