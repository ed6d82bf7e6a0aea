"""One row a setting, for lod.toml and its [[source]] tables, and one function that reads and checks a table of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from lod.numbers import whole_number


class TomlTable(tuple[tuple[str, tuple[str, ...]], ...]):
    """A table of texts as a setting has it: pairs of a name and its texts, in the order of the file."""

    __slots__ = ()


_TYPE_WORDS = {
    str: "a text in quotation marks",
    int: "a whole number",
    bool: "true or false",
    tuple: "a list of texts in quotation marks",
    TomlTable: 'a table of texts, such as { "dc.type" = "Article" }',
}
_HOLDS_USER = re.compile(r"[^/?#]*//?[^/?#]*@")


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a text: what it takes, in words, and the test for it.

    `credentials` makes it the form of an address without a user and password: the environment variables where they belong.
    """

    takes: str
    fits: Callable[[str], object]
    credentials: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        default: its value where it is not set; MISSING if it has to be set. Its type is the type of the setting.
        group: heading under which people look for it.
        least, most: bounds of a number.
        choices: the texts that it takes; form: the form that its texts have. Of a list every item is meant.
        splits_at: characters, as in a regular expression, at which a text that is given for a list is split; "" for none.
    """

    name: str
    default: Any
    help: str
    group: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    form: Form | None = None
    splits_at: str = ""

    @property
    def type(self) -> type:
        """The Python type of its values: str, int, bool, tuple for a list of texts, `TomlTable` for texts by name."""
        return str if self.default is MISSING else type(self.default)

    @property
    def is_list(self) -> bool:
        """Whether it takes a list of texts."""
        return self.type is tuple

    @property
    def bounds(self) -> str:
        """What its values may be, in words; "" where any value of its type will do."""
        if self.choices:
            return f"one {'or more ' if self.is_list else ''}of {', '.join(self.choices)}"
        if self.form:
            return self.form.takes
        if self.least is None:
            return ""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    @property
    def type_words(self) -> str:
        """Its type in words."""
        return _TYPE_WORDS[self.type]

    def faults(self, value: Any, subject: str) -> Iterator[str]:
        """Yield what is wrong with a value of its type; `subject` names the setting: "lod.toml: 'port'"."""
        verb = "is" if self.type in (str, int, bool) else "names"
        items = [name for name, _ in value] if self.type is TomlTable else value if self.is_list else (value,)
        for item in items:
            if self.form and self.form.credentials and _HOLDS_USER.match(item):
                yield f"{subject} holds a user or password; put them into the environment as {self.form.credentials}"
            elif not (self._fits(item) or item == self.default):
                yield f"{subject} {verb} {item!r}; it takes {self.bounds}"

    def _fits(self, item: Any) -> bool:
        if self.choices:
            return item in self.choices
        if self.form:
            return bool(self.form.fits(item))
        return (self.least is None or item >= self.least) and (self.most is None or item <= self.most)

    def from_toml(self, value: Any) -> Any:
        """Return a value that TOML gives, a list as a tuple without repetitions; None if it is of another type."""
        if self.type is TomlTable:
            return _texts_by_name(value) if isinstance(value, dict) else None
        if not self.is_list:
            return value if type(value) is self.type else None
        if isinstance(value, str):
            value = self._split(value)
        is_list = isinstance(value, list | tuple) and all(isinstance(item, str) and item.strip() for item in value)
        return tuple(dict.fromkeys(item.strip() for item in value)) if is_list else None

    def from_text(self, text: str) -> Any:
        """Return the value of an environment variable; None if it is of another type."""
        if self.type is int:
            return whole_number(text)
        if self.type is bool:
            return {"true": True, "false": False}.get(text.lower())
        return self.from_toml(text)

    def _split(self, text: str) -> list[str]:
        parts = re.split(f"[{self.splits_at}]", text) if self.splits_at else [text]
        return [part for part in parts if part.strip()]


def _texts_by_name(table: Mapping[str, Any]) -> TomlTable | None:
    pairs = [(name, tuple(texts) if isinstance(texts, list) else (texts,)) for name, texts in table.items()]
    are_texts = all(isinstance(text, str) and text.strip() for _, texts in pairs for text in texts)
    return TomlTable(pairs) if are_texts and all(texts for _, texts in pairs) else None


def setting(help_: str, default: Any = MISSING, **rest: Any) -> Any:
    """Return a field of a dataclass of settings; `rest` are attributes of its `Setting`."""
    return field(metadata={"help": help_, **rest}, **({} if default is MISSING else {"default": default}))


def rows_of(settings: type) -> tuple[Setting, ...]:
    """Return the table of a dataclass of settings."""
    return tuple(Setting(row.name, row.default, **row.metadata) for row in fields(settings))


@dataclass(frozen=True, slots=True)
class TableRead:
    """What was read of one table: values by name, every fault, and hints at what is written in an old form."""

    values: dict[str, Any]
    faults: list[str]
    hints: list[str]


def read_table(
    rows: Sequence[Setting], table: Mapping[str, Any], label: str, environment: Mapping[str, str] | None = None
) -> TableRead:
    """Read and check a table of TOML; a variable LOD_NAME of the environment replaces the value of `name`.

    `label` names the table in messages: "lod.toml", "lod.toml, [[source]] theses".
    """
    known = {row.name: row for row in rows}
    read = TableRead({}, [*_unknown(known, table, label)], [])
    for row in rows:
        variable, subject = f"LOD_{row.name.upper()}", f"{label}: '{row.name}'"
        if environment and variable in environment:
            _take(read, row, row.from_text(environment[variable]), environment[variable], variable)
        elif row.name in table:
            _take(read, row, row.from_toml(table[row.name]), table[row.name], subject)
            if row.splits_at and isinstance(table[row.name], str) and len(read.values.get(row.name, ())) != 1:
                read.hints.append(f"{subject} is a list now: {row.name} = {toml(read.values[row.name])}")
        elif row.default is MISSING:
            read.faults.append(f"{subject} is not set: {row.help[0].lower()}{row.help[1:]}")
    return read


def _take(read: TableRead, row: Setting, value: Any, given: Any, subject: str) -> None:
    """Keep a value and its faults; None is one of another type than the row's."""
    if value is None:
        read.faults.append(f"{subject} is {given!r}; it takes {row.type_words}")
    else:
        read.values[row.name] = value
        read.faults.extend(row.faults(value, subject))


def _unknown(known: Mapping[str, Setting], table: Mapping[str, Any], label: str) -> Iterator[str]:
    for name in table:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
            yield f"{label}: unknown setting '{name}'; {hint}"


def toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, TomlTable):
        return f"{{{', '.join(f' {toml(name)} = {toml(texts)}' for name, texts in value)} }}" if value else "{}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
