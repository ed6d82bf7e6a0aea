"""Terms of code lists: languages, versions of the full text, degrees (rules G1 and X2)."""

from __future__ import annotations

import re

import langcodes

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.item.texts import take_label
from lod.mapping.values.maps import compared
from lod.rdf.claims import iri, literal

LANGUAGES = "http://id.loc.gov/vocabulary/iso639-2/"
# The tags of BCP 47 that have a region or a script, and locales; case and separator are as everybody likes them.
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[_-][A-Za-z0-9]{2,8}){1,4}(?:\.[\w-]{1,20})?")
_CODE = re.compile(r"[A-Za-z]{3}")
_JOINTS = re.compile(r"[;,/|]|\s&\s|\sand\s")
_MOST_LANGUAGES = 10


def take_language(draft: Draft, rule: Rule, index: int) -> None:
    """State the languages of the item by their ISO 639-2/B codes (rule G1)."""
    codes, why = read_languages(draft, draft.record.values[index].text)
    if why:
        draft.keep(index, why)
    for code in codes:
        draft.add(draft.item, rule.property, iri(f"{LANGUAGES}{code}"), index)


def read_languages(draft: Draft, text: str) -> tuple[list[str], str]:
    """Return the ISO 639-2/B codes of one or several languages, and what the text says beyond them, "" for nothing.

    Raises:
        BadValueError: the table does not know one of them.
    """
    try:
        code, more = _read_language(draft, text)
    except BadValueError:
        parts = [part for part in _JOINTS.split(text) if part.strip()]
        if parts == [text] or not parts or len(parts) > _MOST_LANGUAGES:
            raise
        return [_read_language(draft, part)[0] for part in parts], "several languages stood in one value"
    return [code], more


def _read_language(draft: Draft, text: str) -> tuple[str, str]:
    languages = draft.maps.languages
    if code := languages.get(compared(text)):
        return code, ""
    tag = text.strip()
    match = _LOCALE.fullmatch(tag)
    if (
        match
        and (code := languages.get(match[1].lower()))
        and langcodes.tag_is_valid(tag.partition(".")[0].replace("_", "-"))
    ):
        return code, "the language was published without its region"
    if _CODE.fullmatch(tag) and langcodes.tag_is_valid(tag.lower()):
        macro = langcodes.standardize_tag(tag.lower(), macro=True)
        if code := languages.get(macro):
            return code, "ISO 639-2 has the language as a part of a wider one"
        raise BadValueError(
            f"'{tag.lower()}' is a language of ISO 639-3, and ISO 639-2, of which the published addresses are, has no code for it"
        )
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
        draft.keep_unless(label, index, "written as the term of the vocabulary that it means")
    elif "class" in rule.options:
        take_label(draft, rule, index)
    else:
        raise BadValueError(f"the table does not know it; add it to maps/{name}.csv")
