"""Citing by content negotiation: addresses, Accept headers with parameters, refusals."""

import json

import pytest

ITEM = "999/a.b/c"
ID, DATA = f"/repo/id/item/{ITEM}", f"/repo/data/item/{ITEM}"
TYPES = {
    "csl.json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "reference.txt": "text/x-bibliography; charset=utf-8",
}


@pytest.mark.parametrize(("extension", "media_type"), TYPES.items())
def test_an_item_is_cited_in_each_format_by_address_by_accept_and_by_name(client, extension, media_type):
    found = client.get(f"{DATA}.{extension}")
    assert (found.status_code, found.content_type) == (200, media_type)
    accept = {"Accept": media_type.partition(";")[0]}
    redirect = client.get(ID, headers=accept)
    assert (redirect.status_code, redirect.headers["Location"]) == (303, f"{DATA}.{extension}")
    assert "Accept" in redirect.headers["Vary"].split(", ")
    in_place = client.get(DATA, headers=accept)
    assert in_place.data == found.data == client.get(f"{DATA}?format={extension}").data
    assert in_place.headers["Content-Location"] == f"{DATA}.{extension}"
    assert "Accept" in in_place.headers["Vary"].split(", ")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/x-bibliography; style=ieee", "reference.txt?style=ieee"),
        ("text/x-bibliography; style=IEEE; locale=en-gb", "reference.txt?style=ieee&locale=en-GB"),
        ("text/x-bibliography; style=apa; q=0.3, application/x-bibtex; q=0.6", "bib"),
        ("text/turtle; q=0.5, application/x-research-info-systems", "ris"),
        ("text/x-bibliography; style=nothing, text/turtle; q=0.5", "ttl"),
        ("text/html, application/x-bibtex", "bib"),
        ("application/*", "jsonld"),
        ("text/plain", "nt"),
    ],
)
def test_parameters_and_qualities_are_read(client, accept, expected):
    assert client.get(ID, headers={"Accept": accept}).headers["Location"] == f"{DATA}.{expected}"


def test_the_style_of_the_address_wins_over_that_of_the_header(client):
    asked = {"Accept": "text/x-bibliography; style=nature"}
    assert client.get(f"{DATA}.reference.txt?style=ieee", headers=asked).text.startswith("L. Lu and M. O’Brien, “")
    assert client.get(f"{DATA}.reference.txt", headers=asked).text.startswith("Lu, L. & O’Brien, M. ")
    assert client.get(DATA, headers=asked).headers["Content-Location"] == f"{DATA}.reference.txt?style=nature"


def test_an_unknown_style_is_not_acceptable_and_the_others_are_listed(client):
    by_address = client.get(f"{DATA}.reference.txt?style=nothing")
    assert (by_address.status_code, by_address.text.partition(", chicago")[0]) == (
        406,
        "No style 'nothing'; styles: apa",
    )
    by_locale = client.get(f"{DATA}.reference.txt?locale=xx")
    assert by_locale.status_code == 406
    assert "locales: af-ZA, " in by_locale.text
    by_header = client.get(ID, headers={"Accept": "text/x-bibliography; style=nothing"})
    assert by_header.status_code == 406
    assert "application/x-bibtex: /repo/data/item/999/a.b/c.bib" in by_header.text
    assert "Styles of references, by ?style=: apa, chicago, mla, " in by_header.text


@pytest.mark.parametrize("path", ["/repo/data/person/rp1.bib", "/repo/data/vocab.ris"])
def test_what_is_no_item_is_not_cited(client, path):
    assert client.get(path).status_code == 406
    assert client.get(path.rpartition(".")[0], headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_the_body_of_csl_json_is_one_item_and_a_reference_is_one_line(client):
    assert json.loads(client.get(f"{DATA}.csl.json").text)["id"] == ITEM
    assert client.get(f"{DATA}.reference.txt").text.count("\n") == 1


def test_pages_headers_and_link_sets_name_the_formats_that_cite(client):
    page = client.get(f"/repo/page/item/{ITEM}")
    assert f'<link rel="alternate" type="application/x-bibtex" href="{DATA}.bib" title="BibTeX">' in page.text
    assert f'<{DATA}.ris>; rel="alternate"; type="application/x-research-info-systems"' in page.headers["Link"]
    links = client.get(f"/repo/linkset/json/item/{ITEM}").get_json(force=True)["linkset"][0]["describedby"]
    assert {"href": f"https://data.example.org{DATA}.bib", "type": "application/x-bibtex"} in links
