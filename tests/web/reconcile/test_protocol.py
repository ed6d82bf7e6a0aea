"""Version 0.2 of the protocol: the forms of its JSON, the ways to ask, headers, errors and limits."""

import json
import re

import pytest

from lod.errors import ConfigError
from lod.settings.table import make_settings
from lod.web.app import create_app
from lod.web.reconcile.properties import PROPERTIES
from tests.helpers.json_forms import fits
from tests.helpers.web_site import PublishedHere, running
from tests.web.pages.test_pages import Page
from tests.web.reconcile.conftest import BASE, SETTINGS, Asking, orcid

STUDY, DANG = f"{BASE}id/item/20.500.99/1", f"{BASE}id/person/orcid-{orcid(900)}"

TYPE = {"id": str, "name": str}
TEMPLATE = re.compile(r"https://.*\{\{id\}\}").fullmatch
SERVICE = {"service_url": str, "service_path": str}
DATE = re.compile(r"-?\d{4,}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?").fullmatch
FORMS = {
    "manifest": {
        "versions": lambda found: "0.2" in found,
        "name": str,
        "identifierSpace": str,
        "schemaSpace": str,
        "documentation?": str,
        "serviceVersion?": str,
        "defaultTypes?": [TYPE],
        "view?": {"url": lambda text: TEMPLATE(text)},
        "preview?": {"url": lambda text: TEMPLATE(text), "width": int, "height": int},
        "suggest?": {"entity?": SERVICE, "type?": SERVICE, "property?": SERVICE},
        "extend?": {
            "propose_properties?": SERVICE,
            "property_settings?": [
                {"type": lambda name: name == "number", "name": str, "label": str, "default?": float, "help_text?": str}
            ],
        },
        "batchSize?": int,
    },
    "results": {
        "*": {
            "result": [
                {
                    "id": str,
                    "name": str,
                    "score": float,
                    "description?": str,
                    "type?": [(str, TYPE)],
                    "match?": bool,
                    "features?": [{"id": str, "value": (bool, float)}],
                }
            ]
        }
    },
    "entities": {"result": [{"id": str, "name": str, "description?": str, "notable?": [(str, TYPE)]}]},
    "types": {"result": [{"id": str, "name": str, "description?": str}]},
    "properties": {"result": [{"id": str, "name": str, "description?": str}]},
    "proposals": {"type": str, "limit?": int, "properties": [{"id": str, "name": str}]},
    "extension": {
        "meta": [{"id": str, "name": str, "type?": TYPE}],
        "rows": {
            "*": {
                "*": [
                    (
                        {"id": str, "name": str, "description?": str},
                        {"str": str},
                        {"int": int},
                        {"float": float},
                        {"date": lambda text: DATE(text)},
                    )
                ]
            }
        },
    },
}
"""What each answer looks like. Source: Reconciliation Service API 0.2, sections 3 to 6 and its JSON schemas, written down anew."""

QUERY = json.dumps({"q0": {"query": "Annual report"}, "odd name": {"query": "van dang", "type": "person"}})


def has_form(response, name):
    assert (response.status_code, response.content_type) == (200, "application/json; charset=utf-8")
    assert fits(response.json, FORMS[name]) == []
    return response.json


def test_the_forms_tell_a_wrong_answer_from_a_right_one():
    assert fits({"q": {"result": [{"id": "a", "name": "b", "score": 1}]}}, FORMS["results"]) == []
    assert fits({"q": {"result": [{"id": "a", "name": "b", "score": True}]}}, FORMS["results"]) == [
        "$.q.result[0].score: True"
    ]
    assert fits({"q": {}}, FORMS["results"]) == ["$.q: no result"]
    faults = fits({"meta": [], "rows": {"a": {"p": [{"str": "x", "id": "y"}]}}}, FORMS["extension"])
    assert faults == ["$.rows.a.p[0]: none of 5 forms: {'str': 'x', 'id': 'y'}"]


