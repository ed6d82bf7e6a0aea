"""MARC files: encodings, lengths, broken records, what is left out, MARCXML with its wrappings, records in OAI-PMH."""

from __future__ import annotations

import gzip

import pytest

from lod.errors import SourceError
from lod.record import Record
from lod.report import Finding, Severity
from lod.sources import find_files
from tests.helpers.marc import LEADER, iso2709, iso2709_bytes, marcxml
from tests.helpers.read_sources import items_of, texts, violations, without_remarks

MARC8 = LEADER[:9] + " " + LEADER[10:]


def told(items):
    """Rule and message of each finding."""
    return [(item.rule, item.message) for item in items if isinstance(item, Finding)]


def titles(items):
    return [title for item in items if isinstance(item, Record) for title in texts(item, "dc.title")]


def test_a_file_of_three_records_gives_them_with_their_places_and_dates_of_change():
    records = without_remarks(items_of("marc", "full.mrc"))
    assert [(record.place, record.modified) for record in records] == [
        ("full.mrc, record 1", "20200504101500.0"),
        ("full.mrc, record 2", None),
        ("full.mrc, record 3", None),
    ]
    assert titles(records) == ["Seker ha-zeevah: meḥḳar", "A pilot study", "On counting"]


def test_broken_records_cost_themselves_and_each_message_names_place_cause_and_way_out():
    items = items_of("marc", "odd.mrc")
    assert titles(items) == ["L'étude de la €: 一 一", "Étude: des mots", "Wrong lengths", "Odd code"]
    assert told(items) == [
        (
            "marc-broken",
            "odd.mrc, record 4: field 245 $a: leader position 9 says UTF-8, and byte 0xE9 is none. Export the record again in UTF-8, "
            "or convert the file, for example with yaz-marcdump",
        ),
        (
            "marc-broken",
            "odd.mrc, record 5: its directory lists 1 fields, and the record has 2. Export it again from its catalogue, or delete it "
            "from the file",
        ),
        (
            "marc-unimarc",
            "odd.mrc, record 6: the record is UNIMARC (title in field 200), and only MARC 21 is read: the tags of the two mean different "
            "things. Export it as MARC 21, MODS or Dublin Core",
        ),
        (
            "marc-subfield-code",
            "odd.mrc: 1 record: a subfield code is no letter or digit and was read without its accent; correct it in the catalogue",
        ),
        (
            "marc-lengths",
            "odd.mrc: 1 record: lengths in leader or directory do not fit, so that the fields were told apart by their terminators; "
            "export the file again, unconverted",
        ),
        (
            "marc-encoding",
            "odd.mrc: 1 record: leader position 9 says MARC-8 and the bytes are UTF-8, as which they were read; set it to 'a' in the export",
        ),
        ("left-out", "700$1 was left out: the link beside the name says it"),
        ("left-out", "record of status d was left out: it is marked as deleted"),
        ("left-out", "record of type z was left out: an authority record, no description of a publication"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("Война".encode("windows-1251"), "the bytes are neither MARC-8, which leader position 9 promises, nor UTF-8", id="windows-1251"),
        pytest.param(b"\x1b$1!0\x1b(B", "a character of three bytes (East Asian MARC-8) is cut off", id="half a character"),
    ],
)  # fmt: skip
def test_bytes_in_another_encoding_are_refused_and_never_guessed(read, content, message):
    items = read("a.mrc", iso2709_bytes(("245", b"00\x1fa" + content), leader=MARC8))
    ((rule, text),) = told(items)
    assert rule == "marc-broken"
    assert text.startswith(f"a.mrc, record 1: field 245 $a: {message}. ")


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"\x00\x00", b"\x1a"])
def test_what_programs_put_between_records_is_passed_over(read, between):
    record = iso2709(("245", "00$aNight")).encode()
    assert titles(read("a.mrc", record + between + record + between)) == ["Night", "Night"]


def test_a_record_without_its_end_is_a_violation_and_the_ones_before_are_read(read):
    record = iso2709(("245", "00$aNight")).encode()
    items = read("a.mrc", record + record[:-10])
    assert titles(items) == ["Night"]
    assert told(items) == [
        ("marc-broken", "a.mrc, record 2: the record breaks off before its end; fetch or export the file again")
    ]


def test_text_that_was_recoded_as_a_whole_is_read_by_its_terminators(read):
    recoded = iso2709_bytes(("245", "00\x1faÉté".encode("latin-1")), ("500", b"  \x1faNote")).decode("latin-1").encode()
    items = read("a.mrc", recoded)
    assert (titles(items), [rule for rule, _ in told(items)]) == (["Été"], ["marc-lengths"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LEADER.encode() + b"\x1d", "the record has no directory of its fields"),
        (LEADER.encode() + b"245\x1e00\x1faA\x1e\x1d", "its directory of fields is empty or cut"),
        (
            iso2709_bytes(("245", b"\xe90\x1faA")),
            "leader, directory or indicators hold the byte 0xE9, which may not stand there",
        ),
    ],
)
def test_a_record_that_cannot_be_taken_apart_says_why(read, data, reason):
    (violation,) = violations(read("a.mrc", iso2709(("245", "00$aNight")).encode() + data))
    assert violation.message.startswith(f"a.mrc, record 2: {reason}. Export ")


