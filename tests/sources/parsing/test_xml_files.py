"""XML from strangers: streamed, damaged, truncated, hostile."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from lod.errors import SourceError
from lod.report import Finding
from lod.settings.table import Settings
from lod.sources import SourceFile
from lod.sources.parsing.xml_files import FoundElement, iter_elements, text_of

SETTINGS = Settings(base_iri="https://example.org/", max_record_mib=1)
LIST = '<?xml version="1.0" encoding="UTF-8"?>\n<list xmlns="urn:l" xmlns:x="urn:x">{}</list>'


@pytest.fixture
def elements(tmp_path):
    def read(content, *names):
        path = tmp_path / "a.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(iter_elements(SourceFile(path), set(names or ("record",)), SETTINGS))

    return read


def texts(found):
    return [text_of(one.element) for one in found if isinstance(one, FoundElement)]


def messages(found):
    return [one.message for one in found if isinstance(one, Finding)]


def broken(elements, content):
    with pytest.raises(SourceError) as fault:
        elements(content)
    return str(fault.value)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        pytest.param(LIST.format("<record>a</record>\n<record>b</record>"), ["a", "b"], id="a list"),
        pytest.param("<record>a</record>", ["a"], id="the root itself"),
        pytest.param("<record>a</record>\n<record>b</record>\n", ["a", "b"], id="roots one after the other"),
        pytest.param(LIST.format("<record>a</record>") * 2, ["a", "a"], id="documents one after the other"),
        pytest.param("<l><record>a</record></l><l><record>b</record></l>", ["a", "b"], id="documents, no declaration"),
        pytest.param(LIST.format("<!-- <record>no</record> --><record>a</record>"), ["a"], id="a comment"),
        pytest.param(LIST.format("<record><![CDATA[</record>]]></record>"), ["</record>"], id="a CDATA section"),
        pytest.param(LIST.format("<record>a<!-- b --><?c d?>e</record>"), ["ae"], id="comments inside"),
        pytest.param(LIST.format('<record>a<record x="1">b</record>c</record>'), ["abc"], id="one inside another"),
        pytest.param(
            LIST.format("<x:record>a</x:record><record/><record a='>'>b</record>"), ["a", "", "b"], id="forms"
        ),
        pytest.param(LIST.format("<record>é</record>").encode("utf-16"), ["é"], id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + LIST.format("<record>é</record>").encode(), ["é"], id="byte order mark"),
        pytest.param(
            LIST.format("<record>é</record>").replace("UTF-8", "ISO-8859-1").encode("latin-1"), ["é"], id="Latin-1"
        ),
        pytest.param(gzip.compress(LIST.format("<record>a</record>").encode()), ["a"], id="gzip"),
        pytest.param(LIST.format(""), [], id="none"),
    ],
)
def test_elements_are_found_wherever_they_stand(elements, content, wanted):
    found = elements(content)
    assert (texts(found), messages(found)) == (wanted, [])


def test_an_element_has_the_namespaces_of_those_around_it(elements):
    (one,) = elements(LIST.format("\n<record><x:a/></record>"))
    assert (one.element.tag, one.element[0].tag, one.where) == ("{urn:l}record", "{urn:x}a", "line 3")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param("<a>x & y</a>", "line 4, column 15): a bare '&', which XML writes as '&amp;'", id="ampersand"),
        pytest.param(
            "<a>\x0b</a>", "column 12): a control character, which XML does not allow", id="control character"
        ),
        pytest.param("<a>&nbsp;</a>", "a named character such as '&eacute;'", id="named character"),
        pytest.param("<a>x</b>", "Opening and ending tag mismatch: a", id="mismatch"),
        pytest.param("\udcff\udcfe", "bytes that are not in the encoding which the file declares", id="not UTF-8"),
    ],
)
def test_a_damaged_element_costs_itself_only(elements, damage, message):
    content = LIST.format(f"\n<record>1</record>\n<record>{damage}</record>\n<record>3</record>")
    found = elements(content.encode("utf-8", "surrogateescape"))
    assert texts(found) == ["1", "3"]
    (told,) = messages(found)
    assert told.startswith("a.xml, line 4: the record is not well-formed XML (line 4")
    assert message in told
    assert told.endswith("Mend it at its source, and read it again")


def test_an_element_that_is_not_closed_costs_itself_only(elements):
    found = elements(LIST.format("<record>1<record>2</record>"))
    assert texts(found) == ["2"]
    assert messages(found) == [
        "a.xml, line 2: the element is not closed before the next one starts; mend it at its source"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            LIST.format("<record>1</record>")[:-7],
            "the file breaks off before the end of its XML; fetch it again",
            id="end",
        ),
        pytest.param(
            LIST.format("<record>1</record>")[:-17],
            "the file breaks off within the element that starts in line 2; fetch it again",
            id="within an element",
        ),
        pytest.param(LIST.format("<record>1</record>\n&"), "no well-formed XML near line 3: a bare '&'", id="between"),
        pytest.param("<html><p>Sorry</html>", "Opening and ending tag mismatch: p", id="HTML"),
        pytest.param(
            LIST.format("<record>1</record>").replace("UTF-8", "klingon"),
            "the encoding that the file declares is not known (Unsupported encoding: klingon)",
            id="unknown encoding",
        ),
    ],
)
def test_a_file_that_breaks_off_or_is_no_xml_is_told(elements, content, message):
    assert message in broken(elements, content)


BOMB = '<!DOCTYPE r [\n<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><r><record>&b;</record></r>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><r><record>&a;</record></r>'


@pytest.mark.parametrize("content", [pytest.param(BOMB, id="bomb"), pytest.param(OUTSIDE, id="external entity")])
def test_declared_entities_are_refused(elements, content):
    assert "declares an entity, which may stand for anything; files with entity declarations" in broken(
        elements, content
    )
    assert "declares an entity" in broken(elements, content.encode("utf-16"))


def test_a_document_type_is_not_fetched(elements):
    doctype = '<!DOCTYPE r PUBLIC "-//x" "http://127.0.0.1:1/x.dtd">'
    assert texts(elements(f"{doctype}<r><record>a</record></r>")) == ["a"]


def test_an_element_that_never_ends_is_told_and_not_held(tmp_path):
    path = tmp_path / "a.xml.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"<r>\n<record>")
        for _ in range(24):
            out.write(b"<a>b</a>" * 131_072)
    tracemalloc.start()
    with pytest.raises(SourceError, match="what starts in line 2 is larger than 1 MiB; look whether one record"):
        list(iter_elements(SourceFile(path), {"record"}, SETTINGS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
