"""Rules about pages, volumes, journals and the subject hierarchy (C10 to C19, S03 to S06)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from lod.rdf.claims import is_iri, text_of
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

_PAGE = re.compile(r"[0-9]{1,12}")
_LONGEST_RANGE = 1000
_LABEL = re.compile(r"(?:^|\s)(?:vol(?:ume)?|issue|(?:v|no|nr)\.)(?:[.\s0-9]|$)", re.IGNORECASE)
_MESH_LINK = re.compile(r"http://id\.nlm\.nih\.gov/mesh/D[0-9]{6,9}(?:Q[0-9]{6,9})?")
_MESH_SCHEME = "/id/scheme/mesh>"


def _page_range(record: RecordIndex) -> Iterator[tuple[int, int, str]]:
    for start in record.objects(record.item, "bibo:pageStart"):
        for end in record.objects(record.item, "bibo:pageEnd"):
            first, last = text_of(start), text_of(end)
            if _PAGE.fullmatch(first) and _PAGE.fullmatch(last):
                yield int(first), int(last), f"{first}-{last}"


def pages_out_of_order(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C10: start and end in order where both are plain numbers."""
    for first, last, text in _page_range(record):
        if first > last:
            yield record.item, "bibo:pageEnd", text


def long_page_ranges(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C11: at most 1000 pages."""
    for first, last, text in _page_range(record):
        if last - first > _LONGEST_RANGE:
            yield record.item, "bibo:pageEnd", text


def labels_in_numbers(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C13: the number without the word for it."""
    for name in ("bibo:volume", "prism:issueIdentifier"):
        for term in record.objects(record.item, name):
            if _LABEL.search(text_of(term)):
                yield record.item, name, term


def differing_volumes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C14: the containers of the item, as far up as they go, have its volume or none."""
    volumes = record.objects(record.item, "bibo:volume")
    if not volumes:
        return
    for container in containers(record):
        for volume in record.objects(container, "bibo:volume"):
            if volume not in volumes:
                yield container, "bibo:volume", volume


def containers(record: RecordIndex) -> Iterator[str]:
    """Yield what the item is part of, as far up as the record describes it."""
    return _above(record, record.item, "dcterms:isPartOf")


def _above(record: RecordIndex, start: str, name: str) -> Iterator[str]:
    """Yield everything that a property leads to, step by step, each once; a loop leads back to the start."""
    seen: set[str] = set()
    waiting = list(record.objects(start, name))
    while waiting:
        resource = waiting.pop()
        if resource not in seen and is_iri(resource):
            seen.add(resource)
            yield resource
            waiting += record.objects(resource, name)


def journal_iris(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """C19: a journal that has an ISSN is named by it. A journal that is itself an item has the IRI of an item."""
    for journal in record.of_class("bibo:Journal"):
        numbers = {
            text_of(term)
            for name in ("fabio:hasIssnL", "bibo:issn", "bibo:eissn")
            for term in record.objects(journal, name)
        }
        if (
            numbers
            and journal[1:-1].rpartition("/")[2] not in numbers
            and not record.is_a(journal, "rt:RepositoryItem")
        ):
            yield journal, "bibo:issn", " | ".join(sorted(numbers))


def looping_concepts(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """S03: following skos:broader never leads back.

    What remains after concepts without broader and without narrower ones are taken away, again and again, loops.
    """
    broader = {subject: set(record.objects(subject, "skos:broader")) for subject, _, _ in record.pairs("skos:broader")}
    narrower: dict[str, set[str]] = {}
    for subject, targets in broader.items():
        for target in targets:
            narrower.setdefault(target, set()).add(subject)
    looping = _peeled(_peeled(broader.keys() & narrower.keys(), broader, narrower), narrower, broader)
    for concept in broader:
        if concept in looping:
            yield concept, "skos:broader", concept


def _peeled(nodes: Set[str], onward: Mapping[str, Set[str]], back: Mapping[str, Set[str]]) -> set[str]:
    """Return the nodes less those from which `onward` leads to none of them, until there are no more of these."""
    left = set(nodes)
    open_ = {node: len(onward[node] & left) for node in left}
    waiting = [node for node, count in open_.items() if not count]
    while waiting:
        node = waiting.pop()
        left.discard(node)
        for other in back[node] & left:
            open_[other] -= 1
            if not open_[other]:
                waiting.append(other)
    return left


_TWO_NUMBERS = re.compile(r"(?<![0-9])[0-9]{1,6}\s?[:;]\s?[0-9]")
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?,?\s?(?:1[5-9]|20)[0-9]{2}\b",
    re.IGNORECASE,
)


def odd_numbers(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """odd-number: a volume or an issue is one number or name, no pair ("9:563") and no date ("March 2014")."""
    for name in ("prism:volume", "prism:issueIdentifier"):
        for term in record.objects(record.item, name):
            text = text_of(term)
            if _TWO_NUMBERS.search(text) or _MONTH.search(text):
                yield record.item, name, term


def malformed_mesh_links(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """S04: links to MeSH are descriptors or pairs, as the National Library of Medicine writes them."""
    for concept, name, target in record.pairs("skos:exactMatch"):
        if "nlm.nih.gov/mesh" in target and not (is_iri(target) and _MESH_LINK.fullmatch(target[1:-1])):
            yield concept, name, target


def _mesh_concepts(record: RecordIndex) -> Iterator[str]:
    for concept, _, scheme in record.pairs("skos:inScheme"):
        if scheme.endswith(_MESH_SCHEME):
            yield concept


def headings_without_mesh(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """S05: a MeSH heading has its link; a heading with a qualifier is not reported beside the heading itself."""
    for concept in _mesh_concepts(record):
        if not record.objects(concept, "skos:broader") and not record.objects(concept, "skos:exactMatch"):
            labels = record.objects(concept, "skos:prefLabel")
            yield concept, "skos:exactMatch", labels[0] if labels else ""


def unknown_qualifiers(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """S06: what follows the slash of a MeSH label is a qualifier of MeSH."""
    if not context.qualifiers:
        return
    for concept in _mesh_concepts(record):
        for label in record.objects(concept, "skos:prefLabel"):
            _, slash, qualifier = text_of(label).rpartition("/")
            if slash and qualifier.strip().casefold() not in context.qualifiers:
                yield concept, "skos:prefLabel", label
