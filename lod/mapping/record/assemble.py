"""What needs several values of a record: types, dates, identifiers, events, and the record's own document."""

from __future__ import annotations

from contextlib import suppress
from string import hexdigits
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lod.errors import BadValueError
from lod.mapping.resources import agents, containers, funding
from lod.mapping.resources import dspace_entities as profiles
from lod.mapping.resources.cited_parts import fill_from_citation
from lod.mapping.resources.links import MEDIA_TYPE, MEDIA_TYPES, link_iri
from lod.mapping.values.dates import DATE, DATE_TIME, G_YEAR, G_YEAR_MONTH, read_date, read_timestamp, year_of
from lod.mapping.values.identifiers import link_path
from lod.mapping.values.iris import chosen_key, exact_key, handle_key, handle_of, hash16, name_key
from lod.mapping.values.maps import compared
from lod.rdf.claims import XSD_NS, checked_iri, literal
from lod.report import Severity

if TYPE_CHECKING:
    from lod.mapping.crosswalk import Rule, Scheme
    from lod.mapping.draft import Draft
    from lod.mapping.values.maps import DocumentType
    from lod.record import File

PROFILE = "profile/1"
EMBARGO = "embargo"
"""Rule of the finding that holds a date in the future; the record is mapped again when the day has come."""
MAPPER_LABEL = "repository RDF mapper"


def assemble(draft: Draft) -> None:
    """Add every claim that waited for the whole record to be read."""
    classes = _state_types(draft)
    _state_dates(draft)
    _state_identifiers(draft)
    agents.assemble(draft)
    _leave_parts_of_serials(draft, classes)
    fill_from_citation(draft, classes)
    if containers.assemble(draft, classes):
        _state_journal_types(draft, classes)
    funding.assemble(draft)
    profiles.assemble(draft)
    _state_frequency(draft, classes)
    _state_event(draft)
    _state_files(draft)
    _state_record(draft)
    _keep_names_of_namesakes(draft)


def _keep_names_of_namesakes(draft: Draft) -> None:
    """Keep the values verbatim that call one thing by several names ("ACM" and "acm"): the graph does not say which is whose."""
    properties = {draft.terms[name] for name in ("rdfs:label", "foaf:name", "skos:prefLabel", "dcterms:title")}
    named: dict[str, list[set[int]]] = {}
    for line, origins in draft.claims.items():
        subject, predicate, _ = line.split(" ", 2)
        if predicate in properties and subject != draft.item:
            named.setdefault(subject, []).append(origins)
    for indices in named.values():
        if len(indices) > 1:
            for index in set[int]().union(*indices):
                draft.keep(index, "the same thing has another name in the record")


def _state_types(draft: Draft) -> set[str]:
    terms = draft.terms
    found: list[tuple[int, DocumentType]] = []
    unmatched = []
    for index, text in draft.waiting.types:
        type_ = draft.maps.types.get(compared(text))
        if type_:
            found.append((index, type_))
        else:
            unmatched.append(index)
    draft.add(draft.item, terms["rdf:type"], terms["rt:RepositoryItem"], *(index for index, _ in draft.waiting.types))
    other = draft.maps.types["other"]
    specific = [pair for pair in found if pair[1].coar != other.coar] or found
    for index in unmatched:
        message = "The document type is not in the table of types"
        if specific:
            draft.weaken(index, "I07", f"{message}; it was kept verbatim beside the known one.", Severity.INFO)
        else:
            draft.weaken(index, "I07", f"{message}; the item was published as 'other'. Add the type to maps/types.csv.")
    if not specific:
        entity = None if profiles.is_entity_page(draft) else draft.maps.types.get(profiles.entity_type(draft))
        if not unmatched and not entity and not profiles.is_entity_page(draft):
            message = "The record has no document type; the item was published as 'other'. Add dc.type."
            draft.note("I07", Severity.WARNING, message)
        specific = [(-1, entity or other)]
    disowned = _serials_beside_others(draft, specific)
    classes: dict[str, list[int]] = {}
    for index, type_ in specific:
        origins = [index] if index >= 0 else []
        draft.add(draft.item, terms["dcterms:type"], type_.coar, *origins)
        if index >= 0 and type_.coar != other.coar and not type_.is_called(draft.record.values[index].text):
            draft.keep(index, "written as the COAR type that the table gives for it")
        for name in (type_.bibo, type_.fabio, *type_.also) if index not in disowned else ():
            classes.setdefault(name, []).extend(origins)
    for general, special in _GENERAL:
        if any(terms[name] in classes for name in special):
            classes.pop(terms[general], None)
    widest = {terms["bibo:Document"], terms["fabio:Expression"]}
    for name in list(classes):
        prefix = name[: name.rfind("/") + 1]
        if name in widest and any(other_ not in widest and other_.startswith(prefix) for other_ in classes):
            del classes[name]
    for name, origins in classes.items():
        draft.add(draft.item, terms["rdf:type"], name, *origins)
    for index, type_ in found:
        if (index, type_) not in specific:
            draft.keep(index, "'other' stands beside a known type")
    return set(classes)


