"""The questions in docs/questions.md, asked over HTTP of a site that holds the bundled item page."""

import json
import re
import urllib.parse
import urllib.request

import pytest
from click.testing import CliRunner

from lod.bundled import SAMPLE
from lod.cli import main
from lod.cli.site import open_site
from lod.settings.table import read_settings
from lod.site.folder import make_site
from lod.web.app import create_app
from tests.helpers.paths import ROOT
from tests.helpers.web_site import running, serving

TEXT = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"### (Q\d\d) ([^\n]+)\n\n```sparql\n(.+?)```\n\n(?:Rows|Triples): (\d+)\.", TEXT, re.DOTALL)


def test_there_are_questions():
    assert len(QUESTIONS) == 25


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions") / "site"
    make_site(folder, {"base_iri": "https://example.org/", "title": "Questions"})
    with (folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write("\npublish_journal_metrics = true\n")
    published = CliRunner().invoke(main, ["publish", "--site", str(folder), str(SAMPLE / "item-page.txt")])
    assert published.exit_code == 0, published.output
    settings = read_settings(folder)
    with running(create_app(settings, open_site(folder, settings))) as app, serving(app) as (host, port):
        yield f"http://{host}:{port}"


@pytest.mark.parametrize(
    ("query", "expected"), [pytest.param(query, int(n), id=f"{key} {title}") for key, title, query, n in QUESTIONS]
)
def test_a_question_has_the_answer_that_the_documentation_says(asked, query, expected):
    accept = "application/n-triples" if "CONSTRUCT" in query else "application/sparql-results+json"
    data = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(f"{asked}/sparql", data=data, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as response:
        body = response.read()
    found = body.splitlines() if accept == "application/n-triples" else json.loads(body)["results"]["bindings"]
    assert len(found) == expected
