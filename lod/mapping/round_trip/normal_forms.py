"""Normal forms: the meaning of a value, however it is written; the measure of the round trip (docs/round-trip.md).

Two values say the same when the facts of their normal forms are the same: "https://doi.org/10.5555/ABC" and
"10.5555/abc", "a; b" and "a" beside "b". A fact is a tuple of texts; the first names what the fact is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.draft import Draft
from lod.mapping.item.codes import read_languages
from lod.mapping.item.identifiers import web_address
from lod.mapping.item.rights import licence_in, read_rights
from lod.mapping.item.types import known_type
from lod.mapping.publication.pages import bare_page, expanded_page, is_article_number, read_range
from lod.mapping.publication.position import bare_number
from lod.mapping.publication.serials import read_issns, split_series
from lod.mapping.resources.affiliations import read_affiliations
from lod.mapping.resources.funding import read_agreement, read_grants
from lod.mapping.resources.links import MEDIA_TYPE, link_iri, related_iri
from lod.mapping.resources.organisations import read_imprint
from lod.mapping.resources.places import tidy_place
from lod.mapping.resources.subjects import class_mark, heading, split_heading, split_list
from lod.mapping.unlabelled.fields import read_unlabelled
from lod.mapping.values.dates import read_date, read_timestamp
from lod.mapping.values.identifiers import FORMS, isbn13, read_doi, read_isbn, split_orcid
from lod.mapping.values.iris import handle_key, handle_of
from lod.mapping.values.maps import compared
from lod.mapping.values.names import bare_name, names_in, tidy_name
from lod.mapping.values.text import folded, plain_decimal
from lod.record import Record, Value

Fact = tuple[str, ...]
Facts = Iterator[Fact]


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The normal form of a kind: in a sentence for the documentation, and as a function of draft, rule and index."""

    help: str
    facts: Callable[[Draft, Rule, int], Facts]


def drafted(values: tuple[Value, ...], key: str, crosswalk: Crosswalk, *, by_shape: bool = True) -> Draft:
    """Return the draft of a record of the values; those of unqualified fields are read by their shape if `by_shape`."""
    record = Record("", "", values)
    labelled = read_unlabelled(record, key, crosswalk)[0] if by_shape else record
    return Draft(labelled, key, crosswalk, "", source_values=values)


def facts_of(draft: Draft, index: int) -> frozenset[Fact]:
    """Return what a value of the draft's record says; nothing where no rule takes its field, or where it cannot be read.

    A word that means "no value" says nothing either.
    """
    value = draft.record.values[index]
    rule = draft.crosswalk.rule_for(value.field, value.text)
    form = NORMAL_FORMS.get(rule.kind) if rule else None
    if rule is None or form is None or draft.maps.no_value(rule.kind, value.text):
        return frozenset()
    with suppress(BadValueError):
        return frozenset(form.facts(draft, rule, index))
    return frozenset()


def _text(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index)
    yield rule.property, text, draft.tag(index, text) or ""


