"""Shapes that use each constraint, path and target of SHACL Core, and records with values of every sort to try them on."""

from __future__ import annotations

from random import Random

from lod.mapping.mapped import Mapped
from tests.helpers.shape_cases import record_of

NS = "https://w3id.org/lod-repository/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rt: <https://w3id.org/lod-repository/> . "
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
_SAID = 'sh:severity sh:Warning ; sh:message "X01 Wrong. Mend it."'


def on_p(constraints: str, more: str = "") -> str:
    """Return a shape for instances of rt:T with a property shape for rt:p."""
    return _shape(f"sh:targetClass rt:T ; sh:property [ sh:path rt:p ; {constraints} ; {_SAID} ] ", more)


def on_path(path: str, constraints: str = "sh:minCount 2 ; sh:maxCount 2 ; sh:nodeKind sh:Literal") -> str:
    """Return the same for another path."""
    return _shape(f"sh:targetClass rt:T ; sh:property [ sh:path {path} ; {constraints} ; {_SAID} ] ")


def at_node(constraints: str, target: str = "sh:targetClass rt:T", more: str = "") -> str:
    """Return a node shape with a target."""
    return _shape(f"{target} ; {constraints} ; {_SAID}", more)


def _shape(said: str, more: str = "") -> str:
    return f"{HEAD}rt:Own a sh:NodeShape ; {said} .\n{more}"


_SHORT = "rt:Short a sh:NodeShape ; sh:property [ sh:path rt:p ; sh:maxCount 1 ; sh:severity sh:Info ; sh:message 'X02 Long.' ] ."
_DATATYPES = (
    *(
        "string",
        "integer",
        "int",
        "nonNegativeInteger",
        "decimal",
        "double",
        "float",
        "boolean",
        "date",
        "time",
        "dateTime",
    ),
    *(
        "gYear",
        "gYearMonth",
        "anyURI",
        "hexBinary",
        "base64Binary",
        "token",
        "normalizedString",
        "duration",
        "language",
    ),
)
_BOUNDS = ('5', '"5.0"^^xsd:double', '"m"', '"2010-05-01"^^xsd:date', '"2010-05-01T00:00:00Z"^^xsd:dateTime', '"2010"^^xsd:gYear')  # fmt: skip
_PLACES = {
    "predicate": "rt:p",
    "inverse": "[ sh:inversePath rt:q ]",
    "sequence": "( rt:q rt:p )",
    "longer sequence": "( rt:q rt:q rt:p )",
    "alternative": "[ sh:alternativePath ( rt:p rt:q ) ]",
    "zero or more": "[ sh:zeroOrMorePath rt:q ]",
    "one or more": "[ sh:oneOrMorePath rt:q ]",
    "zero or one": "[ sh:zeroOrOnePath rt:q ]",
    "sequence after repetition": "( [ sh:zeroOrMorePath rt:q ] rt:p )",
    "repetition of an alternative": "[ sh:oneOrMorePath [ sh:alternativePath ( rt:q rt:r ) ] ]",
    "repetition of a sequence": "[ sh:zeroOrMorePath ( rt:q rt:q ) ]",
    "inverse of an alternative": "[ sh:inversePath [ sh:alternativePath ( rt:q rt:r ) ] ]",
    "inverse of a repetition": "[ sh:inversePath [ sh:oneOrMorePath rt:q ] ]",
    "inverse of an inverse": "[ sh:inversePath [ sh:inversePath rt:p ] ]",
    "alternative of an inverse": "[ sh:alternativePath ( [ sh:inversePath rt:q ] rt:p ) ]",
    "back and forth": "( [ sh:inversePath rt:q ] rt:q )",
    "types": "rdf:type",
}
_EN = "[ sh:languageIn ( 'en' ) ]"
_NUMBER = "[ sh:datatype xsd:integer ]"

