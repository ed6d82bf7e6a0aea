"""Examples of rules: each is mapped, and its promised claim is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lod.errors import BadValueError
from lod.mapping.crosswalk import Crosswalk, Rule
from lod.mapping.record.apply import map_record
from lod.rdf.claims import iri, literal, split_claim
from lod.rdf.vocabulary import Vocabulary
from lod.record import Record, Value
from lod.report import Fate

HANDLE = "10722/1"
MOMENT = "2100-01-01T00:00:00Z"
_OBJECT = re.compile(
    r'"(?P<text>.*)"(?:@(?P<tag>[\w-]+)|\^\^(?P<type>[^\s"]+))?|<(?P<iri>[^>]*)>|(?P<name>[^\s:]++:\S+)', re.DOTALL
)


def example_faults(crosswalk: Crosswalk) -> Iterator[str]:
    """Yield a fault for each rule whose example does not give what it promises."""
    # Examples are run with the usual settings, whatever the site has chosen.
    usual = replace(crosswalk.settings, mirrors=True, publish_email_addresses=False, publish_journal_metrics=False)
    crosswalk = replace(crosswalk, settings=usual)
    for rule in crosswalk.rules:
        if rule.example is not None:
            fault = _fault(rule, crosswalk)
            if fault:
                yield f"{rule.label} ({rule.fields[0]}): {fault}"


def _fault(rule: Rule, crosswalk: Crosswalk) -> str:
    example = rule.example
    assert example is not None  # noqa: S101 - the caller asks only for rules with an example
    field = rule.fields[0].replace("*", "2010")
    others = [Value(name, text) for name, text in example.others]
    # The handle of the example record is the last value, so that a rule for handles sees its own value first.
    values = (
        Value(field, example.text, example.language),
        *others,
        Value("dc.identifier.uri", f"http://hdl.handle.net/{HANDLE}"),
    )
    taken = crosswalk.rule_for(field, example.text)
    if taken is not rule and taken is not None and taken.label.split(",")[0] != rule.label.split(",")[0]:
        return ""  # a site's own rule replaces this rule
    if taken is not rule:
        return f"its example is taken by {taken.label if taken else 'no rule'}; put the rule first or change its 'when'"
    mapped = map_record(Record("example", rule.label, values), crosswalk, MOMENT)
    fate = mapped.fates[0]
    if example.out in {Fate.KEPT, Fate.WITHHELD}:
        return "" if fate.fate == example.out else f"its example gives the fate {fate.fate.value}, not {example.out}"
    try:
        wanted = _predicate_object(example.out, crosswalk)
    except (BadValueError, KeyError, ValueError) as fault:
        return (
            f"'out' of its example cannot be read ({fault}); write property and object, such as dcterms:title \"A\"@en"
        )
    if any(split_claim(line)[1:] == wanted for line in mapped.claims):
        return ""
    made = (
        ", ".join(_shown(line, crosswalk.vocabulary) for line in fate.claims)
        or f"nothing ({fate.fate.value}: {fate.why})"
    )
    return f"its example does not give {example.out}; it gives {made}"


def _predicate_object(text: str, crosswalk: Crosswalk) -> tuple[str, str]:
    predicate, _, rest = text.partition(" ")
    match = _OBJECT.fullmatch(rest.strip())
    if match is None:
        raise ValueError(rest)
    expand = crosswalk.vocabulary.expand
    if match["text"] is not None:
        type_ = match["type"] or ""
        datatype = type_[1:-1] if type_.startswith("<") else expand(type_) if type_ else None
        return iri(expand(predicate)), literal(match["text"], language=match["tag"], datatype=datatype)
    if match["name"]:
        return iri(expand(predicate)), iri(expand(match["name"]))
    target = match["iri"]
    return iri(expand(predicate)), iri(target if ":" in target else crosswalk.settings.base_iri + target)


def _shown(line: str, vocabulary: Vocabulary) -> str:
    _, predicate, object_ = split_claim(line)
    return f"{vocabulary.compact(predicate[1:-1])} {object_}"
