"""Parser of BibTeX files, on pybtex; a field that cannot be read costs itself and not its entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import Pattern, PrematureEOF, PybtexSyntaxError, TokenRequired
from pybtex.utils import CaseInsensitiveDict

from lod.sources.citation_files.bibtex_entry import ENTRY, BibtexEntry, OddField

_FIELD = r"[A-Za-z][\w:.+/-]{0,99}\s{0,99}=(?!=)"
_NEXT = re.compile(rf"\s*+{_FIELD}")
_MORE = re.compile(rf"\s{{0,99}},\s{{0,99}}{_FIELD}")
_MARK = re.compile(rf"[{{}}]|,\s{{0,99}}(?={_FIELD})")
_LINE = re.compile(rf"\n[ \t]{{0,99}},?[ \t]{{0,99}}(?={_FIELD})")
_NO_KEY = re.compile(r"[A-Za-z][\w-]{0,99}\s{0,99}=\s{0,99}[\"{]")


def bibtex_entries(text: str) -> Iterator[BibtexEntry]:
    """Yield the entries of a file in their order, with strings and months resolved, and what is no entry as a fault."""
    faults: list[tuple[int, str]] = []
    parser = _Parser(
        text,
        macros=CaseInsensitiveDict(month_names),
        handle_error=lambda fault: faults.append((getattr(fault, "lineno", 0), _message(fault))),
    )
    line, counted, mended = 1, 0, 0
    for command, body in parser:
        line, counted = line + text.count("\n", counted, parser.command_start), parser.command_start
        own = [message for number, message in faults if number >= line]
        for number, message in faults:
            # A fault between entries; the rest of an entry that has been reported is no other one.
            if mended <= number < line:
                yield BibtexEntry("", "", number, fault=message)
        mended = max([mended, *(number for number, _ in faults)])
        faults.clear()
        if own and (following := ENTRY.search(text, counted + 1)) and following.start() < parser.pos:
            # A brace that is never closed takes all entries after it; they are read from the next line with an "@".
            parser.pos = following.start()
            mended = parser.lineno = line + text.count("\n", counted, parser.pos)
        if command.lower() not in ("string", "preamble"):
            key, fields = body
            texts = {name.lower(): "".join(parts) for name, parts in reversed(fields)}
            yield BibtexEntry(
                command.lower(), key or "", line, dict(reversed(texts.items())), dict(parser.odd), "; ".join(own)
            )
        elif own:
            yield BibtexEntry("", "", line, fault=f"@{command.lower()}: {'; '.join(own)}")
    for number, message in faults:
        yield BibtexEntry("", "", number, fault=message)


def _message(fault: Exception) -> str:
    return re.sub(r"^syntax error in line (\d+): ", r"line \1: ", str(fault))


class _Parser(LowLevelParser):  # type: ignore[misc]  # pybtex has no types
    """pybtex' parser, which goes on after a field that cannot be read, and takes keys with blanks and bare months.

    Attributes:
        odd: the fields of the entry at hand that could not be read.
    """

    KEY_BRACE = Pattern(r"[^,}\n]++", "entry key")
    KEY_PAREN = Pattern(r"[^,\n]++", "entry key")

    def parse_entry_body(self, body_end: Pattern) -> None:
        self.odd: dict[str, OddField] = {}
        self.current_entry_key = self._key(body_end)
        while True:
            self._field()
            if not (
                self.optional([self.COMMA]) or _NEXT.match(self.text, self.pos) or self._closed_too_early(body_end)
            ):
                return

    def parse_preamble_body(self, body_end: Pattern) -> None:
        """Go past TeX code, with or without its own braces: it says nothing of an entry."""
        if body_end is not self.RBRACE:
            self.parse_value()
            return
        for _ in self.parse_string(string_end=body_end):
            pass
        self.pos -= 1

    def substitute_macro(self, name: str) -> str:
        """Return the text that a bare word represents; of a month, which everybody abbreviates in another way, the word.

        Raises:
            UndefinedMacro: no @string defines it.
        """
        if name in self.macros:
            return str(self.macros[name])
        if (self.current_field_name or "").lower() == "month":
            return name
        raise UndefinedMacro(name, self)

    def _key(self, body_end: Pattern) -> str:
        self.eat_whitespace()
        if self.text.startswith(",", self.pos) or _NO_KEY.match(self.text, self.pos):
            return ""
        token = self.required([self.KEY_PAREN if body_end is self.RPAREN else self.KEY_BRACE])
        return " ".join(token.value.split())

    def _field(self) -> None:
        self.current_field_name, self.current_value = None, []
        self.eat_whitespace()
        start, line = self.pos, self.lineno
        try:
            self.parse_field()
            self.eat_whitespace()
            if self.current_field_name and not self._ends_here():
                raise TokenRequired("',' or the end of the entry", self)
            if self._has_taken_the_end(start):
                raise PrematureEOF(self)
        except PybtexSyntaxError as fault:
            self._pass_over(start, line, fault)
        else:
            if self.current_field_name and self.current_value:
                self.current_fields.append((self.current_field_name, self.current_value))

    def _ends_here(self) -> bool:
        """Return whether a comma, the end of the entry, or (where a comma is missing) another field follows."""
        if self.text[self.pos : self.pos + 1] in (",", "}", ")"):
            return True
        if self.pos >= self.end_pos:
            raise PrematureEOF(self)
        return self.text[self.pos] == "@" or _NEXT.match(self.text, self.pos) is not None

    def _has_taken_the_end(self, start: int) -> bool:
        """Return whether the brace of the entry has closed a field, which then holds the fields after it: another entry follows."""
        return self.text.startswith("@", self.pos) and _LINE.search(self.text, start + 1, self.pos) is not None

    def _pass_over(self, start: int, line: int, fault: PybtexSyntaxError) -> None:
        """Note a field as one that cannot be read, and go on behind it.

        Raises:
            PybtexSyntaxError: `fault`, where nothing shows that this is a field, or where it ends.
        """
        following = ENTRY.search(self.text, start)
        end = self._end_of_field(start, following.start() if following else self.end_pos)
        named = _NEXT.match(self.text, start)
        if named is None or end <= named.end() or (self.text[end : end + 1] == "}" and not self.current_fields):
            raise fault
        written = self.text[named.end() : end].strip()
        name = named[0].rstrip("=").strip().lower()
        unclosed = "a brace or a quotation mark in it is never closed"
        why = unclosed if isinstance(fault, PrematureEOF) else _message(fault)
        self.odd.setdefault(name, OddField(written, line, why))
        self.pos, self.lineno = end, line + self.text.count("\n", start, end)

    def _end_of_field(self, start: int, limit: int) -> int:
        """Return where a field ends: at the comma or brace after it, where its own braces are closed.

        Where they are not, it ends before the next line that begins with a field, or at the last brace before `limit`, the
        next entry; 0 where there is none of these.
        """
        depth = 0
        for mark in _MARK.finditer(self.text, start, limit):
            if mark[0] == "{":
                depth += 1
            elif not depth:
                return mark.start()
            elif mark[0] == "}":
                depth -= 1
        another = _LINE.search(self.text, start + 1, limit)
        return another.start() if another else self.text.rfind("}", start, limit)

    def _closed_too_early(self, body_end: Pattern) -> bool:
        """Go past a brace that closes nothing: after the end of an entry no further field can come."""
        early = body_end is self.RBRACE and self.text[self.pos : self.pos + 1] == "}"
        more = _MORE.match(self.text, self.pos + 1) if early else None
        if more:
            self.pos = self.text.index(",", self.pos) + 1
            self.lineno += self.text.count("\n", more.start(), self.pos)
        return more is not None
