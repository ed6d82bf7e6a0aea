"""Unqualified Dublin Core: what each value is read as, by its form and by its neighbours."""

import pytest

from lod.mapping.record.apply import map_record
from lod.mapping.unlabelled.fields import SHAPES, read_unlabelled
from lod.record import Record, Value
from lod.report import Fate

KEY = "1/2"
MOMENT = "2026-11-23T00:00:00Z"
ACCESSIONED, AVAILABLE = "2014-12-23T16:13:04Z", "2015-06-01T00:00:00Z"
VERBATIM = "verbatim"


def read(crosswalk, *pairs):
    """The qualified field of each value, the field itself where it was left alone, VERBATIM where it says nothing."""
    record = Record("s", "s, record 1", tuple(Value(*pair) for pair in pairs))
    labelled, readings = read_unlabelled(record, KEY, crosswalk)
    return [
        VERBATIM if index in readings and not readings[index].field else value.field
        for index, value in enumerate(labelled.values)
    ]


TITLE = ("dc.title", "Search with multi-worker firms")
ONE_VALUE = [
    ("dc.identifier", "http://hdl.handle.net/1721.1/92491", "dc.identifier.uri"),
    ("dc.identifier", "https://repository.example.edu/handle/19716/1539", "dc.identifier.uri"),
    ("dc.identifier", "hdl:1/3", "dc.identifier.uri"),
    ("dc.identifier", "1/3", "dc.identifier.uri"),
    ("dc.identifier", "2010/11", "dc.identifier"),
    ("dc.identifier", "doi:10.5061/dryad.143r1/1", "dc.identifier.doi"),
    ("dc.identifier", "10.1021/es4043808", "dc.identifier.doi"),
    ("dc.identifier", "http://www.ncbi.nlm.nih.gov/pubmed/23295480", "dc.identifier.pmid"),
    ("dc.identifier", "PMID: 23295480", "dc.identifier.pmid"),
    ("dc.identifier", "114529", "dc.identifier"),
    ("dc.identifier", "http://www.ncbi.nlm.nih.gov/pmc/articles/PMC3539697/", "dc.identifier.pmcid"),
    ("dc.identifier", "http://arxiv.org/abs/0709.2184v3", "dc.identifier.arxiv"),
    ("dc.identifier", "http://gateway.example.com/Gateway.cgi?GWVersion=2&KeyUT=WOS:000275809600011&Dest=x", "dc.identifier.isi"),
    ("dc.identifier", "urn:nbn:fi:tty-201012211413", "dc.identifier.urn"),
    ("dc.identifier", "978-3-319-05578-7", "dc.identifier.isbn"),
    ("dc.identifier", "9781489976055", "dc.identifier.isbn"),
    ("dc.identifier", "90-9016407-3", "dc.identifier.isbn"),
    ("dc.identifier", "90-9016407-4", "dc.identifier"),
    ("dc.relation", "BSK-CPM;BSK-CPM-1997-001", "dc.relation.ispartofseries"),
    ("dc.relation", "ERS;ERS-2003-021-F&A", "dc.relation.ispartofseries"),
    ("dc.relation", "ERS;see ERS-2003-021", VERBATIM),
    ("dc.identifier", "0306406152", "dc.identifier"),
    ("dc.identifier", "1932-6203", "dc.identifier.issn"),
    ("dc.identifier", "ISSN 19326203", "dc.identifier.issn"),
    ("dc.identifier", "03702693", "dc.identifier"),
    ("dc.identifier", "1932-6204", "dc.identifier"),
    ("dc.identifier", "CUHSLFAC000008", "dc.identifier"),
    ("dc.identifier", "TR-1234", "dc.identifier"),
    ("dc.type", "10.5555/abc", "dc.identifier.doi"),
    ("dc.description", f"Citation: Roe, A. (2015). {TITLE[1]}. Journal A 6:1287.", "dc.identifier.citation"),
    ("dc.description", "Citation: Roe, A. (2015). Another work of hers. Journal A 6:1287.", "dc.description"),
    ("dc.relation", "EPA;600/3-81-044", "dc.relation.ispartofseries"),
    ("dc.relation", "EPA;-600/3-79-049", "dc.relation.ispartofseries"),
    ("dc.relation", "IPA;", "dc.relation.ispartofseries"),
    ("dc.relation", ";FREC RR03-03", "dc.relation.ispartofseries"),
    ("dc.relation", "Policy Brief;Volume 6, May 2000", "dc.relation.ispartofseries"),
    ("dc.relation", "The Reporter;Volume 23(1)", "dc.identifier.citation"),
    ("dc.relation", "; see also", VERBATIM),
    ("dc.identifier", "Contributions to Examples; 39", "dc.identifier"),
    ("dc.identifier", "ARTN R130", "dc.identifier.articlenumber"),
    ("dc.identifier", "ARTNET 130", "dc.identifier"),
    ("dc.identifier", "PUBLISHER_CC", VERBATIM),
    ("dc.identifier", "Phys. Rev. A 87, 013814 (2013)", "dc.identifier.citation"),
    ("dc.identifier", "Odean, Terrance, 1999, Do investors trade too much? American Economic Review 89, 1279 - 1298.", VERBATIM),
    ("dc.relation", "info:eu-repo/semantics/altIdentifier/doi/10.1000/182", "dc.identifier.doi"),
    ("dc.relation", "info:eu-repo/semantics/altIdentifier/issn/1932-6203", "dc.identifier.issn"),
    ("dc.relation", "info:eu-repo/semantics/dataset/doi/10.1000/182", "dc.relation"),
    ("dc.relation", "PMID:25958891", "dc.relation"),
    ("dc.relation", "1932-6203", "dc.identifier.issn"),
    ("dc.relation", "1940-1949", VERBATIM),
    ("dc.identifier", "ISSN-L: 0028-0836", "dc.identifier.issnl"),
    ("dc.relation", "Preliminary Paper;341", "dc.relation.ispartofseries"),
    ("dc.relation", "Vol. 109;no. 3", "dc.identifier.volume"),
    ("dc.relation", "Health Sciences Library Photograph Collection", VERBATIM),
    ("dc.relation", "7.1", VERBATIM),
    ("dc.relation", "L’Inconvénient ;  no. 60 (2015)", "dc.identifier.citation"),
    ("dc.source", "Evolution: 29 (1975) no. 4, pp. 750-762", "dc.identifier.citation"),
    ("dc.source", "Roe A, Doe B. Search with multi-worker firms. Theoretical Economics. 2014;9(3):583-628. doi:10.5555/abc", "dc.identifier.citation"),
    ("dc.source", "Digital color photograph", VERBATIM),
    ("dc.source", "https://example.org/book", "dc.source"),
    ("dc.type", "info:eu-repo/semantics/publishedVersion", "dc.description.version"),
    ("dc.type", "info:eu-repo/semantics/openAccess", "dc.rights"),
    ("dc.type", "info:eu-repo/semantics/article", "dc.type"),
    ("dc.subject", "info:eu-repo/classification/ddc/330", "dc.subject.ddc"),
    ("dc.subject", "616.77", "dc.subject.ddc"),
    ("dc.subject", "911", "dc.subject"),
    ("dc.subject", "JEL: C12", "dc.subject.jel"),
    ("dc.subject", "C12", "dc.subject"),
    ("dc.subject", "Meteorology -- Maryland -- Statistics", "dc.subject"),
    ("dc.subject", "info:eu-repo/classification/lcsh/Meteorology--Maryland", "dc.subject.lcsh"),
    ("dc.subject", "616.77; ", "dc.subject.ddc"),
    ("dc.subject", "616.77; lupus", "dc.subject"),
    ("dc.subject", "Mathematics - Number Theory", "dc.subject"),
    ("dc.subject", "pre--and post-war", "dc.subject"),
    ("dc.subject", "http://id.loc.gov/authorities/subjects/sh85000001", VERBATIM),
    ("dc.rights", "info:eu-repo/date/embargoEnd/2016-05-01", "dc.embargo.liftdate"),
    ("dc.rights", "info:eu-repo/date/submitted/2016-05-01", VERBATIM),
    ("dc.source", "Roe A. Search with multi-worker firms. <em>Theoretical Economics</em>. 2014;9(3):583-628.", "dc.identifier.citation"),
    ("dc.format", "77 pages", "dc.format.extent"),
    ("dc.format", "124928", VERBATIM),
    ("dc.format", "6176 - 6180", VERBATIM),
    ("dc.format", "application/pdf", "dc.format"),
    ("dc.coverage", "1940-1949", "dc.coverage.temporal"),
    ("dc.coverage", "2005?", "dc.coverage.temporal"),
    ("dc.coverage", "Kenya", "dc.coverage.spatial"),
    ("dc.coverage", "Denver (Colo.)", "dc.coverage"),
    ("dc.coverage", "Georgia", "dc.coverage"),
    ("dc.rights", "Roe, A. (2014). Search with multi-worker firms. Theoretical Economics 9 (3), 583-628.", "dc.identifier.citation"),
    ("dc.rights", "Citation: J Ex Biol. 2010 Oct;30(19):4616-25. doi: 10.5555/a. Epub 2010 Aug 2. Link to article on publisher's site", "dc.identifier.citation"),
    ("dc.rights", "Citation: see the publisher's site", "dc.rights"),
    ("dc.rights", "Roe, A. (2014). Another work about firms. Theoretical Economics 9 (3), 583-628.", "dc.rights"),
    ("dc.identifier", "JHEP08 (2013) 079", "dc.identifier.citation"),
    ("dc.description", "Made available in DSpace on 2014-12-23T16:13:04Z (GMT).", "dc.description.provenance"),
    ("dc.description", "Abstract: We ask why.", "dc.description.abstract"),
    ("dc.description", "We ask why.", "dc.description"),
    ("dc.contributor", "0000-0003-4347-7047", VERBATIM),
    ("dc.contributor", "Lu, L", "dc.contributor"),
    ("dc.contributor", "http://creativecommons.org/licenses/by/4.0/", "dc.rights.uri"),
    ("dc.contributor", "http://example.org/people/1", VERBATIM),
    ("dc.relation", "Citation: Acemoglu D (2014) Search with Multi-Worker Firms. Theoretical Economics 9(3): 583-628.", "dc.identifier.citation"),
    ("dc.relation", "Acemoglu D (2014) Search with Multi-Worker Firms. Theoretical Economics 9(3): 583-628.", VERBATIM),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "wanted"), ONE_VALUE)
