"""The query page: results as tables and Turtle, escaped and bounded; faults with their place; no script."""

import re
import urllib.parse

import pyoxigraph as ox
import pytest

from lod import __version__
from lod.questions.load import by_group, load_questions
from lod.web.charts.chart import FILE_POLICY
from lod.web.sparql import page as sparql_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def page(client, query=None, accept=BROWSER):
    address = "/repo/sparql" + (f"?{urllib.parse.urlencode({'query': query})}" if query else "")
    return client.get(address, headers={"Accept": accept})


def test_the_bare_address_gives_a_form_and_links_to_every_question(client):
    response = page(client)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert '<textarea id="query" name="query"' in response.text
    linked = re.findall(r'<li><a href="/repo/questions/([^"]+)">', response.text)
    assert linked == [question.name for questions in by_group().values() for question in questions]


def test_rows_are_a_table_with_links_languages_and_the_whole_result_in_other_formats(client):
    text = page(
        client, "SELECT ?item ?title ?none { ?item dcterms:title ?title FILTER(STRSTARTS(?title, 'Seven')) }"
    ).text
    assert re.findall(r'<span class="hidden">Sort by </span>(\w+)</a>', text) == ["item", "title", "none"]
    assert '<a href="/repo/id/item/999/7" dir="auto" lang="en">Seven</a> <small>id/item/999/7</small>' in text
    assert re.search(r"2 rows\. <small>Evaluated in \d+\.\d\d seconds\.</small>", text)
    assert "no value" in text
    for name in ("csv", "json", "tsv", "xml"):
        assert f"format={name}" in text


def test_values_are_escaped_and_only_web_addresses_are_links(client):
    query = (
        "SELECT * { VALUES (?a ?b ?c) { ('<script>alert(1)</script>' <javascript:alert(1)> 'x'@en-GB) } "
        "BIND('\"><img src=x>' AS ?d) BIND(<http://example.org/?a=%22%3E> AS ?e) }"
    )
    text = page(client, query).text
    assert "<script>" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert 'lang="en-GB"' in text
    assert 'href="http://example.org/?a=%22%3E"' in text


def test_the_query_stands_in_the_form_again_escaped(client):
    query = "SELECT ('</textarea><b>' AS ?x) {}"
    text = page(client, query).text
    assert "&lt;/textarea&gt;&lt;b&gt;" in text
    assert text.count("</textarea>") == 1


def test_a_long_result_is_cut_with_a_word_about_it(client, monkeypatch):
    monkeypatch.setattr("lod.web.sparql.answer.PAGE_ROWS", 7)
    text = page(client, "SELECT ?s { ?s dcterms:title ?t } ORDER BY ?s").text
    assert "The first 7 rows; there are more." in text
    assert len(re.findall(r"<tr><td>", text)) == 7


def test_ask_is_answered_in_words(client):
    assert "<strong>Yes</strong>" in page(client, "ASK { ?s a bibo:Journal }").text
    assert "<strong>No</strong>" in page(client, "ASK { ?s a bibo:Map }").text


def test_graphs_are_shown_as_turtle(client):
    text = page(client, "CONSTRUCT WHERE { ?j a bibo:Journal ; dcterms:title ?t }").text
    assert "@prefix bibo: &lt;http://purl.org/ontology/bibo/&gt; ." in text
    assert "format=jsonld" in text


def test_a_result_that_is_cut_leads_to_the_whole_of_it(client, monkeypatch):
    monkeypatch.setattr("lod.web.sparql.answer.PAGE_ROWS", 7)
    text = page(client, "SELECT ?s { ?s dcterms:title ?t } ORDER BY ?s").text
    assert '<a href="#whole">Take the whole result</a>' in text
    whole = re.search(r'id="whole">.*?href="([^"]*&amp;format=csv)"', text)[1].replace("&amp;", "&")
    assert len(client.get(whole).text.splitlines()) > 8


def test_a_query_that_is_too_long_for_a_link_has_buttons_to_the_whole_result(client):
    query = f"SELECT * {{ ?s ?p ?o }} LIMIT 2 # {'x' * 5_000}"
    text = page(client, query).text
    form = re.search(r'<form action="/repo/sparql" method="post"[^>]* id="whole">.*?</form>', text, re.DOTALL)[0]
    assert f'name="query" value="{query}"' in form
    assert re.findall(r'name="format" value="(\w+)"', form) == ["json", "xml", "csv", "tsv"]
    answer = client.post("/repo/sparql", data={"query": query, "format": "csv"})
    assert (answer.mimetype, len(answer.text.splitlines())) == ("text/csv", 3)


