"""Values as pages show them: text, link, language. Only http, https and mailto IRIs become links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.rdf.claims import XSD_NS, iri_text, is_iri, literal_parts
from lod.rdf.vocabulary import Vocabulary
from lod.web.reading import terms
from lod.web.reading.documents import Document
from lod.web.reading.reader import Reader, best_name
from lod.web.service import Service

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SILENT_DATATYPES = frozenset(
    {
        f"{XSD_NS}{name}"
        for name in ("string", "gYear", "gYearMonth", "date", "dateTime", "integer", "anyURI", "decimal")
    }
)
_LANGUAGE_CODE = re.compile(r"http://id\.loc\.gov/vocabulary/iso639-2/([a-z]{3})")
_CONTAINER_STEPS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """One value on a page. `note` is a datatype or another remark, shown small; `members` are those of a list."""

    text: str
    href: str | None = None
    language: str | None = None
    note: str = ""
    members: tuple[Shown, ...] = ()


class Values:
    """Shows encoded terms of one document."""

    def __init__(self, here: Service, reader: Reader, document: Document) -> None:
        self.here = here
        self.reader = reader
        self.document = document
        self._subject = iri_text(document.subject)
        self._names: dict[str, tuple[str, str | None]] = {}

    def show(self, term: str) -> Shown:
        """Return an encoded term as pages show it."""
        return self._resource(iri_text(term)) if is_iri(term) else self._literal(term)

    def all(self, subject: str, predicate: str) -> list[Shown]:
        """Return the objects of subject and predicate (encoded), by text."""
        return by_text(self.show(object_) for object_ in self.document.objects(subject, predicate))

    def first(self, subject: str, predicate: str) -> Shown | None:
        """Return one object of subject and predicate, the one in English or without a language where there are several."""
        name = best_name(self.document.objects(subject, predicate))
        return Shown(name[0], None, name[1]) if name else None

    def name(self, subject: str) -> tuple[str, str | None]:
        """Return what a resource is called and in which language; its IRI, shortened, where it has no name."""
        # An author stands among the authors, in the list of authors and among what is stated.
        known = self._names.get(subject)
        if known is None:
            known = self._names[subject] = self._name(subject)
        return known

    def _name(self, subject: str) -> tuple[str, str | None]:
        found = best_name([object_ for label in terms.LABELS for object_ in self._objects(subject, label)[:3]])
        if found:
            return found
        if subject in self.here.vocabulary.terms:
            return self.here.vocabulary.label(subject), None
        return self._numbered(subject) or self._literal_value(subject) or (self._short(subject), None)

    def resource_label(self, term: str) -> str:
        """Return what pages call a class, a property or a scheme."""
        named = self.here.local_terms.describe(term) if term.startswith(self.here.addresses.namespace) else []
        name = best_name([object_ for _, predicate, object_ in named if predicate == terms.LABEL])
        return name[0] if name else self.here.vocabulary.label(term)

    def containers(self, subject: str) -> list[Shown]:
        """Return what a resource is part of, the widest first: journal, volume, issue."""
        found: list[Shown] = []
        current = subject
        for _ in range(_CONTAINER_STEPS):
            parents = [iri_text(term) for term in self._objects(current, terms.IS_PART_OF) if is_iri(term)]
            if not parents:
                break
            found = [*by_text(self._resource(parent) for parent in parents), *found]
            current = parents[0]
        return found

    def _objects(self, subject: str, predicate: str) -> list[str]:
        described = self.document.objects(f"<{subject}>", predicate)
        if described or not subject.startswith((self.here.addresses.base, self.here.addresses.namespace)):
            return described
        return list(self.reader.store.objects(subject, iri_text(predicate)))

    def _numbered(self, subject: str) -> tuple[str, str | None] | None:
        for predicate, word in ((terms.ISSUE, "Issue"), (terms.VOLUME, "Volume")):
            numbers = self._objects(subject, predicate)
            if numbers and not self._objects(subject, terms.AUTHOR_LIST):
                return f"{word} {literal_parts(numbers[0])[0]}", None
        return None

    def _literal_value(self, subject: str) -> tuple[str, str | None] | None:
        for predicate in (terms.LITERAL_VALUE, terms.AWARD_NUMBER):
            values = self._objects(subject, predicate)
            if values:
                return literal_parts(values[0])[0], None
        return None

    def _short(self, iri: str) -> str:
        code = _LANGUAGE_CODE.fullmatch(iri)
        return code[1] if code else self.here.vocabulary.compact(iri)

    def _resource(self, iri: str) -> Shown:
        text, language = self.name(iri)
        link = self.here.addresses.link(iri)
        if iri.startswith(f"{self._subject}#"):
            link = iri[len(self._subject) :]
        return Shown(text, link, language)

    def _literal(self, term: str) -> Shown:
        return shown_literal(self.here.vocabulary, *literal_parts(term))


def shown_iri(here: Service, iri: str) -> Shown:
    """Return an IRI as tables of queries show it: of this site without its address, else with a prefix where there is one."""
    own = iri.removeprefix(here.addresses.base)
    return Shown(own if own != iri and own else here.vocabulary.compact(iri), here.addresses.link(iri))


def shown_literal(vocabulary: Vocabulary, text: str, language: str | None, datatype: str | None) -> Shown:
    """Return a literal as pages show it: an address as a link, an uncommon datatype beside it."""
    href = text if datatype in {None, f"{XSD_NS}anyURI"} and _WEB_ADDRESS.fullmatch(text) else None
    note = "" if datatype is None or datatype in _SILENT_DATATYPES else vocabulary.compact(datatype)
    return Shown(text, href, language, note)


def by_text(values: Iterable[Shown]) -> list[Shown]:
    """Return values sorted as people would: without regard to case, numbers by size."""
    return sorted(values, key=lambda value: natural(value.text))


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts "Volume 9" before "Volume 10"."""
    parts = re.split(r"([0-9]{1,18})", text.casefold())
    return [(1, int(part), "") if part.isdecimal() and part.isascii() else (0, 0, part) for part in parts]