def test_a_value_is_read_by_its_form(crosswalk, field, text, wanted):
    assert read(crosswalk, TITLE, (field, text))[1] == wanted


def test_every_table_of_shapes_has_its_cases():
    assert {field.split(".")[1] for field, *_ in ONE_VALUE} == set(SHAPES) - {"date", "citation"}


EMBARGO = "dc.embargo.liftdate"


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        pytest.param([ACCESSIONED, AVAILABLE, "2014"], ["accessioned", "available", "issued"], id="DSpace"),
        pytest.param([ACCESSIONED, ACCESSIONED, "2014-10"], ["accessioned", "available", "issued"], id="the same moment twice"),
        pytest.param([ACCESSIONED, AVAILABLE], ["accessioned", "available"], id="no date of issue"),
        pytest.param([ACCESSIONED, AVAILABLE, "2014", "2014-10-01"], ["accessioned", "available", "issued", ""], id="one date twice"),
        pytest.param(["September 18, 1936", "1936-09-18"], ["issued", ""], id="one date in two forms"),
        pytest.param([ACCESSIONED, AVAILABLE, "2014", "2012"], ["accessioned", "available", "", ""], id="two dates"),
        pytest.param([ACCESSIONED, AVAILABLE, "2015", "December"], ["accessioned", "available", "issued", VERBATIM], id="a month"),
        pytest.param([ACCESSIONED, AVAILABLE, "1993", "1993", "10000-01-01"], ["accessioned", "available", "issued", "", ""], id="one year twice, and for ever"),
        pytest.param([ACCESSIONED, "2014-10"], [VERBATIM, "issued"], id="one moment"),
        pytest.param(["2014-01-01T08:00:00Z"], ["issued"], id="midnight in winter"),
        pytest.param(["2014-06-01T07:00:00Z"], ["issued"], id="midnight in summer"),
        pytest.param(["2014-06-01T07:30:00Z"], [""], id="a moment alone may be the date of issue"),
        pytest.param([ACCESSIONED, ACCESSIONED, ACCESSIONED], ["accessioned", VERBATIM, "issued"], id="one moment three times"),
        pytest.param(["2004-08-19", "2004-08-19", "1998-04"], [VERBATIM, VERBATIM, "issued"], id="days of the deposit"),
        pytest.param(["2013-06-25", "2013-09"], ["", ""], id="one year"),
        pytest.param([AVAILABLE, ACCESSIONED, AVAILABLE], [VERBATIM, "accessioned", VERBATIM], id="three moments"),
        pytest.param(["2015"], ["issued"], id="one date"),
        pytest.param(["2007-09-13", "2014-05-01"], ["", ""], id="submitted and changed"),
        pytest.param(["undated"], [""], id="no date"),
        pytest.param(["2015", "info:eu-repo/date/embargoEnd/2016-01-01"], ["issued", EMBARGO], id="the end of an embargo"),
    ],
)  # fmt: skip
def test_dates_are_told_apart_together(crosswalk, dates, wanted):
    fields = [name if name in {VERBATIM, EMBARGO} else f"dc.date.{name}".rstrip(".") for name in wanted]
    assert read(crosswalk, *(("dc.date", text) for text in dates)) == fields


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        pytest.param(["2015-01", "2014-12-22"], ["", "issued"], id="on the web before in print"),
        pytest.param(["2013-10-23", "2013-12-24"], ["issued", ""], id="both exact"),
        pytest.param(["2014-12-22", "2014-12", "2015"], ["issued", "", ""], id="a day in the month of the other"),
    ],
)
def test_the_earliest_date_of_pubmed_central_is_that_of_issue(crosswalk, dates, wanted):
    values = tuple(Value("dc.date", text) for text in dates)
    record = Record("s", "s, record 1", values, oai_identifier="oai:pubmedcentral.nih.gov:3539697")
    labelled, _ = read_unlabelled(record, "oai/pubmedcentral.nih.gov/3539697", crosswalk)
    assert [value.field for value in labelled.values] == [f"dc.date.{name}".rstrip(".") for name in wanted]


