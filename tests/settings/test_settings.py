"""Settings: every fault is told at once with its way out, variables win over the file, the template is read back."""

import dataclasses
import re
import tomllib

import pytest

from lod.errors import ConfigError
from lod.settings.reference import settings_template
from lod.settings.rows import TomlTable
from lod.settings.table import SETTINGS, SETTINGS_FILE, Settings, hints_of, make_settings, read_settings

BASE = {"base_iri": "https://data.example.org/"}


def faults_of(table, environment=None):
    with pytest.raises(ConfigError) as caught:
        make_settings(table, environment or {})
    return list(caught.value.faults)


def test_the_address_of_the_site_is_all_that_must_be_set():
    settings = make_settings(BASE, {})
    assert settings.base_iri == "https://data.example.org/"
    defaults = {row.name: row.default for row in SETTINGS if row.name != "base_iri"}
    assert {name: getattr(settings, name) for name in defaults} == defaults


def test_every_setting_has_a_help_text_and_a_type_that_toml_has():
    assert len(SETTINGS) >= 15
    for row in SETTINGS:
        assert re.fullmatch(r"[A-Z].*[^.]", row.help), row.name
        assert row.type in {str, int, bool, tuple, TomlTable}, row.name


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_settings(BASE, {}).port = 1


# ------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        pytest.param(
            {},
            "lod.toml: 'base_iri' is not set: start of every minted IRI, with a final slash: the public address of the site",
            id="not set",
        ),
        pytest.param(BASE | {"bse_iri": "x"}, "lod.toml: unknown setting 'bse_iri'; did you mean 'base_iri'?", id="misspelt"),
        pytest.param(BASE | {"port": "8000"}, "lod.toml: 'port' is '8000'; it takes a whole number", id="text for number"),
        pytest.param(BASE | {"port": True}, "lod.toml: 'port' is True; it takes a whole number", id="bool for number"),
        pytest.param(BASE | {"port": 8000.0}, "lod.toml: 'port' is 8000.0; it takes a whole number", id="float"),
        pytest.param(BASE | {"mirrors": 1}, "lod.toml: 'mirrors' is 1; it takes true or false", id="number for bool"),
        pytest.param(BASE | {"title": 5}, "lod.toml: 'title' is 5; it takes a text in quotation marks", id="number for text"),
        pytest.param(
            {"base_iri": "https://data.example.org"},
            "lod.toml: 'base_iri' is 'https://data.example.org'; it takes an http or https address that ends with a slash",
            id="no final slash",
        ),
        pytest.param(
            {"base_iri": "data.example.org/"},
            "lod.toml: 'base_iri' is 'data.example.org/'; it takes an http or https address that ends with a slash",
            id="no scheme",
        ),
        pytest.param(
            {"base_iri": "https://data.example.org/a b/"},
            "lod.toml: 'base_iri' is 'https://data.example.org/a b/'; it takes an http or https address that ends with a slash",
            id="space",
        ),
        pytest.param(
            BASE | {"vocabulary_namespace": "https://w3id.org/x"},
            "lod.toml: 'vocabulary_namespace' is 'https://w3id.org/x'; it takes an http or https address that ends with a slash",
            id="namespace without a slash",
        ),
        pytest.param(
            BASE | {"license": "CC0"},
            "lod.toml: 'license' is 'CC0'; it takes the address of a licence, "
            "such as https://creativecommons.org/publicdomain/zero/1.0/",
            id="licence by name",
        ),
        pytest.param(
            BASE | {"value_separator": ","},
            "lod.toml: 'value_separator' is ','; it takes one of auto, ||, ;",
            id="separator",
        ),
        pytest.param(
            BASE | {"keep_generations": 0},
            "lod.toml: 'keep_generations' is 0; it takes 1 or more",
            id="no generation kept",
        ),
        pytest.param(
            BASE | {"port": 65536}, "lod.toml: 'port' is 65536; it takes 0 to 65535", id="port too high"
        ),
        pytest.param(
            BASE | {"client_cost_per_minute": -1},
            "lod.toml: 'client_cost_per_minute' is -1; it takes 0 to 10000000",
            id="budget below 0",
        ),
        pytest.param(
            BASE | {"stalled_client_s": 0}, "lod.toml: 'stalled_client_s' is 0; it takes 1 to 3600", id="no time"
        ),
        pytest.param(
            BASE | {"slow_client_bytes_per_s": 0},
            "lod.toml: 'slow_client_bytes_per_s' is 0; it takes 1 or more",
            id="no pace",
        ),
        pytest.param(
            BASE | {"unread_response_s": 0}, "lod.toml: 'unread_response_s' is 0; it takes 1 or more", id="no time on disk"
        ),
        pytest.param(
            BASE | {"query_wait_s": 3601}, "lod.toml: 'query_wait_s' is 3601; it takes 0 to 3600", id="too long a wait"
        ),
        pytest.param(
            BASE | {"query_queue": 1001}, "lod.toml: 'query_queue' is 1001; it takes 0 to 1000", id="too long a queue"
        ),
        pytest.param(BASE | {"port": -1}, "lod.toml: 'port' is -1; it takes 0 to 65535", id="port below 0"),
        pytest.param(
            BASE | {"most_shrink_percent": 101},
            "lod.toml: 'most_shrink_percent' is 101; it takes 0 to 100",
            id="more than all",
        ),
        pytest.param(
            BASE | {"store_engine": "fusek"},
            "lod.toml: 'store_engine' is 'fusek'; it takes one of oxigraph, virtuoso, fuseki, graphdb, qlever, neptune",
            id="choice",
        ),
        pytest.param(
            BASE | {"languages": []},
            "lod.toml: 'languages' is empty; name at least one of en, de, fr, es, zh-Hant",
            id="no language",
        ),
        pytest.param(
            BASE | {"languages": ["fr", "it"]},
            "lod.toml: 'languages' names 'it'; it takes one or more of en, de, fr, es, zh-Hant",
            id="a language without a catalogue",
        ),
        pytest.param(
            BASE | {"key_from": ["doi", "dio"]},
            "lod.toml: 'key_from' names 'dio'; it takes auto, or one or more of doi, pmid, pmcid, arxiv, or a field such as bibtex.key",
            id="item of a list",
        ),
        pytest.param(
            BASE | {"dump_formats": ["nt.gz", 1]},
            "lod.toml: 'dump_formats' is ['nt.gz', 1]; it takes a list of texts in quotation marks",
            id="list of something else",
        ),
        pytest.param(
            BASE | {"store": "https://ada:hush@store.example.org/"},
            "lod.toml: 'store' holds a user or password; put them into the environment as LOD_STORE_USER and LOD_STORE_PASSWORD",
            id="password in an address",
        ),
        *(
            pytest.param(BASE | {row.name: row.least - 1}, f"lod.toml: '{row.name}' is {row.least - 1}; it takes {row.bounds}", id=row.name)
            for row in SETTINGS if row.least is not None
        ),
        *(
            pytest.param(BASE | {row.name: row.most + 1}, f"lod.toml: '{row.name}' is {row.most + 1}; it takes {row.bounds}", id=f"most {row.name}")
            for row in SETTINGS if row.most is not None
        ),
    ],
)  # fmt: skip
def test_a_fault_names_the_setting_the_value_and_the_way_out(table, fault):
    assert faults_of(table) == [fault]


