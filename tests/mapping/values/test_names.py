"""Names as people and programs write them: what stands beside a name, several in one value, suffixes, and what no name is."""

import pytest

from lod.mapping.values.names import bare_name, names_in, read_name

WORDS = frozenset({"universidad", "university", "department", "institut", "universität", "университет", "college"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Núñez, José Luis; Universidad de X", ["Núñez, José Luis"], id="OJS, Spanish"),
        pytest.param("Weiß, Jörg; Institut für Y, Bonn", ["Weiß, Jörg"], id="OJS, an affiliation with a comma"),
        pytest.param("Петров, Пётр; Томский университет", ["Петров, Пётр"], id="OJS, Russian"),
        pytest.param("Poe, Ann; Universidad X; Quito", ["Poe, Ann"], id="an affiliation in two parts"),
        pytest.param("Ann Poe; University of X", ["Ann Poe"], id="direct order"),
        pytest.param("Poe, Ann; Plato; Doe, Bo", ["Poe, Ann; Plato; Doe, Bo"], id="undecided"),
        pytest.param("Poe, Ann; Doe, Bo, 1811-1850", ["Poe, Ann", "Doe, Bo, 1811-1850"], id="years of life"),
        pytest.param("张伟；李娜", ["张伟", "李娜"], id="Chinese names"),
        pytest.param("Poe, Ann u.a.", ["Poe, Ann"], id="German and others"),
        pytest.param("Poe, Ann [et al.]", ["Poe, Ann"], id="et al. in brackets"),
        pytest.param("Иванов, И. и др.", ["Иванов, И."], id="Russian and others"),
        pytest.param("Poe, Ann (Department of Z)", ["Poe, Ann"], id="department"),
        pytest.param("EMBL (University of Z)", ["EMBL (University of Z)"], id="what a short form means"),
        pytest.param("Poe, Ann (Thesis advisor)", ["Poe, Ann"], id="role"),
        pytest.param(
            "Poe, Ann, EDITOR (Department of Z)", ["Poe, Ann"], id="a role after a comma, an affiliation in brackets"
        ),
        pytest.param("Poe, Ann, Ed.", ["Poe, Ann"], id="a role after a comma"),
        pytest.param("University of Z, sponsor", ["University of Z"], id="the role of an organisation"),
        pytest.param("Poe, Ann eds", ["Poe, Ann"], id="EconLit"),
        pytest.param("Poe, Ed", ["Poe, Ed"], id="a given name"),
        pytest.param("Poe, Ann, University of X", ["Poe, Ann"], id="an affiliation after a comma"),
        pytest.param("Poe, A.|Doe, B.", ["Poe, A.", "Doe, B."], id="single bar"),
        pytest.param("Poe, A.|Plato", ["Poe, A.|Plato"], id="a bar between what is no name"),
        pytest.param("Poe, A.|||0000-0002-1825-0097", ["Poe, A. (0000-0002-1825-0097)"], id="ORCID iD after bars"),
    ],
)
def test_what_stands_beside_names_is_no_part_of_them(text, names):
    assert list(names_in(text, WORDS).names) == names


def test_the_name_of_an_organisation_stays_whole_where_the_source_says_that_it_is_one():
    assert names_in("Ministry of A; Section B, Team C", WORDS, "organisation").names == (
        "Ministry of A; Section B, Team C",
    )
    assert read_name("Testland, Parliament", WORDS, "organisation").class_name == "foaf:Organization"
    assert names_in("Congress of A (2nd : 1999 : B)", WORDS, "meeting").names == ("Congress of A (2nd : 1999 : B)",)
    assert read_name("University Congress", WORDS, "meeting").class_name == "foaf:Agent", "a meeting is no organisation"


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Doe, Jan, Jr.", "Doe", "Jan"),
        ("Doe, Jr., Jan", "Doe", "Jan"),
        ("Doe Jr., Jan", "Doe", "Jan"),
        ("Doe, Jan III", "Doe", "Jan"),
        ("Doe, Jan, V", "Doe", "Jan"),
        ("Doe, Jan, PhD, MPH", "Doe", "Jan"),
        ("Doe, Jan, M. D.", "Doe", "Jan"),
        ("Doe, J. P. (Jan Piet), 1920-1990", "Doe", "J. P."),
        ("王, 小明 (Wang Xiaoming)", "王", "小明"),
        ("Souza Filho, José", "Souza Filho", "José"),
        ("Doe, M A", "Doe", "M A"),
        ("Doe, MD", "Doe", "MD"),
        ("Doe, Md.", "Doe", "Md."),
        ("Doe, SR", "Doe", "SR"),
        ("Doe, Prince", "Doe", "Prince"),
        ("Kadosh Cohen, Roi", "Kadosh Cohen", "Roi"),
        ("Ortega y Gasset, José", "Ortega y Gasset", "José"),
        ("'t Hooft, Gerard", "'t Hooft", "Gerard"),
    ],
)
def test_suffixes_degrees_and_brackets_are_part_of_neither_name(name, family, given):
    assert read_name(name, WORDS) == ("foaf:Person", family, given, False)