def test_a_long_graph_is_cut_at_the_end_of_a_line(client, monkeypatch):
    monkeypatch.setattr(sparql_page, "_GRAPH_BYTES", 1_000)
    text = page(client, "CONSTRUCT WHERE { ?s ?p ?o }").text
    assert "This is the beginning of a longer result." in text
    assert len(text.partition('<pre tabindex="0" aria-labelledby="result">')[2].partition("</pre>")[0]) < 2_000


def test_an_empty_result_says_so(client):
    assert "0 rows." in page(client, "SELECT ?s { ?s a bibo:Map }").text
    assert "The result is empty." in page(client, "CONSTRUCT WHERE { ?s a bibo:Map }").text


def test_a_syntax_error_is_shown_with_its_place_above_the_query(client):
    response = page(client, "SELECT * {\n  ?s ?p }")
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert "<p>The query cannot be read: line 2, column" in response.text
    assert re.search(r'<pre class="fault" tabindex="0">    \?s \?p \}\n +\^</pre>', response.text)
    assert "SELECT * {\n  ?s ?p }</textarea>" in response.text


def test_the_only_script_is_a_file_of_this_site_and_the_policy_allows_no_other(client):
    response = page(client, "SELECT * { ?s ?p ?o } LIMIT 3")
    assert re.findall(r"<script[^>]*>", response.text) == [
        f'<script src="/repo/static/query.js?v={__version__}" defer>'
    ]
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'"} <= set(policy)
    assert "Accept" in response.headers["Vary"].split(", ")


def test_html_is_a_format_like_the_others(client):
    response = client.get("/repo/sparql?query=ASK%7B%7D&format=html")
    assert (response.status_code, response.mimetype) == (200, "text/html")


def test_the_service_description_names_formats_graphs_and_the_dataset(client):
    text = client.get("/repo/sparql", headers={"Accept": "text/turtle"}).text
    for expected in (
        "a sd:Service", "sd:supportedLanguage sd:SPARQL11Query", "sd:defaultDataset <id/dataset>", "sd:defaultGraph",
        "formats:SPARQL_Results_JSON", "sd:languageExtension", "void:triples",
    ):  # fmt: skip
        assert expected.replace("formats:", "") in text


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        pytest.param(
            "SELECT ?s { ?s dcterms:titel ?t }",
            r"dcterms:titel is not used in this dataset; did you mean dcterms:title \([\d,]+ in the data\)\?",
            id="property",
        ),
        pytest.param(
            "SELECT ?s { ?s a bibo:Journl }",
            r"bibo:Journl is not used in this dataset; did you mean bibo:Journal \(\d+ in the data\)",
            id="class",
        ),
        pytest.param(
            "PREFIX d: <http://purl.org/dc/terms/> ASK { ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>/d:titel 1 }",
            r"dcterms:titel is not used in this dataset; did you mean dcterms:title ",
            id="own prefix, in a path",
        ),
        pytest.param(
            "CONSTRUCT { ?s a foaf:Xyzzy } { ?s a bibo:Map }", r"bibo:Map is not used in this dataset", id="graph"
        ),
    ],
)
def test_a_term_that_the_data_does_not_use_is_told_with_the_nearest(client, query, remark):
    text = page(client, query).text
    assert len(re.findall('role="note"', text)) == 1
    assert re.search(remark, text)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT ?s { ?s a bibo:Journal ; dcterms:title ?t FILTER(DATATYPE(?t) != xsd:gYear) }", id="used"),
        pytest.param("SELECT ?s { ?s <http://example.org/titel> <id/item/no/where> }", id="no vocabulary"),
        pytest.param("SELECT ?s { GRAPH ?g { ?s dcterms:titel ?t } }", id="named graphs"),
        pytest.param("CONSTRUCT { ?s dcterms:titel ?t } WHERE { ?s dcterms:title ?t } LIMIT 1", id="template"),
        pytest.param("SELECT (STR(fld:) AS ?s) { FILTER('dcterms:titel' != 'x') }", id="a namespace, a string"),
    ],
)
def test_what_is_used_or_may_be_anything_has_no_remark(client, query):
    assert 'role="note"' not in page(client, query).text


