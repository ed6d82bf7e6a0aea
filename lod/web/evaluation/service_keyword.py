"""The SERVICE keyword: whether a query calls another endpoint.

Oxigraph would send a request to any address that a query names. No other parser can be trusted to find SERVICE, since what
counts is how Oxigraph reads the text, and its parser differs from the tokens of the specification (SPARQL 1.1, section 19.8):

- it needs no space after a keyword: `SERVICEex:a {` is a prefixed name by the specification and a call to Oxigraph;
- it takes `<` as an operator where the specification sees an IRI: `FILTER(?a<'x>y')SERVICE<…>{…}#'`;
- it undoes `\\u` escapes in places of its own choice, so the text is read with them and with escapes undone
  (section 19.2).

So every reading of `<` is followed at once: the text is a graph of positions, and SERVICE counts when any path reaches
it as a keyword. What lies in strings, comments, IRIs, names and variables on all paths is left alone. A query that is
refused without need has to look like an attack: an IRI reference without `//` that holds a bracket before "service", or
dozens of quotation marks that close nothing (looking for the other end of each would cost the square of the length).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

# Runs and names are matched possessively (*+), so that no text costs more than its length.
_LOCAL_PART = r"(?:[\w:\-\u00b7]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_LOCAL = rf"(?:{_LOCAL_PART}|\.++(?={_LOCAL_PART}))*+"
TOKEN = re.compile(
    r"(?P<skip>\s+|#[^\r\n]*)"
    r"|(?P<iri><(?P<content>[^<>\"{}|^`\\\x00-\x20]*+)>)"
    r"|(?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
    r'|"(?:[^"\\\r\n]|\\.)*+")'
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*+)"
    rf"|(?P<blank>_:{_LOCAL})"
    rf"|(?P<run>[\w](?:[\w\-\u00b7]|\.++(?=[\w\-\u00b7]))*+)?(?P<name>:{_LOCAL})"
    r"|(?P<words>[\w](?:[\w\-\u00b7]|\.++(?=[\w\-\u00b7]))*+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_GRAPH_FOLLOWS = frozenset({"graph", "from", "named"})
_OPENS = re.compile(r"(?:\s++|#[^\r\n]*+(?:[\r\n]|\Z))*+\{")
_CLOSING = frozenset(")>]}")
_QUOTES = frozenset("'\"")
_KEYWORD = "service"
_MOST_UNCLOSED = 50


def calls_service(query: str) -> bool:
    """Return whether a query may call another endpoint when Oxigraph evaluates it."""
    return any(_reaches_keyword(text) for text in {query, undo_escapes(query)} if _KEYWORD in text.lower())


def undo_escapes(query: str) -> str:
    """Return a query with its code point escapes undone. Source: SPARQL 1.1 Query, section 19.2."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match.group()

    return _CODE_POINT.sub(character, query)


def _reaches_keyword(text: str) -> bool:
    # A state is a position, whether an operator `<` was taken whose expression has not been closed (a keyword cannot
    # be there), and whether a graph's name is due (`GRAPH service:x {` is no call).
    waiting = [(0, False, False)]
    seen = set(waiting)
    unclosed = 0
    while waiting:
        position, within, graph_due = waiting.pop()
        match = TOKEN.match(text, position)
        if match is None:
            continue
        unclosed += opens_nothing(match, text)
        if unclosed > _MOST_UNCLOSED:
            return True
        if not within and _is_keyword(match, text, graph_due):
            return True
        following = [(match.end(), within and not _closes(match), _graph_due(match, graph_due))]
        if match["iri"] and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", match["content"]):
            following.append((position + 1, True, False))
        for state in following:
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    return False


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a query one after the other.

    Raises:
        ValueError: dozens of quotation marks close nothing.
    """
    position = unclosed = 0
    while match := TOKEN.match(text, position):
        unclosed += opens_nothing(match, text)
        if unclosed > _MOST_UNCLOSED:
            raise ValueError(
                f"more than {_MOST_UNCLOSED} quotation marks of the query close nothing; close its strings"
            )
        position = match.end()
        yield match


def opens_nothing(match: re.Match[str], text: str) -> bool:
    """Return whether a token is a quotation mark, or three, whose string never ends."""
    string = match["string"]
    return match["other"] in _QUOTES or (bool(string) and len(string) == 2 and text.startswith(string[0], match.end()))


def _is_keyword(match: re.Match[str], text: str, graph_due: bool) -> bool:
    # A run such as "true.SERVICE" is several tokens to Oxigraph, so the keyword is looked for inside it.
    if match["words"]:
        return _KEYWORD in match["words"].lower()
    if match["run"] and _KEYWORD in match["run"].lower():
        return not graph_due and _OPENS.match(text, match.end()) is not None
    return False


def _closes(match: re.Match[str]) -> bool:
    return match["other"] in _CLOSING


def _graph_due(match: re.Match[str], graph_due: bool) -> bool:
    if match["skip"]:
        return graph_due
    return bool(match["words"]) and match["words"].lower() in _GRAPH_FOLLOWS