def test_an_unknown_setting_that_is_like_no_other_is_answered_with_the_known_ones():
    (fault,) = faults_of(BASE | {"zzz": 1})
    assert fault.startswith("lod.toml: unknown setting 'zzz'; known: base_iri, title, publisher")
    assert all(row.name in fault for row in SETTINGS)


def test_every_fault_is_told_at_once():
    found = faults_of({"base_iri": "x", "prot": 1, "threads": 0, "mirrors": "yes"}, {"LOD_QUERY_WORKERS": "two"})
    told = "\n".join(found)
    assert len(found) == 5
    for name in ("base_iri", "prot", "threads", "mirrors", "LOD_QUERY_WORKERS"):
        assert name in told


def test_a_value_of_the_wrong_type_is_not_judged_further():
    assert faults_of(BASE | {"threads": "0"}) == ["lod.toml: 'threads' is '0'; it takes a whole number"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("value_separator", "auto"),
        ("value_separator", "||"),
        ("value_separator", ";"),
        ("port", 0),
        ("port", 65_535),
        ("keep_generations", 1),
        ("license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("license", ""),
        ("vocabulary_namespace", "https://w3id.org/example/"),
        ("base_iri", "http://localhost:8000/"),
    ],
)
def test_the_edges_of_what_is_allowed_are_allowed(name, value):
    assert getattr(make_settings(BASE | {name: value}, {}), name) == value


# ------------------------------------------------------------------ lists


@pytest.mark.parametrize(
    ("name", "text", "items"),
    [
        ("key_from", "doi, pmid bibtex.key", ("doi", "pmid", "bibtex.key")),
        ("keywords", "theses, open access ,", ("theses", "open access")),
        ("themes", "https://e.org/a,b\nhttps://e.org/c", ("https://e.org/a,b", "https://e.org/c")),
        ("dump_formats", "nt.gz,ttl.gz nt.gz", ("nt.gz", "ttl.gz")),
        ("metrics_clients", "", ()),
    ],
)
def test_a_list_may_still_be_one_text_and_a_hint_says_how_it_is_written_now(tmp_path, name, text, items):
    path = tmp_path / SETTINGS_FILE
    path.write_text(f'base_iri = "https://data.example.org/"\n{name} = """{text}"""\n', encoding="utf-8")
    assert getattr(read_settings(tmp_path, {}), name) == items
    listed = ", ".join(f'"{item}"' for item in items)
    assert list(hints_of(tmp_path)) == [f"{path}: '{name}' is a list now: {name} = [{listed}]"]
    path.write_text(f'base_iri = "https://data.example.org/"\n{name} = [{listed}]\n', encoding="utf-8")
    assert getattr(read_settings(tmp_path, {}), name) == items
    assert list(hints_of(tmp_path)) == []


