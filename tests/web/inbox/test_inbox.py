"""The inbox: a client of COAR Notify announces, what is right is published among the links, everything else says what is wrong."""

import json

import pytest

from lod.errors import ConfigError
from lod.links.announcements import announced_links
from lod.links.link import StatedLink
from lod.settings.table import make_settings
from lod.store.generation.generations import Site
from lod.web.app import create_app
from tests.helpers.web_site import running, serving
from tests.web.reconcile.conftest import BASE, SETTINGS, publish_made_up

ITEM, DOI = f"{BASE}id/item/20.500.99/1", "https://doi.org/10.5555/abc.1"
OTHER = f"{BASE}id/item/20.500.99/2"
SENDER = "https://reviews.example.org"
ENDORSED = "https://w3id.org/lod-repository/endorsedBy"
REVIEWED = "http://purl.org/spar/cito/isReviewedBy"
ALLOWED = {
    **SETTINGS,
    "inbox_senders": [f"{SENDER} 192.0.2.7", f"{SENDER} 127.0.0.1", "https://elsewhere.example.org 192.0.2.0/24"],
}


def notification(number=1, kind="Review", **parts):
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://coar-notify.net"],
        "id": f"urn:uuid:94ecae35-dcfd-4182-8550-22c7164fe{number:03}",
        "type": ["Announce", f"coar-notify:{kind}Action"],
        "origin": {"id": SENDER, "inbox": f"{SENDER}/inbox", "type": "Service"},
        "target": {"id": BASE, "inbox": f"{BASE}inbox", "type": "Service"},
        "object": {"id": f"{SENDER}/{number}", "type": ["Page", "sorg:Review"]},
        "context": {"id": ITEM, "type": "sorg:AboutPage"},
        **parts,
    }


def related(subject, relation, object_, number=1):
    triple = {
        "id": "urn:uuid:1",
        "type": "Relationship",
        "as:subject": subject,
        "as:relationship": relation,
        "as:object": object_,
    }
    return notification(number, "Relationship", object=triple)


@pytest.fixture
def site(tmp_path):
    publish_made_up(tmp_path)
    with running(create_app(make_settings(ALLOWED, {}), Site(tmp_path))) as app:
        yield tmp_path, app


@pytest.fixture(scope="module")
def read_only(tmp_path_factory):
    """An app to which nothing is sent that it takes."""
    folder = tmp_path_factory.mktemp("inbox")
    publish_made_up(folder)
    with running(create_app(make_settings(ALLOWED, {}), Site(folder))) as app:
        yield folder, app.test_client()


def post(client, document, **options):
    body = document if isinstance(document, bytes) else json.dumps(document)
    return client.post("/repo/inbox", data=body, **{"content_type": "application/ld+json", **options})


def links_of(folder):
    return {line for line in Site(folder).live().graph_lines(f"{BASE}data/links") if line.startswith(f"<{BASE}id/")}


def test_what_a_client_of_the_protocol_announces_is_published_with_its_sender(site):
    pytest.importorskip("coarnotify")
    from coarnotify.client import COARNotifyClient
    from coarnotify.factory import COARNotifyFactory

    folder, app = site
    sent = [
        notification(1, actor={"id": "https://orcid.org/0000-0002-1825-0097", "type": "Person", "name": "Ann Roe"}, published="2026-05-04T10:00:00Z"),
        notification(2, "Endorsement", context={"id": "https://repository.example.org/items/7", "type": "sorg:AboutPage", "ietf:cite-as": DOI}),
        related("https://data.example.org/set/1", "http://purl.org/vocab/frbr/core#supplement", DOI, 3),
        related("https://data.example.org/set/2", "https://data.example.org/vocabulary#feeds", ITEM, 4),
    ]  # fmt: skip
    with serving(app) as (host, port):
        client = COARNotifyClient(f"http://{host}:{port}/repo/inbox")
        for document in sent:
            pattern = COARNotifyFactory.get_by_object(document, validate_stream_on_construct=False)
            answer = client.send(pattern, validate=False)
            assert answer.action == "created"
            assert answer.location.startswith(f"{BASE}inbox/")
        again = client.send(
            COARNotifyFactory.get_by_object(sent[0], validate_stream_on_construct=False), validate=False
        )
        assert again.action == "accepted"
    publish_made_up(folder, folder / "links")
    assert links_of(folder) == {
        f"<{ITEM}> <{REVIEWED}> <{SENDER}/1> .",
        f"<{ITEM}> <{ENDORSED}> <{SENDER}/2> .",
        f"<{ITEM}> <http://purl.org/vocab/frbr/core#supplementOf> <https://data.example.org/set/1> .",
        f"<{ITEM}> <http://purl.org/dc/terms/relation> <https://data.example.org/set/2> .",
    }
    page = app.test_client().get("/repo/page/item/20.500.99/1", headers={"Accept": "text/html"}).text
    assert f'<th scope="row">Reviewed by</th><td><a href="{SENDER}/1" dir="auto">{SENDER}/1</a>' in page
    assert "Ann Roe, 2026-05-04" in page
    assert "Endorsed by" in page


