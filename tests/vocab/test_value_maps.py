"""The shipped value maps: every table reads, says where its facts come from, and means one thing by one spelling."""

import csv
import re
from collections import Counter

import pytest

from lod import bundled
from lod.mapping.values.maps import COAR_TYPE, compared, load_maps
from lod.mapping.values.text import folded
from lod.rdf.vocabulary import load_vocabulary, read_table
from lod.sources.tables.proposals import plain

MAPS = bundled.VOCAB / "maps"
VERSIONS = "http://purl.org/coar/version/"
ACCESS = "http://purl.org/coar/access_right/"

# Name of the table, its columns, the form in which its first column is kept, and a size below which something was lost.
TABLES = {
    "access_rights.csv": (("from", "to", "label"), compared, 50),
    "countries.csv": (("from", "code", "label"), folded, 1_000),
    "degrees.csv": (("from", "to", "label"), compared, 10),
    "fulltext_nature.csv": (("from", "code", "label", "coar", "match"), compared, 100),
    "headers.csv": (("from", "field"), plain, 500),
    "languages.csv": (("from", "to"), compared, 1_500),
    "licences.csv": (("from", "to"), compared, 3_000),
    "mesh.csv": (("heading", "id"), str.strip, 1_000),
    "mesh_qualifiers.csv": (("qualifier", "id"), folded, 50),
    "no_values.csv": (("from", "kinds", "why"), compared, 30),
    "organisation_words.csv": (("word",), folded, 300),
    "review_statuses.csv": (("from", "to", "label"), compared, 10),
    "types.csv": (("from", "coar", "label", "bibo", "fabio", "also"), compared, 2_000),
}


def rows_of(name: str) -> list[dict[str, str]]:
    return read_table(MAPS / name, TABLES[name][0])


def keys_of(name: str) -> list[str]:
    return [row[TABLES[name][0][0]] for row in rows_of(name)]


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary()


@pytest.fixture(scope="module")
def maps(vocabulary):
    return load_maps(None, vocabulary)


def test_the_shipped_tables_are_the_ones_tested_here():
    assert {path.name for path in MAPS.glob("*.csv")} == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
