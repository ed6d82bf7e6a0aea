"""RecordView: one record as compiled shapes look at it. What few records need is made only for those."""

from __future__ import annotations

from collections.abc import Callable, Collection

import rdflib

from lod.rdf.claims import canonical_tag, is_iri, literal_parts
from lod.validation.engines.shape_graph import COLLAPSED, LiteralKey, spelling
from lod.validation.rules.record_index import RecordIndex, RecordLiteral

_SUBCLASS = "rdfs:subClassOf"


class _Literals(dict[str, RecordLiteral]):
    """Literals by their encoded form; one that no claim has as it is is parsed."""

    def __missing__(self, term: str) -> RecordLiteral:
        text, language, datatype = literal_parts(term)
        found = self[term] = RecordLiteral("", "", term, text, language or "", datatype or "")
        return found


class RecordView:
    """A record as pySHACL would see it: a set of terms, so that two spellings of one literal are one.

    Attributes:
        properties: objects by subject and property, as in `RecordIndex`.
        classes: the classes of each subject; where the record states subclasses, those above them too.
        literals: the parts of each literal, by its encoded form.
    """

    __slots__ = ("_inverse", "_stated", "classes", "literals", "properties", "record")

    def __init__(self, record: RecordIndex, name_of: Callable[[str], str], *, one_spelling: bool = False) -> None:
        """Look at a record; `one_spelling` respells literals also where no other literal of the record is the same."""
        self.record = record
        self.properties = record.properties
        self.classes = record.classes
        self.literals = literals = _Literals()
        self._stated: dict[str, RecordLiteral] = {}
        self._inverse: dict[str, dict[str, list[str]]] | None = None
        respelt: dict[str, str] = {}
        for found in record.texts:
            _, _, term, _, language, datatype = found
            literals[term] = found
            if "\\" in term or (language and canonical_tag(language) != language) or datatype in COLLAPSED:
                text = str(python_literal(found.text, "", datatype)) if datatype in COLLAPSED else found.text
                spelt = spelling(text, language, datatype)
                self._stated.setdefault(spelt, found)
                if spelt != term:
                    respelt[term] = spelt
        if respelt and (one_spelling or _is_twice(respelt, literals)):
            self.properties = {
                subject: {
                    name: list(dict.fromkeys(respelt.get(term, term) for term in terms))
                    for name, terms in described.items()
                }
                for subject, described in record.properties.items()
            }
        if any(_SUBCLASS in described for described in self.properties.values()):
            self.classes = _with_superclasses(record, name_of)

    def subjects(self, name: str, object_: str) -> Collection[str]:
        """Return the subjects of the triples that have a property and an object."""
        if self._inverse is None:
            self._inverse = {}
            for subject, described in self.properties.items():
                for property_, terms in described.items():
                    subjects = self._inverse.setdefault(property_, {})
                    for term in terms:
                        subjects.setdefault(term, []).append(subject)
        return self._inverse.get(name, {}).get(object_, ())

    def key(self, term: str) -> LiteralKey:
        """Return what makes a literal of the record the same as one of a shape."""
        found = self.literals[term]
        return found.text, found.language.lower(), found.datatype

    def text(self, term: str) -> str:
        """Return the characters of an IRI, the text of a literal."""
        return term[1:-1] if term[0] == "<" else self.literals[term].text

    def stated(self, term: str) -> RecordLiteral:
        """Return the parts of a literal as a claim states it: of its text as it was comes its value."""
        return self._stated.get(term) or self.literals[term]

    def python_literal(self, term: str) -> rdflib.Literal:
        """Return a literal of the record as rdflib has it, with its value."""
        return python_literal(*self.stated(term)[3:])


def _is_twice(respelt: dict[str, str], literals: dict[str, RecordLiteral]) -> bool:
    """Return whether one literal is written in two ways, or has a text that rdflib changes."""
    spellings = respelt.values()
    return (
        len(set(spellings)) < len(respelt)
        or not literals.keys().isdisjoint(spellings)
        or any(literals[term].datatype in COLLAPSED for term in respelt)
    )


def python_literal(text: str, language: str, datatype: str) -> rdflib.Literal:
    """Return a literal as rdflib has it, its text unchanged."""
    return rdflib.Literal(text, lang=language or None, datatype=datatype or None, normalize=False)


def _with_superclasses(record: RecordIndex, name_of: Callable[[str], str]) -> dict[str, set[str]]:
    above: dict[str, list[str]] = {}
    for subject, described in record.properties.items():
        terms = [term for term in described.get(_SUBCLASS, ()) if is_iri(term)]
        if terms:
            above[name_of(subject[1:-1])] = [name_of(term[1:-1]) for term in terms]
    return {subject: _closure(classes, above) for subject, classes in record.classes.items()}


def _closure(classes: set[str], above: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(classes)
    while waiting:
        class_ = waiting.pop()
        if class_ not in found:
            found.add(class_)
            waiting += above.get(class_, ())
    return found
