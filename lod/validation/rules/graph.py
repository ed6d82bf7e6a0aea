"""Rules about the whole graph of a record: IRIs, literals, raw copies, privacy (A06, G01 to G05, I24, R09, R10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lod.errors import BadValueError
from lod.privacy import holds_address
from lod.rdf.claims import RDF_NS, XSD_NS, checked_iri, is_iri
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

LONG_TEXTS = frozenset({"dcterms:abstract", "dcterms:description"})
_LIST_CELL = frozenset({"rdf:first", "rdf:rest"})
_RAW = "fld:"
_PERHAPS_DIRTY = re.compile("[\ufffdÃãÂâ&<]")
"""Each character that what is dirty starts with: found sooner than the whole."""
_DIRTY = re.compile(
    "\ufffd|Ã[\u0080-\u00bf]|Ã©|â€|&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,5});"
    r"|</?(?:p|br|i|b|u|em|strong|sub|sup|span|div|font|jats:[a-z]{1,12})(?:\s[^<>]{0,200})?/?>|</[a-z][a-z0-9:-]{0,30}\s?>",
    re.IGNORECASE,
)
# RFC 5646, section 2.1: language, extended language, script, region, variants, extensions, private use; "i-" and "x-" tags.
_LANGUAGE_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{3,8}|sgn-[a-z]{2}-[a-z]{2}|zh-min(?:-nan)?|en-gb-oed|art-lojban|cel-gaulish|no-(?:bok|nyn)",
    re.IGNORECASE,
)
# Properties whose values are individuals of a vocabulary.
_CODED = ("datacite:usesIdentifierScheme", "schema:interactionType", "schema:variableMeasured", "dcterms:type")
_DATA_PREFIXES = frozenset({"mesh", "fld"})
_LOCAL = ("rt:", "ids:")
_OTHERS_MATTER = ("owl:sameAs", "foaf:mbox", "foaf:mbox_sha1sum", "schema:email")  # D21, A05
_ALWAYS_KNOWN = frozenset({"rdf:type", "rdf:first", "rdf:rest", "rdf:List", *_OTHERS_MATTER})
_UNREAD_TAG = re.compile(r'".*"@[^\s"]*', re.DOTALL)


def _whole(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


# The date types are the matter of I19. Source: W3C XML Schema 1.1 Part 2, sections 3.3 and 3.4.
_FORMS: dict[str, Callable[[str], object]] = {
    f"{XSD_NS}{name}": _whole(pattern)
    for name, pattern in {
        "boolean": r"true|false|0|1",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "double": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
        "float": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
        "integer": r"[+-]?[0-9]+",
        "int": r"[+-]?[0-9]+",
        "long": r"[+-]?[0-9]+",
        "nonNegativeInteger": r"\+?[0-9]+|-0+",
        "positiveInteger": r"\+?0*[1-9][0-9]*",
        "anyURI": r"[^\s<>\"{}|\\^`]*",
        "gMonth": r"--(?:0[1-9]|1[0-2])(?:Z|[+-][0-9]{2}:[0-9]{2})?",
        "gDay": r"---(?:0[1-9]|[12][0-9]|3[01])(?:Z|[+-][0-9]{2}:[0-9]{2})?",
        "time": r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
        "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    }.items()
}
_TEXT_TYPES = frozenset({"", f"{XSD_NS}string", f"{RDF_NS}langString"})


def addresses(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A06: no e-mail address in any literal; abstracts and descriptions are the matter of A06w."""
    for literal in record.texts:
        if literal.property not in LONG_TEXTS and holds_address(literal.text):
            yield literal.subject, literal.property, literal.term


