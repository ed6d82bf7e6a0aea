"""DIM: DSpace's own form of metadata as XML, and its confidences."""

from __future__ import annotations

from lod.numbers import whole_number
from lod.record import Value
from lod.sources.parsing.xml_files import XML_LANG, XmlElement, text_of
from lod.sources.reading.payload import Payload


def dim(root: XmlElement) -> Payload:
    """Return the values of a DIM element, with authorities; a field without a schema is one of "dc"."""
    texts = ((child, text_of(child).strip()) for child in root)
    return Payload(tuple(_value(child, text) for child, text in texts if text))


def _value(child: XmlElement, text: str) -> Value:
    parts = (child.get("mdschema") or "dc", child.get("element"), child.get("qualifier"))
    return Value(
        ".".join(part.strip() for part in parts if part and part.strip() not in {"", "none"}),
        text,
        child.get("lang") or child.get(XML_LANG) or None,
        child.get("authority") or None,
        confidence_of(child.get("confidence")),
    )


def confidence_of(text: str | None) -> int | None:
    """Return DSpace's confidence as a number, None where there is none."""
    written = (text or "").strip()
    number = whole_number(written.removeprefix("-"))
    return -number if number and written.startswith("-") else number