def test_the_manifest_describes_the_service(asking):
    manifest = has_form(asking.get(), "manifest")
    assert (manifest["name"], manifest["identifierSpace"]) == ("Records & more", f"{BASE}id/")
    assert [type_["id"] for type_ in manifest["defaultTypes"]] == [
        "item",
        "person",
        "organisation",
        "journal",
        "concept",
    ]
    assert manifest["preview"]["url"] == f"{BASE}reconcile/preview?id={{{{id}}}}"
    service = manifest["suggest"]["entity"]
    assert service["service_url"] + service["service_path"] == f"{BASE}reconcile/suggest/entity"
    assert has_form(asking.post(), "manifest") == manifest


def test_the_schema_says_what_types_and_properties_stand_for(asking):
    schema = asking.client.get(asking.get().json["schemaSpace"].removeprefix("https://example.org")).json
    assert len(schema["types"]) == 5
    assert len(schema["properties"]) == len(PROPERTIES) == len({part["id"] for part in schema["properties"]})
    assert all(part["standsFor"] and part["types"] for part in schema["properties"])


def test_a_batch_is_answered_by_post_and_get_under_its_own_names(asking):
    posted = has_form(asking.post(queries=QUERY), "results")
    assert list(posted) == ["q0", "odd name"]
    assert posted["odd name"]["result"][0]["id"] == DANG
    assert has_form(asking.get(queries=QUERY), "results") == posted
    assert has_form(asking.post(queries="{}"), "results") == {}


@pytest.mark.parametrize("query", ['{"query": "van dang", "limit": "3", "type": [{"id": "person"}]}', "van dang"])
def test_a_single_query_is_answered_without_a_name(asking, query):
    for response in (asking.get(query=query), asking.post(query=query)):
        assert response.json["result"][0]["id"] == DANG


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"queries": "{"}, "queries= is not JSON: Expecting property name"),
        ({"queries": "[]"}, "queries= is no object of JSON."),
        ({"queries": "[" * 5_000}, "queries= is not JSON: "),
        ({"queries": '{"q0": "text"}'}, 'queries=, q0: a query is an object such as {"query": "…"}.'),
        ({"query": '{"query": '}, "query= is not JSON: "),
        ({"extend": '{"ids": 1}'}, "extend= needs two lists: "),
        (
            {"extend": '{"ids": [], "properties": [{"id": "shoe"}]}'},
            "extend=: there is no property shoe; known: title, ",
        ),
        ({"queries": "{}", "callback": "alert(1);f"}, "?callback= is the name of a function"),
        ({"queries": "{}", "callback": ""}, "?callback= is the name of a function"),
        ({"queries": "{}", "callback": "é"}, "?callback= is the name of a function"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(asking, part, message):
    for response in (asking.post(**part), asking.get(**part)):
        assert response.status_code == 400
        assert response.text.startswith(message)
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "part",
    [
        {"query": None, "properties": None, "type": None, "limit": None},
        {"query": {"a": 1}, "properties": "x", "limit": -1},
        {
            "query": "van dang",
            "properties": [1, {"v": 1}, {"pid": "year"}, {"pid": 5, "v": 1}, {"pid": "year", "v": {}}],
        },
        {
            "query": "van dang",
            "properties": [{"pid": "year", "v": [None, True, {"id": 7}, [1]]}],
            "type": [None, {}, 3],
        },
        {"query": "van dang", "type_strict": 7, "limit": 1e9},
        {"query": '\x00 \ud800 " * OR NOT ( AND', "properties": [{"pid": "orcid", "v": "\x00"}]},
        {"query": "a" * 100_000},
        {"query": "\u0301"},
        {"query": "' OR 1=1 --"},
        {
            "query": "\ud800",
            "type": "\ud800:",
            "properties": [{"pid": "author", "v": {"id": "\ud800", "name": "\x00"}}],
        },
        {"query": "\x00"},
    ],
)
def test_odd_queries_have_answers(asking, part):
    has_form(asking.post(queries=json.dumps({"q \ud800": part})), "results")
    extended = asking.extend(["\ud800", "\x00", str(part)[:500]], "author")
    assert [row["author"] for row in extended["rows"].values()] == [[], [], []]


