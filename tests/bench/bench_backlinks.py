"""How long a journal of many articles takes against one of ten: first page, last page, and the same by the store alone.

Run: python tests/bench/bench_backlinks.py [articles]. Every answer is made anew; medians of pages, in one process.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from lod.rdf.claims import claim, iri, literal
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from lod.web.http.cache import ResponseCache
from lod.web.reading.documents import POINTING_PER_PAGE
from tests.helpers.synthetic import BASE, TITLE, item_of, publish_into, record_of

PART = "http://purl.org/dc/terms/isPartOf"
FEW, MANY = f"{BASE}id/serial/0003-4967", f"{BASE}id/serial/1234-5679"
ROUNDS = 15


def publish(folder, articles):
    """Publish articles of one journal, and ten of another."""
    site = Site(folder)
    with site.build() as builder:
        builder.catalog.begin_run()
        for number in range(articles + 10):
            key = f"9999/{number}"
            journal = MANY if number < articles else FEW
            claims = [
                claim(iri(item_of(key)), TITLE, literal(f"Article {number}")),
                claim(iri(item_of(key)), iri(PART), iri(journal)),
                claim(iri(journal), TITLE, literal("Journal")),
            ]
            publish_into(builder.catalog, key, claims, record_of(key))
        builder.finish({}, {})
    return site


def median_ms(action):
    """Return the median time of an action, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main(articles):
    with tempfile.TemporaryDirectory() as folder:
        site = publish(Path(folder), articles)
        app = create_app(make_settings({"base_iri": BASE}, {}), site)
        client = app.test_client()
        reader = app.extensions["lod"].reader()
        last = articles // POINTING_PER_PAGE

        def made(path):
            def answer():
                reader.responses = ResponseCache(0)
                assert client.get(path).status_code == 200

            answer()
            return median_ms(answer)

        few = made("/data/serial/0003-4967.nt")
        first, end = (made(f"/data/serial/1234-5679.nt?page={page}") for page in (1, last))
        one = made("/data/serial/1234-5679.nt?page=2")
        by_store = median_ms(
            lambda: list(reader.store.triples_to(MANY, POINTING_PER_PAGE, articles - POINTING_PER_PAGE))
        )
        counted = median_ms(lambda: sum(1 for _ in reader.store.triples_to(MANY, 10**9)))
        print(f"ten articles: {few:.1f} ms; {articles:,} articles, {POINTING_PER_PAGE} a page: page 1 {first:.1f} ms,")
        print(f"page 2 {one:.1f} ms, page {last} {end:.1f} ms (ratio of last to second {end / one:.2f})")
        print(f"the store alone: last page {by_store:.1f} ms, count {counted:.1f} ms")
        print(f"backlinks in the catalog: page and count {median_ms(lambda: _page(reader, articles)):.2f} ms")
        app.extensions["lod"].pool.close()


def _page(reader, articles):
    reader.catalog.counts_to(MANY)
    reader.catalog.links_to(MANY, PART, POINTING_PER_PAGE, articles - POINTING_PER_PAGE)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
