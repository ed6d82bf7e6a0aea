"""Code that sends a query from a program, in curl, Python, R and JavaScript, without any package."""

from __future__ import annotations

import json
import shlex
from urllib.parse import urlencode

_ROWS, _GRAPH = "csv", "ttl"


def code_for(endpoint: str, parameters: list[tuple[str, str]], *, is_graph: bool) -> list[tuple[str, str]]:
    """Return the names of languages, and code that prints the result of a query: rows as CSV (in R as a table), a graph as Turtle.

    `parameters` are those of the protocol, without the format. Strings are written as JSON has them, which Python, R and
    JavaScript read alike.
    """
    asked = [*parameters, ("format", _GRAPH if is_graph else _ROWS)]
    pairs = [f"{_quoted(name)}, {_quoted(value)}" for name, value in asked]
    tuples, arrays = ", ".join(f"({pair})" for pair in pairs), ", ".join(f"[{pair}]" for pair in pairs)
    curl = " \\\n  ".join(
        (
            f"curl {shlex.quote(endpoint)}",
            *(f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in asked),
        )
    )
    address = _quoted(f"{endpoint}?{urlencode(asked)}")
    return [
        ("curl", curl),
        (
            "Python",
            "from urllib.parse import urlencode\nfrom urllib.request import urlopen\n\n"
            f"parameters = [{tuples}]\n"
            f"with urlopen({_quoted(endpoint)}, urlencode(parameters).encode()) as response:\n"
            '    print(response.read().decode("utf-8"))',
        ),
        (
            "R",
            f'result <- readLines({address}, encoding = "UTF-8")\ncat(result, sep = "\\n")'
            if is_graph
            else f'result <- read.csv({address}, encoding = "UTF-8")\nprint(result)',
        ),
        (
            "JavaScript",
            f"const parameters = new URLSearchParams([{arrays}]);\n"
            f'const response = await fetch({_quoted(endpoint)}, {{ method: "POST", body: parameters }});\n'
            "console.log(await response.text());",
        ),
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
