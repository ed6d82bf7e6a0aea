"""[[source]] tables: what they give, and every fault at once."""

from __future__ import annotations

import json
import tomllib

import pytest
from click.testing import CliRunner

from lod.cli import main
from lod.errors import ConfigError
from lod.sources.configured import SOURCE_KEYS, SOURCE_TEMPLATE, ad_hoc, make_named_sources

OAI = {"name": "theses", "url": "https://repository.example.edu/oai"}


def faults_of(*tables):
    with pytest.raises(ConfigError) as caught:
        make_named_sources(list(tables))
    return list(caught.value.faults)


def test_a_source_has_a_name_and_an_address_and_the_rest_has_defaults():
    (source,) = make_named_sources([OAI | {"set": "col_1"}])
    assert (source.name, source.url, source.set) == ("theses", "https://repository.example.edu/oai", ("col_1",))
    defaults = {row.name: row.default for row in SOURCE_KEYS if row.name not in {"name", "url", "set"}}
    assert {name: getattr(source, name) for name in defaults} == defaults


def test_the_example_in_a_new_lod_toml_is_a_sound_source():
    text = "\n".join(
        line.removeprefix("# ") for line in SOURCE_TEMPLATE.splitlines() if not line.startswith("# Sources")
    )
    (source,) = make_named_sources(tomllib.loads(text)["source"])
    assert source.set == ("col_10722_9",)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        pytest.param(
            {"url": "https://x.example"},
            "[[source]] 1: 'name' is not set: name of the source; ",
            id="no name",
        ),
        pytest.param(OAI | {"name": "The Theses"}, "'name' is 'The Theses'; it takes small letters", id="name"),
        pytest.param({"name": "a"}, "[[source]] a: it takes either 'url' or 'path'", id="neither"),
        pytest.param(OAI | {"path": "x"}, "theses: it takes either 'url' or 'path'", id="both"),
        pytest.param(
            OAI | {"url": "repository.example.edu"}, "it takes an address that starts with http://", id="no scheme"
        ),
        pytest.param(OAI | {"url": "http://[x"}, "it takes an address that starts with http://", id="no address"),
        pytest.param(OAI | {"url": 5}, "'url' is 5; it takes a text in quotation marks", id="number"),
        pytest.param(OAI | {"sets": ["a"]}, "unknown setting 'sets'; did you mean 'set'?", id="misspelt"),
        pytest.param(OAI | {"set": [1]}, "'set' is [1]; it takes a list of texts in quotation marks", id="set"),
        pytest.param(OAI | {"tries": 0}, "'tries' is 0; it takes 1 or more", id="least"),
        pytest.param(OAI | {"partial": "no"}, "'partial' is 'no'; it takes true or false", id="text for bool"),
        pytest.param(OAI | {"format": "pica"}, "'format' is 'pica'; it takes one of rdf, dspace-saf, ", id="format"),
        pytest.param(
            {"name": "a", "path": "x", "set": "y"}, "'set' is for sources with a 'url' only", id="set of a file"
        ),
    ],
)
def test_a_fault_says_what_would_be_right(table, fault):
    assert any(fault in one for one in faults_of(table)), faults_of(table)


def test_every_fault_of_every_source_is_told():
    faults = faults_of(OAI | {"sets": 1}, OAI, {"name": "b", "url": "x", "tries": -1})
    assert len(faults) == 4
    assert "lod.toml: 2 sources have the name 'theses'" in faults


def test_secrets_in_the_file_or_the_address_are_refused_and_not_repeated():
    faults = faults_of(OAI | {"password": "hush"}, {"name": "b", "url": "https://ada:hush@repository.example.edu/"})
    assert "LOD_SOURCE_NAME_TOKEN" in faults[0]
    assert (
        "[[source]] b: 'url' holds a user or password; put them into the environment as LOD_SOURCE_NAME_USER"
        in faults[1]
    )
    assert "hush" not in "".join(faults)


def test_an_address_on_the_command_line_is_named_after_its_host_and_told_apart_by_sets():
    one, two = ad_hoc("https://repository.example.edu/oai"), ad_hoc("https://repository.example.edu/oai", sets=("a",))
    assert one.name.startswith("repository.example.edu~")
    assert one.name != two.name
    assert one.secrets == "LOD_SOURCE_REPOSITORY_EXAMPLE_EDU"


# ------------------------------------------------------------------ the commands


@pytest.fixture
def lod(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    run.site = tmp_path / "site"
    assert run("init", run.site, "--base-iri", "https://example.org/").exit_code == 0
    (run.site / "exports").mkdir()
    rows = "id,dc.title[en],dc.identifier.uri,dc.type\n,A study,http://hdl.handle.net/1/1,Report\n"
    (run.site / "exports/a.csv").write_text(rows, encoding="utf-8")
    run.toml = run.site / "lod.toml"
    run.toml.write_text(f'{run.toml.read_text()}\n[[source]]\nname = "archive"\npath = "exports"\n', encoding="utf-8")
    return run


def test_publish_reads_the_named_sources_from_wherever_it_is_called(lod):
    for arguments in ((), ("archive",)):
        result = lod("publish", "--site", lod.site, "--json", *arguments)
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["live"] == 1


def test_what_is_missing_from_a_named_folder_is_removed_unless_it_is_partial(lod):
    lod("publish", "--site", lod.site)
    rows = "id,dc.title[en],dc.identifier.uri,dc.type\n,Another study,http://hdl.handle.net/1/2,Report\n"
    (lod.site / "exports/a.csv").write_text(rows, encoding="utf-8")
    lod.toml.write_text(lod.toml.read_text() + "partial = true\n", encoding="utf-8")
    assert json.loads(lod("publish", "--site", lod.site, "--json").stdout)["live"] == 2
    lod.toml.write_text(lod.toml.read_text().replace("partial = true\n", ""), encoding="utf-8")
    assert json.loads(lod("publish", "--site", lod.site, "--json").stdout)["removed"] == 1


def test_check_tells_the_faults_of_sources_with_all_others(lod):
    assert "1 sources" in lod("check", "--site", lod.site).output
    text = lod.toml.read_text()
    lod.toml.write_text(text.replace('"exports"', '"export"'), encoding="utf-8")
    result = lod("check", "--site", lod.site)
    assert result.exit_code == 2
    assert "[[source]] archive: " in result.output
    assert "site/export: no such file or folder" in result.output
    lod.toml.write_text(text.replace("path =", "paht ="), encoding="utf-8")
    result = lod("check", "--site", lod.site)
    assert result.exit_code == 2
    assert "unknown setting 'paht'; did you mean 'path'?" in result.output


def test_a_name_that_is_none_is_told_with_those_there_are(lod):
    result = lod("publish", "--site", lod.site, "archiv")
    assert result.exit_code == 3
    assert "archiv: no such file or folder, and no source of that name; named: archive" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["archive", "--set", "x"], "--set and --metadata-prefix go with an address", id="set of a named source"
        ),
        pytest.param(["archive", "--format", "mods"], "--format goes with files and addresses", id="format"),
        pytest.param(["--full", "--cached"], "--full fetches everything, --cached fetches nothing", id="both"),
        pytest.param(["https://a:b@x.example/oai"], "SOURCE holds a user or password", id="password in the address"),
    ],
)
def test_what_does_not_go_together_is_refused(lod, arguments, message):
    result = lod("publish", "--site", lod.site, *arguments)
    assert result.exit_code == 2
    assert message in result.output
