"""Real MARC files against an oracle: what plain pymarc says of a record, and every subfield of it, is in the Record."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pymarc
import pytest
from lxml import etree

from lod.record import Record
from lod.sources import open_source
from tests.helpers.paths import SHARED_FOLDER
from tests.helpers.read_sources import SETTINGS, texts

SHARED = SHARED_FOLDER / "data" / "marc"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")

FILES = sorted(SHARED.iterdir()) if SHARED.is_dir() else []
UNREAD = {
    "edsu_pymarc_1251.dat",
    "edsu_pymarc_bad_eacc_encoding.dat",
    "edsu_pymarc_bad_records.mrc",
    "edsu_pymarc_testunimarc.UNIMARC.dat",
    "NatLibFi_RecordManager_marc_empty_field.json",
}
"""Files in another encoding, of UNIMARC, broken on purpose, or no MARC in these carriers."""

ROLES = {
    "author",
    "aut",
    "dir",
    "codir",
    "edt",
    "editor",
    "ed",
    "translator",
    "tr",
    "trl",
    "kääntäjä",
    "herausgeber",
    "kirjoittaja",
    "toimittaja",
    "verfasser",
    "publisher",
    "pbl",
    "issuingbody",
    "ill",
    "illustrator",
    "contributor",
    "ctb",
    "hrsg",
    "degreegrantinginstitution",
    "thesisadvisor",
}
"""Roles that are said by the field of a name."""


def signs(text: str) -> str:
    """Letters and digits alone, as which texts are compared: punctuation is ISBD's, and so is white space."""
    plain = re.sub(r"&#x([0-9A-Fa-f]{4,6});", lambda match: chr(int(match[1], 16)), text)
    return "".join(sign for sign in unicodedata.normalize("NFKC", plain).casefold() if sign.isalnum())


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


@cache
def pairs(path: Path) -> list[tuple[pymarc.Record, Record]]:
    """The records of a file as pymarc has them, each with the Record of the same control number and title."""
    ours = [item for item in open_source(path, SETTINGS) if isinstance(item, Record)]
    theirs = [
        record for record in _by_pymarc(path) if record is not None and record.leader[5] != "d" and "245" in record
    ]
    found, rest = [], list(ours)
    for record in theirs:
        number = signs(record["001"].data) if "001" in record else ""
        title = signs(" ".join(record["245"].get_subfields("a", "b")))[:30]
        for other in rest:
            control = signs("".join(texts(other, "marc.001")))
            names = signs("".join(value.text for value in other.values if value.field.startswith("dc.title")))
            if control.endswith(number) and title[:20] in names:
                found.append((record, other))
                rest.remove(other)
                break
    return found


def _by_pymarc(path: Path) -> Iterator[pymarc.Record | None]:
    data = content(path)
    if not data.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        # The leader's encoding, or UTF-8 where the bytes are.
        yield from pymarc.MARCReader(data, hide_utf8_warnings=True, force_utf8=_utf8(data))
        return
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return
    for element in root.iter("{*}record"):
        if element.find("{*}datafield") is not None:
            yield _record(element)


def _record(element: etree._Element) -> pymarc.Record:
    record = pymarc.Record()
    leader = element.findtext("{*}leader") or ""
    if len(leader) == 24:
        record.leader = leader
    for field in element.iterfind("{*}controlfield"):
        record.add_field(pymarc.Field(tag=field.get("tag"), data="".join(field.itertext())))
    for field in element.iterfind("{*}datafield"):
        parts = [pymarc.Subfield(part.get("code") or "?", "".join(part.itertext())) for part in field]
        indicators = pymarc.Indicators(*((field.get(name) or " ")[:1] for name in ("ind1", "ind2")))
        record.add_field(pymarc.Field(tag=field.get("tag"), indicators=indicators, subfields=parts))
    return record


def _utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.isascii() and b"\x1b" not in data


READ = [pytest.param(path, id=path.name) for path in FILES if "dojson" not in path.name and path.name not in UNREAD]


@pytest.mark.filterwarnings("ignore::pymarc.exceptions.BadSubfieldCodeWarning")
@pytest.mark.parametrize("path", READ)
def test_every_subfield_of_every_real_record_is_in_its_values(path):
    for theirs, record in pairs(path):
        said = [signs(value.text) for value in record.values] + [
            signs(f"{value.authority or ''}{value.language or ''}") for value in record.values
        ]
        whole = "\n".join(said)
        for field in theirs.fields:
            if field.control_field:
                assert signs(field.data) in whole, (record.place, field.tag, field.data)
                continue
            for code, text in field.subfields:
                wanted = signs(text)
                if field.tag == "041" and re.fullmatch(r"(?:[a-z]{3}){2,}", text):
                    assert all(part in {*said, "und"} for part in re.findall("...", text)), (record.place, text)
                elif wanted not in whole and wanted in ROLES and code in "ce4":
                    assert field.tag[1:] in {"00", "10", "20"} or field.tag == "880", (record.place, field.tag, text)
                elif field.tag in {"260", "264"} and code == "c":
                    assert "".join(re.findall(r"\d", text)) in re.sub(r"[^\d\n]", "", whole), (record.place, text)
                elif code in "01" and wanted not in whole:
                    assert re.sub(r"^\D*0*", "", signs(text.rpartition(")")[2])) in whole, (
                        record.place,
                        field.tag,
                        code,
                        text,
                    )
                else:
                    assert wanted in whole, (record.place, field.tag, code, text)


