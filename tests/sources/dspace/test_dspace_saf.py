"""The Simple Archive Format: item folders, zips of them, zips within zips, and what is refused of them."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from lod.errors import SourceError
from lod.record import File, Record, Value
from lod.report import Finding, Severity
from lod.sources import find_files, open_source
from lod.sources.dspace.saf_contents import read_contents
from lod.sources.parsing.media_types import media_type_of
from tests.helpers.paths import FIXTURES, SHARED_FOLDER
from tests.helpers.read_sources import SETTINGS, items_of, texts

DATA = FIXTURES / "sources" / "dspace-saf"
SHARED = SHARED_FOLDER / "data" / "dspace-saf"
FIELDS = '<dublin_core schema="dc"><dcvalue element="title" qualifier="none">{}</dcvalue></dublin_core>'


def zipped(path, members, **how):
    """Write a zip of names and contents."""
    with zipfile.ZipFile(path, "w", **how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def packed(folder, path):
    """Write a zip of a folder."""
    return Path(shutil.make_archive(str(path.with_suffix("")), "zip", folder))


def test_an_item_folder_is_one_record_with_all_its_schemas_its_files_its_handle_and_its_collections():
    (record,) = items_of(DATA / "full")
    assert isinstance(record, Record)
    assert (record.place, record.handle) == ("item_001/dublin_core.xml, line 2", "11250/2836938")
    assert record.collections == ("11250/2600000", "11250/2600001")
    assert record.source == str(DATA / "full/item_001/dublin_core.xml")
    assert record.values[2] == Value("dc.contributor.author", "Carberry, Josiah", None, "0000-0002-1825-0097", 600)
    assert record.values[9].language == "*"
    assert texts(record, "local.project.number") == ["NVE-80132"]
    # Without an attribute "schema" the file's name tells it.
    assert texts(record, "dcterms.spatial") == ["Norway"]
    assert texts(record, "relation.isAuthorOfPublication") == ["7c2d1ab5-6f0e-4f7a-9e35-0b8f6a7d9f10"]
    assert texts(record, "saf.relationships") == ["relation.isProjectOfPublication folderName:item_014"]
    assert texts(record, "saf.permissions") == ["Readme: how to read/use this.txt: -r 'Staff'"]
    assert record.files == (
        File("outlines.csv", media_type="text/csv", size_bytes=23, description="Outlines of 2019"),
        File("Readme: how to read/use this.txt", media_type="text/plain"),
        File("license.txt", media_type="text/plain", size_bytes=41, bundle="LICENSE"),
        File("map.pdf", media_type="application/pdf"),
    )


def test_what_lies_in_an_item_folder_is_neither_read_as_another_source_nor_left_out(tmp_path):
    shutil.copytree(DATA / "full", tmp_path / "export")
    (tmp_path / "export/item_001/table.csv").write_text("dc.title\nA deposited table\n")
    (tmp_path / "export/item_001/more").mkdir()
    (tmp_path / "export/item_001/more/refs.bib").write_text("@book{a, title = {A}}")
    (tmp_path / "list.csv").write_text("dc.title\nA title\n")
    found, left_out = find_files(tmp_path)
    assert [(path.name, format_.name) for path, format_ in found] == [
        ("dublin_core.xml", "dspace-saf"),
        ("list.csv", "dspace-csv"),
    ]
    assert left_out == []


def test_an_item_within_an_item_folder_is_an_item_of_its_own(tmp_path):
    shutil.copytree(DATA / "full/item_001", tmp_path / "all")
    shutil.copytree(DATA / "missing/item_001", tmp_path / "all" / "item_002")
    assert [item.place.partition(",")[0] for item in items_of(tmp_path)] == [
        "all/dublin_core.xml",
        "item_002/dublin_core.xml",
    ]


def test_an_item_is_the_same_record_named_by_folder_by_file_or_in_a_zip(tmp_path):
    (by_folder,) = items_of(DATA / "full/item_001")
    (by_file,) = items_of(DATA / "full/item_001/dublin_core.xml")
    (in_zip,) = items_of(packed(DATA / "full", tmp_path / "export.zip"))
    assert by_folder == by_file
    assert in_zip.content_hash() == by_file.content_hash()
    assert in_zip.place == "export.zip, item_001/dublin_core.xml, line 2"
    assert in_zip.source == str(tmp_path / "export.zip")


def test_odd_items_have_each_their_fate_and_the_rest_is_read():
    items = items_of(DATA / "odd")
    assert [(type(item).__name__, getattr(item, "rule", ""), item.place) for item in items] == [
        ("Record", "", "a_escaped/dublin_core.xml, line 2"),
        ("Finding", "xml-broken", "b_broken/dublin_core.xml, line 2"),
        ("Record", "", "c_attributes/dublin_core.xml, line 2"),
        ("Finding", "saf-unnamed", "c_attributes/dublin_core.xml, line 2"),
        ("Finding", "saf-handle", "d_handle/dublin_core.xml, the item"),
        ("Finding", "saf-damaged", "e_schema/dublin_core.xml, the item"),
        ("Record", "", "f_person/dublin_core.xml, line 1"),
        ("Record", "", "g_last/dublin_core.xml, line 1"),
    ]
    escaped, broken, unnamed, remark, handle, damaged, _, last = items
    assert escaped.handle == "11250/3024509"
    assert texts(escaped, "dc.title") == ["Sound and notation / two studies"]
    assert texts(escaped, "dc.description.abstract") == ["First paragraph.\n\nSecond & last."]
    assert [file.name for file in escaped.files] == [
        "Sound example 1: Luigi Nono (excerpt), movement I–II",
        "book/chapter 1.pdf",
        "../../secret.txt",
        "page.tif",
    ]
    assert texts(escaped, "saf.contents") == ["page.tif\tbundle:ORIGINAL\tiiif-width:2200"]
    assert "a bare '&', which XML writes as '&amp;'" in broken.message
    assert texts(unnamed, "saf.unnamed") == ["Nobody, N.", "Blank, B.", "An element of no item"]
    assert remark.message == (
        "c_attributes/dublin_core.xml, line 2: 3 values have no element that names a field; kept verbatim as saf.unnamed. "
        "Give each dcvalue its element"
    )
    assert handle.message == (
        "d_handle/dublin_core.xml, the item: 'to be given' in the file 'handle' is no handle; write one as prefix/suffix, "
        "such as 10722/129504, or delete the file"
    )
    assert damaged.message.startswith("e_schema/dublin_core.xml, the item: ")
    assert "metadata_fs.xml: the file breaks off within the element that starts in line 1" in damaged.message
    assert last.handle == "11250/7"


def test_a_zip_tells_of_the_same_items_as_its_folder(tmp_path):
    in_folder = items_of(DATA / "odd")
    in_zip = items_of(packed(DATA / "odd", tmp_path / "odd.zip"))
    assert [getattr(item, "rule", "") for item in in_zip] == [getattr(item, "rule", "") for item in in_folder]
    assert [item.content_hash() for item in in_zip if isinstance(item, Record)] == [
        item.content_hash() for item in in_folder if isinstance(item, Record)
    ]
    assert "odd.zip, b_broken/dublin_core.xml, line 2: " in next(
        item.message for item in in_zip if isinstance(item, Finding)
    )


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "packed once more"])
def test_zips_within_a_zip_are_read_but_not_those_that_were_deposited(tmp_path, how):
    inner = io.BytesIO()
    zipped(inner, {"item_2/dublin_core.xml": FIELDS.format("Inner"), "item_2/handle": "11250/2"})
    deposited = io.BytesIO()
    zipped(deposited, {"x/dublin_core.xml": FIELDS.format("Deposited"), "x/handle": "11250/3"})
    path = zipped(
        tmp_path / "all.zip",
        {
            "SimpleArchiveFormat.zip": inner.getvalue(),
            "damaged.zip": b"PK\x03\x04 no zip",
            "item_1/dublin_core.xml": FIELDS.format("Outer"),
            "item_1/data.zip": deposited.getvalue(),
            "__MACOSX/item_1/._dublin_core.xml": "x",
        },
        compression=how,
    )
    outer, record, damaged = items_of(path)
    assert [texts(item, "dc.title") for item in (outer, record)] == [["Outer"], ["Inner"]]
    assert record.place == "all.zip, SimpleArchiveFormat.zip, item_2/dublin_core.xml, line 1"
    assert isinstance(damaged, Finding)
    assert damaged.severity is Severity.VIOLATION
    assert damaged.message == (
        f"{path}, all.zip, damaged.zip: the zip file cannot be read (File is not a zip file); fetch or export it again"
    )


def test_a_zip_that_holds_zips_only_is_told_and_read(tmp_path):
    inner = io.BytesIO()
    zipped(inner, {"item/dublin_core.xml": FIELDS.format("Inner")})
    path = zipped(tmp_path / "upload", {"SimpleArchiveFormat.zip": inner.getvalue()})
    assert [format_.name for _, format_ in find_files(path)[0]] == ["dspace-saf"]
    assert [texts(item, "dc.title") for item in items_of(path)] == [["Inner"]]


def test_names_that_lead_out_of_a_zip_or_are_written_as_windows_does_are_names_only(tmp_path):
    path = zipped(
        tmp_path / "a.zip",
        {"../../etc/dublin_core.xml": FIELDS.format("Up"), "b\\dublin_core.xml": FIELDS.format("Windows")},
    )
    records = items_of(path)
    assert [texts(record, "dc.title") for record in records] == [["Windows"], ["Up"]]
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["a.zip"]


def test_a_damaged_member_of_a_zip_costs_its_item_only(tmp_path):
    names = [f"item_{number}/dublin_core.xml" for number in (1, 2, 3)]
    path = zipped(tmp_path / "a.zip", {name: FIELDS.format(name) for name in names})
    content = path.read_bytes().replace(b"item_2/dublin_core.xml</dcvalue>", b"item_X/dublin_core.xml</dcvalue>")
    path.write_bytes(content)
    first, damaged, last = items_of(path)
    assert (texts(first, "dc.title"), texts(last, "dc.title")) == ([names[0]], [names[2]])
    assert damaged.message == (
        "a.zip, item_2/dublin_core.xml, the item: a.zip, item_2/dublin_core.xml: the file in the zip is damaged "
        "(Bad CRC-32 for file 'item_2/dublin_core.xml'); export the item again"
    )


def test_a_zip_that_breaks_off_is_told_and_not_passed_over(tmp_path):
    path = zipped(tmp_path / "a.zip", {"item_1/dublin_core.xml": FIELDS.format("A")})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(
        SourceError, match=r"a\.zip: the zip file cannot be read \(File is not a zip file\); fetch or export"
    ):
        items_of(path)


def test_an_encrypted_zip_is_told(tmp_path):
    path = zipped(tmp_path / "a.zip", {"item_1/dublin_core.xml": FIELDS.format("A")})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    message = r"'item_1/dublin_core\.xml' in it is encrypted; unpack the zip with its password, and name the folder"
    with pytest.raises(SourceError, match=message):
        items_of(path)


@pytest.mark.parametrize("nested", [False, True])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, nested):
    bomb = tmp_path / "bomb.zip"
    fields = FIELDS.format(" " * 30 * 1024**2)
    zipped(bomb, {"item_1/dublin_core.xml": fields}, compression=zipfile.ZIP_DEFLATED)
    message = (
        r"'item_1/dublin_core\.xml' in it unpacks to \d+ bytes from \d+, more than is read; unpack the zip yourself"
    )
    if not nested:
        with pytest.raises(SourceError, match=message):
            items_of(bomb)
        return
    path = zipped(tmp_path / "outer.zip", {"in.zip": bomb.read_bytes(), "item/dublin_core.xml": FIELDS.format("A")})
    record, violation = items_of(path)
    assert texts(record, "dc.title") == ["A"]
    assert "more than is read" in violation.message


def test_zips_do_not_nest_without_end(tmp_path):
    content = b""
    for _ in range(6):
        inner = io.BytesIO()
        zipped(inner, {"item/dublin_core.xml": FIELDS.format("A"), "next.zip": content or b"PK\x03\x04"})
        content = inner.getvalue()
    path = tmp_path / "deep.zip"
    path.write_bytes(content)
    *records, violation = items_of(path)
    assert len(records) == 3
    assert "zips nest deeper than 3 levels; unpack the outer one, and name the folder" in violation.message


def test_a_bare_file_of_fields_is_a_record_whatever_its_name(tmp_path):
    path = tmp_path / "metadata_fs.xml"
    path.write_text('<?xml version="1.0"?>\n<dublin_core><dcvalue element="unit">16-0</dcvalue></dublin_core>')
    (record,) = items_of(path)
    assert record.values == (Value("fs.unit", "16-0"),)
    assert record.handle is None


def test_a_list_of_an_item_that_is_not_utf8_is_told(tmp_path):
    shutil.copytree(DATA / "missing", tmp_path / "x")
    (tmp_path / "x/item_001/contents").write_bytes(b"caf\xe9.pdf\n")
    (violation,) = items_of(tmp_path)
    assert violation.message == (
        "item_001/dublin_core.xml, the item: the file 'contents' is not UTF-8: byte 0xE9 at offset 3; save it as UTF-8"
    )


def test_an_item_that_declares_entities_is_refused(tmp_path):
    (tmp_path / "item").mkdir()
    (tmp_path / "item/dublin_core.xml").write_text(
        '<!DOCTYPE dublin_core [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + FIELDS.format("&x;")
    )
    (violation,) = items_of(tmp_path)
    assert "line 1 declares an entity" in violation.message


@pytest.mark.parametrize(
    ("line", "file"),
    [
        pytest.param("a.pdf", File("a.pdf", media_type="application/pdf"), id="name alone"),
        pytest.param("license.txt", File("license.txt", media_type="text/plain", bundle="LICENSE"), id="licence"),
        pytest.param(
            "a.pdf\\tbundle:LICENSE", File("a.pdf", media_type="application/pdf", bundle="LICENSE"), id="typed"
        ),
        pytest.param("C:\\temp\\t.txt", File("C:\\temp\\t.txt", media_type="text/plain"), id="backslash and t"),
        pytest.param("a\t\tbundle:TEXT", File("a", bundle="TEXT"), id="two tabs"),
        pytest.param("a b.PDF  bundle:X", File("a b.PDF", media_type="application/pdf", bundle="X"), id="blanks"),
        pytest.param(
            "-r -s 1 -f x/y.png\tbundle:X", File("y.png", media_type="image/png", bundle="X"), id="registered"
        ),
        pytest.param("a: b/c\tdescription:d: e", File("a: b/c", description="d: e"), id="colons"),
    ],
)
def test_a_line_of_contents_describes_a_file(line, file):
    assert next(read_contents(line, lambda name: None)) == file


def test_a_name_without_an_ending_has_no_media_type():
    assert [media_type_of(name) for name in ("license_rdf", "a.unknown", "a.tar.gz")] == [
        None,
        None,
        "application/gzip",
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder 'shared' with real data is not there")
def test_real_items_are_read_whole():
    items = items_of(SHARED)
    assert [len(item.values) for item in items if isinstance(item, Record)] == [18, 10, 16, 2, 34, 18, 20, 16]
    assert len(items) == 8
    assert sum(len(item.files) for item in items) == 23


@pytest.mark.parametrize("name", ["dublin_core.xml", "metadata_local.xml", "handle", "contents", "collections"])
def test_a_link_that_leads_out_of_the_item_is_not_followed(tmp_path, name):
    (tmp_path / "secret").write_text(
        '<dublin_core><dcvalue element="title">hush</dcvalue></dublin_core>', encoding="utf-8"
    )
    item = tmp_path / "items" / "item_1"
    item.mkdir(parents=True)
    (item / "dublin_core.xml").write_text(
        '<dublin_core><dcvalue element="title">A</dcvalue></dublin_core>', encoding="utf-8"
    )
    (item / name).unlink(missing_ok=True)
    (item / name).symlink_to(tmp_path / "secret")
    (finding,) = open_source(tmp_path / "items", SETTINGS)
    assert isinstance(finding, Finding)
    assert finding.message == (
        f"item_1/dublin_core.xml, the item: '{name}' is a link that leads out of the item's folder, and is not followed; put "
        "the file itself there"
    )


def test_a_link_within_the_item_is_followed_and_a_file_outside_has_no_size(tmp_path):
    item = tmp_path / "item_1"
    item.mkdir()
    (tmp_path / "outside.pdf").write_bytes(b"123")
    (item / "real.xml").write_text('<dublin_core><dcvalue element="title">A</dcvalue></dublin_core>', encoding="utf-8")
    (item / "dublin_core.xml").symlink_to("real.xml")
    (item / "contents").write_text("in.pdf\nout.pdf\n", encoding="utf-8")
    (item / "in.pdf").write_bytes(b"1234")
    (item / "out.pdf").symlink_to("../outside.pdf")
    (record,) = open_source(item, SETTINGS)
    assert [(file.name, file.size_bytes) for file in record.files] == [("in.pdf", 4), ("out.pdf", None)]


def test_a_value_may_have_a_schema_of_its_own(tmp_path):
    folder = tmp_path / "item_1"
    folder.mkdir()
    (folder / "dublin_core.xml").write_text(
        '<dublin_core schema="dc"><dcvalue element="title">A</dcvalue><dcvalue schema="dcterms" element="abstract">B</dcvalue>'
        '<dcvalue schema="" element="type">C</dcvalue></dublin_core>'
    )
    (record,) = items_of(folder)
    assert [(value.field, value.text) for value in record.values] == [
        ("dc.title", "A"),
        ("dcterms.abstract", "B"),
        ("dc.type", "C"),
    ]
