"""Names that a query may hold here, for completion: prefixes, and the classes and properties that the data uses."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lod.web.view import PublishedView


@dataclass(frozen=True, slots=True)
class TermName:
    """A prefixed name, or a prefix with its colon; "class", "property" or "prefix"; its label; how often it is used."""

    name: str
    kind: str
    label: str
    number: int


def term_names(view: PublishedView) -> list[dict[str, object]]:
    """Return the names, as JSON has them; a term whose namespace has no prefix is its IRI in angle brackets."""
    vocabulary, used = view.service.vocabulary, view.reader.used_terms
    names = [TermName(f"{prefix}:", "prefix", space, 0) for prefix, space in sorted(vocabulary.prefixes.items())]
    for kind, numbers in (("class", used.classes), ("property", used.properties)):
        for term, number in numbers.items():
            name = vocabulary.compact(term)
            names.append(TermName(f"<{term}>" if name == term else name, kind, vocabulary.label(term), number))
    return [asdict(name) for name in names]
