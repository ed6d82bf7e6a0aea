"""The table of kinds: what a rule makes of one value.

A kind is a function of draft, rule and index of the value. It adds claims, or leaves the value waiting for
`lod.mapping.record.assemble`; it raises BadValueError where the value cannot be expressed, which keeps the value verbatim and
is reported under the kind's finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft, integer
from lod.mapping.resources import agents, subjects
from lod.mapping.resources import dspace_entities as profiles
from lod.mapping.resources.funding import take_agreement, take_funding
from lod.mapping.resources.links import MEDIA_TYPE, MEDIA_TYPES, link_iri, related_iri
from lod.mapping.values.dates import read_date
from lod.mapping.values.identifiers import FORMS, read_doi, read_isbn, read_issn
from lod.mapping.values.iris import handle_key, handle_of, hash8, hash16, name_key
from lod.mapping.values.maps import compared
from lod.mapping.values.text import folded
from lod.mapping.waiting import Slot, Waiting, slot_of
from lod.rdf.claims import XSD_NS, checked_iri, iri_text, literal
from lod.report import Severity

Take = Callable[[Draft, Rule, int], None]

LONGEST_TERM = 10_000
"""Characters of a value that a kind reads which makes no text of it: names, codes, addresses and headings stay far below."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name, what it makes (for the documentation), and what its rules may say.

    Attributes:
        options, required: further keys that a rule may, and must, have.
        keep: when the verbatim value is kept unless the rule says otherwise.
        tagged: verbatim copies keep their language tag: the field holds natural language.
        prose: an e-mail address in the text is masked; elsewhere the whole value is withheld.
        finding: the rule of rules.md that a value which cannot be expressed is reported under.
    """

    name: str
    take: Take
    help: str
    needs_property: bool = False
    options: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    keep: str = "changed"
    tagged: bool = False
    prose: bool = False
    finding: str = "value"

    @property
    def longest(self) -> int | None:
        """Characters of a value that it reads; None for any number: what it states is the text itself, or nothing."""
        return None if self.prose or self.name in _WORDLESS else LONGEST_TERM


_WORDLESS = frozenset({"withheld", "system", "kept"})
"""Kinds that state nothing of the value but a verbatim copy."""


def take_text(draft: Draft, rule: Rule, index: int) -> None:
    """State the text with its language tag (rule T1)."""
    text = draft.text(index)
    draft.add(draft.item, rule.property, literal(text, language=draft.tag(index, text)), index)


def take_plain(draft: Draft, rule: Rule, index: int) -> None:
    """State the text without a language tag: citations, codes."""
    draft.add(draft.item, rule.property, literal(draft.text(index, paragraphs=False)), index)


def take_title(draft: Draft, rule: Rule, index: int) -> None:
    """State the first title in each language; a second one in the same language is an alternative (I02)."""
    text = draft.text(index, paragraphs=False)
    tag = draft.tag(index, text)
    title = literal(text, language=tag)
    if draft.titled.get(tag) == title:
        # The same title again, from the twin field: one claim, two values.
        draft.add(draft.item, rule.property, title, index)
        return
    if tag in draft.titled:
        draft.add(draft.item, draft.terms["dcterms:alternative"], title, index)
        message = "A second title in the same language was published as an alternative title; give it its own language or move it."
        draft.note("I02", Severity.WARNING, message, index)
        return
    draft.titled[tag] = title
    draft.add(draft.item, rule.property, title, index)


def take_date(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a date for the end, where the first readable one of several is chosen."""
    draft.dates[rule.property, draft.item].append((index, rule))


