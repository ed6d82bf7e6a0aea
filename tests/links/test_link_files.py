"""Files of links: each format, lines that are none, and targets with their check digits."""

import pytest

from lod.errors import BadValueError, ConfigError
from lod.links.authorities import read_authorities
from lod.links.readers import READERS, kind_of, read_links
from lod.links.site import links_folder
from lod.links.targets import SCHEMES, read_target
from lod.report import Finding

SAME, EXACT, CLOSE = (
    "http://schema.org/sameAs",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2004/02/skos/core#closeMatch",
)
OWL = "http://www.w3.org/2002/07/owl#sameAs"
BEACON = """#FORMAT: BEACON
#PREFIX: https://d-nb.info/gnd/
#TARGET: https://example.org/id/person/{ID}
#RELATION: http://www.w3.org/2002/07/owl#sameAs
#CREATOR: A library
#TIMESTAMP: 2026-01-02T03:04:05Z

118540238
118540239|3 works|a b
11854024X|https://example.org/x
"""
SSSOM = """#curie_map:
#  mesh: "http://id.nlm.nih.gov/mesh/"
#  here: https://example.org/id/concept/
#mapping_date: 2026-02-03
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tauthor_id\tmapping_date
here:lupus\tskos:exactMatch\tmesh:D008180\tsemapv:ManualMappingCuration\t0.95\torcid:0000-0002-1825-0097\t2026-02-04
here:fever\tskos:related\tmesh:D005334\tsemapv:LexicalMatching\t\t\t
here:cough\tskos:closeMatch\tmesh:D003371\tsemapv:LexicalMatching\t\t\t
"""
OPENREFINE = """Name;IRI;Wikidata ID;GND
"Lu; L";https://example.org/id/person/1;Q42;
Roe;https://example.org/id/person/2;;118540238||11854024X
;;;
"""
TABLE = """id,target,relation,confidence,by,date
item/1/2,https://example.com/a,closeMatch,0.5,Ann,2026-03-04
item/1/3,https://example.com/b,loves,,,
item/1/4,https://example.com/c,,,,
"""
TRIPLES = """# links
<https://example.org/id/item/1/2> <http://www.w3.org/2002/07/owl#sameAs> <https://example.com/a> .
<https://example.org/id/item/1/2> <http://purl.org/dc/terms/title> "A title" .
<https://example.org/id/item/1/2> nonsense
<https://example.org/id/item/1/3> <https://schema.org/sameAs> <https://example.com/b> .
"""