@pytest.mark.parametrize(
    ("address", "moment", "field", "text"),
    [
        pytest.param("http://repository.example.edu/context/a/article/1001/type/native/viewcontent", "2015-09-03T18:22:33Z", "dc.date.issued", "2015-09-03", id="the address of a file"),
        pytest.param("http://example.org/cgi/viewcontent.cgi?article=1956&context=aerc", "1997-06-26T16:00:00Z", "dc.date.issued", "1997-06-26", id="a time of day"),
        pytest.param("http://example.org/cgi/viewcontent.cgi?article=1956&context=aerc", "1997-06-27T01:00:00Z", "dc.date.issued", "1997-06-26", id="an evening"),
        pytest.param("http://example.org/article/1956", "1997-06-26T16:00:00Z", "dc.date", "1997-06-26T16:00:00Z", id="another program"),
    ],
)  # fmt: skip
def test_the_only_moment_of_digital_commons_is_the_day_of_issue(crosswalk, address, moment, field, text):
    record = Record("s", "s, record 1", (Value("dc.date", moment), Value("dc.identifier", address)))
    assert read_unlabelled(record, KEY, crosswalk)[0].values[0] == Value(field, text)


@pytest.mark.parametrize(
    ("citation", "wanted"),
    [
        pytest.param(
            'Roe, A. 2021. "Search with Multi-Worker Firms." Theory, 12 (2).', ["issued", ""], id="of one date"
        ),
        pytest.param("Roe, A. (2019). Search with Multi-Worker Firms. Theory, 12 (2).", ["", ""], id="of no date"),
    ],
)
def test_the_year_of_the_citation_tells_which_date_is_that_of_issue(crosswalk, citation, wanted):
    fields = read(crosswalk, TITLE, ("dc.date", "2021-02"), ("dc.date", "2020-09"), ("dc.identifier", citation))
    assert fields[1:3] == [f"dc.date.{name}".rstrip(".") for name in wanted]


