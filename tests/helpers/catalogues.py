"""Texts of pages and their catalogues: `python -m tests.helpers.catalogues` brings the catalogues to the texts of the code.

A new text is added without a translation, one that is gone is taken out; then `tests/web/languages` names what is to be translated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from lod.bundled import VOCAB
from lod.dump.mqa import _RATINGS, score_of
from lod.questions.blanks import BLANKS
from lod.questions.load import load_questions
from lod.rdf.coar import coar_names
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import PAGE_LANGUAGES, make_settings
from lod.store.quality.build.schema import SORTS
from lod.store.quality.find.index import SEVERITIES
from lod.store.quality.values.measures import ALIKE, MEASURES
from lod.store.search.build.things import _ORDER
from lod.store.search.values.facets import BY_NAME, HAS
from lod.web.api.openapi import describe_api
from lod.web.http.error_responses import reason_phrase
from lod.web.pages.code_words import _RIGHTS_STATEMENTS, _SCHEMES
from tests.helpers.paths import ROOT

WEB = ROOT / "lod" / "web"
LOCALES = WEB / "languages" / "locale"
TRANSLATED = tuple(language for language in PAGE_LANGUAGES if language != "en")
_STATUSES = (400, 403, 404, 405, 406, 410, 412, 413, 414, 415, 416, 429, 500, 503, 504)
_METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "Said": None}
_API = make_settings({"base_iri": "https://example.org/"}, {})


def path_of(language: str) -> Path:
    """Return the path of the catalogue of a language."""
    return LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "lod.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain="lod")


def extracted() -> Catalog:
    """Return a catalogue of all texts of pages, with where they stand, without translations."""
    found = Catalog(domain="lod", charset="utf-8")
    texts = extract_from_dir(
        str(WEB), _METHODS, {"templates/**.html": {"trimmed": "true"}}, keywords=_KEYWORDS, strip_comment_tags=True
    )
    for name, _, message, _, context in texts:
        found.add(message, locations=[(name, 0)], context=context)
    for place, text in _in_tables():
        if text:
            found.add(text, locations=[(place, 0)])
    return found


def _in_tables() -> Iterator[tuple[str, str]]:
    """Yield texts of other rooms that pages show, each with the place that it comes from."""
    yield from (("facets", facet.label) for facet in BY_NAME.values())
    yield from (("facets", label) for label in HAS.values())
    yield from (("measures", measure.label) for measure in MEASURES)
    yield from (("measures", label) for label in ALIKE.values())
    yield from (("quality", text) for text in (*SEVERITIES, *SORTS, "published", "refused"))
    yield from (("things", kind.capitalize()) for kind in _ORDER)
    yield from (("coar", name) for name in coar_names().values())
    yield from (("questions", question.ask) for question in load_questions())
    yield from (("questions", question.group) for question in load_questions())
    yield from (("questions", blank.label) for blank in BLANKS.values())
    yield from (("identifiers", text) for text in _SCHEMES.values())
    yield from (("rights", text) for text in _RIGHTS_STATEMENTS.values())
    yield from (("statuses", reason_phrase(status)) for status in _STATUSES)
    yield from (("mqa", rating) for _, rating in _RATINGS)
    for one in score_of([], _API.base_iri).criteria:
        yield from (("mqa", text) for text in (one.asks, one.dimension, one.mend))
    rules = tomllib.loads((VOCAB / "quality" / "rules.toml").read_text(encoding="utf-8"))
    for words in (*rules["family"], *rules["rule"].values()):
        yield from (("rules.toml", words.get(key, "")) for key in ("title", "why", "mend"))
    yield from (("api", text) for text in _of_the_api())
    yield from (("terms", term.label) for term in load_vocabulary(_API.vocabulary_namespace).terms.values())


def _of_the_api() -> Iterator[str]:
    described = describe_api(_API)
    yield described["info"]["description"]
    for operations in described["paths"].values():
        yield operations["get"]["summary"]
        yield from (argument["description"] for argument in operations["get"]["parameters"])
    for name in ("Item", "Person", "Organisation", "Journal", "Concept"):
        fields = described["components"]["schemas"][name]["properties"].values()
        yield from (field["description"] for field in fields if "description" in field)


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file has it: sorted, without what changes at each writing, such as dates and numbers of lines."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=True, omit_header=True, ignore_obsolete=True, include_lineno=False)
    plurals = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    header = ("Content-Type: text/plain; charset=utf-8", f"Language: {catalogue.locale}", f"Plural-Forms: {plurals}")
    lines = "".join(f'"{line}\\n"\n' for line in header)
    return (
        f'# Texts of the pages of lod; CONTRIBUTING.md, "A text of a page".\nmsgid ""\nmsgstr ""\n{lines}\n'.encode()
        + buffer.getvalue()
    )


def main() -> None:
    """Bring all catalogues to the texts of the code."""
    template = extracted()
    for language in TRANSLATED:
        path = path_of(language)
        known = read(language) if path.is_file() else Catalog(locale=language.replace("-", "_"), domain="lod")
        known.update(template, no_fuzzy_matching=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(known))
        print(
            f"{path}: {sum(not message.string or message.string == ('',) for message in known if message.id)} to translate"
        )


if __name__ == "__main__":
    main()
