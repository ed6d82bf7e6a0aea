"""Questions: what each answers on a site of the bundled files, what its blanks offer, and what a typed text means there."""

import json
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from lod.cli.site import open_site
from lod.errors import BadValueError
from lod.questions.blanks import BLANKS
from lod.questions.load import VIEWS, by_group, load_questions
from lod.rdf.claims import claim
from lod.rdf.vocabulary import load_vocabulary
from tests.helpers import questions_page
from tests.helpers.paths import ROOT

SITE = "https://example.org/"
QUESTIONS = load_questions()
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EVERY = [pytest.param(question, id=question.name) for question in QUESTIONS]


def query_of(response):
    assert response.status_code == 303, response.text
    return parse_qs(urlsplit(response.location).query)["query"][0]


def rows_of(client, query):
    response = client.post(
        "/sparql",
        data={"query": query},
        headers={"Accept": "application/sparql-results+json, application/n-triples;q=0.9"},
    )
    assert response.status_code == 200, response.text
    if response.mimetype == "application/n-triples":
        return response.data.splitlines()
    return json.loads(response.data)["results"]["bindings"]


def test_there_are_questions_of_four_groups_each_with_a_name_of_its_own():
    assert len(QUESTIONS) >= 30
    assert {group: len(found) >= 6 for group, found in by_group().items()} == dict.fromkeys(
        ("Cataloguer", "Researcher", "Library director", "Developer"), True
    )
    assert (
        len({question.name for question in QUESTIONS})
        == len({question.ask for question in QUESTIONS})
        == len(QUESTIONS)
    )


@pytest.mark.parametrize("question", EVERY)
def test_the_blanks_of_a_question_are_those_of_its_query_and_have_samples(question):
    assert question.view in {"", *VIEWS}
    assert (
        {blank.name for blank in question.blanks}
        == set(question.sample)
        == set(re.findall(r"\{([a-z]+)\}", question.query))
    )


@pytest.mark.parametrize("question", EVERY)
def test_a_question_has_as_many_rows_as_it_says(sample_client, question):
    assert len(rows_of(sample_client, questions_page.filled(question, SITE))) == question.rows > 0


@pytest.mark.parametrize("question", EVERY)
def test_a_question_asked_with_what_its_form_offers_has_rows(sample_client, question):
    query = query_of(sample_client.get(f"/questions/{question.name}"))
    assert query.startswith("# ")
    assert "{" + "}" not in query
    assert rows_of(sample_client, query)


@pytest.mark.parametrize("question", [one for one in EVERY if one.values[0].left_open])
def test_a_question_with_its_blanks_left_open_has_rows_too(sample_client, question):
    assert rows_of(sample_client, question.left_open) or question.name in {
        "first-or-last-author",
        "journals-of",
        "roles-of",
    }


def test_the_documentation_is_made_of_the_questions(request):
    page = ROOT / "docs" / "questions.md"
    if request.config.getoption("--accept"):
        page.write_text(questions_page.text(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == questions_page.text(), "pytest tests/web/questions --accept writes it"


def test_the_page_has_a_form_for_each_question_that_offers_what_the_site_has(sample_client):
    text = sample_client.get("/questions").text
    assert "<script" not in text
    assert re.findall(r'<li id="([^"]+)">', text) == [
        question.name for group in by_group().values() for question in group
    ]
    for blank in ("item", "person", "journal", "subject", "funder", "keyword", "doi", "year", "words"):
        options = re.search(rf'<datalist id="values-{blank}">(.+?)</datalist>', text, re.DOTALL)
        assert options, blank
        assert options[1].count("<option ") >= 1, blank
    assert text.count('<span class="hidden">Name of a person</span><input name="person"') == 5


@pytest.mark.parametrize(
    ("question", "blank", "typed", "expected"),
    [
        pytest.param("coauthors", "person", "Lu, L", "<https://example.org/id/person/rp00477>", id="name of a person with an IRI"),
        pytest.param("coauthors", "person", "lu, l", "<https://example.org/id/person/rp00477>", id="small letters"),
        pytest.param("coauthors", "person", "person/rp00477", "<https://example.org/id/person/rp00477>", id="key"),
        pytest.param("coauthors", "person", "Liang, J", '?person foaf:name "Liang, J" .', id="known by name only"),
        pytest.param("journal-holdings", "journal", "annals of the rh", "<https://example.org/id/serial/0003-4967>", id="begun title"),
        pytest.param("citation", "item", "10.1136/ARD.2009.123463", "<https://example.org/id/item/10722/129504>", id="DOI"),
        pytest.param("citation", "item", "10722/129504", "<https://example.org/id/item/10722/129504>", id="handle"),
        pytest.param("citation", "item", f"{SITE}id/item/10722/129504", "<https://example.org/id/item/10722/129504>", id="IRI"),
        pytest.param("titles-with", "words", 'a "quoted\\ word', r'LCASE("a \"quoted\\ word")', id="quotation marks"),
        pytest.param("works-of-year", "year", "0998", "= 998 )", id="year"),
    ],
)  # fmt: skip
def test_a_typed_text_fills_the_blank_with_what_it_means(sample_client, question, blank, typed, expected):
    query = query_of(sample_client.get(f"/questions/{question}", query_string={blank: typed}))
    assert expected in query
    ox.Store().query(query, base_iri=SITE, prefixes=load_vocabulary().prefixes)


def test_a_text_that_may_mean_several_things_is_answered_by_which(sample_client):
    text = sample_client.get("/questions/works-of?person=Islam").text
    assert "Which one is meant?" in text
    links = re.findall(r'<a href="(/questions/works-of\?person=[^"]+)"[^>]*>([^<]+)</a>', text)
    assert len(links) > 1
    assert all(name.startswith("Islam") for _, name in links)
    assert query_of(sample_client.get(links[0][0])).startswith(f"# What has “{links[0][1]}” written")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("works-of?person=Xyzzy", 'nothing here fits “<span dir="auto">Xyzzy</span>”', id="nobody"),
        pytest.param("works-of-year?year=soon", 'nothing here fits “<span dir="auto">soon</span>”', id="no year"),
        pytest.param("citation?item=https://example.org/id/item/none", "nothing here fits", id="no such IRI"),
        pytest.param("works-of?person=%3Cscript%3E", "&lt;script&gt;", id="markup"),
    ],
)
def test_what_means_nothing_here_is_said_with_the_form(sample_client, address, message):
    response = sample_client.get(f"/questions/{address}")
    assert response.status_code == 200
    assert message in response.text
    assert "<script" not in response.text
    assert 'action="/questions/' in response.text