SOURCE = ("dc.source", "Theoretical Economics;(2014)")
ISSN = ("dc.identifier.issn", "1933-6837")


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        pytest.param([SOURCE, ISSN], "dc.relation.ispartof", id="an ISSN and no title of the journal"),
        pytest.param([SOURCE], VERBATIM, id="no ISSN"),
        pytest.param([("dc.source", "Scopus"), ISSN], VERBATIM, id="a database"),
        pytest.param([("dc.source", "Wiley"), ISSN, ("dc.publisher", "Wiley")], VERBATIM, id="the publisher"),
        pytest.param([SOURCE, ISSN, ("dc.relation.journal", "Another")], VERBATIM, id="the journal has a field"),
        pytest.param([SOURCE, ISSN, SOURCE], VERBATIM, id="two sources"),
        pytest.param(
            [("dc.relation", "Theoretical Economics"), ("dc.identifier", "1933-6837")],
            "dc.relation.ispartof",
            id="a relation",
        ),
        pytest.param([("dc.relation", "Theoretical Economics")], VERBATIM, id="a relation without an ISSN"),
        pytest.param(
            [("dc.relation", "Theoretical Economics"), ("dc.identifier", "1933-6837"), ("marc.787.i", "1 of")],
            VERBATIM,
            id="a catalogue says what an item is in",
        ),
    ],
)
def test_the_only_source_beside_an_issn_is_guessed_to_be_the_journal(crosswalk, pairs, field):
    assert read(crosswalk, *pairs)[0] == field


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        pytest.param([("dc.identifier", "03702693"), ("dc.identifier", "1873-2445")], "dc.identifier.issn", id="beside an ISSN"),
        pytest.param([("dc.identifier", "03702693"), ("dc.identifier", "TR-1")], "dc.identifier", id="beside any number"),
        pytest.param([("dc.identifier", "20100104"), ("dc.identifier", "1873-2445")], "dc.identifier", id="a day"),
    ],
)  # fmt: skip
def test_an_issn_without_its_hyphen_is_told_by_its_neighbours(crosswalk, pairs, field):
    assert read(crosswalk, *pairs)[0] == field