def test_a_page_has_a_weak_tag_since_it_says_how_long_its_query_took(client):
    response = page(client, "SELECT ?s { ?s a bibo:Journal }")
    tag = response.headers["ETag"]
    assert tag.startswith('W/"')
    address = response.request.path + "?" + response.request.query_string.decode()
    again = client.get(address, headers={"Accept": BROWSER, "If-None-Match": tag})
    assert again.status_code == 304


def test_a_table_is_sorted_by_links_in_natural_order_both_ways_with_empty_cells_last(client):
    query = "SELECT ?a { VALUES ?a { 'Volume 10' UNDEF 'volume 9' 'A' } }"
    shown = []
    for sort in ("a", "-a"):
        address = f"/repo/sparql?{urllib.parse.urlencode({'query': query, 'sort': sort})}"
        text = client.get(address, headers={"Accept": BROWSER}).text
        shown.append(re.findall(r'<td>(?:<span dir="auto">|<span class="hidden">)([^<]*)</span>', text))
        order = {"a": "ascending", "-a": "descending"}[sort]
        assert f'aria-sort="{order}"' in text
        other = {"a": "-a", "-a": "a"}[sort]
        assert f'&amp;sort={other}#result"' in text
    assert shown == [["A", "volume 9", "Volume 10", "no value"], ["Volume 10", "volume 9", "A", "no value"]]


def test_sorting_by_what_is_no_variable_is_refused(client):
    response = client.get("/repo/sparql", query_string={"query": "SELECT ?a ?b {}", "sort": "c", "format": "html"})
    assert response.status_code == 400
    assert "The query cannot be answered: sort=c is no variable of the result; it has: a, b" in response.text


def test_a_result_that_is_cut_has_no_links_to_sort_it(client, monkeypatch):
    monkeypatch.setattr("lod.web.sparql.answer.PAGE_ROWS", 7)
    assert "Sort by" not in page(client, "SELECT ?s { ?s dcterms:title ?t }").text


@pytest.mark.parametrize(
    ("parameters", "disposition", "start"),
    [
        pytest.param({"format": "csv", "download": "mine"}, 'attachment; filename="mine.csv"', b"t\r\n", id="CSV"),
        pytest.param({"format": "csv", "bom": "1"}, None, b"\xef\xbb\xbft\r\n", id="byte order mark"),
        pytest.param(
            {"format": "json", "bom": "1", "download": "a-1"}, 'attachment; filename="a-1.json"', b"{", id="JSON"
        ),
        pytest.param({"format": "csv", "bom": "0"}, None, b"t\r\n", id="none"),
    ],
)
def test_a_download_has_a_name_and_where_asked_a_byte_order_mark(client, parameters, disposition, start):
    query = "SELECT ?t { ?s dcterms:title ?t } ORDER BY ?t LIMIT 2"
    response = client.get("/repo/sparql", query_string={"query": query, **parameters})
    assert response.headers.get("Content-Disposition") == disposition
    assert response.data.startswith(start)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({"download": "../x"}, "download=../x is no name of a file", id="path"),
        pytest.param({"download": 'a"\r\nX: y'}, 'download=a"', id="header"),
        pytest.param({"bom": "yes"}, "bom=yes is neither 1 nor 0", id="mark"),
    ],
)
def test_a_download_that_cannot_be_is_refused(client, parameters, message):
    response = client.get("/repo/sparql", query_string={"query": "ASK {}", **parameters})
    assert (response.status_code, response.text.startswith(message)) == (400, True)


def test_the_service_description_has_prefixes_and_examples_that_run_with_them(client):
    text = client.get("/repo/sparql", headers={"Accept": "application/n-triples"}).text
    store = ox.Store()
    store.load(text, format=ox.RdfFormat.N_TRIPLES)
    prefixes = {
        row["prefix"].value: row["space"].value
        for row in store.query(
            "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?prefix ?space { ?endpoint a "
            "<http://www.w3.org/ns/sparql-service-description#Service> ; sh:declare [ sh:prefix ?prefix ; sh:namespace ?space ] }"
        )
    }
    assert prefixes["dcterms"] == "http://purl.org/dc/terms/"
    examples = list(
        store.query(
            "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
            "SELECT ?comment ?query { ?q a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ; rdfs:comment ?comment ; "
            "sh:select ?query ; sh:prefixes ?endpoint . ?endpoint sh:declare ?any } GROUP BY ?comment ?query"
        )
    )
    wanted = {
        question.sentence({})
        for question in load_questions()
        if question.left_open and "CONSTRUCT" not in question.query
    }
    assert wanted == {row["comment"].value for row in examples}
    for row in examples:
        store.query(row["query"].value, prefixes=prefixes)