def test_what_has_been_taken_is_listed_and_shown(site):
    folder, app = site
    client = app.test_client()
    taken = post(client, notification(published="2026-05-04"))
    assert taken.status_code == 201
    listed = client.get("/repo/inbox")
    assert listed.content_type == "application/ld+json"
    assert listed.json["contains"] == [taken.location]
    shown = client.get(taken.location.removeprefix("https://example.org"))
    assert (shown.json["id"], shown.json["context"]["id"]) == (notification()["id"], ITEM)
    assert client.get("/repo/inbox/nothing").status_code == 404
    (file,) = (folder / "links" / "inbox").iterdir()
    file.write_text("{}", encoding="utf-8")
    (finding,) = announced_links(folder / "links" / "inbox")
    assert (finding.rule, finding.place) == ("link-line", f"inbox/{file.name}")


def test_two_things_here_may_be_announced_as_related(site):
    folder, app = site
    assert post(app.test_client(), related(ITEM, "http://purl.org/dc/terms/references", OTHER)).status_code == 201
    (link,) = announced_links(folder / "links" / "inbox")
    assert isinstance(link, StatedLink)
    publish_made_up(folder, folder / "links")
    assert links_of(folder) == {f"<{ITEM}> <http://purl.org/dc/terms/references> <{OTHER}> ."}


@pytest.mark.parametrize(
    ("document", "status", "message"),
    [
        (b"{", 400, "The notification is no JSON."),
        (b"[" * 60_000, 400, "The notification is no JSON."),
        (b" " * 65_537, 413, "A notification has 1 to 65,536 bytes."),
        ([], 422, "A notification is a JSON object."),
        (notification(**{"@context": "https://www.w3.org/ns/activitystreams"}), 422, "The @context of a notification has"),
        (notification(type="Announce"), 422, "This inbox takes announcements of reviews, endorsements and relationships"),
        (notification(type=["Offer", "coar-notify:ReviewAction"]), 422, "the type is Announce and one of coar-notify:ReviewAction"),
        (notification(origin=None), 422, "The notification has no origin."),
        (notification(target={"id": BASE}), 422, "target.inbox is an http(s) IRI"),
        (notification(object="x"), 422, "The notification has no object."),
        (notification(object={"id": "javascript:alert(1)"}), 422, "object.id is an http(s) IRI of at most 2,000 characters."),
        (notification(object={"id": "https://a.example/<b>"}), 422, "object.id is no IRI: "),
        (notification(context={"id": 7}), 422, "context.id is an http(s) IRI"),
        (notification(context=None), 422, "context.id is an http(s) IRI"),
        (notification(id="7"), 422, "The id of a notification is an IRI"),
        (notification(context={"id": "https://example.com/9"}), 422, "Neither https://example.com/9 nor https://reviews.example.org/1 is published here."),
        (notification(object={"id": "https://a.example/?of=ann@example.org"}), 422, "The notification holds an e-mail address"),
        (related("https://a.example/1", "http://www.w3.org/2002/07/owl#sameAs", ITEM), 422, "That two things are one is not taken from announcements."),
        (notification(origin={"id": "https://stranger.example", "inbox": "https://stranger.example/i"}), 403, "https://stranger.example is not among the services"),
        (notification(origin={"id": "https://elsewhere.example.org", "inbox": "https://elsewhere.example.org/i"}), 403, "takes notifications from at this address"),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why_and_leaves_nothing(read_only, document, status, message):
    folder, client = read_only
    answer = post(client, document)
    assert (answer.status_code, message in answer.text) == (status, True), answer.text
    assert not (folder / "links").exists()


def test_other_media_types_are_refused_with_what_is_taken(read_only):
    _, client = read_only
    answer = post(client, notification(), content_type="text/turtle")
    assert (answer.status_code, answer.headers["Accept-Post"]) == (415, "application/ld+json")


def test_things_say_where_their_inbox_is(read_only):
    _, client = read_only
    for path in ("id/item/20.500.99/1", "data/item/20.500.99/1.ttl", "page/item/20.500.99/1"):
        assert f'<{BASE}inbox>; rel="http://www.w3.org/ns/ldp#inbox"' in client.get(f"/repo/{path}").headers["Link"], (
            path
        )


def test_an_inbox_that_cannot_be_written_asks_to_come_again(site, caplog):
    folder, app = site
    (folder / "links").write_text("a file", encoding="utf-8")
    answer = post(app.test_client(), notification())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
    assert "cannot be written: " in caplog.text


def test_without_senders_there_is_no_inbox(tmp_path):
    settings, site = publish_made_up(tmp_path)
    with running(create_app(settings, site)) as app:
        client = app.test_client()
        assert client.get("/repo/inbox").status_code == 404
        assert "ldp#inbox" not in client.get("/repo/id/item/20.500.99/1").headers["Link"]


@pytest.mark.parametrize(
    "sender", ["https://reviews.example.org", "reviews 127.0.0.1", "https://reviews.example.org everywhere"]
)
def test_a_sender_has_an_id_and_addresses(sender):
    with pytest.raises(ConfigError, match="the id of a service and its addresses"):
        make_settings({**SETTINGS, "inbox_senders": [sender]}, {})
