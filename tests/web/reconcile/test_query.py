"""Queries: what is found at which rank, what is a match, what counts as evidence."""

import random

import pytest

from tests.helpers.counting import calls_of
from tests.web.reconcile.conftest import BASE, PEOPLE_NAMES, TITLES, orcid

STUDY, DANG = "item/20.500.99/1", f"person/orcid-{orcid(900)}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(f"{BASE}id/{STUDY}", STUDY, id="IRI of an item"),
        pytest.param(f"{BASE}page/{STUDY}", STUDY, id="its page"),
        pytest.param(STUDY, STUDY, id="its key"),
        pytest.param("10.5555/abc.1", STUDY, id="DOI"),
        pytest.param("https://doi.org/10.5555/ABC.1", STUDY, id="DOI as an address"),
        pytest.param("doi:10.5555/Abc.1", STUDY, id="DOI with a label"),
        pytest.param("20.500.99/1", STUDY, id="handle"),
        pytest.param("http://hdl.handle.net/20.500.99/1", STUDY, id="handle as an address"),
        pytest.param("PMID: 12345678", STUDY, id="PMID"),
        pytest.param("https://pubmed.ncbi.nlm.nih.gov/12345678/", STUDY, id="PMID as an address"),
        pytest.param(orcid(900), DANG, id="ORCID iD"),
        pytest.param(orcid(900).replace("-", ""), DANG, id="ORCID iD without hyphens"),
        pytest.param(f"https://orcid.org/{orcid(900)}", DANG, id="ORCID iD as an address"),
        pytest.param("0003-4967", "serial/0003-4967", id="ISSN"),
        pytest.param("ISSN 00034967", "serial/0003-4967", id="ISSN with a label"),
    ],
)
def test_what_is_identified_is_first_and_a_match(asking, query, expected):
    found = asking.ask(query)
    assert [(one["id"], one["score"], one["match"]) for one in found] == [(f"{BASE}id/{expected}", 100, True)]
    assert found[0]["features"] == [{"id": "identifier", "value": True}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SÜSSSTOFF in Łódź - eine Studie", (STUDY, True)),
        ("Sweeteners of a city", (STUDY, True)),
        ("Süßstoff in Łódź", (STUDY, False)),
        ("Sussstof in Lodz: eine Stduie", (STUDY, False)),
        ("van dang", (DANG, True)),
        ("Dang, V.", (DANG, False)),
        ("Dáng, Vam", (DANG, False)),
        ("H. C. Ørsted", (f"person/orcid-{orcid(901)}", False)),
        ("陳大文", (f"person/orcid-{orcid(906)}", True)),
        ("Annals of things", ("serial/0003-4967", True)),
        ("Anals of Things", ("serial/0003-4967", False)),
        ("lupus erythematosus systemic", ("concept/mesh/lupus_erythematosus%2C_systemic", True)),
        ("Budget of the library 2015", ("item/20.500.99/5", True)),
        ("Initial, A.", (f"person/orcid-{orcid(904)}", False)),
    ],
)
def test_a_name_finds_its_entity_and_only_the_very_name_is_a_match(asking, query, expected):
    assert asking.best(query) == expected


def test_another_number_is_another_title(asking):
    found = asking.ask("Budget of the library 2016")
    assert [one["name"] for one in found] == ["Budget of the library 2014", "Budget of the library 2015"]
    assert all(70 < one["score"] < 85 and not one["match"] for one in found)


@pytest.mark.parametrize("name", ["Annual report", "Twin, Ann Mary"])
def test_two_of_one_name_are_both_there_and_neither_is_a_match(asking, name):
    found = asking.ask(name)
    assert [(one["name"], one["score"], one["match"]) for one in found] == [(name, 100, False)] * 2


def test_evidence_tells_two_of_one_name_apart(asking):
    first, second = asking.ask("Annual report", properties=[{"pid": "year", "v": 2015}])
    assert (first["id"], first["score"], first["match"]) == (f"{BASE}id/item/20.500.99/3", 100, True)
    assert first["features"] == [{"id": "name", "value": 100}, {"id": "year", "value": 100}]
    assert (second["match"], second["score"], second["features"][1]) == (False, 83.3, {"id": "year", "value": 50})
    work = [{"pid": "work", "v": {"id": f"{BASE}id/item/20.500.99/3", "name": "?"}}]
    assert asking.best("Twin, Ann Mary", properties=work) == (f"person/orcid-{orcid(903)}", True)
    assert asking.best("Ann Twin", properties=[{"pid": "orcid", "v": [orcid(902)]}]) == (
        f"person/orcid-{orcid(902)}",
        True,
    )


@pytest.mark.parametrize(
    ("pid", "value", "share"),
    [
        ("author", "Văn Đặng", 100),
        ("author", {"id": f"{BASE}id/{DANG}", "name": ""}, 100),
        ("author", ["Dang V", "Nobody Else"], 46.2),
        ("issued", "2008-05", 100),
        ("issued", "2008-06-01", 80),
        ("issued", "2007", 50),
        ("year", 2008.0, 100),
        ("journal", "Annals of Things", 100),
        ("journal", "Proceedings", 0),
        ("volume", "9", 100),
        ("type", "Journal Article", 100),
        ("language", "german", 100),
        ("subject", "lupus erythematosus, systemic", 100),
        ("doi", "https://doi.org/10.5555/abc.1", 100),
        ("identifier", "PMID 12345678", 100),
        ("doi", "10.5555/another", 0),
    ],
)
def test_a_stated_property_counts_as_far_as_it_agrees(asking, pid, value, share):
    found = asking.ask("Süßstoff in Łódź: eine Studie", properties=[{"pid": pid, "v": value}])[0]
    assert found["features"] == [{"id": "name", "value": 100}, {"id": pid, "value": share}]
    assert found["match"] == (share >= 80)


