"""The local vocabulary: terms of `vocab/local.ttl`, and source fields, which have a property each by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lod import bundled
from lod.errors import ConfigError
from lod.rdf.claims import RDF_NS, Iri, Triple, iri, literal
from lod.web.reading import terms
from lod.web.reading.documents import indexed

LOCAL_FILE = "local.ttl"

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_FIELD = re.compile(r"field/(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._~-]|%(?!5F)[0-9A-F]{2}){0,200})")


class LocalTerms:
    """Terms under the setting `vocabulary_namespace`, as encoded triples."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.triples = tuple(_read(namespace))
        self._by_subject = indexed(self.triples)

    @property
    def subjects(self) -> list[str]:
        """IRIs of the terms that are listed, in the order of the file, without the vocabulary itself."""
        return [subject[1:-1] for subject in self._by_subject if subject != iri(self.namespace)]

    def describe(self, term: str) -> list[Triple]:
        """Return the triples about a term's IRI; those of the whole vocabulary for the namespace; [] if unknown.

        A source field such as `field/dc.title` is described by rule, listed or not: its property has the values verbatim.
        """
        if term == self.namespace:
            return list(self.triples)
        subject = iri(term)
        found = [
            (subject, predicate, object_)
            for predicate, objects in self._by_subject.get(subject, {}).items()
            for object_ in objects
        ]
        if found:
            return cast("list[Triple]", found)
        match = _FIELD.fullmatch(term, len(self.namespace)) if term.startswith(self.namespace) else None
        return list(self._field(subject, match["name"])) if match else []

    def _field(self, subject: Iri, name: str) -> Iterator[Triple]:
        yield subject, terms.TYPE, iri(f"{RDF_NS}Property")
        yield subject, terms.LABEL, literal(name)
        comment = f"Values of the source field {name}, verbatim, kept where the mapping changes, weakens or does not know them."
        yield subject, iri(f"{_RDFS}comment"), literal(comment, language="en")
        yield subject, iri(f"{_RDFS}range"), iri(f"{_RDFS}Literal")
        yield subject, iri(f"{_RDFS}isDefinedBy"), iri(self.namespace)


def _read(namespace: str) -> Iterator[Triple]:
    from pyoxigraph import BlankNode, RdfFormat, parse

    path = bundled.VOCAB / LOCAL_FILE
    if not path.is_file():
        return
    try:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE, base_iri=namespace):
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                raise ConfigError(f"{path}: a blank node; give it an IRI, so that it can be looked up")
            yield cast("Triple", (str(quad.subject), str(quad.predicate), str(quad.object)))
    except (SyntaxError, OSError) as error:
        raise ConfigError(f"{path}: {error}") from None
