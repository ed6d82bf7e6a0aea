"""A value or a record that is too large is refused with its place and size; what is within the limits is published whole."""

import json
import os
import subprocess
import sys
import threading
import unicodedata
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner

from lod.cli import main
from lod.errors import SourceError
from lod.mapping.values.iris import exact_key
from lod.mapping.values.text import clean_text
from lod.privacy import MASK, mask_addresses
from lod.publish.plan import Plan
from lod.publish.run import publish
from lod.rdf.claims import literal
from lod.rdf.files import LONGEST_TERM_MIB
from lod.record import Record, Value
from lod.report import Fate
from lod.settings.table import LARGEST_VALUE_BYTES, make_settings
from lod.site.coverage import coverage_of
from lod.sources import open_source
from lod.sources.citation_files.tex import _portions, plain_text
from lod.sources.reading.limits import too_large
from lod.store.generation.generations import Site
from tests.helpers.loaded import bundled_crosswalk

pytestmark = pytest.mark.slow

BASE = "https://example.org/"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CAP = 5_000
MIB = 1024**2
ABSTRACT = "http://purl.org/dc/terms/abstract"


def crosswalk_of(**settings):
    return bundled_crosswalk(make_settings({"base_iri": BASE, **settings}, {}))


@pytest.fixture
def run(tmp_path, shapes):
    """Publish a file into a site whose values have at most CAP bytes, or with other settings."""

    def over(source, name="site", **settings):
        crosswalk = crosswalk_of(**({"max_value_bytes": CAP, "key_from": ["doi"]} | settings))
        (tmp_path / name).mkdir(exist_ok=True)
        plan = Plan(crosswalk, shapes, scopes=(str(source.resolve()),), now=NOON, allow_shrink=True)
        return publish(open_source(source, crosswalk.settings), plan, Site(tmp_path / name))

    over.site = Site(tmp_path / "site")
    return over


# ------------------------------------------------------------------ every format


def _csv(abstracts):
    rows = "".join(f'http://hdl.handle.net/10722/{n},Rivers {n},"{text}"\n' for n, text in enumerate(abstracts, 1))
    return "a.csv", f"dc.identifier.uri,dc.title,dc.description.abstract\n{rows}"


def _json_lines(abstracts):
    rows = [
        {"dc.identifier.uri": f"http://hdl.handle.net/10722/{n}", "dc.title": "R", "dc.description.abstract": text}
        for n, text in enumerate(abstracts, 1)
    ]
    return "a.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows)


def _crossref(abstracts):
    works = [{"DOI": f"10.5555/{n}", "title": ["R"], "abstract": text} for n, text in enumerate(abstracts, 1)]
    works = [{**work, "type": "journal-article", "issued": {"date-parts": [[2010]]}} for work in works]
    return "a.json", json.dumps({"status": "ok", "message-type": "work-list", "message": {"items": works}})


def _datacite(abstracts):
    rows = [
        {
            "id": f"10.5555/{n}",
            "type": "dois",
            "attributes": {
                "doi": f"10.5555/{n}",
                "creators": [{"name": "Smith, Ann"}],
                "titles": [{"title": "R"}],
                "descriptions": [{"descriptionType": "Abstract", "description": text}],
            },
        }
        for n, text in enumerate(abstracts, 1)
    ]
    return "a.json", json.dumps({"data": rows})


def _oai(abstracts):
    records = "".join(
        f"<record><header><identifier>oai:e.org:{n}</identifier><datestamp>2020-01-01</datestamp></header><metadata>"
        f'<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>R</dc:title><dc:identifier>doi:10.5555/{n}</dc:identifier><dcterms:abstract>{escape(text)}</dcterms:abstract>'
        "</qdc:qualifieddc></metadata></record>"
        for n, text in enumerate(abstracts, 1)
    )
    return (
        "a.xml",
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{records}</ListRecords></OAI-PMH>',
    )


