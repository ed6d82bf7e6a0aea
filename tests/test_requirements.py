"""Dependencies have upper bounds, and the pinned versions are what they allow, each file by its hash, from no address."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BUILD = [line for line in (ROOT / "requirements/build.in").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
WANTED = {
    "run": PROJECT["project"]["dependencies"],
    "build": BUILD + PROJECT["build-system"]["requires"],
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


def test_the_audit_looks_at_the_pinned_versions():
    steps = yaml.safe_load((ROOT / ".github/workflows/audit.yml").read_text(encoding="utf-8"))["jobs"]["audit"]["steps"]
    audited = " ".join(step.get("run", "") for step in steps)
    for name in ("run", "ci"):
        assert f"--requirement requirements/{name}.txt" in audited
