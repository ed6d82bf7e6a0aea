"""Files of RDF: what is wrong with them, and where."""

from __future__ import annotations

from io import BytesIO

import pytest

from lod.errors import SourceError
from lod.rdf.files import read_quads
from lod.rdf.formats import RDF_XML

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/">\n'
    '<rdf:Description rdf:about="https://example.org/1">\n  {}</rdf:Description>\n</rdf:RDF>'
)


@pytest.mark.parametrize(
    ("inner", "line", "column", "reason"),
    [
        pytest.param(
            "<dc:title>x</dc:title>", 3, 3, 'the prefix dc: is not declared: xmlns:dc="…" is missing', id="prefix"
        ),
        pytest.param("<d:title>x</d:titel>", 3, 12, "expected `</d:title>`, but `</d:titel>` was found", id="mismatch"),
        pytest.param("<d:title>a & b</d:title>", 3, 12, "a bare '&', which XML writes as '&amp;'", id="ampersand"),
        pytest.param(
            "<d:title>a&nbsp;b</d:title>", 3, 12, "the named character '&nbsp;', which plain XML does", id="name"
        ),
        pytest.param('<d:title>a</d:title>\n<d:x rdf:ID="1 2"/>', 4, 1, "1 2 is not a valid rdf:ID value", id="rdf:ID"),
        pytest.param(
            '<d:x rdf:ID="a"/> <d:x rdf:ID="a"/>', 3, 21, "an rdf:ID that occurs twice in the file", id="twice"
        ),
        pytest.param("stray<d:x/>", 3, 3, "a text between elements, where RDF/XML has none", id="text"),
        pytest.param('<d:x rdf:resource="http://a b/"/>', 3, 3, "Invalid IRI code point ' '", id="IRI"),
    ],
)
def test_a_fault_of_rdf_xml_is_told_with_line_and_column(inner, line, column, reason):
    with pytest.raises(SourceError) as fault:
        list(read_quads(BytesIO(RDF.format(inner).encode()), RDF_XML, "a.rdf", "https://example.org/"))
    assert str(fault.value).startswith(f"a.rdf: line {line}, column {column}: not readable: ")
    assert reason in str(fault.value)


def test_rdf_xml_that_breaks_off_is_told():
    with pytest.raises(SourceError, match="the file breaks off before the end of its XML; fetch it again"):
        list(read_quads(BytesIO(RDF.format("<d:x/>")[:-12].encode()), RDF_XML, "a.rdf", "https://example.org/"))
