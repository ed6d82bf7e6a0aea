"""What a generation publishes about its own model: rules of the crosswalk, rules of the shapes, rules in code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lod.dump.void_and_dcat import MODEL_GRAPH
from lod.rdf.claims import RDF_NIL, RDF_TYPE, iri, iri_text, is_iri, literal_parts, split_claim
from lod.web.pages.values import natural
from lod.web.reading.documents import indexed
from lod.web.view import PublishedView

_SH, _RDFS = "http://www.w3.org/ns/shacl#", "http://www.w3.org/2000/01/rdf-schema#"
_TARGETS = (f"<{_SH}targetClass>",)
_MOST_STEPS = 200

About = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """One rule of the crosswalk: fields to properties (IRIs), by a kind, with an example."""

    label: str
    fields: tuple[str, ...]
    properties: tuple[str, ...]
    kind: str
    condition: str
    given: str
    made: str
    note: str


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """One rule: its id, severity and message; the classes that it is for and the properties that it looks at (IRIs)."""

    id: str
    severity: str
    message: str
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """The rules of a generation."""

    crosswalk: list[CrosswalkRow]
    shapes: list[ShapeRow]
    in_code: list[ShapeRow]

    def fields_of(self, property_: str) -> list[str]:
        """Return the source fields that feed a property."""
        return list(
            dict.fromkeys(field for row in self.crosswalk if property_ in row.properties for field in row.fields)
        )


def read_model(view: PublishedView) -> PublishedModel | None:
    """Return the model that a generation publishes, None where an earlier version of lod made it."""
    lines = view.reader.graph_lines(view.addresses.base + MODEL_GRAPH)
    if lines is None:
        return None
    about = indexed([split_claim(line) for line in lines])
    local = view.service.vocabulary.expand
    rules = [_crosswalk_row(about, subject, local("rt:")) for subject in _typed(about, local("rt:CrosswalkRule"))]
    coded = _typed(about, local("rt:CodeRule"))
    in_code = [_rule(about, subject, (), ()) for subject in coded]
    return PublishedModel(
        sorted(rules, key=lambda row: natural(row.label)),
        sorted(_shapes(about, without=coded), key=lambda row: row.id),
        sorted(in_code, key=lambda row: row.id),
    )


def _typed(about: About, class_: str) -> list[str]:
    return [subject for subject, known in about.items() if iri(class_) in known.get(RDF_TYPE, ())]


def _texts(about: About, subject: str, property_: str) -> tuple[str, ...]:
    return tuple(literal_parts(value)[0] for value in about[subject].get(f"<{property_}>", ()) if not is_iri(value))


def _text(about: About, subject: str, property_: str) -> str:
    return next(iter(_texts(about, subject, property_)), "")


def _crosswalk_row(about: About, subject: str, local: str) -> CrosswalkRow:
    return CrosswalkRow(
        _text(about, subject, f"{_RDFS}label"),
        _texts(about, subject, f"{local}sourceField"),
        tuple(iri_text(value) for value in about[subject].get(f"<{local}targetProperty>", ())),
        _text(about, subject, f"{local}valueKind"),
        _text(about, subject, f"{local}valueCondition"),
        _text(about, subject, f"{local}exampleValue"),
        _text(about, subject, f"{local}exampleResult"),
        _text(about, subject, f"{_RDFS}comment"),
    )


def _shapes(about: About, without: Collection[str]) -> Iterator[ShapeRow]:
    """Yield the rules of all shapes with a message, once for each shape that is for classes."""
    for subject, known in about.items():
        if subject in without:
            continue
        classes = tuple(iri_text(value) for target in _TARGETS for value in known.get(target, ()))
        if not classes:
            continue
        for node in (subject, *known.get(f"<{_SH}property>", ())):
            if node in about and f"<{_SH}message>" in about[node]:
                paths = about[node].get(f"<{_SH}path>", ())
                yield _rule(about, node, classes, tuple(name for path in paths for name in _steps(about, path)))


def _rule(about: About, node: str, classes: tuple[str, ...], properties: tuple[str, ...]) -> ShapeRow:
    message = _text(about, node, f"{_SH}message")
    id_, _, rest = message.partition(" ")
    label = _text(about, node, f"{_RDFS}label")
    severity = next(iter(about[node].get(f"<{_SH}severity>", ())), f"<{_SH}Violation>")
    name = iri_text(severity)[len(_SH) :].lower()
    return ShapeRow(label or id_, name, message if label else rest, classes, properties)


def _steps(about: About, path: str) -> Iterator[str]:
    """Yield the properties in a path, whatever it makes of them."""
    waiting, seen = [path], set[str]()
    while waiting and len(seen) < _MOST_STEPS:
        node = waiting.pop(0)
        if node in seen or node == RDF_NIL or not is_iri(node):
            continue
        seen.add(node)
        if node in about and "/genid/model/" in node:
            waiting += [value for values in about[node].values() for value in values]
        else:
            yield iri_text(node)
