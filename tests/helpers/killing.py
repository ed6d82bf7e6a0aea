"""Runs commands in processes that are killed: `python killing.py` reads jobs from its input, one JSON line each.

A job names the arguments of `lod` and when to kill: at the n-th event that Python's audit hooks tell of (files opened,
renamed, removed, connections made …), or after so many seconds. The answer: how the process ended, what it printed, how many events it saw.
The commands are imported once and each job is a fork of this process, which itself opens nothing.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from pydoc import locate
from typing import Any

_EVENTS = ("open", "os.", "shutil.", "sqlite3.", "tempfile.", "fcntl.", "socket.")
KILLS = int(os.environ.get("LOD_KILLS", "2"))
"""So often is each command killed."""


class Killer:
    """The parent's end: starts the process, sends jobs."""

    def __init__(self, folder: Path) -> None:
        import subprocess

        self._log = (folder / "killing.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )

    def run(
        self,
        *arguments: object,
        at_event: int = 0,
        after_s: float = 0.0,
        uid: int = 0,
        constants: dict[str, int | str] | None = None,
    ) -> dict[str, Any]:
        """Run `lod` with arguments; return {"code", "output", "events", "seconds"}, the code -9 where it was killed.

        `constants` of modules and classes, by their dotted names, get other values, so that little data takes many steps; a value
        that is a dotted name itself stands for what it names.
        """
        # This file is a program too, whose path has no other helpers.
        from tests.helpers.waiting import line_of

        job = {"arguments": list(map(str, arguments)), "at_event": at_event, "after_s": after_s, "uid": uid}
        job["constants"] = constants or {}
        self._process.stdin.write(f"{json.dumps(job)}\n")
        self._process.stdin.flush()
        return json.loads(line_of(self._process))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._log.close()


def moments(name: str, whole: dict[str, Any], number: int = KILLS) -> Iterator[dict[str, Any]]:
    """Yield random moments at which to kill a command, the same ones for the same name: see `Killer.run`.

    `whole` is its run to the end. Three of four are at an event, the others between them.
    """
    chosen = random.Random(f"{name} {number}")
    for count in range(number):
        if count % 4:
            yield {"at_event": chosen.randint(1, whole["events"])}
        else:
            yield {"after_s": chosen.uniform(0.0005, whole["seconds"])}


def nothing(*_: object) -> int:
    """Stand for a function that finds nothing."""
    return 0


def _serve() -> None:
    warnings.simplefilter("ignore")
    # What is read when it is first used, and who takes another user's place may not read.
    "".encode("utf-8-sig")
    # Imported before the first fork, so that no job waits for it, and a kill hits work and not an import.
    import httpx2  # noqa: F401
    import pyoxigraph  # noqa: F401
    import pyshacl  # noqa: F401

    import lod

    for module in pkgutil.walk_packages(lod.__path__, "lod."):
        importlib.import_module(module.name)
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _run(job: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as counted:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            _be_killed(job, output.fileno(), counted.fileno())
        if job["after_s"]:
            time.sleep(job["after_s"])
            os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seconds = time.monotonic() - started
        output.seek(0)
        return {
            "code": code,
            "output": output.read().decode("utf-8", "replace"),
            "events": os.fstat(counted.fileno()).st_size,
            "seconds": seconds,
        }


def _be_killed(job: dict[str, Any], output: int, counted: int) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    from lod.cli import main

    for name, value in job["constants"].items():
        owner, _, constant = name.rpartition(".")
        setattr(locate(owner), constant, locate(value) if isinstance(value, str) else value)
    if job["uid"]:
        os.setgroups([])
        os.setgid(job["uid"])
        os.setuid(job["uid"])
    seen = 0

    def hook(event: str, _: tuple[Any, ...]) -> None:
        nonlocal seen
        if not event.startswith(_EVENTS):
            return
        seen += 1
        os.write(counted, b".")
        if seen == job["at_event"]:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    code = 70
    try:
        main(job["arguments"], standalone_mode=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
