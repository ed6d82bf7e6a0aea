"""Text in XML: escapes, and what becomes of characters that XML cannot hold. Source: W3C XML 1.0, sections 2.2 and 2.4."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that no XML document can hold, not even escaped."""

_BREAKS = {"\r": "&#13;"}


def escaped(text: str) -> str:
    """Return a text as the content of an element, with U+FFFD in place of characters that XML cannot hold."""
    return escape(NOT_XML.sub("\ufffd", text), _BREAKS)


def element(name: str, text: str | None, attributes: dict[str, str | None] | None = None) -> str:
    """Return an element with a text; attributes without a value are left out."""
    return tagged(name, escaped(text or ""), attributes)


def tagged(name: str, content: str, attributes: dict[str, str | None] | None = None) -> str:
    """Return an element around content that is XML already."""
    written = "".join(
        f" {key}={quoteattr(NOT_XML.sub(chr(0xFFFD), value), _BREAKS)}"
        for key, value in (attributes or {}).items()
        if value
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"
