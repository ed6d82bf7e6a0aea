"""Texts that hurt a regular expression: what it repeats, what it begins with, and what breaks the match at the end."""

import re
from re import _compiler, _constants, _parser
from typing import NamedTuple

REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
ONE_CHARACTER = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY)
CHARACTERS = "a1 A.-,;:/()<>&@_é\n\t\"'=[]{}\\%#+*?|!~^$`x0Z\u4e00\u2013\ufeff\x7f\xa0\x00"
ATOMS = ("word ", "1", "a", " ", "\t\n", "A", "Ab ", ". ", ",", "; ", "-", "--", "(", "()", "<", "<b ", "&", "/", "://", "http://a/", '"', "'", "[", "[1] ", "\\", "@", "a@a.", "%4", ":", "=", "| ", "!", "é", "A, ", "1/", "_", "?", "#", "\x00")  # fmt: skip
ENDS = ("", "\n !")


class Way(NamedTuple):
    """How a text hurts: what comes first, what is repeated, what ends it."""

    first: str
    repeated: str
    end: str

    def text(self, size):
        """Return a text of about that many characters."""
        return f"{self.first}{self.repeated * (size // len(self.repeated))}{self.end}"


def ways_to_hurt(pattern):
    """Return generic ways, then those that are made of the pattern itself."""
    is_text = isinstance(pattern.pattern, str)
    flags = pattern.flags if is_text else pattern.flags | re.ASCII
    tree = _parser.parse(pattern.pattern, pattern.flags)
    own = (part for full in (False, True) for part in _parts(tree, flags, full, ""))
    parts = [*(("", atom, ENDS) for atom in ATOMS), *own]
    return list(dict.fromkeys(Way(first, repeated, end) for first, repeated, ends in parts for end in ends))


def _parts(tree, flags, full, before):
    """Yield what comes first, what is repeated and what may end it, for each repetition and each beginning of a pattern."""
    for op, argument in tree:
        if op in REPEATS:
            _, most, body = argument
            if most >= 8:
                if len(body) == 1 and body[0][0] in ONE_CHARACTER:
                    inside, outside = _characters(body[0], flags)
                    for character in inside:
                        yield before, character, ("!", *outside)
                elif sample := _sample(body, flags, full):
                    yield before, sample, ENDS
            yield from _parts(body, flags, full, before)
        elif op is _constants.SUBPATTERN:
            yield from _parts(argument[3], flags, full, before)
        elif op is _constants.ATOMIC_GROUP:
            yield from _parts(argument, flags, full, before)
        elif op is _constants.BRANCH:
            for branch in argument[1]:
                yield from _parts(branch, flags, full, before)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _parts(argument[1], flags, full, before)
        before += _sample([(op, argument)], flags, full)
        if before:
            yield "", before, ENDS


def _sample(tree, flags, full):
    """Return a text that a tree matches; with `full` it has what may be left out."""
    made = ""
    for op, argument in tree:
        if op in ONE_CHARACTER:
            made += chr(argument) if op is _constants.LITERAL else _characters((op, argument), flags)[0][0]
        elif op is _constants.SUBPATTERN:
            made += _sample(argument[3], flags, full)
        elif op is _constants.ATOMIC_GROUP:
            made += _sample(argument, flags, full)
        elif op in REPEATS:
            made += _sample(argument[2], flags, full) * max(argument[0], int(full))
        elif op is _constants.BRANCH:
            made += _sample(argument[1][0], flags, full)
    return made


def _characters(node, flags):
    """Return a few characters that a node matches, and a few that it does not."""
    one = _compiler.compile(_parser.SubPattern(_parser.State(), [node]), flags)
    inside = [character for character in CHARACTERS if one.fullmatch(character)]
    outside = [character for character in CHARACTERS if character not in inside and character not in "!"]
    return inside[:3] or [next(chr(code) for code in range(0x110000) if one.fullmatch(chr(code)))], outside[
        :1
    ] + outside[-1:]
