"""The change feed over HTTP: a replica equals what is published, only what is new is fetched again, what has ended is gone."""

import gzip
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from lod.dump.manifest import DUMPS
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.record import Record, Tombstone, Value
from lod.settings.table import make_settings
from lod.site.verify import verify_site
from lod.store.generation.generations import Site
from lod.web.app import create_app
from lod.web.feeds import changes
from tests.helpers.loaded import bundled_crosswalk, bundled_shapes
from tests.helpers.replica import TREE, apply, claims_in
from tests.helpers.web_site import running

BASE = "https://example.org/repo/"
ITEM = f"{BASE}id/item/20.500.99/"
TITLE = "A study of lupus"


@pytest.fixture(scope="module")
def settings():
    return make_settings({"base_iri": BASE, "title": "Records & more", "change_feed": True, "keep_generations": 9}, {})


@pytest.fixture(scope="module")
def plan(settings):
    crosswalk = bundled_crosswalk(settings)
    return Plan(crosswalk, bundled_shapes())


def record(handle, title=TITLE, journal="Journal of Tests"):
    fields = {
        "dc.identifier.uri": f"http://hdl.handle.net/20.500.99/{handle}",
        "dc.title": title,
        "dc.contributor.author": f"Berg, Ann {handle}",
        "dc.type": "Article",
        "dc.date.issued": "2019-05",
        "dc.subject": "Lupus",
        "dc.relation.ispartof": journal,
        "dc.identifier.issn": "0378-5955",
    }
    return Record("/data/a.csv", f"a.csv, row {handle}", tuple(Value(*pair) for pair in fields.items()))


def gone(handle):
    return Tombstone("/data/a.csv", f"a.csv, {handle}", handle=f"20.500.99/{handle}", removed="2026-01-02")


class Follower:
    """A client of the event stream, with a state of its own, as clients keep one."""

    def __init__(self, app):
        self.client, self.things, self.seen, self.fetched = app.test_client(), {}, set(), []

    def get(self, address, status=200):
        answer = self.client.get(address.replace("https://example.org", ""))
        assert answer.status_code == status, answer.text
        return answer

    def follow(self):
        """Follow the relations from the root to all pages that are new, and return what their members did."""
        self.fetched = []
        root = self.get(f"{BASE}changes", 302).headers["Location"]
        pages = []
        self._walk(f"https://example.org{root}", pages)
        pages.sort(key=lambda page: int(page[0].rpartition("/")[2]))
        return [step for _, text in pages for step in apply(self.things, text)]

    def _walk(self, node, pages):
        if node in self.seen:
            return
        answer = self.get(node)
        self.fetched.append(node.removeprefix(f"{BASE}changes/").partition("/")[2])
        found = ox.Dataset(ox.parse(answer.data, format=ox.RdfFormat.TRIG))
        if "immutable" in answer.headers["Cache-Control"]:
            assert ox.NamedNode("https://w3id.org/ldes#immutable") in {quad.predicate for quad in found}
            self.seen.add(node)
        if "/page/" in node:
            pages.append((node, answer.data))
        for target in {quad.object.value for quad in found if quad.predicate.value == f"{TREE}node"}:
            self._walk(target, pages)


