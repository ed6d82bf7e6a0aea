"""What all tests share: the checkout, the real records beside it, settings, the bundled crosswalk."""

import gc
from contextlib import ExitStack

import hypothesis
import pytest

from lod.settings.table import make_settings
from tests.helpers import search_site as searchable
from tests.helpers.killing import Killer
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes, commands_load_once
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.servers import SERVERS
from tests.helpers.web_site import running

SHARED = SHARED_FOLDER
BASE = "https://example.org/"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
MOMENT = "2026-11-23T00:00:00Z"

SLOW_FIXTURES = {"browser", "chromium", "killer", "servers"}
"""A test that takes one of these is slow; others have the marker."""

# A machine that is busy with something else is no fault of the program: no test goes by the clock.
hypothesis.settings.register_profile("whole", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("whole"), max_examples=20)


def pytest_configure(config):
    hypothesis.settings.load_profile("quick" if config.option.markexpr == "not slow" else "whole")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite the golden records; review with git diff")
    parser.addoption("--every-record", action="store_true", help="take all real records, not a sample of each file")


def pytest_collection_finish():
    """Leave what has been collected out of each later search for garbage: some hundred thousand objects that stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if not SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def killer(tmp_path_factory):
    """A process that runs commands in others, which can be killed."""
    killer = Killer(tmp_path_factory.mktemp("killer"))
    yield killer
    killer.close()


@pytest.fixture(scope="session")
def settings():
    return make_settings({"base_iri": BASE, "license": LICENCE}, {})


@pytest.fixture(scope="session")
def crosswalk(settings):
    return bundled_crosswalk(settings)


@pytest.fixture(scope="session")
def shapes():
    """The bundled shapes."""
    return bundled_shapes()


@pytest.fixture(scope="session", autouse=True)
def _commands_load_once():
    with commands_load_once():
        yield


@pytest.fixture
def make_app():
    """Return a function that makes the app of settings and a site; its query workers end with the test, also a failed one."""
    from lod.web.app import create_app

    with ExitStack() as apps:
        yield lambda settings, site: apps.enter_context(running(create_app(settings, site)))


@pytest.fixture(scope="session")
def shared():
    """The folder of real records beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the real records are not beside this checkout (../shared)")
    return SHARED


@pytest.fixture(scope="session")
def search_site(tmp_path_factory):
    """A published site to search, of records in several scripts: see `tests/helpers/search_site.py`."""
    return searchable.publish(tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Start a SPARQL server by its name, once in the session; all are stopped at its end."""
    started = {}
    with ExitStack() as running:

        def start(name):
            if name not in started:
                started[name] = running.enter_context(SERVERS[name](tmp_path_factory.mktemp(name)))
            return started[name]

        yield start


@pytest.fixture(params=SERVERS)
def server(request, servers):
    """Each real server in turn."""
    return servers(request.param)
