"""Broken and hostile providers: each ends in a message and exit code 3, and nothing that was published changes."""

from __future__ import annotations

import re
import shutil

import pytest

from lod.store.generation.generations import Site
from tests.helpers.faulty_provider import (
    FAULTS,
    HTML,
    ODDITIES,
    code,
    errors_as_404,
    honest,
    in_lists,
    later,
    redirect,
    says,
    token_too_many,
)
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.repository_server import LAST_TOKENS, Repository, Server
from tests.helpers.sampling import sampled

SLOW = {"a drip", "a drip of headers", "silence"}


def with_limits(site, **limits):
    text = (site.folder / "lod.toml").read_text()
    for name, value in limits.items():
        text = re.sub(rf"(?m)^{name} = .*", f"{name} = {value}", text)
    (site.folder / "lod.toml").write_text(text)


@pytest.fixture(scope="module")
def harvested(tmp_path_factory):
    """A site with a whole harvest of 60 records, three pages; one of them has gone since, and one is new."""
    repository = Repository.of(60, page_size=20, deleted_record="no")
    server = Server(repository)
    site = PublishingSite(tmp_path_factory.mktemp("faults") / "site")
    site.source(
        "faulty", f"{server.url}/oai", max_response_mib=2, read_time_limit_s=60, response_time_limit_s=60, tries=2
    )
    site.report()
    repository.tick()
    repository.delete(7)
    repository.change(999, "A new record")
    yield site, repository
    server.close()


@pytest.fixture
def faulty(harvested):
    """The site and its repository; what a test has fetched is forgotten."""
    site, repository = harvested
    yield site, repository
    repository.fault = None
    with_limits(site, read_time_limit_s=60, response_time_limit_s=60)
    for run in (site.folder / "harvest" / "faulty").glob("*-full"):
        shutil.rmtree(run)


def test_there_are_faults_to_try():
    assert len(FAULTS) >= 31
    assert len(ODDITIES) >= 20


BOTH_FORMS = pytest.mark.parametrize("last_token", [pytest.param("long", marks=pytest.mark.slow), "short, counted"])
"""What most providers end a list with."""


@BOTH_FORMS
@pytest.mark.parametrize("name", sampled(FAULTS, 4))
def test_a_fault_is_told_with_the_address_and_nothing_that_was_published_changes(faulty, name, last_token):
    site, repository = faulty
    repository.last_token = LAST_TOKENS[last_token]
    repository.fault, message = FAULTS[name]
    if name in SLOW:
        with_limits(site, read_time_limit_s=1, response_time_limit_s=1)
    before = (site.live.name, site.published())
    result = site.publish("--full")
    assert result.exit_code == 3
    assert message in result.output
    assert re.search(r"lod: faulty: http://127\.0\.0\.1:\d+/oai\?verb=ListRecords\S*: ", result.output)
    assert "Traceback" not in result.output
    assert (site.live.name, site.published()) == before
    assert not [path for path in repository.requests if "secret" in path]


@pytest.mark.slow
@BOTH_FORMS
@pytest.mark.parametrize(
    "name", ["the same token again", "empty pages without end", "XML that breaks off", "500", "404"]
)
def test_when_the_fault_is_mended_the_next_run_is_whole(site, serve, name, last_token):
    repository = Repository.of(60, page_size=20, deleted_record="no", last_token=LAST_TOKENS[last_token])
    url = f"{serve(repository)}/oai"
    site.report(url)
    repository.delete(7)
    repository.change(999, "A new record")
    repository.fault = FAULTS[name][0]
    assert site.publish(url, "--full").exit_code == 3
    repository.fault = None
    report = site.report(url)
    assert (report["removed"], report["live"]) == (1, 60)


