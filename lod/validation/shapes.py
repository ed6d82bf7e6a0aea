"""Shapes: read from shapes/ and from a site's own folder, checked, and made ready to run."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import RDF, RDFS, SH, BNode, Literal, URIRef

from lod import bundled
from lod.errors import ConfigError
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE, Vocabulary, read_table
from lod.report import Severity
from lod.validation.rules.record_index import iri_of_name, prefixed_name
from lod.validation.rules.table import CODE_RULES, RuleText
from lod.validation.rules.whole_store import WHOLE_RULES
from lod.validation.shape_checks import file_faults, reported, shape_name, split_message, whole_faults
from lod.validation.shape_texts import SEVERITIES, made_rules, messages_of

EMAIL_RULES = frozenset({"A05", "A06", "A06w"})
"""Rules to leave out where a site publishes e-mail addresses (setting publish_email_addresses)."""

_IN_CODE: tuple[RuleText, ...] = (*CODE_RULES, *WHOLE_RULES.values())
_NOT_NEEDED = frozenset({SH.message, SH.severity, SH.name, SH.description, RDFS.label, RDFS.comment})
# Terms by which a shape looks at properties that it does not name.
_ANY_PROPERTY = (SH.sparql, SH.closed)


@dataclass(frozen=True, eq=False, repr=False)
class Shapes:
    """Shapes ready to run, with the rules in code.

    Attributes:
        graph: all shapes of all files.
        runnable: the same for engines: nameless shapes named, and without what pySHACL reads and does not need.
        rule_of: the rule of each shape of `runnable`, by its IRI.
        rules: every rule by its id, those in code included.
        fingerprint: SHA-256, in hex, over files, namespace and rules: when it changes, records are to be judged again.
        targeted: prefixed names of the classes that a shape is for.
        predicates: IRIs of the properties that a shape can look at (pySHACL is given no others); None where it may look at any.
        without: ids of rules that are left out.
        qualifiers: the MeSH qualifiers, case-folded.
    """

    graph: rdflib.Graph
    runnable: rdflib.Graph
    rule_of: Mapping[str, str]
    rules: Mapping[str, RuleText]
    fingerprint: str
    vocabulary: Vocabulary
    targeted: frozenset[str]
    predicates: frozenset[str] | None
    without: frozenset[str]
    qualifiers: frozenset[str]

    def name_of(self, iri: str) -> str:
        """Return the prefixed name of a property or class, as `RecordIndex` has it."""
        return prefixed_name(f"<{iri}>", self.vocabulary)

    def iri_of(self, name: str) -> str:
        """Return the IRI of a prefixed name."""
        return iri_of_name(name, self.vocabulary)


def load_shapes(
    places: Sequence[Path] = (bundled.SHAPES,),
    vocabulary: Vocabulary | None = None,
    *,
    without: Collection[str] = (),
) -> Shapes:
    """Return the shapes of all `*.ttl` files in folders, and of files named themselves.

    A file of a later place replaces one of the same name before it.

    IRIs in the default vocabulary namespace follow the namespace of the vocabulary. `without` names rules to leave out.

    Raises:
        ConfigError: with every fault of every file.
    """
    from lod.rdf.vocabulary import load_vocabulary

    vocabulary = vocabulary or load_vocabulary()
    faults: list[str] = []
    texts = _read(_chosen(places, faults), vocabulary.namespace, faults)
    graph, origins = _parse(texts, vocabulary, faults)
    for fault in whole_faults(graph, vocabulary):
        faults.append(f"{_file_of(fault, origins)}{fault}")
    # Without the function of a rule in code: shapes can be pickled.
    rules = {rule.id: RuleText(rule.id, rule.severity, rule.message) for rule in _IN_CODE}
    faults += _add_rules(graph, rules, vocabulary, origins)
    made = made_rules(graph, vocabulary, rules)
    rules.update((rule.id, rule) for rule in made.values())
    faults += [
        f"rule {name!r} is to be left out, and there is no such rule" for name in sorted(set(without) - rules.keys())
    ]
    if not faults:
        faults += _trial(graph)
    if faults:
        raise ConfigError(faults)
    _switch_off(graph, without, made)
    runnable, rule_of = _runnable(graph, made)
    return Shapes(
        graph=graph,
        runnable=runnable,
        rule_of=rule_of,
        rules=rules,
        fingerprint=_fingerprint(texts, vocabulary, without),
        vocabulary=vocabulary,
        targeted=frozenset(vocabulary.compact(str(class_)) for class_ in graph.objects(None, SH.targetClass)),
        predicates=_looked_at(graph),
        without=frozenset(without),
        qualifiers=_qualifiers(),
    )


def _chosen(places: Iterable[Path], faults: list[str]) -> list[Path]:
    """Return the files of shapes in folders, and those that are named themselves."""
    files: dict[str, Path] = {}
    for place in places:
        found = [place] if place.is_file() else sorted(place.glob("*.ttl"))
        if not place.exists():
            faults.append(f"{place}: no such file or folder of shapes")
        files.update((path.name, path) for path in found)
    if not files and not faults:
        faults.append("no shapes at all (*.ttl), so nothing would be judged")
    return [files[name] for name in sorted(files)]


def _read(paths: Iterable[Path], namespace: str, faults: list[str]) -> dict[Path, str]:
    texts: dict[Path, str] = {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as fault:
            faults.append(f"{path}: {fault}")
            continue
        texts[path] = text.replace(DEFAULT_VOCABULARY_NAMESPACE, namespace)
    return texts


def _parse(
    texts: Mapping[Path, str], vocabulary: Vocabulary, faults: list[str]
) -> tuple[rdflib.Graph, dict[str, Path]]:
    """Return one graph of all files, and the file of each shape's name."""
    whole = rdflib.Graph(bind_namespaces="none")
    origins: dict[str, Path] = {}
    for path, text in texts.items():
        graph = rdflib.Graph(bind_namespaces="none")
        try:
            graph.parse(data=text, format="turtle", publicID=vocabulary.namespace)
        except Exception as fault:  # the parser raises many types, one of them with the text only in its __str__
            faults.append(f"{path}: no Turtle: {' '.join(str(fault).split())[:300]}")
            continue
        if not len(graph):
            faults.append(f"{path}: holds no shape")
        faults += [f"{path}: {fault}" for fault in file_faults(graph, vocabulary)]
        for node in set(graph.subjects()):
            origins.setdefault(shape_name(graph, node, vocabulary), path)
        whole += graph
    return whole, origins


