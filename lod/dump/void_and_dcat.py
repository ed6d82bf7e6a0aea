"""Description of the dataset in VoID and DCAT-AP: figures are counted, words come from the settings.

The description of a generation is a named graph of it, `{base}data/dataset`. Sizes and checksums of
the dumps cannot be in the dumps themselves: `describe_dumps` yields them, and they are served with the rest.

Source: W3C Interest Group Note VoID, sections 2 to 5; W3C DCAT 3, section 6; DCAT-AP 3.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from lod.dump.manifest import DUMPS, Manifest
from lod.dump.statistics import TARGETS, LinkCount, Statistics, Target
from lod.rdf.claims import RDF_TYPE, XSD_NS, Iri, Term, Triple, checked_iri, iri, iri_text, literal, namespace
from lod.rdf.formats import RDF_FORMATS
from lod.rdf.vocabulary import Vocabulary
from lod.settings.table import Settings

DATASET = "id/dataset"
DESCRIPTION_GRAPH = "data/dataset"
LINK_GRAPH = "data/links"
"""The named graph of links that files state (`lod.links`)."""
CROISSANT = "croissant.json"
"""Path of the description in Croissant, which is made when it is served."""
CROISSANT_PROFILE = "http://mlcommons.org/croissant/1.0"
MODEL_GRAPH = "data/model"
"""The named graph of the shapes, the rules and the crosswalk."""

_void = namespace("http://rdfs.org/ns/void#")
_dcat = namespace("http://www.w3.org/ns/dcat#")
_dcterms = namespace("http://purl.org/dc/terms/")
_foaf = namespace("http://xmlns.com/foaf/0.1/")
_vcard = namespace("http://www.w3.org/2006/vcard/ns#")
_spdx = namespace("http://spdx.org/rdf/terms#")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_see_also = iri("http://www.w3.org/2000/01/rdf-schema#seeAlso")
_PUBLIC = iri("http://publications.europa.eu/resource/authority/access-right/PUBLIC")


@dataclass(frozen=True, slots=True)
class _Service:
    """A data service: its path, what it conforms to, and the path of its description, "" where its own address has that."""

    path: str
    title: str
    specification: str
    description: str = ""
    setting: str = ""
    """Name of the setting that switches it on."""


_SERVICES = (
    _Service("sparql", "SPARQL endpoint", "https://www.w3.org/TR/sparql11-protocol/"),
    _Service(
        "fragments",
        "Triple pattern fragments",
        "https://linkeddatafragments.org/specification/triple-pattern-fragments/",
    ),
    _Service(
        "oai",
        "OAI-PMH provider",
        "http://www.openarchives.org/OAI/openarchivesprotocol.html",
        "oai?verb=Identify",
        "oai_pmh",
    ),
    _Service("changes", "Change feed", "https://w3id.org/ldes/specification", setting="change_feed"),
    _Service("api", "Entity API", "https://spec.openapis.org/oas/v3.1.1", "openapi.json", "entity_api"),
    _Service("inbox", "Inbox for notifications", "https://www.w3.org/TR/ldn/", setting="inbox_senders"),
    _Service(
        "reconcile",
        "Reconciliation service",
        "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
        setting="reconciliation",
    ),
)

Property = tuple[Iri, Term]


def describe_dataset(
    settings: Settings,
    vocabulary: Vocabulary,
    statistics: Statistics,
    modified: str,
    examples: Iterable[str],
    links: Iterable[LinkCount] = (),
) -> Iterator[Triple]:
    """Yield the description of the dataset, its catalogue and its services.

    Args:
        settings: of the site.
        vocabulary: names partitions, and lists the vocabularies in use.
        statistics: figures of what is published.
        modified: when it was published, ISO 8601.
        examples: IRIs of a few items.
        links: figures of the graph of links.
    """
    base = settings.base_iri
    dataset, catalogue = iri(base + DATASET), iri(f"{base}{DATASET}#catalog")
    common = list(_common(settings, statistics))
    services = [offered for offered in _SERVICES if not offered.setting or getattr(settings, offered.setting)]
    moment = literal(modified, datatype=f"{XSD_NS}dateTime")
    yield from _about(
        dataset,
        (RDF_TYPE, _void("Dataset")),
        (RDF_TYPE, _dcat("Dataset")),
        *common,
        *((_dcat("keyword"), _text(word, settings)) for word in settings.keywords),
        *((_dcat("theme"), checked_iri(theme)) for theme in settings.themes),
        (_dcterms("accessRights"), _PUBLIC),
        (_dcterms("identifier"), literal(base + DATASET)),
        (_dcterms("modified"), moment),
        (_dcat("landingPage"), iri(base)),
        (_see_also, iri(base + CROISSANT)),
        *((_dcat("contactPoint"), iri(f"{base}{DATASET}#contact")) for _ in _contact(settings)[:1]),
        *_figures(settings, statistics),
        *((_void("exampleResource"), iri(example)) for example in examples),
        *((_void("vocabulary"), iri(namespace)) for namespace in _vocabularies(vocabulary, statistics)),
    )
    yield from _about(
        catalogue,
        (RDF_TYPE, _dcat("Catalog")),
        *common,
        (_dcterms("modified"), moment),
        (_dcterms("language"), iri(_LANGUAGES + _language_code(settings.language))),
        (_foaf("homepage"), iri(base)),
        (_dcat("dataset"), dataset),
        *((_dcat("service"), iri(base + offered.path)) for offered in services),
    )
    for offered in services:
        service = iri(base + offered.path)
        yield from _about(
            service,
            (RDF_TYPE, _dcat("DataService")),
            (_dcterms("title"), literal(f"{offered.title} of {settings.title}", language="en")),
            *((name, value) for name, value in common if name in {_dcterms("license"), _dcterms("publisher")}),
            (_dcterms("accessRights"), _PUBLIC),
            (_dcterms("conformsTo"), iri(offered.specification)),
            (_dcat("endpointURL"), service),
            (_dcat("endpointDescription"), iri(base + (offered.description or offered.path))),
            (_dcat("servesDataset"), dataset),
        )
    if settings.publisher:
        yield from _about(
            _publisher(settings),
            (RDF_TYPE, _foaf("Agent")),
            (_foaf("name"), _text(settings.publisher, settings)),
        )
    if _contact(settings):
        yield from _about(
            iri(f"{base}{DATASET}#contact"),
            (RDF_TYPE, _vcard("Kind")),
            (_vcard("fn"), _text(settings.publisher or settings.title, settings)),
            *_contact(settings),
        )
    yield from _partitions(settings, vocabulary, statistics)
    yield from _linksets(settings, vocabulary, statistics, links)


def describe_dumps(settings: Settings, generation: str, created: str, manifest: Manifest) -> Iterator[Triple]:
    """Yield the distributions of the dataset: one for each dump of a generation."""
    base = settings.base_iri
    dataset = iri(base + DATASET)
    for file in manifest.dumps:
        syntax, compression = file.format.syntax, file.format.compression
        node, checksum = (
            iri(f"{base}{DATASET}#dump-{file.format.name}"),
            iri(f"{base}{DATASET}#sha256-{file.format.name}"),
        )
        yield dataset, _dcat("distribution"), node
        # VoID, section 3.2: a dump in one of the syntaxes of RDF. Each line of JSON-LD lines is a document of its own.
        if syntax in RDF_FORMATS:
            yield dataset, _void("dataDump"), iri(f"{base}{DUMPS}/latest/{file.name}")
        yield from _about(
            node,
            (RDF_TYPE, _dcat("Distribution")),
            (_dcterms("title"), literal(f"{syntax.name}, {compression.name}", language="en")),
            (_dcterms("description"), literal(file.format.writer.holds, language="en")),
            (_dcat("accessURL"), iri(f"{base}{DUMPS}/")),
            (_dcat("downloadURL"), iri(f"{base}{DUMPS}/{generation}/{file.name}")),
            (_dcat("byteSize"), _number(file.bytes, "nonNegativeInteger")),
            (_dcat("compressFormat"), iri(_MEDIA_TYPES + compression.media_type)),
            (_dcterms("format"), iri(_FILE_TYPES + syntax.eu_name)),
            (_dcat("mediaType"), iri(_MEDIA_TYPES + syntax.media_type)),
            *((_dcterms("license"), checked_iri(licence)) for licence in (settings.license,) if licence),
            (_dcterms("modified"), literal(created, datatype=f"{XSD_NS}dateTime")),
            (_spdx("checksum"), checksum),
        )
        yield from _about(
            checksum,
            (RDF_TYPE, _spdx("Checksum")),
            (_spdx("algorithm"), _spdx("checksumAlgorithm_sha256")),
            (_spdx("checksumValue"), literal(file.sha256, datatype=f"{XSD_NS}hexBinary")),
        )


def description_of(settings: Settings, items: int) -> str:
    """Return the description of a dataset of so many items: the words of its settings, or the number."""
    return settings.description or f"Metadata of {items:,} items as linked data."


def _common(settings: Settings, statistics: Statistics) -> Iterator[Property]:
    """Yield the properties that dataset and catalogue share."""
    yield _dcterms("title"), _text(settings.title, settings)
    items = statistics.classes[iri(f"{settings.vocabulary_namespace}RepositoryItem")]
    description = description_of(settings, items)
    yield (
        _dcterms("description"),
        _text(description, settings) if settings.description else literal(description, language="en"),
    )
    if settings.publisher:
        yield _dcterms("publisher"), _publisher(settings)
    if settings.license:
        yield _dcterms("license"), checked_iri(settings.license)


def _figures(settings: Settings, statistics: Statistics) -> Iterator[Property]:
    """Yield the figures of the whole. Source: VoID, section 4."""
    yield _void("uriSpace"), literal(f"{settings.base_iri}id/")
    yield _void("sparqlEndpoint"), iri(f"{settings.base_iri}sparql")
    yield _void("triples"), _number(statistics.triples)
    yield _void("entities"), _number(statistics.entities)
    yield _void("distinctSubjects"), _number(statistics.subjects)
    yield _void("classes"), _number(sum(1 for number in statistics.classes.values() if number))
    yield _void("properties"), _number(sum(1 for number in statistics.properties.values() if number))
    for format_ in RDF_FORMATS:
        yield _void("feature"), iri(f"http://www.w3.org/ns/formats/{format_.w3c_name}")


def _partitions(settings: Settings, vocabulary: Vocabulary, statistics: Statistics) -> Iterator[Triple]:
    """Yield a partition for each class and each property. Source: VoID, section 4.5."""
    dataset = iri(settings.base_iri + DATASET)
    for term, number in sorted(statistics.classes.items()):
        if number:
            node = _part(settings, vocabulary, "class", term)
            yield dataset, _void("classPartition"), node
            yield from _about(node, (_void("class"), term), (_void("entities"), _number(number)))
    for term, number in sorted(statistics.properties.items()):
        if number:
            node = _part(settings, vocabulary, "property", term)
            yield dataset, _void("propertyPartition"), node
            yield from _about(
                node,
                (_void("property"), term),
                (_void("triples"), _number(number)),
                (_void("distinctSubjects"), _number(statistics.property_subjects[term])),
            )


def _linksets(
    settings: Settings, vocabulary: Vocabulary, statistics: Statistics, links: Iterable[LinkCount]
) -> Iterator[Triple]:
    """Yield a linkset for each dataset elsewhere and each property that links to it, and for each file of links.

    Source: VoID, section 5.
    """
    targets = {target.key: target for target in TARGETS}
    described: set[str] = set()
    for (key, predicate), number in sorted(statistics.links.items()):
        if number:
            node = _part(settings, vocabulary, f"links-{key}", predicate)
            yield from _linkset(settings, node, key, predicate, number)
            described.add(key)
    for count in links:
        key, predicate = count.target, iri(count.relation)
        named = hashlib.sha256(f"{count.file} {key}".encode()).hexdigest()[:16]
        node = _part(settings, vocabulary, f"links-{named}", predicate)
        yield from _linkset(settings, node, key, predicate, count.number)
        yield node, _dcterms("source"), iri(f"{settings.base_iri}{LINK_GRAPH}#{quote(count.file, safe='-._~')}")
        described.add(key)
    for key in sorted(described):
        target = targets.get(key) or Target(key, key, f"https://{key}/", (f"http://{key}/", f"https://{key}/"))
        yield from _about(
            _elsewhere(settings, key),
            (RDF_TYPE, _void("Dataset")),
            (_dcterms("title"), literal(target.title, language="en")),
            (_foaf("homepage"), iri(target.homepage)),
            *((_void("uriSpace"), literal(space)) for space in target.spaces),
        )


def _linkset(settings: Settings, node: Iri, key: str, predicate: Iri, number: int) -> Iterator[Triple]:
    dataset = iri(settings.base_iri + DATASET)
    yield dataset, _void("subset"), node
    yield from _about(
        node,
        (RDF_TYPE, _void("Linkset")),
        (_void("subjectsTarget"), dataset),
        (_void("objectsTarget"), _elsewhere(settings, key)),
        (_void("linkPredicate"), predicate),
        (_void("triples"), _number(number)),
    )


def _elsewhere(settings: Settings, key: str) -> Iri:
    return iri(f"{settings.base_iri}{DATASET}#to-{quote(key, safe='-._~')}")


def _vocabularies(vocabulary: Vocabulary, statistics: Statistics) -> list[str]:
    """Return the namespaces of the classes and properties in use."""
    prefixes = {
        vocabulary.compact(iri_text(term)).partition(":")[0]
        for term, number in (*statistics.classes.items(), *statistics.properties.items())
        if number
    }
    return sorted(vocabulary.prefixes[prefix] for prefix in prefixes if prefix in vocabulary.prefixes)


def _part(settings: Settings, vocabulary: Vocabulary, kind: str, term: Term) -> Iri:
    """Return the IRI of a part of the dataset: its kind and the term it is about, by name or, without a prefix, by hash."""
    text = iri_text(term)
    name = vocabulary.compact(text)
    if name == text:
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
    # A colon would keep documents from writing the IRI relative to their base.
    return iri(f"{settings.base_iri}{DATASET}#{kind}-{quote(name.replace(':', '.'), safe='')}")


def _publisher(settings: Settings) -> Iri:
    return checked_iri(settings.publisher_iri or f"{settings.base_iri}{DATASET}#publisher")


def _contact(settings: Settings) -> list[Property]:
    found: list[Property] = []
    if settings.contact_email:
        found.append((_vcard("hasEmail"), checked_iri(f"mailto:{settings.contact_email}")))
    if settings.contact_url:
        found.append((_vcard("hasURL"), checked_iri(settings.contact_url)))
    return found


def _language_code(tag: str) -> str:
    """Return the name of a language in the EU's list, which DCAT-AP asks for: ENG; UND where it has no name there."""
    from langcodes import Language

    try:
        return str(Language.get(tag).to_alpha3()).upper()
    except LookupError:
        return "UND"


def _about(subject: Iri, *properties: Property) -> Iterator[Triple]:
    return ((subject, predicate, object_) for predicate, object_ in properties)


def _text(text: str, settings: Settings) -> Term:
    return literal(text, language=settings.language)


def _number(number: int, datatype: str = "integer") -> Term:
    return literal(str(number), datatype=f"{XSD_NS}{datatype}")