def whole_harvests(site, url, repository):
    """Harvest several pages, then all of them again when one record has gone and one has come."""
    assert site.report(url)["live"] == 30
    repository.delete(7)
    repository.change(999, "A new record")
    report = site.report(url, "--full")
    assert (report["removed"], report["live"]) == (1, 30)
    records, removed = site.published()
    assert "20.500.99/999" in records
    assert removed == {"20.500.99/7"}
    # Everything else is as it was, the last page included.
    assert set(records) == {f"20.500.99/{number}" for number in (*range(1, 7), *range(8, 31), 999)}
    assert report["refused"] == 0
    return report


@pytest.mark.slow
@pytest.mark.parametrize("last_token", LAST_TOKENS)
def test_however_a_provider_ends_a_list_it_is_whole_and_what_has_gone_is_removed(
    site, serve, settings, make_app, last_token
):
    repository = Repository.of(30, page_size=12, deleted_record="no", last_token=LAST_TOKENS[last_token])
    whole_harvests(site, f"{serve(repository)}/oai", repository)
    assert len([path for path in repository.requests if "ListRecords" in path]) == 6
    client = make_app(settings, Site(site.folder)).test_client()
    assert [client.get(f"/page/item/20.500.99/{number}").status_code for number in (7, 8)] == [410, 200]


@pytest.mark.slow
@BOTH_FORMS
@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_costs_nothing(site, serve, name, last_token):
    repository = Repository.of(30, page_size=12, deleted_record="no", last_token=LAST_TOKENS[last_token])
    repository.fault = ODDITIES[name]
    whole_harvests(site, f"{serve(repository)}/oai", repository)


def test_an_error_of_oai_pmh_with_a_status_of_http_is_read_as_what_it_says(site, serve):
    repository = Repository.of(5)
    repository.fault = in_lists(errors_as_404)
    url = f"{serve(repository)}/oai"
    assert site.report(url)["live"] == 5
    repository.tick()
    result = site.publish(url)
    assert (result.exit_code, "5 live" in result.output) == (0, True)
    repository.fault = in_lists(says(HTML, "text/html", status=404))
    assert "it answered 404 Not Found" in site.publish(url).output


def test_a_token_after_the_last_record_ends_the_list_with_a_remark(site, serve):
    repository = Repository.of(5, page_size=3)
    repository.fault = token_too_many(code("badResumptionToken"))
    (told,) = [row for row in site.report(f"{serve(repository)}/oai")["by_rule"] if row["rule"] == "harvest"]
    assert (
        "the list ended after all of its 5 records (completeListSize), with a resumption token that leads to no more of them"
        in told["message"]
    )


def test_no_connection_is_told(site, serve):
    result = site.publish("http://127.0.0.1:9/oai")
    assert result.exit_code == 3
    assert (
        "lod: http://127.0.0.1:9/oai?verb=Identify: no connection: Connection refused; tried 5 times" in result.output
    )


def test_of_several_sources_those_that_answer_are_published_and_the_others_told(site, serve):
    good, bad = Repository.of(5), Repository.of(5, fault=in_lists(says(b"", status=500)))
    site.source("good", f"{serve(good)}/oai")
    site.source("bad", f"{serve(bad)}/oai")
    result = site.publish()
    assert result.exit_code == 3
    assert "5 live" in result.output
    assert "lod: bad: http://127.0.0.1:" in result.output


# ------------------------------------------------------------------ faults that pass


def counted(fault, most):
    """Let a fault happen so often and then no more."""
    happened = []

    def counting(handler, number):
        return len(happened) < most and fault(handler, number) and (happened.append(number) or True)

    return counting


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(later(says(b"", status=503, Retry_After="0")), id="busy, come at once"),
        pytest.param(later(says(b"", status=503)), id="busy"),
        pytest.param(later(says(b"", status=429)), id="too many requests"),
        pytest.param(FAULTS["a connection that breaks off"][0], id="connection breaks off"),
        pytest.param(FAULTS["XML that breaks off"][0], id="damaged once"),
    ],
)
def test_what_passes_is_asked_again(faulty, fault):
    site, repository = faulty
    repository.fault = counted(fault, 1)
    assert site.report("--full", "--dry-run")["live"] == 60


