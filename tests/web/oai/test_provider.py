"""The OAI-PMH provider: verbs, errors, lists in parts, dates, deletions, sets, provenance; each answer fits the schemas."""

import json
from datetime import datetime

import pytest

from lod.errors import ConfigError
from lod.publish.run import publish
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.oai import provider, routes
from lod.web.oai.tokens import Token
from tests.helpers.web_site import running
from tests.web.oai.conftest import BASE, OAI, RECORDS, Harvester, key_of, record

ITEM = f"{BASE}id/item/20.500.99/"
OLD = "20.500.99/4x"


def text(root, name):
    return root.findtext(f".//{OAI}{name}")


def test_the_provider_says_who_it_is(harvester):
    root = harvester.ask("Identify")
    assert text(root, "repositoryName") == "Records & more"
    assert text(root, "baseURL") == f"{BASE}oai"
    assert text(root, "adminEmail") == "data@example.org"
    assert (text(root, "deletedRecord"), text(root, "granularity")) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    assert text(root, "earliestDatestamp") == min(row[1] for row in harvester.headers())
    assert [part.text for part in root.iter(f"{OAI}compression")] == ["br", "zstd", "gzip"]


def test_the_start_page_names_the_provider(harvester):
    assert f"<code>{BASE}oai</code>" in harvester.client.get("/repo/").text


def test_forms_of_metadata_are_listed_for_all_items_or_for_one(harvester):
    prefixes = ["oai_dc", "qdc", "rdf", "oai_openaire", "mods", "dim"]
    for arguments in ({}, {"identifier": f"{ITEM}1"}):
        root = harvester.ask("ListMetadataFormats", **arguments)
        assert [part.text for part in root.iter(f"{OAI}metadataPrefix")] == prefixes
    assert harvester.error("ListMetadataFormats", identifier=f"{ITEM}x") == (
        "idDoesNotExist",
        f"there has never been an item '{ITEM}x'; ListIdentifiers lists them all",
    )


def test_sets_are_collections_types_and_what_openaire_takes(harvester):
    root = harvester.ask("ListSets")
    sets = {part.findtext(f"{OAI}setSpec"): part.findtext(f"{OAI}setName") for part in root.iter(f"{OAI}set")}
    assert sets == {
        "col_20.500.99_7": "20.500.99/7",
        "openaire": "Items with title, type and date of issue, for OpenAIRE",
        "type_c_6501": "journal article",
    }
    assert [key for key, *_ in harvester.headers(set="col_20.500.99_7")] == ["20.500.99/1"]
    assert len(harvester.headers(set="openaire")) == len(harvester.headers(set="type_c_6501")) == RECORDS + 1
    assert harvester.headers(set="col_20.500.99_7")[0][2:] == tuple(sets)
    code, message = harvester.error("ListRecords", metadataPrefix="oai_dc", set="col_1_1")
    assert (code, message) == ("noRecordsMatch", "there is no set 'col_1_1'; ListSets lists them")


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
@pytest.mark.parametrize("prefix", ["oai_dc", "dim"])
def test_a_list_in_parts_has_every_item_once_in_the_order_of_changes(harvester, monkeypatch, verb, prefix):
    monkeypatch.setattr(provider, "HEADERS_PER_PAGE", 100)
    pages = list(harvester.pages(verb, metadataPrefix=prefix))
    assert len(pages) == 3
    tokens = [page.find(f".//{OAI}resumptionToken") for page in pages]
    assert [token.get("cursor") for token in tokens] == ["0", "100", "200"]
    assert {token.get("completeListSize") for token in tokens} == {str(RECORDS + 1)}
    assert [bool(token.text) for token in tokens] == [True, True, False]
    headers = [header for page in pages for header in page.iter(f"{OAI}header")]
    keys = [key_of(header) for header in headers]
    assert len(set(keys)) == len(keys) == RECORDS + 1
    stamps = [header.findtext(f"{OAI}datestamp") for header in headers]
    assert stamps == sorted(stamps)
    assert keys[0] == "20.500.99/1"
    assert {key: header.get("status") for key, header in zip(keys, headers, strict=True)}["20.500.99/3"] == "deleted"


def test_a_removed_item_and_one_under_an_earlier_key_are_deleted_for_good(harvester):
    gone = sorted(key for key, *_ in harvester.headers() if key.startswith("-"))
    assert gone == ["-20.500.99/3", f"-{OLD}"]
    root = harvester.ask("GetRecord", identifier=f"{ITEM}3", metadataPrefix="oai_dc")
    (record,) = root.iter(f"{OAI}record")
    assert [part.tag for part in record] == [f"{OAI}header"]
    assert record[0].get("status") == "deleted"
    assert harvester.client.get("/repo/id/item/20.500.99/3").status_code == 410