def _serials_beside_others(draft: Draft, found: list[tuple[int, DocumentType]]) -> set[int]:
    """Return the values that call an item a serial while others call it a book, an article …: it is no whole serial then.

    Its ISSN is that of the serial it belongs to; stated of a book it would merge the two (C07).
    """
    serials = {draft.terms[name] for name in containers.SERIALS}
    widest = draft.terms["bibo:Document"]
    disowned = {index for index, type_ in found if type_.bibo in serials}
    if all(type_.bibo in serials or type_.bibo == widest for _, type_ in found):
        return set()
    for index in disowned:
        message = "The item is called a serial and something else as well; it got the classes of the latter. Keep one of the types."
        draft.weaken(index, "I07", message)
    return disowned


# A class that says less than another one of the same item is left out (MODEL 6.8: the most specific are kept).
_GENERAL = (
    ("bibo:Article", ("bibo:AcademicArticle",)),
    ("bibo:DocumentPart", ("bibo:Chapter", "bibo:BookSection")),
    ("fabio:Thesis", ("fabio:DoctoralThesis", "fabio:MastersThesis", "fabio:BachelorsThesis")),
    (
        "fabio:Article",
        ("fabio:JournalArticle", "fabio:ReviewArticle", "fabio:NewspaperArticle", "fabio:ConferencePaper"),
    ),
    ("fabio:Book", ("fabio:ConferenceProceedings",)),
)


# In a journal a review article and an editorial have a class of their own as well (MODEL section 5, notes).
_IN_JOURNALS = {"fabio:ReviewArticle": "fabio:JournalArticle", "fabio:Editorial": "fabio:JournalEditorial"}


def _state_journal_types(draft: Draft, classes: set[str]) -> None:
    for general, special in _IN_JOURNALS.items():
        if draft.terms[general] in classes:
            draft.typed(draft.item, special, *(index for index, _ in draft.waiting.types))


def _leave_parts_of_serials(draft: Draft, classes: set[str]) -> None:
    """Keep the parts of a periodical verbatim only: BIBO makes whatever a periodical has as part an issue (C08)."""
    if not classes & {draft.terms[name] for name in containers.SERIALS}:
        return
    prefix = f"{draft.item} {draft.terms['dcterms:hasPart']} "
    for line in [line for line in draft.claims if line.startswith(prefix)]:
        for index in draft.claims.pop(line):
            draft.keep(index, "a periodical has no stated parts; its articles point to it")


def _state_frequency(draft: Draft, classes: set[str]) -> None:
    """State how often the item appears when it is a serial; of anything else the field describes a collection (MODEL 6.10)."""
    serial = classes & {draft.terms[name] for name in containers.SERIALS}
    for index, text in draft.waiting.frequency:
        if not serial:
            draft.keep(index, "it describes a collection, not the item")
            continue
        node = draft.text_node(f"frequency-{name_key(text)}", draft.terms["dcterms:Frequency"], text, index)
        draft.add(draft.item, draft.terms["dcterms:accrualPeriodicity"], node, index)


def _state_dates(draft: Draft) -> None:
    for (_, subject), waiting in draft.dates.items():
        single = subject == draft.document or waiting[0][1].options.get("single")
        done = False
        unreadable: list[tuple[int, Rule]] = []
        for index, rule in waiting:
            if single and done:
                draft.keep(index, "another value of the field was published")
                message = (
                    "The field has several dates; the first readable one was published, this one was kept verbatim."
                )
                draft.note("I17" if subject == draft.item else "D2", Severity.INFO, message, index)
                continue
            try:
                done = _state_date(draft, subject, rule, index) or done
            except BadValueError as fault:
                unreadable.append((index, rule))
                draft.weaken(index, "I18" if subject == draft.item else "D2", f"The date could not be read: {fault}.")
        if subject == draft.item and not (single and done):
            for index, rule in unreadable[: 1 if single else None]:
                with suppress(BadValueError):
                    draft.add(subject, rule.property, literal(draft.text(index, paragraphs=False)), index)


