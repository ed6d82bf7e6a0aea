"""Names, roles and authority keys as each format has them: what the readers make of them."""

import pytest

from lod.record import Value
from lod.settings.table import make_settings
from lod.sources import SourceFile, find_files

SETTINGS = make_settings({"base_iri": "https://example.org/"}, {})


def values_of(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    ((found, source_format),) = find_files(path)[0]
    (record,) = (item for item in source_format.read(SourceFile(found), SETTINGS) if hasattr(item, "values"))
    return list(record.values)


@pytest.mark.parametrize("joint", [" and\n  ", "\tand ", " and\r\n\r\n", "\nAND "])
def test_bibtex_takes_any_white_space_around_and(tmp_path, joint):
    values = values_of(tmp_path, "a.bib", f"@book{{k, author = {{Óscar Uno{joint}{{Lab, One}}}}, title = {{T}}}}")
    assert Value("dc.contributor.author", "Uno, Óscar", agent="person") in values
    assert Value("dc.contributor.author", "Lab, One", agent="organisation") in values


MODS = """<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>T</title></titleInfo>
<name type="personal"><namePart>Marie</namePart><namePart type="termsOfAddress">Queen of Y</namePart><namePart type="date">1600-1650</namePart></name>
<name type="corporate" valueURI="https://d-nb.info/gnd/118540238"><namePart>Stadt X, Rat</namePart><role><roleTerm>author</roleTerm></role></name>
<name><namePart type="family">Uno</namePart><namePart type="given">Ana</namePart><role><roleTerm authority="marcrelator">opn</roleTerm></role></name>
<name><namePart>Univ X</namePart><role><roleTerm>Degree grantor</roleTerm></role></name>
<subject authority="fast" valueURI="http://id.worldcat.org/fast/1000"><topic>Wasser</topic></subject>
<subject><topic>Wein</topic><geographic>Mosel</geographic></subject>
<note displayLabel="rank">7</note><identifier type="lccn">85753651</identifier><identifier type="issn-l">1234-5679</identifier>
<location><url access="preview">https://example.org/t.jpg</url></location>
<extension><degree xmlns="http://www.ndltd.org/standards/metadata/etdms/1.0/"><name>Doktor</name><discipline>Chemie</discipline></degree></extension>
</mods>"""


def test_mods_names_roles_and_keys(tmp_path):
    values = values_of(tmp_path, "a.xml", MODS)
    for value in (
        Value("dc.contributor.other", "Marie, Queen of Y, 1600-1650", agent="person"),
        Value("dc.contributor.author", "Stadt X, Rat", None, "https://d-nb.info/gnd/118540238", 600, "organisation"),
        Value("dc.contributor.referee", "Uno, Ana"),
        Value("thesis.degree.grantor", "Univ X"),
        Value("thesis.degree.name", "Doktor"),
        Value("thesis.degree.discipline", "Chemie"),
        Value("dc.subject.fast", "Wasser", None, "http://id.worldcat.org/fast/1000", 600),
        Value("dc.subject", "Wein"),
        Value("mods.note.rank", "7"),
        Value("dc.identifier.lccn", "85753651"),
        Value("dc.identifier.issnl", "1234-5679"),
        Value("mods.location.url", "https://example.org/t.jpg"),
    ):
        assert value in values


def test_a_column_of_orcid_ids_joins_the_names_of_its_field(tmp_path):
    table = (
        "id,dc.contributor.author[],dc.title,dc.identifier.uri,ORCID:dc.contributor.author\n"
        '+,"Núñez, A||Li, B",T,http://hdl.handle.net/1/2,"Li, B::0000-0002-1825-0097::600||Mo, C::0000-0001-7291-3210::600"\n'
    )
    authors = [value for value in values_of(tmp_path, "a.csv", table) if value.field == "dc.contributor.author"]
    assert [(value.text, value.authority) for value in authors] == [
        ("Núñez, A", None),
        ("Li, B", "will be referenced::ORCID::0000-0002-1825-0097"),
        ("Mo, C", "will be referenced::ORCID::0000-0001-7291-3210"),
    ]


def test_crossref_funders_have_their_doi_and_organisations_are_told(tmp_path):
    work = """{"DOI": "10.5555/1", "indexed": {}, "title": ["T"], "author": [{"name": "Group A, B"}, {"family": "Li", "given": "B"}],
      "funder": [{"name": "FAPESP", "DOI": "10.13039/501100001807", "award": ["1/2"]}, {"DOI": "10.13039/100000001"}]}"""
    values = values_of(tmp_path, "a.json", work)
    assert Value("dc.relation.funding", "FAPESP", None, "https://doi.org/10.13039/501100001807") in values
    assert Value("crossref.funder.DOI", "10.13039/100000001") in values
    assert Value("dc.contributor.author", "Group A, B", agent="organisation") in values
    assert Value("dc.contributor.author", "Li, B", agent="person") in values


def test_datacite_agents_are_told_and_stand_once(tmp_path):
    work = """{"doi": "10.5555/1", "titles": [{"title": "T"}], "publicationYear": 2020,
      "creators": [{"name": "Ministerio A, B", "nameType": "Organizational",
        "nameIdentifiers": [{"nameIdentifier": "0000000121464380", "nameIdentifierScheme": "ISNI"}]}],
      "contributors": [{"name": "U", "contributorType": "Distributor"}, {"name": "U", "contributorType": "DataManager"}],
      "publisher": {"name": "P", "publisherIdentifier": "https://ror.org/00a208s56", "publisherIdentifierScheme": "ROR"}}"""
    values = values_of(tmp_path, "a.json", work)
    isni = "will be referenced::ISNI::0000000121464380"
    assert Value("dc.contributor.author", "Ministerio A, B", None, isni, None, "organisation") in values
    assert [value.text for value in values if value.field == "dc.contributor.other"] == ["U"]
    assert Value("datacite.contributors.DataManager", "U") in values
    assert Value("dc.publisher", "P", None, "https://ror.org/00a208s56") in values
