"""Claims: what is encoded is read by every engine, comes back equal, and survives the store byte for byte."""

import pyoxigraph
import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.rdf.claims import (
    RDF_TYPE,
    XSD_NS,
    canonical_tag,
    checked_iri,
    claim,
    iri,
    iri_text,
    is_iri,
    literal,
    literal_parts,
    split_claim,
    text_of,
    to_graph,
)
from lod.store.oxigraph import OxigraphStore, WritableOxigraphStore

SUBJECT = "<https://example.org/id/item/1/2>"
PREDICATE = "<http://purl.org/dc/terms/title>"

# Characters that encoders get wrong more often than others: quotes, escapes, controls, noncharacters, wide planes.
AWKWARD = st.text(
    alphabet='"\\\t\n\r\b\f\x00\x1f\x7f\x85\ufeff\ufffe\uffff\u2028\u200f😀\U0010ffff<>{}|^`% .@ab', max_size=20
)
TEXTS = st.one_of(st.text(max_size=60), AWKWARD)
TAGS = st.sampled_from(["en", "EN", "en-hk", "zh-hant-TW", "de-CH-1996", "sr-latn", "es-419", "x-private", "en-x-us"])
DATATYPES = st.sampled_from([f"{XSD_NS}gYear", f"{XSD_NS}anyURI", "http://id.loc.gov/datatypes/edtf"])
SEGMENTS = st.text(alphabet="abcXYZ019-._~%20éß漢😀()'!$&+,;=:@", max_size=12)
IRIS = SEGMENTS.map(lambda text: f"https://example.org/id/{text.replace('%', '%25')}")


def parsed(line):
    quads = list(pyoxigraph.parse(f"{line}\n".encode(), pyoxigraph.RdfFormat.N_TRIPLES))
    assert len(quads) == 1
    return quads[0]


def through_store(lines):
    store = WritableOxigraphStore(pyoxigraph.Store())
    store.load(f"{line}\n".encode() for line in lines)
    assert isinstance(store, OxigraphStore)
    return {claim(*triple) for triple in store.all_triples()}


# ------------------------------------------------------------------ literals


@given(TEXTS)
def test_any_text_is_read_back_equal_by_the_parser(text):
    assert parsed(claim(SUBJECT, PREDICATE, literal(text))).object == pyoxigraph.Literal(text)


@given(TEXTS, TAGS)
def test_any_text_with_a_tag_is_read_back_equal_by_the_parser(text, tag):
    found = parsed(claim(SUBJECT, PREDICATE, literal(text, language=tag))).object
    assert (found.value, found.language) == (text, tag.lower())


@given(TEXTS, DATATYPES)
def test_any_text_with_a_datatype_is_read_back_equal_by_the_parser(text, datatype):
    found = parsed(claim(SUBJECT, PREDICATE, literal(text, datatype=datatype))).object
    assert (found.value, found.datatype.value) == (text, datatype)


@given(TEXTS, st.one_of(st.none(), TAGS), st.one_of(st.none(), DATATYPES))
def test_the_parts_of_a_literal_are_what_it_was_made_of(text, tag, datatype):
    assume(not (tag and datatype))
    term = literal(text, language=tag, datatype=datatype)
    assert literal_parts(term) == (text, canonical_tag(tag) if tag else None, datatype)
    assert text_of(term) == text
    assert not is_iri(term)


@given(TEXTS, st.one_of(st.none(), TAGS))
def test_a_literal_is_one_line(text, tag):
    assert len(literal(text, language=tag).encode().split(b"\n")) == 1
    assert "\r" not in literal(text, language=tag)


def test_xsd_string_is_left_out():
    assert literal("a", datatype=f"{XSD_NS}string") == literal("a") == '"a"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param('say "so"', r'"say \"so\""', id="quotes"),
        pytest.param("a\\b", r'"a\\b"', id="backslash"),
        pytest.param("one\ntwo\ttab\r", r'"one\ntwo\ttab\r"', id="line breaks and tab"),
        pytest.param("\x00\x7f", r'"\u0000\u007F"', id="control characters"),
        pytest.param("\ufffe\uffff", r'"\uFFFE\uFFFF"', id="noncharacters"),
        pytest.param("é漢😀", '"é漢😀"', id="other characters stand as they are"),
    ],
)
def test_a_text_is_written_with_the_escapes_of_the_store(text, written):
    assert literal(text) == written


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b"])
def test_half_of_a_surrogate_pair_is_a_bad_value(text):
    with pytest.raises(BadValueError, match="half of a surrogate pair is in the text; the file was damaged"):
        literal(text)


