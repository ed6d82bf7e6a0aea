"""Answers that are kept while their generation lives: it never changes, so neither do they."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a document or of a result, whether another page follows, the media type where the key does not tell it."""

    body: bytes
    more: bool
    content_type: str = ""


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
        size = len(answer.body)
        if size > self._most_bytes // 10:
            return
        with self._lock:
            previous = self._answers.pop(key, None)
            self._bytes += size - (len(previous.body) if previous else 0)
            self._answers[key] = answer
            while self._bytes > self._most_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body)