@pytest.mark.filterwarnings("ignore::pymarc.exceptions.BadSubfieldCodeWarning")
@pytest.mark.parametrize("path", READ)
def test_real_records_say_what_an_oracle_reads(path):
    for theirs, record in pairs(path):
        where = record.place
        assert (
            signs("".join(theirs["245"].get_subfields("a", "b", "n", "p")))
            in "\n".join(signs(text) for text in texts(record, "dc.title"))
            or "=" in theirs["245"].format_field()
        ), where
        assert _names(record) == _names_of(theirs), where
        for tag, code, field in (("020", "a", "isbn"), ("022", "a", "issn"), ("010", "a", "lccn")):
            for text in (text for one in theirs.get_fields(tag) for text in one.get_subfields(code) if text.strip()):
                number = signs(re.match(r"\s*[\w-]+", text)[0])
                assert any(signs(value).startswith(number) for value in texts(record, f"dc.identifier.{field}")), (
                    where,
                    text,
                )
        for text in (text for one in theirs.get_fields("035") for text in one.get_subfields("a")):
            assert (not text.casefold().startswith("(ocolc)")) or text.strip() in texts(record, "dc.identifier.oclc"), (
                where,
                text,
            )
        coded = theirs["008"].data if "008" in theirs else ""
        if re.fullmatch(r"[srt]\d{4}", coded[6:11]) and coded[7:11] != "9999":
            assert texts(record, "dc.date.issued") == [coded[7:11]], where
        if (
            "041" not in theirs
            and re.fullmatch(r"[a-z]{3}", coded[35:38])
            and coded[35:38] not in {"und", "zxx", "mul"}
        ):
            assert texts(record, "dc.language.iso") == [coded[35:38]], where
        headings = [
            signs("".join(one.get_subfields(*"abcdgvxyz"))) for one in theirs.get_fields("650") if one.indicator2 == "0"
        ]
        assert [
            heading for heading in map(signs, texts(record, "dc.subject.lcsh")) if heading in headings
        ] == headings, where
        for host in theirs.get_fields("773"):
            for title in host.get_subfields("t")[:1]:
                assert signs(title) in map(signs, texts(record, "dc.relation.ispartof")), where
            for issn in host.get_subfields("x"):
                assert signs(issn) in "".join(map(signs, texts(record, "dc.identifier.issn"))), where


def _names(record: Record) -> list[str]:
    """People in the order of their fields; one name in several roles counts once."""
    people = ("author", "editor", "translator", "illustrator", "advisor", "other", "committeeMember")
    fields = {f"dc.contributor.{name}" for name in people}
    names = [signs(value.text) for value in record.values if value.field in fields]
    return list(dict.fromkeys(names))


def _names_of(theirs: pymarc.Record) -> list[str]:
    names = []
    for field in theirs.get_fields("100", "700", "720"):
        if field.get("a") and not (field.tag == "700" and field.get("t")):
            suffix = "".join(
                text
                for text in field.get_subfields("c")[:1]
                if re.fullmatch(r"(?i)(jr|sr|ii|iii|iv)[.,]*", text.strip())
            )
            names.append(signs(re.sub(r"\(\d{4}-?(\d{4})?\)$", "", field["a"]) + (field.get("b") or "") + suffix))
    # A name in another script stands for a field that the record lacks.
    for field in theirs.get_fields("880"):
        if (tag := field.get("6", "")[:3]) in {"100", "700"} and tag not in theirs:
            names.append(signs(field["a"]))
    return list(dict.fromkeys(filter(None, names)))


def test_most_real_records_take_part():
    """A pair needs a title and a control number on both sides; fragments and broken records have none."""
    assert sum(len(pairs(path.values[0])) for path in READ) >= 300


def test_the_same_records_in_both_carriers_give_the_same_values():
    names = "traject_traject_test_data.utf8.mrc", "traject_traject_test_data.utf8.marc.xml.gz"
    first, second = (
        [record.values for record in open_source(SHARED / name, SETTINGS) if isinstance(record, Record)]
        for name in names
    )
    assert len(first) == len(second) >= 29
    assert first == second
