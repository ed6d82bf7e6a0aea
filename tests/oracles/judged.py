"""Judgements by hand: what a record states, beside what its published graph says, fact by fact and in both directions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rdflib import RDF, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from tests.oracles.published import BIBO, DCTERMS, FABIO, FOAF, ITEM_CLASS, PRISM, agent_name, wholes_of
from tests.oracles.stated import normal

Judgement = dict[str, Any]
Claimed = dict[str, list[str]]
Difference = tuple[str, str, str]
"""Fact, "false" or "lost", and the values: those that are claimed, or those that are not."""

WHOLE = ("title", "authors", "pages", "issn", "isbn", "container_isbn")
"""Facts of which all values count; of the others one right spelling is enough."""

FACTS = (*WHOLE, "issued", "kind", "container", "series", "volume", "issue", "number", "locator", "doi", "related_doi")
LINKS = ("related_doi",)
"""Facts of which only the loss is told: an item may have other links."""

KINDS = {
    # local names of classes, and of the resource types of COAR, with the word that a judgement has for them
    "article": ("c_6501", "AcademicArticle", "JournalArticle", "Article", "Postprint"),
    "audio": ("c_18cc", "AudioDocument", "SoundRecording", "Sound"),
    "book": ("c_2f33", "Book"),
    "chapter": ("c_3248", "BookChapter", "BookSection", "Chapter"),
    "conference item": ("c_c94f",),
    "conference paper": ("c_5794", "ConferencePaper"),
    "dataset": ("c_ddb1", "Dataset"),
    "image": ("c_c513", "c_ecc8", "Image", "StillImage"),
    "journal": ("c_0640", "Journal"),
    "journal issue": ("JournalIssue", "Issue"),
    "letter": ("c_0857", "Letter"),
    "manual": ("c_71bd", "InstructionManual", "Manual"),
    "newsletter": ("QX5C-AR31", "Newsletter"),
    "other": ("c_1843",),
    "preprint": ("c_816b", "Preprint"),
    "presentation": ("R60J-J5BD", "Presentation", "Slideshow"),
    "proceedings": ("c_f744", "ConferenceProceedings", "Proceedings"),
    "report": ("c_93fc", "c_18gh", "Report", "ReportDocument", "TechnicalReport"),
    "software": ("c_5ce6", "Software", "ComputerProgram"),
    "thesis": ("c_46ec", "c_7a1f", "c_bdcc", "c_db06", "Thesis", "BachelorsThesis", "MastersThesis", "DoctoralThesis"),
    "video": ("c_12ce", "c_8a7e", "AudioVisualDocument", "Movie", "MovingImage"),
    "working paper": ("c_8042", "WorkingPaper"),
}
_WORDS = {name: word for word, names in KINDS.items() for name in names}
_BROADER = {
    # what a class of BIBO or FaBiO says besides the word, since it has none that is nearer
    "article": ("conference paper", "preprint"),
    "report": ("working paper",),
    "book": ("proceedings",),
    "audio": ("video",),
    "video": ("audio",),
}


def judgements(path: Path) -> list[Judgement]:
    """Return the judgements of a file."""
    records: list[Judgement] = tomllib.loads(path.read_text(encoding="utf-8"))["record"]
    return records


def claimed(graph: Graph) -> Claimed:
    """Return what a graph says of the one item in it, in the facts of a judgement."""
    (item,) = graph.subjects(RDF.type, ITEM_CLASS)
    wholes = list(wholes_of(graph, item))
    series = [whole for whole in wholes if {BIBO.Series, FABIO.Series} & set(graph.objects(whole, RDF.type))]
    others = [whole for whole in wholes if whole not in series]
    lists = graph.objects(item, BIBO.authorList)
    isbns = (BIBO.isbn, BIBO.isbn10, BIBO.isbn13)
    types = [str(each) for property_ in (RDF.type, DCTERMS.type) for each in graph.objects(item, property_)]
    return {
        "title": _texts(graph, [item], DCTERMS.title, DCTERMS.alternative),
        "authors": [agent_name(graph, agent) for head in lists for agent in Collection(graph, head)],
        "pages": [*_texts(graph, [item], BIBO.pageStart), *_texts(graph, [item], BIBO.pageEnd)],
        "issn": _texts(graph, [item, *wholes], PRISM.issn, PRISM.eIssn, BIBO.issn, BIBO.eissn, FABIO.hasIssnL),
        "isbn": _texts(graph, [item], *isbns),
        "container_isbn": _texts(graph, wholes, *isbns),
        "issued": _texts(graph, [item], DCTERMS.issued),
        "kind": sorted({_WORDS[name] for type_ in types if (name := _local_name(type_)) in _WORDS}),
        "container": [*_texts(graph, others, DCTERMS.title), *_texts(graph, [item], PRISM.publicationName)],
        "series": _texts(graph, series, DCTERMS.title),
        "volume": _texts(graph, [item], BIBO.volume),
        "issue": _texts(graph, [item], BIBO.issue, PRISM.issueIdentifier),
        "number": _texts(graph, [item], BIBO.number),
        "locator": _texts(graph, [item], FABIO.hasElectronicArticleIdentifier, BIBO.locator),
        "doi": _texts(graph, [item], BIBO.doi),
        "related_doi": [str(each).partition("doi.org/")[2] for each in graph.objects(item) if "doi.org/" in str(each)],
        "names": sorted({str(name) for name in graph.objects(None, FOAF.name)}),
        "persons": sorted({agent_name(graph, agent) for agent in graph.subjects(RDF.type, FOAF.Person)}),
    }


def differences(judgement: Judgement, claims: Claimed) -> Iterator[Difference]:
    """Yield where the claims differ from a judgement: what is claimed and not stated, and what is stated and not claimed."""
    undecided = judgement.get("open", [])
    for fact in FACTS:
        if fact in undecided:
            continue
        given, allowed, needed = claims[fact], _allowed(judgement, fact), judgement.get(fact, [])
        if fact in WHOLE:
            yield from _whole_differs(fact, needed, given, judgement.get("may", {}).get(fact))
            continue
        false = [text for text in given if not _stands(fact, compared(fact, text), allowed)]
        if false and fact not in LINKS:
            yield fact, "false", " | ".join(sorted(set(false)))
        sought = {compared(fact, text) for text in needed}
        elsewhere = {"series": claims["container"], "number": claims["volume"]}.get(fact, [])
        if needed and not sought & {compared(fact, text) for text in [*given, *elsewhere]}:
            yield fact, "lost", " | ".join(needed)
    for fact, key in (("bodies", "persons"), ("unnamed", "names")):
        if false := [name for name in claims[key] if name in judgement.get(fact, [])]:
            yield fact, "false", " | ".join(false)


def compared(fact: str, text: str) -> str:
    """Return a value as it is compared."""
    if fact == "issn":
        return "".join(sign for sign in text.casefold() if sign in "0123456789x")
    if fact in ("isbn", "container_isbn"):
        # one ISBN has ten or thirteen digits: what is between the prefix and the check digit is the same
        return "".join(sign for sign in text.casefold() if sign in "0123456789x").removeprefix("978")[:-1]
    if fact in ("issued", "doi", "related_doi", "kind"):
        return text.casefold()
    return normal(text) or text.strip()


def _stands(fact: str, text: str, allowed: set[str]) -> bool:
    """Return whether a value may be claimed; a date may be told less exactly than it is stated, which is then lost, not false."""
    return text in allowed or (fact == "issued" and any(each.startswith(f"{text}-") for each in allowed))


def _allowed(judgement: Judgement, fact: str) -> set[str]:
    """Return what may be claimed of a fact: what is stated, and what may be claimed as well."""
    may = judgement.get("may", {})
    # a neutral node may stand for a series, and the number in a series may be a volume
    facts = {"container": ("container", "series"), "volume": ("volume", "number")}.get(fact, (fact,))
    texts = [text for each in facts for text in (*judgement.get(each, []), *may.get(each, []))]
    if fact == "kind":
        texts += [broader for broader, words in _BROADER.items() if set(words) & set(texts)]
    return {compared(fact, text) for text in texts}


def _whole_differs(fact: str, needed: list[str], given: list[str], may: list[str] | None) -> Iterator[Difference]:
    wanted = [compared(fact, text) for text in needed]
    found = [compared(fact, text) for text in given]
    optional = [compared(fact, text) for text in may or []]
    if fact not in ("authors", "pages"):
        wanted, found = sorted(set(wanted)), sorted(set(found))
    if found == wanted or (optional and found and found == optional[: len(found)]) or (not found and not wanted):
        return
    false = [text for text in given if compared(fact, text) not in (*wanted, *optional)]
    lost = [text for text in needed if compared(fact, text) not in found]
    if false:
        yield fact, "false", " | ".join(sorted(set(false)))
    if lost:
        yield fact, "lost", " | ".join(lost)
    if not false and not lost and (fact == "authors" or not needed):
        yield fact, "false", "in another order or number: " + " | ".join(given)


def _texts(graph: Graph, nodes: Iterable[Node], *properties: Node) -> list[str]:
    found = [str(text) for node in nodes for property_ in properties for text in graph.objects(node, property_)]
    return list(dict.fromkeys(found))


def _local_name(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
