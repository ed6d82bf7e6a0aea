"""TeX in bibliographies, converted to plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lod.long_texts import LONG, collapse

_MARKUP = re.compile(r"[\\{}$~`&%#]|--|''")
_BARE = re.compile(r"(?<!\\)([&%#])")
_TOKEN = re.compile(r"\\(?:begin|end)\b|\\.|[{}$]|[.;!?]\s", re.DOTALL)
_ESCAPED = re.compile(r"\\([_%&#$~])")


def plain_text(text: str) -> str:
    r"""Return TeX as plain text: `P\"{a}ckert` is "Päckert", `$\Sigma^{0}$` is "Σ^0"; white space runs are one space.

    Characters that end a line or a cell in TeX, but are plain characters in bibliographies ("Oil & Gas"), stay.
    """
    if _MARKUP.search(text):
        text = "".join(_decoder().latex_to_text(_BARE.sub(r"\\\1", part)) for part in _portions(text))
    return collapse(text)


def _portions(text: str) -> Iterator[str]:
    """Yield a long text in parts, cut between sentences outside of braces, mathematics and environments: the decoder takes
    fifty times what it is given."""
    start = depth = opened = 0
    for token in _TOKEN.finditer(text) if len(text) > LONG else ():
        mark = token.group()
        if mark == "$":
            opened = not opened
        elif mark in ("{", "\\begin", "\\[", "\\("):
            depth += 1
        elif mark in ("}", "\\end", "\\]", "\\)"):
            depth = max(depth - 1, 0)
        elif mark[0] != "\\" and not depth and not opened and token.end() - start > LONG:
            yield text[start : token.end()]
            start = token.end()
    yield text[start:]


def unescaped(text: str) -> str:
    r"""Return a code or an address without TeX's backslashes and braces: `10.1000/a\_b` is "10.1000/a_b"."""
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "").strip()


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
