"""Affiliations of contributors: whose they are, and what the organisation is."""

import json

import pytest

from lod.mapping.record.apply import map_record
from lod.record import Record, Value
from lod.report import Fate

ITEM = "https://example.org/id/item/1/2"
AUTHOR = Value("dc.contributor.author", "Roe, Ann")
PART = f"<{ITEM}#affiliation-"


def stated(crosswalk, *values):
    """The affiliations of a record by the name of the node, with the names of the organisations, and the fate of the last value."""
    handle = Value("dc.identifier.uri", "http://hdl.handle.net/1/2")
    result = map_record(Record("s", "s, record 1", (handle, *values)), crosswalk, "2026-11-23T00:00:00Z")
    names = {line.split(" ")[0]: line.split('"')[1] for line in result.claims if "/foaf/0.1/name>" in line}
    found = [line.split(" ") for line in result.claims if "schema.org/affiliation>" in line]
    return [(names[parts[0]], parts[2], names[parts[2]]) for parts in found], result.fates[-1]


def made_of(**parts):
    return json.dumps({"of": "Roe, Ann", **parts})


@pytest.mark.parametrize(
    ("text", "node", "name"),
    [
        pytest.param("Roe, Ann: University of Examples", PART, "University of Examples", id="name and organisation"),
        pytest.param("Roe, Ann: Institute: Second Floor", PART, "Institute: Second Floor", id="a colon in the organisation"),
        pytest.param(made_of(name="University of Examples", id=[{"id": "https://ror.org/05gq02987", "id-type": "ROR"}]), "<https://example.org/id/org/ror-05gq02987>", "University of Examples", id="Crossref"),
        pytest.param(made_of(name="University of Examples", affiliationIdentifier="https://ror.org/05gq02987"), "<https://example.org/id/org/ror-05gq02987>", "University of Examples", id="DataCite"),
        pytest.param(made_of(id="05gq02987", name="University of Examples"), "<https://example.org/id/org/ror-05gq02987>", "University of Examples", id="InvenioRDM"),
        pytest.param(made_of(Affiliation="University of Examples", Identifier={"Source": "GRID"}), PART, "University of Examples", id="PubMed"),
    ],
)  # fmt: skip
def test_an_affiliation_is_that_of_the_contributor_it_names(crosswalk, text, node, name):
    ((person, organisation, organisation_name),), fate = stated(
        crosswalk, AUTHOR, Value("crossref.author.affiliation", text)
    )
    assert (person, organisation_name, fate.fate) == ("Roe, Ann", name, Fate.MAPPED)
    assert organisation.startswith(node)


@pytest.mark.parametrize(
    ("others", "text"),
    [
        pytest.param([AUTHOR], "Doe, Ben: University of Examples", id="of nobody in the record"),
        pytest.param([AUTHOR, AUTHOR], "Roe, Ann: University of Examples", id="of one of two of the same name"),
        pytest.param([AUTHOR], "University of Examples", id="without a name"),
        pytest.param([AUTHOR], "{broken", id="no object"),
        pytest.param([AUTHOR], made_of(city="Examples"), id="an object without a name of an organisation"),
        pytest.param([Value("dc.contributor.author", "Examples Ltd", agent="organisation")], "Examples Ltd: Holding", id="of an organisation"),
    ],
)  # fmt: skip
def test_an_affiliation_that_may_be_of_someone_else_is_kept(crosswalk, others, text):
    found, fate = stated(crosswalk, *others, Value("crossref.author.affiliation", text))
    assert (found, fate.fate) == ([], Fate.KEPT)
    assert fate.why == "the affiliation of no one of the contributors, or of one of several"


def test_a_person_with_an_identifier_has_the_affiliations_of_all_records(crosswalk):
    author = Value("dc.contributor.author", "Roe, Ann", authority="https://orcid.org/0000-0002-1825-0097")
    text = "Roe, Ann: University of Examples"
    found, _ = stated(crosswalk, author, Value("crossref.author.affiliation", text))
    assert [(person, name) for person, _, name in found] == [("Roe, Ann", "University of Examples")]


def test_a_value_with_an_address_is_withheld_and_the_others_are_stated(crosswalk):
    values = [Value("pubmed.affiliation", f"Roe, Ann: {name}") for name in ("One", "Two, ann@example.org")]
    found, fate = stated(crosswalk, AUTHOR, *values)
    assert ([name for *_, name in found], fate.fate) == (["One"], Fate.WITHHELD)
