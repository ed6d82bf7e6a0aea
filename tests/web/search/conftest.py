"""The app over a site that has a search index."""

import pytest

from lod.settings.table import make_settings
from lod.web.app import create_app
from tests.helpers.web_site import running


@pytest.fixture(scope="session")
def search_app(search_site):
    settings = make_settings(
        {"base_iri": "https://example.org/", "title": "Records & <more>", "publisher": "Press of Tests"}, {}
    )
    with running(create_app(settings, search_site.site_of_generations)) as app:
        yield app


@pytest.fixture
def searching(search_app):
    """A client that asks as browsers do."""
    client = search_app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client
