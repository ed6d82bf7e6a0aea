"""Every row of the table of formats is negotiable, has its extension, and reads back what it writes, wherever it is written."""

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod.dump import syntaxes
from lod.dump.manifest import DUMP_FORMATS
from lod.rdf.claims import RDF_TYPE, XSD_NS, claim, literal, split_claim
from lod.rdf.files import ending, read_quads
from lod.rdf.formats import (
    BY_ENDING,
    BY_EXTENSION,
    DUMP_NAMES,
    JSON_LD_FORMS,
    JSON_LINES,
    RDF_FORMATS,
    RESULT_FORMATS,
    Format,
)
from lod.settings.table import make_settings
from lod.sources.rdf.reader import detect_rdf
from lod.web.http.formats import DATA_FORMATS, FORMATS, GRAPH_FORMATS, format_named
from lod.web.http.negotiate import choose_format, read_accept
from lod.web.reading.documents import make_document
from lod.web.writing import graph_documents, result_stream, serializers
from lod.web.writing.json_ld_context import Context
from lod.web.writing.quads import write_quads

BASE = "https://data.example.org/"
CONTEXT = Context(BASE, "https://w3id.org/lod-repository/")
SHACL = "http://www.w3.org/ns/shacl#"
ITEM = f"<{BASE}id/item/1/2>"
LINES = sorted(
    [
        claim(ITEM, RDF_TYPE, f"<{SHACL}ValidationResult>"),
        claim(ITEM, f"<{SHACL}resultMessage>", literal('"Gold" & <silver>\n', language="zh-Hant")),
        claim(ITEM, f"<{SHACL}value>", literal("2010", datatype=f"{XSD_NS}gYear")),
        claim(f"<{BASE}id/item/1/3>", f"<{SHACL}focusNode>", ITEM),
    ]
)
DUMPED = [format_ for format_ in (*RDF_FORMATS, JSON_LINES) if format_.compressions]

each_format = pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda row: row.extension)
each_result_format = pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda row: row.extension)


def lines_of(text: bytes, format_: Format) -> list[str]:
    """Return the claims of a text; language tags as they stand in it, where the engine has them in lower case."""
    quads = ox.parse(text, format=format_.engine)
    return sorted({f"{quad.triple} .".replace("@zh-hant", "@zh-Hant") for quad in quads})


def test_there_are_rows_to_walk():
    assert len(RDF_FORMATS) >= 6
    assert DATA_FORMATS == RDF_FORMATS
    assert set(GRAPH_FORMATS) == set(RDF_FORMATS)
    assert len(DUMPED) >= 4


@each_format
def test_a_format_is_negotiated_by_its_media_type_and_each_alias(format_):
    for media_type in (format_.media_type, *format_.aliases):
        assert choose_format(read_accept(media_type), FORMATS) is format_
        assert choose_format(read_accept(media_type), GRAPH_FORMATS) is format_


@each_format
def test_a_format_is_named_by_its_extension_and_its_other_names(format_):
    assert BY_EXTENSION[format_.extension] is format_
    for name in (format_.extension, *format_.names):
        assert format_named(name, FORMATS) is format_


@each_format
def test_files_with_its_endings_are_read_as_it(format_):
    assert detect_rdf(b"", Path(f"records.{format_.extension}.gz"))
    for name in (format_.extension, *format_.endings):
        assert BY_ENDING[ending(f"Records.{name.upper()}.GZ")] is format_


@each_format
def test_a_document_is_read_back_from_what_is_written(format_):
    document = make_document(ITEM, map(split_claim, LINES))
    assert lines_of(serializers.write(document, format_, CONTEXT), format_) == LINES


@each_format
def test_a_file_is_read_back_from_what_is_written(format_):
    document = make_document(ITEM, map(split_claim, LINES))
    file = io.BytesIO(serializers.write(document, format_, CONTEXT))
    assert {str(quad.subject) for quad in read_quads(file, format_, "records", BASE)} == {
        ITEM,
        f"<{BASE}id/item/1/3>",
    }