def test_the_repositorys_own_series_is_none_of_the_book_around_a_chapter(crosswalk):
    values = (("dc.type", "Book chapter"), ("dc.relation", "BSK-CPM;BSK-CPM-2003-005"))
    assert read(crosswalk, *values)[1] == VERBATIM


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        pytest.param("Report", "dc.relation.ispartofseries", id="a report"),
        pytest.param("Article", "dc.identifier", id="of an article it may be the journal"),
    ],
)
def test_a_title_and_number_beside_an_issn_are_the_series(crosswalk, type_, field):
    values = (("dc.type", type_), ("dc.identifier", "Contributions to Examples; 39"), ("dc.identifier", "0081-0223"))
    assert read(crosswalk, *values)[1] == field


@pytest.mark.parametrize(
    ("series", "claims"),
    [
        pytest.param("Policy Brief;Volume 6, May 2000", {'volume> "6"', 'title> "Policy Brief"'}, id="a volume"),
        pytest.param(";RR03-03", {'number> "RR03-03"'}, id="a number alone"),
        pytest.param("EPA;600/3-81", {'number> "600/3-81"', 'title> "EPA"'}, id="a number with a slash"),
        pytest.param(
            "Vol. 109;no. 3", {'volume> "109"', 'issueIdentifier> "3"'}, id="volume and number without a title"
        ),
    ],
)
def test_the_series_of_dspace_give_titles_numbers_and_volumes(crosswalk, series, claims):
    values = (Value("dc.type", "Report"), Value("dc.relation", series))
    mapped = map_record(Record("s", "s, record 1", values, handle=KEY), crosswalk, MOMENT)
    found = {claim for claim in claims if any(claim in line for line in mapped.fates[1].claims)}
    assert found == claims
    assert any("number>" in line for line in mapped.fates[1].claims) == any("number>" in claim for claim in claims)