def test_from_and_until_take_seconds_and_days_and_include_both_ends(harvester):
    stamps = sorted({stamp for _, stamp, *_ in harvester.headers()})
    first, last = stamps[0], stamps[-1]
    assert len(harvester.headers(from_=first)) == len(harvester.headers(from_=first[:10])) == RECORDS + 1
    assert len(harvester.headers(until=last[:10])) == RECORDS + 1
    changed = {key for key, stamp, *_ in harvester.headers(from_=last) if stamp == last}
    assert {"20.500.99/2", "20.500.99/4X", "-20.500.99/3", f"-{OLD}"} <= changed
    if first < last:
        assert len(changed) == 4
        assert len(harvester.headers(until=first)) == RECORDS + 1 - 4
    nothing = ("noRecordsMatch", "no record has changed in this span of time, or none of this set")
    assert harvester.error("ListRecords", metadataPrefix="oai_dc", from_="2999-01-01") == nothing
    assert harvester.error("ListRecords", metadataPrefix="oai_dc", until="1999-12-31T23:59:59Z") == nothing


MOMENT = "is no moment of the form 2026-11-30T12:00:00Z, and no day"


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("", "badVerb", "there is no verb; a request has one of Identify, ListMetadataFormats, ListSets, GetRecord"),
        ("verb=Junk", "badVerb", "there is no verb 'Junk'"),
        ("verb=Identify&verb=ListSets", "badVerb", "there are several verbs"),
        ("verb=Identify&set=x", "badArgument", "Identify takes no argument 'set'; it takes: none"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument", "GetRecord needs the argument 'identifier'"),
        ("verb=GetRecord&identifier=a:b", "badArgument", "GetRecord needs the argument 'metadataPrefix'"),
        (
            "verb=GetRecord&identifier=invalid%22id&metadataPrefix=oai_dc",
            "badArgument",
            "identifier='invalid\"id' does not have the form that the protocol gives it",
        ),
        ("verb=GetRecord&identifier=a:b&metadataPrefix=oai_dc", "idDoesNotExist", "there has never been an item 'a:b'"),
        (
            f"verb=GetRecord&identifier={ITEM}1&metadataPrefix=junk",
            "cannotDisseminateFormat",
            "there is no metadata of the form 'junk'; there is: oai_dc, qdc, rdf, oai_openaire, mods, dim",
        ),
        ("verb=ListRecords", "badArgument", "ListRecords needs the argument 'metadataPrefix'"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc",
            "badArgument",
            "the argument 'metadataPrefix' is given more than once",
        ),
        ("verb=ListRecords&metadataPrefix=a%20b", "badArgument", "metadataPrefix='a b' does not have the form"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a/b", "badArgument", "set='a/b' does not have the form"),
        ("verb=ListRecords&metadataPrefix=junk", "cannotDisseminateFormat", "there is no metadata of the form 'junk'"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=junk", "badArgument", f"from='junk' {MOMENT}"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument", f"from='' {MOMENT}"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2020-02-30", "badArgument", f"until='2020-02-30' {MOMENT}"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2020-02-03T25:00:00Z", "badArgument", MOMENT),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020-01-02T00:00:00Z",
            "badArgument",
            "from and until are of one granularity: either days or moments with seconds",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-02&until=2020-01-01",
            "badArgument",
            "from (2020-01-02) is later than until (2020-01-01)",
        ),
        (
            "verb=ListRecords&resumptionToken=junk&metadataPrefix=oai_dc",
            "badArgument",
            "a resumptionToken comes alone: it holds all other arguments",
        ),
        (
            "verb=ListRecords&resumptionToken=junk",
            "badResumptionToken",
            "this is no resumptionToken that ListRecords has given here",
        ),
        (
            "verb=ListSets&resumptionToken=x",
            "badResumptionToken",
            "the list of sets comes whole, without resumptionToken",
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_request_is_told_what_would_be_right(harvester, query, code, message, method):
    if method == "GET":
        answer = harvester.client.get(f"/repo/oai?{query}")
    else:
        answer = harvester.client.post("/repo/oai", data=query, content_type="application/x-www-form-urlencoded")
    root = harvester.read(answer)
    (error,) = root.findall(f"{OAI}error")
    assert error.get("code") == code
    assert message in error.text
    assert bool(root.find(f"{OAI}request").attrib) == (code not in {"badVerb", "badArgument"})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"generation": "20200101T000000.000000Z"}, id="a generation that is no longer kept"),
        pytest.param({"generation": "../x"}, id="no generation"),
        pytest.param({"verb": "ListIdentifiers"}, id="another verb"),
        pytest.param({"size": "many"}, id="another type"),
    ],
)
def test_a_token_that_cannot_be_resumed_is_a_bad_one(harvester, change):
    token = next(harvester.pages("ListRecords")).findtext(f".//{OAI}resumptionToken")
    fields = {name: getattr(Token.decode(token, "ListRecords"), name) for name in Token.__dataclass_fields__}
    code, message = harvester.error("ListRecords", resumptionToken=Token(**{**fields, **change}).encode())
    assert code == "badResumptionToken"
    if change.keys() == {"generation"}:
        assert message == (
            "what this list began with has been replaced, and is no longer kept; begin the list again, from the same moment"
        )


