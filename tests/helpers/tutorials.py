"""Documents whose blocks are run as they are written: files are saved, commands called, lines of output looked for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from click.testing import CliRunner

from lod.cli import main
from lod.site.folder import free_port
from tests.helpers.waiting import line_of

SERVED = "127.0.0.1:8000"
"""Where documents say that a site is served. The tests serve it at a free port."""
_BLOCK = re.compile(r"(?:Save as `([^`]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LONGEST_SWITCH_S = 30
_PROGRAM = "import sys; from lod.cli import main; main(sys.argv[1:])"


def blocks_of(document: Path) -> list[tuple[str, str, str]]:
    """Return the name of the file, the language and the text of each block; a file that is not saved has no name."""
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


class Tutorial:
    """A reader who does what a document says, in the current folder. The server that was started ends with it.

    `address` is where a site is served: host and a free port.
    """

    def __init__(self) -> None:
        self.output = ""
        self._stack = ExitStack()
        self.address = f"127.0.0.1:{free_port('127.0.0.1')}"
        self._last = ""

    def __enter__(self) -> Tutorial:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def follow(self, document: Path) -> int:
        """Do all that a document says; return how many blocks of commands there were."""
        count = 0
        for name, language, text in blocks_of(document):
            if name:
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_text(text, encoding="utf-8")
            elif language == "sh":
                self.output = "".join(self.run(line) for line in text.splitlines())
                count += 1
            elif language == "text":
                self._look_for(text.splitlines())
        return count

    def _look_for(self, lines: list[str]) -> None:
        """Fail where the last output lacks a line. A server that has not switched yet is asked again."""
        end = time.monotonic() + _LONGEST_SWITCH_S
        while (missing := [line for line in lines if line not in self.output]) and time.monotonic() < end:
            if not self._last.startswith("curl "):
                break
            time.sleep(0.2)
            self.output = self.run(self._last)
        assert missing == [], self.output

    def run(self, line: str) -> str:
        """Run one line; return what it prints. Making an environment is left to CI, which installs the wheel."""
        words = shlex.split(line)
        self._last = line
        if words[:3] == ["python3", "-m", "venv"]:
            return ""
        if words[:2] == ["lod", "serve"]:
            self._serve(words[1:])
            return ""
        if words[0] == "lod":
            result = CliRunner().invoke(main, words[1:])
            assert result.exit_code in (0, 1), f"{line}\n{result.output}"
            return result.output
        if words[0] == "curl":
            words += ["--connect-to", f"{SERVED}:{self.address}"]
        return subprocess.run(words, check=True, capture_output=True, text=True, timeout=120).stdout

    def _serve(self, arguments: list[str]) -> None:
        port = self.address.partition(":")[2]
        command = [sys.executable, "-c", _PROGRAM, *arguments, "--port", port]
        process = self._stack.enter_context(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        )
        self._stack.callback(process.kill)
        assert process.stdout is not None
        assert "Serving" in line_of(process)
