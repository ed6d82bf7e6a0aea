"""Values that wait until the whole record is read, in one typed slot for each sort of value.

A kind puts a value into a slot when only the whole record says what becomes of it. `lod.mapping.record.assemble` has the
slots read at the end. Each slot holds its values in the order of the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule

Slot = list[tuple[int, str]]
"""Position of the value in the record, and its text in the form that the slot is documented with."""


def slot_of(rule: Rule, slots: Mapping[str, Slot], usual: str = "") -> Slot:
    """Return the slot that a rule names under `as`, out of those of its kind; `usual` is the one of a rule without `as`.

    Raises:
        BadValueError: the kind has no such slot.
    """
    name = rule.options.get("as", usual)
    if name not in slots:
        raise BadValueError(
            f"the rule has as = {name!r}, which its kind does not know; known: {', '.join(sorted(slots))}"
        )
    return slots[name]


@dataclass(slots=True)
class Issns:
    """ISSNs of a serial, as NNNN-NNNN.

    Attributes:
        linking: ISSN-L.
        printed: of the printed edition, or of an unknown edition.
        electronic: of the edition on the web.
    """

    linking: Slot = field(default_factory=list)
    printed: Slot = field(default_factory=list)
    electronic: Slot = field(default_factory=list)

    def all(self) -> tuple[Slot, Slot, Slot]:
        """Return the slots in the order in which they name a serial."""
        return self.linking, self.printed, self.electronic

    def key(self) -> str:
        """Return the ISSN that names the serial, "" for none."""
        return next((slot[0][1] for slot in self.all() if slot), "")

    def origins(self) -> list[int]:
        """Return the positions of all ISSNs."""
        return [index for slot in self.all() for index, _ in slot]


@dataclass(slots=True)
class Host:
    """The book that holds the item: title in one line, DOI and ISBN in their canonical forms."""

    title: Slot = field(default_factory=list)
    doi: Slot = field(default_factory=list)
    isbn: Slot = field(default_factory=list)


@dataclass(slots=True)
class Pages:
    """First and last page in one line, perhaps with a label, perhaps a whole range."""

    start: Slot = field(default_factory=list)
    end: Slot = field(default_factory=list)


@dataclass(slots=True)
class Grants:
    """Funders, award numbers and projects, each in one line; funders and numbers are paired by position."""

    funder: Slot = field(default_factory=list)
    number: Slot = field(default_factory=list)
    project: Slot = field(default_factory=list)


@dataclass(slots=True)
class Awards:
    """Parts of awards in one line, an address as written; parts at one place of their fields belong together.

    An empty part is "": it keeps its place.
    """

    number: Slot = field(default_factory=list)
    title: Slot = field(default_factory=list)
    uri: Slot = field(default_factory=list)
    stream: Slot = field(default_factory=list)


@dataclass(slots=True)
class Event:
    """A conference: name, place and date, each in one line as written."""

    title: Slot = field(default_factory=list)
    place: Slot = field(default_factory=list)
    date: Slot = field(default_factory=list)


@dataclass(slots=True)
class Profile:
    """The description of a person or organisation: names in one line, identifiers in the form of their scheme."""

    name: Slot = field(default_factory=list)
    family: Slot = field(default_factory=list)
    given: Slot = field(default_factory=list)
    identifier: Slot = field(default_factory=list)

    def by_part(self) -> dict[str, Slot]:
        """Return the slots by what the rules of the kind `profile` call them."""
        return {"name": self.name, "family": self.family, "given": self.given, "identifier": self.identifier}

    def origins(self) -> list[int]:
        """Return the positions of all parts."""
        return [index for slot in self.by_part().values() for index, _ in slot]


@dataclass(slots=True)
class Waiting:
    """What waits for the end of a record.

    Attributes:
        types: document types as written.
        general_types: types that count only where no other is known.
        rights: rights statements in words, cleaned; counted only, for the names of their nodes.
        container: titles of journals or books, or texts that name something related, in one line.
        translated: titles of the journal in other languages than that of `container`, in one line.
        issue_title: titles of the issue, in one line.
        in_serial: the form of a program says that the container is a serial.
        cited_journal: the journal that the citation of the record, or a guess, names, "" for none.
        abbreviation: short titles of the journal, in one line.
        journal_page: addresses of the journal's site, as written.
        metric: names of journal metrics, as `rt:metric/` has them; the number is the value itself.
        series: title and number of a series in one line, not yet split.
        isbn: ISBNs of the item, ten or thirteen digits.
        volume, issue: numbers without their labels.
        frequency: how often something appears, in one line.
        authority: authority keys of "name=id"; the name is in the value itself.
        embargo: dates until which the files are closed, as `lod.mapping.values.dates` writes them.
        affiliation: affiliations of contributors, as written.
        entity: UUIDs of linked entities, in lower case.
        person, organisation: the parts of a profile.
    """

    types: Slot = field(default_factory=list)
    general_types: Slot = field(default_factory=list)
    rights: Slot = field(default_factory=list)
    container: Slot = field(default_factory=list)
    translated: Slot = field(default_factory=list)
    issue_title: Slot = field(default_factory=list)
    cited_journal: str = ""
    in_serial: bool = False
    abbreviation: Slot = field(default_factory=list)
    journal_page: Slot = field(default_factory=list)
    metric: Slot = field(default_factory=list)
    series: Slot = field(default_factory=list)
    isbn: Slot = field(default_factory=list)
    volume: Slot = field(default_factory=list)
    issue: Slot = field(default_factory=list)
    frequency: Slot = field(default_factory=list)
    authority: Slot = field(default_factory=list)
    embargo: Slot = field(default_factory=list)
    affiliation: Slot = field(default_factory=list)
    entity: Slot = field(default_factory=list)
    issns: Issns = field(default_factory=Issns)
    host: Host = field(default_factory=Host)
    pages: Pages = field(default_factory=Pages)
    grants: Grants = field(default_factory=Grants)
    awards: Awards = field(default_factory=Awards)
    event: Event = field(default_factory=Event)
    person: Profile = field(default_factory=Profile)
    organisation: Profile = field(default_factory=Profile)
