"""Response cache, one per generation; a generation never changes, so entries never go stale."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Representation:
    """A representation, ready to be sent: its body, and the headers that belong to it.

    Attributes:
        body: as it is sent, encoded with `coding`.
        content_type: the Content-Type header.
        tag: its strong entity tag, without quotes: a hash of the body, so that it is the same in every generation that
            says the same.
        headers: other headers of this representation: Link, Content-Location, Content-Profile.
        coding: content coding of the body, "" for none.
    """

    body: bytes
    content_type: str
    tag: str
    headers: tuple[tuple[str, str], ...] = ()
    coding: str = ""


_Made = TypeVar("_Made", Representation, Representation | None)


def make_representation(body: bytes, content_type: str, headers: tuple[tuple[str, str], ...] = ()) -> Representation:
    """Return a representation with the tag of its body."""
    return Representation(body, content_type, hashlib.sha256(body).hexdigest()[:24], headers)


class ResponseCache:
    """LRU cache of representations, bounded by its bytes. Safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._entries: OrderedDict[Hashable, Representation] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Representation | None:
        """Return the entry of a key, None where there is none."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Hashable, entry: Representation) -> None:
        """Store an entry; the least recently used go. One that would fill more than a tenth of the cache is not stored."""
        size = _size(entry)
        if size > self._most_bytes // 10:
            return
        with self._lock:
            previous = self._entries.pop(key, None)
            self._bytes += size - (_size(previous) if previous else 0)
            self._entries[key] = entry
            while self._bytes > self._most_bytes:
                _, oldest = self._entries.popitem(last=False)
                self._bytes -= _size(oldest)

    def get_or_make(self, key: Hashable, make: Callable[[], _Made]) -> Representation | _Made:
        """Return the entry of a key; where there is none, make it and store it unless it is None."""
        entry = self.get(key)
        if entry is not None:
            return entry
        made = make()
        if made is not None:
            self.put(key, made)
        return made


def _size(entry: Representation) -> int:
    return len(entry.body) + sum(len(name) + len(value) for name, value in entry.headers)
