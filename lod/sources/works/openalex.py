"""OpenAlex JSON: works of its API, single, in a list of results, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.settings.table import Settings
from lod.sources.parsing.json_files import json_shape
from lod.sources.reading.members import Gathered, Members, as_list, first_text, leave, objects, to
from lod.sources.reading.source_file import Item, SourceFile
from lod.sources.works.json_works import WorkFormat, read_works

_TECHNICAL = "how OpenAlex keeps the record, no description of the work"
_COUNT = "a count without a date"
_REPEATED = "repeats another member"
_COMPUTED = "computed by OpenAlex, not stated of the work"

_TYPES = {
    "article": "journal article",
    "dissertation": "thesis",
    "review": "review article",
    "letter": "letter to the editor",
    "erratum": "corrigendum",
    "peer-review": "peer review",
    "posted-content": "preprint",
    "proceedings-article": "conference paper",
    "proceedings": "conference proceedings",
    "monograph": "book",
    "reference-entry": "reference entry",
    "libguides": "website",
    **dict.fromkeys(("paratext", "supplementary-materials", "retraction", "grant"), "other"),
}
"""Types of OpenAlex, and of Crossref as it repeats them, that the map of types has under another name."""

_TELLING = frozenset({"posted-content", "proceedings-article", "report", "dissertation"})
"""What Crossref says of some works that OpenAlex calls articles."""

_CONTAINERS = frozenset({"journal", "conference", "metadata"})
_SERIES = frozenset({"book series"})
_ID_FIELDS = {"pmid": "dc.identifier.pmid", "pmcid": "dc.identifier.pmcid"}


def detect_openalex(head: bytes, path: Path) -> bool:
    """Return whether a file holds works as the OpenAlex API gives them."""
    del path
    shape = json_shape(head)
    return any(
        f"{start}id" in shape
        and f"{start}display_name" in shape
        and (f"{start}authorships[]" in shape or f"{start}primary_location" in shape)
        for start in ("", "[].", "results[].")
    )


def read_openalex(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each work.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    del settings
    yield from read_works(file, FORMAT)


def abstract_text(index: Any) -> str:
    """Return the abstract that an inverted index of words and their positions represents, "" where it is none."""
    if not isinstance(index, dict):
        return ""
    places = [
        (place, word)
        for word, positions in index.items()
        for place in as_list(positions)
        if isinstance(place, int) and not isinstance(place, bool)
    ]
    if len(places) < sum(len(as_list(positions)) for positions in index.values()):
        return ""
    return " ".join(word for _, word in sorted(places))


def _abstract(gathered: Gathered, name: str, value: Any) -> None:
    text = abstract_text(value)
    if text:
        gathered.add("dc.description.abstract", text)
    else:
        gathered.keep(name, value)


def _display_name(gathered: Gathered, name: str, value: Any) -> None:
    if not gathered.work.get("title"):
        gathered.add("dc.title", value)
    elif value != gathered.work["title"]:
        gathered.keep(name, value)


def _ids(gathered: Gathered, name: str, value: Any) -> None:
    for ids in objects(value):
        for scheme, text in ids.items():
            if scheme in _ID_FIELDS:
                # "https://pubmed.ncbi.nlm.nih.gov/24520159", "https://www.ncbi.nlm.nih.gov/pmc/articles/3920913"
                gathered.add(_ID_FIELDS[scheme], first_text(text).rstrip("/").rpartition("/")[2])
            elif text not in (gathered.work.get("doi"), gathered.work.get("id")):
                gathered.keep(f"{name}.{scheme}", text)


def _type(gathered: Gathered, name: str, value: Any) -> None:
    kind = first_text(value)
    location = gathered.work.get("primary_location")
    more = [
        first_text(gathered.work.get("type_crossref")),
        first_text(location.get("raw_type")) if isinstance(location, dict) else "",
    ]
    if kind == "article":
        kind = next((told for told in more if told in _TELLING), kind)
    gathered.add("dc.type", _TYPES.get(kind, kind))
    if kind != first_text(value) or _TYPES.get(kind) == "other":
        gathered.keep(name, value)


def _year(gathered: Gathered, name: str, value: Any) -> None:
    date = first_text(gathered.work.get("publication_date"))
    if not date:
        gathered.add("dc.date.issued", value)
    elif not date.startswith(first_text(value)):
        gathered.keep(name, value)


def _authorships(gathered: Gathered, name: str, value: Any) -> None:
    """Add the names, in the order in which OpenAlex has them: "Given Family", which is not turned round."""
    for authorship in objects(value):
        author = authorship.get("author")
        author = author if isinstance(author, dict) else {}
        written = first_text(author.get("display_name")) or first_text(authorship.get("raw_author_name"))
        orcid = author.get("orcid") or authorship.get("raw_orcid")
        gathered.person("dc.contributor.author", written, authority=orcid)
        for text in as_list(authorship.get("raw_affiliation_strings") or []):
            gathered.keep("author.affiliation", f"{written}: {first_text(text)}")
        for institution in objects(authorship.get("institutions")):
            gathered.keep("author.institution", {"of": written, **institution})
        rest = {
            "author": {key: part for key, part in author.items() if key not in ("display_name", "orcid") and part},
            **_more_of(authorship, written, orcid),
        }
        if any(rest.values()):
            gathered.keep("author", {"of": written, **rest})
        gathered.leave_out("authorships.author_position")
        if authorship.get("is_corresponding") is False:
            gathered.leave_out("authorships.is_corresponding")


def _more_of(authorship: Members, written: str, orcid: Any) -> dict[str, Any]:
    """Return what an authorship says beside the name, the iD, the institutions and their names as they were written."""
    strings = as_list(authorship.get("raw_affiliation_strings") or [])
    repeated = {
        "raw_author_name": authorship.get("raw_author_name") == written,
        "raw_orcid": authorship.get("raw_orcid") == orcid,
        "raw_affiliation_string": authorship.get("raw_affiliation_string")
        in ("; ".join(map(first_text, strings)), *strings),
    }
    known = {"author", "author_position", "institutions", "raw_affiliation_strings"}
    return {
        key: part
        for key, part in authorship.items()
        if key not in known and not repeated.get(key) and part not in (None, "", [], {}, False)
    }


def _primary(gathered: Gathered, name: str, value: Any) -> None:
    """Add the journal or the series, its ISSNs and its publisher, the licence, and the address where it is not the DOI."""
    for location in objects(value):
        source = location.get("source")
        _source(gathered, source if isinstance(source, dict) else {})
        gathered.add("dc.rights", location.get("license"))
        address = first_text(location.get("landing_page_url"))
        if address.casefold() != first_text(gathered.work.get("doi")).casefold():
            gathered.add("dc.description.uri", address)
        gathered.keep_remainder(name, location, "source", "license", "landing_page_url")


def _source(gathered: Gathered, source: Members) -> None:
    kind = first_text(source.get("type"))
    taken = ["issn", "issn_l", "host_organization_lineage", "host_organization_lineage_names"]
    if kind in _CONTAINERS or kind in _SERIES:
        field = "dc.relation.ispartofseries" if kind in _SERIES else "dc.relation.ispartof"
        gathered.add(field, source.get("display_name"))
        taken.append("display_name")
    if kind and kind != "repository":
        gathered.add("dc.publisher", source.get("host_organization_name"))
        taken.append("host_organization_name")
    to("dc.identifier.issn")(gathered, "issn", source.get("issn") or [])
    gathered.add("dc.identifier.issnl", source.get("issn_l"))
    gathered.keep_remainder("source", source, *taken)
    if source.get("host_organization_lineage"):
        gathered.leave_out("host_organization_lineage")


def _other_places(gathered: Gathered, name: str, value: Any) -> None:
    """Keep the other places where the work is, as they are told."""
    primary = gathered.work.get("primary_location")
    for location in objects(value):
        if location != primary and (name == "locations" or location not in as_list(gathered.work.get("locations"))):
            gathered.keep(name, location)


def _biblio(gathered: Gathered, name: str, value: Any) -> None:
    fields = {
        "volume": "dc.identifier.volume",
        "issue": "dc.identifier.issue",
        "first_page": "dc.identifier.spage",
        "last_page": "dc.identifier.epage",
    }
    for biblio in objects(value):
        for part, field in fields.items():
            gathered.add(field, biblio.get(part))
        gathered.keep_remainder(name, biblio, *fields)


def _keywords(gathered: Gathered, name: str, value: Any) -> None:
    for keyword in as_list(value):
        if isinstance(keyword, dict):
            gathered.add("dc.subject", keyword.get("display_name") or keyword.get("keyword"))
            gathered.keep_remainder(f"{name}", keyword, "score")
            gathered.leave_out("keywords.score")
        else:
            gathered.add("dc.subject", keyword)


def _mesh(gathered: Gathered, name: str, value: Any) -> None:
    """Add the headings as "Descriptor - qualifier"; those that are a major topic are named beside."""
    for heading in objects(value):
        descriptor, qualifier = first_text(heading.get("descriptor_name")), first_text(heading.get("qualifier_name"))
        written = f"{descriptor} - {qualifier}" if qualifier else descriptor
        gathered.add("dc.subject.mesh", written, language="en")
        gathered.keep("majortopic", written if heading.get("is_major_topic") is True else "")
        ids = "/".join(filter(None, (first_text(heading.get(f"{part}_ui")) for part in ("descriptor", "qualifier"))))
        gathered.keep(name, f"{written}: {ids}" if ids else "")
        gathered.keep_remainder(
            name, heading, "descriptor_name", "qualifier_name", "is_major_topic", "descriptor_ui", "qualifier_ui"
        )


def _topic(gathered: Gathered, name: str, value: Any) -> None:
    if value not in as_list(gathered.work.get("topics")):
        gathered.keep(name, value)


def _awards(gathered: Gathered, name: str, value: Any) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    numbers = ("funder_award_id", "award_id")
    for award in sorted(objects(value), key=lambda entry: not any(entry.get(number) for number in numbers)):
        gathered.add("dc.relation.funding", award.get("funder_display_name"))
        gathered.add("dc.relation.grantno", award.get("funder_award_id") or award.get("award_id"))
        gathered.keep_remainder(name, award, "funder_display_name", *numbers)


def _funders(gathered: Gathered, name: str, value: Any) -> None:
    """Add the funders that no award names."""
    named = {
        first_text(award.get("funder_display_name"))
        for member in ("awards", "grants")
        for award in objects(gathered.work.get(member))
    }
    for funder in objects(value):
        if first_text(funder.get("display_name")) not in named:
            gathered.add("dc.relation.funding", funder.get("display_name"))
        gathered.keep(name, funder)


def _retracted(gathered: Gathered, name: str, value: Any) -> None:
    if value is False:
        gathered.leave_out("is_retracted: false")
    else:
        gathered.keep(name, value)


FORMAT = WorkFormat(
    schema="openalex",
    table={
        "id": to("dc.identifier.openalex"),
        "doi": to("dc.identifier.doi"),
        "title": to("dc.title"),
        "display_name": _display_name,
        "ids": _ids,
        "type": _type,
        "publication_date": to("dc.date.issued"),
        "publication_year": _year,
        "language": to("dc.language.iso"),
        "primary_location": _primary,
        "locations": _other_places,
        "best_oa_location": _other_places,
        "authorships": _authorships,
        "biblio": _biblio,
        "keywords": _keywords,
        "mesh": _mesh,
        "primary_topic": _topic,
        # Those that have both funder and number come first, so that the pairs keep their order.
        "awards": _awards,
        "grants": _awards,
        "funders": _funders,
        "referenced_works": to("dc.relation.references"),
        "abstract_inverted_index": _abstract,
        "abstract_inverted_index_v3": leave,
        "is_retracted": _retracted,
    },
    ignored={
        **dict.fromkeys(("created_date", "has_fulltext", "fulltext_origin", "has_content", "is_xpac"), _TECHNICAL),
        **dict.fromkeys(("is_paratext", "content_urls", "ngrams_url", "cited_by_api_url"), _TECHNICAL),
        **dict.fromkeys(("cited_by_count", "counts_by_year", "referenced_works_count", "locations_count"), _COUNT),
        **dict.fromkeys(("countries_distinct_count", "institutions_distinct_count", "versions_count"), _COUNT),
        **dict.fromkeys(("corresponding_author_ids", "corresponding_institution_ids"), _REPEATED),
        **dict.fromkeys(("authorships.author_position", "host_organization_lineage"), _REPEATED),
        **dict.fromkeys(("related_works", "concepts", "keywords.score", "relevance_score", "fwci"), _COMPUTED),
        **dict.fromkeys(("citation_normalized_percentile", "cited_by_percentile_year"), _COMPUTED),
        "is_retracted: false": "what most works are",
        "authorships.is_corresponding": "false, as it is of most authors",
        "updated_date": "the date the record was last changed",
    },
    containers=("results",),
    modified=lambda work: first_text(work.get("updated_date")),
)
"""Members of a work. Source: OpenAlex documentation, "Work object" (2025)."""
