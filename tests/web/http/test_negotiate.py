"""Negotiation: real headers, ranges, aliases, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.web.http.formats import DATA_FORMATS, FORMATS, GRAPH_FORMATS, JSON_LD_FORMS, RESULT_FORMATS, format_named
from lod.web.http.negotiate import choose_coding, choose_format, names_html, read_accept, read_profiles

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
RDFLIB = (
    "application/rdf+xml, text/rdf+n3, application/trix, application/n-quads, application/trig, text/turtle, "
    "application/n-triples, application/ld+json"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,text/html;q=0.2"
)
RAPPER = (
    "application/rdf+xml, text/rdf;q=0.6, application/n-triples;q=0.9, text/turtle;q=0.8, text/html;q=0.5, "
    "application/xhtml+xml;q=0.4, text/html;q=0.6, */*;q=0.1"
)
OWLAPI = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
PROTEGE = (
    "application/rdf+xml, text/turtle, application/xhtml+xml, text/html; q=0.3, application/xml; q=0.7, text/xml; q=0.6, "
    "text/plain; q=0.1, */*; q=0.09"
)
OLD_WEBKIT = "application/xml,application/xhtml+xml,text/html,text/plain;q=0.8,image/png,*/*;q=0.5"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        pytest.param(None, "html", id="no header"),
        pytest.param("", "html", id="an empty header accepts anything"),
        pytest.param("garbage", "html", id="a header that names no media type"),
        pytest.param(";;;,,", "html", id="punctuation"),
        pytest.param("*/*", "html", id="curl"),
        pytest.param("*;q=0.2", "html", id="Java's star"),
        pytest.param(FIREFOX, "html", id="Firefox"),
        pytest.param(CHROME, "html", id="Chrome"),
        pytest.param("application/xhtml+xml", "html", id="XHTML"),
        pytest.param(RDFLIB, "ttl", id="rdflib, all at q=1"),
        pytest.param("text/plain, */*;q=0.1", "nt", id="rdflib's N-Triples parser"),
        pytest.param("text/turtle,text/n3;q=0.9", "ttl", id="rdflib's Turtle parser"),
        pytest.param(COMUNICA, "nq", id="Comunica"),
        pytest.param(RAPPER, "rdf", id="rapper, HTML twice"),
        pytest.param(JENA, "ttl", id="Jena"),
        pytest.param(OWLAPI, "rdf", id="OWLAPI"),
        pytest.param(PROTEGE, "ttl", id="RDF and XHTML at 1, HTML less"),
        pytest.param("application/rdf+xml, application/xhtml+xml, text/html;q=0.3", "rdf", id="RDF/XML and XHTML at 1"),
        pytest.param("text/html, text/turtle", "ttl", id="HTML first, at the same quality"),
        pytest.param("text/html, text/turtle;version=1.1", "ttl", id="HTML named more exactly, at the same quality"),
        pytest.param("text/html;q=0.9, text/turtle;q=0.8", "html", id="HTML rated higher"),
        pytest.param("text/html, application/x-turtle", "ttl", id="HTML and an old name of Turtle"),
        pytest.param("text/html, application/json", "html", id="HTML and JSON, which may be anything"),
        pytest.param(OLD_WEBKIT, "html", id="a browser that takes XML as well"),
        pytest.param(
            "application/xhtml+xml, text/html;q=0.3, text/turtle;q=0.5", "ttl", id="what is sent is text/html"
        ),
        pytest.param("application/*", "jsonld", id="range"),
        pytest.param("text/*", "html", id="range of text"),
        pytest.param("text/html;q=0, */*", "ttl", id="html refused"),
        pytest.param("text/html;q=0, text/*", "ttl", id="html refused in a range"),
        pytest.param("*/*;q=0.1, text/turtle", "ttl", id="named over anything"),
        pytest.param("text/turtle, */*", "ttl", id="named at the same quality as anything"),
        pytest.param('application/ld+json;profile="http://example.org/p"', "jsonld", id="profile"),
        pytest.param("text/turtle;charset=utf-8", "ttl", id="charset"),
        pytest.param("TEXT/TURTLE", "ttl", id="upper case"),
        pytest.param("application/json", "jsonld", id="JSON"),
        pytest.param("application/x-turtle", "ttl", id="an old name of Turtle"),
        pytest.param("text/html;q=0.3, application/rdf+xml;q=0.8", "rdf", id="qualities"),
        pytest.param("text/turtle;q=0.001", "ttl", id="smallest quality"),
        pytest.param("application/trig", "trig", id="TriG"),
        pytest.param("application/n-triples", "nt", id="N-Triples"),
        pytest.param("application/pdf", None, id="not offered"),
        pytest.param("*/*;q=0", None, id="nothing accepted"),
        pytest.param("text/turtle;q=0", None, id="only refused"),
        pytest.param("image/*", None, id="range not offered"),
        pytest.param(
            "text/html;level=1;q=0.3, text/html;q=0.7, text/turtle;q=0.5", "html", id="the closest range counts"
        ),
        pytest.param(
            "text/turtle;charset=utf-8;q=0.2, text/turtle;q=0.9, text/html;q=0.5", "html", id="closest by charset"
        ),
        pytest.param("text/turtle;charset=iso-8859-1", "ttl", id="another charset is left aside"),
        pytest.param("text/turtle;q=2, application/trig", "trig", id="a quality that is none"),
        pytest.param("text/turtle;q=0.5, */*;q=0", "ttl", id="everything else refused"),
        pytest.param('application/ld+json;profile="a,b;q=0";q=0.9, text/html;q=0.8', "jsonld", id="quoted parameter"),
    ],
)
def test_the_highest_ranked_offer_is_chosen(accept, extension):
    chosen = choose_format(read_accept(accept))
    assert (chosen.extension if chosen else None) == extension


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(FIREFOX, True, id="browser"),
        pytest.param("*/*", False, id="curl"),
        pytest.param(None, False, id="nothing"),
        pytest.param("text/html;q=0, */*", False, id="refused"),
    ],
)
def test_a_browser_is_told_from_a_client_that_takes_anything(accept, expected):
    assert names_html(read_accept(accept)) is expected


EXPANDED, FLATTENED = (f"http://www.w3.org/ns/json-ld#{name}" for name in ("expanded", "flattened"))


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        pytest.param("application/ld+json", "jsonld", id="no profile"),
        pytest.param(f'application/ld+json;profile="{EXPANDED}"', "expanded.jsonld", id="expanded"),
        pytest.param(f'application/ld+json;profile="http://a/b {FLATTENED}"', "flattened.jsonld", id="one of two"),
        pytest.param(f'application/ld+json;profile="{EXPANDED}";q=0.3, text/turtle', "ttl", id="less wanted"),
        pytest.param(f'application/ld+json;profile="{EXPANDED}";q=0.3, application/ld+json', "jsonld", id="compacted"),
        pytest.param(
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld", id="named compacted"
        ),
        pytest.param("*/*", "html", id="anything is none of the forms"),
    ],
)
def test_a_form_of_json_ld_is_chosen_by_its_profile_only(accept, extension):
    assert choose_format(read_accept(accept), (*FORMATS, *JSON_LD_FORMS)).extension == extension


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        pytest.param(None, "", id="absent"),
        pytest.param("", "", id="empty"),
        pytest.param("gzip, deflate, br, zstd", "br", id="browser"),
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("br;q=0.1, gzip;q=0.5", "gzip", id="quality"),
        pytest.param("*", "br", id="anything"),
        pytest.param("br;q=0, *;q=0.5", "zstd", id="anything but one"),
        pytest.param("identity, gzip;q=0.5", "", id="rather as it is"),
        pytest.param("compress", "", id="not offered"),
        pytest.param("gzip;q=0", "", id="refused"),
    ],
)
def test_the_coding_wanted_most_is_chosen(header, coding):
    assert choose_coding(header, ("br", "zstd", "gzip")) == coding


def test_a_document_address_answers_turtle_to_whoever_takes_anything():
    assert choose_format(read_accept("*/*"), DATA_FORMATS).extension == "ttl"


@pytest.mark.parametrize("table", [FORMATS, RESULT_FORMATS, GRAPH_FORMATS], ids=["documents", "results", "graphs"])
def test_no_two_formats_share_a_name_or_a_media_type(table):
    names = [name for row in table for name in (row.extension, row.media_type, *row.aliases, *row.names)]
    assert len(names) > len(table)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("format_", FORMATS, ids=lambda row: row.extension)
def test_every_format_is_found_by_each_of_its_names(format_):
    for name in (format_.extension, format_.media_type, *format_.aliases, *format_.names):
        assert format_named(name.upper(), FORMATS) is format_


def test_an_unknown_name_finds_no_format():
    assert format_named("docx", FORMATS) is None


RANGES = st.sampled_from(
    ["text/html", "text/turtle", "text/*", "*/*", "application/ld+json", "application/rdf+xml", "a/b"]
)
QUALITIES = st.sampled_from(["", ";q=0", ";q=0.3", ";q=1", ";q=0.30", ";charset=utf-8;q=0.7", ";x=y"])


@given(st.text(max_size=80))
def test_no_header_is_too_odd_to_be_read(header):
    assert choose_format(read_accept(header)) in {*FORMATS, None}
    assert choose_coding(header, ("br", "gzip")) in {"br", "gzip", ""}
    assert isinstance(read_profiles(header), list)


@given(st.lists(st.tuples(RANGES, QUALITIES), min_size=1, max_size=6))
def test_what_is_refused_is_never_chosen_and_what_is_named_alone_always(ranges):
    chosen = choose_format(read_accept(", ".join(map("".join, ranges))))
    for offer in FORMATS:
        own = [quality for kind, quality in ranges if kind == offer.media_type]
        if own and all(quality == ";q=0" for quality in own) and not offer.aliases:
            assert chosen is not offer
    if any(quality != ";q=0" and kind != "a/b" for kind, quality in ranges) and len(ranges) == 1:
        assert chosen is not None


@given(st.permutations(["text/turtle;q=0.8", "text/html;q=0.2", "application/rdf+xml;q=0.5", "*/*;q=0.1"]))
def test_the_order_of_ranges_does_not_matter(ranges):
    assert choose_format(read_accept(", ".join(ranges))).extension == "ttl"
