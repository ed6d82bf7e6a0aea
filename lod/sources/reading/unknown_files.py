"""Files that no format recognises: what they seem to be, and what to do about it."""

from __future__ import annotations

import json
import re

from lod.sources.reading.source_file import head_text

_LOOKED_AT = 4_096
_LONGEST = 80
_HTML = re.compile(r"(?:\s|<\?|<!--){0,99}+(?:<!doctype\s{1,99}html|<html[\s>]|<head[\s>]|<body[\s>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,99})[\s/>]")
_ERROR_NAMES = re.compile(r"error|fault|exception|problem|message|status|code|detail|title|timestamp", re.IGNORECASE)
_ERROR_ROOTS = re.compile(r"(?:\w{1,40}:)?(?:error|errors|fault|exception|problem|Envelope|OAI-PMH)", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:error|not found|forbidden|denied|unauthori[sz]ed|unavailable|bad request|timed? ?out|not allowed|no such)\b",
    re.IGNORECASE,
)


def unknown_file(head: bytes) -> str:
    """Return in one sentence what a file seems to be that no format recognises; "" where nothing can be said."""
    text = head_text(head).lstrip("\ufeff \t\r\n")
    if "<!ENTITY" in head_text(head):
        return (
            "it declares an entity, which may stand for anything; files with entity declarations are not read. Export the file "
            "without them"
        )
    if _HTML.match(text[:_LOOKED_AT]):
        title = _TITLE.search(text[:_LOOKED_AT])
        called = f", with the title {_short(title[1])!r}," if title and title[1].strip() else ""
        return (
            f"it is an HTML page{called} that says nothing of an item; look whether the server answered with a login or an error, and "
            "fetch the file again"
        )
    if text.startswith("<"):
        root = _ROOT.search(text[:_LOOKED_AT])
        if root and _ERROR_ROOTS.fullmatch(root[1]):
            return f"it is XML of an error ({_short(re.sub(r'<[^<>]{0,999}>', ' ', text[:_LOOKED_AT]))}); fetch the file again"
        return ""
    if text.startswith("{"):
        return _of_json(text)
    return "" if text.startswith("[") else _of_lines(text)


def _of_json(text: str) -> str:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    names = [name for name in members if isinstance(name, str)]
    errors = [name for name in names if _ERROR_NAMES.search(name)]
    if errors and not any(isinstance(members[name], list) and members[name] for name in names if name not in errors):
        said = "; ".join(f"{name}: {_short(str(members[name]))}" for name in errors[:4])
        return f"it is JSON of an error or a status ({said}); fetch the file again"
    return ""


def _of_lines(text: str) -> str:
    lines = [line for line in text[:_LOOKED_AT].splitlines() if line.strip()][:5]
    if len(lines) == 1 and _REFUSAL.search(lines[0]):
        return (
            f"it says only {_short(lines[0])!r}; look whether that is the answer of a server, and fetch the file again"
        )
    return ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