def test_more_than_a_batch_is_refused_by_413(asking):
    queries = {f"q{n}": {"query": "x"} for n in range(101)}
    assert len(asking.batch(*({"query": "Annual report"} for _ in range(100)))) == 100
    for response in (
        asking.post(queries=json.dumps(queries)),
        asking.post(extend=json.dumps({"ids": ["x"] * 501, "properties": []})),
        asking.post(queries="x" * 300_000),
    ):
        assert response.status_code == 413
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert asking.post(queries=json.dumps(queries)).text == "queries= has 101 queries; a batch has at most 100.\n"


def test_jsonp_wraps_the_answer_in_a_call(asking):
    plain = asking.get(query="van dang").json
    response = asking.get(query="van dang", callback="jQuery1_2.reply")
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    wrapped = re.fullmatch(r"/\*\*/jQuery1_2\.reply\((.+)\);", response.text)
    assert json.loads(wrapped[1]) == plain
    assert response.text.isascii(), "U+2028 ends a line of a script"
    assert asking.get(callback="f").text.startswith("/**/f({")
    assert asking.get("/properties", type="item", callback="f").text.startswith("/**/f({")


@pytest.mark.parametrize(
    "path",
    ["", "/suggest/entity", "/suggest/type", "/suggest/property", "/properties", "/preview", "/view", "/nothing"],
)
def test_scripts_of_other_sites_may_ask_everything(asking, path):
    for response in (asking.get(path), asking.client.options(f"/repo/reconcile{path}")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_entities_are_suggested_page_by_page(asking):
    found = has_form(asking.get("/suggest/entity", prefix="ørs"), "entities")["result"]
    assert [(one["name"], one["notable"][0]["id"]) for one in found] == [("Ørsted, Hans Christian", "person")]
    assert found[0]["description"] == f"Person · ORCID iD {orcid(901)} · 1 item"
    names = [one["name"] for one in asking.get("/suggest/entity", prefix="annu").json["result"]]
    assert names == ["Annual report", "Annual report"]
    assert asking.get("/suggest/entity", prefix="lodz eine stu").json["result"][0]["id"] == STUDY
    assert asking.get("/suggest/entity", prefix=STUDY).json["result"][0]["id"] == STUDY
    assert asking.get("/suggest/entity", prefix="10.5555/ABC.1").json["result"][0]["id"] == STUDY
    assert asking.get("/suggest/entity", prefix="annu", type="person").json == {"result": []}
    pages = [asking.get("/suggest/entity", prefix="ba", cursor=cursor).json["result"] for cursor in (0, 10)]
    assert len(pages[0]) == 10
    assert pages[1]
    assert {one["id"] for one in pages[0]}.isdisjoint(one["id"] for one in pages[1])
    for cursor in ("-1", "x", "201", "²"):
        assert asking.get("/suggest/entity", prefix="ba", cursor=cursor).text == "?cursor= is a number from 0 to 200.\n"
    assert has_form(asking.get("/suggest/entity"), "entities") == {"result": []}


def test_types_and_properties_are_suggested_by_name_and_id(asking):
    types = has_form(asking.get("/suggest/type", prefix="Jour"), "types")["result"]
    assert types == [
        {"id": "journal", "name": "Journal or series"},
        {"id": "http://purl.org/coar/resource_type/c_6501", "name": "journal article"},
    ]
    properties = has_form(asking.get("/suggest/property", prefix="isSu"), "properties")["result"]
    assert properties == [
        {"id": "issued", "name": "Date of issue", "description": "of: item"},
        {"id": "issue", "name": "Issue", "description": "of: item"},
    ]
    assert len(asking.get("/suggest/property").json["result"]) == len(PROPERTIES)


def test_properties_are_proposed_for_a_type(asking):
    proposals = has_form(asking.get("/properties", type="person", limit="2"), "proposals")
    assert proposals["properties"] == [
        {"id": "orcid", "name": "ORCID iD"},
        {"id": "affiliation", "name": "Affiliation"},
    ]
    assert (proposals["type"], proposals["limit"]) == ("person", 2)
    every = has_form(asking.get("/properties", type="item"), "proposals")
    assert "limit" not in every
    ids = [part["id"] for part in every["properties"]]
    assert len(ids) == len(set(ids)) > 15
    assert has_form(asking.get("/properties"), "proposals")["properties"] == every["properties"]


def test_an_item_is_extended_with_authors_in_order_dates_and_identifiers(asking):
    wanted = (
        "author",
        "issued",
        "year",
        "journal",
        "volume",
        "issue",
        "pages",
        "subject",
        "language",
        "doi",
        "orcid",
        "otherName",
    )
    found = asking.extend([STUDY, "http://unknown.example.org/"], *wanted)
    assert fits(found, FORMS["extension"]) == []
    assert [(part["id"], part.get("type", {}).get("id")) for part in found["meta"]][:4] == [
        ("author", "person"), ("issued", None), ("year", None), ("journal", "journal"),
    ]  # fmt: skip
    assert found["rows"][STUDY] == {
        "author": [
            {"id": DANG, "name": "Đặng, Văn"},
            {"str": "Only, Name"},
            {"id": f"{BASE}id/person/orcid-{orcid(901)}", "name": "Ørsted, Hans Christian"},
        ],
        "issued": [{"date": "2008-05-17T00:00:00Z"}],
        "year": [{"int": 2008}],
        "journal": [{"id": f"{BASE}id/serial/0003-4967", "name": "Annals of Things"}],
        "volume": [{"str": "9"}],
        "issue": [{"str": "2"}],
        "pages": [{"str": "20–29"}],
        "subject": [
            {"id": f"{BASE}id/concept/mesh/lupus_erythematosus%2C_systemic", "name": "Lupus Erythematosus, Systemic"}
        ],
        "language": [{"str": "German"}],
        "doi": [{"str": "10.5555/abc.1"}],
        "orcid": [],
        "otherName": [{"str": "Sweeteners of a city"}],
    }
    assert found["rows"]["http://unknown.example.org/"] == {name: [] for name in wanted}
    assert asking.extend([STUDY], "author", limit=1)["rows"][STUDY]["author"] == [{"id": DANG, "name": "Đặng, Văn"}]


def test_a_person_and_a_journal_are_extended(asking):
    journal = f"{BASE}id/serial/0003-4967"
    found = asking.extend([DANG, journal], "name", "orcid", "issn", "items", "work", "sameAs")["rows"]
    assert found[DANG] == {
        "name": [{"str": "Đặng, Văn"}],
        "orcid": [{"str": orcid(900)}],
        "issn": [],
        "items": [{"int": 1}],
        "work": [{"id": STUDY, "name": "Süßstoff in Łódź: eine Studie"}],
        "sameAs": [{"str": f"https://orcid.org/{orcid(900)}"}],
    }
    assert found[journal]["issn"] == [{"str": "0003-4967"}]
    assert found[journal]["work"] == found[DANG]["work"]


def test_every_property_can_be_read_of_every_type(asking):
    ids = [
        asking.best(name)[0]
        for name in ("Annual report", "van dang", "Annals of Things", "Lupus Erythematosus, Systemic", "Press of Tests")
    ]
    found = asking.extend([f"{BASE}id/{id_}" for id_ in ids], *(property_.id for property_ in PROPERTIES))
    assert len(found["rows"]) == 5
    assert fits(found, FORMS["extension"]) == []


def test_a_preview_may_be_framed_and_has_no_script(asking):
    for id_ in (STUDY, DANG, f"{BASE}id/serial/0003-4967", f"{BASE}id/item/20.500.99/6"):
        response = asking.get("/preview", id=id_)
        page = Page(response.text)
        assert (response.status_code, page.tags.count("h1"), "script" in page.tags) == (200, 1, False)
        policy = response.headers["Content-Security-Policy"]
        assert "frame-ancestors" not in policy
        assert "default-src 'none'" in policy
        assert "X-Frame-Options" not in response.headers
        assert page.links[1:] == [id_.replace("/id/", "/page/")]
    text = asking.get("/preview", id=STUDY).text
    assert '<dt>DOI</dt><dd dir="auto">10.5555/abc.1</dd>' in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    missing = asking.get("/preview", id="nothing")
    assert (missing.status_code, missing.text) == (
        404,
        "No item, person, organisation, journal or concept here has the id nothing\n",
    )


def test_the_view_leads_to_the_page(asking):
    response = asking.get("/view", id=STUDY)
    assert (response.status_code, response.headers["Location"]) == (303, "/repo/page/item/20.500.99/1")
    assert asking.client.get(response.headers["Location"]).status_code == 200
    assert asking.get("/view", id="nothing").status_code == 404


def test_what_is_off_is_not_there(reconcile_app):
    settings = make_settings({**SETTINGS, "reconciliation": False}, {})
    with running(create_app(settings, reconcile_app.extensions["lod"].site)) as app:
        assert app.test_client().get("/repo/reconcile").status_code == 404


def test_a_site_without_an_index_says_so_and_keeps_its_manifest(generation):
    with running(create_app(make_settings(SETTINGS, {}), PublishedHere(generation))) as app:
        asking = Asking(app)
        has_form(asking.get(), "manifest")
        for response in (
            asking.post(queries=QUERY),
            asking.get("/suggest/entity", prefix="a"),
            asking.get("/preview", id="x"),
        ):
            assert response.status_code == 404
            assert response.text.startswith("There is no search index here yet.")


def test_a_batch_costs_its_client_as_many_look_ups_as_it_has_queries(reconcile_app):
    settings = make_settings({**SETTINGS, "client_cost_per_minute": 100}, {})
    someone = {"REMOTE_ADDR": "192.0.2.7"}
    with running(create_app(settings, reconcile_app.extensions["lod"].site)) as app:
        app.extensions["lod"].request_budgets._clock = lambda: 1_000.0
        client, queries = app.test_client(), json.dumps({f"q{n}": {"query": "x"} for n in range(40)})
        answers = [
            client.post("/repo/reconcile", data={"queries": queries}, environ_overrides=someone) for _ in range(4)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3].headers["Access-Control-Allow-Origin"] == "*"
        assert client.post("/repo/reconcile", data={"queries": queries}).status_code == 200


def test_a_batch_that_takes_long_costs_its_time(reconcile_app, monkeypatch):
    settings = make_settings({**SETTINGS, "client_cost_per_minute": 100}, {})
    someone, moments = {"REMOTE_ADDR": "192.0.2.7"}, iter([0.0, 2.0])
    monkeypatch.setattr("lod.web.reconcile.routes.thread_time", lambda: next(moments))
    with running(create_app(settings, reconcile_app.extensions["lod"].site)) as app:
        app.extensions["lod"].request_budgets._clock = lambda: 1_000.0
        client = app.test_client()
        assert client.get("/repo/reconcile?query=annual", environ_overrides=someone).status_code == 200
        refusal = client.get("/repo/reconcile", environ_overrides=someone)
        assert (refusal.status_code, refusal.headers["Retry-After"]) == (429, "18")


def test_a_store_at_an_address_cannot_have_it():
    with pytest.raises(ConfigError, match="'reconciliation' goes with the embedded store only"):
        make_settings({**SETTINGS, "store": "http://127.0.0.1:3030/lod"}, {})


def test_the_dataset_describes_the_service(asking):
    lines = asking.client.get("/repo/data/dataset.nt").text.splitlines()
    about = [line for line in lines if line.startswith(f"<{BASE}reconcile> ")]
    assert f"<{BASE}reconcile> <http://www.w3.org/ns/dcat#endpointURL> <{BASE}reconcile> ." in about
    assert any("CG-FINAL-specs-0.2-20230410" in line for line in about)
