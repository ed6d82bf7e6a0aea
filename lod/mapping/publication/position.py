"""Volume and issue: the place of the item in its serial (rule P1)."""

from __future__ import annotations

import re

from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.values.citation_forms import YEAR
from lod.mapping.values.iris import name_key
from lod.mapping.waiting import Slot, slot_of
from lod.rdf.claims import Iri, iri, iri_text, literal
from lod.report import Severity

_LABEL = re.compile(
    r"^(?:(?:volumes?|vols?|issues?|iss|numbers?|nos?|nr|bd|jg|heft|tome|núm|num|número|numéro|nummer|volumen)\b\.?\s*:?\s*|[vnt]\.?\s?(?=\d)|n[°º]\s?)",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(rf"(?<=\d)\s?\({YEAR}\)$")
# Embase writes the month of an issue behind its number: "1 January".
_MONTH_BEHIND = re.compile(
    r"(?<=\d)\s(?:january|february|march|april|may|june|july|august|september|october|november|december)$",
    re.IGNORECASE,
)


BOTH_NUMBERS = re.compile(
    r"vol(?:ume)?s?\.?\s?(\d{1,4})\s?[;,]?\s?(?:no|nr|number|issue|iss)\.?\s?(\d{1,4}(?:[-/]\d{1,4})?)", re.IGNORECASE
)
"""Volume and issue in one value: "Vol. 109;no. 3"."""


def take_enumeration(draft: Draft, rule: Rule, index: int) -> None:
    """Read a volume or issue number, or both: a leading label and closing punctuation go, the rest is text (rule P1)."""
    if both := BOTH_NUMBERS.fullmatch(collapse(draft.record.values[index].text)):
        for slot, number in ((draft.waiting.volume, both[1]), (draft.waiting.issue, both[2])):
            slot.append((index, number))
        return
    slot = slot_of(rule, {"volume": draft.waiting.volume, "issue": draft.waiting.issue})
    slot.append((index, bare_number(draft.record.values[index].text)))


def bare_number(text: str) -> str:
    """Return a volume or issue number without label, closing punctuation and the date behind it: "vol. 69" and "No. 69 (2015)" are "69"."""
    number = collapse(text)
    bare = _LABEL.sub("", number).strip(" .,;:")
    return _MONTH_BEHIND.sub("", _YEAR_BEHIND.sub("", bare)) or number


def state_position(draft: Draft, serial: Iri | None) -> None:
    """State volume and issue, flat on the item and as links of the chain item, issue, volume, serial."""
    terms, mirrors = draft.terms, draft.crosswalk.settings.mirrors
    volume = _number(draft, draft.waiting.volume, "volume")
    issue = _number(draft, draft.waiting.issue, "issue")
    if volume:
        draft.add(draft.item, terms["bibo:volume"], literal(volume[1]), volume[0])
        if mirrors:
            draft.add(draft.item, terms["prism:volume"], literal(volume[1]), volume[0])
    if issue:
        draft.add(draft.item, terms["prism:issueIdentifier"], literal(issue[1]), issue[0])
    if serial is None:
        return
    deepest, origins = serial, [index for index, _ in draft.waiting.container[:1]]
    if any(number and draft.is_guess(number[0]) for number in (volume, issue)):
        volume = issue = None  # a volume and an issue are shared: a guess names none
    if volume:
        node = iri(f"{iri_text(serial)}/v/{name_key(volume[1])}")
        draft.typed(node, "fabio:JournalVolume", volume[0])
        draft.typed(node, "bibo:CollectedDocument", volume[0])
        for property_ in ("bibo:volume", "prism:volume", "fabio:hasSequenceIdentifier"):
            draft.add(node, terms[property_], literal(volume[1]), volume[0])
        draft.link_whole(deepest, volume[0], part=node)
        deepest, origins = node, [*origins, volume[0]]
    year = _year(draft)
    if issue and (volume or year):
        middle = "/i/" if volume else f"/y/{year}/i/"
        node = iri(f"{iri_text(deepest)}{middle}{name_key(issue[1])}")
        draft.typed(node, "fabio:JournalIssue", issue[0])
        draft.typed(node, "bibo:Issue", issue[0])
        if volume:
            draft.add(node, terms["bibo:volume"], literal(volume[1]), issue[0])
        for property_ in ("bibo:issue", "prism:issueIdentifier", "fabio:hasSequenceIdentifier"):
            draft.add(node, terms[property_], literal(issue[1]), issue[0])
        for index, title in draft.waiting.issue_title:
            draft.add(node, terms["dcterms:title"], literal(title, language=draft.tag(index, title)), index)
        draft.link_whole(deepest, issue[0], part=node)
        deepest, origins = node, [*origins, issue[0]]
    draft.link_whole(deepest, *origins)


def only_value(draft: Draft, slot: Slot, rule: str, name: str) -> tuple[int, str] | None:
    """Return the first value that waits in a slot; a different second one is kept verbatim, with a finding."""
    for index, text in slot[1:]:
        if text != slot[0][1]:
            draft.weaken(index, rule, f"A second {name} was kept verbatim; give the item one.", Severity.INFO)
    return slot[0] if slot else None


def _number(draft: Draft, slot: Slot, name: str) -> tuple[int, str] | None:
    found = only_value(draft, slot, f"several-{name}s", name)
    if found:
        draft.keep_unless(found[1], found[0], "the label before the number was taken off")
    return found


def _year(draft: Draft) -> str:
    prefix = f"{draft.item} {draft.terms['fabio:hasPublicationYear']} "
    known = (line for line in draft.claims if line.startswith(prefix) and line not in draft.guessed)
    return next((line[len(prefix) + 1 : len(prefix) + 5] for line in known), "")