CORE: dict[str, str] = {
    **{f"datatype {name}": on_p(f"sh:datatype xsd:{name}") for name in _DATATYPES},
    "datatype rdf:langString": on_p("sh:datatype rdf:langString"),
    "datatype rdfs:Literal": on_p("sh:datatype rdfs:Literal"),
    "datatype of one's own": on_p("sh:datatype rt:own"),
    **{
        f"nodeKind {kind}": on_p(f"sh:nodeKind sh:{kind}")
        for kind in ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
    },
    "class": on_p("sh:class rt:U"),
    "two classes": on_p("sh:class rt:U , rt:T"),
    "class of the node": at_node("sh:class rt:U"),
    **{
        f"{name} {bound}": on_p(f"sh:{name} {bound}")
        for name in ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
        for bound in _BOUNDS
    },
    "two bounds": on_p("sh:minInclusive 1 , 5 ; sh:maxExclusive 9"),
    "minCount": on_p("sh:minCount 1"),
    "minCount 0": on_p("sh:minCount 0 ; sh:maxCount 1"),
    "minCount 3": on_p("sh:minCount 3"),
    "maxCount 0": on_p("sh:maxCount 0"),
    "maxCount 2": on_p("sh:maxCount 2"),
    "pattern": on_p("sh:pattern '^[a-m]'"),
    "two patterns": on_p("sh:pattern 'a' , 'b'"),
    "pattern with flags": on_p("sh:pattern '^A' ; sh:flags 'im'"),
    "pattern of the node": at_node("sh:pattern '[24]$'"),
    "minLength": on_p("sh:minLength 3"),
    "minLength 0": on_p("sh:minLength 0"),
    "maxLength": on_p("sh:maxLength 3"),
    "languageIn": on_p("sh:languageIn ( 'en' 'zh-Hant' )"),
    "languageIn any": on_p("sh:languageIn ( '*' )"),
    "uniqueLang": on_p("sh:uniqueLang true"),
    "uniqueLang false": on_p("sh:uniqueLang false ; sh:maxCount 1"),
    "equals": on_p("sh:equals rt:q"),
    "equals at the node": at_node("sh:equals rt:q"),
    "disjoint": on_p("sh:disjoint rt:q"),
    "disjoint at the node": at_node("sh:disjoint rt:q"),
    "lessThan": on_p("sh:lessThan rt:r"),
    "lessThanOrEquals": on_p("sh:lessThanOrEquals rt:r"),
    "two pairs": on_p("sh:lessThan rt:q ; sh:equals rt:r , rt:q"),
    "hasValue text": on_p("sh:hasValue 'b'"),
    "hasValue tagged": on_p("sh:hasValue 'b'@EN"),
    "hasValue number": on_p("sh:hasValue 5"),
    "hasValue IRI": on_p("sh:hasValue <https://example.org/n2>"),
    "hasValue of the node": at_node("sh:hasValue <https://example.org/n2>"),
    "two values": on_p("sh:hasValue 'b' , <https://example.org/n2>"),
    "in": on_p("sh:in ( 'b' 'b'@en-gb 5 <https://example.org/n2> true )"),
    "in, of the node": at_node("sh:in ( <https://example.org/n1> <https://example.org/n2> )"),
    "in nothing": on_p("sh:in ()"),
    "closed": at_node("sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property rt:P", more=f"rt:P sh:path rt:p ; sh:maxCount 3 ; {_SAID} ."),
    "closed to all": at_node("sh:closed true"),
    "not closed": at_node("sh:closed false ; sh:class rt:U"),
    "not": on_p(f"sh:not {_NUMBER}"),
    "not at the node": at_node("sh:not [ sh:property [ sh:path rt:q ; sh:minCount 1 ] ]"),
    "and": on_p(f"sh:and ( {_NUMBER} [ sh:minInclusive 5 ] )"),
    "or": on_p(f"sh:or ( {_NUMBER} {_EN} )"),
    "or of paths": at_node("sh:or ( [ sh:path rt:p ; sh:minCount 1 ] [ sh:path rt:q ; sh:maxCount 1 ] )"),
    "xone": on_p(f"sh:xone ( {_NUMBER} [ sh:minInclusive 5 ] {_EN} )"),
    "xone of one twice": on_p("sh:xone ( rt:Number rt:Number )", more="rt:Number a sh:NodeShape ; sh:datatype xsd:integer ."),
    "node": on_p("sh:node rt:Short", more=_SHORT),
    "node of the node": at_node("sh:node rt:Short", more=_SHORT),
    "property in a property": on_p(f"sh:property [ sh:path rt:p ; sh:minCount 1 ; {_SAID} ]"),
    "node with own constraints and properties": at_node(
        f"sh:class rt:U ; sh:property [ sh:path rt:p ; sh:minCount 1 ; {_SAID} ; sh:property [ sh:path rt:q ; sh:maxCount 0 ; {_SAID} ] ]"
    ),
    "qualifiedMinCount": on_p(f"sh:qualifiedValueShape {_NUMBER} ; sh:qualifiedMinCount 1"),
    "qualifiedMaxCount": on_p(f"sh:qualifiedValueShape {_EN} ; sh:qualifiedMaxCount 1"),
    "two qualified shapes": on_p(f"sh:qualifiedValueShape {_NUMBER} , {_EN} ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2"),
    "qualified shapes apart": _shape(
        "sh:targetClass rt:T ; sh:property "
        f"[ sh:path rt:p ; sh:qualifiedValueShape {_NUMBER} ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ; {_SAID} ] , "
        f"[ sh:path rt:p ; sh:qualifiedValueShape [ sh:minInclusive 5 ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ; {_SAID} ] "
    ),
    "switched off": on_p("sh:minCount 1 ; sh:deactivated true", more=f"rt:Other a sh:NodeShape ; sh:targetClass rt:U ; sh:class rt:T ; {_SAID} ."),
    "not of what is switched off": on_p("sh:not [ sh:datatype xsd:integer ; sh:deactivated true ]"),
    **{f"path: {name}": on_path(path) for name, path in _PLACES.items()},
    **{
        f"path: {name}, each": on_path(path, "sh:nodeKind sh:Literal ; sh:minCount 1")
        for name, path in _PLACES.items()
    },
    "pair at the end of a path": on_path("( rt:q rt:p )", "sh:equals rt:p ; sh:uniqueLang true"),
    "target: node": at_node("sh:class rt:U", "sh:targetNode <https://example.org/n1> , <https://example.org/away>"),
    "target: texts": at_node("sh:datatype xsd:string", "sh:targetNode 'text' , 'text'@EN , 5"),
    "target: a text that records have": on_path("[ sh:inversePath rt:p ]", "sh:minCount 1").replace("sh:targetClass rt:T", "sh:targetNode 'b' , 'b'@EN"),
    "target: subjects": at_node("sh:class rt:U", "sh:targetSubjectsOf rt:q"),
    "target: objects": at_node("sh:nodeKind sh:Literal", "sh:targetObjectsOf rt:p , rt:r"),
    "target: several": at_node(
        "sh:class rt:U ; sh:nodeKind sh:Literal", "sh:targetClass rt:T ; sh:targetSubjectsOf rt:p ; sh:targetObjectsOf rt:q"
    ),
    "target: the class itself": f"{HEAD}rt:T a sh:NodeShape , rdfs:Class ; sh:class rt:U ; {_SAID} .",
    "target: of a property shape": f"{HEAD}rt:Own a sh:PropertyShape ; sh:targetClass rt:T ; sh:path rt:p ; sh:maxCount 1 ; {_SAID} .",
    "target: superclass": at_node("sh:class rt:V", "sh:targetClass rt:Upper"),
    "two shapes of one rule": on_p("sh:maxCount 1") + on_p("sh:datatype xsd:integer").replace(HEAD, "").replace("rt:Own", "rt:Other"),
}  # fmt: skip
"""Shapes by what they try."""

