"""How sure a claim is decides where it may stand: stated, read, guessed (docs/adr/0038)."""

import pytest

from lod.mapping.record.apply import map_record
from lod.record import Record, Value
from lod.settings.table import make_settings
from tests.helpers.loaded import bundled_crosswalk

MOMENT = "2026-11-23T00:00:00Z"
ITEM = "<https://example.org/id/item/1/2>"
SERIAL = "<https://example.org/id/serial/"
TITLE = ("dc.title", "Decoherence of examples")
ARTICLE = ("dc.type", "Article")
SENTENCE = ("dc.identifier", "Roe, A. 2014. Decoherence of examples. Physical Review A, vol 90, pp 1-11")
ISSN = ("dc.identifier", "1050-2947")


def mapped(crosswalk, *pairs, **options):
    values = tuple(Value(*pair) for pair in (*pairs, ("dc.identifier.uri", "http://hdl.handle.net/1/2")))
    return map_record(Record("s", "s, record 1", values), crosswalk, MOMENT, **options)


def objects(result, subject, name):
    return [line.split(" ", 2)[2][:-2] for line in result.claims if line.startswith(f"{subject} ") and f"/{name}>" in line.split(" ")[1]]  # fmt: skip


def serials(result):
    return sorted({line.split(" ")[0] for line in result.claims if line.startswith(SERIAL)})


def test_a_journal_that_only_a_sentence_names_is_a_text_of_the_item(crosswalk):
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, ISSN)
    assert objects(result, ITEM, "publicationName") == ['"Physical Review A"']
    assert objects(result, ITEM, "volume") == ['"90"', '"90"']
    assert objects(result, ITEM, "issn") == ['"1050-2947"']
    assert serials(result) == []
    assert {line.split(" ")[0] for line in result.guessed} == {ITEM}
    assert not any("/issn>" in line for line in result.guessed)


def test_a_journal_and_its_issn_that_are_guessed_stand_on_the_item(crosswalk):
    source, bare = ("dc.source", "Physical Review A"), ("dc.identifier", "10502947")
    result = mapped(crosswalk, TITLE, ARTICLE, source, ("dc.identifier.issn", "1050-2947"))
    assert objects(result, ITEM, "publicationName") == ['"Physical Review A"']
    assert objects(result, ITEM, "issn") == ['"1050-2947"']
    assert (serials(result), {line.split(" ")[0] for line in result.guessed}) == ([], {ITEM})
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, bare)
    assert (objects(result, ITEM, "issn"), serials(result)) == (['"1050-2947"'], [])
    assert any("/issn>" in line for line in result.guessed)


def test_the_item_of_a_blog_is_in_a_serial_that_is_no_journal(crosswalk):
    result = mapped(crosswalk, TITLE, ("dc.type", "blog post"), ("dc.relation.ispartof", "Musings about Examples"))
    (serial,) = serials(result)
    assert all(name.endswith("/Periodical>") for name in objects(result, serial, "22-rdf-syntax-ns#type"))


@pytest.mark.parametrize(
    ("types", "class_"),
    [
        pytest.param(["magazine article"], "Magazine", id="in a magazine"),
        pytest.param(["newspaper article"], "Newspaper", id="in a newspaper"),
        pytest.param(["magazine article", "journal article"], "Journal", id="called an article of a journal too"),
    ],
)
def test_the_type_of_an_article_says_what_holds_it(crosswalk, types, class_):
    container = ("dc.relation.ispartof", "The Weekly Example")
    result = mapped(crosswalk, TITLE, *(("dc.type", name) for name in types), container)
    (serial,) = serials(result)
    assert all(name.endswith(f"/{class_}>") for name in objects(result, serial, "22-rdf-syntax-ns#type"))


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        pytest.param('Brand, Amy. 2018. "Decoherence of examples." Learned Publishing, 31.', "0953-1513", id="one number"),
        pytest.param('Brand, Amy. 2018. "Decoherence of examples." Learned Publishing.', "0953-1513", id="no number"),
        pytest.param("Brand, Amy. “Decoherence of examples.” Learned Publishing (October 2014): 69.", "0953-1513", id="a page"),
    ],
)  # fmt: skip
def test_a_name_that_stands_behind_the_title_in_the_citation_is_the_journal(crosswalk, sentence, number):
    relation = ("dc.relation", "Learned Publishing")
    result = mapped(crosswalk, TITLE, ARTICLE, ("dc.identifier", sentence), ("dc.identifier", number), relation)
    assert objects(result, f"{SERIAL}{number}>", "title") == ['"Learned Publishing"']
    assert not any("publicationName" in line for line in result.claims)