class TestEachTable:
    def test_it_has_the_rows_that_it_had(self, name):
        assert len(rows_of(name)) >= TABLES[name][2]

    def test_its_first_column_is_written_as_it_is_compared(self, name):
        wanted = TABLES[name][1]
        assert [key for key in keys_of(name) if key != wanted(key) or not key] == []

    def test_no_spelling_stands_twice(self, name):
        twice = [key for key, count in Counter(map(folded, keys_of(name))).items() if count > 1]
        assert twice == []

    def test_it_is_sorted_so_that_changes_are_easy_to_review(self, name):
        keys = keys_of(name)
        assert keys == sorted(keys, key=(lambda key: (folded(key), key)) if name == "mesh.csv" else None)

    def test_it_is_utf8_with_line_feeds_and_no_byte_order_mark(self, name):
        content = (MAPS / name).read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\n")
        content.decode("utf-8")

    def test_its_header_says_where_the_facts_come_from_and_when(self, name):
        header = " ".join(line for line in (MAPS / name).read_text(encoding="utf-8").splitlines() if line[:1] == "#")
        assert re.search(r"Facts taken from:|Source:", header)
        assert "2026-11" in header

    def test_every_row_has_all_its_columns_and_no_more(self, name):
        lines = [line for line in (MAPS / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        records = list(csv.reader(lines))
        assert tuple(records[0]) == TABLES[name][0]
        assert [record for record in records if len(record) != len(records[0])] == []
        optional = {"also", *(["field"] if name == "headers.csv" else [])}
        rows = [row for row in rows_of(name) if is_document(row)]
        empty = [row for row in rows for column, value in row.items() if not value and column not in optional]
        assert empty == []


def test_the_maps_load_without_a_fault(maps):
    assert maps.types["other"].coar == f"<{COAR_TYPE}c_1843>"


# ------------------------------------------------------------------ words that are no values


def test_the_kinds_of_words_that_are_no_values_exist():
    from lod.mapping.record.kinds import KINDS

    named = {kind for row in rows_of("no_values.csv") for kind in row["kinds"].split()}
    assert named - {"*", "empty", "volume", "issue"} <= set(KINDS)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("type", "PeerReviewed", "a word about review, not a type of document"),
        ("type", "NonPeerReviewed", "a word about review, not a type of document"),
        ("type", "Non-ISI", "a word about an index, not a type of document"),
        ("date", "undated", "a word that says that the date is not known"),
        ("date", "[n.d.]", "a word that says that the date is not known"),
        ("date", "untilArticleAppears", "the length of an embargo"),
        ("rights", "An error occurred on the license name.", "an error of the repository's software, not a licence"),
        (
            "rights",
            "An error occurred getting the license - uri.",
            "an error of the repository's software, not a licence",
        ),
        ("language", "*", "any language, as the software writes it, not the language of the item"),
        ("publisher", "-", "a dash in place of a value"),
        ("keyword", " -- ", "a dash in place of a value"),
        ("place", "N/A", '"not applicable" in place of a value'),
        ("title", "N/A", ""),
        ("author", "(:Unav)", 'DataCite\'s code for "not available"'),
        ("publisher", "(:unkn) Unknown", 'DataCite\'s code for "known to be unknown"'),
        ("title", ":tba", 'DataCite\'s code for "to be announced"'),
        ("author", "#NAME?", "an error of a spreadsheet, in the place of a value"),
        ("keyword", "#BEZUG!", "an error of a spreadsheet, in the place of a value"),
        ("title", "#ССЫЛКА!", "an error of a spreadsheet, in the place of a value"),
        ("date", "########", "a cell of a spreadsheet that was too narrow for its value"),
        ("issue", "0", "nought in place of an issue"),
        ("volume", "0", ""),
        ("issue", "5-Jan", "a day that a spreadsheet has made of two numbers"),
        ("keyword", "5-Jan", ""),
        ("page", "??", "question marks in place of a value"),
        ("text", "NA", "what R writes where there is nothing"),
        ("keyword", "Na", ""),
        ("place", "NA", ""),
        ("author", "[Unknown]", "a word that says that the value is not known"),
        ("title", "[Unknown]", ""),
        ("date", "undefined///", "what software writes where there is nothing"),
        ("container", "[Unknown host]", "a word that says that what holds the item is not known"),
        ("author", "N.N.", "a word that says that no name is known"),
        ("author", "et al.", "it says that there are further people, without their names"),
        ("publisher", "[s.n.]", "a word that says that no publisher is known"),
        ("date", "10000-01-01", 'the date that DSpace writes for "for ever"'),
        ("author", "Tba, Ann", ""),
        ("keyword", "#MeToo", ""),
        ("type", "Article", ""),
        ("text", "None of the samples was undated", ""),
    ],
)
def test_a_word_that_stands_for_no_value_is_told(maps, kind, text, why):
    assert maps.no_value(kind, text) == why


# ------------------------------------------------------------------ document types


def test_every_class_of_a_type_is_a_class_of_the_vocabulary(vocabulary):
    names = {name for row in rows_of("types.csv") for name in (row["bibo"], row["fabio"], *row["also"].split()) if name}
    assert len(names) > 40
    known = {iri for iri, term in vocabulary.terms.items() if term.kind == "class"}
    assert sorted(name for name in names if vocabulary.expand(name) not in known) == []


THING = "dcmitype:PhysicalObject"


def is_document(row):
    return row.get("also") != THING


def test_each_column_of_classes_keeps_to_its_own_vocabulary():
    prefixes = {"bibo": "bibo:", "fabio": "fabio:"}
    for row in rows_of("types.csv"):
        if row["also"] == THING:
            assert (row["coar"], row["bibo"]) == ("", "")
            continue
        assert all(row[column].startswith(prefix) for column, prefix in prefixes.items()), row
        assert all(name.startswith("dcmitype:") for name in row["also"].split()), row


# Rule I08: names that FaBiO has given to Works and Manifestations; an item is an Expression.
_NO_EXPRESSIONS = [
    "Report",
    "WorkingPaper",
    "Dataset",
    "Review",
    "Patent",
    "ResearchPaper",
    "Image",
    "StillImage",
    "Software",
    "TechnicalReport",
    "BookReview",
    "Erratum",
    "Corrigendum",
    "Workflow",
    "WebSite",
    "MusicalComposition",
    "ExperimentalProtocol",
    "ArtisticWork",
    "Work",
]


