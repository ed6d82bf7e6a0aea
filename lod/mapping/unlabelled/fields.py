"""Unqualified Dublin Core: the qualified field of a value, read from its shape.

Most repositories give `dc:identifier` for a handle, a DOI, an ISSN or a citation alike. A rule of the crosswalk with
`by_shape` names one of the tables below; the first shape that a value has gives it the qualified field, and that field's
rule then takes it. A value without a shape is left to the rule itself. Every value that is read so is kept verbatim too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.item.rights import is_citation
from lod.mapping.item.types import known_type
from lod.mapping.publication.position import BOTH_NUMBERS
from lod.mapping.resources.links import names_document
from lod.mapping.resources.subjects import split_list
from lod.mapping.unlabelled.dates import EMBARGO_END, FieldReading, embargo_reading, is_period, read_as, read_dates
from lod.mapping.unlabelled.sources import (
    IDENTIFIERS,
    RELATIONS,
    SOURCES,
    read_digital_commons,
    read_listed_citation,
    read_pairs,
    read_title_beside_issn,
    read_typed_descriptions,
)
from lod.mapping.values.citation_forms import YEAR, Citation, read_elements_form
from lod.mapping.values.citations import (
    CITATION_FIELDS,
    doi_behind_title,
    holds_title,
    is_same_journal,
    names_journal,
    read_citation,
    title_among,
    year_before_title,
    years_beside_title,
)
from lod.mapping.values.identifiers import read_doi, read_isbn, read_issn, read_orcid, read_pmcid
from lod.mapping.values.iris import handle_of
from lod.mapping.values.maps import Maps, compared
from lod.mapping.values.text import folded
from lod.record import Record


@dataclass(frozen=True)
class Neighbours:
    """The record around a value: what its shape alone does not say."""

    record: Record
    key: str
    maps: Maps

    @cached_property
    def title(self) -> str:
        """The first title, "" where there is none."""
        return title_among(self.record.values)

    @cached_property
    def citing(self) -> tuple[str, ...]:
        """The texts in which citations stand: those of citations, and of identifiers."""
        fields = CITATION_FIELDS | IDENTIFIERS
        return tuple(value.text for value in self.record.values if value.field in fields)

    @cached_property
    def citation(self) -> Citation | None:
        """The citation of this very record, where its values hold one that can be read."""
        found = [read_citation(text, self.title) for text in self.citing]
        citations = [citation for citation in found if citation]
        titled = [citation for citation in citations if citation.titled]
        # Several citations without the title may be a list of references.
        return (titled or citations)[0] if titled or len(citations) == 1 else None

    @cached_property
    def named_citations(self) -> tuple[Citation, ...]:
        """The citations in the form of Symplectic Elements whose journal or book another value names alone."""
        found = [read_elements_form(collapse(text)) for text in self.citing]
        titles = [value.text for value in self.record.values if value.field in _CONTAINING]
        return tuple(
            cited for cited in found if cited and any(is_same_journal(title, cited.journal) for title in titles)
        )

    @cached_property
    def pairs(self) -> Mapping[int, FieldReading]:
        """The readings of dc:source by what is beside it, "ISSN: …", "ISBN: …" or an address of Digital Commons, by position."""
        return read_pairs(self.record) or read_digital_commons(self.record)

    @cached_property
    def listed_citation(self) -> Mapping[int, FieldReading]:
        """The readings of the parts of a citation that are values of their own, by position."""
        return read_listed_citation(self.record)

    @cached_property
    def typed_descriptions(self) -> Mapping[int, FieldReading]:
        """The readings of descriptions that follow a type, by position."""
        return read_typed_descriptions(self.record)

    @cached_property
    def own_dois(self) -> frozenset[str]:
        """The DOIs that the record says are its own: among its identifiers, and behind its title in the citation of a known program."""
        read = (text for text in self.citing if (cited := read_citation(text, self.title)) and cited.program)
        found = {doi_behind_title(text, self.title) for text in read}
        for value in self.record.values:
            if value.field in IDENTIFIERS or value.field == "dc.identifier.doi":
                with suppress(BadValueError):
                    found.add(read_doi(value.text))
        return frozenset(found - {""})

    @cached_property
    def guessed_titles(self) -> Mapping[int, FieldReading]:
        """The reading of the only text beside an ISSN as the title of the journal, by position."""
        return read_title_beside_issn(self.record)

    @cached_property
    def dates(self) -> Mapping[int, FieldReading]:
        """The readings of the unqualified dates: only together they say what each of them is."""
        years = {year_before_title(text, self.title) for text in self.citing} - {""}
        beside = frozenset(year for text in self.citing for year in years_beside_title(text, self.title))
        return read_dates(
            self.record, years.pop() if len(years) == 1 else "", beside, partial(self.maps.no_value, "date")
        )


ShapeTest = Callable[[str, Neighbours], bool]


def read_unlabelled(record: Record, key: str, crosswalk: Crosswalk) -> tuple[Record, dict[int, FieldReading]]:
    """Return the record with its unlabelled values under their qualified fields, and what was read, by position.

    What the source takes as another field (`fallbacks`) is read as that field.
    """
    around = Neighbours(record, key, crosswalk.maps)
    readings: dict[int, FieldReading] = {
        index: FieldReading(field, f"taken as {field}, a fallback of the source") for index, field in record.taken_as
    }
    for index, value in enumerate(record.values):
        if index in readings:
            continue
        rule = crosswalk.rule_for(value.field, value.text)
        if rule is not None and rule.by_shape:
            reading = _read(rule.by_shape, index, value.text, around)
            if reading is not None and reading.field != value.field:
                readings[index] = reading
    if not readings:
        return record, readings
    values = tuple(
        value._replace(field=reading.field, text=reading.text or value.text)
        if (reading := readings.get(index)) and reading.field
        else value
        for index, value in enumerate(record.values)
    )
    return replace(record, values=values), readings


def _read(table: str, index: int, text: str, around: Neighbours) -> FieldReading | None:
    if table == "date":
        return around.dates.get(index)
    if table == "citation":
        return around.listed_citation.get(index)
    if table == "description" and index in around.typed_descriptions:
        return around.typed_descriptions[index]
    if table == "source" and index in around.pairs:
        return around.pairs[index]
    if reading := _read_openaire_term(text.strip()):
        return reading
    tidy = collapse(text)
    if table == "subject":
        subjects = split_list(tidy)
        if len(subjects) > 1:
            return None  # a list: no shape is that of all its parts
        tidy = "".join(subjects)
    for test, field, why in SHAPES[table]:
        if test is _says_nothing and index in around.guessed_titles:
            return around.guessed_titles[index]
        if test(tidy, around):
            return _reading(field, why, tidy, around) if field else FieldReading("", why)
    return None


def _read_openaire_term(text: str) -> FieldReading | None:
    """Read the terms by which OpenAIRE's guidelines give alternative identifiers and the end of an embargo."""
    if match := _ALTERNATIVE.fullmatch(text):
        if field := _ALTERNATIVES.get(match[1].lower()):
            return read_as(field, "an alternative identifier", match[2])
        return FieldReading("", "an alternative identifier of an unknown scheme", match[2])
    if embargo := EMBARGO_END.fullmatch(text):
        return embargo_reading(embargo[1])
    return FieldReading("", "a date of OpenAIRE; it was kept verbatim") if _OPENAIRE_DATE.match(text) else None


