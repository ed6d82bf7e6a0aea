"""A site of the two bundled files, with journal metrics, and its app behind a real server."""

import pytest
from click.testing import CliRunner

from lod.bundled import SAMPLE
from lod.cli import main
from lod.cli.site import open_site
from lod.settings.table import read_settings
from lod.site.folder import make_site
from lod.web.app import create_app
from tests.helpers.web_site import running


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory):
    """The folder of the site, and its settings."""
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