def take_timestamp(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a moment in the life of the record for the end."""
    draft.dates[rule.property, draft.document].append((index, rule))


def take_identifier(draft: Draft, rule: Rule, index: int) -> None:
    """Read an identifier in the form of its scheme; it is stated at the end, with its node, mirrors and link."""
    scheme = draft.crosswalk.schemes[rule.options["scheme"]]
    value = FORMS[scheme.form](draft.record.values[index].text)
    if not value:
        raise BadValueError("nothing is left of the identifier")
    _wait_for_identifier(draft, scheme.name, value, index)


def take_uri(draft: Draft, rule: Rule, index: int) -> None:
    """Tell handle, DOI and other addresses apart (rules H1 and I1)."""
    text = draft.record.values[index].text
    handle = handle_of(text)
    if handle is None:
        take_classified(draft, rule, index)
    elif handle_key(handle) == draft.key:
        _wait_for_identifier(draft, "handle", handle, index)
        draft.add(draft.item, draft.terms["dcterms:identifier"], literal(f"https://hdl.handle.net/{handle}"), index)
    else:
        draft.add(draft.item, draft.terms["schema:sameAs"], link_iri(f"https://hdl.handle.net/{handle}"), index)


def take_classified(draft: Draft, rule: Rule, index: int) -> None:
    """State an identifier that has no known shape (rule I1): a web address as a link, anything else as a local one."""
    scheme, value = classify(draft.record.values[index].text)
    if scheme == "address":
        draft.add(draft.item, draft.terms["bibo:uri"], literal(iri_text(value)), index)
        draft.add(draft.item, draft.terms["fabio:hasURL"], literal(iri_text(value), datatype=f"{XSD_NS}anyURI"), index)
        draft.add(draft.item, draft.terms["rdfs:seeAlso"], value, index)
        _keep_unless_iri(draft, value, index)
    else:
        _wait_for_identifier(draft, scheme, value, index)


def classify(text: str) -> tuple[str, str]:
    """Return "address" and the encoded IRI of a web address, "local" and the text in one line of anything else.

    Raises:
        BadValueError: an address that is no IRI.
    """
    if re.match(r"\s*https?://", text, re.IGNORECASE):
        return "address", link_iri(text)
    return "local", collapse(text)


def take_issn(draft: Draft, rule: Rule, index: int) -> None:
    """Leave an ISSN for the end, where the serial is minted (rules I9 and S1)."""
    text = draft.record.values[index].text
    issns = draft.waiting.issns
    slot = slot_of(rule, {"issn": issns.printed, "eissn": issns.electronic, "issnl": issns.linking}, "issn")
    if slot is issns.printed and _ELECTRONIC.search(text):
        slot = issns.electronic
    slot.append((index, read_issn(text)))


_ELECTRONIC = re.compile(r"\b(?:online|electronic|elektronisk|e-?issn)\b", re.IGNORECASE)
"""What the ISSN of the edition on the web is marked with: "2535-373X (online)"."""


def take_isbn(draft: Draft, rule: Rule, index: int) -> None:
    """Leave an ISBN for the end: it belongs to the book or to its host (rule I8)."""
    slot = draft.waiting.host.isbn if rule.options.get("of") == "host" else draft.waiting.isbn
    slot.append((index, read_isbn(draft.record.values[index].text)))


def take_container(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the name of the container for the end: the journal, the book, or something related; or a journal's abbreviation."""
    waiting = draft.waiting
    slot = waiting.abbreviation if rule.options.get("as") == "abbreviation" else waiting.container
    slot.append((index, draft.text(index, paragraphs=False)))


def take_host(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the title or the DOI of the host publication for the end."""
    if rule.options.get("as") == "doi":
        draft.waiting.host.doi.append((index, read_doi(draft.record.values[index].text)))
        return
    draft.waiting.host.title.append((index, draft.text(index, paragraphs=False)))


def take_series(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a series for the end: title, and after the last semicolon the number."""
    draft.waiting.series.append((index, draft.text(index, paragraphs=False)))


_LABEL = re.compile(
    r"^(?:(?:volumes?|vols?|issues?|iss|numbers?|nos?|nr|bd|jg|heft|tome)\b\.?\s*:?\s*|[vnt]\.?\s?(?=\d)|n[°º]\s?)",
    re.IGNORECASE,
)


def take_enumeration(draft: Draft, rule: Rule, index: int) -> None:
    """Read a volume or issue number: a leading label and closing punctuation go, the rest is text (rule P1)."""
    slot = slot_of(rule, {"volume": draft.waiting.volume, "issue": draft.waiting.issue})
    slot.append((index, bare_number(draft.record.values[index].text)))


def bare_number(text: str) -> str:
    """Return a volume or issue number without label and closing punctuation: "vol. 69" is "69"."""
    number = collapse(text)
    return _LABEL.sub("", number).strip(" .,;:") or number


def take_page(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a first or last page for the end (rule P2)."""
    pages = draft.waiting.pages
    slot = slot_of(rule, {"start": pages.start, "end": pages.end})
    slot.append((index, collapse(draft.record.values[index].text)))


_JOURNAL_PAGE = re.compile(
    r"(?:[.,;]\s*+|(?<![\s.,;])\s*+)(?:The\s+)?(?:Journal(?:'s|’s)?|Its)\s+(?:web\s?site|homepage|home\s+page|web\s+page)\s+(?:is|can\s+be)\s++"
    r"(?:located|found|available)?\s*+(?:at)?:?\s*+(https?://\S+)\s*+$",
    re.IGNORECASE,
)


def take_publisher(draft: Draft, rule: Rule, index: int) -> None:
    """State the publisher; the journal's address at its end goes to the journal (rule O1)."""
    text = draft.text(index, paragraphs=False)
    text, address = split_publisher(text)
    if address:
        link_iri(address)
        draft.waiting.journal_page.append((index, address))
        draft.keep(index, "name and address of the journal stood in one field")
    if not text:
        raise BadValueError("no name of a publisher; write the name")
    draft.add(draft.item, rule.property, agents.organisation(draft, text, index), index)


def split_publisher(text: str) -> tuple[str, str]:
    """Return the name of a publisher, and the address of the journal's site that ends the text, "" for none."""
    match = _JOURNAL_PAGE.search(text)
    return (text[: match.start()].strip(), match[1].rstrip(".,;")) if match else (text, "")


def take_organisation(draft: Draft, rule: Rule, index: int) -> None:
    """State an organisation: a node with its name (rule O1)."""
    node = agents.organisation(draft, draft.text(index, paragraphs=False), index)
    for property_ in filter(None, (rule.property, rule.options.get("relator"))):
        draft.add(draft.item, property_, node, index)


def take_place(draft: Draft, rule: Rule, index: int) -> None:
    """State a place: a country by its code, any other as a named node (rule L1)."""
    text = draft.text(index, paragraphs=False)
    found = draft.maps.countries.get(folded(text))
    if found:
        code, label = found
        node = draft.node("place", code.lower())
        draft.add(
            node, draft.terms["dcterms:identifier"], literal(code, datatype=draft.terms["dcterms:ISO3166"][1:-1]), index
        )
        draft.keep_unless(label, index, "written as the name of the country in the table")
    else:
        label = text
        node = draft.node("place", f"n-{hash16(text)}")
    draft.add(draft.item, rule.property, node, index)
    draft.typed(node, "dcterms:Location", index)
    draft.typed(node, "frbr:Place", index)
    draft.add(node, draft.terms["rdfs:label"], literal(label), index)


def take_period(draft: Draft, rule: Rule, index: int) -> None:
    """State a period of time as a node with its text, and its date where the text is EDTF."""
    text = draft.text(index, paragraphs=False)
    node = draft.text_node(f"period-{name_key(text)}", draft.terms["dcterms:PeriodOfTime"], text, index)
    draft.add(draft.item, rule.property, node, index)
    try:
        form, datatype, _ = read_date(text)
    except BadValueError:
        return
    draft.add(node, draft.terms["dcterms:date"], literal(form, datatype=datatype), index)


LANGUAGES = "<http://id.loc.gov/vocabulary/iso639-2/"
_LOCALE = re.compile(r"([A-Za-z]{2,3})[_-](?:[A-Z]{2}|[A-Z][a-z]{3})(?:[_-][A-Z]{2})?(?:\.[\w-]+)?")


def take_language(draft: Draft, rule: Rule, index: int) -> None:
    """State the language of the item by its ISO 639-2/B code (rule G1)."""
    text = draft.record.values[index].text
    code, has_region = read_language(draft, text)
    if has_region:
        draft.keep(index, "the language was published without its region")
    draft.add(draft.item, rule.property, f"{LANGUAGES}{code}>", index)


def read_language(draft: Draft, text: str) -> tuple[str, bool]:
    """Return the ISO 639-2/B code of a language, and whether the text is a locale that says more ("pt_BR").

    Raises:
        BadValueError: the table does not know it.
    """
    if code := draft.maps.languages.get(compared(text)):
        return code, False
    match = _LOCALE.fullmatch(text.strip())
    if match and (code := draft.maps.languages.get(match[1].lower())):
        return code, True
    raise BadValueError("no language of ISO 639; write a code such as en or eng, or the English name of the language")


def take_type(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the document type for the end, where the most specific classes are kept (MODEL section 5)."""
    draft.waiting.types.append((index, draft.record.values[index].text))


def take_nature(draft: Draft, rule: Rule, index: int) -> None:
    """State which version the full text is: a concept that points to the COAR version."""
    text = draft.record.values[index].text
    nature = draft.maps.natures.get(compared(text))
    if nature is None:
        raise BadValueError("no version of the full text that the table knows; add it to maps/fulltext_nature.csv")
    terms = draft.terms
    concept, scheme = terms[f"rt:fulltext-nature/{nature.code}"], terms["rt:fulltext-nature"]
    draft.add(draft.item, rule.property, concept, index)
    draft.typed(concept, "skos:Concept", index)
    draft.add(concept, terms["skos:prefLabel"], literal(nature.label, language="en"), index)
    draft.add(concept, terms["skos:notation"], literal(nature.code), index)
    draft.add(concept, terms["skos:inScheme"], scheme, index)
    if nature.coar:
        draft.add(concept, terms[f"skos:{nature.match}"], f"<{nature.coar}>", index)
    if compared(text) != compared(nature.code) and text.strip() != nature.coar:
        draft.keep(index, "written as the code of the version")
    draft.typed(scheme, "skos:ConceptScheme", index)
    draft.add(scheme, terms["skos:prefLabel"], literal("Nature of the deposited full text", language="en"), index)


def take_link(draft: Draft, rule: Rule, index: int) -> None:
    """State a link to a page that mentions the item (rule U1)."""
    address = link_iri(draft.record.values[index].text)
    draft.add(draft.item, rule.property, address, index)
    _keep_unless_iri(draft, address, index)


_CITATION_LIST = re.compile(r"^https?://\S*(?:mlt/select\.url|selection=ref)", re.IGNORECASE)


def take_relation(draft: Draft, rule: Rule, index: int) -> None:
    """State a relation to another document: by its IRI, else as a node with the text (rule REL)."""
    text = draft.record.values[index].text
    if _CITATION_LIST.match(text):
        draft.keep(index, "the address of a reference list, not a cited work")
        draft.add(draft.item, draft.terms["rdfs:seeAlso"], link_iri(text), index)
        return
    target = related_iri(draft, text)
    if target is None:
        label = draft.text(index, paragraphs=False)
        target = draft.text_node(f"rel-{hash8(label)}", draft.terms["bibo:Document"], label, index)
        draft.keep(index, "the related document is known as text only")
    else:
        _keep_unless_iri(draft, target, index)
    for property_ in (rule.property, *rule.mirrors):
        draft.add(draft.item, property_, target, index)


_PAGES = re.compile(r"(\d{1,5})\s*(?:pp?\.?|pages?|s\.|seiten)", re.IGNORECASE)


def take_format(draft: Draft, rule: Rule, index: int) -> None:
    """State a media type by its IRI, any other format as a node with its text (rule X1)."""
    text = collapse(draft.record.values[index].text)
    if MEDIA_TYPE.fullmatch(text):
        draft.add(
            draft.item,
            rule.property,
            f"<{MEDIA_TYPES}{text.lower()}>",
            index,
        )
        draft.keep_unless(text.lower(), index, "written in lower case")
        return
    take_label(draft, rule, index)
    draft.keep(index, "the format is known as text only")


def take_label(draft: Draft, rule: Rule, index: int) -> None:
    """State a thing known as text: a node with the class of the rule and the text as its label (rule X2)."""
    text = draft.text(index, paragraphs=False)
    name = rule.property[1:-1].rsplit("/", 1)[-1].lower()
    class_ = rule.options.get("class") or draft.terms["dcterms:MediaTypeOrExtent"]
    draft.add(draft.item, rule.property, draft.text_node(f"{name}-{name_key(text)}", class_, text, index), index)
    pages = _PAGES.fullmatch(text) if name == "extent" else None
    if pages:
        draft.add(draft.item, draft.terms["bibo:numPages"], literal(pages[1]), index)


_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<path>licenses/(?:by|sa|nc|nd)(?:-(?:nc|nd|sa))*/[1-4]\.[0-5](?:/[a-z]{2,3})?"
    r"|publicdomain/(?:zero|mark)/1\.0|licenses/publicdomain)(?:/(?:deed|legalcode)?[\w.-]*)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/1\.0/?(?:\?\S*)?", re.IGNORECASE)


def take_rights(draft: Draft, rule: Rule, index: int) -> None:
    """Tell licence, access right and rights statement apart (rule R1)."""
    text = draft.text(index)
    property_, target = read_rights(draft, text)
    if target:
        draft.add(draft.item, draft.terms[property_], target, index)
        draft.keep_unless(iri_text(target), index, "written as the address of the licence or access right")
    else:
        draft.waiting.rights.append((index, text))
        node = draft.part(f"rights-{len(draft.waiting.rights)}")
        draft.add(draft.item, draft.terms["dcterms:rights"], node, index)
        draft.typed(node, "dcterms:RightsStatement", index)
        draft.add(node, draft.terms["rdfs:label"], literal(text, language=draft.tag(index, text)), index)


def read_rights(draft: Draft, text: str) -> tuple[str, str]:
    """Return property and encoded IRI of a licence, an access right or a statement that has an address; "" for words."""
    bare = collapse(text)
    form = compared(bare)
    if match := _CREATIVE_COMMONS.fullmatch(bare):
        return "dcterms:license", f"<https://creativecommons.org/{match['path'].strip('/').lower()}/>"
    if licence := draft.maps.licences.get(form):
        return "dcterms:license", f"<{licence}>"
    if access := draft.maps.access_rights.get(form):
        return "dcterms:accessRights", f"<{access[0]}>"
    if match := _STATEMENT.fullmatch(bare):
        return "dcterms:rights", f"<http://rightsstatements.org/vocab/{match[1]}/1.0/>"
    if re.match(r"https?://\S+$", bare):
        return "dcterms:rights", link_iri(bare)
    return "dcterms:rights", ""


def take_coded(draft: Draft, rule: Rule, index: int) -> None:
    """State the term that a code list has for the value; with `class`, any other value as a node with its text (rule X2)."""
    text = draft.text(index, paragraphs=False)
    name = rule.options["map"]
    found = draft.maps.codes[name].get(compared(text))
    if found:
        term, label = found
        draft.add(draft.item, rule.property, term, index)
        draft.keep_unless(label, index, "written as the term of the vocabulary that it stands for")
    elif "class" in rule.options:
        take_label(draft, rule, index)
    else:
        raise BadValueError(f"the table does not know it; add it to maps/{name}.csv")


def take_withheld(draft: Draft, rule: Rule, index: int) -> None:
    """Publish nothing of the value but the name of its field (MODEL section 19)."""
    draft.withhold(index, rule.options.get("why", "personal data"))


def take_system(draft: Draft, rule: Rule, index: int) -> None:
    """Leave out a field by which the repository's software runs itself; not even its name is published."""
    draft.withhold(index, "a system field of the repository's software", named=False)


def take_kept(draft: Draft, rule: Rule, index: int) -> None:
    """Keep the value verbatim on the record, on purpose."""
    draft.keep(index, rule.note or "kept verbatim by its rule")


def take_bookmarks(draft: Draft, rule: Rule, index: int) -> None:
    """State how often a service's users have bookmarked the item (MODEL section 15)."""
    value = draft.record.values[index]
    if not re.fullmatch(r"\d{1,15}", value.text.strip(), re.ASCII):
        raise BadValueError("no number of bookmarks")
    service = value.field.rpartition(".")[2]
    terms = draft.terms
    node = draft.part(f"stat-{name_key(service)}-bookmarks")
    draft.add(draft.item, rule.property, node, index)
    draft.typed(node, "schema:InteractionCounter", index)
    draft.add(node, terms["schema:interactionType"], terms["schema:BookmarkAction"], index)
    draft.add(node, terms["schema:userInteractionCount"], integer(int(value.text)), index)
    draft.keep_unless(str(int(value.text)), index, "written as a plain number")
    draft.add(node, terms["schema:interactionService"], checked_iri(rule.options["service"]), index)


def take_metric(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a journal metric for the end; it is published only where the site has opted in (MODEL section 15)."""
    value = draft.record.values[index]
    if not draft.crosswalk.settings.publish_journal_metrics:
        why = "journal metrics are often licensed data; the setting publish_journal_metrics allows them"
        draft.withhold(index, why, named=False)
        return
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value.text.strip()) or not re.search(r"\.\d{4}$", value.field):
        raise BadValueError("no number with its year")
    draft.waiting.metric.append((index, rule.options["metric"]))


def take_event(draft: Draft, rule: Rule, index: int) -> None:
    """Leave the name, place or date of the conference for the end (rule EV1)."""
    event = draft.waiting.event
    slot = slot_of(rule, {"title": event.title, "place": event.place, "date": event.date}, "title")
    slot.append((index, draft.text(index, paragraphs=False)))


def take_grant(draft: Draft, rule: Rule, index: int) -> None:
    """Leave a funder, a project or an award number for the end, where they are paired by position (rule F1)."""
    text = draft.text(index, paragraphs=False)
    if text == PLACEHOLDER:
        draft.withhold(index, "a placeholder of the repository's software for an empty part", named=False)
        text = ""
    elif rule.options["as"] == "award-uri":
        link_iri(text)
    slot_of(rule, _grant_slots(draft.waiting)).append((index, text))


def _grant_slots(waiting: Waiting) -> dict[str, Slot]:
    grants, awards = waiting.grants, waiting.awards
    return {
        "funder": grants.funder,
        "number": grants.number,
        "project": grants.project,
        "award-number": awards.number,
        "award-title": awards.title,
        "award-uri": awards.uri,
        "award-stream": awards.stream,
    }


PLACEHOLDER = "#PLACEHOLDER_PARENT_METADATA_VALUE#"
"""What DSpace-CRIS writes for an empty part of a group of fields, so that positions agree."""


def take_frequency(draft: Draft, rule: Rule, index: int) -> None:
    """Leave how often something appears for the end: it is a fact about a serial, or about a collection."""
    draft.waiting.frequency.append((index, draft.text(index, paragraphs=False)))


def _wait_for_identifier(draft: Draft, scheme: str, value: str, index: int) -> None:
    draft.identifiers[scheme].append((index, value))
    draft.keep_unless(value, index, "written in the canonical form of its scheme")


def _keep_unless_iri(draft: Draft, target: str, index: int) -> None:
    draft.keep_unless(iri_text(target), index, "written as the address that it leads to")


_OPTIONS = frozenset
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", take_text, "a text with its language", True, tagged=True, prose=True),
        Kind("plain", take_plain, "a text without a language", True, prose=True),
        Kind("title", take_title, "a title; one a language", True, tagged=True, prose=True),
        Kind("date", take_date, "a date as precise as it was given", True, _OPTIONS({"year", "single", "year_only"}), finding="I18"),
        Kind("timestamp", take_timestamp, "a moment in the life of the record", True, finding="D2"),
        Kind("identifier", take_identifier, "an identifier of a scheme", False, _OPTIONS({"scheme"}), _OPTIONS({"scheme"}), finding="identifier"),
        Kind("uri", take_uri, "the item's handle, a DOI or another address", keep="always", finding="D22"),
        Kind("any-identifier", take_classified, "an identifier told by its shape", finding="D22"),
        Kind("issn", take_issn, "an ISSN of the serial", False, _OPTIONS({"as"}), finding="D12"),
        Kind("isbn", take_isbn, "an ISBN of the book or its host", False, _OPTIONS({"of"}), finding="D13"),
        Kind("container", take_container, "the journal or book that holds the item", False, _OPTIONS({"as"}), finding="C01"),
        Kind("host", take_host, "the title or DOI of the book that holds the item", False, _OPTIONS({"as"})),
        Kind("series", take_series, "a series and the number in it"),
        Kind("enumeration", take_enumeration, "a volume or issue number", False, _OPTIONS({"as"}), _OPTIONS({"as"})),
        Kind("page", take_page, "a first or last page", False, _OPTIONS({"as"}), _OPTIONS({"as"}), finding="C12"),
        Kind("author", agents.take_contributor, "a person or organisation in a role", True, _OPTIONS({"list", "relator", "role"}), finding="A01"),
        Kind("authority", agents.take_authority, "the authority id of a contributor: name=id", finding="A08"),
        Kind("publisher", take_publisher, "a publisher", True, tagged=True),
        Kind("organisation", take_organisation, "an organisation", True, _OPTIONS({"relator"}), tagged=True),
        Kind("place", take_place, "a country or another place", True),
        Kind("period", take_period, "a period of time", True),
        Kind("language", take_language, "the language of the item", True, finding="I23"),
        Kind("type", take_type, "the document type"),
        Kind("nature", take_nature, "the version of the full text", True, finding="I29"),
        Kind("link", take_link, "a link to a page about the item", True, finding="U1"),
        Kind("relation", take_relation, "a related document", True, finding="REL"),
        Kind("format", take_format, "a media type or another format", True, _OPTIONS({"class"})),
        Kind("label", take_label, "a thing known as text", True, _OPTIONS({"class"}), tagged=True),
        Kind("coded", take_coded, "a term that a code list has for the value", True, _OPTIONS({"map", "class"}), _OPTIONS({"map"})),
        Kind("rights", take_rights, "a licence, an access right or a rights statement", False, tagged=True, prose=True),
        Kind("keyword", subjects.take_keyword, "free keywords, split at semicolons", True, tagged=True),
        Kind("mesh", subjects.take_mesh, "a MeSH heading with its qualifiers", True, finding="S06"),
        Kind("concept", subjects.take_concept, "a heading or class mark of a scheme", True, _OPTIONS({"scheme", "label", "notation"}), _OPTIONS({"scheme", "label"})),
        Kind("funding", take_funding, "an acknowledgement of funding", True, tagged=True, prose=True),
        Kind("grant", take_grant, "a funder, a project or an award number, paired by position", False, _OPTIONS({"as"}), _OPTIONS({"as"})),
        Kind("grant-agreement", take_agreement, "a grant in the form info:eu-repo/grantAgreement/…", True, finding="F1"),
        Kind("bookmarks", take_bookmarks, "a count of bookmarks", True, _OPTIONS({"service"}), _OPTIONS({"service"}), finding="M03"),
        Kind("metric", take_metric, "a journal metric of a year", False, _OPTIONS({"metric"}), _OPTIONS({"metric"}), finding="M01"),
        Kind("event", take_event, "a conference", False, _OPTIONS({"as"})),
        Kind("frequency", take_frequency, "how often a serial appears", True),
        Kind("profile", profiles.take_profile, "a part of the description of a person or organisation, in records about one", False, _OPTIONS({"of", "as", "scheme"}), _OPTIONS({"of", "as"}), keep="always", finding="D15"),
        Kind("entity", agents.take_entity, "the UUID of a linked person or organisation", keep="always", finding="A08"),
        Kind("withheld", take_withheld, "nothing: personal data", False, _OPTIONS({"why"})),
        Kind("system", take_system, "nothing: a system field"),
        Kind("kept", take_kept, "a verbatim copy only", keep="always", tagged=True),
    )
}  # fmt: skip
