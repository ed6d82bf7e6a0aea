"""A server in a process of its own, as `lod serve` runs it."""

import json
import subprocess
import sys
from contextlib import contextmanager

from tests.helpers.paths import ROOT
from tests.helpers.waiting import line_of

PROGRAM = """
import json
import sys
from pathlib import Path
from tests.helpers.web_site import BASE, DATA, PublishedHere, build
from lod.settings.table import make_settings
from lod.web.server.waitress import serve
generation = build(Path(sys.argv[1]), "served", [DATA / "site.ttl"])
settings = make_settings({"base_iri": BASE, "threads": 2, "query_time_limit_s": 600, **json.loads(sys.argv[2])}, {})
serve(settings, PublishedHere(generation), "127.0.0.1", 0, lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def started(folder, *, descriptors=None, log=None, **settings):
    """A server in a process of its own, and its address; whatever happens, it is gone at the end."""
    arguments = [sys.executable, "-c", PROGRAM, str(folder), json.dumps(settings)]
    if descriptors:
        arguments = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', str(descriptors), *arguments]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        try:
            yield process, line_of(process).strip()
        finally:
            process.kill()
