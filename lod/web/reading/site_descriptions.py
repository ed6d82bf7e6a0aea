"""Descriptions of the site: of the software and of the SPARQL endpoint, from the settings; of the dataset, as it was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lod import __version__
from lod.dump.manifest import Manifest
from lod.dump.void_and_dcat import DATASET, describe_dumps
from lod.questions.describe import describe_questions
from lod.rdf.claims import Iri, Triple, iri, iri_text, literal, split_claim
from lod.settings.table import Settings
from lod.store.base import PublishedGeneration
from lod.web.http.formats import GRAPH_FORMATS, RESULT_FORMATS
from lod.web.reading import terms

SOFTWARE = "id/software/mapper"

_VOID = "http://rdfs.org/ns/void#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
LANGUAGE_EXTENSIONS = (
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md",
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md",
)
"""Extensions of SPARQL 1.1 that the engine supports: arithmetic with dates and durations, ADJUST; LATERAL."""


def describe_software(settings: Settings) -> Iterator[Triple]:
    """Yield the description of the software that maps records; records say more about each of its runs."""
    software = iri(settings.base_iri + SOFTWARE)
    yield software, terms.TYPE, iri("http://www.w3.org/ns/prov#SoftwareAgent")
    yield software, iri("http://purl.org/dc/terms/hasVersion"), literal(__version__)


def describe_service(
    settings: Settings,
    generation: PublishedGeneration | None,
    prefixes: Mapping[str, str],
) -> Iterator[Triple]:
    """Yield the description of the SPARQL endpoint, with its prefixes, and the questions with their queries.

    Source: W3C SPARQL 1.1 Service Description, section 3.
    """
    endpoint, dataset = iri(f"{settings.base_iri}sparql"), iri(settings.base_iri + DATASET)
    yield endpoint, terms.TYPE, iri(f"{_SD}Service")
    yield endpoint, terms.TITLE, literal(f"SPARQL endpoint of {settings.title}")
    yield endpoint, iri(f"{_SD}endpoint"), endpoint
    yield endpoint, iri(f"{_SD}supportedLanguage"), iri(f"{_SD}SPARQL11Query")
    for extension in LANGUAGE_EXTENSIONS:
        yield endpoint, iri(f"{_SD}languageExtension"), iri(extension)
        yield iri(extension), terms.TYPE, iri(f"{_SD}Feature")
    for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield endpoint, iri(f"{_SD}resultFormat"), iri(_FORMATS + format_.w3c_name)
    yield endpoint, iri(f"{_SD}defaultDataset"), dataset
    yield dataset, terms.TYPE, iri(f"{_SD}Dataset")
    if generation is not None:
        yield from _describe_graphs(endpoint, dataset, generation)
    yield from describe_questions(settings.base_iri, prefixes)


def _describe_graphs(endpoint: Iri, dataset: Iri, generation: PublishedGeneration) -> Iterator[Triple]:
    default = iri(f"{iri_text(endpoint)}#default-graph")
    yield dataset, iri(f"{_SD}defaultGraph"), default
    yield default, terms.TYPE, iri(f"{_SD}Graph")
    yield default, iri(f"{_VOID}triples"), terms.integer(generation.catalog.counts().get("triples", 0))
    for number, name in enumerate(sorted(generation.store.named_graphs()), 1):
        named = iri(f"{iri_text(endpoint)}#named-graph-{number}")
        yield dataset, iri(f"{_SD}namedGraph"), named
        yield named, terms.TYPE, iri(f"{_SD}NamedGraph")
        yield named, iri(f"{_SD}name"), iri(name)


def published_description(settings: Settings, generation: PublishedGeneration, lines: Iterable[str]) -> list[Triple]:
    """Return the description of the dataset of a generation, `lines` as it was published, and that of its dumps."""
    # Whole before any is read: the checksum of the file is at its end.
    described = [split_claim(line) for line in list(lines)]
    manifest = Manifest.of(generation.directory)
    dumps = describe_dumps(settings, generation.name, generation.created, manifest) if manifest else ()
    return [*described, *dumps]
