"""What the tests of harvesting share: a repository that answers, and a site that publishes from it."""

from __future__ import annotations

import pytest

from lod.cli.publish import publish as publish_command
from lod.harvest import client
from lod.publish.plan import Plan
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.repository_server import Repository, Server


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Between two attempts nothing is waited for."""
    monkeypatch.setattr(client, "FIRST_WAIT_S", 0.0)


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


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch, settings, crosswalk, shapes):
    """Crosswalk and shapes, which are the same for all sites here, are loaded once."""
    monkeypatch.setattr(publish_command, "load_plan", lambda site: (settings, Plan(crosswalk, shapes)))


@pytest.fixture
def site(tmp_path):
    return PublishingSite(tmp_path / "site")


@pytest.fixture
def new_site(tmp_path):
    """Return a function that makes one more site."""

    def make(name):
        return PublishingSite(tmp_path / name)

    return make