def _reading(field: str, why: str, text: str, around: Neighbours) -> FieldReading:
    """Return the reading of a text of some shape, without the label in front of it; sentences are guesses."""
    label = _LABELS.match(text) if field in _LABELLED else None
    guessed = why in {_BARE_ISSN, _MISPLACED_DOI}
    if field in CITATION_FIELDS:
        cited = read_citation(text, around.title)
        guessed = not (cited and cited.program)
    return read_as(field, why, text[label.end() :] if label else "", guessed=guessed)


# --- the shapes


def _like(pattern: str) -> ShapeTest:
    expression = re.compile(pattern, re.IGNORECASE)
    return lambda text, _: expression.search(text) is not None


def _reads(read: Callable[[str], str]) -> ShapeTest:
    def test(text: str, _: Neighbours) -> bool:
        try:
            read(text)
        except BadValueError:
            return False
        return True

    return test


def _is_handle(text: str, around: Neighbours) -> bool:
    if handle_of(text, labelled=True):
        return True
    # Without a resolver "2010/11" may be anything, unless it begins as the repository's own handles do.
    bare = handle_of(text)
    return bare is not None and bare.partition("/")[0] == around.key.partition("/")[0] and bare == text


def _is_own_page(text: str, around: Neighbours) -> bool:
    """Return whether a text is the page of the record, by its OAI identifier: oai:authors.example.edu:48857 is http://authors.example.edu/48857/."""
    space, _, name = around.key.partition("/")
    host, _, local = name.partition("/")
    match = re.fullmatch(r"https?://([^/\s?#]+)/(?:[^\s?#]*/)?([^/\s?#]+)/?", text, re.IGNORECASE)
    return space == "oai" and match is not None and (match[1].lower(), match[2]) == (host.lower(), local)