def addresses_in_abstracts(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A06w: authors write addresses into abstracts; that is reported, and does not refuse the record."""
    for literal in record.texts if not LONG_TEXTS.isdisjoint(record.holders) else ():
        if literal.property in LONG_TEXTS and holds_address(literal.text):
            yield literal.subject, literal.property, literal.term


def invalid_iris(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """G01: every IRI, that of a datatype too, is one that the store reads. Source: RFC 3987, section 2.2."""
    datatypes = {f"<{literal.datatype}>" for literal in record.typed}
    for term in sorted((record.iris | datatypes) - context.valid_iris):
        try:
            checked_iri(term[1:-1])
        except BadValueError:
            yield *_place_of(record, term, context), term
        else:
            context.valid_iris.add(term)


def _place_of(record: RecordIndex, term: str, context: RuleContext) -> tuple[str, str]:
    """Return subject and property of the first triple that has an IRI, as a term or as a datatype."""
    name_of_term = context.names.of(term)
    return next(
        (subject, name)
        for subject, properties in record.properties.items()
        for name, objects in properties.items()
        if term == subject or name == name_of_term or term in objects or any(o.endswith(f"^^{term}") for o in objects)
    )


def blank_nodes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """G03: no blank nodes at all; list cells have skolem IRIs."""
    for line in record.blank:
        yield record.item, "", line


def unreadable_claims(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """not-a-claim: every claim is a line of N-Triples."""
    for line in record.broken:
        yield record.item, "", line
    for subject, name, term in record.unreadable:
        if not _UNREAD_TAG.fullmatch(term):
            yield subject, name, term


def bad_language_tags(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I24: tags are well-formed; en_HK, with an underscore, is refused by readers."""
    for subject, name, term in record.unreadable:
        if _UNREAD_TAG.fullmatch(term):
            yield subject, name, term
    for literal in record.tagged:
        if not _LANGUAGE_TAG.fullmatch(literal.language):
            yield literal.subject, literal.property, literal.term


def dirty_texts(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """G04: no empty text, no space at an end, no damaged characters, entities, tags, or ends of unknown elements. Raw copies are as the source is."""
    for literal in record.texts:
        if literal.datatype in _TEXT_TYPES and not literal.property.startswith(_RAW):
            text = literal.text
            if (
                not text
                or text[0].isspace()
                or text[-1].isspace()
                or (_PERHAPS_DIRTY.search(text) and _DIRTY.search(text))
            ):
                yield literal.subject, literal.property, literal.term


def ill_typed_literals(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """G05: the text of a typed literal has the form of its type."""
    for literal in record.typed:
        form = _FORMS.get(literal.datatype)
        if form and not form(literal.text):
            yield literal.subject, literal.property, literal.term


def misplaced_raw_copies(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """R09: raw copies are texts and belong to the record, not to the work."""
    for subject, name, object_ in record.pairs(*(name for name in record.holders if name.startswith(_RAW))):
        if is_iri(object_) or not record.is_a(subject, "rt:Record"):
            yield subject, name, object_


def published_withheld_fields(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """R10: a withheld field has no raw copy; the finding does not repeat it."""
    for subject, _, field in record.pairs("rt:suppressedField"):
        name = f"{_RAW}{field[1:-1]}"
        if record.objects(subject, name):
            yield subject, name, field


def unknown_terms(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """G02: every property, every class and the values of coded properties are terms that vocab/terms/ lists.

    FaBiO classes of the item are the matter of I08; a field has a property by rule, a site may name schemes of its own.
    """
    yield from _unknown_properties_and_classes(record, context)
    yield from _unknown_codes(record, context)


def _unknown_properties_and_classes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    unknown = {
        name
        for name in record.holders
        if name not in context.known_terms and not name.startswith(_RAW) and not _is_known(name, context)
    }
    stated = set().union(*record.classes.values()) - context.known_terms
    classes = {name for name in stated if not _is_known(name, context)}
    if not unknown and not classes:
        return
    for subject, properties in record.properties.items():
        yield from ((subject, name, name) for name in properties if name in unknown)
        for name in record.classes.get(subject, ()):
            if name in classes and not (subject == record.item and name.startswith("fabio:")):
                yield subject, "rdf:type", name


def _unknown_codes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    names = context.names
    for subject, property_, term in record.pairs(*_CODED):
        name = names.of(term)
        if not name.startswith(_LOCAL) and not _is_known(name, context):
            vocabularies = (iri for prefix, iri in names.vocabulary.prefixes.items() if prefix not in _DATA_PREFIXES)
            if term[1:-1].startswith(tuple(vocabularies)):
                yield subject, property_, name


def _is_known(name: str, context: RuleContext) -> bool:
    if name in context.known_terms:
        return True
    if name in _ALWAYS_KNOWN or context.names.iri(name) in context.names.vocabulary.terms:
        context.known_terms.add(name)
        return True
    return False


def described_otherwise(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """R02: one record describes the item, and one only."""
    if not record.is_a(record.item, "rt:RepositoryItem"):
        return
    documents = [subject for subject, _, topic in record.pairs("foaf:primaryTopic") if topic == record.item]
    if len(documents) > 1 or not any(record.of_class("rt:Record")):
        yield record.item, "foaf:primaryTopic", " | ".join(document[1:-1] for document in sorted(documents))


def misnamed_records(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """R11: what is replaced together, the claims of one record, is named by the record inside it."""
    records = list(record.of_class("rt:Record"))
    if records and record.document not in records:
        for other in records:
            yield other, "rdf:type", record.document


def untargeted_resources(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """untargeted: every resource but a list cell has a class that a shape is for."""
    for subject, properties in record.properties.items():
        classes = record.classes.get(subject)
        if (classes is None or classes.isdisjoint(context.targeted)) and not properties.keys() <= _LIST_CELL:
            yield subject, "rdf:type", " | ".join(sorted(classes or ()))
