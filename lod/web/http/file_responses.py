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

from lod.web.http.error_responses import error_response

_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class FileResponse:
    """A file and its headers: media type, strong tag without quotes, date of its last change, `Cache-Control`."""

    path: Path
    media_type: str
    tag: str
    modified: datetime
    cache_control: str

    def response(self) -> Response:
        """Return the response to the current request: the whole file, one range, or an error."""
        try:
            # An open file can be read to its end, even if it is removed meanwhile.
            file = self.path.open("rb", buffering=0)
        except FileNotFoundError:
            return error_response(410, "This file has just been removed. Ask for the list of files again.")
        size = file.seek(0, io.SEEK_END)
        response = self._without_body(size)
        if response.status_code in {200, 206} and request.method == "GET":
            part = FilePart(file, response.content_range.start or 0, response.content_length or 0)
            response.response = wrap_file(request.environ, cast("IO[bytes]", part), _READ_BYTES)
            response.direct_passthrough = True
        else:
            file.close()
        return response

    def _without_body(self, size: int) -> Response:
        """Return the response without its body, by the order of RFC 9110, section 13.2.2."""
        if request.if_match and not request.if_match.contains(self.tag):
            message = f"What is here has changed since: its tag is {self.tag}. Download it anew."
            return self._with_headers(error_response(412, message))
        if request.if_none_match:
            is_known = request.if_none_match.contains_weak(self.tag)
        else:
            since = request.if_modified_since
            is_known = since is not None and since >= self.modified
        if is_known:
            return self._with_headers(Response(status=304))
        response = Response(content_type=self.media_type)
        response.content_length = size
        if (part := self._part(size)) is not None:
            start, end = part
            if start >= size:
                return error_response(416, f"The file has {size} bytes.", headers={"Content-Range": f"bytes */{size}"})
            response.status_code = 206
            response.content_length = end - start
            response.content_range = ContentRange("bytes", start, end, size)
        return self._with_headers(response)

    def _part(self, size: int) -> tuple[int, int] | None:
        """Return the first byte of the requested range and the one after the last; None for the whole file.

        A range of another unit, several ranges, and a range of another state of the file are ignored.
        """
        wanted = request.range
        if request.method != "GET" or wanted is None or (wanted.units, len(wanted.ranges)) != ("bytes", 1):
            return None
        # A date cannot tell two files of one second apart; a client that has the tag has to send it (section 13.1.5).
        if request.headers.get("If-Range", "").strip() not in {"", quote_etag(self.tag)}:
            return None
        return wanted.range_for_length(size) or (size, size)

    def _with_headers(self, response: Response) -> Response:
        response.set_etag(self.tag)
        response.last_modified = self.modified
        response.headers["Accept-Ranges"] = "bytes"
        if response.status_code != 412:
            response.headers["Cache-Control"] = self.cache_control
        return response


class FilePart(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: io.FileIO, start: int, size: int, *, is_temporary: bool = False) -> None:
        """Take `size` bytes of a file from `start` on; it is closed with this object, and then gone if it `is_temporary`."""
        self.is_temporary = is_temporary
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