def _is_own_doi(text: str, around: Neighbours) -> bool:
    try:
        return read_doi(text) in around.own_dois
    except BadValueError:
        return False


def _is_issn(text: str, _: Neighbours) -> bool:
    # Eight digits in a row, and a span of years such as 1997-2005, are too often something else.
    years = re.fullmatch(rf"({YEAR})[-–]({YEAR})", text)
    return bool(_ISSN.match(text)) and not (years and years[1] <= years[2]) and _reads(read_issn)(text, _)


def _is_bare_issn(text: str, around: Neighbours) -> bool:
    """Return whether eight characters are an ISSN without its hyphen: beside another ISSN, or a citation of the record; no day."""
    if not re.fullmatch(r"\d{7}[\dXx]", text) or not _reads(read_issn)(text, around) or is_period(text):
        return False
    others = (value.text.strip() for value in around.record.values if value.field in IDENTIFIERS)
    return around.citation is not None or any(_is_issn(other, around) for other in others)


def _is_isbn(text: str, _: Neighbours) -> bool:
    return bool(_ISBN.match(text)) and _reads(read_isbn)(text, _)


def _is_own_citation(text: str, around: Neighbours) -> bool:
    found = read_citation(text, around.title)
    if found is not None and (found.titled or found == around.citation):
        return True
    if around.named_citations and read_elements_form(text) in around.named_citations:
        return True
    return len(text.split()) > 6 and bool(re.search(r"\d", text)) and holds_title(text, around.title)


def _is_container(text: str, around: Neighbours) -> bool:
    """Return whether a source or relation is the serial with its numbers: "Journal; Vol. 5 No. 2 (2013); 23-40"."""
    found = read_citation(text)
    if found is None or _REFERENCE.search(text):
        return False
    if found.program == "DSpace" and not _has_type(around, "Article"):
        return False  # reports and papers have numbers with a date as well, in a series
    return bool(found.program) or ";" in text or around.citation is None


def _is_cited_journal(text: str, around: Neighbours) -> bool:
    if any(is_same_journal(text, cited.journal) for cited in (around.citation, *around.named_citations) if cited):
        return True
    return len(text) <= _LONGEST_JOURNAL and any(names_journal(cited, around.title, text) for cited in around.citing)


def _is_series(text: str, around: Neighbours) -> bool:
    title, semicolon, number = (part.strip() for part in text.rpartition(";"))
    if not semicolon or not _SERIES.fullmatch(title):
        return False
    # A number that begins with the short title of its series may hold anything: "BSK-CPM;BSK-CPM-1997-001".
    own = number.startswith(f"{title}-") and len(number) <= _LONGEST_HALF and re.search(r"\d", number)
    # The series beside a chapter would be that of its book, and such a number is the repository's own.
    return bool(own and not _has_type(around, "Chapter", "Section")) or bool(_NUMBER.fullmatch(number))