def _plain(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.property, draft.text(index, paragraphs=False), ""


def _title(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    yield "title", text, draft.tag(index, text) or ""


def _text_or_title(draft: Draft, rule: Rule, index: int) -> Facts:
    # A second title of a language is published as an alternative title.
    yield from (_title if rule.property == draft.terms["dcterms:alternative"] else _text)(draft, rule, index)


def _date(draft: Draft, rule: Rule, index: int) -> Facts:
    try:
        yield rule.property, read_date(draft.record.values[index].text)[0]
    except BadValueError:
        yield rule.property, draft.text(index, paragraphs=False)


def _timestamp(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.property, read_timestamp(draft.record.values[index].text)[0]


def _identifier(draft: Draft, rule: Rule, index: int) -> Facts:
    scheme = draft.crosswalk.schemes[rule.options["scheme"]]
    yield "identifier", scheme.name, FORMS[scheme.form](draft.record.values[index].text)


def _uri(draft: Draft, rule: Rule, index: int) -> Facts:
    handle = handle_of(draft.record.values[index].text)
    if handle is None:
        yield from _classified(draft, rule, index)
    else:
        yield "identifier", "handle", handle_key(handle)


def _classified(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.record.values[index].text
    address = web_address(text)
    yield ("address", address) if address else ("identifier", "local", collapse(text))


def _issn(draft: Draft, rule: Rule, index: int) -> Facts:
    for number in read_issns(draft.record.values[index].text):
        yield "issn", number


def _isbn(draft: Draft, rule: Rule, index: int) -> Facts:
    yield "isbn", isbn13(read_isbn(draft.record.values[index].text))


def _container(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    if rule.options.get("as") == "abbreviation":
        yield "abbreviation", text
    elif address := related_iri(draft, text):
        yield draft.terms["dcterms:isPartOf"], address  # as a relation says it, whichever field the address stood in
    else:
        yield "container", text


def _host(draft: Draft, rule: Rule, index: int) -> Facts:
    if rule.options.get("as") == "doi":
        yield "host-doi", read_doi(draft.record.values[index].text)
    else:
        yield from _container(draft, rule, index)


def _series(draft: Draft, rule: Rule, index: int) -> Facts:
    yield "series", *split_series(draft.text(index, paragraphs=False))


def _enumeration(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.options["as"], bare_number(draft.record.values[index].text)


def _page(draft: Draft, rule: Rule, index: int) -> Facts:
    page = bare_page(collapse(draft.record.values[index].text))
    pages = read_range(page) or ()
    if rule.options["as"] == "start":
        if is_article_number(page) and not _page_beside(draft, "end"):
            yield draft.terms["fabio:hasElectronicArticleIdentifier"], page, ""
            return
        yield "page", "start", pages[0] if pages else page
        if pages:
            yield "page", "end", expanded_page(*pages)
        return
    first = _page_beside(draft, "start")
    if pages and not first:
        yield "page", "start", pages[0]
    start, end = first or (pages[0] if pages else ""), pages[1] if pages else page
    yield "page", "end", expanded_page(start, end)


def _page_beside(draft: Draft, part: str) -> str:
    """Return the first or last page that another field of the record gives, "" for none."""
    for value in draft.record.values:
        rule = draft.crosswalk.rule_for(value.field, value.text)
        if rule and rule.kind == "page" and rule.options["as"] == part:
            page = bare_page(collapse(value.text))
            return (read_range(page) or (page,))[0]
    return ""


def _author(draft: Draft, rule: Rule, index: int) -> Facts:
    written, agent = draft.text(index, paragraphs=False), draft.record.values[index].agent
    for text in names_in(written, draft.maps.organisation_words, agent).names:
        name = bare_name(text)
        with suppress(BadValueError):
            name = bare_name(split_orcid(name)[0])
        yield "agent", rule.property, rule.options.get("relator", ""), name


def _affiliation(draft: Draft, rule: Rule, index: int) -> Facts:
    for found in read_affiliations(draft.record.values[index].text):
        yield "affiliation", folded(bare_name(found.person)), tidy_name(found.name)
        return


def _authority(draft: Draft, rule: Rule, index: int) -> Facts:
    name, _, key = draft.record.values[index].text.rpartition("=")
    yield "authority", folded(bare_name(name)), key.strip()


def _publisher(draft: Draft, rule: Rule, index: int) -> Facts:
    names, places, address = read_imprint(draft.text(index, paragraphs=False), draft.maps.organisation_words)
    for name in names:
        yield rule.property, tidy_name(name)
    for place in places:
        if not draft.maps.no_value("place", place):
            yield draft.terms["fabio:hasPlaceOfPublication"], _place_name(draft, place)
    if address:
        yield "journal-page", link_iri(address)


def _organisation(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.property, tidy_name(draft.text(index, paragraphs=False))


def _place(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.property, _place_name(draft, draft.text(index, paragraphs=False))


def _place_name(draft: Draft, text: str) -> str:
    name = tidy_place(text)
    found = draft.maps.countries.get(folded(name))
    return found[1] if found else name


def _language(draft: Draft, rule: Rule, index: int) -> Facts:
    for code in read_languages(draft, draft.record.values[index].text)[0]:
        yield rule.property, code


def _type(draft: Draft, rule: Rule, index: int) -> Facts:
    type_ = known_type(draft.maps, draft.record.values[index].text)
    if type_ and type_.coar:
        yield "type", type_.coar


def _coded(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    found = draft.maps.codes[rule.options["map"]].get(compared(text))
    yield rule.property, found[0] if found else text


def _nature(draft: Draft, rule: Rule, index: int) -> Facts:
    nature = draft.maps.natures.get(compared(draft.record.values[index].text))
    if nature:
        yield rule.property, nature.code


def _link(draft: Draft, rule: Rule, index: int) -> Facts:
    yield rule.property, link_iri(draft.record.values[index].text)


def _relation(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.record.values[index].text
    yield rule.property, related_iri(draft, text) or draft.text(index, paragraphs=False)


def _format(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    yield rule.property, text.lower() if MEDIA_TYPE.fullmatch(text) else text


def _rights(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index)
    _, target = read_rights(draft, text)
    yield ("rights", target, "") if target else ("rights", text, draft.tag(index, text) or "")
    if not target and (licence := licence_in(text)):
        yield "rights", licence, ""


def _keyword(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    for word in split_list(text):
        yield rule.property, word, draft.tag(index, text) or ""


def _mesh(draft: Draft, rule: Rule, index: int) -> Facts:
    for text in split_list(draft.text(index, paragraphs=False)):
        descriptor, qualifiers = split_heading(text.lstrip("*").strip())
        yield "mesh", descriptor
        for qualifier in qualifiers:
            yield "mesh", descriptor, qualifier


def _concept(draft: Draft, rule: Rule, index: int) -> Facts:
    scheme = rule.options["scheme"]
    for text in split_list(draft.text(index, paragraphs=False)):
        number = class_mark(scheme, heading(text))[0] if rule.options.get("notation") else ""
        yield "concept", scheme, number or heading(text)


def _funding(draft: Draft, rule: Rule, index: int) -> Facts:
    yield from _text(draft, rule, index)
    for funder, numbers in read_grants(draft.text(index)):
        yield "grant", "funder", tidy_name(funder)
        for number in numbers:
            yield "grant", "number", number


def _grant(draft: Draft, rule: Rule, index: int) -> Facts:
    text, part = draft.text(index, paragraphs=False), rule.options["as"]
    if part == "funder":
        text = tidy_name(text)
    elif part == "award-uri":
        text = link_iri(text)
    yield "grant", {"award-number": "number", "award-title": "project"}.get(part, part), text


def _agreement(draft: Draft, rule: Rule, index: int) -> Facts:
    funder, number = read_agreement(draft.record.values[index].text)
    yield "grant", "funder", tidy_name(funder)
    yield "grant", "number", number


def _bookmarks(draft: Draft, rule: Rule, index: int) -> Facts:
    value = draft.record.values[index]
    yield rule.property, value.field, value.text.strip().lstrip("0") or "0"


def _metric(draft: Draft, rule: Rule, index: int) -> Facts:
    value = draft.record.values[index]
    yield value.field, plain_decimal(value.text)


def _event(draft: Draft, rule: Rule, index: int) -> Facts:
    text = draft.text(index, paragraphs=False)
    if rule.options.get("as") == "date":
        text = read_date(text)[0]
    yield "event", rule.options.get("as", "title"), text


NORMAL_FORMS: dict[str, NormalForm] = {
    "text": NormalForm("the text in one kind of white space, markup taken out; its language as a BCP 47 tag", _text_or_title),
    "plain": NormalForm("the text in one line, without a language", _plain),
    "title": NormalForm("the text in one line, with its language; a second title of a language is an alternative one", _title),
    "date": NormalForm("ISO 8601 as precise as it was given (or EDTF); a text that is no date as it is", _date),
    "timestamp": NormalForm("ISO 8601 in UTC", _timestamp),
    "identifier": NormalForm("the canonical form of its scheme, in the field of the scheme", _identifier),
    "uri": NormalForm("the handle; else as any-identifier", _uri),
    "any-identifier": NormalForm("an address as in the kind link, anything else in one line", _classified),
    "issn": NormalForm("each number as NNNN-NNNN", _issn),
    "isbn": NormalForm("thirteen digits", _isbn),
    "container": NormalForm("the title in one line, or the address that the text names", _container),
    "host": NormalForm("the title in one line, or the DOI in its canonical form", _host),
    "series": NormalForm("title; number", _series),
    "enumeration": NormalForm("the number without label, closing punctuation and the date behind it", _enumeration),
    "page": NormalForm("the page without its label; a range as its first and its last page, written out", _page),
    "author": NormalForm("the name in one line, without punctuation around it (the full stop of a sentence too), without a language", _author),
    "affiliation": NormalForm("the name of the contributor, compared without case, and that of the organisation in one line", _affiliation),
    "authority": NormalForm("name=key, the name compared without case", _authority),
    "publisher": NormalForm("each name in one line, without the place before it, without the full stop of a sentence and without a language", _publisher),
    "organisation": NormalForm("the name in one line, without the full stop of a sentence and without a language", _organisation),
    "place": NormalForm("the name of the country in the table, any other place as it is", _place),
    "period": NormalForm("the text in one line", _plain),
    "language": NormalForm("the ISO 639-2/B code of the language", _language),
    "type": NormalForm("the label of the COAR resource type", _type),
    "coded": NormalForm("the label of the term in the code list, any other text in one line", _coded),
    "nature": NormalForm("the code of the version", _nature),
    "link": NormalForm("the address, with characters that it may not contain percent-encoded", _link),
    "relation": NormalForm("the address that the text names, any other text in one line", _relation),
    "format": NormalForm("a media type in lower case, any other text in one line", _format),
    "label": NormalForm("the text in one line, without a language", _plain),
    "rights": NormalForm("the address of the licence, access right or statement; any other text with its language, and the licence that it names", _rights),
    "keyword": NormalForm("each keyword by itself, with its language", _keyword),
    "mesh": NormalForm("each heading by itself, with one qualifier each, joined by ' - ', without asterisk", _mesh),
    "concept": NormalForm("each heading by itself, its parts joined by '--'; the number of a class of Dewey's", _concept),
    "funding": NormalForm("as text; the grants that can be read from it say nothing new", _funding),
    "grant": NormalForm("the text in one line; funders and numbers in pairs", _grant),
    "grant-agreement": NormalForm("funder and number", _agreement),
    "bookmarks": NormalForm("the number without zeros before it", _bookmarks),
    "metric": NormalForm("the number without zeros at its end", _metric),
    "frequency": NormalForm("the text in one line, without a language", _plain),
    "event": NormalForm("the text in one line; a date as in the kind date", _event),
}  # fmt: skip
"""Normal forms by kind. Kinds that are missing (embargo, entity, kept, profile, system, withheld) publish a verbatim copy or nothing."""