def read(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    found = list(read_links(folder))
    links = [part for part in found if not isinstance(part, Finding)]
    return links, [(part.rule, part.place, part.message) for part in found if isinstance(part, Finding)]


def pairs(links):
    return [(link.source, link.target, link.relation) for link in links]


def test_beacon(tmp_path):
    links, findings = read(tmp_path, "gnd.txt", BEACON)
    assert pairs(links) == [
        ("https://d-nb.info/gnd/118540238", "https://example.org/id/person/118540238", OWL),
        ("https://d-nb.info/gnd/118540239", "https://example.org/id/person/a%20b", OWL),
        ("https://d-nb.info/gnd/11854024X", "https://example.org/id/person/https://example.org/x", OWL),
    ]
    assert (links[0].place, findings) == ("gnd.txt, line 8", [])
    assert (links[0].set.creator, links[0].set.date, links[0].set.format) == ("A library", "2026-01-02", "BEACON")


def test_sssom_with_the_prefixes_of_its_head(tmp_path):
    links, findings = read(tmp_path, "concepts.tsv", SSSOM)
    assert pairs(links) == [
        ("https://example.org/id/concept/lupus", "http://id.nlm.nih.gov/mesh/D008180", EXACT),
        ("https://example.org/id/concept/cough", "http://id.nlm.nih.gov/mesh/D003371", CLOSE),
    ]
    assert (links[0].by, links[0].confidence, links[0].date, links[0].justification) == (
        "https://orcid.org/0000-0002-1825-0097",
        "0.95",
        "2026-02-04",
        "https://w3id.org/semapv/vocab/ManualMappingCuration",
    )
    assert findings == [
        (
            "link-line",
            "concepts.tsv, line 7",
            "the predicate 'skos:related' is no relation of links; use skos:exactMatch, skos:closeMatch or owl:sameAs",
        )
    ]


def test_an_export_of_openrefine_with_a_column_for_each_scheme(tmp_path):
    links, findings = read(tmp_path, "people.csv", OPENREFINE)
    assert pairs(links) == [
        ("https://example.org/id/person/1", "wikidata:Q42", ""),
        ("https://example.org/id/person/2", "gnd:118540238", ""),
        ("https://example.org/id/person/2", "gnd:11854024X", ""),
    ]
    assert findings == []


def test_a_table_with_relations_and_who_made_them(tmp_path):
    links, findings = read(tmp_path, "items.csv", TABLE)
    assert pairs(links) == [("item/1/2", "https://example.com/a", CLOSE), ("item/1/4", "https://example.com/c", "")]
    assert (links[0].by, links[0].confidence, links[0].date) == ("Ann", "0.5", "2026-03-04")
    assert [(rule, place) for rule, place, _ in findings] == [("link-line", "items.csv, line 3")]


def test_a_table_without_the_columns_says_which_it_needs(tmp_path):
    links, findings = read(tmp_path, "items.csv", "name,place\nA,B\n")
    assert links == []
    assert findings[0][2].startswith(
        "its header has no column that names the things (id, iri, subject), or none of targets (target, or the name of a scheme: doi, fundref,"
    )


def test_n_triples(tmp_path):
    links, findings = read(tmp_path, "links.nt", TRIPLES)
    assert pairs(links) == [
        ("https://example.org/id/item/1/2", "https://example.com/a", OWL),
        ("https://example.org/id/item/1/3", "https://example.com/b", SAME),
    ]
    assert [place for _, place, _ in findings] == ["links.nt, line 3", "links.nt, line 4"]
    assert findings[1][2] == "it is no triple of N-Triples"


def test_a_file_of_no_known_format_is_refused_before_anything_is_read(tmp_path):
    folder = tmp_path / "links"
    (folder / "authorities").mkdir(parents=True)
    (folder / "people.xlsx").write_bytes(b"")
    (folder / "authorities" / "list.pdf").write_bytes(b"")
    with pytest.raises(ConfigError) as raised:
        links_folder(tmp_path)
    assert [fault.removeprefix(str(folder)) for fault in raised.value.faults] == [
        "/people.xlsx: files of links end in .txt, .beacon, .csv, .tsv, .nt; rename it, or move it away",
        "/authorities/list.pdf: authority tables are .csv (id,name,…), .json (the dump of ROR), .txt (GeoNames) or .nt (SKOS); rename it, or move it away",
    ]
    assert links_folder(folder) is None


def test_each_reader_has_its_kind(tmp_path):
    assert set(READERS) == {"BEACON", "SSSOM", "table", "N-Triples"}
    for name, text, kind in (
        ("a.tsv", SSSOM, "SSSOM"),
        ("b.tsv", "id\ttarget\n", "table"),
        ("c.beacon", BEACON, "BEACON"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert kind_of(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("text", "scheme", "iri"),
    [
        ("orcid:0000-0002-1825-0097", "orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("http://www.orcid.org/0000-0002-1825-0097", "orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("https://www.wikidata.org/wiki/q42", "wikidata", "http://www.wikidata.org/entity/Q42"),
        ("http://d-nb.info/gnd/118540238", "gnd", "https://d-nb.info/gnd/118540238"),
        ("https://viaf.org/viaf/102333412/", "viaf", "http://viaf.org/viaf/102333412"),
        ("https://www.geonames.org/2950159/berlin.html", "geonames", "https://sws.geonames.org/2950159/"),
        ("http://dx.doi.org/10.5555/ABC", "doi", "https://doi.org/10.5555/abc"),
        ("https://doi.org/10.13039/501100001659", "fundref", "https://doi.org/10.13039/501100001659"),
        ("issn:0003-4967", "issn", "https://portal.issn.org/resource/ISSN/0003-4967"),
        ("https://meshb.nlm.nih.gov/record/ui?ui=D008180", "mesh", "http://id.nlm.nih.gov/mesh/D008180"),
        ("https://example.com/a", "", "https://example.com/a"),
    ],
)
def test_a_target_has_one_form(text, scheme, iri):
    found = read_target(text)
    assert (found.scheme, found.iri) == (scheme, iri)
    assert not scheme or read_target(f"{scheme}:{found.value}") == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://orcid.org/0000-0002-1825-0098", "not a valid ORCID iD; it looks like 0000-0002-1825-0097"),
        ("gnd:118540239", "not a valid GND number; its last character is a check character"),
        ("https://www.wikidata.org/wiki/P31", "it does not look like Q42"),
        (
            "javascript:alert(1)",
            "it is no IRI of the web, and names no scheme of identifiers; write https://… or wikidata:Q42",
        ),
        ("https://example.com/a b", "not an absolute IRI (Invalid IRI code point ' ')"),
    ],
)
def test_a_target_that_cannot_be_is_refused(text, message):
    with pytest.raises(BadValueError) as raised:
        read_target(text)
    assert str(raised.value) == message


def test_all_schemes_read_what_they_write():
    assert len(SCHEMES) == 13


ROR = """[{"id": "https://ror.org/02mhbdp94", "names": [{"value": "UA", "types": ["acronym"]}, {"value": "Universidad A", "types": ["label"]},
 {"value": "University A", "types": ["ror_display", "label"]}], "external_ids": [{"type": "isni", "all": ["0000 0001 2171 5249"]},
 {"type": "fundref", "all": ["501100001659"]}]}, {"id": "nonsense"}]"""


def test_authority_tables(tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,name,also,type,gnd\nwikidata:Q42,Adams,D. Adams||Adams D,person,118540238\n,x,,,\n"
    )
    (tmp_path / "b.json").write_text(ROR, encoding="utf-8")
    row = ["2950159", "Berlin", "Berlin", "Berlino,Berlín", "52.5", "13.4", "P", "PPLC", "DE"]
    (tmp_path / "c.txt").write_text("\t".join(row) + "\n", encoding="utf-8")
    skos = "http://www.w3.org/2004/02/skos/core#"
    (tmp_path / "d.nt").write_text(
        f'<http://id.nlm.nih.gov/mesh/D008180> <{skos}altLabel> "SLE" .\n'
        f'<http://id.nlm.nih.gov/mesh/D008180> <{skos}prefLabel> "Lupus" .\n'
    )
    found = {set_.name: row for set_, row in read_authorities(tmp_path)}
    assert {name: (row.target.iri, row.names, row.forms) for name, row in found.items()} == {
        "authorities/a.csv": (
            "http://www.wikidata.org/entity/Q42",
            ("Adams", "D. Adams", "Adams D"),
            ("gnd:118540238",),
        ),
        "authorities/b.json": (
            "https://ror.org/02mhbdp94",
            ("University A", "Universidad A"),
            ("isni:0000000121715249", "doi:10.13039/501100001659"),
        ),
        "authorities/c.txt": ("https://sws.geonames.org/2950159/", ("Berlin", "Berlino", "Berlín"), ()),
        "authorities/d.nt": ("http://id.nlm.nih.gov/mesh/D008180", ("Lupus", "SLE"), ()),
    }
    assert found["authorities/c.txt"].kinds == {"place"}
