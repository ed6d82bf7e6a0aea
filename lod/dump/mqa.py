"""Score of a dataset's description by the metadata quality assessment of data.europa.eu (MQA): 405 points in five dimensions.

Computed of the description alone, without a request: addresses of this site count as reachable, since the site serves them.

Source: data.europa.eu, "Metadata Quality Assessment Methodology"; its points as ckan-mqa lists them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lod.rdf.claims import RDF_TYPE, Triple, iri, iri_text, is_iri, namespace

_dcat = namespace("http://www.w3.org/ns/dcat#")
_dcterms = namespace("http://purl.org/dc/terms/")
_LICENCES = (
    "https://creativecommons.org/",
    "http://creativecommons.org/",
    "https://opendatacommons.org/",
    "http://publications.europa.eu/resource/authority/licence/",
)
_EU = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = f"{_EU}file-type/"
MOST_POINTS = 405
_RATINGS = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its dimension, what it asks for, its points, how many of them are reached, how the rest is gained."""

    name: str
    dimension: str
    asks: str
    most: int
    points: int
    mend: str


@dataclass(frozen=True, slots=True)
class Score:
    """The points of all criteria, in the order of the assessment."""

    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> int:
        """How many points are reached, of `MOST_POINTS`."""
        return sum(one.points for one in self.criteria)

    @property
    def rating(self) -> str:
        """The word for the points: excellent from 351, good from 221, sufficient from 121."""
        return next(word for least, word in _RATINGS if self.points >= least)

    @property
    def missing(self) -> list[Criterion]:
        """What is not reached in full, the most points first."""
        short = [one for one in self.criteria if one.points < one.most]
        return sorted(short, key=lambda one: one.points - one.most)


class _Description:
    """Objects of the description by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[str, str], list[str]] = {}
        for subject, predicate, object_ in triples:
            self._objects.setdefault((subject, predicate), []).append(object_)

    def of(self, subject: str, property_: str) -> list[str]:
        return self._objects.get((subject, property_), [])

    def share(self, subjects: Iterable[str], property_: str, starts: tuple[str, ...] = ("",)) -> float:
        """Return the share of subjects that have the property, with an IRI that begins so where `starts` are given."""
        known = list(subjects)
        has = [
            any(
                starts == ("",) or (is_iri(term) and iri_text(term).startswith(starts))
                for term in self.of(one, property_)
            )
            for one in known
        ]
        return sum(has) / len(has) if has else 0.0


def score_of(triples: Iterable[Triple], base: str) -> Score:
    """Return the score of the description of the dataset of a site with a base IRI, dumps included."""
    found = _Description(triples)
    dataset, catalogue = iri(f"{base}id/dataset"), iri(f"{base}id/dataset#catalog")
    files = [
        term for term in found.of(dataset, _dcat("distribution")) if _dcat("Distribution") in found.of(term, RDF_TYPE)
    ]
    one, own = [dataset], (base,)
    has_types = (
        found.share(files, _dcat("mediaType"), (_MEDIA_TYPES,)),
        found.share(files, _dcterms("format"), (_FILE_TYPES,)),
    )
    needed = [found.share(one, _dcterms(name)) for name in ("title", "description")]
    needed += [found.share([catalogue], _dcterms(name)) for name in ("title", "description", "publisher")]
    needed.append(found.share(files, _dcat("accessURL")))
    licence = found.of(dataset, _dcterms("license"))
    rows = (
        ("keyword", "findability", "keywords", 30, found.share(one, _dcat("keyword")), "Set `keywords` in lod.toml."),
        ("theme", "findability", "themes", 30, found.share(one, _dcat("theme")), "Set `themes` in lod.toml, to IRIs of the EU's data themes."),
        ("spatial", "findability", "places that it is about", 20, found.share(one, _dcterms("spatial")), "This version of the program has no setting for it."),
        ("temporal", "findability", "time that it is about", 20, found.share(one, _dcterms("temporal")), "This version of the program has no setting for it."),
        ("access-url", "accessibility", "addresses that lead to the data", 50, found.share(files, _dcat("accessURL"), own), _DUMPS),
        ("download-url", "accessibility", "addresses for downloads", 20, found.share(files, _dcat("downloadURL")), _DUMPS),
        ("download-url-200", "accessibility", "downloads that answer", 30, found.share(files, _dcat("downloadURL"), own), _DUMPS),
        ("format", "interoperability", "format of each file", 20, found.share(files, _dcterms("format")), _DUMPS),
        ("media-type", "interoperability", "media type of each file", 10, found.share(files, _dcat("mediaType")), _DUMPS),
        ("format-vocabulary", "interoperability", "both from vocabularies", 10, min(has_types), _DUMPS),
        ("non-proprietary", "interoperability", "open formats", 20, has_types[1], _DUMPS),
        ("machine-readable", "interoperability", "machine-readable formats", 20, has_types[1], _DUMPS),
        ("dcat-ap", "interoperability", "what DCAT-AP demands", 30, float(min(needed) == 1), "Set `publisher` and `title` in lod.toml."),
        ("licence", "reusability", "licence", 20, found.share(files, _dcterms("license")), "Set `license` in lod.toml."),
        ("licence-vocabulary", "reusability", "licence that is known", 10, float(any(is_iri(term) and iri_text(term).startswith(_LICENCES) for term in licence)), "Set `license` in lod.toml to a licence of Creative Commons or Open Data Commons."),
        ("access-rights", "reusability", "access rights", 10, found.share(one, _dcterms("accessRights")), ""),
        ("access-rights-vocabulary", "reusability", "access rights from a vocabulary", 5, found.share(one, _dcterms("accessRights"), (_EU,)), ""),
        ("contact-point", "reusability", "contact", 20, found.share(one, _dcat("contactPoint")), "Set `contact_email` or `contact_url` in lod.toml."),
        ("publisher", "reusability", "publisher", 10, found.share(one, _dcterms("publisher")), "Set `publisher` in lod.toml."),
        ("rights", "contextuality", "statement of rights", 5, found.share(files, _dcterms("rights")), "This version of the program has no setting for it."),
        ("byte-size", "contextuality", "size of each file", 5, found.share(files, _dcat("byteSize")), _DUMPS),
        ("issued", "contextuality", "date of the first publication", 5, found.share(one, _dcterms("issued")), "This version of the program does not state it."),
        ("modified", "contextuality", "date of the last change", 5, found.share(one, _dcterms("modified")), ""),
    )  # fmt: skip
    return Score(
        tuple(
            Criterion(name, dimension, asks, most, int(most * share), mend)
            for name, dimension, asks, most, share, mend in rows
        )
    )


_DUMPS = "Publish again, so that the dumps are described."
