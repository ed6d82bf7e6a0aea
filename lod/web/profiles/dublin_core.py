"""Dublin Core: a resource in the fifteen elements, with plain values; one row an element.

Source: DCMI Metadata Terms, section 3 (ISO 15836-1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lod.rdf.claims import Triple, iri, literal
from lod.web.profiles.schema_org import type_of
from lod.web.profiles.summary import Summary, Text
from lod.web.reading import terms

NAMESPACE = "http://purl.org/dc/elements/1.1/"


def _plain(texts: Iterable[str]) -> list[Text]:
    return [(text, None) for text in texts if text]


ELEMENTS: tuple[tuple[str, Callable[[Summary], list[Text]]], ...] = (
    ("title", lambda about: about.titles),
    ("creator", lambda about: _plain(agent.name for agent in about.authors)),
    ("subject", lambda about: _plain(about.keywords)),
    ("description", lambda about: [*about.texts(terms.ABSTRACT), *about.texts(terms.DESCRIPTION)]),
    ("publisher", lambda about: _plain(agent.name for agent in about.agents(terms.PUBLISHER))),
    (
        "contributor",
        lambda about: _plain(agent.name for role in (terms.EDITOR, terms.CONTRIBUTOR) for agent in about.agents(role)),
    ),
    ("date", lambda about: _plain([about.issued])),
    ("type", lambda about: _plain([type_of(about.classes)])),
    ("format", lambda about: _plain(sorted({file.media_type for file in about.files}))),
    ("identifier", lambda about: _plain([about.iri, *({about.persistent} - {about.iri})])),
    ("source", lambda about: _plain(part.title for part in about.containers if part.title)),
    ("language", lambda about: _plain(about.languages)),
    ("relation", lambda about: _plain([*about.links(terms.SAME_AS), *about.links(terms.RELATION)])),
    ("coverage", lambda about: _plain(dict.fromkeys([*about.names(terms.SPATIAL), *about.names(terms.TEMPORAL)]))),
    ("rights", lambda about: _plain([*about.links(terms.LICENSE), *about.names(terms.RIGHTS)])),
)


def triples(summary: Summary) -> Iterator[Triple]:
    """Yield a description in Dublin Core elements."""
    for name, values in ELEMENTS:
        for text, language in values(summary):
            yield iri(summary.iri), iri(NAMESPACE + name), literal(text, language=language)
