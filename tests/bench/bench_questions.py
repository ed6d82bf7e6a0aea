"""Time of the questions on a published site, asked as browsers ask, with what their forms offer: first and second asking.

    python -m tests.bench.bench_questions SITE

Prints for each question its rows, seconds of the first asking (with its evaluation) and of the second. Run it on a machine that does nothing
else, and quote medians of three runs. The limit of a question is two seconds at 5,000 records.
"""

import re
import statistics
import sys
import time
from pathlib import Path

from lod.cli.site import open_site
from lod.questions.load import load_questions
from lod.settings.table import read_settings
from lod.web.app import create_app

LIMIT_S = 2.0
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def timed(client, address):
    started = time.monotonic()
    response = client.get(address, headers=BROWSER)
    return response, time.monotonic() - started


def main(folder):
    settings = read_settings(folder)
    app = create_app(settings, open_site(folder, settings))
    try:
        client = app.test_client()
        client.get("/questions")
        client.get("/sparql?query=ASK%7B%7D", headers=BROWSER)
        print(f"{'question':28} {'rows':>6} {'evaluated':>9} {'first':>7} {'second':>7}")
        firsts, seconds, late = [], [], []
        for question in load_questions():
            asked, before = timed(client, f"{app.extensions['lod'].addresses.mount}questions/{question.name}")
            if asked.status_code != 303:
                print(f"{question.name:28} has no value for its blank here")
                continue
            response, first = timed(client, asked.location)
            _, second = timed(client, asked.location)
            evaluated = re.search(r"evaluate;dur=([\d.]+)", response.headers.get("Server-Timing", ""))
            rows = re.search(r"([\d,]+) rows?(?:;|\.)", response.text)
            evaluated_s = float(evaluated[1]) / 1000 if evaluated else 0.0
            print(
                f"{question.name:28} {rows[1] if rows else '-':>6} {evaluated_s:9.3f} {before + first:7.3f} {second:7.4f}"
            )
            firsts.append(before + first)
            seconds.append(second)
            late += [question.name] if evaluated_s > LIMIT_S else []
        print(
            f"median {statistics.median(firsts):.3f} s and {statistics.median(seconds):.4f} s; longest {max(firsts):.3f} s"
        )
        print(f"over {LIMIT_S} s: {', '.join(late) or 'none'}")
    finally:
        app.extensions["lod"].pool.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
