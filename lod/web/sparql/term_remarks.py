"""Remarks on a result: classes and properties in the query that the data does not use, with the nearest that it does use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from lod.rdf.claims import RDF_TYPE, XSD_NS, iri_text
from lod.web.evaluation.service_keyword import tokens
from lod.web.view import PublishedView

_MOST_REMARKS = 5
_MOST_NAMES = 50
_MOST_NEAREST = 2
_ALIKE = 0.7
_TYPE = iri_text(RDF_TYPE)


def remarks_on(view: PublishedView, query: str) -> list[str]:
    """Return a sentence for each class and property in a query that the data does not use, or nowhere holds as a thing.

    Only names in the namespaces of vocabularies are looked at: any other IRI may be a thing that simply has no answer.
    """
    vocabulary, used = view.service.vocabulary, view.reader.used_terms
    known = {**used.classes, **used.properties}
    spaces = {*map(_space, known), *map(_space, vocabulary.terms)} - {XSD_NS}
    remarks: list[str] = []
    for term, is_class in _terms(query, vocabulary.prefixes)[:_MOST_NAMES] if known else ():
        # Individuals such as schema:BookmarkAction are objects in the data.
        if term in known or _space(term) not in spaces or view.reader.is_known(term):
            continue
        near = _nearest(term, used.classes if is_class else known)
        meant = " or ".join(f"{vocabulary.compact(name)} ({known[name]:,} in the data)" for name in near)
        remarks.append(
            f"{vocabulary.compact(term)} is not used in this dataset{f'; did you mean {meant}?' if meant else '.'}"
        )
    return remarks[:_MOST_REMARKS]


def _terms(query: str, prefixes: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Return the IRIs of a query outside its prologue and its template, and whether each stands where a class does.

    None are returned of a query of named graphs: what these hold is not counted.
    """
    found: dict[tuple[str, bool], None] = {}
    declared = dict(prefixes)
    before, in_template, depth = "", False, 0
    try:
        matches = [match for match in tokens(query) if not match["skip"]]
    except ValueError:
        return []
    for match in matches:
        word = (match["words"] or "").lower()
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if word in {"graph", "from"}:
            return []
        if word == "construct":
            in_template = True
        elif in_template and (word == "where" or (match.group() == "}" and depth == 0)):
            in_template = False
        term = ""
        if before == "prefix":
            word = f"prefix {match['run'] or ''}:"
        elif before.startswith("prefix ") and match["iri"]:
            declared[before[7:-1]] = match["content"]
        elif before != "base" and not in_template:
            term = _expanded(match, declared)
        if term:
            found[term, before == "a"] = None
        before = "a" if term == _TYPE else word
    return list(found)


def _expanded(match: re.Match[str], prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a token names; "" for any other token, and for the name of a namespace."""
    if match["iri"]:
        return match["content"]
    local = (match["name"] or ":")[1:].replace("\\", "")
    return prefixes[match["run"] or ""] + local if local and (match["run"] or "") in prefixes else ""


def _space(term: str) -> str:
    return term[: max(term.rfind("/"), term.rfind("#")) + 1]


def _nearest(term: str, known: Mapping[str, int]) -> list[str]:
    """Return the terms whose local names are most like that of a term, compared without case; those of its namespace first."""
    space = _space(term)
    by_local: dict[str, list[str]] = {}
    for name in sorted(known, key=lambda name: (_space(name) != space, -known[name])):
        by_local.setdefault(name[len(_space(name)) :].casefold(), []).append(name)
    near = get_close_matches(term[len(space) :].casefold(), by_local, n=_MOST_NEAREST, cutoff=_ALIKE)
    names = [name for local in near for name in by_local[local]]
    return sorted(names, key=lambda name: _space(name) != space)[:_MOST_NEAREST]