def _file_of(fault: str, origins: Mapping[str, Path]) -> str:
    path = origins.get(fault.split(": ")[0])
    return f"{path}: " if path else ""


def _add_rules(
    graph: rdflib.Graph, rules: dict[str, RuleText], vocabulary: Vocabulary, origins: Mapping[str, Path]
) -> list[str]:
    """Add the rules of the shapes to the table, and return what contradicts what is there."""
    faults: list[str] = []
    in_code = set(rules)
    for node in sorted(reported(graph), key=str):
        severity = SEVERITIES.get(graph.value(node, SH.severity), Severity.VIOLATION)  # type: ignore[call-overload]
        for message in messages_of(graph, node):
            id_, text = split_message(message)
            if not id_:
                continue
            name = shape_name(graph, node, vocabulary)
            known = rules.setdefault(id_, RuleText(id_, severity, text))
            if id_ in in_code:
                faults.append(f"{_file_of(name, origins)}{name}: rule {id_} is one in code; choose another id")
            elif known.severity is not severity:
                faults.append(
                    f"{_file_of(name, origins)}{name}: rule {id_} is a {severity} here and a {known.severity} "
                    "elsewhere; a rule has one severity"
                )
    return faults


def _trial(graph: rdflib.Graph) -> list[str]:
    """Run the shapes over nothing: pySHACL then reads each of them."""
    import pyshacl

    try:
        pyshacl.validate(rdflib.Graph(), shacl_graph=graph, advanced=False)
    except Exception as fault:  # whatever it is, these shapes cannot be run
        return [f"the shapes cannot be run: {' '.join(str(fault).split())[:300]}"]
    return []


def _switch_off(graph: rdflib.Graph, without: Collection[str], made: Mapping[rdflib.term.Node, RuleText]) -> None:
    for node, message in list(graph.subject_objects(SH.message)):
        if split_message(message)[0] in without:
            graph.add((node, SH.deactivated, Literal(True)))
    for node, rule in made.items():
        if rule.id in without:
            graph.add((node, SH.deactivated, Literal(True)))


def _runnable(graph: rdflib.Graph, made: Mapping[rdflib.term.Node, RuleText]) -> tuple[rdflib.Graph, dict[str, str]]:
    """Return the shapes as an engine gets them, and the rule of each shape.

    pySHACL compares every property of a shape with each constraint that it knows: messages, severities and labels are left
    out, and `rule_of` gives the rule of a result by the shape that it comes from.
    """
    names = {node: URIRef(f"urn:lod:shape:{number}") for number, node in enumerate(sorted(reported(graph), key=str))}
    names = {node: name for node, name in names.items() if isinstance(node, BNode)}
    runnable = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
    rule_of = {str(names.get(node, node)): rule.id for node, rule in made.items()}
    for subject, predicate, object_ in graph:
        id_ = split_message(object_)[0] if predicate == SH.message else ""
        if id_:
            rule_of[str(names.get(subject, subject))] = id_
        if predicate not in _NOT_NEEDED or (None, SH.sparql, subject) in graph:
            runnable.add((names.get(subject, subject), predicate, names.get(object_, object_)))
    return runnable, rule_of


def _looked_at(graph: rdflib.Graph) -> frozenset[str] | None:
    if any((None, term, None) in graph for term in _ANY_PROPERTY):
        return None
    named = {term for triple in graph for term in triple if isinstance(term, URIRef)}
    return frozenset(str(term) for term in (*named, RDF.type, RDFS.subClassOf))


def _fingerprint(texts: Mapping[Path, str], vocabulary: Vocabulary, without: Collection[str]) -> str:
    parts = [vocabulary.namespace, *sorted(without)]
    parts += [f"{path.name}\n{text}" for path, text in texts.items()]
    parts += [f"{rule.id} {rule.severity} {rule.message}" for rule in _IN_CODE]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# Qualifiers, some of them retired, that older records may carry and that a table of numbers need not have.
_MORE_QUALIFIERS = (
    "anatomy & histology|blood supply|cerebrospinal fluid|congenital|contraindications|ethics|innervation|manpower|nursing|"
    "nutrition|parasitology|radiation effects|radiography|radionuclide imaging|supply & distribution|toxicity|"
    "transplantation|ultrasonography|utilization|veterinary"
)


def _qualifiers() -> frozenset[str]:
    table = bundled.VOCAB / "maps" / "mesh_qualifiers.csv"
    if not table.is_file():
        return frozenset()
    rows = read_table(table, ("qualifier",))
    return frozenset((*_MORE_QUALIFIERS.split("|"), *(row["qualifier"].casefold() for row in rows)))
