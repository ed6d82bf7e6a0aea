"""The commands of Apache Jena, from its own distribution or from the jars of Debian's package."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

_JARS = Path("/usr/share/java")
_SLF4J = {"slf4j-api.jar", "slf4j-simple.jar"}
_CLASSES = {"riot": "riotcmd.riot"}


def jena(name: str, folder: Path) -> list[str]:
    """How a command is called; `folder` may be written to."""
    if shutil.which(name):
        return [name]
    if not shutil.which("java") or not (_JARS / "jena-cmds.jar").exists():
        pytest.skip(f"Apache Jena is not installed ({name}, or the package libapache-jena-java)")
    # Debian's package has moved classes and left their messages where they were.
    moved = "org/apache/jena/ext/"
    with zipfile.ZipFile(_JARS / "jena-core.jar") as jar:
        for inside in jar.namelist():
            if inside.startswith(f"{moved}xerces/") and inside.endswith(".properties"):
                target = folder / "messages" / inside.removeprefix(moved)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(inside))
    # Of several ways of logging one must be chosen.
    jars = [jar for jar in sorted(_JARS.glob("*.jar")) if "slf4j" not in jar.name or jar.name in _SLF4J]
    classes = [str(folder / "messages"), *map(str, jars)]
    return ["java", "-cp", ":".join(classes), _CLASSES.get(name, name)]