@pytest.mark.parametrize("term", ["<https://example.org/>", '"open', '"a"@', '"a"^^xsd:date', ""])
def test_what_is_no_literal_is_named(term):
    with pytest.raises(ValueError, match="not a literal: "):
        literal_parts(term)


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("EN", "en"),
        ("en-hk", "en-HK"),
        ("ZH-HANT-hk", "zh-Hant-HK"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("de-ch-1996", "de-CH-1996"),
        ("en-X-US-latn", "en-x-us-latn"),
        ("x-hk", "x-hk"),
        ("es-419", "es-419"),
    ],
)
def test_a_language_tag_has_the_case_of_bcp_47(tag, canonical):
    assert canonical_tag(tag) == canonical
    assert canonical_tag(canonical) == canonical


# ------------------------------------------------------------------ IRIs


@given(IRIS)
def test_an_iri_that_is_accepted_is_read_back_equal(text):
    term = checked_iri(text)
    assert term == iri(text)
    assert iri_text(term) == text == text_of(term)
    assert parsed(claim(term, PREDICATE, term)).subject == pyoxigraph.NamedNode(text)


@given(st.text(max_size=40))
def test_any_candidate_is_refused_or_fit_for_a_claim(candidate):
    try:
        term = checked_iri(candidate)
    except BadValueError:
        return
    assert str(parsed(claim(term, term, term)).object) == term
    assert split_claim(claim(term, term, term)) == (term, term, term)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("/id/item/1", id="relative"),
        pytest.param("10.1000/182", id="bare DOI"),
        pytest.param("https://example.org/a b", id="space"),
        pytest.param("https://example.org/<a>", id="angle brackets"),
        pytest.param("https://example.org/%zz", id="broken percent escape"),
        pytest.param("https://example.org:port/", id="broken port"),
        pytest.param('https://example.org/"', id="quote"),
        pytest.param("https://example.org/\n", id="line break"),
    ],
)
def test_what_is_no_iri_is_a_bad_value(text):
    with pytest.raises(BadValueError, match=r"^not an absolute IRI \("):
        checked_iri(text)


# ------------------------------------------------------------------ claims


@given(IRIS, TEXTS, st.one_of(st.none(), TAGS))
def test_splitting_a_claim_undoes_making_it(subject, text, tag):
    for object_ in (literal(text, language=tag), iri(subject)):
        triple = (iri(subject), PREDICATE, object_)
        assert split_claim(claim(*triple)) == triple


@pytest.mark.parametrize(
    "line",
    ["", "not a claim", f"{SUBJECT} {PREDICATE} .", f'{SUBJECT} {PREDICATE} "a"', f'_:b {PREDICATE} "a" .'],
)
def test_what_is_no_claim_is_named(line):
    with pytest.raises(ValueError, match="not a claim: "):
        split_claim(line)


@given(st.lists(st.tuples(IRIS, TEXTS, st.one_of(st.none(), TAGS)), max_size=8))
def test_claims_come_back_from_the_store_byte_for_byte(parts):
    lines = {claim(iri(subject), PREDICATE, literal(text, language=tag)) for subject, text, tag in parts}
    lines |= {claim(iri(subject), RDF_TYPE, iri(subject)) for subject, _, _ in parts}
    assert through_store(lines) == lines


@given(TEXTS, DATATYPES.filter(lambda datatype: not datatype.startswith(f"{XSD_NS}g")))
def test_typed_claims_come_back_from_the_store_byte_for_byte(text, datatype):
    line = claim(SUBJECT, PREDICATE, literal(text, datatype=datatype))
    assert through_store([line]) == {line}


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("2010", "gYear"),
        ("2010-08", "gYearMonth"),
        ("2010-08-15", "date"),
        ("2010-12-23T08:38:13Z", "dateTime"),
        ("176945", "integer"),
        ("20.3", "decimal"),
        ("2010-02-31", "date"),
    ],
)
def test_typed_values_of_records_come_back_from_the_store_byte_for_byte(text, type_):
    line = claim(SUBJECT, PREDICATE, literal(text, datatype=f"{XSD_NS}{type_}"))
    assert through_store([line]) == {line}


# ------------------------------------------------------------------ rdflib


def encoded(graph):
    """Return the triples of an rdflib graph as encoded terms."""

    def term(node):
        if isinstance(node, rdflib.Literal):
            return literal(str(node), language=node.language, datatype=node.datatype)
        return checked_iri(str(node))

    return {tuple(map(term, triple)) for triple in graph}


@given(st.lists(st.tuples(IRIS, TEXTS, st.one_of(st.none(), TAGS)), max_size=5))
def test_triples_come_back_from_rdflib_equal(parts):
    triples = {(iri(subject), PREDICATE, literal(text, language=tag)) for subject, text, tag in parts}
    assert encoded(to_graph(triples)) == triples


@pytest.mark.parametrize(
    ("text", "type_"), [("08:38:13Z", "time"), ("007", "integer"), ("1.50", "decimal"), ("x", "date")]
)
def test_rdflib_leaves_lexical_forms_alone(text, type_):
    triple = (SUBJECT, PREDICATE, literal(text, datatype=f"{XSD_NS}{type_}"))
    graph = to_graph([triple])
    assert [str(term) for term in graph.objects()] == [text]
    assert encoded(graph) == {triple}
