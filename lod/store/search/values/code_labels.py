"""Labels of codes: what the IRIs of types, access rights, licences and languages are called, in English.

Nothing published names these IRIs. The words are those of the value maps, and of CLDR for languages.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from lod.rdf.coar import coar_name, coar_names

_LANGUAGE = re.compile(r"http://id\.loc\.gov/vocabulary/iso639-[12]/([a-z]{2,3})")
_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z+-]+)/([0-9.]+)(?:/([a-z]{2,3}))?/?"
)
_RIGHTS_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/1\.0/?")
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}


@lru_cache(maxsize=4_096)
def label_of_code(iri: str) -> str:
    """Return what a code is called: "journal article", "open access", "CC BY 4.0", "English"; "" where that is not known."""
    language = _LANGUAGE.fullmatch(iri)
    if language:
        return _language(language[1])
    licence = _CREATIVE_COMMONS.fullmatch(iri)
    if licence:
        name = _PUBLIC_DOMAIN.get(licence[1]) or f"CC {licence[1].upper()}"
        return " ".join(filter(None, (name, licence[2], (licence[3] or "").upper())))
    statement = _RIGHTS_STATEMENT.fullmatch(iri)
    if statement:
        return f"RightsStatements.org {statement[1]}"
    return coar_name(iri)


def _language(code: str) -> str:
    import langcodes
    from babel import Locale

    try:
        return str(Locale("en").languages.get(langcodes.standardize_tag(code), code))
    except ValueError:
        return code


def fingerprint() -> str:
    """Return what changes with the labels."""
    return hashlib.sha256(repr(sorted(coar_names().items())).encode()).hexdigest()
