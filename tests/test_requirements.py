"""Dependencies have upper bounds, and the pinned versions are what they allow, each file by its hash, from no address; workflows use them."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BUILD, AUDIT = (
    [line for line in (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    for name in ("build", "audit")
)
WANTED = {
    "run": PROJECT["project"]["dependencies"],
    "build": BUILD + PROJECT["build-system"]["requires"],
    "audit": AUDIT,
    "ci": PROJECT["project"]["dependencies"] + EXTRAS["test"] + BUILD,
}
PINNED = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)(?: ; [^\n\\]+)?(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)


def text_of(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pinned(name):
    return {canonicalize_name(match["name"]): match["version"] for match in PINNED.finditer(text_of(name))}


@pytest.mark.parametrize(
    "requirement",
    [
        *PROJECT["project"]["dependencies"],
        *(row for rows in EXTRAS.values() for row in rows),
        *BUILD,
        *AUDIT,
        *PROJECT["build-system"]["requires"],
    ],
)
def test_a_dependency_has_a_lower_and_an_upper_bound(requirement):
    operators = {specifier.operator for specifier in Requirement(requirement).specifier}
    assert operators == {">=", "<"}


@pytest.mark.parametrize("name", WANTED)
def test_the_pinned_versions_are_those_that_the_project_allows(name):
    found = pinned(name)
    for requirement in map(Requirement, WANTED[name]):
        version = found.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not pinned; run requirements/pin"
        assert version in requirement.specifier, f"run requirements/pin: {requirement} and {version}"


@pytest.mark.parametrize("name", WANTED)
def test_each_line_is_a_version_with_hashes_and_names_no_address(name):
    text = text_of(name)
    rest = PINNED.sub("", text).strip().splitlines()
    assert [line for line in rest if line and not line.startswith("# Pinned versions with hashes: ")] == []
    assert "://" not in text
    assert len(pinned(name)) >= 10


def test_the_continuous_integration_tests_with_the_versions_of_the_container():
    run, ci = pinned("run"), pinned("ci")
    assert {name: ci.get(name) for name in run} == run


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def jobs_of(name):
    workflow = yaml.safe_load((ROOT / ".github/workflows" / f"{name}.yml").read_text(encoding="utf-8"))
    return list(workflow["jobs"].values())


def commands_of(name):
    return [step["run"] for job in jobs_of(name) for step in job["steps"] if "run" in step]


def test_the_audit_looks_at_the_pinned_versions_with_a_pinned_program():
    commands = commands_of("audit")
    assert commands[0] == "pip install --require-hashes --requirement requirements/audit.txt"
    audited = " ".join(commands[1:])
    for name in ("run", "ci", "audit"):
        assert f"--requirement requirements/{name}.txt" in audited


def test_each_change_is_checked_by_the_command_that_anybody_can_run():
    """It reads the test command from README.md, so that both are one."""
    assert commands_of("checks") == [".ci/run"]
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements/ci.txt" in script
    (pattern,) = re.findall(r"sed -n 's/(\^.*?\$)/.*' README\.md", script)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(pattern.replace(r"\(", "(").replace(r"\)", ")"), readme, re.MULTILINE)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_reads_only_ends_in_time_and_takes_actions_at_one_commit(path):
    assert len(WORKFLOWS) >= 2
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 60
        used = [step for step in job["steps"] if "uses" in step]
        assert used
        for step in used:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        assert all("${{" not in step.get("run", "") for step in job["steps"])
        (checkout,) = [step for step in used if step["uses"].startswith("actions/checkout@")]
        assert checkout["with"] == {"persist-credentials": False}
