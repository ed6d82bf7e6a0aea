"""Write citations in any format that cites: one item, or many one after the other. The table of writers has one row a format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lod.web.citing.bibtex import bibtex
from lod.web.citing.citation import Citation
from lod.web.citing.references import STYLES, Style, reference
from lod.web.citing.ris import ris
from lod.web.http.formats import BIBTEX, CSL_JSON, REFERENCE, RIS, Format


@dataclass(frozen=True, slots=True)
class Wording:
    """How references are worded: the style, and the locale, "" for that of the style. Other formats have one wording."""

    style: Style = STYLES[0]
    locale: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the media type, and of an address, that ask for it."""
        return {"style": self.style.name, **({"locale": self.locale} if self.locale else {})}


def _csl_json(cited: Citation, _: Wording) -> str:
    return json.dumps(dict(cited.fields), ensure_ascii=False)


def _reference(cited: Citation, wording: Wording) -> str:
    return f"{reference(cited, wording.style, wording.locale)}\n"


WRITERS: dict[Format, Callable[[Citation, Wording], str]] = {
    CSL_JSON: _csl_json,
    BIBTEX: lambda cited, _: bibtex(cited),
    RIS: lambda cited, _: ris(cited),
    REFERENCE: _reference,
}
_AROUND = {CSL_JSON: ("[\n", ",\n", "\n]\n"), BIBTEX: ("", "\n", ""), RIS: ("", "\r\n", ""), REFERENCE: ("", "", "")}
"""What is before, between and after the items of a list."""


def write_citation(cited: Citation, format_: Format, wording: Wording | None = None) -> str:
    """Return one item in a format that cites."""
    return WRITERS[format_](cited, wording or Wording())


def write_citations(cited: Iterable[Citation], format_: Format, wording: Wording | None = None) -> Iterator[str]:
    """Yield many items in a format that cites, lazily: CSL-JSON is one array, the others are sequences."""
    before, between, after = _AROUND[format_]
    write, found = WRITERS[format_], wording or Wording()
    yield before
    for number, item in enumerate(cited):
        yield (between if number else "") + write(item, found)
    yield after