def shown(client, query, **parameters):
    return client.get("/repo/sparql", query_string={"query": query, **parameters}, headers={"Accept": BROWSER})


YEARS = "SELECT ?year ?n { VALUES (?year ?n) { ('2010' 3) ('2011' 5) } }"


def test_a_chart_stands_above_the_table_where_the_query_states_a_view(client):
    text = shown(client, f"# How many?\n#defaultView:BarChart\n{YEARS}").text
    assert re.findall(r'<rect class="s1"[^>]*><title>([^<]+)</title>', text) == ["2010: 3", "2011: 5"]
    assert 'aria-label="How many? Bar chart. 2 values of n, from 3 (2010) to 5 (2011)."' in text
    assert text.index("<svg") < text.index('<table class="result">')
    assert re.findall(r'view=(\w+)#result"(?: aria-current="true")?>([\w ]+)</a>', text) == [
        ("table", "Table"), ("bar", "Bar chart"), ("line", "Line chart"), ("scatter", "Scatter chart"), ("timeline", "Timeline"),
    ]  # fmt: skip


def test_a_view_of_the_address_wins_over_that_of_the_query(client):
    query = f"#defaultView:BarChart\n{YEARS}"
    assert "<svg" not in shown(client, query, view="table").text
    assert 'class="line s1"' in shown(client, query, view="line").text


def test_a_chart_may_be_drawn_from_some_columns(client):
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ('x' 1 10) ('y' 2 20) } }"
    assert 'class="s2"' in shown(client, query, view="bar").text
    text = shown(client, query, view="bar", columns=["a", "c"]).text
    assert re.findall(r"<title>(\w: \d+)</title>", text) == ["x: 10", "y: 20"]
    assert '<input type="checkbox" name="columns" value="c" checked>' in text


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        pytest.param(
            "#defaultView:Dimensions\n", "There is no view Dimensions here; known: Table, BarChart", id="unknown"
        ),
        pytest.param("#defaultView:Map\n", "The result has no columns for a map.", id="no such columns"),
    ],
)
def test_a_view_that_cannot_be_is_told_beside_the_table(client, query, remark):
    text = shown(client, query + YEARS).text
    assert remark in text
    assert "<svg" not in text


def test_an_unknown_view_of_the_address_is_refused(client):
    response = client.get("/repo/sparql", query_string={"query": YEARS, "view": "cake"})
    assert (response.status_code, response.text) == (
        400, "view=cake is not known; known: table, bar, line, scatter, timeline, map.\n",
    )  # fmt: skip


def test_a_chart_is_an_svg_file_under_a_policy_of_its_own(client):
    response = client.get(
        "/repo/sparql", query_string={"query": YEARS, "view": "bar", "format": "svg", "download": "c"}
    )
    assert response.mimetype == "image/svg+xml"
    assert response.headers["Content-Disposition"] == 'attachment; filename="c.svg"'
    assert response.headers["Content-Security-Policy"] == FILE_POLICY
    assert b"<title>2011: 5</title>" in response.data


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT ?a { VALUES ?a { 'x' } }", id="texts"),
        pytest.param("ASK {}", id="ASK"),
        pytest.param("SELECT ?a { ?a <urn:none> 1 }", id="nothing"),
    ],
)
def test_what_cannot_be_drawn_is_refused_as_a_file(client, query):
    response = client.get("/repo/sparql", query_string={"query": query, "format": "svg"})
    assert response.status_code == 400
    assert "The result cannot be drawn: a chart needs a column of numbers, dates or places." in response.text


def test_codes_in_a_result_are_shown_in_words(client):
    text = page(client, "SELECT (<http://id.loc.gov/vocabulary/iso639-2/eng> AS ?l) {}").text
    assert re.search(r">English</a> <small>http://id.loc.gov/vocabulary/iso639-2/eng</small>", text)
