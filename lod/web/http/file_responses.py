"""Files that never change, sent whole or in one range, by the server's own way of sending files.

The server reads a file as fast as its client takes it: no thread waits for a slow client, and nothing is copied for it.

Source: RFC 9110, sections 13 and 14 (conditions, ranges); PEP 3333, "Optional Platform-Specific File Handling".
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from flask import Response, request
from werkzeug.datastructures import ContentRange
from werkzeug.http import quote_etag
from werkzeug.wsgi import wrap_file

from lod.web.http.error_responses import fault

_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file and what is said of it: media type, strong tag without quotes, date of its last change, `Cache-Control`."""

    path: Path
    media_type: str
    tag: str
    modified: datetime
    cache_control: str

    def response(self) -> Response:
        """Answer the request of this moment: whole, one range, or why not."""
        try:
            # It goes on being read though it be removed meanwhile.
            file = self.path.open("rb", buffering=0)
        except FileNotFoundError:
            return fault(410, "This file has just been removed. Ask for the list of files again.")
        size = file.seek(0, io.SEEK_END)
        answer = self._judged(size)
        if answer.status_code in {200, 206} and request.method == "GET":
            part = FilePart(file, answer.content_range.start or 0, answer.content_length or 0)
            answer.response = wrap_file(request.environ, cast("IO[bytes]", part), _READ_BYTES)
            answer.direct_passthrough = True
        else:
            file.close()
        return answer

    def _judged(self, size: int) -> Response:
        """Return the answer without its body, by the order of RFC 9110, section 13.2.2."""
        if request.if_match and not request.if_match.contains(self.tag):
            return self._dressed(
                fault(412, f"What is here has changed since: its tag is {self.tag}. Download it anew.", title="Changed")
            )
        if request.if_none_match:
            is_known = request.if_none_match.contains_weak(self.tag)
        else:
            since = request.if_modified_since
            is_known = since is not None and since >= self.modified
        if is_known:
            return self._dressed(Response(status=304))
        answer = Response(content_type=self.media_type)
        answer.content_length = size
        if (part := self._part(size)) is not None:
            start, end = part
            if start >= size:
                return fault(416, f"The file has {size} bytes.", headers={"Content-Range": f"bytes */{size}"})
            answer.status_code = 206
            answer.content_length = end - start
            answer.content_range = ContentRange("bytes", start, end, size)
        return self._dressed(answer)

    def _part(self, size: int) -> tuple[int, int] | None:
        """Return the first byte that is asked for and the one after the last; None for all of them.

        A range of another unit, several ranges, and one of another state of the file are ignored.
        """
        wanted = request.range
        if request.method != "GET" or wanted is None or (wanted.units, len(wanted.ranges)) != ("bytes", 1):
            return None
        # By a date, two files of one second could not be told apart; who has the tag has to send it (section 13.1.5).
        if request.headers.get("If-Range", "").strip() not in {"", quote_etag(self.tag)}:
            return None
        return wanted.range_for_length(size) or (size, size)

    def _dressed(self, answer: Response) -> Response:
        answer.set_etag(self.tag)
        answer.last_modified = self.modified
        answer.headers["Accept-Ranges"] = "bytes"
        if answer.status_code != 412:
            answer.headers["Cache-Control"] = self.cache_control
        return answer


class FilePart(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, file: io.FileIO, start: int, size: int) -> None:
        """Take `size` bytes of a file from `start` on; it is closed with this."""
        self._file = file
        self._start, self._size = start, size
        self._file.seek(start)

    def seekable(self) -> bool:
        """See `io.IOBase`."""
        return True

    def readable(self) -> bool:
        """See `io.IOBase`."""
        return True

    def tell(self) -> int:
        """See `io.IOBase`."""
        return self._file.tell() - self._start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase`."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[whence]
        return self._file.seek(self._start + origin + offset) - self._start

    def read(self, size: int = -1) -> bytes:
        """See `io.RawIOBase`."""
        left = max(self._size - self.tell(), 0)
        return self._file.read(left if size < 0 else min(size, left)) or b""

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