@pytest.mark.parametrize("forged", ["", "W10", "bnVsbA", "WzFd", "[" * 3000, "é", "e30="])
def test_what_is_no_token_is_a_bad_one(harvester, forged):
    assert harvester.error("ListRecords", resumptionToken=forged)[0] == "badResumptionToken"


def test_a_harvested_record_says_where_it_comes_from(harvester):
    root = harvester.ask("GetRecord", identifier=f"{ITEM}1", metadataPrefix="oai_dc")
    space = "{http://www.openarchives.org/OAI/2.0/provenance}"
    (origin,) = root.iter(f"{space}originDescription")
    assert [part.text for part in origin] == [
        "https://other.example.org/oai",
        "oai:other.example.org:1",
        "2025-01-02T03:04:05Z",
        "http://www.lyncode.com/xoai",
    ]
    assert origin.get("altered") == "true"
    assert harvester.ask("GetRecord", identifier=f"{ITEM}2", metadataPrefix="oai_dc").find(f".//{OAI}about") is None


def test_a_list_ends_with_the_generation_that_it_began_with(tmp_path, plan, oai_settings, schema, monkeypatch):
    from lod.store.generation.generations import Site

    monkeypatch.setattr(provider, "RECORDS_PER_PAGE", 2)
    site = Site(tmp_path)
    publish([record(number) for number in range(1, 6)], plan, site)
    with running(create_app(oai_settings, site)) as app:
        harvester = Harvester(app, schema)
        pages = harvester.pages("ListRecords", metadataPrefix="dim")
        found = [key_of(header) for header in next(pages).iter(f"{OAI}header")]
        first = harvester.headers()
        publish([record(5, "A changed title"), record(9)], plan, site)
        assert len(harvester.headers()) == 6
        for page in pages:
            found += [key_of(header) for header in page.iter(f"{OAI}header")]
            assert "A changed title" not in str(list(page.itertext()))
        assert found == [f"20.500.99/{number}" for number in range(1, 6)]
        again = {key: stamp for key, stamp, *_ in harvester.headers()}
        assert {key: again[key] for key, *_ in first[:4]} == {key: stamp for key, stamp, *_ in first[:4]}
        site.rollback()
        assert {stamp for _, stamp, *_ in harvester.headers()} == {harvester.headers()[0][1]}


def test_a_client_that_has_asked_too_much_is_told_in_the_way_that_harvesters_know(oai_site, oai_settings):
    settings = make_settings(
        {"base_iri": BASE, "oai_pmh": True, "contact_email": "data@example.org", "client_cost_per_minute": 12}, {}
    )
    with running(create_app(settings, oai_site)) as app:
        client = app.test_client()
        answers = [client.get("/repo/oai?verb=Identify", environ_base={"REMOTE_ADDR": "203.0.113.9"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 503]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60


def test_without_the_setting_there_is_no_provider(oai_site):
    settings = make_settings({"base_iri": BASE, "contact_email": "data@example.org"}, {})
    with running(create_app(settings, oai_site)) as app:
        assert app.test_client().get("/repo/oai?verb=Identify").status_code == 404


def test_the_description_of_the_dataset_names_the_provider(harvester):
    answer = harvester.client.get("/repo/data/dataset.jsonld").text
    assert f"{BASE}oai?verb=Identify" in answer
    assert json.loads(answer)


def test_a_catalog_without_dates_is_told_to_come_later(oai_site, oai_settings, monkeypatch):
    with running(create_app(oai_settings, oai_site)) as app:
        monkeypatch.setattr(type(oai_site.live().catalog), "history", lambda self: None)
        answer = app.test_client().get("/repo/oai?verb=ListSets")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
    assert "They come with the next 'lod publish'." in answer.text


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (
            {},
            "lod.toml: 'oai_pmh' needs 'contact_email': OAI-PMH has every provider name the address of its administrator",
        ),
        (
            {"contact_email": "data@example.org", "store": "http://127.0.0.1:1/sparql"},
            "lod.toml: 'oai_pmh' goes with the embedded store only, since a store at an address keeps no dates of changes; "
            "leave 'store' empty",
        ),
    ],
)
def test_settings_that_the_provider_cannot_do_with_are_refused(table, fault):
    with pytest.raises(ConfigError) as caught:
        make_settings({"base_iri": BASE, "oai_pmh": True, **table}, {})
    assert caught.value.faults == (fault,)


def test_the_same_answer_has_the_same_weak_tag_whenever_it_is_sent(harvester, monkeypatch):
    address = "/repo/oai?verb=ListRecords&metadataPrefix=oai_dc"

    def answer(second, **headers):
        class Clock(datetime):
            @classmethod
            def now(cls, zone=None):
                return cls(2026, 11, 30, 12, 0, second, tzinfo=zone)

        monkeypatch.setattr(routes, "datetime", Clock)
        return harvester.client.get(address, headers=headers)

    first, second = answer(1), answer(2)
    assert first.data != second.data, "responseDate is that of the response"
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith('W/"')
    assert answer(3, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    other = harvester.client.get(address.replace("oai_dc", "mods"))
    assert other.headers["ETag"] != first.headers["ETag"]
