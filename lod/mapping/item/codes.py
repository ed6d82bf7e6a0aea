"""Terms of code lists: languages, versions of the full text, degrees (rules G1 and X2)."""

from __future__ import annotations

import re

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.texts import take_label
from lod.mapping.values.maps import compared
from lod.rdf.claims import iri, literal

LANGUAGES = "http://id.loc.gov/vocabulary/iso639-2/"
_LOCALE = re.compile(r"([A-Za-z]{2,3})[_-](?:[A-Z]{2}|[A-Z][a-z]{3})(?:[_-][A-Z]{2})?(?:\.[\w-]+)?")


def take_language(draft: Draft, rule: Rule, index: int) -> None:
    """State the language of the item by its ISO 639-2/B code (rule G1)."""
    text = draft.record.values[index].text
    code, has_region = read_language(draft, text)
    if has_region:
        draft.keep(index, "the language was published without its region")
    draft.add(draft.item, rule.property, iri(f"{LANGUAGES}{code}"), index)


def read_language(draft: Draft, text: str) -> tuple[str, bool]:
    """Return the ISO 639-2/B code of a language, and whether the text is a locale that says more ("pt_BR").

    Raises:
        BadValueError: the table does not know it.
    """
    if code := draft.maps.languages.get(compared(text)):
        return code, False
    match = _LOCALE.fullmatch(text.strip())
    if match and (code := draft.maps.languages.get(match[1].lower())):
        return code, True
    raise BadValueError("no language of ISO 639; write a code such as en or eng, or the English name of the language")


def take_nature(draft: Draft, rule: Rule, index: int) -> None:
    """State which version the full text is: a concept that points to the COAR version."""
    text = draft.record.values[index].text
    nature = draft.maps.natures.get(compared(text))
    if nature is None:
        raise BadValueError("no version of the full text that the table knows; add it to maps/fulltext_nature.csv")
    terms = draft.terms
    concept, scheme = terms[f"rt:fulltext-nature/{nature.code}"], terms["rt:fulltext-nature"]
    draft.add(draft.item, rule.property, concept, index)
    draft.typed(concept, "skos:Concept", index)
    draft.add(concept, terms["skos:prefLabel"], literal(nature.label, language="en"), index)
    draft.add(concept, terms["skos:notation"], literal(nature.code), index)
    draft.add(concept, terms["skos:inScheme"], scheme, index)
    if nature.coar:
        draft.add(concept, terms[f"skos:{nature.match}"], iri(nature.coar), index)
    if compared(text) != compared(nature.code) and text.strip() != nature.coar:
        draft.keep(index, "written as the code of the version")
    draft.typed(scheme, "skos:ConceptScheme", index)
    draft.add(scheme, terms["skos:prefLabel"], literal("Nature of the deposited full text", language="en"), index)


def take_coded(draft: Draft, rule: Rule, index: int) -> None:
    """State the term that a code list has for the value; with `class`, any other value as a node with its text (rule X2)."""
    text = draft.text(index, paragraphs=False)
    name = rule.options["map"]
    found = draft.maps.codes[name].get(compared(text))
    if found:
        term, label = found
        draft.add(draft.item, rule.property, term, index)
        draft.keep_unless(label, index, "written as the term of the vocabulary that it stands for")
    elif "class" in rule.options:
        take_label(draft, rule, index)
    else:
        raise BadValueError(f"the table does not know it; add it to maps/{name}.csv")
