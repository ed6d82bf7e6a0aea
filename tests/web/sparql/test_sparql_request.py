"""Requests are read, or refused with a status and a reason; no bytes make the reader fail otherwise."""

from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lod.web.evaluation.query_text import is_describe, is_repeatable, is_update, names_dataset, nesting
from lod.web.evaluation.service_keyword import calls_service
from lod.web.sparql.request import FORM_TYPE, MOST_NESTED, QUERY_TYPE, RefusedRequestError, SparqlRequest, read_request


def read(query_string=b"", kind=None, charset="", body=b"", limit=10_000):
    return read_request(query_string, kind, charset, body, limit)


def refused(*arguments, **options):
    with pytest.raises(RefusedRequestError) as caught:
        read(*arguments, **options)
    return caught.value.status, str(caught.value)


def test_a_request_without_a_query_is_none():
    assert read(b"format=ttl") is None


def test_parameters_of_address_and_form_count_alike():
    expected = SparqlRequest("ASK {}", ("urn:a", "urn:b"), ("urn:c",), ("csv",), 2.5)
    pairs = [
        ("query", "ASK {}"), ("default-graph-uri", "urn:a"), ("default-graph-uri", "urn:b"), ("default-graph-uri", "urn:a"),
        ("named-graph-uri", "urn:c"), ("named-graph-uri", ""), ("output", "csv"), ("timeout", "2.5"),
    ]  # fmt: skip
    assert read(urlencode(pairs).encode()) == expected
    assert read(b"", FORM_TYPE, "utf-8", urlencode(pairs).encode()) == expected
    assert read(urlencode(pairs[1:]).encode(), QUERY_TYPE, "", b"ASK {}") == expected


def test_formats_may_be_named_in_several_ways_and_a_timeout_of_zero_is_none():
    """As SPARQLWrapper does, which sends each name twice and some of them empty."""
    found = read(b"query=ASK{}&output=xml&format=tsv&format=text/tab-separated-values&format=&timeout=0")
    assert found == SparqlRequest("ASK{}", formats=("tsv", "text/tab-separated-values", "xml"))


REFUSED = [
    pytest.param([b"query=ASK{}&query=ASK{}"], {}, 400, "The request holds 2 queries; send one at a time.", id="two queries"),
    pytest.param(
        [b"query=ASK{}", QUERY_TYPE, "", b"ASK{}"], {}, 400, "The request holds 2 queries", id="in address and body"
    ),
    pytest.param([b"query=ASK{}&timeout=soon"], {}, 400, "timeout=soon is no number of seconds", id="timeout"),
    pytest.param([b"query=ASK{}&timeout=-1"], {}, 400, "timeout=-1 is no number of seconds", id="negative timeout"),
    pytest.param([b"query=%ff"], {}, 400, "The parameters in the address are not UTF-8: byte 0xff", id="escaped byte"),
    pytest.param([b"", FORM_TYPE, "", b"query=\xfe"], {}, 400, "The parameters in the form are not UTF-8", id="raw byte"),
    pytest.param([b"a=1&" * 200], {}, 400, "The address has more than 100 parameters", id="many parameters"),
    pytest.param(
        [b"query=ASK{}&" + b"&".join(b"named-graph-uri=urn:%d" % n for n in range(51))],
        {}, 400, "named-graph-uri is given 51 times", id="many graphs",
    ),
    pytest.param([b"", QUERY_TYPE, "latin-1", b"ASK{}"], {}, 415, "A query is sent in UTF-8, not in latin-1.", id="charset"),
    pytest.param([b"", "", "", b"ASK{}"], {}, 415, "A query is sent as", id="no type"),
    pytest.param([b"", "multipart/form-data", "", b""], {}, 415, "A query is sent as", id="multipart"),
    pytest.param([b"", QUERY_TYPE, "", b""], {}, 400, "The query is empty.", id="empty body"),
    pytest.param([b"query=%ED%A0%80"], {}, 400, "The parameters in the address are not UTF-8", id="surrogate"),
    pytest.param([b"update=DROP+ALL"], {}, 403, "This endpoint only reads", id="update"),
    pytest.param([b"query=" + b"#" * 101], {"limit": 100}, 413, "The query has 101 bytes; at most 100", id="long"),
    pytest.param(
        [b"query=" + b"(" * (MOST_NESTED + 1)], {}, 400, f"The query is nested {MOST_NESTED + 1} levels deep", id="nested"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "options", "status", "message"), REFUSED)
def test_a_wrong_request_is_refused_with_the_reason(arguments, options, status, message):
    found, text = refused(*arguments, **options)
    assert (found, text[: len(message)]) == (status, message)


