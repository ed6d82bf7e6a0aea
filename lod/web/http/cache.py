"""Answers that are kept while their generation lives: it never changes, so neither do they."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A representation, ready to be sent: its body, and the headers that belong to it.

    Attributes:
        body: as it is sent, encoded with `coding`.
        content_type: the Content-Type header.
        tag: its strong entity tag, without quotes: a hash of the body, so that it is the same in every generation that
            says the same.
        headers: other headers that tell of this representation: Link, Content-Location, Content-Profile.
        coding: content coding of the body, "" for none.
    """

    body: bytes
    content_type: str
    tag: str
    headers: tuple[tuple[str, str], ...] = ()
    coding: str = ""


def make_answer(body: bytes, content_type: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Return an answer with the tag of its body."""
    return Answer(body, content_type, hashlib.sha256(body).hexdigest()[:24], headers)


class KeptAnswers:
    """The answers asked for last, up to a number of bytes. Safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Answer | None:
        """Return the answer that is kept under a key, None where none is."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer; those not asked for longest go. One that would fill more than a tenth is not kept."""
        size = _size(answer)
        if size > self._most_bytes // 10:
            return
        with self._lock:
            previous = self._answers.pop(key, None)
            self._bytes += size - (_size(previous) if previous else 0)
            self._answers[key] = answer
            while self._bytes > self._most_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= _size(oldest)


def _size(answer: Answer) -> int:
    return len(answer.body) + sum(len(name) + len(value) for name, value in answer.headers)
