"""DSpace's own metadata-rdf-mapping.ttl: which statement its RDF module makes of each field.

Vocabulary: http://digital-repositories.org/ontologies/dspace-metadata-mapping/0.2.0#.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lod.errors import ConfigError

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

NAMESPACE = "http://digital-repositories.org/ontologies/dspace-metadata-mapping/"
_VERSIONS = ("0.2.0#", "0.1.0#")
VALUE = "$DSpaceValue"
_JAVA_GROUP = re.compile(r"\(\?<(?=[A-Za-z])")  # a group with a name, which Python writes (?P<name>


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that the mapping makes of a field.

    Attributes:
        name: of the mapping, as the file has it.
        field: the field it takes, "" where the mapping names none.
        condition: a regular expression that the whole value has to match, "" for none.
        property: IRI of the property, "" where none is given.
        about_item: the subject is the item itself.
        form: "value", "literal" or "resource"; "other" for a fixed object.
        pattern: the text that is made; $DSpaceValue is replaced by the value.
        datatype, language: of the literal, "" for none.
        tagged: the literal has the language of the value.
        modified: the value is changed by regular expressions first.
    """

    name: str
    field: str
    condition: str
    property: str
    about_item: bool
    form: str
    pattern: str = VALUE
    datatype: str = ""
    language: str = ""
    tagged: bool = False
    modified: bool = False


def read_mapping(path: Path) -> list[Statement]:
    """Return the statements of a mapping file in Turtle, by the names of the mappings.

    Raises:
        ConfigError: the file cannot be read, is no Turtle, or maps nothing.
    """
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=path.read_text(encoding="utf-8-sig"), format="turtle", publicID="urn:mapping:")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: {fault}") from None
    except Exception as fault:  # rdflib's parsers raise many kinds
        raise ConfigError(f"{path}: no Turtle ({' '.join(str(fault).split())[:200]})") from None
    statements = sorted(_statements(graph), key=lambda statement: (statement.name, statement.property))
    if not statements:
        raise ConfigError(
            f"{path}: it maps nothing; expected is DSpace's metadata-rdf-mapping.ttl, whose mappings have dm:metadataName "
            "and dm:creates"
        )
    return statements


def _statements(graph: Graph) -> Iterator[Statement]:
    from rdflib import RDF, URIRef

    for version in _VERSIONS:
        dm = {name: URIRef(f"{NAMESPACE}{version}{name}") for name in _TERMS}

        def text(node: Node | None, name: str, dm: dict[str, URIRef] = dm) -> str:
            return str(graph.value(node, dm[name]) or "")

        for mapping, result in graph.subject_objects(dm["creates"]):
            object_ = graph.value(result, dm["object"])
            generator = graph.value(object_, RDF.type)
            forms = {dm["LiteralGenerator"]: "literal", dm["ResourceGenerator"]: "resource"}
            form = "value" if object_ == dm["DSpaceValue"] else forms.get(generator, "other")  # type: ignore[call-overload]
            for field in graph.objects(mapping, dm["metadataName"]):
                yield Statement(
                    name=str(mapping).removeprefix("urn:mapping:").lstrip("#"),
                    field=str(field),
                    condition=_JAVA_GROUP.sub("(?P<", text(mapping, "condition")),
                    property=text(result, "predicate"),
                    about_item=graph.value(result, dm["subject"]) == dm["DSpaceObjectIRI"],
                    form=form,
                    pattern=text(object_, "pattern") or VALUE,
                    datatype=text(object_, "literalType"),
                    language=text(object_, "literalLanguage"),
                    tagged=text(object_, "dspaceLanguageTag").lower() in {"true", "1"},
                    modified=graph.value(object_, dm["modifier"]) is not None,
                )


_TERMS = (
    "DSpaceObjectIRI",
    "DSpaceValue",
    "LiteralGenerator",
    "ResourceGenerator",
    "condition",
    "creates",
    "dspaceLanguageTag",
    "literalLanguage",
    "literalType",
    "metadataName",
    "modifier",
    "object",
    "pattern",
    "predicate",
    "subject",
)
