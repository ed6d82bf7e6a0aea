"""Table of the rules in code: rules over one record's claims that SHACL Core cannot state, or states at many times the cost.

A rule belongs here when it needs arithmetic (check digits, the calendar), a look at the whole record, or `sh:not` and
`sh:or` on values that nearly every record has: where pySHACL runs it, it builds a full result for each branch that does not
hold. All others are in shapes/.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lod.privacy import excerpt
from lod.rdf.claims import is_iri, text_of
from lod.report import Finding, Severity
from lod.validation.rules import authors as rules_authors
from lod.validation.rules import dates as rules_dates
from lod.validation.rules import graph as rules_graph
from lod.validation.rules import identifiers as rules_identifiers
from lod.validation.rules import position as rules_position
from lod.validation.rules import source as rules_source
from lod.validation.rules import text as rules_text
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.rule_context import Found, RuleContext

LONGEST_VALUE = 200
"""Characters of a value that a finding repeats."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """Id, severity and message of a rule; the message says what is wrong and what to do, without the id."""

    id: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class CodeRule(RuleText):
    """Rule in code, with the function that finds what breaks it.

    Attributes:
        needs: properties; in a record that has none of them the rule finds nothing, and is not asked. () for any record.
    """

    check: Callable[[RecordIndex, RuleContext], Iterable[Found]]
    needs: tuple[str, ...] = ()


_TITLE, _CREATOR, _YEAR = ("dcterms:title",), ("dcterms:creator",), ("fabio:hasPublicationYear",)
_IDENTIFIER, _SCHEME = ("datacite:hasIdentifier",), ("datacite:usesIdentifierScheme",)
_V, _W, _I = Severity.VIOLATION, Severity.WARNING, Severity.INFO

CODE_RULES: tuple[CodeRule, ...] = (
    # ---------------------------------------------------------------- title, type, text
    CodeRule(
        "I02",
        _V,
        "Two titles in the same language. Keep one in dc.title and move the other to dc.title.alternative.",
        rules_text.repeated_titles,
        _TITLE,
    ),
    CodeRule(
        "I03",
        _W,
        "Title is a placeholder left over from a form. Fill in the real title in dc.title.",
        rules_text.placeholder_titles,
        _TITLE,
    ),
    CodeRule(
        "I04",
        _I,
        "Title is in capitals, which hurts display and matching. Write it in sentence case.",
        rules_text.titles_in_capitals,
        _TITLE,
    ),
    CodeRule(
        "I05",
        _V,
        "Item lacks a BIBO or a FaBiO class, both of which are promised. Add the value of dc.type to the type table.",
        rules_text.missing_classes,
    ),
    CodeRule(
        "I07",
        _W,
        "Value of dc.type is not in the type table, so the item became 'other'. Add it to maps/types.csv.",
        rules_text.unmatched_types,
        ("dcterms:type",),
    ),
    CodeRule(
        "I08",
        _V,
        "Item has a FaBiO class that is no Expression, which contradicts its other classes. "
        "Choose an Expression class in the type table.",
        rules_text.wrong_level_classes,
    ),
    CodeRule(
        "I25",
        _W,
        "Language tag contradicts the script of the text. Correct the language column, or leave it empty.",
        rules_text.tags_against_script,
        ("dcterms:title", "dcterms:abstract"),
    ),
    CodeRule(
        "I26",
        _W,
        "Abstract looks wrong: shorter than 40 characters, a placeholder, or the second in its language. "
        "Check dc.description.abstract.",
        rules_text.suspicious_abstracts,
        ("dcterms:abstract",),
    ),
    CodeRule(
        "I27",
        _W,
        "Publisher name holds an address or a remark about a web site. Leave only the name in dc.publisher.",
        rules_text.publishers_with_addresses,
        ("dcterms:publisher",),
    ),
    # ---------------------------------------------------------------- authors
    CodeRule(
        "I09",
        _W,
        "Item has neither author nor editor. Fill in dc.contributor.author, unless the work is anonymous.",
        rules_authors.missing_authors,
    ),
    CodeRule(
        "I11",
        _V,
        "Author is not described: no class, no name. State foaf:Person or foaf:Organization and foaf:name for it.",
        rules_authors.undescribed,
        _CREATOR,
    ),
    CodeRule(
        "I13",
        _V,
        "Author list is broken: a cell without exactly one member and one successor, a loop, or no end. "
        "Readers stop early or never; correct the mapping that wrote it.",
        rules_authors.broken_lists,
        ("rdf:first", "rdf:rest", *rules_authors.LISTS),
    ),
    CodeRule(
        "I15",
        _W,
        "Author is listed twice, or is a text. Remove the duplicate; two people of one name need two nodes.",
        rules_authors.repeated_members,
        rules_authors.LISTS,
    ),
    CodeRule(
        "I16",
        _V,
        "Several authors and no author list, so their order is lost. The crosswalk rule must use the kind for authors.",
        rules_authors.lost_order,
        _CREATOR,
    ),
    CodeRule(
        "A03",
        _W,
        "Name of a person holds something else, or two names. Enter one person a value, as Family, Given, without notes and addresses.",
        rules_authors.odd_names,
        ("foaf:name",),
    ),
    CodeRule(
        "A04",
        _V,
        "One resource is a person and an organisation at once. Two things share an authority id: give each its own.",
        rules_authors.person_and_organisation,
    ),
    CodeRule(
        "A05",
        _V,
        "E-mail address published. Withhold the field that it came from in the crosswalk.",
        rules_authors.mailboxes,
        rules_authors.MAILBOXES,
    ),
    CodeRule(
        "A09",
        _V,
        "Person is identified by the name only, so people of one name would merge. "
        "Only an authority id may make an IRI under id/person/.",
        rules_authors.identified_by_name,
    ),
    # ---------------------------------------------------------------- dates
    CodeRule(
        "I17",
        _W,
        "No date of issue, or several. Give exactly one dc.date.issued: citations need it.",
        rules_dates.dates_of_issue,
    ),
    CodeRule(
        "I18",
        _W,
        "Date could not be read and cannot be sorted or filtered. Write it as 2010, 2010-08 or 2010-08-15.",
        rules_dates.unread_dates,
        rules_dates.DATE_PROPERTIES,
    ),
    CodeRule(
        "I19",
        _V,
        "Ill-typed date: no such date in this form. Write 2010, 2010-08 or 2010-08-15, a day that exists.",
        rules_dates.ill_typed_dates,
    ),
    CodeRule(
        "I20",
        _W,
        "Implausible year of publication: before 1450 or more than two years ahead. Check dc.date.issued.",
        rules_dates.implausible_years,
        _YEAR,
    ),
    CodeRule(
        "I21",
        _V,
        "Year and date of issue differ, though one is made from the other. Do not map a field to the year.",
        rules_dates.differing_years,
        _YEAR,
    ),
    CodeRule(
        "I22",
        _I,
        "Dates out of order: submitted, accepted, issued should not go back. Check for a day and month swapped.",
        rules_dates.dates_out_of_order,
        rules_dates.IN_ORDER,
    ),
    CodeRule(
        "R06",
        _W,
        "Record dates out of order: it became available or was changed before it was made. "
        "Check dc.date.accessioned, dc.date.available and dc.date.updated.",
        rules_dates.record_dates_out_of_order,
        ("dcterms:created",),
    ),
    CodeRule(
        "F04",
        _W,
        "File is said to be open and becomes available only later. Call it embargoed, or correct the date.",
        rules_dates.open_but_embargoed,
        ("dcterms:available",),
    ),
    CodeRule(
        "M02",
        _W,
        "Metric of a year that has not come yet. Check the year in its label.",
        rules_dates.metrics_of_the_future,
        ("rt:referenceYear",),
    ),
    # ---------------------------------------------------------------- identifiers
    CodeRule(
        "D03",
        _V,
        "IRI was not built from the handle. The key of an item is its own handle: check handle_prefix in lod.toml.",
        rules_identifiers.iris_against_handles,
        ("bibo:handle",),
    ),
    CodeRule(
        "D08",
        _W,
        "DOI has the test prefix 10.5072 and never resolves. Replace it by the registered DOI.",
        rules_identifiers.dois_for_tests,
        ("bibo:doi",),
    ),
    CodeRule(
        "D10",
        _W,
        "Malformed Web of Science number. Write WOS: and 15 characters, such as WOS:000280171700004.",
        rules_identifiers.malformed_in("ids:wos-ut"),
        _SCHEME,
    ),
    CodeRule(
        "D11",
        _W,
        "Malformed Scopus EID. Write 2-s2.0- and digits, without eid_ before it.",
        rules_identifiers.malformed_in("ids:scopus-eid"),
        _SCHEME,
    ),
    CodeRule(
        "D12",
        _V,
        "Wrong ISSN: not four digits, hyphen, four characters, or its check digit does not fit. "
        "A wrong one merges two journals; look it up and correct it.",
        rules_identifiers.wrong_issns,
        rules_identifiers.ISSNS,
    ),
    CodeRule(
        "D13",
        _V,
        "Wrong ISBN: not 13 digits that start with 978 or 979 (or 10 characters), or its check digit does not fit. "
        "Copy it again from the book.",
        rules_identifiers.wrong_isbns,
        tuple(rules_identifiers.ISBNS),
    ),
    CodeRule(
        "D14",
        _V,
        "Wrong ORCID iD: malformed, or its check digit does not fit. It would give the work to a stranger; correct it.",
        rules_identifiers.malformed_in("datacite:orcid"),
        _SCHEME,
    ),
    CodeRule(
        "D15",
        _W,
        "Malformed identifier, so its link is dead. Write it as its registry does, such as PMC2998795 or 1207.7214.",
        rules_identifiers.malformed_in("datacite:pmcid", "datacite:arxiv", "datacite:ror", "datacite:openalex"),
        _SCHEME,
    ),
    CodeRule(
        "D17",
        _V,
        "One identifier node belongs to two things, which says that they are the same. Mint one node for each owner.",
        rules_identifiers.shared_nodes,
        _IDENTIFIER,
    ),
    CodeRule(
        "D18",
        _V,
        "Flat identifier without its identifier node. Both are made by the mapping; do not map to one of them alone.",
        rules_identifiers.flat_without_node,
        tuple(rules_identifiers.FLAT),
    ),
    CodeRule(
        "D20",
        _V,
        "Identity link is not in its one spelling, so it joins with nothing. "
        "Use an absolute address; a DOI as https://doi.org/ and the DOI.",
        rules_identifiers.identity_links,
        ("schema:sameAs",),
    ),
    CodeRule(
        "D23",
        _W,
        "Identifier repeated: two nodes of one owner have the same scheme and value. Remove the duplicate.",
        rules_identifiers.repeated_identifiers,
        _IDENTIFIER,
    ),
    # ---------------------------------------------------------------- containers, position, subjects
    CodeRule(
        "C10",
        _V,
        "Pages out of order: the end page is before the start page. Write the end page in full: 1429, not 29.",
        rules_position.pages_out_of_order,
        ("bibo:pageEnd",),
    ),
    CodeRule(
        "C11",
        _I,
        "Page range of more than 1000 pages. Check the two page numbers.",
        rules_position.long_page_ranges,
        ("bibo:pageEnd",),
    ),
    CodeRule(
        "odd-number",
        _W,
        "Volume or issue that is more than a number: two of them, a month, or a date. Give each part in its own field.",
        rules_position.odd_numbers,
    ),
    CodeRule(
        "C13",
        _W,
        "Label left in the volume or issue number. Write the number alone: 69, not vol. 69.",
        rules_position.labels_in_numbers,
        ("bibo:volume", "prism:issueIdentifier"),
    ),
    CodeRule(
        "C14",
        _V,
        "Item and its volume or issue disagree on the volume. Check the volume fields of the record.",
        rules_position.differing_volumes,
        ("bibo:volume",),
    ),
    CodeRule(
        "C19",
        _V,
        "Journal IRI was not built from its ISSN. The key of a journal is its ISSN-L or ISSN.",
        rules_position.journal_iris,
        ("fabio:hasIssnL", "bibo:issn", "bibo:eissn"),
    ),
    CodeRule(
        "S03",
        _V,
        "Subject hierarchy loops: a concept is broader than itself. Correct the broader terms.",
        rules_position.looping_concepts,
        ("skos:broader",),
    ),
    CodeRule(
        "S04",
        _V,
        "Malformed MeSH IRI. Write http://id.nlm.nih.gov/mesh/D008180, with http and without a final slash.",
        rules_position.malformed_mesh_links,
        ("skos:exactMatch",),
    ),
    CodeRule(
        "S05",
        _I,
        "Heading is not in the table of MeSH, which holds a part of it, so it gets no link. Add it to maps/mesh.csv.",
        rules_position.headings_without_mesh,
        ("skos:inScheme",),
    ),
    CodeRule(
        "S06",
        _W,
        "Unknown MeSH qualifier after the slash. If it is part of the heading, write it without ' - '.",
        rules_position.unknown_qualifiers,
        ("skos:inScheme",),
    ),
    # ---------------------------------------------------------------- two statements of one record
    CodeRule(
        "C18",
        _W,
        "OpenURL disagrees with the record. Find out which of the two is right and correct the other.",
        rules_source.contradicting_openurls,
        (rules_source.OPENURL,),
    ),
    CodeRule(
        "I28",
        _I,
        "Citation text and fields disagree: the citation lacks the volume, the start page or the year. Compare them.",
        rules_source.contradicting_citations,
        ("dcterms:bibliographicCitation",),
    ),
    # ---------------------------------------------------------------- the whole graph
    CodeRule(
        "A06",
        _V,
        "Text holds an e-mail address. Withhold the field in the crosswalk, or remove the address from the source.",
        rules_graph.addresses,
    ),
    CodeRule(
        "A06w",
        _W,
        "Abstract or description holds an e-mail address. Remove it from the source.",
        rules_graph.addresses_in_abstracts,
        tuple(rules_graph.LONG_TEXTS),
    ),
    CodeRule(
        "F05",
        _W,
        "Licence link is not in its one spelling. Creative Commons links start with https:// and end with a slash.",
        rules_identifiers.licence_links,
        ("dcterms:license",),
    ),
    CodeRule(
        "G01",
        _V,
        "Invalid IRI: not absolute, or with characters that no engine reads back. Percent-encode or correct it.",
        rules_graph.invalid_iris,
    ),
    CodeRule(
        "G03",
        _V,
        "Blank node, which cannot be linked, compared or removed. Mint an IRI for it.",
        rules_graph.blank_nodes,
    ),
    CodeRule(
        "G04",
        _W,
        "Dirty text: empty, spaces at an end, damaged characters, entities or tags. Clean the value in the source.",
        rules_graph.dirty_texts,
    ),
    CodeRule(
        "G05",
        _V,
        "Ill-typed literal: the text is not in the form of its datatype. Map the field with another kind.",
        rules_graph.ill_typed_literals,
    ),
    CodeRule(
        "I24",
        _V,
        "Malformed language tag, which readers refuse. Write a BCP 47 tag, such as en-HK, with a hyphen.",
        rules_graph.bad_language_tags,
    ),
    CodeRule(
        "R09",
        _V,
        "Raw copy of a field is on the wrong resource, or is no text. Raw copies belong to the record.",
        rules_graph.misplaced_raw_copies,
    ),
    CodeRule(
        "R10",
        _V,
        "Withheld field was published as a raw copy. Let the crosswalk either withhold the field or keep it.",
        rules_graph.published_withheld_fields,
        ("rt:suppressedField",),
    ),
    CodeRule(
        "R02",
        _V,
        "Item is not described by exactly one record. Two records share a key, or the mapping stated no record.",
        rules_graph.described_otherwise,
    ),
    CodeRule(
        "R11",
        _V,
        "The record's IRI does not match its item. It must be /data/item/KEY.",
        rules_graph.misnamed_records,
    ),
    CodeRule(
        "G02",
        _V,
        "Unknown vocabulary term. Correct its spelling in the crosswalk, or add it to vocab/terms/ if it exists.",
        rules_graph.unknown_terms,
    ),
    CodeRule(
        "D01w",
        _W,
        "Item has a web address but neither handle nor DOI, and addresses move. Register one, and fill in dc.identifier.uri or dc.identifier.doi.",
        rules_identifiers.moving_addresses,
    ),
    CodeRule(
        "odd-signs",
        _W,
        "Accents that follow their letters, or soft hyphens: the text was copied from a printed page. Type it anew.",
        rules_text.odd_signs,
    ),
    CodeRule(
        "not-a-claim",
        _V,
        "Claim is no N-Triples line. This is a fault of the mapping of its field.",
        rules_graph.unreadable_claims,
    ),
    CodeRule(
        "untargeted",
        _V,
        "Resource has no class that a shape is for, so nothing has judged it. Give it a class, or write a shape.",
        rules_graph.untargeted_resources,
    ),
)

UNREADABLE = frozenset({"G01", "G03", "I13", "I24", "not-a-claim"})
"""Rules whose offenders cannot be handed to pySHACL: it crashes on them, or would read another graph."""


def check_record(record: RecordIndex, context: RuleContext, without: Collection[str] = ()) -> Iterator[Finding]:
    """Yield the findings of all rules in code but those named in `without`, in the order of the table."""
    for rule in _rules_for(frozenset(record.holders), frozenset(without)):
        found = list(rule.check(record, context))
        if not found:
            continue
        for focus, name, value in dict.fromkeys(found):
            yield Finding(
                rule=rule.id,
                severity=rule.severity,
                message=rule.message,
                record=record.key,
                value=shown(value),
                focus=focus[1:-1] if is_iri(focus) else focus,
                path=context.names.iri(name),
            )


@lru_cache(maxsize=1_024)
def _rules_for(stated: frozenset[str], without: frozenset[str]) -> tuple[CodeRule, ...]:
    """Return the rules that may find something in a record with these properties."""
    return tuple(
        rule for rule in CODE_RULES if rule.id not in without and not (rule.needs and stated.isdisjoint(rule.needs))
    )


def shown(value: str) -> str:
    """Return what a finding repeats of a value: the text of a term, shortened, its e-mail addresses masked."""
    try:
        text = text_of(value) if value[:1] in {"<", '"'} else value
    except (ValueError, KeyError):
        text = value
    return excerpt(text, LONGEST_VALUE)
