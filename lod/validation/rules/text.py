"""Rules about titles, types, abstracts and names of publishers (I02 to I08, I25 to I27)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lod.rdf.claims import literal_parts
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

_PLACEHOLDER = re.compile(r"\s*+(?:[-.?_]*+|untitled|no title|title|tests?|testing|n/?a|tba|tbd)\s*+", re.IGNORECASE)
_NO_ABSTRACT = re.compile(r"\s*(?:no abstract|not available|abstract not available|n/?a\b)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|web ?site", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]{4}")
_ANY_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z]{4}")
_LATIN_LANGUAGES = frozenset(
    ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "no", "nb", "nn", "da", "fi", "is", "pl", "cs", "hu", "ro")
)
_EAST_ASIAN_LANGUAGES = frozenset({"zh", "ja", "ko"})
_SHORTEST_ABSTRACT = 40
_OTHER_TYPE = "<http://purl.org/coar/resource_type/c_1843>"
# FaBiO classes in the vocabulary that are no Expressions; all others there are.
_NOT_FOR_ITEMS = frozenset({"fabio:ComputerFile", "fabio:SubjectTerm", "fabio:TermDictionary"})


def _texts(record: RecordIndex, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield term, text and language tag ("" for none) of the item's literals of one property."""
    for term in record.objects(record.item, name):
        if term.startswith('"'):
            text, language, _ = literal_parts(term)
            yield term, text, (language or "").lower()


def _second_in_its_language(record: RecordIndex, name: str) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for term, _, language in _texts(record, name):
        if language in seen:
            yield record.item, name, term
        seen.add(language)


def repeated_titles(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I02: at most one title a language, and one without a tag."""
    yield from _second_in_its_language(record, "dcterms:title")


def placeholder_titles(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I03: a title that only fills the field of a form."""
    for term, text, _ in _texts(record, "dcterms:title"):
        if _PLACEHOLDER.fullmatch(text):
            yield record.item, "dcterms:title", term


def titles_in_capitals(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I04: more than 20 characters, all capitals; scripts without case do not count."""
    for term, text, _ in _texts(record, "dcterms:title"):
        if len(text) > 20 and text.isupper():
            yield record.item, "dcterms:title", term


def missing_classes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I05: at least one class of BIBO and one of FaBiO."""
    if not record.is_a(record.item, "rt:RepositoryItem"):
        return
    classes = record.classes[record.item]
    # A thing is no document, and BIBO has a class for no other thing.
    wanted = ("fabio:",) if "dcmitype:PhysicalObject" in classes else ("bibo:", "fabio:")
    if not all(any(name.startswith(prefix) for name in classes) for prefix in wanted):
        yield record.item, "rdf:type", " | ".join(sorted(classes))


def unmatched_types(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I07: typed "other" while the record keeps a type that no table knows (a source that says "other" keeps none)."""
    if _OTHER_TYPE not in record.objects(record.item, "dcterms:type"):
        return
    for name in ("fld:dc.type", "fld:dcterms.type"):
        for term in record.objects(record.document, name):
            yield record.item, "dcterms:type", term


def wrong_level_classes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I08: FaBiO's Works, Manifestations and Items are disjoint with its Expressions.

    The vocabulary holds Expression classes only, but for three that are not for items, so whatever it does not know
    is refused too.
    """
    if not record.is_a(record.item, "rt:RepositoryItem"):
        return
    terms = context.names.vocabulary.terms
    for name in sorted(record.classes[record.item]):
        if name.startswith("fabio:") and (name in _NOT_FOR_ITEMS or context.names.iri(name) not in terms):
            yield record.item, "rdf:type", name


def tags_against_script(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I25: Han, kana or Hangul under a European tag, Latin alone under zh, ja or ko (zh-Latn is honest)."""
    for name in ("dcterms:title", "dcterms:abstract"):
        for term, text, language in _texts(record, name):
            primary = language.partition("-")[0]
            if primary in _LATIN_LANGUAGES:
                wrong = not text.isascii() and _EAST_ASIAN.search(text) is not None
            elif primary in _EAST_ASIAN_LANGUAGES and "latn" not in language:
                wrong = _LATIN.search(text) is not None and _ANY_EAST_ASIAN.search(text) is None
            else:
                wrong = False
            if wrong:
                yield record.item, name, term


# Spacing accents beside a letter, a combining one where none can stand: "Universite´", "Mu ¨ller".
_LOOSE_ACCENT = re.compile(
    r"[^\W\d_] ?[\u00a8\u00b4\u00b8\u02c6\u02c7\u02d8-\u02dd]|[\u00a8\u00b4\u02c6\u02c7\u02d8-\u02dd] ?[^\W\d_]|(?:^|\s)[\u0300-\u036f]"
)


_ACCENT = re.compile(r"[\u00a8\u00b4\u00b8\u02c6\u02c7\u02d8-\u02dd\u0300-\u036f]")
"""One of these is in all that the pattern finds: a text is searched for them in a fraction of the time."""


def odd_signs(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """odd-signs: no soft hyphens and no loose accents in texts and names."""
    for literal in record.texts:
        text = literal.text
        if not text.isascii() and ("\u00ad" in text or (_ACCENT.search(text) and _LOOSE_ACCENT.search(text))):
            yield literal.subject, literal.property, literal.term


def suspicious_abstracts(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I26: one abstract a language, of some length, that is no placeholder."""
    yield from _second_in_its_language(record, "dcterms:abstract")
    for term, text, _ in _texts(record, "dcterms:abstract"):
        # A character of an East Asian script says about as much as a short word.
        length = len(text) + 2 * len(_ANY_EAST_ASIAN.findall(text[:_SHORTEST_ABSTRACT]))
        if length < _SHORTEST_ABSTRACT or _NO_ABSTRACT.match(text):
            yield record.item, "dcterms:abstract", term


def publishers_with_addresses(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I27: a publisher's name without addresses and without remarks about web sites."""
    for publisher in record.objects(record.item, "dcterms:publisher"):
        for name in record.objects(publisher, "foaf:name"):
            if _ADDRESS.search(name):
                yield publisher, "foaf:name", name
