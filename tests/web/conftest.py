"""The site of the tests, its app, and a real server on the loopback interface."""

import os

import pytest
from click.testing import CliRunner

from lod.bundled import SAMPLE
from lod.cli import main
from lod.cli.site import open_site
from lod.settings.table import make_settings, read_settings
from lod.site.folder import make_site
from lod.web.app import create_app
from lod.web.evaluation import worker_pool
from tests.helpers.processes import children_of, is_worker
from tests.helpers.web_site import BASE, DATA, REMOVED, ROWS, SETTINGS, PublishedHere, build, running, serving
from tests.web.reconcile.conftest import publish_made_up


@pytest.fixture(scope="session", autouse=True)
def _no_worker_is_left():
    """Fail where a test has left a query worker behind."""
    yield
    assert [pid for pid in children_of(os.getpid()) if is_worker(pid)] == []


@pytest.fixture(scope="session", autouse=True)
def _workers_may_take_their_time():
    """On a busy machine a worker may need longer to start than a client would wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_pool, "_BORROW_TIME_LIMIT_S", 60)
        yield


@pytest.fixture(scope="session")
def generation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generations")
    return build(folder, "first", [DATA / "site.ttl", DATA / "many.ttl"], rows=ROWS, removed=REMOVED)


@pytest.fixture(scope="session")
def web_settings():
    return make_settings(SETTINGS | {"base_iri": BASE}, {})


@pytest.fixture(scope="session")
def app(web_settings, generation):
    with running(create_app(web_settings, PublishedHere(generation))) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def address(app, web_settings):
    """The address of the app behind a real server on the loopback interface, with the mount."""
    with serving(app) as (host, port):
        yield f"http://{host}:{port}/repo/"


@pytest.fixture(scope="session")
def search_app(search_site):
    """The app over a site that has a search index."""
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


@pytest.fixture(scope="session")
def reconcile_app(tmp_path_factory):
    """The app over made-up people, titles, journals and subjects: `tests/web/reconcile/conftest.py`."""
    settings, site = publish_made_up(tmp_path_factory.mktemp("reconcile"))
    with running(create_app(settings, site)) as app:
        yield app


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory):
    """A site of the two bundled files, with journal metrics: its folder and its settings."""
    folder = tmp_path_factory.mktemp("questions") / "site"
    make_site(folder, {"base_iri": "https://example.org/", "title": "Questions"})
    with (folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write("\npublish_journal_metrics = true\n")
    sources = [str(SAMPLE / name) for name in ("item-page.txt", "climate.csv")]
    published = CliRunner().invoke(main, ["publish", "--site", str(folder), *sources])
    assert published.exit_code == 0, published.output
    return folder, read_settings(folder)


@pytest.fixture(scope="session")
def sample_client(sample_site):
    folder, settings = sample_site
    with running(create_app(settings, open_site(folder, settings))) as app:
        yield app.test_client()
