"""TeX as bibliographies have it, turned into plain text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lod.long_texts import collapse

_MARKUP = re.compile(r"[\\{}$~`&%#]|--|''")
_BARE = re.compile(r"(?<!\\)([&%#])")
_ESCAPED = re.compile(r"\\([_%&#$~])")


def plain_text(text: str) -> str:
    r"""Return TeX as plain text: `P\"{a}ckert` is "Päckert", `$\Sigma^{0}$` is "Σ^0"; white space runs are one space.

    Characters that end a line or a cell in TeX, but stand for themselves in bibliographies ("Oil & Gas"), stay.
    """
    if _MARKUP.search(text):
        text = _decoder().latex_to_text(_BARE.sub(r"\\\1", text))
    return collapse(text)


def unescaped(text: str) -> str:
    r"""Return a code or an address without TeX's backslashes and braces: `10.1000/a\_b` is "10.1000/a_b"."""
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "").strip()


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
