"""The record's own document: what was read, when, by what, and from where (MODEL section 18)."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import unquote

from lod.errors import BadValueError
from lod.mapping.draft import Draft
from lod.mapping.resources.links import link_iri
from lod.mapping.values.dates import DATE_TIME, read_timestamp
from lod.mapping.values.identifiers import split_addresses
from lod.mapping.values.iris import ChosenKey, chosen_key, handle_key, handle_of, hash16
from lod.rdf.claims import Iri, checked_iri, iri, literal
from lod.report import Severity

PROFILE = "profile/1"
MAPPER_LABEL = "repository RDF mapper"


def assemble(draft: Draft) -> None:
    """State the record's own document: what was harvested, when, by what, and to which profile (MODEL section 18)."""
    terms, document = draft.terms, draft.document
    source = _source(draft)
    mapping = iri(f"{draft.document_iri}#mapping")
    software = draft.node("software", "mapper")
    for class_name in ("rt:Record", "foaf:Document", "prov:Entity"):
        draft.typed(document, class_name)
    draft.add(draft.item, terms["foaf:isPrimaryTopicOf"], document)
    draft.add(document, terms["foaf:primaryTopic"], draft.item)
    draft.add(document, terms["dcterms:source"], source)
    draft.add(document, terms["dcterms:conformsTo"], terms[f"rt:{PROFILE}"])
    draft.add(document, terms["void:inDataset"], draft.node("dataset"))
    generated = literal(draft.generated, datatype=DATE_TIME)
    draft.add(document, terms["prov:generatedAtTime"], generated)
    draft.add(document, terms["prov:wasGeneratedBy"], mapping)
    draft.typed(mapping, "prov:Activity")
    draft.add(mapping, terms["prov:used"], source)
    draft.add(mapping, terms["prov:endedAtTime"], generated)
    draft.add(mapping, terms["prov:wasAssociatedWith"], software)
    draft.typed(software, "prov:SoftwareAgent")
    draft.add(software, terms["rdfs:label"], literal(MAPPER_LABEL))
    if draft.record.modified:
        _state_modified(draft, draft.record.modified)
    for collection in draft.record.collections:
        _state_collection(draft, collection)


def _state_modified(draft: Draft, modified: str) -> None:
    prefix = f"{draft.document} {draft.terms['dcterms:modified']} "
    stated = [line for line in draft.claims if line.startswith(prefix)]
    try:
        form, datatype, _ = read_timestamp(modified)
    except BadValueError:
        draft.note("D2", Severity.WARNING, f"The source's date of modification cannot be read: {modified!r}.")
        return
    encoded = literal(form, datatype=datatype)
    if all(line[len(prefix) : -2] < encoded for line in stated):
        origins = set[int]().union(*(draft.claims.pop(line) for line in stated))
        draft.add(draft.document, draft.terms["dcterms:modified"], encoded, *origins)
        for index in origins:
            draft.keep(index, "the source states a later modification")


def _state_collection(draft: Draft, collection: str) -> None:
    handle = handle_of(collection)
    key = handle_key(handle) if handle else f"n-{hash16(collection)}"
    node = draft.node("collection", key)
    draft.add(draft.document, draft.terms["dcterms:isPartOf"], node)
    draft.typed(node, "dcmitype:Collection")
    if handle:
        draft.add(node, draft.terms["dcterms:identifier"], literal(f"https://hdl.handle.net/{handle}"))
        draft.add(node, draft.terms["rdfs:label"], literal(handle))
    else:
        draft.add(node, draft.terms["dcterms:title"], literal(draft.crosswalk.masked(collection)))


def _source(draft: Draft) -> Iri:
    """Return what was harvested: the address the source knows, else the handle's, else what the key names, else an entry of a file."""
    if draft.record.url and draft.crosswalk.masked(draft.record.url) == draft.record.url:
        with suppress(BadValueError):
            return link_iri(draft.record.url)
    for value, state in zip(draft.record.values, draft.states, strict=True):
        if not state.withheld and value.field == "dc.identifier.uri" and value.text.strip().startswith("http"):
            with suppress(BadValueError):
                return link_iri(split_addresses(value.text)[0])
    if draft.key[:1].isdigit():
        return link_iri(f"https://hdl.handle.net/{draft.key}")
    if draft.key.startswith("uuid/"):
        return iri(f"urn:uuid:{draft.key.removeprefix('uuid/')}")
    if draft.record.oai_identifier and draft.key.startswith("oai/"):
        # An OAI identifier is a URI (OAI-PMH 2.0, section 2.4), and needs no other name.
        with suppress(BadValueError):
            return checked_iri(draft.record.oai_identifier)
    for scheme, address in _KEY_ADDRESSES.items():
        if draft.key.startswith(f"{scheme}/"):
            return iri(f"{address}{draft.key.removeprefix(f'{scheme}/')}")
    chosen = chosen_key(draft.record, draft.crosswalk.settings.key_from)
    if chosen and chosen.key != draft.key:
        chosen = None
    if chosen and chosen.text.lower().startswith(("http://", "https://")):
        with suppress(BadValueError):
            return link_iri(chosen.text)
    if chosen and chosen.text.lower().startswith("urn:"):
        with suppress(BadValueError):
            return checked_iri(chosen.text.strip())
    return _entry(draft, chosen)


def _entry(draft: Draft, chosen: ChosenKey | None) -> Iri:
    """State the entry of a file that the record was read from; it has a name there, and no address."""
    node = iri(f"{draft.document_iri}#source")
    field, _, name = draft.key.partition("/")
    draft.typed(node, "rt:SourceEntry")
    label = f"{unquote(field)} {chosen.text if chosen else unquote(name)}"
    draft.add(node, draft.terms["rdfs:label"], literal(draft.crosswalk.masked(label)))
    return node


_KEY_ADDRESSES = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "arxiv": "https://arxiv.org/abs/",
    "doaj.id": "https://doaj.org/article/",
}
"""Address of the source of a record, by the scheme of its key."""
