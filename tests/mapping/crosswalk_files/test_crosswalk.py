"""The crosswalk: every rule does what its example says, every fault has a message with a way out."""

import re
from pathlib import Path

import pytest

from lod import bundled
from lod.errors import ConfigError
from lod.mapping.crosswalk_files.examples import example_faults
from lod.mapping.crosswalk_files.load import load_crosswalk
from lod.mapping.record.kinds import KINDS
from lod.mapping.values.identifiers import FORMS
from lod.settings.table import make_settings
from tests.helpers.paths import ROOT

DOCS = ROOT / "docs" / "crosswalk.md"


def site_with(folder: Path, text: str) -> Path:
    (folder / "crosswalk").mkdir()
    (folder / "crosswalk" / "local.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_rule_has_an_example_that_comes_out_as_it_says(crosswalk):
    assert len(crosswalk.rules) > 100
    assert all(rule.example for rule in crosswalk.rules)
    assert list(example_faults(crosswalk)) == []


def test_every_kind_is_used_and_documented(crosswalk):
    text = DOCS.read_text(encoding="utf-8")
    assert {rule.kind for rule in crosswalk.rules} == set(KINDS)
    for kind in KINDS.values():
        assert f"| `{kind.name}` | {kind.help} |" in text
    for form in FORMS:
        assert f"`{form}`" in text


def test_no_field_stands_in_two_rules_of_one_file(crosswalk):
    fields = [field for rule in crosswalk.rules if rule.when is None for field in rule.fields]
    assert len(fields) == len(set(fields))


GOOD = """
[[rule]]
field = "cifor.source.title"
kind = "container"
example = { in = "Forests", with = { "dc.type" = "Article" }, out = 'dcterms:title "Forests"' }
"""


def test_a_rule_of_the_site_is_asked_first(tmp_path, settings):
    own = site_with(
        tmp_path,
        '[[rule]]\nfield = "dc.title"\nwhen = "^Untitled"\nkind = "kept"\nexample = { in = "Untitled 1", out = "kept" }\n'
        + GOOD,
    )
    crosswalk = load_crosswalk(settings, own)
    assert crosswalk.rule_for("dc.title", "Untitled 7").label == "local.toml, rule 1"
    assert crosswalk.rule_for("dc.title", "A study").label.startswith("dspace.toml")
    assert crosswalk.rule_for("cifor.source.title", "x").kind == "container"
    assert crosswalk.rule_for("dspace.entity.type", "x").kind == "system"
    assert crosswalk.rule_for("no.such.field", "x") is None
    assert list(example_faults(crosswalk)) == []


def test_the_fingerprint_follows_rules_maps_and_settings(tmp_path, settings):
    before = load_crosswalk(settings, tmp_path).fingerprint
    assert load_crosswalk(settings, tmp_path).fingerprint == before
    assert load_crosswalk(settings, site_with(tmp_path, GOOD)).fingerprint != before
    other = make_settings({"base_iri": "https://example.org/", "mirrors": False}, {})
    assert load_crosswalk(other).fingerprint != before


def test_a_list_has_the_fingerprint_that_the_same_names_in_one_text_had():
    made = [
        load_crosswalk(make_settings({"base_iri": "https://example.org/", "key_from": names}, {})).fingerprint
        for names in ("doi pmid", ["doi", "pmid"], ["pmid", "doi"])
    ]
    assert made[0] == made[1] != made[2]


FAULTS = [
    ("kind", GOOD.replace('"container"', '"contaner"'), "local.toml, rule 1 (cifor.source.title): unknown kind 'contaner'; known: affiliation, any-identifier, author"),
    ("key", GOOD + 'nots = "x"\n', "unknown key 'nots'; did you mean 'note'?"),
    ("no field", GOOD.replace('field = "cifor.source.title"', ""), "local.toml, rule 1 (no field): no 'field'"),
    ("field name", GOOD.replace("cifor.source.title", "cifor source"), "'cifor source' is no field name"),
    ("property", '[[rule]]\nfield = "a.b"\nkind = "text"\nexample = { in = "x", out = "kept" }\n', "kind 'text' needs a 'property', such as dcterms:title"),
    ("term", '[[rule]]\nfield = "a.b"\nkind = "text"\nproperty = "dcterms:titel"\nexample = { in = "x", out = "kept" }\n', "unknown term 'dcterms:titel'; did you mean dcterms:title"),
    ("prefix", '[[rule]]\nfield = "a.b"\nkind = "text"\nproperty = "dct:title"\nexample = { in = "x", out = "kept" }\n', "unknown prefix 'dct' in 'dct:title'; known: bibo"),
    ("when", GOOD + "when = '('\n", "'when' is no regular expression"),
    ("keep", GOOD + "keep = 'sometimes'\n", "'keep' is 'sometimes'; it takes one of: changed, always, never"),
    ("no example", '[[rule]]\nfield = "a.b"\nkind = "kept"\n', "no 'example'; add one"),
    ("option", '[[rule]]\nfield = "a.b"\nkind = "page"\nexample = { in = "x", out = "kept" }\n', "kind 'page' needs 'as'"),
    ("scheme", '[[rule]]\nfield = "a.b"\nkind = "identifier"\nscheme = "dio"\nexample = { in = "x", out = "kept" }\n', "local.toml, rule 1: unknown scheme 'dio'; known: arxiv"),
    ("table", GOOD + "[[rules]]\n", "local.toml: unknown table 'rules'; known: rule, scheme"),
    ("toml", "[[rule]\n", "local.toml: "),
    ("form", '[[scheme]]\nname = "x"\nform = "y"\nscheme = "datacite:doi"\n', "local.toml, scheme 1 (x): unknown form 'y'; known: arxiv"),
    ("link", '[[scheme]]\nname = "x"\nform = "as-is"\nscheme = "datacite:doi"\nlink = "http://a.org/"\n', "'link' has no {} where the identifier goes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), [pytest.param(text, message, id=name) for name, text, message in FAULTS])
def test_a_fault_is_named_with_its_place_and_a_way_out(tmp_path, settings, text, message):
    with pytest.raises(ConfigError) as raised:
        load_crosswalk(settings, site_with(tmp_path, text))
    assert any(message in fault for fault in raised.value.faults), raised.value.faults


def test_all_faults_are_told_at_once(tmp_path, settings):
    with pytest.raises(ConfigError) as raised:
        load_crosswalk(settings, site_with(tmp_path, "".join(text for name, text, _ in FAULTS[:3])))
    assert len(raised.value.faults) == 3


@pytest.mark.parametrize(
    ("example", "message"),
    [
        (
            """{ in = "Forests", out = 'dcterms:title "Forest"' }""",
            'its example does not give dcterms:title "Forest"; it gives',
        ),
        ("""{ in = "Forests", out = "withheld" }""", "its example gives the fate mapped, not withheld"),
        ("""{ in = "Forests", out = "dcterms:title" }""", "'out' of its example cannot be read"),
    ],
)
def test_an_example_that_does_not_come_out_is_a_fault(tmp_path, settings, example, message):
    text = re.sub(r"example = .*", f"example = {example}", GOOD)
    crosswalk = load_crosswalk(settings, site_with(tmp_path, text))
    faults = list(example_faults(crosswalk))
    assert len(faults) == 1
    assert faults[0].startswith("local.toml, rule 1 (cifor.source.title): ")
    assert message in faults[0]


def test_a_map_of_the_site_lies_over_the_bundled_one(tmp_path, settings):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "types.csv").write_text(
        "from;coar;label;bibo;fabio;also\nZine;c_2659;periodical;bibo:Periodical;fabio:Periodical;\n", encoding="utf-8"
    )
    maps = load_crosswalk(settings, tmp_path).maps
    assert maps.types["zine"].bibo == "<http://purl.org/ontology/bibo/Periodical>"
    assert "article" in maps.types


def test_an_unknown_class_in_a_map_is_a_fault(tmp_path, settings):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "types.csv").write_text(
        "from,coar,label,bibo,fabio,also\nzine,c_2659,x,bibo:Zine,fabio:Periodical,\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="unknown term 'bibo:Zine'"):
        load_crosswalk(settings, tmp_path)


@pytest.mark.parametrize(
    ("name", "rows", "fault"),
    [
        ("types.csv", "from,coar,label,bibo,fabio,also\nzine,c_186,x,,fabio:Series,\n", "types.csv, line 2: unknown COAR type 'c_186'; did you mean c_186u"),
        ("types.csv", "from,coar,label,bibo,fabio,also\nzine,,x,,fabio:Serie,\n", "types.csv, line 2: unknown term 'fabio:Serie'; did you mean fabio:Series"),
        ("types.csv", "from,coar,label,bibo,fabio,also\nzine,https://example.org/zine,x,,fabio:Series,\n", ""),
        ("languages.csv", "# ours\nfrom,to\nGaeilge,gel\n", "languages.csv, line 3: unknown language code 'gel'; did you mean"),
        ("languages.csv", "from,to\nIrish of Cork,gle\n", ""),
        ("countries.csv", "from,code,label\nAtlantis,XY,Atlantis\n", "countries.csv, line 2: unknown country code 'XY'; 'lod terms WORD'"),
        ("licences.csv", "from,to\nours,by\n", "licences.csv, line 2: 'by' is no licence; one looks like https://creativecommons.org/"),
        ("mesh.csv", "heading,id\nLupus,008180\n", "mesh.csv, line 2: '008180' is no MeSH descriptor; one looks like D020413"),
        ("no_values.csv", "from,kinds,why\nnix,titel,no word\n", "no_values.csv: unknown kind 'titel'; did you mean 'title'?"),
        ("headings.csv", "from,scheme,to\nRoses,gnd,4050710-7\n", "headings.csv, line 2: '4050710-7' is no authority record; one looks like https://d-nb.info/"),
        ("headings.csv", "from,scheme,to\nRoses,our list,https://example.org/roses\n", "headings.csv, line 2: 'our list' is no name of a scheme; one looks like gnd"),
        ("type.csv", "from,coar\n", "maps/type.csv: no map has this name; known: access_rights.csv, countries.csv,"),
    ],
)  # fmt: skip
def test_what_a_map_of_a_site_may_not_name_is_a_fault_with_its_line(tmp_path, settings, name, rows, fault):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / name).write_text(rows, encoding="utf-8")
    if not fault:
        load_crosswalk(settings, tmp_path)
        return
    with pytest.raises(ConfigError) as caught:
        load_crosswalk(settings, tmp_path)
    assert len(caught.value.faults) == 1
    assert fault in caught.value.faults[0]


def test_an_unknown_code_list_is_a_fault_that_names_the_known_ones(tmp_path, settings):
    text = (
        '[[rule]]\nfield = "local.status"\nkind = "coded"\nproperty = "bibo:status"\nmap = "reviews"\n'
        "example = { in = \"Refereed\", out = 'bibo:status bibo:status/peerReviewed' }\n"
    )
    with pytest.raises(
        ConfigError, match=r"local[.]toml, rule 1: unknown map 'reviews'; known: degrees, review_statuses"
    ):
        load_crosswalk(settings, site_with(tmp_path, text))


def test_the_bundled_files_are_where_they_are_looked_for():
    assert (bundled.VOCAB / "crosswalk" / "dspace.toml").is_file()


SLOW = """
[[rule]]
field    = "dc.title"
when     = '{when}'
kind     = "text"
property = "dcterms:title"
example  = {{ in = "A study", out = 'dcterms:title "A study"' }}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "shown"),
    [
        pytest.param(r"^(\w+\s?)+$", "'A study'", id="words within words"),
        pytest.param(r"(a|aa)+$", "'a'", id="two ways to read one letter"),
        pytest.param(r"\d+\d+\d+x", "'1'", id="three runs of one kind"),
    ],
)
def test_a_slow_when_of_the_site_is_a_fault(tmp_path, settings, when, shown):
    with pytest.raises(ConfigError) as raised:
        load_crosswalk(settings, site_with(tmp_path, SLOW.format(when=when)))
    assert raised.value.faults == (
        f"local.toml, rule 1 (dc.title): 'when' is slow: a value that repeats {shown} keeps it busy for more than a second; "
        "leave out '.*' at its start, and repeat nothing that is itself repeated, as (a+)+ does",
    )


def test_a_when_that_turns_out_slow_names_its_rule_and_the_value(tmp_path, settings, monkeypatch):
    monkeypatch.setattr("lod.patterns.TIME_LIMIT_S", 0.1)
    crosswalk = load_crosswalk(settings, site_with(tmp_path, SLOW.format(when="^(~+)+$|study")))
    assert crosswalk.rule_for("dc.title", "A study").label == "local.toml, rule 1"
    with pytest.raises(ConfigError) as raised:
        crosswalk.rule_for("dc.title", "~" * 5_000 + "!")
    assert raised.value.faults == (
        "local.toml, rule 1 (dc.title): 'when' is slow: it looked for 0.1 second of the processor at a value of 5,001 characters "
        f"that begins '{'~' * 60}'; leave out '.*' at its start, and repeat nothing that is itself repeated, as (a+)+ does. "
        "Nothing has been changed.",
    )


@pytest.mark.slow
def test_a_usual_when_is_no_fault(tmp_path, settings):
    load_crosswalk(settings, site_with(tmp_path, SLOW.format(when="(?i).*study.*")))


@pytest.mark.slow
def test_the_pattern_of_a_scheme_is_checked_as_well(tmp_path, settings):
    scheme = '[[scheme]]\nname = "x"\nform = "as-is"\nscheme = "datacite:doi"\npattern = \'{}\'\n'
    text = scheme.format("(") + scheme.format("(a+)+b")
    with pytest.raises(ConfigError) as raised:
        load_crosswalk(settings, site_with(tmp_path, text))
    assert [fault.partition(": a value")[0] for fault in raised.value.faults] == [
        "local.toml, scheme 1 (x): 'pattern' is no regular expression (missing ), unterminated subpattern at position 0)",
        "local.toml, scheme 2 (x): 'pattern' is slow",
    ]