def test_a_guess_before_the_field_that_names_the_journal_does_not_stand_in_its_way(crosswalk):
    sentence = ("dc.identifier", 'Brand, Amy. 2018. "Decoherence of examples." Learned Publishing, 31.')
    pairs = [("dc.source", "Wiley"), ("dc.relation", "Learned Publishing"), ("dc.identifier", "0953-1513"), sentence]
    result = mapped(crosswalk, TITLE, ARTICLE, *pairs)
    assert objects(result, f"{SERIAL}0953-1513>", "title") == ['"Learned Publishing"']
    assert not any('"Wiley"' in line and "/field/" not in line for line in result.claims)


def test_a_short_title_in_quotation_marks_is_that_of_the_citation(crosswalk):
    sentence = 'Roe, Steven. 2020. "Silicon Fox." Anthropology and Humanism, 45 (1).'
    relation = ("dc.relation", "Anthropology and Humanism")
    result = mapped(crosswalk, ("dc.title", "Silicon Fox"), ARTICLE, ("dc.identifier", sentence), relation)
    assert any("/v/45/i/1>" in name for name in serials(result))


def test_the_issn_of_a_paper_in_a_series_is_that_of_the_series(crosswalk):
    result = mapped(
        crosswalk,
        TITLE,
        ("dc.type", "conference paper"),
        ("dc.relation.ispartof", "Proceedings of Examples"),
        ("dc.relation.ispartofseries", "Examples on Markup"),
        ("dc.identifier.issn", "1947-2609"),
    )
    assert objects(result, f"{SERIAL}1947-2609>", "title") == ['"Examples on Markup"']
    assert objects(result, f"{ITEM[:-1]}#host>", "title") == ['"Proceedings of Examples"']


def test_a_series_of_the_house_never_gets_the_number_of_the_journal(crosswalk):
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, ISSN, ("dc.relation", "Workflow;14334"))
    (series,) = serials(result)
    assert series.startswith(f"{SERIAL}n-")
    assert objects(result, series, "title") == ['"Workflow"']
    assert objects(result, series, "issn") == []


def test_a_guess_that_a_field_confirms_counts_as_read(crosswalk):
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, ISSN, ("dc.relation", "Physical Review A"))
    assert serials(result)[0] == f"{SERIAL}1050-2947#id-issn-1050-2947>"
    assert objects(result, f"{SERIAL}1050-2947/v/90>", "hasSequenceIdentifier") == ['"90"']
    assert result.guessed == frozenset()


def test_a_field_goes_before_a_guess_and_keeps_its_own_journal(crosswalk):
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, ("dc.relation.ispartof", "Another Journal"))
    (serial,) = serials(result)
    assert objects(result, serial, "title") == ['"Another Journal"']
    assert objects(result, ITEM, "isPartOf") == [serial]
    assert objects(result, ITEM, "publicationName") == []


def test_a_site_may_publish_without_guesses():
    crosswalk = bundled_crosswalk(make_settings({"base_iri": "https://example.org/", "guesses": False}, {}))
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE)
    assert result.guessed == frozenset()
    assert objects(result, ITEM, "publicationName") == objects(result, ITEM, "bibliographicCitation") == []
    assert any("/field/dc.identifier>" in line for line in result.fates[2].claims)


def test_nothing_is_guessed_of_a_distrusted_value(crosswalk):
    result = mapped(crosswalk, TITLE, ARTICLE, SENTENCE, distrusted={2})
    assert objects(result, ITEM, "publicationName") == []
    assert any(fate.claims and all("/field/" in line for line in fate.claims) for fate in result.fates[2:3])