def test_a_variable_writes_a_list_as_one_text():
    environment = {"LOD_KEY_FROM": "doi pmid", "LOD_KEYWORDS": "open access, theses"}
    settings = make_settings(BASE, environment)
    assert (settings.key_from, settings.keywords) == (("doi", "pmid"), ("open access", "theses"))
    assert faults_of(BASE, {"LOD_KEY_FROM": "doi dio"}) == [
        "LOD_KEY_FROM names 'dio'; it takes auto, or one or more of doi, pmid, pmcid, arxiv, or a field such as bibtex.key"
    ]


# ------------------------------------------------------------------ the environment


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        pytest.param("LOD_BASE_IRI", "https://other.example.org/", "https://other.example.org/", id="text"),
        pytest.param("LOD_PORT", "9000", 9000, id="number"),
        pytest.param("LOD_MIRRORS", "False", False, id="bool in any case"),
        pytest.param("LOD_TITLE", "12", "12", id="a text that looks like a number"),
        pytest.param("LOD_PUBLISHER", "", "", id="set to nothing on purpose"),
    ],
)
def test_a_variable_wins_over_the_file(variable, text, value):
    name = variable.removeprefix("LOD_").lower()
    file = BASE | {"port": 1, "mirrors": True, "title": "From the file", "publisher": "From the file"}
    assert getattr(make_settings(file, {variable: text}), name) == value


@pytest.mark.parametrize(
    ("variable", "text", "fault"),
    [
        pytest.param("LOD_PORT", "", "LOD_PORT is ''; it takes a whole number", id="nothing for a number"),
        pytest.param("LOD_PORT", "8k", "LOD_PORT is '8k'; it takes a whole number", id="no number"),
        pytest.param("LOD_MIRRORS", "yes", "LOD_MIRRORS is 'yes'; it takes true or false", id="no bool"),
        pytest.param(
            "LOD_BASE_IRI",
            "",
            "LOD_BASE_IRI is ''; it takes an http or https address that ends with a slash",
            id="an empty address is a fault, not a default",
        ),
    ],
)
def test_a_wrong_variable_is_a_fault_though_the_file_is_right(variable, text, fault):
    assert faults_of(BASE, {variable: text}) == [fault]


def test_other_variables_are_none_of_our_business():
    assert make_settings(BASE, {"PORT": "1", "LODGE": "x", "LANG": "C"}) == make_settings(BASE, {})


# ------------------------------------------------------------------ the file


def test_settings_are_read_from_the_file_of_the_site(tmp_path):
    (tmp_path / SETTINGS_FILE).write_text('base_iri = "https://data.example.org/"\nport = 9001\n', encoding="utf-8")
    assert read_settings(tmp_path, {}).port == 9001


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / SETTINGS_FILE).write_text('base_iri = "https://data.example.org/"\n', encoding="utf-8-sig")
    assert read_settings(tmp_path, {}).base_iri == BASE["base_iri"]


def test_the_environment_of_the_process_is_read_when_none_is_given(tmp_path, monkeypatch):
    (tmp_path / SETTINGS_FILE).write_text('base_iri = "https://data.example.org/"\n', encoding="utf-8")
    monkeypatch.setenv("LOD_TITLE", "From the environment")
    assert read_settings(tmp_path).title == "From the environment"


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path, {})
    assert caught.value.faults == (
        f"{tmp_path / SETTINGS_FILE}: no such file; make a site with 'lod init {tmp_path}', or name one with --site",
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"base_iri = https://data.example.org/\n", "(at line 1", id="no quotation marks"),
        pytest.param(b'title = "K\xf6ln"\n', "not in UTF-8 (byte 10); save it as UTF-8", id="not UTF-8"),
        pytest.param(b'port = 1\nport = 2\n', "(at line 2", id="set twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_toml_is_named_with_the_reason(tmp_path, content, reason):
    (tmp_path / SETTINGS_FILE).write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path, {})
    (fault,) = caught.value.faults
    assert fault.startswith(f"{tmp_path / SETTINGS_FILE}: ")
    assert reason in fault


def test_faults_of_a_file_carry_its_path(tmp_path):
    (tmp_path / SETTINGS_FILE).write_text("threads = 0\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path, {})
    assert len(caught.value.faults) == 2
    assert all(fault.startswith(f"{tmp_path / SETTINGS_FILE}: ") for fault in caught.value.faults)


# ------------------------------------------------------------------ the template


def test_the_template_is_read_back_as_what_was_chosen():
    chosen = {"base_iri": "https://data.example.org/", "title": 'A "quoted" title \\ with a backslash'}
    table = tomllib.loads(settings_template(chosen))
    assert table == chosen
    assert make_settings(table, {}) == Settings(**chosen)


def test_the_template_shows_every_setting_with_its_help_and_default():
    text = settings_template(BASE)
    for row in SETTINGS:
        assert f"# {row.help}.\n" in text
        assert re.search(rf"^(?:# )?{row.name} = ", text, re.MULTILINE), row.name


def test_the_commented_lines_of_the_template_are_the_defaults():
    text = settings_template(BASE)
    uncommented = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert make_settings(tomllib.loads(uncommented), {}) == make_settings(BASE, {})
