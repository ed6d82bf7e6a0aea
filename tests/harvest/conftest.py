"""What the tests of harvesting share: a repository that answers, and a site that publishes from it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from repository_server import Repository, Server

from lod.bundled import SHAPES
from lod.cli import main, publishing
from lod.harvest import web
from lod.publish import Plan
from lod.store.generations import Site
from lod.validation.shapes import load_shapes
from lod.vocabulary import load_vocabulary


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Between two attempts nothing is waited for."""
    monkeypatch.setattr(web, "FIRST_WAIT_S", 0.0)


@pytest.fixture
def serve():
    """Return a function that lets a repository answer, and give its address."""
    servers = []

    def start(repository: Repository) -> str:
        servers.append(Server(repository))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def shapes():
    return load_shapes([SHAPES], load_vocabulary())


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch, settings, crosswalk, shapes):
    """Crosswalk and shapes, which are the same for all sites here, are loaded once."""
    monkeypatch.setattr(publishing, "load_plan", lambda site: (settings, Plan(crosswalk, shapes)))


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


@pytest.fixture
def site(tmp_path):
    return PublishingSite(tmp_path / "site")


@pytest.fixture
def new_site(tmp_path):
    """Return a function that makes one more site."""

    def make(name):
        return PublishingSite(tmp_path / name)

    return make