@pytest.mark.parametrize("name", _NO_EXPRESSIONS)
def test_no_type_is_a_work_or_a_manifestation(name):
    assert [row["from"] for row in rows_of("types.csv") if row["fabio"] == f"fabio:{name}"] == []


def test_a_coar_code_has_one_label_and_all_of_release_3_are_there():
    labels = {}
    for row in filter(is_document, rows_of("types.csv")):
        assert re.fullmatch(r"c_[0-9a-z]{4,8}|[0-9A-Z]{4}-[0-9A-Z]{4}", row["coar"]), row
        assert labels.setdefault(row["coar"], row["label"]) == row["label"], row
    assert len(labels) >= 100
    assert len(set(labels.values())) == len(labels)


def test_every_coar_label_code_and_address_stands_for_itself(maps):
    for code, label in {(row["coar"], row["label"]) for row in filter(is_document, rows_of("types.csv"))}:
        for spelling in (label, label.title(), code, f"{COAR_TYPE}{code}", f"{COAR_TYPE}{code}/"):
            assert maps.types[compared(spelling)].coar == f"<{COAR_TYPE}{code}>", spelling


@pytest.mark.parametrize(
    ("spelling", "code", "bibo", "fabio"),
    [
        pytest.param("Article", "c_6501", "AcademicArticle", "JournalArticle", id="the seed's own value"),
        pytest.param("Journal Article; ISI", "c_6501", "AcademicArticle", "JournalArticle", id="with an index named"),
        pytest.param("PG_Thesis", "c_46ec", "Thesis", "Thesis", id="underscore"),
        pytest.param("edited book", "c_2f33", "EditedBook", "Book", id="finer class than the COAR type"),
        pytest.param("Book chapter", "c_3248", "Chapter", "BookChapter", id="chapter"),
        pytest.param("Book Section", "c_3248", "BookSection", "BookChapter", id="section"),
        pytest.param("Postprint", "c_6501", "AcademicArticle", "Postprint", id="postprint"),
        pytest.param("Image, 3-D", "c_c513", "Image", "Expression", id="hyphen"),
        pytest.param("info:eu-repo/semantics/doctoralThesis", "c_db06", "Thesis", "DoctoralThesis", id="info:eu-repo"),
        pytest.param("info:eu-repo/semantics/bookPart", "c_3248", "BookSection", "BookChapter", id="camel case"),
        pytest.param("http://purl.org/dc/dcmitype/Text", "c_18cf", "Document", "Expression", id="DCMI type"),
        pytest.param("http://purl.org/eprint/type/JournalArticle", "c_6501", "AcademicArticle", "JournalArticle", id="SWAP"),
        pytest.param("http://purl.org/coar/resource_type/c_18gh", "c_18gh", "Report", "ReportDocument", id="COAR address"),
        pytest.param("G5 Artikkeliväitöskirja", "c_db06", "Thesis", "DoctoralThesis", id="Finnish code"),
        pytest.param("C2 Toimitettu teos", "c_2f33", "EditedBook", "Book", id="Finnish edited book"),
        pytest.param("Masterarbeit", "c_bdcc", "Thesis", "MastersThesis", id="German"),
        pytest.param("chapitre d’ouvrage", "c_3248", "Chapter", "BookChapter", id="French, curly apostrophe"),
        pytest.param("Artículo de revista", "c_6501", "AcademicArticle", "JournalArticle", id="Spanish"),
        pytest.param("博士論文", "c_db06", "Thesis", "DoctoralThesis", id="Japanese and Chinese"),
        pytest.param("design patent", "C53B-JCY5", "Patent", "PatentDocument", id="kind of patent"),
        pytest.param("layout design", "BW7T-YM2G", "Document", "Expression", id="kind of design"),
    ],
)  # fmt: skip
def test_a_spelling_stands_for_its_type(maps, vocabulary, spelling, code, bibo, fabio):
    found = maps.types[compared(spelling)]
    assert found.coar == f"<{COAR_TYPE}{code}>"
    assert found.bibo == f"<{vocabulary.expand(f'bibo:{bibo}')}>"
    assert found.fabio == f"<{vocabulary.expand(f'fabio:{fabio}')}>"


_DATA_TYPES = [
    "dataset",
    "aggregated data",
    "clinical trial data",
    "compiled data",
    "encoded data",
    "experimental data",
    "genomic data",
    "geospatial data",
    "measurement and test data",
    "observational data",
    "recorded data",
    "simulation data",
    "survey data",
]