def _has_type(around: Neighbours, *words: str) -> bool:
    """Return whether the BIBO class of a type of the record has one of some words in its name."""
    values = (value for value in around.record.values if value.field in ("dc.type", "dcterms.type"))
    types = (known_type(around.maps, value.text) for value in values)
    return any(type_ and type_.bibo and any(word in type_.bibo for word in words) for type_ in types)


def _is_half_a_series(text: str, around: Neighbours) -> bool:
    """Return whether a text is what DSpace makes of a series without a number, "Title;", or of a number without a title, ";RR03-03"."""
    title, semicolon, number = text.partition(";")
    if not semicolon or ";" in number or len(text) > _LONGEST_HALF:
        return False
    if number:
        return not title and bool(re.search(r"\d", number))
    return title == title.rstrip() and bool(_SERIES.fullmatch(title)) and not names_document(text, around.key)


def _is_series_beside_issn(text: str, around: Neighbours) -> bool:
    """Return whether a text is "Title; 39" beside a bare ISSN, in a record of no article: the ISSN is that of the series."""
    values = around.record.values
    others = [value.text.strip() for value in values if value.field in IDENTIFIERS]
    return (
        not _has_type(around, "Article")
        and _is_series(text, around)
        and any(_is_issn(other, around) for other in others)
    )


def _is_country(text: str, around: Neighbours) -> bool:
    return (
        folded(text) in around.maps.countries and folded(text) != "georgia"
    )  # a state of the USA as often as a country


def _says_nothing(text: str, around: Neighbours) -> bool:
    return not names_document(text, around.key)


_LONGEST_JOURNAL = 200
_LONGEST_HALF = 80
_CONTAINING = RELATIONS | SOURCES | {"dc.relation.ispartof"}
_BARE_ISSN = "a guess: eight characters with the check digit of an ISSN, without its hyphen"
_MISPLACED_DOI = "a guess: a DOI by its form, in the field of the type"
_ALTERNATIVE = re.compile(r"info:eu-repo/semantics/altIdentifier/([A-Za-z]+)/(\S.*)", re.IGNORECASE)
_OPENAIRE_DATE = re.compile(r"info:eu-repo/date/[A-Za-z]", re.IGNORECASE)
_ALTERNATIVES = {
    "doi": "dc.identifier.doi",
    "hdl": "dc.identifier.uri",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.pmcid",
    "arxiv": "dc.identifier.arxiv",
    "isbn": "dc.identifier.isbn",
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.eissn",
    "wos": "dc.identifier.isi",
    "urn": "dc.identifier.urn",
}
_ISSN = re.compile(r"(?:[ep]-?|print |online )?issn\b|urn:issn:|\d{4}[-–‐]\d{3}[\dX](?:\s?\(.*\))?$", re.IGNORECASE)
_ISBN = re.compile(
    r"(?:urn:)?isbn\b|97[89][\d -]{10,14}(?:\s?\(.*\))?$|\d{1,5}-\d{1,7}-\d{1,7}-[\dX](?:\s?\(.*\))?$"
    # The hyphen between publisher and title is often left away: 90-9016407-3.
    r"|(?=[\d-]{11}[\dX]$)\d{1,3}-\d{6,8}-[\dX]$",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"(?!(?:vol|volume|no|number|issue|pp?|part|bd|jg)\b)(?:[^\W\d_][^;]{3,120}|(?-i:[A-Z]{2,3}))", re.IGNORECASE
)
_NUMBER = re.compile(
    rf"(?:(?:no|nr|number|vol|volume)\.?\s?)?-?[A-Z]{{0,6}}[ -]?\d[\w./-]{{0,12}}(?:, ?(?:[^\W\d_]{{3,9}} )?{YEAR})?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[\"“”]|\(eds?\.?\)|\bet al\b", re.IGNORECASE)
