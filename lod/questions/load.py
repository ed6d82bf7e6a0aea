"""The questions, from `questions.toml`: what is asked, by whom, and the query that answers it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lod.questions.blanks import BLANKS, Blank

_BLANK = re.compile(r"\{([a-z]{1,20})\}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        name: part of its address.
        group: who asks.
        ask: the sentence, with blanks in braces.
        query: SPARQL, with the same blanks.
        view: how its answer is drawn, "" where a table says it best.
        sample, rows: values of the blanks on a site of the bundled files, and how many rows or triples come out.
    """

    name: str
    group: str
    ask: str
    query: str
    view: str
    sample: Mapping[str, str]
    rows: int

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """What the question leaves open, in the order of the sentence."""
        return tuple(BLANKS[name] for name in dict.fromkeys(_BLANK.findall(self.ask)))

    @property
    def parts(self) -> list[str | Blank]:
        """The sentence in pieces: texts, and the blanks between them."""
        pieces = _BLANK.split(self.ask)
        return [BLANKS[piece] if place % 2 else piece for place, piece in enumerate(pieces) if piece]

    def sentence(self, words: Mapping[str, str]) -> str:
        """Return the sentence with words in place of its blanks; a blank without any is said by its name."""
        return _BLANK.sub(lambda match: words.get(match[1]) or f"a certain {match[1]}", self.ask)

    def filled(self, values: Mapping[str, str], words: Mapping[str, str]) -> str:
        """Return the query with values for its blanks, below the sentence as a comment and the view that it is drawn in.

        Raises:
            BadValueError: a value does not fit its blank.
            KeyError: a blank has no value.
        """
        query = _BLANK.sub(lambda match: BLANKS[match[1]].filled(values[match[1]]), self.query)
        return self._headed(self.sentence(words), query)

    @property
    def left_open(self) -> str | None:
        """The query for anything in place of each blank, which runs on any site; None where a blank represents a text."""
        if not all(blank.is_thing for blank in self.blanks):
            return None
        anything = {blank.name: f"{{ SELECT ?{blank.name} WHERE {{ {blank.any} }} LIMIT 1 }}" for blank in self.blanks}
        return self._headed(self.sentence({}), _BLANK.sub(lambda match: anything[match[1]], self.query))

    def _headed(self, sentence: str, query: str) -> str:
        view = f"#defaultView:{VIEWS[self.view]}\n" if self.view else ""
        return f"# {' '.join(sentence.split())}\n{view}{query}"


VIEWS = {"bar": "BarChart", "line": "LineChart", "scatter": "ScatterChart", "timeline": "Timeline", "map": "Map"}
"""Names of the views in a comment of a query, as the Wikidata Query Service has them, by kind of chart."""


@cache
def load_questions() -> tuple[Question, ...]:
    """Return all questions, in the order of the file."""
    rows = tomllib.loads(files(__package__).joinpath("questions.toml").read_text(encoding="utf-8"))["question"]
    return tuple(Question(**{"view": "", "sample": {}, **row}) for row in rows)


def by_group() -> dict[str, list[Question]]:
    """Return the questions by who asks, in the order of the file."""
    groups: dict[str, list[Question]] = {}
    for question in load_questions():
        groups.setdefault(question.group, []).append(question)
    return groups
