"""The rules that look at the whole store: what several records say of one thing."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from lod.mapping.mapped import Mapped
from lod.validation.rules.whole_store import WHOLE_RULES, index_entries, is_spelling_of, publisher_stem
from lod.validation.shapes import Shapes
from tests.helpers.shape_cases import ANNALS, BASE, SERIAL, found, record_of, variant


def told(records: list[Mapped], described: Collection[str] = ()) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.record, finding.value) for finding in found(records, described)]


def test_records_that_agree_raise_nothing() -> None:
    assert told([variant(1), variant(2), variant(3)]) == []


def test_a_doi_of_two_items_is_told_for_each() -> None:
    assert told([variant(1, "10.1/x"), variant(2, "10.1/x"), variant(3)]) == [
        ("D07", "10722/1", "10.1/x, also 10722/2"),
        ("D07", "10722/2", "10.1/x, also 10722/1"),
    ]


def test_a_further_handle_that_is_the_handle_of_another_item_is_told_for_both() -> None:
    link = "item:{} schema:sameAs <https://hdl.handle.net/10722/{}> ."
    records = [
        variant(1, extra=link.format(1, "A2")),
        variant(2, extra=link.format(2, "a2")),
        variant(3, extra=link.format(3, "9")),
    ]
    assert told(records) == [
        ("D04w", "10722/1", "10722/a2, also 10722/2"),
        ("D04w", "10722/2", "10722/a2, also 10722/1"),
    ]


def test_of_many_items_with_one_doi_three_are_named() -> None:
    values = [value for _, _, value in told([variant(number, "10.1/x") for number in range(1, 7)])]
    assert values[0] == "10.1/x, also 10722/2, 10722/3, 10722/4 and 2 more"
    assert values[5] == "10.1/x, also 10722/1, 10722/2, 10722/3 and 2 more"


def test_two_surnames_of_one_authority_are_told_where_the_rarer_one_stands() -> None:
    (finding,) = found([variant(1, surname="Lu"), variant(2, surname="LU"), variant(3, surname="Lü"), variant(4)])
    assert (finding.rule, finding.record, finding.focus) == ("A07", "10722/3", f"{BASE}id/person/rp00477")
    assert finding.value == "Lü (1 record), elsewhere Lu (2 records)"


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        pytest.param("Annals of The Rheumatic Diseases.", "C05i", id="case and marks"),
        pytest.param("Ann Rheum Dis", "C05i", id="cut short"),
        pytest.param("Annals of the Rheumatic Diseases: the EULAR journal", "C05i", id="subtitle"),
        pytest.param("Arthritis and Rheumatism", "C05w", id="another journal"),
        pytest.param("Annals", "C05w", id="the first word only"),
    ],
)
def test_another_title_of_one_journal_is_a_spelling_or_a_conflict(title: str, rule: str) -> None:
    (finding,) = found([variant(1), variant(2), variant(3, title=title)])
    assert (finding.rule, finding.record, finding.focus) == (rule, "10722/3", SERIAL[1:-1])
    assert finding.value == f"{title} (1 record), elsewhere {ANNALS} (2 records)"
    assert finding.severity is WHOLE_RULES[rule].severity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elsevier", "Elsevier (12 months)"),
        ("Elsevier", "Elsevier B.V."),
        ("Springer Verlag GmbH", "SPRINGER-VERLAG"),
        ("John Wiley & Sons, Inc.", "John Wiley and Sons"),
        ("Éditions du Seuil", "Editions du Seuil S.A."),
    ],
)
def test_spellings_of_one_publisher_are_told_where_the_rarer_one_stands(one: str, other: str) -> None:
    def published(number: int, name: str) -> Mapped:
        node = f"<{BASE}id/org/n-{abs(hash(name))}>"
        extra = f'item:{number} dcterms:publisher {node} . {node} a foaf:Organization ; foaf:name "{name}" .'
        return variant(number, extra=extra)

    findings = [
        finding
        for finding in found([published(1, one), published(2, one), published(3, other)])
        if finding.rule == "A10"
    ]
    assert [(finding.record, finding.value) for finding in findings] == [
        ("10722/3", f"{other} (1 record), elsewhere {one} (2 records)")
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("Oxford University Press", "Oxford University"), ("Springer", "Springer Nature"), ("AG", "SA")]
)
def test_other_publishers_are_no_spellings(one: str, other: str) -> None:
    assert publisher_stem(one) != publisher_stem(other)


def test_titles_in_two_languages_are_two_matters() -> None:
    extra = 'serial:0003-4967 dcterms:title "Annalen der Rheumatologie"@de .'
    assert told([variant(1), variant(2, extra=extra)]) == []


def test_a_link_to_an_item_that_nobody_published_is_told() -> None:
    extra = "item:1 dcterms:references item:7 ."
    assert told([variant(1, extra=extra)]) == [("G07", "10722/1", f"{BASE}id/item/10722/7")]
    assert told([variant(1, extra=extra)], {f"{BASE}id/item/10722/7"}) == []


@pytest.mark.parametrize("title", ["", "!!!", "的"])
def test_odd_titles_are_compared_without_fault(title: str) -> None:
    assert is_spelling_of(title, "Nature") is False


def test_claims_that_cannot_be_read_are_passed_over() -> None:
    assert index_entries(record_of(["nonsense", f'{SERIAL} <http://purl.org/dc/terms/title> "x" .'])) == [
        (f"C05 {SERIAL[1:-1]}", "x")
    ]


def test_the_rules_are_among_those_that_a_site_may_not_name_again(shapes: Shapes) -> None:
    assert WHOLE_RULES.keys() <= shapes.rules.keys()