@pytest.mark.parametrize(
    ("type_", "field", "class_"),
    [
        pytest.param("Article", "dc.identifier.citation", "bibo/Journal", id="the journal of an article"),
        pytest.param("Report", "dc.relation.ispartofseries", "bibo/Series", id="the series of a report"),
    ],
)
def test_a_title_with_volume_and_month_is_journal_or_series(crosswalk, type_, field, class_):
    values = (("dc.type", type_), ("dc.relation", "Letters from Roofs;volume 24, September 2007"))
    assert read(crosswalk, *values)[1] == field
    record = Record("s", "s, record 1", tuple(Value(*pair) for pair in values), handle=KEY)
    claims = map_record(record, crosswalk, MOMENT).claims
    assert [claim for claim in claims if "/serial/" in claim.split()[0] and class_ in claim]


def test_what_has_volumes_beside_an_article_may_be_a_journal_or_a_series(crosswalk):
    values = (Value("dc.type", "Article"), Value("dc.relation.ispartofseries", "Letters from Roofs;vol. 24"))
    claims = map_record(Record("s", "s, record 1", values, handle=KEY), crosswalk, MOMENT).claims
    assert {claim.rpartition("/")[2] for claim in claims if "/serial/" in claim.split()[0] and "#type" in claim} == {
        "Periodical> ."
    }


def test_the_issn_of_a_report_without_a_series_is_one_of_the_item(crosswalk):
    values = (Value("dc.type", "Report"), Value("dc.identifier", "0145-0549"))
    mapped = map_record(Record("s", "s, record 1", values, handle=KEY), crosswalk, MOMENT)
    assert any('prismstandard.org/namespaces/basic/2.0/issn> "0145-0549"' in line for line in mapped.fates[1].claims)


@pytest.mark.parametrize(
    ("dates", "citation", "wanted"),
    [
        pytest.param(["2014-10", "2014-04"], "{}. Journal A 8 (2014): 3–9.", ["issued", ""], id="issue and submission"),
        pytest.param(["2018-02", "2017-11"], "Roe, A. 2018. {}. Journal A, 30 (6).", ["issued", ""], id="the year before the title"),
        pytest.param(["2014-04", "2014-10"], "{}. Journal A 8 (2014): 3–9.", ["", ""], id="the later date is the second"),
        pytest.param(["2014-10", "2014-04"], "{}. Journal A 8 (2015): 3–9.", ["", ""], id="another year in the citation"),
        pytest.param(["2014-10", "2014-04"], "Another work. Journal A 8 (2014): 3–9.", ["", ""], id="a reference"),
        pytest.param(["2014-10", "2014-04", "2014-03"], "{}. Journal A 8 (2014): 3–9.", ["", "", ""], id="three dates"),
    ],
)  # fmt: skip
def test_of_two_dates_beside_the_deposit_the_first_is_guessed_where_the_citation_has_its_year(
    crosswalk, dates, citation, wanted
):
    values = (TITLE, ("dc.identifier", citation.format(TITLE[1])), ("dc.date", ACCESSIONED), ("dc.date", AVAILABLE))
    found = read(crosswalk, *values, *(("dc.date", text) for text in dates))
    assert found[4:] == [f"dc.date.{name}".rstrip(".") for name in wanted]
    record = Record(
        "s",
        "s, record 1",
        tuple(Value(*pair) for pair in (*values, *(("dc.date", text) for text in dates))),
        handle=KEY,
    )
    mapped = map_record(record, crosswalk, MOMENT)
    issued = [line for line in mapped.claims if f'terms/issued> "{dates[0]}"' in line]
    assert bool(issued) == bool(wanted[0])
    if {date[:4] for date in dates} == {"2014"}:
        assert issued == [line for line in mapped.fates[4].guessed if "terms/issued>" in line]
        assert any(
            "hasPublicationYear" in line and line not in fate.guessed for fate in mapped.fates for line in fate.claims
        ), "the year that both dates have is certain"


