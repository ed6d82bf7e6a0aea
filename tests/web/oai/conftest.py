"""A site with two runs behind it, its provider, and answers that are checked against the schemas as they come."""

import pytest
from lxml import etree

from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import File, Record, Tombstone, Value
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes
from tests.helpers.paths import FIXTURES
from tests.helpers.web_site import running

BASE = "https://example.org/repo/"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
RECORDS = 230


def record(number, title="A study of lupus", *values, **parts):
    fields = (
        Value("dc.identifier.uri", f"http://hdl.handle.net/20.500.99/{number}"),
        Value("dc.title", title, "en"),
        Value("dc.contributor.author", f"Berg, Ann {number}"),
        Value("dc.type", "Article"),
        Value("dc.date.issued", "2019-05"),
        *values,
    )
    return Record("/data/a.csv", f"a.csv, row {number}", fields, **parts)


FULL = record(
    1,
    "A study & <more>",
    Value("local.note", "Before \x01 and \ufffe after\r"),
    Value("dc.contributor.author", "Čapek, K."),
    Value("dc.contributor.editor", "Dubois, Anne"),
    Value("dc.title.alternative", "Una prova", "it"),
    Value("dc.description.abstract", "What was studied, and what came of it in the end, at some length.", "en"),
    Value("dc.subject", "Lupus", "en"),
    Value("dc.publisher", "A house"),
    Value("dc.language.iso", "en"),
    Value("dc.identifier.doi", "10.5555/abc"),
    Value("dc.identifier.email", "ann@example.org"),
    Value("dc.rights", "open access"),
    Value("dc.rights.uri", "https://creativecommons.org/licenses/by/4.0/"),
    Value("dc.relation.ispartof", "Journal of Tests"),
    Value("dc.identifier.issn", "0378-5955"),
    Value("dc.identifier.volume", "7"),
    Value("dc.identifier.spage", "11"),
    Value("dc.identifier.epage", "19"),
    Value("dc.date.available", "2020-01-02"),
    Value("dc.coverage.spatial", "Hong Kong"),
    Value("dc.description.sponsorship", "A fund, 123"),
    collections=("20.500.99/7",),
    files=(File("a.pdf", "https://files.example.org/a.pdf", "application/pdf", 12),),
    oai_identifier="oai:other.example.org:1",
    modified="2025-01-02T03:04:05Z",
    url="https://other.example.org/oai?verb=GetRecord&metadataPrefix=xoai&identifier=oai%3Aother.example.org%3A1",
)


class Harvester:
    """Asks the provider of an app; each answer has to fit the schemas."""

    def __init__(self, app, schema):
        self.app, self.client, self.schema = app, app.test_client(), schema

    def ask(self, verb="", **arguments):
        named = {name.rstrip("_"): value for name, value in arguments.items()}
        return self.read(self.client.get("/repo/oai", query_string={**({"verb": verb} if verb else {}), **named}))

    def read(self, answer):
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8"), answer.text
        root = etree.fromstring(answer.data)
        assert self.schema.validate(root), self.schema.error_log
        assert root.find(f"{OAI}request").text == f"{BASE}oai"
        return root

    def error(self, *arguments, **named):
        (error,) = self.ask(*arguments, **named).findall(f"{OAI}error")
        return error.get("code"), error.text

    def headers(self, verb="ListIdentifiers", **arguments):
        """All headers of a list, page by page: key (with "-" before a deleted one), datestamp, sets."""
        return [
            (f"{'-' * (header.get('status') == 'deleted')}{key_of(header)}", *(part.text for part in header[1:]))
            for page in self.pages(verb, **arguments)
            for header in page.iter(f"{OAI}header")
        ]

    def pages(self, verb, **arguments):
        page = self.ask(verb, **{"metadataPrefix": "oai_dc", **arguments})
        while True:
            yield page
            token = page.find(f".//{OAI}resumptionToken")
            if token is None or not token.text:
                return
            page = self.ask(verb, resumptionToken=token.text)

    def metadata(self, key, prefix):
        root = self.ask("GetRecord", identifier=f"{BASE}id/item/{key}", metadataPrefix=prefix)
        return root.find(f".//{OAI}metadata")[0]


def key_of(header):
    return header.findtext(f"{OAI}identifier").removeprefix(f"{BASE}id/item/")


@pytest.fixture(scope="session")
def oai_settings():
    return make_settings(
        {"base_iri": BASE, "title": "Records & more", "oai_pmh": True, "contact_email": "data@example.org"}, {}
    )


@pytest.fixture(scope="session")
def plan(oai_settings):
    crosswalk = bundled_crosswalk(oai_settings)
    return Plan(crosswalk, bundled_shapes())


@pytest.fixture(scope="session")
def schema():
    return etree.XMLSchema(etree.parse(str(FIXTURES / "xsd" / "responses.xsd")))


@pytest.fixture(scope="session")
def oai_site(tmp_path_factory, plan):
    """230 records; the second run changes number 2, removes number 3, and spells the handle of number 4 another way."""
    folder = tmp_path_factory.mktemp("oai")
    site = Site(folder)
    others = [record(number) for number in range(5, RECORDS + 1)]
    publish([FULL, record(2), record(3), record("4x"), *others], plan, site)
    changed = [record(2, "A second study of lupus"), record("4X")]
    publish(
        [*changed, Tombstone("/data/a.csv", "a.csv, row 3", handle="20.500.99/3", removed="2026-01-02")], plan, site
    )
    return site


@pytest.fixture(scope="session")
def harvester(oai_site, oai_settings, schema):
    with running(create_app(oai_settings, oai_site)) as app:
        yield Harvester(app, schema)
