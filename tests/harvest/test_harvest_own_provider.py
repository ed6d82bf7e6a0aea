"""From our own provider: what one site offers, another one publishes with the same claims, as far as the form carries them."""

import gzip
import re

import pytest

from lod.dump.manifest import DUMPS
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Tombstone, Value
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from tests.helpers.web_site import running, serving

RUN = re.compile(
    r"<http://www\.w3\.org/ns/prov#(?:generatedAtTime|endedAtTime|used)> |<http://purl\.org/dc/terms/(?:source|modified)> "
)
"""Claims about the run, and about which provider a record was read from."""


def record(number, title="A study of lupus"):
    values = (
        Value("dc.identifier.uri", f"http://hdl.handle.net/20.500.99/{number}"),
        Value("dc.title", title, "en"),
        Value("dc.contributor.author", "Čapek, K.", None, f"rp{number}", 600),
        Value("dc.contributor.author", "Berg, Ann"),
        Value("dc.date.issued", "2019-05"),
        Value("dc.type", "Article", "en"),
        Value("dc.subject", "Lupus", "en"),
        Value("dc.relation.ispartof", "Journal of Tests"),
        Value("dc.identifier.issn", "0378-5955"),
        Value("local.note", "One & <other>"),
    )
    return Record("/data/a.csv", f"a.csv, row {number}", values, collections=("20.500.99/7",))


def claims(site):
    """The published claims, without those about the run."""
    with gzip.open(site.live().directory / DUMPS / "dataset.nt.gz", "rt", encoding="utf-8") as dump:
        return {line for line in dump if not RUN.search(line)}


@pytest.mark.slow
def test_what_our_own_provider_offers_gives_the_same_claims_again(tmp_path, site, crosswalk, shapes):
    origin = Site(tmp_path / "origin")
    origin.folder.mkdir()
    plan = Plan(crosswalk, shapes)
    publish([record(number) for number in range(1, 8)], plan, origin)
    settings = make_settings(
        {"base_iri": crosswalk.settings.base_iri, "oai_pmh": True, "contact_email": "data@example.org"}, {}
    )
    with running(create_app(settings, origin)) as app, serving(app) as (host, port):
        site.source("copy", f"http://{host}:{port}/oai", metadata_prefix="dim")
        assert site.report()["live"] == 7
        assert claims(Site(site.folder)) == claims(origin)
        removed = Tombstone("/data/a.csv", "a.csv, row 3", handle="20.500.99/3", removed="2026-01-02")
        publish([record(2, "Another study"), removed], plan, origin)
        assert (site.report()["published"], site.report()["live"]) == (1, 6)
        assert claims(Site(site.folder)) == claims(origin)
