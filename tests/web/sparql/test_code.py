"""Code that the query page offers: it runs, and gives the result of the query."""

import json
import shutil
import subprocess
import sys

import pytest

from lod.web.sparql.code import code_for

QUERY = """SELECT ?t WHERE {
  ?s dcterms:title ?t . # it's "so" \\ 100%
  FILTER(STRSTARTS(?t, 'Seven'))
} ORDER BY ?t"""
RUNNERS = {
    "curl": ("curl", ["sh", "-c"]),
    "Python": (sys.executable, [sys.executable, "-c"]),
    "JavaScript": ("node", ["node", "--input-type=module", "-e"]),
    "R": ("Rscript", ["Rscript", "-e"]),
}


@pytest.mark.parametrize("language", RUNNERS)
def test_the_code_for_a_query_prints_its_result(address, language):
    program, command = RUNNERS[language]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    code = dict(code_for(f"{address}sparql", [("query", QUERY)], is_graph=False))[language]
    done = subprocess.run([*command, code], capture_output=True, text=True, timeout=60, check=True)
    printed = [line.strip() for line in done.stdout.splitlines()[:3]]
    # R prints a numbered table.
    rows = (
        ["t", "1               Seven", "2 Seven, as N-Triples"]
        if language == "R"
        else ["t", "Seven", '"Seven, as N-Triples"']
    )
    assert printed == rows


def test_every_language_names_the_format_and_each_graph():
    asked = [("query", 'ASK { "x" }'), ("default-graph-uri", "urn:g")]
    code = dict(code_for("https://example.org/sparql", asked, is_graph=True))
    assert list(code) == ["curl", "Python", "R", "JavaScript"]
    assert code["curl"].splitlines()[1:] == [
        "  --data-urlencode 'query=ASK { \"x\" }' \\",
        "  --data-urlencode default-graph-uri=urn:g \\",
        "  --data-urlencode format=ttl",
    ]
    assert (
        json.dumps("https://example.org/sparql?query=ASK+%7B+%22x%22+%7D&default-graph-uri=urn%3Ag&format=ttl")
        in code["R"]
    )
    assert '("query", "ASK { \\"x\\" }"), ("default-graph-uri", "urn:g"), ("format", "ttl")]' in code["Python"]
    assert '["query", "ASK { \\"x\\" }"], ["default-graph-uri", "urn:g"], ["format", "ttl"]]' in code["JavaScript"]


def test_the_page_of_a_result_has_the_code_folded(client):
    text = client.get("/repo/sparql?query=ASK{}&format=html").text
    assert "<summary>Code for this query</summary>" in text
    assert "--data-urlencode &#39;query=ASK{}&#39;" in text
    assert 'Permanent link: <a href="/repo/sparql?query=ASK%7B%7D">this query</a>' in text