def _state_date(draft: Draft, subject: str, rule: Rule, index: int) -> bool:
    text = draft.record.values[index].text
    on_record = subject == draft.document
    form, datatype, changed = read_timestamp(text) if on_record else read_date(text)
    if changed:
        draft.keep(index, "the date was written in its standard form")
    if form.startswith(("9999-", "10000-")) and not on_record:
        draft.weaken(index, "I20", "The date means 'for ever'; it belongs to a file, not to the item.")
        return False
    far = len(form.partition("-")[0]) > 4
    future = far or form[:10] > draft.generated[:10]
    if on_record and rule.property == draft.terms["dcterms:available"] and future:
        draft.weaken(
            index, EMBARGO, "The item becomes available in the future; the date was kept verbatim.", Severity.INFO
        )
        return False
    property_ = rule.options.get("year_only") if datatype == G_YEAR else None
    draft.add(subject, property_ or rule.property, literal(form, datatype=datatype), index)
    if datatype in {G_YEAR, G_YEAR_MONTH, DATE} and draft.crosswalk.settings.mirrors:
        for mirror in rule.mirrors:
            draft.add(subject, mirror, literal(form, datatype=datatype), index)
    year = year_of(form)
    if year and rule.options.get("year"):
        draft.add(subject, rule.options["year"], literal(year, datatype=G_YEAR), index)
    return True


def _state_identifiers(draft: Draft) -> None:
    for name, values in draft.identifiers.items():
        # FaBiO and PRISM twins are functional: they repeat a single value only (MODEL section 11).
        single = len({value for _, value in values}) == 1
        for index, value in values:
            _state_identifier(draft, draft.crosswalk.schemes[name], value, single, index)
    if "handle" not in draft.identifiers and draft.key[:1].isdigit():
        # The source names the handle itself, outside the fields.
        handle = draft.record.handle or _handle_among(draft)
        if handle:
            draft.add(draft.item, draft.terms["dcterms:identifier"], literal(f"https://hdl.handle.net/{handle}"))
            _state_identifier(draft, draft.crosswalk.schemes["handle"], handle, True)


def _state_identifier(draft: Draft, scheme: Scheme, value: str, single: bool, *origins: int) -> None:
    mirrors = scheme.mirrors if single and draft.crosswalk.settings.mirrors else ()
    for property_ in (*scheme.properties, *mirrors):
        draft.add(draft.item, property_, literal(value), *origins)
    draft.identifier_node(draft.item, "datacite:ResourceIdentifier", scheme.name, scheme.scheme, value, *origins)
    if scheme.link:
        target = value.partition("v")[0] if scheme.name == "arxiv" and not value.startswith("v") else value
        draft.add(draft.item, scheme.link_property, link_iri(scheme.link.format(link_path(target))), *origins)


def _handle_among(draft: Draft) -> str | None:
    handles = (handle_of(value.text) for value in draft.record.values)
    return next((handle for handle in handles if handle and handle_key(handle) == draft.key), None)


def _state_event(draft: Draft) -> None:
    waiting = draft.waiting.event
    if not waiting.title:
        for index, _ in (*waiting.place, *waiting.date):
            draft.keep(index, "no name of the conference")
        return
    terms = draft.terms
    event = draft.part("event")
    index, title = waiting.title[0]
    for class_name in ("bibo:Conference", "bibo:Event"):
        draft.typed(event, class_name, index)
    draft.add(draft.item, terms["bibo:presentedAt"], event, index)
    draft.add(event, terms["dcterms:title"], literal(title), index)
    for other, _ in waiting.title[1:]:
        draft.keep(other, "a second conference")
    for number, place in waiting.place:
        node = draft.node("place", f"n-{hash16(place)}")
        draft.add(event, terms["event:place"], node, number)
        for class_name in ("dcterms:Location", "frbr:Place"):
            draft.typed(node, class_name, number)
        draft.add(node, terms["rdfs:label"], literal(place), number)
    for number, text in waiting.date:
        try:
            form, datatype, changed = read_date(text)
        except BadValueError:
            draft.weaken(number, "I18", "The date of the conference could not be read.", Severity.INFO)
            continue
        if changed:
            draft.keep(number, "the date was written in its standard form")
        draft.add(event, terms["dcterms:date"], literal(form, datatype=datatype), number)


