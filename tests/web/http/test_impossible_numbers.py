"""A number of 5,000 digits, or a date that no calendar holds, wherever a client may write one: never a fault of the server."""

import pytest

LONG = "9" * 5_000
FAR = "Mon, 01 Jan 99999999999 00:00:00 GMT"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"items?page={LONG}", 400),
        (f"fragments?page={LONG}", 400),
        (f'fragments?object="{LONG}"^^xsd:integer', 200),
        (f"sitemap-{LONG}.xml", 404),
        (f"sparql?query=ASK{{}}&timeout={LONG}", 400),
        (f"sparql?query=SELECT * {{?s ?p ?o}} LIMIT {LONG}", 400),
        (f"sparql?query=SELECT ?x {{BIND({LONG} AS ?x)}}", 200),
        (f"id/item/{LONG}", 404),
        (f"page/item/999/a.b/c?page={LONG}", 400),
    ],
)
def test_numbers_in_addresses(client, address, status):
    assert client.get(f"/repo/{address}").status_code == status


HEADERS = [
    *((name, date) for name in ("If-Modified-Since", "If-Unmodified-Since", "If-Range", "Accept-Datetime") for date in (FAR, FAR.replace("99999999999", LONG))),
    *(("Range", f"bytes={range_}") for range_ in (f"0-{LONG}", f"-{LONG}", f"{LONG}-")),
    ("If-None-Match", f'"{LONG}"'),
    ("Accept", f"text/turtle;q={LONG}"),
    ("Accept", f"text/turtle;q=0.{LONG}"),
    ("Accept-Encoding", f"gzip;q={LONG}"),
    ("Accept-Profile", f"<https://schema.org/>;q={LONG}"),
    ("Content-Length", LONG),
    ("Cache-Control", f"max-age={LONG}"),
]  # fmt: skip


@pytest.mark.parametrize("address", ["id/item/999/a.b/c", "data/item/999/a.b/c.ttl", "robots.txt", "sitemap.xml", "sparql?query=ASK{}"])  # fmt: skip
@pytest.mark.parametrize(("name", "value"), [pytest.param(*row, id=f"{row[0]} {row[1][:24]}") for row in HEADERS])
def test_numbers_and_dates_in_headers(client, address, name, value):
    plain = client.get(f"/repo/{address}").status_code
    status = client.get(f"/repo/{address}", headers={name: value}).status_code
    assert plain < 400
    assert status == plain or status in {400, 406, 416}


def test_a_condition_with_a_date_that_no_calendar_holds_is_ignored(client):
    plain = client.get("/repo/sitemap.xml")
    conditional = client.get("/repo/sitemap.xml", headers={"If-Modified-Since": FAR})
    assert (conditional.status_code, conditional.data) == (plain.status_code, plain.data)