@each_format
def test_a_named_graph_is_read_back_from_what_is_written(format_):
    assert lines_of(b"".join(graph_documents.graph_chunks(LINES, format_)), format_) == LINES


@each_format
def test_triples_and_what_is_about_them_share_a_graph_only_where_a_format_has_one_graph_alone(format_):
    triples = list(map(split_claim, LINES))
    text = write_quads(triples[:2], f"{BASE}about", triples[2:], format_, {})
    graphs = {str(quad.graph_name) for quad in ox.parse(text, format=format_.engine)}
    assert graphs == ({"DEFAULT", f"<{BASE}about>"} if format_.has_graphs else {"DEFAULT"})
    assert lines_of(text, format_) == LINES


@each_format
def test_what_the_engine_writes_of_a_graph_is_read_back_after_it_was_passed_on(format_):
    sent = []
    stream = result_stream.ResultStream(format_.extension, sent.append)
    triples = [quad.triple for quad in ox.parse("\n".join(LINES), format=ox.RdfFormat.N_TRIPLES)]
    stream.feed(ox.serialize(triples, format=format_.engine))
    stream.close()
    assert lines_of(b"".join(sent), format_) == LINES
    assert b"zh-Hant" in b"".join(sent)


@each_format
def test_a_format_whose_texts_begin_with_prefixes_says_so(format_):
    triple = ox.Triple(*(ox.NamedNode(f"{SHACL}{name}") for name in ("a", "b", "c")))
    text = ox.serialize([triple], format=format_.engine, prefixes={"sh": SHACL})
    assert (b"sh:b" in text) is format_.has_prefixes


@each_result_format
def test_a_format_of_results_is_negotiated_and_named(format_):
    for name in (format_.media_type, *format_.aliases):
        assert choose_format(read_accept(name), RESULT_FORMATS) is format_
    for name in (format_.extension, *format_.names):
        assert format_named(name, RESULT_FORMATS) is format_
    engine = ox.QueryResultsFormat.from_extension(format_.extension)
    assert engine == ox.QueryResultsFormat.from_media_type(format_.media_type)


@pytest.mark.parametrize("format_", DUMPED, ids=lambda row: row.extension)
def test_a_dump_is_read_back_from_what_is_written(format_):
    writer = syntaxes.WRITERS[format_]
    prefixes = {"sh": SHACL}
    text = writer.head(prefixes) + writer.block(syntaxes.Block(LINES), {SHACL: "sh"})
    if format_ is JSON_LINES:
        found = [line for part in text.splitlines() for line in lines_of(part.encode(), BY_EXTENSION["jsonld"])]
    else:
        found = lines_of(text.encode(), format_)
    assert sorted(found) == LINES
    assert format_.eu_name


def test_every_row_has_each_writer_that_it_needs():
    assert set(serializers.WRITERS) == {*RDF_FORMATS, *JSON_LD_FORMS}
    assert set(graph_documents.WRITERS) == set(RDF_FORMATS)
    assert set(syntaxes.WRITERS) == set(DUMPED)
    assert set(result_stream.SYNTAXES) == {format_.extension for format_ in (*RDF_FORMATS, *RESULT_FORMATS)}


def test_the_setting_of_dumps_takes_the_names_of_the_table():
    assert DUMP_NAMES == ("nt.gz", "nt.zst", "nq.gz", "nq.zst", "ttl.gz", "jsonl.gz")
    assert tuple(DUMP_FORMATS) == DUMP_NAMES == tuple(format_.name for format_ in DUMP_FORMATS.values())
    assert make_settings({"base_iri": BASE}, {}).dump_formats == DUMP_NAMES


@pytest.mark.parametrize("format_", [*RDF_FORMATS, *RESULT_FORMATS], ids=lambda row: row.name)
def test_a_format_has_its_name_in_the_lists_of_the_w3c(format_):
    assert format_.w3c_name


def test_a_format_that_the_engine_does_not_know_says_so():
    with pytest.raises(ValueError, match="JSON-LD lines: pyoxigraph neither reads nor writes application/x-ld"):
        _ = JSON_LINES.engine
