"""Records about people, organisations, projects and journals: one policy, whatever source they come from."""

import json
from dataclasses import replace

import pytest

from lod.mapping.record.apply import map_record
from lod.mapping.round_trip.compare import compare
from lod.record import Record, Value
from lod.report import Fate
from lod.sources import open_source
from lod.validation.validate import validate
from tests.helpers.paths import FIXTURES

MOMENT = "2026-11-23T00:00:00Z"
UUID = "0f9d6c1e-8b0a-4a51-9d57-2f6f3a7c4b11"
FIELDS = {
    "dspace.entity.type": "Person",
    "dc.title": "Carberry, Josiah",
    "person.familyName": "Carberry",
    "person.givenName": "Josiah",
}
PAGE = "https://w3id.org/lod-repository/EntityPage"

_CSV = f"id,collection,{','.join(FIELDS)}\n{UUID},1/2,{','.join(json.dumps(text) for text in FIELDS.values())}\n"
_REST = json.dumps(
    {"uuid": UUID, "type": "item", "metadata": {name: [{"value": text, "place": 0}] for name, text in FIELDS.items()}}
)
_LINES = json.dumps({"uuid": UUID, **FIELDS})
_DIM = "".join(
    f'<dim:field mdschema="{parts[0]}" element="{parts[1]}"{f" qualifier={chr(34)}{parts[2]}{chr(34)}" if parts[2:] else ""}>'
    f"{text}</dim:field>"
    for name, text in FIELDS.items()
    for parts in [name.split(".")]
)
_OAI = (
    '<record xmlns="http://www.openarchives.org/OAI/2.0/"><header><identifier>oai:example.org:1/2</identifier>'
    "<datestamp>2020-01-01</datestamp></header><metadata>"
    f'<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">{_DIM}</dim:dim></metadata></record>'
)


def record_of(*pairs, **parts):
    values = tuple(Value(*pair) for pair in (*pairs, ("dc.identifier.uri", "http://hdl.handle.net/10722/1")))
    return Record("s", "s.csv, row 2", values, **parts)


def claims_of(record, crosswalk):
    return "\n".join(map_record(record, crosswalk, MOMENT).claims)


def rules_of(record, crosswalk, shapes):
    result = map_record(record, crosswalk, MOMENT)
    findings = [*result.findings, *validate([result], shapes)]
    return {finding.rule for finding in findings if finding.severity != "info"}


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", _CSV), ("a.json", _REST), ("a.jsonl", _LINES), ("a.xml", _OAI)],
    ids=["dspace-csv", "dspace-rest", "json-lines", "oai-pmh"],
)
def test_a_record_about_a_person_is_a_page_about_that_person_in_every_source(name, content, tmp_path, crosswalk):
    (tmp_path / name).write_text(content, encoding="utf-8")
    (record,) = (item for item in open_source(tmp_path / name, crosswalk.settings) if isinstance(item, Record))
    claims = claims_of(record, crosswalk)
    assert f"<{PAGE}>" in claims
    assert '<http://xmlns.com/foaf/0.1/familyName> "Carberry"' in claims
    assert ("/primaryTopic> <https://example.org/id/person/" in claims) or "#person>" in claims


def test_so_is_one_of_an_archive_in_simple_archive_format(crosswalk):
    folder = FIXTURES / "sources" / "dspace-saf" / "odd" / "f_person"
    (record,) = open_source(folder, crosswalk.settings)
    named = replace(record, handle="10722/1")
    assert f"<{PAGE}>" in claims_of(named, crosswalk)


@pytest.mark.parametrize(
    "entity", ["Person", "OrgUnit", "Project", "Funding", "Equipment", "Event", "JournalVolume", "JournalIssue"]
)
def test_a_page_about_an_entity_is_asked_for_neither_author_nor_date_nor_type(entity, crosswalk, shapes):
    record = record_of(("dspace.entity.type", entity), ("dc.title", "A name that stands here"))
    assert f"<{PAGE}>" in claims_of(record, crosswalk)
    assert rules_of(record, crosswalk, shapes) == set()


@pytest.mark.parametrize("entity", ["Publication", "Product", "Thesis", "Whatever"])
def test_any_other_entity_is_a_publication(entity, crosswalk, shapes):
    record = record_of(("dspace.entity.type", entity), ("dc.title", "A name that stands here"))
    assert PAGE not in claims_of(record, crosswalk)
    assert {"I09", "I17"} <= rules_of(record, crosswalk, shapes)


def test_a_journal_is_an_item_of_that_type_and_has_neither_author_nor_date(crosswalk, shapes):
    record = record_of(
        ("dspace.entity.type", "Journal"), ("dc.title", "Annals"), ("creativeworkseries.issn", "0003-4967")
    )
    claims = claims_of(record, crosswalk)
    assert "<http://purl.org/ontology/bibo/Journal>" in claims
    assert '<http://purl.org/ontology/bibo/issn> "0003-4967"' in claims
    assert PAGE not in claims
    assert rules_of(record, crosswalk, shapes) == set()


def test_the_type_that_the_record_states_wins_over_that_of_the_entity(crosswalk):
    record = record_of(("dspace.entity.type", "Patent"), ("dc.type", "Thesis"))
    assert "c_46ec" in claims_of(record, crosswalk)
    assert "c_15cd" in claims_of(record_of(("dspace.entity.type", "Patent")), crosswalk)


@pytest.mark.parametrize("entity", ["Journal", "Project", "Person", "Patent"])
def test_every_value_of_a_record_about_an_entity_comes_back(entity, crosswalk):
    record = record_of(
        ("dspace.entity.type", entity), ("dc.title", "A name"), ("person.givenName", "Josiah"), uuid=UUID
    )
    mapped = map_record(record, crosswalk, MOMENT)
    assert mapped.fates[0].fate is Fate.WITHHELD
    result = compare(record, mapped, crosswalk)
    assert (result.lost, result.invented, result.misplaced) == ([], [], [])