LEFT: dict[str, tuple[str, str]] = {
    "SPARQL": (
        at_node("sh:sparql [ sh:message 'X01 Wrong. Mend it.' ; sh:select 'SELECT $this ?value WHERE { $this <https://w3id.org/lod-repository/p> ?value }' ]"),
        "sh:sparql",
    ),
    "a shape that refers to itself": (
        at_node("sh:property rt:Next", more=f"rt:Next sh:path rt:q ; sh:node rt:Own ; {_SAID} ."),
        "a shape that refers to itself",
    ),
    "an inverted sequence": (on_path("[ sh:inversePath ( rt:q rt:q ) ]"), "sh:inversePath of a sequence"),
    "eleven steps": (on_path(f"( {'rt:q ' * 11})"), "sh:path of more than ten steps"),
    "sixteen shapes deep": (
        at_node("sh:not " + "[ sh:not " * 15 + "[ sh:class rt:U ]" + " ]" * 15),
        "shapes within shapes, more than 14 deep",
    ),
    "a blank node as target": (at_node("sh:nodeKind sh:IRI", "sh:targetNode [ rdfs:label 'x' ]"), "a blank node as target"),
    "a token as target": (at_node("sh:nodeKind sh:IRI", "sh:targetNode 'x'^^xsd:token"), f"a target of the type {XSD}token"),
    "two datatypes": (on_p("sh:datatype xsd:integer , xsd:string"), "sh:datatype twice"),
    "a number as pattern": (on_p("sh:pattern 1"), "sh:pattern is no text"),
    "minCount at a node": (at_node("sh:minCount 1"), "sh:minCount at a node shape"),
    "a count below zero": (on_p("sh:maxCount -1"), "sh:maxCount is negative"),
}  # fmt: skip
"""Shapes that cannot be compiled, with what is said of them."""

