"""Syntax errors of every day: the place of the mistake, and what was meant."""

import pytest

from lod.web.sparql.hints import hint_on

NAMED = "An expression in SELECT is in brackets and has a name: "


def after_the_first_line(client, query):
    response = client.get("/repo/sparql", query_string={"query": query}, headers={"Accept": "text/plain"})
    assert response.status_code == 400
    first, *rest = response.text.splitlines()
    return first, rest


@pytest.mark.parametrize(
    ("query", "line", "column", "hint"),
    [
        pytest.param("SELCT *", 1, 1, "SELCT is no word of SPARQL; did you mean SELECT?", id="first word"),
        pytest.param("# all\n\n  slect ?a {}", 3, 3, "slect is no word of SPARQL; did you mean SELECT?", id="line"),
        pytest.param(
            "SELECT ?s { OPTINAL { ?s ?p ?o } }",
            1,
            13,
            "OPTINAL is no word of SPARQL; did you mean OPTIONAL?",
            id="inner",
        ),
        pytest.param(
            "SELECT ?s { ?s ?p ?o FILTER(CONTANS(?o, 'x')) }",
            1,
            29,
            "CONTANS is no word of SPARQL; did you mean CONTAINS?",
            id="function",
        ),
        pytest.param(
            "SELECT ?s { ?s ?p ?o } LIMT 3", 1, 24, "LIMT is no word of SPARQL; did you mean LIMIT?", id="end"
        ),
        pytest.param("select count(*) { ?s ?p ?o }", 1, 8, f"{NAMED}(count(*) AS ?n).", id="bare count"),
        pytest.param(
            "SELECT ?n COUNT(DISTINCT ?n) {?n ?p ?o}", 1, 11, f"{NAMED}(COUNT(DISTINCT ?n) AS ?number).", id="?n taken"
        ),
        pytest.param("SELECT SUM(?x) AS ?all {?s ?p ?x}", 1, 8, f"{NAMED}(SUM(?x) AS ?all).", id="own name"),
        pytest.param("SELECT (COUNT(*)) {?s ?p ?o}", 1, 17, f"{NAMED}(COUNT(*) AS ?n).", id="no name"),
    ],
)
def test_a_mistake_is_pointed_at_and_told_with_what_is_meant(client, query, line, column, hint):
    first, rest = after_the_first_line(client, query)
    assert first == f"The query cannot be read: line {line}, column {column}."
    assert rest[1].index("^") - 2 == column - 1
    assert rest[2] == hint


def test_a_hint_and_a_bracket_without_partner_are_both_told(client):
    _, rest = after_the_first_line(client, "SELCT * { ?s ?p ?o")
    assert rest[2:4] == [
        "SELCT is no word of SPARQL; did you mean SELECT?",
        "'{' at line 1, column 9 is never closed.",
    ]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT * { ?s dct:title ?o }", id="a prefix that is not known"),
        pytest.param("SELECT * { ?s ?p 'SELCT' . <SELCT> ?p }", id="strings and IRIs"),
        pytest.param("SELECT ?s (COUNT(*) AS ?n) { ?s a ?c . FILTER(?x) ", id="nothing misspelt"),
        pytest.param("select count(", id="a call that is not closed"),
    ],
)
def test_what_is_no_such_mistake_has_no_hint(query):
    assert hint_on(query, len(query)) is None


def test_what_stands_after_the_place_of_the_error_is_no_hint():
    assert hint_on("SELECT * { ?s ?p } LIMT 3", 18) is None


def test_a_query_of_quotation_marks_has_no_hint():
    assert hint_on("'\n" * 200, 400) is None