def test_a_record_larger_than_the_limit_ends_the_file_with_the_setting_to_change(read):
    with pytest.raises(
        SourceError, match=r"a\.mrc: record 1 is larger than 1 MiB; look whether one record really is that large"
    ):
        read("a.mrc", iso2709(("245", "00$aNight")).encode()[:-1] + b"x" * (2 << 20), max_record_mib=1)


def test_gzip_is_read_through_and_the_ending_does_not_matter(read, tmp_path):
    packed = gzip.compress(iso2709(("245", "00$aNight")).encode())
    assert titles(read("a.bin", packed)) == ["Night"]
    assert [found.name for _, found in find_files(tmp_path / "a.bin")[0]] == ["marc"]


def test_unimarc_is_refused_in_xml_too_and_a_broken_element_costs_itself():
    items = items_of("marcxml", "odd.xml")
    assert titles(items) == ["Contar & medir", "Without a namespace of its own"]
    assert [rule for rule, _ in told(items)] == ["xml-broken", "marc-unimarc", "left-out"]
    assert list(texts(items[0], "dc.contributor.advisor")) == ["Otro, Otra"]


def test_an_empty_record_is_named():
    assert told(items_of("marcxml", "blank.xml")) == [
        ("no-metadata", "blank.xml, line 1: the record is empty; fill it in or delete it")
    ]


def test_no_entity_is_expanded(read):
    content = '<!DOCTYPE collection [<!ENTITY e "x">]><collection>' + marcxml(("245", "00$aNight")) + "</collection>"
    with pytest.raises(SourceError, match="line 1 declares an entity, which may stand for anything"):
        read("a.xml", content)


OAI = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header><identifier>oai:example.org:1</identifier>'
    "<datestamp>2020-01-01</datestamp></header><metadata>{}</metadata></record></ListRecords></OAI-PMH>"
)


@pytest.mark.parametrize("start", ['<marc:record xmlns:marc="http://www.loc.gov/MARC21/slim">', '<record xmlns="">'])
def test_a_record_in_oai_pmh_is_read_with_and_without_its_namespace(read, start):
    prefix = "marc:" if "marc:" in start else ""
    inner = marcxml(("001", "12"), ("245", "00$aNight")).strip()
    inner = inner.replace("<record>", start).replace("</record>", f"</{prefix}record>")
    for name in ("leader", "controlfield", "datafield", "subfield"):
        inner = inner.replace(f"<{name}", f"<{prefix}{name}").replace(f"</{name}", f"</{prefix}{name}")
    (record,) = read("a.xml", OAI.format(inner))
    assert (record.oai_identifier, texts(record, "dc.title"), texts(record, "marc.001")) == (
        "oai:example.org:1",
        ["Night"],
        ["12"],
    )


def test_unimarc_in_oai_pmh_is_refused_for_what_it_is(read):
    inner = marcxml(("200", "1 $aNuit")).replace("<record>", '<record xmlns="http://www.loc.gov/MARC21/slim">')
    ((rule, message),) = told(read("a.xml", OAI.format(inner)))
    assert (rule, message.partition(": ")[2][:30]) == ("oai-payload", "the record is UNIMARC (title i")


def test_a_remark_replaces_no_record():
    remarks = [
        item for item in items_of("marc", "odd.mrc") if isinstance(item, Finding) and item.rule.startswith("marc-enc")
    ]
    assert [remark.severity for remark in remarks] == [Severity.INFO]


def test_what_a_value_says_in_another_way_is_counted_by_tag_and_code(read):
    rows = (
        ("041", "0 $aengfre"),
        ("082", "04$a813/.54"),
        ("100", "1 $aLi, Ann,$eauthor.$0(DE-588)140501037"),
        ("245", "00$aNight"),
        ("260", "  $aParis :$bA Press,$c1990."),
        ("650", " 7$aNight$2fast$0(OCoLC)fst00972484"),
    )
    items = read("a.xml", f"<collection>{marcxml(*rows)}{marcxml(*rows)}</collection>")
    remarks = {item.field: (item.value, item.message) for item in items if isinstance(item, Finding)}
    assert remarks == {
        "041$a": ("2", "041$a was left out: codes in a row are stated one by one"),
        "082$a": ("2", "082$a was left out: marks of where a class number may be cut are no part of it"),
        "100$0": ("2", "100$0 was left out: the link beside the name says it"),
        "100$e": ("2", "100$e was left out: the field of the name says the role"),
        "260$c": ("2", "260$c was left out: the dates say it"),
        "650$0": ("2", "650$0 was left out: the link beside the heading says it"),
    }
