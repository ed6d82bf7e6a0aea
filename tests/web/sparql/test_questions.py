"""The questions in docs/questions.md, asked over HTTP of a site that holds the bundled item page."""

import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from lod.bundled import SAMPLE
from lod.cli import main
from lod.cli.site import open_site
from lod.rdf.claims import claim
from lod.rdf.vocabulary import load_vocabulary
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
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions") / "site"
    make_site(folder, {"base_iri": "https://example.org/", "title": "Questions"})
    with (folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write("\npublish_journal_metrics = true\n")
    published = CliRunner().invoke(main, ["publish", "--site", str(folder), str(SAMPLE / "item-page.txt")])
    assert published.exit_code == 0, published.output
    settings = read_settings(folder)
    return folder, settings


@pytest.fixture(scope="module")
def asked(site):
    folder, settings = site
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


COPIES = 2_000
MOST_CPU_S = 2
ASK = """
import json, sys, time
import pyoxigraph as ox
directory, prefixes, questions = json.load(sys.stdin)
store = ox.Store.read_only(directory)
for key, query in questions:
    print(key, end=" ", flush=True)
    started = time.process_time()
    rows = sum(1 for _ in store.query(query, base_iri="https://example.org/", prefixes=prefixes))
    print(rows, time.process_time() - started, flush=True)
"""
"""A query cannot be stopped from within its process."""


@pytest.mark.slow
def test_every_question_is_quick_on_a_few_thousand_items(site, tmp_path):
    folder, settings = site
    triples = (claim(*triple) for triple in open_site(folder, settings).live().store.all_triples())
    item = "\n".join(triples) + "\n"
    many = tmp_path / "many.nt"
    with many.open("w", encoding="utf-8") as file:
        for number in range(COPIES):
            copy = item.replace("10722/129504", f"10722/{129504 - number}").replace(
                "2009.123463", f"2009.{123463 - number}"
            )
            # Number 3 has the journal of the questions.
            file.write(copy.replace("0003-4967", f"{number % 50:04d}-4967"))
    store = ox.Store(str(tmp_path / "store"))
    store.bulk_load(path=str(many), format=ox.RdfFormat.N_TRIPLES)
    del store
    job = json.dumps(
        [str(tmp_path / "store"), load_vocabulary().prefixes, [(key, query) for key, _, query, _ in QUESTIONS]]
    )
    done = subprocess.run(
        [sys.executable, "-c", ASK], input=job, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    found = {key: (int(rows), float(seconds)) for key, rows, seconds in map(str.split, done.stdout.splitlines())}
    assert list(found) == [key for key, *_ in QUESTIONS]
    assert {key: rows for key, (rows, _) in found.items() if not rows} == {}
    assert found["Q17"][0] == 2 * COPIES
    assert {key: seconds for key, (_, seconds) in found.items() if seconds >= MOST_CPU_S} == {}
