"""Records: what sources yield keeps all that it was given, and its hash tells a change from a move."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.record import File, Origin, Record, Tombstone, Value

TEXTS = st.text(max_size=30)
MAYBE = st.one_of(st.none(), TEXTS)
VALUES = st.builds(Value, TEXTS, TEXTS, MAYBE, MAYBE, st.one_of(st.none(), st.integers(-1, 600)))
FILES = st.builds(File, TEXTS, MAYBE, MAYBE, st.one_of(st.none(), st.integers(0)), MAYBE, TEXTS, MAYBE, MAYBE)
RECORDS = st.builds(
    Record,
    source=TEXTS,
    place=TEXTS,
    values=st.lists(VALUES, max_size=4).map(tuple),
    handle=MAYBE,
    uuid=MAYBE,
    oai_identifier=MAYBE,
    url=MAYBE,
    modified=MAYBE,
    collections=st.lists(TEXTS, max_size=3).map(tuple),
    files=st.lists(FILES, max_size=2).map(tuple),
)

RECORD = Record(
    source="climate.csv",
    place="climate.csv, row 14",
    values=(Value("dc.title", "A title", "en_HK"), Value("dc.contributor.author", "Lu, L", None, "rp00477", 600)),
    handle="10722/129504",
    modified="2026-11-23T00:00:00Z",
    collections=("10722/1",),
    files=(File("a.pdf", "https://example.org/a.pdf", "application/pdf", 12, "sha256:00"),),
)


@given(RECORDS)
def test_a_record_comes_back_from_json_equal(record):
    assert Record.from_json(record.to_json()) == record


@given(RECORDS)
def test_a_record_that_came_back_has_the_same_hash(record):
    assert Record.from_json(record.to_json()).content_hash() == record.content_hash()


def test_json_is_one_line_and_keeps_characters_readable():
    record = dataclasses.replace(RECORD, values=(Value("dc.title", "Größe\n漢字 😀"),))
    text = record.to_json()
    assert "\n" not in text
    assert "Größe\\n漢字 😀" in text
    assert json.loads(text)["values"][0][2] is None


def test_what_a_source_says_of_a_record_comes_back_from_json():
    origin = Origin("theses", ("doi", "bibtex.key"), "de")
    record = dataclasses.replace(RECORD, origin=origin, taken_as=((0, "dc.title.alternative"),), defaults=1)
    assert Record.from_json(record.to_json()) == record


def test_half_of_a_surrogate_pair_breaks_neither_json_nor_hash():
    record = dataclasses.replace(RECORD, values=(Value("dc.title", "half \ud83d pair"),))
    assert Record.from_json(record.to_json()) == record
    assert len(record.content_hash()) == 64


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"source": "other.csv"}, id="read from another file"),
        pytest.param({"place": "climate.csv, row 15"}, id="moved to another row"),
        pytest.param({"origin": Origin("theses", ("doi",))}, id="what its key is made of"),
    ],
)
def test_where_a_record_was_read_does_not_change_its_hash(change):
    assert dataclasses.replace(RECORD, **change).content_hash() == RECORD.content_hash()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"values": RECORD.values[::-1]}, id="another order of values"),
        pytest.param({"values": (Value("dc.title", "A title"), RECORD.values[1])}, id="language tag gone"),
        pytest.param({"values": (Value("dc.title", "A title ", "en_HK"), RECORD.values[1])}, id="white space"),
        pytest.param({"values": (RECORD.values[0], RECORD.values[1]._replace(confidence=500))}, id="confidence"),
        pytest.param({"handle": None}, id="handle gone"),
        pytest.param({"uuid": "00000000-0000-4000-8000-000000000000"}, id="UUID"),
        pytest.param({"oai_identifier": "oai:example.org:1"}, id="OAI identifier"),
        pytest.param({"url": "https://example.org/1"}, id="address"),
        pytest.param({"modified": "2026-11-24T00:00:00Z"}, id="datestamp"),
        pytest.param({"collections": ()}, id="collections"),
        pytest.param({"files": ()}, id="files"),
        pytest.param({"about": "https://books.example.org/b/17"}, id="resource that RDF describes"),
        pytest.param({"origin": Origin(language="de")}, id="language of the source"),
        pytest.param({"taken_as": ((0, "dc.title.alternative"),)}, id="taken as another field"),
        pytest.param({"defaults": 1}, id="a value that is a default"),
    ],
)
def test_whatever_is_published_changes_the_hash(change):
    assert dataclasses.replace(RECORD, **change).content_hash() != RECORD.content_hash()


def test_every_part_of_a_record_but_its_place_goes_into_the_hash():
    """A part that is added to Record and forgotten above would go unproved."""
    assert [part.name for part in dataclasses.fields(Record)] == [
        "source", "place", "values", "handle", "uuid", "oai_identifier", "url", "modified", "collections", "files",
        "about", "origin", "taken_as", "defaults",
    ]  # fmt: skip


@pytest.mark.parametrize("thing", [RECORD, RECORD.files[0], Tombstone("a.xml", "a.xml, record 2")])
def test_what_sources_yield_cannot_be_changed(thing):
    name = dataclasses.fields(thing)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, name, "changed")
    assert hash(thing) == hash(dataclasses.replace(thing))