BYTES = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [b"query=", b"&", b"ASK{}", b"%00", b"%C3", b"update", b"=", b"timeout=", b"9", b"+", b";", b"%"]
        ),
        max_size=12,
    ).map(b"".join),
)


@settings(max_examples=300)
@given(BYTES, st.sampled_from([None, "", FORM_TYPE, QUERY_TYPE, "text/plain"]), st.sampled_from(["", "UTF-8"]), BYTES)
@example(b"query=\xed\xa0\x80", None, "", b"")
def test_no_bytes_make_the_reader_fail(query_string, kind, charset, body):
    try:
        found = read(query_string, kind, charset, body)
    except RefusedRequestError as problem:
        outcome = problem.status
    else:
        outcome = 200 if found is None or found.text.strip() else 0
    assert outcome in {200, 400, 403, 413, 415}


QUERY_PIECES = st.lists(
    st.sampled_from(["<", ">", "'", '"', "'''", "#", "\n", " ", "{", "}", "(", ")", "[", "]", "?a", "ex:", ".", "\\", "PREFIX ", "DESCRIBE", "\\u007B"]),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(QUERY_PIECES, st.text(max_size=30)))
def test_any_text_can_be_looked_at(text):
    assert nesting(text).depth <= len(text)
    assert {is_update(text), is_describe(text), is_repeatable(text)} <= {True, False}


@pytest.mark.parametrize(
    "piece", ['"\\', "'''\\", "<a", "service<", "rand ", "#\n", "PREFIX a:<b>", "BASE<a>", "{", "\\u0022"]
)
def test_reading_a_hostile_text_takes_time_in_proportion_to_its_length(piece):
    """65,536 characters at once: what takes the square of that would run for minutes."""
    text = "service" + (piece * 65_536)[:65_536]
    assert nesting(text).depth >= 0
    assert calls_service(text) in {True, False}
    assert not is_update(text)
    assert not is_describe(text)


@pytest.mark.parametrize(
    ("query", "depth", "error"),
    [
        ("ASK {}", 1, ""),
        ("SELECT * { { [] ?p (1 2) } }", 3, ""),
        ("ASK { ?s ?p '{', \"{\", <urn:(>  # {\n }", 1, ""),
        ("ASK {", 1, "'{' at line 1, column 5 is never closed."),
        ("ASK {\n ?s ?p ?o }\n }", 1, "'}' at line 3, column 2 closes nothing."),
        ("ASK { ( }", 2, "'}' at line 1, column 9 closes nothing."),
        ("ASK { ?s ?p 'a }", 1, "The string that begins at line 1, column 13 is never closed."),
    ],
)
def test_brackets_are_counted_past_strings_comments_and_iris(query, depth, error):
    found = nesting(query)
    assert (found.depth, found.error) == (depth, error)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("DESCRIBE <urn:x>", True),
        ("# SELECT\nPREFIX a: <urn:a>BASE<urn:b> describe ?x {}", True),
        ("\\u0044ESCRIBE <urn:x>", True),
        ("SELECT ?describe {}", False),
        ("PREFIX describe: <urn:x> ASK {}", False),
        ("CONSTRUCT { ?s ?p 'DESCRIBE' } {}", False),
    ],
)
def test_the_form_of_describe_is_told_from_the_text(query, expected):
    assert is_describe(query) is expected


@pytest.mark.parametrize(
    "query",
    ["SELECT (NOW() AS ?x) {}", "SELECT (rand () AS ?x) {}", "ASK { BIND(STRUUID#x\n() AS ?x) }", "SELECT (uu\\u0069d() AS ?x) {}",
     "CONSTRUCT { [] ?p ?o } { ?s ?p ?o }", "CONSTRUCT { _:a ?p ?o } { ?s ?p ?o }"],
)  # fmt: skip
def test_what_differs_from_time_to_time_cannot_be_repeated(query):
    assert not is_repeatable(query)


def test_other_queries_can_be_repeated():
    assert is_repeatable("SELECT ?known ?brand { ?known rt:brand ?brand FILTER(STRLEN(?brand) > 1) }")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("DESCRIBE <urn:x> FROM <urn:g>", True),
        ("DESCRIBE ?x FROM NAMED ex:g {}", True),
        ("DESCRIBE ?x \\u0066rom<urn:g> {}", True),
        ("DESCRIBE ?from", False),
        ("DESCRIBE from:x", False),
        ("DESCRIBE <urn:from> { ?x ?y 'FROM <urn:g>' } # FROM <urn:g>", False),
    ],
)
def test_a_query_names_its_graphs_where_from_is_a_word_of_it(query, names):
    assert names_dataset(query) is names
