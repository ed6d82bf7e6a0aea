"""Fields: every field of the registries has its rule, and each rule of the model's table behaves as its row says."""

import csv
import re

import pytest

from lod.mapping.record.apply import map_record
from lod.rdf.claims import split_claim
from lod.record import Record, Value
from lod.report import Fate
from tests.helpers.paths import FIXTURES

REGISTRIES = FIXTURES / "registries"
MOMENT = "2026-11-23T00:00:00Z"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")


def names(file):
    lines = (REGISTRIES / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def mapped(crosswalk, *values, **parts):
    return map_record(Record("test", "row 1", (*values, HANDLE), **parts), crosswalk, MOMENT)


def claims_of(result, crosswalk):
    """Property and object of every claim, with prefixes."""
    compact = crosswalk.vocabulary.compact
    pairs = set()
    for line in result.claims:
        _, predicate, object_ = split_claim(line)
        pairs.add(f"{compact(predicate[1:-1])} {compact(object_[1:-1]) if object_.startswith('<') else object_}")
    return pairs


def test_the_registries_are_whole():
    assert len(names("dc.txt")) >= 96
    assert len(names("dcterms.txt")) == 55
    assert len(names("others.txt")) > 70


@pytest.mark.parametrize("file", ["dc.txt", "dcterms.txt", "others.txt"])
def test_every_field_of_the_registries_has_a_rule(crosswalk, file):
    assert [name for name in names(file) if crosswalk.rule_for(name, "x") is None] == []


def test_every_rule_that_keeps_or_withholds_says_why(crosswalk):
    silent = [rule.label for rule in crosswalk.rules if rule.kind == "kept" and not rule.note]
    silent += [rule.label for rule in crosswalk.rules if rule.kind == "withheld" and not rule.options.get("why")]
    assert silent == []


def test_an_unknown_qualifier_is_kept_verbatim_and_counted(crosswalk):
    result = mapped(crosswalk, Value("dc.description.foo", "bar"))
    assert result.fates[0].fate is Fate.KEPT
    assert [finding.rule for finding in result.findings if finding.field == "dc.description.foo"] == ["no-rule"]
    assert any("field/dc.description.foo" in line for line in result.claims)


# The rows of the model's table whose target is a sentence rather than a property.
_NO_PROPERTY = re.compile(r"raw only|suppressed|nothing new|^as |^$|I1 result|when the item is a serial")
_WITH = {
    "dc.type": "Article",
    "dc.relation.ispartof": "Annals of the Rheumatic Diseases",
    "dc.contributor.author": "Lu, L",
    "dc.date.issued": "2010",
    "dc.identifier.spage": "1423",
}
_BOOK_PART = {"dc.type": "Book chapter", "dc.relation.publication": "Handbook of SLE"}
_GIVEN = {
    "dc.identifier.issn": "0003-4967",
    "dc.relation.issn": "0003-4967",
    "dc.identifier.issnl": "0003-4967",
    "dc.identifier.eissn": "1468-2060",
    "dc.identifier.authority": "Lu, L=rp00477",
    "dc.relation.conference": "ISWC 2010",
    "dc.date.copyright": "2010-05-01",
    "dcterms.accessRights": "open access",
}


def rows(shared):
    with (shared / "model" / "crosswalk.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if not row["field"].startswith("page:")]


def example_of(crosswalk, field):
    rule = next(rule for rule in crosswalk.rules if field in rule.fields and rule.when is None)
    return rule.example.text, dict(rule.example.others)


def test_every_row_of_the_model_behaves_as_it_says(crosswalk, shared):
    checked, wrong = 0, []
    for row in rows(shared):
        field = row["field"]
        target = row["target"]
        if row["same_as"]:
            one, other = crosswalk.rule_for(field, "x"), crosswalk.rule_for(row["same_as"], "x")
            if (one.kind, one.property) != (other.kind, other.property):
                wrong.append(f"{field} is not treated like {row['same_as']}")
            checked += 1
            continue
        text, others = example_of(crosswalk, field)
        around = {**(_BOOK_PART if " B " in f" {target} " or "dc.relation.publication" in field else {}), **others}
        text = _GIVEN.get(field, text)
        around = {**(around or _WITH), **others}
        result = mapped(crosswalk, Value(field, text), *(Value(*pair) for pair in around.items() if pair[0] != field))
        stated = claims_of(result, crosswalk)
        if row["raw_copy"] == "raw" and f"field/{field}>" not in "".join(result.claims):
            wrong.append(f"{field} has no verbatim copy")
        if row["raw_copy"] == "never" and (result.fates[0].fate is not Fate.WITHHELD or text in "".join(stated)):
            wrong.append(f"{field} is not withheld")
        if not _NO_PROPERTY.search(target):
            wanted = re.search(r"\b([a-z]+:[A-Za-z0-9-]+)", target)
            if wanted and not any(wanted[1] in pair.split(" ")[:2] for pair in stated):
                wrong.append(f"{field} does not give {wanted[1]}")
        checked += 1
    assert checked > 170
    assert not wrong, "; ".join(wrong)


AWARD = (
    Value("oaire.awardNumber", "777541"),
    Value("oaire.awardTitle", "OpenAIRE-Advance"),
    Value("oaire.awardURI", "https://cordis.europa.eu/project/id/777541"),
    Value("oaire.fundingStream", "H2020"),
)


def test_the_fields_of_an_award_make_one_grant(crosswalk):
    result = mapped(crosswalk, *AWARD)
    node = "<https://example.org/id/item/10722/1#grant-777541>"
    about = {line for line in result.claims if line.startswith(node)}
    assert len(about) == 5
    assert len([line for line in result.claims if " <http://schema.org/funding> " in line]) == 1
    assert all(fate.fate is Fate.MAPPED for fate in result.fates[:4])


def test_a_placeholder_holds_the_place_of_an_empty_part(crosswalk):
    empty = "#PLACEHOLDER_PARENT_METADATA_VALUE#"
    result = mapped(
        crosswalk,
        Value("oaire.awardNumber", "A-1"),
        Value("oaire.awardNumber", "B-2"),
        Value("oaire.awardTitle", empty),
        Value("oaire.awardTitle", "Second"),
    )
    assert result.fates[2].fate is Fate.WITHHELD
    assert empty not in "".join(result.claims)
    assert any(
        line.startswith("<https://example.org/id/item/10722/1#grant-B-2>") and '"Second"' in line
        for line in result.claims
    )


@pytest.mark.parametrize("field", ["dc.contributor.author", "oairecerif.author.affiliation", "local.unknown"])
def test_a_placeholder_is_published_nowhere_and_reported(crosswalk, field):
    result = mapped(crosswalk, Value(field, "#PLACEHOLDER_PARENT_METADATA_VALUE#"))
    assert result.fates[0].fate is Fate.WITHHELD
    assert "PLACEHOLDER" not in "".join(result.claims)
    assert "suppressedField" not in "".join(result.claims)
    assert [finding.message for finding in result.findings if finding.rule == "no-value"] == [
        "Left out: a placeholder of the repository's software for an empty part."
    ]


def test_parts_of_awards_that_cannot_be_paired_are_kept_verbatim(crosswalk):
    result = mapped(crosswalk, *AWARD[:2], Value("oaire.awardNumber", "B-2"))
    assert result.fates[1].fate is Fate.KEPT
    assert [finding.rule for finding in result.findings if finding.field == "oaire.awardTitle"] == ["F1"]
    assert len([line for line in result.claims if " <http://schema.org/funding> " in line]) == 2


PERSON = (
    Value("dspace.entity.type", "Person"),
    Value("dc.title", "Carberry, Josiah"),
    Value("person.familyName", "Carberry"),
    Value("person.givenName", "Josiah"),
    Value("person.identifier.orcid", "0000-0002-1825-0097"),
    Value("person.jobTitle", "Professor"),
    Value("person.birthDate", "1929-02-14"),
)


def test_a_profile_describes_the_person_under_the_key_that_other_records_use(crosswalk):
    result = mapped(crosswalk, *PERSON, uuid="0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11")
    node = "<https://example.org/id/person/0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11>"
    assert f"<https://example.org/id/item/10722/1> <http://xmlns.com/foaf/0.1/primaryTopic> {node} ." in result.claims
    assert f'{node} <http://xmlns.com/foaf/0.1/familyName> "Carberry" .' in result.claims
    assert f"{node} <http://schema.org/sameAs> <https://orcid.org/0000-0002-1825-0097> ." in result.claims
    assert result.fates[5].fate is Fate.KEPT
    assert result.fates[6].fate is Fate.WITHHELD
    assert "1929" not in "".join(result.claims)
    assert "I07" not in {finding.rule for finding in result.findings}


def test_without_uuid_and_orcid_a_person_is_part_of_the_record_and_never_joined_by_name(crosswalk):
    result = mapped(crosswalk, *PERSON[1:4])
    assert any("<https://example.org/id/item/10722/1#person>" in line for line in result.claims)


def test_fields_of_a_person_in_a_publication_are_kept_verbatim(crosswalk):
    result = mapped(
        crosswalk, Value("dc.contributor.author", "Lu, L"), Value("person.familyName", "Carberry"), PERSON[4]
    )
    assert [fate.fate for fate in result.fates[1:3]] == [Fate.KEPT, Fate.KEPT]
    assert not any("primaryTopic> <https://example.org/id/" in line and "#person" in line for line in result.claims)


def test_a_linked_entity_gives_its_uuid_to_the_author_of_the_same_link(crosswalk):
    uuid = "7c2d1ab5-6f0e-4f7a-9e35-0b8f6a7d9f10"
    result = mapped(
        crosswalk,
        Value("dc.contributor.author", "Pollard, D"),
        Value("dc.contributor.author", "Wylie, C E", authority="virtual::1373", confidence=600),
        Value("relation.isAuthorOfPublication", uuid, authority="virtual::1373", confidence=600),
        Value("relation.isAuthorOfPublication", "11111111-6f0e-4f7a-9e35-0b8f6a7d9f10"),
    )
    assert f'<https://example.org/id/person/{uuid}> <http://xmlns.com/foaf/0.1/name> "Wylie, C E" .' in result.claims
    assert "virtual" not in "".join(result.claims)
    assert [fate.fate for fate in result.fates[2:4]] == [Fate.MAPPED, Fate.KEPT]


@pytest.mark.parametrize(("type_", "fate"), [("Journal", Fate.MAPPED), ("Article", Fate.KEPT)])
def test_a_frequency_belongs_to_serials_only(crosswalk, type_, fate):
    result = mapped(crosswalk, Value("dcterms.accrualPeriodicity", "Monthly"), Value("dc.type", type_))
    assert result.fates[0].fate is fate


def test_a_place_that_is_no_country_is_published_under_its_name_and_nobody_is_told(crosswalk):
    result = mapped(crosswalk, Value("dc.coverage.spatial", "Gothenburg"))
    assert result.fates[0].fate is Fate.MAPPED
    assert [finding.rule for finding in result.findings if finding.field] == []
    assert not any("field/dc.coverage.spatial" in line for line in result.claims)


@pytest.mark.parametrize(
    ("field", "fate", "why"),
    [
        ("page.citations.scopus", Fate.WITHHELD, "a citation count without the day it was counted on is not published"),
        ("page.file", Fate.KEPT, "A file named on the page, without an address to fetch it from."),
        ("page.readers", Fate.KEPT, "Shown on the page under a label that belongs to no field."),
    ],
)
def test_what_only_the_page_shows_has_a_fate_with_its_reason(crosswalk, field, fate, why):
    result = mapped(crosswalk, Value(field, "12"))
    assert (result.fates[0].fate, result.fates[0].why) == (fate, why)