@pytest.mark.parametrize(
    ("pairs", "classes"),
    [
        pytest.param([ARTICLE], ["bibo/Journal", "fabio/Journal"], id="an article"),
        pytest.param([], ["bibo/Periodical", "fabio/Periodical"], id="nothing is said of the type"),
        pytest.param([("dc.type", "Report")], ["bibo/Periodical", "fabio/Periodical"], id="a report"),
    ],
)
def test_the_class_of_a_serial_is_the_neutral_one_where_the_record_does_not_say_it(crosswalk, pairs, classes):
    result = mapped(crosswalk, *pairs, ("dc.relation.ispartof", "Annals"), ("dc.identifier.issn", "1661-6596"))
    types = objects(result, f"{SERIAL}1661-6596>", "22-rdf-syntax-ns#type")
    assert sorted("/".join(type_[1:-1].split("/")[-2:]) for type_ in types) == classes


def test_ojs_in_two_languages_gives_one_journal_with_both_titles(crosswalk):
    result = mapped(
        crosswalk,
        ("dc.type", "info:eu-repo/semantics/article"),
        ("dc.source", "Праці Інституту; Том 12 № 1 (2015): Спектральна теорія; 6-7", "uk-UA"),
        ("dc.source", "Proceedings; Vol 12 No 1 (2015): Spectral theory; 6-7", "en-US"),
        ("dc.source", "1815-2910"),
    )
    journal = f"{SERIAL}1815-2910>"
    assert {title.lower() for title in objects(result, journal, "title")} == {
        '"proceedings"@en-us',
        '"праці інституту"@uk-ua',
    }
    issue = f"{SERIAL}1815-2910/v/12/i/1>"
    assert objects(result, ITEM, "isPartOf") == [issue]
    assert len(objects(result, issue, "title")) == 2
    assert objects(result, ITEM, "pageStart") == ['"6"']
    assert result.guessed == frozenset()


@pytest.mark.parametrize(
    ("type_", "number", "node"),
    [
        pytest.param("Article", "ISSN: 1462-2912", f"{SERIAL}1462-2912>", id="a journal"),
        pytest.param("Book chapter", "ISBN: 978-0-306-40615-7", "<https://example.org/id/book/9780306406157>", id="a book"),
        pytest.param("Conference paper", "ISBN: 978-0-306-40615-7", "<https://example.org/id/book/9780306406157>", id="proceedings"),
    ],
)  # fmt: skip
def test_a_title_beside_its_number_is_read_as_librecat_writes_it(crosswalk, type_, number, node):
    result = mapped(crosswalk, ("dc.type", type_), ("dc.source", "MICROBIOLOGY"), ("dc.source", number))
    assert objects(result, node, "title") == ['"MICROBIOLOGY"']
    assert objects(result, ITEM, "isPartOf") == [node]
    assert objects(result, ITEM, "isbn13") == []


def test_a_journal_in_the_field_of_a_series_is_the_journal_of_the_article(crosswalk):
    result = mapped(crosswalk, ARTICLE, ("dc.relation.ispartofseries", "Journal of Examples;Vol. 57, no 1"))
    assert set(objects(result, ITEM, "volume")) == {'"57"'}
    (serial,) = [node for node in serials(result) if "/v/" not in node]
    assert objects(result, serial, "title") == ['"Journal of Examples"']


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [("e659", "60", '"e659-e660"'), ("4082-4098-22", "", '"4082-4098"'), ("1423", "9", '"1423-1429"'), ("S12", "S19", '"S12-S19"')],
)  # fmt: skip
def test_pages_are_taken_whole_and_written_in_full(crosswalk, start, end, pages):
    given = [("dc.identifier.spage", start), *([("dc.identifier.epage", end)] if end else [])]
    assert objects(mapped(crosswalk, ARTICLE, *given), ITEM, "pages") == [pages]


def test_more_than_two_numbers_are_no_page(crosswalk):
    result = mapped(crosswalk, ARTICLE, ("dc.identifier.spage", "117-6-238"))
    assert objects(result, ITEM, "pageStart") == []
    assert any(
        finding.rule == "C12" and finding.message.startswith("More than two numbers") for finding in result.findings
    )
