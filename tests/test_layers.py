"""One direction: a module imports only from the lines above its own (docs/architecture.md, section 1)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = (
    "lod.errors",
    "lod.numbers",
    "lod.long_texts",
    "lod.memory",
    "lod.record",
    "lod.report",
    "lod.guard",
    "lod.bundled",
    "lod.disk.scratch",
    "lod.settings.load",
    "lod.rdf.claims",
    "lod.privacy",
    "lod.rdf.vocabulary",
    "lod.dump",
    "lod.rdf.files",
    "lod.sources",
    "lod.sources.configured",
    "lod.mapping",
    "lod.validation",
    "lod.store",
    "lod.harvest",
    "lod.site.verify",
    "lod.site.backup",
    "lod.mapping.round_trip.compare",
    "lod.publish.named_graphs",
    "lod.publish.run",
    "lod.remote.push",
    "lod.site.coverage",
    "lod.site.explain",
    "lod.site.findings_table",
    "lod.web",
    "lod.site.folder",
    "lod.cli.screen",
    "lod.cli",
)

# What else a package may not know: the web side serves what has been published, the sources know no store.
FORBIDDEN = {
    "lod.web": (
        "lod.sources",
        "lod.mapping",
        "lod.validation",
        "lod.publish.named_graphs",
        "lod.publish.run",
        "lod.site.coverage",
        "lod.mapping.round_trip.compare",
        "lod.site.explain",
        "lod.site.findings_table",
    ),
    "lod.mapping": ("lod.sources",),
    "lod.validation": ("lod.sources",),
    "lod.store": ("lod.sources", "lod.validation"),
}


def layer_of(module: str) -> str:
    return next((layer for layer in LAYERS if module == layer or module.startswith(f"{layer}.")), "")


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted((ROOT / "lod").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names if node.module == "lod"}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name.startswith("lod.") and name != "lod.__version__"}


def test_there_are_modules_to_look_at():
    assert len(modules()) > 20


@pytest.mark.parametrize(("module", "path"), [pytest.param(*row, id=row[0]) for row in modules()])
def test_a_module_imports_only_from_layers_above_its_own(module, path):
    if module == "lod":
        return
    own = layer_of(module)
    assert own, f"{module} is in no layer; add it to LAYERS"
    for name in imports_of(path):
        other = layer_of(name)
        assert other, f"{module} imports {name}, which is in no layer"
        assert LAYERS.index(other) <= LAYERS.index(own), f"{module} imports {name} from a layer below its own"
        assert other not in FORBIDDEN.get(own, ()), f"{module} may not know {name}"
