"""The pages of the change feed: what each generation adds, that pages never change, when a stream ends and another begins."""

import pytest

from lod.feed import write
from lod.feed.stream import FEED, EventStream
from lod.feed.write import FeedWriter
from tests.helpers.replica import apply, claims_in, members_of

BASE = "https://example.org/"
PUBLISHED = "https://www.w3.org/ns/activitystreams#published"
ENDS = "http://schema.org/actionStatus"


class Site:
    """Generations of claims: what is published, and the stream of each."""

    def __init__(self, folder):
        self.folder, self.claims, self.moved, self.number = folder, set(), {}, 0
        self.last = None

    def thing_of(self, claim):
        return claim[1 : claim.index(">")].partition("#")[0]

    def claims_of(self, thing):
        return sorted(claim for claim in self.claims if self.thing_of(claim) == thing)

    def moved_to(self, thing):
        return self.moved.get(thing)

    def publish(self, claims, moment="2026-01-01T00:00:00Z", base=BASE, **options):
        before, self.claims = self.claims, set(claims)
        self.number += 1
        folder = self.folder / f"building-{self.number}"
        folder.mkdir()

        class Changes:
            added = staticmethod(lambda: iter(self.claims - before))
            removed = staticmethod(lambda: iter(before - self.claims))

        name = f"2026010{self.number}T000000.000000Z"
        FeedWriter(base).write(folder, name, self.last, moment, Changes, lambda: iter(self.claims), self, **options)
        self.last = folder
        return EventStream.of(folder)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def about(thing, *texts):
    return [f'<{BASE}id/{thing}> <http://example.org/p> "{text}" .' for text in texts]


def done(stream, things=None):
    """What the members of a stream did, page by page."""
    things = {} if things is None else things
    return [
        [(kind, thing.removeprefix(f"{BASE}id/")) for kind, thing in apply(things, stream.read_page(number))]
        for number in range(1, len(stream.pages) + 1)
    ]


def test_a_stream_begins_with_all_that_is_published_and_goes_on_with_what_changes(site):
    assert done(site.publish([*about("a", "1", "2"), *about("b", "1"), *about("c", "1")])) == [
        [("Create", "a"), ("Create", "b"), ("Create", "c")]
    ]
    things = {}
    stream = site.publish([*about("a", "1"), *about("a#part", "new"), *about("b", "1"), *about("d", "1")])
    assert done(stream, things)[1:] == [[("Update", "a"), ("Delete", "c"), ("Create", "d")]]
    assert claims_in(things) == sorted(site.claims)
    assert (stream.members, stream.things, len(stream.pages)) == (6, 3, 2)


def test_a_thing_that_is_stated_anew_is_updated_even_if_no_claim_stays(site):
    site.publish(about("a", "1"))
    assert done(site.publish(about("a", "2")))[1:] == [[("Update", "a")]]


def test_a_generation_that_changed_nothing_adds_nothing(site):
    first = site.publish(about("a", "1"))
    again = site.publish(about("a", "1"))
    assert again.pages == first.pages
    assert sorted(path.name for path in again.folder.iterdir()) == sorted(path.name for path in first.folder.iterdir())


def test_the_last_member_of_a_generation_ends_its_transaction(site, monkeypatch):
    monkeypatch.setattr(write, "MEMBERS_PER_PAGE", 2)
    site.publish([line for thing in "abc" for line in about(thing, "1")])
    stream = site.publish([line for thing in "abd" for line in about(thing, "2")], "2026-02-02T00:00:00Z")
    members = [list(members_of(stream.read_page(number))) for number in range(1, len(stream.pages) + 1)]
    assert [len(page) for page in members] == [2, 1, 2, 2]
    ends = [[ENDS in properties for _, properties, _ in page] for page in members]
    assert ends == [[False, False], [True], [False, False], [False, True]]
    contexts = [
        {properties["https://www.w3.org/ns/activitystreams#context"] for _, properties, _ in page} for page in members
    ]
    assert contexts[0] == contexts[1] != contexts[2] == contexts[3]
    assert [page.first for page in stream.pages] == [1, 3, 4, 6]
    assert [stream.page_of(number) for number in range(9)] == [None, 1, 1, 2, 3, 3, 4, 4, None]


def test_a_page_ends_when_it_has_grown_long(site, monkeypatch):
    monkeypatch.setattr(write, "BYTES_PER_PAGE", 500)
    stream = site.publish([line for thing in "abc" for line in about(thing, "x" * 600)])
    assert [page.members for page in stream.pages] == [1, 1, 1]


def test_no_member_is_older_than_the_one_before_it_whatever_the_clock_does(site):
    site.publish(about("a", "1"), "2026-03-03T00:00:00Z")
    stream = site.publish(about("a", "2"), "2026-02-02T00:00:00Z")
    moments = [properties[PUBLISHED] for n in (1, 2) for _, properties, _ in members_of(stream.read_page(n))]
    assert moments == ["2026-03-03T00:00:00Z"] * 2


def test_a_thing_that_has_moved_says_where_to(site):
    site.publish(about("a", "1"))
    site.moved = {f"{BASE}id/a": f"{BASE}id/b"}
    stream = site.publish(about("b", "1"))
    (_, properties, _), _ = members_of(stream.read_page(2))
    assert properties["http://purl.org/dc/terms/isReplacedBy"] == f"{BASE}id/b"
    assert [(row.kind, row.target) for row in stream.read_activities(2)] == [("Delete", f"{BASE}id/b"), ("Create", "")]


def test_pages_have_the_same_bytes_for_ever(site):
    kept = {}
    for state in range(1, 6):
        stream = site.publish([line for number in range(state, state + 3) for line in about(f"t{number}", str(state))])
        pages = {number: stream.read_page(number) for number in range(1, len(stream.pages) + 1)}
        assert {number: pages[number] for number in kept} == kept
        kept = pages
    assert len(kept) == 5
    assert len({path.stat().st_ino for path in site.folder.glob(f"*/{FEED}/20260101*.gz")}) == 1


@pytest.mark.parametrize("reason", ["a rollback", "another base IRI", "too many versions"])
def test_another_stream_begins_with_all_that_is_published_after(site, monkeypatch, reason):
    first = site.publish([*about("a", "1"), *about("b", "1")])
    options = {"a rollback": {"continues": False}, "another base IRI": {"base": "https://new.example.org/"}}
    if reason == "too many versions":
        monkeypatch.setattr(write, "FEW_VERSIONS", -5)
    stream = site.publish([*about("a", "1"), *about("b", "2")], **options.get(reason, {}))
    assert (stream.epoch != first.epoch, stream.ended) == (True, [first.epoch])
    assert done(stream) == [[("Create", "a"), ("Create", "b")]]
    assert [path.name for path in stream.folder.glob("*.gz")] == [f"{stream.epoch}.gz"]


def test_a_stream_of_nothing_has_no_pages(site):
    stream = site.publish([])
    assert (stream.pages, stream.members, stream.indexes(), stream.things) == ([], 0, 0, 0)


def test_a_file_that_has_changed_or_is_missing_is_told(site):
    stream = site.publish(about("a", "1"))
    stream = site.publish(about("a", "2"))
    one, other = stream.sums
    (stream.folder / one).unlink()
    (stream.folder / other).write_bytes(b"x")
    assert stream.faults() == [f"{one} is missing", f"{other} has changed"]
