"""DIM, DSpace's own form of metadata as XML, the form of its bags, and its confidences."""

from __future__ import annotations

from lod.numbers import whole_number
from lod.record import Value
from lod.sources.parsing.xml_files import XML_LANG, XmlElement, local_name, text_of
from lod.sources.reading.payload import Payload

_ATTRIBUTES = frozenset({"mdschema", "element", "qualifier", "lang", XML_LANG, "authority", "confidence"})


def dim(root: XmlElement) -> Payload:
    """Return the values of a DIM element, with authorities; a field without a schema is one of "dc"."""
    texts = [(child, text) for child in root.iterchildren("*") if (text := text_of(child).strip())]
    others = {str(name) for child, _ in texts for name in child.attrib if name not in _ATTRIBUTES}
    left_out = {f"field@{name.rpartition('}')[2]}": "an attribute that DIM does not have" for name in others}
    return Payload(tuple(_value(child, text) for child, text in texts), left_out=left_out)


def bag(root: XmlElement) -> Payload:
    """Return the values of `<metadata><value schema= element= qualifier= language=>`, which DSpace puts into bags.

    What is no `value` is a value of the schema `bag`, under its own name.
    """
    texts = ((child, text_of(child).strip()) for child in root)
    return Payload(
        tuple(
            _value(child, text) if child.get("element") else Value(f"bag.{local_name(child)}", text)
            for child, text in texts
            if text
        )
    )


def _value(child: XmlElement, text: str) -> Value:
    parts = (child.get("mdschema") or child.get("schema") or "dc", child.get("element"), child.get("qualifier"))
    return Value(
        ".".join(part.strip() for part in parts if part and part.strip() not in {"", "none"}),
        text,
        _language(child),
        child.get("authority") or None,
        confidence_of(child.get("confidence")),
    )


def _language(child: XmlElement) -> str | None:
    language = child.get("lang") or child.get("language") or child.get(XML_LANG) or ""
    return None if language.strip() in {"", "none"} else language


def confidence_of(text: str | None) -> int | None:
    """Return DSpace's confidence as a number, None where there is none."""
    written = (text or "").strip()
    number = whole_number(written.removeprefix("-"))
    return -number if number and written.startswith("-") else number
