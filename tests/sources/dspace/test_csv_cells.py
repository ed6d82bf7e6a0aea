"""Headers and cells of DSpace CSV files."""

from __future__ import annotations

import pytest

from lod.record import Value
from lod.sources.dspace.csv_cells import Separators, choose_separators, is_prose, make_plan, make_value
from lod.sources.reading.field_names import choose_delimiter, find_header, parse_header


@pytest.mark.parametrize(
    ("cell", "field", "language"),
    [
        pytest.param("dc.title", "dc.title", None, id="plain"),
        pytest.param("dc.title[en_US]", "dc.title", "en_US", id="language as written"),
        pytest.param("dc.title[]", "dc.title", None, id="empty language"),
        pytest.param("  dc.title [ en ] ", "dc.title", "en", id="spaces"),
        pytest.param("DC.Contributor.Author[en]", "dc.contributor.author", "en", id="spelling of web pages"),
        pytest.param("dcterms.bibliographicCitation", "dcterms.bibliographicCitation", None, id="case is kept"),
        pytest.param(
            "relation.isAuthorOfPublication.latestForDiscovery",
            "relation.isAuthorOfPublication.latestForDiscovery",
            None,
            id="entity relation",
        ),
        pytest.param("cg.subject.cifor", "cg.subject.cifor", None, id="own schema"),
    ],
)
def test_a_header_names_field_and_language(cell, field, language):
    (column,) = parse_header([cell]).columns
    assert (column.field, column.language) == (field, language)


@pytest.mark.parametrize(
    "cell", ["title", "", "filename", "rowName", "dc.", ".title", "dc title", "dc.title[en", "http://example.org/a.b"]
)
def test_a_header_that_is_no_field_is_kept_among_the_others(cell):
    header = parse_header(["dc.title", cell])
    assert header.others == ((1, cell),)


def test_the_columns_of_dspace_itself_are_told_in_any_case():
    header = parse_header(["ID", "Collection", " action ", "dc.title", "id"])
    assert header.work == {"id": 0, "collection": 1, "action": 2}
    assert header.others == ((4, "id"),)


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("id,collection,dc.title\n", ","),
        ("id;dc.title;dc.subject\n", ";"),
        ("dc.title\tdc.subject\n", "\t"),
        ("dc.title\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_the_most_columns(line, delimiter):
    assert choose_delimiter(line) == delimiter
    assert find_header([line]) == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(
            "Wang, P.::wang-p::600",
            Value("dc.contributor.author", "Wang, P.", None, "wang-p", 600),
            id="key and confidence",
        ),
        pytest.param(
            "Wang, P.::will be referenced::ORCID::0000-0002-1825-0097::600",
            Value("dc.contributor.author", "Wang, P.", None, "will be referenced::ORCID::0000-0002-1825-0097", 600),
            id="ORCID to be referenced",
        ),
        pytest.param(
            "Wang, P.::will be generated::::-1",
            Value("dc.contributor.author", "Wang, P.", None, "will be generated::", -1),
            id="key to be generated",
        ),
        pytest.param("Wang, P.::::0", Value("dc.contributor.author", "Wang, P.", None, None, 0), id="no key"),
        pytest.param(
            "std::vector::fish::500",
            Value("dc.contributor.author", "std::vector", None, "fish", 500),
            id="text with ::",
        ),
        pytest.param(
            "two\nlines::key::400", Value("dc.contributor.author", "two\nlines", None, "key", 400), id="line break"
        ),
        pytest.param("std::vector", Value("dc.contributor.author", "std::vector"), id="one ::"),
        pytest.param("at 10::30::45", Value("dc.contributor.author", "at 10::30::45"), id="no confidence of DSpace"),
        pytest.param("a::b::c", Value("dc.contributor.author", "a::b::c"), id="no number"),
        pytest.param("::key::600", Value("dc.contributor.author", "::key::600"), id="no text"),
    ],
)
def test_a_value_carries_its_authority_and_nothing_else_is_taken_for_one(text, value):
    assert make_value("dc.contributor.author", text) == value