def test_a_question_that_is_not_there_is_404_and_says_where_they_are(sample_client):
    response = sample_client.get("/questions/none")
    assert response.status_code == 404
    assert "There is no question none. All of them are at /questions" in response.text


def test_a_site_without_a_search_index_asks_for_anything(client):
    assert 'href="/repo/questions/works-by-year"' in client.get("/repo/questions").text
    response = client.get("/repo/questions/journal-holdings")
    assert "{ SELECT ?journal WHERE { ?journal a bibo:Journal } LIMIT 1 }" in query_of(response)
    assert "this site has none to offer" in client.get("/repo/questions/titles-with").text


@pytest.mark.parametrize(
    ("blank", "value"),
    [("year", "20x0"), ("person", "x:<> y"), ("journal", "no iri"), ("words", "a" * 501), ("year", "12345")],
)
def test_a_value_that_does_not_fit_its_blank_is_refused(blank, value):
    with pytest.raises(BadValueError):
        BLANKS[blank].filled(value)


def test_the_endpoint_has_the_questions_and_prefixes_in_a_graph(sample_client):
    query = (
        "SELECT ?question ?sentence ?select WHERE { GRAPH <data/questions> { ?question a sh:SPARQLSelectExecutable ; "
        "rdfs:comment ?sentence ; sh:select ?select ; sh:prefixes ?endpoint . ?endpoint sh:declare ?declared . "
        '?declared sh:prefix "dcterms" ; sh:namespace ?space } }'
    )
    found = {row["question"]["value"]: row["select"]["value"] for row in rows_of(sample_client, query)}
    wanted = [question for question in QUESTIONS if question.left_open and "CONSTRUCT" not in question.query]
    assert found == {f"{SITE}sparql#question-{question.name}": question.left_open for question in wanted}
    assert len(found) > 25
    response = sample_client.get("/sparql", headers={"Accept": "application/n-triples"})
    assert f"<{SITE}sparql#question-works-by-year> <http://www.w3.org/ns/shacl#select> " in response.text


COPIES = 2_000
ASK = """
import json, sys
import pyoxigraph as ox
directory, prefixes, questions = json.load(sys.stdin)
store = ox.Store.read_only(directory)
for key, query in questions:
    print(key, end=" ", flush=True)
    print(sum(1 for _ in store.query(query, base_iri="https://example.org/", prefixes=prefixes)), flush=True)
"""
"""A query cannot be stopped from within its process."""


@pytest.mark.slow
def test_every_question_comes_to_its_end_on_a_few_thousand_items(sample_site, tmp_path):
    """The engine counts no steps: how quick each question is, `tests/bench/bench_questions.py` measures."""
    folder, settings = sample_site
    triples = (claim(*triple) for triple in open_site(folder, settings).live().store.all_triples())
    item = "\n".join(triples) + "\n"
    many = tmp_path / "many.nt"
    with many.open("w", encoding="utf-8") as file:
        for number in range(COPIES):
            copy = item.replace("10722/129504", f"10722/{129504 - number}").replace(
                "2009.123463", f"2009.{123463 - number}"
            )
            # Number 3 has the journal of the questions.
            file.write(copy.replace("0003-4967", f"{number % 50:04d}-4967"))
    store = ox.Store(str(tmp_path / "store"))
    store.bulk_load(path=str(many), format=ox.RdfFormat.N_TRIPLES)
    del store
    asked = [(question.name, questions_page.filled(question, SITE)) for question in QUESTIONS]
    job = json.dumps([str(tmp_path / "store"), load_vocabulary().prefixes, asked])
    done = subprocess.run(
        [sys.executable, "-c", ASK], input=job, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    found = {key: int(rows) for key, rows in map(str.split, done.stdout.splitlines())}
    assert list(found) == [key for key, _ in asked]
    assert [key for key, rows in found.items() if not rows] == []
    assert found["first-or-last-author"] == COPIES
