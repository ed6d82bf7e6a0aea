"""Take pictures of every kind of page of a site, at three widths, light and dark, with what axe-core finds; for people to look at.

    python tests/bench/screenshots.py SITE FOLDER [NAME ...]

It needs Chromium; with AXE_CORE=/path/to/axe.min.js it prints what axe-core finds. NAMEs choose some of the pages.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lod.settings.table import read_settings
from lod.store.generation.generations import Site
from lod.store.search.build.schema import SEARCH
from lod.store.search.find.index import SearchIndex
from lod.web.app import create_app
from lod.web.appearance.site_files import read_appearance
from tests.helpers.chromium import browsing
from tests.helpers.web_site import running, serving

WIDTHS = (320, 768, 1280)
MOST_HIGH = 2_400
STANDARDS = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
ALWAYS = {
    "start": "/",
    "search": "/search",
    "nothing-found": "/search?q=zzzzzz",
    "browse": "/browse/",
    "people": "/browse/people",
    "questions": "/questions",
    "model": "/model",
    "sparql": "/sparql",
    "dumps": "/dumps/",
    "dataset": "/page/dataset",
    "vocabulary": "/page/vocab",
    "quality": "/quality",
    "not-found": "/nowhere",
}


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Yield names and paths of pages: those that every site has, the newest item, and of each kind the thing with most works."""
    yield from ALWAYS.items()
    live = site.live()
    index = SearchIndex.open(live.directory / SEARCH) if live else None
    if index is None:
        return
    base = index.bases[0]
    for entry in index.entries(index.search(sort="newest"), 1, 1):
        yield "item", entry.iri.replace(f"{base}id/", "/page/")
    query = (
        "SELECT kind, iri FROM (SELECT kind, iri, row_number() OVER (PARTITION BY kind ORDER BY number DESC) AS place "
        "FROM thing JOIN value ON value.key = thing.iri) WHERE place = 1"
    )
    for kind, iri in index._rows(query):
        if iri.startswith(f"{base}id/"):
            yield kind, iri.replace(f"{base}id/", "/page/")


def main(folder: Path, out: Path, chosen: list[str]) -> None:
    """Take the pictures."""
    settings = replace(read_settings(folder), client_cost_per_minute=0)
    site = Site(folder)
    axe = Path(os.environ["AXE_CORE"]).read_text(encoding="utf-8") if "AXE_CORE" in os.environ else ""
    out.mkdir(parents=True, exist_ok=True)
    with (
        running(create_app(settings, site, read_appearance(settings, folder))) as app,
        serving(app) as (host, port),
        tempfile.TemporaryDirectory() as profile,
        browsing(profile) as browser,
    ):
        for name, path in pages(site):
            for width in WIDTHS if not chosen or name in chosen else ():
                for mode in ("light", "dark"):
                    browser.open(f"http://{host}:{port}{path}", width, dark=mode == "dark")
                    (out / f"{name}-{width}-{mode}.png").write_bytes(browser.screenshot(height=MOST_HIGH))
                    wide = browser.evaluate("document.documentElement.scrollWidth")
                    found = []
                    if axe:
                        browser.evaluate(f"{axe}\n;0")
                        found = browser.evaluate(
                            f"axe.run(document, {{resultTypes: ['violations'], runOnly: {STANDARDS}}})"
                            ".then(found => found.violations.map(one => one.id))"
                        )
                    print(f"{name:14} {width:5} {mode:6} {'too wide' if wide > width else ''} {', '.join(found)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
