"""Templates of a site over the bundled ones: how they are found, which blocks there are, what is wrong with those of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateSyntaxError, nodes

BUNDLED = Path(__file__).resolve().parents[1] / "templates"
OURS = "lod"
"""Prefix under which a site's template names the one that it lies over: `{% extends "lod/item.html" %}`."""
_OWN_PART = "_"
"""Start of the names of a site's own parts, which its templates include."""


def loader(folder: Path | None) -> BaseLoader:
    """Return the loader of templates: those in a site's folder before ours, which it reaches under `lod/`."""
    ours = FileSystemLoader(BUNDLED)
    return ChoiceLoader([*([FileSystemLoader(folder)] if folder else []), ours, PrefixLoader({OURS: ours})])


@cache
def blocks() -> dict[str, tuple[str, ...]]:
    """Return the blocks of each bundled template that has any of its own, in their order, by its name."""
    environment = _environment()
    found = {path.relative_to(BUNDLED).as_posix(): _tree(environment, path) for path in sorted(BUNDLED.rglob("*.html"))}
    return {name: tuple(block.name for block in tree.find_all(nodes.Block)) for name, tree in found.items()}


def known_blocks(name: str) -> list[str]:
    """Return the blocks that a template may fill that lies over a bundled one: its own, and those of the page frame."""
    return list(dict.fromkeys((*blocks()[name], *(blocks()["base.html"] if _extends_base(name) else ()))))


def template_faults(folder: Path, others: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the templates of a site: names and blocks that do not exist, faults of syntax.

    `others` are endings of files that are no templates.
    """
    endings = tuple(others)
    environment, names = _environment(), [name for name in blocks() if known_blocks(name)]
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.name.startswith(_OWN_PART) or path.name.lower().endswith(endings):
            continue
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
            yield f"{path}: there is no template {name}; {hint} A part of your own has a name that begins with _"
            continue
        try:
            tree = _tree(environment, path)
        except (TemplateSyntaxError, UnicodeDecodeError) as fault:
            line = f", line {fault.lineno}" if isinstance(fault, TemplateSyntaxError) else ""
            yield f"{path}{line}: {fault}"
            continue
        yield from _faults_of(path, name, tree)


def _faults_of(path: Path, name: str, tree: nodes.Template) -> Iterator[str]:
    wanted = f"{OURS}/{name}"
    above = [node.template.value for node in tree.find_all(nodes.Extends) if isinstance(node.template, nodes.Const)]
    if above != [wanted]:
        yield f'{path}: begin it with {{% extends "{wanted}" %}}, and give the blocks that you change'
    known = known_blocks(name)
    for block in tree.find_all(nodes.Block):
        if block.name not in known:
            near = get_close_matches(block.name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            yield f"{path}, line {block.lineno}: {name} has no block {block.name}; {hint}"


def _extends_base(name: str) -> bool:
    return name != "base.html" and '{% extends "base.html" %}' in (BUNDLED / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    # Nothing is rendered with it.
    return Environment(autoescape=True)


def _tree(environment: Environment, path: Path) -> nodes.Template:
    return environment.parse(path.read_text(encoding="utf-8"), filename=str(path))