@pytest.mark.parametrize("label", _DATA_TYPES)
def test_every_kind_of_data_is_a_dcmi_dataset(maps, vocabulary, label):
    assert maps.types[label].also == (f"<{vocabulary.expand('dcmitype:Dataset')}>",)


@pytest.mark.parametrize(
    "word",
    [
        "ISI",
        "Refereed",
        "PeerReviewed",
        "publishedVersion",
        "info:eu-repo/semantics/acceptedVersion",
        "open access",
        "-",
    ],
)
def test_a_word_for_something_else_is_no_type(maps, word):
    assert compared(word) not in maps.types


# ------------------------------------------------------------------ languages, countries


def test_languages_are_codes_of_iso_639_2_b():
    codes = {row["to"] for row in rows_of("languages.csv")}
    assert len(codes) > 480
    assert all(re.fullmatch("[a-z]{3}", code) for code in codes)
    terminology = {
        "bod",
        "ces",
        "cym",
        "deu",
        "ell",
        "eus",
        "fas",
        "fra",
        "hye",
        "isl",
        "kat",
        "mkd",
        "mri",
        "msa",
        "mya",
        "nld",
        "ron",
        "slk",
        "sqi",
        "zho",
    }
    assert codes & terminology == set()


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("en", "eng"),
        ("eng", "eng"),
        ("English", "eng"),
        ("zho", "chi"),
        ("chi", "chi"),
        ("deu", "ger"),
        ("Castilian", "spa"),
        ("Spanish; Castilian", "spa"),
        ("español", "spa"),
        ("Türkçe", "tur"),
        ("Norwegian Bokmål", "nob"),
        ("Bokmål, Norwegian", "nob"),
        ("Modern Greek", "gre"),
        ("Old English", "ang"),
        ("Middle High German", "gmh"),
        ("ga", "gle"),
        ("日本語", "jpn"),
        ("http://id.loc.gov/vocabulary/iso639-2/fre", "fre"),
    ],
)
def test_a_spelling_stands_for_its_language(maps, spelling, code):
    assert maps.languages[compared(spelling)] == code


@pytest.mark.parametrize("spelling", ["jp", "Finish", "Span", "Other"])
def test_a_wrong_language_is_left_to_the_cataloguer(maps, spelling):
    assert compared(spelling) not in maps.languages


def test_a_country_code_has_one_label_and_every_code_resolves():
    labels = {}
    rows = rows_of("countries.csv")
    for row in rows:
        assert re.fullmatch("[A-Z]{2}", row["code"]), row
        assert labels.setdefault(row["code"], row["label"]) == row["label"], row
    assert len(labels) == 249
    found = {row["from"]: row["code"] for row in rows}
    assert all(found[code.lower()] == code for code in labels)
    assert all(found[folded(label)] == code for code, label in labels.items())


@pytest.mark.parametrize(
    ("spelling", "code", "label"),
    [
        ("USA", "US", "United States"),
        ("U.S.A.", "US", "United States"),
        ("United Kingdom", "GB", "United Kingdom"),
        ("Viet Nam", "VN", "Vietnam"),
        ("Cote d'Ivoire", "CI", "Côte d'Ivoire"),
        ("Côte d’Ivoire", "CI", "Côte d'Ivoire"),
        ("Congo, Democratic Republic of the", "CD", "Democratic Republic of the Congo"),
        ("Congo DR", "CD", "Democratic Republic of the Congo"),
        ("Republic of the Congo", "CG", "Republic of the Congo"),
        ("Korea, Republic of", "KR", "South Korea"),
        ("Tanzania, United Republic of", "TZ", "Tanzania"),
        ("Lao People's Democratic Republic", "LA", "Laos"),
        ("Burma", "MM", "Myanmar"),
        ("Timor Leste", "TL", "Timor-Leste"),
        ("Turkey", "TR", "Türkiye"),
        ("Hong Kong", "HK", "Hong Kong"),
        ("BOL", "BO", "Bolivia"),
    ],
)
def test_a_spelling_stands_for_its_country(maps, spelling, code, label):
    assert maps.countries[folded(spelling)] == (code, label)