@pytest.mark.parametrize(
    ("header", "rows", "separator", "evidence"),
    [
        pytest.param(["dc.title"], [["A; B"]], "||", "", id="a title shows nothing"),
        pytest.param(["dc.creator"], [["A, B.; C, D."]], "; ", "dc.creator", id="names"),
        pytest.param(["dc.creator"], [["A"]] * 4 + [["A; B"]], "; ", "dc.creator", id="a fifth"),
        pytest.param(["dc.creator"], [["A"]] * 5 + [["A; B"]], "||", "", id="less than a fifth"),
        pytest.param(
            ["dc.subject", "dc.type"], [["a; b", "x||y"]], "||", "dc.subject", id="bars win, but for a column"
        ),
        pytest.param(
            ["id", "dc.subject", "collection"], [["", "a; b", "1/2||1/3"]], "||", "", id="bars of collections win"
        ),
        pytest.param(
            ["dc.subject", "dc.description.abstract"],
            [["a; b", "the norm ||x||"]],
            "; ",
            "dc.subject",
            id="bars in prose show nothing",
        ),
        pytest.param(["dc.subject"], [["a;b"]], "||", "", id="no space"),
        pytest.param(["dc.subject"], [["R &amp; D"]], "||", "", id="character reference"),
        pytest.param(["dc.title", "dc.subject"], [["short row"]], "||", "", id="missing cells"),
    ],
)
def test_the_separator_is_told_from_names_and_subjects(header, rows, separator, evidence):
    found = choose_separators(parse_header(header), rows)
    assert (found.usual, "".join(seen.header for seen in found.evidence)) == (separator, evidence)


@pytest.mark.parametrize(
    ("separator", "field", "cell", "pieces"),
    [
        pytest.param("||", "dc.subject", "a || b||c ||", ["a", "b", "c"], id="bars with spaces"),
        pytest.param("||", "dc.subject", " || ", [], id="no values"),
        pytest.param("||", "dc.subject", "a; b|c", ["a; b|c"], id="nothing but bars"),
        pytest.param("||", "dc.title", "One||Two", ["One", "Two"], id="bars separate prose too"),
        pytest.param("; ", "dc.subject", "a; b;\nc; ", ["a", "b", "c"], id="semicolon and white space"),
        pytest.param("; ", "dc.subject", "a;b", ["a;b"], id="no white space"),
        pytest.param(";", "dc.subject", "a;b; c", ["a", "b", "c"], id="bare semicolon"),
        pytest.param("; ", "dc.subject", "Food &amp; Drink; R&D; x &#233; y", ["Food &amp; Drink", "R&D", "x &#233; y"], id="references"),
        pytest.param("; ", "dc.subject", "a||b; c", ["a", "b", "c"], id="bars always separate codes"),
        pytest.param("; ", "dc.title", "Adaptation; a review", ["Adaptation; a review"], id="title"),
        pytest.param(";", "dc.source", "Aquaculture;568,(2023)", ["Aquaculture;568,(2023)"], id="source"),
        pytest.param("; ", "dc.description.abstract", " ||x||; y ", ["||x||; y"], id="abstract"),
        pytest.param("; ", "dc.format.extent", "1 map; 20 x 30 cm", ["1 map; 20 x 30 cm"], id="extent"),
    ],
)  # fmt: skip
def test_a_cell_is_taken_apart_at_the_separator_alone(separator, field, cell, pieces):
    (plan,) = make_plan(parse_header([field]), Separators(separator))
    assert plan.split(cell) == pieces


@pytest.mark.parametrize(
    ("field", "prose"),
    [
        ("dc.title", True),
        ("dc.title.alternative", True),
        ("dcterms.bibliographicCitation", True),
        ("dcterms.tableOfContents", True),
        ("dc.description.sponsorship", True),
        ("dc.rights", True),
        ("cifor.source.title", True),
        ("dc.relation.ispartofseries", True),
        ("dc.contributor.author", False),
        ("dc.subject", False),
        ("cg.coverage.country", False),
        ("dc.identifier.uri", False),
        ("dc.type", False),
    ],
)
def test_prose_is_told_from_the_name_of_the_field(field, prose):
    assert is_prose(field) is prose