_VALUES = (
    *('"b"', '""', '"z"', '"abc"', '"A long text"', '"two\\nlines"', '"\\u0062"', '"5"', '"m"'),
    *('"b"@en', '"c"@en', '"d"@EN', '"b"@EN', '"b"@en-GB', '"c"@en-gb', '"b"@zh-Hant', '"b"@zh-Hant-HK', '"z"@de'),
    *(
        f'"{text}"^^<{XSD}{datatype}>'
        for texts, datatypes in (
            ("5 05 -1 1.5 9 x", "integer int nonNegativeInteger decimal double float gYear"),
            ("NaN INF 1e3", "double float"),
            ("true 1 TRUE ja", "boolean"),
            ("2010-05-01 2010-05-01Z 2010-13-01 2009-01-01", "date"),
            ("2010-05-01T00:00:00Z 2010-05-01T00:00:00 2010-05-01T02:00:00+02:00 yesterday", "dateTime"),
            ("12:00:00 12:00:00Z 25:00:00", "time"),
            ("2010 2010-05 20", "gYear gYearMonth"),
            ("b http://example.org/ a%20b", "anyURI string token language"),
            ("0aFf 0aF Zg==", "hexBinary base64Binary"),
            ("P1Y P1D 1D", "duration"),
        )
        for datatype in datatypes.split()
        for text in texts.split()
    ),
    *(f'" b  c "^^<{XSD}{datatype}>' for datatype in ("token", "normalizedString", "string")),
    *(f'"b"^^<{RDF}{datatype}>' for datatype in ("langString", "HTML", "XMLLiteral")),
    f'"b"^^<{NS}own>',
    "<https://example.org/n1>",
    "<https://example.org/n2>",
    "<https://example.org/n3>",
    "<https://example.org/away>",
)  # fmt: skip
_NODES = [f"<https://example.org/n{number}>" for number in range(1, 5)]
_CLASSES = [f"<{NS}{name}>" for name in ("T", "U", "V", "Lower")]


def odd_records(number: int, seed: int = 7) -> list[Mapped]:
    """Return small records of four resources that point at each other, in circles too, with values of every sort."""
    random = Random(seed)
    return [record_of(_claims(random), f"1/{at}") for at in range(number)]


def _claims(random: Random) -> list[str]:
    lines = []
    # Some from the texts alone, so that their tags meet each other, some from numbers and resources.
    values = random.sample(random.choice((_VALUES, _VALUES[9:18], (*_VALUES[18:26], *_VALUES[-4:]))), 6)
    for node in _NODES:
        lines += [f"{node} <{RDF}type> {class_} ." for class_ in random.sample(_CLASSES, random.choice((0, 1, 1, 2)))]
        for name, most in (("p", 5), ("r", 2)):
            lines += [f"{node} <{NS}{name}> {value} ." for value in random.choices(values, k=random.randint(0, most))]
        targets = random.choices((*_NODES, "<https://example.org/away>", '"b"'), k=random.randint(0, 3))
        lines += [f"{node} <{NS}q> {target} ." for target in targets]
    if random.random() < 0.3:
        lines += [
            f"{_CLASSES[3]} <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{NS}{above}> ."
            for above in random.sample(("T", "Upper", "U", "Lower"), 2)
        ]
    return sorted(set(lines))