def test_what_is_not_known_of_an_entity_says_nothing_against_it(asking):
    found = asking.ask(
        "Budget of the library 2014", properties=[{"pid": "doi", "v": "10.5555/x"}, {"pid": "no", "v": 1}]
    )
    assert (found[0]["features"], found[0]["match"]) == ([{"id": "name", "value": 100}], True)


def test_properties_alone_find_by_identifier_and_by_name(asking):
    assert asking.best("", properties=[{"pid": "doi", "v": "10.5555/ABC.1"}]) == (STUDY, True)
    assert asking.best("", properties=[{"pid": "name", "v": "van dang"}]) == (DANG, True)
    assert asking.ask("", properties=[{"pid": "year", "v": 2008}]) == []
    contradicted = asking.ask("Something else", properties=[{"pid": "doi", "v": "10.5555/ABC.1"}])[0]
    assert (contradicted["id"], contradicted["match"]) == (f"{BASE}id/{STUDY}", False)


def test_types_restrict_or_prefer(asking):
    code = "http://purl.org/coar/resource_type/c_6501"
    assert [type_["id"] for type_ in asking.ask("Annual report", type="item")[0]["type"]] == ["item", code]
    assert len(asking.ask("Annual report", type=code)) == 2
    assert len(asking.ask("Annual report", type=["item", code], type_strict="all")) == 2
    assert asking.ask("Annual report", type="person") == []
    assert asking.ask("Annual report", type="http://purl.org/coar/resource_type/c_46ec") == []
    assert asking.ask("Annual report", type=["item", "person"], type_strict="all") == []
    assert len(asking.ask("Annual report", type=["item", "person"], type_strict="any")) == 2
    assert asking.ask("Annual report", type="unknown") == []
    preferred = asking.ask("Annual report", type="person", type_strict="should")
    assert [(one["score"], one["features"][1]) for one in preferred] == [(80, {"id": "type", "value": False})] * 2
    assert asking.ask("10.5555/abc.1", type="person") == []


def test_the_limit_is_kept(asking):
    assert len(asking.ask("Annual report", limit=1)) == 1
    assert asking.ask("Annual report", limit=1)[0]["match"] is False


def typo(chance, text):
    """One letter of a word left out, doubled, changed, or swapped with the next one."""
    places = [n for n in range(1, len(text) - 1) if text[n].isalpha() and text[n + 1].isalpha()]
    n = chance.choice(places)
    return chance.choice(
        [text[:n] + text[n + 1 :], text[:n] + text[n] + text[n:], text[:n] + "x" + text[n + 1 :], text[:n] + text[n + 1] + text[n] + text[n + 2 :]]
    )  # fmt: skip


def plain(text):
    return text.translate(str.maketrans("áéöíøůłąñîšúçç", "aeoioulanisucc"))


def swapped(name):
    family, given = name.split(", ")
    return f"{given} {family}"


def initials(name):
    family, given = name.split(", ")
    return f"{family}, {' '.join(f'{part[0]}.' for part in given.split())}"


CHANGES = {
    "as it is": (lambda chance, text: text, lambda chance, name: name),
    "without marks": (lambda chance, text: plain(text), lambda chance, name: plain(name)),
    "one typo": (typo, typo),
    "two typos": (lambda chance, text: typo(chance, typo(chance, text)), lambda chance, name: typo(chance, typo(chance, name))),
    "swapped": (lambda chance, text: text.upper(), lambda chance, name: swapped(name)),
    "swapped, one typo": (lambda chance, text: plain(typo(chance, text)), lambda chance, name: plain(typo(chance, swapped(name)))),
    "initials": (lambda chance, text: text, lambda chance, name: initials(name)),
}  # fmt: skip


def ranks(asking, asked, expected):
    """The rank of each expected IRI among the candidates for what is asked, 99 where it is none of them."""
    found = []
    for start in range(0, len(asked), 50):
        for candidates, iri in zip(asking.batch(*asked[start : start + 50]), expected[start : start + 50], strict=True):
            iris = [one["id"] for one in candidates]
            found.append(iris.index(iri) + 1 if iri in iris else 99)
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_names_and_titles_are_found_however_they_are_spelled(asking, change):
    chance = random.Random(change)
    change_title, change_name = CHANGES[change]
    titles = {
        f"{BASE}id/item/20.500.99/m{number}": change_title(chance, title)
        for number, title in enumerate(TITLES)
        if number % 2 == 0
    }
    people = {f"{BASE}id/person/orcid-{orcid(n)}": change_name(chance, name) for n, name in enumerate(PEOPLE_NAMES)}
    found = ranks(asking, [*titles.values(), *people.values()], [*titles, *people])
    assert len(found) == 240
    shares = sum(rank == 1 for rank in found) / len(found), sum(rank <= 3 for rank in found) / len(found)
    assert min(shares) >= 0.98, shares


def test_no_typo_makes_a_match(asking):
    chance = random.Random(1)
    candidates = asking.batch(*(typo(chance, name) for name in PEOPLE_NAMES[:60]))
    assert [found[0]["name"] for found in candidates if found and found[0]["match"]] == []


def test_a_name_that_is_like_many_takes_bounded_work(asking):
    """Each query of the index, and each row that is compared, is some calls."""
    asking.ask("warm")
    assert calls_of(lambda: asking.batch(*(f"{name} x" for name in PEOPLE_NAMES[:10]))) < 150_000