@pytest.mark.parametrize("name", ["England", "Scotland", "Wales", "Northern Ireland", "Tibet", "Korea", "Yugoslavia"])
def test_what_is_no_country_or_two_is_left_out(maps, name):
    assert folded(name) not in maps.countries


# ------------------------------------------------------------------ rights


def test_licences_are_addresses_of_creative_commons():
    form = re.compile(
        r"https://creativecommons\.org/(?:licenses/by(?:-nc|-nd|-sa|-nc-sa|-nc-nd|-nd-nc)?/(?:[1-4]\.0|2\.5)/(?:[a-z]{2}/|igo/)?"
        r"|publicdomain/(?:zero|mark)/1\.0/)"
    )
    assert [row for row in rows_of("licences.csv") if not form.fullmatch(row["to"])] == []


@pytest.mark.parametrize(
    ("spelling", "path"),
    [
        ("CC BY 4.0", "licenses/by/4.0/"),
        ("CC-BY-NC-4.0", "licenses/by-nc/4.0/"),
        ("cc by-nc-nd 3.0 igo", "licenses/by-nc-nd/3.0/igo/"),
        ("Attribution 4.0", "licenses/by/4.0/"),
        ("Attribution 4.0 International", "licenses/by/4.0/"),
        ("Attribution 4.0 International (CC BY 4.0)", "licenses/by/4.0/"),
        ("Attribution-NonCommercial-NoDerivatives 4.0 International", "licenses/by-nc-nd/4.0/"),
        ("Attribution-NonCommercial-ShareAlike 3.0 Unported", "licenses/by-nc-sa/3.0/"),
        ("Creative Commons Attribution 4.0 International License", "licenses/by/4.0/"),
        ("Creative Commons Attribution Non Commercial No Derivs 2.5", "licenses/by-nc-nd/2.5/"),
        ("Attribution-NonCommercial-NoDerivs 1.0", "licenses/by-nd-nc/1.0/"),
        ("Attribution 3.0 United States", "licenses/by/3.0/us/"),
        ("CC-BY-3.0-DE", "licenses/by/3.0/de/"),
        ("CC0", "publicdomain/zero/1.0/"),
        ("CC0 1.0 Universal", "publicdomain/zero/1.0/"),
        ("Public Domain Mark 1.0", "publicdomain/mark/1.0/"),
    ],
)
def test_a_spelling_stands_for_its_licence(maps, spelling, path):
    assert maps.licences[compared(spelling)] == f"https://creativecommons.org/{path}"


