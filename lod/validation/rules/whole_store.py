"""Rules over the whole store: what several records state of one thing (D04, D07, A07, A10, C05, C22, G07).

Each record enters what it states into an index: under a key, such as `D07 10.1136/ard.2009.123463`, a value. The
findings about a key depend on its values alone, so that after a run only the keys that it touched are judged anew, and
the findings are the same whether records are published one by one or all at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from lod.mapping.mapped import Mapped
from lod.rdf.claims import RDF_NS, literal_parts, split_claim, text_of
from lod.report import Finding, Severity
from lod.validation.rules.table import RuleText, shown

_TITLE = "http://purl.org/dc/terms/title"
_DOI = "http://purl.org/ontology/bibo/doi"
_HANDLE = "http://purl.org/ontology/bibo/handle"
_NAME = "http://xmlns.com/foaf/0.1/name"
_PUBLISHER = "http://purl.org/dc/terms/publisher"
_FAMILY_NAME = "http://xmlns.com/foaf/0.1/familyName"
_TYPE, _SAME = f"<{RDF_NS}type>", "<http://schema.org/sameAs>"
_PUBLISHED_BY, _NAMED_BY = f"<{_PUBLISHER}>", f"<{_NAME}>"
_HANDLES = "<https://hdl.handle.net/"
_RDF_TYPE = f"{RDF_NS}type"
_BUILT_IN = ("id/dataset", "id/software/mapper")
_OWN = ("id/", "data/", ".well-known/genid/")
_NAMED = 3
_SORTS = {
    f"<http://purl.org/ontology/bibo/{name}>": name.lower() for name in ("Journal", "Magazine", "Newspaper", "Series")
}
"""Classes of serials of which none includes another; a periodical or a collection may be any of them."""
_SMALL_WORDS = frozenset((
    "a", "an", "and", "for", "in", "of", "on", "the", "und", "der", "die", "das", "de",
    "des", "du", "et", "la", "le", "les", "y", "el", "en",
))  # fmt: skip


class IndexEntry(NamedTuple):
    """What one record enters: `key` is "RULE thing", `value` what the record states of it."""

    key: str
    value: str


class ValueCount(NamedTuple):
    """One value of a key, how many records state it, and the first of them."""

    value: str
    records: int
    first: str


_Counts = Sequence[ValueCount]
_IsDescribed = Callable[[str], bool]

WHOLE_RULES = {
    rule.id: rule
    for rule in (
        RuleText(
            "D04",
            Severity.VIOLATION,
            "Handle used twice: two records share one identity. Delete one, or correct its handle in dc.identifier.uri.",
        ),
        RuleText(
            "D04w",
            Severity.WARNING,
            "Handle stated by two items, of one as a further handle. Take it out of the one that it does not lead to.",
        ),
        RuleText(
            "D07",
            Severity.WARNING,
            "DOI used by two items: a duplicate deposit, or two versions. Merge them, or keep the DOI on one of them only.",
        ),
        RuleText(
            "A07",
            Severity.WARNING,
            "One authority id, two surnames: a wrong match, or a change of name. Check the authority of the author.",
        ),
        RuleText(
            "A10",
            Severity.WARNING,
            "One publisher is spelt in several ways, so its publications are divided among several organisations. "
            "Settle on one spelling in dc.publisher.",
        ),
        RuleText(
            "C05i",
            Severity.INFO,
            "Title of the journal is spelt in several ways. Settle on one spelling in dc.relation.ispartof.",
        ),
        RuleText(
            "C05w",
            Severity.WARNING,
            "One journal has two different titles, so one of the records has a wrong ISSN or a wrong title. "
            "Check dc.identifier.issn and dc.relation.ispartof.",
        ),
        RuleText(
            "C22",
            Severity.WARNING,
            "One serial is of two classes, so one of the records has a wrong ISSN or a wrong document type. "
            "Check dc.identifier.issn and dc.type.",
        ),
        RuleText(
            "G07",
            Severity.WARNING,
            "Link to a resource of this site that nothing describes: it answers 404 or 410. "
            "Correct the identifier, or publish the record that it names.",
        ),
    )
}


def index_entries(mapped: Mapped, *, with_handles: bool = False) -> list[IndexEntry]:
    """Return what a record enters into the index, each entry once.

    In a site handles are keys, so that none can occur twice; `with_handles` enters them for foreign data (D04).
    """
    base = mapped.item.removesuffix(f"id/item/{mapped.key}")
    starts = tuple(f"<{base}{space}" for space in _OWN)
    spaces = f"<{mapped.item}>", f"<{base}id/serial/", f"<{base}id/person/"
    of_texts = _OF_TEXTS | {f"<{_HANDLE}>": _handle} if with_handles else _OF_TEXTS
    found: dict[IndexEntry, None] = {}
    before = ""
    described: set[str] = set()
    linked: dict[str, None] = {}
    publishers: set[str] = set()
    names: list[tuple[str, str]] = []
    for subject, predicate, object_ in _parts_of(mapped.claims):
        if subject != before:
            before = subject
            described.add(subject)
        if object_[:1] == "<":
            if predicate == _TYPE:
                if subject.startswith(spaces[1]):
                    found.update(dict.fromkeys(_sort(subject, object_, spaces, mapped.key)))
                continue
            if object_.startswith(starts):
                linked[object_] = None
            if predicate == _PUBLISHED_BY:
                publishers.add(object_)
            elif predicate == _SAME:
                found.update(dict.fromkeys(_further_handle(subject, object_, spaces, mapped.key)))
        elif predicate == _NAMED_BY:
            names.append((subject, object_))
        elif predicate in of_texts:
            found.update(dict.fromkeys(of_texts[predicate](subject, object_, spaces, mapped.key)))
    stated = (text_of(name) for agent, name in names if agent in publishers)
    dangling = (term[1:-1] for term in linked if term not in described)
    targets = (target for target in dangling if target.removeprefix(base) not in _BUILT_IN)
    found.update(dict.fromkeys(_spellings(stated)))
    found.update(dict.fromkeys(IndexEntry(f"G07 {target}", mapped.key) for target in targets))
    return _first_of_each(found)


def _parts_of(claims: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield subject, predicate and object of each claim; what is none is left out."""
    for line in claims:
        parts = line.split(" ", 2)
        # The form of most claims is plain to see; a pattern takes several times as long.
        if len(parts) == 3 and parts[0][-1:] == parts[1][-1:] == ">" and parts[1][0] == "<" and parts[2][-2:] == " .":
            parts[2] = parts[2][:-2]
            yield parts
        else:
            with suppress(ValueError):
                yield split_claim(line)


