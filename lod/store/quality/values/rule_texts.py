"""Words about rules: what a rule means, why it matters, how what it finds is mended (vocab/quality/rules.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lod.bundled import VOCAB

_FIRST_WORDS = re.compile(r"[^.:;]+")
_LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The words of one rule; `title` is the id where nothing gives another."""

    rule: str
    title: str
    why: str
    mend: str


def words_of(rule: str, message: str = "") -> RuleWords:
    """Return the words of a rule; `message` is that of the shape or of the rule in code, "" where there is none."""
    texts = _texts()
    own: Mapping[str, str] = texts["rule"].get(rule, {})
    family = max((one for one in texts["family"] if rule.startswith(one["start"])), key=lambda one: len(one["start"]))
    return RuleWords(
        rule,
        own.get("title") or _title(message) or rule,
        own.get("why", family["why"]),
        own.get("mend", family["mend"]),
    )


def _title(message: str) -> str:
    """Return the first words of a message: its first clause, of a long one what is before the first comma."""
    first = _FIRST_WORDS.match(message)
    words = first[0].strip() if first else ""
    return words.partition(",")[0] if len(words) > _LONGEST_TITLE else words


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads((VOCAB / "quality" / "rules.toml").read_text(encoding="utf-8"))