@pytest.mark.parametrize(
    "name",
    [
        "Ann B. Roe , Ben Doe",
        "Ann Maria Roe , Ben Doe",
        "Ann B. Roe, Ben Doe",
        "Roe, A., Doe, B.",
        "Roe A, Doe B",
        "Roe, Ana y Doe, Luis",
        "Roe, Ann & Ben Doe",
        "Roe, Hans und Doe, Ute",
        "Ann Roe, Bo Li, Cy Wu",
    ],
)
def test_several_people_in_one_name_are_one_agent_without_parts(name):
    assert read_name(name, WORDS) == ("foaf:Agent", "", "", True)


@pytest.mark.parametrize(
    ("written", "name", "family", "given"),
    [
        pytest.param("Pereira , Rodrigo M.", "Pereira, Rodrigo M.", "Pereira", "Rodrigo M.", id="one family name"),
        pytest.param("Silva Pereira , Rui M.", "Silva Pereira, Rui M.", "Silva Pereira", "Rui M.", id="two, initials"),
        pytest.param("Pereira ,Rodrigo", "Pereira, Rodrigo", "Pereira", "Rodrigo", id="no blank behind"),
        pytest.param("Roe , Ann , Jr.", "Roe, Ann, Jr.", "Roe", "Ann", id="a suffix"),
    ],
)
def test_a_blank_before_the_comma_is_no_part_of_a_name(written, name, family, given):
    assert bare_name(written) == name
    assert read_name(written, WORDS) == read_name(name, WORDS) == ("foaf:Person", family, given, False)


def test_a_blank_before_the_comma_stays_where_it_is_the_sign_of_two_names():
    assert bare_name("Ann Maria Roe , Ben Doe") == "Ann Maria Roe , Ben Doe"


@pytest.mark.parametrize("name", ["Soil Systems, Inc.", "Werk X, GmbH", "Obras Y, S.A. de C.V.", "Ромашка, ООО"])
def test_a_legal_form_behind_a_comma_makes_an_organisation(name):
    assert read_name(name, WORDS) == ("foaf:Organization", "", "", False)


@pytest.mark.parametrize("name", ["Ann Roe, Ph.D.", "Ann Roe, Jr.", "Maria II, Queen of Portugal, 1819-1853", "Plato"])
def test_a_title_behind_a_comma_is_no_given_name(name):
    assert read_name(bare_name(name), WORDS) == ("foaf:Agent", "", "", False)


def test_a_source_that_says_person_makes_no_parts_of_a_name_without_them():
    assert read_name("Ann University", WORDS, "person") == ("foaf:Person", "", "", False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("M. Ann Roe, Bo Li Lau, Cy Wu", ("M. Ann Roe", "Bo Li Lau", "Cy Wu"), id="three in direct order"),
        pytest.param("García Roe, María José, Pérez Lau, Ana Isabel", None, id="family and given names in turn"),
        pytest.param("Ann M. Roe, Bo Lau, Cy Wu, Di Ek", ("Ann M. Roe", "Bo Lau", "Cy Wu", "Di Ek"), id="four, one with an initial"),
        pytest.param("Roe Lau, Ann Mary, Jr.", None, id="a suffix"),
        pytest.param("Department of Examples, Faculty Nine, New Town", None, id="an organisation"),
        pytest.param("Ann Roe, Bo Lau", None, id="two"),
    ],
)  # fmt: skip
def test_names_in_direct_order_stand_apart_where_they_can_be_nothing_else(text, names):
    words = frozenset({"department", "faculty"})
    assert names_in(text, words).names == (names or (text,))


def test_the_word_that_a_list_of_names_left_before_the_last_one_goes():
    assert bare_name("and Example Planning Services") == "Example Planning Services"
    assert bare_name("And Other Stories") == "And Other Stories"