def _state_files(draft: Draft) -> None:
    terms = draft.terms
    for position, file in enumerate(draft.record.files, start=1):
        if file.bundle != "ORIGINAL" or not file.url:
            continue
        try:
            address = link_iri(file.url)[1:-1]
        except BadValueError as fault:
            draft.note("F01", Severity.WARNING, f"The file {file.name!r} was left out: {fault}.")
            continue
        name = f"file-{exact_key(file.sequence) if file.sequence else f'n{position}'}"
        node = draft.part(name)
        draft.add(draft.item, terms["fabio:hasRepresentation"], node)
        draft.typed(node, "fabio:ComputerFile")
        draft.add(node, terms["dcterms:title"], literal(draft.shown(file.name)))
        if file.description:
            draft.add(node, terms["dcterms:description"], literal(draft.shown(file.description)))
        draft.add(node, terms["fabio:hasURL"], literal(address, datatype=f"{XSD_NS}anyURI"))
        if file.media_type and MEDIA_TYPE.fullmatch(file.media_type):
            draft.add(node, terms["dcterms:format"], f"<{MEDIA_TYPES}{file.media_type.lower()}>")
        if file.size_bytes is not None:
            draft.add(
                node, terms["dcat:byteSize"], literal(str(file.size_bytes), datatype=f"{XSD_NS}nonNegativeInteger")
            )
        if file.checksum:
            _state_checksum(draft, node, name, file)


_HEX_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
"""Hexadecimal digits of the checksums that SPDX has a name for, and repositories use."""


def _state_checksum(draft: Draft, node: str, name: str, file: File) -> None:
    """State the checksum of a file as DCAT does (spdx:checksum); SHA-256 has its short form as well (MODEL section 13)."""
    terms = draft.terms
    algorithm, _, digits = (file.checksum or "").partition(":")
    if len(digits) != _HEX_DIGITS.get(algorithm) or set(digits) - set(hexdigits):
        message = f"The checksum of the file {file.name!r} was left out: {draft.shown(file.checksum or '')!r} is none of {', '.join(_HEX_DIGITS)} in hexadecimal digits."
        draft.note("F06", Severity.INFO, message)
        return
    if algorithm == "sha256":
        draft.add(node, terms["schema:sha256"], literal(digits))
    checksum = draft.part(f"{name}-{algorithm}")
    draft.add(node, terms["spdx:checksum"], checksum)
    draft.typed(checksum, "spdx:Checksum")
    draft.add(checksum, terms["spdx:algorithm"], terms[f"spdx:checksumAlgorithm_{algorithm}"])
    draft.add(checksum, terms["spdx:checksumValue"], literal(digits, datatype=f"{XSD_NS}hexBinary"))


def _state_record(draft: Draft) -> None:
    """State the record's own document: what was harvested, when, by what, and to which profile (MODEL section 18)."""
    terms, document = draft.terms, draft.document
    source = _source(draft)
    mapping = f"<{draft.document_iri}#mapping>"
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
        draft.add(node, draft.terms["dcterms:title"], literal(draft.shown(collection)))


def _source(draft: Draft) -> str:
    """Return what was harvested: the address the source knows, else the handle's, else what the key names, else an entry of a file."""
    if draft.record.url and draft.shown(draft.record.url) == draft.record.url:
        with suppress(BadValueError):
            return link_iri(draft.record.url)
    for value, state in zip(draft.record.values, draft.states, strict=True):
        if not state.withheld and value.field == "dc.identifier.uri" and value.text.strip().startswith("http"):
            with suppress(BadValueError):
                return link_iri(value.text)
    if draft.key[:1].isdigit():
        return link_iri(f"https://hdl.handle.net/{draft.key}")
    if draft.key.startswith("uuid/"):
        return f"<urn:uuid:{draft.key.removeprefix('uuid/')}>"
    if draft.record.oai_identifier and draft.key.startswith("oai/"):
        # An OAI identifier is a URI (OAI-PMH 2.0, section 2.4), and needs no other name.
        with suppress(BadValueError):
            return checked_iri(draft.record.oai_identifier)
    for scheme, address in _KEY_ADDRESSES.items():
        if draft.key.startswith(f"{scheme}/"):
            return f"<{address}{draft.key.removeprefix(f'{scheme}/')}>"
    return _entry(draft)


def _entry(draft: Draft) -> str:
    """State the entry of a file that the record was read from; it has a name there, and no address."""
    node = f"<{draft.document_iri}#source>"
    field, _, name = draft.key.partition("/")
    chosen = chosen_key(draft.record, draft.crosswalk.settings.key_from)
    draft.typed(node, "rt:SourceEntry")
    label = f"{unquote(field)} {draft.record.values[chosen[2]].text.strip() if chosen else unquote(name)}"
    draft.add(node, draft.terms["rdfs:label"], literal(draft.shown(label)))
    return node


_KEY_ADDRESSES = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "arxiv": "https://arxiv.org/abs/",
    "doaj.id": "https://doaj.org/article/",
}
"""Where a record comes from, by the scheme of its key."""
