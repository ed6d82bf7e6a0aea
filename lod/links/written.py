"""Links for others: BEACON of a scheme, and a table for QuickStatements, which brings identifiers and addresses into Wikidata.

Source: BEACON link dump format (GBV); Help:QuickStatements on Wikidata, "CSV file syntax".
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.errors import BadValueError
from lod.links.link import EXACT, OWL_SAME_AS
from lod.links.targets import FUNDER_DOIS, SCHEMES, Target, read_target
from lod.rdf.claims import Triple, iri, iri_text, is_iri, split_claim
from lod.store.base import Store
from lod.store.search.find.index import SearchIndex

WIKIDATA = "wikidata"
_PROPERTIES = {
    "orcid": "P496",
    "ror": "P6782",
    "isni": "P213",
    "viaf": "P214",
    "gnd": "P227",
    "lcnaf": "P244",
    "idref": "P269",
    "doi": "P356",
    "issn": "P236",
    "geonames": "P1566",
    "mesh": "P486",
    "fundref": "P3153",
}
"""Properties of Wikidata for identifiers, by scheme."""
_DESCRIBED_AT = "P973"
"""Property of Wikidata: described at URL."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A thing here, and what it is elsewhere."""

    iri: str
    target: Target


def identities(index: SearchIndex, store: Store, link_lines: Iterable[str], scheme: str = "") -> Iterator[Identity]:
    """Yield what things here are elsewhere, in one scheme or all: by the identifiers that records state, by their links, by files.

    `link_lines` are the claims of the graph of links.
    """
    for name in (scheme,) if scheme else SCHEMES:
        for form, about in index.identifiers_of(name):
            value = form.partition(":")[2]
            if not value.startswith(FUNDER_DOIS):
                yield from _identity(about, f"{name}:{value}")
    for relation in sorted(EXACT):
        yield from _of_triples(store.walk(None, iri(relation), None), scheme)
    exact = {iri(relation) for relation in EXACT}
    stated = (split_claim(line) for line in link_lines)
    yield from _of_triples((triple for triple in stated if triple[1] in exact), scheme)


def _of_triples(triples: Iterable[Triple], scheme: str) -> Iterator[Identity]:
    for subject, _, object_ in triples:
        if is_iri(object_):
            found = next(_identity(iri_text(subject), iri_text(object_)), None)
            if found and found.target.scheme in ((scheme,) if scheme else SCHEMES):
                yield found


def _identity(about: str, text: str) -> Iterator[Identity]:
    try:
        target = read_target(text)
    except BadValueError:
        return
    if "#" not in about:
        yield Identity(about, target)


def beacon(
    identities: Iterable[Identity], scheme: str, *, title: str, feed: str, moment: str, publisher: str
) -> Iterator[str]:
    """Yield the lines of a BEACON file: identifiers of a scheme, and the IRIs of what they name here."""
    prefix = SCHEMES[scheme].link.partition("{}")
    meta = {
        "FORMAT": "BEACON",
        "VERSION": "0.1",
        "PREFIX": prefix[0] if not prefix[2] else f"{prefix[0]}{{ID}}{prefix[2]}",
        "TARGET": "{+ID}",
        "RELATION": OWL_SAME_AS,
        "NAME": " ".join(title.split()),
        "CREATOR": " ".join(publisher.split()),
        "FEED": feed,
        "TIMESTAMP": moment,
    }
    yield from (f"#{name}: {text}" for name, text in meta.items() if text)
    yield ""
    rows = {(one.target.value, one.iri) for one in identities if one.target.scheme == scheme}
    yield from (f"{value}||{iri}" for value, iri in sorted(rows))


def quick_statements(identities: Iterable[Identity]) -> Iterator[str]:
    """Yield the lines of a table for QuickStatements: of each thing that is in Wikidata its other identifiers, and its IRI here.

    A thing that leads to several items of Wikidata, or an item that several things lead to, is left out: somebody has to look first.
    """
    of_thing: defaultdict[str, set[Target]] = defaultdict(set)
    of_item: defaultdict[str, set[str]] = defaultdict(set)
    for one in identities:
        of_thing[one.iri].add(one.target)
        if one.target.scheme == WIKIDATA:
            of_item[one.target.value].add(one.iri)
    yield _row(["qid", _DESCRIBED_AT, *_PROPERTIES.values()])
    for item, things in sorted(of_item.items(), key=lambda pair: int(pair[0][1:])):
        targets = of_thing[next(iter(things))]
        if len(things) > 1 or sum(target.scheme == WIKIDATA for target in targets) > 1:
            continue
        yield _row([item, _quoted(next(iter(things))), *(_only(targets, scheme) for scheme in _PROPERTIES)])


def _only(targets: Iterable[Target], scheme: str) -> str:
    """Return the identifier of a scheme, "" where there is none, or more than one."""
    found = sorted(target.value for target in targets if target.scheme == scheme)
    return _quoted(found[0].upper() if scheme == "doi" else found[0]) if len(found) == 1 else ""


def _quoted(text: str) -> str:
    """Return a text as QuickStatements takes it: in quotation marks, which are part of the cell."""
    return f'"{text}"'


def _row(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
