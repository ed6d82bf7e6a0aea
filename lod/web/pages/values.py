"""Values as pages show them: text, link, language. Only http, https and mailto IRIs become links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

import langcodes
from markupsafe import Markup

from lod.rdf.claims import XSD_NS, iri_text, is_iri, literal_parts
from lod.rdf.vocabulary import Vocabulary
from lod.web.languages.catalogues import gettext
from lod.web.languages.page_language import is_read, page_language
from lod.web.pages.code_words import volume_or_issue, words_of
from lod.web.reading import terms
from lod.web.reading.containers import container_levels
from lod.web.reading.documents import Document, Name, best_name
from lod.web.service import Service
from lod.web.view import PublishedView

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SILENT_DATATYPES = frozenset(
    {
        f"{XSD_NS}{name}"
        for name in ("string", "gYear", "gYearMonth", "date", "dateTime", "integer", "anyURI", "decimal")
    }
)


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

    def __init__(self, view: PublishedView, document: Document) -> None:
        self.view = view
        self.document = document
        self._vocabulary = view.service.vocabulary
        self._subject = iri_text(document.subject)
        self._names: dict[str, Name] = {}
        self._labels: dict[str, str] = {}
        self._reader = page_language().tag

    def show(self, term: str) -> Shown:
        """Return an encoded term as pages show it."""
        return self._resource(iri_text(term)) if is_iri(term) else self._literal(term)

    def all(self, subject: str, predicate: str) -> list[Shown]:
        """Return the objects of subject and predicate (encoded), by text, those in the language of the page first."""
        found = by_text(self.show(object_) for object_ in self.document.objects(subject, predicate))
        if len({shown.language for shown in found}) > 1:
            found.sort(key=lambda shown: not is_read(shown.language, self._reader))
        return found

    def first(self, subject: str, predicate: str) -> Shown | None:
        """Return one object of subject and predicate, the best for the reader where there are several."""
        name = best_name(self.document.objects(subject, predicate), self._reader)
        return Shown(name[0], None, name[1]) if name else None

    def name(self, subject: str) -> Name:
        """Return the best name of a resource; its IRI, shortened, where it has no name."""
        # A page shows an author several times: in the list of authors and in the statements.
        known = self._names.get(subject)
        if known is None:
            known = self._names[subject] = self._name(subject)
        return known

    def _name(self, subject: str) -> Name:
        found = self.document.name_of(f"<{subject}>", self._reader) or (
            self.view.reader.label(subject, self._reader) if self._is_own(subject) else None
        )
        if found:
            # The labels of terms of this site are in English.
            translated = gettext(found[0]) if subject in self._vocabulary.terms else found[0]
            return (translated, None) if translated != found[0] else found
        words = words_of(subject)
        if words:
            return words, None
        if subject in self._vocabulary.terms:
            return gettext(self._vocabulary.label(subject)), None
        named = self._numbered(subject) or self._literal_value(subject) or self._by_key(subject)
        return named or (self._vocabulary.compact(subject), None)

    def resource_label(self, term: str) -> str:
        """Return the label of a class, a property or a scheme in the language of the page."""
        known = self._labels.get(term)
        if known is None:
            known = self._labels[term] = self._label(term)
        return known

    def _label(self, term: str) -> str:
        is_local = term.startswith(self.view.addresses.namespace)
        described = self.view.service.local_terms.describe(term) if is_local else []
        labels = (object_ for _, predicate, object_ in described if predicate == terms.LABEL)
        name = best_name(labels, self._reader)
        return gettext(name[0] if name else self._vocabulary.label(term))

    def containers(self, subject: str) -> list[Shown]:
        """Return what a resource is part of, the widest first: journal, volume, issue."""
        levels = container_levels(
            f"<{subject}>", lambda child: self._objects(iri_text(child), terms.IS_PART_OF), {f"<{subject}>"}
        )
        shown = [by_text(self._resource(iri_text(container)) for container in level) for level in levels]
        return [container for level in reversed(shown) for container in level]

    def _objects(self, subject: str, predicate: str) -> list[str]:
        described = self.document.objects(f"<{subject}>", predicate)
        if described or not self._is_own(subject):
            return described
        return list(self.view.reader.store.objects(subject, iri_text(predicate)))

    def _is_own(self, subject: str) -> bool:
        return subject.startswith((self.view.addresses.base, self.view.addresses.namespace))

    def _numbered(self, subject: str) -> Name | None:
        for predicate, word in ((terms.ISSUE, "issue"), (terms.VOLUME, "volume")):
            numbers = self._objects(subject, predicate)
            if numbers and not self._objects(subject, terms.AUTHOR_LIST):
                return volume_or_issue(word, literal_parts(numbers[0])[0]), None
        return None

    def _literal_value(self, subject: str) -> Name | None:
        for predicate in (terms.LITERAL_VALUE, terms.AWARD_NUMBER):
            values = self._objects(subject, predicate)
            if values:
                return literal_parts(values[0])[0], None
        return None

    def _by_key(self, subject: str) -> Name | None:
        """Return the number by which a book or a serial without a title is known."""
        for place, word in (("book", "ISBN"), ("serial", "ISSN")):
            key = subject.removeprefix(f"{self.view.addresses.base}id/{place}/")
            if key != subject and key[:1].isdigit() and "/" not in key:
                return f"{word} {key}", None
        return None

    def _resource(self, iri: str) -> Shown:
        text, language = self.name(iri)
        link = self.view.addresses.link(iri)
        if iri.startswith(f"{self._subject}#"):
            link = iri[len(self._subject) :]
        return Shown(text, link, language)

    def _literal(self, term: str) -> Shown:
        return shown_literal(self._vocabulary, *literal_parts(term))


@lru_cache(maxsize=4_096)
def lang_attribute(tag: str | None) -> Markup:
    """Return the attribute `lang` of an element with text in a language, after a space; nothing where the tag is not registered.

    A screen reader would read a text under an unknown tag with any voice. Source: WCAG 2.2, 3.1.2; RFC 5646, section 2.2.9.
    """
    try:
        standard = langcodes.standardize_tag((tag or "").replace("_", "-"))
    except ValueError:
        return Markup()
    return Markup(' lang="{}"').format(standard) if tag and langcodes.tag_is_valid(standard) else Markup()


def shown_iri(service: Service, iri: str) -> Shown:
    """Return an IRI as tables of triples and results show it: one of this site without the base, others with a prefix."""
    own = iri.removeprefix(service.addresses.base)
    return Shown(own if own != iri and own else service.vocabulary.compact(iri), service.addresses.link(iri))


def shown_literal(vocabulary: Vocabulary, text: str, language: str | None, datatype: str | None) -> Shown:
    """Return a literal as pages show it: an address as a link, an uncommon datatype beside it."""
    href = text if datatype in {None, f"{XSD_NS}anyURI"} and _WEB_ADDRESS.fullmatch(text) else None
    note = "" if datatype is None or datatype in _SILENT_DATATYPES else vocabulary.compact(datatype)
    return Shown(text, href, language, note)


def search_for(values: Values, **parameters: str) -> str:
    """Return the path of a search, for what has no page of its own."""
    return values.view.addresses.path(f"search?{urlencode(parameters)}")


def by_text(values: Iterable[Shown]) -> list[Shown]:
    """Return values in natural order: without regard to case, numbers by size."""
    return sorted(values, key=lambda value: natural(value.text))


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts "Volume 9" before "Volume 10"."""
    parts = re.split(r"([0-9]{1,18})", text.casefold())
    return [(1, int(part), "") if part.isdecimal() and part.isascii() else (0, 0, part) for part in parts]
