"""The site of the tests, its app, and a real server on the loopback interface."""

import pytest

from lod.settings.load import make_settings
from lod.web.app import create_app
from tests.helpers.web_site import BASE, DATA, REMOVED, ROWS, SETTINGS, PublishedHere, build, serving


@pytest.fixture(scope="session")
def generation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generations")
    return build(folder, "first", [DATA / "site.ttl", DATA / "many.ttl"], rows=ROWS, removed=REMOVED)


@pytest.fixture(scope="session")
def web_settings():
    return make_settings(SETTINGS | {"base_iri": BASE}, {})


@pytest.fixture(scope="session")
def app(web_settings, generation):
    app = create_app(web_settings, PublishedHere(generation))
    yield app
    app.extensions["lod"].pool.close()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def address(app, web_settings):
    """The address of the app behind a real server on the loopback interface, with the mount."""
    with serving(app) as (host, port):
        yield f"http://{host}:{port}/repo/"