@pytest.mark.parametrize(
    ("identifier", "wanted"),
    [
        pytest.param("oai:arXiv.org:1411.0001", ["dc.date.issued", "dc.date"], id="arXiv: first and last version"),
        pytest.param("oai:arXiv.org:math/0402109", ["dc.date.issued", "dc.date"], id="arXiv, an old number"),
        pytest.param("oai:repository.example.org:arXiv.org:1", ["dc.date", "dc.date"], id="another repository"),
    ],
)
def test_the_first_of_the_dates_of_arxiv_is_the_date_of_issue(crosswalk, identifier, wanted):
    values = (Value("dc.date", "2014-11-21"), Value("dc.date", "2014-12-23"))
    record = Record("s", "s, record 1", values, oai_identifier=identifier)
    assert [value.field for value in read_unlabelled(record, KEY, crosswalk)[0].values] == wanted


def test_a_labelled_date_of_issue_goes_before(crosswalk):
    assert read(crosswalk, ("dc.date.issued", "2010"), ("dc.date", "2009"))[1] == "dc.date"


def test_the_citation_tells_which_relation_is_the_journal(crosswalk):
    fields = read(
        crosswalk,
        TITLE,
        (
            "dc.identifier",
            "Acemoglu, D. “Search with Multi-Worker Firms.” Theoretical Economics 9, no. 3 (2014): 583–628.",
        ),
        ("dc.relation", "Theoretical economics"),
        ("dc.source", "Wiley"),
    )
    assert fields[1:] == ["dc.identifier.citation", "dc.relation.ispartof", VERBATIM]


EPRINTS = f"Roe, A. (2010) {TITLE[1]}. Journal A, 202 (1). pp. 113-6. ISSN 0217-7323 DOI: 10.5555/a <http://dx.doi.org/10.5555/a>"


@pytest.mark.parametrize(
    ("beside", "fields"),
    [
        pytest.param(("dc.identifier", EPRINTS), ["dc.identifier.doi", "dc.relation"], id="in the citation of EPrints"),
        pytest.param(
            ("dc.identifier", "doi:10.5555/A"), ["dc.identifier.doi", "dc.relation"], id="among the identifiers"
        ),
        pytest.param(
            ("dc.identifier", f"Roe, A. {TITLE[1]}. Journal A 8 (2014): 3-9. doi:10.5555/a"),
            ["dc.relation", "dc.relation"],
            id="in a sentence, which is a guess",
        ),
    ],
)
def test_the_doi_of_the_record_itself_is_no_relation(crosswalk, beside, fields):
    relations = [("dc.relation", "10.5555/a"), ("dc.relation", "10.5555/other")]
    assert read(crosswalk, TITLE, beside, *relations)[2:] == fields


def test_a_citation_of_several_values_gives_the_journal(crosswalk):
    pairs = [
        ("dcterms.bibliographicCitation", text) for text in ("Вестник примеров", "0217-7323", "12 107-113", "Россия")
    ]
    fields = ["dc.relation.ispartof", "dc.identifier.issn", *["dcterms.bibliographicCitation"] * 2]
    assert read(crosswalk, *pairs) == fields
    assert read(crosswalk, pairs[0], ("dcterms.bibliographicCitation", "0217-7324"))[0] == pairs[0][0]


def test_descriptions_have_the_types_that_stand_before_them(crosswalk):
    texts = ["Abstract", "SeriesInformation", "GMS Examples; 12(3):Doc26; ISSN 0217-7323", "Other", "A remark."]
    fields = [VERBATIM, VERBATIM, "dc.identifier.citation", VERBATIM, "dc.description"]
    assert read(crosswalk, *(("dc.description", text) for text in texts)) == fields
    assert (
        read(crosswalk, ("dc.description", "Abstract"), ("dc.description", "We ask why."))[1]
        == "dc.description.abstract"
    )
    assert read(crosswalk, ("dc.description", "Abstract")) == ["dc.description"]


