"""From claims back to values: for each kind the way back of what its rules state.

A reader gets what is published of one record, and a rule. It yields the texts, with language tags, that the fields of the
rule must have held, in the order that the graph keeps. Values that have a verbatim copy come back from the copy, so a reader
only has to know what is stated when the value is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote

from lod.mapping.crosswalk import Rule
from lod.mapping.item.codes import LANGUAGES
from lod.mapping.resources.links import MEDIA_TYPES
from lod.mapping.resources.subjects import split_heading
from lod.mapping.round_trip.published import Published, Read
from lod.rdf.claims import iri_text, is_iri, text_of

Reader = Callable[[Published, Rule], Iterator[Read]]


def _text(published: Published, rule: Rule) -> Iterator[Read]:
    yield from published.texts(published.item, rule.property)


def _date(published: Published, rule: Rule) -> Iterator[Read]:
    for property_ in filter(None, (rule.property, rule.options.get("year_only"))):
        yield from published.labels(published.item, property_)


def _timestamp(published: Published, rule: Rule) -> Iterator[Read]:
    yield from published.labels(published.document, rule.property)


def _identifier(published: Published, rule: Rule) -> Iterator[Read]:
    yield from published.identifiers(published.item, published.crosswalk.schemes[rule.options["scheme"]].scheme)


def _classified(published: Published, rule: Rule) -> Iterator[Read]:
    yield from published.identifiers(published.item, published.crosswalk.schemes["local"].scheme)
    yield from published.labels(published.item, "bibo:uri")


_ISSN_SCHEMES = {"issn": "datacite:issn", "eissn": "datacite:eissn", "issnl": "datacite:lissn"}


def _issn(published: Published, rule: Rule) -> Iterator[Read]:
    scheme = published.terms[_ISSN_SCHEMES[rule.options.get("as", "issn")]]
    for node in (published.item, *published.wholes(), *(series for series, _ in published.series())):
        yield from published.identifiers(node, scheme)


def _isbn(published: Published, rule: Rule) -> Iterator[Read]:
    for node in (published.item, *published.wholes()):
        yield from published.identifiers(node, published.terms["datacite:isbn"])


def _container(published: Published, rule: Rule) -> Iterator[Read]:
    if rule.options.get("as") == "abbreviation":
        for node in published.wholes():
            yield from published.labels(node, "dcterms:alternative")
        return
    for node in published.wholes():
        if published.describes(node):
            yield from published.names(node, "dcterms:title", rule)
        else:
            yield Read(iri_text(node))


def _host(published: Published, rule: Rule) -> Iterator[Read]:
    for node in filter(published.describes, published.wholes()):
        yield from published.names(node, "bibo:doi" if rule.options.get("as") == "doi" else "dcterms:title", rule)


def _series(published: Published, rule: Rule) -> Iterator[Read]:
    """Yield title and number; of several series with numbers, which belongs to which is known from their copies only."""
    found = [
        (read.text, part) for node, part in published.series() for read in published.names(node, "dcterms:title", rule)
    ]
    for title, part in found:
        numbers = list(published.labels(part, "bibo:number"))
        if not numbers:
            yield Read(title)
        elif len(found) == len(numbers) == 1:
            yield Read(f"{title}; {numbers[0].text}")


def _enumeration(published: Published, rule: Rule) -> Iterator[Read]:
    name = "bibo:volume" if rule.options["as"] == "volume" else "prism:issueIdentifier"
    yield from published.labels(published.item, name)


def _page(published: Published, rule: Rule) -> Iterator[Read]:
    if rule.options["as"] == "start":
        yield from published.labels(published.item, "bibo:pageStart")
    else:
        yield from published.labels(published.item, "bibo:pageEnd")


def _author(published: Published, rule: Rule) -> Iterator[Read]:
    """Yield names in the order of the list; names of a narrower role are not read from the wider role."""
    item, relator = published.item, rule.options.get("relator", "")
    nodes = published.objects(item, relator or rule.property)
    if rule.options.get("list"):
        heads = published.objects(item, rule.options["list"])
        nodes = published.members(heads[0]) if heads else []
    elif not relator:
        narrower = {other.options["relator"] for other in published.crosswalk.rules if other.options.get("relator")}
        taken = {node for name in narrower for node in published.objects(item, name)}
        nodes = [node for node in nodes if node not in taken and "/id/org/n-" not in node]
    for node in nodes:
        yield from islice(published.names(node, "foaf:name", rule), 1)


def _affiliation(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.contributors():
        for organisation in published.objects(node, "schema:affiliation"):
            for person in islice(published.names(node, "foaf:name", rule), 1):
                for name in published.names(organisation, "foaf:name", rule):
                    yield Read(f"{person.text}: {name.text}")


def _authority(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.contributors():
        kind, _, key = iri_text(node).partition("/id/")[2].partition("/")
        if kind in {"person", "org"} and not key.startswith("n-"):
            for name, *_ in published.labels(node, "foaf:name"):
                yield Read(f"{name}={unquote(key)}")


def _named(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.options.get("relator") or rule.property):
        if "/id/org/n-" in node:
            yield from published.names(node, "foaf:name", rule)


def _labelled(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        yield from published.names(node, "rdfs:label", rule)


def _language(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        if iri_text(node).startswith(LANGUAGES):
            yield Read(iri_text(node).removeprefix(LANGUAGES))


def _coded(published: Published, rule: Rule) -> Iterator[Read]:
    labels: dict[str, str] = dict(published.crosswalk.maps.codes[rule.options["map"]].values())
    for node in published.objects(published.item, rule.property):
        if node in labels:
            yield Read(labels[node])
        else:
            yield from published.names(node, "rdfs:label", rule)


def _type(published: Published, rule: Rule) -> Iterator[Read]:
    labels: dict[str, str] = {
        type_.coar: type_.label for type_ in published.crosswalk.maps.types.values() if type_.label and type_.coar
    }
    for node in published.objects(published.item, "dcterms:type"):
        if node in labels:
            yield Read(labels[node])


def _nature(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        yield from published.labels(node, "skos:notation")


def _address(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        if is_iri(node) and not published.describes(node):
            yield Read(iri_text(node))


def _format(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        if node.startswith(f"<{MEDIA_TYPES}"):
            yield Read(iri_text(node)[len(MEDIA_TYPES) :])


def _rights(published: Published, rule: Rule) -> Iterator[Read]:
    for name in ("dcterms:license", "dcterms:accessRights", "dcterms:rights"):
        for node in published.objects(published.item, name):
            if published.describes(node):
                yield from published.texts(node, "rdfs:label")
            else:
                yield Read(text_of(node))


def _mesh(published: Published, rule: Rule) -> Iterator[Read]:
    """Yield pairs of heading and qualifier, then headings that have none."""
    headings = [node for node in published.objects(published.item, rule.property) if "/id/concept/mesh/" in node]
    paired = [node for node in headings if published.objects(node, "skos:broader")]
    for node in paired:
        above = published.objects(node, "skos:broader")[0]
        for text, *_ in published.labels(node, "skos:prefLabel"):
            for descriptor, *_ in published.labels(above, "skos:prefLabel"):
                pair = f"{descriptor} - {text.removeprefix(f'{descriptor}/')}"
                # What would be read in another way has a copy (see take_mesh).
                if f"{descriptor}/" in text and split_heading(pair)[0] == descriptor:
                    yield Read(pair)
    for node in headings:
        if node not in paired:
            yield from published.labels(node, "skos:prefLabel")


def _concept(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        if f"/id/concept/{rule.options['scheme']}/" in node:
            yield from published.names(node, "skos:prefLabel", rule)


_AWARD_PARTS = {
    "award-number": "schema:identifier",
    "award-title": "rdfs:label",
    "award-stream": "rt:fundingStream",
    "award-uri": "foaf:page",
}


def _grant(published: Published, rule: Rule) -> Iterator[Read]:
    """Yield what the grants say in the order of their names, so that funders and numbers stay in pairs.

    Numbers and projects without a funder have copies, unless they are parts of an award.
    """
    part = rule.options["as"]
    for grant in published.objects(published.item, "schema:funding"):
        funders = published.objects(grant, "schema:funder")
        if part == "funder":
            for node in funders:
                yield from published.names(node, "foaf:name", rule)
        elif part == "number" and funders:
            yield from published.labels(grant, "schema:identifier")
        elif part in _AWARD_PARTS and not funders:
            for term in published.objects(grant, _AWARD_PARTS[part]):
                yield Read(text_of(term))


def _bookmarks(published: Published, rule: Rule) -> Iterator[Read]:
    for node in published.objects(published.item, rule.property):
        if f"<{rule.options['service']}>" in published.objects(node, "schema:interactionService"):
            yield from published.labels(node, "schema:userInteractionCount")


def _metric(published: Published, rule: Rule) -> Iterator[Read]:
    variable = published.terms[f"rt:metric/{rule.options['metric']}"]
    for node in published.about:
        if variable in published.objects(node, "schema:variableMeasured"):
            for year, *_ in published.labels(node, "rt:referenceYear"):
                for number, *_ in published.labels(node, "schema:value"):
                    yield Read(number, star=year)


def _event(published: Published, rule: Rule) -> Iterator[Read]:
    part = rule.options.get("as", "title")
    for event in published.objects(published.item, "bibo:presentedAt"):
        if part == "place":
            for node in published.objects(event, "event:place"):
                yield from published.names(node, "rdfs:label", rule)
        else:
            yield from published.labels(event, f"dcterms:{part}")


READERS: dict[str, Reader] = {
    "text": _text,
    "plain": _text,
    "title": _text,
    "keyword": _text,
    "funding": _text,
    "date": _date,
    "timestamp": _timestamp,
    "identifier": _identifier,
    "any-identifier": _classified,
    "issn": _issn,
    "isbn": _isbn,
    "container": _container,
    "host": _host,
    "series": _series,
    "enumeration": _enumeration,
    "page": _page,
    "author": _author,
    "affiliation": _affiliation,
    "authority": _authority,
    "publisher": _named,
    "organisation": _named,
    "place": _labelled,
    "period": _labelled,
    "label": _labelled,
    "frequency": _labelled,
    "coded": _coded,
    "language": _language,
    "type": _type,
    "nature": _nature,
    "link": _address,
    "relation": _address,
    "format": _format,
    "rights": _rights,
    "mesh": _mesh,
    "concept": _concept,
    "grant": _grant,
    "bookmarks": _bookmarks,
    "metric": _metric,
    "event": _event,
}
"""Readers by kind, in the order in which they run: values that say more before those that can be read from them."""