def test_a_redirect_is_followed_and_told(site, serve):
    repository = Repository.of(5)
    url = serve(repository)
    moved = Repository(fault=lambda handler, number: redirect(f"{url}{handler.path}", 301)(handler) or True)
    old = serve(moved)
    report = site.report(f"{old}/oai")
    assert report["live"] == 5
    (told,) = [row for row in report["by_rule"] if row["rule"] == "harvest"]
    assert f"{old}/oai?verb=Identify redirects to {url}/oai?verb=Identify; it has moved for good" in told["message"]


def test_credentials_go_to_the_source_only_and_are_never_shown(site, serve, monkeypatch):
    other = Repository.of(5)
    there = serve(other)
    repository = Repository.of(5, fault=later(lambda handler: redirect(f"{there}{handler.path}")(handler)), page_size=3)
    site.source("closed", f"{serve(repository)}/oai")
    monkeypatch.setenv("LOD_SOURCE_CLOSED_USER", "ada")
    monkeypatch.setenv("LOD_SOURCE_CLOSED_PASSWORD", "hush-hush")
    other.page_size = 3
    result = site.publish()
    assert result.exit_code == 0
    assert all("Authorization" in headers for headers in repository.headers)
    assert other.headers
    assert not any("Authorization" in headers for headers in other.headers)
    kept = b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())
    assert "hush" not in result.output
    assert b"hush" not in kept
    assert b"YWRhOmh1c2gtaHVzaA" not in kept


def test_gzip_is_read(site, serve):
    repository = Repository.of(30, gzip=True)
    assert site.report(f"{serve(repository)}/oai")["live"] == 30


# ------------------------------------------------------------------ records that are damaged in good answers


def test_a_record_in_another_encoding_is_refused_and_nothing_is_removed(faulty):
    site, repository = faulty

    def latin(handler, number):
        if handler.query.get("verb") != "ListRecords" or "resumptionToken" in handler.query:
            return False
        head, start, rest = honest(handler).partition("<record>")
        damaged, end, tail = rest.partition("</record>")
        body = (head + start).encode() + damaged.encode("latin-1") + (end + tail).encode()
        handler.send(200, body, "text/xml;charset=UTF-8")
        return True

    repository.fault = latin
    report = site.report("--full", "--dry-run", code=1)
    assert (report["refused"], report["removed"], report["live"]) == (1, 0, 61)
    message = report["findings"][0]["message"]
    assert "bytes that are not in the encoding which the file declares" in message
    assert "/oai?verb=ListRecords&metadataPrefix=xoai, line 5: the record is not well-formed XML" in message


def test_what_a_list_says_of_its_size_may_change_and_is_told(site, serve):
    repository = Repository.of(50, page_size=20)
    sizes = iter([50, 51, 51])
    repository.list_size = lambda size: next(sizes)
    report = site.report(f"{serve(repository)}/oai")
    told = [row["message"] for row in report["by_rule"] if row["rule"] == "harvest" and row["severity"] == "info"]
    assert "the list changed while it was read: completeListSize was 50 and is 51" in told[0]


@pytest.mark.slow
def test_a_record_that_stays_damaged_is_one_refusal_however_often_it_is_harvested(site, serve):
    repository = Repository.of(10)
    url = f"{serve(repository)}/oai"
    site.report(url)

    def damaged(handler, number):
        if handler.query.get("verb") == "ListRecords":
            handler.send(200, honest(handler).replace("Broken", "<Broken").encode(), "text/xml")
            return True
        return False

    repository.fault = damaged
    repository.tick()
    repository.change(5, "Broken title")
    for _ in range(3):
        report = site.report(url, code=1)
        assert (report["refused"], report["live"]) == (1, 10)
        assert len(site.live.catalog.refused(10)) == 1
        repository.tick(hours=5)
    repository.fault = None
    assert site.report(url)["published"] == 1
    assert site.live.catalog.refused(10) == []
