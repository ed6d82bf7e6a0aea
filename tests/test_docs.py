"""The documentation says what the program does: commands, settings, kinds and source formats have their place in it."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from click.testing import CliRunner

from lod import __version__
from lod.bundled import SAMPLE
from lod.cli import main
from lod.cli.exit_codes import EXIT_CODES
from lod.settings.table import SETTINGS
from lod.sources import SOURCES
from lod.sources.configured import SOURCE_KEYS
from tests.helpers.paths import ROOT
from tests.helpers.tutorials import Tutorial

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

CITATION_REQUIRED = {"authors", "cff-version", "message", "title"}
CITATION_OPTIONAL = {"abstract", "date-released", "keywords", "license", "type", "version"}
"""Keys of CITATION.cff. Source: Citation File Format 1.2.0, schema; of the optional keys those that are used."""

PATH = re.compile(r"`((?:lod|tests|vocab|shapes|docs|\.ci)/[\w./*-]*|[A-Z]+\.md)`")
"""A file or folder of the checkout in a text."""

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_every_command_has_a_line_in_the_readme():
    assert len(main.commands) >= 8
    assert [name for name in main.commands if f"| `lod {name}" not in README] == []


def test_the_documentation_has_the_table_of_source_formats():
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) == len(SOURCES) >= 2
    assert dict(rows) == {source.name: source.help for source in SOURCES}
    assert f"It reads {len(SOURCES)} formats" in README


def test_the_settings_command_lists_every_setting():
    output = CliRunner().invoke(main, ["settings"]).output
    assert [row.name for row in SETTINGS if row.name not in output] == []


def test_the_reference_of_settings_is_made_from_the_table():
    made = CliRunner().invoke(main, ["settings", "--markdown"]).output
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert made == text, "write it anew: lod settings --markdown > docs/settings.md"
    for row in (*SETTINGS, *SOURCE_KEYS):
        assert f"| `{row.name}` |" in text
    assert text.index("## Site") < text.index("## Dumps") < text.index("## Remote store") < text.index("## Sources")


def test_every_exit_code_has_a_row_in_the_documentation():
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", text, re.MULTILINE)
    assert {int(code): meaning.replace("`", "") for code, meaning in rows} == EXIT_CODES


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in DOCS])
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name) for path in DOCS if path.parent.name != "adr" and path.name != "CHANGELOG.md"]
)  # fmt: skip
def test_paths_in_documents_exist(path):
    """Decisions and changes name what was there at their time."""
    names = PATH.findall(path.read_text(encoding="utf-8"))
    assert [name for name in names if not list(ROOT.glob(name.replace("NAME", "*")))] == []


@pytest.mark.parametrize(
    "thing",
    [
        *("source format", "field", "kind of value", "shape", "rule in code", "serialization", "setting"),
        *("command", "page", "store"),
    ],
)
def test_a_contributor_is_told_what_to_write_and_when_it_is_done(thing):
    section = re.search(rf"^### A {thing}\n(.*?)(?=^#|\Z)", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    assert section, thing
    assert re.findall(r"^- \*\*(.+?)\*\*", section[1], re.MULTILINE) == ["Write", "Add", "Test", "Done when"]
    assert len(PATH.findall(section[1])) >= 4


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("lod ")])
def test_commands_for_contributors_run(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert result.output


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.startswith("python -m pytest ") and "tests/" in command]
)
def test_test_runs_for_contributors_find_tests(command):
    """Collected, not run; the suite itself is what the others run."""
    options = [sys.executable, *shlex.split(command)[1:], "--collect-only", "-p", "no:cacheprovider"]
    result = subprocess.run(options, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("::") >= 10


def test_other_commands_for_contributors_are_at_hand():
    known = (
        "python3 -m venv",
        "python -m pytest",
        "lod ",
        "ruff format .",
        "ruff check .",
        "mypy",
        "git diff ",
        ".ci/run",
    )
    assert [command for command in COMMANDS if not command.startswith(known)] == []
    paths = [word for command in COMMANDS for word in command.split() if re.match(r"(tests|\.ci)/", word)]
    assert len(paths) >= 4
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_index_names_every_document_and_file_of_the_documentation():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    files = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*") if path.is_file()]
    assert len(files) >= 20
    documents = [name for name in files if not name.startswith("pictures/")]
    assert [name for name in documents if name != "README.md" and f"]({name})" not in index] == []


def test_each_picture_is_shown_with_words_for_who_does_not_see_it_and_is_small():
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    shown = dict(
        re.findall(r"!\[([^]]+)\]\((?:docs/)?(pictures/[\w.-]+)\)", "".join(path.read_text("utf-8") for path in DOCS))
    )
    assert sorted(shown.values()) == [f"pictures/{path.name}" for path in pictures]
    assert min(map(len, shown)) > 40
    assert max(path.stat().st_size for path in pictures) < 150_000


def test_the_version_is_the_same_in_the_program_the_package_and_the_changelog():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert package == __version__
    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(__version__)} – \d{{4}}-\d\d-\d\d", headings[1])


def test_a_version_of_the_changelog_begins_with_the_published_data():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[2:]
    known = ["Published data", "Added", "Changed", "Fixed"]
    for version in versions:
        sections = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert sections == [name for name in known if name in sections]


def test_the_citation_has_the_keys_that_its_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert set(citation) >= CITATION_REQUIRED
    assert set(citation) <= CITATION_REQUIRED | CITATION_OPTIONAL
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["authors"]
    assert all(set(author) == {"name"} for author in citation["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation["date-released"])
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {citation['version']} – {citation['date-released']}" in changelog
    assert citation["version"] == __version__


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def lod_commands(path):
    """Return the arguments of each call of lod in the sh blocks of a document."""
    lines = [line for block in blocks(path, "sh") for line in block.replace("\\\n", " ").splitlines()]
    calls = [re.split(r"(?:^|&& |; )lod (?=[a-z])", line, maxsplit=1) for line in lines if not line.startswith("#")]
    return [shlex.split(call[1].split(" | ")[0].split(" > ")[0], comments=True) for call in calls if len(call) == 2]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in DOCS if lod_commands(path)])
def test_every_command_in_the_documentation_has_the_options_that_it_is_given(path):
    for name, *arguments in lod_commands(path):
        main.commands[name].make_context(name, list(arguments))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in DOCS if path.parent.name != "adr"])
def test_commands_within_sentences_have_the_options_that_they_are_given(path):
    """Only names are looked at: what a sentence says need not be a whole call."""
    for call in re.findall(r"`lod ([a-z][a-z-]*(?: [^`]*)?)`", path.read_text(encoding="utf-8")):
        name, *arguments = shlex.split(call.replace("…", " … "))
        assert name in main.commands, call
        known = {
            option
            for parameter in main.commands[name].params
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        given = {argument.partition("=")[0] for argument in arguments if argument.startswith("--")}
        assert given <= known | {"--help"}, call


def test_the_commands_of_the_readme_publish_with_its_rule(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLE / "climate.csv", "export.csv")
    commands = [call for call in lod_commands(ROOT / "README.md") if call[0] in {"init", "publish"}]
    assert [" ".join(call) for call in commands][:2] == ["init mysite", "publish --site mysite export.csv"]
    init, publish, *_ = commands
    assert CliRunner().invoke(main, init).exit_code == 0
    (rule,) = (block for block in blocks(ROOT / "README.md", "toml") if "[[rule]]" in block)
    (tmp_path / "mysite" / "crosswalk").mkdir()
    (tmp_path / "mysite" / "crosswalk" / "local.toml").write_text(rule, encoding="utf-8")
    checked = CliRunner().invoke(main, ["check", "--site", "mysite"])
    assert (checked.exit_code, checked.stderr) == (0, "")
    result = CliRunner().invoke(main, publish)
    assert result.exit_code == 0, result.output
    assert re.search(r"^Records: \d+ read, [1-9]\d* published", result.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "least"), [("own-shapes.md", 4), pytest.param("first-hour.md", 9, marks=pytest.mark.slow)]
)
def test_a_tutorial_runs_as_it_is_written(name, least, tmp_path, monkeypatch):
    """Its files are saved, its commands run, and each line of output that it shows is printed."""
    monkeypatch.chdir(tmp_path)
    with Tutorial() as reader:
        assert reader.follow(ROOT / "docs" / name) >= least