# A label in front of a class mark, an abstract, a citation or the number of an article; what follows is the value.
_LABELS = re.compile(
    r"(?:info:eu-repo/classification/[a-z]+/|(?:ddc|jel|lcc|lcsh|mesh|udc)\b(?:\s?classification)?\s?[:/]?\s?|abstract\s?[:.–-]\s*|citation\s*:\s*|artn )",
    re.IGNORECASE,
)
_LABELLED = frozenset(
    {
        "dc.subject.ddc",
        "dc.subject.lcc",
        "dc.subject.lcsh",
        "dc.subject.mesh",
        "dc.subject.jel",
        "dc.description.abstract",
        "dc.identifier.citation",
        "dc.identifier.articlenumber",
    }
)
_PROVENANCE = (
    r"^(?:submitted by|made available in dspace|approved for entry into archive|rejected by|workflow started|item (?:withdrawn|reinstated) by|"
    r"restored into dspace|step:? \d)\b.*\d{4}-\d\d-\d\d"
)


def _is_labelled_citation(text: str, around: Neighbours) -> bool:
    # Another work of the same title is often related: only its label makes the sentence the record's own.
    return bool(re.match(r"citation\s*:", text, re.IGNORECASE)) and holds_title(text, around.title)


ShapeRow = tuple[ShapeTest, str, str]
"""A shape, the field of a value that has it ("" for none), and why."""
_CONTAINERS: tuple[ShapeRow, ...] = (
    (_is_issn, "dc.identifier.issn", "eight characters with the check digit of an ISSN"),
    (_is_labelled_citation, "dc.identifier.citation", "a citation by its label, with the title of the record"),
    (_is_container, "dc.identifier.citation", "a serial with its numbers"),
    (_is_cited_journal, "dc.relation.ispartof", "the citation of the record names it as the journal"),
    (
        lambda text, _: BOTH_NUMBERS.fullmatch(text) is not None,
        "dc.identifier.volume",
        "volume and number by their labels",
    ),
    (_is_series, "dc.relation.ispartofseries", "a title, a semicolon and a number"),
    (
        _is_half_a_series,
        "dc.relation.ispartofseries",
        "a series without its number, or a number without its series, as DSpace writes it",
    ),
    (_says_nothing, "", "a text that does not say what it is to the item; it was kept verbatim"),
)
SHAPES: Mapping[str, tuple[ShapeRow, ...]] = {
    "identifier": (
        (_is_handle, "dc.identifier.uri", "a handle by its form"),
        (_reads(read_doi), "dc.identifier.doi", "a DOI by its form"),
        (_like(r"^pmid\b|^https?://(?:www\.|pubmed\.)ncbi\.nlm\.nih\.gov/(?:pubmed/)?\d+/?$"), "dc.identifier.pmid", "a PubMed id by its label or address"),
        (_reads(read_pmcid), "dc.identifier.pmcid", "a PubMed Central id by its form"),
        (_like(r"^arxiv:|^https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/"), "dc.identifier.arxiv", "an arXiv id by its label or address"),
        (_like(r"^(?:wos|isi):\s?[0-9a-z]{15}$|[?&]KeyUT=(?:WOS|ISI)(?::|%3A)[0-9a-z]{15}"), "dc.identifier.isi", "a Web of Science number by its form"),
        (_like(r"^urn:nbn:\S+$"), "dc.identifier.urn", "a national bibliography number by its form"),
        (_like(r"^artn [a-z]{0,3}\d{1,8}$"), "dc.identifier.articlenumber", "the number of an article, by the label of the Web of Science"),
        (_is_isbn, "dc.identifier.isbn", "the check digit of an ISBN"),
        (lambda text, around: bool(re.match(r"issn-?l\b", text, re.IGNORECASE)) and _is_issn(text, around), "dc.identifier.issnl", "an ISSN-L by its label"),
        (_is_issn, "dc.identifier.issn", "eight characters with the check digit of an ISSN"),
        (_is_bare_issn, "dc.identifier.issn", _BARE_ISSN),
        (_is_cited_journal, "dc.relation.ispartof", "the citation of the record names it as the journal"),
        (_is_series_beside_issn, "dc.relation.ispartofseries", "a title, a semicolon and a number, beside the ISSN of the series"),
        (_is_own_citation, "dc.identifier.citation", "a citation of this record"),
        (lambda text, _: len(text.split()) > 5 or read_citation(text) is not None, "", "a sentence that may name another work; it was kept verbatim"),
        (_like(rf"^[^\W\d_][\w. &-]{{1,60}}\s?\({YEAR}\)\s"), "", "a name, a year and a number: a citation that cannot be read; it was kept verbatim"),
        (lambda text, _: not re.search(r"\d|^https?:", text), "", "a word without a number names nothing; it was kept verbatim"),
    ),
    "relation": (
        (_is_own_doi, "dc.identifier.doi", "the DOI of the record itself, which its identifiers or its citation give"),
        (_is_own_page, "dc.identifier.uri", "the page of the record, by the host and number of its OAI identifier"),
        *_CONTAINERS,
    ),
    "source": (
        (lambda text, around: (found := read_citation(text, around.title)) is not None and found.titled, "dc.identifier.citation", "a citation of this record"),
        *_CONTAINERS,
    ),
    "type": (
        (_reads(read_doi), "dc.identifier.doi", _MISPLACED_DOI),
        (lambda text, around: compared(text) in around.maps.access_rights, "dc.rights", "a word about access"),
        (lambda text, around: compared(text) in around.maps.natures and compared(text) not in around.maps.types, "dc.description.version", "a word about the version"),
    ),
    "subject": (
        (_like(r"^(?:info:eu-repo/classification/)?ddc\b\s?[:/]?\s?\d|^\d{3}\.\d{1,8}$"), "dc.subject.ddc", "a Dewey number by its form"),
        (_like(r"^info:eu-repo/classification/jel/|^jel\b(?:\sclassification)?\s?:?\s?[A-Z]\d{1,2}$"), "dc.subject.jel", "a JEL code by its label"),
        (_like(r"^info:eu-repo/classification/lcsh/"), "dc.subject.lcsh", "a heading by its label"),
        (_like(r"^info:eu-repo/classification/mesh/"), "dc.subject.mesh", "a heading by its label"),
        (_like(r"^info:eu-repo/classification/lcc/"), "dc.subject.lcc", "a class mark by its label"),
        (_like(r"^info:eu-repo/classification/"), "dc.subject.classification", "a class mark by its label"),
        (_like(r"^https?://\S+$"), "", "the address of a heading without the heading; it was kept verbatim"),
    ),
    "format": (
        (_like(r"^\d{1,5}\s?(?:pages?|pp?\.?|seiten|páginas)$"), "dc.format.extent", "a number of pages"),
        (_like(r"^\d+$"), "", "a number without a unit; it was kept verbatim"),
        (_like(r"^[a-z]{0,2}\d+\s?[-–]\s?[a-z]{0,2}\d+(?:\s?\(\d+\))?$"), "", "a range of numbers that does not say of what; it was kept verbatim"),
    ),
    "coverage": (
        (lambda text, _: is_period(text), "dc.coverage.temporal", "a date or a span of time"),
        (_is_country, "dc.coverage.spatial", "the name of a country"),
    ),
    "description": (
        (_like(_PROVENANCE), "dc.description.provenance", "what the repository's software writes about a deposit"),
        (_is_labelled_citation, "dc.identifier.citation", "a citation by its label, with the title of the record"),
        (_like(r"^abstract\s?[:.–-]\s*\S"), "dc.description.abstract", "its own label"),
        (_like(r"^https?://\S+$"), "dc.description.uri", "a web address"),
    ),
    "date": (),  # see Neighbours.dates
    "citation": (),  # see Neighbours.listed_citation
    "rights": (
        (lambda text, _: bool(re.match(r"citation\s?:", text, re.IGNORECASE)) and is_citation(text), "dc.identifier.citation", "a citation by its label, which states no rights"),
        (lambda text, around: is_citation(text) and holds_title(text, around.title), "dc.identifier.citation", "a citation of this record, which states no rights"),
    ),
    "contributor": (
        (_like(r"^https?://(?:www\.)?creativecommons\.org/\S+$"), "dc.rights.uri", "the address of a licence"),
        (_like(r"^https?://\S+$"), "", "a web address names no person; it was kept verbatim"),
        (_reads(read_orcid), "", "an ORCID iD without a name names no person; it was kept verbatim"),
    ),
}  # fmt: skip
