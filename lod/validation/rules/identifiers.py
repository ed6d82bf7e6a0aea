"""Rules about identifiers, their nodes and links (D03, D08 to D23, F05)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from stdnum import isbn, issn
from stdnum.iso7064 import mod_11_2

from lod.rdf.claims import is_iri, text_of
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

Check = Callable[[RecordIndex, RuleContext], Iterator[Found]]

ISSNS = ("bibo:issn", "bibo:eissn", "prism:issn", "prism:eIssn", "fabio:hasIssnL")
_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9X]")
ISBNS = {"bibo:isbn13": re.compile(r"97[89][0-9]{10}"), "bibo:isbn10": re.compile(r"[0-9]{9}[0-9X]")}
_ORCID = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")
FLAT = {"bibo:doi": "datacite:doi", "bibo:pmid": "datacite:pmid", "bibo:handle": "datacite:handle"}
_OTHER_DOI_RESOLVER = re.compile(r"(?:http://doi\.org|https?://(?:dx|www)\.doi\.org)/", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(
    r"https://creativecommons\.org/(?:licenses|publicdomain)/[a-z0-9+-]+/[0-9.]+/(?:[a-z-]+/)?"
)


_LASTING = ("bibo:handle", "bibo:doi", "bibo:pmid", "fabio:hasPubMedCentralId", "fabio:hasArXivId")
_CITED_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S")


def moving_addresses(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D01w: an item known by UUID or OAI identifier may have a web address only (docs/adr/0003); a DOI may stand in its citation."""
    addresses = record.objects(record.item, "bibo:uri")
    if not addresses or any(record.objects(record.item, name) for name in _LASTING):
        return
    citations = record.objects(record.item, "dcterms:bibliographicCitation")
    if not any(_CITED_DOI.search(text_of(citation)) for citation in citations):
        yield record.item, "bibo:uri", addresses[0]


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


# A journal, a book and an author stand in many records.
_remembered = lru_cache(maxsize=4_096)


@_remembered
def _is_issn(text: str) -> bool:
    return _ISSN.fullmatch(text) is not None and issn.is_valid(text)


@_remembered
def _is_isbn(text: str, form: re.Pattern[str]) -> bool:
    return form.fullmatch(text) is not None and isbn.is_valid(text)


@_remembered
def _is_orcid(text: str) -> bool:
    return _ORCID.fullmatch(text) is not None and mod_11_2.is_valid(text.replace("-", ""))


_SCHEMES: dict[str, Callable[[str], bool]] = {
    "ids:wos-ut": _matches(r"WOS:[0-9A-Z]{15}"),
    "ids:scopus-eid": _matches(r"2-s2\.0-[0-9]{5,}"),
    "datacite:orcid": _is_orcid,
    "datacite:pmcid": _matches(r"PMC[0-9]+"),
    "datacite:arxiv": _matches(r"(?:[0-9]{4}\.[0-9]{4,5}|[A-Za-z.-]+/[0-9]{7})(?:v[0-9]+)?"),
    "datacite:ror": _matches(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}"),
    "datacite:openalex": _matches(r"[WAISPFC][0-9]+"),
}


def malformed_in(*schemes: str) -> Check:
    """Return the rule for identifier nodes of these schemes: each value has the form of its scheme (D10, D11, D14, D15)."""

    def check(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
        for node, _, scheme in record.pairs("datacite:usesIdentifierScheme"):
            name = context.names.of(scheme)
            if name in schemes:
                for term in record.objects(node, "literal:hasLiteralValue"):
                    if not _SCHEMES[name](text_of(term)):
                        yield node, "literal:hasLiteralValue", term

    return check


def wrong_issns(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D12: form and check digit. Source: ISO 3297."""
    for subject, name, term in record.pairs(*ISSNS):
        if not _is_issn(text_of(term)):
            yield subject, name, term


def wrong_isbns(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D13: form and check digit. Source: ISO 2108."""
    for subject, name, term in record.pairs(*ISBNS):
        if not _is_isbn(text_of(term), ISBNS[name]):
            yield subject, name, term


def iris_against_handles(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D03: the item's IRI ends with /id/item/ and one of its handles, after percent-decoding."""
    handles = record.objects(record.item, "bibo:handle")
    iri = unquote(record.item[1:-1])
    if handles and not any(iri.endswith(f"/id/item/{text_of(handle)}") for handle in handles):
        yield record.item, "bibo:handle", handles[0]


def dois_for_tests(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D08: the prefix for tests is not registered."""
    for subject, name, doi in record.pairs("bibo:doi"):
        if text_of(doi).startswith("10.5072/"):
            yield subject, name, doi


def shared_nodes(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D17: datacite:hasIdentifier is inverse functional."""
    owners: dict[str, str] = {}
    for owner, name, node in record.pairs("datacite:hasIdentifier"):
        if owners.setdefault(node, owner) != owner:
            yield node, name, owner


def _identifiers(record: RecordIndex, context: RuleContext, owner: str) -> Iterator[tuple[str, str, str]]:
    """Yield node, scheme (a prefixed name) and text of each identifier of a resource."""
    for node in record.objects(owner, "datacite:hasIdentifier"):
        for scheme in record.objects(node, "datacite:usesIdentifierScheme"):
            for term in record.objects(node, "literal:hasLiteralValue"):
                yield node, context.names.of(scheme), text_of(term)


def flat_without_node(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D18: each DOI, PubMed id and handle of the item has a node with the same scheme and value."""
    known = {(scheme, text) for _, scheme, text in _identifiers(record, context, record.item)}
    for name, scheme in FLAT.items():
        for term in record.objects(record.item, name):
            if (scheme, text_of(term)) not in known:
                yield record.item, name, term


def repeated_identifiers(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D23: no two nodes of one owner say the same."""
    for owner in {owner: None for owner, _, _ in record.pairs("datacite:hasIdentifier")}:
        seen: dict[tuple[str, str], str] = {}
        for node, scheme, text in _identifiers(record, context, owner):
            if seen.setdefault((scheme, text), node) != node:
                yield owner, "datacite:hasIdentifier", f"{scheme} {text}"


def identity_links(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """D20: schema:sameAs holds http(s) IRIs, those of DOIs at https://doi.org/."""
    for subject, name, term in record.pairs("schema:sameAs"):
        text = text_of(term)
        if not is_iri(term) or not re.match(r"https?://[^/]", text) or _OTHER_DOI_RESOLVER.match(text):
            yield subject, name, term


def licence_links(record: RecordIndex, context: RuleContext) -> Iterator[Found]:
    """F05: licences of Creative Commons in their one spelling. Texts are the matter of G06."""
    for subject, name, term in record.pairs("dcterms:license"):
        text = text_of(term)
        if is_iri(term) and "creativecommons.org" in text.lower() and not _CREATIVE_COMMONS.fullmatch(text):
            yield subject, name, term
