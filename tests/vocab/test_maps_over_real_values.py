"""The value maps over values met in real repositories: what resolves, and what is known not to."""

import csv
import gzip
import io
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lod.mapping.values.maps import compared, load_maps
from lod.mapping.values.text import folded
from lod.rdf.vocabulary import load_vocabulary
from tests.helpers.paths import SHARED_FOLDER

DATA = SHARED_FOLDER / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the collection of real records is not beside this checkout"),
]

csv.field_size_limit(sys.maxsize)

# Parts of countries, and slips of the cataloguer's: a finding is right, a guess would be wrong.
_NO_COUNTRIES = {"england", "scotland", "wales", "northern ireland", "tibet", "kenyaa", "malawa", "yeah baby"}


_FINER = dict.fromkeys(("book part", "bookpart", "book section"), "bibo:BookSection") | {
    "edited book": "bibo:EditedBook"
}


@pytest.fixture(scope="module")
def maps():
    return load_maps(None, load_vocabulary())


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def column_values(field: str) -> Iterator[str]:
    for path in sorted((DATA / "dspace-csv").glob("*.csv*")):
        rows = csv.reader(io.StringIO(content(path).decode("utf-8-sig", "replace")))
        wanted = [place for place, name in enumerate(next(rows)) if re.fullmatch(field, name.split("[")[0].strip())]
        for row in rows:
            for place in wanted:
                if place < len(row):
                    yield from filter(None, map(str.strip, row[place].split("||")))


def elements(*folders: str) -> Iterator[ET.Element]:
    for folder in folders:
        for path in sorted((DATA / folder).rglob("*.xml*")):
            try:
                yield from ET.fromstring(content(path)).iter()
            except ET.ParseError:
                continue  # the collection holds responses that broke off; what they said is of no interest here


def element_values(name: str, *folders: str) -> Iterator[str]:
    for element in elements(*folders):
        if element.tag == f"{{http://purl.org/dc/elements/1.1/}}{name}" and (element.text or "").strip():
            yield element.text.strip()


def dim_values(name: str) -> Iterator[str]:
    for element in elements("oai-dim", "dspace-saf"):
        if element.get("element") == name and (element.text or "").strip():
            yield element.text.strip()


def report(unresolved: Counter) -> str:
    return "; ".join(f"{value!r} ({count})" for value, count in unresolved.most_common())


def test_nearly_every_document_type_of_real_records_is_known(maps):
    # CSV: the field itself; its qualifiers dc.type.isi and dc.type.refereed hold words for something else.
    values = Counter(
        [
            *column_values(r"(?:dc|dcterms)\.type"),
            *element_values("type", "oai_dc", "oai-qdc"),
            *dim_values("type"),
        ]
    )
    assert values.total() > 5_000
    unresolved = Counter(
        {
            value: n
            for value, n in values.items()
            if compared(value) not in maps.types and not maps.no_value("type", value)
        }
    )
    print(f"{1 - unresolved.total() / values.total():.1%} of {values.total()}; left: {report(unresolved)}")
    assert unresolved.total() / values.total() < 0.005, report(unresolved)


def test_every_type_and_spelling_of_the_model_has_the_classes_of_its_row(maps):
    vocabulary, checked, wrong = load_vocabulary(), 0, []
    with (DATA.parent / "model" / "types.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            iri = [row["coar_iri"], row["coar_iri"].rpartition("/")[2]] if row["coar_iri"].startswith("http") else []
            for name in [*map(str.strip, row["dc_type"].split(";")), *iri]:
                type_ = maps.types.get(compared(name))
                # The notes of the rows give these spellings a finer class.
                bibo = _FINER.get(compared(name), row["bibo"])
                checked += 1
                if type_ is None or (type_.bibo, type_.fabio) != tuple(
                    f"<{vocabulary.expand(term)}>" for term in (bibo, row["fabio"])
                ):
                    wrong.append(name)
    assert checked > 250
    assert wrong == []


def test_every_country_of_real_records_is_known(maps):
    values = Counter(
        folded(part) for text in column_values(r"cg\.coverage\.country") for part in text.split(";") if part.strip()
    )
    assert len(values) > 80
    assert {value for value in values if value not in maps.countries} <= _NO_COUNTRIES, report(values)


def test_every_language_of_real_records_is_known_but_the_slips(maps):
    values = Counter(
        [*column_values(r"(?:dc|dcterms)\.language(?:\.iso)?"), *element_values("language", "oai_dc", "oai-qdc")]
    )
    assert values.total() > 3_000
    known = maps.languages
    unresolved = {value for value in values if not {compared(value), compared(value).split(" ")[0]} & known.keys()}
    assert unresolved <= {"jp", "Span", "Finish"}, report(values)