def dump(site):
    with gzip.open(site.live().directory / DUMPS / "dataset.nt.gz", "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines]


@pytest.mark.slow
def test_a_replica_follows_publishes_removals_changed_keys_and_a_rollback(
    tmp_path, settings, plan, make_app, monkeypatch
):
    monkeypatch.setattr(changes, "PAGES_PER_INDEX", 2)
    monkeypatch.setattr("lod.feed.stream.PAGES_PER_INDEX", 2)
    site = Site(tmp_path)
    publish([record(number) for number in range(1, 9)], plan, site)
    follower = Follower(make_app(settings, site))
    done = follower.follow()
    assert {kind for kind, _ in done} == {"Create"}
    assert claims_in(follower.things) == dump(site)
    assert follower.follow() == []
    assert follower.fetched == ["", "index/1"]

    publish([record(1, "Another study"), record("2X"), gone(3)], plan, site)
    publish([record("2x"), record(9, journal="Other Journal")], plan, site)
    done = {thing: kind for kind, thing in follower.follow()}
    assert follower.fetched[0] == ""
    assert set(follower.fetched) == {"", "index/1", "index/2", "page/2", "page/3"}
    wanted = {"1": "Update", "3": "Delete", "2X": "Delete", "2x": "Create", "9": "Create"}
    assert {key: done.get(ITEM + key) for key in wanted} == wanted
    assert claims_in(follower.things) == dump(site)
    publish([record(9, journal="Other Journal")], plan, site, None)
    follower.follow()
    assert follower.fetched == ["", "index/2"]
    assert list(verify_site(site.folder)) == [(site.live().name, [])]

    # What a rollback has undone no member says: the stream ends, and another begins.
    old = follower.get(f"{BASE}changes", 302).headers["Location"]
    site.rollback(site.generations()[0].name)
    assert follower.get(f"https://example.org{old}/page/3", 404).text.startswith(
        "The stream has no such page: it has 1 pages"
    )
    publish([record(1, "A fourth title")], plan, site)
    answer = follower.get(f"https://example.org{old}", 410)
    assert "another has begun with all that was published then. Replicate it anew from /repo/changes" in answer.text
    follower.get(f"https://example.org{old}/page/1", 410)
    afresh = Follower(make_app(settings, site))
    afresh.follow()
    assert claims_in(afresh.things) == dump(site)


@pytest.fixture(scope="module")
def follower(tmp_path_factory, settings, plan):
    site = Site(tmp_path_factory.mktemp("changes"))
    publish([*(record(number) for number in range(1, 61)), record("2X")], plan, site)
    publish([record(1, "Another <study>"), record("2x"), gone(3)], plan, site)
    with running(create_app(settings, site)) as app:
        yield Follower(app)


@pytest.fixture
def root(follower):
    return f"https://example.org{follower.get(f'{BASE}changes', 302).headers['Location']}"


def test_the_start_page_leads_to_the_feed(follower):
    assert '<a href="/repo/changes">Follow what changes</a>' in follower.get(BASE).text


def test_the_root_says_what_the_stream_is(follower, root):
    answer = follower.get(root)
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/trig", "no-cache")
    graph = {
        (quad.subject.value, quad.predicate.value): quad.object.value
        for quad in ox.parse(answer.data, format=ox.RdfFormat.TRIG)
        if isinstance(quad.subject, ox.NamedNode)
    }
    stream = f"{root}#stream"
    assert graph[stream, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] == "https://w3id.org/ldes#EventStream"
    assert graph[stream, f"{TREE}view"] == root
    assert graph[stream, "https://w3id.org/ldes#versionOfPath"] == "http://purl.org/dc/terms/isVersionOf"
    assert graph[f"{root}#retention", "https://w3id.org/ldes#startingFrom"].startswith("20")
    tag = answer.headers["ETag"]
    assert (
        follower.client.get(root.removeprefix("https://example.org"), headers={"If-None-Match": tag}).status_code == 304
    )


def test_pages_are_cached_for_ever_and_members_lead_to_theirs(follower, root):
    answer = follower.get(f"{root}/page/1")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    path = f"{root}/page/1".removeprefix("https://example.org")
    packed = follower.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.data) == answer.data
    assert packed.headers["ETag"] != answer.headers["ETag"]
    for tag in (packed.headers["ETag"], answer.headers["ETag"]):
        known = follower.client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
        assert (known.status_code, known.data) == (304, b"")
    assert follower.get(f"{root}/version/1", 303).headers["Location"] == f"{root}/page/1".removeprefix(
        "https://example.org"
    )


