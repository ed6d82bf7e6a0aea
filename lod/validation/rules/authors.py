"""Rules about authors, their lists, and other agents (I09 to I16, A03 to A05, A09)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from lod.mapping.values.names import LIFE_DATES
from lod.rdf.claims import RDF_NIL, is_iri, text_of
from lod.validation.rules.record_index import SERIALS, RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

LISTS = ("bibo:authorList", "bibo:editorList")
_AGENTS = ("foaf:Person", "foaf:Organization", "foaf:Agent")
_NOT_A_NAME = re.compile(r"[0-9@;|]|https?:|www\.|\band\b|\bet al\b", re.IGNORECASE)
MAILBOXES = ("foaf:mbox", "foaf:mbox_sha1sum", "schema:email")
# Two names in direct order: "Ann Roe and Ben Doe"; a part of one word, or of more than four, may be of anything.
_TWO_NAMES = re.compile(
    r"[^\W\d_a-z][\w.’'-]{0,30}(?: [\w.’'-]{1,30}){1,3}(?: (?:and|&|und|et|y) |\s?/\s?)[^\W\d_a-z][\w.’'-]{0,30}(?: [\w.’'-]{1,30}){1,3}"
)
_PERSON = "/id/person/"


def missing_authors(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I09: an item has an author or an editor, unless it is a serial or a page about a person, a project and the like."""
    if not record.is_a(record.item, "rt:RepositoryItem") or record.is_a(record.item, *SERIALS, "rt:EntityPage"):
        return
    if not record.objects(record.item, "dcterms:creator") and not record.objects(record.item, "bibo:editor"):
        yield record.item, "dcterms:creator", ""


def undescribed(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I11: every author that is a resource has a class of agents, and so falls under A01, which asks for the name."""
    for creator in record.objects(record.item, "dcterms:creator"):
        if is_iri(creator) and not record.is_a(creator, *_AGENTS):
            yield record.item, "dcterms:creator", creator


def broken_lists(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I13: every cell has one member and one successor, and every chain of cells ends in rdf:nil.

    Cells that no list leads to are looked at too: pySHACL does not survive a loop, wherever it is.
    """
    whole: set[str] = {RDF_NIL}
    walked: set[str] = set()
    for owner, name, head in record.pairs(*LISTS):
        fault = _first_fault(record, head, whole, walked)
        if fault:
            yield owner, name, fault
    for name in ("rdf:first", "rdf:rest"):
        for cell in record.holders.get(name, ()):
            if cell not in walked:
                fault = _first_fault(record, cell, whole, walked)
                if fault:
                    yield cell, name, fault


def _first_fault(record: RecordIndex, head: str, whole: set[str], walked: set[str]) -> str:
    """Return the first bad cell of a list, "" where there is none.

    `whole` takes up the cells that are known to end well, `walked` all that were looked at.
    """
    chain: dict[str, None] = {}
    cell = head
    while cell not in whole:
        walked.add(cell)
        described = record.properties.get(cell, {})
        successors = described.get("rdf:rest", ())
        if cell in chain or len(successors) != 1 or len(described.get("rdf:first", ())) != 1:
            return cell
        chain[cell] = None
        cell = successors[0]
    whole.update(chain)
    return ""


def members(record: RecordIndex, head: str) -> list[str]:
    """Return the members of a list in order, as far as it can be read."""
    found: list[str] = []
    walked: set[str] = set()
    while head != RDF_NIL and head not in walked:
        walked.add(head)
        found += record.objects(head, "rdf:first")
        successors = record.objects(head, "rdf:rest")
        head = successors[0] if successors else RDF_NIL
    return found


def repeated_members(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I15: each author is in a list once, and none is a text."""
    for owner, name, head in record.pairs(*LISTS):
        seen: set[str] = set()
        for member in members(record, head):
            if member in seen or not is_iri(member):
                yield owner, name, member
            seen.add(member)


def lost_order(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """I16: two or more authors need a list."""
    creators = record.objects(record.item, "dcterms:creator")
    if len(creators) > 1 and not record.objects(record.item, "bibo:authorList"):
        yield record.item, "bibo:authorList", " | ".join(text_of(creator) for creator in creators)


def odd_names(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A03: a person's name has no digits, signs, addresses, "and" or "et al"; years of birth and death may end it.

    The name of an agent of no known kind is not that of two persons.
    """
    for person in record.of_class("foaf:Person"):
        for name in record.objects(person, "foaf:name"):
            text = text_of(name)
            # Dates have digits, so a name in which nothing is found has none.
            if _NOT_A_NAME.search(text) and _NOT_A_NAME.search(LIFE_DATES.sub("", text)):
                yield person, "foaf:name", name
    for agent in record.of_class("foaf:Agent"):
        for name in record.objects(agent, "foaf:name"):
            if _TWO_NAMES.fullmatch(text_of(name)):
                yield agent, "foaf:name", name


def person_and_organisation(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A04: FOAF declares persons disjoint with organisations and projects."""
    for person in record.of_class("foaf:Person"):
        for other in ("foaf:Organization", "foaf:Project"):
            if record.is_a(person, other):
                yield person, "rdf:type", other


def mailboxes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A05: no e-mail address, and no hash of one; the finding does not repeat it."""
    for subject, name, _ in record.pairs(*MAILBOXES):
        yield subject, name, ""


def identified_by_name(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """A09: the key of a person is an authority id, never the name (or "n-" and a hash of it)."""
    for person in record.of_class(*_AGENTS):
        _, found, key = person[1:-1].partition(_PERSON)
        if not found or "#" in key:
            continue
        names = {_folded(text_of(name)) for name in record.objects(person, "foaf:name")}
        if key.startswith("n-") or _folded(unquote(key.replace("_", " "))) in names:
            yield person, "foaf:name", key


def _folded(text: str) -> str:
    """Return the form in which the model compares names: NFKC, one space, case-folded."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
