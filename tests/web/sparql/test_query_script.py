"""What the script of the query page does in a browser: completion, keys, the place of an error, recent queries; and its policy."""

import html
import json
import re
import shutil
import subprocess

import pytest

from tests.helpers.paths import ROOT

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCRIPT = (ROOT / "lod" / "web" / "static" / "query.js").read_text(encoding="utf-8")
DRIVER = """
const found = {};
const query = document.getElementById("query");
query.form.requestSubmit = () => { found.submitted = query.value; query.form.dispatchEvent(new Event("submit")); };
const press = (key, more = {}) => query.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...more }));
const type = async (text) => {
  query.value = text;
  query.setSelectionRange(text.length, text.length);
  query.dispatchEvent(new Event("input"));
  await new Promise((done) => setTimeout(done, 20));
};
const names = () => [...document.querySelectorAll("#completions code")].map((code) => code.textContent);
(async () => {
  found.selected = query.value.slice(query.selectionStart, query.selectionEnd);
  await type("SELECT ?s { ?s dcterms:tit");
  found.property = names();
  press("ArrowDown");
  found.active = query.getAttribute("aria-activedescendant");
  press("Enter");
  found.accepted = query.value;
  await type("SELECT ?s { ?s a journ");
  found.class = names()[0];
  press("Escape");
  found.escaped = document.getElementById("completions").hidden;
  await type("SELECT ?titl");
  found.variable = names().length && !document.getElementById("completions").hidden;
  await type("ASK { ?s foa");
  press(" ", { ctrlKey: true });
  await new Promise((done) => setTimeout(done, 20));
  found.prefix = names()[0];
  press("Enter", { ctrlKey: true });
  found.kept = Object.values(localStorage);
  document.body.append(Object.assign(document.createElement("pre"), { id: "found", textContent: JSON.stringify(found) }));
})();
"""


@pytest.fixture(scope="module")
def chromium():
    return shutil.which("chromium") or shutil.which("google-chrome") or pytest.skip("Chromium is not installed")


def shown(chromium, folder, address):
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=4000", "--dump-dom", address,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_terms_are_the_prefixes_and_what_the_data_uses(client):
    response = client.get("/repo/sparql/terms")
    assert response.mimetype == "application/json"
    terms = {term["name"]: term for term in response.get_json()["terms"]}
    assert terms["dcterms:"]["kind"] == "prefix"
    assert terms["dcterms:title"]["label"] == "title"
    assert terms["dcterms:title"]["number"] > 5
    assert terms["bibo:Journal"]["kind"] == "class"
    assert "dcterms:valid" not in terms


def test_the_script_completes_runs_marks_and_remembers(chromium, client, tmp_path):
    page = client.get(
        "/repo/sparql", query_string={"query": "SELECT *\nWERE { ?s ?p ?o }"}, headers={"Accept": BROWSER}
    ).text
    terms = client.get("/repo/sparql/terms").text
    stub = f"window.fetch = async () => ({{ ok: true, json: async () => ({terms}) }});"
    page = re.sub(r'<script src="/repo/static/query.js[^>]*></script>', "", page)
    scripts = "".join(f"<script>{text}</script>" for text in (stub, SCRIPT, DRIVER))
    (tmp_path / "page.html").write_text(page.replace("</body>", f"{scripts}</body>"), encoding="utf-8")
    text = shown(chromium, tmp_path, (tmp_path / "page.html").as_uri())
    found = json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', text, re.DOTALL)[1]))
    assert found["selected"] == "WERE"
    assert found["property"] == ["dcterms:title"]
    assert found["active"] == "completion-0"
    assert found["accepted"] == "SELECT ?s { ?s dcterms:title"
    assert found["class"] == "bibo:Journal"
    assert (found["escaped"], found["variable"]) == (True, False)
    assert found["prefix"] == "foaf:"
    assert found["submitted"] == "ASK { ?s foa"
    assert json.loads(found["kept"][0])[0] == "ASK { ?s foa"


@pytest.mark.slow
def test_the_script_runs_under_the_policy_of_the_page(chromium, address, client, tmp_path):
    response = client.get("/repo/sparql", headers={"Accept": BROWSER})
    assert response.headers["Content-Security-Policy"].endswith("; script-src 'self'; connect-src 'self'")
    assert "script-src" not in client.get("/repo/items").headers["Content-Security-Policy"]
    text = shown(chromium, tmp_path, f"{address}sparql")
    assert 'id="query-keys"' in text
    assert 'aria-controls="completions"' in text
