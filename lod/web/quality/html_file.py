"""The pages about quality as one HTML file that loads nothing and runs nothing: `lod status --html` and `lod coverage --html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader

from lod import __version__
from lod.dump.mqa import MOST_POINTS, score_of
from lod.rdf.claims import Triple
from lod.rdf.vocabulary import load_vocabulary
from lod.settings.table import Settings
from lod.store.quality.find.index import QualityIndex, Selection
from lod.store.quality.values.rule_texts import words_of
from lod.web.languages.templates import add_texts
from lod.web.pages.values import lang_attribute
from lod.web.quality.listed import RowMaker
from lod.web.quality.shown import PLURALS, Links, Shown, anchor

MOST_ROWS = 50
"""Records of each rule that a file lists; the CSV of `lod status` has all findings."""


def quality_file(index: QualityIndex, settings: Settings, description: Sequence[Triple]) -> str:
    """Return the figures of a generation, with a section for each rule, as a page. `description` is that of the dataset."""
    rules = list(dict.fromkeys(one.rule for one in index.rules))
    shown = Shown(index, Links(None, frozenset(rules)))
    return _rendered(
        "quality/file.html",
        settings=settings,
        shown=shown,
        score=score_of(description, settings.base_iri),
        most_points=MOST_POINTS,
        plurals=PLURALS,
        sections=[_section(index, shown, rule, settings) for rule in rules],
    )


def _section(index: QualityIndex, shown: Shown, rule: str, settings: Settings) -> dict[str, Any]:
    """Return what the section of a rule shows."""
    selection = Selection(rule=rule)
    found = index.select(selection)
    maker = RowMaker(index, selection, settings.edit_url, load_vocabulary(settings.vocabulary_namespace))
    return {
        "anchor": anchor(rule),
        "words": index.words(rule),
        "meanings": shown.meanings(rule),
        "total": len(found),
        "rows": [(row, row.record.item) for row in maker.rows(index.records.page(found, "record", 0, MOST_ROWS))],
        "parts_of": list(shown.parts_of(selection)),
        "trend": shown.trend(rule),
    }


def coverage_file(coverage: Mapping[str, Any]) -> str:
    """Return what a crosswalk makes of a source, as `lod coverage --json` prints it, as a page."""
    return _rendered("quality/coverage_file.html", coverage=coverage, words_of=words_of)


def _rendered(template: str, **values: Any) -> str:
    environment = Environment(loader=PackageLoader("lod.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["lang"] = lang_attribute
    add_texts(environment)
    style = files("lod.web").joinpath("static", "style.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(style=style, version=__version__, **values)
