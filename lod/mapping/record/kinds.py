"""The table of kinds: what a rule makes of one value.

A kind is a function of draft, rule and index of the value. It adds claims, or leaves the value waiting
(`lod.mapping.waiting`) for `lod.mapping.record.assemble`. It raises BadValueError where the value cannot be expressed: the
value is kept verbatim, and reported under the finding of the kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item import bookmarks, codes, identifiers, rights, texts, types
from lod.mapping.item import dates as item_dates
from lod.mapping.item import serials as item_serials
from lod.mapping.publication import books, containers, pages, position, serials, series
from lod.mapping.resources import (
    affiliations,
    agents,
    authorities,
    dspace_entities,
    events,
    funding,
    links,
    organisations,
    places,
    subjects,
)

Take = Callable[[Draft, Rule, int], None]
LONGEST_TERM = 10_000
"""Characters of a value that a kind reads which makes no text of it: names, codes, addresses and headings stay far below."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name, what it makes (for the documentation), and what its rules may say.

    Attributes:
        options, required: further keys that a rule may, and must, have.
        keep: when the verbatim value is kept unless the rule says otherwise.
        tagged: verbatim copies keep their language tag: the field holds natural language.
        prose: an e-mail address in the text is masked; elsewhere the whole value is withheld.
        finding: the rule of rules.md that a value which cannot be expressed is reported under.
    """

    name: str
    take: Take
    help: str
    needs_property: bool = False
    options: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    keep: str = "changed"
    tagged: bool = False
    prose: bool = False
    finding: str = "value"

    @property
    def longest(self) -> int | None:
        """Characters of a value that it reads; None for any number: what it states is the text itself, or nothing."""
        return None if self.prose or self.name in _WORDLESS else LONGEST_TERM


_WORDLESS = frozenset({"withheld", "system", "kept"})
"""Kinds that state nothing of the value but a verbatim copy."""
_OPTIONS = frozenset
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("text", texts.take_text, "a text with its language", True, tagged=True, prose=True),
        Kind("plain", texts.take_plain, "a text without a language", True, prose=True),
        Kind("title", texts.take_title, "a title; one a language", True, tagged=True, prose=True),
        Kind("date", item_dates.take_date, "a date as precise as it was given", True, _OPTIONS({"year", "single", "year_only"}), finding="I18"),
        Kind("timestamp", item_dates.take_timestamp, "a moment in the life of the record", True, finding="D2"),
        Kind("embargo", item_dates.take_embargo, "the day on which the files become available", keep="always", finding="D2"),
        Kind("identifier", identifiers.take_identifier, "an identifier of a scheme", False, _OPTIONS({"scheme"}), _OPTIONS({"scheme"}), finding="identifier"),
        Kind("uri", identifiers.take_uri, "the item's handle, a DOI or another address", keep="always", finding="D22"),
        Kind("any-identifier", identifiers.take_classified, "an identifier told by its shape", finding="D22"),
        Kind("issn", serials.take_issn, "an ISSN of the serial", False, _OPTIONS({"as"}), finding="D12"),
        Kind("isbn", books.take_isbn, "an ISBN of the book or its host", False, _OPTIONS({"of"}), finding="D13"),
        Kind("container", containers.take_container, "the journal or book that holds the item", False, _OPTIONS({"as"}), finding="C01"),
        Kind("host", books.take_host, "the title or DOI of the book that holds the item", False, _OPTIONS({"as"})),
        Kind("series", series.take_series, "a series and the number in it"),
        Kind("enumeration", position.take_enumeration, "a volume or issue number", False, _OPTIONS({"as"}), _OPTIONS({"as"})),
        Kind("page", pages.take_page, "a first or last page", False, _OPTIONS({"as"}), _OPTIONS({"as"}), finding="C12"),
        Kind("author", agents.take_contributor, "a person or organisation in a role", True, _OPTIONS({"agent", "list", "relator", "role"}), finding="A01"),
        Kind("authority", authorities.take_authority, "the authority id of a contributor: name=id", finding="A08"),
        Kind("affiliation", affiliations.take_affiliation, "the affiliation of a contributor: name: organisation"),
        Kind("publisher", organisations.take_publisher, "a publisher", True, tagged=True),
        Kind("organisation", organisations.take_organisation, "an organisation", True, _OPTIONS({"relator"}), tagged=True),
        Kind("place", places.take_place, "a country or another place", True),
        Kind("period", places.take_period, "a period of time", True),
        Kind("language", codes.take_language, "the language of the item", True, finding="I23"),
        Kind("type", types.take_type, "the document type", False, _OPTIONS({"as"})),
        Kind("nature", codes.take_nature, "the version of the full text", True, finding="I29"),
        Kind("link", links.take_link, "a link to a page about the item", True, finding="U1"),
        Kind("relation", links.take_relation, "a related document", True, finding="REL"),
        Kind("format", texts.take_format, "a media type or another format", True, _OPTIONS({"class"})),
        Kind("label", texts.take_label, "a thing known as text", True, _OPTIONS({"class"}), tagged=True),
        Kind("coded", codes.take_coded, "a term that a code list has for the value", True, _OPTIONS({"map", "class"}), _OPTIONS({"map"})),
        Kind("rights", rights.take_rights, "a licence, an access right or a rights statement", False, tagged=True, prose=True),
        Kind("keyword", subjects.take_keyword, "free keywords, split at semicolons", True, tagged=True),
        Kind("mesh", subjects.take_mesh, "a MeSH heading with its qualifiers", True, _OPTIONS({"scheme", "label"}), finding="S06"),
        Kind("concept", subjects.take_concept, "a heading or class mark of a scheme", True, _OPTIONS({"scheme", "label", "notation"}), _OPTIONS({"scheme", "label"})),
        Kind("funding", funding.take_funding, "an acknowledgement of funding", True, tagged=True, prose=True),
        Kind("grant", funding.take_grant, "a funder, a project or an award number, paired by position", False, _OPTIONS({"as"}), _OPTIONS({"as"})),
        Kind("grant-agreement", funding.take_agreement, "a grant in the form info:eu-repo/grantAgreement/…", True, finding="F1"),
        Kind("bookmarks", bookmarks.take_bookmarks, "a count of bookmarks", True, _OPTIONS({"service"}), _OPTIONS({"service"}), finding="M03"),
        Kind("metric", serials.take_metric, "a journal metric of a year", False, _OPTIONS({"metric"}), _OPTIONS({"metric"}), finding="M01"),
        Kind("event", events.take_event, "a conference", False, _OPTIONS({"as"})),
        Kind("frequency", item_serials.take_frequency, "how often a serial appears", True),
        Kind("profile", dspace_entities.take_profile, "a part of the description of a person or organisation, in records about one", False, _OPTIONS({"of", "as", "scheme"}), _OPTIONS({"of", "as"}), keep="always", finding="D15"),
        Kind("entity", authorities.take_entity, "the UUID of a linked person or organisation", keep="always", finding="A08"),
        Kind("withheld", texts.take_withheld, "nothing: personal data", False, _OPTIONS({"why"})),
        Kind("system", texts.take_system, "nothing: a system field"),
        Kind("kept", texts.take_kept, "a verbatim copy only", keep="always", tagged=True),
    )
}  # fmt: skip
