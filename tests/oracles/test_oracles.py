"""Independent oracles: what a second reader, written for the tests alone, finds in a record is in its graph, and nothing else."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.helpers.paths import FIXTURES
from tests.helpers.shared_data import SHARED_DATA, each_shared_file
from tests.oracles.compare import ORACLES, compare_file
from tests.oracles.stated import Stated, differences

SOURCES = FIXTURES / "sources"
REAL_FILES = [
    pytest.param(name, *param.values, marks=[pytest.mark.slow, *param.marks], id=f"{name}-{param.id}")
    for name, oracle in ORACLES.items()
    if oracle.patterns
    for param in each_shared_file(*oracle.patterns)
]
TRIMMED_FILES = [
    ("crossref", "crossref/full.json"),
    ("datacite", "datacite/full.json"),
    ("datacite", "datacite/missing.json"),
    ("datacite-xml", "datacite-xml/full.xml"),
    ("datacite-xml", "datacite-xml/missing.xml"),
    ("datacite-xml", "datacite-xml/odd.xml"),
    ("mods", "mods/full.xml"),
    ("bibtex", "bibtex/full.bib"),
    ("pubmed", "pubmed/full.xml"),
    ("ris", "ris/full.ris"),
    ("endnote", "endnote/full.xml"),
    ("doaj", "doaj/full.jsonl"),
    ("dspace-rest", "dspace-rest/full.json"),
]

KNOWN: dict[tuple[str, str], tuple[int, str, str]] = {
    # file and aspect: records that differ, who is right ("oracle": the graph is to be mended), and why.
    ("crossref/cr_works.00.json.gz", "start"): (1, "graph", "024701 alone is the article number of a physics journal"),
    ("datacite/full.json", "authors"): (1, "neither", "publisher and author bear one ROR id in the trimmed file"),
    ("dspace-csv/cifor-icraf_climate.csv.gz", "authors"): (
        2,
        "neither",
        '"Pribadi, U.A.": initials are taken for a legal form (the oracle is right); "and Asseng, S.": "and" is no part of a name (the graph is)',
    ),
    ("mods/zotero_mods_18.xml", "authors"): (1, "graph", "the years of life are part of the name"),
    ("ris-bibtex/asreview_baseline_zotero.ris.gz", "issue"): (
        25,
        "graph",
        '"nan" is what a program writes for no value',
    ),
    ("ris-bibtex/asreview_baseline_zotero.ris.gz", "volume"): (
        1,
        "graph",
        '"nan" is what a program writes for no value',
    ),
    ("ris-bibtex/zotero_bibtex_18.bib", "authors"): (1, "graph", '" and " stands in a macro, which pybtex expands'),
    ("ris-bibtex/zotero_ris_04.ris", "volume"): (3, "neither", '"Volume ID" of a made-up file, of which "ID" is left'),
    ("ris-bibtex/zotero_ris_04.ris", "issue"): (3, "neither", '"Issue ID" of a made-up file, of which "ID" is left'),
}
"""Differences that are known. Where the oracle is right, the row goes when the graph has been mended."""


def differing(name, path, crosswalk):
    """How many records of a file differ from what its oracle reads, by aspect, with the first of each for the message."""
    found: Counter[str] = Counter()
    first: dict[str, tuple] = {}
    compared = list(compare_file(name, path, crosswalk))
    for record, differences_ in compared:
        for aspect, *texts in differences_:
            found[aspect] += 1
            first.setdefault(aspect, (record, *texts))
    return compared, found, first


def known(file):
    return {aspect: count for (of, aspect), (count, _, _) in KNOWN.items() if of == file}


@pytest.mark.parametrize(("name", "path"), REAL_FILES)
def test_the_graphs_of_a_real_file_say_what_its_oracle_reads(name, path, crosswalk):
    _, found, first = differing(name, path, crosswalk)
    assert dict(found) == known(str(path.relative_to(SHARED_DATA))), first


@pytest.mark.parametrize(("name", "file"), TRIMMED_FILES)
def test_the_graphs_of_a_trimmed_file_say_what_its_oracle_reads(name, file, crosswalk):
    compared, found, first = differing(name, SOURCES / file, crosswalk)
    assert compared
    assert dict(found) == known(file), first


def test_known_differences_say_who_is_right_and_why():
    assert {right for _, right, _ in KNOWN.values()} <= {"oracle", "graph", "neither"}
    assert all(count > 0 and why for count, _, why in KNOWN.values())
    if SHARED_DATA.is_dir():
        assert [file for file, _ in KNOWN if not any((at / file).is_file() for at in (SHARED_DATA, SOURCES))] == []


@pytest.mark.parametrize(
    ("aspect", "wanted", "given", "found"),
    [
        ("title", ["A <i>title</i>"], ["a title."], 0),
        ("title", ["A title"], ["A title", "Another"], 1),
        ("authors", ["Ann Lau", "Bo Ek"], ["Lau, Ann", "Ek, Bo"], 0),
        ("authors", ["Ann Lau", "Bo Ek"], ["Ek, Bo", "Lau, Ann"], 1),
        ("doi", ["https://doi.org/10.5555/A"], ["10.5555/a"], 0),
        ("issn", ["1234-5679"], ["12345679"], 0),
        ("issued", ["2020-01"], ["2020"], 1),
        ("subjects", ["One"], ["One", "Two"], 0),
        ("subjects", ["One", "Two"], ["One"], 1),
    ],
)
def test_aspects_are_compared_each_in_its_way(aspect, wanted, given, found):
    assert len(differences(Stated("a", {aspect: wanted}), Stated("a", {aspect: given}))) == found


def test_an_aspect_that_no_oracle_states_is_not_compared():
    assert differences(Stated("a"), Stated("a", {"volume": ["3"]})) == []
    assert differences(Stated("a", {"volume": []}), Stated("a", {"volume": ["3"]})) == [("volume", "", "3")]


def test_oracles_know_nothing_of_the_package():
    folder = Path(__file__).parent
    oracles = [path for path in folder.glob("*.py") if path.name not in {"compare.py", Path(__file__).name}]
    assert len(oracles) >= 8
    for path in oracles:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.partition(".")[0] == "lod"], path.name