def _mods(abstracts):
    records = "".join(
        f'<mods><titleInfo><title>R</title></titleInfo><identifier type="doi">10.5555/{n}</identifier>'
        f"<abstract>{escape(text)}</abstract></mods>"
        for n, text in enumerate(abstracts, 1)
    )
    return "a.xml", f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{records}</modsCollection>'


def _bibtex(abstracts):
    return "a.bib", "".join(
        f"@article{{r{n},\n title = {{R}},\n doi = {{10.5555/{n}}},\n abstract = {{{text}}}\n}}\n"
        for n, text in enumerate(abstracts, 1)
    )


def _ris(abstracts):
    return "a.ris", "".join(
        f"TY  - JOUR\nTI  - R\nDO  - 10.5555/{n}\nAB  - {text}\nER  - \n" for n, text in enumerate(abstracts, 1)
    )


def _turtle(abstracts):
    return "a.ttl", "".join(
        f'<https://e.org/{n}> <{ABSTRACT}> "{text}"@en ; <http://purl.org/dc/terms/title> "R" .\n'
        for n, text in enumerate(abstracts, 1)
    )


def _n_triples(abstracts):
    return "a.nt", "".join(f'<https://e.org/{n}> <{ABSTRACT}> "{text}" .\n' for n, text in enumerate(abstracts, 1))


FORMATS = (_csv, _json_lines, _crossref, _datacite, _oai, _mods, _bibtex, _ris, _turtle, _n_triples)


def written(folder, write, abstracts):
    name, text = write(abstracts)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("write", FORMATS, ids=lambda write: write.__name__.strip("_"))
