"""Questions in the language of the page; their queries are the same in all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lod.questions.blanks import Blank
from lod.questions.load import Question
from lod.web.languages.catalogues import gettext
from lod.web.languages.page_language import page_language

_LEFT_OPEN = "…"


def words() -> dict[str, Any]:
    """Return the functions for templates that show questions."""
    return {"sentence_of": sentence_of, "parts_of": parts_of}


def sentence_of(question: Question) -> str:
    """Return the sentence of a question with its blanks left open."""
    if page_language().tag == "en":
        return question.sentence({})
    return _translated(question).sentence({blank.name: _LEFT_OPEN for blank in question.blanks})


def parts_of(question: Question) -> list[str | Blank]:
    """Return the sentence of a question in pieces: texts, and the blanks between them."""
    return _translated(question).parts


def _translated(question: Question) -> Question:
    return replace(question, ask=gettext(question.ask))