@pytest.mark.parametrize("flavour", ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"])
@pytest.mark.parametrize("version", ["1.0", "2.0", "2.5", "3.0", "4.0"])
def test_every_flavour_in_every_version_has_its_short_form(maps, flavour, version):
    found = maps.licences[compared(f"CC {flavour} {version}")]
    assert found.rstrip("/").endswith(version)
    assert set(found.split("/")[4].split("-")) == set(flavour.split("-"))


@pytest.mark.parametrize(
    "name", ["CC BY", "CC-BY-NC-ND", "Creative Commons Attribution", "Public Domain", "None stated"]
)
def test_a_name_without_a_version_is_no_licence(maps, name):
    assert compared(name) not in maps.licences


@pytest.mark.parametrize(
    ("spelling", "code", "label"),
    [
        ("open access", "c_abf2", "open access"),
        ("info:eu-repo/semantics/openAccess", "c_abf2", "open access"),
        (f"{ACCESS}c_abf2", "c_abf2", "open access"),
        ("info:eu-repo/semantics/embargoedAccess", "c_f1cf", "embargoed access"),
        ("restrictedAccess", "c_16ec", "restricted access"),
        ("info:eu-repo/semantics/closedAccess", "c_14cb", "metadata only access"),
        ("metadata only access", "c_14cb", "metadata only access"),
    ],
)
def test_a_spelling_stands_for_its_access_right(maps, spelling, code, label):
    assert maps.access_rights[compared(spelling)] == (ACCESS + code, label)


# ------------------------------------------------------------------ subjects, full text, organisations


def test_mesh_numbers_are_well_formed_and_none_stands_twice():
    for name, form in (("mesh.csv", r"D\d{6}(?:\d{3})?"), ("mesh_qualifiers.csv", r"Q\d{6}(?:\d{3})?")):
        ids = [row["id"] for row in rows_of(name)]
        assert [number for number in ids if not re.fullmatch(form, number)] == []
        assert len(ids) == len(set(ids))


def test_the_headings_of_the_worked_example_are_linked_as_it_links_them(maps):
    linked = {
        "adolescent": "D000293",
        "adult": "D000328",
        "lupus erythematosus, systemic": "D008180",
        "mesenchymal stem cell transplantation": "D045164",
    }
    assert {heading: maps.mesh[heading] for heading in linked} == linked
    assert "antibodies, antinuclear" not in maps.mesh
    qualifiers = {"adverse effects": "Q000009", "immunology": "Q000276", "methods": "Q000379", "therapy": "Q000628"}
    assert {name: maps.mesh_qualifiers[name] for name in qualifiers} == qualifiers


@pytest.mark.parametrize(
    ("spelling", "code", "coar", "match"),
    [
        ("published_or_final_version", "published_or_final_version", "c_970fb48d4fbd8a85", "closeMatch"),
        ("info:eu-repo/semantics/publishedVersion", "published_version", "c_970fb48d4fbd8a85", "exactMatch"),
        ("Publisher's version", "published_version", "c_970fb48d4fbd8a85", "exactMatch"),
        ("VoR", "published_version", "c_970fb48d4fbd8a85", "exactMatch"),
        ("acceptedVersion", "accepted_version", "c_ab4af688f83e57aa", "exactMatch"),
        ("info:eu-repo/semantics/submittedVersion", "submitted_version", "c_71e4c1898caa6e32", "exactMatch"),
        ("info:eu-repo/semantics/draft", "draft", "c_b1a7d7d4d402bcce", "exactMatch"),
        ("info:eu-repo/semantics/updatedVersion", "updated_version", "c_dc82b40f9837b551", "closeMatch"),
        ("preprint", "preprint", "c_b1a7d7d4d402bcce", "closeMatch"),
        ("Post-print", "postprint", "c_ab4af688f83e57aa", "closeMatch"),
        (f"{VERSIONS}c_e19f295774971610", "corrected_version", "c_e19f295774971610", "exactMatch"),
        (f"{VERSIONS}c_be7fb7dd8ff6fe43", "not_applicable", "c_be7fb7dd8ff6fe43", "exactMatch"),
        ("P", "proof", "c_fa2ee174bc00049f", "exactMatch"),
    ],
)
def test_a_spelling_stands_for_its_version_of_the_full_text(maps, spelling, code, coar, match):
    nature = maps.natures[compared(spelling)]
    assert (nature.code, nature.coar, nature.match) == (code, VERSIONS + coar, match)


def test_a_version_of_the_full_text_is_described_in_one_way():
    seen = {}
    for row in rows_of("fulltext_nature.csv"):
        rest = (row["label"], row["coar"], row["match"])
        assert seen.setdefault(row["code"], rest) == rest
        assert re.fullmatch("[a-z_]+", row["code"])
        assert row["match"] in {"exactMatch", "closeMatch"}
    exact = [rest[1] for rest in seen.values() if rest[2] == "exactMatch"]
    assert len(exact) == len(set(exact)) == 8


def test_organisation_words_are_single_words_without_digits():
    assert [word for word in keys_of("organisation_words.csv") if not re.fullmatch(r"[^\W\d_]{3,}", word)] == []


@pytest.mark.parametrize(
    "name",
    [
        "University of Hong Kong",
        "Department of Health",
        "Norges vassdrags- og energidirektorat Rådet",
        "Institut national de la recherche agronomique",
        "Fundação Oswaldo Cruz",
        "Universidad de Chile",
        "Max-Planck-Institut für Physik",
        "Helsingin yliopisto",
        "Consiglio Nazionale delle Ricerche",
        "Stichting Natuur",
        "Springer Verlag",
        "Lupus Study Group",
    ],
)
def test_the_name_of_an_organisation_has_one_of_the_words(maps, name):
    assert {word.casefold() for word in re.findall(r"[^\W\d_]+", name)} & maps.organisation_words


@pytest.mark.parametrize(
    "name", ["Alonzo Church", "Petrov NV", "Smith AG", "Tom Waits House", "Rat der Weisen", "Madonna"]
)
def test_the_name_of_a_person_has_none_of_them(maps, name):
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", name)}
    assert not words & maps.organisation_words