def test_a_record_with_a_value_over_the_limit_is_refused_with_its_place_and_size(write, run, tmp_path):
    path = written(tmp_path, write, ["water " * 20, "a" * CAP, "é" * (CAP // 2) + "e"])
    report = run(path)
    assert (report.read, report.published, report.refused) == (3, 2, 1)
    (finding,) = [one for one in report.findings if one.severity == "violation"]
    assert finding.rule == "value-size"
    assert finding.place.startswith(f"{path.name}, ")
    assert finding.message.startswith(
        f"{finding.place}: the value of {finding.field} is 5,001 bytes long in UTF-8, and "
    )
    assert finding.message.endswith(
        "max_value_bytes allows 5,000. Shorten it at its source, or raise max_value_bytes in lod.toml, then publish again."
    )
    assert "abstract" in finding.field.lower()
    assert finding.value == "é" * 59 + "…"
    stored = {object_ for _, _, object_ in run.site.live().store.all_triples() if object_.startswith('"aaa')}
    assert {len(object_.partition('"@')[0].strip('"')) for object_ in stored} == {CAP}


@pytest.mark.parametrize("write", [_csv, _oai, _ris, _turtle], ids=lambda write: write.__name__.strip("_"))
def test_what_was_published_of_a_record_stays_until_the_limit_allows_its_new_version(write, run, tmp_path):
    run(written(tmp_path, write, ["water " * 20, "soil " * 20]))
    path = written(tmp_path, write, ["b" * (CAP + 1)])
    report = run(path)
    # The other record is missing, and is removed: which one was refused is known.
    assert (report.refused, report.removed, report.live) == (1, 1, 1)
    objects = [object_ for _, _, object_ in run.site.live().store.all_triples()]
    assert any(object_.startswith('"water water') for object_ in objects)
    report = run(path, max_value_bytes=CAP + 1)
    assert (report.published, report.refused, report.live) == (1, 0, 1)
    assert not report.findings or all(finding.rule != "value-size" for finding in report.findings)


def test_values_of_a_refused_record_are_counted_and_other_sources_removals_go_on(run, tmp_path):
    report = run(written(tmp_path, _csv, ["a" * (CAP + 1)]))
    assert report.totals() == {"read": 3, "mapped": 0, "kept": 0, "withheld": 0, "refused": 3}


def test_a_record_that_nothing_names_but_its_large_value_is_known_by_its_place(run, tmp_path):
    run(written(tmp_path, _csv, ["water " * 20]))
    path = tmp_path / "a.csv"
    path.write_text(f"dc.identifier.uri,dc.title\nhttp://hdl.handle.net/10722/{'1' * 9_000},R\n")
    report = run(path)
    assert (report.refused, report.removed, report.live) == (1, 0, 1)
    assert {finding.rule for finding in report.findings} >= {"value-size", "removals-held"}
    assert next(one.record for one in report.findings if one.rule == "value-size") == "a.csv, row 2"


# ------------------------------------------------------------------ the record as a whole


def test_a_record_of_many_values_is_refused_by_its_whole_size(run, tmp_path):
    values = "||".join(["x" * 4_000] * 300)
    path = tmp_path / "a.csv"
    path.write_text(
        "dc.identifier.uri,dc.title,dc.description\n"
        f"http://hdl.handle.net/10722/1,One,{values}\nhttp://hdl.handle.net/10722/2,Two,short\n"
    )
    report = run(path, max_record_mib=1)
    assert (report.published, report.refused) == (1, 1)
    (finding,) = [one for one in report.findings if one.severity == "violation"]
    assert (finding.rule, finding.field, finding.record) == ("record-size", "dc.description", "10722/1")
    assert finding.message.startswith("a.csv, row 2: the 302 values of the record are 1,20")
    assert "max_record_mib allows 1 MiB; its largest value, of dc.description, has 4,000." in finding.message


def test_what_rdf_says_of_one_resource_has_the_same_limit(run, tmp_path):
    path = tmp_path / "a.ttl"
    lines = "".join(f'<https://e.org/1> <{ABSTRACT}> "{n}{"x" * 4_000}" .\n' for n in range(300))
    path.write_text(f'{lines}<https://e.org/2> <{ABSTRACT}> "short" .\n')
    report = run(path, max_record_mib=1)
    assert (report.published, report.refused) == (1, 1)
    (finding,) = [one for one in report.findings if one.severity == "violation"]
    assert finding.rule == "record-size"
    assert (
        "a.ttl, <https://e.org/1>: what is said of it takes more than max_record_mib allows, 1 MiB." in finding.message
    )


def test_a_long_line_of_json_costs_itself_only(run, tmp_path, monkeypatch):
    monkeypatch.setattr("lod.sources.parsing.json_files.LARGEST_LINE_BYTES", 20_000)
    path = written(tmp_path, _json_lines, ["a", "b" * 50_000, "c" * 100])
    report = run(path)
    assert (report.published, report.refused) == (2, 1)
    (finding,) = [one for one in report.findings if one.severity == "violation"]
    assert (
        finding.message
        == "a.jsonl, line 2: the line is longer than 20,000 bytes, which no record is; mend or delete it"
    )


@pytest.mark.parametrize(
    ("write", "limit", "message"),
    [
        (_crossref, "lod.sources.parsing.json_files.LARGEST_LINE_BYTES", "record 2 is larger than 200,000 bytes, which no record is"),
        (_ris, "lod.sources.reading.text_lines.LARGEST_REFERENCE_BYTES", "what starts in line 9 is larger than 200,000 bytes"),
    ],
)  # fmt: skip
def test_a_record_that_has_no_end_stops_its_file_before_it_fills_memory(write, limit, message, tmp_path, monkeypatch):
    monkeypatch.setattr(limit, 200_000)
    name, text = write(["a", "b" * 1_000_000])
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=message):
        list(open_source(tmp_path / name, make_settings({"base_iri": BASE}, {})))


# ------------------------------------------------------------------ the engine's border


def test_values_of_17_mb_are_refused_and_the_others_published(run, tmp_path):
    path = written(tmp_path, _csv, ["a", "b" * 17_000_000])
    report = run(path, max_value_bytes=LARGEST_VALUE_BYTES)
    assert (report.published, report.refused) == (1, 1)
    assert "is 17,000,000 bytes long in UTF-8, and max_value_bytes allows 1,500,000" in report.findings[0].message


def test_a_value_in_xml_that_the_parser_does_not_read_is_refused_likewise(run, tmp_path):
    report = run(written(tmp_path, _oai, ["a", "b" * 10_100_000]))
    assert (report.published, report.refused) == (1, 1)
    assert (
        "a single value of more than 10 million characters; max_value_bytes allows far fewer"
        in report.findings[0].message
    )


def test_a_line_of_rdf_that_the_engine_does_not_read_costs_itself_only(run, tmp_path):
    report = run(written(tmp_path, _n_triples, ["a", "b" * 17_000_000, "c"]))
    assert (report.published, report.refused) == (2, 1)
    assert "a.nt, line 2: no line of N-Triples: a value of 16 MiB or more cannot be read" in report.findings[0].message


@pytest.mark.parametrize("command", ["publish", "validate"])
def test_a_document_that_the_engine_does_not_read_is_told_with_the_place(command, tmp_path):
    path = written(tmp_path, _turtle, ["a", "b" * 17_000_000])
    arguments = [str(path)]
    if command == "publish":
        (tmp_path / "lod.toml").write_text(f'base_iri = "{BASE}"\n')
        arguments += ["--site", str(tmp_path)]
    result = CliRunner().invoke(main, [command, *arguments])
    assert result.exit_code == 3
    assert (
        "a.ttl: what follows on <https://e.org/1> has a value of 16 MiB or more, which cannot be read; shorten it at its source"
        in " ".join(result.output.split())
    )


def test_memory_that_is_full_is_no_value_that_is_too_long(monkeypatch, tmp_path):
    def full(*_, **__):
        raise MemoryError("out of memory")

    monkeypatch.setattr("pyoxigraph.parse", full)
    path = written(tmp_path, _turtle, ["a"])
    with pytest.raises(MemoryError, match="out of memory"):
        list(open_source(path, make_settings({"base_iri": BASE}, {})))


WORST = {
    "control characters": "\x01" * LARGEST_VALUE_BYTES,
    "quotation marks": '"' * LARGEST_VALUE_BYTES,
    "a ligature and a disguised address": "\ufdfa" * ((LARGEST_VALUE_BYTES - 20) // 3) + " a&#64;b.cc",
    "three bytes each": "\u4e2d" * (LARGEST_VALUE_BYTES // 3),
}


@pytest.mark.parametrize("text", WORST.values(), ids=WORST)
def test_the_worst_value_that_any_site_may_allow_is_published_and_found(text, run, tmp_path):
    path = tmp_path / "a.jsonl"
    row = {"dc.identifier.uri": "http://hdl.handle.net/10722/1", "dc.title": "R", "dc.description.abstract": text}
    path.write_text(json.dumps(row))
    report = run(path, max_value_bytes=LARGEST_VALUE_BYTES)
    assert (report.published, report.refused) == (1, 0)
    live = run.site.live()
    lengths = [len(object_.encode()) for _, _, object_ in live.store.all_triples()]
    assert LARGEST_VALUE_BYTES < max(lengths) < LONGEST_TERM_MIB * MIB


def test_no_character_grows_more_on_its_way_than_the_largest_value_may():
    """Of all characters of Unicode, in every form that a value takes; names and codes have a limit of their own (LONGEST_TERM)."""
    most = LONGEST_TERM_MIB * MIB / LARGEST_VALUE_BYTES
    assert len(MASK) / len("a@b.cc") < most
    worst = 0.0
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) == "Cs":
            continue
        size = len(character.encode())
        forms = [literal(character), literal(unicodedata.normalize("NFKC", character)), exact_key(f"a{character}")]
        worst = max(worst, *((len(form.encode()) - 2) / size for form in forms))
    assert 10 < worst < most - 0.1
    # A tag or an entity that stands for more than itself would do likewise.
    assert len(clean_text("&nGt;")[0].encode()) / len("&nGt;") < most
    assert len(mask_addresses("&nGt;a@b.cc")) < 2 * len(MASK)


def test_a_value_of_exactly_the_limit_is_dereferenced_and_found_by_sparql(tmp_path, shapes, make_app):
    crosswalk = crosswalk_of()
    limit = crosswalk.settings.max_value_bytes
    assert limit == MIB
    text = "Wasserläufe " * (limit // 13) + "x" * (limit % 13)
    assert len(text.encode()) == limit
    path = written(tmp_path, _json_lines, [text])
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")
    assert publish(open_source(path, crosswalk.settings), Plan(crosswalk, shapes), site).published == 1
    client = make_app(crosswalk.settings, site).test_client()
    answer = client.get("/id/item/10722/1", headers={"Accept": "text/turtle"}, follow_redirects=True)
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    item = rdflib.URIRef(f"{BASE}id/item/10722/1")
    assert str(graph.value(item, rdflib.URIRef(ABSTRACT))) == text
    assert client.get("/page/item/10722/1").status_code == 200
    query = f"SELECT ?text {{ <{item}> <{ABSTRACT}> ?text FILTER(STRLEN(?text) > 900000) }}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    (row,) = ox.parse_query_results(answer.data, format=ox.QueryResultsFormat.JSON)
    assert row["text"].value == text


def test_a_long_text_in_tex_is_decoded_in_portions_that_join_to_the_same():
    sentence = r"Water is 5\% of soil; {\"a}. $a. b$ {x. y} \begin{quote}p. q\end{quote} \(c. d\) ends. "
    long = sentence * (200_000 // len(sentence))
    assert len(list(_portions(long))) == 4
    assert plain_text(long) == " ".join([plain_text(sentence)] * (200_000 // len(sentence)))
    assert list(_portions("{" * 100_000)) == ["{" * 100_000]


def peak_memory(folder, abstract, code):
    """Publish two records, one with such an abstract; return the peak memory of the program in bytes."""
    folder.mkdir()
    (folder / "lod.toml").write_text(f'base_iri = "{BASE}"\nmax_value_bytes = {LARGEST_VALUE_BYTES}\n')
    path = written(folder, _csv, [abstract, "Water and soil."])
    command = [sys.executable, "-c", "from lod.cli import main; main()", "publish", str(path), "--site", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        ending = threading.Timer(300, process.kill)
        ending.start()
        _, status, used = os.wait4(process.pid, 0)
        ending.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == code
    return used.ru_maxrss * 1024


def test_a_value_takes_at_most_eight_times_its_size_whether_it_is_published_or_refused(tmp_path):
    without = peak_memory(tmp_path / "short", "Rivers and lakes.", 0)
    for name, size, code in (("published", LARGEST_VALUE_BYTES, 0), ("refused", 15_000_000, 1)):
        text = ("water and soil " * (size // 15 + 1))[:size].strip()
        more = peak_memory(tmp_path / name, text, code) - without
        assert more <= 8 * size, f"{name}: {more / size:.1f} times the value"


# ------------------------------------------------------------------ settings, other commands, parts


@pytest.mark.parametrize(
    ("value", "said"), [(LARGEST_VALUE_BYTES + 1, "it takes 1 to 1500000"), (0, "it takes 1 to 1500000")]
)
def test_the_limit_itself_has_limits(value, said):
    with pytest.raises(Exception, match=f"'max_value_bytes' is {value}; {said}"):
        make_settings({"base_iri": BASE, "max_value_bytes": value}, {})


def test_coverage_counts_a_record_that_is_too_large_as_unreadable(tmp_path, shapes):
    path = written(tmp_path, _csv, ["a", "b" * (CAP + 1)])
    crosswalk = crosswalk_of(max_value_bytes=CAP)
    coverage = coverage_of(open_source(path, crosswalk.settings), Plan(crosswalk, shapes))
    assert (coverage.records, coverage.unreadable) == (1, 1)
    (row,) = [row for row in coverage.work.values() if row.rule == "value-size"]
    assert "is 5,001 bytes long in UTF-8" in row.message


@pytest.mark.parametrize(
    "record",
    [
        Record("s", "p", (Value("dc.title", "t", language="x" * 101),)),
        Record("s", "p", (Value("dc.title", "t", authority="x" * 101),)),
        Record("s", "p", (Value(f"dc.{'x' * 101}", "t"),)),
        Record("s", "p", (), oai_identifier="x" * 101),
        Record("s", "p", (), collections=("x" * 101,)),
    ],
)
def test_whatever_a_source_may_choose_has_the_limit(record):
    finding = too_large(record, make_settings({"base_iri": BASE, "max_value_bytes": 100}, {}))
    assert finding is not None
    assert finding.rule == "value-size"
    assert finding.record == "p"


def test_an_address_in_a_value_that_is_refused_is_masked():
    record = Record("s", "p", (Value("dc.description", "ann@example.org " + "x" * 100),))
    finding = too_large(record, make_settings({"base_iri": BASE, "max_value_bytes": 100}, {}))
    assert finding is not None
    assert finding.value.startswith(MASK)


def test_a_key_that_no_server_looks_up_is_none(run, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"dc.identifier.uri,dc.title\nhttp://hdl.handle.net/10722/{'1' * 8_000},R\n")
    report = run(path, max_value_bytes=MIB)
    assert report.refused == 1
    assert report.findings[0].rule == "no-key"
    assert "is 8,006 characters long in an IRI, and no more than 8,000 can be looked up" in report.findings[0].message


def test_a_long_value_is_kept_verbatim_where_no_name_or_code_is_so_long(run, tmp_path):
    path = tmp_path / "a.jsonl"
    long = "x" * 10_001
    row = {
        "dc.identifier.uri": "http://hdl.handle.net/10722/1",
        "dc.title": "R",
        "dc.publisher": long,
        "dc.subject": "x" * 10_000,
    }
    path.write_text(json.dumps(row))
    report = run(path, max_value_bytes=MIB)
    live = run.site.live()
    assert report.published == 1
    finding = next(one for one in report.findings if one.field == "dc.publisher")
    assert finding.message == (
        "Not mapped but kept verbatim: 10,001 characters, and no more than 10,000 can be read as a publisher; shorten the value, "
        "or move it to a field for texts."
    )
    assert report.balance["dc.publisher"] == {Fate.KEPT: 1}
    assert report.balance["dc.subject"] == {Fate.MAPPED: 1}
    assert any(object_ == f'"{long}"' for _, _, object_ in live.store.all_triples())


PUBLISH = """
import resource, sys
from lod.cli import main
from tests.helpers.loaded import bundled_crosswalk
try:
    main(["publish", sys.argv[1], "--site", sys.argv[2], "--json"])
except SystemExit as end:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=sys.stderr)
    raise
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries keep freed memory as they see fit")
@pytest.mark.parametrize("write", [_csv, _ris, _turtle], ids=lambda write: write.__name__.strip("_"))
def test_the_largest_value_takes_eight_times_its_size_at_most(write, tmp_path):
    peaks = []
    for name, size in (("small", 100), ("large", LARGEST_VALUE_BYTES)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "lod.toml").write_text(
            f'base_iri = "{BASE}"\nkey_from = ["doi"]\nmax_value_bytes = {LARGEST_VALUE_BYTES}\n'
        )
        path = written(folder, write, [("Water carries salts. " * (size // 21 + 1))[:size]])
        done = subprocess.run(
            [sys.executable, "-c", PUBLISH, path, folder], capture_output=True, text=True, check=True, timeout=300
        )
        assert json.loads(done.stdout)["published"] == 1
        peaks.append(int(done.stderr.splitlines()[-1]))
    assert peaks[1] - peaks[0] < 8 * LARGEST_VALUE_BYTES