def test_a_list_of_references_is_no_list_of_identifiers(crosswalk):
    pairs = [("dc.identifier", f"Journal of Finance {number}, 1887-19{number} (2001)") for number in (56, 57)]
    assert read(crosswalk, TITLE, *pairs)[1:] == [VERBATIM, VERBATIM]


def mapped(crosswalk, *pairs):
    values = tuple(Value(*pair) for pair in (*pairs, ("dc.identifier", "http://hdl.handle.net/1/2")))
    return map_record(Record("s", "s, record 1", values), crosswalk, MOMENT)


def test_what_was_read_is_said_and_kept_as_it_was_given(crosswalk):
    result = mapped(crosswalk, ("dc.identifier", "DOI 10.1000/ABC"))
    fate = result.fates[0]
    assert (fate.fate, fate.why) == (Fate.MAPPED, "read as dc.identifier.doi: a DOI by its form")
    assert any(line.endswith('/doi> "10.1000/abc" .') for line in fate.claims)
    assert any('field/dc.identifier> "DOI 10.1000/ABC" .' in line for line in fate.claims)


def test_what_says_nothing_is_kept_only(crosswalk):
    fate = mapped(crosswalk, ("dc.source", "Digital color photograph")).fates[0]
    assert (fate.fate, len(fate.claims)) == (Fate.KEPT, 1)
    assert fate.why == "a text that does not say what it is to the item; it was kept verbatim"


def test_a_label_is_not_part_of_a_class_mark(crosswalk):
    result = mapped(crosswalk, ("dc.subject", "info:eu-repo/classification/ddc/330"), ("dc.subject", "JEL: Q54"))
    text = "\n".join(result.claims)
    assert "<https://example.org/id/concept/ddc/330>" in text
    assert "<https://example.org/id/concept/jel/q54>" in text


def test_notes_of_a_deposit_are_withheld_under_the_name_of_their_own_field(crosswalk):
    result = mapped(crosswalk, ("dc.description", "Submitted by Ann Smith on 2014-12-23T16:13:04Z"))
    assert result.fates[0].fate is Fate.WITHHELD
    assert "Ann Smith" not in "\n".join(result.claims)
    assert any(line.endswith('suppressedField> "dc.description" .') for line in result.claims)


def test_a_site_turns_the_shapes_off_with_a_rule_of_its_own(tmp_path, settings):
    from lod.mapping.crosswalk_files.load import load_crosswalk

    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "own.toml").write_text(
        '[[rule]]\nfield = "dc.source"\nkind = "relation"\nproperty = "dcterms:source"\n'
        'example = { in = "Photographs", out = \'rdfs:label "Photographs"\' }\n'
    )
    assert read(load_crosswalk(settings, tmp_path), ("dc.source", "1932-6203")) == ["dc.source"]


def test_an_unknown_table_is_a_fault(tmp_path, settings):
    from lod.errors import ConfigError
    from lod.mapping.crosswalk_files.load import load_crosswalk

    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "own.toml").write_text(
        '[[rule]]\nfield = "dc.source"\nkind = "kept"\nby_shape = "sources"\nexample = { in = "a", out = "kept" }\n'
    )
    with pytest.raises(ConfigError, match="'by_shape' is 'sources'; it takes one of: citation, contributor"):
        load_crosswalk(settings, tmp_path)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        pytest.param("http://authors.example.edu/48857/", "dc.identifier.uri", id="host and number"),
        pytest.param("https://Authors.example.edu/id/eprint/48857", "dc.identifier.uri", id="path of EPrints"),
        pytest.param("http://authors.example.edu/48858/", "dc.relation", id="another record"),
        pytest.param("http://other.example.edu/48857/", "dc.relation", id="another host"),
        pytest.param("http://authors.example.edu/48857/1/a.pdf", "dc.relation", id="a file"),
    ],
)
def test_the_page_of_a_record_among_its_relations_is_told_by_its_oai_identifier(address, field, crosswalk):
    record = Record(
        "s", "s, record 1", (Value("dc.relation", address),), oai_identifier="oai:authors.example.edu:48857"
    )
    (value,) = read_unlabelled(record, "oai/authors.example.edu/48857", crosswalk)[0].values
    assert value.field == field
