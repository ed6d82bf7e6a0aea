"""Start tags and end tags in every form that XML knows, cut by chunks anywhere, and as hostile as they can be made."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import product

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lod.settings.table import Settings
from lod.sources import SourceFile
from lod.sources.parsing.xml_files import FoundElement, iter_elements
from lod.sources.parsing.xml_pieces import TooLargeError, split_pieces

SETTINGS = Settings(base_iri="https://example.org/")

NAMES = (
    "record",
    "resumptionToken",
    "responseDate",
    "error",
    "ListIdentifiers",
    "Identify",
    "metadataFormat",
    "dublin_core",
    "mods",
    "PubmedArticle",
    "PubmedBookArticle",
    "DeleteCitation",
)
"""Names that the readers of sources and of harvests ask for."""

ATTRIBUTES = {
    "none": "",
    "one": ' cursor="20"',
    "many": ' completeListSize="60" cursor="20" expirationDate="2026-01-01T00:00:00Z"',
    "single quotes": " cursor='20'",
    "both quotes": """ a='"' b="'" c=''""",
    "slash in quotes": ' href="a/b/" base="/"',
    "slash and end in quotes": ' a="/>" b=">"',
    "end in single quotes": " a='x>y'",
    "spaces": ' a = "1"\tb\n=\n"2"',
    "declared namespace": ' xmlns:x="urn:x"',
    "not ASCII": ' a="é"',
}
SPACES = {"no space": "", "space": " ", "line": "\n", "many": " \t\r\n "}


def pieces(data, size=0, names=("record",)):
    chunks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return list(split_pieces(iter(chunks), frozenset(names), 10_000))


def elements(found):
    return [piece.data.decode() for piece in found if piece.sort == "element"]


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_an_empty_element_ends_in_both_forms(attributes, space):
    for name, prefix in product(NAMES, ("", "oai:", "a-b.c:")):
        tag = f"{prefix}{name}{attributes}{space}"
        for form in (f"<{tag}/>", f"<{tag}></{prefix}{name}{space}>", f"<{tag}>a<b c='d'/></{prefix}{name}>"):
            found = pieces(f"<list>{form}<!-- {form} --><{name}>1</{name}><x/></list>".encode(), names=NAMES)
            assert elements(found) == [form, f"<{name}>1</{name}>"]
            assert [piece.sort for piece in found] == ["gap", "element", "gap", "element", "gap"]


@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_an_empty_element_within_another_ends_before_it_does(attributes):
    inner = f"<record{attributes}/>"
    data = f'<list><record n="1">{inner}<error code="x"/></record>{inner}</list>'.encode()
    assert elements(pieces(data, names=NAMES)) == [f'<record n="1">{inner}<error code="x"/></record>', inner]


@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_chunks_may_end_at_any_byte(attributes):
    data = f"<l>é<record{attributes}/>b<o:record{attributes} ></o:record >\n<record>c</record></l>".encode()
    whole = pieces(data)
    assert len(elements(whole)) == 3
    assert pieces(data, 1) == whole
    for at in range(1, len(data)):
        assert list(split_pieces(iter([data[:at], data[at:]]), frozenset({"record"}), 10_000)) == whole


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        pytest.param('<record a="1></record><record>2</record>', ["<record>2</record>"], id="quote that is not closed"),
        pytest.param("<record a='<record>2</record>", ["<record>2</record>"], id="tag in a tag"),
        pytest.param('<record a=">', [], id="quote at the end"),
        pytest.param("<record a=b/><record>2</record>", ["<record a=b/>", "<record>2</record>"], id="no quotes"),
        pytest.param("<record/ ><record>2</record>", ["<record>2</record>"], id="space behind the slash"),
        pytest.param("<record>1</record x></record>", ["<record>1</record x></record>"], id="end tag with more in it"),
        pytest.param("<recordX a='1'/><record>2</record>", ["<record>2</record>"], id="longer name"),
        pytest.param(
            f"<{'p' * 255}:record a='1'/><record>2</record>",
            [f"<{'p' * 255}:record a='1'/>", "<record>2</record>"],
            id="longest prefix",
        ),
    ],
)
@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_a_damaged_tag_costs_itself_only(damage, found, size):
    assert elements(pieces(damage.encode(), size)) == found


PARTS = (
    *("<record>", "</record>", "<record/>", "<record a='1'/>", '<record b="/>"/>', "<o:record c='>' >", "</o:record >"),
    *("<record", "</record", "<rec", "<a:", "<a>", "/", ">", "/>", '"', "'", "=", " ", "\n", "a", "é"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?xml ?>", "<!DOCTYPE a>"),
)


@given(st.lists(st.sampled_from(PARTS)), st.integers(1, 9))
def test_pieces_are_the_file_however_it_is_cut_into_chunks(parts, size):
    data = "".join(parts).encode()
    whole = pieces(data)
    assert pieces(data, size) == whole
    assert b"".join(piece.data for piece in whole).strip() == data.strip()


# ------------------------------------------------------------------ lxml as the judge

_SPACE = st.sampled_from(["", " ", "\n", "\t "])
_TEXT = st.sampled_from(["", "a", " ", "/", "/>", ">", '"', "'", "é", "\n", "&lt;record/&gt;"])
_BETWEEN = _TEXT | st.sampled_from(["<!-- <record a='1'/> -->", "<![CDATA[<record a='1'>]]>", "<?php > ?>"])


@st.composite
def _attributes(draw):
    written = ""
    for name in draw(st.lists(st.sampled_from(["a", "b", "o:c", "xml:lang"]), unique=True)):
        quote = draw(st.sampled_from("\"'"))
        value = draw(st.lists(_TEXT, max_size=3).map("".join)).replace(quote, "")
        written += f"{draw(_SPACE) or ' '}{name}{draw(_SPACE)}={draw(_SPACE)}{quote}{value}{quote}"
    return written + draw(_SPACE)


@st.composite
def _nodes(draw, depth=3):
    """Draw some elements and what stands between; names that are asked for among them.

    Start tags that hold something are told apart by a number: alike ones, one in the other, mean that the outer was
    never closed.
    """
    written = ""
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(["record", "o:record", "token", "o:token", "x", "o:records"]))
        attributes = draw(_attributes())
        form = draw(st.sampled_from(["short", "long", "full"] if depth else ["short", "long"]))
        if form == "short":
            written += f"<{name}{attributes}/>"
        else:
            inner = draw(_nodes(depth=depth - 1)) if form == "full" else ""
            written += f'<{name} n="{depth}"{attributes}>{inner}</{name}{draw(_SPACE)}>'
        written += draw(_BETWEEN)
    return written


def _canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)


def _outermost(element):
    for child in element.iterchildren(etree.Element):
        if etree.QName(child).localname in {"record", "token"}:
            yield child
        else:
            yield from _outermost(child)


@pytest.mark.slow
@hypothesis.settings(max_examples=300)
@given(_nodes(), st.integers(0, 40))
def test_the_elements_are_those_that_lxml_finds(tmp_path_factory, inner, size):
    data = f'<list xmlns="urn:l" xmlns:o="urn:o">{inner}</list>'.encode()
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    wanted = [_canonical(element) for element in _outermost(etree.fromstring(data, parser))]
    path = tmp_path_factory.getbasetemp() / "drawn.xml"
    path.write_bytes(data)
    found = list(iter_elements(SourceFile(path), {"record", "token"}, SETTINGS))
    assert all(isinstance(one, FoundElement) for one in found)
    assert [_canonical(one.element) for one in found] == wanted
    assert len(elements(pieces(data, size, ("record", "token")))) == len(wanted)


# ------------------------------------------------------------------ hostile

ENDLESS = {
    "an attribute": ("<record a", "a"),
    "a value": ('<record a="', "/>"),
    "values": ("<record ", '""'),
    "slashes": ("<record ", "/ "),
    "an end tag": ("<record></record", " "),
    "a prefix": ("<", "a"),
    "tags": ("", "<record "),
    "values that are not closed": ("", '<record a=">'),
}


@pytest.mark.parametrize("start", ENDLESS.values(), ids=ENDLESS)
def test_a_tag_without_end_takes_time_by_its_length_only(start):
    def seconds(size):
        data = (start[0] + start[1] * (size // len(start[1]))).encode()
        began = time.process_time()
        with suppress(TooLargeError):
            for _ in split_pieces((data[at : at + 1024] for at in range(0, len(data), 1024)), frozenset(NAMES), size):
                pass
        return time.process_time() - began

    # Sixteen times as long: 256 times the time, were each chunk's work to grow with what has come before.
    small, large = min(seconds(1 << 16) for _ in range(3)), min(seconds(1 << 20) for _ in range(2))
    assert large < 80 * max(small, 0.001)
