"""Statistics of the published claims: added up block by block, and exact, since all claims of a subject are in one block.

Only what can be added and subtracted is counted: triples, subjects, entities, members of classes, uses of
properties, links to known places. Distinct objects are not: they occur in many blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from lod.dump.syntaxes import SubjectClaims
from lod.rdf.claims import RDF_TYPE, Iri, Term

_Counted = TypeVar("_Counted")


@dataclass(frozen=True, slots=True)
class Target:
    """A dataset elsewhere that resources link to: its key, name, home page, and the beginnings of its IRIs."""

    key: str
    title: str
    homepage: str
    spaces: tuple[str, ...]


def _target(key: str, title: str, homepage: str, *spaces: str) -> Target:
    return Target(key, title, homepage, tuple(f"{scheme}{space}" for space in spaces for scheme in _SCHEMES))


_SCHEMES = ("http://", "https://")

TARGETS = (
    _target("doi", "DOI", "https://www.doi.org/", "doi.org/", "dx.doi.org/"),
    _target("handle", "Handle System", "https://www.handle.net/", "hdl.handle.net/"),
    _target("urn-nbn", "URN:NBN resolver", "https://nbn-resolving.org/", "nbn-resolving.org/", "nbn-resolving.de/"),
    _target("orcid", "ORCID", "https://orcid.org/", "orcid.org/"),
    _target("ror", "Research Organization Registry", "https://ror.org/", "ror.org/"),
    _target("isni", "ISNI", "https://isni.org/", "isni.org/isni/", "www.isni.org/isni/"),
    _target("viaf", "VIAF", "https://viaf.org/", "viaf.org/viaf/"),
    _target("gnd", "GND", "https://www.dnb.de/gnd", "d-nb.info/gnd/"),
    _target("wikidata", "Wikidata", "https://www.wikidata.org/", "www.wikidata.org/entity/"),
    _target("geonames", "GeoNames", "https://www.geonames.org/", "sws.geonames.org/"),
    _target("funder", "Crossref Funder Registry", "https://www.crossref.org/services/funder-registry/",
            "doi.org/10.13039/", "dx.doi.org/10.13039/"),
    _target("issn", "ISSN Portal", "https://portal.issn.org/", "issn.org/resource/ISSN/", "portal.issn.org/resource/ISSN/"),
    _target("mesh", "Medical Subject Headings", "https://id.nlm.nih.gov/mesh/", "id.nlm.nih.gov/mesh/"),
    _target("loc", "Library of Congress Linked Data Service", "https://id.loc.gov/", "id.loc.gov/"),
    _target("eu", "EU Vocabularies", "https://op.europa.eu/en/web/eu-vocabularies", "publications.europa.eu/resource/"),
    _target("coar", "COAR Controlled Vocabularies", "https://vocabularies.coar-repositories.org/", "purl.org/coar/"),
    _target("pubmed", "PubMed", "https://pubmed.ncbi.nlm.nih.gov/", "pubmed.ncbi.nlm.nih.gov/", "www.ncbi.nlm.nih.gov/pubmed/"),
    _target("pmc", "PubMed Central", "https://pmc.ncbi.nlm.nih.gov/", "pmc.ncbi.nlm.nih.gov/", "www.ncbi.nlm.nih.gov/pmc/"),
    _target("arxiv", "arXiv", "https://arxiv.org/", "arxiv.org/"),
    _target("openalex", "OpenAlex", "https://openalex.org/", "openalex.org/"),
    _target("cc", "Creative Commons", "https://creativecommons.org/", "creativecommons.org/"),
    _target("rights", "RightsStatements.org", "https://rightsstatements.org/", "rightsstatements.org/"),
)  # fmt: skip

_BY_HOST: dict[str, list[tuple[str, Target]]] = {}
for _known in TARGETS:
    for _space in _known.spaces:
        _BY_HOST.setdefault(_space[: _space.index("/", 8)], []).append((f"<{_space}", _known))
for _rows in _BY_HOST.values():
    # The longest beginning is tried first: a funder's DOI is counted as a funder.
    _rows.sort(key=lambda row: -len(row[0]))


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many links of a file lead to a dataset elsewhere by a relation; `target` is the key of one of `TARGETS`, else a host."""

    file: str
    target: str
    relation: str
    number: int


@dataclass(slots=True)
class Statistics:
    """Counts over a set of claims.

    Attributes:
        triples: all of them.
        subjects: distinct ones.
        entities: those of them under `uri_space`.
        classes: instances, by class.
        properties: triples, by property.
        property_subjects: distinct subjects, by property.
        links: triples that lead to one of `TARGETS`, by its key and the property; rdf:type is no link.
    """

    uri_space: str
    triples: int = 0
    subjects: int = 0
    entities: int = 0
    classes: Counter[Term] = field(default_factory=Counter)
    properties: Counter[Iri] = field(default_factory=Counter)
    property_subjects: Counter[Iri] = field(default_factory=Counter)
    links: Counter[tuple[str, Iri]] = field(default_factory=Counter)

    def add(self, subjects: Iterable[SubjectClaims], sign: int = 1) -> None:
        """Count all claims of some subjects; with the sign -1 subtract them."""
        space = f"<{self.uri_space}"
        # Counted by the library, in one call for each counter: most of what a dump counts is done in C then.
        properties: list[Iri] = []
        of_subjects: list[Iri] = []
        classes: list[Term] = []
        links: list[tuple[str, Iri]] = []
        for subject, claims in subjects:
            self.subjects += sign
            self.entities += sign * subject.startswith(space)
            before = ""
            for predicate, object_ in claims:
                properties.append(predicate)
                if predicate != before:
                    of_subjects.append(predicate)
                    before = predicate
                if predicate == RDF_TYPE:
                    classes.append(object_)
                elif object_[0] == "<" and (rows := _BY_HOST.get(object_[1 : object_.find("/", 9)])):
                    links += [(target.key, predicate) for start, target in rows if object_.startswith(start)][:1]
        self.triples += sign * len(properties)
        _count(self.properties, properties, sign)
        _count(self.property_subjects, of_subjects, sign)
        _count(self.classes, classes, sign)
        _count(self.links, links, sign)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures for JSON, sorted, without zeros."""
        return {
            "uri_space": self.uri_space,
            "triples": self.triples,
            "subjects": self.subjects,
            "entities": self.entities,
            "classes": _without_zeros(self.classes),
            "properties": _without_zeros(self.properties),
            "property_subjects": _without_zeros(self.property_subjects),
            "links": [[*pair, number] for pair, number in sorted(self.links.items()) if number],
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Return the statistics that `to_dict` wrote."""
        counted = {name: Counter(found[name]) for name in ("classes", "properties", "property_subjects")}
        links = Counter({(key, predicate): number for key, predicate, number in found["links"]})
        return cls(found["uri_space"], found["triples"], found["subjects"], found["entities"], **counted, links=links)


def target_of(term: str) -> Target | None:
    """Return the dataset elsewhere that an encoded IRI belongs to, None for any other."""
    end = term.find("/", 9)
    rows = _BY_HOST.get(term[1:end])
    return next((target for start, target in rows if term.startswith(start)), None) if rows else None


def _count(counter: Counter[_Counted], found: list[_Counted], sign: int) -> None:
    if sign > 0:
        counter.update(found)
    else:
        counter.subtract(found)


def _without_zeros(counter: Counter[Any]) -> dict[str, int]:
    return {name: number for name, number in sorted(counter.items()) if number}
