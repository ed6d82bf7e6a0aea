"""The serial that holds the item: title, ISSNs, metrics (rules I9 and S1)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.types import SERIALS
from lod.mapping.resources.links import link_iri
from lod.mapping.values.identifiers import read_issn
from lod.mapping.values.iris import hash16
from lod.mapping.values.text import folded, plain_decimal
from lod.mapping.waiting import Issns, slot_of
from lod.rdf.claims import XSD_NS, Iri, iri, iri_text, literal
from lod.report import Severity

IN_SERIALS = ("bibo:AcademicArticle", "bibo:Article", "bibo:Note")
_METRICS = {
    "journal-impact-factor": "Journal Impact Factor",
    "sjr": "SCImago Journal Rank",
}
_LONGEST_LIST = 100
_ELECTRONIC = re.compile(r"\b(?:online|electronic|elektronisk|e-?issn)\b", re.IGNORECASE)
"""What the ISSN of the edition on the web is marked with: "2535-373X (online)"."""


def take_issn(draft: Draft, rule: Rule, index: int) -> None:
    """Let an ISSN wait, or several with semicolons or commas between them: the serial is minted when all are known (rules I9 and S1)."""
    text = draft.record.values[index].text
    issns = draft.waiting.issns
    usual = slot_of(rule, {"issn": issns.printed, "eissn": issns.electronic, "issnl": issns.linking}, "issn")
    if draft.is_guess(index):  # it keys no serial, which other records share
        for number in read_issns(text):
            draft.add(draft.item, draft.terms["prism:issn"], literal(number), index)
        return
    for part, number in zip(_issns(text), read_issns(text), strict=True):
        electronic = usual is issns.printed and _ELECTRONIC.search(part)
        (issns.electronic if electronic else usual).append((index, number))


def read_issns(text: str) -> list[str]:
    """Return the ISSNs of a value in their canonical form; several stand with semicolons or commas between them.

    Raises:
        BadValueError: one of them is no ISSN.
    """
    return [read_issn(part) for part in _issns(text)]


def _issns(text: str) -> list[str]:
    parts = [part for part in re.split(r"[;,]", text) if part.strip()] if len(text) <= _LONGEST_LIST else []
    return parts or [text]


def take_metric(draft: Draft, rule: Rule, index: int) -> None:
    """Let a journal metric wait; it is published only where the site has opted in (MODEL section 15)."""
    value = draft.record.values[index]
    if not draft.crosswalk.settings.publish_journal_metrics:
        why = "journal metrics are often licensed data; the setting publish_journal_metrics allows them"
        draft.withhold(index, why, named=False)
        return
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value.text.strip()) or not re.search(r"\.\d{4}$", value.field):
        raise BadValueError("no number with its year")
    draft.waiting.metric.append((index, rule.options["metric"]))


def state_serial(draft: Draft, classes: set[Iri]) -> Iri | None:
    """State the serial and return its encoded IRI, None where it has no title: no reader would know it."""
    titles, issns = draft.waiting.container, draft.waiting.issns
    if not titles:
        return None
    index, title = titles[0]
    for other, _ in titles[1:]:
        draft.weaken(
            other, "C05", "A second container of the item was kept verbatim; give the item one journal.", Severity.INFO
        )
    terms = draft.terms
    origins = [index, *issns.origins()]
    serial = draft.node("serial", issns.key() or f"n-{hash16(title)}")
    for name in _serial_classes(draft, classes):
        draft.typed(serial, name, *origins)
    several = draft.waiting.translated
    draft.add(
        serial, terms["dcterms:title"], literal(title, language=draft.tag(index, title) if several else None), index
    )
    for other, text in several:
        draft.add(serial, terms["dcterms:title"], literal(text, language=draft.tag(other, text)), other)
    state_issns(draft, serial, issns)
    for number, short in draft.waiting.abbreviation:
        draft.add(serial, terms["dcterms:title" if short == title else "dcterms:alternative"], literal(short), number)
    for number, address in draft.waiting.journal_page:
        draft.add(serial, terms["foaf:page"], link_iri(address), number)
    _state_metrics(draft, serial)
    return serial


def _serial_classes(draft: Draft, classes: set[Iri]) -> tuple[str, str]:
    if draft.terms["fabio:NewspaperArticle"] in classes:
        return "bibo:Newspaper", "fabio:Newspaper"
    magazine = draft.maps.types["magazine article"].coar
    if (
        draft.terms["fabio:JournalArticle"] not in classes
        and f"{draft.item} {draft.terms['dcterms:type']} {magazine} ." in draft.claims
    ):
        return "bibo:Magazine", "fabio:Magazine"
    if draft.terms["fabio:BlogPost"] in classes or not classes & {draft.terms[name] for name in IN_SERIALS}:
        # Journal, magazine, blog or series: the record does not say, and other records share the node.
        return "bibo:Periodical", "fabio:Periodical"
    return "bibo:Journal", "fabio:Journal"


def series_has_issns(draft: Draft, classes: set[Iri], serial: Iri | None) -> bool:
    """Return whether the ISSNs of a record are those of its series: the ISSN beside an article is that of its journal."""
    if serial is not None or len(draft.waiting.series) != 1 or classes & {draft.terms[name] for name in SERIALS}:
        return False
    if draft.terms["fabio:ConferencePaper"] in classes:
        return True
    return is_cited_series(draft) or not classes & {draft.terms[name] for name in IN_SERIALS}


def is_cited_series(draft: Draft) -> bool:
    """Return whether the citation of the record names its series as the journal."""
    cited = folded(draft.waiting.cited_journal)
    return bool(cited) and any(folded(split_series(text)[0]) == cited for _, text in draft.waiting.series)


def split_series(text: str) -> tuple[str, str]:
    """Return title and number of a series: what follows the last semicolon, or volume and issue such as "5:1" at the end."""
    title, semicolon, number = (part.strip() for part in text.rpartition(";"))
    if semicolon:
        return title, number
    match = _VOLUME_AND_ISSUE.search(text)
    title = text[: match.start()] if match else ""
    return (title, match["number"]) if match and "\n" not in title and _LETTER.search(title) else (text, "")


_VOLUME_AND_ISSUE = re.compile(r",?(?<!\s)\s++(?P<number>\d{1,4}:\d{1,4})\Z")
_LETTER = re.compile(r"[^\W\d]")


_ISSN_TABLE = (
    ("fabio:hasIssnL", "", "lissn"),
    ("bibo:issn", "prism:issn", "issn"),
    ("bibo:eissn", "prism:eIssn", "eissn"),
)
"""Property, mirror and DataCite scheme of ISSN-L, ISSN and electronic ISSN, in the order of `Issns.all`."""


_ITEM_ISSN = {"fabio:hasIssnL": "prism:issn", "bibo:issn": "prism:issn", "bibo:eissn": "prism:eIssn"}
"""What PRISM says of an item: the ISSN of the publication that it appeared in."""


def state_issns(draft: Draft, serial: Iri, issns: Issns) -> None:
    terms = draft.terms
    for slot, (property_, mirror, scheme) in zip(issns.all(), _ISSN_TABLE, strict=True):
        distinct = {value for _, value in slot}
        for index, value in slot:
            draft.add(serial, terms[property_], literal(value), index)
            # PRISM properties are functional in FaBiO: only a single value is mirrored (MODEL section 11).
            if mirror and len(distinct) == 1 and draft.crosswalk.settings.mirrors:
                draft.add(serial, terms[mirror], literal(value), index)
            draft.identifier_node(
                serial, "datacite:ResourceIdentifier", scheme, terms[f"datacite:{scheme}"], value, index
            )
            if slot is issns.linking:
                draft.add(serial, terms["schema:sameAs"], iri(f"http://issn.org/resource/ISSN-L/{value}"), index)
            draft.keep_unless(value, index, "written in the canonical form NNNN-NNNN")


def leave_issns(draft: Draft, classes: set[Iri]) -> None:
    """State ISSNs that make no serial of the item itself, leave them to its series, or keep them verbatim with the reason."""
    own = classes & {draft.terms[name] for name in SERIALS}
    of_series = series_has_issns(draft, classes, None)
    for slot, (property_, _, scheme) in zip(draft.waiting.issns.all(), _ISSN_TABLE, strict=True):
        for index, value in slot:
            if of_series:
                continue  # it is the key of the series
            if not own and not draft.waiting.container:
                draft.add(draft.item, draft.terms[_ITEM_ISSN[property_]], literal(value), index)
            if own:
                draft.add(draft.item, draft.terms[property_], literal(value), index)
                node = ("datacite:ResourceIdentifier", scheme, draft.terms[f"datacite:{scheme}"])
                draft.identifier_node(draft.item, *node, value, index)
                draft.keep_unless(value, index, "written in the canonical form NNNN-NNNN")
            elif draft.waiting.container:
                draft.keep(index, "the item is part of a book, not of a serial")
            elif draft.waiting.cited_journal:
                draft.keep(index, "the title of the serial is only guessed, and none was made of a guess")
            else:
                draft.weaken(
                    index,
                    "issn-without-title",
                    "The ISSN names a serial, but no field gives the serial's title, so none was made of it. "
                    "Give the title in dc.relation.ispartof, or map the field that holds it to the kind 'container'.",
                )
    for index, address in draft.waiting.journal_page:
        if own:
            draft.add(draft.item, draft.terms["foaf:page"], link_iri(address), index)
        else:
            draft.keep(index, "no journal to give the address to")


def _state_metrics(draft: Draft, serial: Iri) -> None:
    terms = draft.terms
    for index, metric in draft.waiting.metric:
        value = draft.record.values[index]
        year = value.field.rpartition(".")[2]
        node = iri(f"{iri_text(serial)}#obs-{metric}-{year}")
        variable = terms[f"rt:metric/{metric}"]
        number = plain_decimal(value.text)
        draft.typed(node, "schema:Observation", index)
        draft.add(node, terms["schema:observationAbout"], serial, index)
        draft.add(node, terms["schema:variableMeasured"], variable, index)
        draft.add(node, terms["rt:referenceYear"], literal(year, datatype=f"{XSD_NS}gYear"), index)
        draft.add(node, terms["schema:value"], literal(number, datatype=f"{XSD_NS}decimal"), index)
        draft.keep_unless(number, index, "written without zeros at its end")
        draft.typed(variable, "schema:StatisticalVariable", index)
        draft.add(variable, terms["rdfs:label"], literal(_METRICS.get(metric, metric), language="en"), index)
