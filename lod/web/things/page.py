"""The page of a thing that is no item: a person, an organisation, a journal, a volume, a concept, a place, a funder …"""

from __future__ import annotations

from typing import Any

from lod.rdf.claims import iri_text
from lod.store.search.build.things import ISSUE, JOURNAL, VOLUME
from lod.web.languages.templates import render_page
from lod.web.pages.html import Head, document_parts
from lod.web.pages.values import Values
from lod.web.reading.documents import Document
from lod.web.things.contents import tree_of
from lod.web.things.facts import facts, identifiers, other_names
from lod.web.things.linked import linked
from lod.web.things.works import works_of
from lod.web.view import PublishedView


def render_thing(view: PublishedView, document: Document, head: Head) -> str:
    """Return the HTML page of a thing. Works and figures stand on its first page, of the live state, where there is an index."""
    values = Values(view, document)
    parts = document_parts(values, head)
    subject = iri_text(document.subject)
    return render_page(
        "thing.html",
        **parts,
        containers=values.containers(subject),
        identifiers=identifiers(values),
        other_names=other_names(values),
        facts=facts(parts["sections"]),
        **_of_the_index(values, subject),
    )


def _of_the_index(values: Values, subject: str) -> dict[str, Any]:
    """Return what the search index knows of a thing: works, volumes and issues, and what is linked with it."""
    view, document = values.view, values.document
    index = view.reader.search if not view.start and document.page == 1 else None
    thing = index.thing(subject) if index else None
    if index is None or thing is None:
        return {"works": None, "tree": [], "linked": []}
    tree = tree_of(view, index, subject) if thing.kind in {JOURNAL, VOLUME} else []
    works = works_of(view, index, subject, is_contents=thing.kind in {VOLUME, ISSUE})
    return {"works": works, "tree": tree, "linked": linked(values)}