@pytest.mark.parametrize(
    "path",
    ["page/0", "page/99", "page/x", "page/-1", "index/9", "index/0", "version/0", "version/99999", "activities/9"],
)
def test_what_a_stream_does_not_have_is_not_found(follower, root, path):
    assert "The stream has no such page" in follower.get(f"{root}/{path}", 404).text


@pytest.mark.parametrize("epoch", ["20200101T000000.000000Z", "junk", "atom"])
def test_a_stream_that_never_was_is_not_found(follower, epoch):
    assert "The current one is at /repo/changes" in follower.get(f"{BASE}changes/{epoch}", 404).text


def test_activities_walked_backwards_are_the_members_of_the_stream(follower, root):
    collection = follower.get(f"{root}/activities").json
    assert collection["@context"] == "http://iiif.io/api/discovery/1/context.json"
    assert (collection["type"], collection["last"]["type"]) == ("OrderedCollection", "OrderedCollectionPage")
    pages, address = [], collection["last"]["id"]
    while address:
        page = follower.get(address).json
        assert page["partOf"] == {"id": collection["id"], "type": "OrderedCollection"}
        pages.insert(0, page)
        address = page.get("prev", {}).get("id")
    items = [item for page in pages for item in page["orderedItems"]]
    assert len(items) == collection["totalItems"]
    assert [page["next"]["id"] for page in pages[:-1]] == [page["id"] for page in pages[1:]]
    assert [page["startIndex"] for page in pages] == [0, len(pages[0]["orderedItems"])][: len(pages)]
    assert [item["endTime"] for item in items] == sorted(item["endTime"] for item in items)
    assert all(item["id"] == f"{root}/version/{number}" for number, item in enumerate(items, start=1))
    latest = {item["object"]["id"]: item for item in items}
    assert latest[f"{ITEM}1"]["type"] == "Update"
    assert latest[f"{ITEM}1"]["object"]["type"] == "http://purl.org/ontology/bibo/AcademicArticle"
    assert latest[f"{ITEM}3"]["type"] == "Delete"
    assert (latest[f"{ITEM}2X"]["type"], latest[f"{ITEM}2X"]["target"]["id"]) == ("Move", f"{ITEM}2x")


def test_atom_has_the_newest_fifty_changes_of_items(follower):
    answer = follower.get(f"{BASE}changes.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    atom, deleted = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
    entries, removed = feed.findall(f"{atom}entry"), [one.get("ref") for one in feed.findall(deleted)]
    assert len(entries) + len(removed) == 50
    assert set(removed) == {f"{ITEM}3", f"{ITEM}2X"}
    first = {entry.findtext(f"{atom}id"): entry for entry in entries}
    assert first[f"{ITEM}1"].findtext(f"{atom}title") == "Another <study>"
    assert first[f"{ITEM}1"].findtext(f"{atom}summary") == "Changed"
    assert first[f"{ITEM}2x"].findtext(f"{atom}summary") == "Published"
    assert first[f"{ITEM}1"].find(f"{atom}link").get("href") == f"{BASE}page/item/20.500.99/1"
    moments = [entry.findtext(f"{atom}updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{atom}updated") == max(moments)


def test_the_description_of_the_dataset_names_the_feed(follower):
    assert f"{BASE}changes" in follower.get(f"{BASE}data/dataset.nt").text


def test_without_the_setting_there_is_no_feed_and_before_the_next_run_there_is_none_yet(
    tmp_path, plan, settings, make_app
):
    from lod.publish import run

    off = make_settings({"base_iri": BASE}, {})
    site = Site(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "FeedWriter", lambda base: None)
        publish([record(1)], plan, site)
    assert not (site.live().directory / "feed").exists()
    assert make_app(off, site).test_client().get("/repo/changes").status_code == 404
    answer = make_app(settings, site).test_client().get("/repo/changes")
    assert (answer.status_code, answer.text.strip()) == (
        404,
        "There is no change feed yet. It begins with the next 'lod publish'.",
    )
