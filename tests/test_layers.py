"""One direction: a module imports only from the rooms above its own, and no ring of imports closes, lazy ones counted."""

import ast
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

MOST_FILES = 13
"""A folder with more modules than this holds more than one concern."""

ORDER = {
    "lod": (
        *(
            "errors",
            "numbers",
            "patterns",
            "long_texts",
            "memory",
            "worker_pool",
            "record",
            "report",
            "guard",
            "privacy",
            "bundled",
            "program",
            "dask",
            "disk",
        ),
        *("http", "rdf", "questions", "settings", "dump", "feed", "sources", "mapping"),
        *("validation", "store", "links", "remote", "harvest", "publish", "site", "web", "cli"),
    ),
    "lod.cli": (
        *("terminal", "exit_codes", "options", "output", "group", "site", "sources", "screen"),
        *("publish", "start", "look", "run"),
    ),
    "lod.harvest": (*("client", "journal", "state", "status", "saved_response", "records", "oai", "rest", "harvest"),),
    "lod.mapping": (
        *(
            "mapped",
            "values",
            "crosswalk",
            "waiting",
            "draft",
            "resources",
            "item",
            "publication",
            "unlabelled",
            "record",
            "crosswalk_files",
            "round_trip",
        ),
    ),
    "lod.sources": (
        *(
            "reading",
            "parsing",
            "spreadsheets",
            "dublin_core",
            "mods",
            "marc",
            "works",
            "oai",
            "repositories",
            "citation_files",
            "pubmed",
            "exports",
            "dspace",
            "tables",
            "pages",
            "rdf",
        ),
        *("formats", "configured"),
    ),
    "lod.store": (
        "item_changes",
        "source_files",
        "summaries",
        "sqlite_files",
        "base",
        "oxigraph",
        "tombstones",
        "link_graph",
        "catalog",
        "search",
        "quality",
        "generation",
    ),
    "lod.store.quality": ("values", "build", "find"),
    "lod.store.search": ("values", "build", "find"),
    "lod.validation": (
        "rules",
        "shape_checks",
        "shape_texts",
        "shapes",
        "engines",
        "validate",
        "foreign",
        "report_graph",
        "sparql_constraints",
        "model_graph",
    ),
    "lod.web": (
        *(
            "languages",
            "http",
            "limits",
            "reading",
            "writing",
            "charts",
            "profiles",
            "citing",
            "evaluation",
            "appearance",
            "service",
            "view",
            "error_handlers",
            "pages",
            "search",
            "things",
            "quality",
            "dereference",
        ),
        *(
            "sparql",
            "questions",
            "model",
            "fragments",
            "oai",
            "reconcile",
            "inbox",
            "api",
            "feeds",
            "observe",
            "kept",
            "app",
            "server",
        ),
    ),
}
"""The rooms and modules of each package that has rooms, from the one that knows none of the others (docs/architecture.md)."""

FORBIDDEN = {
    "lod.web": ("lod.sources", "lod.mapping", "lod.validation", "lod.publish", "lod.site"),
    "lod.mapping": ("lod.sources",),
    "lod.validation": ("lod.sources",),
    "lod.store": ("lod.sources", "lod.validation"),
}
"""What else a package may not know: the web side serves what has been published, the sources know no store."""


def modules():
    """Every module of the package by its name, with its path."""
    found = {}
    for path in sorted((ROOT / "lod").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports_of(path):
    """What a module imports of the package, wherever the import stands; a name that is a module counts as that module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                full if (full := f"{node.module}.{name.name}") in MODULES else node.module
                for name in node.names
                if name.name != "__version__"
            }
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name == "lod" or name.startswith("lod.")}


IMPORTS = {name: imports_of(path) - {name} for name, path in MODULES.items()}


def child(package, module):
    """The room or module of a package in which a module stands, "" for the package itself or another one."""
    return module.removeprefix(f"{package}.").partition(".")[0] if module.startswith(f"{package}.") else ""


def rings():
    """The sets of modules that import each other in a ring."""
    reached = {}

    def reach(name):
        if name not in reached:
            seen, stack = set(), list(IMPORTS[name])
            while stack:
                other = stack.pop()
                if other not in seen:
                    seen.add(other)
                    stack += IMPORTS.get(other, ())
            reached[name] = seen
        return reached[name]

    return sorted(name for name in IMPORTS if name in reach(name))


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 200


@pytest.mark.parametrize("package", ORDER)
def test_the_order_names_every_room_of_its_package_once(package):
    assert len(set(ORDER[package])) == len(ORDER[package])
    assert set(ORDER[package]) == {child(package, name) for name in MODULES} - {""}


def test_every_package_with_rooms_has_an_order():
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    assert set(ORDER) == {package for package in packages if any(child(package, other) for other in packages)}


@pytest.mark.parametrize("module", [name for name in MODULES if name != "lod"])
def test_a_module_imports_only_from_rooms_above_its_own(module):
    for package, order in ORDER.items():
        own = child(package, module)
        for name in IMPORTS[module]:
            other = child(package, name)
            if own and other:
                assert order.index(other) <= order.index(own), f"{module} imports {name}, which stands below it"
            assert not own or name != package or package == "lod", f"{module} imports its own package; name the module"


@pytest.mark.parametrize(("package", "others"), FORBIDDEN.items())
def test_a_package_does_not_know_what_it_may_not_know(package, others):
    known = {name for module in MODULES if module == package or child(package, module) for name in IMPORTS[module]}
    assert known
    assert not [name for name in known if any(name == other or child(other, name) for other in others)]


def test_no_imports_close_a_ring():
    assert rings() == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES.values()}), ids=lambda path: path.name)
def test_a_folder_holds_one_concern_and_says_which(folder):
    files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= MOST_FILES
    assert ast.get_docstring(ast.parse(Path(folder, "__init__.py").read_text(encoding="utf-8")))