def _spellings(publishers: Iterable[str]) -> Iterator[IndexEntry]:
    for name in publishers:
        if stem := publisher_stem(name):
            yield IndexEntry(f"A10 {stem}", name)


def _first_of_each(found: Iterable[IndexEntry]) -> list[IndexEntry]:
    # Two titles or surnames in one record are the matter of C20 and A02.
    first = {
        (entry.key, entry.value if entry.key.startswith(("C22", "G07")) else ""): entry for entry in reversed([*found])
    }
    return list(reversed(first.values()))


def _is_serial(subject: str, start: str) -> bool:
    return subject.startswith(start) and "/" not in subject[len(start) :] and "#" not in subject


def _doi(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    if subject == spaces[0]:
        yield IndexEntry(f"D07 {text_of(term)}", key)


def _handle(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    if subject == spaces[0]:
        yield IndexEntry(f"D04 {text_of(term).lower()}", key)


def _further_handle(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    # An item's own handle is stated so too.
    if subject == spaces[0] and term.startswith(_HANDLES):
        yield IndexEntry(f"D04w {unquote(term[len(_HANDLES) : -1]).lower()}", key)


def _sort(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    if term in _SORTS and _is_serial(subject, spaces[1]):
        yield IndexEntry(f"C22 {subject[1:-1]}", _SORTS[term])


def _title(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    if _is_serial(subject, spaces[1]):
        text, language, _ = literal_parts(term)
        yield IndexEntry(f"C05 {subject[1:-1]} {language or ''}".rstrip(), text)


def _family_name(subject: str, term: str, spaces: tuple[str, str, str], key: str) -> Iterator[IndexEntry]:
    if subject.startswith(spaces[2]) and "#" not in subject:
        yield IndexEntry(f"A07 {subject[1:-1]}", text_of(term))


_Readers = dict[str, Callable[[str, str, tuple[str, str, str], str], Iterator[IndexEntry]]]
_OF_TEXTS: _Readers = {f"<{_DOI}>": _doi, f"<{_TITLE}>": _title, f"<{_FAMILY_NAME}>": _family_name}
"""What a claim with a text enters by itself, by its property, encoded."""


def findings_of_key(key: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    """Yield the findings about one key. `is_described` returns whether anything is published about an IRI.

    The record of a finding is named as `ValueCount.first` names it.
    """
    rule, _, thing = key.partition(" ")
    # A key that a run has touched may have no values any more.
    if counts:
        yield from _JUDGES[rule](rule, thing, sorted(counts), is_described)


def _used_twice(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    if len(counts) < 2:
        return
    names = [count.value for count in counts]
    for count in counts:
        others = [name for name in names[: _NAMED + 1] if name != count.value][:_NAMED]
        more = len(names) - 1 - len(others)
        also = f"{', '.join(others)}{f' and {more} more' if more else ''}"
        yield _finding(rule, count.first, f"{thing}, also {also}", "", _PATHS[rule])


def _one_surname(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    usual = _most_frequent(counts)
    for count in counts:
        if _folded(count.value) != _folded(usual.value):
            yield _finding(rule, count.first, _compared(count, usual), thing, _FAMILY_NAME)


def _one_spelling(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    usual = _most_frequent(counts)
    for count in counts:
        if count is not usual:
            yield _finding(rule, count.first, _compared(count, usual), "", _PUBLISHER)


def _one_title(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    usual = _most_frequent(counts)
    for count in counts:
        if count is not usual:
            name = f"{rule}i" if is_spelling_of(count.value, usual.value) else f"{rule}w"
            yield _finding(name, count.first, _compared(count, usual), thing.partition(" ")[0], _TITLE)


def _one_class(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    usual = _most_frequent(counts)
    for count in counts:
        if count is not usual:
            yield _finding(rule, count.first, _compared(count, usual), thing, _RDF_TYPE)


def _dangling(rule: str, thing: str, counts: _Counts, is_described: _IsDescribed) -> Iterator[Finding]:
    if counts and not is_described(thing):
        for count in counts:
            yield _finding(rule, count.first, thing, "", "")


_JUDGES = {
    "D04": _used_twice,
    "D04w": _used_twice,
    "D07": _used_twice,
    "A07": _one_surname,
    "A10": _one_spelling,
    "C05": _one_title,
    "C22": _one_class,
    "G07": _dangling,
}
_PATHS = {"D04": _HANDLE, "D04w": _HANDLE, "D07": _DOI}


def _most_frequent(counts: Sequence[ValueCount]) -> ValueCount:
    return max(counts, key=lambda count: count.records)


def _compared(count: ValueCount, usual: ValueCount) -> str:
    return f"{_counted(count)}, elsewhere {_counted(usual)}"


def _counted(count: ValueCount) -> str:
    return f"{count.value} ({count.records} {'record' if count.records == 1 else 'records'})"


def _finding(name: str, record: str, value: str, focus: str, path: str) -> Finding:
    rule = WHOLE_RULES[name]
    return Finding(rule.id, rule.severity, rule.message, record=record, value=shown(value), focus=focus, path=path)


def is_spelling_of(one: str, other: str) -> bool:
    """Return whether two titles are one title: but for case, marks, small words, words cut short, or a subtitle."""
    return any(
        _shortens(short, long)
        for a, b in ((one, other), (other, one))
        for short in (_words(a),)
        for long in (_words(b), _words(re.split(r"(?:(?<!\s)\s++)?[:=(/]", b, maxsplit=1)[0]))
    )


_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_LEGAL_FORMS = frozenset((
    "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "limited", "llc", "llp",
    "ltd", "ltda", "mbh", "nv", "oy", "plc", "pty", "sa", "sas", "sl", "spa", "srl",
))  # fmt: skip


@lru_cache(maxsize=4_096)
def publisher_stem(name: str) -> str:
    """Return what the spellings of a publisher have in common: no case, marks, legal form or brackets ("Elsevier (12 months)", "Elsevier B.V.")."""
    bare = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", _BRACKETS.sub(" ", name))
    words = _words(bare)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _words(title: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return [word for word in re.findall(r"\w+", plain) if word not in _SMALL_WORDS]


def _shortens(short: Iterable[str], long: Sequence[str]) -> bool:
    words = list(short)
    return (
        bool(words)
        and len(words) == len(long)
        and all(whole.startswith(word) for word, whole in zip(words, long, strict=True))
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
