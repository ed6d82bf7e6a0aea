"""Links as files state them, and the relations that they may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lod.report import Finding, Severity

_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SCHEMA = "http://schema.org/"
SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
SAME_AS = f"{_SCHEMA}sameAs"
OWL_SAME_AS = f"{_OWL}sameAs"
EXACT_MATCH = f"{_SKOS}exactMatch"

EXACT = frozenset({SAME_AS, OWL_SAME_AS, EXACT_MATCH})
"""Relations that say that two IRIs name one thing."""

_NAMES = {
    "owl:sameas": OWL_SAME_AS,
    "schema:sameas": SAME_AS,
    "sameas": SAME_AS,
    **{
        f"{prefix}{name.lower()}": f"{_SKOS}{name}"
        for prefix in ("skos:", "")
        for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
    },
    "rdfs:seealso": SEE_ALSO,
    "seealso": SEE_ALSO,
}
RELATIONS = frozenset(_NAMES.values())
"""IRIs of the relations that links may have."""

INVERSE = {f"{_SKOS}broadMatch": f"{_SKOS}narrowMatch", f"{_SKOS}narrowMatch": f"{_SKOS}broadMatch"}
"""What a relation is the other way round, where it is another one."""

LINE, UNKNOWN, TARGET, CONTRADICTION, KNOWN = (
    "link-line",
    "link-unknown",
    "link-target",
    "link-contradiction",
    "link-known",
)
"""Rules of findings about links."""


@dataclass(frozen=True, slots=True)
class LinkSet:
    """A file of links: its name, its format, and what it says of itself, "" where it says nothing."""

    name: str
    format: str
    creator: str = ""
    date: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class StatedLink:
    """One link as a file states it.

    Attributes:
        set: the file.
        place: file and line.
        source, target: texts: IRIs, keys of this site, or identifiers. Either may be the one that is published here.
        relation: IRI; "" for the usual one of the thing.
        by, date, confidence, justification: who made it, when (ISO 8601), how sure, 0 to 1, and how (IRI or compact IRI of SEMAPV).
        forms: identifiers of the source (`lod.store.search.values.identifiers`); where there are some, they stand for it, and it
            is no mistake if nothing here has them.
        inverse: the relation the other way round, for relations that are not among `RELATIONS`; such a link may have both sides here.
    """

    set: LinkSet
    place: str
    source: str
    target: str
    relation: str = ""
    by: str = ""
    date: str = ""
    confidence: str = ""
    justification: str = ""
    forms: tuple[str, ...] = ()
    inverse: str = ""


Stated = Iterator["StatedLink | Finding"]
"""What a reader yields: links, and findings about lines that are none."""


def relation_named(text: str) -> str | None:
    """Return the IRI of a relation by its IRI, its prefixed name or its name; "" for "", None for what is none."""
    text = text.strip()
    if not text or text in RELATIONS:
        return text
    if text.startswith("https://schema.org/"):
        return relation_named(f"{_SCHEMA}{text[19:]}")
    return _NAMES.get(text.lower())


def finding(rule: str, message: str, place: str = "", value: str = "", focus: str = "") -> Finding:
    """Return a finding about a link."""
    severity = Severity.INFO if rule == KNOWN else Severity.WARNING
    return Finding(rule, severity, message, place=place, value=value[:200], focus=focus)
